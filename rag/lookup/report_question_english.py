"""An English question → which reports it wants listed or counted; None where it asks for anything that they say.

As rag.lookup.report_question reads a Chinese one: what is left of the question when time, topic, author and page are taken
out must be words in which anybody asks for reports.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from index.language.normalise import normalise
from rag.lookup.report_question import BLANK, MAX_TOPIC, ReportQuestion, blank_times
from rag.question.time_range import TimeRange

_NOUN = r"(?:news (?:articles?|reports?|stories|items?|pieces)|newspaper (?:articles?|reports?|stories)|articles?|reports?|stories|story|news|coverage|headlines?|pieces?)"
_FRAME = (
    "please can could you i we me tell show list find give get want would like see know to all any every each the a an of in on "
    "from for at that which what whats what's there are is was were been be do does did has have had how many number total "
    "count altogether overall published printed appeared appear come came out archive database collection library system "
    "newspaper newspapers paper papers it its this your held hold holds contain contains cover covers include includes stored "
    "indexed per year years yearly month months monthly by latest newest most recent recently last earliest oldest first when "
    "reporter date dated new happened happening page titles title so far now today's and with written wrote write s article articles "
    "report reports story stories news coverage headlines headline pieces piece items item"
)
_FRAME_WORDS = frozenset(_FRAME.split()) | {BLANK}
"""In which anybody asks for reports."""
_TOPIC = re.compile(
    rf"\b(?:about|on|mention(?:s|ed|ing)?|concern(?:s|ing)|regarding|related to|cover(?:s|ed|ing)?|deal(?:s|ing)? with|refer(?:s|ring)? to)\s{{1,4}}(?:the )?(?P<topic>[^,?]{{1,80}}?)(?=\s{{1,4}}(?:(?:in|from|during|since|of|on|for) )?{BLANK}|\s{{1,4}}(?:are|were|is|was|do|does|did|has|have|had|in (?:the|your) (?:archive|database|collection)|per (?:year|month)|(?:each|every|by) (?:year|month))\b|\s{{0,4}}[,?.]|$)"
)
_AUTHOR = re.compile(
    r"\b(?:written by|reported by|by) (?:the )?(?:reporter |correspondent )?(?P<by>.+)"
    r"|\b(?:did|has|have) (?:reporter )?(?P<whom>.+?) (?:write|written|publish|published|report)\b"
)
_PAGE = re.compile(r"\b(?:front page|page (?:one|(?P<number>\d{1,2})))\b")
_EXTENT = re.compile(
    r"\b(?:what|which) (?:time )?(?:period|years?|dates?|time span|time range|newspapers?|papers?)\b.*\b(?:archive|database|collection|cover|covers|have|hold|include|contain|there|indexed)|how (?:big|large) is (?:the|your) (?:archive|database|collection)|\b(?:from when to when|how far back)|(?:date|time) range of (?:the|your) (?:archive|database|collection)|how many (?:documents|files|pages|issues|newspapers) (?:are|does|do|have)"
)
_CONTENTS = re.compile(r"\bwhat (?:do|does|did)\b")
_OF_EXTENT = (
    "period range dates time span big large far back go goes document documents file files pages issue issues start starts "
    "end ends available data"
)
_EXTENT_WORDS = _FRAME_WORDS | frozenset(_OF_EXTENT.split())
"""In which anybody asks how much there is."""
_BYLINES = re.compile(
    r"\b(?:which|what|how many|list|who|name|all)\b.{0,80}\b(?:reporters|journalists|authors|writers|correspondents)\b"
)
_BYLINE_WORDS = _FRAME_WORDS | frozenset(
    ["reporters", "journalists", "authors", "writers", "correspondents", "who", "name", "work", "works"]
)
"""In which anybody asks who writes."""
_WORD = re.compile(r"[^\s,.?!:;\"]+")


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    return all(word in words for word in _WORD.findall(text.replace(BLANK, f" {BLANK} ")))


LONGEST_AUTHOR = 4
"""Words of an author's name."""


def read_english_question(
    question: str, time: TimeRange | None, authors: Collection[str], newspapers: Sequence[str]
) -> ReportQuestion | None:
    """Return which reports a question wants; None where it is no such question, or any word of it is left over.

    Args:
        question, time, authors, newspapers: as of `read_report_question`.
    """
    text = normalise(blank_times(question, time)).replace("’", "'")
    found = ReportQuestion("list", spans=time.asked if time else ())
    for name in newspapers:
        if normalise(name) in text:
            text, found = text.replace(normalise(name), " "), replace(found, newspaper=name)
            break
    if not found.spans and _EXTENT.search(text) and _is_made_of(text, _EXTENT_WORDS):
        return replace(found, wanted="extent")
    if _BYLINES.search(text) and _is_made_of(text, _BYLINE_WORDS):
        return replace(found, wanted="bylines")
    if (page := _PAGE.search(text)) and (found.spans or found.newspaper):
        text, found = _PAGE.sub(" ", text, count=1), replace(found, page=int(page["number"] or 1))
    if author := _find_author(text, authors):
        text, found = text.replace(author, " ", 1), replace(found, author=author)
    match = _TOPIC.search(text)
    if match and len(match["topic"]) <= MAX_TOPIC and not _is_made_of(match["topic"], _FRAME_WORDS):
        topic = match["topic"].strip(" \"'“”")
        text, found = text[: match.start()] + " " + text[match.end() :], replace(found, topic=topic)
    if not _is_made_of(text, _FRAME_WORDS):
        return None
    return _wanted(text, found)


def _find_author(text: str, authors: Collection[str]) -> str | None:
    """The longest name of a by-line that stands where an author is named."""
    match = _AUTHOR.search(text)
    words = re.split(r"[\s?,.]+", (match["by"] or match["whom"]).strip(" ?,.")) if match else []
    names = (" ".join(words[:count]) for count in range(min(len(words), LONGEST_AUTHOR), 0, -1))
    return next((name for name in names if name in authors), None)


def _wanted(text: str, found: ReportQuestion) -> ReportQuestion | None:
    has_noun = re.search(rf"\b{_NOUN}\b", text) is not None
    has_filter = bool(found.topic or found.author or found.spans or found.page or found.newspaper)
    if re.search(r"\bhow many\b|\bnumber of\b|\bcount\b", text):
        if not has_noun and not found.author:
            return None
        if re.search(r"(?:per|each|every|by) (?:year|month)|yearly|monthly", text):
            return replace(found, wanted="per_month" if "month" in text else "per_year")
        return replace(found, wanted="count" if has_filter else "extent")
    if (not has_noun and not found.page and not found.author) or (_CONTENTS.search(text) and not found.author):
        return None
    if re.search(r"\b(?:latest|newest|most recent|recent|recently|last)\b", text):
        return replace(found, wanted="newest")
    if re.search(r"\b(?:earliest|oldest|first)\b", text):
        return replace(found, wanted="oldest")
    return found if has_filter else None
