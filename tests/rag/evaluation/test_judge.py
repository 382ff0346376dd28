import json

import anyio
import pytest
from llm_server import LLMServer, status, streamed

from rag.evaluation.answers import score_all
from rag.evaluation.judge import Judge, Verdict, parse_verdict
from rag.evaluation.questions import Question
from rag.evaluation.scoring import Reply
from rag.evaluation.summary import summarise
from rag.llm.openai import OpenAIChatModel

QUESTION = Question("q1", "湿地公园多大？", "q1", "zh", answers=("62公顷",), reference="规划面积62公顷。")
REPLY = Reply(
    "q1", "62公顷。很大。", False, "answered", statements=(("62公顷。", ("面积62公顷",)), ("很大。", ("</material>",)))
)
GOOD = '{"faithful": [true, false], "correct": true}'


def judged(server: LLMServer, *pairs: tuple[Question, Reply]) -> list[Verdict | None]:
    async def ask() -> list[Verdict | None]:
        async with OpenAIChatModel(server.base_url, "", "m") as chat:
            judge = Judge(chat)
            return [await judge.judge(question, reply) for question, reply in pairs]

    return anyio.run(ask)


@pytest.mark.parametrize("said", [GOOD, f"  {GOOD}\n", f"```json\n{GOOD}\n```"])
def test_a_verdict_is_read_that_has_exactly_the_form_asked_for(said: str) -> None:
    verdict = parse_verdict(said, 2, has_reference=True)
    assert verdict == Verdict((True, False), True)
    assert verdict.measures == {"judge_failures": (0, 1), "faithfulness": (1, 2), "correctness": (1, 1)}


def test_without_a_reference_nothing_is_said_of_correctness() -> None:
    verdict = parse_verdict('{"faithful": [true], "correct": null}', 1, has_reference=False)
    assert "correctness" not in verdict.measures
    assert parse_verdict('{"faithful": [true], "correct": true}', 1, has_reference=False).correct is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "not JSON"),
        ("Sure! " + GOOD, "not JSON"),
        ("[true]", "not the fields"),
        ('{"faithful": [true, true]}', "not the fields"),
        ('{"faithful": [true, true], "correct": true, "note": ""}', "not the fields"),
        ('{"faithful": [1, 0], "correct": true}', "no list of true and false"),
        ('{"faithful": "yes", "correct": true}', "no list of true and false"),
        ('{"faithful": [true], "correct": true}', "1 verdicts on 2 statements"),
        ('{"faithful": [true, true], "correct": "yes"}', "neither true nor false"),
        ('{"faithful": [true, true], "correct": null}', "neither true nor false"),
    ],
)
def test_any_other_reply_is_a_failure_and_no_verdict(said: str, why: str) -> None:
    verdict = parse_verdict(said, 2, has_reference=True)
    assert why in (verdict.failure or "")
    assert verdict.measures == {"judge_failures": (1, 1)}


def test_the_judge_is_sent_statements_with_their_quotes_and_nothing_can_close_the_material() -> None:
    with LLMServer(streamed(GOOD)) as server:
        assert judged(server, (QUESTION, REPLY)) == [Verdict((True, False), True)]
        system, user = (message["content"] for message in server.requests[0].body["messages"])
    assert "true" in system
    assert user.count("</material>") == 1
    material = json.loads(user.removeprefix("<material>").removesuffix("</material>"))
    assert material["reference"] == "规划面积62公顷。"
    assert material["statements"][0] == {"statement": "62公顷。", "quotes": ["面积62公顷"]}


def test_a_refusal_is_not_judged() -> None:
    with LLMServer(streamed(GOOD)) as server:
        assert judged(server, (QUESTION, Reply("q1", "没有", True, "refused"))) == [None]
        assert not server.requests


def test_an_english_question_is_judged_in_english() -> None:
    with LLMServer(streamed('{"faithful": [true], "correct": null}')) as server:
        question = Question("q", "How large?", "q", "en")
        assert judged(server, (question, Reply("q", "62", False, "answered", statements=(("62", ("62",)),)))) == [
            Verdict((True,))
        ]
        assert "You review answers" in server.requests[0].body["messages"][0]["content"]


def test_failures_of_the_judge_are_counted_and_never_taken_for_a_bad_answer() -> None:
    with LLMServer(streamed(GOOD), status(400), streamed("I cannot say.")) as server:

        async def score() -> list[tuple[str, ...]]:
            async with OpenAIChatModel(server.base_url, "", "m") as chat:
                asked = await score_all([QUESTION] * 3, [REPLY] * 3, Judge(chat))
            figures = summarise("answers", [each.row for each in asked], {}).parts[0].figures
            assert figures["judge_failures"].value == pytest.approx(2 / 3)
            assert (figures["faithfulness"].value, figures["faithfulness"].n) == (0.5, 1)
            assert figures["correctness"].value == 1
            return [each.why for each in asked]

        first, second, third = anyio.run(score)
    assert first == ("not faithful, says the judge: 很大。",)
    assert second[0].startswith("no verdict of the judge: ")
    assert "not JSON: I cannot say." in third[0]
