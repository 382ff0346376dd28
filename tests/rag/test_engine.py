"""rag.open_engine: the archive from Python."""

import contextlib
import datetime
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from api_server import RIGHT, wait_for
from llm_server import HANG, LLMServer, head, streamed
from repository import ROOT, readme_python

import rag
from index.errors import IndexNotFoundError
from rag import Engine, open_engine
from rag.config import Settings
from rag.errors import QuestionError
from rag.generation.turns import turns_here

QUESTION = "2021年的区委书记是谁？"


@pytest.fixture(scope="module")
def engine(base: Settings) -> Iterator[Engine]:
    with open_engine(settings=base) as opened:
        yield opened


def test_what_readme_shows_runs_as_it_stands(
    sample_index_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".wenju").symlink_to(sample_index_dir)
    monkeypatch.chdir(tmp_path)
    exec(compile(readme_python(), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "[1]" in printed
    assert "云汀报" in printed


def test_an_answer_has_its_text_and_quotes_that_stand_in_their_articles(engine: Engine) -> None:
    answer = engine.ask(QUESTION)
    assert not answer.is_refused
    assert answer.text == answer.answer
    (citation, *_others) = answer.citations
    assert citation.quote
    assert f"[{citation.n}]" in answer.text


def test_a_refusal_is_an_answer_with_a_reason(engine: Engine) -> None:
    answer = engine.ask("云汀区2030年的PM2.5年均浓度目标是多少？")
    assert answer.is_refused
    assert answer.refusal is not None
    assert answer.refusal.reason == "out_of_range"


def test_a_search_returns_as_many_passages_as_asked_for_best_first(engine: Engine) -> None:
    passages = engine.search("PM2.5年均浓度", k=3)
    assert [passage.rank for passage in passages] == [1, 2, 3]


@pytest.mark.parametrize("day", ["2021", "2021-01", datetime.date(2021, 1, 15)])
def test_dates_narrow_what_is_looked_at(engine: Engine, day: str | datetime.date) -> None:
    found = engine.search("区长", first=day, last=day, k=20)
    assert {(passage.date or "")[: len(str(day))] for passage in found} <= {str(day)}


def test_what_is_no_date_is_told_by_its_parameter(engine: Engine) -> None:
    with pytest.raises(QuestionError, match="is no date") as failed:
        engine.ask(QUESTION, first="last year")
    assert failed.value.param == "first"


def test_a_question_that_refers_back_is_understood_with_its_history(engine: Engine) -> None:
    first = engine.ask("2020年云汀区PM2.5年均浓度是多少？")
    second = engine.ask("那2021年呢？", history=[(first.question, first.text)])
    assert second.interpreted["rewritten_question"]
    assert "2021" in str(second.interpreted["rewritten_question"])


def test_several_threads_ask_one_engine(engine: Engine) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(engine.ask(QUESTION).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1


def test_an_llm_of_the_settings_writes_unless_it_is_left_out(base: Settings) -> None:
    with LLMServer(streamed(RIGHT)) as server:
        settings = replace(base, openai_base_url=server.base_url, openai_model="test-model")
        with open_engine(settings=settings) as engine:
            assert engine.ask("2020年云汀区PM2.5年均浓度是多少？").generator.kind == "llm"
            asked = len(server.requests)
            assert engine.ask("2020年云汀区PM2.5年均浓度是多少？", use_llm=False).generator.kind == "extractive"
            assert len(server.requests) == asked


def test_statements_of_two_engines_do_not_wait_for_each_other() -> None:
    """Each engine has an event loop, and what makes one loop's statements wait must not be another's."""

    async def judge_many() -> int:
        async with anyio.create_task_group() as tasks:
            for _ in range(100):
                tasks.start_soon(turns_here().take, 0.0, lambda: time.sleep(0.002))
        return 1

    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(anyio.run(judge_many)), daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert done == [1, 1]


def test_what_interrupts_a_program_does_not_wait_for_the_llm(base: Settings) -> None:
    with LLMServer([head(), HANG]) as server:
        settings = replace(base, openai_base_url=server.base_url, openai_model="test-model")

        def interrupted() -> None:
            with open_engine(settings=settings) as engine:
                threading.Thread(target=lambda: suppressed(engine), daemon=True).start()
                wait_for(lambda: bool(server.requests))
                raise KeyboardInterrupt

        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert time.monotonic() - started < 15


def suppressed(engine: Engine) -> None:
    with contextlib.suppress(BaseException):  # it is cancelled with the engine
        engine.ask("2020年云汀区PM2.5年均浓度是多少？")


def test_a_closed_engine_says_that_it_is_closed(base: Settings) -> None:
    engine = open_engine(settings=base)
    engine.close()
    engine.close()  # once more does no harm
    for use in (engine.ask, engine.search):
        with pytest.raises(RuntimeError, match="closed"):
            use(QUESTION)


@pytest.mark.parametrize("k", [0, -1])
def test_no_passages_cannot_be_asked_for(engine: Engine, k: int) -> None:
    with pytest.raises(QuestionError, match="one passage or more"):
        engine.search(QUESTION, k=k)


def test_a_folder_without_an_index_is_told_before_anything_is_loaded(base: Settings, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="wenju index"):
        open_engine(tmp_path / "nothing", settings=base)


def test_all_that_is_public_is_there_and_nothing_else_is() -> None:
    for name in rag.__all__:
        assert getattr(rag, name)
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = rag.nothing_of_this_name


def test_the_package_alone_loads_no_heavy_part() -> None:
    heavy = "numpy|faiss|onnxruntime|litestar|httpx"
    code = f"import sys, rag; sys.exit(str([m for m in sys.modules if m in {heavy.split('|')}] or 0))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() in ("", "0"), done.stderr
