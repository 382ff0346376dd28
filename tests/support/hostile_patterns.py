"""The regular expressions of packages, and what hurts each: made of what it repeats, from its parse tree.

the packages' modules ─ patterns_of ─► patterns ─ attacks_on ─► units to repeat
"""

import ast
import importlib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

parser: Any = importlib.import_module("re._parser")  # the public name, sre_parse, is deprecated
opcodes: Any = importlib.import_module("re._constants")

Pattern = re.Pattern[str] | re.Pattern[bytes]
Nodes = Sequence[tuple[Any, Any]]
"""A stretch of a pattern's parse tree: operations with what they apply to."""

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

    For each part that may be repeated without a bound: every character of a set that leads to it and that it takes itself
    (a match begins everywhere and runs to the end); that part, alone, behind what leads to it, and together with it (so
    that a match begins everywhere and ends nowhere); then what matches the whole pattern. The first are always among
    those chosen, of the others as many as the limit leaves.
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
    leading = dict.fromkeys(("", c) for lead, body in repeats for c in _last_set(lead) if _accepts(body, c))
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
    others = [attack for attack in attacks if attack not in leading]
    return [*leading, *others[:: max(1, -(-len(others) // max(1, limit - len(leading))))]]


def _last_set(lead: Nodes) -> list[str]:
    """Return the single characters, or first ones of ranges, of the set right before a repeated part."""
    if not lead:
        return []
    op, value = lead[-1]
    if op is opcodes.SUBPATTERN:
        return _last_set(list(value[3]))
    if op is not opcodes.IN:
        return []
    return [
        chr(item if o is opcodes.LITERAL else item[0]) for o, item in value if o in (opcodes.LITERAL, opcodes.RANGE)
    ]


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
