"""Asks the lookups in turn; the first that knows its kind answers."""

from collections.abc import Sequence
from dataclasses import replace

from rag.generation.composition import Composition, Line
from rag.generation.extractive import compose
from rag.generation.tabled import compose_tabled
from rag.lookup.computing.compute import compute as compute_figures
from rag.lookup.computing.trend import trend
from rag.lookup.earlier import go_on, tell_sources
from rag.lookup.gathering.lists import gather_list
from rag.lookup.gathering.numbered_items import find_numbered_item
from rag.lookup.gathering.points import gather_points
from rag.lookup.gathering.summary import summarise
from rag.lookup.gathering.timeline import gather_timeline
from rag.lookup.inquiry import Inquiry, Lookup
from rag.lookup.next_part import NO_MORE, last_and_next_part
from rag.lookup.off_topic import decline_off_topic
from rag.lookup.office_holders import look_up_office
from rag.lookup.reports import find_reports
from rag.lookup.small_talk import reply_to_small_talk
from rag.records import Timings

LOOKUPS: Sequence[Lookup] = (
    look_up_office,
    find_reports,
    compute_figures,
    trend,
    find_numbered_item,
    gather_points,
    gather_timeline,
    summarise,
    gather_list,
)
"""In the order in which they are asked: those that recognise their kind by its words alone come first."""


def look_up(inquiry: Inquiry) -> Composition | None:
    """Return what the first lookup that knows the question's kind says; None where it is for passages to answer."""
    return _first(LOOKUPS, inquiry)


def find_next_part(inquiry: Inquiry) -> Composition | None:
    """Answer with the part of a list behind the one that was shown last in the conversation."""
    parts = last_and_next_part(inquiry)
    found = look_up(parts[1]) if parts else None
    if parts is None or found is None:
        return None
    seen = look_up(parts[0])
    if seen and found.lines == seen.lines:  # of the parts behind the last one, lists show the last
        return Composition((Line(NO_MORE[inquiry.language]),), "fixed")
    return found


TYPED_LOOKUPS: Sequence[Lookup] = (tell_sources, reply_to_small_talk, decline_off_topic, find_next_part, go_on)
"""Asked of the words as typed, before a conversation's question is made self-contained: nothing of it would stay."""


def look_up_typed(inquiry: Inquiry) -> Composition | None:
    """Return the answer to what needs neither a conversation's help nor a search; None for all else."""
    return _first(TYPED_LOOKUPS, inquiry)


def _first(lookups: Sequence[Lookup], inquiry: Inquiry) -> Composition | None:
    return next((found for lookup in lookups if (found := lookup(inquiry)) is not None), None)


def ask_again(inquiry: Inquiry) -> Composition | None:
    """Return what code says to a question that was asked before; None where it is refused."""
    found = look_up(inquiry)
    if found or inquiry.ground is None:
        return None if found is None or found.refusal else found
    grounding = inquiry.ground(inquiry.query, inquiry.question, Timings())
    told = compose_tabled(grounding, inquiry.generation)
    if told is None and not grounding.refusal:
        told = compose(grounding, inquiry.generation)
    return replace(told, articles=grounding.retrieval.articles) if told else None
