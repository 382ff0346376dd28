"""`wenju feedback`: rated answers as evaluation questions, as a table, and out of the file again."""

import argparse
import datetime
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from index.records import PartialDate
from rag.cli.keys import AddParser
from rag.config import Settings
from rag.errors import FeedbackMissingError, FeedbackOffError
from rag.records import REFUSED

if TYPE_CHECKING:
    from rag.service.feedback.ratings import Rating
    from rag.service.feedback.store import FeedbackStore

FEEDBACK_HELP = """Read what readers have said of answers: as questions for wenju eval, as a table; and delete it. Only rated
answers are kept, in the index folder or where WENJU_FEEDBACK_DB says."""
EXPORT_HELP = """Write the rated answers as JSON lines that wenju eval answers reads. A helpful answer's quotes are the evidence
and its documents the gold ones; a helpful refusal is a question that cannot be answered; of an unhelpful answer, and of reports
that need not answer, nobody knows what would be right (answerable: null), so that only the quotes count until an editor says
what is."""
LIST_HELP = "Show the rated answers, oldest first, one a line."
DELETE_HELP = """Delete ratings for good: one, those before a date, or those that quote a document, e.g. one that was withdrawn:
withdrawing it from the index leaves its quotes in the ratings."""
_SHOWN = 40
"""Characters of a question or comment in the table."""


def add_commands(add_parser: AddParser, date: Callable[[str], PartialDate]) -> list[argparse.ArgumentParser]:
    """Add `feedback` with its three commands; return them, which look beside an index.

    Args:
        date: parses a date.
    """
    group = add_parser("feedback", help="read what readers said of answers", description=FEEDBACK_HELP)
    kinds = group.add_subparsers(title="commands", required=True, metavar="COMMAND")
    export = kinds.add_parser("export", help="rated answers as evaluation questions", description=EXPORT_HELP)
    export.set_defaults(run=export_ratings)
    export.add_argument("--out", type=Path, metavar="FILE", help="write them there (default: print them)")
    table = kinds.add_parser("list", help="rated answers as a table", description=LIST_HELP)
    table.set_defaults(run=list_ratings)
    for command in (export, table):
        which = command.add_mutually_exclusive_group()
        which.add_argument("--helpful", action="store_true", default=None, help="only those rated helpful")
        which.add_argument("--unhelpful", dest="helpful", action="store_false", help="only those rated not helpful")
        command.add_argument("--since", type=date, metavar="DATE", help="only those rated on this date or later")
    delete = kinds.add_parser("delete", help="delete ratings for good", description=DELETE_HELP)
    delete.set_defaults(run=delete_ratings)
    what = delete.add_mutually_exclusive_group(required=True)
    what.add_argument("--id", dest="id_", metavar="ID", help="of a rating or of its answer")
    what.add_argument("--before", type=date, metavar="DATE", help="those rated before this date")
    what.add_argument("--source", metavar="SOURCE", help="those that quote this file or document")
    return [export, table, delete]


def export_ratings(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju feedback export`."""
    from index.files import private_file
    from rag.cli.render import to_json

    lines = [to_json(values) for values in _questions(_ratings(options, settings))]
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        with private_file(options.out) as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
    else:
        print("".join(f"{line}\n" for line in lines), end="")
    print(f"{len(lines)} rated answers{f' → {options.out}' if options.out else ''}", file=sys.stderr)
    return 0


def list_ratings(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju feedback list`."""
    helpful = count = 0
    for rating in _ratings(options, settings):
        of = rating.of
        words = [rating.rated[:16], "+" if rating.helpful else "-", rating.reason or "", of.status, rating.id]
        print("\t".join([*words, _short(of.question), _short(rating.comment or "")]))
        count += 1
        helpful += rating.helpful
    print(f"{count} rated answers, {helpful} of them helpful", file=sys.stderr)
    return 0


def delete_ratings(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju feedback delete`."""
    before = _start_of(options.before) if options.before else None
    store = _store(settings)
    count = store.delete(id_=options.id_, before=before, source=options.source)
    if options.id_ and not count:
        raise FeedbackMissingError(f"no rating, and no rated answer, {options.id_} in {store.path}")
    print(f"{count} ratings deleted from {store.path}", file=sys.stderr)
    return 0


def _questions(ratings: "Iterable[Rating]") -> "Iterable[dict[str, object]]":
    """Ratings as lines of a question file. Ids are those of the answers, counted on where several readers rated one."""
    seen: Counter[str] = Counter()
    for rating in ratings:
        of = rating.of
        seen[of.answer_id] += 1
        number = seen[of.answer_id]
        is_answered = of.status not in REFUSED
        is_gold = rating.helpful and is_answered
        quotes = [{"file": quoted.source, "quote": quoted.quote} for quoted in of.cited]
        yield {
            "_id": of.answer_id if number == 1 else f"{of.answer_id}#{number}",
            "question": of.rewritten or of.question,  # history is not kept: the question must stand alone
            # Helpful reports on the matter: whether one of them answers, nobody has said.
            "answerable": is_answered if rating.helpful and of.status != "related" else None,
            "evidence": quotes if is_gold else [],
            "gold_docs": list(dict.fromkeys(quoted.doc_id for quoted in of.cited)) if is_gold else [],
            "from": of.first,
            "to": of.last,
            "group": of.answer_id,
            "helpful": rating.helpful,
            "reason": rating.reason,
            "comment": rating.comment,
            "asked": of.question,
            "answer": of.answer,
            "status": of.status,
            "refusal": of.refusal,
            "cited": quotes,
            "retrieved": of.retrieved,
            "generation": of.generation,
            "generator": of.generator,
            "model": of.model,
            "prompt_version": of.prompt_version,
            "rated": rating.rated,
            "caller": rating.caller,
            "feedback_id": rating.id,
        }


def _ratings(options: argparse.Namespace, settings: Settings) -> "Iterable[Rating]":
    since = _start_of(options.since) if options.since else None
    return _store(settings).ratings(helpful=options.helpful, since=since)


def _store(settings: Settings) -> "FeedbackStore":
    from rag.service.feedback.store import FeedbackStore

    if settings.feedback_file is None:
        raise FeedbackOffError("WENJU_FEEDBACK_DB=none: no feedback is kept; name its file to read an earlier one")
    return FeedbackStore(settings.feedback_file)


def _start_of(date: PartialDate) -> str:
    """The first moment of a day here, as ratings have their time: UTC."""
    day = datetime.datetime.strptime(str(date.first_day), "%Y%m%d").astimezone()
    return day.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _short(text: str) -> str:
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
