"""Files that try to take the builder's time, memory or secrets: each is read or rejected with a reason, in bounds.

Ten times as large, under the limits that the builder has: HOSTILE_SIZE=10 pytest -m fault tests/faults/test_hostile_files.py
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hostile_files import BODY, SECRET, hostile_files, line_of
from repository import ROOT

from index.build.reading_process import MAX_CPU_S, Limits
from index.read import SourceFile, find_files, read_file
from index.records import Document, Rejected

pytestmark = pytest.mark.fault

SIZE = int(os.environ.get("HOSTILE_SIZE", "1"))
LIMITS = Limits(cpu_s=4 if SIZE == 1 else MAX_CPU_S)
MOST_BYTES = 512 << 20
Tried = Callable[[str, int, int], None]

# Reads what a folder holds as a build does, in processes; tells what came of it, and the most memory of a process.
READ = """
import json, resource, sys
from pathlib import Path
import msgspec
from index.build import readers
from index.build.reading_process import Limits
from index.read import find_files
if __name__ == "__main__":
    readers.MAX_HERE_BYTES = -1
    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    files, missing = find_files([Path(sys.argv[2])])
    told = {}
    for file, contents in zip(files, readers.read_contents(files, limits), strict=True):
        told[file.source] = {
            "kept": contents.kept,
            "text": "".join(article.text for article in contents.articles)[:100_000],
            "rejected": [[one.source, one.reason, one.message, one.remedy] for one in contents.rejections],
        }
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([told, children.ru_maxrss * 1024, children.ru_utime + children.ru_stime]))
"""


def read_apart(folder: Path, limits: Limits = LIMITS) -> tuple[dict[str, dict[str, object]], int]:
    """Read a folder; return what came of each file, and the most memory that a reading process took."""
    command = [sys.executable, "-c", READ, msgspec.json.encode(limits).decode(), str(folder)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told, most_bytes, _seconds = json.loads(done.stdout)
    return told, most_bytes


def is_right(outcome: dict[str, object]) -> bool:
    """Whether a file was kept, or rejected with its name, a reason and a remedy, and gave nothing away."""
    rejections = outcome["rejected"]
    assert isinstance(rejections, list)
    told = all(source in message and reason and remedy for source, reason, message, remedy in rejections)
    return bool(outcome["kept"] or rejections) and told and SECRET not in str(outcome)


def test_every_hostile_file_is_read_or_rejected_within_its_bounds(tried: Tried, tmp_path: Path) -> None:
    secret, folder = tmp_path / "secret.txt", tmp_path / "files"
    secret.write_text(SECRET, "utf-8")
    folder.mkdir()
    files = hostile_files(secret.as_uri(), SIZE)
    for name, make in files.items():
        (folder / name).write_bytes(make())
    (folder / "good.txt").write_text(BODY, "utf-8")
    told, most_bytes = read_apart(folder)
    wrong = {name: told.get(name) for name in files if name not in told or not is_right(told[name])}
    assert not wrong
    assert told["good.txt"]["kept"] == 1
    assert most_bytes < MOST_BYTES, f"{most_bytes >> 20} MiB"
    tried("hostile files", len(files) - len(wrong), len(files))


def odd_names(folder: Path) -> int:
    """Fill a folder with what is no file, or named as none should be; return how many files are to be found."""
    outside = folder.parent / "secret.txt"
    for name, target in (
        ("out.txt", str(outside)), ("etc", "/etc"), ("up", ".."), ("self.txt", "self.txt"), ("zero.txt", "/dev/zero"),
        ("nowhere.txt", "nothing"), ("a.txt", "b.txt"), ("b.txt", "a.txt"), ("in.txt", "real.txt"),
    ):  # fmt: skip
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as bound:
        place = os.open(folder, os.O_RDONLY)
        bound.bind(f"/proc/self/fd/{place}/socket.txt")
        os.close(place)
    (folder / "folder.txt").mkdir()
    names = ["real.txt", "line\nbreak.txt", "\u202egpj.txt", "字" * 80 + ".txt", " blank .txt", "tab\t.txt", "quote\".txt",
             "Real.txt", "ｒeal.txt", "e\u0301.txt", "-rf.txt", "$(id).txt", "%2e%2e.txt"]  # fmt: skip
    for name in names:
        (folder / name).write_text(BODY, "utf-8")
    for raw in ("版.txt".encode("gbk"), b"\xff\xfe.txt"):
        (folder / os.fsdecode(raw)).write_text(BODY, "utf-8")
    deep = folder
    for _ in range(60):
        deep /= "深" * 10
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text(BODY, "utf-8")
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(1 << 42)
    with (folder / "sparse.jsonl").open("wb") as file:
        file.truncate(1 << 28)
    return len(names) + 3


@pytest.mark.skipif(sys.platform != "linux", reason="links, pipes and names that other systems do not have")
def test_what_is_no_file_is_passed_over_and_any_name_is_read(tried: Tried, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    folder = tmp_path / "files"
    folder.mkdir()
    expected = odd_names(folder)
    files, passed_over = find_files([folder])
    told, _most_bytes = read_apart(folder)
    assert len(told) == len(files)
    kept = sum(bool(outcome["kept"]) for outcome in told.values())
    assert kept == expected
    right = [is_right(outcome) for outcome in told.values()]
    right += [bool(one.source in one.message and one.remedy) for one in passed_over]
    assert SECRET not in str(told)
    assert {one.reason for one in passed_over} == {"symlink"}
    tried("names, links and devices", sum(right), len(right))


def test_a_file_that_changes_or_goes_while_it_is_read_is_read_or_rejected(tried: Tried, tmp_path: Path) -> None:
    ended = threading.Event()
    path = tmp_path / "moving.txt"

    def change() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            time.sleep(0.0005)
            with contextlib.suppress(OSError):
                match number % 6:
                    case 0:
                        path.unlink(missing_ok=True)
                        path.write_text(BODY * (1 + number % 50), "utf-8")
                    case 1:
                        os.truncate(path, number % 100)
                    case 2:
                        path.unlink()
                    case 3:
                        path.write_bytes(b"\0" * 1000)
                    case 4:
                        path.unlink()
                        os.mkfifo(path)
                    case _:
                        path.unlink()
                        path.symlink_to("/dev/zero")

    changing = threading.Thread(target=change)
    outcomes: list[list[Document | Rejected]] = []
    kinds: set[type] = set()
    until = time.monotonic() + 60
    changing.start()
    try:
        while len(outcomes) < 400 * SIZE or (len(kinds) < 2 and time.monotonic() < until):
            outcomes.append(list(read_file(SourceFile(path, "moving.txt"))))
            kinds.add(type(outcomes[-1][0]))
    finally:
        ended.set()
        changing.join()
    right = sum(len(of_one) == 1 for of_one in outcomes)
    assert kinds == {Document, Rejected}, "neither all were read nor all rejected"
    tried("files that change while read", right, len(outcomes))


def test_documents_of_a_corpus_that_are_too_much_cost_only_themselves(tried: Tried, tmp_path: Path) -> None:
    days = json.dumps({"_id": "days", "text": "2023年1月1日" * 220_000}, ensure_ascii=False).encode() + b"\n"
    lines = [line_of("before"), days, line_of("between"), line_of("after")]
    (tmp_path / "corpus.jsonl").write_bytes(b"".join(lines))
    told, _most_bytes = read_apart(tmp_path, Limits(cpu_s=9))
    outcome = told["corpus.jsonl"]
    rejections = outcome["rejected"]
    assert isinstance(rejections, list)
    # Where this machine reads it in three seconds, all are kept.
    assert (outcome["kept"], [reason for _source, reason, _message, _remedy in rejections]) in (
        (3, ["too_large"]),
        (4, []),
    )
    if rejections:
        assert "its document 2: " in rejections[0][2]
    tried("documents of a corpus", 1, 1)
