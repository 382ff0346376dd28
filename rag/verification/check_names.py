"""Whom and what a statement names: it stands in the passage, and does there what the statement says of it."""

import re
from collections.abc import Iterator

from rag.question.language import detect_language
from rag.verification.claims import Name, Office, fold, offices_of
from rag.verification.comparison import BETTER_FIT_MARGIN, Comparison

_SOURCE = re.compile(
    r"(?:^|[，。；（(])\s*(?:根据|据|依据|按照|引自|转自|来源[:：])([^，。；]{2,24}?)(?:报道|消息|统计|数据|发布|介绍|透露|披露|通报|网站|官网|显示|的说法)"
    r"|\b(?:[Aa]ccording to|[Aa]s reported by|[Rr]eported by)\s+(?:the )?([A-Z][\w'’]*(?: [A-Z][\w'’]*)*)"
)
_OWN_SOURCE = re.compile(r"片段|资料|报道|材料|文章|上述|以上|提供|本报|该报|记者|了解|悉|^$")
_NAMED = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?:'s)?")
_NO_NAME_START = "有是为由和与及在于任被把对向从到该"
"""Where the segmenter takes the word before a name for its beginning: 有连宇."""
_CALENDAR = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day)(?:'s)?$"
)
# Nouns by which a summary calls what the text only tells.
_GENERIC = frozenset(
    re.findall(
        r"\S+",
        "项目 时间 情况 工作 活动 问题 内容 方面 数量 总数 人数 地点 位置 方式 原因 目标 要求 单位 部门 企业 机构 措施 结果 数据 记者 报道 会议 人员 "
        "地区 年份 期间 全年 当天 金额 费用 面积 长度 规模 范围 名称 职务 领导 官员 市民 居民 群众 日期 比例 水平 标准 事件 计划 方案 政策 人士 人们 "
        "过程 阶段 条件 设施 服务 公司 学校 数字 信息 消息 文章 资料 片段 主题 特点 作用 总体 整体 具体 部分 全部 其中 首次 同时",
    )
)
_TITLE = re.compile(r"《([^《》\n]{1,80})》")
_DIGIT_NAME = re.compile(r"[A-Za-z]+[-.]?\d+(?:\.\d+)?")


def find_unsupported_words(pair: Comparison) -> Iterator[str]:
    """Titles, quoted words, sources and codes stand in the passage as they are."""
    known = pair.known
    for words in pair.claim.verbatim:
        if fold(words) not in known:
            yield f"words_not_in_passage:{words}"
    mine, theirs = set(_TITLE.findall(pair.claim.text)), set(_TITLE.findall(pair.quote_context.text))
    if mine and theirs and not mine & theirs:
        yield f"words_of_something_else:{sorted(mine)[0]}"
    for match in _SOURCE.finditer(pair.claim.text):
        source = (match[1] or match[2] or "").strip()
        bare = "".join(re.split(r"\d+年|\d+月|\d+日|的", source))
        if not _OWN_SOURCE.search(bare) and fold(bare) not in known and (pair.same_language or match[1]):
            yield f"source_not_in_passage:{source}"
    for code in _DIGIT_NAME.findall(pair.claim.text):
        if fold(code) not in known and not re.fullmatch(r"[A-Z]+", code):
            yield f"name_not_in_passage:{code}"


def find_unsupported_names(pair: Comparison) -> Iterator[str]:
    """Each name stands in the passage, and does there what the statement says of it rather than another."""
    known = pair.known
    for name in pair.claim.names:
        if fold(name) not in known and not _is_known_in_part(name, known):
            yield f"name_not_in_passage:{name}"
    if detect_language(pair.claim.text) == "en":
        for match in _NAMED.finditer(pair.claim.text):
            word = match.group().removesuffix("'s")
            if not _CALENDAR.match(word) and fold(word) not in known:
                yield f"name_not_in_passage:{word}"
    for mention in pair.claim.people_and_places:
        first, last = pair.claim.clause_of(mention.start)
        beside = {name.text for name in pair.claim.people_and_places if first <= name.start < last}
        rivals = [other for other in pair.quote_context.claims.people_and_places if _is_rival(pair, other, beside)]
        if any(rival.kind == mention.kind for rival in rivals) and _acts_elsewhere(pair, mention, rivals):
            yield f"name_of_another:{mention.text}"


def _is_known_in_part(name: str, known: str) -> bool:
    """Whether the segmenter took a word beside a name into it, and the passage has the rest: 有连宇, 池春和记."""
    return (name[0] in _NO_NAME_START and fold(name[1:]) in known) or (len(name) > 3 and fold(name[:-1]) in known)


def find_unsupported_offices(pair: Comparison) -> Iterator[str]:
    """Yield the offices that someone holds according to the statement and not to the passage."""
    text = pair.quote_context.claims.text + "\n" + pair.quote_context.head.text
    for person, office in sorted(pair.claim.offices, key=str):
        if person in text and not any(_is_same(office, other) for other in offices_of(person, text)):
            yield f"post_of_another:{office.title}{person}"


def _is_same(office: Office, other: Office) -> bool:
    """Whether two offices may be one: the same title, and where both say whose office, the same."""
    return office.title == other.title and (not office.of or not other.of or office.of == other.of)


def find_unsupported_nouns(pair: Comparison) -> Iterator[str]:
    """No noun of which the passage has nothing: neither the word nor a pair of its characters."""
    known = pair.known
    for noun in pair.claim.nouns:
        if noun in _GENERIC or not pair.claim.lexicon.is_listed(noun):
            continue
        if not any(noun[place : place + 2] in known for place in range(len(noun) - 1)):
            yield f"noun_not_in_passage:{noun}"


def _is_rival(pair: Comparison, other: Name, named: set[str]) -> bool:
    return pair.is_inside(other.start) and not any(other.text in name or name in other.text for name in named)


def _acts_elsewhere(pair: Comparison, name: Name, rivals: list[Name]) -> bool:
    """Whether what is said of a name is said in the quote of another name of its kind."""
    first, last = pair.claim.clause_of(name.start)
    own_terms = pair.claim.terms(name.start, name.start + len(name.text))
    rest = pair.claim.terms(first, last) - own_terms
    total = pair.total_weight(rest)
    claims = pair.quote_context.claims
    places = [at.start() for at in re.finditer(re.escape(name.text), claims.text)]
    inside = [at for at in places if pair.is_inside(at)]
    own = max((pair.total_weight(rest & claims.terms(*claims.clause_of(at))) for at in inside), default=0.0)
    best = max(
        pair.total_weight(rest & claims.terms(*claims.clause_of(rival.start)))
        for rival in rivals
        if rival.kind == name.kind
    )
    return best > own + (BETTER_FIT_MARGIN if not inside else 1.5 * BETTER_FIT_MARGIN) * total
