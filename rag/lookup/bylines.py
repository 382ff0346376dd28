"""Who writes: the by-lines of reports as printed, with how many reports each stands above."""

from collections import Counter
from collections.abc import Sequence

from index.store.listing import ListedArticle
from rag.generation.composition import Composition, Line
from rag.records import Language

SHOWN_BYLINES = 20
"""By-lines in one answer; how many there are is said as well."""


def tell_bylines(entries: Sequence[ListedArticle], role: str | None, what: str, language: Language) -> Composition:
    """Return the by-lines of some reports, those above most of them first.

    Args:
        role: what the by-lines must begin with: 记者; None for all.
        what: the reports, as an answer names them.
    """
    lines = [line for entry in entries for line in dict.fromkeys(entry.byline)]
    named = [line for line in lines if role is None or line.startswith(role)]
    counts = Counter(named).most_common()
    counts.sort(key=lambda item: (-item[1], item[0]))
    shown = counts[:SHOWN_BYLINES]
    english = language == "en"
    if not counts:
        none = f"None of the {what} has a by-line." if english else f"{what}都没有{role or ''}署名。"
        return Composition((Line(none),), "fixed")
    signed = sum(any(line in dict(counts) for line in entry.byline) for entry in entries)
    if english:
        head = f"{signed} of {len(entries)} {what} have a by-line; {len(counts)} different ones"
        head += f", of which these {len(shown)} stand above most:" if len(shown) < len(counts) else ":"
    else:
        head = f"{what}共{len(entries)}篇，其中{signed}篇有{role or ''}署名，共{len(counts)}种"
        head += f"，以下为篇数最多的{len(shown)}种：" if len(shown) < len(counts) else "："
    told = [Line(f"{name}: {count}" if english else f"{name}：{count}篇") for name, count in shown]
    best = shown[0][0].split()[-1]
    choice = f"Which reports were written by {best}?" if english else f"{best}写了哪些报道？"
    return Composition((Line(head), *told), "fixed", (choice,))
