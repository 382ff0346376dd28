"""Learns how pages are parted into articles on generated pages, and writes it to index/segment/weights.json.

    python tests/training/train_segmentation.py [--news NEWS.jsonl.gz] [--pages 300] [--seed 101]
        [--stages openings lines cuts seams links headings sections]

NEWS (BEIR-like: "text", perhaps "title") fills the pages of the print shop, usual and hard, and teaches how articles open;
without it articles are invented, and openings are left as they are. TEST_NEWS fills the first generator's pages. Each
stage is learnt on what the one before makes of the pages: which words open an article and which begin or end in mid-sentence
(L1-regularised logistic regression), which headings are running text, where a paragraph and where a run is cut, which run goes
on from which, whose a heading is and whether it was lifted, where a lifted one stood (boosted trees). One thread
and fixed seeds: the same input gives the same file. Set OMP_NUM_THREADS=1: threads that wait for each other cost more.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).parents[1] / "support/pages"))

from page_truth import Place, TruePage, first_pages, news_pool, press_pages, sample_pages
from section_examples import section_examples
from string_weights import ending_texts, learn_strings, middle_texts, opening_texts

from index.segment import trees as learnt_trees
from index.segment.blocks import Block, make_block
from index.segment.heading_features import HEADING_FEATURES, Span, heading_rows
from index.segment.headlines import find_units
from index.segment.line_cuts import CUT_FEATURES, cut_features
from index.segment.line_roles import LINE_FEATURES, line_features
from index.segment.link_features import LINK_FEATURES, OPTION_FEATURES, own_rows
from index.segment.linking import option_rows, pairs_of
from index.segment.openings import ending_grams, middle_grams, opening_grams
from index.segment.page_runs import measure_page
from index.segment.runs import Run, find_runs
from index.segment.seams import SEAM_FEATURES, part_runs, seam_features
from index.segment.sections import SECTION_FEATURES
from index.segment.segmenter import draft_articles

FILE = Path(__file__).parents[2] / "index/segment" / learnt_trees.WEIGHTS_FILE
STAGES = ("openings", "lines", "cuts", "seams", "links", "headings", "sections")
SAMPLE_COUNT = 10
SLACK = 5
"""Characters by which two places may differ that are one: marks that the truth folds."""
COLUMN_PAGES = 3
"""For so many pages of a kind one more that is walked column by column: there paragraphs are cut, and hardly elsewhere."""
HEADING_BETWEEN = 60
"""Characters that a sub-heading takes up that was lifted out of the text."""
GAP_LOST, GAP_WRONG, GAP_WRONG_LINES = 0.4, 0.2, 0.15
"""Share of the pages on which blank lines tell nothing, and on which some lines' mislead: dumps differ in them."""
SHAPES = {
    "lines": (60, 0.1, 12),
    "cuts": (100, 0.1, 16),
    "seams": (120, 0.08, 12),
    "links": (100, 0.1, 16),
    "headings": (100, 0.1, 16),
    "lifted": (120, 0.05, 14),
    "sections": (100, 0.08, 12),
}
"""Trees, learning rate and leaves of each; the leaves hold at least LEAF_EXAMPLES."""
PENALTIES = {"headings": 5.0, "lifted": 5.0, "sections": 5.0}
"""L2 on the leaves' values. Without it a leaf of which nearly no example is true makes too long a step: of lifted sub-headings,
one pair in 180, log loss on other pages was .018 without it and .012 with it."""
LEAF_EXAMPLES = 30
DEEPEST = 6
"""Levels: what is deeper tells hardly more and takes as long again."""
Floats = npt.NDArray[np.float64]
Example = tuple[Floats, bool, int]


def line_examples(page: TruePage) -> Iterator[Example]:
    """Yield for each heading that was not printed twice whether it is running text."""
    if page.heading is None:
        return
    blocks = page.blocks(retold=False)
    places, rows = line_features(blocks)
    for place, row in zip(places, rows, strict=True):
        is_heading = page.heading(blocks[place].text.text, blocks[place]) is not None
        if is_heading or page.knows_all:  # a headline that was not found may stand in its article's text, too
            yield row, not is_heading and page.place(blocks[place]) is not None, page.count


def seam_examples(page: TruePage) -> Iterator[Example]:
    """Yield for each paragraph that has one above in its run whether another article begins."""
    blocks = page.blocks()
    runs = find_runs(blocks)
    places, rows = seam_features(blocks, runs)
    above = {place: before for run in runs for before, place in zip(run.places, run.places[1:], strict=False)}
    for place, row in zip(places, rows, strict=True):
        up, down = page.place(blocks[above[place]]), page.place(blocks[place])
        if up and down:
            yield row, up.last_article != down.article or down.first <= up.last - SLACK, page.count
        elif page.knows_all and (up or down):
            yield row, True, page.count


def cut_examples(page: TruePage) -> Iterator[Example]:
    """Yield for each break between two lines of a paragraph that is looked at whether another text begins there."""
    formed, blocks = page.uncut()
    breaks, rows = cut_features(formed, blocks)
    for one, row in zip(breaks, rows, strict=True):
        lines = blocks[one.place].paragraph.lines[one.line - 1 : one.line + 1]
        up, down = (page.place(make_block(formed, [line])) for line in lines)
        if up and down:
            goes_on = -SLACK < down.first - up.last < HEADING_BETWEEN
            yield row, up.last_article != down.article or not goes_on, page.count
        elif page.knows_all and (up or down):
            yield row, True, page.count


def link_examples(page: TruePage) -> Iterator[Example]:
    """Yield for each run its options, and whether it is the true one."""
    blocks = page.blocks()
    runs = part_runs(blocks, find_runs(blocks))
    if not runs:
        return
    seen = measure_page(blocks, runs)
    own, pairs = own_rows(seen), pairs_of(seen)
    links = option_rows(seen, own, pairs)
    heads = [page.place(blocks[run.places[0]]) for run in runs]
    tails = [page.place(blocks[run.places[-1]]) for run in runs]
    options: dict[int, list[tuple[int, int]]] = {}
    for number, (before, row) in enumerate(pairs):
        options.setdefault(row, []).append((before, number))
    for row, run in enumerate(runs):
        if run.is_fresh or (heads[row] is None and not page.knows_all):
            continue
        true = _before(runs, heads, tails, row)
        if true is not None and true not in [before for before, _number in options.get(row, ())]:
            continue
        yield np.pad(own[row], (0, len(LINK_FEATURES))), true is None, page.count
        for before, number in options.get(row, ()):
            yield links[number], before == true, page.count


def _before(runs: Sequence[Run], heads: Sequence[Place | None], tails: Sequence[Place | None], row: int) -> int | None:
    """The run that a run goes on from: of those of its article that end before it begins the last one."""
    head = heads[row]
    if head is None:
        return None
    earlier = [
        (tail.last, before)
        for before, tail in enumerate(tails)
        if tail and before != row and tail.last_article == head.article and tail.last < head.first + SLACK
    ]
    return max(earlier)[1] if earlier else None


def heading_examples(page: TruePage) -> Iterator[tuple[Floats, bool, bool, int]]:
    """Yield for each heading and article whether it is a line of its headline, and whether it was lifted out of it."""
    if page.heading is None:
        return
    blocks = page.blocks()
    _drafts, spans, topics, free = draft_articles(blocks)
    if not free or not spans:
        return
    units = find_units(blocks, free, "\n".join(span.text for span in spans))
    rows = heading_rows(blocks, spans, units, topics)
    article_of = _spans_of(page, blocks, spans)
    for number, unit in enumerate(units):
        true = page.heading("".join(blocks[place].text.text for place in unit), blocks[unit[0]])
        if true is not None and true[0] not in article_of:
            continue
        for span in range(len(spans)):
            is_own = true is not None and article_of[true[0]] == span
            yield rows[number, span], is_own and not true[1], is_own and true[1], page.count  # type: ignore[index]


def _spans_of(page: TruePage, blocks: Sequence[Block], spans: Sequence[Span]) -> dict[int, int]:
    """Return for each true article the span that has its beginning, of those that are mostly of it."""
    found: dict[int, tuple[int, int]] = {}
    for number, span in enumerate(spans):
        sizes: Counter[int] = Counter()
        firsts: dict[int, int] = {}
        for at in span.places:
            place = page.place(blocks[at])
            if place:
                sizes[place.article] += len(blocks[at].text)
                firsts[place.article] = min(firsts.get(place.article, place.first), place.first)
        if sizes:
            ((main, _size),) = sizes.most_common(1)
            found[main] = min(found.get(main, (firsts[main], number)), (firsts[main], number))
    return {article: number for article, (_first, number) in found.items()}


def with_other_gaps(features: Sequence[str], rows: Floats, pages: Sequence[int], seed: int) -> Floats:
    """Return rows with blank lines lost on some pages, and misleading on others."""
    rng = np.random.default_rng(seed)
    made = rows.copy()
    gap, frame = features.index("gap"), features.index("frame")
    drawn = rng.random(max(pages) + 1)[np.array(pages)]
    made[drawn < GAP_LOST, gap] = made[drawn < GAP_LOST, frame] = 0.0
    wrong = (drawn > 1 - GAP_WRONG) & (rng.random(len(made)) < GAP_WRONG_LINES)
    made[wrong, gap] = rng.choice([1, 1, 2, -1], wrong.sum())
    return made


def learn_trees(name: str, features: Sequence[str], rows: Floats, truths: Floats, counts: Floats) -> dict[str, Any]:
    """Return boosted trees as index.segment.trees reads them."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import average_precision_score, log_loss

    trees, rate, leaves = SHAPES[name]
    model = HistGradientBoostingClassifier(
        max_iter=trees, learning_rate=rate, max_leaf_nodes=leaves, min_samples_leaf=LEAF_EXAMPLES, max_depth=DEEPEST,
        l2_regularization=PENALTIES.get(name, 0.0), early_stopping=False, random_state=0,
    ).fit(rows, truths, sample_weight=counts)  # fmt: skip
    told = model.predict_proba(rows)[:, 1]
    print(f"{name}: {len(rows)} examples, {np.mean(truths):.4f} true, average precision "
          f"{average_precision_score(truths, told):.4f}, log loss {log_loss(truths, told):.4f} (on what was learnt from)")  # fmt: skip
    return exported(model, features)


def exported(model: Any, features: Sequence[str]) -> dict[str, Any]:
    """Return a fitted HistGradientBoostingClassifier's trees in plain lists."""
    found: dict[str, Any] = {"features": list(features), "base": round(float(model._baseline_prediction.ravel()[0]), 5)}
    lists: dict[str, list[Any]] = {name: [] for name in ("roots", "feature", "threshold", "left", "right", "value")}
    depth = 0
    for (tree,) in model._predictors:
        first = len(lists["feature"])
        lists["roots"].append(first)
        for number, node in enumerate(tree.nodes):
            is_leaf = bool(node["is_leaf"])
            lists["feature"].append(0 if is_leaf else int(node["feature_idx"]))
            lists["threshold"].append(0.0 if is_leaf else _rounded_up(float(node["num_threshold"])))
            lists["left"].append(first + number if is_leaf else first + int(node["left"]))
            lists["right"].append(first + number if is_leaf else first + int(node["right"]))
            lists["value"].append(float(f"{node['value']:.4g}") if is_leaf else 0.0)
            depth = max(depth, int(node["depth"]))
    return {**found, "depth": depth, **lists}


def _rounded_up(threshold: float) -> float:
    """Seven digits, never less: values that are the threshold stay on its left."""
    rounded = float(f"{threshold:.7g}")
    return rounded if rounded >= threshold else float(f"{rounded + abs(rounded) * 1e-6:.7g}")


def write(name: str, learnt: dict[str, Any]) -> None:
    """Put what was learnt into the file, and let this process use it."""
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    kept[name] = learnt
    FILE.write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    learnt_trees.learnt.cache_clear()
    learnt_trees.trees.cache_clear()


def _columns(examples: Iterable[tuple[int, Example]]) -> tuple[Floats, Floats, Floats, list[int]]:
    numbers, told = zip(*examples, strict=True)
    rows, truths, counts = zip(*told, strict=True)
    return np.array(rows), np.array(truths), np.array(counts, np.float64), list(numbers)


def main() -> None:
    """Learn the stages in their order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--stages", nargs="*", choices=STAGES, default=list(STAGES))
    options = parser.parse_args()
    pool = news_pool(options.news, options.seed)
    pages = [
        *sample_pages(SAMPLE_COUNT),
        *(page for profile in ("usual", "hard") for page in press_pages(pool, profile, options.seed, options.pages)),
        *press_pages(pool, "hard", options.seed + 1, options.pages // COLUMN_PAGES, column_by_column=True),
        *first_pages(options.seed, options.pages),
    ]
    if "openings" in options.stages and options.news:
        write("openings", learn_strings(opening_texts(pool), opening_grams))
        write("middles", learn_strings(middle_texts(pool, options.seed), middle_grams))
        write("endings", learn_strings(ending_texts(pool, options.seed), ending_grams))
    if "lines" in options.stages:
        rows, truths, counts, _numbers = _columns(
            (n, one) for n, page in enumerate(pages) for one in line_examples(page)
        )
        write("lines", learn_trees("lines", LINE_FEATURES, rows, truths, counts))
    if "cuts" in options.stages:
        rows, truths, counts, numbers = _columns((n, one) for n, page in enumerate(pages) for one in cut_examples(page))
        twice = np.concatenate([with_other_gaps(CUT_FEATURES, rows, numbers, draw) for draw in range(2)])
        write("cuts", learn_trees("cuts", CUT_FEATURES, twice, np.tile(truths, 2), np.tile(counts, 2)))
    if "seams" in options.stages:
        rows, truths, counts, numbers = _columns(
            (n, one) for n, page in enumerate(pages) for one in seam_examples(page)
        )
        twice = np.concatenate([with_other_gaps(SEAM_FEATURES, rows, numbers, draw) for draw in range(2)])
        write("seams", learn_trees("seams", SEAM_FEATURES, twice, np.tile(truths, 2), np.tile(counts, 2)))
    if "links" in options.stages:
        rows, truths, counts, _numbers = _columns(
            (n, one) for n, page in enumerate(pages) for one in link_examples(page)
        )
        write("links", learn_trees("links", OPTION_FEATURES, rows, truths, counts))
    if "headings" in options.stages:
        told = [one for page in pages for one in heading_examples(page)]
        for name, is_lifted in (("headings", False), ("lifted", True)):
            rows, truths, counts, _numbers = _columns(
                (0, (row, sub if is_lifted else head, n)) for row, head, sub, n in told
            )
            write(name, learn_trees(name, HEADING_FEATURES, rows, truths, counts))
    if "sections" in options.stages:
        rng = Random(options.seed)
        rows, truths, counts, _numbers = _columns((0, one) for page in pages for one in section_examples(page, rng))
        write("sections", learn_trees("sections", SECTION_FEATURES, rows, truths, counts))


if __name__ == "__main__":
    main()
