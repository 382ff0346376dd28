"""An operator's own cross-encoder as the reader: any that sentence-transformers can load.

The only importer of sentence_transformers' CrossEncoder.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from index.records import Float32
from rag.errors import RerankerError
from rag.reader.bundled import TRIAL_PASSAGE, TRIAL_QUESTION
from rag.reader.readings import MAX_READ_PASSAGES, Reading

log = logging.getLogger(__name__)

MAX_ODDS = 12.0
"""Log odds of a probability that float32 cannot tell from 1."""


class CrossEncoderReader:
    """Reads passages with a cross-encoder; as many as its time allows.

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
            self.score(TRIAL_QUESTION, [TRIAL_PASSAGE])  # the first one also warms up
            started = clock()
            self.score(TRIAL_QUESTION, [TRIAL_PASSAGE])
        except Exception as error:  # the library raises many kinds; all mean the same to the operator
            raise RerankerError(
                f"cross-encoder {name!r} cannot be loaded: {error}. Nothing is downloaded from here: bring the model's "
                f"folder to this machine and set WENJU_RERANKER to its path, or to 'bundled'"
            ) from error
        passage_ms = (clock() - started) * 1000
        self.limit = min(MAX_READ_PASSAGES, int(budget_ms / passage_ms))
        if self.limit < 2:
            raise RerankerError(
                f"cross-encoder {name!r} takes {passage_ms:.0f} ms for one passage, which leaves nothing to compare "
                f"within WENJU_RERANKER_BUDGET_MS={budget_ms}: raise it, or set WENJU_RERANKER to 'bundled'"
            )
        log.info("cross-encoder %s: %.0f ms a passage, reads %d", name, passage_ms, self.limit)

    def read(self, question: str, passages: Sequence[str]) -> Iterator[Reading]:
        """Yield a reading of each passage, all read at once; without places."""
        for score in self.score(question, passages).tolist():
            yield Reading(odds_of(score))

    def score(self, question: str, texts: Sequence[str]) -> Float32:
        """Return (n,) how well each text answers, as the model's own activation function gives it."""
        pairs = [(question, text) for text in texts]
        scores = self._model.predict(pairs, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(scores, np.float32).reshape(len(texts))


def odds_of(score: float) -> float:
    """Return the log odds of a score that is a probability; one outside 0 to 1 is log odds already."""
    if not 0 <= score <= 1:
        return score
    return max(-MAX_ODDS, min(MAX_ODDS, math.log(score / (1 - score)) if 0 < score < 1 else (2 * score - 1) * MAX_ODDS))
