"""`wenju doctor`: what is set up, what is not, and what to do about it."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.errors import IndexCorruptError, IndexingError
from rag.cli.keys import check_access
from rag.config import Settings
from rag.errors import AnsweringError, ChatModelError, FeedbackMissingError
from rag.service.factory import chat_model, open_current_index

if TYPE_CHECKING:
    from index.store import Generation

DOCTOR_HELP = """Check settings, embedding model, index, posted documents, feedback and LLM endpoint, and say what to do about
each failure."""


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju doctor`."""
    if options.repair:
        print(f"      {_repair(settings)}")
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("settings", _check_settings),
        ("access", check_access),
        ("embedding model", _check_model),
        ("reader", _check_reader),
        ("index", _check_index),
        ("documents", _check_documents),
        ("feedback", _check_feedback),
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
        if generation.damage:
            raise IndexCorruptError(f"{held}: it is served in the place of the one published last: {generation.damage}")
        return f"{held}, checksums hold{_outdated(generation, settings)}"


def _check_documents(settings: Settings) -> str:
    from index.store.documents import find_damage
    from index.store.generations import generations_back
    from index.store.ledger import read_ledger

    if damage := find_damage(settings.index_dir):
        raise IndexCorruptError("; ".join(damage))
    ledger = read_ledger(settings.index_dir, generations_back(settings.index_dir))
    return f"{len(ledger.posted)} posted, checksums hold; {len(ledger.withdrawn.names)} withdrawn"


def _check_feedback(settings: Settings) -> str:
    from rag.service.feedback.store import FeedbackStore

    if settings.feedback_file is None:
        return "none is kept (WENJU_FEEDBACK_DB=none)"
    try:
        return f"{FeedbackStore(settings.feedback_file).check()} rated answers, checksums hold"
    except FeedbackMissingError:
        return "none yet"


def _repair(settings: Settings) -> str:
    from index.store.generations import generations_back
    from index.store.ledger import repair_ledger
    from index.store.publishing import writing

    with writing(settings.index_dir):
        done = repair_ledger(settings.index_dir, generations_back(settings.index_dir))
    return done or "the list of what was withdrawn and posted is whole: nothing to repair"


def _outdated(generation: "Generation", settings: Settings) -> str:
    """What the next `wenju index` would bring up to date, embedding nothing again."""
    from index.language.user_dictionary import Dictionary, read_dictionary

    dictionary = read_dictionary(settings.dictionary) if settings.dictionary else Dictionary()
    if not generation.has_current_terms:
        return "; its terms are an earlier version's: run wenju index PATH"
    if generation.lexicon.dictionary.digest != dictionary.digest:
        return "; WENJU_DICTIONARY has changed since: run wenju index PATH"
    if not generation.has_current_offices:
        return "; its table of who holds which office is missing or an earlier version's: run wenju index PATH"
    return ""


def _check_llm(settings: Settings) -> str:
    from contextlib import aclosing

    import anyio

    chat = chat_model(settings)
    if chat is None:
        return "none set (OPENAI_BASE_URL): answers are extracted"

    async def probe() -> str:
        async with aclosing(chat):
            return await chat.probe()

    try:
        return anyio.run(probe)
    except ChatModelError as error:
        raise ChatModelError(error.reason, f"{error}. Until it answers, answers are extracted") from error
