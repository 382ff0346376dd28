"""What an extractor does to the characters of a line."""

from random import Random

_HALF = str.maketrans("，；：？！（）％", ",;:?!()%")
_ZERO_WIDTH = "\u200b\u200c\u200d\ufeff\u2060"
_MISREAD = ("", "", "□", " ", "口")
_KERNED_SHARES = (0.08, 0.2, 0.5)
"""Share of the places between two characters that get a space, in a line that is kerned: a few, or every other."""


def half_width(text: str) -> str:
    """Write the marks that Western fonts have at half their width; 。 and 、 stay, as on real pages."""
    return text.translate(_HALF)


def kerned(text: str, rng: Random, share: float | None = None) -> str:
    """Put spaces between characters where the setter spread a line."""
    rate = share if share is not None else rng.choice(_KERNED_SHARES)
    made = text[:1]
    for character in text[1:]:
        made += (" " if character != " " and made[-1] != " " and rng.random() < rate else "") + character
    return made


def spread(text: str) -> str:
    """Put a space between all characters of a short headline: 丰 台 区."""
    return " ".join(c for c in text if c != " ")


def with_gaps(text: str, rng: Random) -> str:
    """Lose or misread a character in about 250."""
    if len(text) < 4:
        return text
    return "".join(rng.choice(_MISREAD) if c.isalpha() and rng.random() < 0.004 else c for c in text)


def without_last_mark(text: str, rng: Random) -> str:
    """Lose the comma or full stop that hangs over the column's edge."""
    return text[:-1] if len(text) > 3 and text[-1] in "，。、；" and rng.random() < 0.35 else text


def with_zero_width(text: str, rng: Random) -> str:
    """Leave characters of no width between some others."""
    return "".join(c + (rng.choice(_ZERO_WIDTH) if rng.random() < 0.02 else "") for c in text)


def doubled(text: str, rng: Random) -> str:
    """Print a headline with an outline: all of it twice, or piece by piece."""
    if rng.random() < 0.75 or len(text) < 8:
        return text + text
    cut = rng.randint(3, len(text) - 3)
    pieces = [text[:cut], text[cut:]]
    if len(pieces[1]) > 8 and rng.random() < 0.5:
        pieces[1:] = [pieces[1][:4], pieces[1][4:]]
    return "".join(p + p for p in pieces)
