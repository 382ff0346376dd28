"""rag.facts.answer_spans: which stretches of a sentence could be the answer."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import read_cases

from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from index.records import PartialDate
from rag.facts.answer_spans import find_spans, has_span
from rag.question.analysis import analyse_question

CASES: list[dict[str, Any]] = read_cases("spans")
LEXICON = Lexicon()
STRONG = 0.9
QUESTIONS = [
    "多少家？",
    "谁？",
    "什么时候？",
    "几点开门？",
    "在哪里？",
    "哪个单位？",
    "为什么？",
    "什么职务？",
    "区长是谁？",
]


def spans_of(question: str, sentence: str, printed: str | None = None, lexicon: Lexicon = LEXICON) -> dict[str, float]:
    """Each stretch with its greatest strength."""
    found: dict[str, float] = {}
    analysis = analyse_question(question, lexicon)
    for span in find_spans(analysis, sentence, PartialDate(printed) if printed else None, lexicon):
        text = sentence[span.start : span.end]
        found[text] = max(found.get(text, 0.0), span.strength)
    return found


def test_there_are_cases_of_every_kind() -> None:
    groups = {case["group"] for case in CASES}
    assert {"figures", "units alike", "clock times", "days", "holders", "persons"} <= groups
    assert {"offices", "places", "organisations", "reasons", "other"} <= groups


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['question']} {case['sentence']}")
def test_what_is_asked_for_is_the_strongest_stretch_of_its_sentence(case: dict[str, Any]) -> None:
    found = spans_of(case["question"], case["sentence"], case.get("printed"))
    if case["best"] is not None:
        best = max(found.values(), default=0.0)
        assert set(case["best"]) == {text for text, strength in found.items() if strength == best}
    assert not {text for text in case.get("weak", []) if found.get(text, 0.0) >= STRONG}
    assert not set(case.get("never", [])) & set(found)


@given(
    question=st.sampled_from(QUESTIONS),
    sentence=st.text(st.sampled_from("区长王一二三年月日点时局在于家米1290:：，。 a"), max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_spans_lie_in_their_sentence_from_left_to_right(question: str, sentence: str) -> None:
    analysis = analyse_question(question, LEXICON)
    found = find_spans(analysis, sentence, None, LEXICON)
    assert all(0 <= span.start < span.end <= len(sentence) and 0 < span.strength <= 1 for span in found)
    assert [(span.start, span.end) for span in found] == sorted((span.start, span.end) for span in found)
    assert has_span(analysis, sentence, LEXICON) == max((span.strength for span in found), default=0)


def test_a_name_of_the_operators_dictionary_behind_an_office_is_a_holder() -> None:
    lexicon = Lexicon(Dictionary({"丰收": "nr"}))
    sentence = "区长丰收出席。"
    assert spans_of("区长是谁？", sentence, lexicon=lexicon)["丰收"] >= STRONG
    assert spans_of("区长是谁？", sentence).get("丰收", 0.0) < STRONG


def test_a_word_is_the_holders_name_only_where_nothing_but_a_name_can_stand() -> None:
    assert spans_of("集团首席技术官是谁？", "区长会见首席技术官路桥一行。")["路桥"] >= STRONG
    assert spans_of("区长是谁？", "辞去区长职务，区长任务繁重。").get("任务", 0.0) < STRONG


def test_the_holder_of_an_office_of_the_operators_dictionary_is_found() -> None:
    lexicon = Lexicon(Dictionary({"河长": "office"}))
    sentence = "河长白知秋巡查澜江。"
    assert spans_of("河长是谁？", sentence, lexicon=lexicon)["白知秋"] >= STRONG
    assert spans_of("河长是谁？", sentence).get("白知秋", 0.0) < STRONG


def test_whose_holder_is_asked_for_is_told_without_its_body() -> None:
    (office,) = analyse_question("2021年的区委书记是谁？").asked_offices
    assert office.endswith("书记")
    assert "区" not in office
    assert analyse_question("副区长和区长分别是谁？").asked_offices == ("副区长", "区长")
    assert analyse_question("区长讲了几点意见？").asked_offices == ()


def test_a_name_ends_before_what_follows_names_only() -> None:
    assert "路军" in spans_of("首席运营官是谁？", "区长会见集团首席运营官路军一行。")
    assert "路军一" not in spans_of("会见了谁？", "区长会见集团首席运营官路军一行。")


def test_all_of_a_sort_are_the_name_of_none() -> None:
    assert max(spans_of("哪个镇最低？", "累计浓度为各街镇最低。").values(), default=0.0) < STRONG
    assert spans_of("哪个镇最低？", "青坞镇累计浓度最低。")["青坞镇"] >= STRONG


def test_the_sort_asked_for_is_the_first_word_behind_which() -> None:
    assert analyse_question("哪个街道垃圾分类成绩排第一").head_noun == "街道"
    assert analyse_question("哪个市场开门最早").head_noun == "市场"
