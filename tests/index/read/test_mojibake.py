"""index.read.mojibake: wrong readings are undone exactly or refused; clean text is never touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableError
from index.read.decode import CUT_OFF, decode_file
from index.read.mojibake import undo_mojibake

LINES = (
    "河湾泵站改造完工",
    "　　本报讯（记者 沈一禾）云汀区近日完成河湾泵站改造，工程总投资3260万元，新增排涝能力每秒18立方米。",
    "　　区水务局局长顾清和介绍，泵站将在5月20日正式投入运行，惠及沿线4个街道约7.2万名居民。",
    "　　“计划投资1.9亿元，新增学位720个”，区教委主任林亦舟说，工程预计2026年8月竣工。",
    "2024年3月7日 星期四 第2版",
)
TRADITIONAL = "　　本報訊（記者 沈一禾）雲汀區近日完成河灣泵站改造，工程總投資3260萬元，新增排澇能力每秒18立方米。"
OPEN = "\x81\x8d\x8f\x90\x9d"
TEXTS = st.lists(st.sampled_from(LINES), min_size=1, max_size=6).map(lambda lines: "\n".join((LINES[1], *lines)))


def taken_for(data: bytes, encoding: str) -> str:
    """Read bytes as browsers do: what Windows-1252 leaves open are controls."""
    if encoding != "cp1252":
        return data.decode(encoding)
    return "".join(chr(byte) if chr(byte) in OPEN else bytes([byte]).decode(encoding) for byte in data)


def undone_or_refused(text: str) -> str | None:
    """What comes of a text; None where it is refused."""
    try:
        return undo_mojibake(text).text
    except UnreadableError:
        return None


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["utf-8", "gb18030"]), st.sampled_from(["cp1252", "latin-1", "mac_roman", "cp437"]))
def test_a_wrong_reading_as_a_western_encoding_is_undone(text: str, meant: str, wrong: str) -> None:
    undone = undo_mojibake(taken_for(text.encode(meant), wrong))
    assert undone.text == text
    assert "put right" in undone.note


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["utf-8", "gb18030"]), st.sampled_from(["cp1252", "latin-1"]))
def test_a_wrong_reading_upon_a_wrong_reading_is_undone(text: str, meant: str, wrong: str) -> None:
    once = taken_for(text.encode(meant), wrong)
    assert undo_mojibake(taken_for(once.encode(), wrong)).text == text


def test_big5_read_as_gbk_is_undone() -> None:
    assert undo_mojibake(TRADITIONAL.encode("big5").decode("gb18030")).text == TRADITIONAL


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["gb18030", "big5hkscs"]))
def test_utf_8_read_as_chinese_is_undone_or_refused(text: str, wrong: str) -> None:
    damaged = text.encode().decode(wrong, "replace")
    assert undone_or_refused(damaged) in (text, None)


@settings(deadline=None)
@given(TEXTS)
@pytest.mark.parametrize("lost", ["�", "锟斤拷", "?"])
def test_what_is_lost_is_refused(lost: str, text: str) -> None:
    damaged = {
        "�": text.encode("gb18030").decode("utf-8", "replace"),
        "锟斤拷": text.encode("gb18030").decode("utf-8", "replace").encode().decode("gb18030", "replace"),
        "?": text.encode("ascii", "replace").decode(),
    }[lost]
    with pytest.raises(UnreadableError, match="乱码"):
        undo_mojibake(damaged)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES),
        TRADITIONAL,
        "云汀区近日完成河湾泵站改造\ufffd，工程总投资3260万元。",
        "什么是“????”？区里答复：系统故障时会显示????，已修复。工程总投资3260万元，新增排涝能力每秒18立方米。",
        "网友常见的“锟斤拷”是乱码。区融媒体中心提醒，保存文件时请选UTF-8编码，避免出现锟斤拷。工程总投资3260万元。",
        "L'été dernier, les élèves de l'école Élysée ont créé un café à Besançon. Où êtes-vous né ?",
        "法国作家André Gide（安德烈·纪德）的作品展在云汀区图书馆开幕。",
        "Người dân Việt Nam đã được hưởng lợi từ dự án cải tạo hệ thống thoát nước.",
        "Администрация района завершила реконструкцию насосной станции.",
        "Thіs pumpіng stаtіοn іs fіnіshеd; іts сіty іs іnfοrmеd іn wrіtіng\n河湾泵站改造完工，工程总投资3260万元。",
        "市は昨日、河川のポンプ場の改修工事を完了したと発表しました。",
        "구청은 어제 펌프장 개량 공사를 완료했다고 밝혔다.",
        "nǐ hǎo，wǒ shì Yúntīng qū de jūmín。",
        "获奖名单：王珺玥、李堃、张喆琪、陈婧妍、刘玥彤、沈煜祺、陆翀、林赟、孙晟睿",
        "囧巛丶",
        "┌──┬──┐\n│项目│金额│\n└──┴──┘",
        "25°C±0.5 μg/m³ ½ ¼ ×",
        "return x ?? y ? z : '???'\n# ????\nif a && b: print('¡hola!')",
        "🎉🎉🎉 开幕啦！！！🎊",
    ],
)
def test_clean_text_stays(text: str) -> None:
    assert undo_mojibake(text) == undo_mojibake(text).__class__(text)


@settings(deadline=None)
@given(st.text(st.characters(codec="gb2312"), min_size=1, max_size=200))
def test_any_text_is_kept_put_right_or_refused_and_never_breaks_the_reader(text: str) -> None:
    assert undone_or_refused(text) != ""


@pytest.mark.parametrize(("encoding", "bytes_cut"), [("utf-8", 1), ("utf-8", 2), ("gb18030", 1), ("utf-16-le", 1)])
def test_a_character_cut_off_at_the_end_is_left_out_and_said(encoding: str, bytes_cut: int) -> None:
    text = "\n".join(LINES[:3]) + "区"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    decoded = decode_file(mark + text.encode(encoding)[:-bytes_cut])
    assert decoded.text == text[:-1]
    assert decoded.notes == (CUT_OFF,)


def test_gbk_that_was_read_as_korean_is_refused_and_korean_is_not() -> None:
    damaged = "\n".join(LINES).encode("gb18030").decode("cp949", "replace")
    with pytest.raises(UnreadableError, match="Korean"):
        undo_mojibake(damaged)
    clean = LINES[1] + "韩国客人用韩文写下“안녕하세요 반갑습니다 감사합니다”（你好）。"
    assert undo_mojibake(clean).text == clean


def test_characters_printed_as_boxes_are_refused_and_forms_with_boxes_to_tick_are_not() -> None:
    with pytest.raises(UnreadableError, match="□"):
        undo_mojibake("□□□□□□□□□\n□□□（□□ □□□）□□□□，□□3260□□。□□□□□□□□。")
    form = "是否参加：□是 □否　交通方式：□公交 □地铁 □步行\n" * 12
    assert undo_mojibake(form).text == form
