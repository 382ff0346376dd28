"""Parses the command line, runs the command, turns errors into exit codes."""

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import rag
from index.errors import (
    DictionaryError,
    EmbeddingModelError,
    IndexBusyError,
    IndexCorruptError,
    IndexingError,
    IndexMismatchError,
    IndexNotFoundError,
    IndexWriteError,
    UnknownDocumentError,
)
from index.files import disk_full, is_full
from index.records import PartialDate
from rag.cli import commands, doctor, evaluation, feedback, keys
from rag.config import Settings, load_settings
from rag.errors import (
    AnsweringError,
    ChatModelError,
    EvaluationError,
    EvaluationNotFoundError,
    FeedbackCorruptError,
    FeedbackMissingError,
    QuestionError,
)

DONE, FAILED, USAGE, CONFIGURATION, NOT_FOUND, CORRUPT, LLM_UNREACHABLE = 0, 1, 2, 3, 4, 5, 6

_EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (QuestionError, USAGE),
    (ChatModelError, LLM_UNREACHABLE),
    (EvaluationNotFoundError, NOT_FOUND),
    (EvaluationError, CORRUPT),
    (FeedbackMissingError, NOT_FOUND),
    (FeedbackCorruptError, CORRUPT),
    (AnsweringError, CONFIGURATION),
    (EmbeddingModelError, CONFIGURATION),
    (DictionaryError, CONFIGURATION),
    (IndexMismatchError, CONFIGURATION),
    (IndexNotFoundError, NOT_FOUND),
    (UnknownDocumentError, NOT_FOUND),
    (IndexCorruptError, CORRUPT),
    (IndexWriteError, CONFIGURATION),
    (IndexBusyError, CONFIGURATION),
    (IndexingError, CORRUPT),
)
"""First match decides; see CONTRACT: 0 done, 1 a gate failed, 2 usage, 3 configuration, 4 no index or not found,
5 unreadable or corrupt data, 6 LLM unreachable, 130 interrupted."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        if getattr(options, "index_dir", None):
            settings = replace(settings, index_dir=options.index_dir)
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        logging.getLogger("faiss").setLevel(logging.WARNING)  # narrates how it loads
        command: Callable[[argparse.Namespace, Settings], int] = options.run
        return command(options, settings)
    except BrokenPipeError:  # the reader of our output has gone, e.g. | head
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:  # a full disk, an output that cannot be written
        if is_full(error):
            print(f"wenju: {disk_full(Path(error.filename or settings.index_dir))}", file=sys.stderr)
            return CONFIGURATION
        print(f"wenju: {error}", file=sys.stderr)
        return FAILED
    except tuple(kind for kind, _code in _EXIT_CODES) as error:
        print(f"wenju: {error}", file=sys.stderr)
        return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wenju",
        description="问据: question answering over a newspaper archive; every statement carries a quote, verbatim in its article.",
        epilog="Settings come from the environment or a .env file; .env.example explains each. Start with: wenju demo. "
        "Exit codes: 0 done, 1 a check failed, 2 usage, 3 configuration, 4 no index or not found, 5 unreadable or corrupt "
        "data, 6 LLM unreachable, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"wenju {rag.__version__}")
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[..., int], help_: str, description: str) -> argparse.ArgumentParser:
        command = subparsers.add_parser(name, help=help_, description=description)
        command.set_defaults(run=run)
        return command

    demo = add("demo", commands.demo, "index the shipped sample and ask it three questions", commands.DEMO_HELP)
    demo.set_defaults(index_dir=None)
    index = add("index", commands.index, "read files and folders into the index", commands.INDEX_HELP)
    index.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="file or folder (folders with subfolders)")
    index.add_argument("--rebuild", action="store_true", help="start from these paths alone, and embed everything anew")
    index.add_argument("--restore", action="append", default=[], metavar="SOURCE", help="bring back what was withdrawn")
    index.add_argument(
        "--report", type=Path, metavar="FILE", help="write all rejections and doubtful articles: .jsonl or .tsv"
    )
    articles = add("articles", commands.articles, "show the articles rebuilt from files", commands.ARTICLES_HELP)
    articles.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
    articles.add_argument("--json", action="store_true", help="one JSON object a line")
    articles.add_argument(
        "--explain",
        action="store_true",
        help="print why each article looks as it does: decisions, date, fixes, noise (--json has them anyway)",
    )
    search = add("search", commands.search, "show the passages found for a text", commands.SEARCH_HELP)
    search.add_argument("text", type=_text, metavar="TEXT")
    search.add_argument("-k", type=_positive, default=10, help="passages (default 10)")
    ask = add("ask", commands.ask, "answer one question", commands.ASK_HELP)
    ask.add_argument("text", type=_text, metavar="TEXT")
    ask.add_argument("--no-llm", action="store_true", help="extract the answer, even where an LLM is configured")
    for command in (search, ask):
        command.add_argument(
            "--from",
            dest="first",
            type=_date,
            metavar="DATE",
            help="only articles of this date or later; undated ones are left out",
        )
        command.add_argument(
            "--to",
            dest="last",
            type=_date,
            metavar="DATE",
            help="only articles of this date or earlier; undated ones are left out",
        )
        command.add_argument("--json", action="store_true", help="print JSON instead of text")
    serve = add("serve", commands.serve, "serve the question page and the HTTP API", commands.SERVE_HELP)
    serve.add_argument("--host", help="address to listen on (default: WENJU_HOST, 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port (default: WENJU_PORT, 8000)")
    serve.add_argument("--workers", type=_positive, help="processes (default: WENJU_WORKERS, 1)")
    checking = add("doctor", doctor.doctor, "check settings, model, index and LLM", doctor.DOCTOR_HELP)
    checking.add_argument(
        "--repair", action="store_true", help="first bring back a lost or damaged list of withdrawals"
    )
    keys.add_commands(subparsers.add_parser)
    eval_answers = evaluation.add_commands(subparsers.add_parser, _positive)
    rated = feedback.add_commands(subparsers.add_parser, _date)
    for command in (index, search, ask, serve, checking, eval_answers, *rated):
        command.add_argument(
            "--index-dir",
            type=Path,
            metavar="DIR",
            help="index folder (default: WENJU_INDEX_DIR, else the user's data folder)",
        )
    return parser


def _text(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):  # how Python passes on what it cannot decode
        raise argparse.ArgumentTypeError("the text is not UTF-8: check the terminal's encoding")
    return text


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be 1 or more")
    return value


def _date(text: str) -> PartialDate:
    from index.read.stated_dates import parse_date

    date = parse_date(text)
    if date is None:
        raise argparse.ArgumentTypeError(f"{text}: not a date; write 2023-07-05, 2023-07 or 2023")
    return date
