"""The features of a pair of articles, one of which may go on in the other: issue, page numbers, what both speak of, the sentence at the seam."""

import datetime
import math
import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.language.memo import memoise
from index.records import Article
from index.repair.lines import is_open
from index.segment.blocks import CLOSES, takes_up
from index.segment.issues import PAGE_OF_FILE
from index.segment.roles import DATELINE
from index.segment.topic_similarity import find_grams

SIMILARITY_UNIT = 0.03
"""Share of character triples that makes one point. Halves of 500 news articles: .05 in the median, 90 % above .03; of
two different articles 1 %, of two from one district's paper 5 %."""
CERTAIN_SIMILARITY = 3.0
REPEATED_TITLE = 0.5
"""A headline that has so much of another one's character pairs is that headline, printed again."""
NEEDED_POINTS = {(True, 2): 0.6, (True, 1): 1.0, (True, 0): 2.0, (False, 2): 2.0, (False, 1): 3.0, (False, 0): 3.0}
"""Points that the texts must have: by whether the issue is stated, and how many of the two page numbers are known.

With the issue and both pages known the newspaper says it itself, and the texts only must not be strangers."""
NEEDED_IN_CROWD = 0.1
"""Points more for each time that a folder without dates has twice as many candidates: the best of many is less sure."""
CROWDED_ISSUE_SHARE = 0.3
INFERRED_APART = datetime.timedelta(days=45)
"""Dates inferred from texts differ between two pages of an issue; stated ones never do."""
NEAREST_PARTNERS = 8
MAX_TRIPLE_ARTICLES = 50
"""A character triple that so many articles of a folder have tells none of them apart."""

_NUMERALS = {"〇": 0, "零": 0, "头": 1, **{character: n for n, character in enumerate("一二三四五六七八九", 1)}}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{3,}")
_INFERRED = ("正文", "年份据")  # how the evidence of a date begins that was read out of the running text


@dataclass(frozen=True, slots=True)
class PairScore:
    """How well two articles fit as one.

    Args:
        score: points beyond those needed, above 0.
        reasons: the same in words.
    """

    score: float
    reasons: str


def find_pairs(articles: Sequence[Article]) -> Iterator[tuple[tuple[int, int], PairScore]]:
    """Yield the pairs that could be one article: of one day, or of one folder where the day is not stated."""
    days: dict[str, list[int]] = defaultdict(list)
    folders: dict[str, list[int]] = defaultdict(list)
    undated: set[str] = set()
    for number, article in enumerate(articles):
        day = stated_day(article)
        folders[_folder(article)].append(number)
        if day:
            days[day].append(number)
        else:
            undated.add(_folder(article))
    for numbers in days.values():
        firsts = [number for number in numbers if articles[number].continued_to]
        for second in numbers:
            if articles[second].continued_from:
                yield from _judged(articles, firsts, second)
    for folder in sorted(undated):
        firsts = [number for number in folders[folder] if articles[number].continued_to]
        seconds = [number for number in folders[folder] if articles[number].continued_from]
        for second, near in _nearest(articles, firsts, seconds):
            day = stated_day(articles[second])
            near = [row for row in near if not (day and stated_day(articles[row]))]
            yield from _judged(articles, near, second, NEEDED_IN_CROWD * math.log2(max(1.0, len(firsts) / 4)))


def _judged(
    articles: Sequence[Article], firsts: Sequence[int], second: int, more: float = 0.0
) -> Iterator[tuple[tuple[int, int], PairScore]]:
    for first in firsts:
        found = _weigh(articles[first], articles[second], more) if first != second else None
        if found:
            yield (first, second), found


def _nearest(
    articles: Sequence[Article], firsts: Sequence[int], seconds: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield each second part with the firsts that share most rare character triples with it.

    The work grows with the texts, not with the number of their pairs.
    """
    if not firsts or not seconds:
        return
    keys = [np.array([zlib.crc32(gram.encode()) for gram in _triples(articles[row])], np.uint32) for row in firsts]
    owners = np.repeat(np.arange(len(firsts)), [len(row) for row in keys])
    order = np.argsort(np.concatenate(keys), kind="stable")
    table, owners = np.concatenate(keys)[order], owners[order]
    for second in seconds:
        grams = np.array([zlib.crc32(gram.encode()) for gram in _triples(articles[second])], np.uint32)
        shared = np.zeros(len(firsts))
        starts, ends = np.searchsorted(table, grams), np.searchsorted(table, grams, "right")
        for start, end in zip(starts, ends, strict=True):
            if 0 < end - start <= MAX_TRIPLE_ARTICLES:
                shared[owners[start:end]] += 1 / (end - start)
        best = np.argsort(-shared, kind="stable")[:NEAREST_PARTNERS]
        yield second, [firsts[row] for row in best if shared[row] > 0]


def _weigh(first: Article, second: Article, more: float) -> PairScore | None:
    """Return the features of the second going on from the first; None where anything forbids it or it is too little.

    Args:
        more: points needed beyond NEEDED_POINTS.
    """
    pages = _known_pages(first, second)
    same_folder = _folder(first) == _folder(second)
    days = stated_day(first), stated_day(second)
    is_stated = days[0] is not None and days[0] == days[1]
    differ = all(days) and not is_stated
    papers = [_folded(article.newspaper) for article in (first, second)]
    if pages is None or differ or (all(papers) and papers[0] != papers[1]) or not _dates_agree(first, second):
        return None
    if not is_stated and not same_folder:
        return None
    if DATELINE.match(second.text) or not first.text or not second.text:
        return None  # begins by its own word: the line 上接 beside it is another article's
    points = {
        "common character triples": _similarity_points(first, second),
        "the headline again": _headline_points(first, second),
        "the sentence": _seam_points(first.text, second.text),
    }
    surplus = sum(points.values()) - NEEDED_POINTS[is_stated, pages] - more
    kinds = sum(value >= 1 for value in points.values())
    names_little = pages < 2 or more > CROWDED_ISSUE_SHARE  # of a thousand pages 02 each goes on from some page 01
    if surplus < 0 or (not is_stated and names_little and kinds < 2):
        return None
    told = [f"{name} {value:+.1f}" for name, value in points.items() if value]
    issue = f"{days[0]}" if is_stated else "one folder, no date stated"
    named = ("no page number known", "one page number agrees", "both pages name each other")[pages]
    return PairScore(surplus + 0.5 * same_folder + pages + is_stated + 0.1, ", ".join([issue, named, *told]))


def _known_pages(first: Article, second: Article) -> int | None:
    """Return how many of the two pages are known and named by the other part; None where one contradicts."""
    to, since = page_number(first.continued_to), page_number(second.continued_from)
    agreed = 0
    for stated, named in ((_printed_page(first), since), (_printed_page(second), to)):
        if stated and named and stated != named:
            return None
        agreed += bool(stated and named)
    return None if to == since else agreed


def _printed_page(article: Article) -> str | None:
    """The page as it is printed; where only the page of the file is known, that one says nothing of it."""
    return None if PAGE_OF_FILE in article.metadata else page_number(article.page)


def page_number(text: str | None) -> str | None:
    """Return a page's number in one form: 02版, 第2版, 二版 and 2 are "2"; A02版 is "A2"."""
    folded = unicodedata.normalize("NFKC", text or "").upper()
    number = re.sub(r"[第版\s:：]", "", folded)
    if match := re.fullmatch(r"([A-Z]?)0*(\d{1,3})", number):
        return match[1] + match[2]
    if "十" in number and all(c in _NUMERALS or c == "十" for c in number) and number.count("十") == 1:
        tens, ones = number.split("十")
        return str(_NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0))
    return str(_NUMERALS[number]) if number in _NUMERALS else number or None


def stated_day(article: Article) -> str | None:
    """Return the issue's day where the file, its path or its masthead states it."""
    if article.date is None or article.date.precision != "day" or (article.date_evidence or "").startswith(_INFERRED):
        return None
    return article.date.value


def _dates_agree(first: Article, second: Article) -> bool:
    if first.date is None or second.date is None:
        return True
    earlier, later = sorted((first.date, second.date), key=lambda date: date.last_day)
    if any((article.date_evidence or "").startswith(_INFERRED) for article in (first, second)):
        return _day_of(later.first_day) - _day_of(earlier.last_day) <= INFERRED_APART
    return later.first_day <= earlier.last_day


def _day_of(number: int) -> datetime.date:
    year, month, day = number // 10000, number // 100 % 100, number % 100
    return datetime.date(year, month, 1) + datetime.timedelta(days=day - 1)


def _folder(article: Article) -> str:
    return article.source.rpartition("/")[0]


def _folded(name: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", name or "").casefold().split())


def similarity(first: Article, second: Article) -> float:
    """Return how much two articles speak of the same, 0–1: the character triples that both have, by their number.

    Pairs of characters need the rest of a page to tell which are rare; triples mostly are.
    """
    left, right = _triples(first), _triples(second)
    return len(left & right) / math.sqrt(len(left) * len(right) or 1)


def _similarity_points(first: Article, second: Article) -> float:
    """Beyond what is certain, similarity says little more; enough to choose between two that are both likely."""
    points = similarity(first, second) / SIMILARITY_UNIT
    return min(points, CERTAIN_SIMILARITY) + 0.3 * max(0.0, points - CERTAIN_SIMILARITY)


def _triples(article: Article) -> frozenset[str]:
    return _triples_of("\n".join(part for part in (article.title, article.kicker, article.deck, article.text) if part))


@memoise(128)
def _triples_of(text: str) -> frozenset[str]:
    latin = (gram for gram in find_grams(text) if gram.isascii())  # words, and numbers of two digits or more
    han = (run[place : place + 3] for run in _HAN.findall(text) for place in range(len(run) - 2))
    return frozenset((*han, *(gram for gram in latin if len(gram) > 1)))


def _headline_points(first: Article, second: Article) -> float:
    share = repeats(second.title, first)
    return 2 * share if share >= REPEATED_TITLE else 0.0


def repeats(title: str | None, article: Article) -> float:
    """Return the share of a headline's character pairs that another article's headlines have."""
    grams = find_grams(title or "")
    known = find_grams("\n".join(part for part in (article.title, article.kicker, article.deck) if part))
    return len(grams & known) / (len(grams) or 1)


def _seam_points(before: str, after: str) -> float:
    if is_open(before):
        return {3.0: 2.0, 2.0: 1.5}.get(taken := takes_up(before, after), -1.0 if taken < 0 else 0.5)
    return -1.0 if CLOSES.match(after) else 0.0
