"""rag.generation.context: what of the articles found comes into the prompt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from archive import found_in
from hypothesis import given, settings
from hypothesis import strategies as st
from passages import made_passage

from index.chunking import chunk_article
from index.language.token_count import count_tokens
from index.provenance import find_place
from index.records import Article, Origin, PartialDate
from rag.evidence.decision import Decision
from rag.evidence.grounding import GroundedPart, Grounding
from rag.evidence.sentence_ranking import CandidateSentence
from rag.generation.context import EVIDENT_SHARE, FAR, choose_context
from rag.reader.readings import Reading
from rag.records import Passage
from rag.retrieval.reading import PassageReading

HEADER_TOKENS = 40
QUESTION = "听潮桥全长多少米？"


def article(name: str, sentences: int, text: str | None = None) -> Article:
    told = text or "".join(f"{name}第{number}项工程已经完工，投资{number}亿元。" for number in range(sentences))
    return Article(
        id=name, source=f"{name}.txt", doc_id=name, ordinal=0, text=told, title=name, date=PartialDate("2022-05-20")
    )


@dataclass(frozen=True)
class Found:
    """A chunk that was found: which one of its article, how well, whether it was read, and how likely its best sentence is."""

    article: Article
    chunk: int = 0
    score: float = 0.0
    odds: float | None = None
    share: float = 0.0


def passage_of(found: Found, rank: int) -> Passage:
    chunk = chunk_article(found.article)[found.chunk]
    place = find_place(found.article, chunk.start, chunk.end)
    return made_passage(
        chunk.text, found.article.id, rank, score=found.score, chunk_id=chunk.id, doc_id=found.article.doc_id,
        title=found.article.title, date="2022-05-20", newspaper="青屿报", source=place.source, start=chunk.start,
    )  # fmt: skip


def sentence_of(passage: Passage, share: float) -> CandidateSentence:
    return CandidateSentence(
        passage, 0, passage.start, passage.end, passage.text, 0.0, share, 0.0, 0.0, 0.0, 0.0, 0.0, (), frozenset(), 0.0
    )


def part_of(found: Sequence[Found]) -> GroundedPart:
    passages = tuple(passage_of(one, rank) for rank, one in enumerate(found, 1))
    readings = {
        passage.chunk_id: PassageReading(Reading(one.odds), 0)
        for passage, one in zip(passages, found, strict=True)
        if one.odds is not None
    }
    retrieval = replace(found_in(QUESTION, [one.article for one in found]), passages=passages, readings=readings)
    evidence = [sentence_of(passage, one.share) for passage, one in zip(passages, found, strict=True) if one.share]
    return GroundedPart(QUESTION, retrieval, Decision(tuple(sorted(evidence, key=lambda each: -each.share))))


def grounded(*parts: Sequence[Found], count: int = 8) -> Grounding:
    made = tuple(part_of(found) for found in parts)
    distinct = {passage.chunk_id: passage for part in made for passage in part.retrieval.passages}
    articles = {name: one for part in made for name, one in part.retrieval.articles.items()}
    whole = replace(made[0].retrieval, passages=tuple(distinct.values())[:count], articles=articles)
    return Grounding("zh", whole, made, None)


def chosen(*parts: Sequence[Found], budget_tokens: int = 6000, count: int = 8) -> tuple[Passage, ...]:
    return choose_context(grounded(*parts, count=count), budget_tokens, lambda _passage: HEADER_TOKENS)


def tokens_of(passages: Sequence[Passage]) -> int:
    return sum(count_tokens(passage.text) + HEADER_TOKENS for passage in passages)


SHORT, OTHER, LONG, LONG_TOO = article("短讯", 12), article("另讯", 40), article("长文", 200), article("特稿", 200)


def test_the_whole_article_stands_around_what_was_found_where_it_fits() -> None:
    (only,) = chosen([Found(OTHER, 1)])
    assert (only.text, only.start, only.end) == (OTHER.text, 0, len(OTHER.text))
    assert only.chunk_id == chunk_article(OTHER)[1].id


def test_chunks_of_an_article_are_one_passage_with_the_number_of_the_best() -> None:
    passages = chosen([Found(OTHER, 2), Found(SHORT, 0, -1.0), Found(OTHER, 0, -2.0), Found(OTHER, 1, -3.0)])
    assert [(passage.rank, passage.article_id) for passage in passages] == [(1, "另讯"), (2, "短讯")]
    assert passages[0].chunk_id == chunk_article(OTHER)[2].id
    assert passages[0].text == OTHER.text


def test_stretches_of_an_article_that_do_not_meet_are_passages_of_their_own() -> None:
    passages = chosen([Found(LONG, 0), Found(LONG, 9, -1.0)], budget_tokens=1500)
    assert [passage.chunk_id for passage in passages] == [chunk_article(LONG)[0].id, chunk_article(LONG)[9].id]
    assert passages[0].end < passages[1].start


def test_what_is_far_behind_the_best_is_left_out_though_there_is_room() -> None:
    found = [Found(SHORT), Found(OTHER, 0, -FAR / 2), Found(LONG, 0, -FAR - 1)]
    assert [passage.article_id for passage in chosen(found)] == ["短讯", "另讯"]


def test_what_the_reader_takes_for_no_answer_is_farther_behind() -> None:
    found = [Found(SHORT, 0, 0.0, odds=4.0), Found(OTHER, 0, -FAR / 2, odds=-6.0), Found(LONG, 0, -FAR / 2, odds=4.0)]
    assert [passage.article_id for passage in chosen(found)] == ["短讯", "长文"]


def test_what_was_not_read_is_taken_for_as_unlikely_as_the_least_that_was() -> None:
    found = [Found(SHORT, 0, 0.0, odds=4.0), Found(OTHER, 0, -1.0, odds=-6.0), Found(LONG, 0, -FAR / 2)]
    assert [passage.article_id for passage in chosen(found)] == ["短讯", "另讯"]


def test_a_passage_with_evidence_is_among_the_best_wherever_it_was_ranked() -> None:
    found = [Found(SHORT, 0, 0.0), Found(LONG, 3, -FAR * 2, share=EVIDENT_SHARE)]
    assert [passage.article_id for passage in chosen(found)] == ["长文", "短讯"]


def test_each_part_of_a_question_has_the_article_with_its_evidence() -> None:
    passages = chosen([Found(SHORT, 0, 9.0, share=0.9)], [Found(OTHER, 1, -30.0, share=0.6)])
    assert [passage.article_id for passage in passages] == ["短讯", "另讯"]


def test_what_one_part_takes_for_far_stays_with_the_part_that_it_answers() -> None:
    one, other = Found(SHORT, 0, 9.0, share=0.9), Found(OTHER, 1, 0.0, share=0.6)
    for parts in (
        [[one], [other, replace(one, score=-30.0, share=0.0)]],
        [[other, replace(one, score=-30.0, share=0.0)], [one]],
    ):
        assert [passage.article_id for passage in chosen(*parts)] == ["短讯", "另讯"]


def test_what_only_the_whole_question_found_comes_last() -> None:
    found = grounded([Found(SHORT, 0, 0.0)], [Found(OTHER, 1, -30.0)])
    whole = passage_of(Found(LONG, 3, 50.0), 1)
    retrieval = replace(
        found.retrieval,
        passages=(whole, *found.retrieval.passages),
        articles={**found.retrieval.articles, LONG.id: LONG},
    )
    passages = choose_context(replace(found, retrieval=retrieval), 6000, lambda _passage: HEADER_TOKENS)
    assert [passage.article_id for passage in passages] == ["短讯", "另讯", "长文"]


def test_what_stands_behind_a_sentence_too_long_for_the_budget_is_left_out() -> None:
    listed = article("名单", 0, "新桥通车了。" * 40 + "一" * 2000 + "。" + "桥上有灯。" * 40)
    (only,) = chosen([Found(listed, 0)], budget_tokens=700)
    assert only.text == "新桥通车了。" * 40


def test_a_page_long_article_does_not_push_out_a_second_one_with_evidence() -> None:
    for budget_tokens in (1000, 3000, 6000):
        passages = chosen([Found(LONG, 4, share=0.6), Found(LONG_TOO, 5, -5.0, share=0.3)], budget_tokens=budget_tokens)
        lengths = {passage.article_id: len(passage.text) for passage in passages}
        assert min(lengths.values()) > 0.8 * max(lengths.values())
        assert len(lengths) == 2


def test_what_a_short_article_leaves_goes_to_the_long_one() -> None:
    passages = chosen([Found(LONG, 4), Found(SHORT, 0, -0.1)], budget_tokens=3000)
    assert tokens_of(passages) > 2850
    assert passages[1].text == SHORT.text


def test_of_a_farther_article_less_is_told() -> None:
    near, far = chosen([Found(LONG, 4), Found(LONG_TOO, 4, -FAR + 1)], budget_tokens=4000)
    assert len(near.text) > 2 * len(far.text)


def test_a_small_budget_has_the_best_chunk_and_no_more_than_fits() -> None:
    passages = chosen([Found(LONG, 4), Found(LONG_TOO, 4, -1.0)], budget_tokens=500)
    assert [passage.article_id for passage in passages] == ["长文"]
    assert chunk_article(LONG)[4].text in passages[0].text
    assert tokens_of(passages) <= 500


def test_the_best_chunk_is_shown_even_where_it_does_not_fit() -> None:
    (only,) = chosen([Found(LONG, 4), Found(SHORT, 0, -1.0)], budget_tokens=10)
    assert only.text == chunk_article(LONG)[4].text


def test_there_are_no_more_passages_than_were_found() -> None:
    found = [Found(article(f"第{number}篇", 8), 0, -number / 10) for number in range(8)]
    assert len(chosen(found, count=3)) == 3


def test_a_passage_names_the_file_that_it_begins_in() -> None:
    """Of an article that jumped to another page, the chunk found stands on the second one."""
    half = len(OTHER.text) // 2
    origin = (Origin(0, half, 0, half, "01版.txt"), Origin(half, len(OTHER.text), 0, half, "02版.txt"))
    jumped = replace(OTHER, source="01版.txt", origin=origin)
    found = grounded([Found(jumped, 2)])
    assert found.retrieval.passages[0].source == "02版.txt"
    (only,) = choose_context(found, 6000, lambda _passage: HEADER_TOKENS)
    assert (only.start, only.source) == (0, "01版.txt")


def test_nothing_found_is_nothing_to_show() -> None:
    nothing = Grounding("zh", found_in(QUESTION, []), (), "not_found")
    assert choose_context(nothing, 6000, lambda _passage: HEADER_TOKENS) == ()


SENTENCES = st.lists(st.sampled_from(["桥长638米。", "他说：“好！”\n", "  \n\n", "it cost $3.5m. ", "工程" * 90, "；", "通车了吗？\t"]), min_size=1, max_size=60)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SENTENCES, min_size=1, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(-12, 2), st.floats(0, 1)), min_size=1, max_size=12
    ),
    st.integers(1, 5000),
)
def test_passages_are_verbatim_do_not_overlap_and_fit(
    texts: list[list[str]], hits: list[tuple[int, int, float, float]], budget_tokens: int
) -> None:
    articles = [article(f"a{number}", 0, "".join(text)) for number, text in enumerate(texts)]
    articles = [one for one in articles if one.text.strip()]
    found = {}
    for which, chunk, score, share in hits if articles else ():
        of = articles[which % len(articles)]
        place = chunk % len(chunk_article(of))
        found[of.id, place] = Found(of, place, score, share=share)
    if not found:
        return
    passages = chosen(list(found.values()), budget_tokens=budget_tokens)
    assert [passage.rank for passage in passages] == list(range(1, len(passages) + 1))
    assert len(passages) == 1 or tokens_of(passages) <= budget_tokens
    texts_of = {one.id: one.text for one in articles}
    for passage in passages:
        assert texts_of[passage.article_id][passage.start : passage.end] == passage.text == passage.text.strip()
        for other in passages:
            apart = passage.end <= other.start or other.end <= passage.start
            assert apart or passage is other or passage.article_id != other.article_id


@pytest.mark.timed
@pytest.mark.parametrize("sentences", [40, 400])
def test_choosing_takes_milliseconds(sentences: int) -> None:
    import time

    found = grounded([Found(article(f"第{number}篇", sentences), 1, -number / 2) for number in range(8)])
    choose_context(found, 6000, lambda _passage: HEADER_TOKENS)
    started = time.process_time()
    for _ in range(5):
        choose_context(found, 6000, lambda _passage: HEADER_TOKENS)
    assert (time.process_time() - started) / 5 < 0.15
