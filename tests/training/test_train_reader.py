"""tests/training/train_reader.py: a training of a few examples, stopped and resumed, and its graph beside the network."""

from pathlib import Path

import numpy as np
import pytest
import torch
import train_reader
from reader_examples import Example
from reader_network import ReaderNetwork, pad, write_reader
from train_reader import Encoder, loss_of, train

from index.embedding.embedder import materialise
from index.embedding.token_embeddings import load_token_embeddings
from rag.reader.bundled import ReaderModel

PASSAGE = "望津桥改造工程6月12日完工，桥面由双向两车道拓宽为四车道，总投资3200万元。"


def example(number: int) -> Example:
    start = PASSAGE.index("3200万元")
    if number % 3 == 0:
        return Example("answers", f"第{number}问：望津桥改造投资多少？", PASSAGE, True, (start, start + 6), "q", "a")
    if number % 3 == 1:
        return Example("answers", f"第{number}问：区长是谁？", PASSAGE, False, None, "n", "a")
    return Example("bears_out", f"第{number}条：桥面有四车道。", PASSAGE, True, None, "s", "a")


EXAMPLES = [example(number) for number in range(96)]


@pytest.fixture(scope="module")
def encoder(cache_dir: Path) -> Encoder:
    return Encoder(load_token_embeddings(materialise(cache_dir)).tokenizer)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_reader, "BATCH", 8)
    monkeypatch.setattr(train_reader, "SORTED_BATCHES", 1)
    monkeypatch.setattr(train_reader, "SAVED_EVERY", 1)
    monkeypatch.setattr(train_reader, "WARM_UP_STEPS", 1)
    torch.set_num_threads(1)


@pytest.mark.parametrize("number", range(6))
def test_the_places_of_an_answer_are_among_the_tokens(encoder: Encoder, number: int) -> None:
    ids, first, last = encoder.encode(EXAMPLES[number])
    tokenizer = encoder._tokenizer
    if EXAMPLES[number].answer:
        assert "3200万元" in tokenizer.decode(list(ids[first : last + 1]))
    else:
        assert (first, last) == (0, 0)


def test_of_a_long_passage_the_part_with_the_answer_is_kept(encoder: Encoder) -> None:
    long = "水利工程进展顺利，各项工作按计划推进。" * 60
    at = len(long)
    one = Example(
        "answers",
        "投资多少？",
        f"{long}{PASSAGE}{long}",
        True,
        (at + PASSAGE.index("3200"), at + PASSAGE.index("元") + 1),
        "q",
        "a",
    )
    ids, first, last = encoder.encode(one)
    assert 0 < first <= last < len(ids) <= 256


@pytest.mark.slow
def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    through, stopped = tmp_path / "through", tmp_path / "stopped"
    through.mkdir()
    stopped.mkdir()
    whole = train(EXAMPLES, 32, through, None)

    class StopError(Exception):
        pass

    def stop_after_two(*arguments: object, losses: list[int] = []) -> torch.Tensor:  # noqa: B006
        losses.append(1)
        if len(losses) == 3:
            raise StopError
        return loss_of(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(train_reader, "loss_of", stop_after_two)
    with pytest.raises(StopError):
        train(EXAMPLES, 32, stopped, None)
    monkeypatch.setattr(train_reader, "loss_of", loss_of)
    resumed = train(EXAMPLES, 32, stopped, None)
    assert torch.load(stopped / "training.pt")["seen"] == 32
    for name, values in whole.trained().items():
        assert values.shape == resumed.trained()[name].shape
        assert torch.isfinite(resumed.trained()[name]).all()


@pytest.mark.slow
def test_the_loss_falls_and_embeddings_and_lowest_layers_stay(encoder: Encoder, tmp_path: Path) -> None:
    torch.manual_seed(7)
    fresh = ReaderNetwork()
    batch = [(one, encoder.encode(one)) for one in EXAMPLES[:24]]
    with torch.no_grad():
        before = float(loss_of(fresh, batch))
    trained = train(EXAMPLES, 96, tmp_path, None)
    with torch.no_grad():
        assert float(loss_of(trained, batch)) < before * 0.8
    kept = {name: values for name, values in fresh.state_dict().items() if "embeddings" in name or ".layer.0." in name}
    assert all(torch.equal(values, trained.state_dict()[name]) for name, values in kept.items())


@pytest.mark.slow
def test_the_graph_says_what_the_network_says(encoder: Encoder, cache_dir: Path, tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = ReaderNetwork().eval()
    pairs = [encoder.encode(one)[0] for one in EXAMPLES[:12]]
    write_reader(network, pairs, tmp_path / "reader.onnx")
    model = ReaderModel(load_token_embeddings(materialise(cache_dir)), tmp_path / "reader.onnx")
    for one, ids in zip(EXAMPLES[:12], pairs, strict=True):
        with torch.no_grad():
            spans, judged = network(*pad([ids]))
        reading = model.read(one.query, one.passage)
        np.testing.assert_allclose([reading.odds, reading.borne_out], judged[0], atol=0.1)
        inside = spans[0, -len(reading.spans) - 1 : -1].softmax(dim=0).T
        np.testing.assert_allclose(np.array([reading.starts, reading.ends]), inside, atol=0.05)
