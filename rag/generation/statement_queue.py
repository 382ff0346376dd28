"""The statements of an answer in their order: verified, being mended, or struck; what is decided is sent, up to the first gap.

add ──► verified ───────────────────────────────┐
    └─► failed ─ ask ─► waiting ─ settle ─► mended ─► joined to what stands ─► AnswerBuilder
             └────────────────────────────► struck ─► what leans on it: joined anew, asked for, or struck
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from rag.generation.answer_builder import AnswerBuilder
from rag.generation.cohesion import (
    as_sentence,
    detach,
    is_lead_in,
    list_mark,
    mark_kind,
    points_to_subject,
    shares_subject,
)
from rag.generation.mending import REFERS_TO_STRUCK
from rag.records import Event, RejectedStatement
from rag.verification.statements import ModelStatement
from rag.verification.verifier import Verdict


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement and what the verifier made of it."""

    statement: ModelStatement
    verdict: Verdict


@dataclass(slots=True, eq=False)
class Place:
    """A place in the answer.

    Args:
        first: what the LLM said there.
        problems: why that cannot stand; () where it can.
        standing: what stands there, () where nothing does; None while it is being mended.
        was_asked: whether it was asked to be mended, which is done once.
    """

    first: Checked
    problems: tuple[str, ...]
    standing: tuple[Checked, ...] | None
    was_asked: bool = False


@dataclass(slots=True)
class _LeadIn:
    """A statement that announces others, held until one of them stands.

    Args:
        kind: what marks it as an item itself, as cohesion.mark_kind tells.
        is_struck: its items are no list then.
        item_kind: what marks its items; None before the first of them.
    """

    said: Checked
    kind: str
    is_struck: bool
    item_kind: str | None = None
    is_sent: bool = False

    def announces(self, text: str, *, on_new_line: bool) -> bool:
        """Whether a statement is one of its items, or goes on with one."""
        kind = mark_kind(text)
        if kind == self.kind and (kind or is_lead_in(text)):
            return False  # the next one of its own list
        return not self.item_kind or bool(kind) or not on_new_line


AskFor = Callable[[Place], bool]
"""Has a place mended, and says whether it will be: where it will, the queue is told by `settle`."""


def _nothing_more(_place: Place) -> bool:
    return False


@dataclass(slots=True)
class StatementQueue:
    """Takes the statements of one answer as they are verified, and sends on what holds, in their order.

    Args:
        builder: takes what is sent.
        ask_for: see AskFor.
    """

    # _struck: the statement before the next one, where that was struck; _standing: the last one that was sent;
    # _broke_line: the line ended with what was struck; _on_new_line: the next statement begins a line of the completion.

    builder: AnswerBuilder
    ask_for: AskFor
    _places: deque[Place] = field(default_factory=deque)
    _rejected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _lead_ins: list[_LeadIn] = field(default_factory=list)
    _struck: str = ""
    _standing: str = ""
    _broke_line: bool = False
    _on_new_line: bool = True

    def add(self, statement: ModelStatement, verdict: Verdict) -> list[Event]:
        """Take the next statement; return what a listener must hear now."""
        checked = Checked(statement, verdict)
        place = Place(checked, verdict.problems, () if verdict.problems else (checked,))
        if verdict.problems:
            self._ask(place, verdict.problems)
        self._places.append(place)
        return self._advance()

    def settle(self, place: Place, mended: Sequence[Checked]) -> list[Event]:
        """Put what was mended in its place, nothing where that failed; return what a listener must hear now."""
        place.standing = tuple(mended)
        return self._advance()

    def close(self) -> list[Event]:
        """Strike what is still being mended, and send on what stands behind it; nothing is asked for any more."""
        self.ask_for = _nothing_more
        for place in self._places:
            place.standing = place.standing or ()
        return self._advance()

    def rejected(self) -> tuple[RejectedStatement, ...]:
        """What was struck, each statement once, with what was wrong with it at first."""
        return tuple(RejectedStatement(text, problems) for text, problems in self._rejected.items())

    def _ask(self, place: Place, problems: tuple[str, ...]) -> bool:
        """Have a place mended where that was not done yet."""
        place.problems = place.problems or problems
        if place.was_asked or not self.ask_for(place):
            return False
        place.was_asked, place.standing = True, None
        return True

    def _advance(self) -> list[Event]:
        events: list[Event] = []
        while self._places and (standing := self._places[0].standing) is not None:
            place = self._places[0]
            if place.was_asked:  # what is said elsewhere takes nothing's place
                standing = tuple(
                    it for it in standing if not self.builder.repeats(it.statement.text, it.verdict.quotes)
                )
            leaning = self._leans(standing[0].statement.text) if standing else ""
            if leaning:
                if self._ask(place, (f"{REFERS_TO_STRUCK}:{leaning}",)):
                    break
                standing = ()
            self._places.popleft()
            for checked in standing:
                events += self._stand(checked)
            if not standing:
                self._strike(place)
        return events

    def _leans(self, text: str) -> str:
        """The word of a statement that points to what was struck before it; "" where it can stand."""
        if not self._struck:
            return ""
        word = detach(text)[1]
        is_known = points_to_subject(word) and self._standing and shares_subject(self._struck, self._standing)
        return "" if is_known else word

    def _strike(self, place: Place) -> None:
        statement = place.first.statement
        self._rejected.setdefault(statement.text, place.problems)
        self._announced(statement)
        if is_lead_in(statement.text):
            self._lead_ins.append(_LeadIn(place.first, mark_kind(statement.text), is_struck=True))
        self._struck = statement.text
        self._broke_line = self._broke_line or bool(statement.tail)

    def _stand(self, checked: Checked) -> list[Event]:
        """Send a statement, after the lead-ins that waited for it; a lead-in itself waits."""
        statement = checked.statement
        announced = self._announced(statement)
        text = detach(statement.text)[0] if self._struck else statement.text
        text = as_sentence(text) if announced and announced.is_struck else text
        checked = replace(checked, statement=replace(statement, text=text))
        self._struck = ""
        if is_lead_in(text):
            self._lead_ins.append(_LeadIn(checked, mark_kind(statement.text), is_struck=False))
            return []
        if self.builder.repeats(text, checked.verdict.quotes):
            return []
        events: list[Event] = []
        for lead_in in self._lead_ins:
            if not (lead_in.is_struck or lead_in.is_sent):
                lead_in.is_sent = True
                events += self._send(lead_in.said)
        return events + self._send(checked)

    def _send(self, checked: Checked) -> list[Event]:
        statement = checked.statement
        on_new_line = self._broke_line or bool(list_mark(statement.text))
        self._broke_line = False
        self._standing = statement.text
        verdict = checked.verdict
        if verdict.absence:
            return self.builder.append_message(statement.text, statement.tail, on_new_line=on_new_line)
        return self.builder.append_statement(
            statement.text, verdict.quotes, statement.tail, verdict.expression, on_new_line=on_new_line
        )

    def _announced(self, statement: ModelStatement) -> _LeadIn | None:
        """The lead-in of the list that a statement is in; lists that end before it are closed.

        What a closed list announced and did not bring is not said.
        """
        while self._lead_ins and not self._lead_ins[-1].announces(statement.text, on_new_line=self._on_new_line):
            self._lead_ins.pop()
        self._on_new_line = bool(statement.tail)
        innermost = self._lead_ins[-1] if self._lead_ins else None
        if innermost and innermost.item_kind is None:
            innermost.item_kind = mark_kind(statement.text)
        return innermost
