"""index.read.pdf: pages that are written here, line by line at known places → frames in reading order."""

import io
import random
import time
from collections import Counter
from contextlib import suppress

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from news_pdf import CAPTION, LEAD, LEAD_HEAD, NEWS_FRAMES, NEWS_PAGE, TEXTS, body, flat, frames_of, read_frames
from pdf_writer import WIDTH, Show, column, printed, write_pdf
from pypdf import PdfWriter

from index.errors import UnreadableError
from index.read.pdf import read_pdf
from index.read.pdf.page_glyphs import is_placed
from index.read.pdf.text_layer import Limits, read_layer


def test_a_page_of_three_articles_is_read_headline_by_headline_and_column_by_column() -> None:
    assert read_frames(NEWS_PAGE) == NEWS_FRAMES


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_the_file_does_not_matter(seed: int) -> None:
    shuffled = list(NEWS_PAGE)
    random.Random(seed).shuffle(shuffled)
    assert read_frames(shuffled) == NEWS_FRAMES


@pytest.mark.slow
@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(rotate: int) -> None:
    # The page is turned by the viewer, so the text has to lie the other way round in the file.
    turned = []
    width, height = (900.0, 645.0) if rotate % 180 else (645.0, 900.0)
    for show in NEWS_PAGE:
        x, y = show.x, show.y + 0.88 * show.size  # the left end of the baseline as shown
        left, down = {90: (y, height - x), 180: (width - x, height - y), 270: (width - y, x)}[rotate]
        turned.append(Show(left, down - 0.88 * show.size, show.size, show.text, turn=float(rotate)))
    document = read_pdf("a.pdf", write_pdf(turned, size=(width, height), rotate=rotate))
    assert frames_of(document) == NEWS_FRAMES
    assert document.frames[4].box == read_pdf("a.pdf", write_pdf(NEWS_PAGE)).frames[4].box


def test_frames_know_their_size_and_place_and_leave_nothing_out() -> None:
    document = read_pdf("新闻/a.pdf", write_pdf(NEWS_PAGE, [], [LEAD_HEAD]))
    assert (document.source, document.layout, document.title) == ("新闻/a.pdf", "framed", None)
    assert document.text.count("\f") == 2
    by_text = {document.text[frame.start : frame.end]: frame for frame in document.frames if frame.page == 0}
    assert by_text[LEAD_HEAD.text].size_pt == 32
    assert by_text[LEAD_HEAD.text].box == pytest.approx((40, 72, 40 + 13 * 32, 104), abs=0.2)
    assert by_text[CAPTION.text].size_pt == 8
    second = by_text[printed(LEAD[1])]
    assert second.size_pt == 10
    assert second.box == pytest.approx((185, 140, 315, 140 + 6 * 14 + 10), abs=0.2)
    assert [frame.page for frame in document.frames][-2:] == [0, 2]
    assert "\n\n".join(frames_of(document)[:-1]) + "\f\f" + LEAD_HEAD.text == document.text


def test_a_headline_of_two_lines_is_one_frame() -> None:
    head = [Show(40, 50, 24, "第九届云汀之夏"), Show(40, 79, 24, "合唱节昨晚落幕")]
    assert read_frames(flat(head, body(3, 120, 0, (8, 8)))) == [
        printed(head),
        *map(printed, body(3, 120, 0, (8, 8))),
    ]


def test_an_article_around_another_one_keeps_its_columns_together() -> None:
    # The lead's left column goes down to the bottom; its other two end above a second article.
    head = Show(40, 50, 30, "长桥重建工程今日动工通车")
    around = body(1, 96, 0, (28,)) + body(1, 96, 1, (8, 8), start=28 * 13)
    inner_head, inner = Show(185, 230, 20, "河道清淤月底完工"), body(2, 262, 1, (16, 10))
    side_head, side = Show(475, 50, 15, "热线电话开通"), body(3, 76, 3, (26,))
    page = flat(head, around, inner_head, inner, side_head, side)
    assert read_frames(page) == [
        head.text,
        *map(printed, around),
        side_head.text,
        *map(printed, side),
        inner_head.text,
        *map(printed, inner),
    ]


def test_articles_that_interlock_like_a_pinwheel_are_told_apart() -> None:
    north = [Show(40, 50, 24, "甲村修路架桥忙通车了"), *flat(body(0, 84, 0, (10, 10, 10)))]
    east = [Show(475, 50, 15, "乙镇茶园丰收"), *flat(body(1, 76, 3, (24,)))]
    west = [Show(40, 250, 15, "丙街停车不难"), *flat(body(2, 276, 0, (24,)))]
    south = [Show(185, 430, 24, "丁社区议事厅有了新办法"), *flat(body(3, 464, 1, (10, 10, 10)))]
    middle = [Show(185, 250, 18, "戊校开学第一课开讲"), *flat(body(4, 276, 1, (10, 10)))]
    found = read_frames(north + east + west + south + middle)
    heads = [at for at, text in enumerate(found) if len(text) < 13]
    assert [found[at] for at in heads] == [article[0].text for article in (north, east, west, middle, south)]
    assert [after - before for before, after in zip(heads, [*heads[1:], len(found)], strict=True)] == [4, 2, 2, 3, 4]


def test_a_subheading_stays_in_its_column_and_a_brief_does_not() -> None:
    head = Show(40, 50, 24, "湿地公园开放首日")
    ended = TEXTS[0][:90] + "。"
    left = [column(40, 84, ended), [Show(40, 190, 12, "鸟类增加")], column(40, 208, TEXTS[1][:100])]
    right = column(185, 84, TEXTS[2][:200])
    assert read_frames(flat(head, left, right)) == [head.text, *map(printed, left), printed(right)]
    broken_off = column(40, 84, TEXTS[0][:91])
    assert read_frames(flat(head, broken_off, left[1:], right)) == [
        head.text,
        printed(broken_off),
        printed(right),
        *map(printed, left[1:]),
    ]


def test_stacked_and_turned_headlines_are_read_along_their_direction() -> None:
    stacked = [Show(40, 50 + 30 * row, 26, char) for row, char in enumerate("茶农说茶")]
    beside = column(76, 52, TEXTS[0][:160])
    turned = Show(300, 250, 20, "RIVER NEWS", turn=90, font="sans")
    found = read_frames(flat(stacked, beside, turned))
    assert found[:2] == ["茶农说茶", printed(beside)]
    assert found[2] == "RIVER NEWS"


def test_a_letterspaced_headline_is_one_line() -> None:
    head = [Show(40 + 50 * place, 50, 26, char) for place, char in enumerate("白鹭归来")]
    assert read_frames(flat(head, body(0, 90, 0, (9, 9))))[0] == "白鹭归来"


def test_columns_shown_row_by_row_and_glyph_by_glyph_are_still_columns() -> None:
    columns = body(0, 90, 0, (12, 12, 12))
    rows = [show for row in zip(*columns, strict=True) for show in row]
    glyphs = []
    for show in rows:
        x = show.x
        for char in show.text:
            glyphs.append(Show(x, show.y, 10, char))
            x += 5 if char.isascii() else 10
    assert read_frames(glyphs) == read_frames(rows) == [printed(column) for column in columns]


def test_a_letter_in_one_column_keeps_its_order_and_its_indents() -> None:
    title = Show(230, 60, 18, "关于汛期值班的通知")
    text = "各街道办事处：\n" + TEXTS[0][:170] + "\n" + TEXTS[1][:150]
    letter = column(60, 100, text, size=12, chars=40, lead=1.6)
    signed = [Show(400, 330, 12, "云汀区应急管理局"), Show(400, 350, 12, "2023年6月6日")]
    found = "\n".join(read_frames(flat(title, letter, signed)))
    assert found.replace("\u3000", "") == "\n".join([title.text, printed(letter), printed(signed)])
    assert "\u3000\u3000本报讯" in found


def test_an_english_page_keeps_words_apart_and_hyphens_in_place() -> None:
    lines = [
        "The district opened the wet-",
        "land park on Friday after a",
        "delay of two months, said",
        "its director, Wen Bochuan.",
    ]
    left = [Show(40, 100 + 13 * row, 10, line, font="sans") for row, line in enumerate(lines)]
    right = [Show(230, 100 + 13 * row, 10, line, font="sans") for row, line in enumerate(lines[::-1])]
    head = Show(40, 50, 26, "Egret Park Opens After Delay", font="sans")
    byline = Show(40, 84, 8, "By Cai Suyin", font="sans")
    # The same line once as words of their own, as justified type is shown.
    words = [Show(40, 300, 10, "Words"), Show(75, 300, 10, "stand"), Show(106, 300, 10, "apart")]
    found = read_frames(flat(head, byline, left, right, [Show(w.x, w.y, w.size, w.text, font="sans") for w in words]))
    assert found == [head.text, byline.text, printed(left), "Words stand apart", printed(right)]


def test_marks_of_footnotes_stay_in_their_line_and_notes_at_the_foot_come_last() -> None:
    text = [
        Show(40, 60, 10, "The report counts herons", font="sans"),
        Show(40, 74, 10, "and egrets alike.", font="sans"),
    ]
    mark = Show(113.6, 73.5, 6, "1", font="sans")  # raised, right behind the full stop
    beside = [Show(230, 60 + 14 * row, 10, "The second column goes on.", font="sans") for row in range(3)]
    note = Show(40, 820, 8, "1 Counted in spring.", font="sans")
    found = read_frames(flat(note, text, mark, beside))
    assert found == ["The report counts herons\nand egrets alike.1", printed(beside), note.text]


def test_a_page_without_type_above_its_body_is_read_column_by_column() -> None:
    columns = body(0, 90, 0, (12, 12))
    assert read_frames(flat(columns)) == [printed(column) for column in columns]


def test_text_on_one_spot_is_read_in_the_order_of_the_file_as_a_page() -> None:
    shows = [Show(40, 50, 10, line) for line in ("甲村修路", "乙镇种茶", "丙街停车")]
    document = read_pdf("a.pdf", write_pdf(shows))
    assert (document.layout, document.frames) == ("page", ())
    assert Counter("".join(document.text.split())) == Counter("甲村修路乙镇种茶丙街停车")


SHOWS = st.builds(
    Show,
    x=st.floats(20, WIDTH - 150),
    y=st.floats(20, 850),
    size=st.sampled_from([0.1, 8.0, 10.0, 10.5, 14.0, 30.0]),
    text=st.text(alphabet="云汀区人民政府，。“”（）—0123456789 ABCdef", min_size=1, max_size=14),
    turn=st.sampled_from([0.0, 0.0, 0.0, 90.0, 180.0, 270.0, 33.0]),
)


@given(page=st.lists(SHOWS, max_size=30))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_printed_character_is_in_the_text_wherever_it_stands(page: list[Show]) -> None:
    data = write_pdf(page, [Show(40, 50, 10, "云")])
    reply = read_layer(data, Limits())
    with pypdfium2.PdfDocument(data) as pdf:
        printed_text = "".join(one.get_textpage().get_text_range() for one in pdf)
    expected = Counter("".join(printed_text.replace("\ufffe", "-").split()))
    assert Counter("".join(reply.text.split())) == expected
    ends = 0
    for start, end, *_rest in reply.frames or []:
        assert not reply.text[ends:start].strip()
        assert reply.text[start:end].strip()
        ends = end


@pytest.mark.timed
def test_a_dense_page_takes_less_than_a_second() -> None:
    shows = [
        line for place in range(6) for line in column(20 + 100 * place, 20, TEXTS[place % 5] * 9, 6.5, 14, 1.3)[:96]
    ]
    data = write_pdf(shows)
    assert sum(len(show.text) for show in shows) >= 8_000
    taken = []
    for _ in range(3):  # the least counts: this process may be collecting what hundreds of other tests left behind
        started = time.process_time()
        read_layer(data, Limits())
        taken.append(time.process_time() - started)
    assert min(taken) < 1.0


# What cannot be read


def reason_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_layer(data, limits or Limits())
    assert caught.value.message
    assert caught.value.remedy
    return caught.value.reason


@pytest.mark.parametrize(
    ("password", "algorithm", "reason"),
    [("secret", "RC4-128", "encrypted"), ("", "RC4-128", None), ("", "RC4-40", None)],
)
def test_a_pdf_is_encrypted_only_where_reading_needs_a_password(
    password: str, algorithm: str, reason: str | None
) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(write_pdf([Show(40, 50, 10, "云汀报")])))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    if reason:
        assert reason_of(out.getvalue()) == reason
    else:
        assert read_pdf("a.pdf", out.getvalue()).text == "云汀报"


def test_a_scan_is_sent_to_text_recognition() -> None:
    with pytest.raises(UnreadableError, match="none of its 2 pages") as caught:
        read_pdf("a.pdf", write_pdf([], []))
    assert (caught.value.reason, "OCR" in caught.value.remedy) == ("no_text", True)


def test_too_many_pages_or_too_much_text_is_refused() -> None:
    shows = [Show(40, 50, 10, "云汀报")]
    assert reason_of(write_pdf(*[shows] * 2_001)) == "too_large"
    assert reason_of(write_pdf(shows, shows), Limits(text_chars=5)) == "too_large"


def test_a_stated_number_of_pages_that_is_not_there_does_no_harm() -> None:
    data = write_pdf([Show(40, 50, 10, "云汀报")])
    assert reason_of(data.replace(b"/Count 1 ", b"/Count 99999 ")) in ("too_large", "corrupt")


@given(cut=st.integers(0, 2_000), noise=st.binary(max_size=40))
@settings(max_examples=40, deadline=None)
def test_a_damaged_file_is_read_or_refused(cut: int, noise: bytes) -> None:
    data = write_pdf([Show(40, 50, 10, "云汀报")])
    with suppress(UnreadableError):  # anything else is a failure
        read_layer(data[:cut] + noise + data[cut + len(noise) :], Limits())


def test_a_font_that_does_not_tell_its_characters_is_not_taken_for_text() -> None:
    data = write_pdf([Show(40, 50, 10, "云汀报")]).replace(b"/UniGB-UCS2-H", b"/Identity-H   ")
    assert "云" not in read_pdf("a.pdf", data).text
    assert is_placed([])
