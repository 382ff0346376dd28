"""When a page was printed, and which days its text speaks of.

source, text ─ read_issue ─► newspaper, date and page as path and masthead state them
texts ─ infer_issue_date ─► the date of an undated page, with what it was inferred from
text, reference ─ find_dates ─► every date expression and the days it means

periods counts days of named periods · context says what an expression leans on · points reads dates of the calendar ·
phrases and english read the others · find scans a text for them · issue and infer date the page.
"""

from index.dates.find import find_dates
from index.dates.infer_issue import InferredDate, infer_issue_date
from index.dates.issue import Issue, read_issue

__all__ = ["InferredDate", "Issue", "find_dates", "infer_issue_date", "read_issue"]
