"""Spellings of time that questions have and articles have not, as index.dates reads them: 22年8月, 2024Q1, 一至十月."""

import re
from collections.abc import Callable
from dataclasses import replace

from index.dates.calendar_dates import TO
from index.dates.named_periods import FESTIVALS, number_of, reference_of
from index.language.normalise import simplify
from index.records import DateSpan, PartialDate

FESTIVAL_NAME = "|".join(FESTIVALS)
_HAN_MONTH = r"(?:十[一二]?|[一二三四五六七八九])"
_QUARTER = r"[一二三四1-4]"
Spelling = str | Callable[[re.Match[str]], str]
# Spellings of questions, and what index.dates reads: 2024Q1, 2022夏天 → 2024年Q1; 2022.8 → 2022年8月; 22年8月, 08年, 98年;
# 一至十月 → 1至10月; 1-3季度 → 1至9月; 头三个月 → 前三个月; 2023H1 → 2023年上半年.
_SPELLINGS: tuple[tuple[re.Pattern[str], Spelling], ...] = (
    (re.compile(r"(?<![A-Za-z\d])H([12])(?![A-Za-z\d])|(?<=\d{4})H([12])(?![A-Za-z\d])"), lambda match: "上半年" if "1" in match[0] else "下半年"),
    (re.compile(rf"第?({_QUARTER}){TO}第?({_QUARTER})个?季度"), lambda match: f"{3 * number_of(match[1]) - 2}至{3 * number_of(match[2])}月"),
    (re.compile(rf"(?<![十\d第])({_HAN_MONTH}){TO}({_HAN_MONTH})月(?=份|[^\u4e00-\u9fff]|[^初中底末上下])"), lambda match: f"{number_of(match[1])}至{number_of(match[2])}月"),
    (re.compile(r"头(?=[二两三四五六七八九十\d]{1,2}个月)"), "前"),
    (re.compile(r"(?:本|新|(?:21|二十一)|这个)世纪(?:之?初|初期)"), "2000年至2009年"),
    (re.compile(r"(?:上个?|(?:20|二十))世纪(?:末|末期)"), "1990年至1999年"),
    (re.compile(rf"(?<![\d.])((?:19|20)\d\d)\s?(?=Q[1-4]|[上下]半年|第?[一二三四]季度|[春夏秋冬][天季]|(?:{FESTIVAL_NAME})|\d{{1,2}}(?:{TO}\d{{1,2}})?月)"), r"\1年"),
    (re.compile(rf"(?<![\d.])((?:19|20)\d\d)[./](?=\d{{1,2}}{TO}\d{{1,2}}月)"), r"\1年"),
    (re.compile(r"(?<![\d.])((?:19|20)\d\d)[./](0?[1-9]|1[0-2])(?=$|[的，,。？?、\s到至—~])"), r"\1年\2月"),
    (re.compile(rf"(?<![\d.第近满每])(\d\d)年(?=\s?\d{{1,2}}(?:{TO}\d{{1,2}})?月|[底初末春夏秋冬]|[上下]半年|第?[一二三四]季度|前.{{1,2}}(?:季度|个月)|(?:的|那)?(?:时候|会儿)|冬?奥)"), r"CC\1年"),
    (re.compile(r"(?<![\w])['’‘＇](\d\d)年"), r"CC\1年"),
    (re.compile(r"(?<![\d.第近满每])([09]\d)年(?!代|[的来前内后]|以|期|级|\d)"), r"CC\1年"),
)  # fmt: skip


def spell_out(question: str, today: PartialDate) -> tuple[str, list[int] | None]:
    """Return the question in simplified characters and full spellings; for each character its place as typed, if any moved."""
    text = simplify(question)
    if len(text) != len(question):  # no such pair of characters is known, and offsets matter more than spellings
        text = question
    origin: list[int] | None = None
    for pattern, spelling in _SPELLINGS:
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        for match in pattern.finditer(text):
            full = match.expand(spelling) if isinstance(spelling, str) else spelling(match)
            if full.startswith("CC"):
                full = ("20" if int(match[1]) <= reference_of(today).year % 100 + 1 else "19") + full[2:]
            origin = origin or list(range(len(text)))
            pieces += (text[done : match.start()], full)
            places += origin[done : match.start()]
            places += [origin[match.start()]] * (len(full) - 1) + [origin[match.end() - 1]]  # as long as it is spelt
            done = match.end()
        if origin and done:
            text, origin = "".join((*pieces, text[done:])), places + origin[done:]
    return text, origin


def at_origin(span: DateSpan, origin: list[int] | None) -> DateSpan:
    """Return an expression found in the spelt-out question, with its place as typed."""
    return replace(span, start=origin[span.start], end=origin[span.end - 1] + 1) if origin else span
