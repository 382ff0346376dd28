"""True statement → false ones that differ in one thing, by rule: what a reader that skims takes for the same.

The exchanged name, office, figure or day is one of the same article, so that nothing in the false statement is foreign to the
passage; words that turn a meaning (计划/已, 全部/部分, 高于/低于) are exchanged for their opposites. (Rule-based corruptions for
training a model of factual consistency: Kryściński et al. 2020, FactCC, section 3.1.)
"""

import random
import re
from collections.abc import Iterator

from index.language.terms import tag_words
from index.language.vocabulary import OFFICES, pattern_of

OPPOSITES: tuple[tuple[str, str, str], ...] = (
    ("plan_done", "计划", "已经"),
    ("plan_done", "将于", "已于"),
    ("plan_done", "拟", "已"),
    ("plan_done", "预计将", "已经"),
    ("plan_done", "正在", "已完成"),
    ("modality", "必须", "可以"),
    ("modality", "应当", "可以"),
    ("modality", "不得", "可以"),
    ("modality", "鼓励", "要求"),
    ("scope", "全部", "部分"),
    ("scope", "所有", "一些"),
    ("scope", "均", "大多"),
    ("scope", "每", "部分"),
    ("superlative", "最高", "最低"),
    ("superlative", "最大", "最小"),
    ("superlative", "最多", "最少"),
    ("superlative", "首个", "第二个"),
    ("superlative", "首次", "再次"),
    ("comparison", "高于", "低于"),
    ("comparison", "超过", "不足"),
    ("comparison", "多于", "少于"),
    ("comparison", "优于", "劣于"),
    ("trend", "增长", "下降"),
    ("trend", "上升", "下降"),
    ("trend", "增加", "减少"),
    ("trend", "提高", "降低"),
    ("trend", "上涨", "下跌"),
    ("period", "上半年", "全年"),
    ("period", "同比", "环比"),
    ("period", "累计", "当月新增"),
    ("period", "年内", "三年内"),
    ("period", "每年", "每月"),
    ("negation", "没有", "已经"),
    ("negation", "未", "已"),
    ("negation", "不再", "仍然"),
)
"""(kind of error, word, its opposite); both ways."""
_KINDS = {"nr": "name", "ns": "place", "nt": "subject", "nz": "subject"}
_FIGURE = re.compile(r"\d[\d,.]*(?:万|亿|千|百)?(?:余|多)?(%|％|[\u4e00-\u9fff]{1,2})")
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年")
_OFFICE = re.compile(pattern_of(OFFICES))
_ITEMS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9“”《》]{2,12}(?:、[\u4e00-\u9fffA-Za-z0-9“”《》]{2,12})+")


def corrupt(statement: str, article: str, rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Return at most `count` false statements, each of another kind where there are several, with its kind."""
    found = [*_exchanges(statement, article, rng), *_opposites(statement, rng), *_lists(statement, article, rng)]
    rng.shuffle(found)
    by_kind: dict[str, str] = {}
    for kind, false in found:
        if false not in (statement, *by_kind.values()):
            by_kind.setdefault(kind, false)
    return [(false, kind) for kind, false in list(by_kind.items())[:count]]


def _exchanges(statement: str, article: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Names, places, bodies, offices, days and figures for others of the article."""
    named: dict[str, set[str]] = {}
    for word, tag in tag_words(article):
        if tag in _KINDS and len(word) > 1:
            named.setdefault(tag, set()).add(word)
    for word, tag in tag_words(statement):
        others = [one for one in named.get(tag, ()) if one not in statement and word not in one and one not in word]
        if tag in _KINDS and word in article and others:
            yield _KINDS[tag], statement.replace(word, rng.choice(sorted(others)))
    for kind, pattern in (("office", _OFFICE), ("date", _DAY)):
        values = {match[0] for match in pattern.finditer(article)}
        for match in pattern.finditer(statement):
            others = [one for one in values if one not in statement and match[0] not in one]
            if others:
                yield kind, statement[: match.start()] + rng.choice(sorted(others)) + statement[match.end() :]
    for match in _FIGURE.finditer(statement):
        others = [
            other[0]
            for other in _FIGURE.finditer(article)
            if other[1] == match[1] and other[0] not in statement and not _DAY.match(article, other.start())
        ]
        if others and not _DAY.match(statement, match.start()):
            value = rng.choice(sorted(others))
            yield "quantity_of_other", statement[: match.start()] + value + statement[match.end() :]


def _opposites(statement: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    for kind, one, other in OPPOSITES:
        for word, opposite in ((one, other), (other, one)):
            if len(word) > 1 and word in statement:
                yield kind, statement.replace(word, opposite, 1)
    verbs = list(re.finditer(r"(?<![不未没])(?:会|能|是|需要|支持|包括|同意|允许)", statement))
    if verbs and rng.random() < 1 / 2:
        match = rng.choice(verbs)
        yield "negation", statement[: match.start()] + "不" + statement[match.start() :]


def _lists(statement: str, article: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """A member of a list for one of another list of the article."""
    for match in _ITEMS.finditer(statement):
        own = match[0].split("、")
        foreign = [
            item
            for other in _ITEMS.finditer(article)
            for item in other[0].split("、")
            if item not in statement and not any(item in one or one in item for one in own)
        ]
        if foreign:
            changed = list(own)
            changed[rng.randrange(len(own))] = rng.choice(sorted(foreign))
            yield "list", statement[: match.start()] + "、".join(changed) + statement[match.end() :]
