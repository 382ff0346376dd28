"""rag.generation.nearest: which articles a refusal names, and what is quoted of them."""

from dataclasses import replace

import pytest
from grounders import Ground, grounder_of

from index.embedding.embedder import Embedder
from index.language.sentences import split_sentences
from index.records import PartialDate
from index.store import Generation
from rag.evidence.grounding import ungrounded
from rag.generation.nearest import NEAREST_ARTICLES, nearest_questions, nearest_quotes
from rag.reader.bundled import BundledReader
from rag.records import Query, Timings

TREES = "白鹭湿地公园一共种了多少棵树？"
CHOIR = "合唱节的评委是谁？"
FUTURE = "云汀区2030年的PM2.5年均浓度目标是多少？"
BOTH = "白鹭湿地公园的园长和合唱节的评委分别是谁？"


@pytest.mark.parametrize("question", [TREES, CHOIR, FUTURE, "你好", BOTH])
def test_each_of_a_few_articles_is_quoted_once_and_verbatim(ground: Ground, question: str) -> None:
    grounding = ground(question)
    quotes = nearest_quotes(grounding)
    assert 1 <= len(quotes) <= NEAREST_ARTICLES
    assert len({quote.passage.article_id for quote in quotes}) == len(quotes)
    for quote in quotes:
        assert grounding.retrieval.articles[quote.passage.article_id].text[quote.start : quote.end] == quote.text != ""


def test_a_refusal_quotes_what_the_nearest_passages_open_with(ground: Ground) -> None:
    grounding = ground(FUTURE)
    passages = {passage.rank: passage for passage in grounding.retrieval.passages}
    quotes = nearest_quotes(grounding)
    assert quotes[0].passage is passages[1]
    for quote in quotes:
        assert quote.start == quote.passage.start
        assert quote.text == quote.passage.text[: split_sentences(quote.passage.text)[0][1]].rstrip()


def test_related_reports_are_quoted_by_their_best_sentence(ground: Ground) -> None:
    grounding = ground(TREES)
    (part,) = grounding.parts
    quotes = nearest_quotes(grounding)
    assert quotes[0].text == part.decision.evidence[0].text
    for quote in quotes:
        best = next(one for one in part.decision.evidence if one.passage.article_id == quote.passage.article_id)
        assert (quote.start, quote.end, quote.text) == (best.start, best.end, best.text)
    assert any(quote.start > quote.passage.start for quote in quotes)


def test_what_is_not_on_the_matter_is_no_related_report(ground: Ground) -> None:
    grounding = ground(CHOIR)
    assert len({passage.article_id for passage in grounding.retrieval.passages}) >= NEAREST_ARTICLES
    assert ["合唱" in f"{quote.passage.title}{quote.passage.text}" for quote in nearest_quotes(grounding)] == [True]


def test_of_several_things_that_are_asked_each_has_its_reports(ground: Ground) -> None:
    first, second, *_others = nearest_quotes(ground(BOTH))
    assert "白鹭湿地公园" in first.passage.text
    assert "合唱" in second.passage.text


def test_where_an_llm_found_nothing_the_sentence_that_it_was_shown_is_quoted(ground: Ground) -> None:
    answered = ground("2020年云汀区PM2.5年均浓度是多少？同比变化多少？")
    assert answered.refusal is None
    assert "同比下降12.5%" in nearest_quotes(replace(answered, refusal="not_found"))[0].text


def test_without_passages_nothing_is_quoted() -> None:
    assert nearest_quotes(ungrounded(Query(""), "unclear")) == []


@pytest.mark.parametrize(
    ("question", "instead"),
    [
        ("今年云汀区PM2.5年均浓度是多少？", ("2024年云汀区PM2.5年均浓度是多少？",)),
        ("2030年云汀区PM2.5年均浓度是多少？", ()),
    ],
)
def test_where_this_year_lies_behind_all_reports_the_same_may_be_asked_of_the_newest(
    sample: Generation, embedder: Embedder, reader: BundledReader, question: str, instead: tuple[str, ...]
) -> None:
    grounder = grounder_of(sample, embedder, reader)
    grounding = grounder.ground(Query(question, today=PartialDate("2030-05-01")), question, Timings())
    assert grounding.refusal == "out_of_range"
    assert nearest_questions(grounding, sample.days) == instead
