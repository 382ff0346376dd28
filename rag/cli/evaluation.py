"""`wenju eval`: retrieval, answers, and two results side by side."""

import argparse
import datetime
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.keys import AddParser
from rag.cli.progress import progress_bars
from rag.config import Settings
from rag.errors import ChatModelError, SettingsError

if TYPE_CHECKING:
    from rag.evaluation.answers import Asked
    from rag.evaluation.questions import Question
    from rag.evaluation.summary import Result
    from rag.llm.guarded import GuardedChatModel

EVAL_HELP = """Measure how well documents are found and questions are answered, with 95 % intervals, overall, by type and by
language; and compare two results. Question files are JSON lines or a JSON array, .gz or not, with our names or RAGAS'."""
RETRIEVAL_HELP = """Build a throw-away index of a corpus (kept in the cache folder, so that unchanged text is embedded once),
retrieve for every question, print hit@k, recall@k, MRR@10 and nDCG@10."""
ANSWERS_HELP = """Ask every question of the current index and print how many answers are right, what their citations are
worth, how often it refuses what it should and should not, and how long it takes."""
COMPARE_HELP = """Two results of the same kind (what --json printed, or a report's folder) side by side, on the questions that
both have. Exits 1 where a measure got worse by more than --max-drop and the interval of the paired difference excludes 0;
latency never decides."""


def add_commands(add_parser: AddParser, positive: Callable[[str], int]) -> argparse.ArgumentParser:
    """Add `eval` with its three commands; return that of answers, which opens an index.

    Args:
        positive: parses a number of 1 or more.
    """
    group = add_parser("eval", help="measure retrieval and answers, compare two results", description=EVAL_HELP)
    kinds = group.add_subparsers(title="commands", required=True, metavar="COMMAND")
    retrieval = kinds.add_parser("retrieval", help="how well documents are found", description=RETRIEVAL_HELP)
    retrieval.set_defaults(run=evaluate_retrieval)
    retrieval.add_argument(
        "corpus", type=Path, metavar="CORPUS", help="JSON lines with _id, title, text, date; or a folder"
    )
    answers = kinds.add_parser("answers", help="how well questions are answered", description=ANSWERS_HELP)
    answers.set_defaults(run=evaluate_answers)
    for command in (retrieval, answers):
        command.add_argument(
            "questions", type=Path, metavar="QUESTIONS", help="questions with what is known of the answers"
        )
        command.add_argument(
            "--report", type=Path, metavar="DIR", help="write summary.json, questions.jsonl, report.html there"
        )
        command.add_argument("--json", action="store_true", help="print the whole result as JSON, as compare reads it")
        command.add_argument("--limit", "-n", type=positive, metavar="N", help="the first N questions only")
    retrieval.add_argument(
        "--run", dest="run_file", type=Path, metavar="RUN", help="write each question's ranking there"
    )
    answers.add_argument("--predictions", type=Path, metavar="PRED", help="write each answer with its quotes there")
    answers.add_argument("--no-llm", action="store_true", help="extract the answers, even where an LLM is configured")
    answers.add_argument(
        "--judge", action="store_true", help="let the configured LLM judge faithfulness and correctness"
    )
    comparison = kinds.add_parser("compare", help="two results side by side, and a gate", description=COMPARE_HELP)
    comparison.set_defaults(run=compare_results)
    comparison.add_argument("before", type=Path, metavar="A", help="the first result")
    comparison.add_argument("after", type=Path, metavar="B", help="the second result")
    comparison.add_argument(
        "--max-drop", type=_drop, default=0.0, metavar="X", help="how much a measure may drop, e.g. 0.01 (default 0)"
    )
    comparison.add_argument("--json", action="store_true", help="print JSON instead of text")
    return answers


def evaluate_retrieval(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju eval retrieval`."""
    from index.embedding.embedder import load_embedder
    from rag.evaluation.questions import read_questions
    from rag.evaluation.report.write import write_retrieval_report
    from rag.evaluation.retrieval import build_corpus_index, corpus_openings, retrieve_all, write_run
    from rag.evaluation.summary import summarise
    from rag.service.factory import passage_reader

    questions = read_questions(options.questions, options.limit)
    _make_folders(options.run_file, options.report)
    openings = corpus_openings(options.corpus, questions)
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    with progress_bars() as progress:
        built = build_corpus_index(options.corpus, settings.cache_dir, embedder, progress)
        counts = built.manifest.counts
        _say(
            f"{counts.kept} documents, {counts.chunks} chunks ({counts.embedded} embedded now) in {built.seconds:.1f} s"
        )
        index_dir = built.folder.parent.parent
        found = retrieve_all(questions, index_dir, embedder, passage_reader(settings), progress, settings.cache_dir)
    if options.run_file:
        write_run(found, options.run_file)
    facts = {
        "created": _now(),
        "questions": options.questions.name,
        "corpus": options.corpus.name,
        "documents": counts.kept,
        "chunks": counts.chunks,
        "embedder": embedder.spec.name,
        "generation": built.manifest.generation,
    }
    result = summarise("retrieval", [each.row for each in found], facts)
    if options.report:
        _say(f"report: {write_retrieval_report(options.report, result, found, openings)}")
    _print(result, as_json=options.json)
    return 0


def evaluate_answers(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju eval answers`."""
    import anyio

    from rag.evaluation.answers import write_predictions
    from rag.evaluation.questions import read_questions
    from rag.evaluation.report.write import write_answers_report
    from rag.evaluation.summary import summarise

    questions = read_questions(options.questions, options.limit)
    if options.judge and not settings.has_llm:
        raise SettingsError("--judge needs an LLM: set OPENAI_BASE_URL and OPENAI_MODEL, or leave --judge out")
    _make_folders(options.predictions, options.report)
    asked, facts = anyio.run(_ask_all, questions, settings, not options.no_llm, options.judge)
    if options.predictions:
        write_predictions([each.reply for each in asked], options.predictions)
    facts = {"created": _now(), "questions": options.questions.name, **facts}
    result = summarise("answers", [each.row for each in asked], facts)
    if options.report:
        _say(f"report: {write_answers_report(options.report, result, asked)}")
    _print(result, as_json=options.json)
    failures = [each.verdict.failure for each in asked if each.verdict and each.verdict.failure]
    if failures:
        _say(
            f"the judge failed on {len(failures)} of {sum(each.verdict is not None for each in asked)} answers: {failures[0]}"
        )
        if all(each.verdict.failure for each in asked if each.verdict) and _is_unreachable(failures[0]):
            raise ChatModelError("unreachable", "no answer could be judged: check OPENAI_BASE_URL with wenju doctor")
    return 0


def compare_results(options: argparse.Namespace, _settings: Settings) -> int:
    """Run `wenju eval compare`."""
    from rag.cli.render import to_json
    from rag.evaluation.compare import compare, read_result
    from rag.evaluation.report.table import show_comparison

    comparison = compare(read_result(options.before), read_result(options.after), options.max_drop)
    print(to_json(comparison) if options.json else show_comparison(comparison))
    return 1 if comparison.failed else 0


async def _ask_all(
    questions: "Sequence[Question]", settings: Settings, with_llm: bool, with_judge: bool
) -> "tuple[list[Asked], dict[str, str | int | float | None]]":
    from rag.answer import Answerer
    from rag.evaluation.answers import Asker, score_all
    from rag.evaluation.judge import Judge
    from rag.evaluation.source_quotes import PrintedFiles
    from rag.service.factory import answer_options, chat_model, open_current_index, passage_reader

    chat: GuardedChatModel | None = chat_model(settings) if with_llm or with_judge else None
    try:
        judge = Judge(chat, settings.prompts_dir) if with_judge and chat else None
        with open_current_index(settings) as (generation, embedder), progress_bars() as progress:
            answerer = Answerer(
                generation, embedder, chat if with_llm else None, answer_options(settings), passage_reader(settings)
            )
            asker = Asker(answerer, PrintedFiles(generation), settings.top_k)
            replies = await asker.ask_all(questions, progress)
            asked = await score_all(questions, replies, judge, progress)
            facts: dict[str, str | int | float | None] = {
                "generation": generation.manifest.generation,
                "embedder": embedder.spec.name,
                "LLM": chat.name if chat and with_llm else "none: answers are extracted",
                "judge": f"{chat.name}, {judge.versions}" if chat and judge else None,
            }
            return asked, facts
    finally:
        if chat:
            await chat.aclose()


def _make_folders(file: Path | None, report: Path | None) -> None:
    """Make what results are written into before they are computed: a mistyped folder must not cost an hour."""
    for folder in (file.parent if file else None, report):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)


def _is_unreachable(failure: str) -> bool:
    return failure.startswith("unreachable")


def _print(result: "Result", *, as_json: bool) -> None:
    from rag.cli.render import to_json
    from rag.evaluation.report.table import show_result

    print(to_json(result) if as_json else show_result(result))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _drop(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: not a number; write e.g. 0.01") from error
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text}: must be 0 or more")
    return value
