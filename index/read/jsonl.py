"""Corpus files (.jsonl, .json) → Documents, one for each object; a bad line never stops the file."""

import bisect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from index.errors import UnreadableError
from index.read.decode import decode
from index.read.formats import SourceFile, check_signature
from index.read.html_fragments import TAGS_TAKEN_OUT, show_text
from index.read.load import iter_lines
from index.read.mojibake import undo_mojibake
from index.read.stated_dates import parse_date, stated_text
from index.records import NOTES, Document, Rejected

_BYTE: Final = re.compile(r"\s{0,4}\(byte (\d+)\)$")
_SNIFFED_BYTES: Final = 1024
_TEXT_FIELDS: Final = ("title", "newspaper", "page", "url")
_OBJECT: Final = msgspec.json.Decoder(dict[str, object])
_RAW: Final = msgspec.json.Decoder(msgspec.Raw)
_RAW_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_RAW_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def rejected(source: str, error: UnreadableError, line: int | None = None) -> Rejected:
    """Return the record of an input that could not be read; its message begins with file and line."""
    where = source if line is None else f"{source}, line {line:,}"
    return Rejected(source, line, error.reason, f"{where}: {error.message}", error.remedy)


def read_jsonl(file: SourceFile, *, zipped: bool) -> Iterator[Document | Rejected]:
    """Yield one Document or Rejected for each line; blank lines are none. One line is in memory at a time.

    Raises:
        UnreadableError: the file as a whole: wrong_suffix, binary, encoding, empty, too_large, not_a_file.
        OSError: the system refuses.
    """
    seen: set[str] = set()
    read = 0
    for line, item in iter_lines(file.path, zipped=zipped):
        if isinstance(item, bytes):
            data = _checked_start(item, file.path) if line == 1 else item
            if not data.strip():
                continue
            outcome = _record(file.source, data, line, f"{file.source}#{line}", seen)
        else:
            outcome = rejected(file.source, item, line)
        read += 1
        yield outcome
    if not read:
        raise UnreadableError("empty", "there is no line in it", "leave it out, or export it again")


def read_json(source: str, data: bytes) -> Iterator[Document | Rejected]:
    """Yield one Document or Rejected for each object: the file's only one, those of a list, or of "documents".

    `line` is the line at which the object begins. An object of a list without `_id` is named by its place.

    Raises:
        UnreadableError: the file as a whole: broken_json, bad_record (no object anywhere), empty, binary, encoding.
    """
    # Any encoding that text files may have; JSON's own line breaks are blanks, those in strings are escaped.
    utf8 = decode(data).encode("utf-8")
    try:
        items = _items(utf8)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise _broken(utf8, error) from error
    if not items:
        raise UnreadableError("empty", "there is no object in it", "leave it out, or export it again")
    newlines = [match.start() for match in re.finditer(b"\n", utf8)]
    seen: set[str] = set()
    at = 0
    for number, item in enumerate(items, start=1):
        raw = bytes(item)
        # Items stand in the file one after the other, parted by commas and blanks only.
        at = max(utf8.find(raw, at), at)
        line = bisect.bisect_right(newlines, at) + 1
        at += len(raw)
        yield _record(source, raw, line, source if len(items) == 1 else f"{source}#{number}", seen)


def _items(utf8: bytes) -> Sequence[msgspec.Raw]:
    _RAW.decode(utf8)  # all of it is well-formed, or an error says where not
    start = utf8.lstrip()[:1]
    if start == b"[":
        return _RAW_LIST.decode(utf8)
    if start != b"{":
        raise UnreadableError(
            "bad_record", "neither an object nor a list of objects", 'write {"_id", "title", "text", "date"}'
        )
    documents = _RAW_OBJECT.decode(utf8).get("documents")
    if documents is not None and bytes(documents).startswith(b"["):
        return _RAW_LIST.decode(documents)
    return [msgspec.Raw(utf8.strip())]


def _checked_start(first_line: bytes, path: Path) -> bytes:
    """Refuse a file that is no corpus at all by its first line, instead of line by line; strip its mark."""
    check_signature("jsonl", first_line[:_SNIFFED_BYTES])
    if first_line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("encoding", f"{path.suffix} files must be UTF-8, this one is UTF-16", "save it as UTF-8")
    if b"\0" in first_line[:_SNIFFED_BYTES]:
        raise UnreadableError("binary", "it holds machine data, not text", "export the corpus as JSON lines")
    return first_line.removeprefix(b"\xef\xbb\xbf")


def _record(source: str, data: bytes, line: int, name: str, seen: set[str]) -> Document | Rejected:
    """Return one object as a Document. `name` is its id where it has none; `seen` gathers the file's ids."""
    try:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(data[: error.start].decode("utf-8")) + 1
            raise UnreadableError(
                "encoding", f"not UTF-8 at column {column:,}", "export the line again, as UTF-8"
            ) from error
        try:
            fields = _OBJECT.decode(data)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise _broken(data, error, line) from error
        document = _document(source, fields, line, name)
        if document.doc_id in seen:
            raise UnreadableError(
                "duplicate_id", f'_id "{document.doc_id}" was used above', "give each line its own _id"
            )
    except UnreadableError as error:
        return rejected(source, error, line)
    seen.add(document.doc_id)
    return document


def _document(source: str, fields: dict[str, object], line: int, name: str) -> Document:
    text = fields.pop("text", None)
    if not isinstance(text, str) or not text.strip():
        found = "is empty" if isinstance(text, str) else "is missing or not a string"
        raise UnreadableError("no_text", f'"text" {found}', 'put the article\'s text under "text"')
    given_id = fields.pop("_id", None)
    if given_id is not None and stated_text(given_id) is None and given_id != "":
        raise UnreadableError("bad_record", '"_id" is neither a string nor a number', 'give a string as "_id"')
    notes: list[str] = []
    text = _plain(text.replace("\r\n", "\n").replace("\r", "\n"), notes)
    if not text.strip():
        raise UnreadableError("no_text", 'the tags in "text" show no text', 'put the article\'s text under "text"')
    # What is not of the expected type stays in the metadata: nothing that was stated is dropped.
    known = {key: value for key in _TEXT_FIELDS if (value := stated_text(fields.get(key))) is not None}
    if "title" in known:
        known["title"] = " ".join(_plain(known["title"], []).split())
    date = parse_date(fields.get("date"))
    if date is None and fields.get("date") not in (None, ""):
        notes.append(f"the date {str(fields['date'])[:40]!r} could not be read")
    byline = _names(fields.get("byline"))
    taken = {*known, *(["date"] if date else []), *(["byline"] if byline else [])}
    return Document(
        source,
        stated_text(given_id) or name,
        text,
        "record",
        title=known.get("title"),
        date=date,
        newspaper=known.get("newspaper"),
        page=known.get("page"),
        url=known.get("url"),
        byline=byline,
        line=line,
        metadata={
            key: value
            for key, value in fields.items()
            if key not in taken and not (key in (*_TEXT_FIELDS, "date") and value in (None, ""))
        }
        | ({NOTES: notes} if notes else {}),
    )


def _plain(text: str, notes: list[str]) -> str:
    """Return a field's text with wrong readings undone and tags taken out; what was done is added to the notes.

    Raises:
        UnreadableError: encoding.
    """
    undone = undo_mojibake(text)
    shown = show_text(undone.text)
    notes += [undone.note] if undone.note else []
    notes += [TAGS_TAKEN_OUT] if shown is not None else []
    return undone.text if shown is None else shown


def _names(stated: object) -> tuple[str, ...]:
    """The names of a by-line, stated as one string or as a list of them; () where it is neither."""
    listed = stated if isinstance(stated, list) else [stated]
    names = [stated_text(name) for name in listed]
    return tuple(name for name in names if name) if all(names) else ()


def _broken(data: bytes, error: Exception, line: int | None = None) -> UnreadableError:
    """Say where JSON breaks. `line` is set where `data` is one line, whose number the caller states."""
    if isinstance(error, msgspec.ValidationError):
        return UnreadableError(
            "bad_record", f"no object that can be used ({error})", 'write {"_id", "title", "text", "date"}'
        )
    message = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    place = _BYTE.search(message)
    before = data[: int(place[1])] if place else data.rstrip()
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    where = f"column {column:,}" if line is not None else f"line {before.count(10) + 1:,}, column {column:,}"
    detail = _BYTE.sub("", message).removeprefix("JSON is malformed: ")
    remedy = "write one whole object on one line" if line is not None else "mend the JSON there, or export it again"
    return UnreadableError("broken_json", f"broken JSON at {where}: {detail}", remedy)
