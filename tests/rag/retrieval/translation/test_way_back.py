"""rag.retrieval.translation.way_back: a Chinese question in the words of English articles."""

from pathlib import Path

import numpy as np
import pytest

from index.language.terms import Lexicon, extract_terms
from index.search.lexical_index import LexicalIndex
from rag.question.analysis import analyse_question
from rag.retrieval.translation.english_question import EnglishQuestion
from rag.retrieval.translation.glosses import Glosses, load_glosses
from rag.retrieval.translation.way_back import translate_to_english

ENGLISH = [
    "Wangjin Market in Yunting opened on 3 March 1992 and has some 2,000 fixed stalls on 1,680 mu.",
    "The district's GDP for the first half of 2023 was 102.3 billion yuan, the bureau's deputy director Fang Jibai said.",
    "The three-year action plan lists an ecological trail of 34 kilometres near Luotuowan Street. The 8th Lantern Fair closed in May.",
]
CHINESE = ["云汀区望津市场今天开业，有摊位两千个。", "大红门大街的骆驼湾路口。"]


@pytest.fixture(scope="module")
def glosses(cache_dir: Path) -> Glosses:
    return load_glosses(cache_dir)


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(map(extract_terms, [*ENGLISH, *CHINESE]))


@pytest.fixture(scope="module")
def ask(glosses: Glosses, lexical: LexicalIndex) -> "Asker":
    return Asker(glosses, lexical)


class Asker:
    def __init__(self, glosses: Glosses, lexical: LexicalIndex) -> None:
        self._glosses, self._lexical = glosses, lexical

    def __call__(self, question: str) -> EnglishQuestion:
        rows = np.arange(len(ENGLISH))
        return translate_to_english(analyse_question(question), self._glosses, self._lexical, rows)


def best(asked: EnglishQuestion) -> str:
    """The text that has most of the question."""
    return max(ENGLISH, key=lambda text: sum(asked.translation.matched(set(extract_terms(text))).values()))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("望津市场是什么时候开业的？", ENGLISH[0]),
        ("望津市场有多少个固定摊位？", ENGLISH[0]),
        ("2023年上半年全区GDP是多少？", ENGLISH[1]),
        ("副局长是谁？", ENGLISH[1]),
        ("三年行动计划里的生态步道有多长？", ENGLISH[2]),
        ("第八届灯会什么时候闭幕？", ENGLISH[2]),
    ],
)
def test_a_question_has_most_in_common_with_the_article_that_answers(ask: Asker, question: str, text: str) -> None:
    assert best(ask(question)) == text


@pytest.mark.parametrize(("question", "name"), [("望津离骆驼湾有多远", "wangjin"), ("骆驼湾街在哪里", "luotuowan")])
def test_a_name_is_found_by_its_sound_wherever_a_segmenter_would_cut(ask: Asker, question: str, name: str) -> None:
    named = {
        way[0] for concept in ask(question).translation.concepts if concept.is_name for way, _ in concept.translations
    }
    assert f"_{name}" in named


def test_only_english_chunks_count(ask: Asker) -> None:
    every = {
        term for concept in ask("大红门大街").translation.concepts for way, _ in concept.translations for term in way
    }
    assert all(term.isascii() for term in every)


@pytest.mark.parametrize(
    "question",
    [
        "大红门有多少个固定摊位？",
        "张卫国是谁？",
        "海棠区有什么市场？",
        "望津市场有多少个消防栓？",
        "全区粮食产量是多少吨？",
    ],
)
def test_a_name_or_what_is_counted_that_no_english_article_has_is_told(ask: Asker, question: str) -> None:
    assert ask(question).translation.lacks_key


def test_a_common_word_that_is_lacking_is_no_name(ask: Asker) -> None:
    asked = ask("望津市场为什么要装消防栓？")
    assert not asked.translation.lacks_key
    assert asked.translation.absent
    assert asked.translation.known_share is not None
    assert 0 < asked.translation.known_share < 1


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("望津市场是什么时候开业的？", "When Wangjin Market opened?"),
        ("三年行动计划里的生态步道有多长？", "How long three-year action plan ecological"),
    ],
)
def test_the_reader_is_asked_in_the_passages_own_words(ask: Asker, question: str, asked: str) -> None:
    text = best(ask(question))
    assert ask(question).asked_of(text).startswith(asked)


def test_what_a_passage_lacks_is_said_as_the_dictionary_has_it(ask: Asker) -> None:
    assert ask("望津市场什么时候开业？").asked_of(ENGLISH[1]) == "When Wangjin market open?"


def test_a_question_without_words_asks_nothing(ask: Asker) -> None:
    asked = ask("？？")
    assert asked.translation.concepts == ()
    assert asked.translation.known_share == 0


def test_an_english_word_that_is_spelled_as_syllables_is_no_name(glosses: Glosses) -> None:
    text = "The plan will change a range of women's clothes."
    lexical = LexicalIndex.build([extract_terms(text)])
    asked = translate_to_english(analyse_question("产个然个多少", Lexicon()), glosses, lexical, np.arange(1))
    assert not [concept for concept in asked.translation.concepts if concept.is_name]
