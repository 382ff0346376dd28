import pytest

from rag.facts.quantities import Figure, find_figures, is_compatible

SAME = [
    ("同比下降22.2%", "同比下降百分之 22.2"),
    ("同比下降22.2％", "同比下降百分之二十二点二"),
    ("down 8.8 percent", "下降8.8%"),
    ("21,460件", "２１４６０件"),
    ("1.2万人", "12000人"),
    ("总投资4.1亿元", "cost 410 million yuan"),
    ("步道9.3公里", "步道9300米"),
    ("21:30", "晚九点半"),
    ("15时", "下午3点"),
    ("6 am", "6:00"),
    ("six lanes", "6 lanes"),
    ("双向六车道", "双向6车道"),
    ("第48次", "the 48th meeting"),
    ("24小时", "1天"),
    ("优良天数二百九十一天", "优良天数291天"),
]
OTHER = [
    ("22.2%", "22.0%"),
    ("22%", "22个百分点"),
    ("42微克", "42天"),
    ("412米", "412公顷"),
    ("412米", "412%"),
    ("5.7亿元", "5.7万元"),
    ("第2次", "2次"),
    ("9时", "9天"),
    ("8 pm", "8:00"),
]


def only(text: str) -> Figure:
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_figure_is_equal_however_it_is_written(one: str, other: str) -> None:
    assert only(one).equals(only(other))
    assert only(other).equals(only(one))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_figure_or_another_unit_is_not_equal(one: str, other: str) -> None:
    assert not only(one).equals(only(other))


@pytest.mark.parametrize(
    ("text", "turn", "role"),
    [
        ("同比下降22.2%", "down", "change"),
        ("比上年增加17天", "up", "change"),
        ("比上年多5次", "up", "change"),
        ("降至38微克", "down", "to"),
        ("压缩到25分钟", "down", "to"),
        ("rose by 18 percent", "up", "change"),
        ("优良天数265天", "", ""),
        ("新增绿地12公顷", "", ""),
        ("投入不少5万元", "", ""),
    ],
)
def test_a_figure_tells_whether_something_rose_or_fell(text: str, turn: str, role: str) -> None:
    assert (only(text).turn, only(text).role) == (turn, role)


def test_where_a_change_began_and_ended_is_told_apart() -> None:
    assert [figure.role for figure in find_figures("平均等候时间由原来的23分钟缩短到9分钟")] == ["from", "to"]
    assert [figure.role for figure in find_figures("The time fell from 19 minutes to 7")] == ["from", "to"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("不低于40%", ">"),
        ("不超过2万人", "<"),
        ("不足500米", "<"),
        ("2.1万余辆", ">"),
        ("20家以上", ">"),
        ("40微克以内", "<"),
        ("no more than 9 km", "<"),
        ("412米", ""),
    ],
)
def test_a_bound_is_read_before_and_behind_a_figure(text: str, bound: str) -> None:
    assert only(text).bound == bound


def test_figures_of_dates_are_left_out() -> None:
    text = "2019年建成12座"
    assert [figure.text for figure in find_figures(text, [(0, 5)])] == ["12座"]


def test_people_are_counted_by_any_counter_and_measured_by_none() -> None:
    assert is_compatible("count", "people")
    assert is_compatible("", "length")
    assert not is_compatible("people", "length")
    assert not is_compatible("", "%")
