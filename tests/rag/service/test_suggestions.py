import anyio
import pytest

from index.embedding.embedder import Embedder
from index.language.terms import Lexicon
from index.records import Article, PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.lookup.suggested import find_suggestions, make_suggestions
from rag.records import Query
from rag.service.suggestions import Suggestions, suggest_questions


def article(text: str, date: str = "2023-06-01") -> Article:
    return Article("a1", "p.txt", "p.txt", 0, text, title="标题", date=PartialDate(date))


def questions(text: str) -> list[str]:
    return [suggestion.question for kind in make_suggestions(article(text), Lexicon()) for suggestion in kind]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("全区PM2.5年均浓度为31微克/立方米，同比下降3%。", "2023年全区PM2.5年均浓度是多少？"),
        ("去年，2022年全区家庭医生签约率达到了42.5%。", "2022年全区家庭医生签约率是多少？"),
        ("6月1日，望津桥正式通车。区长沈若兰出席仪式。", "2023年的区长是谁？"),
        ("2022年9月1日，区实验小学南渡校区正式启用。", "2022年区实验小学南渡校区是什么时候启用的？"),
        ("5月6日，区政务服务中心新址在湖心路启用。", "区政务服务中心新址是什么时候启用的？"),
    ],
)
def test_a_clause_becomes_the_question_that_it_answers(text: str, question: str) -> None:
    assert question in questions(text)


@pytest.mark.parametrize(
    "text",
    [
        "该项目面积为3000平方米。",
        "其数量为3000个。",
        "昨天市场上市量为3000吨。",
        "副区长沈若兰出席仪式。",
        "区长助理出席仪式。",
        "大家认为很好。",
        "他们于5月6日启用。",
        "收到商品后发现重量为3公斤。",
        "面积为很大。",
    ],
)
def test_what_names_nothing_by_itself_becomes_no_question(text: str) -> None:
    assert questions(text) == []


def test_every_example_is_answered_from_an_article_of_the_archive(sample: Generation, embedder: Embedder) -> None:
    answerer = Answerer(sample, embedder)
    found = anyio.run(suggest_questions, answerer, 5)
    assert len(found) == len(set(found)) == 5
    assert {answerer_status(answerer, question) for question in found} == {"answered"}


def answerer_status(answerer: Answerer, question: str) -> str:
    return anyio.run(answerer.answer, Query(question)).status


def test_the_examples_are_of_several_kinds(sample: Generation, embedder: Embedder) -> None:
    found = anyio.run(suggest_questions, Answerer(sample, embedder), 5)
    for kind in ("多少", "谁", "什么时候"):
        assert any(kind in question for question in found), kind


def test_the_same_generation_gives_the_same_suggestions(sample: Generation) -> None:
    assert find_suggestions(sample) == find_suggestions(sample)


def test_the_questions_are_found_once_for_a_generation(
    sample: Generation, town: Generation, embedder: Embedder
) -> None:
    answerer, other = Answerer(sample, embedder), Answerer(town, embedder)

    async def asked() -> list[list[str]]:
        suggestions = Suggestions()
        return [await suggestions.questions(which) for which in (answerer, answerer, other)]

    first, again, of_town = anyio.run(asked)
    assert first is again
    assert of_town != first
