"""What an index run has to say of its files: what was rejected, what was left out of one, which articles are doubtful.

The gravest come first. A terminal shows the first of each sort and how many there are; --report writes all into a file.
"""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path
from typing import Literal

import msgspec

from index.errors import IndexWriteError
from index.files import disk_full, is_full
from index.records import NOTES, Rejected
from index.segment import DOUBTFUL
from index.store.catalogue import CATALOGUE, Catalogue
from rag.errors import QuestionError

SHOWN_REJECTED = 20
SHOWN_OF_MILD = 5
"""Rejections that are shown of a reason that nobody need see to."""
SHOWN_NOTES = 10
"""Doubtful articles, and left out things, that are shown."""
Kind = Literal["rejected", "left_out", "warning", "doubtful"]
_GRAVE = [
    "damaged",
    "corrupt",
    "encrypted",
    "encoding",
    "too_large",
    "failed",
    "unreadable",
    "broken_json",
    "bad_record",
    "no_text",
    "binary",
    "wrong_suffix",
    "not_found",
]
_MILD = [
    "empty",
    "picture",
    "same_name",
    "symlink",
    "not_a_file",
    "withdrawn",
    "about_folder",
    "index_folder",
    "unsupported",
]
_NOTED: tuple[tuple[Kind, str], ...] = (("left_out", "left_out"), ("warning", NOTES))
"""What of an article's metadata readers noted, as which kind."""
_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json", ".tsv"})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that somebody may want to look after.

    Args:
        file: as citations name it.
        line: of a corpus file, from 1.
        page: of the newspaper.
        article_id: of a doubtful article.
        reason: short code; of a doubtful article its confidence in per cent.
    """

    file: str
    line: int | None
    page: str | None
    article_id: str | None
    kind: Kind
    reason: str
    message: str
    remedy: str


class _Kept(msgspec.Struct):
    id: str
    source: str
    doc_id: str
    title: str | None = None
    page: str | None = None
    confidence: float = 1.0
    decisions: Sequence[str] = ()
    metadata: Mapping[str, object] = {}


def check_report_file(path: Path | None) -> None:
    """Refuse a file for a report before an hour's work is done.

    Raises:
        QuestionError: its name says no format, or its folder is not there.
    """
    if path is None:
        return
    if path.suffix.lower() not in _SUFFIXES:
        raise QuestionError(f"{path}: name it .jsonl or .tsv, by the format wanted", param="report", code="invalid")
    if not path.absolute().parent.is_dir():
        raise QuestionError(f"{path}: its folder is not there; make it first", param="report", code="invalid")


def rejection_notes(rejections: Sequence[Rejected]) -> list[Note]:
    """Return what was rejected, the gravest reasons first."""
    notes = [
        Note(item.source, item.line, None, None, "rejected", item.reason, item.message, item.remedy)
        for item in rejections
    ]
    return sorted(notes, key=lambda note: _gravity(note.reason))


def kept_notes(generation: Path) -> list[Note]:
    """Return what readers left out of files that were kept, what they put right or could not read in them, and the doubtful articles, those of least confidence first.

    Args:
        generation: its folder.
    """
    catalogue = Catalogue(generation / CATALOGUE)
    noted: dict[tuple[str, ...], Note] = {}
    doubtful: list[tuple[float, Note]] = []
    try:
        decode = msgspec.json.Decoder(_Kept).decode
        for article in map(decode, catalogue.records()):
            for kind, key in _NOTED:
                for what in _texts(article.metadata.get(key)):
                    note = Note(article.source, None, article.page, None, kind, kind, what, "")
                    noted.setdefault((kind, article.source, article.doc_id, what), note)
            if article.confidence < DOUBTFUL:
                why = "; ".join([f"“{article.title or ''}”", *article.decisions])
                remedy = "compare it with the page: wenju articles PATH --explain"
                sure = f"{article.confidence:.0%}"
                note = Note(article.source, None, article.page, article.id, "doubtful", sure, why, remedy)
                doubtful.append((article.confidence, note))
    finally:
        catalogue.close()
    doubtful.sort(key=lambda item: item[0])
    return [*sorted(noted.values(), key=attrgetter("kind")), *(note for _confidence, note in doubtful)]


def show_notes(notes: Sequence[Note], *, command: str = "") -> None:
    """Print how many there are of each sort and reason, and the first of each.

    Args:
        command: what lists all of them; "" where nothing does.
    """
    rejected = [note for note in notes if note.kind == "rejected"]
    if len(counts := Counter(map(attrgetter("reason"), rejected))) > 1 or len(rejected) > SHOWN_REJECTED:
        print(f"  rejected: {', '.join(f'{reason} {count}' for reason, count in counts.items())}", file=sys.stderr)
    shown = list(_first_rejected(rejected))
    for note in shown:
        place = f"{note.file}:{note.line}" if note.line else note.file
        print(f"  rejected {place}: {note.reason}: {note.message}; {note.remedy}", file=sys.stderr)
    _tell_rest(len(rejected) - len(shown), "rejected", command)
    for kind, said in (("left_out", "left out of"), ("warning", "warning")):
        of_kind = [note for note in notes if note.kind == kind]
        for note in of_kind[:SHOWN_NOTES]:
            print(f"  {said} {note.file}: {note.message}", file=sys.stderr)
        _tell_rest(len(of_kind) - SHOWN_NOTES, "left out" if kind == "left_out" else "warnings", command)
    doubtful = [note for note in notes if note.kind == "doubtful"]
    if doubtful:
        print(f"{len(doubtful)} articles are doubtful, the least sure first:", file=sys.stderr)
    for note in doubtful[:SHOWN_NOTES]:
        place = f"{note.file} ({note.page})" if note.page else note.file
        print(f"  doubtful {place}, {note.reason} sure: {_short(note.message)}", file=sys.stderr)
    _tell_rest(len(doubtful) - SHOWN_NOTES, "doubtful", command)


def write_report(path: Path, notes: Sequence[Note]) -> None:
    """Write all notes, a line each: JSON objects, or with the suffix .tsv columns under a head line.

    Raises:
        IndexWriteError: it cannot be written.
    """
    text = _as_table(notes) if path.suffix.lower() == ".tsv" else "".join(map(_as_json, notes))
    try:
        path.write_text(text, "utf-8", "backslashreplace")
    except OSError as error:
        if is_full(error):
            raise disk_full(path, needed=len(text.encode("utf-8", "backslashreplace"))) from error
        raise IndexWriteError(f"{path} cannot be written: {error.strerror or error}; name another file") from error


def _as_json(note: Note) -> str:
    return msgspec.json.encode(asdict(note)).decode() + "\n"


def _as_table(notes: Sequence[Note]) -> str:
    written = io.StringIO()
    table = csv.writer(written, "excel-tab", lineterminator="\n")
    table.writerow(Note.__dataclass_fields__)
    table.writerows([" ".join(str(value or "").split()) for value in asdict(note).values()] for note in notes)
    return written.getvalue()


def _first_rejected(rejected: Sequence[Note]) -> Iterator[Note]:
    """The first ones, of a mild reason only some, so that they leave room for others."""
    counts: Counter[str] = Counter()
    for note in rejected:
        counts[note.reason] += 1
        if counts.total() <= SHOWN_REJECTED and (note.reason not in _MILD or counts[note.reason] <= SHOWN_OF_MILD):
            yield note


def _tell_rest(count: int, what: str, command: str) -> None:
    if count > 0:
        print(f"  … and {count} more {what}{f'; all: {command}' if command else ''}", file=sys.stderr)


def _gravity(reason: str) -> int:
    """The place of a reason among all: those not known stand between the grave and the mild ones."""
    if reason in _GRAVE:
        return _GRAVE.index(reason)
    return len(_GRAVE) + 1 + _MILD.index(reason) if reason in _MILD else len(_GRAVE)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, Mapping):  # by reason, how much
        return [f"{reason} {count}" for reason, count in value.items()]
    return [str(item) for item in value] if isinstance(value, Sequence) else []


def _short(text: str, characters: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= characters else f"{line[:characters]}…"
