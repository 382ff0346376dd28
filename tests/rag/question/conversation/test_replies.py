import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.terms import Lexicon
from rag.generation.messages import match_script
from rag.question.conversation.followup import make_standalone
from rag.question.conversation.history import is_failure
from rag.question.conversation.offers import Offer, read_offer
from rag.question.conversation.replies import questions_of, reply_to
from rag.records import Language, Message, Query

YEARS = Offer(("2021年", "2020年"))
HEADS = Offer(("何远山主任", "何若水主任"), "何主任")
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.mark.parametrize("offer", [YEARS, HEADS])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_traditional", [False, True])
def test_what_is_asked_back_is_read_again_from_its_words(
    offer: Offer, language: Language, is_traditional: bool
) -> None:
    said = match_script(offer.ask(language), is_traditional=is_traditional)
    assert read_offer(said) == offer
    assert is_failure(said)


@given(st.text(max_size=200))
def test_no_other_text_offers_anything_that_it_does_not_have(text: str) -> None:
    offer = read_offer(text)
    assert offer is None or offer.readings


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("第一个", "2021年植树多少棵？"),
        ("2", "2020年植树多少棵？"),
        ("2020年", "2020年植树多少棵？"),
        ("2020年的", "2020年植树多少棵？"),
        ("2020", "2020年植树多少棵？"),
        ("前者", "2021年植树多少棵？"),
        ("后者吧", "2020年植树多少棵？"),
        ("第三个", None),
        ("2019年", None),
        ("区长是谁？", None),
        ("是的", None),
    ],
)
def test_a_reply_chooses_by_number_or_by_words_that_only_one_has(reply: str, question: str | None) -> None:
    assert reply_to(reply, YEARS, "植树多少棵？") == question


def test_the_name_that_is_short_for_several_is_replaced_by_the_whole_one() -> None:
    assert questions_of(HEADS, "何主任说了什么？") == ("何远山主任说了什么？", "何若水主任说了什么？")
    assert reply_to("何若水", HEADS, "何主任说了什么？") == "何若水主任说了什么？"


def test_an_english_question_gets_its_year_at_its_end() -> None:
    assert (
        questions_of(Offer(("2021", "2020")), "How many trees were planted?")[1]
        == "How many trees were planted in 2020?"
    )


def test_a_reply_in_a_conversation_of_texts_alone_is_the_question_meant() -> None:
    history = (Message("user", "植树多少棵？"), Message("assistant", YEARS.ask("zh")))
    assert make_standalone(Query("第二个", history), Lexicon()) == "2020年植树多少棵？"
    assert make_standalone(Query("听潮桥多长？", history), Lexicon()) == "听潮桥多长？"
