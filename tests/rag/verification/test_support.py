"""Statements about the sample newspapers, right and wrong ones, held against all of their text."""

from collections.abc import Iterator

import pytest
from repository import read_cases

from index.provenance import find_place
from index.store import Generation
from rag.generation.mending import describes_problem
from rag.reader.bundled import BundledReader
from rag.records import Passage
from rag.retrieval.home import is_own_district
from rag.retrieval.passages import passage_of
from rag.verification.archive import Archive
from rag.verification.statements import ModelStatement
from rag.verification.verifier import Verdict, Verifier

CASES: dict[str, list[str]] = read_cases("support")


@pytest.fixture(scope="module")
def verifier(sample: Generation, reader: BundledReader) -> Verifier:
    """Knows every chunk of the sample, so that a wrong statement has all of it to find a quote in."""
    archive = Archive(
        sample.lexical, sample.lexicon, lambda name: is_own_district(name, sample), bears_out=reader.bears_out
    )
    return Verifier(list(passages(sample)), archive)


def passages(sample: Generation) -> Iterator[Passage]:
    articles = [article for source in sample.catalogue.files() for article in sample.catalogue.articles_of(source)]
    for article in {article.id: article for article in articles}.values():
        for chunk in sample.catalogue.chunks_of(article.id):
            yield passage_of(article, chunk, find_place(article, chunk.start, chunk.end))


def cases(kind: str) -> list[object]:
    """The statements of a kind; those that are not told apart yet must keep failing, so that a gain is seen.

    What the judgement gives within .02 of the bar passes on one processor and fails on another, whose int8 products round
    otherwise: .287 here and above .3 there.
    """
    marks = {
        "known_failures": pytest.mark.xfail(reason="told neither by figures nor by names"),
        "on_the_edge": pytest.mark.xfail(reason="as near to the bar as processors differ", strict=False),
    }
    return [
        pytest.param(text, marks=[mark for name, mark in marks.items() if text in CASES[name]]) for text in CASES[kind]
    ]


def verify(verifier: Verifier, text: str) -> Verdict:
    return verifier.verify(ModelStatement(text, (), ""))


@pytest.mark.parametrize("text", cases("right"))
def test_a_right_statement_is_supported(verifier: Verifier, text: str) -> None:
    assert verify(verifier, text).problems == ()


@pytest.mark.parametrize("text", cases("wrong"))
def test_a_wrong_statement_is_not_supported_and_the_llm_can_be_told_why(verifier: Verifier, text: str) -> None:
    verdict = verify(verifier, text)
    assert verdict.quotes == ()
    assert all(describes_problem(problem) for problem in verdict.problems)
