"""Which files can be read, how large they may be, and what their first bytes give away."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from index.errors import UnreadableError
from index.read.unread_kinds import UNREAD_KINDS
from index.records import Rejected

Form = Literal[
    "text", "markdown", "webpage", "archived_page", "pdf", "word", "old_word", "rich_text", "workbook", "slides", "ofd",
    "image", "delimited", "json", "jsonl",
]  # fmt: skip

SUFFIXES: Final[Mapping[str, Form]] = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "webpage",
    ".htm": "webpage",
    ".shtml": "webpage",
    ".xhtml": "webpage",
    ".mht": "archived_page",
    ".mhtml": "archived_page",
    ".pdf": "pdf",
    ".docx": "word",
    ".docm": "word",
    ".doc": "old_word",
    ".wps": "old_word",  # Kingsoft Writer's own suffix for the same binary form
    ".rtf": "rich_text",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".pptx": "slides",
    ".ppsx": "slides",
    ".ofd": "ofd",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".json": "json",
    ".jsonl": "jsonl",
}
BINARY_FORMS: Final[frozenset[Form]] = frozenset({"pdf", "word", "old_word", "workbook", "slides", "ofd", "image"})
# Office files and PDFs are compressed inside: a .gz around them saves nothing, and nobody ships them so.
GZIP_SUFFIXES: Final = tuple(
    suffix + ".gz" for suffix, form in SUFFIXES.items() if form not in BINARY_FORMS | {"rich_text", "archived_page"}
)

MAX_FILE_BYTES: Final = (
    64 << 20
)  # a year of a weekly as plain text is below 20 MiB; decoding needs some 5 times the size
MAX_WEBPAGE_BYTES: Final = 16 << 20  # the parsed tree takes 10 to 20 times the page's size in memory
MAX_CORPUS_BYTES: Final = 4 << 30  # a corpus is streamed, so this bounds time, not memory
MAX_LINE_BYTES: Final = 4 << 20  # one article; more than a million Chinese characters
GZIP_RATIO: Final = 200  # Chinese news packs 2 to 3 times, logs up to 100; DEFLATE's limit is 1,032 (a bomb)
GZIP_RATIO_FROM_BYTES: Final = 16 << 20  # below this size a high ratio harms nobody

_MAX_BYTES: Final[Mapping[Form, int]] = {"webpage": MAX_WEBPAGE_BYTES, "jsonl": MAX_CORPUS_BYTES}
_PACKED: Final[Mapping[Form, str]] = {
    "word": "a Word document (.docx)",
    "workbook": "a workbook (.xlsx)",
    "slides": "a presentation (.pptx)",
    "ofd": "an OFD document (.ofd)",
}
_OLD_OFFICE: Final = "an old Office file (.doc, .xls, .ppt)"
_RICH_TEXT: Final = "a Rich Text file (.rtf)"
_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (.docx, .xlsx, .epub and others are ZIP archives)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"{\\rtf", _RICH_TEXT),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"II+\x00", "a TIFF image"),
    (b"MM\x00+", "a TIFF image"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
)
_PICTURES: Final = frozenset({"a PNG image", "a JPEG image", "a TIFF image"})
_PDF_HEADER_WITHIN_BYTES: Final = 1024  # Adobe's readers accept the header there (PDF Reference 1.7, H.3 note 13)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to be read.

    Args:
        path: where it is.
        source: how citations name it: its path below the folder that was given, with "/"; unique in one run.
    """

    path: Path
    source: str

    @property
    def limit_bytes(self) -> int:
        """The largest size that it may have."""
        form, _zipped = form_of(self.path) or ("text", False)
        return _MAX_BYTES.get(form, MAX_FILE_BYTES)


def form_of(path: Path) -> tuple[Form, bool] | None:
    """Return the form that the file's name promises and whether it is gzipped; None where it is not supported."""
    name = path.name.lower()
    zipped = name.endswith(".gz")
    if zipped and not name.endswith(GZIP_SUFFIXES):
        return None
    form = SUFFIXES.get(Path(name.removesuffix(".gz")).suffix)
    return None if form is None else (form, zipped)


def unsupported(source: str) -> Rejected:
    """Return the rejection of a file whose suffix is not supported, with the remedy for that very kind."""
    suffix = Path(source.lower()).suffix
    known = " ".join([*SUFFIXES, *GZIP_SUFFIXES])
    what, remedy = UNREAD_KINDS.get(
        suffix, ("files of this kind are not read", f"convert it to one of {known}, or leave it out")
    )
    return Rejected(source, None, "unsupported", f"{source}: {what}", remedy)


def looks_like(head: bytes) -> str | None:
    """Name what a file's first bytes show it to be; None for text and for what is not known."""
    return next((name for signature, name in _SIGNATURES if head.startswith(signature)), None)


def check_signature(form: Form, head: bytes) -> None:
    """Refuse a file that is not what its suffix says.

    Args:
        form: what the suffix says.
        head: the first 1,024 bytes of the (decompressed) file, or all of a shorter one.

    Raises:
        UnreadableError: wrong_suffix.
    """
    found = looks_like(head)
    if form == "pdf":
        right, expected = b"%PDF-" in head[:_PDF_HEADER_WITHIN_BYTES], "a PDF"
    elif form == "image":
        right, expected = found in _PICTURES, "a PNG, JPEG or TIFF image"
    elif form in _PACKED:
        right, expected = head.startswith(b"PK\x03\x04"), _PACKED[form]
    elif form == "old_word":
        # Many a .doc is a web page, Rich Text or a .docx by content; Word opens them all.
        right, expected = found in (None, _OLD_OFFICE, _RICH_TEXT) or head.startswith(b"PK\x03\x04"), "a Word document"
    elif form == "rich_text":
        right, expected = found == _RICH_TEXT, "a Rich Text file"
    else:
        right, expected = found is None, "text"
    if not right:
        raise UnreadableError(
            "wrong_suffix",
            f"the suffix promises {expected}, the content looks like {found or 'something else'}",
            "rename it to what it is, or save it again in the promised format",
        )


def check_container(data: bytes) -> None:
    """Refuse an encrypted Office file, which is no ZIP archive but an old Office container around one.

    Raises:
        UnreadableError: encrypted.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableError("encrypted", "a password is needed to read it", "save it without a password")
