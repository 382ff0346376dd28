"""index.read.pdf.trust: text layers whose characters are not those that the page prints, and pages that are only unusual."""

import random
import unicodedata
from collections.abc import Callable, Sequence

import pytest
from news_pdf import NEWS_PAGE, TEXTS
from pdf_writer import Show, column, write_pdf
from press.names import name_rows, table_rows, verse_lines

from index.errors import UnreadableError
from index.language.normalise import traditionalise
from index.read.pdf import read_pdf
from index.read.pdf.lines import Glyph
from index.read.pdf.trust import distrust
from index.records import NOTES

FIRST_LEVEL = "".join(
    bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF)
)
ENGLISH = (
    "The district opened the wetland park on Friday after a delay of two months, said its director, Wen Bochuan. "
    "Visitors may enter free of charge, up to 20,000 a day; a hide for bird watchers will follow next year."
)


def glyphs_of(text: str, chars: int = 20) -> list[Glyph]:
    """A column of full-width characters, as an engine hands it out; newlines part lines."""
    rows = [row[at : at + chars] for row in text.split("\n") for at in range(0, len(row), chars)]
    return [
        Glyph(char, 10.0, 0, 10.0 * at, 10.0 * at + 10, 14.0 * row, (10.0 * at, 14.0 * row - 9, 10.0 * at + 10, 14.0 * row + 1))
        for row, line in enumerate(rows)
        for at, char in enumerate(line)
    ]  # fmt: skip


def _numbered(first: int) -> Callable[[str], str]:
    """A font that knows its characters by numbers only, from some number on, in the order of their first use."""

    def garble(text: str) -> str:
        numbers = {char: first + place for place, char in enumerate(dict.fromkeys(text))}
        return "".join(chr(numbers[char]) for char in text)

    return garble


def _moved(steps: int) -> Callable[[str], str]:
    """A map to Unicode that is off by some places in the font's order."""

    def garble(text: str) -> str:
        places = {char: place for place, char in enumerate(FIRST_LEVEL)}
        return "".join(
            FIRST_LEVEL[(places[char] + steps) % len(FIRST_LEVEL)] if char in places else char for char in text
        )

    return garble


def _exchanged(seed: int) -> Callable[[str], str]:
    """A map that gives each character, marks too, another frequent one."""

    def garble(text: str) -> str:
        others = random.Random(seed).sample(FIRST_LEVEL, len(set(text)))
        return text.translate(dict(zip(map(ord, sorted(set(text))), others, strict=True)))

    return garble


GARBLED: dict[str, Callable[[str], str]] = {
    **{f"numbers from {first:#x} on": _numbered(first) for first in (0x1, 0x21, 0x80, 0xA1, 0x3A0, 0x700, 0xE000, 0xF020)},
    **{f"off by {steps}": _moved(steps) for steps in (1, -3, 700)},
    **{f"exchanged, seed {seed}": _exchanged(seed) for seed in range(3)},
    "not told": lambda text: "\ufffd" * len(text),
    "digits": lambda text: "".join(str(ord(char) % 10) for char in text),
    "one letter": lambda text: "云" * len(text),
    "question marks": lambda text: "?" * len(text),
    "GBK read as Windows-1252": lambda text: text.encode("gbk").decode("cp1252", "replace"),
    "GBK read as Latin-1": lambda text: text.encode("gbk").decode("latin-1"),
    "UTF-8 read as Windows-1252": lambda text: text.encode().decode("cp1252", "replace"),
    "UTF-8 read as GBK": lambda text: text.encode().decode("gbk", "replace"),
    "numbers of Adobe-GB1": lambda text: "".join(chr(814 + FIRST_LEVEL.find(char) % 7000) for char in text),
}  # fmt: skip


@pytest.mark.parametrize("garble", GARBLED.values(), ids=list(GARBLED))
@pytest.mark.parametrize("text", TEXTS[:4], ids=range(4))
def test_a_garbled_page_is_not_trusted(garble: Callable[[str], str], text: str) -> None:
    assert distrust(glyphs_of(garble(text)))


@pytest.mark.parametrize("step", [29, -29, 3])
def test_letters_shifted_in_the_fonts_order_are_not_trusted(step: int) -> None:
    shifted = "".join(chr(32 + (ord(char) - 32 - step) % 95) for char in ENGLISH)
    assert distrust(glyphs_of(shifted, 60))


def _spaced(rng: random.Random, make: Callable[[random.Random], str]) -> str:
    return "\n".join(make(rng).replace("\t", "   ") for _ in range(8))


UNUSUAL: dict[str, str] = {
    "English": ENGLISH,
    "names": _spaced(random.Random(1), name_rows),
    "tables": _spaced(random.Random(2), table_rows),
    "verse": _spaced(random.Random(3), verse_lines),
    "figures alone": "\n".join(" ".join(str(1017 * row * place) for place in range(1, 9)) for row in range(1, 30)),
    "bullets of a font of signs": "\n".join(f"\uf0b7{name}\uf0a7" for name in ("云汀区", "青石街道", "南渡镇")),
    "Uyghur": "شىنجاڭ ئۇيغۇر ئاپتونوم رايونى " * 9,
    "Russian": "Районное управление сообщило о ремонте моста. " * 5,
    "two scripts and French": "Ελλάδα αγορά λιμάνι. Été, forêt, château, Noël. " * 4,
    "a cover": "云汀报\n2023年6月6日",
    "dots of a contents page": "\n".join(f"第{place}章 {'.' * 40} {place * 7}" for place in range(1, 9)),
    "blanks": "\n\n   ",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=list(UNUSUAL))
def test_a_page_that_is_only_unusual_is_trusted(text: str) -> None:
    assert not distrust(glyphs_of(text, 60))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_articles_are_trusted_simplified_and_traditional(text: str) -> None:
    assert not distrust(glyphs_of(text))
    assert not distrust(glyphs_of(traditionalise(text)))
    assert not distrust(glyphs_of(unicodedata.normalize("NFKD", text)))


def _page(text: str) -> list[Show]:
    return [Show(40, 50, 24, "望津桥启动重建"), *column(40, 90, text, chars=40)]


def _garbled(data: bytes, shows: Sequence[Show]) -> bytes:
    """The file with each text of some lines moved by one in Unicode."""
    for show in shows:
        code = show.text.encode("utf-16-be").hex()
        moved = "".join(f"{ord(char) ^ 0x155:04x}" for char in show.text)
        data = data.replace(f"<{code}>".encode(), f"<{moved}>".encode())
    return data


def test_garbled_pages_are_left_out_and_named_and_the_others_read() -> None:
    pages = [_page(text) for text in TEXTS[:5]]
    data = _garbled(write_pdf(*pages), [*pages[1], *pages[3], *pages[4]])
    document = read_pdf("a.pdf", data)
    notes = document.metadata[NOTES]
    assert isinstance(notes, list)
    assert len(notes) == 1
    assert notes[0].startswith("pages 2, 4–5: ")
    assert "OCR" in notes[0]
    assert {frame.page for frame in document.frames} == {0, 2}
    assert document.text.count("\f") == 4


def test_a_file_with_no_sound_page_is_rejected_with_what_to_do() -> None:
    page = _page(TEXTS[0])
    with pytest.raises(UnreadableError, match="page 1: its fonts tell") as caught:
        read_pdf("a.pdf", _garbled(write_pdf(page), page))
    assert (caught.value.reason, "OCR" in caught.value.remedy) == ("encoding", True)


def test_a_sound_page_is_said_nothing_of() -> None:
    assert read_pdf("a.pdf", write_pdf(NEWS_PAGE)).metadata == {}
