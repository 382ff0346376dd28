"""The OpenAI-compatible routes, with the official client and without it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx  # noqa: F401  loaded before any client: a stream that the collector closes meanwhile finds it half loaded
import openai
import pytest
from api_server import AIR, BREAKING, JSON_TYPE, RIGHT, Reply, Service, assert_problem, running
from llm_server import CUT, LLMServer, delta, head, status, streamed

from index.store import Generation
from rag.config import Settings

CHAT = "/v1/chat/completions"
OUT_OF_RANGE = "云汀区2030年的PM2.5年均浓度目标是多少？"
JUDGES = "合唱节的评委是谁？"
"""Of what the sample reports on, asking what it does not tell."""
Messages = Any


@pytest.fixture(scope="module")
def in_town(base: Settings, town: Generation) -> Iterator[Service]:
    with running(replace(base, index_dir=town.folder.parents[1])) as started:
        yield started


@pytest.fixture
def client(site: Service) -> Iterator[openai.OpenAI]:
    with client_of(site) as opened:
        yield opened


@pytest.fixture
def talking_client(talking: Service) -> Iterator[openai.OpenAI]:
    with client_of(talking) as opened:
        yield opened


def client_of(site: Service, key: str = "any") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"http://127.0.0.1:{site.port}/v1", api_key=key, max_retries=0, timeout=20)


def user(text: object) -> dict[str, object]:
    return {"role": "user", "content": text}


def assistant(text: object) -> dict[str, object]:
    return {"role": "assistant", "content": text}


def post(site: Service, *messages: object, **fields: object) -> Reply:
    return site.post(CHAT, {"messages": list(messages), **fields})


def chunks_of(reply: Reply) -> list[Any]:
    """The chunks of a stream, which must end as one ends."""
    blocks = [block for block in reply.body.decode().split("\n\n") if block and not block.startswith(":")]
    assert all(block.startswith("data: ") and "\n" not in block for block in blocks)
    assert blocks[-1] == "data: [DONE]"
    return [json.loads(block.removeprefix("data: ")) for block in blocks[:-1]]


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in {"id", "timings_ms"}}


# ---- with the official client


def test_the_official_client_reads_a_completion(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="gpt-anything", messages=[{"role": "user", "content": AIR}])
    assert re.fullmatch("chatcmpl-[0-9a-f]{32}", completion.id)
    assert (completion.object, completion.model) == ("chat.completion", "gpt-anything")
    (choice,) = completion.choices
    assert (choice.index, choice.finish_reason) == (0, "stop")
    assert (choice.message.role, choice.message.refusal) == ("assistant", None)
    assert choice.message.content is not None
    assert "12.5%" in choice.message.content
    assert completion.usage is not None
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens > 20
    assert completion.model_extra is not None
    assert completion.model_extra["wenju"]["answer"] == choice.message.content
    assert completion.system_fingerprint == completion.model_extra["wenju"]["index_generation"]


def test_the_official_client_finds_the_citations_beside_the_annotations(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="wenju", messages=[{"role": "user", "content": AIR}])
    message = completion.choices[0].message
    assert message.annotations
    assert message.content
    citation = message.annotations[0].url_citation
    assert message.content[citation.start_index : citation.end_index] == "[1]"
    assert citation.title
    assert message.model_extra
    assert completion.model_extra
    assert message.model_extra["wenju"]["citations"] == completion.model_extra["wenju"]["citations"]


def test_the_official_client_reads_a_stream(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        model="wenju", messages=[{"role": "user", "content": AIR}], stream=True
    ) as opened:
        chunks = list(opened)
    assert len({chunk.id for chunk in chunks}) == 1
    first, *texts, last = chunks
    assert first.choices[0].delta.role == "assistant"
    assert first.model_extra
    assert len(first.model_extra["wenju"]["citations"]) == 8
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert last.model_extra
    assert "".join(chunk.choices[0].delta.content or "" for chunk in texts) == last.model_extra["wenju"]["answer"]
    assert all(chunk.usage is None for chunk in chunks)
    assert last.choices[0].delta.model_extra
    assert last.choices[0].delta.model_extra["annotations"][0]["type"] == "url_citation"


def test_the_official_client_reads_the_usage_at_the_end_of_a_stream(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        model="wenju",
        messages=[{"role": "user", "content": AIR}],
        stream=True,
        stream_options={"include_usage": True},
    ) as opened:
        *chunks, last = list(opened)
    assert all(chunk.usage is None for chunk in chunks)
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens > 20


def test_the_official_clients_stream_helper_puts_the_message_together(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model="wenju", messages=[{"role": "user", "content": AIR}]) as opened:
        kinds = [event.type for event in opened]
        final = opened.get_final_completion()
    assert "content.delta" in kinds
    message = final.choices[0].message
    assert message.content
    assert message.annotations
    place = message.annotations[0].url_citation
    assert message.content[place.start_index : place.end_index] == "[1]"
    assert message.model_extra
    assert message.model_extra["wenju"]["citations"][0]["quote"]


@pytest.mark.anyio
async def test_the_official_asynchronous_client_reads_both_shapes(site: Service) -> None:
    async with openai.AsyncOpenAI(
        base_url=f"http://127.0.0.1:{site.port}/v1", api_key="any", max_retries=0, timeout=20
    ) as client:
        whole = await client.chat.completions.create(model="wenju", messages=[{"role": "user", "content": AIR}])
        opened = await client.chat.completions.create(
            model="wenju", messages=[{"role": "user", "content": AIR}], stream=True
        )
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in opened])
    assert text == whole.choices[0].message.content


def test_the_official_client_lists_the_model(client: openai.OpenAI) -> None:
    (model,) = client.models.list()
    assert (model.id, model.object, model.owned_by) == ("wenju", "model", "wenju")
    assert client.models.retrieve("wenju") == model


def test_the_official_client_passes_our_own_options(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="wenju",
        messages=[{"role": "user", "content": "PM2.5年均浓度"}],
        extra_body={"wenju": {"from": "2022", "to": "2022-12-31", "top_k": 3}},
    )
    assert completion.model_extra
    answer = completion.model_extra["wenju"]
    assert (answer["interpreted"]["from"], answer["interpreted"]["to"]) == ("2022", "2022-12-31")
    assert {citation["date"][:4] for citation in answer["citations"]} == {"2022"}


def test_errors_are_the_official_clients_exceptions(base: Settings, client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="wenju"):
        client.models.retrieve("gpt-4")
    with pytest.raises(openai.UnprocessableEntityError) as bad:
        client.chat.completions.create(model="wenju", messages=[{"role": "user", "content": AIR}], n=2)
    assert (bad.value.param, bad.value.code, bad.value.type) == ("n", "bad_n", "invalid_request_error")
    with (
        running(replace(base, api_keys=("right",))) as locked,
        client_of(locked, "wrong") as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.chat.completions.create(model="wenju", messages=[{"role": "user", "content": AIR}], stream=True)


def test_an_index_that_is_not_there_is_the_official_clients_server_error(base: Settings, tmp_path: Any) -> None:
    with (
        running(replace(base, index_dir=tmp_path)) as empty,
        client_of(empty) as client,
        pytest.raises(openai.InternalServerError) as failed,
    ):
        client.chat.completions.create(model="wenju", messages=[{"role": "user", "content": AIR}])
    assert failed.value.status_code == 503


def test_an_error_midway_is_the_official_clients_exception(base: Settings) -> None:
    with running(base, BREAKING) as site, client_of(site) as client:
        opened = client.chat.completions.create(model="wenju", messages=[{"role": "user", "content": AIR}], stream=True)
        with opened, pytest.raises(openai.APIError, match="internal error") as failed:
            list(opened)
    assert "secret" not in str(failed.value.body)


# ---- with an LLM


def test_usage_is_that_of_the_llm(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT))
    assert post(talking, user(AIR)).json["usage"] == {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


def test_the_official_client_reads_statements_as_the_llm_writes_them(
    talking_client: openai.OpenAI, llm: LLMServer
) -> None:
    llm.play(streamed(RIGHT, "优良天数265天，比2019年增加17天[2]。", pause_s=0.05))
    with talking_client.chat.completions.create(
        model="wenju", messages=[{"role": "user", "content": AIR}], stream=True
    ) as opened:
        texts = [chunk.choices[0].delta.content for chunk in opened if chunk.choices[0].delta.content]
    assert len(texts) == 2


def test_an_llm_that_fails_midway_leaves_what_was_verified(talking: Service, llm: LLMServer) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), CUT], status(500))
    reply = post(talking, user(AIR), stream=True)
    last = chunks_of(reply)[-1]
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["wenju"]["status"] == "partial"
    assert last["wenju"]["generator"]["kind"] == "llm"


def test_heartbeats_do_not_disturb_the_official_client(pulsing: Service, llm: LLMServer) -> None:
    llm.play([head(), 0.4, delta(RIGHT)])
    assert post(pulsing, user(AIR), stream=True).body.count(b": heartbeat\n\n") >= 3
    llm.play([head(), 0.4, delta(RIGHT)])
    with (
        client_of(pulsing) as client,
        client.chat.completions.create(
            model="wenju", messages=[{"role": "user", "content": AIR}], stream=True
        ) as opened,
    ):
        assert any("12.5%" in (chunk.choices[0].delta.content or "") for chunk in opened)


# ---- the same in every shape

SHAPES = {
    "answered": ("听潮桥全长多少米？", "answered"),
    "partial": ("听潮桥全长多少米？地铁3号线何时开通？", "partial"),
    "conflicting": ("2022年8月9日柳湾灯会首日接待游客多少人？", "conflicting"),
    "corrected": ("王建国向区档案馆捐赠了多少幅渔港旧画？", "refused"),
    "refused": ("区政府2035年的植树目标是多少棵？", "refused"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_same_citations_are_in_json_events_and_completions(in_town: Service, name: str) -> None:
    question, expected = SHAPES[name]
    asked = in_town.ask(question).json
    assert asked["status"] == expected
    assert bool(asked["citations"]) == (name != "refused")
    _name, done = in_town.ask(question, stream=True).events()[-1]
    completion = post(in_town, user(question)).json
    chunks = chunks_of(post(in_town, user(question), stream=True))
    last = chunks[-1]
    for answer in (done, completion["wenju"], last["wenju"]):
        assert without_times(answer) == without_times(asked)
    message, delta_ = completion["choices"][0]["message"], last["choices"][0]["delta"]
    assert message["content"] == asked["answer"]
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == asked["answer"]
    assert message["wenju"]["citations"] == delta_["wenju"]["citations"] == asked["citations"]
    assert message["annotations"] == delta_["annotations"]
    markers = [message["content"][a["start_index"] : a["end_index"]] for a in places(message)]
    assert markers == re.findall(r"\[\d+\]", asked["answer"])
    assert set(markers) == {f"[{citation['n']}]" for citation in asked["citations"]}


def test_the_llms_citations_are_in_json_and_completions(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT, "优良天数265天，比2019年增加17天[2]。", "2020年PM2.5年均浓度下降13.1%[1]。"))
    asked = talking.ask().json
    completion = post(talking, user(AIR)).json
    last = chunks_of(post(talking, user(AIR), stream=True))[-1]
    assert (asked["generator"]["kind"], asked["status"]) == ("llm", "partial")
    assert without_times(completion["wenju"]) == without_times(last["wenju"]) == without_times(asked)
    assert completion["choices"][0]["message"]["annotations"] == last["choices"][0]["delta"]["annotations"]
    assert [place["title"] for place in places(last["choices"][0]["delta"])] == [
        asked["citations"][number - 1]["title"] for number in (1, 2)
    ]


def places(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [annotation["url_citation"] for annotation in message["annotations"]]


def test_the_candidates_of_a_stream_are_those_of_the_retrieved_event(site: Service) -> None:
    (_name, retrieved), *_rest = site.ask(stream=True).events()
    assert chunks_of(post(site, user(AIR), stream=True))[0]["wenju"] == retrieved


def test_a_refusal_is_content_and_ends_as_any_answer(site: Service) -> None:
    completion = post(site, user(OUT_OF_RANGE)).json
    (choice,) = completion["choices"]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"] == completion["wenju"]["refusal"]["message"]
    assert (choice["message"]["refusal"], choice["message"]["annotations"]) == (None, [])


def test_related_reports_stand_in_the_content_line_by_line(site: Service) -> None:
    asked = site.ask(JUDGES).json
    assert asked["status"] == "related"
    completion = post(site, user(JUDGES)).json
    chunks = chunks_of(post(site, user(JUDGES), stream=True, stream_options={"include_usage": True}))
    message = completion["choices"][0]["message"]
    streamed_content = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
    announced, *lines = message["content"].split("\n")
    assert announced == asked["answer"] == asked["refusal"]["message"]
    nearest = asked["refusal"]["nearest"]
    assert lines[::2] == [f"- {near['title']} · {near['date']} · {near['source']}" for near in nearest]
    assert lines[1::2] == [f"  “{near['quote']}”" for near in nearest]
    assert streamed_content == message["content"]
    assert (message["annotations"], message["wenju"]["citations"], message["refusal"]) == ([], [], None)
    assert without_times(completion["wenju"]) == without_times(chunks[-2]["wenju"]) == without_times(asked)
    assert completion["usage"]["completion_tokens"] == chunks[-1]["usage"]["completion_tokens"] > 30


def test_a_question_after_related_reports_means_nobody_in_them(site: Service) -> None:
    shown = post(site, user(JUDGES)).json["choices"][0]["message"]["content"]
    before = (user("2021年的云汀区区委书记是谁？"), assistant("顾砚舟[1]。"), user(JUDGES), assistant(shown))
    rewritten = post(site, *before, user("他哪年上任的？")).json["wenju"]["interpreted"]["rewritten_question"]
    assert rewritten == "顾砚舟哪年上任的？"


@pytest.mark.parametrize("given", ["", None, " "])
def test_a_question_without_words_is_refused_as_unclear(site: Service, given: str | None) -> None:
    assert post(site, user(given)).json["wenju"]["refusal"]["reason"] == "unclear"
    first, *_rest, last = chunks_of(post(site, user(given), stream=True))
    assert first["choices"][0]["delta"]["role"] == "assistant"
    assert last["wenju"]["refusal"]["reason"] == "unclear"


def test_fields_that_a_chunk_has_no_value_for_are_left_out(site: Service) -> None:
    first, text, *_rest = chunks_of(post(site, user(AIR), stream=True))
    assert "usage" not in first
    assert "wenju" not in text
    assert set(text["choices"][0]["delta"]) == {"content"}
    counted = chunks_of(post(site, user(AIR), stream=True, stream_options={"include_usage": True}))
    assert [chunk["usage"] is None for chunk in counted] == [True] * (len(counted) - 1) + [False]


# ---- addresses


def test_an_annotation_leads_to_the_quote_in_this_service(site: Service) -> None:
    (place,) = places(post(site, user(AIR)).json["choices"][0]["message"])
    match = re.fullmatch(rf"http://127\.0\.0\.1:{site.port}/#article=(\w+)&start=(\d+)&end=(\d+)", place["url"])
    assert match
    (citation,) = site.ask().json["citations"]
    assert match.groups() == (citation["article_id"], str(citation["start"]), str(citation["end"]))


def test_the_address_is_the_one_at_which_the_client_came(base: Settings) -> None:
    headers = {"Host": "ask.example:8443", "X-Forwarded-Proto": "https", "X-API-Key": "a-key-to-ask-with"}
    with running(replace(base, api_keys=("a-key-to-ask-with",), trusted_proxies=("127.0.0.1",))) as site:
        reply = site.post(CHAT, {"messages": [user(AIR)]}, **headers)
    assert places(reply.json["choices"][0]["message"])[0]["url"].startswith("https://ask.example:8443/#article=")


# ---- what clients send


def test_a_conversation_is_the_history_of_its_last_question(site: Service) -> None:
    messages = [
        {"role": "system", "content": "Answer in French."},
        {"role": "developer", "content": [{"type": "text", "text": "Never cite."}]},
        user("2020年云汀区PM2.5年均浓度是多少？"),
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function", "function": {}}]},
        {"role": "tool", "tool_call_id": "1", "content": "25"},
        assistant([{"type": "text", "text": "42微克/立方米[1]。"}]),
        user([{"type": "text", "text": "那2021年呢？"}]),
    ]
    answer = post(site, *messages).json["wenju"]
    assert answer["question"] == "那2021年呢？"
    assert answer["interpreted"]["rewritten_question"] == "2021年云汀区PM2.5年均浓度是多少？"
    assert "38微克/立方米" in answer["answer"]
    assert answer["citations"]


def test_a_conversation_may_be_longer_than_what_is_read_of_it(site: Service) -> None:
    long = [message for _ in range(100) for message in (user("植树多少？"), assistant("不知道。"))]
    history = [user("2020年云汀区PM2.5年均浓度是多少？"), assistant("42微克/立方米[1]。")]
    answer = post(site, *long, *history, user("那2021年呢？")).json["wenju"]
    assert "38微克/立方米" in answer["answer"]


def test_everything_else_that_clients_send_is_tolerated(site: Service) -> None:
    reply = post(
        site,
        {**user(AIR), "name": "anna"},
        model="m",
        n=1,
        temperature=0.7,
        max_tokens=5,
        max_completion_tokens=5,
        top_p=1,
        stop=["\n"],
        user="u",
        seed=1,
        tools=[{"type": "function", "function": {"name": "f"}}],
        tool_choice="auto",
        response_format={"type": "json_object"},
        stream_options=None,
        stream=None,
        wenju=None,
        metadata={"a": "b"},
    )
    assert (reply.status, reply.json["model"]) == (200, "m")


def test_a_model_that_is_not_named_is_ours(site: Service) -> None:
    assert post(site, user(AIR)).json["model"] == "wenju"


BAD: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "no messages": ({}, {}),
    "an empty list": ({"messages": []}, {"param": "messages"}),
    "no user": ({"messages": [assistant("a")]}, {"param": "messages", "code": "no_question"}),
    "two choices": ({"messages": [user("a")], "n": 2}, {"param": "n", "code": "bad_n"}),
    "no choice": ({"messages": [user("a")], "n": 0}, {"param": "n", "code": "bad_n"}),
    "an image": (
        {"messages": [user("a"), user([{"type": "text", "text": "b"}, {"type": "image_url", "image_url": {}}])]},
        {"param": "messages[1].content[1].type", "code": "not_text"},
    ),
    "a role that is none": ({"messages": [{"role": "root", "content": "a"}]}, {}),
    "a content that is a number": ({"messages": [user(1)]}, {}),
    "a question too long": ({"messages": [user("问" * 2001)]}, {"param": "messages", "code": "too_long"}),
    "a date that is none": ({"messages": [user("a")], "wenju": {"from": "soon"}}, {"param": "wenju.from", "code": "bad_date"}),
    "a range without days": (
        {"messages": [user("a")], "wenju": {"from": "2022", "to": "2021"}},
        {"param": "wenju.from", "code": "bad_range"},
    ),
    "an option that is none": ({"messages": [user("a")], "wenju": {"form": "2022"}}, {}),
    "a top_k of 0": ({"messages": [user("a")], "wenju": {"top_k": 0}}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("streaming", [False, True])
def test_a_bad_request_is_an_error_in_the_contracts_form(site: Service, name: str, streaming: bool) -> None:
    body, expected = BAD[name]
    assert_problem(site.post(CHAT, {**body, "stream": streaming}), 422, type="invalid_request_error", **expected)


BROKEN = {
    "no json": b"{",
    "nothing": b"",
    "invalid utf-8": b'{"messages": [{"role": "user", "content": "\xff\xfe"}]}',
    "half a surrogate pair": b'{"messages": [{"role": "user", "content": "\\ud83d"}]}',
    "100,000 deep": b'{"messages": [{"role": "user", "content": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]}",
    "100,000 deep where nothing is read": b'{"messages": [], "tools": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_body_that_is_no_json_is_an_error_in_the_contracts_form(site: Service, name: str) -> None:
    assert_problem(site.send("POST", CHAT, BROKEN[name], JSON_TYPE), 400)


def test_a_body_that_a_foreign_page_could_send_is_refused(site: Service) -> None:
    body = json.dumps({"messages": [user("a")]}).encode()
    assert_problem(site.send("POST", CHAT, body, {"Content-Type": "text/plain"}), 415)


def test_an_unknown_model_is_not_found(site: Service) -> None:
    assert_problem(site.get("/v1/models/gpt-4"), 404, type="not_found_error")


@pytest.mark.slow
@pytest.mark.parametrize("path", [CHAT, "/v1/models", "/v1/models/wenju"])
def test_without_a_key_there_is_no_completion_and_no_model(base: Settings, path: str) -> None:
    with running(replace(base, api_keys=("right",))) as locked:
        method = "POST" if path == CHAT else "GET"
        body = json.dumps({"messages": [user(AIR)]}).encode() if path == CHAT else None
        headers = {"Content-Type": "application/json"} if body else {}
        assert_problem(locked.send(method, path, body, headers), 401, type="authentication_error")
        assert locked.send(method, path, body, headers | {"Authorization": "Bearer right"}).status == 200
