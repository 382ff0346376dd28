"""Whether a stretch of a passage supports a statement: claim by claim, what is missing or told differently there."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rag.claims import Claims, Days, Name, fold, posts_of
from rag.figures import Figure, is_compatible
from rag.intrusion import find_links, gives_orders
from rag.question import detect_language

MARGIN = 0.2
"""Share of a clause's terms by which another figure's clause must fit better before the figure counts as that one's."""
LEAST_IN_PASSAGE = 0.25
"""Share of a clause's terms that the whole passage must have: what it lacks was added."""
INHERITED = 0.3
"""What a term counts that stands in an earlier clause of a figure's sentence."""
MOST_LISTED = 20
_ITEMS = re.compile(r"[、；;]|和|以及|及|与|, (?:and )?| and ")
_LEAD = re.compile(r"^.*?(?:分别(?:是|为)?|包括|有|是|为|：|:|了)")
_OPPOSITES = tuple(
    (re.compile(first), re.compile(second))
    for first, second in (
        (r"提前", r"推迟|延后|顺延|延期|滞后"), (r"上升|增加|增长|提高|回升", r"下降|减少|降低|下滑"), (r"批准|通过|同意", r"否决|驳回|未通过|不同意"),
        (r"开放|启用|恢复", r"关闭|停用|停止|暂停"), (r"支持|赞成", r"反对"), (r"开工|动工|启动", r"竣工|完工|建成"), (r"全部", r"部分"),
        (r"允许|可以", r"禁止|不得|严禁"), (r"高于|优于|多于", r"低于|劣于|少于"), (r"扩大|扩建", r"缩小|缩减"), (r"免费", r"收费"),
        (r"增派|增设|增开", r"撤销|取消|减少"), (r"东[门侧岸部端]", r"西[门侧岸部端]"), (r"南[门侧岸部端]", r"北[门侧岸部端]"),
        (r"上午|早晨|早上", r"下午|晚上|晚间|傍晚"), (r"上半年", r"下半年"), (r"最高", r"最低"), (r"最大|最长|最多", r"最小|最短|最少"),
        (r"第一名|首位|排名第一", r"末位|倒数"), (r"\bopened\b", r"\bclosed\b"), (r"\bmore\b", r"\bfewer\b|\bless\b"), (r"\bahead of\b", r"\bbehind\b"),
        (r"\bnorth\w*", r"\bsouth\w*"), (r"\beast\w*", r"\bwest\w*"), (r"\brose\b|\bincreas\w+|\bgrew\b", r"\bfell\b|\bdeclin\w+|\bdropped\b|\bdecreas\w+"),
    )
)  # fmt: skip
_SOURCE = re.compile(
    r"(?:^|[，。；（(])\s*(?:根据|据|依据|按照|引自|转自|来源[:：])([^，。；]{2,24}?)(?:报道|消息|统计|数据|发布|介绍|透露|披露|通报|网站|官网|显示|的说法)"
    r"|\b(?:[Aa]ccording to|[Aa]s reported by|[Rr]eported by)\s+(?:the )?([A-Z][\w'’]*(?: [A-Z][\w'’]*)*)"
)
_OWN_SOURCE = re.compile(r"片段|资料|报道|材料|文章|上述|以上|提供|本报|该报|记者|了解|悉|^$")
_DENIED_EN = re.compile(r"\b(?:not|never|no|nobody|none|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_NAMED = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?:'s)?")
_CALENDAR = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day)(?:'s)?$"
)
# Nouns by which a summary calls what the text only tells.
_GENERIC = frozenset(
    [
        "项目",
        "时间",
        "情况",
        "工作",
        "活动",
        "问题",
        "内容",
        "方面",
        "数量",
        "总数",
        "人数",
        "地点",
        "位置",
        "方式",
        "原因",
        "目标",
        "要求",
        "单位",
        "部门",
        "企业",
        "机构",
        "措施",
        "结果",
        "数据",
        "记者",
        "报道",
        "会议",
        "人员",
        "地区",
        "年份",
        "期间",
        "全年",
        "当天",
        "金额",
        "费用",
        "面积",
        "长度",
        "规模",
        "范围",
        "名称",
        "职务",
        "领导",
        "官员",
        "市民",
        "居民",
        "群众",
        "日期",
        "比例",
        "水平",
        "标准",
        "事件",
        "计划",
        "方案",
        "政策",
        "人士",
        "人们",
        "过程",
        "阶段",
        "条件",
        "设施",
        "服务",
        "公司",
        "学校",
        "数字",
        "信息",
        "消息",
        "文章",
        "资料",
        "片段",
        "内容",
        "主题",
        "特点",
        "作用",
        "总体",
        "整体",
        "具体",
        "部分",
        "全部",
        "其中",
        "首次",
        "同时",
    ]
)
_SCOPE = re.compile(r"全[区市国省镇县]")
_DIGIT_NAME = re.compile(r"[A-Za-z]+[-.]?\d+(?:\.\d+)?|\b[A-Z]{2,}\b")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage, `claims.text[start:end]`, with what the passage's head says.

    Args:
        head: title, newspaper and date of the passage's article, as text.
        issued: the days of the article's date; None where unknown.
    """

    claims: Claims
    start: int
    end: int
    head: Claims
    issued: Days | None

    @property
    def text(self) -> str:
        """The stretch itself."""
        return self.claims.text[self.start : self.end]

    @property
    def figures(self) -> list[Figure]:
        """The figures in the stretch."""
        return [figure for figure in self.claims.figures if self.start <= figure.start < self.end]


Weigh = Callable[[frozenset[str]], float]


def find_problems(claim: Claims, window: Window, weigh: Weigh) -> list[str]:
    """Return why a stretch does not support a statement, [] where it does as far as rules can tell.

    Args:
        claim: of the statement, its days counted from the same date as the passage's.
        weigh: sums up what terms weigh by idf.
    """
    check = _Check(claim, window, weigh, detect_language(claim.text) == detect_language(window.text))
    problems = [*check.intrusions(), *check.figures(), *check.days(), *check.words()]
    if check.same_language:
        problems += [*check.names(), *check.posts(), *check.nouns(), *check.turned(), *check.added()]
    return list(dict.fromkeys(problems))


@dataclass(frozen=True, slots=True)
class _Check:
    claim: Claims
    window: Window
    weigh: Weigh
    same_language: bool

    def intrusions(self) -> Iterator[str]:
        """Commands and links: of a statement, and of a passage that plants them."""
        if gives_orders(self.claim.text) or gives_orders(self.window.text):
            yield "instruction"
        yield from (f"link:{link}" for link in find_links(self.claim.text) if link not in self.window.text)

    def figures(self) -> Iterator[str]:
        """Each figure has its equal in the stretch, which is told of the same thing, time and turn."""
        for figure in self.claim.figures:
            equal = [other for other in self.window.figures if self._equal(figure, other)]
            if not equal and figure.unit in ("label", "order") and self._is_named(figure):
                continue
            if not equal:
                if not self._is_count_of_list(figure):
                    yield f"figure_not_in_quote:{figure.text}"
                continue
            for problem, fits in (
                ("turned", self._turns_alike),
                ("bound", self._bounds_alike),
                ("figure_of_another_time", self._holds_then),
                ("figure_of_something_else", self._is_named_with),
            ):
                equal = [other for other in equal if fits(figure, other)]
                if not equal:
                    yield f"{problem}:{figure.text}"
                    break
            else:
                if self.same_language and figure.unit != "label" and self._belongs_elsewhere(figure, equal):
                    yield f"figure_of_something_else:{figure.text}"

    def _equal(self, figure: Figure, other: Figure) -> bool:
        """Whether the values agree; a measure has to be told in both where the languages differ."""
        return figure.equals(other) and (self.same_language or is_held(figure, other))

    def _turns_alike(self, figure: Figure, other: Figure) -> bool:
        if figure.turn and other.turn and figure.turn != other.turn:
            return False
        if {figure.role, other.role} == {"from", "to"}:
            return False
        is_change = (figure.role == "change", other.role == "change")
        return is_change[0] == is_change[1] or figure.neutral or other.neutral or not self.same_language

    @staticmethod
    def _bounds_alike(figure: Figure, other: Figure) -> bool:
        if figure.bound == "<" and not other.bound:
            return False  # fewer than what it is
        return not figure.bound or not other.bound or figure.bound == other.bound

    def _holds_then(self, figure: Figure, other: Figure) -> bool:
        """Whether the days that the statement gives a figure are those of the quote, as far as that tells them."""
        mine, theirs = self.claim.days_of(figure), self.window.claims.days_of(other)
        if not mine or not theirs:
            return True
        return any(day.covers(said) or _is_named(said, day) for day in mine for said in theirs)

    def _is_named(self, figure: Figure) -> bool:
        """Whether the passage or its head has a number that names something: 33栋, 第七届."""
        return any(figure.equals(other) for other in (*self.window.claims.figures, *self.window.head.figures))

    def _is_named_with(self, figure: Figure, other: Figure) -> bool:
        """Whether whose figure it is according to the statement was named in the passage before it, or is in the head."""
        if not self.same_language:
            return True
        first, last = self.claim.sentence_of(figure.start)
        theirs = self.window.claims
        opening, end = theirs.sentence_of(other.start)
        for name in self.claim.people_and_places:
            if not first <= name.start < last:
                continue
            if name.text not in theirs.text[:end] and name.text not in self.window.head.text:
                return False
            if name.text not in theirs.text[opening:end] and _SCOPE.search(theirs.text, opening, other.start):
                return False  # the sentence speaks of the whole district
        return True

    def _belongs_elsewhere(self, figure: Figure, equal: list[Figure]) -> bool:
        """Whether the words around a figure fit another figure of the stretch better than its equals."""
        near = self._context(self.claim, figure)
        total = self.weigh(near)
        if not total:
            return False
        own = max(self._fit(near, other) for other in equal)
        rivals = [
            other
            for other in self.window.claims.figures
            if not figure.equals(other)
            and is_compatible(figure.unit, other.unit)
            and (figure.role == "change") == (other.role == "change")
        ]
        return any(self._fit(near, rival) > own + self._margin(rival) * total for rival in rivals)

    def _margin(self, rival: Figure) -> float:
        """Beside the quote the same words come again in other connections."""
        return MARGIN if self.window.start <= rival.start < self.window.end else 1.5 * MARGIN

    def _fit(self, near: frozenset[str], other: Figure) -> float:
        claims = self.window.claims
        context = self._context(claims, other)
        before = claims.terms(claims.sentence_start(other.start), claims.clause_of(other.start)[0])
        return self.weigh(near & context) + INHERITED * self.weigh((near & before) - context)

    @staticmethod
    def _context(claims: Claims, figure: Figure) -> frozenset[str]:
        """Terms of a figure's clause; of 甲、乙分别占…% only those of its own member of the list."""
        start, end = claims.clause_of(figure.start)
        clause = claims.text[start:end]
        told, mark, counted = clause.partition("分别")
        beside = [other for other in claims.figures if start + len(told) < other.start < end]
        members = [item for item in re.split(r"[、]|和|与|及", told) if item.strip()]
        if mark and counted and figure in beside and len(members) == len(beside):
            place = beside.index(figure)
            at = claims.text.find(members[place], start)
            return claims.terms(at, at + len(members[place]))
        # Several figures in one clause: each has the words since the one before it.
        before = [
            other for other in claims.figures if start <= other.start < figure.start and other.unit == figure.unit
        ]
        return claims.terms(before[-1].end if before and not mark else start, end)

    def _is_count_of_list(self, figure: Figure) -> bool:
        """Whether a figure counts what the statement, or the quote, lists: 点评了甲、乙、丙3个街镇."""
        if figure.unit not in ("count", "people", "") or not 1 < figure.amount <= MOST_LISTED:
            return False
        runs = [self.claim.text, *re.split(r"[。！？]", self.window.text)]
        return any(
            figure.amount in (len(_ITEMS.split(run)), len(_ITEMS.split(_LEAD.sub("", run))), len(re.findall(r"[一二三四五六七八九十]是", run)))
            for run in runs
        )  # fmt: skip

    def days(self) -> Iterator[str]:
        """Each date is one of the passage, of its head or the newspaper's own, or is a longer time around one."""
        known = [*self.window.claims.days, *self.window.head.days]
        issued = [self.window.issued] if self.window.issued else []
        for day in self.claim.days:
            exact = any((day.first, day.last) == (other.first, other.last) for other in known)
            around = not day.is_range and any(day.covers(other) for other in [*known, *issued])
            ends = day.is_range and _has_ends(day, known)
            if not (exact or around or ends) or not self._has_year(day):
                yield f"date_not_in_passage:{self.claim.text[day.start : day.end]}"

    def _has_year(self, day: Days) -> bool:
        """Whether the year that a date states is known; where the newspaper has no date, it must be printed."""
        return (
            self.window.issued is not None
            or day.yearless
            or day.first[:4] in self.window.claims.text + self.window.head.text
        )

    def words(self) -> Iterator[str]:
        """Titles, quoted words, sources and codes stand in the passage as they are."""
        known = self.window.claims.folded + "\n" + self.window.head.folded
        for words in self.claim.verbatim:
            if fold(words) not in known:
                yield f"words_not_in_passage:{words}"
        for match in _SOURCE.finditer(self.claim.text):
            source = (match[1] or match[2] or "").strip()
            bare = "".join(re.split(r"\d+年|\d+月|\d+日|的", source))
            if not _OWN_SOURCE.search(bare) and fold(bare) not in known and (self.same_language or match[1]):
                yield f"source_not_in_passage:{source}"
        for code in _DIGIT_NAME.findall(self.claim.text):
            if fold(code) not in known and not re.fullmatch(r"[A-Z]+", code):
                yield f"name_not_in_passage:{code}"

    def names(self) -> Iterator[str]:
        """Each name stands in the passage, and does there what the statement says of it rather than another."""
        known = self.window.claims.folded + "\n" + self.window.head.folded
        for name in self.claim.names:
            if fold(name) not in known:
                yield f"name_not_in_passage:{name}"
        if detect_language(self.claim.text) == "en":
            for match in _NAMED.finditer(self.claim.text):
                word = match.group().removesuffix("'s")
                if not _CALENDAR.match(word) and fold(word) not in known:
                    yield f"name_not_in_passage:{word}"
        named = {name.text for name in self.claim.people_and_places}
        rivals = [other for other in self.window.claims.people_and_places if self._is_rival(other, named)]
        for mention in self.claim.people_and_places:
            if any(rival.kind == mention.kind for rival in rivals) and self._acts_elsewhere(mention, rivals):
                yield f"name_of_another:{mention.text}"

    def posts(self) -> Iterator[str]:
        """Who is said to hold an office holds it in the passage."""
        text = self.window.claims.text
        for person, post in sorted(self.claim.posts):
            if person in text and post not in set(posts_of(person, text)):
                yield f"post_of_another:{post}{person}"

    def nouns(self) -> Iterator[str]:
        """No noun of which the passage has nothing: neither the word nor a pair of its characters."""
        known = self.window.claims.folded + "\n" + self.window.head.folded
        for noun in self.claim.nouns:
            if noun in _GENERIC or not self.claim.lexicon.is_listed(noun):
                continue
            if not any(noun[place : place + 2] in known for place in range(len(noun) - 1)):
                yield f"noun_not_in_passage:{noun}"

    def _is_rival(self, other: Name, named: set[str]) -> bool:
        return self.window.start <= other.start < self.window.end and not any(
            other.text in name or name in other.text for name in named
        )

    def _acts_elsewhere(self, name: Name, rivals: list[Name]) -> bool:
        """Whether what is said of a name is said in the quote of another name of its kind."""
        first, last = self.claim.clause_of(name.start)
        own_terms = self.claim.terms(name.start, name.start + len(name.text))
        rest = self.claim.terms(first, last) - own_terms
        total = self.weigh(rest)
        claims = self.window.claims
        places = [at.start() for at in re.finditer(re.escape(name.text), claims.text)]
        inside = [at for at in places if self.window.start <= at < self.window.end]
        own = max((self.weigh(rest & claims.terms(*claims.clause_of(at))) for at in inside), default=0.0)
        best = max(
            self.weigh(rest & claims.terms(*claims.clause_of(rival.start)))
            for rival in rivals
            if rival.kind == name.kind
        )
        return best > own + (MARGIN if not inside else 1.5 * MARGIN) * total

    def turned(self) -> Iterator[str]:
        """Rises stay rises, what is denied stays denied, opposites are not exchanged."""
        claim, text = self.claim, self.window.text
        said = Claims(text, None, claim.lexicon)
        if claim.turns and said.turns and not claim.turns & said.turns:
            yield "turned"
        for first, second in _OPPOSITES:
            for one, other in ((first, second), (second, first)):
                if (
                    one.search(claim.text)
                    and not one.search(text)
                    and other.search(text)
                    and not other.search(claim.text)
                ):
                    yield f"turned:{one.search(claim.text)[0]}"  # type: ignore[index]
        yield from self._denials(said)

    def _denials(self, said: Claims) -> Iterator[str]:
        for what in self.claim.denied - said.denied:
            if what in said.text:
                yield f"denied:{what}"
        for what in said.denied - self.claim.denied:
            if what in self.claim.text and said.text.count(what) == 1:
                yield f"not_denied:{what}"
        if detect_language(said.text) == "en":
            mine, theirs = _DENIED_EN.search(self.claim.text), _DENIED_EN.search(said.text)
            if mine and not theirs:
                yield f"denied:{mine[0]}"

    def added(self) -> Iterator[str]:
        """No clause is made of words that the passage lacks."""
        known = self.window.claims.terms() | self.window.head.terms()
        for start, end in self.claim.clauses:
            terms = self.claim.terms(start, end)
            total = self.weigh(terms)
            if len(terms) > 6 and self.weigh(terms & known) < LEAST_IN_PASSAGE * total:
                yield f"not_in_passage:{self.claim.text[start:end].strip()}"


def is_held(figure: Figure, other: Figure) -> bool:
    """Whether figures of two languages have the same unit, or count something without one."""
    counting = {"", "count", "people", "visits", "label"}
    return figure.unit == other.unit or {figure.unit, other.unit} <= counting


def _has_ends(day: Days, known: list[Days]) -> bool:
    return any(day.first == other.first for other in known) and any(day.last == other.last for other in known)


def _is_named(said: Days, day: Days) -> bool:
    return (said.first, said.last) == (day.first, day.last)


def unique(weights: Mapping[str, float]) -> Weigh:
    """The sum of what terms weigh, for terms that `weights` has."""
    return lambda terms: sum(weights.get(term, 0.0) for term in terms)
