"""One form for what is printed in several: script, width, case. The only importer of opencc."""

import re
import unicodedata
from functools import cache
from typing import Any

from index.language.memo import memoise_text

_SPACED_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\u3000]+(?=[\u4e00-\u9fff\d])|(?<=\d)[ \t]+(?=[\u4e00-\u9fff])")


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")


@cache  # one for the process: its tables are files of the package and never change
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return a text with traditional characters made simplified, for matching and embedding only; what is shown stays as printed."""
    return str(_converter().convert(text))


@cache  # as above
def _back_converter() -> Any:
    import opencc

    return opencc.OpenCC("s2tw")


def traditionalise(text: str) -> str:
    """Return a text with simplified characters made traditional, for the service's own words and never for a quote.

    As written in Taiwan, whose 為, 裡 and 群 Hong Kong reads as well; words stay those of the mainland.
    """
    return str(_back_converter().convert(text))


def is_traditional(text: str) -> bool:
    """Whether a text is written in traditional characters: it has more that only they have than simplified ones."""
    traditional = _differing(text, simplify(text))
    return traditional > 0 and traditional > _differing(text, traditionalise(text))


@memoise_text
def normalise(text: str) -> str:
    """Fold what a reader takes for the same: width, script, case, compatibility forms, spaces between Han characters.

    For matching only: lengths change, so no offset survives it.
    """
    folded = simplify(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).casefold()
    folded = folded.replace("pm_{2.5}", "pm2.5").replace("pm_{10}", "pm10")
    return _SPACED_HAN.sub("", folded)


def _differing(left: str, right: str) -> int:
    return sum(one != other for one, other in zip(left, right, strict=False))
