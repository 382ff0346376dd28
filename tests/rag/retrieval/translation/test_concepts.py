"""rag.retrieval.translation.concepts: an English question in the archive's words."""

from pathlib import Path

import pytest

from index.language.terms import Lexicon, extract_terms
from index.search.lexical_index import LexicalIndex
from rag.retrieval.translation.concepts import QueryTranslation, translate_query
from rag.retrieval.translation.dictionary import Words, load_words

TEXTS = [
    "青水区生态环境局局长林若溪介绍，全区新增监测点四十个。",
    "商务区工委下设一个党总支、十一个党支部，党员共计206人。",
    "2021年5月，全区发放排污许可证36张。",
    "区图书馆开放至晚上九点，市民可免费借书，AED已安装。",
]


@pytest.fixture(scope="module")
def words(cache_dir: Path) -> Words:
    return load_words(cache_dir)


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(map(extract_terms, TEXTS))


@pytest.fixture
def translation(words: Words, lexical: LexicalIndex) -> "Bridger":
    return Bridger(words, lexical)


class Bridger:
    def __init__(self, words: Words, lexical: LexicalIndex) -> None:
        self._words, self._lexical = words, lexical

    def __call__(self, question: str) -> QueryTranslation:
        return translate_query(question, self._words, Lexicon(), self._lexical)


def translations(translation: QueryTranslation) -> dict[str, set[tuple[str, ...]]]:
    return {concept.english: {terms for terms, _certainty in concept.translations} for concept in translation.concepts}


def best(translation: QueryTranslation) -> str:
    """The text that has most of the question."""
    return max(TEXTS, key=lambda text: sum(translation.matched(set(extract_terms(text))).values()))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many Party members are there under the working committee?", TEXTS[1]),
        ("Who heads the Ecology and Environment Bureau?", TEXTS[0]),
        ("How many pollutant discharge permits were issued?", TEXTS[2]),
        ("Until when is the library open?", TEXTS[3]),
        ("What did Ruoxi Lin say?", TEXTS[0]),
        ("Where does the library keep the AED?", TEXTS[3]),
        ("What happened in May 2021?", TEXTS[2]),
    ],
)
def test_the_text_that_answers_has_most_of_the_question(question: str, text: str, translation: Bridger) -> None:
    assert best(translation(question)) == text


def test_the_longest_phrase_wins(translation: Bridger) -> None:
    found = translations(translation("the ecology and environment bureau"))
    assert found == {"ecology and environment bureau": {("_生态", "_态环", "_环境", "_境局")}}


def test_only_what_the_archive_has_is_a_way_to_say_it(translation: Bridger, lexical: LexicalIndex) -> None:
    for concept in translation("Which party members opened a library for the public?").concepts:
        assert concept.translations
        for terms, certainty in concept.translations:
            assert lexical.known(terms).all()
            assert 0 < certainty <= 1


def test_the_asking_words_are_no_concepts(translation: Bridger) -> None:
    assert translation("Who was that and what did they do with it?") == QueryTranslation(())


def test_a_word_that_the_archive_has_as_it_is_stays_with_its_translations(translation: Bridger) -> None:
    assert ("_aed",) in translations(translation("the library AED"))["aed"]
    assert translations(translation("206 permits"))["206"] == {("_206",)}


def test_a_question_whose_own_words_are_all_that_the_archive_has_needs_no_bridge(words: Words) -> None:
    english = LexicalIndex.build(map(extract_terms, ["The library opens in May.", "Trees were planted."]))
    assert Bridger(words, english)("When does the library open?").concepts == ()


def test_han_words_of_an_english_question_are_looked_for_as_they_are(translation: Bridger) -> None:
    assert translations(translation("What is a 排污 permit?"))["排污"] == {("_排污",)}


def test_a_derived_word_is_less_certain_than_the_word_itself(translation: Bridger) -> None:
    (opened,) = translation("opened").concepts
    (opener,) = translation("opener").concepts
    assert opened.translations[0][0] == opener.translations[0][0]
    assert opened.translations[0][1] > opener.translations[0][1]


def test_month_names_that_are_other_words_must_be_capitalised(translation: Bridger) -> None:
    assert "may" in translations(translation("permits in May"))
    assert "may" not in translations(translation("how may one get permits"))


def test_a_romanised_name_is_marked_as_one(translation: Bridger) -> None:
    (name,) = translation("Lin Ruoxi").concepts
    assert name.is_name
    assert name.certainty_in(set(extract_terms("林若溪主持会议"))) == 1
    assert name.certainty_in(set(extract_terms("林书记主持会议"))) == 0


def test_a_person_whom_the_archive_does_not_know_is_absent_as_a_whole(translation: Bridger) -> None:
    found = translation("Who is Zhang Weiguo?")
    assert found == QueryTranslation((), absent=("zhang weiguo",))


def test_words_that_the_archive_lacks_are_told_from_words_that_nobody_knows(translation: Bridger) -> None:
    found = translation("What was the GDP of Zxqvland?")
    assert (found.absent, found.unknown) == (("gdp",), ("zxqvland",))


def test_the_shares_of_a_question_sum_to_one_where_a_text_has_all_of_it(translation: Bridger) -> None:
    found = translation("discharge permits, 206 party members, Lin Ruoxi")
    everything = {term for text in TEXTS for term in extract_terms(text)}
    whole = found.matched(everything)
    assert set(whole) == {concept.english for concept in found.concepts}
    assert sum(whole.values()) == pytest.approx(1)
    assert found.matched(set()) == {}
