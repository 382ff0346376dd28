"""The territories and bodies that an article names: what its bare 党工委 and 区委 can be of."""

import re

from index.language.terms import tag_words
from index.offices.units import LEAD_IN, TERRITORY_LEVELS
from index.records import Article

MAX_NAMED = 40
"""Places kept of an article; what it is about stands at its beginning."""
_OWNERS = (("街道", "地区", "镇", "乡"), ("社区",), ("村",))
_STREET_BODIES = re.compile(r"党工委|工委|街道|办事处")
_NAME_TAGS = ("n", "f", "j", "m", "a", "z", "q", "b", "s")


def named_territories(article: Article) -> tuple[str, ...]:
    """Return the places that title, newspaper and text name, districts with their 区 or without it, in order, each once."""
    names: dict[str, None] = {}
    before = ("", "")
    for word, tag in tag_words("\n".join((article.title or "", article.newspaper or "", article.text))):
        if tag in ("ns", "nt") and len(word) > 1:
            names[word] = None
        elif word in ("区", "县", "市") and before[1] in ("ns", "nz", "nr") and len(before[0]) > 1:
            names[before[0] + word] = None
        before = (word, tag)
    return tuple(names)[:MAX_NAMED]


def named_bodies(text: str, end: int, unit: str) -> str | None:
    """Return a bare unit with the one street, town or village that the text names before it; None where it names none, or several.

    Args:
        end: what stands behind it in the text is not looked at.
    """
    kinds = _kinds_of(unit)
    if kinds is None:
        return None
    owners = {name for kind in kinds for name in _named(text[:end], kind)}
    shortest = {name for name in owners if not any(name != other and name.endswith(other) for other in owners)}
    if len(shortest) != 1:
        return None
    (owner,) = shortest
    body = re.sub(r"^(?:街道(?:办事处|办)?|办事处|社区|镇|乡|村(?=委|$))", "", unit)
    return owner + ("党工委" if body == "工委" else body)


def _kinds_of(unit: str) -> tuple[str, ...] | None:
    if unit.startswith(("镇", "乡")):
        return (unit[0],)
    if unit.startswith("社区"):
        return ("社区",)
    if unit.startswith("村"):
        return ("村",)
    return _OWNERS[0][:2] if _STREET_BODIES.match(unit) else None


def _named(text: str, kind: str) -> list[str]:
    """The names in a text that end in a kind: 青石街道."""
    found = []
    for match in re.finditer(kind, text):
        lead = re.search(r"[\u4e00-\u9fff]{1,8}$", text[: match.start()])
        if not lead:
            continue
        name = ""
        for word, tag in reversed(tag_words(lead[0])):
            if not tag.startswith(_NAME_TAGS) or word in ("各", "本", "全", "该") or len(name) + len(word) > 6:
                break
            if word[-1] in TERRITORY_LEVELS and len(word) > 2 and name:
                break
            name = word + name
        name = name[max((lead_in.end() for lead_in in LEAD_IN.finditer(name)), default=0) :]
        if len(name) > 1:
            found.append(name + kind)
    return found
