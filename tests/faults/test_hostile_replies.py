"""Whatever an LLM writes, the service goes on: time in proportion to its length, and none of another reader's.

Forty-two texts that repeat one thing. WENJU_HOSTILE_CHARACTERS=20000 makes the replies so long (4,000 else), and sends each of
them in single characters too.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from api_server import AIR, RIGHT, Service, running
from fault_figures import Tried
from hostile_replies import UNITS, laborious
from hostile_text import linear, measured, repeated, superlinear
from llm_server import LLMServer, streamed
from statements import empty_builder, passage_of, quote_of, right, statement_of

from index.language.terms import Lexicon
from index.store import Generation
from rag.config import Settings
from rag.facts.quantities import Figure
from rag.generation import cohesion, markers, mending, service_words
from rag.reader.bundled import BundledReader
from rag.verification.absence import find_absence
from rag.verification.archive import Archive, archive_of
from rag.verification.check_marks import compare_marks
from rag.verification.check_polarity import find_opposites
from rag.verification.citations import Quote
from rag.verification.claims import Claims, fold, persons_pattern
from rag.verification.offices import offices_of
from rag.verification.statements import ModelStatement, StatementSplitter
from rag.verification.stretches import mentions
from rag.verification.verifier import Verifier
from rag.verification.words import ParsedText

pytestmark = pytest.mark.fault
CHARACTERS = int(os.environ.get("WENJU_HOSTILE_CHARACTERS", "4000"))
IS_LONG = CHARACTERS > 4000
OTHER = "2023年云汀区PM2.5年均浓度是多少？"
TOTAL_S = 10.0
FLOOR_S, STOPPED_S = 0.005, 5.0
"""CPU seconds of a call: below the first nothing is told of its growth, and at the second it is stopped."""


def split(text: str, step: int | None = None) -> list[ModelStatement]:
    splitter = StatementSplitter()
    step = step or max(1, len(text))
    found = [one for start in range(0, len(text), step) for one in splitter.feed(text[start : start + step])]
    return [*found, *splitter.finish()]


def told_of(text: str) -> object:
    statement = statement_of(text)
    return statement.claim, statement.is_whole, statement.is_ended, statement.is_open, statement.is_dangling


def hung_on(text: str) -> object:
    kinds = cohesion.list_mark(text), cohesion.mark_kind(text), cohesion.is_lead_in(text), cohesion.as_sentence(text)
    return kinds, cohesion.detach(text), cohesion.points_to_subject(text), cohesion.shares_subject(text, text)


def mended(text: str) -> object:
    quote = quote_of("南浦大桥全长638米。", passage_of("南浦大桥全长638米。" + text))
    mending.build_request(statement_of(text), ("too_long",), quote, "zh")
    return mending.may_help(text, ()), mending.read_reply(text, statement_of(text), (), quote)


def built(text: str) -> object:
    builder = empty_builder()
    checked = right(text)
    builder.append_statement(text, checked.verdict.quotes)
    return builder.repeats(text[1:], checked.verdict.quotes), builder.content()


ON_TEXT: dict[str, Callable[[str], object]] = {
    "statements": split,
    "statements, character by character": lambda text: split(text, 1),
    "a statement": told_of,
    "cohesion": hung_on,
    "service words": service_words.without_service_words,
    "markers put": lambda text: markers.put_markers(text, [1]),
    "markers taken": markers.unmark,
    "gaps": markers.tidy,
    "mending": mended,
    "answer": built,
    "absence": find_absence,
    "marks": lambda text: compare_marks(text, text, text),
    "opposites": lambda text: list(find_opposites(text, text)),
    "folded": fold,
    "persons": lambda text: persons_pattern(frozenset()).findall(text),
    "offices": lambda text: list(offices_of("王明", text)),
    "mentions": lambda text: mentions(["张三", "王明", "云汀镇", "aa"], text),
}
"""Public functions of rag.verification and rag.generation over a text."""


@pytest.mark.parametrize("name", ON_TEXT)
def test_time_grows_with_the_length_of_a_text_and_no_faster(name: str, tried: Tried) -> None:
    found = {unit: superlinear(ON_TEXT[name], repeated(text), 2000, FLOOR_S, STOPPED_S) for unit, text in UNITS.items()}
    linear(
        {f"{name}, {unit}": seconds for unit, seconds in found.items() if seconds},
        len(UNITS),
        "LLM text, growth",
        tried,
    )


def test_what_a_text_claims_is_found_in_time_that_grows_with_its_length(lexicon: Lexicon, tried: Tried) -> None:
    def take_apart(text: str) -> object:
        lexicon.memo.clear()
        claims = Claims(text, None, lexicon)
        if text not in figures:
            figures[text] = claims.figures
        claims.__dict__["figures"] = figures[text]  # rag.facts finds them: how long that takes is measured there
        parsed = ParsedText(claims)
        ends = [(claims.sentence_of(place), claims.clause_of(place)) for place in range(0, len(text), 3)]
        terms = [claims.terms(*clause) for clause in claims.clauses]
        words = parsed.reaches, parsed.values, parsed.bare_sentences, parsed.subjects, parsed.full_stops
        names = claims.people_and_places, claims.offices, claims.certain_names, claims.verbatim, claims.denied
        return ends, terms, words, names, claims.turns, [claims.days_of(figure) for figure in claims.figures]

    figures: dict[str, tuple[Figure, ...]] = {}
    found = {unit: superlinear(take_apart, repeated(text), 300, 5 * FLOOR_S, STOPPED_S) for unit, text in UNITS.items()}
    linear({unit: seconds for unit, seconds in found.items() if seconds}, len(UNITS), "LLM text, growth", tried)


@pytest.fixture(scope="module")
def archive(sample: Generation, reader: BundledReader) -> Archive:
    return replace(archive_of(sample, reader.bears_out, lambda _text: None), translate=None)  # type: ignore[arg-type, return-value]


def test_a_statement_of_one_thing_again_and_again_is_struck_at_once(archive: Archive, tried: Tried) -> None:
    verifier = Verifier([passage_of()], archive)
    cases = [repeated(unit)(size) for unit in UNITS.values() for size in (150, 599, 6000)]
    shown: list[Quote] = []
    slow: list[str] = []
    for text in cases:
        for statement in split(text + "[1]"):
            taken = measured(lambda one: shown.extend(verifier.verify(one).quotes), statement, STOPPED_S)
            slow += [text[:20]] if taken > 0.5 else []
    assert (shown, slow) == ([], [])
    tried("statements of one thing", len(cases), len(cases))


def test_the_most_laborious_statement_takes_a_moment(archive: Archive, tried: Tried) -> None:
    verifier = Verifier([passage_of(), passage_of(laborious(1200), rank=2)], archive)
    statements = split(laborious(6000, seed=2))
    assert len(statements) >= 10
    assert not any(statement.is_too_long for statement in statements)
    assert all(measured(verifier.verify, statement, STOPPED_S) < 1 for statement in statements)
    tried("laborious statements", len(statements), len(statements))


def asked(site: Service, question: str, said: list[tuple[float, dict[str, object]]]) -> None:
    started = time.monotonic()
    reply = site.ask(question)
    said.append((time.monotonic() - started, reply.json if reply.status == 200 else {}))


def waits(site: Service, while_: threading.Thread | None, at_least: int) -> tuple[float, float]:
    """The longest that another reader waited for a right answer, and anybody for /health."""
    longest = lag = 0.0
    rounds = 0
    while rounds < at_least or (while_ and while_.is_alive()):
        good: list[tuple[float, dict[str, object]]] = []
        asked(site, AIR, good)
        started = time.monotonic()
        assert site.get("/health").status == 200
        lag = max(lag, time.monotonic() - started)
        longest = max(longest, good[0][0])
        generator = good[0][1]["generator"]
        assert isinstance(generator, dict)
        assert generator["kind"] == "llm"
        rounds += 1
    return longest, lag


REPLIES = [repeated(unit)(CHARACTERS) for unit in UNITS.values()] + [laborious(CHARACTERS), laborious(CHARACTERS, 9)]


def test_nobody_waits_for_what_an_llm_tells_somebody_else(base: Settings, tried: Tried) -> None:
    with LLMServer() as server:
        settings = replace(
            base, openai_base_url=server.base_url, openai_model="test-model", llm_total_timeout_s=TOTAL_S
        )
        with running(settings) as site:
            server.play(streamed(RIGHT))
            site.ask(OTHER)  # what is found for both is kept: only what an LLM says is tried here
            waits(site, None, 2)
            alone, alone_lag = waits(site, None, 10)
            late = []
            cases = [streamed(text) for text in REPLIES]
            cases += [streamed(*text) for text in REPLIES] if IS_LONG else []
            for reply in cases:
                server.play(reply, answers={f"问题：{AIR}": streamed(RIGHT)})
                hostile: list[tuple[float, dict[str, object]]] = []
                asking = threading.Thread(target=asked, args=(site, OTHER, hostile))
                asking.start()
                waited, lag = waits(site, asking, 1)
                asking.join()
                taken, answer = hostile[0]
                is_right = answer.get("status") in ("answered", "partial", "conflicting", "related", "refused")
                if (
                    waited > max(1.0, 6 * alone)
                    or lag > max(0.5, 10 * alone_lag)
                    or taken > TOTAL_S + 1
                    or not is_right
                ):
                    late.append((reply[2], waited, lag, taken, answer.get("status")))
            assert not late, f"alone {alone:.2f} s and {alone_lag:.3f} s"
    tried("hostile replies", len(cases), len(cases))
