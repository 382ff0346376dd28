"""Settings → the parts of a service: index, model, LLM, options of an answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from index.errors import IndexCorruptError
from rag.config import Settings
from rag.generation.options import AnswerOptions
from rag.question.limits import QuestionLimits
from rag.reader.bundled import BUNDLED, BundledReader
from rag.reader.readings import PassageReader

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder
    from index.store import Generation
    from rag.llm.guarded import GuardedChatModel

log = logging.getLogger(__name__)


def chat_model(settings: Settings) -> "GuardedChatModel | None":
    """Return the LLM that the settings name, or None; its owner closes it."""
    if not settings.openai_base_url or not settings.openai_model:
        return None
    from rag.llm.guarded import GuardedChatModel
    from rag.llm.openai import OpenAIChatModel

    model = OpenAIChatModel(
        settings.openai_base_url,
        settings.openai_api_key or "",
        settings.openai_model,
        connect_timeout_s=settings.llm_connect_timeout_s,
        first_token_timeout_s=settings.llm_first_token_timeout_s,
        idle_timeout_s=settings.llm_idle_timeout_s,
        total_timeout_s=settings.llm_total_timeout_s,
    )
    return GuardedChatModel(model)


def passage_reader(settings: Settings) -> PassageReader:
    """Return what reads the passages found: the bundled reader unless the settings name another.

    Raises:
        RerankerError: the cross-encoder cannot be loaded, or is too slow.
    """
    bundled = BundledReader(settings.cache_dir, settings.reranker_budget_ms)
    if settings.reranker_url:
        from rag.reader.http_reranker import HttpReranker

        model = "" if settings.reranker == BUNDLED else settings.reranker
        return HttpReranker(settings.reranker_url, model, instead=bundled)
    if settings.reranker == BUNDLED:
        return bundled
    from rag.reader.cross_encoder import CrossEncoderReader

    return CrossEncoderReader(settings.reranker, settings.reranker_budget_ms)


def answer_options(settings: Settings) -> AnswerOptions:
    """Return what the answerer needs of the settings."""
    return AnswerOptions(
        context_tokens=settings.llm_context_tokens,
        answer_tokens=settings.llm_answer_tokens,
        prompts_dir=settings.prompts_dir,
        cache_dir=settings.cache_dir,
        limits=QuestionLimits(
            settings.max_question_characters, settings.max_history_turns, settings.max_history_characters
        ),
        wrong_answer_cost=settings.wrong_answer_cost,
    )


@contextmanager
def open_current_index(settings: Settings) -> Iterator[tuple["Generation", "Embedder"]]:
    """Yield the current generation and the embedder that fits it; the generation is closed afterwards.

    Where it is damaged, the one before is yielded, and the log says so.

    Raises:
        IndexNotFoundError: nothing is published.
        IndexCorruptError: it is damaged, and no earlier one can be used.
        IndexMismatchError: it was built with another model than the settings name.
    """
    from index.embedding.embedder import load_embedder
    from index.store import current_folder, open_generation

    with suppress(IndexCorruptError):
        current_folder(settings.index_dir)  # says that there is no index before a model is loaded
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    generation = open_generation(settings.index_dir, embedder=embedder.spec)
    if generation.damage:
        log.error("generation %s is used, the one before: %s", generation.manifest.generation, generation.damage)
    try:
        yield generation, embedder
    finally:
        generation.close()
