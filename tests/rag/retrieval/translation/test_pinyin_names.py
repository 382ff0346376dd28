"""rag.retrieval.translation.pinyin_names: pinyin names → the characters in which the archive has them."""

from pathlib import Path

import pytest

from index.language.terms import extract_terms
from index.search.lexical_index import LexicalIndex
from rag.retrieval.translation.dictionary import load_words
from rag.retrieval.translation.pinyin_names import find_romanised, is_person, is_romanised, split_syllables

TEXTS = [
    "青水区生态环境局局长芮元鹏介绍，全区有监测点四百个。",
    "林若溪书记到青水河边调研，青水区负责人参加。",
    "青水区召开会议，区长林若溪主持。清税工作结束。",
    "西安的客人到访青水。",
]


@pytest.fixture(scope="module")
def readings(cache_dir: Path) -> dict[str, str]:
    return dict(load_words(cache_dir).readings)


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(map(extract_terms, TEXTS))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("qingshui", ["青水", "清税"]),
        ("rui yuanpeng", ["芮元鹏"]),
        ("yuanpeng rui", ["芮元鹏"]),
        ("lin ruoxi", ["林若溪"]),
        ("xian", ["西安"]),
        ("zhang weiguo", []),
        ("boston", []),
        ("rui", []),  # one syllable is any word
    ],
)
def test_a_name_is_found_as_the_archive_writes_it(
    name: str, written: list[str], readings: dict[str, str], lexical: LexicalIndex
) -> None:
    assert find_romanised(name.split(), readings, lexical) == written


def test_what_is_rare_beside_the_commonest_way_is_another_word(readings: dict[str, str]) -> None:
    lexical = LexicalIndex.build(map(extract_terms, [*TEXTS, *["青水区"] * 6]))
    assert find_romanised(["qingshui"], readings, lexical) == ["青水"]


def test_a_word_is_split_into_syllables_in_every_way(readings: dict[str, str]) -> None:
    assert set(split_syllables("xian", readings)) >= {("xian",), ("xi", "an")}
    assert list(split_syllables("strength", readings)) == []


@pytest.mark.parametrize(("word", "is_it"), [("qingshui", True), ("lize", True), ("rui", False), ("boston", False)])
def test_pinyin_of_two_syllables_is_told_from_other_words(word: str, is_it: bool, readings: dict[str, str]) -> None:
    assert is_romanised(word, readings) == is_it


@pytest.mark.parametrize(
    ("name", "is_it"),
    [("zhang weiguo", True), ("weiguo zhang", True), ("li na", True), ("qingshui beiyuan", False), ("li smith", False)],
)
def test_a_person_has_a_surname_of_one_syllable(name: str, is_it: bool, readings: dict[str, str]) -> None:
    assert is_person(name.split(), readings) == is_it
