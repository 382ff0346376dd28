import pytest

from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from index.records import PartialDate
from rag.verification.claims import Claims, fold
from rag.verification.offices import Office

ISSUED = PartialDate("2021-01-15")


def claims(text: str, issued: PartialDate | None = ISSUED) -> Claims:
    return Claims(text, issued, Lexicon())


def test_a_date_without_a_year_takes_that_of_the_newspaper() -> None:
    (day,) = claims("12月11日，区委常委会召开会议").days
    assert (day.first, day.yearless) == ("2020-12-11", False)


def test_without_a_newspapers_date_only_month_and_day_are_compared() -> None:
    (mine,) = claims("2019年12月11日召开", None).days
    (theirs,) = claims("12月11日，会议召开", None).days
    assert theirs.yearless
    assert mine.covers(theirs)
    (other,) = claims("12月12日，会议召开", None).days
    assert not mine.covers(other)


def test_a_year_covers_its_days_and_a_day_no_year() -> None:
    year, day = claims("2020年共21460件").days + claims("2020年5月8日").days
    assert year.covers(day)
    assert not day.covers(year)
    assert not year.is_range
    assert claims("2021年1月20日至3月31日").days[0].is_range


def test_what_a_figure_is_compared_with_is_not_its_time() -> None:
    text = claims("2020年优良天数265天，比2019年增加17天")
    assert [day.compared for day in text.days] == [False, True]
    assert [text.days_of(figure)[0].first[:4] for figure in text.figures] == ["2020", "2020"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("区委书记顾砚舟出席会议", {"顾砚舟"}),
        ("区长江怀瑾致辞", {"江怀瑾"}),
        ("韩屿说，力度还不够", {"韩屿"}),
        ("会议选举郁秋白为主任", {"郁秋白"}),
        ("石桥街道、青坞镇得分居前", {"石桥街道", "青坞镇"}),
        ("5个街镇的综合得分", set()),
        ("副区长张泽坤到会", {"张泽坤"}),
        ("副局长袁小满、夏知秋", {"袁小满"}),
        ("区长欧阳修远致辞", {"欧阳修远"}),
        ("区长王建民说，区长李宣达出席", {"王建民", "李宣达"}),
        ("区长王建议加快，书记高强调，主任方也谈到", set()),
        ("主任高峰逐一点评", {"高峰"}),
        ("书记方启民主持会议", {"方启民"}),
        ("书记路桥，区长石敬之", {"路桥", "石敬之"}),
        ("主任高度重视，区长何时到会，居民石油公司", set()),
        ("会议选举岳南枝为主任", {"岳南枝"}),
        ("云汀区长辛店镇", {"长辛店镇"}),
    ],
)
def test_persons_and_places_are_found_by_their_office_and_kind(text: str, names: set[str]) -> None:
    assert {name.text for name in claims(text).people_and_places} == names


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("区委书记顾砚舟、区长沈若兰揭牌", {("顾砚舟", Office("书记", "区委")), ("沈若兰", Office("区长", ""))}),
        ("区委副书记、区长王力军", {("王力军", Office("副书记", "区委")), ("王力军", Office("区长", ""))}),
        ("会议补选沈若兰为云汀区人民政府区长", {("沈若兰", Office("区长", ""))}),
        ("区生态环境局局长韩屿说", {("韩屿", Office("局长", "环境"))}),
        ("副局长夏知秋说", {("夏知秋", Office("副局长", ""))}),
        ("总经理何秋生说", {("何秋生", Office("总经理", ""))}),
        ("District head Jiang Huaijin drove", {("Jiang Huaijin", Office("head", ""))}),
    ],
)
def test_an_office_goes_with_the_name_that_it_stands_at(text: str, offices: set[tuple[str, Office]]) -> None:
    assert claims(text).offices == offices


def test_a_name_behind_an_office_of_the_operators_dictionary_is_a_person() -> None:
    dictionary = Dictionary({"河长": "office", "和悦宁": "nr"})
    text = "河长白知秋巡河，记者和悦宁报道"
    assert {name.text for name in claims(text).people_and_places} == set()
    listed = Claims(text, ISSUED, Lexicon(dictionary)).people_and_places
    assert {name.text for name in listed} == {"白知秋", "和悦宁"}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("尚未完成整改", {"完成"}),
        ("会议没有通过议案", {"通过"}),
        ("不再通行机动车", {"通行"}),
        ("不断提高，不仅如此，不少于40%，未来无锡将无人机", set()),
        ("老馆暂不拆除", {"拆除"}),
    ],
)
def test_what_is_denied_is_told_from_words_that_begin_alike(text: str, denied: set[str]) -> None:
    assert claims(text).denied == denied


def test_titles_and_words_said_are_kept_as_they_are() -> None:
    assert claims("《溪山行旅》获奖，他说“方向没有错”，又说“好”。").verbatim == ("溪山行旅", "方向没有错")


def test_figures_and_dates_are_no_terms() -> None:
    assert claims("2020年优良天数265天").terms() == claims("优良天数").terms()


def test_folding_leaves_letters_and_figures_of_one_script() -> None:
    assert fold("《雲汀報》 ＰＭ2.5！") == fold("云汀报pm2.5")
