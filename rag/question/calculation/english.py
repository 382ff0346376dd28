"""An English question whose answer is reckoned → operation and terms."""

import re

from rag.question.analysis import QuestionAnalysis
from rag.question.calculation.records import MOST_TERMS, Calculation, Operation, Term

_MORE_THAN = re.compile(
    r"^(?:by )?how (?:many|much) (?P<word>more|fewer|less|higher|lower|larger|longer) (?:(?P<what>[\w' -]{1,120}?) )??(?P<verb>was|were|is|are|did|does|do) (?P<left>.{1,120}?) than (?P<right>.+)$",
    re.IGNORECASE,
)
_MORE_OF = re.compile(
    r"^how (?:many|much) (?P<word>more|fewer|less) (?P<left>[\w' -]{1,120}?) than (?P<right>[\w' -]{1,120}?) (?P<rest>(?:does|do|did|was|were|is|are) .+)$",
    re.IGNORECASE,
)
_APART = re.compile(
    r"^(?:what (?:is|was) the )?(?P<word>difference|gap) (?:in (?P<what>.{1,120}?) )?between (?P<left>.{1,120}?) and (?P<right>.+)$",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"^what (?:is|was) the (?:total|combined|sum)(?: number| amount)? of (?P<items>.{1,200}? and .+)$"
    r"|^how (?:many|much) (?P<listed>.{1,200}? and .{1,200}?) (?P<rest>(?:in total|altogether|combined|in all)\b.*)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r",\s*(?:and\s+)?|(?<!\s)\s++and\s+")
_IN = re.compile(r" (?:in|at|of|for|on|by|from|during|sent|does|did|were|was|are|is)\b")


def read_english(analysis: QuestionAnalysis) -> Calculation | None:
    """Return what an English question has reckoned; None for any other."""
    text = analysis.text.strip().rstrip("?.! ")
    if match := _MORE_OF.match(text):
        rest = match["rest"]
        sides = _completed([match["left"], match["right"]])
        return _made("difference", [(f"How many {side} {rest}", side) for side in sides], analysis, match["word"])
    if match := _MORE_THAN.match(text):
        left, right = match["left"], match["right"]
        bare, tail = _split_condition(right)
        owner = re.match(r"\A(.{1,120}?)['’]s (.+)", left)
        thing = f" {owner[2]}" if owner and re.search(r"['’]s$", bare) else ""
        pairs = [(f"What was {left}{tail}", left), (f"What was {bare}{thing}{tail}", bare)]
        return _made("difference", pairs, analysis, match["word"])
    if match := _APART.match(text):
        what = match["what"]
        pairs = [
            (f"What was {f'the {what} of ' if what else ''}{side}", side) for side in (match["left"], match["right"])
        ]
        return _made("difference", pairs, analysis, "")
    if match := _TOTAL.match(text):
        listed = match["items"] or match["listed"]
        said, condition = _split_condition(listed) if match["items"] else (listed, "")
        items = _completed(_SPLIT.split(said))
        rest = condition or f" {re.sub(r'^(?:in total|altogether|combined|in all)', '', match['rest'] or '').strip()}"
        return _made("sum", [(f"How many {item}{rest}", item) for item in items], analysis, "")
    return None


def _split_condition(text: str) -> tuple[str, str]:
    """The east branch in 2019 → the east branch, " in 2019"."""
    behind = _IN.search(text)
    return (text[: behind.start()], text[behind.start() :]) if behind else (text, "")


def _completed(items: list[str]) -> list[str]:
    """Public and private charging piles → public charging piles, private charging piles; other lists as they are."""
    first, *_between, last = items
    words = last.split()
    if len(first.split()) == 1 and len(words) > 1 and not first.endswith("s"):
        return [*(f"{item} {' '.join(words[1:])}" for item in items[:-1]), last]
    if len(words) == 2 and words[1] in ("ones", "one"):
        return [*items[:-1], f"{words[0]} {' '.join(first.split()[1:])}"]
    return [item.strip() for item in items if item.strip()]


def _made(
    operation: Operation, pairs: list[tuple[str, str]], analysis: QuestionAnalysis, word: str
) -> Calculation | None:
    if not 2 <= len(pairs) <= MOST_TERMS:
        return None
    return Calculation(
        operation, tuple(Term(f"{question}?", label) for question, label in pairs), analysis.unit, word.lower()
    )
