"""index.language.terms: what the lexical index knows a text by. cases/terms.json: text, terms it has, terms it must not have."""

import unicodedata
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import read_cases

from index.language.normalise import normalise, simplify
from index.language.terms import (
    Lexicon,
    character_terms,
    characters_of,
    extract_query_terms,
    extract_terms,
    find_names,
    is_character_term,
    is_listed,
)
from index.language.user_dictionary import Dictionary

CASES = read_cases("terms")
DISTRICT = Lexicon(
    Dictionary(
        MappingProxyType({"白鹭洲金融商务区": "ns", "南渡SOHO": "ns", "简知宁": "nr", "接诉即办": "n", "白鹭洲": "ns"})
    )
)


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 80
    assert sum(bool(case["lacks"]) for case in CASES) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"]))
def test_one_spelling_stands_for_all_and_words_stay_what_they_are(case: dict[str, Any]) -> None:
    terms = set(extract_terms(case["text"]))
    assert set(case["has"]) <= terms
    assert not set(case["lacks"]) & terms


def test_a_figure_in_another_spelling_comes_in_addition_to_the_words_printed() -> None:
    plain = {"百分之二十二", "_百分", "_分之", "_之二", "_二十", "_十二"}
    assert plain < set(extract_terms("百分之二十二"))


@pytest.mark.parametrize(
    "other", ["京政发[2023]5号", "京政发（2023）5号", "京政发【２０２３】第5号", "京政发〔二〇二三〕五号"]
)
def test_every_spelling_of_a_document_number_finds_the_document(other: str) -> None:
    asked = set(extract_terms("京政发〔2023〕5号"))
    assert {"_京政发〔2023〕5号", "_〔2023〕5号"} <= asked & set(extract_terms(f"现将根据{other}制定的办法印发"))


def test_asking_words_are_no_terms_of_a_question_in_either_script() -> None:
    assert extract_query_terms("请问白鹭湿地公园的面积是多少？") == extract_terms("白鹭湿地公园的面积 ？")
    assert extract_query_terms("白鷺公園有什麼設施？") == extract_terms("白鹭公园有 设施")


def test_a_question_of_asking_words_alone_keeps_them() -> None:
    assert extract_query_terms("为什么？") == extract_terms("为什么？") != []


def test_words_of_the_dictionary_are_terms_besides_their_parts() -> None:
    text = "白鹭洲金融商务区管委会推行接诉即办"
    assert sorted(set(DISTRICT.extract_terms(text)) - set(extract_terms(text))) == [
        "_接诉即办",
        "_白鹭洲",
        "_白鹭洲金融商务区",
    ]
    assert set(extract_terms(text)) < set(DISTRICT.extract_terms(text))


@pytest.mark.parametrize("text", ["南渡SOHO开业", "南渡ＳＯＨＯ开业", "南 渡soho开业"])
def test_words_of_the_dictionary_are_found_in_every_spelling(text: str) -> None:
    assert "_南渡soho" in DISTRICT.extract_terms(text)


def test_a_dictionary_changes_nothing_for_those_who_use_another() -> None:
    before = extract_terms("白鹭洲金融商务区")
    assert DISTRICT.extract_terms("白鹭洲金融商务区") != before
    assert Lexicon().extract_terms("白鹭洲金融商务区") == before == extract_terms("白鹭洲金融商务区")


def test_names_of_the_dictionary_are_found_whole_and_other_kinds_of_words_are_no_names() -> None:
    names = DISTRICT.find_names("记者简知宁在白鹭洲金融商务区了解接诉即办")
    assert {"简知宁", "白鹭洲金融商务区"} <= set(names)
    assert not {"接诉即办", "金融商务区"} & set(names)
    assert DISTRICT.is_listed("简知宁")
    assert not is_listed("简知宁")


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


def test_a_text_is_found_by_its_characters_however_it_is_cut_into_words() -> None:
    terms = character_terms("湿地公园GDP")
    assert terms == ["_湿地", "_地公", "_公园", "_gdp"]
    assert [characters_of(term) for term in terms] == ["湿地", "地公", "公园", "gdp"]
    assert all(map(is_character_term, terms))
    assert not any(map(is_character_term, set(extract_terms("湿地公园GDP")) - set(terms)))


def test_a_lexicon_keeps_the_terms_of_texts_and_takes_them_with_it() -> None:
    first, second = Lexicon(), Lexicon()
    assert first.distinct_terms("湿地公园") == first.distinct_terms("湿地公园")
    assert first.cache_sizes() == {"terms.find_distinct": 1}
    assert second.cache_sizes() == {"terms.find_distinct": 0}


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
