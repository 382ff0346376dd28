"""rag.evidence.decision: whether the archive can answer, and if not, why."""

from collections.abc import Callable
from typing import Any

import pytest
from grounders import grounder_of
from hypothesis import given
from hypothesis import strategies as st
from repository import read_cases

from index.embedding.embedder import Embedder
from index.language.normalise import simplify
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.evidence.answerability import answer_probability, threshold
from rag.evidence.decision import Decision, decide
from rag.evidence.grounding import Grounding
from rag.evidence.sentence_ranking import find_evidence
from rag.question.analysis import analyse_question
from rag.reader.bundled import BundledReader
from rag.records import Query, RefusalReason, Timings
from rag.retrieval.retriever import Retriever

pytestmark = pytest.mark.anyio

OPINIONS: dict[str, list[str]] = read_cases("opinions")
TODAY = PartialDate("2023-12-31")
REFUSED: list[Any] = [
    ("云汀区2030年的PM2.5年均浓度目标是多少？", "out_of_range"),
    pytest.param(
        "2015年云汀区PM2.5年均浓度是多少？",
        "out_of_range",
        marks=pytest.mark.xfail(reason="十年来 of another report covers the year, so that it counts as known of"),
    ),
    ("How many passengers did Yunting Airport handle in 2026?", "out_of_range"),
    ("云汀区地铁3号线是哪一年开通的？", "not_found"),
    ("澜江市海棠区的区长是谁？", "not_found"),
    ("北京市的市长是谁？", "not_found"),
    ("蓬莱市的市长是谁？", "not_found"),
    ("请写一首关于爱情的诗", "not_allowed"),
    ("How do I bake sourdough bread?", "not_found"),
    ("你觉得江怀瑾干得怎么样？", "not_allowed"),
    ("是谁？", "unclear"),
    ("", "unclear"),
    (" \n\u3000", "unclear"),
]
FALSE = [
    ("王建国向区档案馆捐赠了多少幅渔港旧画？", "李建军"),
    ("区政府为什么撤销纺织厂合唱队“文明团队”称号？", "授予"),
    ("區政府為什麼撤銷紡織廠合唱隊“文明團隊”稱號？", "授予"),
]


@pytest.fixture
def decided(town: Generation, embedder: Embedder, reader: BundledReader) -> Callable[..., Decision]:
    def find(question: str, wrong_cost: float = 0.5) -> Decision:
        grounder = grounder_of(town, embedder, reader, wrong_cost)
        retrieval = grounder.retriever.retrieve(Query(question, top_k=16, today=TODAY), reads=True)
        found = find_evidence(retrieval, town.lexical, town.lexicon)
        return decide(retrieval, found, town, grounder.archive, wrong_cost)

    return find


# ---- of the sample


@pytest.mark.parametrize(("question", "reason"), REFUSED)
async def test_what_the_archive_cannot_answer_is_refused_with_its_reason(
    sample: Generation, embedder: Embedder, question: str, reason: RefusalReason
) -> None:
    answer = await Answerer(sample, embedder).answer(Query(question))
    assert answer.status == "refused"
    assert answer.refusal is not None
    assert answer.refusal.reason == reason
    assert answer.answer == answer.refusal.message
    assert (answer.citations, answer.statements) == ((), ())


async def test_a_refusal_names_the_years_that_the_archive_covers(sample: Generation, embedder: Embedder) -> None:
    answer = await Answerer(sample, embedder).answer(Query("云汀区2030年的目标是多少？"))
    assert all(year in answer.answer for year in ("2020", "2024", "2030"))


async def test_a_refusal_is_in_the_language_of_the_question(sample: Generation, embedder: Embedder) -> None:
    answer = await Answerer(sample, embedder).answer(Query("How many trams ran in Yunting in 2035?"))
    assert answer.answer.isascii()


async def test_a_refusal_shows_the_nearest_articles_once_each(sample: Generation, embedder: Embedder) -> None:
    answer = await Answerer(sample, embedder).answer(Query("云汀区2030年的PM2.5年均浓度目标是多少？"))
    assert answer.refusal is not None
    nearest = answer.refusal.nearest
    assert 1 <= len(nearest) <= 3
    assert len({citation.article_id for citation in nearest}) == len(nearest)
    for citation in nearest:
        article = sample.catalogue.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote != ""


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("2020年云汀区区委书记是谁？", "顾砚舟"),
        ("2020年云汀区区长是谁？", "陆承安"),
        ("2021年云汀区区长是谁？", "沈若兰"),
        ("2022年云汀区区委书记是谁？", "顾砚舟"),
        ("2022年云汀区区长是谁？", "沈若兰"),
        ("2023年云汀区区长是谁？", "江怀瑾"),
    ],
)
async def test_who_held_an_office_is_right_for_its_year(
    sample: Generation, embedder: Embedder, question: str, name: str
) -> None:
    answer = await Answerer(sample, embedder).answer(Query(question))
    assert name in answer.answer


@pytest.mark.parametrize("year", [2019, 2025])
async def test_a_year_that_a_report_only_mentions_tells_nothing_of_who_held_an_office(
    sample: Generation, embedder: Embedder, year: int
) -> None:
    answer = await Answerer(sample, embedder).answer(Query(f"{year}年云汀区区委书记是谁？"))
    assert answer.status == "refused"


# ---- of the made-up district


@pytest.mark.parametrize(("question", "told"), FALSE)
async def test_a_false_premise_is_refused_with_what_the_archive_says_instead(
    town: Generation, embedder: Embedder, question: str, told: str
) -> None:
    answer = await Answerer(town, embedder).answer(Query(question, today=TODAY))
    assert answer.refusal is not None
    assert answer.refusal.reason == "false_premise"
    assert answer.answer.startswith(answer.refusal.message)
    (citation,) = answer.citations
    assert told in citation.quote
    assert citation.quote in simplify(answer.answer).replace("[1]", "")


@pytest.mark.parametrize(
    "question", ["李建军向区档案馆捐赠了多少幅渔港旧画？", "区政府授予了纺织厂合唱队什么称号？", "区政府是否撤销了合唱队的称号？"]
)  # fmt: skip
def test_a_right_or_an_open_premise_is_no_false_one(decided: Callable[..., Decision], question: str) -> None:
    assert decided(question).refusal != "false_premise"


GUESSES = [
    ("区防汛办和北堤的与会人员有哪些？", True),  # 办和北堤 is the segmenter's slip
    ("区防汛办和北堤今年投入了多少台水泵？", True),
    ("蓬莱市和北堤今年投入了多少台水泵？", False),  # a place of that name there is, and no report has it
    ("澜江市和北堤今年投入了多少台水泵？", False),
    ("天安门和北堤今年投入了多少台水泵？", False),
    ("听潮桥在1990年以前叫什么？", True),
    ("听潮桥在1990年叫什么？", False),
    ("Who is Peter Kuechly?", True),
    ("How many fishing boats did NATO overhaul?", True),
]


@pytest.mark.parametrize(("question", "is_doubtful"), GUESSES)
def test_a_refusal_that_hangs_on_a_guess_is_a_doubt(
    decided: Callable[..., Decision], question: str, *, is_doubtful: bool
) -> None:
    decision = decided(question)
    assert decision.refusal is not None
    assert decision.is_doubtful == is_doubtful


def test_what_was_before_a_year_is_told_by_reports_of_then_or_later(decided: Callable[..., Decision]) -> None:
    decision = decided("2021年以前听潮桥建设工程是哪天开工的？")
    assert "2019年5月2日" in decision.evidence[0].text
    assert not any("2021年10月1日" in evidence.text for evidence in decision.evidence)
    assert decided("听潮桥在1990年以前叫什么？").refusal == "not_found"


def test_nothing_found_is_out_of_range_only_for_years_outside(
    town: Generation, embedder: Embedder, reader: BundledReader
) -> None:
    for question, reason in (
        ("2035年植树多少棵？", "out_of_range"),
        ("2021年植树多少棵？", "not_found"),
        ("2021年和2035年植树多少棵？", "not_found"),
        ("植树多少棵？", "not_found"),
    ):
        grounder = grounder_of(town, embedder, reader)
        retrieval = grounder.retriever.retrieve(Query(question, today=TODAY))
        assert decide(retrieval, [], town, grounder.archive, 0.5).refusal == reason


@pytest.mark.parametrize("question", OPINIONS["refused"])
def test_no_opinion_on_a_person_is_given(town: Generation, question: str) -> None:
    assert analyse_question(question, town.lexicon).wants_opinion


@pytest.mark.parametrize("question", OPINIONS["allowed"])
def test_what_officials_did_and_said_may_be_asked(town: Generation, question: str) -> None:
    assert not analyse_question(question, town.lexicon).wants_opinion


def test_there_are_enough_wordings_of_either() -> None:
    assert all(len(set(questions)) >= 10 for questions in OPINIONS.values())


def test_a_question_without_anything_to_look_for_is_unclear(decided: Callable[..., Decision]) -> None:
    decision = decided("是谁？")
    assert (decision.refusal, decision.evidence) == ("unclear", ())


def test_what_is_answered_comes_with_shares_that_add_up_to_one(decided: Callable[..., Decision]) -> None:
    decision = decided("青屿区常住人口是多少？")
    assert decision.refusal is None
    assert decision.correction is None
    assert sum(evidence.share for evidence in decision.evidence) == pytest.approx(1)
    assert 0.5 < decision.probability <= 1


# ---- cost


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_dearer_a_wrong_answer_the_surer_one_must_be(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= threshold(low) <= threshold(high) <= 1


def test_where_both_mistakes_cost_the_same_the_likelier_outcome_decides() -> None:
    assert threshold(1) == 0.5
    assert threshold(0) == 0
    assert threshold(3) == pytest.approx(0.75)


def test_what_a_wrong_answer_costs_changes_the_decision(decided: Callable[..., Decision]) -> None:
    question = "听潮桥的设计者是哪年出生的？"
    bold, careful = decided(question, wrong_cost=0.0), decided(question, wrong_cost=0.5)
    assert (bold.refusal, careful.refusal) == (None, "not_found")
    assert {one.text for one in bold.evidence} == {one.text for one in careful.evidence}
    sure = decided("青屿区常住人口是多少？", wrong_cost=0.5)
    assert decided("青屿区常住人口是多少？", wrong_cost=1e6).refusal == "not_found"
    assert sure.refusal is None


def test_the_cost_is_handed_down_to_each_part(town: Generation, embedder: Embedder, reader: BundledReader) -> None:
    def found(wrong_cost: float) -> Grounding:
        question = "听潮桥全长多少米？地铁3号线何时开通？"
        return grounder_of(town, embedder, reader, wrong_cost).ground(Query(question, today=TODAY), question, Timings())

    assert [part.decision.refusal for part in found(0.5).parts] == [None, "not_found"]
    assert found(0.5).refusal is None
    assert [part.decision.refusal for part in found(1e6).parts] == ["not_found", "not_found"]
    assert found(1e6).refusal == "not_found"


# ---- probability


def test_the_probability_lies_between_0_and_1_and_is_0_without_evidence(
    town: Generation, embedder: Embedder, reader: BundledReader
) -> None:
    for question in ("青屿区常住人口是多少？", "地铁3号线何时开通？", "How many stalls does the night market have?"):
        retrieval = Retriever(town, embedder, reader).retrieve(Query(question, top_k=16), reads=True)
        found = find_evidence(retrieval, town.lexical, town.lexicon)
        probability = answer_probability(retrieval, found, town.lexicon)
        assert 0 < probability < 1
        assert answer_probability(retrieval, [], town.lexicon) == 0


def test_what_the_archive_knows_is_likelier_answered_than_what_it_does_not(decided: Callable[..., Decision]) -> None:
    known = ["青屿区常住人口是多少？", "全区检修了多少艘渔船？", "湖心小学的校长是谁？"]
    unknown = ["地铁3号线何时开通？", "青屿区机场有多少个登机口？", "水族馆养了多少只企鹅？"]
    least = min(decided(question).probability for question in known)
    assert least > max(decided(question).probability for question in unknown)
