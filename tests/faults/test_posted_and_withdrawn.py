"""What is withdrawn is gone, what is kept is whole, and what is refused is undone; wherever a disk fails or a process ends.

The long form tries every operation with every fault, and every file at many places: --hypothesis-profile=long.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from failing_files import FailingFiles, Fault, Killed
from fault_figures import Tried
from hypothesis import settings
from quick_embedder import QuickEmbedder

from index.build import BuildOptions, Built, build_index, open_writer
from index.build.jobs import BuildJob, Outcome
from index.build.worker import carry_out
from index.errors import IndexCorruptError, IndexingError
from index.files import sha256
from index.store.catalogue import CATALOGUE
from index.store.documents import DOCUMENTS_FOLDER, find_damage
from index.store.generations import CURRENT, GENERATIONS, generations_back, open_generation
from index.store.ledger import LEDGER, WITHDRAWN, repair_ledger
from index.store.manifest import MANIFEST, seal

pytestmark = pytest.mark.fault
IS_LONG = settings().max_examples > 1000
FAULTS: tuple[Fault, ...] = ("error", "full", "short", "killed")
MARKET, FERRY, PARK = "早市.txt", "轮渡.txt", "公园.txt"
PAGES = {
    MARKET: "早市延长时间\n\n本报讯 盐仓早市从6月起提前到五点半开门，设摊位二百一十个。\n",
    FERRY: "轮渡停航三天\n\n本报讯 因大风，北港至小屿的轮渡停航三天，滞留旅客四百五十人。\n",
}
POSTED = {PARK: "公园建成开放\n\n本报讯 白鹭湿地公园昨日建成开放，公园占地六十二公顷。\n"}
NEWER = "公园扩建\n\n本报讯 白鹭湿地公园昨日完成扩建，公园占地九十八公顷。\n"
BRIDGE = {"source": "桥/望津桥.txt", "text": "望津桥重建\n\n本报讯 望津桥今年启动重建，新桥全长四百一十二米。\n"}
CHANGES: dict[str, Callable[[Path], Outcome]] = {
    "post": lambda folder: order(folder, BRIDGE, {"source": PARK, "text": NEWER}),
    "delete": lambda folder: order(folder, withdraw=PARK),
    "withdraw": lambda folder: order(folder, withdraw=FERRY),
    "restore": lambda folder: restore(folder, MARKET),
}


def order(folder: Path, *documents: dict[str, str], withdraw: str | None = None) -> Outcome:
    job = BuildJob(str(folder / "index"), str(folder), "bundled", None, 0.0, [*documents], withdraw)
    return carry_out(job, lambda *_: QuickEmbedder())


def restore(folder: Path, name: str) -> Outcome:
    try:
        with open_writer(folder / "index", QuickEmbedder()) as writer:
            built = writer.build([], ledger=writer.ledger.with_restored([name]))
    except (IndexingError, OSError) as error:
        return Outcome(failure=error)  # type: ignore[arg-type]
    return Outcome(built.manifest.generation)


def index(folder: Path, *, rebuild: bool = False) -> Built:
    return build_index([folder / "pages"], folder / "index", QuickEmbedder(), BuildOptions(rebuild=rebuild))


def held(folder: Path) -> dict[str, list[str]]:
    """Source → texts of all that is served."""
    generation = open_generation(folder / "index")
    try:
        return {
            name: [article.text for article in generation.catalogue.articles_of(name)]
            for name in generation.catalogue.files()
        }
    finally:
        generation.close()


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of an index folder but the lock."""
    paths = [path for path in (folder / "index").rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder / "index").as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages, of which one is withdrawn, and a posted document."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "pages").mkdir()
    for name, text in PAGES.items():
        (folder / "pages" / name).write_text(text, "utf-8")
    index(folder)
    for source, text in POSTED.items():
        assert order(folder, {"source": source, "text": text}).failure is None
    assert order(folder, withdraw=MARKET).failure is None
    return folder


@pytest.fixture
def copied(saved: Path) -> Callable[[], Path]:
    """A fresh copy of the index at every call, beside the same pages."""

    def copy() -> Path:
        if not (saved / "kept").exists():
            (saved / "index").rename(saved / "kept")
        shutil.rmtree(saved / "index", ignore_errors=True)
        shutil.copytree(saved / "kept", saved / "index")
        return saved

    return copy


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_refused_is_undone_and_what_was_acknowledged_is_there(
    what: str, copied: Callable[[], Path], tried: Tried
) -> None:
    change = CHANGES[what]
    folder = copied()
    old = held(folder)
    with FailingFiles(folder / "index") as counting:
        assert change(folder).failure is None
    new = held(folder)
    assert new != old
    faults = [(fault, at) for at in range(1, counting.count + 1) for fault in FAULTS]
    faults = faults if IS_LONG else faults[:: len(faults) // 12]
    right = sum(_came_out_right(copied(), change, fault, at, old, new) for fault, at in faults)
    tried(f"{what}, n-th operation fails, ends halfway, or the process is killed", right, len(faults))


def _came_out_right(
    folder: Path,
    change: Callable[[Path], Outcome],
    fault: Fault,
    at: int,
    old: dict[str, list[str]],
    new: dict[str, list[str]],
) -> bool:
    before = files_of(folder)
    result = "killed"
    with FailingFiles(folder / "index", at, fault), suppress(Killed):
        result = "refused" if change(folder).failure else "done"
    seen = held(folder)
    is_right = seen in (old, new) and (result == "killed" or seen == (new if result == "done" else old))
    if result == "refused" and fault != "full":  # on a full disk, what is cleared away may wait for the next
        is_right &= files_of(folder) == before
    index(folder)  # what was refused does not come with it, and what was done stays
    is_right &= held(folder) == seen and not find_damage(folder / "index")
    left = {Path(name).parts[0] for name in files_of(folder)}
    is_right &= left <= {CURRENT, GENERATIONS, WITHDRAWN, DOCUMENTS_FOLDER}
    is_right &= not (folder / "index" / DOCUMENTS_FOLDER / ".new").exists()
    if seen == old:
        is_right &= change(folder).failure is None and held(folder) == new
    return is_right


# ---- damage


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _letters(data: bytes, place: int) -> bytes:
    """Two letters or digits changed, so that the text is as well-formed as before."""
    changed = bytearray(data)
    for start in (place, place + len(data) // 2):
        at = next(
            (at % len(data) for at in range(start, start + len(data)) if chr(changed[at % len(data)]).isalnum()), 0
        )
        changed[at] = ord("7") if changed[at] != ord("7") else ord("3")
    return bytes(changed)


DAMAGES: dict[str, Callable[[bytes, int], bytes | None]] = {
    "removed": lambda _data, _place: None,
    "emptied": lambda _data, _place: b"",
    "flipped": _flip,
    "cut": lambda data, place: data[:place],
    "two letters changed": _letters,
    "an empty list": lambda _data, _place: b'{"files": [], "documents": [], "until": 0}',
}


@pytest.mark.parametrize("name", [WITHDRAWN, f"{DOCUMENTS_FOLDER}/{PARK}"])
def test_damage_beside_the_generations_is_noticed_and_nothing_comes_back_or_is_lost(
    name: str, copied: Callable[[], Path], tried: Tried
) -> None:
    folder = copied()
    path, good = folder / "index" / name, held(folder)
    data = path.read_bytes()
    right = of = 0
    for damage in DAMAGES.values():
        for place in range(1, len(data), max(1, len(data) // (60 if IS_LONG else 4))):
            path.unlink(missing_ok=True)
            damaged = damage(data, place)
            if damaged is not None:
                path.write_bytes(damaged)
            told = find_damage(folder / "index")
            try:
                built = index(folder)
                is_right = name != WITHDRAWN and [item.path for item in built.damaged] == [path.absolute()]
            except IndexCorruptError as error:
                is_right = name == WITHDRAWN and "--repair" in str(error) and str(path) in str(error)
            right += is_right and len(told) == 1 and held(folder) == good
            of += 1
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            if damaged is None or damaged == b"":
                break
    assert not find_damage(folder / "index")
    tried(f"{name.split('/')[0]} damaged", right, of)


def test_the_list_is_repaired_from_the_generation_and_what_is_withdrawn_stays_so(
    copied: Callable[[], Path], tried: Tried
) -> None:
    right = 0
    for damage in DAMAGES.values():
        folder = copied()
        path = folder / "index" / WITHDRAWN
        damaged = damage(path.read_bytes(), 60)
        path.unlink()
        if damaged is not None:
            path.write_bytes(damaged)
        done = repair_ledger(folder / "index", generations_back(folder / "index"))
        index(folder, rebuild=True)
        right += done is not None and MARKET in done and MARKET not in held(folder) and PARK in held(folder)
    tried("withdrawn.json repaired", right, len(DAMAGES))


def test_a_damaged_document_is_left_out_by_name_where_nothing_has_its_text_any_more(
    copied: Callable[[], Path], tried: Tried
) -> None:
    right = 0
    for damage in DAMAGES.values():
        folder = copied()
        path = folder / "index" / DOCUMENTS_FOLDER / PARK
        damaged = damage(path.read_bytes(), 60)
        path.unlink()
        if damaged is not None:
            path.write_bytes(damaged)
        told = [(item.source, item.reason) for item in index(folder, rebuild=True).rejections]
        is_right = (PARK, "damaged") in told and set(held(folder)) == {FERRY}
        if order(folder, {"source": PARK, "text": NEWER}).failure is None:  # posted again, it is whole
            is_right &= "九十八公顷" in str(held(folder)) and not find_damage(folder / "index")
        right += is_right
    tried("documents damaged and rebuilt", right, len(DAMAGES))


def test_a_damaged_generation_loses_nothing_of_what_was_posted_and_withdrawn(
    copied: Callable[[], Path], tried: Tried
) -> None:
    right = 0
    names = [LEDGER, MANIFEST]
    for name in names:
        folder = copied()
        assert order(folder, {"source": PARK, "text": NEWER}).failure is None
        path = folder / "index" / GENERATIONS / (folder / "index" / CURRENT).read_text() / name
        path.write_bytes(_flip(path.read_bytes(), 60))
        index(folder, rebuild=True)
        right += "九十八公顷" in str(held(folder)) and set(held(folder)) == {FERRY, PARK}
    tried("ledger or manifest of the current generation damaged", right, len(names))


# ---- moved


def _make_of_before(folder: Path) -> None:
    """Make the index one that an earlier version wrote: absolute paths, a list without a seal, no ledger."""
    index_dir = folder / "index"
    values = json.loads((index_dir / WITHDRAWN).read_text("utf-8"))
    values = {name: values[name] for name in ("files", "documents", "until")}
    (index_dir / WITHDRAWN).write_text(json.dumps(values, ensure_ascii=False, indent=1), "utf-8")
    for generation in (index_dir / GENERATIONS).iterdir():
        with closing(sqlite3.connect(generation / CATALOGUE)) as connection, connection:
            connection.execute(
                "UPDATE files SET path = ? || '/' || path WHERE path LIKE 'documents/%'", (str(index_dir),)
            )
        (generation / LEDGER).unlink(missing_ok=True)
        manifest = json.loads((generation / MANIFEST).read_text("utf-8"))
        manifest["files"].pop(LEDGER, None)
        manifest["files"][CATALOGUE] = [(generation / CATALOGUE).stat().st_size, sha256(generation / CATALOGUE)]
        manifest.pop("seal")
        (generation / MANIFEST).write_text(json.dumps({**manifest, "seal": seal(manifest)}), "utf-8")


@pytest.mark.parametrize("age", ["of now", "of before"])
def test_an_index_folder_that_was_moved_or_copied_is_as_good_as_before(
    age: str, copied: Callable[[], Path], tmp_path: Path, tried: Tried
) -> None:
    right = of = 0
    moves: tuple[Callable[[Path, Path], object], ...] = (shutil.move, shutil.copytree)
    for number, move in enumerate(moves):
        folder, other = copied(), tmp_path / f"elsewhere-{number}"
        if age == "of before":
            _make_of_before(folder)
        other.mkdir()
        move(folder / "index", other / "index")
        good = held(other)
        for change, gone in ((PARK, "六十二公顷"), (FERRY, None)):
            outcome = order(other, withdraw=change)
            is_last = gone is None  # all else is withdrawn
            is_right = (outcome.failure is not None) == is_last
            is_right &= (change not in held(other)) != is_last
            is_right &= gone is None or not _on_disk(other / "index", gone)
            right, of = right + is_right, of + 1
        right, of = right + (order(other, {"source": PARK, "text": POSTED[PARK]}).failure is None), of + 1
        right, of = right + (held(other) == good and MARKET not in good), of + 1
        right, of = right + (not _on_disk(other / "index", str(folder / "index"))), of + 1
    tried(f"index folder {age} moved or copied", right, of)


def _on_disk(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.parametrize("damage", ["removed", "an empty list"])
def test_an_earlier_versions_list_is_missed_too(damage: str, copied: Callable[[], Path], tried: Tried) -> None:
    folder = copied()
    _make_of_before(folder)
    path = folder / "index" / WITHDRAWN
    damaged = DAMAGES[damage](path.read_bytes(), 0)
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    with pytest.raises(IndexCorruptError, match="--repair"):
        index(folder)
    tried("an earlier version's list lost", MARKET not in held(folder), 1)


# ---- private


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_all_that_is_written_is_private_whatever_the_umask(copied: Callable[[], Path], tried: Tried) -> None:
    before = os.umask(0o022)
    try:
        folder = copied()
        shutil.rmtree(folder / "index")
        index(folder)
        assert all(change(folder).failure is None for name, change in CHANGES.items() if name != "restore")
        order(folder, BRIDGE)
    finally:
        os.umask(before)
    paths = [folder / "index", *(folder / "index").rglob("*")]
    rights = [(path.stat().st_mode & 0o777, 0o700 if path.is_dir() else 0o600) for path in paths]
    tried("files and folders of an index private", sum(is_ == should for is_, should in rights), len(rights))
