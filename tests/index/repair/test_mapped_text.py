"""index.repair.mapped_text: every character of a text knows where it stands in its document, through every edit."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.records import Fix, Origin
from index.repair.mapped_text import Mapped, find_origins, join, replayed

PAGE = "区实验小学PM_{2.5}监测\n站 开放"


def origins(text: Mapped) -> list[Origin]:
    return list(find_origins(text))


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[Fix]]:
    """A text, and fixes of it in their order that do not overlap. No repair makes several characters of one."""
    text = draw(st.text(max_size=40))
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    most = {0: 5, 1: 1}
    return text, [
        Fix("any", start, text[start:end], draw(st.text(max_size=most.get(end - start, 5)))) for start, end in pairs
    ]


def kept(text: str, fixes: Sequence[Fix]) -> list[int]:
    """Places of the characters that no fix touches."""
    touched = {place for fix in fixes for place in range(fix.start, fix.start + len(fix.before))}
    return [place for place in range(len(text)) if place not in touched]


def test_a_document_stands_where_it_stands() -> None:
    text = Mapped.of(PAGE)
    assert text.text == PAGE
    assert origins(text) == [Origin(0, len(PAGE), 0, len(PAGE))]


def test_an_empty_text_has_no_origins() -> None:
    assert origins(Mapped.of("")) == []


def test_no_fix_changes_nothing() -> None:
    text = Mapped.of(PAGE)
    assert text.edited([]) == (text, ())


def test_a_character_replaced_by_one_stands_in_its_place() -> None:
    text, fixes = Mapped.of("先,后").edited([Fix("wide", 1, ",", "，")])
    assert text.text == "先，后"
    assert origins(text) == [Origin(0, 3, 0, 3)]
    assert fixes == (Fix("wide", 1, ",", "，"),)


def test_the_characters_of_a_shorter_replacement_stand_for_all_that_was_replaced() -> None:
    text, _fixes = Mapped.of(PAGE).edited([Fix("subscript", 7, "_{2.5}", "2.5")])
    assert text.text == "区实验小学PM2.5监测\n站 开放"
    assert origins(text) == [Origin(0, 7, 0, 7), Origin(7, 10, 7, 13), Origin(10, 17, 13, 20)]


def test_what_was_dropped_leaves_a_seam() -> None:
    text, _fixes = Mapped.of(PAGE).edited([Fix("hard_wrap", 15, "\n", "")])
    assert text.text == "区实验小学PM_{2.5}监测站 开放"
    assert origins(text) == [Origin(0, 15, 0, 15), Origin(15, 19, 16, 20)]


def test_what_was_inserted_stands_for_nothing() -> None:
    text, (fix,) = Mapped.of("甲乙").edited([Fix("any", 1, "", "—")])
    assert (text.text, fix.start) == ("甲—乙", 1)
    assert origins(text) == [Origin(0, 1, 0, 1), Origin(1, 2, 1, 1), Origin(2, 3, 1, 2)]


def test_what_was_inserted_at_the_end_stands_behind_the_last_character() -> None:
    text, (fix,) = Mapped.of("甲乙").edited([Fix("any", 2, "", "。")])
    assert (text.text, fix.start) == ("甲乙。", 2)
    assert origins(text)[-1] == Origin(2, 3, 2, 2)


def test_a_fix_of_an_edited_text_counts_in_the_document() -> None:
    once, _fixes = Mapped.of(PAGE).edited([Fix("subscript", 7, "_{2.5}", "2.5")])
    twice, fixes = once.edited([Fix("hard_wrap", 12, "\n", ""), Fix("kerning", 14, " ", "")])
    assert twice.text == "区实验小学PM2.5监测站开放"
    assert fixes == (Fix("hard_wrap", 15, "\n", ""), Fix("kerning", 17, " ", ""))
    assert all(PAGE[fix.start : fix.start + len(fix.before)] == fix.before for fix in fixes)


def test_a_fix_of_a_cut_text_counts_in_the_document() -> None:
    text, fixes = Mapped.of(PAGE).cut(14, len(PAGE)).edited([Fix("hard_wrap", 1, "\n", "")])
    assert text.text == "测站 开放"
    assert fixes == (Fix("hard_wrap", 15, "\n", ""),)


def test_a_stripped_text_stands_where_it_stood() -> None:
    text = Mapped.of(" \u3000甲 乙\n").stripped()
    assert text.text == "甲 乙"
    assert origins(text) == [Origin(0, 3, 2, 5)]


def test_a_text_of_white_space_stripped_is_empty() -> None:
    assert Mapped.of(" \n\u3000").stripped().text == ""


def test_the_glue_of_joined_texts_stands_for_nothing_behind_the_first() -> None:
    page = Mapped.of("甲乙丙丁")
    joined = join([page.cut(2, 4), page.cut(0, 1)], ["\n"])
    assert joined.text == "丙丁\n甲"
    assert origins(joined) == [Origin(0, 2, 2, 4), Origin(2, 3, 4, 4), Origin(3, 4, 0, 1)]


def test_neighbours_joined_without_glue_are_one_slice() -> None:
    page = Mapped.of("甲乙丙丁")
    assert origins(join([page.cut(0, 2), page.cut(2, 4)], [""])) == [Origin(0, 4, 0, 4)]


def test_each_join_has_its_own_glue() -> None:
    page = Mapped.of("甲乙丙")
    joined = join([page.cut(0, 1), page.cut(1, 2), page.cut(2, 3)], ["", "\n"])
    assert joined.text == "甲乙\n丙"
    assert origins(joined) == [Origin(0, 2, 0, 2), Origin(2, 3, 2, 2), Origin(3, 4, 2, 3)]


def test_one_text_joined_with_nothing_is_itself() -> None:
    assert join([Mapped.of(PAGE)], []).text == PAGE


@given(edits())
def test_an_edited_text_is_the_replayed_one(edit: tuple[str, list[Fix]]) -> None:
    text, fixes = edit
    edited, moved = Mapped.of(text).edited(fixes)
    assert edited.text == replayed(text, fixes)
    assert list(moved) == fixes
    assert len(edited) == len(edited.text) == len(edited.starts) == len(edited.ends)


@given(edits())
def test_a_kept_character_is_mapped_to_itself(edit: tuple[str, list[Fix]]) -> None:
    text, fixes = edit
    edited, _moved = Mapped.of(text).edited(fixes)
    found = {start: place for place, start in enumerate(edited.starts) if edited.ends[place] == start + 1}
    for place in kept(text, fixes):
        assert edited.text[found[place]] == text[place]


@given(edits(), st.data())
def test_a_character_kept_by_two_edits_is_mapped_to_itself(edit: tuple[str, list[Fix]], data: st.DataObject) -> None:
    text, fixes = edit
    once, _moved = Mapped.of(text).edited(fixes)
    cut = data.draw(st.integers(0, len(once)))
    twice, moved = once.edited([Fix("any", cut, once.text[cut : cut + 2], "")])
    untouched = set(kept(text, fixes))
    for place, character in enumerate(twice.text):
        if twice.starts[place] in untouched and twice.ends[place] == twice.starts[place] + 1:
            assert character == text[twice.starts[place]]
    assert all(0 <= fix.start <= len(text) for fix in moved)


@given(edits())
def test_the_origins_cover_the_text_in_its_order_without_gaps(edit: tuple[str, list[Fix]]) -> None:
    text, fixes = edit
    edited, _moved = Mapped.of(text).edited(fixes)
    found = origins(edited)
    assert [(origin.start, origin.end) for origin in found] == [
        *pairwise([*(origin.start for origin in found), len(edited)])
    ]
    assert bool(found) == bool(edited.text)
    assert all(0 <= origin.source_start <= origin.source_end <= len(text) for origin in found)
    assert all(before.source_end <= after.source_start for before, after in pairwise(found))


@given(edits())
def test_slices_of_one_length_are_mapped_character_by_character(edit: tuple[str, list[Fix]]) -> None:
    text, fixes = edit
    untouched = set(kept(text, fixes))
    edited, _moved = Mapped.of(text).edited(fixes)
    for origin in find_origins(edited):
        if origin.end - origin.start == origin.source_end - origin.source_start:
            for place, source in zip(
                range(origin.start, origin.end), range(origin.source_start, origin.source_end), strict=True
            ):
                assert (edited.starts[place], edited.ends[place]) == (source, source + 1)
                assert source not in untouched or edited.text[place] == text[source]


def test_a_character_is_found_where_it_stands_or_is_followed() -> None:
    text, _fixes = Mapped.of(PAGE).edited([Fix("subscript", 7, "_{2.5}", "2.5"), Fix("hard_wrap", 15, "\n", "")])
    assert [text.find(place) for place in (0, 6, 13, 14, 16, len(PAGE))] == [0, 6, 10, 11, 12, len(text)]


@given(edits(), st.integers(0, 50), st.integers(0, 50))
def test_a_cut_and_the_rest_joined_again_are_the_text(edit: tuple[str, list[Fix]], first: int, last: int) -> None:
    text, fixes = edit
    edited, _moved = Mapped.of(text).edited(fixes)
    start, end = sorted((min(first, len(edited)), min(last, len(edited))))
    again = join([edited.cut(0, start), edited.cut(start, end), edited.cut(end, len(edited))], ["", ""])
    assert (again.text, list(again.starts), list(again.ends)) == (edited.text, list(edited.starts), list(edited.ends))
    assert origins(again) == origins(edited)


@given(st.lists(edits(), min_size=1, max_size=4), st.sampled_from(["", "\n", " / "]))
def test_joined_texts_are_the_texts_with_the_glue_between_them(many: list[tuple[str, list[Fix]]], glue: str) -> None:
    parts = [Mapped.of(text).edited(fixes)[0] for text, fixes in many]
    joined = join(parts, [glue] * (len(parts) - 1))
    assert joined.text == glue.join(part.text for part in parts)
    assert len(joined.starts) == len(joined.ends) == len(joined.text)
    place = 0
    for part in parts:
        assert list(joined.starts[place : place + len(part)]) == list(part.starts)
        place += len(part) + len(glue)
