"""Article → Chunks: even slices of whole sentences within a token budget."""

from collections.abc import Iterator, Sequence

from index.language.sentences import find_atoms, split_sentences
from index.language.tables import Table, find_tables
from index.language.token_count import count_tokens
from index.records import Article, Chunk

CHUNK_TOKENS = 320
"""Budget of a chunk in tiktoken's tokens: about 270 Chinese characters, 200 of the bundled model's tokens."""
COUNTED_FIRST = 8
"""Characters per token of a budget that are counted first: of Chinese they have eight times the budget, of English twice."""
TABLE_HEAD_CHARACTERS = 400
"""Of a table's caption and head rows that go with a chunk of its rows: twenty columns."""
LONGEST_TOKEN = 128
"""Characters: 128 spaces are one token of cl100k_base, and nothing longer is."""


def chunk_article(article: Article, size_tokens: int = CHUNK_TOKENS) -> list[Chunk]:
    """Cut an article into chunks; every character that is no white space is in exactly one of them.

    Cuts fall between sentences; a sentence over the budget is cut where no number, Latin word or 《title》 is
    cut, after a comma where there is one. Chunks of one article are about equally long, so none is a leftover. Kicker, deck
    and captions behind a text of several chunks have chunks of their own. A chunk that begins within a table has the
    table's head in its header.

    Args:
        article: with its text.
        size_tokens: budget for the text of one chunk; the header comes on top.
    """
    units = [
        (start, end, count_tokens(article.text[start:end]))
        for sentence in split_sentences(article.text)
        for start, end in _within_budget(article.text, *sentence, size_tokens)
    ]
    header, tables = _header(article), find_tables(article.text)
    chunks: list[Chunk] = []
    for run in _pack_apart(units, body_end(article), size_tokens):
        for start, end in _trimmed_within_budget(article.text, *run, size_tokens):
            text = article.text[start:end]
            identity = f"{article.id}.{len(chunks)}"
            over = "\n".join(filter(None, (header, _table_head(article.text, tables, start))))
            chunks.append(Chunk(identity, article.id, len(chunks), start, end, text, over, count_tokens(text)))
    return chunks


def _header(article: Article) -> str:
    date = article.date.value if article.date else None
    title = " ".join(article.title.splitlines()) if article.title else None
    return " ".join(part for part in (article.newspaper, date, title) if part)


def table_head_of(header: str) -> str:
    """Return what a chunk's header says of the table that the chunk begins in: its caption and head rows; "" of none."""
    return header.partition("\n")[2]


def _table_head(text: str, tables: Sequence[Table], start: int) -> str:
    """The caption and head rows of the table that a chunk begins in, behind its head."""
    for table in tables:
        if table.heads and table.heads[-1].end < start < table.end:
            lines = [table.lead] if table.lead else []
            lines += [(row.start, row.end) for row in table.heads]
            return "\n".join(text[first:last] for first, last in lines)[:TABLE_HEAD_CHARACTERS]
    return ""


def body_end(article: Article) -> int:
    """Return where the running text ends in `article.text`, behind which stands what was printed beside it."""
    first = next((item.start for item in article.beside if item.start is not None), None)
    return len(article.text) if first is None else max(0, first - 1)


def _pack_apart(units: Sequence[tuple[int, int, int]], end: int, budget: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of the text up to `end` and of what is behind it; one run where all is within the budget."""
    if sum(size for _start, _end, size in units) <= budget:
        yield from _pack(units, budget)
        return
    yield from _pack([unit for unit in units if unit[0] < end], budget)
    yield from _pack([unit for unit in units if unit[0] >= end], budget)


def _pack(units: Sequence[tuple[int, int, int]], budget: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of runs of units, each within the budget, of about equal size."""
    if not units:
        return
    left = sum(size for _start, _end, size in units)
    start, filled = units[0][0], 0
    for first, _last, size in units:
        # Close the run when this unit would overfill it, or when stopping here is nearer to an even share of what
        # is left; what runs fell short of by whole sentences would else add up to a leftover.
        if filled and (filled + size > budget or filled + size / 2 > left / -(-left // budget)):
            yield start, first
            left -= filled
            start, filled = first, 0
        filled += size
    yield start, units[-1][1]


def _within_budget(text: str, start: int, end: int, budget: int) -> Iterator[tuple[int, int]]:
    """Yield the sentence itself, or its parts when it is over the budget."""
    while end - start > 1 and not _fits(text, start, end, budget):
        reach = _longest_prefix(text, start, end, budget)
        cut = _cut_before(text, start, reach)
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _trimmed_within_budget(text: str, start: int, end: int, budget: int) -> Iterator[tuple[int, int]]:
    """Yield a run without the white space around it, or its parts when it is over the budget after all.

    Sentences together, or without the space behind them, can have a token more than each for itself: byte pairs are merged
    across their bounds.
    """
    start, end = _trim(text, start, end)
    if start < end and (end - start == 1 or _fits(text, start, end, budget)):
        yield start, end
    elif start < end:
        cut = _cut_before(text, start, _longest_prefix(text, start, end, budget))
        yield from _trimmed_within_budget(text, start, cut, budget)
        yield from _trimmed_within_budget(text, cut, end, budget)


def _fits(text: str, start: int, end: int, budget: int) -> bool:
    """Whether a stretch is within the budget; one without an end is not counted anew for each chunk cut off from it."""
    if end - start > LONGEST_TOKEN * budget:
        return False
    if end - start > COUNTED_FIRST * budget and count_tokens(text[start : start + COUNTED_FIRST * budget]) > 2 * budget:
        return False  # twice: what follows merges with the last of them at most
    return count_tokens(text[start:end]) <= budget


def _longest_prefix(text: str, start: int, end: int, budget: int) -> int:
    """Largest position up to which the text is within the budget, found by halving; at least one character."""
    low, high = start + 1, min(end, start + 4 * budget)
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[start:middle]) <= budget:
            low = middle
        else:
            high = middle - 1
    return low


def _cut_before(text: str, start: int, reach: int) -> int:
    """The last good place to cut in (start, reach]: after a comma, else between atoms, else at reach."""
    inside = {
        place
        for first, last in find_atoms(text[start : reach + 80])
        for place in range(start + first + 1, start + last)
    }
    places = [place for place in range(start + 1, reach + 1) if place not in inside]
    commas = [place for place in places if text[place - 1] in "，、,：: " and place - start > (reach - start) // 2]
    return commas[-1] if commas else (places[-1] if places else reach)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
