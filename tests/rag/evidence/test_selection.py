"""rag.evidence.selection and rag.evidence.conflicts: what is quoted of the evidence. Sentences with given shares, so that nothing learnt counts."""

from dataclasses import replace

import pytest
from archive import found_in
from passages import made_passage

from index.language.sentences import find_content_sentences
from index.language.terms import Lexicon
from index.records import Article, DateSpan, PartialDate
from rag.evidence.conflicts import AlternativeAnswers, find_alternatives, value_of
from rag.evidence.selection import joined, select_quotes
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.answer_spans import Span
from rag.question.analysis import analyse_question
from rag.question.intent import AnswerForm

TODAY = PartialDate("2023-12-31")
LEXICON = Lexicon()


def article_of(text: str, name: str = "a", date: str | None = "2023-05-12") -> Article:
    return Article(name, f"{name}.txt", name, 0, text, date=PartialDate(date) if date else None)


def evidence_of(article: Article, *shares: float) -> list[CandidateSentence]:
    """The statements of an article, one passage, with these shares; best first."""
    passage = made_passage(article.text, article.id, source=article.source)
    found = [
        CandidateSentence(
            passage=passage,
            sentence_index=place,
            start=start,
            end=end,
            text=article.text[start:end],
            score=share,
            share=share,
            centred_cosine=0.5,
            term_coverage=0.6,
            context_coverage=0.8,
            focus_coverage=0.5,
            heaviest_missing_term=0.0,
            span_focus_coverage=0.5,
            spans=(),
            terms=frozenset(),
        )
        for place, ((start, end), share) in enumerate(zip(find_content_sentences(article.text), shares, strict=True))
    ]
    return sorted(found, key=lambda evidence: -evidence.share)


def quoted(question: str, article: Article, *shares: float) -> list[str]:
    ranked = evidence_of(article, *shares)
    return [quote.text for quote in select_quotes(found_in(question, [article]), ranked, LEXICON)]


def test_nothing_is_quoted_from_nothing() -> None:
    assert select_quotes(found_in("新桥多长？", []), [], LEXICON) == []


def test_a_sentence_that_stands_out_is_quoted_alone() -> None:
    article = article_of("新桥全长四百一十二米。桥面双向四车道。")
    assert quoted("新桥多长？", article, 0.97, 0.03) == ["新桥全长四百一十二米。"]


def test_a_likely_neighbour_is_quoted_in_one_with_the_best_sentence() -> None:
    article = article_of("新桥已经通车了。全长四百一十二米。附近有一座公园。")
    assert quoted("新桥多长？", article, 0.3, 0.6, 0.1) == ["新桥已经通车了。全长四百一十二米。"]


def test_joined_sentences_are_one_stretch_of_their_article() -> None:
    article = article_of("新桥已经通车了。\n全长四百一十二米。")
    best, other = evidence_of(article, 0.4, 0.6)
    quote = joined(best, other)
    assert article.text[quote.start : quote.end] == quote.text == article.text
    assert quote.share == best.share


def test_the_items_of_a_list_are_quoted_whole_each_by_itself() -> None:
    article = article_of("会议要求做好三件事情。一是清淤护岸。各村都要去。二是植树造林。三是修路架桥。")
    quotes = quoted("会议要求做好哪三件事？", article, 0.9, 0.04, 0.03, 0.02, 0.01)
    assert quotes == ["一是清淤护岸。", "二是植树造林。", "三是修路架桥。"]


def test_a_list_of_another_length_than_asked_for_is_not_the_one() -> None:
    article = article_of("会议要求做好两件事情。一是清淤护岸。二是植树造林。")
    assert "二是植树造林。" not in quoted("哪五项措施？", article, 0.95, 0.03, 0.02)


def test_one_fact_in_an_item_does_not_bring_the_list() -> None:
    article = article_of("会议要求做好两件事情。一是清淤护岸，共十二处。二是植树造林。")
    assert quoted("清淤多少处？", article, 0.02, 0.95, 0.03) == ["一是清淤护岸，共十二处。"]


def test_a_chronology_is_ordered_by_day_and_leaves_out_what_states_none() -> None:
    article = article_of("2021年10月1日新桥通车。2019年5月2日新桥开工。大家都来看新桥。2020年11月8日新桥合龙。")
    quotes = quoted("按时间顺序梳理新桥的建设", article, 0.3, 0.26, 0.24, 0.2)
    assert [quote[:5] for quote in quotes] == ["2019年", "2020年", "2021年"]


def test_a_chronology_without_any_date_is_the_best_sentence() -> None:
    article = article_of("新桥已经通车了。大家都来看新桥。")
    assert quoted("按时间顺序梳理新桥的建设", article, 0.6, 0.4) == ["新桥已经通车了。"]


def test_every_quote_is_its_stretch_of_the_article() -> None:
    article = article_of("要做两件事情。一是清淤护岸。二是植树造林。2021年10月1日新桥通车。")
    for question in ("做哪两件事？", "有哪些事？", "总结一下这些事。", "梳理一下时间线。", "新桥哪天通车？"):
        ranked = evidence_of(article, 0.4, 0.3, 0.2, 0.1)
        before = [replace(one) for one in ranked]
        for quote in select_quotes(found_in(question, [article]), ranked, LEXICON):
            assert article.text[quote.start : quote.end] == quote.text
        assert ranked == before


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("总结一下灯会。", "summary"),
        ("请简要介绍一下新桥。", "summary"),
        ("梳理新桥的时间线。", "chronology"),
        ("Give me a timeline of the bridge.", "chronology"),
        ("Summarise the report.", "summary"),
        ("新桥多长？", "fact"),
    ],
)
def test_a_summary_and_a_chronology_are_told_from_a_fact(question: str, form: AnswerForm) -> None:
    assert analyse_question(question).answer_form == form


# ---- versions


def told(
    name: str, date: str | None, text: str, value: str, share: float, terms: str = "常住人口"
) -> tuple[Article, CandidateSentence]:
    article = article_of(text, name, date)
    (found,) = evidence_of(article, share)
    start = text.index(value)
    return article, replace(found, spans=(Span(start, start + len(value), 1.0),), terms=frozenset(terms))


def versions_of(question: str, *reports: tuple[Article, CandidateSentence]) -> AlternativeAnswers:
    ranked = sorted((evidence for _article, evidence in reports), key=lambda evidence: -evidence.share)
    return find_alternatives(found_in(question, [article for article, _evidence in reports], TODAY), ranked)


OLD = told("old", "2021-05-10", "全区常住人口42万人。", "42万人", 0.6)
NEW = told("new", "2023-05-12", "全区常住人口45万人。", "45万人", 0.4)
CHANGING = "全区常住人口有多少人？"


def test_of_what_changes_the_newest_comes_first_though_another_was_ranked_best() -> None:
    versions = versions_of(CHANGING, OLD, NEW)
    assert (versions.first, versions.others, versions.contradicts) == (NEW[1], (OLD[1],), False)


def test_one_value_told_twice_has_no_versions() -> None:
    again = told("again", "2023-05-12", "常住人口42万人。", "42万人", 0.4)
    assert versions_of(CHANGING, OLD, again).others == ()


def test_what_is_about_something_else_is_no_version() -> None:
    other = told("other", "2023-05-12", "全市户籍人数45万人。", "45万人", 0.4, terms="户籍")
    assert versions_of(CHANGING, OLD, other).others == ()


def test_of_undated_reports_nothing_tells_which_is_newer() -> None:
    undated = told("undated", None, "全区常住人口45万人。", "45万人", 0.4)
    assert versions_of(CHANGING, OLD, undated) == AlternativeAnswers(OLD[1])


def test_values_for_one_time_disagree_and_the_best_is_first() -> None:
    versions = versions_of("2020年全区常住人口是多少人？", OLD, NEW)
    assert (versions.first, versions.others, versions.contradicts) == (OLD[1], (NEW[1],), True)


def test_no_more_versions_than_three_are_told() -> None:
    reports = [told(f"r{year}", f"{year}-05-10", f"全区常住人口{year - 1980}万人。", f"{year - 1980}万人", 0.2) for year in range(2018, 2024)]  # fmt: skip
    assert len(versions_of(CHANGING, *reports).others) <= 2


def test_a_sentence_with_two_values_has_no_one_value() -> None:
    (found,) = evidence_of(article_of("常住人口42万人，户籍人口30万人。"), 1.0)
    both = replace(found, spans=(Span(4, 8, 1.0), Span(13, 17, 1.0)))
    assert value_of(both) is None
    assert value_of(replace(both, spans=both.spans[:1])) == "42万人"
    assert value_of(replace(both, spans=(Span(4, 8, 0.4),))) is None


def test_a_period_bounds_what_is_asked() -> None:
    """What the tests of conflicts rest on: a year is asked about, 现在 is not."""
    time_range = analyse_question("2020年全区常住人口是多少人？", today=TODAY).time_range
    assert time_range is not None
    assert isinstance(time_range.asked[0], DateSpan)
    assert analyse_question(CHANGING, today=TODAY).time_range is None
