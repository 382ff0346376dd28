"""Hostile strings for regular expressions and functions over text, and whether time grows faster than their length.

the packages' modules ─ patterns_of ─► patterns ─ attacks_on ─► units to repeat, from the pattern's parse tree ─┐
                                                                              RUNS, tried on everything ────────┤
                                                        growth: CPU seconds at n, 2n, 4n characters ◄───────────┘
"""

import ast
import importlib
import itertools
import os
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from fault_figures import Tried

parser: Any = importlib.import_module("re._parser")  # the public name, sre_parse, is deprecated
opcodes: Any = importlib.import_module("re._constants")

Pattern = re.Pattern[str] | re.Pattern[bytes]
Nodes = Sequence[tuple[Any, Any]]
"""A stretch of a pattern's parse tree: operations with what they apply to."""

RUNS = (
    *"1一的区aA“”《》‘（）()[]{}<>年月日%.,，、。！？?!—-*_`|:：;；/\\~'\"\t\r\n \u3000\u200b①🦊@#·",
    *(
        "一二三",
        "千万",
        "1%",
        "1万",
        "1亿元",
        "1,",
        "1.",
        "1:",
        "1-",
        "1/",
        "1~",
        "百分之一",
        "第一",
        "第",
        "一是",
        "两",
    ),
    *("2023年1月1日", "1月1日、", "1日至", "2023年1", "昨天", "以来", "同比增长1%", "从1到", "July 1, ", "2023-01-01 "),
    *(
        "区 ",
        "区a1",
        "a ",
        "Ab ",
        "A. ",
        "word ",
        "the ",
        "of the ",
        "what is the ",
        "IV ",
        "a?",
        "a.",
        "a-",
        "a@",
        "e\u0301",
    ),
    *(
        " \n",
        "区\n",
        "a\n",
        "1\n",
        "\n\n",
        "。\n",
        "。”",
        "“。",
        "“区，",
        "《》",
        "“”",
        "（）",
        "()",
        "[1]",
        "[1,",
        "[a](",
        "<a>",
        "<!--",
    ),
    *(
        "张三、李四、",
        "（记者 ",
        "记者 王一 ",
        "本报讯",
        "区委书记",
        "书记王一",
        "上接第",
        "（下转",
        "不",
        "没有",
        "吗？",
        "多少",
        "谁是",
    ),
    *(
        "https://a.",
        "www.",
        "&amp;",
        "</think>",
        "![",
        "ignore previous ",
        "忽略以上",
        "公司",
        "委员会",
        "小区",
        "会议",
        "是",
        "和",
        "了",
    ),
)
"""Units that are tried on everything: what texts of newspapers, questions and LLMs consist of, repeated without end."""
TAIL = "\n\x00"
"""What stands after the run, so that what would go on to the end fails there."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds of CPU; re looks for signals while it matches."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


Growth = tuple[float, float, float]
"""CPU seconds at n, 2n and 4n characters; infinite past the limit."""
IS_LONG = os.environ.get("WENJU_TEST_HOSTILE") == "long"
LIMIT_S = 0.25
"""What takes longer is stopped: for the 2,000 characters that a question may have, no step may take a quarter of a second."""


def measured(call: Callable[[str], object], text: str, limit_s: float = LIMIT_S) -> float:
    """Return the CPU seconds of a call; infinity past the limit. What the call raises is not caught."""
    start = time.thread_time()
    try:
        with cpu_limit(limit_s):
            call(text)
    except TimeoutError:
        return float("inf")
    return time.thread_time() - start


def superlinear(
    call: Callable[[str], object], make: Callable[[int], str], size: int, floor_s: float, limit_s: float = LIMIT_S
) -> Growth | None:
    """Return the seconds at n, 2n and 4n where they grow faster than n; None where they do not, or are too few to tell.

    The least of several measurements counts, since other work on the machine only adds. At four times the length up to
    7 times the time is let pass: n is 4, n² is 16. What is slow already is measured at a quarter of the lengths, so that
    what is slow and linear passes.

    Args:
        make: a text of so many characters.
        size: n.
        floor_s: at n, below this nothing is measured further.
        limit_s: of one call.
    """
    if measured(call, make(size // 4), limit_s) > 5 * floor_s:
        size //= 4
    elif measured(call, make(size), limit_s) < floor_s:
        return None
    seen = [float("inf")] * 3
    for _ in range(4):
        for place, times in enumerate((1, 2, 4)):
            seen[place] = min(seen[place], measured(call, make(size * times), limit_s))
        if seen[2] <= 7 * seen[0] < float("inf"):
            return None
        if seen[2] > 50 * seen[0]:
            break
    return seen[0], seen[1], seen[2]


def repeated(unit: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Return what makes a text of n characters: a head, a unit again and again, a tail."""
    return lambda size: head + (unit * (size // len(unit) + 1))[:size] + tail


PENDING = ("rag.verification", "rag.generation")
"""Rooms still being made linear beside this test: what is found there is told and does not fail it."""


def linear(found: dict[str, Growth], of: int, kind: str, tried: Tried) -> None:
    """Fail with what grows faster than the text, unless its room is PENDING."""
    told = [f"{name}: {' '.join(f'{second * 1000:.0f}' for second in seconds)} ms" for name, seconds in found.items()]
    failing = [line for line in told if not line.startswith(PENDING)]
    for line in told:
        print("superlinear:", line)
    assert not failing, "\n".join(failing)
    tried(kind, of, of)


# --- which patterns there are ---


def modules_of(*packages: str) -> list[ModuleType]:
    """Return all modules of packages, imported."""
    names = [
        found.name
        for package in packages
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    ]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
STAND_IN = "甲乙"
"""Stands in a pattern for what only a call knows: a name, mostly."""


def patterns_of(modules: Iterable[ModuleType]) -> dict[tuple[str | bytes, int], tuple[str, Pattern]]:
    """Return every pattern of the modules, wherever it is compiled, with the first place that has it.

    Found among the modules' values, in containers and dataclasses too, and in their source: what is handed to a function
    of re is computed from the module's names; where only a call knows a part of it, STAND_IN stands for it.
    """
    found: dict[tuple[str | bytes, int], tuple[str, Pattern]] = {}

    def keep(name: str, pattern: Pattern) -> None:
        found.setdefault((pattern.pattern, pattern.flags), (name, pattern))

    for module in modules:
        for name, value in vars(module).items():
            for pattern in _within(value, 4):
                keep(f"{module.__name__}.{name}", pattern)
        path = Path(module.__file__ or "")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{name}" for name in _CALLS} and node.args:
                source = _computed(node.args[0], module)
                if source is not None and not isinstance(source, re.Pattern):
                    others = [
                        _computed(part, module) for part in (*node.args[1:], *(word.value for word in node.keywords))
                    ]
                    flags = next((value for value in others if isinstance(value, re.RegexFlag)), re.NOFLAG)
                    keep(f"{module.__name__}:{node.lineno}", re.compile(source, flags))
    return found


def _within(value: object, depth: int) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            yield from _within(part, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for part in value:
            yield from _within(part, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(getattr(value, field.name), depth - 1)


def _computed(node: ast.expr, module: ModuleType) -> Any:
    """Return what an argument comes to; None where it is known to a call only."""
    try:
        return eval(compile(ast.Expression(node), "<pattern>", "eval"), dict(vars(module)))
    except Exception:
        if not isinstance(node, ast.JoinedStr):
            return None
    parts: list[Any] = node.values
    pieces = [part.value if isinstance(part, ast.Constant) else _computed(part.value, module) for part in parts]
    return "".join(STAND_IN if piece is None else str(piece) for piece in pieces)


# --- what hurts a pattern ---

_REPEATS = (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT, opcodes.POSSESSIVE_REPEAT)
LONG = 32
"""A part that may be repeated so often is taken for one without a bound."""
_PROBES = "1一a区 A\n，。“.-\u3000:"
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    opcodes.CATEGORY_DIGIT: str.isdecimal,
    opcodes.CATEGORY_SPACE: str.isspace,
    opcodes.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
}
_NOT_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    opcodes.CATEGORY_NOT_DIGIT: opcodes.CATEGORY_DIGIT,
    opcodes.CATEGORY_NOT_SPACE: opcodes.CATEGORY_SPACE,
    opcodes.CATEGORY_NOT_WORD: opcodes.CATEGORY_WORD,
}


def attacks_on(pattern: Pattern, limit: int = 60) -> list[tuple[str, str]]:
    """Return heads and units to be repeated after them, made of what the pattern repeats, and of its own matches.

    For each part that may be repeated without a bound: that part, alone, behind what leads to it, and together with it
    (so that a match begins everywhere and ends nowhere); then what matches the whole pattern.
    """
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = list(parser.parse(source, flags))
    repeats = list(_repeats(tree, []))
    literals = "".join(dict.fromkeys(_literals(tree)))
    alphabet = [*_PROBES, *literals[:: max(1, len(literals) // 12)]]
    accepted = [{c for c in alphabet if _accepts(body, c)} for _lead, body in repeats]
    alphabet.sort(
        key=lambda c: -sum(c in some for some in accepted)
    )  # what several parts take, they may part in many ways
    attacks: dict[tuple[str, str], None] = {}
    for (lead, body), some in zip(repeats, accepted, strict=True):
        heads = dict.fromkeys(_sample(lead, alphabet, variant) for variant in range(2))
        pumps = dict.fromkeys(
            [*[c for c in alphabet if c in some][:4], *(_sample(body, alphabet, variant) for variant in range(3))]
        )
        for head, pump in itertools.product(heads, filter(None, pumps)):
            attacks.update(dict.fromkeys([("", pump), (head, pump), ("", head + pump)]))
    for variant in range(3):
        whole = _sample(tree, alphabet, variant)
        attacks.update(dict.fromkeys([("", whole), ("", whole[:-1])] if len(whole) > 1 else []))
    chosen = list(attacks)
    return chosen[:: max(1, -(-len(chosen) // limit))]


def _repeats(nodes: Nodes, lead: Nodes) -> Iterator[tuple[Nodes, Nodes]]:
    """Yield what leads to each part that may be repeated without a bound, and the part."""
    for place, (op, value) in enumerate(nodes):
        before = [*lead, *nodes[:place]]
        if op in _REPEATS and value[1] >= LONG:
            yield before, list(value[2])
        for part in _parts(op, value):
            yield from _repeats(part, before)


def _parts(op: Any, value: Any) -> list[Nodes]:
    match op:
        case opcodes.MAX_REPEAT | opcodes.MIN_REPEAT | opcodes.POSSESSIVE_REPEAT:
            return [list(value[2])]
        case opcodes.SUBPATTERN:
            return [list(value[3])]
        case opcodes.ATOMIC_GROUP:
            return [list(value)]
        case opcodes.BRANCH | opcodes.ASSERT | opcodes.ASSERT_NOT:
            return [list(part) for part in (value[1] if op is opcodes.BRANCH else [value[1]])]
        case opcodes.GROUPREF_EXISTS:
            return [list(part) for part in value[1:] if part is not None]
    return []


def _literals(nodes: Nodes) -> Iterator[str]:
    for op, value in nodes:
        if op is opcodes.LITERAL:
            yield chr(value)
        elif op is opcodes.IN:
            yield from _literals(value)
        for part in _parts(op, value):
            yield from _literals(part)


def _accepts(nodes: Nodes, character: str) -> bool:
    """Whether a part may begin with this character; what may be left out before its first one is passed over."""
    for op, value in nodes:
        match op:
            case opcodes.AT | opcodes.ASSERT | opcodes.ASSERT_NOT | opcodes.GROUPREF:
                continue
            case opcodes.MAX_REPEAT | opcodes.MIN_REPEAT | opcodes.POSSESSIVE_REPEAT:
                if _accepts(list(value[2]), character):
                    return True
                if value[0] == 0:
                    continue
                return False
            case opcodes.SUBPATTERN | opcodes.ATOMIC_GROUP | opcodes.BRANCH | opcodes.GROUPREF_EXISTS:
                return any(_accepts(part, character) for part in _parts(op, value))
        return _is_in([(op, value)], character)
    return False


def _is_in(items: Nodes, character: str) -> bool:
    if items and items[0][0] is opcodes.NEGATE:
        return not _is_in(items[1:], character)
    for op, value in items:
        match op:
            case opcodes.LITERAL if value == ord(character):
                return True
            case opcodes.NOT_LITERAL if value != ord(character):
                return True
            case opcodes.ANY if character != "\n":
                return True
            case opcodes.RANGE if value[0] <= ord(character) <= value[1]:
                return True
            case opcodes.IN if _is_in(value, character):
                return True
            case opcodes.CATEGORY:
                opposite = _NOT_CATEGORIES.get(value)
                if not _CATEGORIES[opposite](character) if opposite is not None else _CATEGORIES[value](character):
                    return True
    return False


def _sample(nodes: Nodes, alphabet: list[str], variant: int) -> str:
    """Return what a part matches, leaving assertions aside; another one for each variant, where there are several."""
    pieces = []
    for op, value in nodes:
        match op:
            case opcodes.LITERAL:
                pieces.append(chr(value))
            case opcodes.IN | opcodes.ANY | opcodes.NOT_LITERAL:
                fitting = [c for c in alphabet if _is_in([(op, value)], c)]
                inside = [
                    chr(v if o is opcodes.LITERAL else v[0])
                    for o, v in (value if op is opcodes.IN else [])
                    if o in (opcodes.LITERAL, opcodes.RANGE)
                ]
                options = fitting or inside or ["x"]
                pieces.append(options[variant % len(options)])
            case opcodes.MAX_REPEAT | opcodes.MIN_REPEAT | opcodes.POSSESSIVE_REPEAT:
                once = _sample(list(value[2]), alphabet, variant)
                pieces.append(once * max(value[0], 1 if variant != 1 else 0))
            case opcodes.BRANCH:
                branches = _parts(op, value)
                pieces.append(_sample(branches[variant % len(branches)], alphabet, variant))
            case opcodes.SUBPATTERN | opcodes.ATOMIC_GROUP | opcodes.GROUPREF_EXISTS:
                pieces.append(_sample(_parts(op, value)[0], alphabet, variant))
    return "".join(pieces)
