"""How likely sentences are to support a statement."""

import functools

import numpy as np
import pytest
from beside import parsed_of, report_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statements import statement_of

from rag.verification.archive import Archive
from rag.verification.cross_language import CROSS_LANGUAGE_FEATURES
from rag.verification.judgement import (
    CONTEXT_CHARACTERS,
    MAX_READ_ODDS,
    READ_CHARACTERS,
    SUPPORT_FEATURES,
    bare_and_with_context,
    decide_support,
    support_probability,
)
from rag.verification.native_trials import NativeTrials
from rag.verification.passages import Source
from rag.verification.trials import Trial

REPORTS = (
    "区长梁若水主持会议，副区长宋知秋参加。会议提出，今年防汛工作有五项措施。听潮桥计划于6月通车，全长638米。演练由区水务局牵头组织。",
    "湖心小学今天启用，设24个班。校长丁晓岚说，孩子们上学近了。湖心小学和盐仓小学一共有教师71名。",
)
SHARES = ("covered", "first_covered", "imported", "absent", "nouns", "least_noun", "verbs", "days", "together_in_clause",
          "together_with_subject", "together_in_sentence", "loosest_word", "least_clause", "order", "bigrams", "fourgrams",
          "name_margin", "least_bound")  # fmt: skip
COUNTS = ("nouns_absent", "nouns_imported", "verbs_absent", "other_subject", "other_agents", "bound_elsewhere", "owners_uncounted", "unlisted", "offices_held")  # fmt: skip


def trials_of(text: str, archive: Archive, *reports: str) -> NativeTrials:
    passages = [report_of(report, rank) for rank, report in enumerate(reports or REPORTS, start=1)]
    return NativeTrials(statement_of(text), [Source(one, passages, archive.lexicon) for one in passages], archive)


def features(text: str, archive: Archive, *reports: str) -> dict[str, float]:
    trials = trials_of(text, archive, *reports)
    return dict(zip(SUPPORT_FEATURES, trials.features(next(trials.run())).tolist(), strict=True))


@pytest.mark.parametrize("least", [0.1, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["native", "foreign"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_reader_is_asked_only_while_it_can_change_the_verdict(data: st.DataObject, kind: str, least: float) -> None:
    names = SUPPORT_FEATURES if kind == "native" else CROSS_LANGUAGE_FEATURES
    odds = st.floats(-MAX_READ_ODDS, MAX_READ_ODDS)
    read = {"borne_out_bare": data.draw(odds), "borne_out": data.draw(odds)}
    values = np.array([0.0 if name in read else data.draw(st.floats(0, 2)) for name in names])
    asked: list[str] = []

    def ask(name: str) -> float:
        asked.append(name)
        return read[name]

    about = decide_support(values, kind, {name: functools.partial(ask, name) for name in read}, least)
    whole = support_probability(
        np.array([read.get(name, value) for name, value in zip(names, values, strict=True)]), kind
    )
    assert (about >= least) == (whole >= least)
    assert asked == list(read)[: len(asked)]
    if len(asked) == len(read):
        assert about == pytest.approx(whole)


def test_without_a_reader_none_is_asked() -> None:
    values = np.zeros(len(SUPPORT_FEATURES))
    assert decide_support(values, "native", {}, 0.3) == support_probability(values, "native")


pieces = st.sampled_from(["区长梁若水", "丁晓岚", "主持会议", "湖心小学", "设24个班", "五项措施", "听潮桥", "已经通车", "全长638米", "6月", "、", "，", "。", "必须", "没有"])  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(pieces, min_size=2, max_size=9).map("".join))
def test_the_features_are_as_many_as_are_named_and_shares_are_shares(town_archive: Archive, text: str) -> None:
    trials = trials_of(text, town_archive)
    for trial in trials.run():
        values = dict(zip(SUPPORT_FEATURES, trials.features(trial).tolist(), strict=True))
        assert np.isfinite(list(values.values())).all()
        assert {name: values[name] for name in SHARES if not -1e-9 <= values[name] <= 1 + 1e-9} == {}
        assert {name: values[name] for name in COUNTS if values[name] not in {0, 1, 2}} == {}
        assert values["together_with_subject"] >= values["together_in_clause"] - 1e-9
        assert 0 <= trials.probability(trial) <= 1


def test_who_says_what_is_printed_lacks_nothing(town_archive: Archive) -> None:
    found = features("区长梁若水主持会议，副区长宋知秋参加。", town_archive)
    whole = ("covered", "first_covered", "nouns", "together_in_sentence", "order", "bigrams", "fourgrams", "least_clause")  # fmt: skip
    assert {name: found[name] for name in whole if found[name] < 1 - 1e-9} == {}
    assert {name: found[name] for name in ("absent", "imported", "nouns_absent", "other_subject") if found[name]} == {}


@pytest.mark.parametrize(
    ("feature", "right", "wrong"),
    [
        ("absent", "湖心小学设24个班。", "湖心小学设24个班，有一座灯塔。"),
        ("nouns_absent", "湖心小学设24个班。", "湖心小学设24个班，有一座灯塔。"),
        ("other_agents", "演练由区水务局牵头组织。", "演练由区应急局牵头组织。"),
        ("added_must", "听潮桥计划于6月通车。", "听潮桥必须于6月通车。"),
        ("lost_plan", "听潮桥计划于6月通车。", "听潮桥6月通车。"),
        ("owners_uncounted", "湖心小学和盐仓小学一共有教师71名。", "湖心小学有教师71名。"),
    ],
)
def test_a_feature_tells_the_wrong_one_from_the_right_one(
    town_archive: Archive, feature: str, right: str, wrong: str
) -> None:
    assert features(right, town_archive)[feature] == 0
    assert features(wrong, town_archive)[feature] > 0


def test_a_figure_of_something_else_is_bound_elsewhere(town_archive: Archive) -> None:
    firms = "园区有轨道交通企业170家、航空航天企业120家。"
    assert features("园区有轨道交通企业170家、航空航天企业120家。", town_archive, firms)["bound_elsewhere"] == 0
    assert features("园区有轨道交通企业120家、航空航天企业170家。", town_archive, firms)["bound_elsewhere"] == 2


def test_what_is_printed_is_likelier_than_what_is_put_together_otherwise(town_archive: Archive) -> None:
    def probability(text: str) -> float:
        trials = trials_of(text, town_archive)
        return max(trials.probability(trial) for trial in trials.run())

    assert probability("区长梁若水主持会议。") > probability("丁晓岚主持会议。")
    assert probability("湖心小学设24个班。") > probability("听潮桥设24个班。")


@pytest.mark.parametrize(("kind", "names"), [("native", SUPPORT_FEATURES), ("foreign", CROSS_LANGUAGE_FEATURES)])
def test_the_probability_lies_between_none_and_certain_and_follows_what_was_learnt(
    kind: str, names: tuple[str, ...]
) -> None:
    nothing = np.zeros(len(names))
    assert 0 < support_probability(nothing, kind) < 1
    more = nothing.copy()
    more[names.index("borne_out_bare")] = 3.0
    assert support_probability(more, kind) > support_probability(nothing, kind)


def first_trial(text: str, archive: Archive, *reports: str) -> Trial:
    return next(trials_of(text, archive, *reports).run())


def test_the_reader_sees_the_sentences_and_a_little_of_what_stands_before_the_first(town_archive: Archive) -> None:
    long = "柳湾灯会首日接待游客三万人。" * 30 + "听潮桥全长638米。" + "渔船检修。" * 5
    with_context, bare = bare_and_with_context(first_trial("听潮桥全长638米。", town_archive, long).evidence)
    assert bare == "听潮桥全长638米。"
    assert with_context.endswith(bare)
    assert len(with_context) == len(bare) + CONTEXT_CHARACTERS


def test_long_sentences_leave_no_room_for_it(town_archive: Archive) -> None:
    long = "轮渡停航。" + "听潮桥全长638米，" + "夜间巡查，" * READ_CHARACTERS + "双向六车道。"
    with_context, bare = bare_and_with_context(first_trial("听潮桥全长638米。", town_archive, long).evidence)
    assert with_context == bare


def test_a_statement_is_cut_as_its_features_expect(town_archive: Archive) -> None:
    assert len(parsed_of("听潮桥计划于6月通车，全长638米。", town_archive.lexicon).clauses) == 2
    assert features("听潮桥计划于6月通车，全长638米。", town_archive)["clauses"] == 2
