"""rag.generation.extractive and what it composes of: extracted answers, from questions to an archive of a made-up district."""

import json
import re
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

import anyio
import numpy as np
import pytest
from grounders import grounder_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import MEASURES

from index.embedding.embedder import Embedder
from index.language.normalise import simplify
from index.language.sentences import find_content_sentences
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.generation.extractive import compose
from rag.generation.markers import tidy
from rag.reader.bundled import BundledReader
from rag.records import Answer, Query, Timings

pytestmark = pytest.mark.anyio

Ask = Callable[[str], Awaitable[Answer]]
TODAY = PartialDate("2023-12-31")
SAMPLE_QUESTIONS = [
    str(question["question"])
    for question in json.loads((resources.files("rag") / "sample" / "questions.json").read_text("utf-8"))
]
FACTS: list[Any] = [
    ("2020年青屿区植树多少棵？", "1200棵"),
    ("2021年植树成活率是多少？", "96%"),
    ("盐仓早市几点开门？", "五点半"),
    ("盐仓早市为什么提前开门？", "由于夏季天亮得早"),
    ("贝壳社区诊所在哪里？", "渔歌路18号"),
    ("纺织厂合唱队获得了什么称号？", "文明团队"),
    ("渔港旧画是谁捐赠的？", "李建军"),
    ("轮渡停航几天？", "三天"),
    ("聽潮橋全長多少米？", "638米"),
    ("When did the night market move to Pier 3?", "April 15, 2023"),
    ("How many stalls does the night market have?", "86 stalls"),
]


@pytest.fixture
def ask(town: Generation, embedder: Embedder) -> Ask:
    answerer = Answerer(town, embedder)

    async def asked(question: str) -> Answer:
        return await answerer.answer(Query(question, today=TODAY))

    return asked


def lines_of(answer: Answer) -> list[str]:
    return re.sub(r"\[\d+\]", "", answer.answer).split("\n")


def assert_verbatim(answer: Answer, generation: Generation) -> None:
    for citation in (*answer.citations, *(answer.refusal.nearest if answer.refusal else ())):
        article = generation.catalogue.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote != ""
    for statement in answer.statements:
        assert statement.citations


@pytest.mark.parametrize(("question", "fact"), FACTS)
async def test_a_fact_is_answered_with_the_sentence_that_has_it(
    ask: Ask, town: Generation, question: str, fact: str
) -> None:
    answer = await ask(question)
    assert answer.status == "answered"
    assert fact in answer.answer
    assert any(fact in citation.quote for citation in answer.citations)
    assert_verbatim(answer, town)


async def test_a_question_in_traditional_characters_gets_them_and_the_quote_as_printed(ask: Ask) -> None:
    answer = await ask("聽潮橋全長多少米？")
    assert "該橋全長638米" in answer.answer
    assert "该桥全长638米" in answer.citations[0].quote


async def test_a_quote_in_another_language_is_introduced_in_that_of_the_question(ask: Ask) -> None:
    english, chinese = await ask("How many fishing boats were overhauled?"), await ask("夜市搬到Pier 3是哪一天？")
    assert "The newspaper says: “开海前，全区检修渔船312艘" in english.answer
    assert "报道原文：“The night market on Tide Street moved" in chinese.answer
    assert english.citations[0].quote == "开海前，全区检修渔船312艘，更换救生衣1860件。"


# ---- versions


async def test_of_a_changing_figure_the_newest_comes_first_with_its_date_and_the_earlier_one_after_it(ask: Ask) -> None:
    answer = await ask("青屿区常住人口是多少？")
    first, second = lines_of(answer)
    assert first == "据2023年5月12日的报道，截至2022年底，青屿区常住人口为45万人。"
    assert second.startswith("此前")
    assert "2021年5月10日" in second
    assert "42万人" in second
    assert answer.status == "answered"


async def test_of_an_office_the_newest_holder_comes_first(ask: Ask) -> None:
    first, *others = lines_of(await ask("青屿区区长是谁？"))
    assert "梁若水" in first
    assert "2023年3月2日" in first
    assert "何远山" not in first
    assert all("何远山" in other for other in others)


async def test_asked_for_a_time_only_its_version_is_told(ask: Ask) -> None:
    answer = await ask("2020年底青屿区常住人口是多少？")
    assert "42万人" in answer.answer
    assert "45万人" not in answer.answer
    answer = await ask("2021年区长是谁？")
    assert "何远山" in answer.answer
    assert "梁若水" not in answer.answer


async def test_from_whom_to_whom_is_answered_with_both(ask: Ask) -> None:
    answer = await ask("从2021年到2023年，区长由谁换成了谁？")
    first, second = lines_of(answer)
    assert "何远山" in first
    assert "梁若水" in second


async def test_sources_that_disagree_on_one_time_stand_side_by_side(ask: Ask, town: Generation) -> None:
    answer = await ask("2022年8月9日柳湾灯会首日接待游客多少人？")
    assert answer.status == "conflicting"
    first, second = lines_of(answer)
    assert {("3.2万人" in line, "2.8万人" in line) for line in (first, second)} == {(True, False), (False, True)}
    assert all(re.match("据2022年8月1[02]日的报道，", line) for line in (first, second))
    assert len({citation.article_id for citation in answer.citations}) == 2
    assert_verbatim(answer, town)


async def test_a_figure_and_the_plan_for_another_thing_are_no_conflict(ask: Ask) -> None:
    assert (await ask("2021年青屿区植树多少棵？")).status == "answered"


async def test_an_answer_holds_as_of_the_last_day_that_its_quotes_speak_of(ask: Ask) -> None:
    assert (await ask("青屿区常住人口是多少？")).as_of == "2022-12-31"  # 截至2022年底, printed in May
    assert (await ask("全区检修了多少艘渔船？")).as_of == "2023-09-12"  # the day of the report


# ---- lists, stories


@pytest.mark.parametrize("question", ["青屿区防汛工作的五项措施是什么？", "2022年防汛工作有哪些措施？"])
async def test_a_list_is_complete_though_chunks_are_cut_between_its_items(
    ask: Ask, town: Generation, question: str
) -> None:
    (article,) = [one for one in town.catalogue.articles_of("articles.jsonl") if one.title == "青屿区部署防汛工作"]
    assert sum(one.startswith(article.id) for one in chunk_ids(town)) >= 3, "the list lies in several chunks"
    answer = await ask(question)
    said = "\n".join(lines_of(answer))
    places = [said.index(measure) for measure in MEASURES]
    assert places == sorted(places)
    assert answer.status == "answered"
    assert_verbatim(answer, town)


def chunk_ids(generation: Generation) -> list[str]:
    return [chunk.id for chunk in generation.catalogue.chunks(np.arange(generation.manifest.counts.chunks))]


async def test_a_chronology_is_told_in_the_order_of_time(ask: Ask) -> None:
    answer = await ask("请按时间顺序梳理听潮桥的建设过程。")
    days = [citation.quote[:10] for citation in sorted(answer.citations, key=lambda citation: citation.n)]
    assert [day[:5] for day in days] == ["2019年", "2020年", "2021年"]


# ---- parts


async def test_each_part_is_answered(ask: Ask, town: Generation) -> None:
    answer = await ask("2020年和2021年青屿区植树分别是多少棵？")
    first, second = lines_of(answer)
    assert "1200棵" in first
    assert "1500棵" in second
    assert answer.status == "answered"
    assert_verbatim(answer, town)


async def test_what_answers_two_parts_is_said_once(ask: Ask) -> None:
    answer = await ask("贝壳社区诊所有多少名医生？多少名护士？")
    assert answer.answer.count("11名护士") == 1
    assert len(answer.citations) == 1


async def test_two_figures_of_one_sentence_are_no_reason_to_look_for_another(
    sample: Generation, embedder: Embedder
) -> None:
    answer = await Answerer(sample, embedder).answer(Query("2021年云汀区PM2.5年均浓度和优良天数分别是多少？"))
    first, *_others = answer.citations
    assert "38微克/立方米" in first.quote
    assert "优良天数278天" in first.quote


async def test_a_part_that_is_not_found_is_said_to_be_missing(ask: Ask, town: Generation) -> None:
    answer = await ask("听潮桥全长多少米？地铁3号线何时开通？")
    assert answer.status == "partial"
    first, second = lines_of(answer)
    assert "638米" in first
    assert "地铁3号线何时开通" in second
    assert "没有找到" in second
    assert len(answer.statements) == 1
    assert_verbatim(answer, town)


async def test_a_part_that_is_not_found_is_said_in_the_language_of_the_question(ask: Ask) -> None:
    answer = await ask("When did the night market move to Pier 3? How many passengers flew in 2035?")
    assert answer.status == "partial"
    assert "The archive holds no report" in answer.answer


async def test_no_part_found_is_a_refusal(ask: Ask) -> None:
    answer = await ask("地铁3号线何时开通？水族馆养了多少只企鹅？")
    assert answer.status == "refused"


# ---- subjects


async def test_a_subject_left_to_the_context_stands_in_brackets_outside_the_quote(ask: Ask) -> None:
    answer = await ask("中山公园占地多少公顷？")
    assert "（中山公园）它占地12公顷" in answer.answer
    (citation,) = answer.citations
    assert "它占地12公顷" in citation.quote
    assert "（" not in citation.quote


async def test_a_subject_that_the_sentence_has_is_not_said_again(ask: Ask) -> None:
    answer = await ask("中山公园哪天重新开放？")
    assert answer.answer.count("中山公园") == 1


# ---- always


def assert_promises(question: str, generation: Generation, embedder: Embedder) -> None:
    answer = anyio.run(Answerer(generation, embedder).answer, Query(question, today=TODAY))
    assert_verbatim(answer, generation)
    assert (answer.status in {"refused", "related"}) == (answer.refusal is not None)
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)}
    assert {citation.n for citation in answer.citations} == markers
    for statement in answer.statements:
        quotes = [
            citation.quote[start:end]
            for citation in answer.citations
            if citation.n in statement.citations
            for start, end in find_content_sentences(citation.quote)
        ]
        said = "".join(re.sub(r"\[\d+\]", "", simplify(statement.text)).split())
        assert any("".join(simplify(tidy(quote)).split()).rstrip("；;。.") in said for quote in quotes)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_quote_is_verbatim_whatever_is_asked(sample: Generation, embedder: Embedder, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(SAMPLE_QUESTIONS))
    start = data.draw(st.integers(0, len(question) - 1))
    other = data.draw(st.sampled_from(["", *SAMPLE_QUESTIONS]))
    assert_promises(question[start:] + other, sample, embedder)


def test_composing_changes_nothing_that_it_was_given(
    town: Generation, embedder: Embedder, reader: BundledReader
) -> None:
    question = "青屿区常住人口是多少？听潮桥全长多少米？"
    grounding = grounder_of(town, embedder, reader).ground(Query(question, today=TODAY), question, Timings())
    before = grounding.parts
    assert compose(grounding, town) == compose(grounding, town)
    assert grounding.parts == before
    lines = compose(grounding, town).lines
    places = [(quote.passage.article_id, quote.start) for line in lines for quote in line.quotes]
    assert len(places) == len(set(places)) > 1


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("柳湾创业园入驻了多少家企业？", "近20家："),
        ("柳湾创业园什么时候投入运营？", "计划2024年6月："),
        ("柳湾创业园占地多少亩？", "70余亩："),
    ],
)
async def test_a_short_answer_keeps_what_makes_it_about_so_much_or_a_plan(
    make_archive: Callable[[Any], Generation], embedder: Embedder, question: str, label: str
) -> None:
    texts = (
        "柳湾创业园目前已经全面建成，已有近20家企业入驻，以海洋装备、渔具制造和水产加工企业为主。",
        "记者从区投资促进中心获悉，柳湾创业园项目计划在2024年6月投入运营，即将进入面向全国的招商阶段。",
        "柳湾创业园位于青屿区东岸，东起渔歌路，西至听潮桥，占地70余亩，是全区最大的产业园之一。",
    )
    archive = make_archive(
        [{"_id": f"park{n}", "date": "2023-05-06", "title": "创业园", "text": text} for n, text in enumerate(texts)]
    )
    answer = await Answerer(archive, embedder).answer(Query(question, today=TODAY))
    assert answer.answer.startswith(label), answer.answer
