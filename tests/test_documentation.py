"""The pages: README, the rooms' pages, decisions. What they name is there, and what they promise holds."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from repository import ROOT, readme_python

README = ROOT / "README.md"
MOST_LINES = 200
MOST_PICTURE_BYTES = 150_000
FOLDERS = (".github", "index", "rag", "prompts", "tests")
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))]
    if "node_modules" not in path.parts
)
DECISIONS = sorted(path for path in PAGES if path.parent.name == "decisions" and path.name != "README.md")
COMMANDS = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet --no-deps --require-hashes -r requirements.lock && .venv/bin/pip install --quiet --no-deps --no-build-isolation . && .venv/bin/wenju demo",
    "python3 -m venv .venv && .venv/bin/pip install --quiet --no-deps --require-hashes -r requirements-test.lock && .venv/bin/pip install --quiet --no-deps --no-build-isolation . && .venv/bin/pytest -n 2 --dist loadfile",
)
# [text](target), where the target may be followed by a title.
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# `rag/evidence/decision.py:decide`, `rag/answer.py:Answerer.events`, `tests/cases/repair.json`, `rag/widget/src/`
NAMED = re.compile(r"`((?:index|rag|tests|prompts|\.ci|\.github)/[\w./*-]*)(?::([A-Za-z_][\w.]*))?`")
PARTS = ["Context", "Decision", "Consequences"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose_of(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCED.sub("", page.read_text("utf-8"))


def anchors_of(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@cache
def definitions_of(path: Path) -> frozenset[str]:
    """The names that a module defines at its top, and those of its classes as Class.name."""

    def names(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))

    found: set[str] = set()
    for name, node in names(ast.parse(path.read_text("utf-8")).body):
        found.add(name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{name}.{inner}" for inner, _ in names(node.body)}
    return frozenset(found)


def test_there_are_pages_to_look_at() -> None:
    assert README in PAGES
    assert len(PAGES) > 10
    assert len(DECISIONS) > 40


def test_the_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= MOST_LINES


def test_the_readme_has_the_two_commands_and_no_third() -> None:
    lines = README.read_text("utf-8").splitlines()
    assert tuple(line for line in lines if line.startswith("python3 -m venv")) == COMMANDS


def test_the_readmes_python_can_be_compiled() -> None:
    code = readme_python()
    compile(code, "README.md", "exec")
    assert "from rag import open_engine" in code


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(prose_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors_of(there), f"{name_of(page)} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_and_function_that_a_page_names_is_there(page: Path) -> None:
    for path, name in NAMED.findall(prose_of(page)):
        assert list(ROOT.glob(path.rstrip("/"))), f"{name_of(page)} names {path}"
        if name:
            assert name in definitions_of(ROOT / path), f"{name_of(page)}: there is no {name} in {path}"


def test_the_pages_say_where_what_a_newcomer_looks_for_is() -> None:
    page = (ROOT / "rag" / "README.md").read_text("utf-8")
    for what in ("the refusal decided", "a quote verified", "a chunk made"):
        row = next(line for line in page.splitlines() if f"**{what}**" in line)
        assert NAMED.search(row), row


@pytest.mark.parametrize("folder", [name for name in ("index", "rag") if (ROOT / name / "decisions").is_dir()])
def test_decisions_are_numbered_and_listed(folder: str) -> None:
    decisions = [path for path in DECISIONS if path.parent.parent.name == folder]
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    listed = LINK.findall((ROOT / folder / "decisions" / "README.md").read_text("utf-8"))
    assert listed == [path.name for path in decisions]


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_has_its_date_its_status_and_its_parts(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:4]} · ")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d · Status: (?:accepted|proposed|superseded)", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings in (PARTS, [*PARTS, "Tried without gain"])


def test_every_dependency_is_told_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [*project["dependencies"], *(one for more in project["optional-dependencies"].values() for one in more)]
    told = re.findall(r"^\| ([\w.-]+) \|", (ROOT / "rag" / "THIRD_PARTY.md").read_text("utf-8"), re.MULTILINE)
    names = {match[0].lower() for one in needed if (match := re.match(r"[\w.-]+", one))}
    assert not names - {name.lower() for name in told}


def test_pictures_are_small() -> None:
    for path in (ROOT / ".github").glob("*.png"):
        assert path.stat().st_size < MOST_PICTURE_BYTES, name_of(path)
