"""English statements, tried against Chinese passages."""

import pytest
from beside import report_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statements import statement_of

from rag.verification.archive import Archive
from rag.verification.foreign_trials import ForeignTrials
from rag.verification.passages import Source
from rag.verification.trials import MAX_QUOTES, Trial
from rag.verification.verifier import MIN_PROBABILITY

BRIDGE = "2021年10月1日，听潮桥建设工程完工通车。该桥全长638米，双向六车道，投资300万美元。"
SCHOOL = "湖心小学今天启用，设24个班。校长丁晓岚说，孩子们上学近了。"
MEETING = "区长梁若水主持会议，副区长宋知秋参加。"
PIERS = "北码头有工人120名，南码头有工人71名。"


def trials_of(text: str, archive: Archive) -> ForeignTrials:
    passages = [report_of(report, rank) for rank, report in enumerate((BRIDGE, SCHOOL, MEETING, PIERS), start=1)]
    assert archive.translate
    sources = [Source(one, passages, archive.lexicon) for one in passages]
    return ForeignTrials(statement_of(text), sources, archive, archive.translate)


def passing(text: str, archive: Archive) -> list[Trial]:
    trials = trials_of(text, archive)
    found = [trial for trial in trials.run() if not trial.problems]
    return [trial for trial in found if trials.probability(trial) >= MIN_PROBABILITY[trials.kind]]


RIGHT = {
    "The Tingchao Bridge is 638 metres long.": "该桥全长638米，双向六车道，投资300万美元。",
    "The Tingchao Bridge (听潮桥) is 638 metres long.": "该桥全长638米，双向六车道，投资300万美元。",
    "The bridge has six lanes.": "该桥全长638米，双向六车道，投资300万美元。",
    "Huxin Primary School has 24 classes.": "湖心小学今天启用，设24个班。",
    "Huxin Primary School (湖心小学) has 24 classes.": "湖心小学今天启用，设24个班。",
    "The meeting was chaired by district head Liang Ruoshui.": MEETING,
}


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_statement_finds_what_is_printed(town_archive: Archive, text: str) -> None:
    (trial, *_others) = passing(text, town_archive)
    assert any(RIGHT[text] in quote.text for quote in trial.quotes)


WRONG = {
    "another figure": "The Tingchao Bridge is 683 metres long.",
    "another unit": "The Tingchao Bridge cost 3 million yuan.",
    "another name in brackets": "The Liuwan Bridge (柳湾桥) is 638 metres long.",
    "another person": "The meeting was chaired by district head He Yuanshan.",
    "another day": "The Tingchao Bridge opened on October 2, 2021.",
    "nothing of it": "The choir received a title from the district government.",
    "nobody says so": "Nobody knows.",
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_statement_does_not(town_archive: Archive, kind: str) -> None:
    assert not passing(WRONG[kind], town_archive)


@pytest.mark.xfail(reason="who does what is not compared across languages: both names stand in the sentence")
def test_who_only_took_part_did_not_chair(town_archive: Archive) -> None:
    assert not passing("The meeting was chaired by deputy district head Song Zhiqiu.", town_archive)


@pytest.mark.xfail(reason="of two passages one has the figure and the other the name, and no clause is asked for both")
def test_a_figure_of_another_article_with_this_one_s_subject_is_struck(town_archive: Archive) -> None:
    assert not passing("The Tingchao Bridge has 24 classes.", town_archive)


def test_a_difference_follows_from_chinese_figures(town_archive: Archive) -> None:
    trials = trials_of("North Pier has 49 more workers than South Pier.", town_archive)
    assert [one.expression for one in next(trials.run()).derived] == ["120−71=49"]


def test_a_statement_that_translates_to_nothing_is_not_tried(town_archive: Archive) -> None:
    assert list(trials_of("Of the and, if so.", town_archive).run()) == []


SENTENCES = st.sampled_from([*RIGHT, *WRONG.values(), "In 2021,", "(柳湾桥)", "24 and 638", "chaired"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join))
def test_whatever_the_statement_quotes_are_slices_and_few(town_archive: Archive, text: str) -> None:
    trials = trials_of(text, town_archive)
    for trial in trials.run():
        assert 1 <= len(trial.quotes) <= MAX_QUOTES
        assert 0 <= trials.probability(trial) <= 1
        for quote in trial.quotes:
            assert quote.passage.text[quote.start : quote.end] == quote.text != ""
