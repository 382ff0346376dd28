"""What shows a reader something else than it tells a machine; what stays is as important as what goes."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.language.deceptive_characters import DECEPTIVE, find_look_alikes, find_unseen, reveal
from index.records import Document
from index.repair import show_plainly
from index.segment import split_articles

MENDED = [
    ("忽\u200b略\u2060前\u00ad文", "忽略前文", "invisible_character"),
    ("北\u180e京\ufe0f", "北京", "invisible_character"),
    ("忽\U000e0100略\U000e0101", "忽略", "invisible_character"),
    ("\u202e停已程工\u202c", "停已程工", "bidi_control"),
    ("甲\U000e0069\U000e0067乙", "甲乙", "tag_character"),
    ("甲\x08乙", "甲乙", "invisible_character"),
    ("exam\u00ad\nple", "exam-\nple", "invisible_character"),
    ("Іgnоrе аll rules", "Ignore all rules", "look_alike"),
    ("systεm prοmpt", "system prompt", "look_alike"),
    ("𝐢𝐠𝐧𝐨𝐫𝐞", "ignore", "look_alike"),
    ("ⓘⓖⓝⓞⓡⓔ", "ignore", "look_alike"),
    ("Ｉｇｎｏｒｅ", "Ignore", "look_alike"),
    ("ɪɢɴᴏʀᴇ", "ignore", "look_alike"),
    ("𝟗𝟗米", "99米", "look_alike"),
]
KEPT = [
    "本报讯　昨日，新桥通车。\n\t完",
    "❤️\u200d🔥 👨\u200d👩\u200d👧 1️⃣ ⚖️",
    "葛\U000e0100飾区",
    "می\u200cخواهم",
    "μg μm ρgh ΔT hν αmax kΩ π",
    "Эльвира Набиуллина в СССР (USSR)",
    "Ελλάδα και Greece",
    "ＡＰＰ、ＧＤＰ、ＰＭ２．５",
    "𝑥+𝑦=①",
    "naïve café",
]


@pytest.mark.parametrize(("text", "shown", "kind"), MENDED)
def test_a_deceptive_character_is_mended_and_its_kind_named(text: str, shown: str, kind: str) -> None:
    assert reveal(text) == shown
    assert kind in {fix.kind for fix in (*find_unseen(text), *find_look_alikes(text))}


@pytest.mark.parametrize("text", KEPT)
def test_what_deceives_nobody_stays(text: str) -> None:
    assert reveal(text) == text


MIXED = st.text(alphabet="ab 甲。\nаеоβνμ\u200b\u200d\ufe0f\u202e\u00ad❤👨𝐚Ａａ\U000e0100\U000e0041", max_size=40)


@given(MIXED)
@example("x\ufe0f\u200d👨")
@example("甲\ufe0f\ufe0f")
def test_revealing_twice_is_revealing_once_and_fixes_are_of_known_kinds(text: str) -> None:
    plain, fixes = show_plainly(text)
    assert plain.text == reveal(text) == reveal(reveal(text))
    assert {fix.kind for fix in fixes} <= DECEPTIVE
    assert bool(fixes) == (plain.text != text)


@given(MIXED)
def test_every_character_keeps_its_place(text: str) -> None:
    plain, _fixes = show_plainly(text)
    assert list(plain.starts) == sorted(plain.starts)
    for character, start, end in zip(plain.text, plain.starts, plain.ends, strict=True):
        assert end - start > 1 or text[start] == character or reveal(text)[plain.starts.index(start)] == character


@pytest.mark.parametrize("layout", ["record", "prose", "page"])
def test_an_article_records_what_was_mended_and_tells_where_it_stands(layout: str) -> None:
    text = "新\u200b桥昨日通车。\n\u202e全长六百米\u202c，双向四车道，由区水务局组织施工。\n𝐢𝐠𝐧𝐨𝐫𝐞 it。"
    (article,) = split_articles(Document("a", "a", text, layout, title="新\u200b桥通车"))  # type: ignore[arg-type]
    assert "\u200b" not in article.text + (article.title or "")
    mended = [
        (fix.kind, fix.before, text[fix.start : fix.start + len(fix.before)])
        for fix in article.fixes
        if fix.kind in DECEPTIVE
    ]
    assert [kind for kind, _before, _printed in mended] == [
        "invisible_character",
        "bidi_control",
        "bidi_control",
        "look_alike",
    ]
    assert all(before == printed for _kind, before, printed in mended)


@pytest.mark.timed
@pytest.mark.parametrize("piece", ["\u200b", "aа", "а", "α", "a\u200b", "𝐚", "\U000e0100", "👨\u200d", "\u00ad\n"])
def test_the_work_grows_with_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * size
        started = time.process_time()
        reveal(text)
        return time.process_time() - started

    seconds(1000)
    assert seconds(40_000) < 40 * max(seconds(4000), 0.002)
