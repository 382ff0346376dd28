"""No text can hold the service: every public function over text takes time as its length, and so do documents.

Each is given RUNS of what texts consist of, at n, 2n and 4n characters. CPU seconds are compared, of several measurements the
least. The regular expressions are test_hostile_patterns.py's. The long form, with all RUNS for everything:
WENJU_TEST_HOSTILE=long pytest -m fault tests/faults/test_hostile_text.py
"""

import collections.abc
import inspect
import itertools
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fault_figures import Tried
from hostile_text import IS_LONG, RUNS, Growth, linear, modules_of, repeated, superlinear

from index.chunking import chunk_article
from index.language.sentences import find_content_sentences
from index.language.tables import Row, Table, find_tables
from index.language.terms import Lexicon
from index.read import SourceFile, read_file
from index.records import Document, PartialDate
from index.segment import split_articles
from rag.question.conversation.history import read_turns
from rag.question.time_range import TimeRange
from rag.records import Language, Message

pytestmark = pytest.mark.fault

FUNCTION_CHARACTERS, FUNCTION_FLOOR_S = 2800, 0.012
"""A quarter of it is more than what is kept of a text once read (index.language.memo)."""
FUNCTION_LIMIT_S = 1.0
DOCUMENT_CHARACTERS, DOCUMENT_FLOOR_S, DOCUMENT_LIMIT_S = 4000, 0.15, 5.0
EVERY = 1 if IS_LONG else 8
"""Of the RUNS, each n-th is tried on each function, beginning with another one for each; in the long form all."""

TEXT_ROOMS = (
    *("index.chunking", "index.continuation", "index.dates", "index.language", "index.offices", "index.repair"),
    *("index.segment", "index.read.html_byline", "index.read.stated_dates", "index.read.markdown", "index.records"),
    *("rag.evaluation.normalise", "rag.evaluation.overlap", "rag.evaluation.judge", "rag.evidence", "rag.facts"),
    *("rag.generation", "rag.llm", "rag.lookup", "rag.network", "rag.question", "rag.retrieval", "rag.verification"),
)


def _table(text: str) -> Table:
    """A table of two columns, one cell of which is the text."""
    cell = " ".join(text.split()) or "无"
    return find_tables(f"街道\t户数\n柳渡\t1\n{cell}\t2")[0]


ARGUMENTS: Mapping[Any, Callable[[str], Any]] = {
    str: lambda text: text,
    str | None: lambda text: text,
    bytes: lambda text: text.encode("utf-8", "replace"),
    bool: lambda _text: False,
    int: lambda _text: 2,
    Lexicon: lambda _text: Lexicon(None),
    PartialDate: lambda _text: PartialDate("2023-06-05"),
    PartialDate | None: lambda _text: PartialDate("2023-06-05"),
    TimeRange | None: lambda _text: None,
    TimeRange: lambda _text: TimeRange(
        "2023-01-01", "2023-12-31", (), (), is_guessed=False, is_target=False, reaches_today=False
    ),
    Language: lambda _text: "zh",
    re.Pattern[str]: lambda _text: re.compile(r"\s+"),
    Table: _table,
    Row: lambda text: _table(text).rows[-1],
}
"""What is handed over for an argument of a type; containers are empty, of Literals the first is taken. Arguments called
`end` or `past` are the text's length, `start` and `floor` nought."""
NEED_AN_ARCHIVE = {
    *("Generation", "Retriever", "Retrieval", "LexicalIndex", "PrintedNames", "Archive", "Passage", "Words"),
    *(
        "CandidateSentence",
        "Days",
        "Seat",
        "HoldingsTable",
        "Offer",
        "Turn",
        "Quote",
        "ModelStatement",
        "Query",
        "Paragraph",
        "Article",
    ),
}
"""Types that only an archive or a conversation makes: functions that need them are reached by documents and questions."""
READ_FILES = {"read_template", "read_weights", "load_embedder"}
"""Their text is the name of one of the package's own files."""


@pytest.fixture(scope="module")
def modules() -> list[ModuleType]:
    return modules_of("index", "rag")


def _functions(modules: list[ModuleType]) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Yield the public functions whose first argument is a text, each as a function of that alone."""
    for module in modules:
        if not module.__name__.startswith(TEXT_ROOMS):
            continue
        for name, function in vars(module).items():
            if name.startswith("_") or isinstance(function, type) or not callable(function):
                continue
            if getattr(function, "__module__", "") != module.__name__ or inspect.iscoroutinefunction(function):
                continue
            if called := _of_text(function):
                yield f"{module.__name__}.{name}", called


def _of_text(function: Callable[..., Any]) -> Callable[[str], object] | None:
    try:
        needed = [part for part in inspect.signature(function).parameters.values() if part.default is part.empty]
    except (TypeError, ValueError):  # a type alias
        return None
    needed = [part for part in needed if part.kind not in (part.VAR_POSITIONAL, part.VAR_KEYWORD)]
    if not needed or needed[0].annotation is not str or function.__name__ in READ_FILES:
        return None
    others = {part.name: _argument(part) for part in needed[1:]}
    if any(make is None for make in others.values()):
        return None

    def call(text: str) -> None:
        made = {name: make(text) for name, make in others.items() if make}
        try:
            result = function(text, **made)
            for _item in result if hasattr(result, "__next__") else ():
                pass
        except RecursionError:
            raise
        except Exception:  # whether it is refused is not asked here, but how fast
            pass

    return call


def _argument(part: inspect.Parameter) -> Callable[[str], Any] | None:
    """Return what makes an argument; None where only an archive does."""
    annotation = part.annotation
    if annotation in ARGUMENTS:
        if annotation is int:
            return (
                len
                if part.name in ("end", "past")
                else (lambda _text: 0)
                if part.name in ("start", "floor")
                else ARGUMENTS[int]
            )
        return ARGUMENTS[annotation]
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return lambda _text: typing.get_args(annotation)[0]
    if origin is collections.abc.Callable:
        return lambda _text: lambda *_given: False
    if origin is not None and isinstance(origin, type) and issubclass(origin, collections.abc.Iterable):
        return lambda _text: (
            {} if issubclass(origin, collections.abc.Mapping) else frozenset() if issubclass(frozenset, origin) else ()
        )
    assert str(annotation).rpartition(".")[2].rstrip("'>") in NEED_AN_ARCHIVE, (
        f"say how {annotation} is made, for {part}"
    )
    return None


def test_every_public_function_over_text_is_linear(modules: list[ModuleType], tried: Tried) -> None:
    functions = dict(_functions(modules))
    assert len(functions) > 150, "the signatures say that there are hardly any functions over text"
    numbers = itertools.count()
    found: dict[str, Growth] = {}
    for place, (name, call) in enumerate(functions.items()):
        call("预备2023年6月5日，区长是谁？")  # what is loaded at the first call
        for run in RUNS[place % EVERY :: EVERY]:
            make = repeated(run, f"第{next(numbers)}段 ")
            if seconds := superlinear(call, make, FUNCTION_CHARACTERS, FUNCTION_FLOOR_S, FUNCTION_LIMIT_S):
                found[f"{name} {run!r}"] = seconds
                break
    linear(found, len(functions), "functions over text, endless runs", tried)


LINES = "短\n", "a\n", "1\n\n", "“\n", "标题一\n", "1月1日\n", "。\n"
"""Lines of a character or few, of which a file has as many as it has room for."""


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_a_document_of_one_endless_run_is_linear_to_cut_up(suffix: str, tmp_path: Path, tried: Tried) -> None:
    lexicon = Lexicon(None)
    path = tmp_path / f"page{suffix}"

    def cut_up(text: str) -> None:
        path.write_text(f"<html><body><p>{text}</p></body></html>" if suffix == ".html" else text, "utf-8", "replace")
        for document in read_file(SourceFile(path, path.name)):
            for article in split_articles(document) if isinstance(document, Document) else ():
                for chunk in chunk_article(article):
                    lexicon.extract_terms(chunk.text)
                    find_content_sentences(chunk.text)

    before = "供暖改造完工\n\n本报讯（记者 方一舟）2023年6月5日，槐堤小区供暖管网改造完工。\n\n"
    cut_up(before)
    runs = (*RUNS, *LINES) if IS_LONG else (*RUNS[::19], "的", "1%", "一二三", *LINES)
    found: dict[str, Growth] = {}
    for run in runs:
        if seconds := superlinear(
            cut_up, repeated(run, before), DOCUMENT_CHARACTERS, DOCUMENT_FLOOR_S, DOCUMENT_LIMIT_S
        ):
            found[f"{suffix} of {run!r}"] = seconds
    linear(found, len(runs), "documents of one endless run", tried)


def test_a_conversation_of_endless_runs_is_linear_to_read(tried: Tried) -> None:
    found: dict[str, Growth] = {}

    def turns(text: str) -> None:
        read_turns([Message("user", text), Message("assistant", text)] * 4)

    runs = RUNS if IS_LONG else RUNS[::5]
    for run in runs:
        if seconds := superlinear(turns, repeated(run), FUNCTION_CHARACTERS, FUNCTION_FLOOR_S, FUNCTION_LIMIT_S):
            found[repr(run)] = seconds
    linear(found, len(runs), "conversations of endless runs", tried)
