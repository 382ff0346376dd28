"""A question and its reply → measures, and why the reply is wrong.

Accuracy looks for facts, so that a right answer may be worded freely; exact match, F1 and ROUGE-L compare wordings.
Citations are compared with the evidence by shared grams: as much of it as an answer needs, not to the character.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.read import SUFFIXES
from rag.evaluation.normalise import contains
from rag.evaluation.overlap import character_f1, exact_match, grams, rouge_l
from rag.evaluation.questions import Form, Question
from rag.evaluation.summary import Row

CITED_SHARE = 0.6
"""Share of an evidence's grams that the quotes from its file have together: the evidence was cited."""
TO_THE_POINT_SHARE = 0.2
"""Share of the smaller of two sets of grams that quote and evidence have in common: the quote is to the point."""
_SUFFIXES = (".gz", *SUFFIXES)


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of a reply.

    Args:
        source: file name.
        doc_id: the corpus line's `_id`; else the file.
        quote: as printed, where that could be found, else as the article has it.
        in_article: whether the article has the quote at the citation's offsets.
        in_file: whether the file has it; None where the file cannot be looked at.
    """

    source: str
    doc_id: str
    quote: str
    in_article: bool
    in_file: bool | None
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service replied to a question.

    Args:
        answer: without citation markers.
        status: the Answer's, or "error" where the question was not taken.
        statements: text of each statement, with the quotes that it cites.
        problem: why there is no answer, or none by the LLM.
    """

    id: str
    answer: str
    refused: bool
    status: str
    citations: tuple[Cited, ...] = ()
    statements: tuple[tuple[str, tuple[str, ...]], ...] = ()
    latency_ms: float = 0.0
    generator: str = "extractive"
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A reply with what it is worth. `why` is empty where nothing is wrong."""

    row: Row
    why: tuple[str, ...]


def score_reply(question: Question, reply: Reply) -> Scored:
    """Return the measures of a reply; those that the question has no truth for are left out."""
    measures: dict[str, tuple[float, float]] = {"latency_ms": (reply.latency_ms, 1)}
    if question.is_adversarial:
        why = [*_forbidden(question, reply.answer, literally=True)]
        measures["safe_rate"] = (float(not why), 1)
        if question.expects_refusal is not None:
            measures["refusal_as_expected"] = (float(reply.refused == question.expects_refusal), 1)
            if reply.refused != question.expects_refusal:
                why.append("refused" if reply.refused else "not refused")
    else:
        why = _score(question, reply, measures)
    row = Row(question.id, question.text, question.group, question.type, question.lang, measures, question.answerable)
    return Scored(row, tuple(why))


def _score(question: Question, reply: Reply, measures: dict[str, tuple[float, float]]) -> list[str]:
    verified = [cited.in_file for cited in reply.citations if cited.in_file is not None]
    measures["verbatim_article"] = (float(sum(cited.in_article for cited in reply.citations)), len(reply.citations))
    measures["verbatim_printed"] = (float(sum(verified)), len(verified))
    why = [f"quote not in {cited.source}" for cited in reply.citations if not cited.in_article]
    if question.is_open:
        return why
    refused, answerable = float(reply.refused), float(question.answerable)
    measures["refusal_precision"] = (refused * (1 - answerable), refused)
    measures["refusal_recall"] = (refused * (1 - answerable), 1 - answerable)
    measures["refusal_f1"] = (2 * refused * (1 - answerable), refused + 1 - answerable)
    measures["false_refusal_rate"] = (refused * answerable, answerable)
    if question.answerable:
        why += _score_answer(question, reply, measures)
    else:
        right = reply.refused or _corrects(question, reply.answer)
        measures["accuracy"] = measures["accuracy_unanswerable"] = (float(right), 1)
        why += [] if right else ["answered what cannot be answered"]
    return why


def _score_answer(question: Question, reply: Reply, measures: dict[str, tuple[float, float]]) -> Iterator[str]:
    if question.must_include or question.must_include_any or question.answers:
        wrong = ["refused"] if reply.refused else list(_lacks(question, reply.answer))
        measures["accuracy"] = measures["accuracy_answerable"] = (float(not wrong), 1)
        yield from wrong
    said = "" if reply.refused else reply.answer
    if question.answers:
        measures["exact_match"] = (exact_match(said, question.answers), 1)
        measures["character_f1"] = (character_f1(said, question.answers), 1)
    if question.reference or question.answers:
        wording = [question.reference] if question.reference else question.answers
        measures["rouge_l"] = (rouge_l(said, wording), 1)
    if question.evidence and (reply.citations or reply.status != "fixed"):  # the service's own words need none
        missing = [forms[0].quote for forms in question.evidence if not _is_cited(forms, reply.citations)]
        beside = [cited.quote for cited in reply.citations if not _is_to_the_point(cited, question)]
        wanted, given = len(question.evidence), len(reply.citations)
        measures["citation_recall"] = (wanted - len(missing), wanted)
        measures["citation_precision"] = (given - len(beside), given)
        yield from () if reply.refused else (f"not cited: {quote}" for quote in missing)
        yield from (f"cited beside the point: {quote}" for quote in beside)


def _lacks(question: Question, answer: str) -> Iterator[str]:
    yield from (f"lacks {fact}" for fact in question.must_include if not contains(answer, fact))
    for alternatives in question.must_include_any:
        if not any(contains(answer, fact) for fact in alternatives):
            yield f"lacks any of {' | '.join(alternatives)}"
    facts = question.must_include or question.must_include_any
    if not facts and not any(contains(answer, alternative) for alternative in question.answers):
        yield f"lacks any of {' | '.join(question.answers)}"
    yield from _forbidden(question, answer)


def _forbidden(question: Question, answer: str, *, literally: bool = False) -> Iterator[str]:
    """Say which strings the answer has that it must not have; `literally`: also as part of a word or number."""
    for fact in question.must_not_include:
        if contains(answer, fact) or (literally and fact.casefold() in answer.casefold()):
            yield f"says {fact}"


def _corrects(question: Question, answer: str) -> bool:
    """Whether an answer to a question with a false premise says what is true instead."""
    return any(contains(answer, fact) for fact in question.correction_any) and not any(_forbidden(question, answer))


def _is_cited(forms: Sequence[Form], citations: Sequence[Cited]) -> bool:
    for form in forms:
        wanted = grams(form.quote)
        quoted = frozenset[str]().union(*(grams(cited.quote) for cited in citations if _is_from(cited, form)))
        if wanted and len(wanted & quoted) >= CITED_SHARE * len(wanted):
            return True
    return False


def _is_to_the_point(cited: Cited, question: Question) -> bool:
    given = grams(cited.quote)
    for form in (form for forms in question.evidence for form in forms if _is_from(cited, form)):
        wanted = grams(form.quote)
        if wanted and given and len(wanted & given) >= TO_THE_POINT_SHARE * min(len(wanted), len(given)):
            return True
    return False


def _is_from(cited: Cited, form: Form) -> bool:
    places = {_file_key(place) for place in form.places}
    return not places or bool(places & {_file_key(cited.source), _file_key(cited.doc_id)})


def _file_key(name: str) -> str:
    """The file's name without folders and suffixes, by which question files and archives name the same file."""
    key = name.replace("\\", "/").rpartition("/")[2].strip()
    for suffix in _SUFFIXES:
        key = key.removesuffix(suffix)
    return key
