"""What tests write into an archive, and see of its index."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.records import Article, PartialDate
from index.store.generations import GENERATIONS
from rag.question.analysis import analyse_question
from rag.retrieval.retriever import Retrieval

Lines = Sequence[Mapping[str, str | None]]
"""Of a corpus file."""


def mapped(pid: int | str = "self") -> set[str]:
    """The generations of which a process has files mapped or open."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    links = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(handle.readlink()))
        except OSError:
            continue  # closed meanwhile
    names = [text.split(f"/{GENERATIONS}/")[1].split("/")[0] for text in [*lines, *links] if f"/{GENERATIONS}/" in text]
    return {name for name in names if name[0].isdigit()}


def found_in(question: str, articles: Sequence[Article], today: PartialDate | None = None) -> Retrieval:
    """What a retriever would say that it has found for a question, without passages."""
    analysis = analyse_question(question, today=today)
    return Retrieval(analysis, (), {article.id: article for article in articles}, {}, 1.0, 0.0)
