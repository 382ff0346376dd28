"""rag.retrieval.hybrid_search: the candidates of both retrievers, and what each retriever sees in them."""

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embedding.embedder import Embedder
from index.language.normalise import simplify
from index.records import PartialDate
from index.store import Generation
from rag.question.language import detect_language
from rag.records import Query
from rag.retrieval.hybrid_search import CANDIDATES, Candidates, find_candidates
from rag.retrieval.translation.concepts import translate_query
from rag.retrieval.translation.dictionary import load_words

QUESTIONS = [entry["question"] for entry in json.loads((resources.files("rag") / "sample" / "questions.json").read_text("utf-8"))]  # fmt: skip


def search(generation: Generation, embedder: Embedder, query: Query) -> Candidates:
    vector = embedder.embed_queries([simplify(query.text)])[0]
    centred = generation.centering.centre_question(vector, detect_language(query.text))
    terms = generation.lexicon.extract_query_terms(query.text)
    return find_candidates(query, terms, vector, centred, generation)


def check_shares(found: Candidates) -> None:
    for values in (found.bm25_ratio, found.article_bm25_ratio, found.coverage):
        assert np.all((np.asarray(values) >= 0) & (np.asarray(values) <= 1))
    assert np.all(found.bm25 >= 0)
    assert np.all(np.abs(found.features()) <= 1 + 1e-5)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(QUESTIONS) | st.lists(st.sampled_from(QUESTIONS), min_size=2, max_size=4).map("".join))
def test_shares_lie_between_none_and_all(sample: Generation, embedder: Embedder, question: str) -> None:
    found = search(sample, embedder, Query(question))
    check_shares(found)
    assert found.features().shape == (len(found.rows), 3)
    assert len(found.rows) == len(found.cosine) == len(found.centred_cosine) == len(found.bm25)
    assert np.all(np.diff(found.rows) > 0)  # each row once


@pytest.mark.parametrize("text", ["？？", "the of", "🙂", "公园" * 1000])
def test_questions_without_or_with_too_many_words_have_shares_too(
    sample: Generation, embedder: Embedder, text: str
) -> None:
    found = search(sample, embedder, Query(text))
    check_shares(found)
    assert len(found.rows)


def test_the_best_of_either_leg_are_candidates_with_their_scores(sample: Generation, embedder: Embedder) -> None:
    question = "望津桥全长多少米？"
    found = search(sample, embedder, Query(question))
    bm25 = sample.lexical.scores(sample.lexicon.extract_query_terms(question))
    vector = embedder.embed_queries([question])[0]
    every = sample.vectors.scores(vector, range(len(sample.vectors)))
    assert int(bm25.argmax()) in found.rows
    np.testing.assert_array_equal(found.bm25, bm25[found.rows])
    np.testing.assert_allclose(found.cosine, every[found.rows], atol=1e-6)
    centred = sample.centering.centre_question(vector, "zh")
    held = sample.centering.centre_chunks(sample.vectors.vectors(found.rows))
    np.testing.assert_allclose(found.centred_cosine, held @ centred, atol=1e-5)


def test_an_article_share_is_that_of_the_chunks_own_article(sample: Generation, embedder: Embedder) -> None:
    found = search(sample, embedder, Query("白鹭湿地公园总投资多少"))
    owners = sample.article_rows[found.rows]
    for owner in set(owners.tolist()):
        assert len(set(found.article_bm25_ratio[owners == owner].tolist())) == 1
    terms = sample.lexicon.extract_query_terms("白鹭湿地公园总投资多少")
    scores = sample.articles.scores(terms)[owners]
    telling = scores > 0
    ratio = found.article_bm25_ratio[telling] / scores[telling]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-4)


def test_words_that_the_archive_does_not_know_have_no_share_and_no_coverage(
    sample: Generation, embedder: Embedder
) -> None:
    found = search(sample, embedder, Query("zzyzx qwertz"))
    assert not found.bm25_ratio.any()
    assert not found.article_bm25_ratio.any()
    assert found.coverage == 0
    assert len(found.rows) == min(CANDIDATES, len(sample.vectors))  # the dense retriever still has its best


def test_a_question_of_the_archive_stands_out_from_one_that_is_none(sample: Generation, embedder: Embedder) -> None:
    asked, odd = (search(sample, embedder, Query(text)) for text in ("望津桥全长多少米？", "量子色动力学的规范群"))
    assert asked.top_score_z > odd.top_score_z
    assert asked.coverage > odd.coverage


def test_neither_leg_leaves_the_range_of_a_date_filter(sample: Generation, embedder: Embedder) -> None:
    query = Query("区长", first=PartialDate("2021"), last=PartialDate("2021-06"))
    found = search(sample, embedder, query)
    days = sample.days[found.rows]
    assert len(found.rows)
    assert np.all((days[:, 1] >= 20210101) & (days[:, 0] <= 20210631) & (days[:, 0] > 0))
    inside = (sample.days[:, 1] >= 20210101) & (sample.days[:, 0] <= 20210631) & (sample.days[:, 0] > 0)
    assert len(found.rows) == min(CANDIDATES, int(inside.sum()))


def test_a_range_without_articles_has_no_candidates(sample: Generation, embedder: Embedder) -> None:
    found = search(sample, embedder, Query("公园", first=PartialDate("1990"), last=PartialDate("1991")))
    assert len(found.rows) == 0
    assert found.features().shape == (0, 3)
    assert found.top_score_z == pytest.approx(0, abs=1e-4)


def test_concepts_take_the_place_of_the_terms_of_a_question_in_another_language(
    sample: Generation, embedder: Embedder, cache_dir: Path
) -> None:
    question = "How long is the Wangjin Bridge?"
    vector = embedder.embed_queries([question])[0]
    centred = sample.centering.centre_question(vector, "en")
    terms = sample.lexicon.extract_query_terms(question)
    concepts = translate_query(question, load_words(cache_dir), sample.lexicon, sample.lexical).concepts
    without = find_candidates(Query(question), terms, vector, centred, sample)
    found = find_candidates(Query(question), terms, vector, centred, sample, None, concepts)
    check_shares(found)
    assert found.coverage == without.coverage
    seen = {row for row, score in zip(found.rows.tolist(), found.bm25.tolist(), strict=True) if score}
    missed = {row for row, score in zip(without.rows.tolist(), without.bm25.tolist(), strict=True) if not score}
    chunks = sample.catalogue.chunks(sorted(seen & missed))
    texts = [sample.catalogue.articles([chunk.article_id])[chunk.article_id].text for chunk in chunks]
    assert any("望津桥" in text for text in texts)  # only in Chinese, so that the question's own words do not find it
