"""Statements about the sample newspapers, right and wrong ones, held against the passages that they retrieve."""

import json
from pathlib import Path

import pytest

from index.embed import Embedder
from index.store import Generation
from rag.cite import Verdict, Verifier
from rag.prompt import describes_problem
from rag.records import Query, Timings
from rag.retrieve import Retriever
from rag.statements import Draft

CASES: dict[str, list[str]] = json.loads((Path(__file__).parent / "cases" / "support.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def retriever(sample: Generation, embedder: Embedder) -> Retriever:
    return Retriever(sample, embedder)


def cases(kind: str) -> list[object]:
    """The statements of a kind; those that rules do not tell apart yet must keep failing, so that a gain is seen."""
    failing = pytest.mark.xfail(reason="told neither by figures nor by names")
    return [pytest.param(text, marks=[failing] if text in CASES["known_failures"] else []) for text in CASES[kind]]


def verify(retriever: Retriever, sample: Generation, text: str) -> Verdict:
    passages = retriever.retrieve(Query(text), Timings()).passages
    return Verifier(passages, sample.lexical, sample.lexicon).verify(Draft(text, (), ""))


@pytest.mark.parametrize("text", cases("right"))
def test_a_right_statement_is_supported(retriever: Retriever, sample: Generation, text: str) -> None:
    assert verify(retriever, sample, text).problems == ()


@pytest.mark.parametrize("text", cases("wrong"))
def test_a_wrong_statement_is_not_supported_and_the_llm_can_be_told_why(
    retriever: Retriever, sample: Generation, text: str
) -> None:
    verdict = verify(retriever, sample, text)
    assert verdict.quotes == ()
    assert all(describes_problem(problem) for problem in verdict.problems)
