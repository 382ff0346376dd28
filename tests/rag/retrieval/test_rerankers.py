"""rag.retrieval.rerankers: weights, and a real cross-encoder of one small random layer."""

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
from rag.records import Passage, Query
from rag.retrieval.linear_model import Weights
from rag.retrieval.rerankers import CROSS_ENCODER_PASSAGES, CrossEncoderReranker
from rag.retrieval.retriever import Retriever
from rag.service.factory import cross_encoder
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


class ReadingReranker(CrossEncoderReranker):
    """The cross-encoder, and what it was given to read."""

    def __init__(self, name: str, budget_ms: int, clock: Callable[[], float] = time.perf_counter) -> None:
        self.read: list[list[str]] = []
        super().__init__(name, budget_ms, clock)
        self.read.clear()

    def score(self, question: str, texts: Sequence[str]) -> Float32:
        self.read.append(list(texts))
        return super().score(question, texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture
def reranker(folder: Path) -> ReadingReranker:
    return ReadingReranker(str(folder), PATIENT_MS)


def slow_clock(seconds: float) -> Callable[[], float]:
    """A clock by which one passage takes so many seconds."""
    ticks = iter([100.0, 100.0 + seconds])
    return lambda: next(ticks)


def passages(retriever: Retriever, *, use_cross_encoder: bool, top_k: int = 6) -> tuple[Passage, ...]:
    return retriever.retrieve(Query(QUESTION, top_k=top_k), use_cross_encoder=use_cross_encoder).passages


@pytest.mark.parametrize(("coverage", "expected"), [(1.0, [1, 2]), (0.0, [10, 20])])
def test_foreign_weights_count_where_the_archive_knows_no_word(coverage: float, expected: list[float]) -> None:
    weights = Weights(np.array([1, 2], np.float32), np.array([10, 20], np.float32))
    assert weights.score(np.eye(2, dtype=np.float32), coverage).tolist() == expected


def test_a_score_is_the_models_own_whatever_else_is_read(reranker: ReadingReranker) -> None:
    texts = ["公园昨日开放。", "区长要求加固堤防，备足沙袋，夜里有人巡查。", ""]
    together = reranker.score(QUESTION, texts)
    alone = [float(reranker.score(QUESTION, [text])[0]) for text in texts]
    assert together.shape == (3,)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert len(set(together.round(4).tolist())) == 3


def test_an_answer_gets_the_best_passages_in_the_order_of_the_cross_encoder(
    sample: Generation, embedder: Embedder, reranker: ReadingReranker
) -> None:
    retriever = Retriever(sample, embedder, reranker)
    plain, use_cross_encoder = passages(retriever, use_cross_encoder=False), passages(retriever, use_cross_encoder=True)
    (read,) = reranker.read
    assert len(read) == CROSS_ENCODER_PASSAGES
    assert read[0] == plain[0].text  # it reads what was best without it
    best = [text for _score, text in sorted(zip(-reranker.score(QUESTION, read), read, strict=True))]
    came = [passage.text for passage in use_cross_encoder if passage.text in read]
    assert [text for text in best if text in came] == came
    assert came[0] == best[0]
    assert [passage.text for passage in plain] != [passage.text for passage in use_cross_encoder]
    assert [passage.rank for passage in use_cross_encoder] == [*range(1, 7)]


def test_what_it_does_not_read_follows_in_the_order_before(
    sample: Generation, embedder: Embedder, folder: Path
) -> None:
    reranker = ReadingReranker(str(folder), 1000, slow_clock(0.4))
    assert reranker.limit == 2
    retriever = Retriever(sample, embedder, reranker)
    plain, use_cross_encoder = (
        passages(retriever, use_cross_encoder=False, top_k=12),
        passages(retriever, use_cross_encoder=True, top_k=12),
    )
    (read,) = reranker.read
    assert len(read) == 2
    rest = [[passage.text for passage in found if passage.text not in read] for found in (plain, use_cross_encoder)]
    assert rest[0] == rest[1]
    assert {passage.text for passage in use_cross_encoder[:2]} == set(read)


def test_a_plain_search_never_asks_the_cross_encoder(
    sample: Generation, embedder: Embedder, reranker: ReadingReranker
) -> None:
    with_it = passages(Retriever(sample, embedder, reranker), use_cross_encoder=False)
    assert reranker.read == []
    assert with_it == passages(Retriever(sample, embedder), use_cross_encoder=False)
    assert with_it == passages(Retriever(sample, embedder), use_cross_encoder=True)  # there is none to ask


def test_nothing_found_is_no_error_for_the_cross_encoder(reranker: ReadingReranker) -> None:
    assert reranker.score(QUESTION, []).shape == (0,)


@pytest.mark.parametrize(("seconds", "limit"), [(0.3, 3), (0.5, 2), (0.001, CROSS_ENCODER_PASSAGES)])
def test_it_reads_as_many_passages_as_fit_into_its_budget(folder: Path, seconds: float, limit: int) -> None:
    assert CrossEncoderReranker(str(folder), 1000, slow_clock(seconds)).limit == limit


def test_a_budget_that_leaves_nothing_to_compare_is_named(folder: Path) -> None:
    with pytest.raises(RerankerError, match=r"600 ms for one passage.*WENJU_RERANKER_BUDGET_MS=1000.*'light'"):
        CrossEncoderReranker(str(folder), 1000, slow_clock(0.6))


def test_a_folder_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match=r"Nothing is downloaded.*WENJU_RERANKER") as failure:
        CrossEncoderReranker(str(tmp_path / "nowhere"), 1000)
    assert "nowhere" in str(failure.value)


def test_a_folder_that_holds_no_model_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RerankerError, match="WENJU_RERANKER"):
        CrossEncoderReranker(str(tmp_path), 1000)


def test_light_names_no_cross_encoder() -> None:
    assert cross_encoder(load_settings({}, None)) is None


def test_the_settings_name_the_cross_encoder_and_its_budget(folder: Path) -> None:
    names = {"WENJU_RERANKER": str(folder), "WENJU_RERANKER_BUDGET_MS": str(PATIENT_MS)}
    loaded = cross_encoder(load_settings(names, None))
    assert loaded
    assert loaded.limit == CROSS_ENCODER_PASSAGES


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
