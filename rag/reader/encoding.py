"""Question and passage → the token ids that the reader sees, and where each token stands in the passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MAX_TOKENS = 256
"""Of a pair; training saw none longer."""
MAX_QUERY_TOKENS = 64
BOS, EOS = 0, 2
SPECIAL_TOKENS = 4
"""<s> query </s></s> passage </s>, as XLM-RoBERTa's pairs are written (Conneau et al. 2020)."""


class Tokenizer(Protocol):
    """What is needed of sentencepiece.SentencePieceProcessor."""

    def encode(self, text: str, *, return_type: str) -> "Pieces":
        """Return the pieces of a text with `return_type="proto"`."""


class Pieces(Protocol):
    """sentencepiece's SentencePieceText."""

    pieces: Sequence["Piece"]


class Piece(Protocol):
    """One token: its id, and its place in the text's UTF-8 bytes."""

    id: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as tokens.

    Args:
        ids: without <s> and </s>.
        spans: (start, end) of each in the text, in characters.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What the reader sees.

    Args:
        ids: of the pair, with the special tokens.
        first: place of the passage's first token in `ids`.
        spans: (start, end) in the passage, in characters, of each of its tokens that is in `ids`.
    """

    ids: tuple[int, ...]
    first: int
    spans: tuple[tuple[int, int], ...]


def tokenize(tokenizer: Tokenizer, text: str) -> Tokens:
    """Return the tokens of a text; tokens of no character (the word boundary before the first) are kept."""
    pieces = tokenizer.encode(text, return_type="proto").pieces
    places = _characters_at(text)
    return Tokens(
        tuple(piece.id for piece in pieces), tuple((places[piece.begin], places[piece.end]) for piece in pieces)
    )


def _characters_at(text: str) -> list[int]:
    """For each byte of the text in UTF-8, and for its end, the number of the character that it belongs to."""
    places: list[int] = []
    for number, character in enumerate(text):
        code = ord(character)
        places += [number] * (1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4)
    return [*places, len(text)]


def make_pair(query: Tokens, passage: Tokens, skipped: int = 0) -> Pair:
    """Return the pair, with what there is room for of the passage from its token `skipped` on."""
    asked = query.ids[:MAX_QUERY_TOKENS]
    kept = slice(skipped, skipped + room_for(query))
    ids = (BOS, *asked, EOS, EOS, *passage.ids[kept], EOS)
    return Pair(ids, len(asked) + SPECIAL_TOKENS - 1, passage.spans[kept])


def room_for(query: Tokens) -> int:
    """Return how many tokens of a passage are read beside the query."""
    return MAX_TOKENS - SPECIAL_TOKENS - min(len(query.ids), MAX_QUERY_TOKENS)
