"""Tables of Markdown → lines with tabs between the cells, as those of every other format."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

_BAR: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"[\s|:-]+")
_MARKS: Final = re.compile(r"\*\*|__|`")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_FENCES: Final = ("```", "~~~")


def write_tables(text: str) -> str:
    """Return a text whose rows of cells between bars are lines with tabs; the rules under their heads are left out.

    Consecutive lines are a table where a rule stands under the first, or where each begins and ends with a bar. Blocks of
    code stay as they are.
    """
    if "|" not in text:
        return text
    lines: list[str] = []
    in_code = False
    for has_bar, group in groupby(text.split("\n"), key=lambda line: "|" in line):
        own = list(group)
        for line in own:
            in_code ^= line.lstrip().startswith(_FENCES)
        lines += _rows(own) if has_bar and not in_code and _is_table(own) else own
    return "\n".join(lines)


def _is_table(lines: Sequence[str]) -> bool:
    if len(lines) < 2:
        return False
    is_ruled = _is_rule(lines[1]) and len(_cells(lines[0])) == len(_cells(lines[1]))
    return is_ruled or all(line.strip()[0] == line.strip()[-1] == "|" and len(line.strip()) > 1 for line in lines)


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None


def _rows(lines: Sequence[str]) -> Iterator[str]:
    return ("\t".join(_cells(line)) for line in lines if not _is_rule(line))


def _cells(line: str) -> list[str]:
    bare = line.strip()
    bare = bare.removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [_shown(cell) for cell in _BAR.split(bare)]


def _shown(cell: str) -> str:
    return " ".join(_MARKS.sub("", _BREAK.sub(" ", cell)).replace("\\|", "|").split())
