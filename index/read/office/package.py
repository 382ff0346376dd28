"""Office files as ZIP packages: their parts as trees, what they are, and the limits. The only importer of lxml."""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import unquote

from index.errors import UnreadableError
from index.read.formats import PACKAGES

MAX_ENTRIES: Final = 2_000  # parts of the package; a long report with its pictures has some hundreds
MAX_UNPACKED_BYTES: Final = 128 << 20
MAX_XML_BYTES: Final = 24 << 20  # the XML parts: their trees take 5 to 10 times their size
MAX_DIGITS: Final = 8  # a sheet has 1,048,576 rows

PackageKind = Literal["word", "workbook", "slides", "ofd"]
_COMPATIBILITY: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
FALLBACK: Final = f"{_COMPATIBILITY}Fallback"
"""What programs read that do not know the newer form before it."""
IN_FALLBACK: Final = f"{_COMPATIBILITY}AlternateContent/{FALLBACK}"
RELATIONSHIPS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Strict Open XML (ISO/IEC 29500, Part 1) has namespaces of its own for the same elements.
_STRICT: Final = re.compile(rb"""(?<=["'])http://purl\.oclc\.org/ooxml/(\w{1,40})/(\w{1,40})""")
_TRANSITIONAL: Final = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_ROOTS: Final[dict[str, PackageKind]] = {"document": "word", "workbook": "workbook", "presentation": "slides"}
# A file that other packages have → what they are; the first that is there decides.
_OTHER_PACKAGES: Final = (
    ("visio/document.xml", "a Visio drawing (.vsdx)"),
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("META-INF/container.xml", "an e-book (.epub)"),
    ("META-INF/manifest.xml", "an OpenDocument file (.odt, .ods, .odp)"),
    ("META-INF/MANIFEST.MF", "a Java archive (.jar)"),
    ("AndroidManifest.xml", "an app (.apk)"),
    ("Index/Document.iwa", "a Pages, Numbers or Keynote file"),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the last word of the relationship's type, and the part's name in the package."""

    kind: str
    target: str


class Package:
    """An Office file that was looked at before anything of it was unpacked.

    The sizes in its table of contents can be lied about, but zipfile never unpacks more of an entry than its
    stated size. Nested archives are never opened.

    Raises:
        UnreadableError: encrypted, too_large, wrong_suffix, corrupt.
        Exception: what zipfile and lxml raise on a damaged file.
    """

    def __init__(self, data: bytes, expected: PackageKind) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._entries = {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in self._zip.infolist()}
        self._left_bytes = MAX_XML_BYTES
        _check_sizes(self._zip.infolist())
        self.main = self._main_part()
        kind = self._kind()
        if kind != expected:
            found = PACKAGES.get(kind) if kind else self._other()
            raise UnreadableError(
                "wrong_suffix",
                f"the suffix promises {PACKAGES[expected]}, the content is {found or 'another kind of ZIP archive'}",
                f"rename it: it ends in {found.rpartition('(')[2].rstrip(')')}"
                if kind and found
                else "unpack it, or save it in the promised format",
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parts."""
        return tuple(self._entries)

    def tree(self, name: str) -> Any:
        """Return a part's root element; None where there is no such part."""
        data = self.read(name)
        return None if data is None else parse(data)

    def read(self, name: str) -> bytes | None:
        """Return an XML part's bytes, with the namespaces that all but Strict files have; None where it is missing."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        self._left_bytes -= entry.file_size
        if self._left_bytes < 0:
            raise _too_large(MAX_XML_BYTES, MAX_XML_BYTES)
        data = self._zip.read(entry)
        return _STRICT.sub(_TRANSITIONAL, data) if b"purl.oclc.org" in data else data

    def relations(self, name: str) -> dict[str, Relation]:
        """Return a part's relationships by their ids; those that lead out of the package are left out."""
        folder, file = posixpath.split(name)
        root = self.tree(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, Relation] = {}
        for item in root.iter(_PACKAGE_RELATIONSHIP) if root is not None else ():
            if item.get("TargetMode") != "External":
                target = unquote(item.get("Target") or "")
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = (item.get("Type") or "").rpartition("/")[2]
                found[item.get("Id") or ""] = Relation(kind, posixpath.normpath(place))
        return found

    def _main_part(self) -> str:
        if "OFD.xml" in self._entries:
            return "OFD.xml"
        target = next((one.target for one in self.relations("").values() if one.kind == "officeDocument"), "")
        return target if target in self._entries else ""

    def _kind(self) -> PackageKind | None:
        if self.main == "OFD.xml":
            return "ofd"
        root = self.tree(self.main) if self.main.endswith(".xml") else None
        name = str(root.tag) if root is not None else ""
        return _ROOTS.get(name.rpartition("}")[2]) if "openxmlformats.org/" in name else None

    def _other(self) -> str | None:
        return next((shown for name, shown in _OTHER_PACKAGES if name in self._entries), None)


def whole_number(text: str | None, default: int = 0) -> int:
    """Return a number that an attribute states; the default where it states none, or one that no file has."""
    return int(text) if text and text.isdecimal() and len(text) < MAX_DIGITS else default


def left_out_of(counts: Counter[str]) -> dict[str, object]:
    """Return as metadata what was passed over, and how often; {} for nothing."""
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count)
    return {"left_out": told} if told else {}


def parse(data: bytes) -> Any:
    """Return the root element; no entity is expanded, nothing is fetched.

    Raises:
        UnreadableError: corrupt (it declares entities, as no Office program writes).
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError(
            "corrupt",
            "its XML declares a DTD, as no Office program writes one",
            "open it in its program and save it again",
        )
    return root


def stream(data: bytes, tags: Sequence[str]) -> Iterator[Any]:
    """Yield a part's elements of these names as they end, each emptied when the next one is asked for.

    So a large part's tree never stands in memory as a whole.
    """
    from lxml import etree

    parser = etree.iterparse(io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True)
    for _event, element in parser:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise UnreadableError("too_large", f"{len(entries):,} parts, allowed are {MAX_ENTRIES:,}", "save it again")
    unpacked = sum(entry.file_size for entry in entries)
    xml = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels")))
    if unpacked > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES:
        raise _too_large(unpacked, xml)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("encrypted", "a password is needed to read it", "save it without a password")


def _too_large(unpacked: int, xml: int) -> UnreadableError:
    return UnreadableError(
        "too_large",
        f"unpacks to {unpacked >> 20:,} MiB ({xml >> 20:,} MiB of it text), "
        f"allowed are {MAX_UNPACKED_BYTES >> 20} MiB ({MAX_XML_BYTES >> 20} MiB)",
        "split it, or take the pictures out",
    )
