"""When a page was printed: what its file name, folder or masthead states. Nothing is inferred here yet."""

import re
from dataclasses import dataclass

from index.records import PartialDate

_FULL = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_./年]?(0[1-9]|1[0-2]|[1-9](?!\d))[-_./月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)日?"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./年](0[1-9]|1[0-2]|[1-9])(?!\d)月?")
_PAGE = re.compile(r"(?:第\s*)?([0-9A-Z]{1,3}|[一二三四五六七八九十]{1,2})\s*版|[_\-\s]p(\d{1,2})(?!\d)", re.IGNORECASE)
_NEWSPAPER = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:日报|晚报|时报|晨报|报)(?![\u4e00-\u9fff])|[A-Z][A-Za-z]+[- ](?:Daily|News|Times)"
)
# A masthead states the date with its weekday; a date in running text has none.
_MASTHEAD = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*星期[一二三四五六日天]")
MASTHEAD_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Issue:
    """What is known of the newspaper issue that a page belongs to; None where nothing states it."""

    newspaper: str | None
    date: PartialDate | None
    page: str | None


def read_issue(source: str, text: str) -> Issue:
    """Return newspaper, date and page as the source's path states them, the date else from the masthead."""
    newspaper = _NEWSPAPER.search(source)
    page = _PAGE.search(source)
    return Issue(
        newspaper=newspaper.group().replace("-", " ") if newspaper else None,
        date=_date_in(source) or _masthead_date(text),
        page=next((group for group in page.groups() if group), None) if page else None,
    )


def _date_in(text: str) -> PartialDate | None:
    # Folders and names both can hold one; the last full date is the closest to the page.
    for match in reversed(list(_FULL.finditer(text))):
        date = _checked(*match.groups())
        if date:
            return date
    for match in reversed(list(_MONTH.finditer(text))):
        return PartialDate(f"{match.group(1)}-{int(match.group(2)):02d}")
    return None


def _masthead_date(text: str) -> PartialDate | None:
    match = _MASTHEAD.search(text[:MASTHEAD_CHARACTERS])
    return _checked(*match.groups()) if match else None


def _checked(year: str, month: str, day: str) -> PartialDate | None:
    import datetime

    try:
        return PartialDate(datetime.date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return None
