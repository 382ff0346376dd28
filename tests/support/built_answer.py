"""An Answer of two quotes and a computed figure, put together by the answer builder as one that an LLM wrote."""

from passages import made_passage

from index.records import Article, PartialDate
from rag.generation.answer_builder import AnswerBuilder, AnswerContent
from rag.records import Answer, Generator, RejectedStatement, Statement
from rag.verification.citations import Quote

ARTICLE = Article(
    "a1", "云汀报_2024-03-05_02版.txt", "d1", 0, "去年全区有托育机构469家。前年有278家。", title="托育机构增加", date=PartialDate("2024-03-05")
)  # fmt: skip
EXPRESSION = "469\u2212278=191家"


def quote(text: str) -> Quote:
    """A quote of the article."""
    start = ARTICLE.text.index(text)
    passage = made_passage(
        ARTICLE.text,
        ARTICLE.id,
        doc_id="d1",
        title=ARTICLE.title,
        date="2024-03-05",
        newspaper="云汀报",
        source=ARTICLE.source,
        page="02",
    )
    return Quote(passage, start, start + len(text), text)


LAST_YEAR, BEFORE = quote("去年全区有托育机构469家。"), quote("前年有278家。")


def builder(*, is_traditional: bool = False) -> AnswerBuilder:
    """An empty one, for the article."""
    return AnswerBuilder({ARTICLE.id: ARTICLE}, is_traditional=is_traditional)


def computed_content() -> AnswerContent:
    """Three statements, the second computed; the third stands on a line of its own."""
    build = builder()
    build.append_statement("去年全区有托育机构469家。", [LAST_YEAR])
    build.append_statement("比前年多191家。", [LAST_YEAR, BEFORE], "\n", EXPRESSION)
    build.append_statement("前年有278家。", [BEFORE])
    return build.content()


def answer_of(
    content: AnswerContent,
    *,
    kind: str = "llm",
    reason: str | None = None,
    struck: int = 0,
    statements: tuple[Statement, ...] | None = None,
) -> Answer:
    """The whole Answer; `statements` in the place of the content's own."""
    return Answer(
        "x", "托育机构多了多少？", "partial" if struck else "answered", None, content.text,
        content.statements if statements is None else statements, content.citations, None,
        Generator(kind, "m" if kind == "llm" else None, reason), {}, {}, None, "000001-ab",  # type: ignore[arg-type]  # told by the test
        tuple(RejectedStatement(f"第{number}句。", ("figure",)) for number in range(struck)),
    )  # fmt: skip
