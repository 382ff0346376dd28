"""index.language.vocabulary: its files, what is selected of them, and that nobody keeps a list of their own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from repository import ROOT

from index.language.person_names import is_person_name
from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from index.language.vocabulary import (
    DIVISIONS,
    MEASURE_WORDS,
    OFFICE,
    OFFICES,
    SURNAMES,
    class_of,
    divisions,
    find_organs,
    measure_words,
    offices,
    pattern_of,
    read_entries,
    surname_of,
    surnames,
)

FOLDER = ROOT / "index" / "language" / "vocabulary"
ORGANS = FOLDER / "organs.txt"
FILES = sorted(set(FOLDER.glob("*.txt")) - {ORGANS})
MODULES = sorted(path for room in ("index", "rag") for path in (ROOT / room).rglob("*.py") if path.parent != FOLDER)
COPY = 6
"""So many words of one list in a row are a copy of it."""
LISTS = {
    "surnames": SURNAMES,
    "offices": offices(),
    "measure words": MEASURE_WORDS,
    "divisions": DIVISIONS,
}
# Classes of characters that are no list of measure words, or on which the bytes of an index depend.
OTHER_CLASSES = {
    "index/dates/calendar_dates.py": "what makes no day of 1号: 1号线",
    "index/dates/find.py": "what dates are told by, traditional characters too",
    "index/language/numerals.py": "what makes no five-year plan of 十三五",
    "index/language/sentences.py": "what a figure may have behind it that no line is broken at",
    "index/offices/units.py": "what the names of bodies end in",
    "index/repair/characters.py": "units that a gap in a line is closed before",
    "index/repair/hard_wraps.py": "units that a line may begin with",
    "index/segment/blocks.py": "units that a paragraph does not begin with",
    "rag/evaluation/normalise.py": "the scorer's own, so that what it scores cannot change it",
    "rag/facts/answer_spans.py": "what a price is per; what the names of bodies end in",
    "rag/facts/quantities.py": "what is counted where 数 follows: 天数二百",
    "rag/question/conversation/followup.py": "what may follow 那 that is no conjunction",
    "rag/question/time_range.py": "what tells a figure from a year: 2022级 is a year, 2022个 is none",
    "rag/verification/claims.py": "what is in no name of a place",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_one_entry_a_line_and_explains_every_tag(path: Path) -> None:
    text = path.read_text("utf-8")
    entries = read_entries(text)
    explained = set(re.findall(r"^#\s+(\w+)", text, re.MULTILINE))
    assert entries
    assert {tag for tags in entries.values() for tag in tags} <= explained
    assert all(re.fullmatch(r"[\u4e00-\u9fff℃]+", word) for word in entries)


@pytest.mark.parametrize("line", ["书记\n书记", "书记 party", "\tparty", "书记\t\tparty"])
def test_a_line_that_is_no_entry_is_an_error(line: str) -> None:
    if line == "书记 party":  # a space: the tag would be part of the word
        assert list(read_entries(line)) == ["书记 party"]
        return
    with pytest.raises(ValueError, match="line"):
        read_entries(line)


def test_the_lists_are_whole() -> None:
    assert {"张", "何", "高", "袁", "石", "夏", "欧阳", "司马", "诸葛"} <= SURNAMES
    assert {"书记", "区长", "主任", "局长", "检察长", "董事长"} <= OFFICES
    assert offices("government") == {"省长", "市长", "区长", "县长", "乡长", "镇长"}
    assert not {"记者", "先生", "领导"} & OFFICES
    assert {"街道", "镇", "乡", "村", "社区", "小区"} == divisions("local")
    assert class_of(measure_words("general")) == class_of("个家项处条座所种名位")
    assert "和" in surnames("rare")
    assert "和" not in SURNAMES


def test_the_longest_word_is_matched_first() -> None:
    assert re.findall(pattern_of({"主任", "主任委员", "区", "市"}), "主任委员，市区主任") == [
        "主任委员",
        "市",
        "区",
        "主任",
    ]
    assert re.fullmatch(pattern_of({"-", "]", "^"}), "]")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("区长江怀瑾", ["区长"]),
        ("学校长期停课，全区长达一年，门店长远规划", []),
        ("主任委员、首席安全官和监事长", ["主任委员", "首席安全官", "监事长"]),
    ],
)
def test_an_office_is_found_whole_and_not_across_words(text: str, found: list[str]) -> None:
    assert re.findall(OFFICE, text) == found


@pytest.mark.parametrize(
    ("name", "surname"), [("欧阳修远", "欧阳"), ("张泽坤", "张"), ("张", ""), ("和平里", ""), ("〇二", "")]
)
def test_a_family_name_stands_before_a_given_name(name: str, surname: str) -> None:
    assert surname_of(name) == surname


@pytest.mark.parametrize("name", ["张泽坤", "高明远", "何秋生", "袁小满", "石敬之", "夏知秋", "温若川", "欧阳修远"])
def test_names_of_family_names_that_are_words_too_are_names(name: str) -> None:
    assert is_person_name(name, Lexicon())


@pytest.mark.parametrize(
    "text", ["高度重", "何时到", "石油公", "温度达", "方面工", "应该由", "时间为", "和居民", "成立了"]
)
def test_words_that_begin_like_a_name_are_none(text: str) -> None:
    assert not is_person_name(text, Lexicon())


def test_a_place_behind_the_name_of_a_district_is_no_person() -> None:
    assert not is_person_name("辛店镇", Lexicon(), "长")  # 云汀区 | 长辛店镇
    assert is_person_name("辛知秋", Lexicon(), "长")


def test_where_only_a_name_can_stand_a_word_is_one() -> None:
    assert not is_person_name("路桥", Lexicon())
    assert is_person_name("路桥", Lexicon(), is_certain_place=True)


def test_an_operators_persons_and_offices_count_besides() -> None:
    lexicon = Lexicon(Dictionary({"和悦宁": "nr", "河长": "office", "高山流": "n"}))
    assert is_person_name("和悦宁", lexicon)
    assert not is_person_name("高山流", lexicon)
    assert lexicon.offices == {"河长"}
    assert lexicon.find_persons("昨日和悦宁到访") == [(2, 5)]


def literals(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line and words of every list that a module writes out: branches of an alternation, sequences, words to split."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for chain in re.split(r"[()]", node.value):
                yield node.lineno, re.split(r"[|?:]+", chain)
            yield node.lineno, node.value.split()
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            values = [item.value for item in node.elts if isinstance(item, ast.Constant)]
            yield node.lineno, [value for value in values if isinstance(value, str)]


def copies(path: Path) -> Iterator[str]:
    for line, words in literals(path):
        for name, entries in LISTS.items():
            if len(set(words) & entries) >= COPY:
                yield f"{path.name}:{line} lists {name}: {sorted(set(words) & entries)}"
    text = path.read_text("utf-8")
    for run in re.findall(r"[\u4e00-\u9fff]{12,}", text):
        if set(run) <= surnames():
            yield f"{path.name} has a run of surnames: {run}"
    for characters in re.findall(r"\[([^\]\n]{6,})\]", text):
        if len(set(characters) & (MEASURE_WORDS | DIVISIONS)) > COPY:
            yield f"{path.name} has a class of measure words: {characters}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_has_a_list_of_its_own(path: Path) -> None:
    found = [
        copy
        for copy in copies(path)
        if "a class of" not in copy or path.relative_to(ROOT).as_posix() not in OTHER_CLASSES
    ]
    assert not found


def test_a_list_of_ones_own_is_seen(tmp_path: Path) -> None:
    for source in (
        'A = r"(?:书记|区长|市长|主任|局长|主席)说"',
        'A = ("个", "家", "名", "位", "项", "座")',
        'A = "省 市 区 县 镇 乡".split()',
        'A = "王李张刘陈杨赵黄周吴徐孙"',
        'A = r"多少[个家名位项座条处]"',
    ):
        (tmp_path / "module.py").write_text(source, "utf-8")
        assert len(list(copies(tmp_path / "module.py"))) == 1, source


def test_no_name_is_that_of_two_organs() -> None:
    entries = read_entries(ORGANS.read_text("utf-8"))
    names = [name for full, short in entries.items() for name in (full, *short)]
    assert len(names) == len(set(names))
    assert all(short and re.fullmatch(r"[\u4e00-\u9fff]{2,}", full) for full, short in entries.items())


def test_an_organ_is_found_by_its_longest_name_with_all_others() -> None:
    ((start, end, others),) = find_organs("区人力资源和社会保障局局长")
    assert (start, end) == (1, 11)
    assert {"人社局", "人保局"} <= set(others)
    ((_start, _end, back),) = find_organs("市人社局")
    assert "人力资源和社会保障局" in back
    assert find_organs("区长到青坞镇") == []
