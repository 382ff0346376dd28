"""The service's own words, in the language and the script of the question: refusals and the frame around a quote.

A question in traditional characters is answered in them: the words of the service and the statements are converted,
the quotes that carry them stay as printed.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.language.normalise import is_traditional as reads_traditional
from index.language.normalise import traditionalise
from index.records import PartialDate
from rag.question.analysis import QuestionAnalysis
from rag.question.language import detect_language
from rag.question.refusals import CORRECTED, PART_NOT_FOUND, REFUSALS, RELATED, UNCONFIRMED, WHICH_NAME
from rag.records import Language, RefusalReason


def refusal_message(
    reason: RefusalReason,
    language: Language,
    analysis: QuestionAnalysis,
    days: npt.NDArray[np.int32],
    *,
    is_related: bool = False,
    is_open: bool = False,
) -> str:
    """Return the words of a refusal.

    Args:
        is_open: yes or no was asked, and neither can be said.
        is_related: reports on the matter go with them.
        analysis: what was asked.
        days: (n, 2) first and last day of each chunk as YYYYMMDD, 0 where unknown.
    """
    opening = UNCONFIRMED[language] if is_open and reason in ("not_found", "out_of_range") else ""
    if is_related:
        return opening + RELATED[language]
    known = days[days[:, 0] > 0]
    years = (int(known[:, 0].min()) // 10000, int(known[:, 1].max()) // 10000) if len(known) else (0, 0)
    asked = dict.fromkeys(span.first[:4] for span in analysis.time_range.asked) if analysis.time_range else {}
    glue = "、" if language == "zh" else ", "
    words = REFUSALS[reason][language]
    return opening + words.format(first=years[0], last=years[1], years=glue.join(asked) or glue.join(analysis.years))


def corrected(names: Sequence[str], language: Language) -> str:
    """Return what is said first where a question is answered for other names than were typed."""
    return CORRECTED[language].format(names="、".join(names) if language == "zh" else ", ".join(names))


def which_name(names: Sequence[str], language: Language) -> str:
    """Return what is asked where several names may be meant."""
    quoted = [f"“{name}”" for name in names]
    return WHICH_NAME[language].format(names="、".join(quoted) if language == "zh" else ", ".join(quoted))


def introduce_quote(quote: str, language: Language) -> str:
    """Return a quote as a statement: as it is in the question's language, else introduced in that language."""
    if detect_language(quote) == language:
        return quote
    bare = quote[1:-1] if quote[0] == "“" and quote[-1] == "”" and "“" not in quote[1:-1] else quote
    return f"The newspaper says: “{bare}”" if language == "en" else f"英文报道原文：“{bare}”"


def with_subject(text: str, subject: str | None) -> str:
    """Return a sentence with the subject that it leaves to its context, in brackets: nobody printed it there."""
    return f"（{subject}）{text}" if subject else text


def with_lead(text: str, lead: str | None, language: Language) -> str:
    """Return a statement behind the short answer that it has."""
    if lead is None:
        return text
    return f"{lead} – {text}" if language == "en" else f"{lead}：{text}"


def with_report_date(text: str, date: PartialDate | None, language: Language) -> str:
    """Return a statement with the day of the report that it is from."""
    if date is None:
        return text
    day = show_date(date, english=language == "en")
    return f"As reported on {day}: {text}" if language == "en" else f"据{day}的报道，{text}"


def as_earlier_report(text: str, date: PartialDate | None, language: Language) -> str:
    """Return what was so before, with the day of its report."""
    if date is None:
        return f"Earlier: {text}" if language == "en" else f"此前：{text}"
    day = show_date(date, english=language == "en")
    return f"Earlier, as reported on {day}: {text}" if language == "en" else f"此前（{day}的报道）：{text}"


def nothing_about(question: str, language: Language) -> str:
    """Return what is said of a part of a question that the archive does not answer."""
    # The question proper: what was told before it may be anything, and is not repeated.
    asked = re.split(r"[。！!：:；;】\]>]", question.strip().rstrip("？?。"))[-1]
    return PART_NOT_FOUND[language].format(question=asked)


def not_mentioned(what: str, language: Language) -> str:
    """Return what is said where the LLM says that the reports do not tell something, and a search for it finds nothing."""
    return f"The reports found do not mention {what}." if language == "en" else f"所检索的报道未提到{what}。"


def match_script(text: str, *, is_traditional: bool) -> str:
    """Return a statement in the characters of the question: in traditional ones, unless it has them already.

    A question in simplified characters changes nothing: what is printed in traditional ones stays so.
    """
    return traditionalise(text) if is_traditional and not reads_traditional(text) else text


def show_date(date: PartialDate, *, english: bool) -> str:
    """Return a date as it is written: 2023年6月16日, 16 June 2023."""
    year, *rest = date.value.split("-")
    numbers = [int(part) for part in rest]
    if english:
        names = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
        parts = [*map(str, numbers[1:]), *(names[month - 1] for month in numbers[:1]), year]
        return " ".join(parts)
    return f"{year}年" + "".join(f"{number}{unit}" for number, unit in zip(numbers, "月日", strict=False))
