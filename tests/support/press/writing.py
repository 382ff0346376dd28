"""Boxes in an extractor's order become the page's text; where each line came to stand becomes the gold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from press import damage
from press.desk import PagePlan
from press.kinds import Style
from press.layout import Box
from press.typesetting import Line

_MASTHEADS = (
    "云汀报",
    "云汀时报",
    "YUNTING DAILY",
    "要闻",
    "综合新闻",
    "民生",
    "{page}版",
    "{date} 星期{day}",
    "第{number}期",
)
_IMPRINTS = (
    "责任编辑 {name}",
    "本版编辑：{name} 美编：{name}",
    "电话：{number}8 邮箱：yuntingbao@example.cn",
    "版式 {name}  校对 {name}",
)
_WATERMARKS = (
    "云汀报数字报刊平台",
    "内部资料 请勿外传",
    "yuntingbao.example.cn",
    "仅供查阅",
    "云汀区融媒体中心版权所有",
)
_FOLIOS = ("{n}", "— {n} —", "A{n:02d}", "第{n}页", "{n:02d}")
_BLANK_AT_COLUMN_END = 0.35
"""Share of column ends that get a blank line in the style "wrapped": six of some twenty on the real page."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it stands in the page's text: `text[start:end]`.

    Args:
        box: number of its box in the extractor's order; -1 for lines of no box.
        block: number of its story's text block.
    """

    line: Line
    box: int
    block: int
    column: int
    start: int = 0
    end: int = 0


def write(boxes: list[Box], plan: PagePlan, style: Style, rng: Random) -> tuple[str, list[Written]]:
    """Return the page's text, and its lines in the order in which they stand there."""
    lines = [
        Written(_worn(line, plan, edge=n in {0, len(box.lines) - 1}, rng=rng), number, box.block, box.column)
        for number, box in enumerate(boxes)
        for n, line in enumerate(box.lines)
    ]
    lines = _with_noise([w for w in lines if w.line.text.strip()], plan, rng)
    between = rng.choice(("\n", "\n\n", "\n\n", "\n\n\n", "\n\n "))
    indented = style in {"bare", "wrapped"} and rng.random() < 0.25
    text, placed = rng.choice(("", " ", "")), list[Written]()
    for number, written in enumerate(lines):
        if number:
            text += _separator(lines[number - 1], written, style, between, rng)
        indent = "　　" if indented and written.line.first else ""
        start = len(text) + len(indent)
        text += indent + written.line.text
        placed.append(replace(written, start=start, end=len(text)))
    return text + rng.choice(("", "\n", "\n\n")), placed


def _separator(before: Written, after: Written, style: Style, between: str, rng: Random) -> str:
    heading = after.line.role == before.line.role == "headline"
    same_thread = before.line.story == after.line.story and before.line.role == after.line.role
    threaded = (
        same_thread or {before.line.role, after.line.role} == {"body", "subhead"}
    ) and before.block == after.block
    if before.box != after.box and not (threaded and before.line.role in {"body", "subhead"}):
        return between if rng.random() < 0.7 else rng.choice(("\n", "\n\n"))
    if heading and before.box == after.box:
        return "\n"
    if style == "bare":
        return "\n"
    if style == "spaced":
        return "\n\n"
    if before.box != after.box:  # the next column of the same thread
        blank = style == "joined" or before.line.ends or rng.random() < _BLANK_AT_COLUMN_END
        return "\n\n" if blank else "\n"
    if before.line.ends:
        return "\n\n"
    return "" if style == "joined" and "noise" not in {before.line.role, after.line.role} else "\n"


def _worn(line: Line, plan: PagePlan, *, edge: bool, rng: Random) -> Line:
    """Damage the characters of a line as its page and story say."""
    text, kinds = line.text, plan.stories[line.story].kinds if line.story >= 0 else frozenset()
    if "gaps" in plan.kinds and line.role in {"body", "caption"}:
        text = damage.with_gaps(text, rng)
    if "lost_punctuation" in plan.kinds and line.role == "body" and not edge:
        text = damage.without_last_mark(text, rng)
    if "half_width" in plan.kinds and line.role not in {"advert", "noise"}:
        text = damage.half_width(text)
    if "kerned_body" in kinds and line.role == "body" and rng.random() < 0.4 and "\t" not in text:
        text = damage.kerned(text, rng)
    if line.role == "headline":
        if "kerned_head" in kinds:
            text = damage.spread(text) if len(text) <= 14 else damage.kerned(text, rng, 0.4)
        if "doubled_head" in plan.kinds and "vertical_head" not in kinds and rng.random() < 0.75:
            text = damage.doubled(text, rng)
    if "zero_width" in plan.kinds and not edge and line.role == "body":
        text = damage.with_zero_width(text, rng)
    return replace(line, text=text)


def _noise(text: str) -> Written:
    return Written(Line(text, "noise", -1), -1, 0, 0)


def _filled(pattern: str, rng: Random) -> str:
    year, month, day = rng.randint(2016, 2025), rng.randint(1, 12), rng.randint(1, 28)
    return pattern.format(
        page=f"{rng.randint(1, 8):02d}", date=f"{year}年{month}月{day}日", day=rng.choice("一二三四五六日"),
        number=rng.randint(100, 3000), name=rng.choice(("林亦舟", "陆承安", "叶知非", "罗济川")),
    )  # fmt: skip


def _with_noise(lines: list[Written], plan: PagePlan, rng: Random) -> list[Written]:
    """Add mastheads, imprints, page numbers and watermarks."""
    made = list(lines)
    if "watermark" in plan.kinds:
        mark = rng.choice(_WATERMARKS)
        tiled = rng.random() < 0.5
        every = rng.randint(15, 40) if tiled else max(2, len(made) // 2)
        for at in range(len(made) - rng.randint(1, every), 0, -every):
            made.insert(at, _noise(mark))
    if "folio" in plan.kinds:
        edges = [n for n in range(1, len(made)) if made[n].box != made[n - 1].box] or [len(made)]
        pattern, number = rng.choice(_FOLIOS), rng.randint(1, 8)
        for at in sorted(rng.sample(edges, min(len(edges), rng.choice((1, 1, 2)))), reverse=True):
            made.insert(at, _noise(pattern.format(n=number)))
    if "furniture" in plan.kinds:
        heads = [_noise(_filled(p, rng)) for p in rng.sample(_MASTHEADS, rng.randint(1, 4))]
        feet = [_noise(_filled(rng.choice(_IMPRINTS), rng))] if rng.random() < 0.6 else []
        made = heads + made + feet if rng.random() < 0.75 else feet + made + heads
    return made


def spans_of(lines: list[Written], story: int) -> Iterator[tuple[Written, Written]]:
    """Yield the first and last line of each stretch of a story's text that stands together, in reading order."""
    own = sorted(
        (n for n, w in enumerate(lines) if w.line.story == story and w.line.role in {"body", "subhead"}),
        key=lambda n: lines[n].line.order,
    )
    start = 0
    for k in range(1, len(own) + 1):
        if k == len(own) or own[k] != own[k - 1] + 1:
            yield lines[own[start]], lines[own[k - 1]]
            start = k
