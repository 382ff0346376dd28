"""Sub-headings of generated pages with the paragraphs that they stand over: what their places are learnt from."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import numpy as np
import numpy.typing as npt
from page_truth import Place, TruePage

from index.segment.sections import section_rows
from index.segment.segmenter import draft_articles

Floats = npt.NDArray[np.float64]
TAKEN_OUT = 0.7
"""Share of the sub-headings printed in their place that are taken for lifted ones: few pages have those."""
DRAWS = 3
"""How often an article's sub-headings are drawn; first those that were lifted indeed."""
PASSED = 3
"""Characters by which the paragraph above may end behind a sub-heading's place: marks that the truth folds."""


def section_examples(page: TruePage, rng: Random) -> Iterator[tuple[Floats, bool, int]]:
    """Yield for each sub-heading of an article and each of its paragraphs whether it stands over it."""
    for texts, subheads, is_fresh in sectioned(page):
        for draw in range(DRAWS):
            out = [one for one in subheads if (one[2] if not draw else rng.random() < TAKEN_OUT)]
            if not out or len(texts) < 2:
                continue
            printed = sorted({place for _text, place, _lifted in subheads} - {place for _text, place, _lifted in out})
            rows = section_rows([text for text, _place, _lifted in out], texts, printed, has_lead=is_fresh)
            for own, (_text, place, _lifted) in zip(rows, out, strict=True):
                for number, row in enumerate(own):
                    yield row, number == place, page.count


def sectioned(page: TruePage) -> Iterator[tuple[list[str], list[tuple[str, int, bool]], bool]]:
    """Yield of each article with sub-headings its paragraphs, each sub-heading's text, paragraph and whether it was lifted,
    in print order, and whether the article opens by its own word."""
    if page.heading is None:
        return
    blocks = page.blocks()
    drafts, _spans, _topics, _free = draft_articles(blocks)
    heads: list[tuple[int, Place]] = []
    for at, block in enumerate(blocks):
        told = page.heading(block.text.text, block) if block.role == "heading" else None
        place = page.place(block) if told and told[1] else None
        if place:
            heads.append((at, place))
    for draft in drafts:
        paragraphs = [at for at in draft.places if blocks[at].role == "text" and at not in draft.subheads]
        places = [page.place(blocks[at]) for at in paragraphs]
        articles = Counter(place.article for place in places if place)
        if not articles or not heads:
            continue
        ((main, _count),) = articles.most_common(1)
        own = []
        for at, head in heads:
            below = [n for n, one in enumerate(places) if one and one.article == main and one.first > head.first]
            if head.article != main or not below:
                continue
            over = min(below, key=lambda n: places[n].first)  # type: ignore[union-attr]
            if all(one is None or one.article != main or one.last <= head.first + PASSED for one in places[:over]):
                own.append((blocks[at].text.text, over, at not in draft.subheads))
        if own:
            yield [blocks[at].text.text for at in paragraphs], own, blocks[draft.places[0]].is_fresh
