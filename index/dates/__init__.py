"""When a page was printed, and which days its text speaks of.

    source, text ─ issue ─► newspaper, date and page as path and masthead state them
    lines ─ mastheads ─► the mastheads and folio lines of a file of several pages or issues; masthead_lines reads one line
    texts ─ infer_issue ─► the date of an undated page, with what it was inferred from
    text, reference ─ find ─► every date expression and the days it means
                       │
                       ├─► calendar_dates   2023年6月6日, ranges, since, as of
                       ├─► relative_dates   昨天, 上周五, 近三年, 十四五期间
                       └─► english          June 6, 2023; last March; Q1 2024

named_periods counts the days of quarters, five-year plans, festivals · context is what an expression leans on: the
reference's date, the expression before it.
"""

from index.dates.find import find_dates
from index.dates.infer_issue import InferredDate, infer_issue_date
from index.dates.issue import Issue, read_issue

__all__ = ["InferredDate", "Issue", "find_dates", "infer_issue_date", "read_issue"]
