import asyncio
import re
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from llm_server import (
    CUT,
    DONE,
    HANG,
    STOP,
    USAGE,
    USAGE_CHUNK,
    LLMServer,
    Reply,
    Step,
    closed_port_url,
    delta,
    head,
    status,
    streamed,
)
from town import MEASURES

from index.embedding.embedder import Embedder
from index.language.token_count import count_tokens
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.errors import FallbackReason, PromptError, QuestionError
from rag.generation.options import AnswerOptions
from rag.llm.openai import OpenAIChatModel
from rag.records import Answer, Cited, Delta, Done, Event, Message, Query, Retrieved

pytestmark = pytest.mark.anyio

AIR = "2020年云汀区PM2.5年均浓度是多少？同比变化多少？"
OFFICE = "2021年的云汀区区委书记是谁？"
FUTURE = "云汀区2030年的PM2.5年均浓度目标是多少？"
JUDGES = "合唱节的评委是谁？"
"""Of what the sample reports on, asking what it does not tell."""
RIGHT = "2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"
RIGHT_TOO = "优良天数265天，比2019年增加17天[1]。"
WRONG = "2020年全区PM2.5年均浓度为41.7微克/立方米，同比下降13.1%[1]。"


@dataclass(frozen=True)
class Heard:
    """Everything that a listener gets for one question."""

    events: list[Event]
    answer: Answer
    seconds: float

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Delta))


@pytest.fixture
def extractive(sample: Generation, embedder: Embedder) -> Answerer:
    return Answerer(sample, embedder)


def chat_model(base_url: str, total_timeout_s: float = 3.0) -> OpenAIChatModel:
    return OpenAIChatModel(
        base_url,
        "key",
        "test-model",
        connect_timeout_s=0.5,
        first_token_timeout_s=1.0,
        idle_timeout_s=0.5,
        total_timeout_s=total_timeout_s,
        backoff_s=0.02,
    )


@pytest.fixture
def generative(sample: Generation, embedder: Embedder, server: LLMServer) -> Answerer:
    return Answerer(sample, embedder, chat_model(server.base_url))


async def listen(answerer: Answerer, query: Query | str) -> Heard:
    started = time.monotonic()
    async with aclosing(answerer.events(Query(query) if isinstance(query, str) else query)) as stream:
        events = [event async for event in stream]
    assert isinstance(events[-1], Done)
    return Heard(events, events[-1].answer, time.monotonic() - started)


def assert_contract(answer: Answer, sample: Generation) -> None:
    """What the contract promises of every Answer."""
    for citation in (*answer.citations, *(answer.refusal.nearest if answer.refusal else ())):
        article = sample.catalogue.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote != ""
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)}
    assert markers == {citation.n for citation in answer.citations}
    for statement in answer.statements:
        assert answer.answer[statement.start : statement.end] == statement.text
        assert set(statement.citations) <= markers
    assert (answer.status in {"refused", "related"}) == (answer.refusal is not None) == answer.is_refused
    if answer.status == "related":
        assert answer.refusal is not None
        assert answer.refusal.reason == "not_found"
        assert answer.refusal.nearest
    assert set(answer.timings_ms) >= {
        "embed", "search", "fuse", "rerank", "prompt", "llm_first_token", "llm", "verify", "total"
    }  # fmt: skip
    assert answer.index_generation == sample.manifest.generation


def assert_order(heard: Heard) -> None:
    """Retrieved first, Done last, and a citation before the text whose marker points to it."""
    assert isinstance(heard.events[0], Retrieved)
    assert [type(event) for event in heard.events].count(Done) == 1
    cited: set[int] = set()
    for event in heard.events:
        if isinstance(event, Cited):
            cited.add(event.citation.n)
        if isinstance(event, Delta):
            assert {int(number) for number in re.findall(r"\[(\d+)\]", event.text)} <= cited


# ---- without an LLM


async def test_a_question_for_a_figure_is_answered_with_it(extractive: Answerer, sample: Generation) -> None:
    heard = await listen(extractive, AIR)
    assert heard.answer.status == "answered"
    assert "42微克/立方米" in heard.answer.answer
    assert "12.5%" in heard.answer.answer
    assert heard.answer.citations[0].source == "云汀报_2021-01-15_01版.txt"
    assert_contract(heard.answer, sample)
    assert_order(heard)


async def test_a_question_for_a_person_is_answered_with_the_name(extractive: Answerer, sample: Generation) -> None:
    heard = await listen(extractive, OFFICE)
    assert "顾砚舟" in heard.answer.answer
    assert heard.answer.citations[0].date == "2021-01-15"
    assert_contract(heard.answer, sample)
    assert_order(heard)


async def test_a_question_beyond_the_archive_is_refused(extractive: Answerer, sample: Generation) -> None:
    heard = await listen(extractive, FUTURE)
    assert heard.answer.status == "refused"
    assert heard.answer.refusal is not None
    assert heard.answer.refusal.reason == "out_of_range"
    assert_contract(heard.answer, sample)
    assert [type(event) for event in heard.events] == [Retrieved, Done]


async def test_where_reports_on_the_matter_were_found_they_are_given_instead_of_an_answer(
    extractive: Answerer, sample: Generation
) -> None:
    heard = await listen(extractive, JUDGES)
    answer = heard.answer
    assert answer.status == "related"
    assert answer.refusal is not None
    assert answer.answer == answer.refusal.message
    assert "相关报道（不一定回答所问）" in answer.answer
    assert (answer.citations, answer.statements, answer.as_of) == ((), (), None)
    assert [near.n for near in answer.refusal.nearest] == list(range(1, len(answer.refusal.nearest) + 1))
    assert all("合唱" in f"{near.title}{near.quote}" for near in answer.refusal.nearest)
    assert_contract(answer, sample)
    assert [type(event) for event in heard.events] == [Retrieved, Done]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("合唱節的評委是誰？", "相關報道（不一定回答所問）"),
        ("How many benches does Egret Wetland Park have?", "may not answer"),
    ],
)
async def test_related_reports_are_announced_in_the_language_and_script_of_the_question(
    extractive: Answerer, sample: Generation, question: str, says: str
) -> None:
    answer = (await listen(extractive, question)).answer
    assert answer.status == "related"
    assert says in answer.answer
    assert_contract(answer, sample)


@pytest.mark.parametrize("question", ["澜江市海棠区的区长是谁？"])
async def test_what_no_report_is_about_has_no_related_ones(
    extractive: Answerer, sample: Generation, question: str
) -> None:
    answer = (await listen(extractive, question)).answer
    assert answer.status == "refused"
    assert "相关报道" not in answer.answer
    assert_contract(answer, sample)


@pytest.mark.parametrize(
    "question",
    [
        AIR,
        OFFICE,
        "2023年云汀区PM2.5浓度不降反升的三个原因是什么？",
        pytest.param(
            "How large is Egret Wetland Park?",
            marks=pytest.mark.xfail(
                reason="refused: what the reader says of the right sentence is just too little to answer",
                strict=False,  # with the reader late (WENJU_RERANKER_BUDGET_MS) the rules alone decide, and answer
            ),
        ),
        "When did the new Wangjin Bridge open to traffic?",
    ],
)
async def test_the_deltas_joined_are_the_answer(extractive: Answerer, question: str) -> None:
    heard = await listen(extractive, question)
    assert heard.text == heard.answer.answer == heard.answer.answer.strip()


async def test_without_an_llm_the_answer_says_so(extractive: Answerer) -> None:
    answer = await extractive.answer(Query(AIR))
    assert answer.generator.kind == "extractive"
    assert (answer.generator.model, answer.generator.fallback_reason) == (None, "no_llm")
    assert answer.usage is None
    assert answer.timings_ms["llm"] is None


async def test_the_stages_that_ran_left_their_times(extractive: Answerer) -> None:
    times = (await extractive.answer(Query(AIR))).timings_ms
    parts = [times[stage] for stage in ("embed", "search", "fuse", "rerank")]
    assert all(part is not None and part > 0 for part in parts)
    assert (times["total"] or 0) >= sum(part or 0 for part in parts)


async def test_an_answer_is_as_of_its_latest_citation(extractive: Answerer) -> None:
    answer = await extractive.answer(Query(OFFICE))
    assert answer.as_of == max(citation.date or "" for citation in answer.citations)


async def test_an_answer_says_which_dates_it_was_asked_for(extractive: Answerer) -> None:
    query = Query("PM2.5年均浓度", first=PartialDate("2022"), last=PartialDate("2022-12"))
    answer = await extractive.answer(query)
    assert (answer.interpreted["from"], answer.interpreted["to"]) == ("2022", "2022-12")
    assert {(citation.date or "")[:4] for citation in answer.citations} == {"2022"}


async def test_a_blank_question_is_refused_in_the_language_spoken_before(extractive: Answerer) -> None:
    answer = await extractive.answer(Query(" ", history=(Message("user", "When did the bridge open?"),)))
    assert answer.refusal is not None
    assert answer.refusal.reason == "unclear"
    assert answer.answer.isascii()


async def test_a_question_that_refers_back_is_asked_with_the_one_before(extractive: Answerer) -> None:
    history = (Message("user", "白鹭湿地公园是哪一天正式开放的？"), Message("assistant", "6月1日[1]。"))
    answer = await extractive.answer(Query("它的总投资是多少？", history=history))
    assert "白鹭湿地公园" in str(answer.interpreted["rewritten_question"])
    assert answer.question == "它的总投资是多少？"


async def test_a_question_that_stands_alone_is_not_rewritten(extractive: Answerer) -> None:
    answer = await extractive.answer(Query(OFFICE, history=(Message("user", AIR),)))
    assert answer.interpreted["rewritten_question"] is None
    assert "顾砚舟" in answer.answer


async def test_two_answers_have_different_ids(extractive: Answerer) -> None:
    assert (await extractive.answer(Query(OFFICE))).id != (await extractive.answer(Query(OFFICE))).id


async def test_a_question_that_is_too_long_is_no_question(extractive: Answerer) -> None:
    with pytest.raises(QuestionError, match="2001") as failure:
        await extractive.answer(Query("问" * 2001))
    assert (failure.value.param, failure.value.code) == ("question", "too_long")


async def test_an_empty_date_range_is_no_question(extractive: Answerer) -> None:
    with pytest.raises(QuestionError, match="swap") as failure:
        await extractive.answer(Query("公园", first=PartialDate("2022"), last=PartialDate("2021-12-31")))
    assert (failure.value.param, failure.value.code) == ("from", "bad_range")


# ---- with an LLM


async def test_verified_statements_get_through_with_markers_counted_anew(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play(
        streamed(
            "2020年全区PM2.5年均浓度为42微克/立方米，", "同比下降12.5%[2]。优良", "天数265天，比2019年增加17天[7]。"
        )
    )
    heard = await listen(generative, AIR)
    assert heard.answer.status == "answered"
    assert heard.answer.answer == "".join(
        ["2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。", "优良天数265天，比2019年增加17天[2]。"]
    )
    assert heard.text == heard.answer.answer
    assert_contract(heard.answer, sample)
    assert_order(heard)


async def test_what_an_llm_writes_stands_behind_the_line_on_a_corrected_name(
    generative: Answerer, server: LLMServer
) -> None:
    server.play(streamed(RIGHT))
    heard = await listen(generative, AIR.replace("云汀区", "云听区"))
    assert heard.answer.generator.kind == "llm"
    assert heard.text == heard.answer.answer
    assert heard.text.startswith("是否指“云汀区”？以下按“云汀区”回答。\n2020年全区")


async def test_background_is_no_part_of_what_is_asked_and_is_not_reported_as_missing(extractive: Answerer) -> None:
    told = "我是区里的工作人员，正在写一份材料，领导要求数据都要有出处，最好具体到哪一天。请问"
    answer = (await listen(extractive, f"{told}{AIR}谢谢！")).answer
    assert answer.status == "answered"
    assert "没有找到" not in answer.answer
    assert "材料" not in str(answer.interpreted["rewritten_question"])


async def test_an_answer_of_the_llm_names_it_and_what_it_cost(generative: Answerer, server: LLMServer) -> None:
    server.play(streamed(RIGHT))
    answer = await generative.answer(Query(AIR))
    assert answer.generator.kind == "llm"
    assert (answer.generator.model, answer.generator.fallback_reason) == ("test-model", None)
    assert answer.usage == USAGE
    assert all((answer.timings_ms[stage] or 0) > 0 for stage in ("prompt", "llm_first_token", "llm", "verify"))


async def test_the_llm_gets_protocol_passages_and_question(generative: Answerer, server: LLMServer) -> None:
    server.play(streamed(RIGHT))
    await generative.answer(Query(AIR))
    system, user = server.requests[0].body["messages"]
    assert "NOT_FOUND" in system["content"]
    assert "同比下降12.5%" in user["content"]
    assert user["content"].endswith(AIR)


async def test_a_statement_with_a_wrong_figure_is_struck_and_never_sent(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play(streamed(RIGHT, WRONG, RIGHT_TOO))
    heard = await listen(generative, AIR)
    assert heard.answer.status == "partial"
    assert heard.answer.generator.fallback_reason is None
    sent = "".join(map(str, heard.events[:-1]))
    assert "13.1%" not in sent
    assert "13.1%" not in heard.answer.answer
    assert "12.5%" in heard.text
    assert "265" in heard.text
    (struck,) = heard.answer.struck
    assert "figure_not_in_passages:13.1%" in struck.problems
    assert_contract(heard.answer, sample)
    assert_order(heard)


async def test_two_statements_of_one_quote_share_its_citation(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play(streamed("2020年PM2.5年均浓度为42微克/立方米[1]。", "PM2.5年均浓度同比下降12.5%[1]。"))
    answer = (await listen(generative, AIR)).answer
    assert [statement.citations for statement in answer.statements] == [(1,), (1,)]
    assert len(answer.citations) == 1
    assert_contract(answer, sample)


async def test_a_number_in_brackets_that_is_no_marker_does_not_become_one(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play(streamed("[2020]年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"))
    answer = (await listen(generative, AIR)).answer
    assert answer.generator.kind == "llm"
    assert_contract(answer, sample)


async def test_a_model_that_finds_nothing_is_a_refusal(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play(streamed("NOT_", "FOUND"))
    heard = await listen(generative, AIR)
    assert heard.answer.refusal is not None
    assert heard.answer.refusal.reason == "not_found"
    assert heard.answer.refusal.nearest
    assert heard.answer.generator.kind == "llm"
    assert "NOT_FOUND" not in heard.answer.answer + heard.text
    assert_contract(heard.answer, sample)


async def test_what_a_model_finds_no_answer_in_is_given_as_related_reports(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play(streamed("NOT_FOUND"))
    answer = (await listen(generative, AIR)).answer
    assert (answer.status, answer.generator.kind) == ("related", "llm")
    assert answer.refusal is not None
    assert "12.5%" in answer.refusal.nearest[0].quote  # the sentence that comes nearest, not the article's opening
    assert_contract(answer, sample)


@pytest.mark.parametrize("words", ["NOT_FOUND", "我不知道。"])
async def test_where_only_related_reports_are_found_a_model_that_finds_none_either_changes_nothing(
    generative: Answerer, server: LLMServer, sample: Generation, words: str
) -> None:
    server.play(streamed(words))
    answer = (await listen(generative, JUDGES)).answer
    assert answer.status == "related"
    assert_contract(answer, sample)


async def test_not_found_beside_verified_statements_is_left_out(generative: Answerer, server: LLMServer) -> None:
    server.play(streamed(RIGHT, "\nNOT_FOUND"))
    heard = await listen(generative, AIR)
    assert heard.answer.status == "answered"
    assert "NOT_FOUND" not in heard.answer.answer


@pytest.mark.parametrize("words", [WRONG, "我不知道。", "As an AI I cannot say.", "[1]", "。。。"])
async def test_a_reply_that_nothing_supports_gives_way_to_an_extracted_answer(
    generative: Answerer, server: LLMServer, sample: Generation, words: str
) -> None:
    server.play(streamed(words))
    heard = await listen(generative, AIR)
    assert (heard.answer.generator.kind, heard.answer.generator.fallback_reason) == ("extractive", "unsupported")
    assert "12.5%" in heard.answer.answer
    assert heard.text == heard.answer.answer
    assert_contract(heard.answer, sample)


async def test_what_the_archive_cannot_answer_never_reaches_the_llm(generative: Answerer, server: LLMServer) -> None:
    answer = await generative.answer(Query(FUTURE))
    assert answer.status == "refused"
    assert server.requests == []


@pytest.mark.parametrize(
    "question", ["区防汛办和北堤的与会人员有哪些？", "听潮桥在1990年以前叫什么？", "Who is Peter Kuechly?"]
)
async def test_what_is_refused_by_a_guess_the_llm_reads_first(
    town: Generation, embedder: Embedder, server: LLMServer, question: str
) -> None:
    server.play(streamed("NOT_FOUND"))
    answer = await Answerer(town, embedder, chat_model(server.base_url)).answer(Query(question))
    assert len(server.requests) == 1
    assert answer.is_refused
    alone = await Answerer(town, embedder).answer(Query(question))
    assert (alone.status, alone.answer) == (answer.status, answer.answer)


FLOOD = "青屿区防汛工作会提出了哪五项措施？"


def read_prompt(server: LLMServer) -> tuple[str, str]:
    """The protocol, and the passages with the question, as first sent."""
    system, user = server.requests[0].body["messages"]
    return system["content"], user["content"]


async def test_the_llm_reads_the_whole_article_around_what_was_found(
    town: Generation, embedder: Embedder, server: LLMServer
) -> None:
    """Its last line is cited: a passage of the prompt is longer than any that was retrieved."""
    server.play(streamed("会后，与会人员察看了北堤[1]。"))
    heard = await listen(Answerer(town, embedder, chat_model(server.base_url)), FLOOD)
    _system, user = read_prompt(server)
    blocks = re.findall(r'n="(\d+)" [^\n]*>\n(.*?)\n</passage', user, re.DOTALL)
    assert [number for number, _text in blocks] == [str(number) for number in range(1, len(blocks) + 1)]
    (flood,) = [text for _number, text in blocks if "防汛工作会" in text]
    assert all(measure in flood for measure in (*MEASURES, "会后，与会人员察看了北堤。"))
    assert heard.answer.status == "answered"
    assert_contract(heard.answer, town)
    assert_order(heard)
    retrieved = heard.events[0]
    assert isinstance(retrieved, Retrieved)
    assert all(len(citation.quote) < len(flood) for citation in retrieved.citations)


async def test_the_conversation_goes_along_and_carries_no_statement(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    said = "2020年全区PM2.5年均浓度为42微克/立方米，区里奖励了望湖社区三百万元。"
    history = (Message("user", AIR), Message("assistant", said))
    server.play(streamed(RIGHT, "区里奖励了望湖社区三百万元[1]。"))
    answer = await generative.answer(Query("2020年云汀区优良天数是多少？", history))
    system, user = read_prompt(server)
    (tag,) = set(re.findall(r"</?(talk-[0-9a-f]{8})>", system))
    assert said in user[user.index(f"<{tag}>") : user.index(f"</{tag}>")]
    assert user.endswith("问题：2020年云汀区优良天数是多少？")
    assert "三百万" not in answer.answer
    assert_contract(answer, sample)


async def test_a_completion_cut_at_its_length_leaves_out_the_half_sentence(
    generative: Answerer, server: LLMServer, sample: Generation
) -> None:
    server.play([head(), delta(RIGHT + "优良天数265"), delta(None, finish="length"), USAGE_CHUNK, DONE])
    heard = await listen(generative, AIR)
    assert heard.answer.answer.count("。") == 1
    assert heard.answer.status == "partial"
    assert_contract(heard.answer, sample)


PINGS: list[Step] = [b": ping\n\n", 0.1] * 100
ENDLESS: list[Step] = [delta("嗯"), 0.1] * 100

FAULTS: dict[str, tuple[Reply, FallbackReason]] = {
    "500": (status(500), "server_error"),
    "503": (status(503), "server_error"),
    "429": (status(429), "rate_limited"),
    "401": (status(401), "unauthorised"),
    "404": (status(404), "bad_reply"),
    "html": ([head(200, "text/html"), b"<html>502 Bad Gateway</html>"], "bad_reply"),
    "broken json": ([head(), b"data: {broken\n\n", DONE], "bad_reply"),
    "an empty body": ([head()], "bad_reply"),
    "an empty completion": ([head(), delta(None), STOP, DONE], "bad_reply"),
    "an error in mid-stream": ([head(), b'data: {"error":{"message":"out of memory"}}\n\n'], "bad_reply"),
    "silence": ([HANG], "timeout"),
    "a head and silence": ([head(), HANG], "timeout"),
    "keep-alives for ever": ([head(), *PINGS], "timeout"),
    "half a statement, then silence": ([head(), delta("2020年全区PM2.5"), HANG], "timeout"),
    "half a statement, then cut": ([head(), delta("2020年全区PM2.5"), CUT], "bad_reply"),
}


@pytest.mark.timed
@pytest.mark.parametrize("name", FAULTS)
async def test_a_failing_llm_gives_way_to_an_extracted_answer_in_time(
    generative: Answerer, server: LLMServer, sample: Generation, name: str
) -> None:
    reply, reason = FAULTS[name]
    server.play(reply)
    heard = await listen(generative, AIR)
    assert (heard.answer.generator.kind, heard.answer.generator.fallback_reason) == ("extractive", reason)
    assert heard.answer.status == "answered"
    assert "12.5%" in heard.answer.answer
    assert heard.text == heard.answer.answer
    assert heard.seconds < 3
    assert_contract(heard.answer, sample)
    assert_order(heard)


@pytest.mark.timed
async def test_an_llm_that_nobody_runs_gives_way_to_an_extracted_answer(sample: Generation, embedder: Embedder) -> None:
    heard = await listen(Answerer(sample, embedder, chat_model(closed_port_url())), AIR)
    assert heard.answer.generator.fallback_reason == "unreachable"
    assert "12.5%" in heard.answer.answer
    assert heard.seconds < 3


BREAKS: dict[str, tuple[Reply, FallbackReason]] = {
    "silence": ([HANG], "timeout"),
    "a cut": ([CUT], "bad_reply"),
    "broken json": ([b"data: {broken\n\n"], "bad_reply"),
}


@pytest.mark.parametrize("name", BREAKS)
async def test_statements_sent_before_a_fault_stay_and_the_answer_is_partial(
    generative: Answerer, server: LLMServer, sample: Generation, name: str
) -> None:
    steps, reason = BREAKS[name]
    server.play([head(), delta(RIGHT), delta("优良天数"), *steps])
    heard = await listen(generative, AIR)
    assert heard.answer.status == "partial"
    assert (heard.answer.generator.kind, heard.answer.generator.fallback_reason) == ("llm", reason)
    assert heard.text == heard.answer.answer == RIGHT
    assert_contract(heard.answer, sample)


@pytest.mark.timed
async def test_a_model_that_never_ends_is_ended_by_the_deadline(
    sample: Generation, embedder: Embedder, server: LLMServer
) -> None:
    server.play([head(), delta(RIGHT), *ENDLESS])
    heard = await listen(Answerer(sample, embedder, chat_model(server.base_url, total_timeout_s=1.0)), AIR)
    assert heard.answer.generator.fallback_reason == "timeout"
    assert heard.text == RIGHT
    assert heard.seconds < 2.5


async def test_a_statement_is_sent_before_the_completion_ends(generative: Answerer, server: LLMServer) -> None:
    server.play([head(), delta(RIGHT), delta("优良"), 0.4, delta("天数265天，比2019年增加17天[1]。"), STOP, DONE])
    at: dict[str, float] = {}
    async for event in generative.events(Query(AIR)):
        at.setdefault(type(event).__name__, time.monotonic())
    assert at["Done"] - at["Delta"] > 0.3


async def test_a_listener_that_leaves_closes_the_connection_to_the_llm(generative: Answerer, server: LLMServer) -> None:
    server.play([head(), delta(RIGHT), delta("优良"), HANG])
    async with aclosing(generative.events(Query(AIR))) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
        assert server.open_connections == 1
    assert await asyncio.to_thread(server.wait_until_idle, 1.0)


@pytest.mark.parametrize("reply", [[head(), delta(RIGHT), delta("优良"), HANG], [HANG]])
async def test_a_cancelled_listener_closes_the_connection_to_the_llm(
    generative: Answerer, server: LLMServer, reply: Reply
) -> None:
    server.play(reply)
    task = asyncio.create_task(generative.answer(Query(AIR)))
    async with asyncio.timeout(2):
        while not server.requests:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.wait_until_idle, 1.0)


async def test_a_broken_template_is_an_error_and_no_fallback(
    sample: Generation, embedder: Embedder, server: LLMServer, tmp_path: Path
) -> None:
    (tmp_path / "answer.zh.md").write_text("no version", "utf-8")
    answerer = Answerer(sample, embedder, chat_model(server.base_url), AnswerOptions(prompts_dir=tmp_path))
    with pytest.raises(PromptError):
        await answerer.answer(Query(AIR))


async def test_the_llm_sees_no_more_than_its_context_holds(
    sample: Generation, embedder: Embedder, server: LLMServer
) -> None:
    server.play(streamed(RIGHT))
    options = AnswerOptions(context_tokens=1200, answer_tokens=300)
    await Answerer(sample, embedder, chat_model(server.base_url), options).answer(Query(AIR))
    body = server.requests[0].body
    assert sum(count_tokens(message["content"]) for message in body["messages"]) <= 900
    assert body["max_tokens"] == 300


async def test_questions_at_the_same_time_do_not_mix(extractive: Answerer, sample: Generation) -> None:
    questions = [AIR, OFFICE, FUTURE, "望津渡口的石碑立于哪一年，上面刻着什么字？"] * 2
    answers = await asyncio.gather(*(extractive.answer(Query(question)) for question in questions))
    assert [answer.question for answer in answers] == questions
    for first, second in zip(answers[:4], answers[4:], strict=True):
        assert replace(first, id="", timings_ms={}) == replace(second, id="", timings_ms={})
    for answer in answers:
        assert_contract(answer, sample)
