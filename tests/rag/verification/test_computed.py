"""Figures that nobody printed: how they follow from printed ones, and when they do not."""

import re
from fractions import Fraction

import pytest
from beside import parsed_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.language.terms import Lexicon
from rag.verification.computed import Derivation, derive_figures

PIERS = "北码头有工人120名，南码头有71名。"
WOMEN = "两个码头有工人191名，其中女工120名。"
WORKS = "工程于2021年3月1日开工，2023年4月1日完工。"
HALVES = "上半年接待游客1.23万人，下半年接待游客0.71万人。"
DERIVED: dict[str, tuple[str, str, str]] = {
    "a sum": ("两个码头共有工人191名。", PIERS, "120+71=191名"),
    "a sum in English": ("The two piers have 191 workers in total.", PIERS, "120+71=191"),
    "a sum of scaled figures": ("全年合计接待1.94万人。", HALVES, "1.23万+0.71万=1.94万人"),
    "a sum, rounded": ("全年合计接待约1.9万人。", HALVES, "1.23万+0.71万≈1.9万人"),
    "a difference": ("北码头比南码头多49名工人。", PIERS, "120−71=49名"),
    "a difference in English": ("North Pier has 49 more workers than South Pier.", PIERS, "120−71=49"),
    "a difference of shares": ("满意率提高了3.2个百分点。", "满意率由92.0%提高到95.2%。", "95.2−92.0=3.2个百分点"),
    "a share": ("女工占工人的62.8%。", WOMEN, "120÷191≈62.8%"),
    "a share, rounded to its own last place": ("女工约占63%。", WOMEN, "120÷191≈63%"),
    "a complement": ("其余37.2%的诉求是其他事项。", "噪声占诉求的62.8%。", "100%−62.8%=37.2%"),
    "a multiple": ("今年的摊位是去年的3倍。", "去年有摊位40个，今年有120个。", "120÷40=3倍"),
    "an average": ("平均每班25名学生。", "湖心小学设24个班，有600名学生。", "600÷24=25名"),
    "an average area": ("每个摊位平均25平方米。", "早市设摊位24个，占地600平方米。", "600÷24=25平方米"),
    "days, the last not counted": ("展览持续7天。", "展览从5月1日至5月8日举行。", "2024年5月8日−2024年5月1日=7天"),
    "days, the last counted": ("展览前后8天。", "展览从5月1日至5月8日举行。", "2024年5月8日−2024年5月1日=8天"),
    "months": ("施工历时25个月。", WORKS, "2023年4月1日−2021年3月1日=25个月"),
    "years": ("施工历时2年。", WORKS, "2023年4月1日−2021年3月1日=2年"),
    "hours": ("社区诊所每天开放，共8小时。", "社区诊所9:00至17:00开放。", "17:00−9:00=8小时"),
}  # fmt: skip


def derive(statement: str, told: str, lexicon: Lexicon) -> list[Derivation]:
    mine, theirs = parsed_of(statement, lexicon).claims, parsed_of(told, lexicon).claims
    return derive_figures(mine, theirs.figures, [*theirs.days, *mine.days])


@pytest.mark.parametrize("kind", DERIVED)
def test_a_figure_that_follows_is_shown_with_how(lexicon: Lexicon, kind: str) -> None:
    statement, told, expression = DERIVED[kind]
    assert [one.expression for one in derive(statement, told, lexicon)] == [expression]


WRONG = {
    "a sum that is none": ("两个码头共有工人190名。", PIERS),
    "a sum rounded the wrong way": ("全年合计接待1.95万人。", HALVES),
    "a sum of unlike things": ("共占地720平方米。", "早市占地600平方米，码头有工人120名。"),
    "a sum without its cue": ("南北码头有工人191名。", PIERS),
    "a difference without its cue": ("北码头有工人49名。", PIERS),
    "a complement without its cue": ("37.2%的诉求是停车。", "噪声占诉求的62.8%。"),
    "an average without its cue": ("湖心小学有教师25名。", "湖心小学设24个班，有600名学生。"),
    "a share of the wrong whole": ("女工占工人的68.2%。", WOMEN),
    "a multiple that is none": ("今年的摊位是去年的4倍。", "去年有摊位40个，今年有120个。"),
    "days too many": ("展览持续9天。", "展览从5月1日至5月8日举行。"),
    "months too few": ("施工历时23个月。", WORKS),
    "years too many": ("施工历时3年。", WORKS),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_figure_that_does_not_follow_or_is_not_said_to_is_not_derived(lexicon: Lexicon, kind: str) -> None:
    assert derive(*WRONG[kind], lexicon) == []


COINCIDENCES = {
    "公共": ("公共食堂有7座。", "食堂由2座增加到5座。"),
    "高新": ("高新园区有企业49家。", "北园有企业120家，南园有71家。"),
    "早市": ("早市有摊位49个。", "北码头有摊位120个，南码头有71个。"),
    "a rate that is no share": ("工人的满意率为62.8%。", WOMEN),
}


@pytest.mark.parametrize("kind", COINCIDENCES)
@pytest.mark.xfail(reason="a character of another word is taken for the word that says how it was computed")
def test_a_cue_inside_another_word_is_none(lexicon: Lexicon, kind: str) -> None:
    assert derive(*COINCIDENCES[kind], lexicon) == []


@pytest.mark.xfail(reason="what is counted and people have compatible units, so that their sum counts")
def test_stalls_and_workers_have_no_sum(lexicon: Lexicon) -> None:
    assert derive("共有工人144名。", "早市有摊位24个，码头有工人120名。", lexicon) == []


def test_among_too_many_figures_nothing_is_computed_since_something_always_fits(lexicon: Lexicon) -> None:
    told = "各镇分别有船工" + "、".join(f"{count}名" for count in (120, 71, 33, 58, 64, 87, 95, 102, 45)) + "。"
    assert derive("一共有船工191名。", told, lexicon) == []


amounts = st.lists(st.integers(2, 9000), min_size=2, max_size=5, unique=True)
SHAPES = (
    "各码头共有工人{}名。",
    "北码头比南码头多{}名工人。",
    "女工占{}%。",
    "平均每班{}名学生。",
    "人数是去年的{}倍。",
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=amounts, wanted=st.integers(2, 20000), shape=st.sampled_from(SHAPES), data=st.data())
def test_an_expression_evaluates_to_its_figure_and_a_printed_figure_is_never_derived(
    lexicon: Lexicon, amounts: list[int], wanted: int, shape: str, data: st.DataObject
) -> None:
    likely = [sum(amounts), abs(amounts[0] - amounts[1]), amounts[0], wanted, amounts[0] // amounts[1] or 1]
    figure = data.draw(st.sampled_from(likely))
    told = "，".join(f"第{place}处有工人{amount}名" for place, amount in enumerate(amounts, start=1)) + "。"
    printed = parsed_of(told, lexicon).claims.figures
    for one in derive(shape.format(figure), told, lexicon):
        assert not any(one.figure.equals(other) for other in printed)
        assert_evaluates(one, amounts)


def assert_evaluates(one: Derivation, amounts: list[int]) -> None:
    left, relation, right = re.split(r"([=≈])", one.expression)
    assert right == one.figure.text
    terms = re.findall(r"\d+", left.replace("100%", ""))
    assert all(int(term) in amounts for term in terms)
    python = re.sub(r"\d+", lambda match: f"Fraction({match.group()})", left.replace("−", "-").replace("÷", "/").replace("%", ""))  # fmt: skip
    value = eval(python, {"Fraction": Fraction})  # made of digits and signs by code
    value *= 100 if "÷" in left and "%" in right else 1
    assert abs(value - one.figure.amount) <= Fraction(1, 2)
    assert relation == ("=" if value == one.figure.amount else "≈")
