"""The widget as a file: built from its sources, small, and of sources that keep the rules."""

import gzip
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from repository import ROOT

WIDGET = ROOT / "rag" / "widget"
SOURCES = sorted((WIDGET / "src").rglob("*.js"))
STYLES = sorted((WIDGET / "src").rglob("*.css"))
WORDS = sorted((WIDGET / "src" / "words").glob("*.js"))
PACKAGE = json.loads((WIDGET / "package.json").read_text("utf-8"))
ESBUILD = WIDGET / "node_modules" / ".bin" / "esbuild"
MOST_BYTES = 60_000
LONGEST = 275

# What makes markup or code of text, in any spelling.
MARKUP = re.compile(
    r"\b(?:inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\b|new Function"
    r"""|setAttribute\(\s*["'](?:style|on)|setTimeout\(\s*["']|\bdangerous"""
)
# What the oldest browser, Chromium 87, does not have; esbuild lowers syntax, not this.
TOO_NEW = re.compile(
    r"\.at\(|structuredClone|replaceChildren|\.hasOwn\(|randomUUID|AbortSignal\.(?:timeout|any)|\.findLast|\.to(?:Sorted|Reversed)\("
    r"|showPopover|\binert\b|:(?:has|is|where)\(|\binset:|@container|@layer|\d[dsl]v[hw]\b|aspect-ratio|color-mix|&\s*[.:{]"
)


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_the_built_file_is_what_the_sources_make(tmp_path: Path) -> None:
    if not ESBUILD.exists():
        pytest.skip("esbuild is not installed: cd rag/widget && npm install --no-package-lock")
    built = tmp_path / "widget.js"
    arguments = shlex.split(PACKAGE["scripts"]["build"].replace("--outfile=widget.js", f"--outfile={built}"))[1:]
    subprocess.run([ESBUILD, *arguments], cwd=WIDGET, check=True, capture_output=True)
    same = built.read_bytes() == (WIDGET / "widget.js").read_bytes()
    assert same, "widget.js is not what src/ makes: cd rag/widget && npm run build, and commit it"


def test_the_tool_that_builds_it_is_of_one_exact_version() -> None:
    assert [re.fullmatch(r"\d+\.\d+\.\d+", version) is None for version in PACKAGE["devDependencies"].values()] == [False]  # fmt: skip
    assert "dependencies" not in PACKAGE
    assert not list(WIDGET.glob("*lock*"))


def test_the_built_file_is_small_and_reads_the_same_in_every_encoding() -> None:
    content = (WIDGET / "widget.js").read_bytes()
    assert len(gzip.compress(content, 9)) <= MOST_BYTES
    assert content.isascii()  # a page in GB18030 may load a copy of it without a charset
    addresses = re.findall(rb"https?://\w[^\s\"'`)]+", content)
    assert set(addresses) == {b"http://www.w3.org/2000/svg"}  # a name of a vocabulary, never fetched


@pytest.mark.parametrize("path", [*SOURCES, *STYLES], ids=lambda path: path.name)
def test_a_source_does_one_job_in_what_old_browsers_know_and_makes_no_markup_of_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert re.match(r"//|/\*", text), "says what it is for"
    code = without_comments(path)
    assert MARKUP.findall(code) == []
    assert TOO_NEW.findall(code) == []


def test_the_rules_are_seen_where_they_are_broken() -> None:
    assert all(map(MARKUP.search, ("node.innerHTML = text", 'node.setAttribute("style", text)', "a.outerHTML")))
    assert all(map(TOO_NEW.search, ("list.at(-1)", ".a:has(b)", "inset: 0", "height: 100dvh")))


def test_the_languages_have_the_same_words() -> None:
    keys = {}
    for path in WORDS:
        table = path.read_text("utf-8").split("export default {")[1]
        # Two levels: the table's own keys, and those of the tables in it.
        keys[path.stem] = re.findall(r"^(  (?:  )?\w+)[:(]", table, re.MULTILINE)
    assert set(keys) == {"en", "zh-CN", "zh-Hant"}
    english = [key for key in keys["en"] if key.strip() not in {"const", "return"}]
    assert len(english) > 100
    assert english == keys["zh-CN"] == keys["zh-Hant"]


def test_words_of_the_interface_stand_only_in_the_tables() -> None:
    for path in SOURCES:
        if path not in WORDS:
            shown = re.sub(
                r"/\^\[[^\n]*?\]\*?/", "", without_comments(path)
            )  # punctuation that a marker keeps beside it
            assert not re.findall(r"[\u3400-\u9fff]", shown), path.name
