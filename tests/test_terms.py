"""index.terms: what the lexical index knows a text by."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.terms import extract_terms, find_names, normalise, simplify


def test_traditional_and_simplified_spellings_have_the_same_terms() -> None:
    assert extract_terms("豐台區環境質量報告") == extract_terms("丰台区环境质量报告")
    assert simplify("豐台") == "丰台"


def test_full_and_half_width_have_the_same_terms() -> None:
    assert extract_terms("ＰＭ２.５浓度４２％") == extract_terms("PM2.5浓度42%")


def test_case_makes_no_difference() -> None:
    assert extract_terms("Lize SOHO") == extract_terms("lize soho")


@pytest.mark.parametrize("spaced", ["丰 台 区", "丰\u3000台区", "丰\t台 区"])
def test_spaces_between_han_characters_make_no_difference(spaced: str) -> None:
    assert extract_terms(spaced) == extract_terms("丰台区")


def test_spaces_between_numbers_and_han_make_no_difference_and_those_between_words_stay() -> None:
    assert normalise("2023 年 7 月 Wangjin Bridge 3 500") == "2023年7月 wangjin bridge 3 500"


@pytest.mark.parametrize("run", ["pm2.5", "6.5", "covid-19", "2023", "u.s", "1980", "x"])
def test_a_run_of_latin_letters_and_digits_is_one_term(run: str) -> None:
    assert f"_{run}" in extract_terms(f"某区{run}某事")


def test_pm25_as_pdf_texts_spell_it_is_the_same_term() -> None:
    assert extract_terms("PM_{2.5}") == extract_terms("PM2.5")


def test_han_runs_give_words_and_every_pair_of_characters() -> None:
    terms = extract_terms("湿地公园，开放")
    assert {"湿地", "公园", "开放"} <= set(terms)
    assert [term for term in terms if term[0] == "_"] == ["_湿地", "_地公", "_公园", "_开放"]


def test_a_lone_han_character_is_a_term_too() -> None:
    assert "_水" in extract_terms("水")


def test_terms_repeat_as_often_as_the_text_has_them() -> None:
    assert extract_terms("丰台，丰台，丰台").count("_丰台") == 3


@pytest.mark.parametrize("text", ["", " \n\u3000", "，。！《》——", "%"])
def test_a_text_without_words_has_no_terms(text: str) -> None:
    assert extract_terms(text) == []


def test_names_are_found_and_single_characters_are_none() -> None:
    names = find_names("北京市的王小明到上海市调研")
    assert "北京市" in names
    assert all(len(name) > 1 for name in names)


@settings(deadline=None)
@given(st.text())
def test_every_text_has_terms_and_no_term_is_blank_or_mere_punctuation(text: str) -> None:
    for term in extract_terms(text):
        assert any(character.isalnum() for character in term)


@settings(deadline=None)
@given(st.text(alphabet="丰台区增长环境 ABC123.%，。"))
def test_width_never_matters(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert unicodedata.normalize("NFKC", wide) == unicodedata.normalize("NFKC", text)
    assert extract_terms(wide) == extract_terms(text)
