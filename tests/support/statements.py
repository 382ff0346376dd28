"""Statements, passages and quotes made by hand, for what puts an answer together."""

from passages import made_passage

from index.records import Article
from rag.generation.answer_builder import AnswerBuilder
from rag.generation.statement_queue import Checked
from rag.records import Passage
from rag.verification.citations import Quote
from rag.verification.statements import ModelStatement
from rag.verification.verifier import Verdict

TEXT = "南浦大桥全长638米。桥面双向六车道。总投资5.7亿元。工程由区交通局负责。大桥于2023年10月8日通车。"
ARTICLE = Article("bridge", "bridge.txt", "bridge", 0, TEXT, title="南浦大桥通车")


def passage_of(
    text: str = TEXT, *, rank: int = 1, title: str | None = "南浦大桥通车", date: str | None = "2023-10-09"
) -> Passage:
    return made_passage(text, "bridge", rank, title=title, date=date, newspaper="澄湖报")


def quote_of(words: str, passage: Passage | None = None) -> Quote:
    """The first place of the words in the passage."""
    passage = passage or passage_of()
    start = passage.text.index(words)
    return Quote(passage, start, start + len(words), words)


def statement_of(text: str, *markers: int) -> ModelStatement:
    """A statement as the splitter makes it; a line break behind it is its tail."""
    return ModelStatement(text.strip(), markers, "\n" if text.endswith("\n") else "")


def right(text: str, carried_by: str = "南浦大桥全长638米。") -> Checked:
    return Checked(statement_of(text), Verdict((quote_of(carried_by),)))


def wrong(text: str, *problems: str) -> Checked:
    return Checked(statement_of(text), Verdict((), problems or ("no_supporting_quote",), quote_of("总投资5.7亿元。")))


def empty_builder(*, is_traditional: bool = False) -> AnswerBuilder:
    return AnswerBuilder({"bridge": ARTICLE}, is_traditional=is_traditional)
