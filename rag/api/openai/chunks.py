"""Events of an answer → chunks of a streamed chat completion."""

import time
import uuid

import msgspec

from rag.api.openai.annotations import annotations_of, content_of, usage_of
from rag.api.openai.schemas import ChatChunk, ChunkChoice, ChunkDelta, Cites, CompletionUsage
from rag.api.problems import problem_of
from rag.records import Answer, Citation, Cited, Delta, Done, Event, Retrieved

END = b"data: [DONE]\n\n"


class ChatChunkEncoder:
    """Writes the events of one answer as OpenAI's clients read them; for one stream only.

    The first chunk has the role and, in `wenju`, the candidates; then one for every piece of text; one with the annotations
    and the whole Answer; one with the usage, where that is asked for; `[DONE]`.

    Args:
        model: as the request named it.
        origin: address at which the client reached this service.
        generation: of the index.
        prompt_tokens: of the messages, for a usage that no LLM's server has counted; None: no usage is asked for.
    """

    def __init__(self, model: str, origin: str, generation: str, prompt_tokens: int | None) -> None:
        self._id = f"chatcmpl-{uuid.uuid4().hex}"
        self._created = int(time.time())
        self._model = model
        self._origin = origin
        self._generation = generation
        self._prompt_tokens = prompt_tokens
        self._sent = ""
        self._is_open = False

    def event(self, event: Event) -> bytes:
        """The chunks of one event; none for a citation, since its annotation needs the text to be whole."""
        match event:
            case Retrieved(citations):
                return self._open(tuple(citations))
            case Delta(text):
                self._sent += text
                return self._open() + self._chunk(ChunkDelta(content=text))
            case Cited():
                return b""
            case Done(answer):
                return self._open() + self._close(answer)

    def error(self, error: Exception) -> bytes:
        """What ends the stream instead; the status has been sent long ago."""
        _status, body = problem_of(error)
        return b"data: " + msgspec.json.encode(body) + b"\n\n" + END

    def _open(self, candidates: tuple[Citation, ...] = ()) -> bytes:
        if self._is_open:
            return b""
        self._is_open = True
        return self._chunk(ChunkDelta(role="assistant", content=""), wenju=Cites(candidates))

    def _close(self, answer: Answer) -> bytes:
        # A refusal has no deltas: all that it says is in the Answer.
        rest = content_of(answer)[len(self._sent) :]
        blocks = [self._chunk(ChunkDelta(content=rest))] if rest else []
        last = ChunkDelta(annotations=annotations_of(answer, self._origin), wenju=Cites(answer.citations))
        blocks.append(self._chunk(last, is_last=True, wenju=answer))
        if self._prompt_tokens is not None:
            blocks.append(self._chunk(None, usage=usage_of(answer, self._prompt_tokens)))
        return b"".join([*blocks, END])

    def _chunk(
        self,
        delta: ChunkDelta | None,
        *,
        is_last: bool = False,
        usage: CompletionUsage | None = None,
        wenju: Cites | Answer | msgspec.UnsetType = msgspec.UNSET,
    ) -> bytes:
        chunk = ChatChunk(
            id=self._id,
            created=self._created,
            model=self._model,
            choices=[ChunkChoice(delta, finish_reason="stop" if is_last else None)] if delta else [],
            system_fingerprint=self._generation,
            usage=msgspec.UNSET if self._prompt_tokens is None else usage,
            wenju=wenju,
        )
        return b"data: " + msgspec.json.encode(chunk) + b"\n\n"
