"""index.read.pdf.jitter: text layers of recognition, whose boxes jitter → the columns that a page set in type has."""

from random import Random

import pytest
from news_pdf import NEWS_FRAMES, NEWS_PAGE
from ocr_layer import JITTERS, Jitter, newspaper_page, recognised
from pdf_writer import Show, printed, write_pdf
from rapidfuzz.distance import Levenshtein

from index.read.pdf import read_pdf
from index.read.pdf.jitter import even_out, is_measured
from index.read.pdf.lines import Glyph

MOST_WRONG = 0.01  # as on the page that is born digital, but for a character here and there


def _characters(text: str) -> str:
    return "".join(text.split())


def _error_rate(shows: list[Show], truth: str) -> float:
    """Character error rate of a page's text, white space left out."""
    right = _characters(truth)
    return Levenshtein.distance(right, _characters(read_pdf("a.pdf", write_pdf(shows)).text)) / len(right)


@pytest.mark.parametrize("jitter", JITTERS.values(), ids=list(JITTERS))
@pytest.mark.parametrize("seed", range(3))
def test_a_recognised_page_is_read_as_the_printed_one(jitter: Jitter, seed: int) -> None:
    assert _error_rate(recognised(NEWS_PAGE, jitter, seed), "".join(NEWS_FRAMES)) <= MOST_WRONG


@pytest.mark.parametrize("jitter", JITTERS.values(), ids=list(JITTERS))
@pytest.mark.parametrize("number", range(3))
def test_columns_with_a_narrow_gutter_do_not_merge(jitter: Jitter, number: int) -> None:
    frames = newspaper_page(Random(number))
    truth = "".join(map(printed, frames))
    shows = [show for frame in frames for show in frame]
    assert _error_rate(shows, truth) == 0
    assert _error_rate(recognised(shows, jitter, number), truth) <= MOST_WRONG


def _glyphs(sizes: list[float]) -> list[Glyph]:
    return [
        Glyph("云", size, 0, 10.0 * place, 10.0 * place + 10, 100.0, (10.0 * place, 91.0, 10.0 * place + 10, 101.0))
        for place, size in enumerate(sizes)
    ]


def test_a_page_set_in_type_is_left_as_it_is() -> None:
    glyphs = _glyphs([9.0, 10.0, 10.5, 14.0, 32.0] * 40)
    assert not is_measured(glyphs)
    assert even_out(glyphs) == glyphs


def test_sizes_that_mean_nothing_do_no_harm() -> None:
    rng = Random(1)
    glyphs = _glyphs([10 ** rng.uniform(-6, 6) for _ in range(300)] + [0.0, float("nan"), float("inf")])
    assert len(even_out(glyphs)) == len(glyphs)
