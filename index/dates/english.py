"""English dates: June 6, 2023; 6-9 June; Q1 2024; last March; since 2021; from January to September 2024."""

import re
from dataclasses import replace
from datetime import timedelta

from index.dates.context import Context, Found
from index.dates.named_periods import (
    Days,
    day_of,
    days_of_month,
    days_of_months,
    days_of_plan,
    days_of_year,
    shift_months,
)

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_M = r"(?:jan(?:uary|\b)|feb(?:ruary|\b)|mar(?:ch|\b)|apr(?:il|\b)|may|june?|july?|aug(?:ust|\b)|sept?(?:ember|\b)|oct(?:ober|\b)|nov(?:ember|\b)|dec(?:ember|\b))\b\.?"
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?![.:]\d|%)"
_Y = r"(?:1[5-9]\d\d|20\d\d)(?![\d%]|[.,]\d|s\b)"
_TO = r"\s?(?:-|–|—|to|until|till|through|and)\s?"
_MONTH_FIRST = re.compile(
    rf"(?P<m>{_M}) (?:the )?(?P<d>{_D})(?:{_TO}(?P<m2>{_M} )?(?P<d2>{_D}))?(?:,? (?P<y>{_Y}))?", re.I
)
_DAY_FIRST = re.compile(rf"(?P<d>{_D})(?: (?P<m0>{_M}))?(?:{_TO}(?P<d2>{_D}))? (?:of )?(?P<m>{_M})(?:,? (?P<y>{_Y}))?", re.I)  # fmt: skip
_MONTH = re.compile(rf"(?P<m>{_M})(?:,? (?P<y0>{_Y}))?(?:{_TO}(?P<m2>{_M}))?(?:,? (?:of )?(?P<y>{_Y}))?", re.I)
_LAST = re.compile(rf"(?P<which>last|this|next) (?:(?P<m>{_M})|(?P<unit>year|month|week|quarter|spring|summer|autumn|winter)\b)", re.I)  # fmt: skip
_YEAR = re.compile(rf"(?P<y>{_Y})(?:(?:-|–|—| to | and | through )(?P<y2>{_Y}))?", re.I)
_PART = re.compile(
    rf"""
    (?:
        (?:
            Q(?P<q>[1-4])
            | (?:the[ ])?(?P<word>first|second|third|fourth)[ ](?P<unit>quarter|half)
            | H(?P<h>[12])
        )(?:[ ]of|,)?[ ]
        | (?:the[ ])?(?P<end>beginning|start|middle|end)[ ]of[ ]
        | (?P<mid>early|mid|late)[- ]
    )
    (?P<y>{_Y})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_MONTHS = re.compile(rf"(?:the )?first (?P<n>1[01]|[2-9]|two|three|four|five|six|seven|eight|nine|ten|eleven) months (?:of |in )?(?P<y>{_Y})", re.I)  # fmt: skip
_SEASON = re.compile(rf"(?:the )?(?P<season>spring|summer|autumn|winter) (?:of )?(?P<y>{_Y})", re.I)
_AGO = re.compile(r"(?P<n>\d{1,2}|an?|two|three|four|five|six|seven|eight|nine|ten) (?P<unit>year|month|week|day)s? ago\b", re.I)  # fmt: skip
_PAST = re.compile(r"(?:in |over |during )?the (?:past|last) (?:(?P<n>\d{1,2}|two|three|four|five|six|ten) )?(?P<unit>year|month|week|day)s?\b", re.I)  # fmt: skip
_WORD = re.compile(r"yesterday|today|tomorrow", re.I)
_DECADE = re.compile(r"(?:the )?(?P<y>1[89]\d0|20\d0)s\b", re.I)
_PLAN = re.compile(r"(?:the )?(?P<n>1[0-8])th five-year plan(?: period)?", re.I)
_SINCE = re.compile(r"since (?:the )?(?:start of |beginning of |end of |early |late )?$", re.I)
# What may stand before a lone year or month: "in 2023", "since March"; a bare number is a count.
_BEFORE = re.compile(
    r"""
    (?:
        \b(?:in|since|by|during|of|for|until|till|before|after|from|between|through|year|early|late|mid|to|and|throughout)
        [ -](?:the[ ])?
    )$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERS = {"a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11}  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth")
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}
LOOK_BACK = 24


def find_english(context: Context, start: int) -> Found | None:
    """Return the English date expression that begins at `start`."""
    text = context.text
    if text[start - 1 : start].isalnum() or text[start - 1 : start] in ("-", "/", "_", ".", "#", "$"):
        return None
    for find in _FINDERS:
        found = find(context, start)
        if found:
            end = found.end
            return None if text[end : end + 1].isalnum() and text[end : end + 1].isascii() else _since(found, context)
    return None


def _since(found: Found, context: Context) -> Found:
    """Up to the reference, where `since` stands before it."""
    since = _SINCE.search(context.text[max(0, found.start - LOOK_BACK) : found.start])
    if not since or context.reference is None or context.reference.last < found.first:
        return found
    start = found.start - len(since.group())
    return replace(found, start=start, last=context.reference.last, relative=True)


def _month_of(word: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(word.lower().strip(". ")[:3]))


def _number(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def _find_day(context: Context, start: int) -> Found | None:
    match = _MONTH_FIRST.match(context.text, start) or _DAY_FIRST.match(context.text, start)
    if match is None:
        return None
    groups = match.groupdict()
    first_month = _month_of(groups.get("m0") or match["m"])
    last_month = _month_of(groups.get("m2") or match["m"])
    day, last_day = _number(match["d"]), _number(match["d2"] or match["d"])
    year = int(match["y"]) if match["y"] else context.nearest_year(first_month, day)
    if year is None or (not match["y"] and match["m"].startswith(("may", "mar"))):
        return None
    first = day_of(year - (first_month > last_month), first_month, day)
    last = day_of(year, last_month, last_day)
    if last < first:
        return None
    return Found(
        start, match.end(), first, last, match["y"] is None, year if match["y"] else None, last_month, last_day
    )


def _find_month(context: Context, start: int) -> Found | None:
    match = _MONTH.match(context.text, start)
    if match is None:
        return None
    stated = match["y"] or match["y0"]
    first_month, last_month = _month_of(match["m"]), _month_of(match["m2"] or match["m"])
    if not stated:
        before = context.text[max(0, start - LOOK_BACK) : start]
        if not _BEFORE.search(before) or (match["m"][0].islower() and first_month in (3, 5)):
            return None
    last_year = int(match["y"] or match["y0"]) if stated else context.nearest_year(last_month)
    if last_year is None:
        return None
    first_year = int(match["y0"]) if match["y0"] else last_year - (first_month > last_month)
    end = match.end()
    if match["m2"] is None and match["y"] and match["y0"]:  # "March 2023 2024": the second is no part of it
        last_year, end = first_year, match.end("y0")
    first, last = days_of_month(first_year, first_month)[0], days_of_month(last_year, last_month)[1]
    return (
        Found(start, end, first, last, not stated, last_year if stated else None, last_month) if first <= last else None
    )


def _find_relative(context: Context, start: int) -> Found | None:
    match, reference = _LAST.match(context.text, start), context.reference
    if match is None or reference is None or ((match["unit"] or "").lower() in ("month", "quarter", "week") and not reference.knows_month):  # fmt: skip
        return None
    step = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    unit, first = (match["unit"] or "").lower(), reference.first
    days: Days
    if match["m"]:
        month = _month_of(match["m"])
        # "last March" in May is this year's, in February the year before's.
        passed = month < first.month
        year = first.year + (0 if step == 0 else (0 if passed else -1) if step < 0 else (1 if passed else 0))
        days = days_of_month(year, month)
    elif unit == "week":
        if not reference.knows_day:
            return None
        monday = first - timedelta(days=first.weekday()) + timedelta(days=7 * step)
        days = monday, monday + timedelta(days=6)
    elif unit == "month":
        shifted = shift_months(first.replace(day=1), step)
        days = days_of_month(shifted.year, shifted.month)
    elif unit == "quarter":
        shifted = shift_months(first.replace(month=(first.month - 1) // 3 * 3 + 1, day=1), 3 * step)
        days = days_of_months(shifted.year, shifted.month, shifted.month + 2)
    else:
        days = days_of_months(first.year + step, *_SEASONS.get(unit, (1, 12)))
    return Found(start, match.end(), *days, relative=True)


def _find_part(context: Context, start: int) -> Found | None:
    match = _PART.match(context.text, start)
    if match is None:
        return None
    year, word = int(match["y"]), (match["word"] or "").lower()
    number = int(match["q"] or match["h"] or (_ORDINALS.index(word) + 1 if word else 1))
    size = 3 if match["q"] or (match["unit"] or "").lower() == "quarter" else 6
    if match["end"] or match["mid"]:
        edge = (match["end"] or match["mid"]).lower()
        months = {"early": (1, 4), "late": (9, 12), "end": (12, 12), "mid": (5, 8), "middle": (6, 7)}.get(edge, (1, 2))
    elif number * size > 12:
        return None
    else:
        months = (size * (number - 1) + 1, size * number)
    return Found(start, match.end(), *days_of_months(year, *months), relative=False, year=year)


def _find_months(context: Context, start: int) -> Found | None:
    """The first nine months of 2024, the summer of 2022."""
    text = context.text
    match = _FIRST_MONTHS.match(text, start)
    if match:
        months = (1, _count(match["n"]))
    else:
        match = _SEASON.match(text, start)
        if match is None:
            return None
        months = _SEASONS[match["season"].lower()]
    year = int(match["y"])
    return Found(start, match.end(), *days_of_months(year, *months), relative=False, year=year)


def _find_ago(context: Context, start: int) -> Found | None:
    """Two years ago: that year; a month ago: that month; a week ago: that day."""
    match, reference = _AGO.match(context.text, start), context.reference
    if match is None or reference is None:
        return None
    count, unit = _count(match["n"]), match["unit"].lower()
    if unit == "year":
        return Found(start, match.end(), *days_of_year(reference.year - count), relative=True)
    if unit == "month":
        if not reference.knows_month:
            return None
        month = shift_months(reference.first.replace(day=1), -count)
        return Found(start, match.end(), *days_of_month(month.year, month.month), relative=True)
    if not reference.knows_day:
        return None
    day = reference.first - timedelta(days=count * (7 if unit == "week" else 1))
    return Found(start, match.end(), day, day, relative=True)


def _count(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def _find_past(context: Context, start: int) -> Found | None:
    match, reference = _PAST.match(context.text, start), context.reference
    if match is None or reference is None:
        return None
    word, unit = (match["n"] or "1").lower(), match["unit"].lower()
    count = _count(word)
    if (unit == "month" and not reference.knows_month) or (unit in ("week", "day") and not reference.knows_day):
        return None
    if unit in ("year", "month"):
        first = shift_months(reference.first, -count * (12 if unit == "year" else 1))
    else:
        first = reference.first - timedelta(days=count * (7 if unit == "week" else 1))
    return Found(start, match.end(), first, reference.last, relative=True)


def _find_other(context: Context, start: int) -> Found | None:
    reference = context.reference
    match = _WORD.match(context.text, start)
    if match and reference and reference.knows_day:
        day = reference.first + timedelta(days={"y": -1, "tod": 0, "tom": 1}[match.group().lower()[: 1 if match.group()[0] in "yY" else 3]])  # fmt: skip
        return Found(start, match.end(), day, day, relative=True)
    match = _DECADE.match(context.text, start)
    if match:
        return Found(
            start, match.end(), day_of(int(match["y"]), 1, 1), day_of(int(match["y"]) + 9, 12, 31), relative=False
        )
    match = _PLAN.match(context.text, start)
    if match:
        return Found(start, match.end(), *days_of_plan(int(match["n"])), relative=False)
    return None


def _find_year(context: Context, start: int) -> Found | None:
    match = _YEAR.match(context.text, start)
    if match is None:
        return None
    before = context.text[max(0, start - LOOK_BACK) : start]
    if not _BEFORE.search(before) or re.match(r"\s?(?:people|residents|households|yuan|meters|metres|square|tons|cases)", context.text[match.end() :  match.end() + 12]):  # fmt: skip
        return None
    first, last = days_of_year(int(match["y"]))[0], days_of_year(int(match["y2"] or match["y"]))[1]
    return Found(start, match.end(), first, last, relative=False, year=last.year) if first <= last else None


_FINDERS = (
    _find_part,
    _find_months,
    _find_past,
    _find_ago,
    _find_relative,
    _find_other,
    _find_day,
    _find_month,
    _find_year,
)
