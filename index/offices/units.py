"""What stands in front of an office: the unit that it is an office of, where it begins, and in one form."""

import re
from functools import cache
from typing import Literal

from index.language.terms import is_listed, tag_words
from index.language.vocabulary import divisions, surname_of

TERRITORY_LEVELS = "".join(sorted(name for name in divisions("government") if len(name) == 1))
"""区, 县, 市 …: the last character of what has a government, and the first of its bodies: 区委, 市政府."""
_LEVEL = f"[{TERRITORY_LEVELS}]"
_BODY = r"委(?!托|屈)|[\u4e00-\u9fff]{2,16}小组|政府|人民政府|人大|政协|纪委|监委|法院|检察院|[\u4e00-\u9fff]{1,14}(?:[局委办院部会厅]|中心|办公室)"
_IMPLIED = re.compile(rf"(?:{_LEVEL})(?:{_BODY})?$")
_BARE = re.compile(
    r"(?:机关)?(?:党组|党委|党总支|党支部|支部|党工委|工委|支委|纪委|管委会|居委会|村委会|街道办(?:事处)?|办事处|街道|社区|委员会|理事会|监事会|"
    r"董事会|(?:股份|集团)?(?:有限)?(?:责任)?公司|救援队|集团|联盟|协会|学会|合作社|派出所|分公司|(?:中国|大中华|亚太)区|董事会|领导小组|工作组|工作队|专班|总支|(?:学术|学位|专家|组织|筹备|工作|执行|管理)委员会|园区|学校|医院|分院|支队|大队|中队|单位|局|处|科|部|办|队|站|所|院)(?:党组|党委|党总支|党支部|支部|党工委|工委|纪委|委)?"
)
"""Bodies of which the text must have said before whose they are."""
PARTY_BODY = re.compile(rf"(?:机关)?(?:党组|党委|党总支|党支部|总支|支部|党工委|工委|纪委)(?:委员)?$|(?<={_LEVEL})委$")
LEAD_IN = re.compile(
    r"会见|邀请|接受|人为|分别为|分别是|包括|属地|所在|相关|辖区|当地|所属|本报讯|来自|伴随着|成员有|还有|已有|现有|供图|分别由|会议由|活动由|审查调查|援引|下派|包联"
)
"""What stands in front of a unit and is tagged as a part of it."""
_DATE = re.compile(r"(?:\d{1,8}[年月日时]|上午|下午|晚上?|[当今昨]天|近日|日前|期间)(?=[^时]|$)")
_HARD = ("p", "u", "r", "d", "y", "e", "t", "x", "w")
"""Tags of words that stand in front of a unit and are no part of it: prepositions, particles, pronouns, adverbs, times."""
_LINKS = frozenset("和与及同兼暨")
_FUNCTION_WORDS = frozenset(
    "在由对向到于从据被把将请为等的了着过也还又就已曾则均各该其此本这那某每我他她它们说让使给以因随经按跟而并但且或"
)
_OF_SEVERAL = ("委员会", "局", "委", "厅", "部", "办公室", "学院", "研究院", "实验室", "中心", "公司", "社")
MAX_NAME = 4
"""Characters of a person's name."""
_WHOLE = re.compile(r"[\u4e00-\u9fffA-Za-z\d·“”]{1,30}$")


def unit_start(text: str, floor: int, end: int) -> int | None:
    """Return where the unit begins that ends at `end`; `end` where there is none; None where that is not certain.

    Args:
        floor: what stands in front of it belongs to something else.
    """
    run = _WHOLE.search(text[floor:end])
    if run is None:
        return end
    start = floor + run.start()
    for lead in (_DATE, LEAD_IN):
        for match in lead.finditer(text, start, end):
            start = match.end()
    while start < end and text[start] in "”·":
        start += 1
    place = cut = start
    for word, tag in tag_words(text[start:end]):
        after = place + len(word)
        kind = _break(text[cut:place], word, tag, text[after:end])
        if kind == "unsure":
            return None
        if kind == "break":
            cut = after
        place = after
    return cut


def _break(before: str, word: str, tag: str, after: str) -> Literal["", "break", "unsure"]:
    """Whether a word stands in front of the unit.

    Args:
        before: what since the last break stands in front of the word, and may be the unit's.
        after: what stands behind it, up to the office.
    """
    if word in _LINKS:
        return "" if not before and is_listed(word + after[:1]) else _link(before, after)  # 和田县
    if tag[0] in _HARD or tag == "c":
        # A syllable within a name is a word by itself too: 都 of 华都, 安 of 安公社区.
        return "break" if len(word) > 1 or word in _FUNCTION_WORDS or tag[0] in "xtu" else "unsure"
    if tag.startswith("v") and tag != "vn":
        is_place = tag_words(word + after[:1])[0] == (word + after[:1], "ns")  # 奉化 of 奉化区教育局
        return "break" if not is_place and (not before or _begins_unit(after)) else ""
    return ""


def _link(before: str, after: str) -> Literal["", "break", "unsure"]:
    """Whether 和 or 与 joins two parts of a unit's name, or what stands before it to the unit."""
    if not after or not before or re.match(rf"{_LEVEL}(?:委|政府|人大|政协|长)", after):
        return "break"
    named = tag_words(before)[-1][1].startswith("nr") or (surname_of(before) and len(before) <= MAX_NAME)
    if _begins_unit(after):
        return "break" if named else "unsure"  # 某某大学美国与东亚研究院
    return "unsure" if named or not after.endswith(_OF_SEVERAL) else ""


@cache
def _begins_unit(text: str) -> bool:
    """Whether a text begins with what names a unit: a place, a body of the territory, an institution."""
    if not text:
        return False
    if _IMPLIED.match(text) or re.match(rf"{_LEVEL}(?:委|政府|人大|政协|长)|中国|中共|全国|北京", text):
        return True
    word, tag = tag_words(text)[0]
    return tag in ("ns", "nt") or tag == "nz" or (word.endswith(tuple(TERRITORY_LEVELS)) and len(word) > 2)


_AFTER_LEVEL = r"$|委|人大|政协|[\u4e00-\u9fff]{2,14}[局委办院部会社馆中心院校庭队]"


def canonical_unit(unit: str) -> str:
    """Return a unit in one form: 中共云汀区委员会 and 云汀区委 alike, and 青石街道办事处 as 青石街道."""
    unit = re.sub(r"[“”\s·]|^(?:中国共产党|中共)|(?:大校|[上中少]校|[上中少]将)$", "", unit)
    unit = re.sub(rf"({_LEVEL})\1(?=委|人大|政协|政府|[\u4e00-\u9fff]{{1,14}}[局办厅]$)", r"\1", unit)  # 云汀区区委
    unit = re.sub(rf"^政协({_NAMED}){{1,2}}委员会$", r"\1政协", unit)
    unit = re.sub(rf"(?<={_LEVEL})(?:委员会|委)$", "委", unit)
    unit = re.sub(r"(?:人民代表大会|人大)(?:常务委员会|常委会|常委)|人民代表大会", "人大", unit)
    unit = re.sub(rf"人民政府$|(?<={_LEVEL})政府$|(?<=街道)(?:办事处|办)$", "", unit)
    unit = unit.replace("管理委员会", "管委会").replace("街道工委", "街道党工委")
    unit = re.sub(r"党(?:的)?委员会", "党委", unit)
    # A territory is named by itself: 江州市委 of 南江省江州市委, 云汀区 of 江州市云汀区.
    unit = re.sub(
        rf"^[\u4e00-\u9fff]{{2,3}}(?:省|自治区)(?=[\u4e00-\u9fff]{{2,5}}?[市州盟](?:{_AFTER_LEVEL}))", "", unit
    )
    unit = re.sub(
        rf"^(?:[\u4e00-\u9fff]{{2,3}}省)?[\u4e00-\u9fff]{{2,4}}[市州](?=[\u4e00-\u9fff]{{2,3}}[区县](?:{_AFTER_LEVEL}))",
        "",
        unit,
    )
    return re.sub(r"(?<=[区县市])委(?=[\u4e00-\u9fff]{1,8}(?:部(?!工作)|办公室|党校|政法委|巡察办))", "", unit)


_NAMED = rf"[\u4e00-\u9fff]{{2,4}}?{_LEVEL}"
_TERRITORY = re.compile(rf"[\u4e00-\u9fff]{{2,4}}?(?:{_LEVEL}(?!长|域|间|村)|街道)")


def territory_of(unit: str) -> str:
    """Return the territory that a unit's name begins with: 云汀区 of 云汀区生态环境局; "" where it begins with none."""
    match = _TERRITORY.match(unit)
    return match[0] if match else ""


_GENERIC = re.compile(
    r"(?:城|市|郊|地|景|园|校|务|发|社|小|灾|华|住|辖|山|库|站|港|厂|营|牧|林|汛|专|护|范|验|街|片|战|军|防|疫|工业|自治|经济|功能|核心|海|岛|矿|作业)区$|(?:城|都|上|夜|集|早|楼|超|股|门)市$|各\w$"
)
"""Areas that are no district: 景区, 园区, 示范区."""


def is_territory(name: str) -> bool:
    """Whether a name is that of a district, a county, a town or a city: 云汀区, and not 景区."""
    return len(name) > 2 and name[-1] in TERRITORY_LEVELS and not _GENERIC.search(name)


def body_of(unit: str, territory: str) -> str:
    """Return what a unit is called within its territory: 生态环境局 of 云汀区生态环境局 and of 区生态环境局; "" of the territory."""
    if territory and unit.startswith(territory):
        return unit[len(territory) :]
    return unit[1:] if is_implied(unit) else unit


def same_body(one: str, other: str) -> bool:
    """Whether two names within a territory are of one body: 住建委 and 住房和城乡建设委员会."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return True
    if len(shorter) < 2 or len(shorter) > 4 or len(longer) < 2 * len(shorter) - 1 or shorter[0] != longer[0]:
        return False
    if not longer.endswith(_SUFFIX.get(shorter[-1], (longer + ".",))):
        return False
    rest = iter(longer)
    return all(character in rest for character in shorter)


_SUFFIX = {
    "委": ("委员会", "委"),
    "局": ("局",),
    "办": ("办公室", "办"),
    "部": ("部",),
    "院": ("院",),
    "所": ("所",),
    "厅": ("厅",),
}
"""Last character of an abbreviation → what the full name may end in."""


def is_implied(unit: str) -> bool:
    """Whether a unit leaves its territory to the reader: 区委, 区生态环境局."""
    return _IMPLIED.fullmatch(unit) is not None


def is_bare(unit: str) -> bool:
    """Whether a unit says only what sort of body it is: 党工委, 街道办, 管委会."""
    return _BARE.fullmatch(unit) is not None


def parent_of(unit: str) -> str:
    """Return the unit that a party body is of: 区图书馆 of 区图书馆党委, 云汀区 of 云汀区委."""
    return re.sub(r"(?<=..)董事会$", "", PARTY_BODY.sub("", unit))


_BODY_END = re.compile(
    rf"(?:{_LEVEL}|[村委局办厅部院校园馆站所处科室会社报台组队厂店行会]|街道|社区|中心|公司|集团|联盟|基金会|支部|总支|党组|党委|政协|人大|工委|支行|分行|车间|医院|"
    r"大学|中学|小学|学院|银行|法院|政府|市场|总部|平台|项目部|事业部|指挥部|中国|全国|中央|国务院)$"
)


def is_unit(unit: str) -> bool:
    """Whether a text is what an office can be an office of: it ends as bodies do."""
    return _BODY_END.search(unit) is not None and (
        len(unit) > 2 or is_implied(unit) or unit in ("全国", "中国", "中央")
    )
