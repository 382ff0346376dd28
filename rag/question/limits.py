"""What a question may not exceed and the days that it is limited to, checked before anything is searched."""

import datetime
from dataclasses import dataclass

from index.read.stated_dates import parse_date
from index.records import PartialDate
from rag.errors import QuestionError
from rag.records import Query


@dataclass(frozen=True, slots=True)
class QuestionLimits:
    """What is read of a question and of the conversation that it brings along, at most."""

    characters: int = 2000
    history_turns: int = 40
    history_characters: int = 100_000

    def check(self, query: Query) -> None:
        """Raise QuestionError when the question or its conversation is too long, or its date range is empty."""
        if len(query.text) > self.characters:
            raise QuestionError(
                f"the question has {len(query.text)} characters, at most {self.characters} are read: shorten it",
                param="question",
                code="too_long",
            )
        turns, characters = len(query.history), sum(len(message.content) for message in query.history)
        if turns > self.history_turns or characters > self.history_characters:
            raise QuestionError(
                f"the history has {turns} turns and {characters} characters, at most {self.history_turns} and "
                f"{self.history_characters} are read: leave out the oldest",
                param="history",
                code="too_long",
            )
        if query.first and query.last and query.first.first_day > query.last.last_day:
            raise QuestionError(
                f"the date range {query.first.value} to {query.last.value} is empty: swap its ends",
                param="from",
                code="bad_range",
            )


def read_limit(given: str | datetime.date | None, param: str) -> PartialDate | None:
    """Return the day, month or year that a question is limited to; None where none is given.

    Raises:
        QuestionError: what is given is no date; names `param`.
    """
    text = str(given or "")
    if not text.strip():
        return None
    date = parse_date(text)
    if date is None:
        raise QuestionError(
            f"{param}: {text!r} is no date; write 2023-07-05, 2023-07 or 2023", param=param, code="bad_date"
        )
    return date
