"""index.repair and index.repair.hard_wraps: cases that an editor can extend, and what must hold for every text.

A case of cases/repair.json gives `kind` (a fault's name, or "unchanged"), `name`, and the lines `before` and `after`;
`fails` says why a case that should pass does not yet.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from repository import read_cases

from index.language.deceptive_characters import reveal
from index.records import Fix
from index.repair import close_kerning, mend, restore_subscripts, undouble_headlines, widen_punctuation
from index.repair.hard_wraps import rejoin_lines
from index.repair.mapped_text import Mapped

Repair = Callable[[str], tuple[str, tuple[Fix, ...]]]

CASES = read_cases("repair")
PASSING = [case for case in CASES if "fails" not in case]
STEPS: tuple[Repair, ...] = (
    undouble_headlines,
    restore_subscripts,
    widen_punctuation,
    rejoin_lines,
    close_kerning,
)
"""In the order in which index.segment.blocks applies them."""
KINDS = {
    "undouble_headlines": {"doubled_headline"},
    "restore_subscripts": {"subscript"},
    "widen_punctuation": {"half_width_punctuation"},
    "rejoin_lines": {"hard_wrap", "hyphenation"},
    "close_kerning": {"kerning", "torn_number"},
}
POSITIVES, NEGATIVES = 12, 40
"""As many cases at least for each fault, and of texts that must not change."""

each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)


def parameters(cases: Sequence[dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(case, id=case["name"], marks=[pytest.mark.xfail(reason=case["fails"])] if "fails" in case else [])
        for case in cases
    ]


def repair(text: str) -> tuple[str, list[Fix]]:
    fixes: list[Fix] = []
    for step in STEPS:
        text, made = step(text)
        fixes += made
    return text, fixes


def replay(text: str, fixes: Sequence[Fix]) -> str:
    """Apply fixes to the text whose offsets they give, last first."""
    ends = [fix.start + len(fix.before) for fix in fixes]
    assert all(end <= fix.start for end, fix in zip(ends, fixes[1:], strict=False)), "fixes overlap"
    for fix in reversed(fixes):
        assert text[fix.start : fix.start + len(fix.before)] == fix.before
        text = text[: fix.start] + fix.after + text[fix.start + len(fix.before) :]
    return text


def printed(text: str) -> str:
    return "".join(text.split())


# Bits of damaged lines: what one repair makes of them, another one may take for a fault of its own.
BITS = [
    "", " ", "\u3000", "\n", "\n\n", "\f", "，", "。", ",", ".", ":", "(", ")", "“", "”", "《", "》", "-", "_", "^",
    "2.5", "2023", "8:30", "1 2", "年", "月", "亿元", "PM_{2.5}", "m^{2}", "CO_2", "(下转03版)", "▼", "本报讯",
    "公园", "望津桥", "重 建", "老站长的日记", "老站长的日记老站长的日记", "速 滑 馆", "记者 王蕾", "摄", "resi-",
    "dents", "long-", "term plan", "By Cai Suyin", "一、", "问：", "\x85", "\u2028", "\U00020000",
]  # fmt: skip
# A page's kind of text: columns of one width, indents, headlines printed twice, broken words, torn numbers.
COLUMN = st.integers(12, 24).flatmap(
    lambda width: st.lists(
        st.text(alphabet="甲乙丙丁，。0123456789 ,:()", min_size=width, max_size=width), min_size=2, max_size=8
    )
)
PIECES = st.lists(st.sampled_from(BITS), max_size=12).map("".join)
PAGES = st.lists(COLUMN | PIECES.map(lambda line: [line]), max_size=6).map(
    lambda blocks: "\n".join(line for block in blocks for line in block)
)
TEXTS = PAGES | PIECES | st.text()


@pytest.mark.parametrize("case", parameters(CASES))
def test_the_case_reads_as_its_editor_says(case: dict[str, Any]) -> None:
    repaired, _fixes = repair("\n".join(case["before"]))
    assert repaired.split("\n") == case["after"]


@pytest.mark.parametrize("case", parameters(PASSING))
def test_the_fault_of_a_case_is_named_in_its_fixes(case: dict[str, Any]) -> None:
    _repaired, fixes = repair("\n".join(case["before"]))
    assert {fix.kind for fix in fixes} >= ({case["kind"]} - {"unchanged"})
    assert bool(fixes) == (case["kind"] != "unchanged")


@pytest.mark.parametrize("case", parameters(PASSING))
def test_repairing_a_repaired_case_changes_nothing(case: dict[str, Any]) -> None:
    repaired, _fixes = repair("\n".join(case["before"]))
    assert repair(repaired) == (repaired, [])


def test_the_cases_have_distinct_names_and_all_their_keys() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.keys() - {"fails"} == {"kind", "name", "before", "after"}
        assert (case["kind"] == "unchanged") == (case["before"] == case["after"])


def test_every_fault_has_its_cases_and_so_has_text_that_must_not_change() -> None:
    counts = Counter(case["kind"] for case in PASSING)
    assert set(counts) == {"unchanged"}.union(*KINDS.values())
    assert counts["unchanged"] >= NEGATIVES
    assert {kind: count for kind, count in counts.items() if count < POSITIVES} == {}


@each_step
def test_a_text_without_a_fault_has_no_fixes(step: Repair) -> None:
    text = "湿地公园建成开放\n\n公园占地六十二公顷，市民可以免费入园。"
    assert step(text) == (text, ())


@each_step
@settings(deadline=None)
@given(TEXTS)
def test_the_fixes_replayed_on_the_input_give_the_output(step: Repair, text: str) -> None:
    repaired, fixes = step(text)
    assert replay(text, fixes) == repaired


@pytest.mark.parametrize(
    "step",
    [
        undouble_headlines,
        restore_subscripts,
        pytest.param(widen_punctuation, marks=pytest.mark.xfail(reason="a mark is judged by marks not yet widened")),
        pytest.param(rejoin_lines, marks=pytest.mark.xfail(reason="the column is learnt anew from the joined lines")),
        close_kerning,
    ],
    ids=lambda step: step.__name__,
)
@settings(deadline=None)
@given(TEXTS)
@example("0,)丁")
@example("区 图 书 馆 今 天 开 放，欢 迎 参 加。")
@example("0" * 20 + "丁，\n" + "0" * 20 + "丁，\n" + "0" * 22)
def test_repairing_twice_changes_no_more_than_repairing_once(step: Repair, text: str) -> None:
    repaired, _fixes = step(text)
    assert step(repaired) == (repaired, ())


@each_step
@settings(deadline=None)
@given(TEXTS)
def test_a_fix_changes_something_and_is_of_a_known_kind(step: Repair, text: str) -> None:
    for fix in step(text)[1]:
        assert fix.before != fix.after
        assert fix.kind in KINDS[step.__name__]


@settings(deadline=None)
@given(TEXTS)
def test_no_printed_character_is_lost_but_those_that_a_fix_records(text: str) -> None:
    repaired, fixes = repair(text)
    kept = Counter(printed(repaired))
    for fix in fixes:
        kept.update(Counter(printed(fix.before)))
        kept.subtract(Counter(printed(fix.after)))
    assert +kept == Counter(printed(text))
    assert not -kept


@settings(deadline=None)
@given(TEXTS)
def test_a_hard_wrap_is_white_space_and_a_hyphenation_one_hyphen_at_most(text: str) -> None:
    for fix in rejoin_lines(text)[1]:
        assert printed(fix.before) in {"hard_wrap": ("",), "hyphenation": ("-", "")}[fix.kind]
        assert re.search(r"[\n\f]", fix.before)
        assert fix.after in {"", " "}


@settings(deadline=None)
@given(TEXTS)
def test_closing_a_gap_drops_spaces_of_one_line_and_no_more(text: str) -> None:
    for fix in close_kerning(text)[1]:
        assert set(fix.before) <= {" ", "\u3000"}
        assert fix.after == ""


COPIES = (2, 3, 4, 6, 9)
"""Twice, three times, and such copies copied again."""


@settings(deadline=None)
@given(TEXTS)
def test_a_copy_is_the_printed_text_twice_or_three_times(text: str) -> None:
    for fix in undouble_headlines(text)[1]:
        before, after = Counter(printed(fix.before)), Counter(printed(fix.after))
        assert any(before == Counter({mark: copies * count for mark, count in after.items()}) for copies in COPIES)
        assert "\n" not in fix.before


@settings(deadline=None)
@given(TEXTS)
def test_a_mark_is_widened_in_its_place(text: str) -> None:
    widened, fixes = widen_punctuation(text)
    assert len(widened) == len(text)
    assert all(len(fix.before) == len(fix.after) == 1 for fix in fixes)


@settings(deadline=None)
@given(TEXTS)
def test_a_subscript_keeps_its_letters_and_loses_its_marks(text: str) -> None:
    for fix in restore_subscripts(text)[1]:
        assert re.sub(r"[_{}^]", "", fix.before) == fix.after.translate({0xB2: "2", 0xB3: "3"})


@settings(deadline=None)
@given(TEXTS)
@example("老站长的PM_{2.5}老站长的PM_{2.5}")
@example("望津桥,重建望津桥,重建\n(下转03版)")
def test_mending_is_showing_plainly_and_the_three_repairs_that_need_no_lines(text: str) -> None:
    mended, fixes = mend(text)
    assert mended.text == widen_punctuation(restore_subscripts(undouble_headlines(reveal(text))[0])[0])[0]
    assert bool(fixes) == (mended.text != text)


@settings(deadline=None)
@given(TEXTS)
@example("老站长的PM_{2.5}老站长的PM_{2.5}")
def test_a_mended_character_stands_where_it_was_or_in_the_slice_that_was_mended(text: str) -> None:
    mended, _fixes = mend(text)
    kept = Mapped.of(text)
    for character, start, end in zip(mended.text, mended.starts, mended.ends, strict=True):
        assert 0 <= start < end <= len(kept)
        assert end - start > 1 or text[start] == character or not text[start].isalnum()


def test_all_fixes_of_mending_count_in_the_text_as_it_was() -> None:
    text = "　　老站长的日记老站长的日记\n平均浓度,即PM_{2.5},为31."
    mended, fixes = mend(text)
    assert mended.text == "　　老站长的日记\n平均浓度，即PM2.5，为31."
    assert [(fix.kind, text[fix.start : fix.start + len(fix.before)]) for fix in sorted(fixes, key=lambda f: f.start)] == [
        ("doubled_headline", "老站长的日记老站长的日记"),
        ("half_width_punctuation", ","),
        ("subscript", "_{2.5}"),
        ("half_width_punctuation", ","),
    ]  # fmt: skip


SIZE = 100_000
HOSTILE = {
    "spaces": " ",
    "ideographic spaces": "\u3000",
    "digits": "7",
    "spaced digits": "7 ",
    "open brackets": "(",
    "open title brackets": "《",
    "closed brackets": "(甲)",
    "one character": "甲",
    "spaced characters": "甲 ",
    "spaced characters in a title": "《甲 乙",
    "two letters": "AB",
    "underscores": "a_{",
    "commas": "甲,",
    "full stops": "。",
    "blank lines": "\n",
    "short lines": "甲\n",
    "lines of a column": "区六届人大六次会议昨日在区会议中心闭幕，\n",
    "doubled headlines": "望津桥年内开工望津桥年内开工\n",
    "lines that nearly repeat": "望津桥望津桥望津桥望津桥望津桥望津甲\n",
    "gaps in long clauses": "会议指出 要先治水 ",
    "credits": "葛一帆 摄 ",
    "names in brackets": "（记者 王蕾 ",
    "hyphens": "resi-\ndents ",
}
FACTOR = 10
MOST = 3.0
"""Ten times the text may take this many times ten times as long; quadratic time would be ten."""
MOST_SECONDS = 2.0
"""For 100 kB."""


def hostile_texts() -> list[Any]:
    return [pytest.param(step, unit, id=f"{step.__name__}-{name}") for step in STEPS for name, unit in HOSTILE.items()]


@pytest.mark.benchmark
@pytest.mark.parametrize(("step", "unit"), hostile_texts())
def test_ten_times_a_hostile_text_takes_little_more_than_ten_times_as_long(step: Repair, unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (SIZE // FACTOR, SIZE))
    step(unit * 4)  # what is loaded at the first use
    started = time.perf_counter()
    step(small)
    short = time.perf_counter() - started
    assert short < MOST_SECONDS / FACTOR  # else the large one would take minutes
    started = time.perf_counter()
    step(large)
    long = time.perf_counter() - started
    assert long < max(MOST * FACTOR * short, 0.5)
    assert long < MOST_SECONDS
