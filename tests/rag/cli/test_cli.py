import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from llm_server import LLMServer, closed_port_url, head, status, streamed
from pdf_writer import Show, write_pdf
from repository import ROOT

from index.build import build_index
from index.embedding.embedder import Embedder
from index.segment import DOUBTFUL
from index.store.generations import CURRENT
from rag.cli import main

COMMANDS = ("demo", "index", "articles", "search", "ask", "serve", "doctor", "eval", "feedback")
AIR = "2020年云汀区PM2.5年均浓度是多少？"
RIGHT = "2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def quiet_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache_dir: Path) -> None:
    """A folder without a .env, and the cache that the other tests use."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_CACHE_DIR", str(cache_dir))
    monkeypatch.setenv("WENJU_INDEX_DIR", str(tmp_path / "no-index"))


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch, sample_index_dir: Path) -> None:
    monkeypatch.setenv("WENJU_INDEX_DIR", str(sample_index_dir))


@pytest.fixture
def llm(monkeypatch: pytest.MonkeyPatch) -> Iterator[LLMServer]:
    models = [head(200, "application/json"), b'{"data": [{"id": "m"}]}']
    with LLMServer(streamed(RIGHT), models=models) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_MODEL", "m")
        yield server


@pytest.fixture
def pages(tmp_path: Path, sample_pages: Path) -> Path:
    """A folder with one page that can be read and one file that cannot."""
    folder = tmp_path / "pages"
    folder.mkdir()
    shutil.copy(sample_pages / "云汀报_2021-01-15_01版.txt", folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    return folder


@pytest.fixture
def spawn(cache_dir: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command as a process of its own."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("WENJU_", "OPENAI_"))}
        environment |= {"WENJU_CACHE_DIR": str(cache_dir), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | variables
        command = [sys.executable, "-c", "import sys; from rag.cli import main; sys.exit(main())", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120, check=False
        )

    return run


def lines_of(captured: Captured) -> list[Any]:
    """Every line of stdout, which must be JSON."""
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def assert_failed(captured: Captured, *words: str) -> None:
    """Nothing on stdout; on stderr a message for a person, with what to do."""
    out, err = captured.readouterr()
    assert out == ""
    assert "Traceback" not in err
    for word in words:
        assert word in err


# ---- what each command does


def test_help_names_every_command(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--help"])
    assert leaving.value.code == 0
    out = capsys.readouterr().out
    for command in COMMANDS:
        assert re.search(rf"^ +{command} ", out, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: Captured, command: str) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([command, "--help"])
    assert leaving.value.code == 0
    assert len(capsys.readouterr().out) > 100


def test_the_version_is_printed(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out.startswith("wenju ")


@pytest.mark.slow
def test_the_demo_answers_two_questions_and_refuses_one(
    spawn: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = spawn("demo")
    assert done.returncode == 0, done.stderr
    assert "12.5%" in done.stdout
    assert "顾砚舟" in done.stdout
    assert "out_of_range" in done.stdout
    assert "[1] " in done.stdout
    assert "read 12 = kept 12 + rejected 0" in done.stderr
    assert "wenju serve --index-dir" in done.stderr
    assert "Traceback" not in done.stderr


def test_index_says_what_was_read_kept_and_rejected(capsys: Captured, pages: Path, tmp_path: Path) -> None:
    assert main(["index", str(pages), "--index-dir", str(tmp_path / "new")]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "read 2 = kept 1 + rejected 1" in err
    assert re.search(r"rejected broken\.pdf: \w+: .+; .+", err)
    assert (tmp_path / "new" / CURRENT).is_file()


def test_a_second_index_run_embeds_nothing_anew(capsys: Captured, pages: Path, tmp_path: Path) -> None:
    arguments = ["index", str(pages), "--index-dir", str(tmp_path / "new")]
    assert main(arguments) == 0
    assert main(arguments) == 0
    assert "(0 embedded now)" in capsys.readouterr().err


def test_articles_prints_one_object_a_line_with_the_contracts_keys(capsys: Captured, pages: Path) -> None:
    assert main(["articles", str(pages), "--json"]) == 0
    out, err = capsys.readouterr()
    articles = [json.loads(line) for line in out.splitlines()]
    assert [bool(article["text"].startswith("编者按")) for article in articles].count(
        False
    ) == 3  # and the editor's note
    for article in articles:
        assert set(article) >= {
            "source", "id", "title", "kicker", "deck", "subheads", "byline", "date", "date_precision", "page",
            "continued_from", "continued_to", "text", "captions", "fixes",
        }  # fmt: skip
        assert (article["date"], article["date_precision"]) == ("2021-01-15", "day")
        assert all(set(fix) >= {"kind", "before", "after"} for fix in article["fixes"])
    assert "rejected broken.pdf" in err


def test_articles_shows_titles_to_a_person(capsys: Captured, pages: Path) -> None:
    assert main(["articles", str(pages)]) == 0
    assert "■ 区六届人大六次会议闭幕 沈若兰当选云汀区区长" in capsys.readouterr().out


def test_articles_are_whole_where_the_other_page_is_given_too(
    capsys: Captured, pages: Path, sample_pages: Path
) -> None:
    other = "云汀报_2021-01-15_03版.txt"
    assert main(["articles", str(pages / "云汀报_2021-01-15_01版.txt"), "--json"]) == 0
    (alone,) = [article for article in lines_of(capsys) if article["continued_to"]]
    shutil.copy(sample_pages / other, pages)
    assert main(["articles", str(pages), "--json"]) == 0
    (whole,) = [article for article in lines_of(capsys) if article["continued_to"]]
    assert whole["text"].startswith(alone["text"])
    assert (whole["id"], whole["continued_to"], whole["continued_from"]) == (alone["id"], "03版", None)
    assert {origin[4] for origin in whole["origin"] if len(origin) == 5} == {other}
    assert all(len(json.dumps(origin)) < 80 for origin in whole["origin"])


def test_articles_shows_a_person_the_whole_head(capsys: Captured, pages: Path) -> None:
    assert main(["articles", str(pages)]) == 0
    out = capsys.readouterr().out
    assert "  引题：让蓝天成为日常" in out
    assert " · 下转03版 · " in out


def test_articles_explains_what_was_decided_and_changed(capsys: Captured, pages: Path) -> None:
    assert main(["articles", str(pages), "--explain"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^    confidence: [01]\.\d\d$", out, re.MULTILINE)
    assert re.search(r"^    date 2021-01-15: .*2021-01-15", out, re.MULTILINE)
    assert re.search(r"^    decision: .*区六届人大六次会议闭幕", out, re.MULTILINE)
    assert re.search(r"^    fixes: hard_wrap × \d+: “.*⏎.*” → “”", out, re.MULTILINE)
    assert "    noise: （下转03版）" in out
    assert main(["articles", str(pages)]) == 0
    assert "confidence" not in capsys.readouterr().out


def test_articles_as_json_explain_themselves_already(capsys: Captured, pages: Path) -> None:
    assert main(["articles", str(pages), "--json"]) == 0
    plain = lines_of(capsys)
    assert main(["articles", str(pages), "--json", "--explain"]) == 0
    assert lines_of(capsys) == plain
    assert all(article["decisions"] and "confidence" in article for article in plain)


def test_doubtful_articles_are_marked_and_counted(capsys: Captured, pages: Path, sample_pages: Path) -> None:
    doubtful = []
    for folder in (pages, sample_pages):
        assert main(["articles", str(folder), "--json"]) == 0
        sure = [article["confidence"] >= DOUBTFUL for article in lines_of(capsys)]
        assert main(["articles", str(folder)]) == 0
        out, err = capsys.readouterr()
        marks = re.findall(r"^(■|\?) .*?(（存疑，把握\d+%）)?$", out, re.MULTILINE)
        assert [(mark, bool(doubt)) for mark, doubt in marks] == [
            ("■", False) if is_sure else ("?", True) for is_sure in sure
        ]
        doubtful.append(sure.count(False))
        hint = ", marked ?: --explain says why" if doubtful[-1] else ""
        assert f"{doubtful[-1]} of {len(sure)} articles are doubtful{hint}\n" in err
    assert 0 < doubtful[-1] < len(sure)


def test_what_a_page_holds_cannot_command_a_terminal(capsys: Captured, tmp_path: Path) -> None:
    page = tmp_path / "云汀报_2021-01-15_01版.txt"
    page.write_text("望津桥\x1b[2J通车\n\n本报讯（记者 林亦舟）望津桥\x07昨日通车，\x1b]0;x\x07全长412米。\n", "utf-8")
    assert main(["articles", str(page), "--explain"]) == 0
    out = capsys.readouterr().out
    assert all(character == "\n" or character.isprintable() for character in out)
    assert "望津桥" in out


def test_search_prints_passages_as_json(capsys: Captured, indexed: None) -> None:
    assert main(["search", "望津桥", "-k", "3", "--json"]) == 0
    (found,) = lines_of(capsys)
    assert found["query"] == "望津桥"
    assert [passage["rank"] for passage in found["passages"]] == [1, 2, 3]
    assert set(found["passages"][0]) >= {"score", "text", "start", "end", "article_id", "source", "date"}


def test_search_shows_passages_to_a_person(capsys: Captured, indexed: None) -> None:
    assert main(["search", "望津桥", "-k", "3"]) == 0
    out = capsys.readouterr().out
    assert out.count("cosine") == 3


def test_search_keeps_to_a_date_range(capsys: Captured, indexed: None) -> None:
    assert main(["search", "区长", "--from", "2022-06", "--to", "2022-06-30", "--json"]) == 0
    (found,) = lines_of(capsys)
    assert {passage["date"] for passage in found["passages"]} == {"2022-06-29"}


def test_ask_prints_the_contracts_answer_as_json(capsys: Captured, indexed: None) -> None:
    assert main(["ask", AIR, "--json"]) == 0
    (answer,) = lines_of(capsys)
    assert set(answer) >= {
        "id", "question", "status", "refusal", "answer", "statements", "citations", "as_of", "generator", "interpreted",
        "timings_ms", "usage", "index_generation",
    }  # fmt: skip
    assert "42微克/立方米" in answer["answer"]
    assert answer["generator"]["fallback_reason"] == "no_llm"


def test_ask_shows_a_person_the_answer_and_its_sources(capsys: Captured, indexed: None) -> None:
    assert main(["ask", AIR]) == 0
    out, err = capsys.readouterr()
    assert "42微克/立方米" in out
    assert "[1] " in out
    assert "云汀报_2021-01-15_01版.txt" in out
    assert err == ""


def test_a_refusal_is_a_success(capsys: Captured, indexed: None) -> None:
    assert main(["ask", "云汀区2030年的PM2.5年均浓度目标是多少？"]) == 0
    assert "out_of_range" in capsys.readouterr().out


def test_related_reports_are_shown_with_their_quotes_under_a_heading_of_their_own(
    capsys: Captured, indexed: None
) -> None:
    assert main(["ask", "合唱节的评委是谁？"]) == 0
    out, err = capsys.readouterr()
    assert "\n   相关报道（不一定回答所问）：\n   · 12支社区合唱队唱响云汀之夏 · 2022-07-01 · " in out
    assert re.search(r"\n       “.*”\n", out)
    assert "未作答" not in out
    assert "[1]" not in out
    assert err == ""


def test_ask_uses_the_llm_that_is_set(capsys: Captured, indexed: None, llm: LLMServer) -> None:
    assert main(["ask", AIR, "--json"]) == 0
    (answer,) = lines_of(capsys)
    assert (answer["generator"]["kind"], answer["generator"]["model"]) == ("llm", "m")


def test_ask_leaves_the_llm_alone_when_told(capsys: Captured, indexed: None, llm: LLMServer) -> None:
    assert main(["ask", AIR, "--json", "--no-llm"]) == 0
    assert lines_of(capsys)[0]["generator"]["kind"] == "extractive"
    assert llm.requests == []


def test_ask_says_when_the_llm_failed(capsys: Captured, indexed: None, llm: LLMServer) -> None:
    llm.play(status(401))
    assert main(["ask", AIR]) == 0
    assert "unauthorised" in capsys.readouterr().out


# ---- exit codes: 2 usage, 3 configuration, 4 no index, 5 corrupt data

USAGE = {
    "no command": [],
    "an unknown command": ["frobnicate"],
    "no text": ["ask"],
    "an unknown option": ["ask", "x", "--frobnicate"],
    "no passages": ["search", "x", "-k", "0"],
    "a number that is none": ["search", "x", "-k", "three"],
    "a date that is none": ["ask", "x", "--from", "yesterday"],
    "a day that no month has": ["ask", "x", "--to", "2021-02-30"],
    "bytes that are no text": ["ask", "\udcff\udcfe"],
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_exits_with_2(capsys: Captured, name: str) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(USAGE[name])
    assert leaving.value.code == 2
    assert_failed(capsys, "usage:")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["ask", "问" * 2001], "2001"), (["ask", "x", "--from", "2022", "--to", "2021"], "swap")],
)
def test_a_question_that_cannot_be_taken_exits_with_2(
    capsys: Captured, indexed: None, arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2
    assert_failed(capsys, words)


def test_a_search_over_an_empty_date_range_exits_with_2(capsys: Captured, indexed: None) -> None:
    assert main(["search", "x", "--from", "2022", "--to", "2021"]) == 2
    assert_failed(capsys, "swap")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENJU_TOP_K", "many"),
        ("WENJU_TOPK", "8"),
        ("OPENAI_BASE_URL", "localhost"),
        ("WENJU_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_exits_with_3(
    capsys: Captured, indexed: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["ask", AIR]) == 3
    assert_failed(capsys, name)


def test_a_broken_prompt_template_exits_with_3(
    capsys: Captured, indexed: None, llm: LLMServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "answer.zh.md").write_text("no version", "utf-8")
    monkeypatch.setenv("WENJU_PROMPTS_DIR", str(tmp_path))
    assert main(["ask", AIR]) == 3
    assert_failed(capsys, "answer.zh.md", "version")


@pytest.mark.parametrize("arguments", [["ask", AIR], ["search", "x"], ["ask", AIR, "--json"]])
def test_without_an_index_the_exit_code_is_4(capsys: Captured, arguments: list[str]) -> None:
    assert main(arguments) == 4
    assert_failed(capsys, "wenju index")


def test_the_option_names_another_index_than_the_setting(capsys: Captured, indexed: None, tmp_path: Path) -> None:
    assert main(["ask", AIR, "--index-dir", str(tmp_path / "elsewhere")]) == 4
    assert_failed(capsys, str(tmp_path / "elsewhere"))


@pytest.mark.parametrize("damage", ["vectors.faiss", "manifest.json", "catalogue.sqlite"])
def test_a_damaged_index_exits_with_5(capsys: Captured, sample_index_dir: Path, tmp_path: Path, damage: str) -> None:
    index_dir = tmp_path / "damaged"
    shutil.copytree(sample_index_dir, index_dir)
    folder = index_dir / "generations" / (index_dir / CURRENT).read_text()
    content = bytearray((folder / damage).read_bytes())
    content[len(content) // 2] ^= 0x40
    (folder / damage).write_bytes(content)
    assert main(["search", "x", "--index-dir", str(index_dir)]) == 5
    assert_failed(capsys, damage, "makes it anew")


def test_nothing_to_index_exits_with_5(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["index", str(tmp_path / "empty"), "--index-dir", str(tmp_path / "new")]) == 5
    assert_failed(capsys, "empty")


def test_an_index_of_another_model_exits_with_3(
    capsys: Captured, sample_index_dir: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "other"
    (tmp_path / "a.txt").write_text("云汀桥通车\n\n本报讯（记者 林亦舟）云汀桥昨日通车，全长412米。\n", "utf-8")

    class Renamed:
        """The same model under another name."""

        def __init__(self) -> None:
            from dataclasses import replace

            self.spec = replace(embedder.spec, name="another-model")
            self.embed_queries = embedder.embed_queries
            self.embed_passages = embedder.embed_passages

    build_index([tmp_path / "a.txt"], index_dir, Renamed())
    assert main(["search", "x", "--index-dir", str(index_dir)]) == 3
    assert_failed(capsys, "another-model", "bundled", "--rebuild")


# ---- doctor


def test_doctor_finds_everything_in_order(capsys: Captured, indexed: None, llm: LLMServer) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert [line.split(":")[0].split(maxsplit=1) for line in out.splitlines()] == [
        ["ok", "settings"],
        ["ok", "access"], ["ok", "embedding model"], ["ok", "reader"], ["ok", "index"],
        ["ok", "documents"], ["ok", "feedback"], ["ok", "LLM"]
    ]  # fmt: skip


def test_doctor_without_an_llm_says_what_that_means(capsys: Captured, indexed: None) -> None:
    assert main(["doctor"]) == 0
    assert "extracted" in capsys.readouterr().out


def test_doctor_says_what_to_do_about_each_failure(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", closed_port_url())
    monkeypatch.setenv("OPENAI_MODEL", "m")
    monkeypatch.setenv("WENJU_LLM_CONNECT_TIMEOUT_S", "0.3")
    monkeypatch.setenv("WENJU_LLM_FIRST_TOKEN_TIMEOUT_S", "1")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert re.search(r"^FAIL +index: .*wenju index", out, re.MULTILINE)
    assert re.search(r"^FAIL +LLM: .*cannot be reached", out, re.MULTILINE)
    assert re.search(r"^ok +embedding model", out, re.MULTILINE)


def test_doctor_says_where_a_machine_is_too_slow_to_read_all_passages(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_RERANKER_BUDGET_MS", "1")
    main(["doctor"])
    out = capsys.readouterr().out
    assert re.search(
        r"^ok +reader: bundled, .* too slow for more than 1 of 8 passages .*BUDGET_MS=1 ", out, re.MULTILINE
    )


# ---- as processes of their own


@pytest.mark.slow
def test_a_process_keeps_results_and_messages_apart(
    spawn: Callable[..., subprocess.CompletedProcess[str]], sample_index_dir: Path
) -> None:
    done = spawn("ask", AIR, "--json", WENJU_INDEX_DIR=str(sample_index_dir), WENJU_LOG_LEVEL="INFO")
    assert done.returncode == 0, done.stderr
    assert "42微克/立方米" in json.loads(done.stdout)["answer"]


def test_a_process_without_an_index_exits_with_4(
    spawn: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = spawn("ask", AIR, WENJU_INDEX_DIR=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr
    assert "wenju index" in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},  # as "en_US" in Latin-1: no Chinese in it
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=" ".join,
)
def test_chinese_names_and_texts_go_through_any_locale(tmp_path: Path, variables: dict[str, str]) -> None:
    path = tmp_path / "云汀报_2024-03-05_01版.txt"
    path.write_text("区政府公布名单\n\n本报讯 区政府昨日公布茶农合作社名单，共有12户茶农加入合作社。\n", "utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    code = "from rag.cli import main; raise SystemExit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "articles", path.name, "--json"],
        cwd=tmp_path,
        env=kept | variables,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Error" in done.stderr) == (0, False), done.stderr
    [line] = done.stdout.decode("utf-8").splitlines()
    assert (json.loads(line)["source"], json.loads(line)["title"]) == (path.name, "区政府公布名单")


def test_processes_that_the_command_starts_read_chinese_in_any_locale_too(tmp_path: Path) -> None:
    """PDFs are read by another process, which is told where this package lies."""
    for package in ("index", "rag", "prompts"):
        shutil.copytree(
            ROOT / package, tmp_path / "问据" / package, ignore=shutil.ignore_patterns("node_modules", "*.pyc")
        )
    (tmp_path / "云汀报_2024-03-05_01版.pdf").write_bytes(
        write_pdf([Show(40, 72, 12, "区政府昨日公布茶农合作社名单。")])
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    without_chinese = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from rag.cli import main; raise SystemExit(main())",
            "articles",
            "云汀报_2024-03-05_01版.pdf",
            "--json",
        ],
        cwd=tmp_path,
        env=kept | without_chinese | {"PYTHONPATH": str(tmp_path / "问据")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "茶农合作社" in done.stdout.decode("utf-8"), done.stderr
