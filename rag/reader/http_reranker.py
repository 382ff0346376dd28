"""A rerank server as the reader: Text Embeddings Inference, vLLM, Xinference and what else speaks one of their two forms.

{"model", "query", "documents"} → {"results": [{"index", "relevance_score"}]}     Jina, Cohere, vLLM, Xinference
{"query", "texts"}              → [{"index", "score"}]                            Text Embeddings Inference
"""

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import RerankerError
from rag.reader.cross_encoder import odds_of
from rag.reader.readings import MAX_READ_PASSAGES, PassageReader, Reading

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 5.0


class HttpReranker:
    """Asks a server for the scores of all passages at once; where it fails, the reader of this machine reads them.

    Args:
        url: of the server's rerank route.
        model: its name for the server; empty where it has only one.
        instead: what reads when the server cannot.
        transport: in place of the network.
    """

    def __init__(
        self, url: str, model: str, instead: PassageReader, transport: "httpx.BaseTransport | None" = None
    ) -> None:
        import httpx

        self._url, self._model, self._instead = url, model, instead
        self._client = httpx.Client(timeout=SECONDS_TO_ANSWER, transport=transport)
        self._takes_texts = False
        self.limit = MAX_READ_PASSAGES

    def read(self, question: str, passages: Sequence[str]) -> Iterator[Reading]:
        """Yield a reading of each passage, without places where the server has read it."""
        try:
            yield from [Reading(odds_of(score)) for score in self.score(question, passages)]
        except RerankerError as error:
            log.warning("%s; the bundled reader reads instead", error)
            yield from self._instead.read(question, passages[: self._instead.limit])

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the score of each text.

        Raises:
            RerankerError: the server cannot be reached, or its reply is none to the question.
        """
        import httpx

        try:
            reply = self._client.post(self._url, json=self._body(question, texts))
            if reply.status_code in (400, 422):  # which of the two forms it takes is found out once
                self._takes_texts = not self._takes_texts
                reply = self._client.post(self._url, json=self._body(question, texts))
            reply.raise_for_status()
            return _scores(reply.json(), len(texts))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RerankerError(f"rerank server {self._url} (WENJU_RERANKER_URL): {error!r}") from error

    def _body(self, question: str, texts: Sequence[str]) -> dict[str, Any]:
        if self._takes_texts:
            return {"query": question, "texts": list(texts), "truncate": True}
        named = {"model": self._model} if self._model else {}
        return {**named, "query": question, "documents": list(texts)}


def _scores(reply: Any, count: int) -> list[float]:
    """The scores in the order of the texts.

    Raises:
        ValueError: there is not one for each.
    """
    results = reply["results"] if isinstance(reply, dict) else reply
    by_index = {
        int(one["index"]): float(one["relevance_score"] if "relevance_score" in one else one["score"])
        for one in results
    }
    if sorted(by_index) != [*range(count)]:
        raise ValueError(f"scores for {sorted(by_index)} of {count} passages")
    return [by_index[place] for place in range(count)]
