"""tests/training/train_going_on.py: what is learnt from the news is written as it is read."""

import numpy as np
import pytest
from press.invented import invented_pool

pytest.importorskip("torch")

import torch
from train_going_on import CHARACTERS, Side, breaks_of, in_bytes, learn_topics, two_stretches

from index.segment.going_on import SPAN, GoingOn, folded
from index.segment.topic_vectors import BUCKET_BITS

TEXTS = [folded(article.text) for article in invented_pool(30, 3).articles]


def test_a_network_reads_as_it_did_while_it_was_learnt() -> None:
    torch.manual_seed(0)
    ends, beginnings = Side(), Side()
    characters = sorted(set("".join(TEXTS)))[: CHARACTERS - 2]
    held = {"characters": np.array([ord(one) for one in characters]), "bias": np.array(0.5)}
    found = GoingOn({**held, **ends.arrays("end_"), **beginnings.arrays("beginning_")})
    row_of = np.ones(1 << 16, np.int64)
    row_of[held["characters"]] = np.arange(2, 2 + len(characters))
    at = 60
    left, right = TEXTS[0][at - SPAN : at][::-1], TEXTS[0][at : at + SPAN]
    rows = [torch.from_numpy(row_of[[ord(one) for one in side]])[None] for side in (left, right)]
    with torch.no_grad():
        told = (ends(rows[0]) @ beginnings(rows[1]).T + 0.5).item()
    assert found.log_odds(found.ends([TEXTS[0][:at]]), found.beginnings([TEXTS[0][at:]]))[0, 0] == pytest.approx(
        told, abs=0.05
    )


def test_no_break_is_beside_a_mark_that_never_begins_or_ends_a_line() -> None:
    row_of = np.ones(1 << 16, np.int64)
    row_of[[ord("，"), ord("《")]] = 2, 3
    stream, places = breaks_of(["望津桥今年启动，重建" * 4 + "《规定》" * 4], row_of)
    assert not np.isin(stream[places], [2]).any()
    assert not np.isin(stream[places - 1], [3]).any()


def test_two_stretches_of_a_report_do_not_overlap() -> None:
    rng = np.random.default_rng(0)
    for text in TEXTS:
        first, second = two_stretches(text, rng)
        places = sorted([(text.find(first), len(first)), (text.find(second), len(second))])
        assert places[0][0] >= 0
        assert len(first) + len(second) <= len(text)


def test_a_table_in_bytes_is_the_table_but_for_a_byte() -> None:
    table = np.random.default_rng(0).normal(0, 1, (20, 4)).astype(np.float32)
    cells, scale = in_bytes(table)
    assert np.abs(cells * scale - table).max() <= scale.max()


def test_topics_have_a_vector_for_each_bucket() -> None:
    assert learn_topics(TEXTS, 2, 0)["topics"].shape[0] == 1 << BUCKET_BITS
