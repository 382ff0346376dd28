"""A citation's quote as its file has it.

An article's text is repaired: marks widened, wrapped lines joined. Whoever compares quotes with the file itself wants
what was printed, so the quote is cut out of the file again, by the offsets that the citation has there.
"""

from dataclasses import dataclass

from index.files import sha256
from index.read import SourceFile, read_file
from index.records import Document
from index.store import Generation
from rag.records import Citation


@dataclass(frozen=True, slots=True)
class Printed:
    """A quote as printed.

    Args:
        quote: cut out of the file; the article's own where the file is gone, was changed, or the place is not known.
        in_file: whether the file has the quote, white space aside; None where it cannot be looked at.
    """

    quote: str
    in_file: bool | None


class PrintedFiles:
    """Looks quotes up in the files that an index was built from; reads each file once.

    Args:
        generation: that the citations are from.
    """

    def __init__(self, generation: Generation) -> None:
        self._index_dir = generation.folder.parents[1]
        self._files = generation.catalogue.files()
        self._texts: dict[str, dict[str, str]] = {}
        self._compact: dict[tuple[str, str], str] = {}

    def find(self, citation: Citation, doc_id: str) -> Printed:
        """Return the quote of a citation as its file has it.

        Args:
            doc_id: of the citation's article: in a file of several documents, which one.
        """
        texts = self._texts_of(citation.source)
        key = doc_id if doc_id in texts else citation.source  # an article that jumped stands in several files
        text = texts.get(key)
        if text is None:
            return Printed(citation.quote, None)
        quote = citation.quote
        if citation.source_start is not None and citation.source_end is not None:
            quote = text[citation.source_start : citation.source_end] or quote
        compact = self._compact.setdefault((citation.source, key), "".join(text.split()))
        return Printed(quote, "".join(quote.split()) in compact)

    def _texts_of(self, source: str) -> dict[str, str]:
        """Document id → decoded text of one file; empty where it is gone or is not the file that was indexed."""
        if source not in self._texts:
            record = self._files.get(source)
            path = self._index_dir / record.path if record else None  # a posted one is in the index folder
            same = record and path and path.is_file() and sha256(path) == record.sha256
            documents = read_file(SourceFile(path, source)) if same and path else ()
            self._texts[source] = {item.doc_id: item.text for item in documents if isinstance(item, Document)}
        return self._texts[source]
