"""When what a sentence says holds: 截至11月底 by its own words, else when its article was printed."""

import re

from index.dates import find_dates
from index.records import Article

_COMPARED = re.compile(r"(?:较|比|与|自|从|始于|相比|去年同)$")


def is_compared_with(text: str, start: int) -> bool:
    """Whether a date is what something is compared with, or counted from: 较2018年.

    Args:
        start: where in the text it begins.
    """
    return _COMPARED.search(text, max(0, start - 4), start) is not None


def validity_date(sentence: str, article: Article) -> str | None:
    """Return the last day that the sentence speaks of and that was over when it was printed, else the article's date.

    ISO 8601, to the precision known; None where neither tells.
    """
    if article.date is None:
        return None
    over = [
        span.last
        for span in find_dates(sentence, article.date)
        if span.last
        and int(span.last.replace("-", "")) <= article.date.last_day
        and int(span.last[:4]) >= int(article.date.value[:4]) - 1  # what happened long ago holds as it is told today
        and not is_compared_with(sentence, span.start)
    ]
    return max(over, default=article.date.value)
