"""A page's paragraphs → pieces with a role: text, headline, caption, jump line, signature, folio."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.columns import INDENT, KERNING, UNWRAPPED, Line, Paragraph, find_paragraphs, find_wraps, is_closed, lacks_bracket
from index.mapped import Mapped
from index.records import Fix
from index.repair import find_kerning, mend
from index.terms import cuts_word, split_words
from index.topic import find_grams

Role = Literal["text", "heading", "caption", "jump", "signature", "byline", "folio"]
"""signature: who wrote or supplied it, in brackets under the text. byline: the author on a line of its own above it.
folio: what belongs to the page and to no article (date line, editors, section name)."""

HEADLINE_CHARACTERS = 45
HEADLINE_CHARACTERS_LATIN = 90
CAPTION_CHARACTERS = 80
SIGNATURE_CHARACTERS = 40
CAPTION_ALONE = 25
PICTURE_GAP = 2
"""More newlines than a blank line makes: where a picture stood."""
BANNER_CHARACTERS = 10
SECTION_CHARACTERS = 5
BANNER_SHARE = 0.3
"""A heading of a body shares at least a third of its character pairs with the page's text; a banner hardly any."""

_LATIN_DATELINE = r"By (?:our (?:staff )?reporter|[A-Z][\w.]+(?: [A-Z][\w.]+){1,3}$)|[A-Z][A-Za-z, ]+(?:\d{1,2} )?\([A-Z][A-Za-z ]+\) ?[-—]"
DATELINE = re.compile(
    r"本报[^，。]{0,8}讯|本报[\u4e00-\u9fff]{2,4}\d{1,2}月\d{1,2}日(?:电|讯)|本报(?:记者|通讯员|评论员)|新华社[^，。]{1,12}电"
    r"|[\u4e00-\u9fff]{2,8}[网社报][^，。（(]{0,10}\d{1,2}月\d{1,2}日[电讯]|讯[（(\s]|[（(](?:记者|通讯员)[^（）()]{1,40}[）)]"
    r"|\d{4}年\d{1,2}月\d{1,2}日讯|" + _LATIN_DATELINE
)
"""How an article begins that says where it comes from."""
_BYLINE_IN_DATELINE = re.compile(r"^.{0,24}?[（(]\s*((?:本报|实习)?(?:记者|通讯员|特约|见习)[^（）()]{1,60})[）)]")
_NOTE = re.compile(r"(?:编者按|编者的话|编后|开栏的话|编辑点评|【编者按】)(?:[：:\s】]|(?<=】))")
JUMP = re.compile(
    r"[（(【]?\s*(?P<way>[上下])\s*[接转]\s*(?:本报)?第?\s*(?P<page>[0-9A-Z]{1,3}|[一二三四五六七八九十]{1,3})\s*版\s*[：:]?\s*[）)】]?"
)
_CREDIT = re.compile(r"(?:^|[\s。”）)/／])[\u4e00-\u9fff·]{1,8}(?:\s[\u4e00-\u9fff·]{2,4}){0,3}\s*[/／]?\s*(?:摄(?:影)?|供图|图)\s*[）)]?$|[（(][\u4e00-\u9fff]{2,12}(?:供图|摄)[）)]$|Photo by [A-Z][\w. ]+$")
_CAPTION_START = re.compile(r"[▼▲◀▶►◄△▽]|图为|图[①-⑨一二三四1-9][：:为]|[（(]?资料图")
_POINTER = re.compile(r"[▼▲◀▶►◄△▽]")
_BRACKETED = re.compile(r"^[（(【].*[）)】]$")
_AUTHOR_LINE = re.compile(
    r"^(?:[■□●◆]\s*)?(?:本报)?(?:记者|通讯员|实习生|作者|撰文|文)[\s:：/／]{0,2}[\u4e00-\u9fff·]{1,4}(?:[\s、]+(?:记者|通讯员|[\u4e00-\u9fff·]{2,4})){0,6}(?:\s*(?:文|摄|摄影|报道|/摄))?$"
    r"|^By [A-Z][\w.]+(?: [A-Z][\w.]+){1,3}$"
)
_FOLIO = re.compile(
    r"^(?:\d{4}年\d{1,2}月\d{1,2}日\s*(?:星期.|周.|第|农历|.{0,4}版|[\u4e00-\u9fff]{2}年)|(?:责任编辑|责编|版式|美编|校对|值班|编辑)[\s:：/／]"
    r"|第?\s*[0-9A-Z一二三四五六七八九十]{1,3}\s*版(?:\s*[\u4e00-\u9fff]{2,4})?$|[A-Z]?\d{1,2}\s+[\u4e00-\u9fff]{2,4}$|(?:要闻|综合|新闻|副刊|专版|专题|广告|时政|社会|文化|民生)$"
    r"|(?:投稿|联系|新闻热线|热线|邮箱|电子邮箱|E-?mail|网址|国内统一|CN\s?\d|总第|今日\S{1,4}版|本报地址|邮编))"
)
_OFFICE = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,6}[区市县乡镇])?[\u4e00-\u9fff]{0,10}(?:中心|局|委员会|办公室|馆|公司|街道办事处|政府|编辑部|报社|协会|分局|支队|联合会|指挥部)$"
    r"|^[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,3} (?:Library|Bureau|Office|Center|Centre|Committee|Government|Department)$"
)
_SECTION = re.compile(r"关注|聚焦|副刊|深读|新貌|风采|专题|信息|走基层|专版|专刊|看台|广角|速览|播报|之窗|在线|连载|时评|视点|快讯|简讯|服务台|导读|传真|纵横|大家谈$|(?:生活|故事|民生)$")
_DAY = re.compile(r"^\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日$")
_ACTS = re.compile(r"[到在为与向赴被将进听]|检查|调研|召开|走访|揭牌|成立|启用|开放|会见|举行|慰问")
_SENTENCE_MARK = re.compile(r"[。；]")
_CLOSES = re.compile(r"[）》”』」】，。、；：！？]")
_BEGINS = re.compile(r"近日|日前|昨日|连日来|[“‘《【]|记者|据悉|\d{1,2}月\d{1,2}日")
_ASKS = re.compile(r"[？?！!]$")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph with its role.

    Args:
        text: repaired, each character with its place in the document.
        fixes: with starts that count in the document.
        paragraph: the printed lines, whose offsets count in the mended page.
        doubled: printed twice, as headlines and captions are, running text never.
    """

    role: Role
    text: Mapped
    fixes: tuple[Fix, ...]
    paragraph: Paragraph
    doubled: bool = False

    @property
    def is_fresh(self) -> bool:
        """Whether an article begins here by its own word: a dateline, an editor's note."""
        return self.role in ("text", "byline") and bool(DATELINE.match(self.text.text) or _NOTE.match(self.text.text))

    @property
    def is_open(self) -> bool:
        """Whether its last sentence goes on somewhere else."""
        return self.role == "text" and not is_closed(self.text.text) and self.text.text[-1] not in "：:；;"

    @property
    def first_line(self) -> Literal["indented", "full", "unknown"]:
        """Whether its first line lacks the width of an indent, as that of a paragraph does and that of a rest does not."""
        lines = self.paragraph.lines
        if len(lines) < 3 or lines[1].width > UNWRAPPED or lines[1].text.isascii():
            return "unknown"
        missing = max(line.width for line in lines[1:3]) - lines[0].width - KERNING * lines[0].spaces
        return "full" if missing < INDENT / 2 else "indented"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text without copies and narrow marks, and what was changed for it.

    Args:
        text: each character with its place in the document.
        fixes: ordered by their starts, which count in the document.
    """

    text: Mapped
    fixes: tuple[Fix, ...]
    starts: tuple[int, ...]

    def fixes_between(self, start: int, end: int) -> tuple[Fix, ...]:
        """Return the fixes that begin in a slice of the document."""
        return self.fixes[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def find_pieces(page: Page) -> list[Piece]:
    """Return the pieces of a page in the order of the dump; together they hold its every printed character."""
    pieces = _join_pointers(page, read_pieces(page, 0, len(page.text)))
    for name in (_find_offices, _find_cut_lines, _find_captions, _find_banners):
        pieces = name(pieces)
    return pieces


def read_pieces(page: Page, start: int, end: int) -> list[Piece]:
    """Return the pieces of a slice of a page's text, each with the role that its own form tells."""
    doubled = {fix.start for fix in page.fixes if fix.kind == "doubled_headline"}
    paragraphs = find_paragraphs(page.text.text[start:end], _starts_of(page, doubled, start, end))
    found: list[Piece] = []
    for paragraph in paragraphs:
        lines = paragraph.lines
        if start:
            lines = tuple(replace(line, start=line.start + start, end=line.end + start) for line in lines)
        found += _part_jumps(make_piece(page, lines, doubled=page.text.starts[lines[0].start] in doubled))
    return found


def _starts_of(page: Page, places: set[int], start: int, end: int) -> set[int]:
    """Offsets in a slice of the page's text of the characters that stand at these places of the document."""
    return {page.text.find(place) - start for place in places if start <= page.text.find(place) < end}


def mend_page(text: str) -> Page:
    """Repair what does not depend on the lines."""
    mended, fixes = mend(text)
    fixes = tuple(sorted(fixes, key=lambda fix: fix.start))
    return Page(mended, fixes, tuple(fix.start for fix in fixes))


def make_piece(page: Page, lines: Sequence[Line], *, doubled: bool = False) -> Piece:
    """Join lines of a page into one piece, close its loose gaps and tell its role by its form."""
    paragraph = Paragraph(tuple(lines))
    base = paragraph.start
    joined, wrapped = page.text.cut(base, paragraph.end).edited(find_wraps(page.text.text, paragraph, base))
    closed, kerned = joined.edited(list(find_kerning(joined.text)))
    return Piece(_role(closed.text, paragraph), closed, (*wrapped, *kerned), paragraph, doubled)


def byline_of(text: str) -> tuple[str, ...]:
    """Return who wrote it, as its dateline or byline says: (记者 甲 通讯员 乙 丙) → 记者 甲, 通讯员 乙, 通讯员 丙."""
    found = _BYLINE_IN_DATELINE.match(text)
    named = found[1] if found else (text if _AUTHOR_LINE.match(text) else "")
    if named.startswith("By "):
        return (named[3:],)
    names: list[str] = []
    role = ""
    for word in re.split(r"[\s、，,：:/／■□●◆]+", named):
        known = re.match(r"((?:本报|实习|见习|特约)?(?:记者|通讯员)|实习生|作者)(.*)", word)
        if known:
            role, word = known[1].removeprefix("本报"), known[2]
        if word and word not in ("文", "摄", "摄影", "报道"):
            names.append(f"{role} {word}".strip())
    return tuple(names)


def _role(text: str, paragraph: Paragraph) -> Role:
    is_latin = not _HAN.search(text)
    limit = HEADLINE_CHARACTERS_LATIN if is_latin else HEADLINE_CHARACTERS
    if JUMP.fullmatch(text):
        return "jump"
    if len(text) <= CAPTION_CHARACTERS and (_CAPTION_START.match(text) or _CREDIT.search(text)):
        return "caption"
    if _FOLIO.match(text) and len(text) <= HEADLINE_CHARACTERS and not is_closed(text):
        return "folio"
    if _AUTHOR_LINE.match(text) and len(text) <= SIGNATURE_CHARACTERS and not _SECTION.search(text):
        return "byline"
    if DATELINE.match(text) or _NOTE.match(text):
        return "text"
    if _BRACKETED.match(text) and len(text) <= SIGNATURE_CHARACTERS:
        return "signature"
    if len(text) > limit or _SENTENCE_MARK.search(text) or text[-1] in "，,、；;":
        return "text"
    if _ASKS.search(text):
        return "heading" if len(paragraph.lines) == 1 and len(text) <= limit / 2 and text[0] not in "“‘问答" else "text"
    return "text" if is_closed(text) or not any(map(str.isalnum, text)) else "heading"


def is_heading(text: str) -> bool:
    """Whether a line of well-formed text looks like a heading."""
    return _role(text, Paragraph((Line(0, len(text), text, 0.0, 0, 1),))) == "heading"


def _part_jumps(piece: Piece) -> Iterator[Piece]:
    """Part a jump line from the end or the beginning of the paragraph it was printed on."""
    if piece.role in ("text", "heading") and (found := JUMP.search(piece.text.text)):
        text = piece.text.text
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        bracketed = found.group()[0] in "（(【"
        if bracketed and bool(before) != bool(after):
            jump = Piece("jump", piece.text.cut(*found.span()).stripped(), (), piece.paragraph)
            rest = (piece.text.cut(0, found.start()) if before else piece.text.cut(found.end(), len(text))).stripped()
            other = replace(piece, text=rest, role=_role(rest.text, piece.paragraph))
            yield from (other, jump) if before else (jump, other)
            return
    yield piece


def _join_pointers(page: Page, pieces: Sequence[Piece]) -> list[Piece]:
    """Join the narrow lines of a caption that begins with a pointer, up to its credit."""
    joined: list[Piece] = []
    number = 0
    while number < len(pieces):
        piece = pieces[number]
        end = number + 1
        if piece.role == "caption" and _POINTER.match(piece.text.text) and not _ends_caption(piece.text.text):
            while end < len(pieces) and end < number + 6 and _is_caption_line(pieces[end]):
                end += 1
                if _ends_caption(pieces[end - 1].text.text):
                    break
        if end > number + 1 and pieces[end - 1].text.ends[-1] != page.text.ends[pieces[end - 1].paragraph.end - 1]:
            end -= 1  # a jump line was parted from it
        lines = [line for part in pieces[number:end] for line in part.paragraph.lines]
        joined.append(replace(make_piece(page, lines), role="caption") if end > number + 1 else piece)
        number = end
    return joined


def _find_banners(pieces: Sequence[Piece]) -> list[Piece]:
    """Name a few words that part running text and share nothing with any of it a column's banner."""
    known = find_grams("\n".join(piece.text.text for piece in pieces if piece.role == "text"))
    found = list(pieces)
    for number, piece in enumerate(pieces):
        if piece.role != "heading" or piece.doubled or len(piece.text) > BANNER_CHARACTERS:
            continue
        grams = find_grams(piece.text.text)
        around = pieces[max(0, number - 1) : number + 2]
        parts_text = len(around) == 3 and around[0].role == around[2].role == "text" and len(piece.text) <= SECTION_CHARACTERS
        if len(grams & known) <= BANNER_SHARE * len(grams) and (parts_text or _SECTION.search(piece.text.text)):
            found[number] = replace(piece, role="folio")
    return found


def _find_offices(pieces: Sequence[Piece]) -> list[Piece]:
    """Name the office that signs a notice: its bare name under running text, with none below."""
    found = list(pieces)
    for number, piece in enumerate(pieces[1:], 1):
        text = piece.text.text
        is_name = piece.role == "heading" and len(text) <= 36 and bool(_OFFICE.match(text)) and not _ACTS.search(text)
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        if is_name and not piece.doubled and pieces[number - 1].role == "text" and is_closed(pieces[number - 1].text.text):
            if after is None or after.role != "text" or after.is_fresh:
                found[number] = replace(piece, role="signature")
        elif found[number - 1].role == "signature" and _DAY.match(text):
            found[number] = replace(piece, role="signature")
    return found


def _is_completed(piece: Piece, after: Piece | None) -> bool:
    """Whether the next line is the rest of a headline that breaks inside a bracket or a quotation."""
    return after is not None and after.role == "heading" and not lacks_bracket(piece.text.text + after.text.text)


def _find_cut_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Name a line text that looks like a heading but is the first line of a paragraph cut off below it.

    It has the width of its column less the indent, breaks off in a word, and nothing that it could head follows.
    """
    found = list(pieces)
    for number, piece in enumerate(pieces[1:], 1):
        before = pieces[number - 1]
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        if piece.role != "heading" or piece.doubled or len(piece.paragraph.lines) > 1:
            continue
        if lacks_bracket(piece.text.text) and before.role == "text" and not _is_completed(piece, after):
            found[number] = replace(piece, role="text")
        if " " in piece.text.text:
            continue
        if before.role != "text" or len(before.paragraph.lines) < 3 or not is_closed(before.text.text):
            continue
        width, column = piece.paragraph.column, before.paragraph.column
        below = after is not None and after.role == "text" and not after.is_fresh and not after.paragraph.lines[0].opens_frame
        torn = len(split_words(piece.text.text)[-1]) == 1
        if (abs(column - INDENT - width) < INDENT / 2 and torn and not below) or ("，" in piece.text.text and width > 0.8 * column):
            found[number] = replace(piece, role="text")
    return found


def _ends_caption(text: str) -> bool:
    return is_closed(text) or bool(_CREDIT.search(text))


def _is_caption_line(piece: Piece) -> bool:
    return (
        piece.paragraph.column <= 16
        and piece.role in ("heading", "text")
        and not piece.is_fresh
        and not piece.doubled
        and len(piece.text) <= HEADLINE_CHARACTERS
    )


def _find_captions(pieces: Sequence[Piece]) -> list[Piece]:
    """Name short sentences captions that stand among headlines and pictures, or break into another sentence."""
    found = list(pieces)
    for number, piece in enumerate(pieces):
        if not _is_short_text(piece) or not is_closed(piece.text.text) or piece.paragraph.column > UNWRAPPED:
            continue
        before = next((other for other in reversed(found[max(0, number - 8) : number]) if other.role != "caption"), None)
        after = next((other for other in pieces[number + 1 : number + 9] if not _is_short_text(other)), None)
        stands_apart = (
            before is not None
            and before.role in ("heading", "jump")
            and _looks_captioned(pieces, number)
            and (after is None or after.role in ("heading", "jump", "caption"))
        )
        last = number + 1 == len(pieces) or pieces[number + 1].is_fresh or pieces[number + 1].role != "text"
        loose = piece.paragraph.lines[0].opens_frame and len(piece.paragraph.lines) == 1 and last
        if stands_apart or loose or (before is not None and _breaks_in(before, piece, pieces[number + 1 : number + 2])):
            found[number] = replace(piece, role="caption")
    return found


def _looks_captioned(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a picture's space is left above a short sentence, or another such sentence stands beside it."""
    if pieces[number].paragraph.lines[0].gap > PICTURE_GAP:
        return True
    beside = pieces[max(0, number - 1) : number] + pieces[number + 1 : number + 2]
    return len(pieces[number].text) <= CAPTION_ALONE and any(
        _is_short_text(piece) and len(piece.text) <= CAPTION_ALONE and is_closed(piece.text.text) or piece.role == "caption"
        for piece in beside
    )


def _breaks_in(before: Piece, piece: Piece, rest: Sequence[Piece]) -> bool:
    """Whether the text before goes on behind this piece rather than in it."""
    if not before.is_open or not rest or rest[0].role != "text" or rest[0].is_fresh:
        return False
    own, other = (takes_up(before.text.text, part.text.text) for part in (piece, rest[0]))
    return other > own or (piece.paragraph.lines[0].opens_frame and other == own)


def takes_up(before: str, after: str) -> float:
    """How plainly a text takes up the open sentence of another: a bracket 3, a torn word 2, nothing against it 0.5."""
    awaited = lacks_bracket(before)
    closes = re.match(r"[^“《（「『]{0,40}?([）》”』」])", after)
    if awaited and awaited[0] in "》）」』" and closes and closes[1] == awaited[0]:
        return 3.0
    if _CLOSES.match(after):
        return 3.0
    if before[-1:].isdigit() and re.match(r"[年月日个万亿元米人名件户次项家%％]|\d", after):
        return 3.0
    if cuts_word(before[-6:], after[:6]):
        return 2.0
    return -0.5 if _BEGINS.match(after) else 0.5


def _is_short_text(piece: Piece) -> bool:
    return piece.role == "text" and len(piece.text) <= HEADLINE_CHARACTERS and not piece.is_fresh
