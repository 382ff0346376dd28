"""Sentences that are tried, and the quotes that they make."""

from dataclasses import replace

import numpy as np
import pytest
from beside import report_of, sources_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.language.terms import Lexicon
from rag.verification.alignment import Evidence, Place
from rag.verification.passages import Source
from rag.verification.trials import Trial, context_of, read_by, words_of

BRIDGE = "听潮桥完工通车。该桥全长638米。桥面宽32米，双向六车道，两侧各设慢行道。老桥改为步行桥。"
SCHOOL = "湖心小学启用。设24个班。"


def trial_of(lexicon: Lexicon, *places: tuple[int, int]) -> Trial:
    """The sentences of those numbers (passage, sentence), the best first."""
    sources = sources_of(lexicon, BRIDGE, SCHOOL)
    chosen = tuple(Place(sources[source], sentence) for source, sentence in places)
    return Trial(Evidence(chosen, np.zeros(0), (1.0,)), ())


def quotes(lexicon: Lexicon, *places: tuple[int, int]) -> list[str]:
    return [quote.text for quote in trial_of(lexicon, *places).quotes]


def test_sentences_that_follow_each_other_are_one_quote(lexicon: Lexicon) -> None:
    assert quotes(lexicon, (0, 1), (0, 0)) == ["听潮桥完工通车。该桥全长638米。"]


def test_others_are_quotes_of_their_own_the_shortest_first(lexicon: Lexicon) -> None:
    assert quotes(lexicon, (0, 2), (0, 0)) == ["听潮桥完工通车。", "桥面宽32米，双向六车道，两侧各设慢行道。"]


def test_passages_are_not_joined(lexicon: Lexicon) -> None:
    assert quotes(lexicon, (0, 3), (1, 0)) == ["湖心小学启用。", "老桥改为步行桥。"]


def test_the_nearest_is_the_best_sentence_whatever_its_length(lexicon: Lexicon) -> None:
    assert trial_of(lexicon, (0, 2), (0, 0)).nearest.text == "桥面宽32米，双向六车道，两侧各设慢行道。"


some = st.lists(st.sampled_from([(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]), min_size=1, unique=True)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=some)
def test_the_quotes_hold_every_sentence_once_and_nothing_else(lexicon: Lexicon, places: list[tuple[int, int]]) -> None:
    trial = trial_of(lexicon, *places)
    assert sum(len(quote.text) for quote in trial.quotes) == sum(len(place.text) for place in trial.evidence.places)
    assert [len(quote.text) for quote in trial.quotes] == sorted(len(quote.text) for quote in trial.quotes)
    for quote in trial.quotes:
        assert quote.passage.text[quote.start : quote.end] == quote.text
    assert all(any(place.text in quote.text for quote in trial.quotes) for place in trial.evidence.places)


def test_a_context_has_the_stretches_of_its_passage_alone(lexicon: Lexicon) -> None:
    trial = trial_of(lexicon, (0, 1), (1, 0), (0, 0))
    source = trial.evidence.places[0].source
    context = context_of(source, trial.evidence)
    assert context.text == "听潮桥完工通车。\n该桥全长638米。"
    assert context.claims is source.claims


@pytest.mark.parametrize(
    ("problem", "words"),
    [("figure_not_in_quote:638米", "638米"), ("turned", "turned"), ("link:http://a.example", "http://a.example")],
)
def test_a_problem_is_known_by_its_words(problem: str, words: str) -> None:
    assert words_of(problem) == words


def test_without_a_reader_the_odds_are_even(lexicon: Lexicon) -> None:
    assert read_by(None, "听潮桥通车。", trial_of(lexicon, (0, 0)).evidence) == (0.0, 0.0)


def test_the_reader_is_asked_with_what_stands_before_and_without(lexicon: Lexicon) -> None:
    seen: list[tuple[str, str]] = []

    def bears_out(statement: str, quote: str) -> float:
        seen.append((statement, quote))
        return float(len(quote))

    read = read_by(bears_out, "该桥长638米。", trial_of(lexicon, (0, 1)).evidence)
    assert seen == [("该桥长638米。", "听潮桥完工通车。该桥全长638米。"), ("该桥长638米。", "该桥全长638米。")]
    assert read == (len(seen[0][1]), len(seen[1][1]))


def test_a_quote_is_counted_from_where_its_passage_begins(lexicon: Lexicon) -> None:
    passage = replace(report_of(BRIDGE), start=100, end=100 + len(BRIDGE))
    source = Source(passage, [passage], lexicon)
    (quote,) = Trial(Evidence((Place(source, 1),), np.zeros(0), (1.0,)), ()).quotes
    assert (quote.start, quote.end, quote.text) == (108, 117, "该桥全长638米。")
