import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.generation.markers import put_markers, tidy, unmark
from rag.verification.statements import (
    MAX_MARKERS,
    MAX_STATEMENT_CHARACTERS,
    ModelStatement,
    StatementSplitter,
)


def cut(pieces: Iterable[str]) -> list[ModelStatement]:
    splitter = StatementSplitter()
    return [draft for piece in pieces for draft in splitter.feed(piece)] + list(splitter.finish())


# ---- statements and their markers

MARKERS: dict[str, tuple[str, tuple[int, ...]]] = {
    "plain": ("全长412米[1]。", (1,)),
    "after the full stop": ("全长412米。[1]", (1,)),
    "after a space": ("全长412米 [1]。", (1,)),
    "several": ("全长412米[1][3]。", (1, 3)),
    "a list": ("全长412米[1, 3]。", (1, 3)),
    "a Chinese list": ("全长412米[1、3]。", (1, 3)),
    "full width": ("全长412米［１］。", (1,)),
    "lenticular": ("全长412米【2】。", (2,)),
    "a footnote": ("全长412米[^2]。", (2,)),
    "an id": ("全长412米[ID:2]。", (2,)),
    "a named id": ("全长412米[ID： 2]。", (2,)),
    "blanks inside": ("全长412米[ 1 ]。", (1,)),
    "the same twice": ("全长412米[1][1]。", (1,)),
    "none": ("全长412米。", ()),
    "a word before the number": ("全长412米[片段2]。", (2,)),
    "an English word before the number": ("全长412米[Passage 2]。", (2,)),
    "double brackets": ("全长412米[[2]]。", (2,)),
    "round brackets around": ("全长412米（[2]）。", (2,)),
    "a comma between": ("全长412米[1]、[3]。", (1, 3)),
    "a range": ("全长412米[1-3]。", (1, 2, 3)),
}


@pytest.mark.parametrize("name", MARKERS)
def test_a_marker_is_taken_out_of_its_statement_whatever_its_form(name: str) -> None:
    text, markers = MARKERS[name]
    (found,) = cut([text])
    assert (found.text, found.markers) == ("全长412米。", markers)


@pytest.mark.parametrize("text", ["京发〔2020〕15号文件", "据[2023]年报", "见附表(3)", "《区报》[增刊]"])
def test_what_is_no_marker_stays(text: str) -> None:
    (found,) = cut([text])
    assert (found.text, found.markers) == (text, ())


SPLITS: dict[str, tuple[str, list[str]]] = {
    "chinese": ("新桥全长412米[2]。旧桥建成于1974年[2]。", ["新桥全长412米。", "旧桥建成于1974年。"]),
    "markers behind": ("新桥全长412米。[2]旧桥建成于1974年。[2]", ["新桥全长412米。", "旧桥建成于1974年。"]),
    "semicolons": ("一是拆煤棚[1]；二是错时共享[1]；", ["一是拆煤棚；", "二是错时共享；"]),
    "lines": ("新桥全长412米[2]\n旧桥建成于1974年[2]\n", ["新桥全长412米", "旧桥建成于1974年"]),
    "english": ("It covers 58.6 hectares [3]. It cost 410 million yuan [3].", ["It covers 58.6 hectares.", "It cost 410 million yuan."]),
    "english, ending in figures": ("It was 147 in 2020. It fell by 8.8%. It cost 58.6. It has 62. Now", ["It was 147 in 2020.", "It fell by 8.8%.", "It cost 58.6.", "It has 62.", "Now"]),
    "a numbered list": ("1. It covers 58.6 hectares [3]\n2. It cost 410 million yuan [3]", ["1. It covers 58.6 hectares", "2. It cost 410 million yuan"]),
    "english, markers behind": ("It covers 58.6 hectares.[3] It cost 410 million yuan.[3]", ["It covers 58.6 hectares.", "It cost 410 million yuan."]),
    "decimals": ("同比下降22.2%[1]。", ["同比下降22.2%。"]),
    "quotes": ("他说：“方向没有错。”[1]力度还不够[1]。", ["他说：“方向没有错。”", "力度还不够。"]),
    "long markers": ("新桥全长412米。[1, 2, 3, 4, 5, 6, 7, 8]旧桥建成于1974年[2]。", ["新桥全长412米。", "旧桥建成于1974年。"]),
    "nothing": (" \n ", []),
    "no end": ("新桥全长412米", ["新桥全长412米"]),
    "refusal": ("NOT_FOUND", ["NOT_FOUND"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SPLITS)
def test_a_completion_is_cut_into_its_statements(name: str) -> None:
    text, statements = SPLITS[name]
    assert [found.text for found in cut([text])] == statements


COMPLETIONS = [text for text, _statements in SPLITS.values()] + [
    "2019年PM2.5年均浓度为42微克/立方米[1]，同比下降22.2%。[1][2]\n\n- 新桥长412米 [2]；\n1. 旧桥（1974年建成）将拆除【2】！",
    "“好！”他说。[1] 「走吧。」[ID:2] The end... [3] Mr. Wang said: \"Yes.\" [1]",
    "附表[a]。[b] 又[12]",
]  # fmt: skip


@pytest.mark.parametrize("text", COMPLETIONS)
def test_a_completion_cut_at_any_place_gives_the_same_statements(text: str) -> None:
    whole = cut([text])
    for place in range(len(text) + 1):
        assert cut([text[:place], text[place:]]) == whole
    assert cut(text) == whole


pieces_of_text = st.lists(
    st.sampled_from(["新桥", "412", "米", "。", "；", ".", " ", "\n", "[", "1", ",", "]", "［2］", "【", "】", "”", "）", "!", "yuan", "[3]"]),
    max_size=14,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(pieces_of_text)
def test_any_completion_fed_by_the_character_gives_the_same_statements(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert cut(text) == cut([text])


@settings(max_examples=300, deadline=None)
@given(pieces_of_text)
def test_no_statement_keeps_anything_that_reads_as_a_marker(pieces: list[str]) -> None:
    assert not any(re.search(r"\[\d{1,3}\]", found.text) for found in cut(pieces))


@settings(max_examples=200, deadline=None)
@given(pieces_of_text)
def test_no_figure_of_a_completion_is_lost_or_invented(pieces: list[str]) -> None:
    text = "".join(pieces)
    kept = "".join(found.text for found in cut([text]))
    assert set(kept) <= set(text)
    assert kept.count("412") == text.count("412") or "[" in text or "【" in text


def test_a_statement_comes_as_soon_as_the_next_one_begins() -> None:
    splitter = StatementSplitter()
    assert list(splitter.feed("新桥全长412米。[2]")) == []  # another marker may follow
    assert [found.text for found in splitter.feed("旧")] == ["新桥全长412米。"]


MORE_MARKERS = {
    "in round brackets": ("全长412米（片段2）。", (2,)),
    "see": ("全长412米（见资料2）。", (2,)),
    "a source": ("全长412米[来源：2]。", (2,)),
    "words before each": ("全长412米[片段1、片段2]。", (1, 2)),
    "a semicolon in round brackets": ("全长412米（片段1；2）。", (1, 2)),
}


@pytest.mark.parametrize("name", MORE_MARKERS)
def test_a_marker_in_words_is_taken_out_too(name: str) -> None:
    text, markers = MORE_MARKERS[name]
    (found,) = cut([text])
    assert (found.text, found.markers) == ("全长412米。", markers)


def test_a_range_of_a_hundred_thousand_numbers_is_no_list() -> None:
    (found,) = cut(["全长412米[1-999]。"])
    assert len(found.markers) < 60


@pytest.mark.parametrize(
    ("text", "whole", "dangling"),
    [
        ("优良天数265天。", True, False),
        ("他说：“好。”", True, False),
        ("优良天数265天，比", False, True),
        ("The park covers the", False, True),
        ("优良天数26", False, True),
        ("新桥全长412米", False, False),
    ],
)
def test_a_fragment_is_told_from_a_sentence(text: str, whole: bool, dangling: bool) -> None:
    found = ModelStatement(text, (), "")
    assert (found.is_whole, found.is_dangling) == (whole, dangling)


def test_a_marker_says_that_a_statement_is_over() -> None:
    assert ModelStatement("优良天数26", (), "").is_open
    assert not ModelStatement("优良天数26", (1,), "").is_open
    assert not ModelStatement("2. 优良天数26", (), "").is_open


# ---- display


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("下降22.2%。", "下降22.2%[1]。"),
        ("下降22.2%", "下降22.2%[1]"),
        ("他说：“走吧。”", "他说：“走吧。”[1]"),
        ("It opened.", "It opened[1]."),
        ("是吗？！", "是吗[1]？！"),
        ("原因有三：", "原因有三[1]："),
        ("", "[1]"),
    ],
)
def test_a_marker_goes_before_the_closing_punctuation(text: str, marked: str) -> None:
    assert put_markers(text, (1,)) == marked


@given(st.text(max_size=60), st.integers(1, 99))
def test_putting_a_marker_changes_nothing_else(text: str, number: int) -> None:
    marked = put_markers(text, (number,))
    places = [place for place in range(len(marked)) if marked.startswith(f"[{number}]", place)]
    assert any(marked[:place] + marked[place + len(f"[{number}]") :] == text for place in places)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("浓度为42 微克", "浓度为42微克"),
        ("浓度为 42 微克", "浓度为42微克"),
        ("下降22.2% 以上", "下降22.2%以上"),
        ("优良天数265天；", "优良天数265天。"),
        ("优良天数265天，", "优良天数265天。"),
        ("covers 58.6 hectares", "covers 58.6 hectares"),
        ("新桥 New QueryTranslation", "新桥New QueryTranslation"),
    ],
)
def test_the_gaps_of_typesetting_are_closed_for_display(text: str, shown: str) -> None:
    assert tidy(text) == shown


@pytest.mark.parametrize("text", ["据文献[3]记载", "据文献[12]记载[ 3 ]", "据[2023]年报"])
def test_a_printed_footnote_number_does_not_read_as_one_of_our_markers(text: str) -> None:
    assert not re.search(r"\[\s*\d+\s*\]", unmark(text))


@given(st.text(alphabet="中文 1a%。；，\u3000[]", max_size=40))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once


# ---- what no reader wants


def test_a_statement_that_is_too_long_is_cut_and_known_as_such() -> None:
    long = "云汀区" * 201 + "[1]。"
    found = cut([long, "新桥长412米[2]。"])
    assert [(one.is_too_long, len(one.text)) for one in found] == [(True, MAX_STATEMENT_CHARACTERS + 1), (False, 8)]
    assert found[1].markers == (2,)


def test_what_goes_on_for_ever_is_one_statement_until_its_end() -> None:
    endless = "云汀区，" * 10_000
    found = cut([endless, "\n新桥长412米。"])
    assert [one.is_too_long for one in found] == [True, False]
    assert found[0].tail == "\n"
    assert found[1].text == "新桥长412米。"


def test_markers_and_blanks_without_end_make_no_statement_longer() -> None:
    found = cut(["新桥长412米。" + "[1]" * 1000 + " " * 3000 + "旧桥不通车。"])
    assert [(one.text, one.is_too_long) for one in found] == [("新桥长412米。", False), ("旧桥不通车。", False)]


def test_a_statement_points_to_no_more_passages_than_there_can_be() -> None:
    listed = ", ".join(map(str, range(1, 200)))
    (found,) = cut([f"新桥长412米[{listed}]。"])
    assert found.markers == tuple(range(1, MAX_MARKERS + 1))


@given(
    st.lists(st.sampled_from(["桥", "。", "[1]", "[", "]", "；", "”", " ", "\n", "长" * 300]), max_size=25),
    st.integers(1, 9),
)
@settings(deadline=None)
def test_how_a_completion_comes_in_pieces_changes_none_of_its_statements(parts: list[str], step: int) -> None:
    text = "".join(parts)
    assert cut([text]) == cut([text[start : start + step] for start in range(0, len(text), step)])
