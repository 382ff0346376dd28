"""Online side: a question becomes passages, then an answer with verified citations, or a refusal.

    from rag import open_engine

    with open_engine("index folder") as engine:
        answer = engine.ask("2021年的区委书记是谁？")

question ─► question ─► lookup ─► retrieval ─► evidence ─► refused, or ─► generation ─► answer with citations
            asks what   whole?    passages     sentences                  verification: a quote for each statement

engine opens an index for a Python program · answer composes the line above; read it first · facts reads what texts
state · reader tells whether a passage answers · llm speaks to any OpenAI-compatible server · service keeps an index open
while it changes · api and cli are the ways in · evaluation measures · records, errors, config, api_keys, network,
single_flight serve them all.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.config import Settings, load_settings
    from rag.engine import Engine, open_engine
    from rag.records import Answer, Citation, Passage, Query, Refusal

    __version__: str

__all__ = [
    "Answer",
    "Citation",
    "Engine",
    "Passage",
    "Query",
    "Refusal",
    "Settings",
    "__version__",
    "load_settings",
    "open_engine",
]

_HOMES = {
    "Engine": "engine",
    "open_engine": "engine",
    "Settings": "config",
    "load_settings": "config",
} | dict.fromkeys(("Answer", "Citation", "Passage", "Query", "Refusal"), "records")


def __getattr__(name: str) -> Any:
    """Load what is asked for, and nothing else: `wenju --help` needs no search."""
    from importlib import import_module, metadata

    if name == "__version__":
        try:
            return metadata.version("wenju")
        except metadata.PackageNotFoundError:
            return "0 (not installed)"
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
