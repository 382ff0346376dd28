"""Words that speak of the prompt never reach a reader: cases in tests/cases/service_words.json."""

import pytest
from repository import read_cases

from rag.generation.service_words import without_service_words

CASES = read_cases("service_words")


@pytest.mark.parametrize(("said", "told"), CASES["rewritten"])
def test_what_speaks_of_the_prompt_is_taken_off_or_called_a_report(said: str, told: str) -> None:
    assert without_service_words(said) == told


@pytest.mark.parametrize("said", CASES["kept"])
def test_what_was_reported_stays_as_it_is(said: str) -> None:
    assert without_service_words(said) == said


@pytest.mark.parametrize("said", [case[0] for case in CASES["rewritten"]])
def test_what_was_rewritten_needs_no_more_rewriting(said: str) -> None:
    told = without_service_words(said)
    assert without_service_words(told) == told
