"""Three questions to try, of which each is answered: one on what a report says, two on the archive itself."""

from weakref import WeakKeyDictionary

from index.records import PartialDate
from index.store.generations import Generation
from rag.evidence.grounding import Ground
from rag.generation.messages import show_date
from rag.lookup.inquiry import Inquiry
from rag.lookup.suggested import Suggestion, find_suggestions
from rag.records import Language, Query, Timings

LOOKED_AT = 60
"""Articles that questions are made from, two milliseconds each."""
TRIED = 4
"""Questions made from reports that are tried, until one is answered from its own report."""
_FACT: WeakKeyDictionary[Generation, str] = WeakKeyDictionary()
"""Found once for a generation: making and trying them takes half a second."""
_NEWEST: dict[Language, str] = {"zh": "最近有什么新闻？", "en": "What is the latest news?"}
_HOW_MANY: dict[Language, str] = {"zh": "资料库收录了多少篇文章？", "en": "How many articles does the archive hold?"}


def example_questions(inquiry: Inquiry) -> tuple[str, ...]:
    """Return three questions in the language of the one asked."""
    language, generation = inquiry.language, inquiry.generation
    dates = [entry.date for entry in generation.listing.by_date if entry.date and entry.date.precision != "year"]
    month = PartialDate(dates[0].value[:7]) if dates else None
    if language == "en":
        which = f"Which reports are from {show_date(month, english=True)}?" if month else ""
        return tuple(filter(None, (_NEWEST["en"], which, _HOW_MANY["en"])))
    which = f"{show_date(month, english=False)}有哪些报道？" if month else ""
    fact = _fact(generation, inquiry.ground) or _HOW_MANY["zh"]
    return tuple(filter(None, (fact, _NEWEST["zh"], which)))


def _fact(generation: Generation, ground: Ground | None) -> str:
    """A question made from a report, which the archive answers from that report; "" where it answers none of the first."""
    if generation not in _FACT:
        tried = find_suggestions(generation, LOOKED_AT)[:TRIED]
        found = (suggestion.question for suggestion in tried if ground and _is_answered(suggestion, ground))
        _FACT[generation] = next(found, "")
    return _FACT[generation]


def _is_answered(suggestion: Suggestion, ground: Ground) -> bool:
    grounding = ground(Query(suggestion.question), suggestion.question, Timings())
    passages = grounding.retrieval.passages
    return not grounding.refusal and passages[0].article_id == suggestion.article_id
