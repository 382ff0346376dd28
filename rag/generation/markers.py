"""Citation markers in a text: put in, taken out, tidied."""

import re
import unicodedata
from collections.abc import Iterable

MARKER = re.compile(r"\[\d+\]")


def put_markers(text: str, numbers: Iterable[int]) -> str:
    """Put markers before the closing punctuation of a statement: 下降22.2%。 → 下降22.2%[1]。"""
    place = len(text.rstrip("。！？!?；;.,，：:"))  # not inside a closing quotation mark: nobody said it
    return text[:place] + "".join(f"[{number}]" for number in numbers) + text[place:]


def unmark(text: str) -> str:
    """Turn numbers in square brackets that were printed into 〔3〕: only our own markers may look like markers."""
    return re.sub(r"\[(\s*\d+\s*)\]", r"〔\1〕", text)


def tidy(text: str) -> str:
    """Close the gaps that typesetting leaves in Chinese text: 42 微克 → 42微克. For display, never for a quote."""
    kept = unicodedata.normalize("NFC", text)
    # A clause that was cut out of a longer sentence gets the full stop of its own script.
    kept = re.sub(r"(?<=[\x00-\x7f])[;,]$", ".", kept)
    kept = re.sub(r"[；;，,]$", "。", kept)
    return re.sub(
        r"(?<=[\u4e00-\u9fff，。；：、（）“”])[ \u3000]+(?=[\dA-Za-z])|(?<=[\dA-Za-z%])[ \u3000]+(?=[\u4e00-\u9fff])",
        "",
        kept,
    )
