"""Values that a file states about itself: its date, as the many ways of writing one; its front matter."""

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from index.records import PartialDate

_DATE: Final = re.compile(
    r"""\A\s*(?P<year>\d{4})
        (?:\s*(?P<mark>[-/.年])\s*(?P<month>\d{1,2})
            (?:\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?)?
        )?
        \s*[年月]?
        (?:[T\s].*)?$  # a time of day and a zone, passed over: an issue is dated by the day it bears
    """,
    re.VERBOSE | re.DOTALL,
)
_COMPACT: Final = re.compile(r"\A\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?\s*$")
# From 1973 to 2286; ten digits are no other way of writing a date.
_EPOCH: Final = re.compile(r"\A\s*[1-9]\d{9}(?:\d{3})?(?:\.\d{1,9})?\s*\Z")
CHINA: Final = timezone(timedelta(hours=8))  # without summer time since 1991; no time zone database is needed
_MONTH: Final = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_NAMED_MONTH: Final = re.compile(
    rf"""\A\s*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?
        (?:(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<month2>{_MONTH})\.?,?[\s-]+)
        (?P<year>\d{{4}})(?:[\s,T].*)?$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LATIN_ORDER: Final = re.compile(r"\A\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[\s,T].*)?$", re.DOTALL)
FIRST_YEAR: Final = 1600  # before the first printed newspaper (Strasbourg, 1605) a "year" is a misread number
LAST_YEAR: Final = 2199
_FRONT_MATTER: Final = re.compile(
    r"\A---[ \t]*\n(?P<body>.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL | re.MULTILINE
)
_KEY_VALUE: Final = re.compile(r"^(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?P<value>[^\n]*)$", re.MULTILINE)


def parse_date(value: object) -> PartialDate | None:
    """Return the date that a field states; None where it states none, or one that no calendar has.

    Args:
        value: "2024-05-01", "2024/5/1 10:00", "2024.5", "2024年5月1日", "2024", 20240501, "2024-05-01T08:30:00+08:00", "May 1, 2024",
            "Wed, 1 May 2024 08:30:00 +0800", "25/12/2024"; seconds or milliseconds since 1970, as the day that it was in China.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = re.sub(r"\.0+$", "", str(value)) if isinstance(value, float) else str(value)
    if told := _epoch(text) or _written_out(text):
        return told
    if compact := _COMPACT.match(text):
        year, month, day = compact.groups()
    elif written := _DATE.match(text):
        year, month, day = written["year"], written["month"], written["day"]
    else:
        return None
    try:
        checked = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not FIRST_YEAR <= checked.year <= LAST_YEAR:
        return None
    parts = 1 + (month is not None) + (day is not None)
    return PartialDate(checked.isoformat()[: (4, 7, 10)[parts - 1]])


def _epoch(text: str) -> PartialDate | None:
    """The day of a time in seconds or milliseconds since 1970; in the zone of the newspapers, UTC+8."""
    if not _EPOCH.match(text):
        return None
    seconds = int(text.strip()[:10])
    return PartialDate(datetime.fromtimestamp(seconds, CHINA).date().isoformat())


def _written_out(text: str) -> PartialDate | None:
    """A date with its month's name, or as day/month/year where only one of the two can be the month."""
    if named := _NAMED_MONTH.match(text):
        month = _MONTHS.get((named["month"] or named["month2"])[:3].lower(), 0)
        day, year = named["day"] or named["day2"], named["year"]
    elif numbers := _LATIN_ORDER.match(text):
        first, second, year = int(numbers[1]), int(numbers[2]), numbers[3]
        if min(first, second) > 12 or (first != second and max(first, second) <= 12):
            return None
        month, day = min(first, second), str(max(first, second))
    else:
        return None
    try:
        checked = date(int(year), month, int(day))
    except ValueError:
        return None
    return PartialDate(checked.isoformat()) if FIRST_YEAR <= checked.year <= LAST_YEAR else None


def stated_text(value: object) -> str | None:
    """Return a field's text, stripped; a number as text; None for nothing, for blanks and for other types."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the `key: value` lines of a Markdown file's front matter, keys in lower case, and the text after it.

    Nested values are passed over: what an archive puts there are title, date and newspaper. A block without
    any key is a pair of rules, no front matter, and stays in the text.
    """
    block = _FRONT_MATTER.match(text)
    if block is None:
        return {}, text
    fields = {
        pair["key"].lower(): value
        for pair in _KEY_VALUE.finditer(block["body"])
        if (value := pair["value"].strip().strip("\"'"))
    }
    return (fields, text[block.end() :]) if fields else ({}, text)
