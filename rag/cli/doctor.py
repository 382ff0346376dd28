"""`wenju doctor`: what is set up, what is not, and what to do about it."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.errors import IndexingError
from rag.cli.keys import check_access
from rag.config import Settings
from rag.errors import AnsweringError
from rag.service.factory import chat_model, open_current_index

if TYPE_CHECKING:
    from index.store import Generation

DOCTOR_HELP = "Check settings, embedding model, index and LLM endpoint, and say what to do about each failure."


def doctor(_options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju doctor`."""
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("settings", _check_settings),
        ("access", check_access),
        ("embedding model", _check_model),
        ("reader", _check_reader),
        ("index", _check_index),
        ("LLM", _check_llm),
    )
    failures = 0
    for name, check in checks:
        try:
            print(f"ok    {name}: {check(settings)}")
        except (AnsweringError, IndexingError) as error:
            failures += 1
            print(f"FAIL  {name}: {error}")
    return 1 if failures else 0


def _check_settings(settings: Settings) -> str:
    return f"index in {settings.index_dir}, cache in {settings.cache_dir}"


def _check_model(settings: Settings) -> str:
    from index.embedding.embedder import load_embedder

    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    vector = embedder.embed_queries(["丰收"])[0]
    return f"{embedder.spec.name}, {len(vector)} dimensions, {embedder.spec.max_tokens} tokens"


def _check_reader(settings: Settings) -> str:
    from rag.reader.bundled import TRIAL_PASSAGE, TRIAL_QUESTION
    from rag.reader.readings import MAX_READ_PASSAGES
    from rag.service.factory import passage_reader

    reader = passage_reader(settings)
    list(reader.read(TRIAL_QUESTION, [TRIAL_PASSAGE]))
    named = settings.reranker_url or settings.reranker
    if reader.limit == MAX_READ_PASSAGES:
        return f"{named}, reads the best {reader.limit} passages of a question"
    return (
        f"{named}, on this machine too slow for more than {reader.limit} of {MAX_READ_PASSAGES} passages of a question: fewer "
        f"questions are answered. WENJU_RERANKER_BUDGET_MS={settings.reranker_budget_ms} would have to be higher"
    )


def _check_index(settings: Settings) -> str:
    with open_current_index(settings) as (generation, _embedder):
        counts = generation.manifest.counts
        held = f"generation {generation.manifest.generation}, {counts.articles} articles, {counts.chunks} chunks"
        return f"{held}, checksums hold{_outdated(generation, settings)}"


def _outdated(generation: "Generation", settings: Settings) -> str:
    """What the next `wenju index` would bring up to date, embedding nothing again."""
    from index.language.user_dictionary import Dictionary, read_dictionary

    dictionary = read_dictionary(settings.dictionary) if settings.dictionary else Dictionary()
    if not generation.has_current_terms:
        return "; its terms are an earlier version's: run wenju index PATH"
    if generation.lexicon.dictionary.digest != dictionary.digest:
        return "; WENJU_DICTIONARY has changed since: run wenju index PATH"
    return ""


def _check_llm(settings: Settings) -> str:
    import anyio

    chat = chat_model(settings)
    if chat is None:
        return "none set (OPENAI_BASE_URL): answers are extracted"

    async def probe() -> str:
        async with chat:
            return await chat.probe()

    return anyio.run(probe)
