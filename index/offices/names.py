"""Where a person's name ends that stands behind an office, or begins that stands in front of a verb."""

import re
from collections.abc import Callable
from functools import cache

from index.language.person_names import is_person_name
from index.language.terms import Lexicon, tag_words
from index.language.vocabulary import OFFICE, class_of, surname_of, surnames

_ENDS = re.compile(r"$|[\s，、。；：！？,;:!?（()）“”\"《》…—\-\d]")
"""A name certainly ends in front of these."""
_ACTS = re.compile(
    r"介绍|表示|指出|强调|告诉|宣布|宣读|主持|出席|参加|参与|讲话|致辞|致欢迎|发言|带队|带领|带头|率领|率队|会见|调研|检查|走访|慰问|看望|"
    r"主讲|陪同|一行|一同|先后|分别|同志|先生|女士|代表|认为|透露|称赞|坦言|回忆|解释|说明|提出|要求|作了|公布|通报|汇报|总结|部署|听取|"
    r"点评|传达|签署|签约|揭牌|授牌|共同|受邀|应邀|致词|现场|深入|前往|来到|赴|回应|补充|呼吁|希望|感慨|受访|接受|为大家|围绕|针对|"
    r"担任|兼任|当选|任职|涉嫌|接任|出任|进行|做了|以及|还|也|则|均|曾|正|已|便|又|再|都"
)
"""What somebody of an office does in a newspaper: behind a name."""
_PARTICLES = "说到在率带作任等与和向就对为从将于以给让把被称做及赴携"
_NEVER_IN_NAMES = "说到在就从将给让把被的了称"
_STREETS = "路街巷"
_NEXT_OFFICE = re.compile(rf"[，、和][^，。；、]{{0,14}}?(?:{OFFICE})")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_TAKES_OFFICE = re.compile(rf"任[^，。；、]{{0,10}}?(?:{OFFICE})")
"""任组长 behind an office is no name."""
_NO_FAMILY = ("c", "p", "u", "d", "v", "r", "m", "q", "y")


@cache
def _rare_families() -> str:
    """The rare family names that are no words of grammar: 初, and not 和 or 有."""
    return class_of(name for name in surnames("rare") if not tag_words(name)[0][1].startswith(_NO_FAMILY))


def name_after(
    text: str, start: int, lexicon: Lexicon, known: frozenset[str], repeated: Callable[[str], bool]
) -> str | None:
    """Return the name that begins at `start`; None where none does, or where it is not certain how long it is.

    Args:
        known: names that the same article has in certain places.
        repeated: whether the article has a text twice or more, its title included.
    """
    for listed_start, listed_end in lexicon.find_listed_persons(text[start : start + 8]):
        if listed_start == 0:
            return text[start : start + listed_end]
    if _TAKES_OFFICE.match(text, start):
        return None
    surname = surname_of(text[start : start + 4])
    if not surname and text[start : start + 1] in _rare_families():
        return _rare_name(text, start, lexicon)
    if not surname or not _HAN.match(text, start):
        return None
    names = [text[start : start + len(surname) + given] for given in (2, 1)]
    graded = {
        name: _strength(text, start + len(name))
        for name in names
        if _HAN.fullmatch(name) and not (len(name) > len(surname) + 1 and name[-1] in _NEVER_IN_NAMES)
    }
    chosen = _choose(graded, known)
    if chosen is None:
        return None
    end = start + len(chosen)
    if chosen[-1] in _STREETS and text[end : end + 1].isdigit():
        return None  # 区|长安南路12号
    is_repeated = len(chosen) > 2 and repeated(chosen)
    is_certain = (
        chosen in known
        or is_repeated
        or _ACTS.match(text, end) is not None
        or _NEXT_OFFICE.match(text, end) is not None
    )
    if is_certain and lexicon.is_listed(chosen) and tag_words(chosen)[0][1][0] not in "na":
        is_certain = False
    # A verb or an adverb behind an office is no name, however the clause goes on: 区长任命, 书记时时.
    return chosen if is_person_name(chosen, lexicon, text[start - 1 : start], is_certain_place=is_certain) else None


def _rare_name(text: str, start: int, lexicon: Lexicon) -> str | None:
    """A name of three characters with a rare family name: its end must be certain, and no word may begin it."""
    name = text[start : start + 3]
    if not _HAN.fullmatch(name) or len(name) < 3 or lexicon.is_listed(name) or lexicon.is_listed(name[:2]):
        return None
    return name if _strength(text, start + 3) else None


def _choose(graded: dict[str, int], known: frozenset[str]) -> str | None:
    """The name with the most certain end; None where two are alike, or none has one."""
    if seen := [name for name in graded if name in known]:
        return seen[0]
    ends = {name: strength for name, strength in graded.items() if strength}
    if len(ends) < 2:
        return next(iter(ends), None)
    longer, shorter = sorted(ends, key=len, reverse=True)
    if longer[-1] in _PARTICLES:
        return None  # 李向和参加: 李向 and somebody, or 李向和
    return None if ends[longer] == ends[shorter] else max(ends, key=ends.__getitem__)


def _strength(text: str, end: int) -> int:
    """How certainly a name ends here: 3 a mark, 2 what officials do, 1 a particle, 0 nothing tells."""
    if _ENDS.match(text, end):
        return 3
    if _ACTS.match(text, end):
        return 2
    return 1 if text[end] in _PARTICLES else 0


def name_before(text: str, end: int, lexicon: Lexicon) -> tuple[int, str] | None:
    """Return (start, name) of the name that ends at `end` and begins its clause or follows a mark or 由, 任命, 选举."""
    for length in (2, 3, 4):
        start = end - length
        if start < 0 or not _HAN.fullmatch(text[start:end]):
            break
        lead = text[max(0, start - 4) : start]
        if not _BEGINS.search(lead):
            continue
        name = text[start:end]
        if surname_of(name) and len(name) <= len(surname_of(name)) + 2 and is_person_name(name, lexicon, lead[-1:]):
            return start, name
    return None


_BEGINS = re.compile(r"(?:^|[\s，、。；：！？,;:）)”]|由|任命|免去|选举|补选|推选|聘任|增选|决定)$")
