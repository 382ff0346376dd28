"""index.build.readers: files read in processes under limits, in their order, each costing only itself."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hostile_files import BODY, HELLO, packed, page_of, stream
from pdf_writer import Show, write_pdf

from index.build import readers
from index.build.outcomes import FileContents
from index.build.readers import read_contents, read_outcomes
from index.build.reading_process import Limits
from index.read import SourceFile


def files_of(folder: Path, contents: dict[str, bytes]) -> list[SourceFile]:
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return [SourceFile(folder / name, name) for name in contents]


def read(files: Sequence[SourceFile], limits: Limits | None = None) -> dict[str, FileContents]:
    return {file.source: contents for file, contents in zip(files, read_contents(files, limits), strict=True)}


def children() -> set[int]:
    """The processes that this one has started and not let go of."""
    return {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text("ascii").split()}


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@linux
def test_files_come_in_their_order_whoever_reads_them_and_small_texts_start_no_process(tmp_path: Path) -> None:
    before = children()
    small = files_of(tmp_path, {"a.txt": BODY.encode(), "gone.txt": b"", "c.md": b"# T\n" + BODY.encode()})
    small[1].path.unlink()
    outcomes = read_outcomes(small)
    assert isinstance(next(outcomes), tuple)
    assert children() == before
    assert [type(outcome).__name__ for outcome in outcomes] == ["NoneType", "Rejected", "NoneType", "tuple", "NoneType"]
    mixed = [
        *files_of(tmp_path, {"1.pdf": write_pdf([Show(40, 50, 10, BODY)]), "2.txt": BODY.encode()}),
        *files_of(tmp_path, {"3.html": f"<p>{BODY}</p>".encode(), "4.pdf": b"%PDF-1.7\n", "5.xyz": b"?"}),
    ]
    told = read(mixed)
    assert [contents.kept for contents in told.values()] == [1, 1, 1, 0, 0]
    assert [told[name].articles[0].source for name in ("1.pdf", "2.txt", "3.html")] == ["1.pdf", "2.txt", "3.html"]
    assert [told[name].rejections[0].reason for name in ("4.pdf", "5.xyz")] == ["corrupt", "unsupported"]
    assert children() == before


@linux
def test_what_takes_too_much_is_rejected_with_a_remedy_and_costs_only_itself(tmp_path: Path) -> None:
    before = children()
    endless = page_of(stream(packed(b"BT /F 1 Tf 10 10 Td " + b"(abcdefgh) Tj 1 0 Td " * 300_000 + b"ET")))
    good = f"<p>{BODY}</p>".encode()
    files = files_of(tmp_path, {"endless.pdf": endless, "good.html": good})
    # With less memory than it needs it cannot be parsed; with more it takes too long.
    for limits, problem in (
        (Limits(memory_bytes=64 << 20), "memory|MiB"),
        (Limits(cpu_s=1, memory_bytes=2 << 30), "takes more than 1 s"),
    ):
        told = read(files, limits)
        assert told["good.html"].kept == 1
        (rejection,) = told["endless.pdf"].rejections
        assert re.search(problem, rejection.message)
        assert rejection.message.startswith("endless.pdf: ")
        assert rejection.remedy
    assert children() == before


@linux
def test_nobody_who_stops_listening_leaves_a_process_or_a_thread(tmp_path: Path) -> None:
    before, threads = children(), threading.active_count()
    lines = b"".join(json.dumps({"_id": str(n), "text": BODY}).encode() + b"\n" for n in range(4000))
    outcomes = read_outcomes(files_of(tmp_path, {f"{n}.jsonl": lines for n in range(3)}))
    assert isinstance(next(outcomes), tuple)
    outcomes.close()
    assert children() == before
    assert threading.active_count() == threads


@linux
def test_a_reading_process_ends_with_who_started_it() -> None:
    script = (
        "import os, time\nfrom index.build.readers import _Process\nprocess = _Process(1 << 28)\n"
        "print(process._process.pid, flush=True)\ntime.sleep(60)"
    )
    root = Path(readers.__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 20
    while (
        (status := Path(f"/proc/{pid}/stat")).exists() and ") Z" not in status.read_text() and time.monotonic() < until
    ):
        time.sleep(0.05)
    assert not status.exists() or ") Z" in status.read_text()


@linux
def test_what_segmentation_loads_is_loaded_before_memory_is_bounded() -> None:
    script = (
        "import sys\nfrom index.build import reading_process as process\n"
        "process.limit_memory = lambda _bytes: print(*sorted(sys.modules), file=sys.stderr) or sys.exit()\n"
        "sys.argv[1:] = ['1']\nprocess.main()"
    )
    root = Path(readers.__file__).parents[2]
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as process:
        assert process.stderr
        loaded = set(process.stderr.read().decode().split())
    assert {"scipy.optimize", "scipy.sparse", "rjieba"} <= loaded, loaded


def test_a_pdf_that_is_fine_is_not_among_the_hostile_ones(tmp_path: Path) -> None:
    # So that the fault suite's PDFs are rejected for what is hostile in them.
    (file,) = files_of(tmp_path, {"hello.pdf": page_of(stream(packed(HELLO)))})
    assert read([file])["hello.pdf"].kept == 1
