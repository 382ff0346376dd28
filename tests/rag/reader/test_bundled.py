"""rag.reader.bundled: the model that comes with the package, read as a service reads it."""

import importlib.resources
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from index.embedding.embedder import materialise, usable_cores
from index.embedding.token_embeddings import load_token_embeddings
from rag.errors import RerankerError
from rag.reader import bundled
from rag.reader.bundled import READER_FILE, BundledReader, Cores, ReaderModel
from rag.reader.readings import MAX_READ_PASSAGES, Reading

AIR = "2022年，云汀区PM2.5年均浓度降至每立方米32微克，优良天数达到288天，比上年多12天。"
BRIDGE = "望津桥改造工程6月12日完工，桥面由双向两车道拓宽为四车道，总投资3200万元。"
HEAD = "云汀区教委主任秦露在会上介绍，今年新增学位1200个，其中小学学位800个。"


def test_who_is_waited_for_in_the_middle_of_an_answer_gets_the_next_core() -> None:
    cores, order = Cores(1), list[str]()

    def take(name: str, *, is_first: bool) -> None:
        with cores.one(is_first=is_first):
            order.append(name)

    with ThreadPoolExecutor(3) as threads, cores.one(is_first=False):
        threads.submit(take, "a newcomer", is_first=False)
        time.sleep(0.05)
        threads.submit(take, "a statement", is_first=True)
        time.sleep(0.05)
    assert order == ["a statement", "a newcomer"]


@pytest.fixture(scope="module")
def reader(cache_dir: Path) -> BundledReader:
    return BundledReader(cache_dir)


def test_what_is_read_ahead_comes_in_its_place_and_who_stops_leaves_nothing_waiting(reader: BundledReader) -> None:
    passages = [AIR, BRIDGE, HEAD, AIR + BRIDGE, BRIDGE + HEAD]
    question = "望津桥改造花了多少钱，何时完工？"
    one_by_one = [reader.model._read(question, passage).odds for passage in passages]
    readings = reader.read(question, passages)
    assert next(readings).odds == one_by_one[0]
    readings.close()
    assert [reading.odds for reading in reader.read(question, passages)] == one_by_one
    busy = reader.model.cores.one(is_first=True) if usable_cores() > 1 else nullcontext()
    with busy:
        assert [reading.odds for reading in reader.read(HEAD, passages[:2])]


def odds(reader: BundledReader, question: str, passage: str) -> float:
    [reading] = reader.read(question, [passage])
    return reading.odds


def answer(reader: BundledReader, question: str, passage: str) -> str:
    [reading] = reader.read(question, [passage])
    span = reading.best_span(0, len(passage))
    assert span is not None
    return passage[slice(*span)]


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("2022年云汀区优良天数有多少天？", AIR, BRIDGE),
        ("望津桥改造花了多少钱？", BRIDGE, HEAD),
        ("云汀区教委主任是谁？", HEAD, AIR),
        ("How much was invested in the Wangjin Bridge renovation?", BRIDGE, AIR),
    ],
)
def test_a_passage_that_answers_is_told_from_one_that_does_not(
    reader: BundledReader, question: str, right: str, wrong: str
) -> None:
    assert odds(reader, question, right) > odds(reader, question, wrong) + 2


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("望津桥改造工程的设计单位是哪家？", BRIDGE),
        ("今年新增幼儿园学位多少个？", HEAD),
    ],
)
def test_a_near_miss_is_less_likely_than_the_question_that_the_passage_answers(
    reader: BundledReader, question: str, passage: str
) -> None:
    answered = {BRIDGE: "望津桥改造总投资多少？", HEAD: "今年新增小学学位多少个？"}[passage]
    assert odds(reader, question, passage) < odds(reader, answered, passage)


@pytest.mark.parametrize(
    ("question", "passage", "expected"),
    [
        ("2022年云汀区优良天数有多少天？", AIR, "288天"),
        ("望津桥改造总投资多少？", BRIDGE, "3200万元"),
        ("云汀区教委主任是谁？", HEAD, "秦露"),
    ],
)
def test_it_says_where_the_answer_stands(reader: BundledReader, question: str, passage: str, expected: str) -> None:
    assert expected in answer(reader, question, passage)


def test_the_share_of_a_sentence_is_greatest_where_the_answer_stands(reader: BundledReader) -> None:
    passage = f"{BRIDGE}{AIR}"
    [reading] = reader.read("望津桥改造总投资多少？", [passage])
    shares = reading.share(0, len(BRIDGE)), reading.share(len(BRIDGE), len(passage))
    assert shares[0] > 0.9 > 0.2 > shares[1]
    assert 0.99 < reading.share(0, len(passage)) <= 1.0001


def test_a_statement_with_another_figure_is_less_borne_out(reader: BundledReader) -> None:
    true, false = "望津桥改造总投资3200万元。", "望津桥改造后桥面收窄为单车道。"
    assert reader.bears_out(true, BRIDGE) > reader.bears_out(false, BRIDGE)


def test_what_was_read_is_not_read_again(reader: BundledReader) -> None:
    assert next(reader.read("桥多长？", [BRIDGE])) is next(reader.read("桥多长？", [BRIDGE]))


def test_who_stops_has_one_passage_read_in_vain_at_most(reader: BundledReader) -> None:
    before = reader.model.read.cache_info().misses
    next(reader.read("这个问题只问一次，桥在哪里？", [BRIDGE, AIR, HEAD]))
    assert 1 <= reader.model.read.cache_info().misses - before <= 2


@pytest.mark.parametrize("passage", ["", " \n", "。", "水" * 5000, "🎉" * 300])
def test_any_passage_can_be_read(reader: BundledReader, passage: str) -> None:
    [reading] = reader.read("桥面有几条车道？", [passage])
    assert all(0 <= start <= end <= len(passage) for start, end in reading.spans)
    assert len(reading.starts) == len(reading.spans) == len(reading.ends)
    assert reading.best_span(0, 0) is None


def test_many_threads_read_the_same(reader: BundledReader) -> None:
    passages = [f"{BRIDGE}{number}号{AIR}" for number in range(8)]
    alone = [odds(reader, "优良天数有多少天？", passage) for passage in passages]
    reader.model.read.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda passage: odds(reader, "优良天数有多少天？", passage), passages))
    assert together == alone
    assert threading.active_count() < 200


def test_a_slow_machine_reads_fewer_passages_but_always_one(cache_dir: Path) -> None:
    def model(seconds: float) -> ReaderModel:
        ticks = iter((10.0, 10.0 + seconds))
        return ReaderModel(
            load_token_embeddings(materialise(cache_dir)),
            Path(bundled.__file__).with_name(READER_FILE),
            lambda: next(ticks),
        )

    def limit(seconds: float) -> int:
        slow = BundledReader(cache_dir, budget_ms=1000)
        slow._model = model(seconds)
        return slow.limit

    assert [limit(seconds) for seconds in (0.01, 0.3, 0.5, 5.0)] == [MAX_READ_PASSAGES, 3, 2, 1]


def test_altered_weights_are_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
) -> None:
    whole = Path(bundled.__file__).with_name(READER_FILE)
    altered = tmp_path / READER_FILE
    shutil.copyfile(whole, altered)
    with altered.open("r+b") as file:
        file.seek(1000)
        file.write(b"!")
    monkeypatch.setattr(importlib.resources, "files", lambda _package: tmp_path)
    with pytest.raises(RerankerError, match=r"SHA-256 differs.*install the package again"):
        bundled.open_model(cache_dir)
    altered.unlink()
    with pytest.raises(RerankerError, match="cannot be read"):
        bundled.open_model(cache_dir)


def test_the_weights_are_small_enough_to_be_shipped() -> None:
    assert Path(bundled.__file__).with_name(READER_FILE).stat().st_size <= 25_000_000


def test_a_reader_without_places_has_its_answer_anywhere() -> None:
    reading = Reading(1.5)
    assert reading.share(3, 9) == 1.0
    assert reading.best_span(0, 9) is None
    assert reading.borne_out == 0.0
