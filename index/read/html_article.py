"""Which lines of a page are its article: the part with most running text, its neighbours that read alike, no lists of links.

    lines ─ weight: sentences and tables count, links and furniture do not ─► the part that holds most of it
          ─ beside it, up to the headline: text is kept; menus, related articles, comments, furniture are not

After boilerpipe (Kohlschütter et al. 2010: text and link density by block) and Readability (classes and ids that tell);
in doubt a line is kept. Where nothing reads like an article, all that is no list of links is one.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from index.read.html_lines import Line
from index.read.html_names import heads_others, is_about_others, is_comments, is_furniture, is_of_site, leads_elsewhere
from index.read.html_tree import Element
from index.read.html_weights import (
    BARE_DATE,
    MAX_LINKED,
    MAX_SHORT_CHARS,
    MIN_PROSE_CHARS,
    Shown,
    Weights,
    is_entry,
    is_prose,
    measure,
)

TRUNK_SHARE: Final = 0.7  # of its parent's weight: the part goes on; less: the parent is what holds the article
OTHERS_SHARE: Final = 0.5  # a part called "share" or "hot" that holds more of the page than this is its article
OTHER_TEXT_SHARE: Final = (
    0.3  # of the article's weight: text outside of it that is as long is part of the page's matter
)
MIN_ARTICLE_CHARS: Final = 10
RUNNING_SHARE: Final = 0.6  # of the characters of a part stand in sentences
_SENTENCE_ENDS: Final = ("。", "！", "？", "”", "）")
_OF_SITE: Final = re.compile(r"本(?:网|站|公众号|平台)|网站|版权|备案|许可|客户端|邮编")
_LEAVES: Final = frozenset({"p", "li", "td", "dd", "pre", "blockquote", "span", "figure", "table"})


def choose(
    body: Element, lines: Sequence[Line], heading: Element | None
) -> tuple[list[Line], Counter[str], frozenset[int]]:
    """Return the lines of a page's article, how many characters were left out by reason, and ids of parts of others.

    Args:
        heading: the element that shows the page's headline, where there is one.
    """
    shown = measure(body, lines)
    others = _parts_of_others(body, shown, heading)
    chosen = _Choice(body, shown, heading, others)
    reasons = chosen.reasons()
    kept = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    if sum(line.size for line in kept if id(line.block) not in chosen.in_heading) < MIN_ARTICLE_CHARS:
        reasons = _fallback(lines, others)
        kept = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    left_out: Counter[str] = Counter()
    for line, reason in zip(lines, reasons, strict=True):
        if reason is not None:
            left_out[reason] += line.size
    return kept, left_out, others


def _fallback(lines: Sequence[Line], others: frozenset[int]) -> list[str | None]:
    """Return reasons on a page without running text: all that is no list of links; else all outside of menus; else all."""
    no_links = [line.linked <= MAX_LINKED * line.size and not is_furniture(line.text) for line in lines]
    own = [id(line.block) not in others for line in lines]
    for keeps in ([links and mine for links, mine in zip(no_links, own, strict=True)], own):
        if sum(line.size for line, is_kept in zip(lines, keeps, strict=True) if is_kept) >= MIN_ARTICLE_CHARS:
            return [None if is_kept else "links" for is_kept in keeps]
    is_worth = any(is_prose(line) for line in lines) or any(id(line.block) not in others for line in lines)
    return [None if is_worth else "menus and other articles"] * len(lines)


def _parts_of_others(body: Element, shown: Shown, heading: Element | None) -> frozenset[int]:
    """Return the ids of all elements of parts that tell of other articles or of the site, by tag, role and names."""
    whole = Weights(shown, frozenset())
    path = {id(body)} | ({id(heading), *(id(above) for above in heading.above())} if heading is not None else set())
    found: set[int] = set()
    pending = [body]
    lines: dict[int, list[Line]] = {}
    for line in shown.lines:
        lines.setdefault(id(line.block), []).append(line)
    limit = OTHERS_SHARE * whole.weight(body)
    while pending:
        element = pending.pop()
        for child in element.children:
            if isinstance(child, str):
                continue
            place = id(child)
            is_small = whole.weight(child) <= limit
            is_other = (
                child.tag == "nav" or is_comments(child) or (is_small and (is_of_site(child) or is_about_others(child)))
            )
            if is_other and place not in path and not _stays(child, lines, whole, path):
                found.update(id(below) for below in child.elements())
            else:
                pending.append(child)
    return frozenset(found)


def _is_own(element: Element, whole: Weights) -> bool:
    """Tell of a part within an `<article>` whose class alone speaks against it: text without links is the article's."""
    is_named = is_about_others(element) and not is_comments(element)
    return (
        is_named
        and element.tag not in ("nav", "ul")
        and element.is_within("article")
        and whole.linked(element) == 0
        and whole.weight(element) >= MIN_PROSE_CHARS
        and re.search(r"foot|side|statement", element.names, re.IGNORECASE) is not None
    )


def _stays(element: Element, lines_of: Mapping[int, list[Line]], whole: Weights, path: Collection[int]) -> bool:
    """Tell of a part that its name or tag alone speaks against."""
    if _is_own(element, whole) or _is_running_text(element, lines_of, whole):
        return True
    # The footer of the section that the headline stands in ends the article, not the page.
    is_inner = any(above.tag == "section" and id(above) in path for above in element.above())
    lines = [line for below in element.elements() for line in lines_of.get(id(below), ())] if is_inner else []
    is_plain = element.tag in ("footer", "header") and not is_about_others(element) and not whole.linked(element)
    return is_inner and is_plain and not any(is_furniture(line.text) or _OF_SITE.search(line.text) for line in lines)


def _is_running_text(element: Element, lines_of: Mapping[int, list[Line]], whole: Weights) -> bool:
    """Tell of a nameless <footer>, <header> or <aside> of sentences that are not about the site: a badly marked article."""
    if element.tag not in ("footer", "header", "aside") or is_about_others(element) or whole.linked(element):
        return False
    lines = [line for below in element.elements() for line in lines_of.get(id(below), ())]
    prose = sum(line.size for line in lines if is_prose(line) and line.text.endswith(_SENTENCE_ENDS))
    return (
        prose >= MIN_PROSE_CHARS
        and prose >= RUNNING_SHARE * sum(line.size for line in lines)
        and not any(is_furniture(line.text) or _OF_SITE.search(line.text) for line in lines)
    )


def _ids(root: Element | None) -> frozenset[int]:
    return frozenset(id(element) for element in root.elements()) if root is not None else frozenset()


class _Choice:
    """Decides line by line."""

    def __init__(self, body: Element, shown: Shown, heading: Element | None, others: frozenset[int]) -> None:
        lines = shown.lines
        self._body, self._lines, self._heading, self._others = body, lines, heading, others
        self._weights = Weights(shown, others)
        self.in_heading = _ids(heading)
        self._main = self._find_main()
        self._frame = self._find_frame()
        self._in_frame = _ids(self._frame)
        self._path = {id(element) for element in (self._main, *self._main.above())}
        self._inside: dict[int, str | None] = {}
        self._title_at = next((at for at, line in enumerate(lines) if id(line.block) in self.in_heading), -1)
        self._over_heading = {id(above) for above in heading.above()} if heading is not None else set()

    def _find_main(self) -> Element:
        element = self._body
        while True:
            parts = [child for child in element.children if not isinstance(child, str)]
            best = max(parts, key=lambda part: self._weights.weight(part), default=None)
            total = self._weights.weight(element)
            if best is None or not total or self._weights.weight(best) < TRUNK_SHARE * total:
                break
            element = best
        while element.tag in _LEAVES and element.parent is not None and element is not self._body:
            element = element.parent
        return element

    def _find_frame(self) -> Element:
        """Return the smallest element that holds the article and its headline."""
        if self._heading is None:
            return self._main
        above = {id(element) for element in (self._heading, *self._heading.above())}
        return next((each for each in (self._main, *self._main.above()) if id(each) in above), self._body)

    def reasons(self) -> list[str | None]:
        """Return for each line why it is left out; None where it is kept."""
        reasons = [self._reason(at, line) for at, line in enumerate(self._lines)]
        self._leave_out_headed(reasons)
        self._leave_out_lists(reasons)
        return reasons

    def _reason(self, at: int, line: Line) -> str | None:
        if id(line.block) in self._others:
            return "menus and other articles"
        if id(line.block) in self.in_heading:
            return None
        if is_furniture(line.text):
            return "furniture"
        reason = self._part_reason(line.block)
        if reason is None and at < self._title_at and not self._is_over_title(at, line):
            return "above the headline"
        return reason

    def _is_over_title(self, at: int, line: Line) -> bool:
        """Tell of lines above the headline that belong to it: kicker, date."""
        if line.linked or self._heading is None:
            return False
        if is_prose(line) and line.size >= 3 * MIN_PROSE_CHARS:
            return True
        is_near = self._title_at - at <= 2 and line.block.parent is self._heading.parent
        return is_near and line.block.tag not in ("li", "td")

    def _part_reason(self, block: Element) -> str | None:
        """Return why the part of the page that a block stands in is left out; None within the article."""
        passed: list[int] = []
        element = block
        while True:
            place = id(element)
            if place in self._inside:
                reason = self._inside[place]
                break
            passed.append(place)
            above = element.parent
            if place in self._path:
                reason = None if place in self._in_frame else "beside"
                break
            if above is not None and id(above) in self._path:
                reason = self._beside(element, above) if above is not self._main else self._within(element)
                break
            if above is None:
                reason = None
                break
            element = above
        self._inside.update((place, reason) for place in passed)
        return reason

    def _beside(self, part: Element, above: Element) -> str | None:
        """Judge a part that stands beside the article, or beside what holds it."""
        place = id(part)
        weight = self._weights.weight(part)
        if place in self._over_heading:
            return None
        if self._weights.is_linked(part):
            return "links"
        if id(above) in self._in_frame:
            return "menus and other articles" if self._weights.is_feed(part) else None
        return None if weight >= OTHER_TEXT_SHARE * self._weights.weight(self._main) else "beside"

    def _within(self, part: Element) -> str | None:
        """Judge a part of the element that holds the article."""
        is_small = self._weights.weight(part) <= OTHERS_SHARE * self._weights.weight(self._main)
        is_feed = (
            is_small and part.tag != "table" and id(part) not in self._over_heading and self._weights.is_feed(part)
        )
        return "menus and other articles" if is_feed else None

    def _leave_out_headed(self, reasons: list[str | None]) -> None:
        """Leave out what follows a heading over other articles: the rest of its part, or its list."""
        for at, line in enumerate(self._lines):
            if reasons[at] is not None or not heads_others(line.text) or id(line.block) in self.in_heading:
                continue
            reasons[at] = "menus and other articles"
            part = self._part_of_head(line.block)
            inside = _ids(part)
            for after in range(at + 1, len(self._lines)):
                below = self._lines[after]
                if id(below.block) not in inside and (part is not None or not _is_item(below)):
                    break
                reasons[after] = reasons[after] or "menus and other articles"

    def _part_of_head(self, block: Element) -> Element | None:
        """Return the part that a heading stands over; None where it is the article's own part."""
        limit = OTHERS_SHARE * self._weights.weight(self._main)
        part: Element | None = None
        for element in islice((block, *block.above()), 4):
            if id(element) in self._path or self._weights.weight(element) > limit or element is self._heading:
                break
            part = element if element is not block else part
        return part

    def _ends_text(self, at: int, reasons: Sequence[str | None]) -> bool:
        """Whether a line that is nothing but a link stands below the article's running text, and above none."""
        is_link = self._lines[at].linked == self._lines[at].size
        prose = [
            number
            for number, line in enumerate(self._lines)
            if reasons[number] is None and (line.kind == "row" or is_prose(line))
        ]
        return is_link and bool(prose) and prose[-1] < at

    def _leave_out_lists(self, reasons: list[str | None]) -> None:
        """Leave out runs of links and of titles with dates; what is offered for download stays."""
        for run in _runs(self._lines, reasons):
            lines = [self._lines[at] for at in run]
            is_alone = len(run) == 1 and (lines[0].size > MAX_SHORT_CHARS or lines[0].block.tag == "p")
            if is_alone and not leads_elsewhere(lines[0].text) and not self._ends_text(run[0], reasons):
                continue
            for at in run:
                reasons[at] = "links"


def _is_item(line: Line) -> bool:
    return line.block.tag in ("li", "dd", "dt", "td", "a") or line.linked > MAX_LINKED * line.size


def _runs(lines: Sequence[Line], reasons: Sequence[str | None]) -> Iterator[list[int]]:
    run: list[int] = []
    for at, line in enumerate(lines):
        if reasons[at] is not None:
            continue
        if is_entry(line):
            run.append(at)
            continue
        if run and BARE_DATE.fullmatch(line.text):
            run.append(at)
            continue
        if run:
            yield run
        run = []
    if run:
        yield run
