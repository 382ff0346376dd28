"""index.repair: cases that an editor can extend in cases/repair.json, and what must hold for every text.

A case gives `kind` (a fault's name, or "unchanged"), `name`, and the lines `before` and `after`; `fails` says why
a case that should pass does not yet.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Fix
from index.repair import rejoin_lines, undouble_headlines

CASES = json.loads((Path(__file__).parent / "cases" / "repair.json").read_text(encoding="utf-8"))
PASSING = [case for case in CASES if "fails" not in case]


def parameters(cases: Sequence[dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(case, id=case["name"], marks=[pytest.mark.xfail(reason=case["fails"])] if "fails" in case else [])
        for case in cases
    ]


def repair(text: str) -> tuple[str, tuple[Fix, ...]]:
    rejoined, wraps = rejoin_lines(text)
    repaired, doubles = undouble_headlines(rejoined)
    return repaired, (*wraps, *doubles)


def replay(text: str, fixes: Sequence[Fix]) -> str:
    """Apply fixes to the text whose offsets they give, last first."""
    for fix in sorted(fixes, key=lambda fix: fix.start, reverse=True):
        assert text[fix.start : fix.start + len(fix.before)] == fix.before
        text = text[: fix.start] + fix.after + text[fix.start + len(fix.before) :]
    return text


def tidy(text: str) -> str:
    """Lines without white space at their ends, blank ones left out: what rejoining does without a word."""
    return "\n".join(line.strip() for line in re.split(r"[\n\f]", text) if line.strip())


def printed(text: str) -> str:
    return "".join(text.split())


# A page's kind of text: columns of one width, indents, headlines printed twice, broken words, torn numbers.
COLUMN = st.integers(12, 24).flatmap(
    lambda width: st.lists(
        st.text(alphabet="甲乙丙丁，。0123456789", min_size=width, max_size=width), min_size=2, max_size=8
    )
)
ENGLISH = st.lists(
    st.sampled_from(["the district has about foreign resi-", "dents, most of them engineers and", "(See", "B.", "a-"])
)
ODD = st.lists(
    st.sampled_from(
        ["", "　　", "▼甲", "（下转03版）", "亿元。", "共12", "老站长的日记老站长的日记", "\f", "\x85 \u2028"]
    )
)
PAGES = st.lists(COLUMN | ENGLISH | ODD, max_size=6).map(
    lambda blocks: "\n".join(line for block in blocks for line in block)
)
TEXTS = PAGES | st.text()


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
    assert repair(repaired) == (repaired, ())


def test_the_cases_have_distinct_names_and_all_their_keys() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.keys() - {"fails"} == {"kind", "name", "before", "after"}
        assert (case["kind"] == "unchanged") == (case["before"] == case["after"])


@settings(deadline=None)
@given(TEXTS)
def test_the_fixes_of_rejoining_replayed_on_the_input_give_the_output(text: str) -> None:
    rejoined, fixes = rejoin_lines(text)
    assert tidy(replay(text, fixes)) == rejoined


@settings(deadline=None)
@given(TEXTS)
def test_the_fixes_of_undoubling_replayed_on_the_input_give_the_output(text: str) -> None:
    single, fixes = undouble_headlines(text)
    assert replay(text, fixes) == single


@settings(deadline=None)
@given(TEXTS)
def test_no_printed_character_is_lost_but_those_that_a_fix_records(text: str) -> None:
    repaired, fixes = repair(text)
    lost = Counter(printed(text)) - Counter(printed(repaired))
    recorded: Counter[str] = Counter()
    for fix in fixes:
        recorded += Counter(printed(fix.before)) - Counter(printed(fix.after))
    assert lost == recorded
    assert not Counter(printed(repaired)) - Counter(printed(text))  # and none is invented


@settings(deadline=None)
@given(TEXTS)
def test_a_hard_wrap_is_white_space_and_a_hyphenation_one_hyphen(text: str) -> None:
    for fix in rejoin_lines(text)[1]:
        assert printed(fix.before) == {"hard_wrap": "", "hyphenation": "-"}[fix.kind]
        assert fix.after in {"", " "}


@settings(deadline=None)
@given(TEXTS)
def test_a_doubled_headline_is_the_printed_text_twice(text: str) -> None:
    for fix in undouble_headlines(text)[1]:
        assert printed(fix.before) == printed(fix.after) * 2


@settings(deadline=None)
@given(TEXTS)
def test_a_page_without_blank_lines_comes_back_in_no_more_lines_than_it_had(text: str) -> None:
    rejoined, fixes = rejoin_lines(text)
    assert len(tidy(text).split("\n")) - len(rejoined.split("\n")) == len(fixes)
