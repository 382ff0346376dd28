"""Scores of predicted articles by kind: the measures of the hand-made gold's scorer, over generated pages.

    python -m press.measure OUT/gold PREDICTED.jsonl [--pages OUT/pages] [--json]

f1: 8-gram F1 of the body, letters and digits only, under the best one-to-one assignment of a page. exact: F1 >= 0.98.
title: similarity >= 0.85 to the headline, with or without kicker and deck (where roles are uncertain, one of them alone).
order: joins of spans whose 12 + 12 characters stand together in one predicted text.
"""

import argparse
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

_GRAM, _EXACT, _TITLE, _SIDE = 8, 0.98, 0.85, 12
_QUOTES = str.maketrans(dict.fromkeys("“”‘’『』「」'", '"'))


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """How one article of the gold was rebuilt.

    Args:
        title: None where no headline is printed.
        joins: kind of each join, and whether it was made.
        kinds: the article's and its page's.
        number: of the prediction that it was assigned; None where there is none.
    """

    page: str
    id: str
    f1: float
    precision: float
    recall: float
    title: bool | None
    invented_title: bool
    joins: tuple[tuple[str, bool], ...]
    kinds: frozenset[str]
    number: int | None

    @property
    def exact(self) -> bool:
        """Whether its body is right but for a few characters."""
        return self.f1 >= _EXACT


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN").lower()


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


def _grams(text: str) -> Counter[str]:
    folded = _letters(text)
    if len(folded) < _GRAM:
        return Counter([folded] if folded else [])
    return Counter(folded[i : i + _GRAM] for i in range(len(folded) - _GRAM + 1))


def _agreement(gold: Counter[str], predicted: Counter[str]) -> tuple[float, float, float]:
    common = (gold & predicted).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / predicted.total(), common / gold.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def _similarity(a: str, b: str) -> float:
    a, b = _letters(a), _letters(b)
    if not a or not b:
        return 0.0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return 1 - row[-1] / max(len(a), len(b))


def _titles(article: Mapping[str, Any]) -> list[str]:
    headline, kicker, deck = article["headline"], article["kicker"] or "", article["deck"] or ""
    found = [headline, kicker + headline, headline + deck, kicker + headline + deck]
    if article["roles_uncertain"]:
        found += [kicker, deck, headline + kicker]
    return [t for t in found if t]


def score_page(text: str, gold: Mapping[str, Any], predicted: list[tuple[str | None, str]]) -> list[ArticleScore]:
    """Score one page's predicted (title, text) pairs."""
    articles = gold["articles"]
    parts = [[text[b:e] for b, e in a["spans"]] for a in articles]
    grams = [_grams(t) for _, t in predicted]
    cells = [[_agreement(g, p) for p in grams] for g in (_grams("".join(x)) for x in parts)]
    table = np.array([[c[2] for c in row] for row in cells]).reshape(len(articles), len(predicted))
    rows, columns = linear_sum_assignment(-table)
    chosen = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if table[i, j] > 0}
    flat = [_squeezed(t) for _, t in predicted]
    found = []
    for i, article in enumerate(articles):
        j = chosen.get(i)
        precision, recall, f1 = cells[i][j] if j is not None else (0.0, 0.0, 0.0)
        title = (predicted[j][0] or "") if j is not None else ""
        right = max(_similarity(title, t) for t in _titles(article)) >= _TITLE if article["headline"] else None
        joins = []
        for k, kind in enumerate(article["joins"], 1):
            window = _squeezed("".join(parts[i][:k]))[-_SIDE:] + _squeezed("".join(parts[i][k:]))[:_SIDE]
            joins.append((kind, any(window in t for t in flat)))
        kinds = frozenset(article["kinds"]) | frozenset(gold["kinds"])
        found.append(
            ArticleScore(gold["file"], article["id"], f1, precision, recall, right, right is None and bool(title)
                         and f1 > 0.5, tuple(joins), kinds | {f"form:{article['kind']}"}, j)
        )  # fmt: skip
    return found


def score_folder(gold: Path, pages: Path, predicted: Iterable[Mapping[str, Any]]) -> list[ArticleScore]:
    """Score all pages of a folder of gold."""
    by_page: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for record in predicted:
        by_page[Path(record["source"]).name].append((record["title"], record["text"]))
    found = []
    for path in sorted(gold.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        text = (pages / truth["file"]).read_bytes().decode("utf-8")
        found += score_page(text, truth, by_page[truth["file"]])
    return found


def _share(values: Iterable[bool | float]) -> str:
    listed = list(values)
    return f"{sum(listed) / len(listed):.3f}" if listed else "    -"


def table_of(scores: list[ArticleScore]) -> str:
    """Lay out the scores of all, of each kind, and of each kind of join."""
    rows = [("ALL", scores)]
    rows += [(k, [s for s in scores if k in s.kinds]) for k in sorted({k for s in scores for k in s.kinds})]
    lines = [f"{'kind':20s}    n    f1 exact title order joins"]
    for name, own in rows:
        joins = [ok for s in own for _, ok in s.joins]
        titles = [s.title for s in own if s.title is not None]
        lines.append(
            f"{name:20s} {len(own):4d} {_share(s.f1 for s in own)} {_share(s.exact for s in own)} {_share(titles)} "
            f"{_share(joins)} {len(joins):5d}"
        )
    lines.append("joins by kind")
    made = [join for s in scores for join in s.joins]
    lines += [
        f"{kind:20s} {n:4d} {_share(ok for k, ok in made if k == kind)}"
        for kind, n in sorted(Counter(k for k, _ in made).items())
    ]
    return "\n".join([*lines, f"invented titles {sum(s.invented_title for s in scores)}"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m press.measure", description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path)
    parser.add_argument("--pages", type=Path, help="folder of the pages; beside the gold without this option")
    options = parser.parse_args()
    with options.predicted.open(encoding="utf-8") as lines:
        predicted = [json.loads(line) for line in lines if line.strip()]
    print(table_of(score_folder(options.gold, options.pages or options.gold.parent / "pages", predicted)))


if __name__ == "__main__":
    main()
