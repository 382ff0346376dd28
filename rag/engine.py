"""The archive as a Python object: one index, opened; questions answered and passages found in this process.

open_engine ─► Engine ─ ask ────► Answer (a refusal is one too)
                      └ search ─► passages, best first
"""

import datetime
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from anyio.from_thread import BlockingPortal, start_blocking_portal

from rag.answer import Answerer
from rag.config import Settings, load_settings
from rag.errors import QuestionError
from rag.question.limits import read_limit
from rag.records import Answer, Message, Passage, Query
from rag.service.factory import answer_options, chat_model, open_current_index, passage_reader

Day = str | datetime.date | None
"""A day, or as a string a month or a year: "2021", "2021-03", "2021-03-15"."""


def open_engine(index_dir: str | Path | None = None, *, settings: Settings | None = None) -> "Engine":
    """Open an index for questions; close it after use, or use it in a `with` statement.

    Args:
        index_dir: made by `wenju index`; None takes the settings'.
        settings: None reads the environment and .env, as the command line does. Without an LLM in them, answers
            are extracted.
    Raises:
        SettingsError: a setting is malformed.
        IndexNotFoundError: there is no index in the folder.
        IndexMismatchError: it was built with another embedding model than the settings name.
        IndexCorruptError: it is damaged.
    """
    settings = settings or load_settings()
    return Engine(replace(settings, index_dir=Path(index_dir)) if index_dir is not None else settings)


class Engine:
    """One generation of an index, opened, with the LLM that the settings name. Thread-safe.

    A later `wenju index` does not change what an open engine answers from: open another one to see it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        with ExitStack() as resources:
            generation, embedder = resources.enter_context(open_current_index(settings))
            portal = resources.enter_context(start_blocking_portal())
            chat = chat_model(settings)
            if chat:  # its connections live in the portal's event loop
                resources.callback(portal.call, chat.aclose)
            self._answerer = Answerer(generation, embedder, chat, answer_options(settings), passage_reader(settings))
            self._portal: BlockingPortal = portal
            self._resources = resources.pop_all()
        self._is_closed = False

    def ask(
        self,
        question: str,
        *,
        first: Day = None,
        last: Day = None,
        history: Sequence[tuple[str, str]] = (),
        use_llm: bool = True,
    ) -> Answer:
        """Return the answer to a question; where the archive does not know, `answer.refusal` says why.

        Args:
            question: in Chinese of either script, or in English.
            first, last: only articles from this day, month or year on, and up to it.
            history: of the conversation so far, oldest first: (question, answer) pairs.
            use_llm: False extracts the answer, also where an LLM is set.
        Raises:
            QuestionError: the question is too long, or its date range is empty or malformed.
            RuntimeError: the engine is closed.
        """
        turns = [
            turn for asked, answered in history for turn in (Message("user", asked), Message("assistant", answered))
        ]
        query = self._query(question, first, last, self._settings.top_k, tuple(turns))
        answerer = self._answerer if use_llm else self._answerer.without_llm()
        return self._portal.call(answerer.answer, query)

    def search(self, text: str, *, k: int = 8, first: Day = None, last: Day = None) -> tuple[Passage, ...]:
        """Return the k best passages for a text, best first.

        Args:
            text: a question or words to look for.
            k: passages at most, from 1 on.
            first, last: see `ask`.
        Raises:
            QuestionError: the text is too long, k is below 1, or the date range is empty or malformed.
            RuntimeError: the engine is closed.
        """
        query = self._query(text, first, last, k)
        self._answerer.check(query)
        return self._answerer.retriever.retrieve(query).passages

    def close(self) -> None:
        """Close index and connections, after the questions that are being answered; what has been returned stays good."""
        self._is_closed = True
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_closed = True
        self._resources.__exit__(kind, error, traceback)  # which ends what still runs, after Ctrl-C

    def _query(self, text: str, first: Day, last: Day, top_k: int, history: tuple[Message, ...] = ()) -> Query:
        if self._is_closed:
            raise RuntimeError("this engine is closed: open another one with open_engine")
        if top_k < 1:
            raise QuestionError(f"k is {top_k}: ask for one passage or more", param="k", code="too_small")
        return Query(text, history, read_limit(first, "first"), read_limit(last, "last"), top_k)
