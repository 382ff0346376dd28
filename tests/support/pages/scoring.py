"""How well predicted articles match the truth about a page: 8-gram F1, titles, order of joined pieces.

`python tests/support/pages/scoring.py DIR/gold.jsonl predictions.jsonl` scores lines of {"source", "title", "text"} against pages that
`damage` wrote, and lists the articles that came back worst.
"""

import json
import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from composing import TrueArticle
from scipy.optimize import linear_sum_assignment

GRAM = 8
EXACT = 0.98
SAME_TITLE = 0.85
QUOTES = str.maketrans(dict.fromkeys("“”‘’『』「」'", '"'))


class Predicted(Protocol):
    """What an article must show to be scored."""

    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """One true article against the prediction assigned to it. title, order: None where there is none to find."""

    truth: TrueArticle
    prediction: int | None
    f1: float
    title: bool | None
    order: float | None

    @property
    def exact(self) -> bool:
        return self.f1 >= EXACT


@dataclass(frozen=True, slots=True)
class PageScore:
    """Scores of a page's articles, and how many predictions answer to none of them."""

    articles: tuple[ArticleScore, ...]
    unmatched: int

    @property
    def f1(self) -> float:
        return mean([article.f1 for article in self.articles])


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def score_page(truth: Sequence[TrueArticle], predicted: Sequence[Predicted]) -> PageScore:
    """Score the one-to-one assignment of predictions to true articles with the greatest total F1."""
    gold = [grams(article.text) for article in truth]
    found = [grams(article.text) for article in predicted]
    cells = np.array([[f1(one, other) for other in found] for one in gold]).reshape(len(gold), len(found))
    rows, columns = linear_sum_assignment(cells, maximize=True)
    partner = {int(row): int(column) for row, column in zip(rows, columns, strict=True) if cells[row, column] > 0}
    texts = [squeeze(article.text) for article in predicted]
    scores = []
    for number, article in enumerate(truth):
        column = partner.get(number)
        title = predicted[column].title if column is not None else None
        joined = [any(squeeze(join) in text for text in texts) for join in article.joins]
        scores.append(
            ArticleScore(
                article,
                column,
                float(cells[number, column]) if column is not None else 0.0,
                None if article.title is None else any(same_title(title, form) for form in title_forms(article)),
                mean(joined) if joined else None,
            )
        )
    return PageScore(tuple(scores), len(predicted) - len(partner))


def title_forms(article: TrueArticle) -> list[str]:
    """The headline, alone or with kicker and deck; roles cannot be told without type sizes, so each alone too."""
    title, kicker, deck = article.title or "", article.kicker or "", article.deck or ""
    forms = [title, kicker + title, title + deck, kicker + title + deck, title + kicker, kicker, deck]
    return [form for form in forms if form]


def letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(QUOTES).split())


def grams(text: str) -> Counter[str]:
    kept = letters(text)
    return Counter([kept] if 0 < len(kept) < GRAM else [kept[at : at + GRAM] for at in range(len(kept) - GRAM + 1)])


def f1(one: Counter[str], other: Counter[str]) -> float:
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values())) if common else 0.0


def same_title(one: str | None, other: str | None) -> bool:
    left, right = letters(one or ""), letters(other or "")
    if not left or not right:
        return False
    return 1 - edits(left, right) / max(len(left), len(right)) >= SAME_TITLE


def edits(one: str, other: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, 1):
        diagonal, row[0] = row[0], number
        for column, right in enumerate(other, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (left != right))
    return row[-1]


def table(scores: Sequence[PageScore]) -> str:
    """One row a kind of damage: how well the articles that it hit come back."""
    median = statistics.median(score.f1 for score in scores)
    stray = sum(score.unmatched for score in scores)
    rows = [
        f"{len(scores)} generated pages: median f1 {median:.4f}, {stray} predictions without a true article",
        f"{'damage':20} {'pages':>5} {'articles':>8} {'f1':>6} {'exact':>6} {'title':>6} {'order':>6}",
    ]
    hit = Counter(kind for score in scores for article in score.articles for kind in article.truth.kinds)
    for kind in ["all", *sorted(hit)]:
        within = [[a for a in score.articles if kind == "all" or kind in a.truth.kinds] for score in scores]
        rows.append(row(kind, sum(map(bool, within)), [article for some in within for article in some]))
    return "\n".join(rows)


def row(kind: str, count: int, scores: Sequence[ArticleScore]) -> str:
    title = mean([score.title for score in scores if score.title is not None])
    order = mean([score.order for score in scores if score.order is not None])
    figures = (mean([score.f1 for score in scores]), mean([score.exact for score in scores]), title, order)
    return f"{kind:20} {count:5} {len(scores):8} " + " ".join(f"{figure:6.3f}" for figure in figures)


@dataclass(frozen=True, slots=True)
class _Prediction:
    text: str
    title: str | None


def main(gold: Path, predictions: Path) -> None:
    truth: dict[str, list[TrueArticle]] = {}
    found: dict[str, list[_Prediction]] = {}
    for line in gold.read_text("utf-8").splitlines():
        article = json.loads(line)
        source = article.pop("source")
        lists = {key: tuple(article[key]) for key in ("subheads", "captions", "joins")}
        truth.setdefault(source, []).append(TrueArticle(**article | lists | {"kinds": frozenset(article["kinds"])}))
    for line in predictions.read_text("utf-8").splitlines():
        one = json.loads(line)
        found.setdefault(Path(one["source"]).name, []).append(_Prediction(one["text"], one["title"]))
    scores = {source: score_page(articles, found.get(source, [])) for source, articles in truth.items()}
    print(table(list(scores.values())))
    worst = [(score.f1, source, score.truth) for source, page in scores.items() for score in page.articles]
    for figure, source, one_true in sorted(worst, key=lambda row: row[0])[:20]:
        print(f"{figure:.3f} {source} {one_true.title} | {one_true.text[:20]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
