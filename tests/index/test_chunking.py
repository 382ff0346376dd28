"""index.chunking: chunks are slices that cover the article, within the budget, cut at good places."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.chunking import CHUNK_TOKENS, chunk_article
from index.language.token_count import count_tokens
from index.records import Article, Chunk, PartialDate, indexed_text


def article(text: str, **fields: object) -> Article:
    return Article("a1", "丰台时报.txt", "丰台时报.txt", 0, text, **fields)  # type: ignore[arg-type]


def texts(text: str, size_tokens: int) -> list[str]:
    return [chunk.text for chunk in chunk_article(article(text), size_tokens)]


def cuts(chunks: list[Chunk]) -> list[int]:
    """Where two chunks meet without white space between them."""
    return [left.end for left, right in pairwise(chunks) if left.end == right.start]


WORDS = st.sampled_from(
    ["丰台区", "生态环境局", "记者从会上获悉", "同比下降", "浓度为", "白鹭湿地公园", "镇", "龘", "𠮷野家", "😀"]
)
NUMBERS = st.sampled_from(
    ["22.2%", "1,240万平方米", "2023年7月5日", "3.8亿元", "14", "9:30", "2020—2025年", "〔2023〕12号"]
)
TITLES = st.sampled_from(["《溪山行旅》", "《关于加快补齐南渡镇公共服务短板的议案》", "《通知（一）！》"])
LATIN = st.sampled_from(["PM2.5", "Yunting", "Lize SOHO", "don't", "U.S.", "resi-dents"])
MARKS = st.sampled_from(["，", "、", "。", "；", "！", "：", "“", "”", "（", "）", ". ", " "])
BLANKS = st.sampled_from(["\n", "\n\n", "\u3000\u3000", "\t", " \n ", "\x0c"])
PARTS = WORDS | NUMBERS | TITLES | LATIN | MARKS | BLANKS
UNPUNCTUATED = st.lists(WORDS | NUMBERS | TITLES | LATIN, min_size=20, max_size=120).map("".join)
NEWS = st.lists(PARTS | UNPUNCTUATED, max_size=40).map("".join)
BUDGETS = st.sampled_from([1, 5, 20, 64, CHUNK_TOKENS])


@settings(deadline=None)
@given(NEWS | st.text(), BUDGETS)
@example("\n \u3000\t\n", 20)
@example("字" * 3000, 20)
def test_chunks_are_slices_in_order_that_cover_every_printed_character_once(text: str, budget: int) -> None:
    chunks = chunk_article(article(text), budget)
    last = 0
    for number, chunk in enumerate(chunks):
        assert text[chunk.start : chunk.end] == chunk.text
        assert text[last : chunk.start].strip() == ""
        assert chunk.text
        assert chunk.text == chunk.text.strip()
        assert (chunk.id, chunk.article_id, chunk.ordinal) == (f"a1.{number}", "a1", number)
        last = chunk.end
    assert text[last:].strip() == ""


@settings(deadline=None)
@given(NEWS | st.text(), BUDGETS)
@example("2\u3000\u3000境", 4)  # each for itself four tokens, together five
@example("a。.a，", 4)
def test_no_chunk_is_over_the_budget(text: str, budget: int) -> None:
    for chunk in chunk_article(article(text), budget):
        assert chunk.size_tokens == count_tokens(chunk.text)
        assert chunk.size_tokens <= budget or len(chunk.text) == 1  # a rare character can be four tokens


TORN = [
    (re.compile(r"\d$"), re.compile(r"^(?:\d|[.,:]\d|%|[年月日万亿])")),
    (re.compile(r"\d[.,:]$"), re.compile(r"^\d")),
    (re.compile(r"[A-Za-z]$"), re.compile(r"^[A-Za-z'-]")),
    (re.compile(r"《[^《》\n]{0,59}$"), re.compile(r"^[^《》\n]{0,59}》")),
]


@settings(deadline=None)
@given(NEWS, st.sampled_from([64, CHUNK_TOKENS]))
def test_no_number_word_or_title_is_torn_apart(text: str, budget: int) -> None:
    for cut in cuts(chunk_article(article(text), budget)):
        for left, right in TORN:
            assert not (left.search(text[:cut]) and right.search(text[cut:])), (text[:cut][-20:], text[cut:][:20])


@pytest.mark.parametrize("whole", ["2023", "22.2%", "3.8亿元", "Xinglan", "《溪山行旅》"])
def test_a_long_sentence_without_punctuation_is_cut_beside_what_must_stay_whole(whole: str) -> None:
    for padding in range(12, 40):
        parts = texts("字" * padding + whole + "字" * 60, 48)
        assert len(parts) > 1
        assert sum(whole in part for part in parts) == 1


def test_a_long_sentence_is_cut_after_a_comma() -> None:
    parts = texts("记者从会上获悉，" * 40 + "完。", 64)
    assert len(parts) > 3
    assert all(part.endswith("，") for part in parts[:-1])


def test_cuts_fall_between_sentences_where_these_fit_the_budget() -> None:
    parts = texts("会议听取了方案汇报，并讨论了下一步工作。" * 30, 100)
    assert len(parts) > 3
    assert all(part.endswith("。") for part in parts)


def test_a_short_article_is_one_chunk() -> None:
    assert texts("会议听取汇报。\n会议要求落实。\n", CHUNK_TOKENS) == ["会议听取汇报。\n会议要求落实。"]


@pytest.mark.parametrize("sentences", range(5, 60, 6))
def test_no_chunk_is_a_leftover(sentences: int) -> None:
    sizes = [len(part) for part in texts("会议听取了方案汇报，并讨论工作。" * sentences, 100)]
    assert min(sizes) * 2 >= max(sizes)


@pytest.mark.parametrize("text", ["", " \n\u3000\n\t", "\n"])
def test_an_article_without_text_has_no_chunks(text: str) -> None:
    assert texts(text, CHUNK_TOKENS) == []


def test_the_header_stands_beside_the_text_and_not_in_it() -> None:
    printed = article("正文。", title="标题", newspaper="丰台时报", date=PartialDate("2023-07"))
    (chunk,) = chunk_article(printed)
    assert chunk.text == "正文。"
    assert chunk.header == "丰台时报 2023-07 标题"
    assert indexed_text(chunk.header, chunk.text) == "丰台时报 2023-07 标题\n正文。"
    assert chunk.size_tokens == count_tokens("正文。")


def test_a_chunk_without_a_header_is_indexed_as_it_stands() -> None:
    (chunk,) = chunk_article(article("正文。"))
    assert chunk.header == ""
    assert indexed_text(chunk.header, chunk.text) == "正文。"


def test_a_long_title_does_not_eat_the_budget() -> None:
    body = "会议听取了方案汇报。" * 12
    bare = chunk_article(article(body), 64)
    titled = chunk_article(article(body, title="标题" * 100), 64)
    assert [(chunk.start, chunk.end) for chunk in titled] == [(chunk.start, chunk.end) for chunk in bare]
