"""Text → tokens → the bundled model's vectors of them, which every stack of layers on it begins with.

The only importer of onnxruntime and sentencepiece. Half of the bundled model is this table (250,000 tokens), so a process
has it once, whatever reads from it: the encoder of passages (index.embedding.embedder), the reader (rag.reader).
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.records import Float32

TOKEN_EMBEDDINGS, TOKENIZER = "token_embeddings.onnx", "tokenizer.spm"
"""Files of the folder that index.embedding.embedder.materialise writes."""


class TokenEmbeddings:
    """The tokenizer and the table of the bundled model. Thread-safe.

    Args:
        folder: what `materialise` returned.
    """

    def __init__(self, folder: Path) -> None:
        import sentencepiece

        # Half a second for its 250,000 pieces, without the GIL: meanwhile the caller opens the rest.
        loader = ThreadPoolExecutor(1)
        self._loading = loader.submit(sentencepiece.SentencePieceProcessor, model_file=str(folder / TOKENIZER))
        loader.shutdown(wait=False)
        self._session = open_session(folder / TOKEN_EMBEDDINGS)

    @cached_property
    def tokenizer(self) -> Any:
        """The SentencePiece processor; its ids are the model's: <s> 0, <pad> 1, </s> 2, <unk> 3."""
        return self._loading.result()

    def embed(self, ids: list[int]) -> Float32:
        """Return (1, n, 384) for n token ids, with the positions added."""
        embedded: Float32 = self._session.run(None, {"ids": np.array([ids], np.int64)})[0]
        return embedded


@lru_cache(maxsize=2)
def load_token_embeddings(folder: Path) -> TokenEmbeddings:
    """Return the table of a folder, the same one to all that ask."""
    return TokenEmbeddings(folder)


def open_session(path: Path) -> Any:
    """Open an ONNX graph for the CPU, one thread a run: texts run beside each other instead, no waiting inside one."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
