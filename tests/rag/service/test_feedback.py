import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from api_server import AIR, RIGHT, Service, assert_problem, running
from llm_server import LLMServer, status, streamed

from rag.api.server import Parts
from rag.config import Settings
from rag.errors import FeedbackCorruptError, FeedbackError, FeedbackMissingError
from rag.service.feedback.pending import PendingRatings
from rag.service.feedback.ratings import Quoted, RateableAnswer, Rating, rate
from rag.service.feedback.store import FeedbackStore

QUOTE = "全区PM2.5年均浓度为42微克/立方米"
JUMPED = Quoted("a1.0", "a1", "一版.txt", "一版.txt", ("一版.txt", "三版.txt"), QUOTE)


def answer_of(identity: str = "answer", *cited: Quoted, **fields: Any) -> RateableAnswer:
    plain = RateableAnswer(
        identity, "浓度是多少？", None, "2020", None, "answered", None, "42微克[1]。", "000001-aa", "llm", "m", "answer-zh-1",
        cited or (JUMPED,), ("a1.0", "b2.1"),
    )  # fmt: skip
    return replace(plain, **fields)


def kept(store: FeedbackStore, identity: str = "answer", *cited: Quoted, **fields: Any) -> Rating:
    """A rating that the store has; `fields` are its own."""
    rating = replace(rate(answer_of(identity, *cited), helpful=True), **fields)
    store.keep(rating)
    return rating


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "kept" / "feedback.sqlite")


# ---- the file


def test_a_rating_comes_back_as_it_was_kept(store: FeedbackStore) -> None:
    rating = rate(answer_of(), helpful=False, reason="outdated", comment=" 旧了\n", caller="press")
    store.keep(rating)
    assert list(store.ratings()) == [rating]
    assert rating.comment == "旧了"


def test_a_second_rating_replaces_the_first_of_the_same_caller_only(store: FeedbackStore) -> None:
    kept(store, caller="press")
    other = kept(store, caller="office")
    second = kept(store, caller="press", helpful=False)
    assert {rating.id for rating in store.ratings()} == {other.id, second.id}


def test_ratings_are_chosen_by_verdict_and_time(store: FeedbackStore) -> None:
    old = kept(store, "1", rated="2026-01-01T08:00:00+00:00")
    new = kept(store, "2", rated="2026-03-01T08:00:00+00:00", helpful=False)
    assert list(store.ratings()) == [old, new]
    assert list(store.ratings(helpful=True)) == [old]
    assert list(store.ratings(helpful=False)) == [new]
    assert list(store.ratings(since="2026-03-01T08:00:00+00:00")) == [new]


def test_many_may_begin_and_write_one_file_at_once(store: FeedbackStore) -> None:
    begin, failures = threading.Barrier(6), []

    def write(number: int) -> None:
        begin.wait()
        try:
            for turn in range(5):
                kept(FeedbackStore(store.path), f"{number}-{turn}")
        except FeedbackError as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    assert len(list(store.ratings())) == 30


def test_only_its_owner_may_read_the_file(store: FeedbackStore) -> None:
    kept(store)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_ratings_are_deleted_by_their_id_or_their_answers(store: FeedbackStore) -> None:
    first, second, third = (kept(store, identity) for identity in "123")
    assert store.delete(id_=first.id) == 1
    assert store.delete(id_="2") == 1
    assert list(store.ratings()) == [third]
    assert store.delete(id_=second.id) == 0


def test_ratings_are_deleted_by_time(store: FeedbackStore) -> None:
    kept(store, "1", rated="2026-01-01T08:00:00+00:00")
    new = kept(store, "2", rated="2026-03-01T08:00:00+00:00")
    assert store.delete(before=new.rated) == 1
    assert list(store.ratings()) == [new]


@pytest.mark.parametrize("source", ["一版.txt", "三版.txt", "line-7"])
def test_a_withdrawn_document_takes_along_the_ratings_that_quote_it(store: FeedbackStore, source: str) -> None:
    kept(store, "1", JUMPED, Quoted("c.0", "c", "line-7", "corpus.jsonl", ("corpus.jsonl",), "别的"))
    other = kept(store, "2", Quoted("d.0", "d", "line-70", "other.jsonl", ("other.jsonl",), "不相干"))
    assert store.delete(source=source) == 1
    assert list(store.ratings()) == [other]


def test_what_is_deleted_is_no_more_in_the_file(store: FeedbackStore) -> None:
    kept(store)
    reader = sqlite3.connect(store.path)  # as long as one has the file open, its log stays
    assert reader.execute("SELECT count(*) FROM feedback").fetchone() == (1,)
    store.delete(id_="answer")
    files = list(store.path.parent.iterdir())
    assert len(files) == 3
    assert not any(QUOTE.encode() in file.read_bytes() for file in files)
    reader.close()


def test_without_a_file_there_is_no_feedback_yet(store: FeedbackStore) -> None:
    with pytest.raises(FeedbackMissingError, match="no feedback yet"):
        list(store.ratings())
    assert not store.path.parent.exists()


def _noise(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()


def _later(path: Path) -> None:
    kept(FeedbackStore(path))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "words"), [(_noise, "move it away"), (_foreign, "another program"), (_later, "version 9")]
)
def test_a_file_that_is_none_of_ours_is_told_and_left_alone(tmp_path: Path, spoil: Any, words: str) -> None:
    path = tmp_path / "feedback.sqlite"
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(FeedbackCorruptError, match=words):
        kept(FeedbackStore(path))
    assert path.read_bytes() == before


def test_a_changed_letter_is_noticed_the_others_are_read_and_the_damaged_one_can_be_removed(
    store: FeedbackStore,
) -> None:
    first, second, third = (kept(store, identity) for identity in "123")
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE feedback SET question = question || '。' WHERE answer_id = '2'")
    connection.close()
    read = store.ratings()
    assert [next(read), next(read)] == [first, third]
    with pytest.raises(FeedbackCorruptError, match=f"{second.id}.*feedback delete --id"):
        next(read)
    with pytest.raises(FeedbackCorruptError):
        store.check()
    assert store.delete(id_=second.id) == 1
    assert store.check() == 2


def test_a_file_of_the_version_before_gets_its_seals(store: FeedbackStore) -> None:
    ratings = [kept(store, identity) for identity in "12"]
    with sqlite3.connect(store.path) as connection:
        connection.execute("ALTER TABLE feedback DROP COLUMN seal")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert list(store.ratings()) == ratings
    ratings.append(kept(store, "3"))
    assert store.check() == 3
    assert list(store.ratings()) == ratings


def test_a_place_that_cannot_be_written_is_told_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FeedbackError, match="WENJU_FEEDBACK_DB"):
        kept(FeedbackStore(tmp_path / "file" / "feedback.sqlite"))


# ---- answers that wait for a rating


def test_an_answer_waits_its_time_and_is_then_gone() -> None:
    now = [0.0]
    waiting = PendingRatings(1, clock=lambda: now[0])
    waiting.remember(answer_of())
    now[0] = 60.0
    assert waiting.find("answer") == answer_of()
    now[0] = 60.5
    assert waiting.find("answer") is None
    waiting.drop()
    now[0] = 0.0
    assert waiting.find("answer") is None


def test_the_oldest_answers_make_room() -> None:
    waiting = PendingRatings(60, max_answers=3)
    for number in range(5):
        waiting.remember(answer_of(str(number)))
    assert [waiting.find(str(number)) is not None for number in range(5)] == [False, False, True, True, True]


def test_an_answer_of_one_process_is_found_by_another(tmp_path: Path) -> None:
    asked, rated = PendingRatings(60, tmp_path), PendingRatings(60, tmp_path)
    asked.remember(answer_of())
    assert rated.find("answer") == answer_of()
    asked.close()
    rated.close()


def test_a_store_that_fails_costs_the_rating_and_not_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    waiting = PendingRatings(60)
    waiting.close()
    waiting.remember(answer_of())
    assert "answer cannot be rated" in caplog.text
    with pytest.raises(FeedbackError, match="try again"):
        waiting.find("answer")


def test_a_run_folder_that_is_not_there_is_told_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="WENJU_RUN_DIR"):
        PendingRatings(60, tmp_path / "none")


# ---- the route


@pytest.fixture(scope="module")
def site(base: Settings, llm: LLMServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    path = tmp_path_factory.mktemp("feedback") / "feedback.sqlite"
    settings = replace(base, openai_base_url=llm.base_url, openai_model="test-model", feedback_db=path)
    with running(settings, Parts(feedback_store=partial(FeedbackStore, busy_s=0.05))) as started:
        yield started


@pytest.fixture
def ratings(site: Service, llm: LLMServer) -> FeedbackStore:
    """The service's file, of which nothing is there yet."""
    llm.play(streamed(RIGHT))
    assert site.settings.feedback_file
    for file in site.settings.feedback_file.parent.iterdir():
        file.unlink()
    return FeedbackStore(site.settings.feedback_file)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_of_either_shape_can_be_rated(site: Service, ratings: FeedbackStore, stream: bool) -> None:
    reply = site.ask(stream=stream)
    answer = reply.events()[-1][1] if stream else reply.json
    reply = site.post("/v1/feedback", {"answer_id": answer["id"], "helpful": False, "reason": "other", "comment": "慢"})
    assert reply.status == 201
    (rating,) = ratings.ratings()
    assert reply.json == {"stored": True, "id": rating.id}
    assert (rating.helpful, rating.reason, rating.comment, rating.caller) == (False, "other", "慢", "local")
    of = rating.of
    assert (of.answer_id, of.question, of.answer, of.status) == (answer["id"], AIR, answer["answer"], "answered")
    assert (of.generation, of.generator, of.model) == (answer["index_generation"], "llm", "test-model")
    assert of.prompt_version == answer["generator"]["prompt_version"]
    wanted = [(c["chunk_id"], c["article_id"], c["source"], c["quote"]) for c in answer["citations"]]
    assert [(q.chunk_id, q.article_id, q.source, q.quote) for q in of.cited] == wanted
    assert all(quoted.doc_id and quoted.source in quoted.files for quoted in of.cited)
    assert len(of.retrieved) == 8
    assert {quoted.chunk_id for quoted in of.cited} <= set(of.retrieved)


def test_a_quote_keeps_all_files_of_its_article(site: Service, ratings: FeedbackStore, llm: LLMServer) -> None:
    llm.play(status(500))
    answer = site.ask("区生态环境局对多少条主干道实行“夜洗晨吸”？").json
    site.post("/v1/feedback", {"answer_id": answer["id"], "helpful": True})
    (rating,) = ratings.ratings()
    (quoted,) = [quoted for quoted in rating.of.cited if "38条主干道" in quoted.quote]
    assert quoted.source == "云汀报_2021-01-15_03版.txt"
    assert set(quoted.files) == {quoted.source, "云汀报_2021-01-15_01版.txt"}


def test_the_version_of_the_prompt_is_shown_where_the_llm_wrote_and_only_there(
    site: Service, ratings: FeedbackStore, llm: LLMServer
) -> None:
    assert site.ask().json["generator"]["prompt_version"] == "answer-zh-2"
    llm.play(status(500))
    generator = site.ask().json["generator"]
    assert generator["kind"] == "extractive"
    assert generator["prompt_version"] is None


def test_what_was_asked_with_a_filter_or_a_history_is_kept_without_the_history(
    site: Service, ratings: FeedbackStore
) -> None:
    history = [
        {"role": "user", "content": "2020年云汀区PM2.5年均浓度是多少？"},
        {"role": "assistant", "content": "秘密42"},
    ]
    answer = site.ask("那2021年呢？", history=history, **{"from": "2020-03", "to": "2023"}).json
    site.post("/v1/feedback", {"answer_id": answer["id"], "helpful": True})
    (rating,) = ratings.ratings()
    assert (rating.of.first, rating.of.last) == ("2020-03", "2023")
    assert rating.of.rewritten == answer["interpreted"]["rewritten_question"]
    assert "2021" in str(rating.of.rewritten)
    assert "秘密" not in msgspec.json.encode(rating).decode()


def test_of_what_is_not_rated_nothing_is_kept(site: Service, ratings: FeedbackStore) -> None:
    before = sorted(site.settings.index_dir.rglob("*"))
    site.ask()
    site.ask(stream=True)
    assert sorted(site.settings.index_dir.rglob("*")) == before
    assert not list(ratings.path.parent.iterdir())


def test_an_answer_that_nobody_knows_is_not_found(site: Service, ratings: FeedbackStore) -> None:
    reply = site.post("/v1/feedback", {"answer_id": "f" * 32, "helpful": True})
    assert_problem(reply, 404, param="answer_id", code="unknown_answer")
    assert "older than 60 minutes" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"helpful": True}, None),
        ({"answer_id": "a"}, None),
        ({"answer_id": "", "helpful": True}, "answer_id"),
        ({"answer_id": "a", "helpful": "yes"}, "helpful"),
        ({"answer_id": "a", "helpful": True, "reason": "ugly"}, "reason"),
        ({"answer_id": "a", "helpful": True, "comment": "长" * 2001}, "comment"),
    ],
)
def test_a_malformed_rating_is_told_what_is_wrong(site: Service, body: dict[str, object], param: str | None) -> None:
    reply = site.post("/v1/feedback", body)
    assert_problem(reply, 422, code="invalid")
    assert param is None or reply.json["error"]["param"] == param


def test_a_locked_file_is_told_with_when_to_come_back_and_no_path(site: Service, ratings: FeedbackStore) -> None:
    kept(ratings)
    body = {"answer_id": site.ask().json["id"], "helpful": True}
    other = sqlite3.connect(ratings.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    reply = site.post("/v1/feedback", body)
    other.execute("ROLLBACK")
    other.close()
    assert_problem(reply, 503, code="feedback_unavailable")
    assert int(reply.headers["retry-after"]) > 0
    assert str(ratings.path.parent) not in reply.body.decode()
    assert site.post("/v1/feedback", body).status == 201


def test_a_damaged_file_never_breaks_asking(site: Service, ratings: FeedbackStore) -> None:
    _noise(ratings.path)
    answer = site.ask().json
    assert answer["status"] == "answered"
    assert_problem(site.post("/v1/feedback", {"answer_id": answer["id"], "helpful": True}), 503)
    ratings.path.unlink()
    assert site.post("/v1/feedback", {"answer_id": answer["id"], "helpful": True}).status == 201


def test_switched_off_it_keeps_and_takes_nothing(base: Settings, tmp_path: Path) -> None:
    with running(replace(base, index_dir=tmp_path, feedback_db=Path("none"))) as site:
        reply = site.post("/v1/feedback", {"answer_id": "a", "helpful": True})
    assert_problem(reply, 403, code="feedback_off")
    assert "WENJU_FEEDBACK_DB" in reply.json["error"]["message"]
    assert not list(tmp_path.iterdir())
