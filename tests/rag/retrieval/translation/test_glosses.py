"""rag.retrieval.translation.glosses: Chinese words in English."""

from pathlib import Path

import pytest

from rag.retrieval.translation.dictionary import forms_of, stem
from rag.retrieval.translation.glosses import MAX_GLOSSES, MAX_READINGS, Glosses, load_glosses


@pytest.fixture(scope="module")
def glosses(cache_dir: Path) -> Glosses:
    return load_glosses(cache_dir)


@pytest.mark.parametrize(
    ("word", "phrase"),
    [("开业", "open"), ("副主任", "deputy director"), ("地区生产总值", "gdp"), ("步道", "walking path"), ("英国", "united kingdom")],
)  # fmt: skip
def test_a_word_has_its_english_phrases(glosses: Glosses, word: str, phrase: str) -> None:
    assert phrase in glosses.find(word)


def test_the_glossary_comes_first(glosses: Glosses) -> None:
    assert glosses.find("增长")[0] == "growth"


def test_no_phrase_explains_a_word_or_has_chinese_in_it(glosses: Glosses) -> None:
    for phrases in glosses.dictionary.values():
        assert phrases.isascii()
        assert len(phrases.split("|")) <= MAX_GLOSSES
        assert "sth" not in phrases.split()


def test_a_name_that_no_source_has_is_read_aloud(glosses: Glosses) -> None:
    assert not glosses.find("望津")
    assert ("wang", "jin") in set(glosses.read_aloud("望津"))
    assert len(list(glosses.read_aloud("行行行行行"))) <= MAX_READINGS


def test_nothing_is_read_aloud_of_what_is_no_character(glosses: Glosses) -> None:
    assert not list(glosses.read_aloud("A座"))


def test_a_dictionary_kept_in_a_folder_is_the_same(tmp_path: Path, glosses: Glosses) -> None:
    load_glosses.cache_clear()
    made = load_glosses(tmp_path)
    load_glosses.cache_clear()
    read = load_glosses(tmp_path)
    assert made.dictionary == read.dictionary == glosses.dictionary


@pytest.mark.parametrize("word", ["open", "plan", "apply", "hold", "market", "increase", "stop", "city", "box", "use"])
def test_the_forms_of_a_word_have_its_stem(word: str) -> None:
    forms = forms_of(word)
    assert forms[0] == word
    assert len(set(forms)) == len(forms)
    assert stem(word) in {stem(form) for form in forms[1:]}


@pytest.mark.parametrize(
    ("word", "form"),
    [("open", "opened"), ("plan", "planned"), ("apply", "applied"), ("hold", "held"), ("city", "cities"), ("close", "closing")],
)  # fmt: skip
def test_a_form_that_articles_have_is_among_them(word: str, form: str) -> None:
    assert form in forms_of(word)
