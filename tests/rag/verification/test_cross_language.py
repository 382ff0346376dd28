"""An English statement by what it says in Chinese."""

import numpy as np
import pytest
from beside import parsed_of, sources_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.verification.alignment import Alignment, Evidence, Place
from rag.verification.archive import Archive
from rag.verification.cross_language import CROSS_LANGUAGE_FEATURES, SAID, ForeignStatement

BRIDGE = "2021年10月1日，听潮桥建设工程完工通车。该桥全长638米，双向六车道，投资300万美元。"
MEETING = "区长梁若水主持会议，副区长宋知秋参加。"
FERRY = "因大风，北港至小屿的轮渡停航三天。"


def foreign(text: str, archive: Archive) -> ForeignStatement:
    assert archive.translate
    return ForeignStatement(parsed_of(text, archive.lexicon).claims, archive.translate(text), archive.lexicon)


def presence(statement: ForeignStatement, told: str, archive: Archive) -> list[float]:
    parsed = parsed_of(told, archive.lexicon)
    return statement.presence(told, parsed.claims.figures, parsed.claims.days)


def test_a_name_is_found_by_its_sound(town_archive: Archive) -> None:
    statement = foreign("The meeting was chaired by district head Liang Ruoshui.", town_archive)
    names = [number for number, concept in enumerate(statement.translation.concepts) if concept.is_name]
    assert len(names) == 1
    assert presence(statement, MEETING, town_archive)[names[0]] >= SAID
    assert presence(statement, BRIDGE, town_archive)[names[0]] == 0


@pytest.mark.parametrize("name", ["He Yuanshan", "Ding Xiaolan", "Zhao Xxxing"])
def test_another_s_name_is_not(town_archive: Archive, name: str) -> None:
    statement = foreign(f"The meeting was chaired by {name}.", town_archive)
    assert min(presence(statement, MEETING, town_archive)) < SAID or statement.translation.absent


@pytest.mark.parametrize(
    ("statement", "told", "missing"),
    [
        ("The Tingchao Bridge (听潮桥) is 638 metres long.", BRIDGE, []),
        ("The Tingchao Bridge (聽潮橋) is 638 metres long.", BRIDGE, []),
        ("The Liuwan Bridge (柳湾桥) is 638 metres long.", BRIDGE, ["柳湾桥"]),
        ("The Tingchao Bridge (听潮桥) is 638 metres long.", MEETING, ["听潮桥"]),
        ("The Tingchao Bridge is 638 metres long.", MEETING, []),
    ],
)
def test_what_stands_in_chinese_in_brackets_must_be_printed(
    town_archive: Archive, statement: str, told: str, missing: list[str]
) -> None:
    originals = foreign(statement, town_archive).missing_originals(told, lambda _name: False)
    assert list(originals) == missing


def test_the_own_district_in_brackets_need_not_be(town_archive: Archive) -> None:
    statement = foreign("In Qingyu District (青屿区), a bridge opened.", town_archive)
    assert list(statement.missing_originals(BRIDGE, town_archive.is_home)) == []


@pytest.mark.parametrize(
    ("statement", "there"),
    [
        ("The bridge is 638 metres long.", True),
        ("The bridge is 638 hectares wide.", False),
        ("The bridge is 638 kilometres long.", False),
        ("The bridge is 683 metres long.", False),
        ("The bridge cost 3 million dollars.", True),
        ("The bridge cost 3 million yuan.", False),
        ("The bridge has six lanes.", True),
        ("The bridge has eight lanes.", False),
    ],
)
def test_a_figure_is_there_with_its_unit(town_archive: Archive, statement: str, *, there: bool) -> None:
    made = foreign(statement, town_archive)
    (figure,) = presence(made, BRIDGE, town_archive)[len(made.translation.concepts) :]
    assert figure == there


@pytest.mark.parametrize(
    ("when", "there"),
    [
        ("on October 1, 2021", 1.0),
        ("in October 2021", 1.0),
        ("in 2021", 1.0),
        ("on October 2, 2021", 0.0),
        ("in 2020", 0.0),
    ],
)
def test_a_date_is_there_by_what_it_means(town_archive: Archive, when: str, there: float) -> None:
    assert presence(foreign(f"The bridge opened {when}.", town_archive), BRIDGE, town_archive)[-1] == there


def evidence_of(statement: ForeignStatement, archive: Archive) -> Evidence:
    def row(place: Place) -> list[float]:
        return statement.presence(*place.source.sentence(place.sentence))

    return Alignment(statement.weights, sources_of(archive.lexicon, BRIDGE, MEETING, FERRY), (), row).choose()


SENTENCES = st.sampled_from(
    [
        "The Tingchao Bridge (听潮桥) is 638 metres long.",
        "The bridge opened on October 1, 2021.",
        "The ferry from North Pier was suspended for three days because of the wind.",
        "The meeting was chaired by district head Liang Ruoshui.",
        "Song Zhiqiu did not attend the meeting.",
        "All boats must be checked.",
        "It will cost more than 3 million dollars.",
        "Nobody knows.",
    ]
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join), read=st.tuples(st.floats(-9, 9), st.floats(-9, 9)))  # fmt: skip
def test_the_features_are_as_many_as_are_named_and_shares_are_shares(
    town_archive: Archive, said: str, read: tuple[float, float]
) -> None:
    statement = foreign(said, town_archive)
    if not len(statement.weights):
        return
    evidence = evidence_of(statement, town_archive)
    values = dict(zip(CROSS_LANGUAGE_FEATURES, statement.features(evidence, read).tolist(), strict=True))
    assert np.isfinite(list(values.values())).all()
    shares = ("covered", "first_covered", "least", "imported", "names", "unknown", "together_in_clause", "together_with_subject", "figures", "days")  # fmt: skip
    assert all(-1e-9 <= values[name] <= 1 + 1e-9 for name in shares)
    assert values["together_with_subject"] >= values["together_in_clause"] - 1e-9
    assert (values["borne_out"], values["borne_out_bare"]) == read


def test_what_one_sentence_says_is_covered_more_than_what_none_does(town_archive: Archive) -> None:
    right = foreign("The ferry was suspended for three days.", town_archive)
    wrong = foreign("The choir received a title in 2022.", town_archive)
    covered, other = (one.features(evidence_of(one, town_archive), (0.0, 0.0))[0] for one in (right, wrong))
    assert covered > other
