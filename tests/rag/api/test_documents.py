"""POST, DELETE and GET /v1/documents: what is added is answered from, what is withdrawn is nowhere any more."""

import base64
import http.client
import json
import time
import unicodedata
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest
from api_server import JSON_TYPE, Reply, Service, assert_problem, running, wait_for

from index.build import BuildOptions, BuildSteps, build_index
from index.build.jobs import BuildJob, Outcome
from index.build.outcomes import FileContents
from index.build.worker import carry_out, give_up_after
from index.embedding.embedder import Embedder
from index.errors import IndexCorruptError, UnknownDocumentError, UnreadableError
from index.store.documents import DOCUMENTS_FOLDER
from index.store.generations import generation_folders, generations_back, open_generation
from index.store.ledger import WITHDRAWN, read_ledger
from index.store.publishing import writing
from index.store.uploads import check_name, read_upload
from rag.api.server import Parts
from rag.cli import main
from rag.config import Settings
from rag.service.administration import Administration

FIRST, SECOND, CORPUS = "云汀报_2023-04-06_01版.txt", "云汀报_2023-04-06_02版.txt", "稿件.jsonl"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道。"
BRIDGE_ON = (
    "望津桥重建期间，将在新桥下游架设临时钢便桥。旧桥的四根灯柱编号保存，新桥全长不变，双向四车道，建成后安放灯柱。"
)
PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。"
SCHOOL = "本报讯（记者 苏见清）区实验小学南渡校区开工建设，设计二十四个教学班。"
PAGES = {
    FIRST: f"望津桥启动重建\n\n{BRIDGE}\n\n（下转02版）\n\n湿地公园建成开放\n\n{PARK}",
    SECOND: f"（上接01版）\n\n{BRIDGE_ON}\n\n区实验小学南渡校区开工\n\n{SCHOOL}",
}
LINES = (
    {"_id": "market-1", "title": "早市延长时间", "text": "盐仓早市从6月起提前到五点半开门。", "date": "2023-06-08"},
    {"_id": "ferry-1", "title": "轮渡停航", "text": "因大风，北港至小屿的轮渡停航三天。", "date": "2023-11-20"},
)
LIBRARY = {"source": "2024-03-28_01版.txt", "text": "新图书馆开馆\n\n本报讯 青屿图书馆昨日开馆，藏书三十万册。\n"}


class Desk:
    """An archive of two pages and a corpus, and orders carried out on it in this process."""

    def __init__(self, folder: Path, base: Settings, embedder: Embedder) -> None:
        self.pages, self.index_dir = folder / "pages", folder / "index"
        self.pages.mkdir()
        for name, text in PAGES.items():
            (self.pages / name).write_text(text, "utf-8")
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)
        (self.pages / CORPUS).write_text(lines, "utf-8")
        self.settings = replace(base, index_dir=self.index_dir)
        self.embedder = embedder
        self.steps = BuildSteps()
        self.build(self.pages)

    def build(self, *paths: Path, rebuild: bool = False) -> list[str]:
        """Index, and return what is passed over as withdrawn."""
        built = build_index(paths, self.index_dir, self.embedder, BuildOptions(rebuild=rebuild))
        return [rejected.source for rejected in built.rejections if rejected.reason == "withdrawn"]

    def order(self, *documents: Mapping[str, object], withdraw: str | None = None) -> Outcome:
        places = (str(self.index_dir), str(self.settings.cache_dir), "bundled", None, 0.0)
        job = BuildJob(*places, documents=[dict(document) for document in documents], withdraw=withdraw)
        return carry_out(job, lambda *_: self.embedder, self.steps)  # loaded once for all tests, not for each job

    @contextmanager
    def failing(self, error: OSError) -> Iterator[None]:
        """Let every job fail when it comes to publishing."""

        def fail(*_arguments: object) -> Path:
            raise error

        self.steps = BuildSteps(publish=fail)
        yield
        self.steps = BuildSteps()

    def withdraw(self, name: str) -> None:
        outcome = self.order(withdraw=name)
        assert outcome.failure is None, outcome.failure

    def texts(self) -> list[str]:
        """Title and text of everything that the current generation holds, of whole articles and of parts."""
        generation = open_generation(self.index_dir)
        try:
            catalogue = generation.catalogue
            articles = [article for source in catalogue.files() for article in catalogue.articles_of(source)]
            articles += [article for source in catalogue.files() for article in catalogue.parts_of(source)]
            return [f"{article.title}\n{article.text}" for article in articles]
        finally:
            generation.close()

    def holds(self, text: str) -> bool:
        return any(text in held for held in self.texts())


@pytest.fixture
def desk(tmp_path: Path, base: Settings, embedder: Embedder) -> Desk:
    return Desk(tmp_path, base, embedder)


def on_disk(folder: Path, text: str) -> list[str]:
    """The files below a folder that hold a text, in UTF-8 or as JSON escapes."""
    found = [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
    return [path.relative_to(folder).as_posix() for path in found]


# ---- names and bodies


@pytest.mark.parametrize("name", ["2024-03-28_01版.txt", "2024/03/28/要闻 (1).txt", "a.pdf", "云汀报·二版.docx"])
def test_a_plain_name_is_a_documents(name: str) -> None:
    check_name(name, name)


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../a.txt", "a/../b.txt", "/etc/passwd", "a//b.txt", "a/", ".hidden.txt", "a\\b.txt", "C:a.txt",
        "a\0.txt", "a\n.txt", "a\u202etxt.exe.txt", "a\u200b.txt", "a.txt ", "a.txt.", " a.txt", "CON", "con.txt", "lpt1.md",
        "a?.txt", "README.md", "版" * 90 + ".txt", "/".join("abcdefghi") + "/a.txt", "\ud800.txt",
    ],
)  # fmt: skip
def test_a_name_that_could_leave_or_hide_is_refused(name: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        check_name(name, name)
    assert caught.value.reason == "bad_name"
    str(caught.value).encode()  # can be sent


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": "没有名字"}, "bad_record"),
        ({"source": "a.txt"}, "bad_record"),
        ({"source": "a.txt", "text": 5}, "bad_record"),
        ({"source": "a.txt", "text": "a", "base64": "YQ=="}, "bad_record"),
        ({"source": 5, "text": "a"}, "bad_record"),
        ({"source": "a.pdf", "text": "a"}, "wrong_suffix"),
        ({"source": "a.pdf", "base64": "not base64"}, "bad_base64"),
        ({"source": "a.txt", "text": "\ud800"}, "encoding"),
        ({"_id": "..", "text": "a"}, "bad_name"),
        ({"_id": "\0", "text": "a"}, None),
        ({"_id": "x" * 300, "text": "a"}, "bad_name"),
    ],
)
def test_what_is_no_document_is_refused_with_a_reason(values: Mapping[str, object], reason: str | None) -> None:
    if reason:
        with pytest.raises(UnreadableError) as caught:
            read_upload(values)
        assert caught.value.reason == reason
    else:
        assert "/" not in read_upload(values).source


def test_a_corpus_line_keeps_all_its_keys_under_a_name_made_of_its_id() -> None:
    posted = read_upload({"_id": "gov/2024:17", "text": "正文", "column": "要闻"})
    assert (posted.source, posted.doc_id) == ("gov%2F2024%3A17.json", "gov/2024:17")
    assert json.loads(posted.data) == {"_id": "gov/2024:17", "text": "正文", "column": "要闻"}


# ---- adding


@pytest.mark.parametrize(("first", "second"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_document_is_replaced_and_withdrawn_under_its_name_in_either_of_unicodes_forms(
    desk: Desk, first: Literal["NFC", "NFD"], second: Literal["NFC", "NFD"]
) -> None:
    one, other = (unicodedata.normalize(form, "café·区报.txt") for form in (first, second))
    # A file of before names were composed: its name on disk stays.
    documents = desk.index_dir / DOCUMENTS_FOLDER
    documents.mkdir()
    (documents / one).write_text("旧文\n\n旧渡口关闭。", "utf-8")
    desk.build()
    desk.order({"source": other, "text": "新文\n\n新渡口开放。"})
    assert desk.holds("新渡口")
    assert not desk.holds("旧渡口")
    assert [path.name for path in documents.iterdir()] == [one]
    desk.withdraw(one)
    assert not desk.holds("新渡口")
    assert not list(documents.iterdir())
    desk.order({"_id": one, "text": "甲渡口关闭。"})
    desk.order({"_id": other, "text": "乙渡口关闭。"})
    assert not desk.holds("甲渡口")
    desk.withdraw(one)
    assert not desk.holds("乙渡口")


def test_a_job_that_takes_too_long_is_given_up_and_undone(desk: Desk) -> None:
    def endless(_files: object, _limits: object, _scans: object) -> Generator[FileContents, None, None]:
        time.sleep(60)
        yield FileContents([], [], 0)

    before = desk.texts()
    desk.steps = BuildSteps(endless)
    try:
        give_up_after(0.3)
        outcome = desk.order(LIBRARY)
    finally:
        give_up_after(0)
    assert outcome.failure
    assert "given up" in outcome.failure.message
    assert desk.texts() == before
    assert not on_disk(desk.index_dir / DOCUMENTS_FOLDER, LIBRARY["text"])


def test_what_can_be_read_is_kept_and_the_rest_is_told_and_does_not_stay(desk: Desk) -> None:
    outcome = desk.order(
        LIBRARY,
        {
            "source": "二.txt",
            "base64": base64.b64encode("新校舍启用\n\n湖心小学启用新校舍。".encode("gb18030")).decode(),
        },
        {"_id": "gov/17", "title": "防汛", "text": "全区储备沙袋九万条。", "date": "2024-05-01"},
        {"source": "空.txt", "text": "  "},
        {"source": "表.xls", "base64": "UEsDBA=="},
        {"source": "../出逃.txt", "text": "出逃"},
        {"source": "坏.pdf", "base64": base64.b64encode(b"%PDF-1.4 broken").decode()},
        {"source": "两行.jsonl", "text": '{"_id": "x1", "text": "甲地植树。"}\n{"_id": "x2"}\n'},
    )
    told = {added.source: (added.status, added.reason) for added in outcome.documents}
    assert told == {
        LIBRARY["source"]: ("kept", None),
        "二.txt": ("kept", None),
        "gov/17": ("kept", None),
        "空.txt": ("rejected", "empty"),
        "表.xls": ("rejected", "unsupported"),
        "../出逃.txt": ("rejected", "bad_name"),
        "坏.pdf": ("rejected", "corrupt"),
        "两行.jsonl": ("kept", None),
    }
    assert all(added.remedy for added in outcome.documents if added.status == "rejected")
    assert outcome.documents[-1].rejected_lines == 1
    assert {path.name for path in (desk.index_dir / DOCUMENTS_FOLDER).iterdir()} == {
        LIBRARY["source"], "二.txt", "gov%2F17.json", "两行.jsonl",
    }  # fmt: skip
    for text in ("藏书三十万册", "湖心小学启用新校舍", "沙袋九万条", "甲地植树", "望津桥", "轮渡停航"):
        assert desk.holds(text), text
    assert not list(desk.index_dir.parent.glob("*出逃*"))


def test_a_posted_document_is_replaced_by_one_of_its_name_and_survives_a_rebuild(desk: Desk) -> None:
    desk.order(LIBRARY)
    desk.order(LIBRARY | {"text": "新图书馆开馆\n\n本报讯 青屿图书馆昨日开馆，藏书四十万册。\n"})
    assert (desk.holds("三十万册"), desk.holds("四十万册")) == (False, True)
    desk.build(desk.pages, rebuild=True)
    assert desk.holds("四十万册")


def test_a_name_that_the_operators_files_have_is_not_taken(desk: Desk) -> None:
    outcome = desk.order({"source": FIRST, "text": "另一篇"}, {"_id": "ferry-1", "text": "轮渡复航。"})
    assert [added.reason for added in outcome.documents] == ["name_taken", "name_taken"]
    assert outcome.generation is None
    assert desk.holds("停航三天")


def test_where_building_fails_the_folder_is_as_it_was(desk: Desk) -> None:
    desk.order(LIBRARY)
    before = desk.texts()

    with desk.failing(OSError(28, "No space left on device")):
        outcome = desk.order(LIBRARY | {"text": "全是新的内容。"}, {"source": "a/b/新.txt", "text": "又一篇。"})
    assert outcome.failure is not None
    assert (outcome.failure.kind, "No space left" in outcome.failure.message) == ("IndexWriteError", True)
    files = [path for path in (desk.index_dir / DOCUMENTS_FOLDER).rglob("*") if path.is_file()]
    assert [path.name for path in files] == [LIBRARY["source"]]
    assert "三十万册" in files[0].read_text("utf-8")
    assert desk.texts() == before


# ---- withdrawing


def test_a_posted_document_that_is_withdrawn_is_nowhere_on_disk(desk: Desk) -> None:
    desk.order(LIBRARY)
    assert on_disk(desk.index_dir, "青屿图书馆")
    desk.withdraw(LIBRARY["source"])
    assert on_disk(desk.index_dir, "青屿图书馆") == []
    assert len(generation_folders(desk.index_dir)) == 1  # earlier ones hold it
    assert read_ledger(desk.index_dir, generations_back(desk.index_dir)).withdrawn.names == ()


def test_an_operators_file_stays_on_disk_and_out_of_every_later_index(desk: Desk) -> None:
    desk.withdraw(SECOND)
    assert (desk.pages / SECOND).exists()
    assert on_disk(desk.index_dir, "二十四个教学班") == []
    for rebuild in (False, True):
        assert desk.build(desk.pages, rebuild=rebuild) == [SECOND]
        assert not desk.holds("二十四个教学班")
    (desk.pages / SECOND).write_text(PAGES[SECOND] + "\n\n又及\n\n新增一段。", "utf-8")  # edited
    assert desk.build(desk.pages) == [SECOND]
    assert not desk.holds("新增一段")


def test_a_withdrawn_file_that_is_moved_stays_withdrawn(desk: Desk) -> None:
    desk.withdraw(SECOND)
    (desk.pages / SECOND).rename(desk.pages / "别名.txt")
    assert desk.build(desk.pages) == ["别名.txt"]
    assert not desk.holds("二十四个教学班")


def test_an_article_of_two_pages_is_cut_back_to_the_one_that_stays(desk: Desk) -> None:
    assert desk.holds(f"{BRIDGE}\n{BRIDGE_ON}")
    desk.withdraw(SECOND)
    assert desk.holds(BRIDGE)
    assert not desk.holds("灯柱")
    assert desk.holds(PARK)


def test_one_document_of_a_corpus_is_withdrawn_by_its_id_and_can_be_restored(desk: Desk) -> None:
    desk.withdraw("ferry-1")
    assert (desk.holds("停航三天"), desk.holds("盐仓早市")) == (False, True)
    assert on_disk(desk.index_dir, "停航三天") == []
    assert desk.build(desk.pages) == desk.build(desk.pages, rebuild=True) == [CORPUS]
    assert main(["index", "--restore", "ferry-1", "--index-dir", str(desk.index_dir)]) == 0
    assert desk.build(desk.pages) == []
    assert desk.holds("停航三天")


def test_what_was_withdrawn_answers_again_when_it_is_posted_again(desk: Desk) -> None:
    desk.withdraw("ferry-1")
    desk.withdraw(SECOND)
    outcome = desk.order(LINES[1], {"source": SECOND, "text": "区实验小学更正\n\n区实验小学南渡校区设三十个教学班。"})
    assert [(added.status, added.file) for added in outcome.documents] == [("kept", "ferry-1.json"), ("kept", SECOND)]
    assert desk.holds("停航三天")
    assert (desk.holds("三十个教学班"), desk.holds("二十四个教学班")) == (True, False)


def test_withdrawing_twice_is_as_good_as_once_and_an_unknown_name_tells_the_nearest(desk: Desk) -> None:
    desk.withdraw(SECOND)
    desk.withdraw(SECOND)
    failure = desk.order(withdraw="云汀报_2023-04-06_03版.txt").failure
    assert failure is not None
    assert failure.kind == "UnknownDocumentError"
    assert FIRST in failure.message
    with pytest.raises(UnknownDocumentError, match=SECOND):
        read_ledger(desk.index_dir, generations_back(desk.index_dir)).with_restored(["没有的.txt"])


def test_one_of_several_in_a_posted_file_is_not_withdrawn_alone(desk: Desk) -> None:
    desk.order(
        {"source": "两篇.jsonl", "text": '{"_id": "x1", "text": "甲地植树。"}\n{"_id": "x2", "text": "乙地修路。"}\n'}
    )
    failure = desk.order(withdraw="x1").failure
    assert failure is not None
    assert (failure.code, "两篇.jsonl" in failure.message) == ("several", True)
    assert desk.holds("甲地植树")


def test_the_last_document_is_not_withdrawn(desk: Desk) -> None:
    desk.withdraw(FIRST)
    desk.withdraw(SECOND)
    desk.withdraw("ferry-1")
    failure = desk.order(withdraw="market-1").failure
    assert failure is not None
    assert failure.code == "last_document"
    assert desk.holds("盐仓早市")


def test_a_withdrawal_whose_build_failed_has_not_happened(desk: Desk) -> None:
    with desk.failing(OSError(5, "Input/output error")):
        assert desk.order(withdraw=SECOND).failure
    assert desk.build(desk.pages) == []
    assert desk.holds("二十四个教学班")


def test_a_damaged_list_stops_a_build_instead_of_bringing_back_what_was_withdrawn(desk: Desk) -> None:
    desk.withdraw(SECOND)
    (desk.index_dir / WITHDRAWN).write_text("{", "utf-8")
    with pytest.raises(IndexCorruptError, match="backup"):
        desk.build(desk.pages, rebuild=True)


def test_the_command_line_tells_what_is_withdrawn_and_restores_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.withdraw(SECOND)
    at = ["--index-dir", str(desk.index_dir)]
    assert main(["index", str(desk.pages), *at]) == 0
    assert f"1 document is withdrawn: {SECOND}; wenju index --restore SOURCE" in capsys.readouterr().err
    assert main(["index", "--restore", "没有的.txt", *at]) == 4
    assert main(["index", *at]) == 2
    assert main(["index", "--restore", SECOND, *at]) == 0
    assert "withdrawn" not in capsys.readouterr().err.splitlines()[-1]
    assert desk.holds("二十四个教学班")


# ---- over HTTP, with the building process


@pytest.fixture(scope="module")
def site(base: Settings, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    desk = Desk(tmp_path_factory.mktemp("site"), base, embedder)
    desk.withdraw("ferry-1")
    with running(desk.settings) as started:
        yield started


def delete(site: Service, name: str) -> Reply:
    return site.send("DELETE", f"/v1/documents/{quote(name, safe='')}")


def everything(site: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        reply = site.get(f"/v1/documents?limit=2&after={quote(after)}").json
        found += reply["documents"]
        if reply["next"] is None:
            assert len(found) == reply["total"]
            return found
        after = reply["next"]


def sources(reply: Reply) -> set[str]:
    return {passage["source"] for passage in reply.json["passages"]}


@pytest.mark.parametrize("date", ["2023-06", "2024-02", "2022", "2023-06-08"])
def test_a_date_known_in_part_is_listed_as_it_is_known(site: Service, date: str) -> None:
    line = {"_id": f"fair-{date}", "title": "庙会开场", "text": "北港庙会今日开场，设摊位二百个。", "date": date}
    assert site.post("/v1/documents", line).status == 201
    listed = [(document["first"], document["last"]) for document in everything(site) if "fair-" in document["source"]]
    assert listed == [(date, date)]
    assert delete(site, line["_id"]).status == 200


def test_a_document_is_added_asked_listed_and_withdrawn_over_http(site: Service) -> None:
    added = site.post("/v1/documents", LIBRARY)
    assert added.status == 201, added.body
    assert added.json["documents"][0] | {"remedy": None} == {
        "source": LIBRARY["source"], "status": "kept", "file": LIBRARY["source"], "rejected_lines": 0, "reason": None,
        "message": None, "remedy": None,
    }  # fmt: skip
    asked = site.ask("青屿图书馆藏书多少册？")
    assert asked.json["index_generation"] == added.json["generation"]
    assert LIBRARY["source"] in {citation["source"] for citation in asked.json["citations"]}
    article = asked.json["citations"][0]["article_id"]

    held = {document["source"]: document for document in everything(site)}
    assert list(held) == sorted(held)
    assert held[LIBRARY["source"]] == {
        "source": LIBRARY["source"], "state": "served", "posted": True, "articles": 1, "rejected": 0,
        "first": "2024-03-28", "last": "2024-03-28",
    }  # fmt: skip
    assert (held[CORPUS]["articles"], held[CORPUS]["first"], held[CORPUS]["last"]) == (1, "2023-06-08", "2023-06-08")

    gone = delete(site, LIBRARY["source"])
    assert gone.status == 200, gone.body
    assert LIBRARY["source"] not in sources(site.post("/v1/search", {"query": "青屿图书馆藏书", "k": 50}))
    again = site.ask("青屿图书馆藏书多少册？", history=[{"role": "user", "content": "青屿图书馆何时开馆？"}, {"role": "assistant", "content": asked.json["answer"]}])  # fmt: skip
    assert LIBRARY["source"] not in again.body.decode()
    assert site.get(f"/v1/articles/{article}").status == 404
    states = {document["source"]: document["state"] for document in everything(site)}
    assert states == {FIRST: "served", CORPUS: "served", SECOND: "served", "ferry-1": "withdrawn"}


def test_what_cannot_be_done_is_said_in_the_contracts_form(site: Service) -> None:
    unknown = delete(site, "云汀报_2023-04-06_01.txt")
    assert_problem(unknown, 404, code="unknown_document", param="source")
    assert FIRST in unknown.json["error"]["message"]
    assert_problem(site.post("/v1/documents", {"source": "空.txt", "text": ""}), 422, code="empty", param="documents")
    assert_problem(site.post("/v1/documents", {"documents": []}), 422, code="invalid")
    assert_problem(site.post("/v1/documents", {"documents": ["a"]}), 422, code="invalid")
    assert_problem(site.post("/v1/documents", {"documents": [LIBRARY] * 1001}), 422, code="too_many")
    assert_problem(site.post("/v1/documents", []), 422)
    assert_problem(site.get("/v1/documents?limit=0"), 422)


def test_a_body_may_be_larger_than_a_question_and_not_larger_than_the_setting(base: Settings) -> None:
    with running(replace(base, max_document_bytes=2000)) as small:
        assert_problem(small.post("/v1/documents", {"source": "a.txt", "text": "a" * 3000}), 413)
        assert_problem(small.post("/v1/documents", {"documents": [], "x": "a" * 1500}), 422, code="invalid")


def test_where_another_process_writes_the_service_says_when_to_come_back(site: Service) -> None:
    impatient = Parts(administration=partial(Administration, writer_wait_s=0.0))
    with running(site.settings, impatient) as other, writing(site.settings.index_dir):
        busy = other.post("/v1/documents", LIBRARY)
    assert_problem(busy, 503, code="index_busy")
    assert busy.headers["retry-after"]


@pytest.mark.slow
def test_a_client_that_leaves_gets_its_document_in_whole_and_the_one_behind_it_is_told_to_come_back(
    site: Service,
) -> None:
    with running(site.settings, Parts(administration=partial(Administration, max_waiting=0))) as alone:
        leave_while_a_document_is_added(alone)


def leave_while_a_document_is_added(site: Service) -> None:
    text = "渡口改建\n\n" + "".join(f"北渡口第{number}段护栏改建完成。" for number in range(40))
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=0.3)
    body = json.dumps({"source": "渡口.txt", "text": text}).encode()
    connection.request("POST", "/v1/documents", body, JSON_TYPE)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    refused = site.post("/v1/documents", LIBRARY)
    assert_problem(refused, 503, code="index_busy")
    assert refused.headers["retry-after"]
    wait_for(lambda: "渡口.txt" in sources(site.post("/v1/search", {"query": "北渡口护栏"})), 30)
    assert (site.settings.index_dir / DOCUMENTS_FOLDER / "渡口.txt").read_text("utf-8") == text
