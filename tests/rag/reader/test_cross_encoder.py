"""rag.reader.cross_encoder: a real cross-encoder of one small random layer, in the place of the bundled reader."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from index.embedding.embedder import Embedder
from index.records import Float32
from index.store import Generation
from rag.config import Settings, load_settings
from rag.errors import RerankerError, SettingsError
from rag.reader.bundled import BundledReader
from rag.reader.cross_encoder import CrossEncoderReader, odds_of
from rag.reader.readings import MAX_READ_PASSAGES
from rag.records import Query
from rag.retrieval.reading import ODDS_WEIGHT
from rag.retrieval.retriever import Retriever
from rag.service.factory import passage_reader
from rag.service.live_index import LiveIndex

QUESTION = "区长在防汛演练上要求什么"
PATIENT_MS = 10**6


def write_cross_encoder(folder: Path) -> Path:
    """Write a cross-encoder of one random layer that reads character by character; return the folder."""
    torch.manual_seed(7)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    characters = [chr(code) for code in range(0x4E00, 0x5E00)] + list("0123456789，。？")
    vocabulary = {token: number for number, token in enumerate(special + characters)}
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
        num_labels=1,  # type: ignore[call-arg]
        initializer_range=1.0,  # the usual 0.02 would give every passage nearly the same score
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=512, **names)  # type: ignore[no-untyped-call]
    wrapped.save_pretrained(folder)
    return folder


class ReadingReader(CrossEncoderReader):
    """The cross-encoder, and what it was given to read."""

    def __init__(self, name: str, budget_ms: int, clock: Callable[[], float] = time.perf_counter) -> None:
        self.texts: list[list[str]] = []
        super().__init__(name, budget_ms, clock)
        self.texts.clear()

    def score(self, question: str, texts: Sequence[str]) -> Float32:
        self.texts.append(list(texts))
        return super().score(question, texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture
def reranker(folder: Path) -> ReadingReader:
    return ReadingReader(str(folder), PATIENT_MS)


def slow_clock(seconds: float) -> Callable[[], float]:
    """A clock by which one passage takes so many seconds."""
    ticks = iter([100.0, 100.0 + seconds])
    return lambda: next(ticks)


def test_a_score_is_the_models_own_whatever_else_is_read(reranker: ReadingReader) -> None:
    texts = ["公园昨日开放。", "区长要求加固堤防，备足沙袋，夜里有人巡查。", ""]
    together = reranker.score(QUESTION, texts)
    alone = [float(reranker.score(QUESTION, [text])[0]) for text in texts]
    assert together.shape == (3,)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert len(set(together.round(4).tolist())) == 3


def test_an_answer_reads_the_best_passages_and_takes_its_order_into_account(
    sample: Generation, embedder: Embedder, reranker: ReadingReader
) -> None:
    plain = Retriever(sample, embedder).retrieve(Query(QUESTION, top_k=12))
    found = Retriever(sample, embedder, reranker).retrieve(Query(QUESTION, top_k=12), reads=True)
    (texts,) = reranker.texts
    assert len(texts) == MAX_READ_PASSAGES
    assert texts[0].endswith(plain.passages[0].text)  # it reads what was best without it
    read = [passage for passage in found.passages if passage.chunk_id in found.readings]
    assert {passage.chunk_id for passage in read} == {
        passage.chunk_id for passage in plain.passages[:MAX_READ_PASSAGES]
    }
    worth = [passage.score + ODDS_WEIGHT * found.readings[passage.chunk_id].odds for passage in read]
    assert worth == sorted(worth, reverse=True)
    assert [passage.rank for passage in found.passages] == [*range(1, 13)]
    rest = [passage.chunk_id for passage in found.passages[MAX_READ_PASSAGES:]]
    assert rest == [passage.chunk_id for passage in plain.passages[MAX_READ_PASSAGES:]]


def test_nothing_found_is_no_error_for_the_cross_encoder(reranker: ReadingReader) -> None:
    assert reranker.score(QUESTION, []).shape == (0,)
    assert list(reranker.read(QUESTION, [])) == []


def test_a_plain_search_reads_nothing(sample: Generation, embedder: Embedder, reranker: ReadingReader) -> None:
    found = Retriever(sample, embedder, reranker).retrieve(Query(QUESTION, top_k=6))
    assert reranker.texts == []
    assert found.readings == {}
    assert found.passages == Retriever(sample, embedder).retrieve(Query(QUESTION, top_k=6)).passages


@pytest.mark.parametrize(
    ("score", "odds"), [(0.5, 0.0), (0.75, 1.0986), (0.0, -12.0), (1.0, 12.0), (3.7, 3.7), (-2.0, -2.0)]
)
def test_a_probability_becomes_log_odds_and_log_odds_stay(score: float, odds: float) -> None:
    assert odds_of(score) == pytest.approx(odds, abs=1e-3)


@pytest.mark.parametrize(("seconds", "limit"), [(0.3, 3), (0.5, 2), (0.001, MAX_READ_PASSAGES)])
def test_it_reads_as_many_passages_as_fit_into_its_budget(folder: Path, seconds: float, limit: int) -> None:
    assert CrossEncoderReader(str(folder), 1000, slow_clock(seconds)).limit == limit


def test_a_budget_that_leaves_nothing_to_compare_is_named(folder: Path) -> None:
    with pytest.raises(RerankerError, match=r"600 ms for one passage.*WENJU_RERANKER_BUDGET_MS=1000.*'bundled'"):
        CrossEncoderReader(str(folder), 1000, slow_clock(0.6))


def test_a_folder_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match=r"Nothing is downloaded.*WENJU_RERANKER") as failure:
        CrossEncoderReader(str(tmp_path / "nowhere"), 1000)
    assert "nowhere" in str(failure.value)


def test_a_folder_that_holds_no_model_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RerankerError, match="WENJU_RERANKER"):
        CrossEncoderReader(str(tmp_path), 1000)


def test_without_a_setting_the_bundled_reader_reads() -> None:
    assert isinstance(passage_reader(load_settings({}, None)), BundledReader)


def test_the_settings_name_the_cross_encoder_and_its_budget(folder: Path) -> None:
    names = {"WENJU_RERANKER": str(folder), "WENJU_RERANKER_BUDGET_MS": str(PATIENT_MS)}
    loaded = passage_reader(load_settings(names, None))
    assert loaded
    assert loaded.limit == MAX_READ_PASSAGES


@pytest.mark.parametrize("value", ["0", "-5", "1s", "0.5"])
def test_a_budget_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="WENJU_RERANKER_BUDGET_MS"):
        load_settings({"WENJU_RERANKER_BUDGET_MS": value}, None)


@pytest.mark.anyio
async def test_a_service_whose_cross_encoder_is_missing_says_so(
    sample_index_dir: Path, cache_dir: Path, tmp_path: Path
) -> None:
    settings = replace(Settings(), index_dir=sample_index_dir, cache_dir=cache_dir, reranker=str(tmp_path / "nowhere"))
    with pytest.raises(RerankerError, match="WENJU_RERANKER"):
        await LiveIndex(settings).answerer()
