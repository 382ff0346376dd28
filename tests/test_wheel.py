"""What a wheel takes along: every module and every data file, also of rooms whose name an ignore pattern could mean."""

from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from repository import ROOT

PACKAGES = ("index", "rag", "prompts")
MADE = {"__pycache__", "node_modules"}  # by a run, by npm
PAGES = {"decisions", "README.md", "CHANGELOG.md"}  # for those who read the repository


def in_tree(package: str) -> set[str]:
    paths = (path for path in (ROOT / package).rglob("*") if path.is_file() and not (MADE | PAGES) & set(path.parts))
    return {path.relative_to(ROOT).as_posix() for path in paths if not path.name.startswith(".")}


@pytest.fixture(scope="module")
def in_wheel() -> set[str]:
    return {Path(file.distribution_path).as_posix() for file in WheelBuilder(str(ROOT)).recurse_included_files()}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_in_the_wheel(package: str, in_wheel: set[str]) -> None:
    assert in_tree(package) - in_wheel == set()


def test_the_wheel_has_modules_of_every_room_and_data_of_every_kind(in_wheel: set[str]) -> None:
    assert {"index/build/pipeline.py", "index/build/__init__.py", "prompts/answer.zh.md"} <= in_wheel
    assert {Path(name).suffix for name in in_wheel} >= {".py", ".json", ".tsv", ".txt", ".css", ".js", ".html", ".svg"}


def test_pages_about_the_repository_stay_in_it(in_wheel: set[str]) -> None:
    assert not [name for name in in_wheel if PAGES & set(Path(name).parts)]


def test_nothing_but_the_packages_is_in_the_wheel(in_wheel: set[str]) -> None:
    assert {name.partition("/")[0] for name in in_wheel} == set(PACKAGES)
