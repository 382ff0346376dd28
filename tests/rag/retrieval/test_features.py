"""rag.retrieval.features: what speaks for a candidate, as numbers."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from index.dates import find_dates
from index.embedding.embedder import Embedder
from index.language.sentences import find_content_sentences
from index.records import Article, PartialDate
from index.store import Generation, open_generation
from index.store.catalogue import StoredChunk
from rag.question.analysis import analyse_question
from rag.records import Query
from rag.retrieval.features import FEATURES, FUSION, Candidate, extract_features, load_ranking_weights
from rag.retrieval.overlap import QuestionNgrams, containment, ngrams
from rag.retrieval.retriever import RERANKED, Retriever
from rag.retrieval.translation.concepts import NO_TRANSLATION, translate_query
from rag.retrieval.translation.dictionary import load_words

TIMELY = ("printed", "mentioned", "mentioned_in_article", "contradiction")


@pytest.fixture
def retriever(sample: Generation, embedder: Embedder) -> Retriever:
    return Retriever(sample, embedder)


def candidate(text: str, title: str | None = None, *, date: str = "2022-06-01", start: int = 0) -> Candidate:
    day = PartialDate(date)
    article = Article("a", "a.txt", "a", 0, text, title=title, date=day, dates=find_dates(text, day))
    near = np.linspace(0.2, 0.4, len(find_content_sentences(text[start:])), dtype=np.float32)
    return Candidate(
        chunk=StoredChunk(0, "a.0", "a", 0 if start == 0 else 1, start, len(text), ""),
        article=article,
        cosine=0.9,
        centred_cosine=0.5,
        bm25=3.0,
        bm25_ratio=0.25,
        article_bm25_ratio=0.125,
        sentences=near,
        in_article=np.empty(0, np.float32),
    )


def weighed(sample: Generation, question: str, *candidates: Candidate) -> list[dict[str, float]]:
    analysis = analyse_question(question, sample.lexicon, PartialDate("2024-12-31"))
    none = np.zeros(len(analysis.terms), np.float32)
    held = [
        Candidate(
            c.chunk,
            c.article,
            c.cosine,
            c.centred_cosine,
            c.bm25,
            c.bm25_ratio,
            c.article_bm25_ratio,
            c.sentences,
            none,
        )
        for c in candidates
    ]
    table = extract_features(analysis, held, sample)
    return [dict(zip(FEATURES, row, strict=True)) for row in table.tolist()]


@pytest.mark.parametrize(
    "text",
    [
        "？？",
        "the of",
        "",
        "公园" * 1000,
        "How long is the new Wangjin Bridge?",
        "白鷺濕地公園總投資多少？",
        "2020年PM2.5",
        "\0",
    ],
)
def test_any_question_gives_one_row_of_finite_numbers_a_candidate(retriever: Retriever, text: str) -> None:
    found = retriever.gather_candidates(Query(text))
    assert found.features.shape == (min(RERANKED, len(found.candidates)), len(FEATURES))
    assert len(found.features)
    assert found.features.dtype == np.float32
    assert np.isfinite(found.features).all()


def test_without_candidates_there_are_no_rows(sample: Generation, retriever: Retriever) -> None:
    found = retriever.gather_candidates(Query("公园", first=PartialDate("1990"), last=PartialDate("1991")))
    assert found.features.shape == (0, len(FEATURES))


def test_the_weights_are_those_of_the_features() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    for weights, names in zip(load_ranking_weights(), (FUSION, FEATURES), strict=True):
        assert weights.in_language.shape == weights.cross_language.shape == (len(names),)
        assert np.isfinite(weights.in_language).all()
        assert np.isfinite(weights.cross_language).all()


def test_shares_and_yes_or_no_lie_between_0_and_1(retriever: Retriever) -> None:
    table = retriever.gather_candidates(Query("2020年云汀区PM2.5年均浓度是多少？")).features
    free = {"centred_cosine", "nearest_sentence", "mean_sentence", "length", "printed"}
    columns = table[:, [place for place, name in enumerate(FEATURES) if name not in free]]
    assert np.all((columns >= 0) & (columns <= 1 + 1e-5))
    assert np.all(np.abs(table[:, FEATURES.index("printed")]) <= 0.5)


def test_what_both_legs_saw_is_handed_on(sample: Generation) -> None:
    (row,) = weighed(sample, "望津桥全长多少米？", candidate("新桥全长四百一十二米。双向四车道通行。"))
    expected = {
        "centred_cosine": 0.5,
        "nearest_sentence": 0.4,
        "mean_sentence": 0.3,
        "bm25_ratio": 0.25,
        "article_bm25_ratio": 0.125,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_a_sentence_with_the_characters_asked_for_counts_and_not_the_rest_of_the_chunk(sample: Generation) -> None:
    together, apart = weighed(
        sample,
        "谁演唱了区歌？",
        candidate("歌手登台献唱区歌。渡口有石灯。"),
        candidate("歌手登台。他演说区里的事。渡口有石灯。"),
    )
    assert together["characters"] > apart["characters"] > 0


def test_a_title_with_the_words_asked_for_covers_them(sample: Generation) -> None:
    text = "渡口边立了三盏石灯。"
    with_words, with_others, without = weighed(
        sample, "望津桥全长", candidate(text, "望津桥全长"), candidate(text, "湿地公园"), candidate(text)
    )
    assert with_words["covered_title"] > 0.9
    assert with_others["covered_title"] == without["covered_title"] == 0


def test_figures_and_runs_of_characters_count_in_every_spelling(sample: Generation) -> None:
    question = "望津桥的412米长在哪里量的？"
    same, other = weighed(sample, question, candidate("望津桥的４１２米。"), candidate("湿地公园占地62公顷。"))
    assert same["figures"] == 1
    assert other["figures"] == 0
    assert same["trigrams"] > other["trigrams"] == 0
    (none,) = weighed(sample, "望津桥长度", candidate("新桥长412米。"))
    assert none["figures"] == 0  # the question states none


def test_an_answer_of_the_kind_asked_for_is_told(sample: Generation) -> None:
    question = "望津桥由谁主持重建？"
    person, none = weighed(sample, question, candidate("望津桥重建由林主任主持。"), candidate("望津桥今年启动重建。"))
    assert 1 >= person["kind"] > none["kind"] == 0


def test_length_and_place_in_the_article_are_told(sample: Generation) -> None:
    text = "望津桥今年启动重建。新桥双向四车道。"
    first, second = weighed(sample, "望津桥", candidate(text), candidate(text, start=10))
    assert (first["lead"], second["lead"]) == (1, 0)
    assert second["length"] == pytest.approx(math.log(1 + len(text) - 10))


def test_time_counts_only_where_the_question_states_one(sample: Generation) -> None:
    old, new = candidate("去年植树4万株。", date="2020-02-01"), candidate("去年植树6万株。", date="2022-02-01")
    for row in weighed(sample, "植树多少？", old, new):
        assert [row[name] for name in TIMELY] == [0, 0, 0, 0]
    asked, other = weighed(sample, "2019年植树多少？", old, new)
    assert (asked["mentioned"], other["mentioned"]) == (1, 0)
    assert asked["printed"] > other["printed"]
    assert asked["contradiction"] < other["contradiction"]


def test_a_chunk_without_a_statement_is_as_near_as_the_whole_of_it(sample: Generation) -> None:
    (row,) = weighed(sample, "望津桥", candidate("丰收。"))
    assert row["nearest_sentence"] == row["mean_sentence"] == row["centred_cosine"] == 0.5


def test_an_english_question_is_seen_in_the_sentences_by_its_concepts(sample: Generation, cache_dir: Path) -> None:
    question = "How long is the Wangjin Bridge?"
    analysis = analyse_question(question, sample.lexicon)
    translation = translate_query(question, load_words(cache_dir), sample.lexicon, sample.lexical)
    none = np.zeros(len(translation.concepts), np.float32)
    held = [
        replace(candidate(text, title), in_article=in_article)
        for text, title, in_article in (
            ("望津桥全长四百一十二米。", None, none + 1),
            ("渡口有石灯。歌手登台。", "望津桥通车", none),
        )
    ]
    table = extract_features(replace(analysis, time_range=None), held, sample, translation)
    told, titled = (dict(zip(FEATURES, row, strict=True)) for row in table.tolist())
    assert told["characters"] > 0.2 > titled["characters"] == 0
    assert told["covered_article"] == pytest.approx(1)
    assert titled["covered_article"] == told["covered_title"] == 0
    assert titled["covered_title"] > 0.2
    assert np.all((table >= -1) & (table <= 10))


def test_a_chinese_question_and_an_english_archive_are_not_bridged(
    sample: Generation, retriever: Retriever, embedder: Embedder, tmp_path: Path
) -> None:
    assert retriever.gather_candidates(Query("望津桥全长多少米？")).translation == NO_TRANSLATION
    (tmp_path / "bridge.txt").write_text("The bridge at Wangjin is 412 metres long. It opened to traffic in May.")
    build_index([tmp_path / "bridge.txt"], tmp_path / "index", embedder)
    generation = open_generation(tmp_path / "index", embedder=embedder.spec)
    assert (
        Retriever(generation, embedder).gather_candidates(Query("How long is the Wangjin bridge?")).translation
        == NO_TRANSLATION
    )
    generation.close()


def test_what_bridged_a_question_is_handed_on_with_the_passages(retriever: Retriever) -> None:
    found = retriever.retrieve(Query("How long is the Wangjin Bridge?"))
    assert {concept.english for concept in found.translation.concepts} >= {"wangjin bridge", "long"}
    assert any("望津桥" in passage.text for passage in found.passages[:4])


_FOLDED = st.text("渡口望津江2.5pm，。 ", max_size=30)


@given(_FOLDED, _FOLDED, st.integers(1, 4))
def test_the_share_of_runs_is_that_of_the_runs_cut_out(question: str, text: str, length: int) -> None:
    assert QuestionNgrams(question, length).containment(text) == containment(
        ngrams(question, length), ngrams(text, length)
    )
