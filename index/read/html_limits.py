"""Refuses markup that would keep the parser busy for minutes or fill the memory, before it is parsed."""

import re
from collections import Counter
from typing import Final

from index.errors import UnreadableError

_TAG: Final = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])(?>(?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*)"""
)
_QUOTED: Final = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
# Elements without an end tag, or whose end tag is commonly left out, do not pile up.
_FLAT: Final = frozenset(
    re.findall(
        r"\w+",
        "area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr "
        "track wbr",
    )
)

_STYLES: Final = frozenset(re.findall(r"\w+", "a b big code em font i nobr s small strike strong tt u"))

# lexbor's time and memory grow with the product of these; each is far above what pages of articles have.
MAX_TAGS: Final = 200_000
MAX_TAG_CHARS: Final = 4 << 10  # without quoted values (pictures may be there): 30,000 attributes take 1.7 s
MAX_MARKUP_CHARS: Final = 4 << 20  # all tags, counted likewise; each attribute takes some 150 bytes of memory
MAX_DEPTH: Final = 1_000  # Chrome stops at 512; 100,000 nested <div> take 19 s
# Styles left open are opened anew in each block that follows (HTML standard, 13.2.4.3): 1,000 of them, then
# 100,000 paragraphs make 100 million elements.
MAX_REOPENED: Final = 2_000_000


def check_markup(html: str) -> None:
    """Refuse a page that would keep the parser busy for minutes or fill the memory.

    Raises:
        UnreadableError: too_large (tags, attributes, nesting).
    """
    if html.count("<") > MAX_TAGS:
        raise _hostile(f"more than {MAX_TAGS:,} tags")
    open_tags: Counter[str] = Counter()
    depth = styled = reopened = markup = 0
    for tag in _TAG.finditer(html):
        bare = len(_QUOTED.sub("", tag[0]))
        markup += bare
        if bare > MAX_TAG_CHARS or markup > MAX_MARKUP_CHARS:
            raise _hostile("too many attributes")
        name = tag["name"].lower()
        if name not in _FLAT:
            # An end tag without a start tag closes nothing.
            change = 1 if not tag["end"] else -1 if open_tags[name] else 0
            open_tags[name] += change
            depth += change
            styled += change * (name in _STYLES)
        reopened += styled
        if depth > MAX_DEPTH or reopened > MAX_REOPENED:
            raise _hostile("too many elements are open at once")


def _hostile(message: str) -> UnreadableError:
    return UnreadableError("too_large", f"no page of an article looks like this: {message}", "save it as text")
