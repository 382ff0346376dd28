"""A mended statement must not drop the year, the office or the place that the question asks for."""

from dataclasses import replace

import pytest
from statements import passage_of, quote_of

from index.store import Generation
from rag.generation.scope import Scope, scope_of
from rag.question.analysis import analyse_question
from rag.verification.citations import Quote

YEAR = "2024年青坞镇植树多少株？"


def quoted(text: str, *, title: str | None = None, date: str | None = "2019-05-01") -> list[Quote]:
    return [quote_of(text, replace(passage_of(text, title=title, date=date), newspaper="云汀报"))]


@pytest.fixture
def scope(sample: Generation) -> Scope:
    return scope_of(analyse_question(YEAR, sample.lexicon), sample)


FIRST = "2024年青坞镇植树4.6万株。"
SAID = quoted("青坞镇植树4.6万株。")


def test_a_year_that_was_stated_is_not_dropped(scope: Scope) -> None:
    assert not scope.keeps(FIRST, "青坞镇植树4.6万株。", SAID)


@pytest.mark.parametrize(
    ("mended", "quotes"),
    [
        ("2024年青坞镇植树4.6万株。", SAID),
        ("2019年青坞镇植树4.6万株。", SAID),  # says itself that it is of another year
        ("青坞镇植树4.6万株。", quoted("青坞镇植树4.6万株。", date="2024-05-01")),
        ("青坞镇植树4.6万株。", quoted("2024年，青坞镇植树4.6万株。", date="2025-01-10")),
        ("青坞镇植树4.6万株。", quoted("青坞镇植树4.6万株。", title="青坞镇2024年绿化", date="2025-01-10")),
    ],
)
def test_a_year_may_be_that_of_the_report(scope: Scope, mended: str, quotes: list[Quote]) -> None:
    assert scope.keeps(FIRST, mended, quotes)


def test_what_was_not_stated_cannot_be_dropped(scope: Scope) -> None:
    assert scope.keeps("青坞镇植树6.4万株。", "青坞镇植树4.6万株。", SAID)
    assert scope.keeps("2018年青坞镇植树6.4万株。", "青坞镇植树4.6万株。", SAID)


def test_a_place_that_was_stated_is_not_dropped(scope: Scope) -> None:
    assert not scope.keeps("青坞镇植树4.6万株。", "全镇植树4.6万株。", quoted("全镇植树4.6万株。"))
    assert scope.keeps("青坞镇植树4.6万株。", "全镇植树4.6万株。", quoted("全镇植树4.6万株。", title="青坞镇的春天"))


@pytest.mark.parametrize(
    ("question", "first", "mended", "quote"),
    [
        ("石桥街道书记是谁？", "石桥街道书记是方明。", "石桥街道的方明出席会议。", "石桥街道的方明出席会议。"),
        (
            "Who is the party secretary of Shiqiao?",
            "The party secretary of Shiqiao is Fang Ming.",
            "Fang Ming of Shiqiao attended.",
            "石桥街道的方明出席会议。",
        ),
    ],
)
def test_an_office_that_was_stated_is_not_dropped(
    sample: Generation, question: str, first: str, mended: str, quote: str
) -> None:
    scope = scope_of(analyse_question(question, sample.lexicon), sample)
    assert not scope.keeps(first, mended, quoted(quote))
    assert scope.keeps(first, first, quoted(quote))
    assert scope.keeps(first, mended, quoted("石桥街道书记方明出席会议。"))


def test_the_archives_own_district_goes_without_saying(sample: Generation) -> None:
    scope = scope_of(analyse_question("云汀区优良天数是多少？", sample.lexicon), sample)
    assert scope.keeps("云汀区优良天数为256天。", "全区优良天数为265天。", quoted("全区优良天数为265天。"))


def test_a_question_without_a_year_holds_to_none(sample: Generation) -> None:
    scope = scope_of(analyse_question("青坞镇植树多少株？", sample.lexicon), sample)
    assert scope.keeps(FIRST, "青坞镇植树4.6万株。", SAID)
