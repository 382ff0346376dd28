from collections.abc import Callable
from dataclasses import replace

import pytest

from index.embed import Embedder
from index.sentences import find_statements
from index.store import Generation
from rag.extract import COMPARED, Evidence, find_evidence, select_evidence
from rag.question import read_question
from rag.records import Passage, Query
from rag.retrieve import Retriever

Find = Callable[..., list[Evidence]]
"""Question, and passages where not those that are retrieved for it → evidence."""


def passage(text: str, rank: int = 1, start: int = 0) -> Passage:
    return Passage(
        rank=rank,
        score=0.0,
        cosine=0.0,
        bm25=0.0,
        chunk_id=f"a{rank}.0",
        article_id=f"a{rank}",
        doc_id=f"d{rank}",
        title=None,
        date=None,
        date_precision=None,
        newspaper=None,
        source="a.txt",
        page=None,
        url=None,
        text=text,
        start=start,
        end=start + len(text),
    )


def evidence(
    text: str, score: float, rank: int = 1, of: Passage | None = None, matched: dict[str, float] | None = None
) -> Evidence:
    """Without `matched`, it says something about the question that no other evidence says."""
    of = of or passage(text, rank)
    place = of.start + of.text.index(text)
    return Evidence(of, place, place + len(text), text, score, 0.5, matched or {text: 0.5})


@pytest.fixture
def find(sample: Generation, embedder: Embedder) -> Find:
    def found(question: str, passages: list[Passage] | None = None) -> list[Evidence]:
        retrieval = Retriever(sample, embedder).retrieve(Query(question))
        if passages is not None:
            near = {passage.chunk_id: (0.0,) * len(find_statements(passage.text)) for passage in passages}
            retrieval = replace(retrieval, passages=tuple(passages), near=near)
        return find_evidence(read_question(question), retrieval, sample.lexical)

    return found


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


def test_evidence_is_ordered_and_bounded(find: Find) -> None:
    scores = [found.score for found in find("云汀区的工作")]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= COMPARED


def test_the_offsets_of_a_later_passage_count_from_the_start_of_its_article(find: Find) -> None:
    (found,) = find("新桥全长多少米？", [passage("新桥设计全长412米。", start=1000)])
    assert (found.start, found.end) == (1000, 1011)


def test_a_dateline_is_no_part_of_the_evidence(find: Find) -> None:
    text = "本报讯（记者 苏见清）新桥设计全长412米，双向四车道。"
    (found,) = find("新桥全长多少米？", [passage(text)])
    assert found.text == "新桥设计全长412米，双向四车道。"


@pytest.mark.parametrize("text", ["", " \n ", "好。", "一！二？"])
def test_passages_without_sentences_give_no_evidence(find: Find, text: str) -> None:
    assert find("新桥全长多少米？", [passage(text)]) == []


def test_no_passages_give_no_evidence(find: Find) -> None:
    assert find("新桥全长多少米？", []) == []


def test_a_sentence_with_the_kind_of_thing_asked_for_is_preferred(find: Find) -> None:
    found = find("新桥的长度是多少？", [passage("新桥的长度市民很关心啊。新桥的长度确定为412米。")])
    assert found[0].text == "新桥的长度确定为412米。"


def test_the_second_sentence_is_taken_only_when_nearly_as_good() -> None:
    best, near, far = (
        evidence("第一句话在这里。", 1.0),
        evidence("第二句话在这里。", 0.9, 2),
        evidence("第三句。", 0.5, 3),
    )
    assert [chosen.text for chosen in select_evidence([best, near])] == [best.text, near.text]
    assert [chosen.text for chosen in select_evidence([best, far])] == [best.text]


def test_a_second_sentence_that_covers_no_more_of_the_question_is_left_out() -> None:
    best, same = (
        evidence("第一句话在这里。", 1.0, matched={"新桥": 0.5, "全长": 0.4}),
        evidence("第二句话在这里。", 0.95, 2, matched={"新桥": 0.5, "的": 0.05}),
    )
    more = evidence("第三句话在这里。", 0.9, 3, matched={"投资": 0.2})
    assert [chosen.text for chosen in select_evidence([best, same, more])] == [best.text, more.text]


def test_no_more_sentences_are_taken_than_the_limit() -> None:
    ranked = [evidence(f"第{number}句话在这里。", 1.0, number) for number in range(1, 6)]
    assert len(select_evidence(ranked)) == 2
    assert len(select_evidence(ranked, limit=3)) == 3


def test_the_same_sentence_printed_twice_is_taken_once() -> None:
    twice = [evidence("新桥长412米。", 1.0), evidence("新桥长 412 米。", 0.99, 2)]
    assert len(select_evidence(twice)) == 1


def test_nothing_is_selected_from_nothing() -> None:
    assert select_evidence([]) == []


def test_a_sentence_that_opens_a_list_brings_the_whole_list() -> None:
    listed = "原因有三：一是沙尘多；二是静稳天气多；三是货运恢复快。"
    of = passage(f"韩屿作了说明。{listed}他说还要努力。", start=50)
    (chosen,) = select_evidence([evidence("原因有三：一是沙尘多；", 1.0, of=of)])
    assert chosen.text == listed
    assert of.text[chosen.start - of.start : chosen.end - of.start] == listed


def test_a_list_ends_with_its_passage() -> None:
    of = passage("原因有三：一是沙尘多；二是静稳天气多；")
    (chosen,) = select_evidence([evidence("原因有三：一是沙尘多；", 1.0, of=of)])
    assert chosen.end == of.end


def test_selecting_changes_nothing_that_it_was_given() -> None:
    of = passage("分三步：一是改道；二是修桥；")
    given = evidence("分三步：一是改道；", 1.0, of=of)
    copy = replace(given)
    select_evidence([given])
    assert given == copy
