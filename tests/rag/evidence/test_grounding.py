"""rag.evidence.grounding: whether what was found is on the matter where nothing of it answers."""

from dataclasses import replace

import pytest
from grounders import Ground

from rag.evidence.answerability import known_share
from rag.evidence.grounding import RELATED_COVERAGE

RELATED = [
    "白鹭湿地公园一共种了多少棵树？",
    "白鹭湿地公园的园长是谁？",
    "合唱节的评委是谁？",
    "“民声快办”平台的负责人是谁？",
    "How many benches does Egret Wetland Park have?",
]
"""Asked of the sample, which reports on each of these things and does not tell what is asked."""
UNRELATED = [
    "你好",
    "您好！",
    "谢谢",
    "帮助",
    "讲个笑话",
    "请写一首关于爱情的诗",
    "Hi there",
    "How do I bake sourdough bread?",
    "澜江市海棠区的区长是谁？",
    "北京市的市长是谁？",
    "青屿区机场有多少个登机口？",
]


@pytest.mark.parametrize("question", RELATED)
def test_what_the_archive_reports_on_without_telling_what_is_asked_is_related(ground: Ground, question: str) -> None:
    grounding = ground(question)
    assert (grounding.refusal, grounding.is_related) == ("not_found", True)


@pytest.mark.parametrize("question", UNRELATED)
def test_greetings_and_what_the_archive_does_not_report_on_are_not_related(ground: Ground, question: str) -> None:
    grounding = ground(question)
    assert (grounding.refusal, grounding.is_related) == ("not_found", False)


@pytest.mark.parametrize("question", ["2019年云汀区区委书记是谁？", "2025年云汀区区委书记是谁？"])
def test_reports_of_another_time_are_not_related(ground: Ground, question: str) -> None:
    assert not ground(question).is_related


@pytest.mark.parametrize("reason", ["out_of_range", "false_premise", "unclear", "not_allowed", None])
def test_only_what_was_not_found_can_be_related(ground: Ground, reason: str | None) -> None:
    found = ground(RELATED[0])
    assert found.is_related
    assert not replace(found, refusal=reason).is_related  # type: ignore[arg-type]


def test_where_an_llm_finds_no_answer_in_good_evidence_it_is_related(ground: Ground) -> None:
    answered = ground("2020年云汀区PM2.5年均浓度是多少？")
    assert (answered.refusal, answered.is_related) == (None, False)
    assert replace(answered, refusal="not_found").is_related


def test_of_several_things_that_are_asked_one_with_reports_is_enough(ground: Ground) -> None:
    for question, on_the_matter in (
        ("白鹭湿地公园的园长是谁？北京市的市长是谁？", [True, False]),
        ("北京市的市长是谁？白鹭湿地公园的园长是谁？", [False, True]),
    ):
        grounding = ground(question)
        assert [bool(part.on_the_matter) for part in grounding.parts] == on_the_matter
        assert grounding.is_related


def test_what_is_on_the_matter_has_enough_of_all_that_is_asked_not_of_the_words_that_are_known(ground: Ground) -> None:
    (part,) = ground("白鹭湿地公园一共种了多少棵树？").parts
    known = known_share(part.retrieval)
    assert 0 < len(part.on_the_matter) < len(part.decision.evidence)
    for sentence in part.decision.evidence:
        assert (sentence in part.on_the_matter) == (sentence.context_coverage * known >= RELATED_COVERAGE)
    # One word of it is known, and stands in the best passage: that is no report on airport gates.
    (part,) = ground("青屿区机场有多少个登机口？").parts
    assert part.decision.evidence[0].context_coverage > RELATED_COVERAGE
    assert part.on_the_matter == ()
