"""index.language.user_dictionary: an operator's list of places, offices and names."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DictionaryError
from index.language.user_dictionary import Dictionary, read_dictionary

LINES = """\ufeff# places
白鹭洲 1000 ns
简知宁 nr   # a reporter

接诉即办
南渡SOHO 5
"""
WORDS = {"白鹭洲": "ns", "简知宁": "nr", "接诉即办": "", "南渡SOHO": ""}


def read(folder: Path, text: str | bytes) -> Dictionary:
    path = folder / "names.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_dictionary(path)


def test_words_frequencies_kinds_and_comments_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, LINES).words == WORDS


def test_order_comments_and_frequencies_make_no_other_dictionary(tmp_path: Path) -> None:
    other = read(tmp_path, "接诉即办\n南渡SOHO\n简知宁 3 nr\n白鹭洲 ns\n白鹭洲 ns\n")
    assert other.digest == read(tmp_path, LINES).digest != read(tmp_path, "白鹭洲 nt").digest


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet"])
def test_a_dictionary_without_words_is_like_none(tmp_path: Path, text: str) -> None:
    dictionary = read(tmp_path, text)
    assert not dictionary
    assert dictionary.digest == Dictionary().digest == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("白鹭洲\n洲 ns", r"names\.txt:2: '洲' has 1 characters: a word has 2 to 40"),
        ("\n" + "洲" * 41, r"names\.txt:2: .* has 41 characters"),
        ("白鹭洲 ns 1000", r"names\.txt:1: .*write a word without spaces"),
        ("白鹭 洲 湿地", r"names\.txt:1: .*write a word without spaces"),
        ("白鹭洲 -5", r"names\.txt:1: .*a whole number"),
        ("白鹭洲 地名", r"names\.txt:1: .*ns a place"),
        ("——", r"names\.txt:1: .*neither letter nor figure"),
        ("白鹭洲 ns\n\n白鹭洲 nr", r"names\.txt:3: '白鹭洲' is 'ns' further up"),
        ("简知宁\n白鹭洲".encode("gb18030"), r"names\.txt:1: not UTF-8"),
        ("简知宁\n".encode() + "白鹭洲".encode("gb18030"), r"names\.txt:2: not UTF-8"),
    ],
)
def test_a_line_that_is_no_entry_is_an_error_with_its_number(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(DictionaryError, match=said):
        read(tmp_path, text)


def test_a_missing_dictionary_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(DictionaryError, match=r"gone\.txt cannot be read.*WENJU_DICTIONARY"):
        read_dictionary(tmp_path / "gone.txt")


WORD = st.text(alphabet="白鹭洲南渡桥abc12", min_size=2, max_size=12)


@given(st.dictionaries(WORD, st.sampled_from(["", "ns", "nr", "nt", "n"]), max_size=12))
def test_any_dictionary_comes_back_from_what_a_generation_keeps(
    tmp_path_factory: pytest.TempPathFactory, words: Mapping[str, str]
) -> None:
    dictionary = Dictionary(words)
    again = read(tmp_path_factory.mktemp("dictionary"), dictionary.text)
    assert again.words == words
    assert again.digest == dictionary.digest
