"""How a build is to go: what the operator chooses, and the steps and version numbers that tests put in place of ours."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.build.incremental import CURRENT_VERSIONS, Versions
from index.build.outcomes import FileContents
from index.build.readers import Scans, read_contents
from index.build.reading_process import Limits
from index.chunking import chunk_article
from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from index.read import SourceFile
from index.records import Article, Chunk
from index.store.manifest import Manifest
from index.store.publishing import publish

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total): stage "read" counts files, "recognise" scanned pages, "embed" chunks and sentences."""
ReadContents = Callable[[Sequence[SourceFile], Limits | None, Scans | None], Generator[FileContents, None, None]]


@dataclass(frozen=True, slots=True)
class BuildSteps:
    """The steps of a build that tests count, or let fail.

    Args:
        read_contents: files → what came of each, in their order.
        chunk_article: article → its chunks.
        make_lexicon: the operator's dictionary → what makes terms with it.
        publish: see index.store.publishing.
    """

    read_contents: ReadContents = read_contents
    chunk_article: Callable[[Article], Sequence[Chunk]] = chunk_article
    make_lexicon: Callable[[Dictionary], Lexicon] = Lexicon
    publish: Callable[[Path, Path, Manifest, int, Path | None], Path] = publish


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What an operator chooses of a build.

    Args:
        dictionary: words that are terms of their own; another one than before makes all terms anew.
        rebuild: start from the given paths alone, and reuse nothing.
        wait_s: how long to wait for another process that writes.
        versions: numbers of our rules; a generation of other numbers is reused in part only.
    """

    dictionary: Dictionary = field(default_factory=Dictionary)
    rebuild: bool = False
    wait_s: float = 0
    versions: Versions = CURRENT_VERSIONS
    steps: BuildSteps = BuildSteps()
