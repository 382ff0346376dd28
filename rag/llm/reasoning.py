"""Takes a reasoning model's thoughts out of its answer. Pure."""

import re

_TAG = re.compile("</?think>")
_OPEN, _CLOSE = "<think>", "</think>"


class ThoughtFilter:
    """Takes <think>…</think> out of a text that comes in pieces.

    Holds back only what may still become a tag, and whitespace in front of the answer. A </think> that was never
    opened (llama.cpp#23320: the chat template opened it) drops what is in front of it and not yet emitted.
    """

    def __init__(self) -> None:
        self.thought = False
        self._held = ""
        self._inside = False
        self._fresh = True

    def feed(self, text: str) -> str:
        """Return what of the answer is now certain."""
        text = self._held + text
        kept: list[str] = []
        position = 0
        for tag in _TAG.finditer(text):
            before, position = text[position : tag.start()], tag.end()
            closing = tag[0] == _CLOSE
            if closing and not self._inside:
                self.thought |= any(part.strip() for part in (*kept, before))
                kept.clear()
            else:
                self._keep(kept, before)
            self._inside = not closing
        rest = text[position:]
        held_chars = next(
            (n for n in range(len(_CLOSE) - 1, 0, -1) if rest.endswith((_OPEN[:n], _CLOSE[:n]))),
            0,
        )
        cut = len(rest) - held_chars
        self._held = rest[cut:]
        self._keep(kept, rest[:cut])
        return "".join(kept)

    def flush(self) -> str:
        """Return what was held back and is no tag after all, now that nothing follows."""
        kept: list[str] = []
        self._keep(kept, self._held)
        self._held = ""
        return "".join(kept)

    def _keep(self, kept: list[str], text: str) -> None:
        if self._inside:
            self.thought |= bool(text.strip())
            return
        if self._fresh:
            text = text.lstrip()
            self._fresh = not text
        if text:
            kept.append(text)
