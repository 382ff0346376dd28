"""rag.evidence.sentence_ranking: sentences, with how well each answers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from passages import made_passage

from index.embedding.embedder import Embedder
from index.language.sentences import find_content_sentences
from index.store import Generation
from rag.evidence.sentence_ranking import (
    RANKED_PASSAGES,
    SENTENCE_FEATURES,
    CandidateSentence,
    extract_sentence_features,
    find_evidence,
    ranked,
)
from rag.records import Passage, Query
from rag.retrieval.linear_model import read_weights
from rag.retrieval.retriever import Retrieval, Retriever

Find = Callable[..., list[CandidateSentence]]
"""Question, and passages where not those that are retrieved for it → evidence."""


@pytest.fixture
def retrieved(sample: Generation, embedder: Embedder) -> Callable[..., Retrieval]:
    def found(question: str, passages: list[Passage] | None = None) -> Retrieval:
        retrieval = Retriever(sample, embedder).retrieve(Query(question))
        if passages is None:
            return retrieval
        (article, *_others) = retrieval.articles.values()
        return replace(
            retrieval,
            passages=tuple(passages),
            articles={passage.article_id: article for passage in passages},
            sentence_cosines={
                passage.chunk_id: (0.0,) * len(find_content_sentences(passage.text)) for passage in passages
            },
        )

    return found


@pytest.fixture
def find(sample: Generation, retrieved: Callable[..., Retrieval]) -> Find:
    def found(question: str, passages: list[Passage] | None = None) -> list[CandidateSentence]:
        return find_evidence(retrieved(question, passages), sample.lexical, sample.lexicon)

    return found


def passage(text: str, rank: int = 1, start: int = 0) -> Passage:
    return made_passage(text, f"a{rank}", rank, score=0.0, cosine=0.0, bm25=0.0, start=start)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("2020年云汀区PM2.5年均浓度是多少？同比变化多少？", "同比下降12.5%"),
        ("望津渡口的石碑立于哪一年，上面刻着什么字？", "往来行旅，毋许勒索"),
        ("夜间货车流量下降了多少？", "下降了46%"),
        ("When did the new Wangjin Bridge open to traffic?", "September 28, 2024"),
    ],
)
def test_the_sentence_that_answers_comes_first(find: Find, question: str, part: str) -> None:
    assert part in " ".join(find(question)[0].text.split())


def test_evidence_is_its_slice_of_the_article(find: Find, sample: Generation) -> None:
    for found in find("白鹭湿地公园总投资多少？"):
        article = sample.catalogue.article(found.passage.article_id)
        assert article is not None
        assert article.text[found.start : found.end] == found.text
        assert found.text == found.text.strip()


def test_evidence_is_ordered_and_its_shares_add_up_to_one(find: Find) -> None:
    found = find("云汀区的工作")
    scores = [evidence.score for evidence in found]
    assert scores == sorted(scores, reverse=True)
    assert sum(evidence.share for evidence in found) == pytest.approx(1, abs=1e-4)
    assert all(0 <= evidence.share <= 1 for evidence in found)


def test_what_is_said_of_a_sentence_are_shares(find: Find) -> None:
    for found in find("白鹭湿地公园总投资多少？"):
        for value in (
            found.term_coverage,
            found.context_coverage,
            found.focus_coverage,
            found.heaviest_missing_term,
            found.strength,
        ):
            assert 0 <= value <= 1 + 1e-6
        assert found.term_coverage <= found.context_coverage + 1e-6
        assert all(0 <= span.start < span.end <= len(found.text) for span in found.spans)


def test_only_the_first_passages_are_read(retrieved: Callable[..., Retrieval], sample: Generation) -> None:
    many = [passage(f"新桥的第{number}个桥墩已经完工了。", number) for number in range(1, RANKED_PASSAGES + 5)]
    retrieval = retrieved("新桥全长多少米？", many)
    weighing = extract_sentence_features(retrieval, sample.lexical, sample.lexicon)
    assert [sentence.passage.rank for sentence in weighing.sentences] == list(range(1, RANKED_PASSAGES + 1))
    assert weighing.features.shape == (RANKED_PASSAGES, len(SENTENCE_FEATURES))
    assert weighing.features.dtype == np.float32
    assert np.isfinite(weighing.features).all()


def test_the_offsets_of_a_later_passage_count_from_the_start_of_its_article(find: Find) -> None:
    (found,) = find("新桥全长多少米？", [passage("新桥设计全长412米。", start=1000)])
    assert (found.start, found.end) == (1000, 1011)


def test_a_dateline_is_no_part_of_the_evidence(find: Find) -> None:
    (found,) = find("新桥全长多少米？", [passage("本报讯（记者 苏见清）新桥设计全长412米，双向四车道。")])
    assert found.text == "新桥设计全长412米，双向四车道。"


@pytest.mark.parametrize("text", ["", " \n ", "好。", "一！二？"])
def test_passages_without_sentences_give_no_evidence(find: Find, text: str) -> None:
    assert find("新桥全长多少米？", [passage(text)]) == []


def test_no_passages_give_no_evidence(find: Find) -> None:
    assert find("新桥全长多少米？", []) == []


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("新桥的长度是多少？", "新桥的长度确定为412米。", "新桥的长度市民很关心啊。"),
        ("新桥是谁设计的？", "新桥由工程师王建国设计。", "新桥的设计大家很喜欢。"),
        ("新桥什么时候通车？", "新桥将于2024年9月28日通车。", "新桥通车后大家很高兴。"),
    ],
)
def test_a_sentence_with_the_kind_of_thing_asked_for_is_preferred(
    find: Find, question: str, right: str, wrong: str
) -> None:
    assert find(question, [passage(f"{wrong}{right}")])[0].text == right


def test_a_sentence_that_merely_has_a_figure_is_not_preferred_to_the_one_about_the_thing(find: Find) -> None:
    found = find("PM2.5年均浓度是多少？", [passage("全年优良天数265天。全年PM2.5年均浓度42微克/立方米。")])
    assert found[0].text == "全年PM2.5年均浓度42微克/立方米。"


def test_ranking_changes_nothing_but_score_and_share(retrieved: Callable[..., Retrieval], sample: Generation) -> None:
    retrieval = retrieved("新桥多长？", [passage("新桥全长412米。新桥有六个桥墩。新桥通车了吗？")])
    weighing = extract_sentence_features(retrieval, sample.lexical, sample.lexicon)
    found = ranked(weighing, np.array([0.0, 2.0, 1.0], np.float32))
    assert [sentence.sentence_index for sentence in found] == [1, 2, 0]
    assert [sentence.score for sentence in found] == [2.0, 1.0, 0.0]
    plain = [replace(sentence, score=0.0, share=0.0) for sentence in found]
    assert plain == [weighing.sentences[place] for place in (1, 2, 0)]


def test_the_weights_are_those_of_the_features() -> None:
    weights = read_weights("rag.evidence", "sentence", SENTENCE_FEATURES)
    assert weights.in_language.shape == weights.cross_language.shape == (len(set(SENTENCE_FEATURES)),)
    assert np.isfinite([weights.in_language, weights.cross_language]).all()
