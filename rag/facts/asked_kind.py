"""Whether a statement is of the kind that a question asks for: a figure that measures what is asked, a day, somebody.

What no rule of surface can tell, a place, a reason, a thing, is taken to be.
"""

import re

from index.dates import find_dates
from index.language.normalise import simplify
from index.language.terms import Lexicon
from index.records import PartialDate
from rag.facts.answer_spans import find_spans
from rag.facts.contacts import find_contacts
from rag.facts.quantities import RISE_OR_FALL, UNMEASURED, find_figures, is_compatible
from rag.question.analysis import ASKED_UNIT, QuestionAnalysis

JUDGED_KINDS = frozenset({"number", "date", "person"})
"""Kinds of answers that are known by how they look."""
_NO_YEAR = PartialDate("2000")
_TIMES = frozenset({"minutes", "months", "age", "clock"})
_ASKS_FIGURE = re.compile(
    r"多少|(?<![哪那这好])几(?![乎何])|多[大长高远久宽深重]|\bhow (?:many|much|long|large|big|far|high|tall|old)\b",
    re.IGNORECASE,
)
_ASKS_ORDER = re.compile(r"第几|排名|名次|位居")
_SHARE = re.compile(r"分之|[一过多]半|半数|成(?![为立功员都])|倍|\b(?:half|third|quarter|times)\b")
_MARKER = re.compile(r"\[\d{1,3}\]")
_QUANTITY = re.compile(
    r"[\d〇零一二两三四五六七八九十百千万亿半几数]|\b(?:half|dozen|several|few|no|none|one|two|all|both|once|twice)\b"
)
_OF_SOMEBODY = frozenset(
    "者员人民生长队组家师手兵工众户嘉党团会局委办院校所处科部站社司厂店行政府中心公司集团学机构单位企协联盟"
)
"""Characters of words for people and bodies; one of them is a sign only that somebody may be meant."""
_SOMEBODY = re.compile(r"\b(?:he|she|they|people|residents|[A-Z][a-z]+)\b")
_WHEN = re.compile(
    r"[年月日天周时点]|期间|[春夏秋冬]|节|假|\d|\b(?:day|week|month|year|morning|evening|noon|night|daily)",
    re.IGNORECASE,
)


def is_of_asked_kind(analysis: QuestionAnalysis, statement: str, lexicon: Lexicon) -> bool:
    """Return whether a statement may be what the question asks for; True where its kind is none of JUDGED_KINDS.

    Args:
        statement: with or without its markers.
    """
    if analysis.answer_type not in JUDGED_KINDS:
        return True
    text = _MARKER.sub("", simplify(statement))
    for contact in reversed(find_contacts(text)):  # 请致电99990000 tells no number of anything
        text = text[: contact.start] + "，" + text[contact.end :]
    if analysis.answer_type == "number":
        return not _ASKS_FIGURE.search(simplify(analysis.text)) or _has_figure(analysis, text)
    if find_spans(analysis, text, None, lexicon):
        return True
    if analysis.answer_type == "date":
        return _WHEN.search(text) is not None
    return not _OF_SOMEBODY.isdisjoint(text) or _SOMEBODY.search(text) is not None


def _has_figure(analysis: QuestionAnalysis, text: str) -> bool:
    """Whether a text has a figure that measures what is asked, in whatever unit; any figure where the unit is only guessed."""
    dates = [(span.start, span.end) for span in find_dates(text, _NO_YEAR)]
    asked = find_figures(f"1{analysis.unit}")[0].unit if analysis.unit in _stated_units(analysis.text) else ""
    if asked in _TIMES and dates:
        return True  # 多久 is answered by two days as well
    measured = {figure.unit for figure in find_figures(text, dates)}
    if any(is_compatible(asked, other) or {asked, other} <= _TIMES for other in measured):
        return True
    if asked not in UNMEASURED:
        return bool("%" in measured or _SHARE.search(text)) and RISE_OR_FALL.search(analysis.text) is not None
    return _ASKS_ORDER.search(analysis.text) is not None or bool(measured) or _QUANTITY.search(text) is not None


def _stated_units(question: str) -> set[str | None]:
    """What stands behind the asking word: 米 of 多少米, 元 of 多少钱."""
    found = ASKED_UNIT.search(simplify(question))
    return {"元" if found[1] == "钱" else found[1]} if found else set()
