import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.offices.units import body_of, canonical_unit, is_territory, is_unit, same_body, territory_of


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("中共云汀区委", "云汀区委"),
        ("中共云汀区委员会", "云汀区委"),
        ("云汀区人民政府", "云汀区"),
        ("云汀区人民代表大会常务委员会", "云汀区人大"),
        ("云汀区人大常委会", "云汀区人大"),
        ("政协云汀区委员会", "云汀区政协"),
        ("柳荫街道办事处", "柳荫街道"),
        ("柳荫街道工委", "柳荫街道党工委"),
        ("江州市云汀区教育局", "云汀区教育局"),
        ("云汀区委统战部", "云汀区统战部"),
        ("云汀区区委", "云汀区委"),
        ("江州市委", "江州市委"),
    ],
)
def test_a_unit_has_one_form(printed: str, form: str) -> None:
    assert canonical_unit(printed) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("住建委", "住房和城乡建设委员会"),
        ("人保局", "人力资源和社会保障局"),
        ("金融办", "金融服务办公室"),
        ("发改委", "发展和改革委员会"),
        ("教委", "教育委员会"),
    ],
)
def test_an_abbreviation_is_the_same_body(one: str, other: str) -> None:
    assert same_body(one, other)
    assert same_body(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("教委", "教育局"),
        ("民政局", "民族事务局"),
        ("住建委", "住房和城乡建设局"),
        ("委", "政协"),
        ("统战部", "组织部"),
    ],
)
def test_another_body_is_not(one: str, other: str) -> None:
    assert not same_body(one, other)


def test_areas_that_are_no_district_are_no_territory() -> None:
    assert is_territory("云汀区")
    for name in ("景区", "风景区", "工业园区", "示范区", "主城区", "夜市", "区"):
        assert not is_territory(name)


def test_a_body_is_called_the_same_with_and_without_its_territory() -> None:
    assert body_of("云汀区教育局", "云汀区") == body_of("区教育局", "") == "教育局"
    assert territory_of("云汀区教育局") == "云汀区"
    assert body_of("云汀区", "云汀区") == ""


def test_what_ends_in_no_body_is_no_unit() -> None:
    assert is_unit("星澜集团")
    assert not is_unit("基金")
    assert not is_unit("产品")


@given(st.text("云汀区委政府人大协教育局街道办事处中共常会员市", max_size=14))
def test_one_form_stays_as_it_is(text: str) -> None:
    once = canonical_unit(text)
    assert canonical_unit(canonical_unit(once)) == canonical_unit(once)
    assert len(once) <= len(text) + 1
