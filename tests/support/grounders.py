"""A Grounder over an archive, as the service makes one."""

from collections.abc import Callable

from index.embedding.embedder import Embedder
from index.store.generations import Generation
from rag.evidence.grounding import WRONG_COST, Grounder, Grounding
from rag.reader.bundled import BundledReader
from rag.retrieval.retriever import Retriever
from rag.verification.archive import archive_of

Ground = Callable[[str], Grounding]
"""Question → what is found for it."""


def grounder_of(
    generation: Generation, embedder: Embedder, reader: BundledReader, wrong_cost: float = WRONG_COST
) -> Grounder:
    """Return a Grounder that reads with the bundled reader, and holds question and answer against its judgement."""
    retriever = Retriever(generation, embedder, reader)
    archive = archive_of(generation, reader.bears_out, retriever.translate)
    return Grounder(retriever, generation, archive, wrong_cost)
