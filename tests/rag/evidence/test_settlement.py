"""rag.evidence.settlement and rag.evidence.stance: yes, no, or that it cannot be confirmed, from a made-up town's reports."""

from collections.abc import Callable
from typing import Any

import pytest

from index.embedding.embedder import Embedder
from index.language.terms import Lexicon
from index.records import PartialDate
from index.store import Generation
from rag.evidence.contrast import is_asserted
from rag.evidence.grounding import Grounder
from rag.evidence.settlement import Settlement, settle
from rag.evidence.stance import STANCE_FEATURES, _is_denied, lay_beside
from rag.question.yes_no import YesNoQuestion
from rag.reader.readings import PassageReader
from rag.records import Query, Timings
from rag.retrieval.retriever import Retriever
from rag.verification.archive import Archive
from rag.verification.claims import Claims

Settle = Callable[[str], Settlement | None]
TODAY = PartialDate("2023-12-31")
NEAR_THE_BAR = pytest.mark.xfail(reason="as near to the bar as processors differ", strict=False)
SETTLED: list[Any] = [
    ("听潮桥是2021年10月1日通车的吗？", "yes", "2021年10月1日"),
    ("听潮桥全长638米，对吗？", "yes", "638米"),
    ("湖心小学设24个班吗？", "yes", "24个班"),
    ("渔港旧画是李建军捐赠的吗？", "yes", "李建军"),
    ("听潮桥全长836米吗？", "no", "638米"),
    ("听潮桥是不是双向八车道？", "no", "双向六车道"),
    ("湖心小学是不是设36个班？", "no", "24个班"),
    pytest.param("轮渡停航五天，对吧？", "no", "三天", marks=NEAR_THE_BAR),
    ("2021年植树成活率是90%吗？", "no", "96%"),
]


@pytest.fixture
def settled(town: Generation, embedder: Embedder, reader: PassageReader, town_archive: Archive) -> Settle:
    grounder = Grounder(Retriever(town, embedder, reader), town, town_archive)

    def find(question: str) -> Settlement | None:
        return settle(grounder.ground(Query(question, today=TODAY), question, Timings()), town_archive)

    return find


@pytest.mark.parametrize(("question", "verdict", "printed"), SETTLED)
def test_what_was_printed_says_yes_or_no(settled: Settle, question: str, verdict: str, printed: str) -> None:
    found = settled(question)
    assert found is not None
    assert found.verdict == verdict
    assert printed in "".join(quote.text for quote in found.quotes)


@pytest.mark.parametrize(
    "question",
    [
        "贝壳社区诊所有没有牙科？",
        "听潮桥通车时放了烟花吗？",
        "纺织厂合唱队是否出过国？",
        "月亮湾的灯塔是1990年建的吗？",
    ],
)
def test_what_nobody_printed_cannot_be_confirmed(settled: Settle, question: str) -> None:
    found = settled(question)
    assert found is not None
    assert not found.is_settled
    assert not found.quotes


@pytest.mark.parametrize("question", ["听潮桥全长多少米？", "听潮桥什么时候通车的？", "谁捐赠了渔港旧画？"])
def test_a_question_for_a_thing_is_left_alone(settled: Settle, question: str) -> None:
    assert settled(question) is None


def test_the_figure_in_the_place_of_another_is_told(settled: Settle) -> None:
    found = settled("听潮桥全长836米吗？")
    assert found is not None
    assert found.instead == "638米"
    assert found.is_certain


@pytest.mark.parametrize(("statement", "is_so"), [("听潮桥是2020年通车的", True), ("2020年听潮桥通车", False)])
def test_a_day_that_is_asked_about_is_no_circumstance(lexicon: Lexicon, statement: str, is_so: bool) -> None:
    (day,) = Claims(statement, PartialDate("2023"), lexicon).days
    assert is_asserted(statement, day) is is_so


def test_every_feature_is_told_by_its_name(town: Generation, embedder: Embedder, town_archive: Archive) -> None:
    passage = Retriever(town, embedder).retrieve(Query("听潮桥全长", today=TODAY)).passages[0]
    beside = lay_beside(YesNoQuestion("听潮桥全长836米", is_negated=False, language="zh"), passage, 3.0, town_archive)
    assert beside is not None
    named = dict(zip(STANCE_FEATURES, beside.features, strict=True))
    assert named["figure"] == named["figure_instead"] == 1
    assert named["figure_same"] == named["figure_nowhere"] == 0
    assert beside.contrast is not None
    assert (beside.contrast.slot, beside.contrast.instead) == ("836米", ("638米",))
    assert named["answers"] == 3.0


@pytest.mark.parametrize(
    ("told", "names", "is_so"),
    [
        ("不是望津桥坍塌，而是清水河桥受损。", ["望津桥"], True),
        ("坍塌桥梁并非望津桥，而是清水河桥。", ["清水河桥"], False),
        ("记者获悉，坍塌桥梁并非望津桥，而是清水河桥。", ["望津桥"], True),
        ("望津桥不是新桥。", ["望津桥"], False),
    ],
)
def test_what_is_denied_is_what_stands_behind_the_denial(told: str, names: list[str], is_so: bool) -> None:
    assert _is_denied(told, names) is is_so
