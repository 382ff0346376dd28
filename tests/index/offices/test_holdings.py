"""What an article says of who holds which office: exactly, or nothing."""

import pytest

from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from index.offices import find_holdings
from index.records import Article, OfficeHolding, PartialDate

LEXICON = Lexicon()


def read(text: str, title: str | None = None, lexicon: Lexicon = LEXICON) -> list[OfficeHolding]:
    article = Article("a", "a.txt", "a", 0, text, title=title, date=PartialDate("2023-06-06"), newspaper="云汀报")
    return find_holdings(article, lexicon)


def told(text: str, title: str | None = None) -> list[tuple[str, str, str]]:
    return [(held.unit, held.office, held.person) for held in read(text, title)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6月2日，区委书记沈若兰到南渡镇调研。", [("区委", "书记", "沈若兰")]),
        ("区委副书记、区长江怀瑾主持会议。", [("区委", "副书记", "江怀瑾"), ("区", "区长", "江怀瑾")]),
        ("区人大常委会主任魏长庚，区政协主席宋时雨出席。", [("区人大", "主任", "魏长庚"), ("区政协", "主席", "宋时雨")]),
        ("常务副区长罗济川、副区长叶知非参加。", [("区", "常务副区长", "罗济川"), ("区", "副区长", "叶知非")]),
        ("副区长叶知非、宋知秋、梁若水参加。", [("区", "副区长", name) for name in ("叶知非", "宋知秋", "梁若水")]),
        ("云汀区生态环境局局长韩屿介绍，去年有所改善。", [("云汀区生态环境局", "局长", "韩屿")]),
        ("中共云汀区委常委、统战部部长苗青主持。", [("云汀区统战部", "部长", "苗青")]),
        ("会见星澜集团董事长、总经理祁牧野一行。", [("星澜集团", "董事长", "祁牧野"), ("星澜集团", "总经理", "祁牧野")]),
        ("会议补选沈若兰为云汀区人民政府区长。", [("云汀区", "区长", "沈若兰")]),
        ("江怀瑾于今年1月10日当选区长。", [("区", "区长", "江怀瑾")]),
        ("县委决定：宋知秋任青坞镇党委书记。", [("青坞镇党委", "书记", "宋知秋")]),
        ("区图书馆馆长由晏如是担任。", [("区图书馆", "馆长", "晏如是")]),
        ("会议由区委书记沈若兰主持。", [("区委", "书记", "沈若兰")]),
    ],
)  # fmt: skip
def test_an_office_its_unit_and_its_holder_are_read(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "区委书记、区长任组长，相关区领导任副组长。",
        "区长高度重视这项工作。",
        "区长办公会研究了三个议题。",
        "书记工作点评会召开，街镇党（工）委书记扛牢第一责任。",
        "社区书记信箱收到三封来信，方书记一口答应。",
        "副区长有关负责人参加。",
        "中学校长期坚持晨跑。",
        "主任医师王远山坐诊，四级主任科员李明陪同。",
        "深入学习贯彻总书记重要讲话精神。",
        "区长李向和参加的同志合影。",
        "基金经理王远山表示看好后市。",
    ],
)
def test_what_is_no_holder_gives_no_row(text: str) -> None:
    assert told(text) == []


def test_a_bare_body_is_of_the_one_street_that_the_article_names() -> None:
    one = "柳荫街道的河道清淤完工。党工委书记佟向荣说，下一步种树。"
    assert told(one) == [("柳荫街道党工委", "书记", "佟向荣")]
    several = "柳荫街道和望津街道的河道清淤完工。党工委书记佟向荣说，下一步种树。"
    assert told(several) == []
    assert told("河道清淤完工。党工委书记佟向荣说，下一步种树。") == []


def test_one_of_before_is_kept_apart_from_one_of_now() -> None:
    states = [(held.person, held.state) for held in read("时任区委书记顾砚舟、原区长陆承安、代区长沈若兰到场。")]
    assert states == [("顾砚舟", "then"), ("陆承安", "former"), ("沈若兰", "acting")]
    assert [held.office for held in read("代区长沈若兰到场。")] == ["区长"]


def test_what_happened_with_an_office_is_kept() -> None:
    text = "会议任命叶知非为云汀区副区长。会议免去罗济川的云汀区副区长职务。宋时雨不再担任区政协主席。"
    assert [(held.person, held.change) for held in read(text)] == [
        ("叶知非", "appointed"),
        ("罗济川", "removed"),
        ("宋时雨", "removed"),
    ]


def test_a_family_name_that_is_a_word_is_one_where_officials_are_listed() -> None:
    assert told("区委书记沈若兰，区人大常委会主任高峰，区政协主席宋时雨出席。")[1] == ("区人大", "主任", "高峰")


def test_an_operators_person_needs_no_listed_family_name() -> None:
    lexicon = Lexicon(Dictionary({"扎西卓玛": "nr"}))
    assert [held.person for held in read("副区长扎西卓玛到场。", lexicon=lexicon)] == ["扎西卓玛"]
    assert read("副区长扎西卓玛到场。") == []


def test_what_the_text_leaves_open_keeps_the_places_that_it_names() -> None:
    (held,) = read("云汀区召开大会，区委书记沈若兰到场。")
    assert (held.territory, held.named) == ("", "云汀区")
    (other,) = read("云汀区委书记沈若兰到场。")
    assert other.territory == "云汀区"


def test_the_offsets_have_the_office_and_the_person() -> None:
    text = "6月2日，区委副书记、区长江怀瑾主持会议，副区长叶知非、宋知秋参加。会议补选沈若兰为云汀区人民政府区长。"
    for held in read(text):
        words = text[held.start : held.end]
        assert held.person in words
        assert held.office in words


def test_the_same_said_twice_at_one_place_is_one_row() -> None:
    assert len(read("区长江怀瑾到场。区长江怀瑾讲话。")) == 2
    assert len({held.start for held in read("区长江怀瑾到场。区长江怀瑾讲话。")}) == 2
