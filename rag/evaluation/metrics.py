"""How well a ranking of documents answers a question: hit, recall, reciprocal rank, discounted gain."""

import math
from collections.abc import Collection, Sequence

CUTOFFS = (1, 5, 10, 20)
NAMES = (*(f"hit@{k}" for k in CUTOFFS), *(f"recall@{k}" for k in CUTOFFS), "MRR@10", "nDCG@10")


def score_ranking(gold: Collection[str], ranked: Sequence[str]) -> dict[str, float]:
    """Return NAMES → figure in [0, 1] of one question.

    hit@k: 1 when any gold document is among the first k (each answers the question by itself). recall@k: share of the
    gold documents among the first k. MRR@10: 1 / rank of the first gold document, 0 past rank 10. nDCG@10: gain 1 for a
    gold document, discounted by log2(rank + 1), over that of the best ranking (Järvelin & Kekäläinen 2002).

    Args:
        gold: ids, at least one.
        ranked: ids, best first; one that comes again counts at its first rank.
    """
    wanted = set(gold)
    found = [place for place, document in enumerate(dict.fromkeys(ranked)) if document in wanted]
    scores = {f"hit@{k}": float(any(place < k for place in found)) for k in CUTOFFS}
    scores |= {f"recall@{k}": sum(place < k for place in found) / len(wanted) for k in CUTOFFS}
    scores["MRR@10"] = 1 / (found[0] + 1) if found and found[0] < 10 else 0.0
    gain = sum(1 / math.log2(place + 2) for place in found if place < 10)
    scores["nDCG@10"] = gain / sum(1 / math.log2(place + 2) for place in range(min(len(wanted), 10)))
    return scores


def first_rank(gold: Collection[str], ranked: Sequence[str]) -> int | None:
    """Return the rank, from 1, of the first gold document; None where none was found."""
    return next((rank for rank, document in enumerate(dict.fromkeys(ranked), 1) if document in gold), None)
