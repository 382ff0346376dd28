"""index.language.sentences: sentences, and the places that no cut may fall into."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.sentences import MIN_CHARACTERS, find_atoms, find_content_sentences, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def atoms(text: str) -> list[str]:
    return [text[start:end] for start, end in find_atoms(text)]


def statements(text: str) -> list[str]:
    return [text[start:end] for start, end in find_content_sentences(text)]


@settings(deadline=None)
@given(st.text() | st.text(alphabet="甲乙。！？；;!?…《》（）()〈〉“”.U S3\n\t \u3000"))
def test_the_sentences_of_any_text_are_that_text(text: str) -> None:
    bounds = split_sentences(text)
    assert "".join(text[start:end] for start, end in bounds) == text
    assert all(start < end for start, end in bounds)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成3项；其中2项在建；1项竣工。", ["完成3项；", "其中2项在建；", "1项竣工。"]),
        ("是吗？是！好……真好。", ["是吗？", "是！", "好……", "真好。"]),
        ("他说：“来了。”大家都笑了。", ["他说：“来了。”", "大家都笑了。"]),
        ("同比增长22.2%。投资1.45亿元。", ["同比增长22.2%。", "投资1.45亿元。"]),
        ("The U.S. Army left. They went home.", ["The U.S. Army left. ", "They went home."]),
        ("It cost 3.5 million. “Cheap!” he said.", ["It cost 3.5 million. ", "“Cheap!” ", "he said."]),
        ("one; two; three.", ["one; ", "two; ", "three."]),
        ("《甲》（节选）出版。又出《乙》（全本）。", ["《甲》（节选）出版。", "又出《乙》（全本）。"]),
        ("标题\n\n正文在此", ["标题\n\n", "正文在此"]),
        ("没有句号", ["没有句号"]),
        ("", []),
    ],
)
def test_a_text_is_split_after_the_marks_that_end_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "他读了《你好！世界；再见。》一书。",
        "会议（听取汇报；审议方案！）闭幕。",
        "见《通知（一）！附件》全文。",
        "《1）你好！世界》出版。",  # the bracket that closes is none of those that are open
        "（《甲！》乙；丙）丁。",
        "印发〈办法；细则〉两份。",
        "half-width (one; two! three) too。",
        "宽窄不一（甲；乙)也算。",
    ],
)
def test_no_sentence_ends_inside_closed_brackets(sentence: str) -> None:
    assert sentences(sentence + "下一句。") == [sentence, "下一句。"]


@pytest.mark.parametrize(
    "text",
    ["（没有关上。下一句。", "（没有关上。\n下一行）。", "（没有关上。" + "字" * 300 + "）。", "（没关上。见《甲》。"],
)
def test_a_bracket_that_does_not_close_on_its_line_or_soon_binds_nothing(text: str) -> None:
    assert len(sentences(text)) > 1


def test_a_line_break_ends_a_sentence_even_inside_brackets() -> None:
    assert sentences("（甲\n乙）") == ["（甲\n", "乙）"]


INNER = st.text(alphabet="甲乙丙。！？；!?…， 12", min_size=1, max_size=20)
TITLES = INNER.map("《{}》".format) | INNER.map("（{}）".format) | INNER.map("（《{}》！）".format)


@settings(deadline=None)
@given(st.lists(TITLES | INNER, max_size=8))
def test_no_sentence_ends_inside_any_title(parts: list[str]) -> None:
    for sentence in sentences("".join(parts)):
        assert sentence.count("《") == sentence.count("》")
        assert sentence.count("（") == sentence.count("）")


@settings(deadline=None)
@given(st.integers(0, 9999), st.integers(0, 99), st.sampled_from(["元。", "% ", " million. ", "；"]))
def test_a_decimal_point_never_ends_a_sentence(whole: int, part: int, after: str) -> None:
    number = f"{whole}.{part}"
    assert any(number in sentence for sentence in sentences(f"共{number}{after}It 完。"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投资1.45亿元，增长22.2%。", ["1.45亿元", "22.2%"]),
        ("2023年7月5日上午", ["2023年", "7月", "5日"]),
        ("京政发〔2023〕 12号文件", ["〔2023〕 12号"]),
        ("读《关于补齐短板的议案》后", ["《关于补齐短板的议案》"]),
        ("1,200 people at 9:30", ["1,200", "people", "at", "9:30"]),
        ("don't de-signed", ["don't", "de-signed"]),
        ("第3版A", []),  # one character cannot be cut
    ],
)
def test_numbers_words_and_titles_are_atoms(text: str, expected: list[str]) -> None:
    assert [atom.strip() for atom in atoms(text)] == expected


@settings(deadline=None)
@given(st.text() | st.text(alphabet="《》〔〕年月日号0123456789.,，Ab'’-\n 甲"))
def test_atoms_come_in_order_without_overlap_and_are_worth_keeping_whole(text: str) -> None:
    last = 0
    for start, end in find_atoms(text):
        assert last <= start < end - 1
        assert re.match(r"[《〔\dA-Za-z]", text[start])
        last = end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "　　本报讯（记者 林亦舟）公园昨日建成开放。\n市民可以免费入园。",
            ["公园昨日建成开放。", "市民可以免费入园。"],
        ),
        ("本报讯 (通讯员 简知宁) 新桥双向四车道。", ["新桥双向四车道。"]),
        ("本报讯\n新桥双向四车道。", ["新桥双向四车道。"]),
        ("据本报讯（记者 林亦舟）公园开放。", ["据本报讯（记者 林亦舟）公园开放。"]),  # speaks of one, is none
        ("记者 林亦舟\n开放了。\n园内有步道九公里", ["记者 林亦舟", "园内有步道九公里"]),
        ("The park is open.  Entry is free.", ["The park is open.", "Entry is free."]),
        ("本报讯（记者 林亦舟）", []),
        ("　\n好！", []),
        ("", []),
    ],
)
def test_statements_are_sentences_trimmed_and_without_datelines(text: str, expected: list[str]) -> None:
    assert statements(text) == expected


PRINTED = st.text(alphabet="甲乙。！；，“”（） \n　") | st.sampled_from(
    ["本报讯", "本报讯（记者 甲）", "公园建成开放。"]
)


@settings(deadline=None)
@given(st.lists(PRINTED, max_size=6).map("".join))
def test_statements_of_any_text_are_slices_of_its_sentences_in_order(text: str) -> None:
    bounds = split_sentences(text)
    last = 0
    for start, end in find_content_sentences(text):
        said = text[start:end]
        assert last <= start
        assert said == said.strip()
        assert len(said) >= MIN_CHARACTERS
        assert any(first <= start and end <= final for first, final in bounds)
        last = end
