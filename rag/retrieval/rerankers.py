"""Candidates → best first: a linear reranker over features for every search, a cross-encoder on request for answers.

The only importer of sentence_transformers' CrossEncoder.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from index.records import Float32
from rag.errors import RerankerError
from rag.retrieval.features import FEATURES, Candidate
from rag.retrieval.linear_model import Weights, read_weights

log = logging.getLogger(__name__)

LINEAR = "light"
"""The setting that names no cross-encoder."""
FUSION = ("centred_cosine", "bm25_ratio", "article_bm25_ratio")
"""What the first stage sums up: cosine, and BM25 of chunk and article as shares of what they cannot exceed."""
CROSS_ENCODER_PASSAGES = 8
"""Passages that a cross-encoder reads at most."""
TRIAL_PASSAGE = (
    "关于老旧小区加装电梯补贴标准的问题，区住房城乡建设委有关负责人表示，今年的补贴将按照每部电梯的投资额核定，分两次拨付。"
    * 5
)


def load_ranking_weights() -> tuple[Weights, Weights]:
    """Return the weights of the fusion (over FUSION) and of the linear reranker (over rag.retrieval.features.FEATURES)."""
    return read_weights("rag.retrieval", "fusion", FUSION), read_weights("rag.retrieval", "reranker", FEATURES)


def apply_cross_encoder(
    question: str, ranked: Sequence[Candidate], reranker: "CrossEncoderReranker"
) -> list[Candidate]:
    """Return the candidates with the best ones in the order that the cross-encoder gives them."""
    best = ranked[: reranker.limit]
    scores = reranker.score(question, [candidate.text for candidate in best])
    return [best[place] for place in np.argsort(-scores, kind="stable")] + list(ranked[reranker.limit :])


class CrossEncoderReranker:
    """Any cross-encoder that sentence-transformers can load; reads as many passages as its time allows.

    A cross-encoder of twelve layers over eight passages costs a two-core machine most of a second. So its speed on one
    passage is measured when it is loaded, and it reads only as many as fit into the budget.

    Args:
        name: a model's folder, or a name that the local cache holds.
        budget_ms: milliseconds that it may take for one question.
        clock: seconds, by which its speed is measured.
    Raises:
        RerankerError: it cannot be loaded, or is too slow to read even two passages.
    """

    def __init__(self, name: str, budget_ms: int, clock: Callable[[], float] = time.perf_counter) -> None:
        try:
            from sentence_transformers import CrossEncoder

            self._model: Any = CrossEncoder(name, device="cpu", local_files_only=True)
            self.score("老旧小区加装电梯补贴多少？", [TRIAL_PASSAGE])  # the first one also warms up
            started = clock()
            self.score("老旧小区加装电梯补贴多少？", [TRIAL_PASSAGE])
        except Exception as error:  # the library raises many kinds; all mean the same to the operator
            raise RerankerError(
                f"cross-encoder {name!r} cannot be loaded: {error}. Nothing is downloaded from here: bring the model's "
                f"folder to this machine and set WENJU_RERANKER to its path, or to 'light'"
            ) from error
        passage_ms = (clock() - started) * 1000
        self.limit = min(CROSS_ENCODER_PASSAGES, int(budget_ms / passage_ms))
        if self.limit < 2:
            raise RerankerError(
                f"cross-encoder {name!r} takes {passage_ms:.0f} ms for one passage, which leaves nothing to compare "
                f"within WENJU_RERANKER_BUDGET_MS={budget_ms}: raise it, or set WENJU_RERANKER to 'light'"
            )
        log.info("cross-encoder %s: %.0f ms a passage, reads %d", name, passage_ms, self.limit)

    def score(self, question: str, texts: Sequence[str]) -> Float32:
        """Return (n,) how well each text answers, comparable within one question."""
        pairs = [(question, text) for text in texts]
        scores = self._model.predict(pairs, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(scores, np.float32).reshape(len(texts))
