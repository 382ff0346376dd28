"""rag.retrieval.translation.dictionary: English words → Chinese words."""

import json
import logging
from importlib import resources
from pathlib import Path

import pytest

from index.language.normalise import normalise
from rag.retrieval.translation.dictionary import (
    GLOSSARY,
    MAX_PHRASE_WORDS,
    MAX_TRANSLATIONS,
    Words,
    load_words,
    read_words,
    split_english,
    stem,
    stem_phrase,
)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    return load_words(tmp_path_factory.mktemp("words"))


@pytest.mark.parametrize(
    "forms",
    [
        "bureau bureaus",
        "policy policies",
        "bus buses",
        "class classes",
        "use used using uses",
        "pollute polluted polluting",
        "plan planned planning plans",
        "apply applied applying",
        "install installed installing",
        "hold held holding",
        "child children",
        "die died",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["bus but", "red rest", "string strong", "need nest", "king kind", "speed speech", "q1 q2", "12 123"]
)
def test_different_words_keep_different_stems(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_a_text_is_cut_into_words_without_possessives_ordinals_and_commas_in_figures() -> None:
    text = "Qingshui’s 3rd air-quality station's PM2.5: 1,234.5 on the 21st"
    assert split_english(text) == ["qingshui", "3", "air", "quality", "station", "pm2.5", "1234.5", "on", "the", "21"]


def test_every_entry_of_the_glossary_can_be_found_and_is_written_as_matching_folds_it(words: Words) -> None:
    lines = (resources.files("rag.retrieval.translation") / GLOSSARY).read_text("utf-8").splitlines()
    entries = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len(entries) > 600
    for english, chinese in entries:
        for phrase in english.split("|"):
            assert phrase == phrase.lower()
            assert 0 < len(stem_phrase(phrase).split()) <= MAX_PHRASE_WORDS, phrase
            found = words.find(stem_phrase(phrase))
            for word in chinese.split("|"):
                assert word in found, (phrase, word)
                assert normalise(word) == word.casefold(), word


def test_the_glossary_comes_first_and_the_dictionary_adds_to_it(words: Words) -> None:
    parties = words.find(stem_phrase("party"))
    assert parties[0] == "党"
    assert "派对" in parties[1:]
    assert len(set(parties)) == len(parties)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("oxygen", "氧气"),
        ("committees", "委员会"),
        ("to surrender", "投降"),
        ("Genghis Khan", "成吉思汗"),  # an explanation in brackets follows
        ("Victoria", "维多利亚"),
        ("steam engine", "蒸汽机"),
    ],
)
def test_the_dictionary_is_turned_round(words: Words, english: str, chinese: str) -> None:
    assert chinese in words.dictionary[stem_phrase(english.removeprefix("to "))]


def test_what_no_source_has_is_found_nowhere(words: Words) -> None:
    assert words.find("qwertyuiop") == []
    assert max(map(len, words.dictionary.values())) == MAX_TRANSLATIONS


def test_syllables_are_read_without_tones_and_names_spell_them_in_several_ways(words: Words) -> None:
    assert set("丰风封") <= set(words.readings["feng"])
    assert all("吕" in words.readings[spelled] for spelled in ("lv", "lyu", "lu"))
    assert not {"m", "ng", "xx5", "r5"} & words.readings.keys()


@pytest.mark.slow
def test_the_dictionary_is_kept_and_read_again(tmp_path: Path) -> None:
    first = read_words(tmp_path)
    assert read_words(tmp_path, lambda: pytest.fail("made anew")) == first


@pytest.mark.slow
def test_a_damaged_copy_is_written_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = read_words(tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_text("utf-8")
    path.write_text(whole[:-100], "utf-8")
    with caplog.at_level(logging.WARNING):
        assert read_words(tmp_path) == first
    assert "damaged" in caplog.text
    assert path.read_text("utf-8") == whole
    assert len(json.loads(whole.partition("\n")[2])) == 2


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_to_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        assert read_words(tmp_path / "file" / "folder").find("oxygen")
    assert "made anew" in caplog.text
