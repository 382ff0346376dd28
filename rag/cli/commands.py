"""One function a command. Heavy modules are imported where they are used, so that each command starts fast."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import NothingToIndexError
from rag.cli.index_report import Note, check_report_file, kept_notes, rejection_notes, show_notes, write_report
from rag.cli.progress import progress_bars
from rag.config import Settings
from rag.errors import QuestionError
from rag.service.factory import open_current_index

if TYPE_CHECKING:
    from index.build import Built
    from rag.records import Answer, Query

DEMO_HELP = """Index the sample newspapers that ship with the package into a folder of their own, ask three questions
(a figure, a person at a date, and one that the sample cannot answer), print the cited answers and the refusal."""
INDEX_HELP = """Read files and folders (.txt .md .html .mhtml .pdf .ofd .docx .doc .wps .rtf .xlsx .csv .pptx .json .jsonl,
.gz of the text forms, and with the extra wenju[ocr] .png .jpg .tif and scanned pages of PDFs) into a new generation of the
index. What was indexed from other paths before stays, unchanged text is not embedded again, files that are gone from a path
disappear. What cannot be read is counted by reason and listed, the gravest first; the rest goes on. With --report FILE all of that, what was left out of files and every doubtful article
is written, a line each: JSON objects (.jsonl) or a table (.tsv) of file, line, page, article_id, kind (rejected, left_out,
warning, doubtful), reason, message and remedy."""
ARTICLES_HELP = """Show the articles that are rebuilt from files, without indexing them; one that goes on on another page
among the files is whole. Those that the segmenter is not sure of are marked with a question mark."""
SEARCH_HELP = "Show the passages found for a text, best first, with their scores."
ASK_HELP = """Answer one question from the index, with citations; or say why the archive cannot answer it. Without an LLM
(OPENAI_BASE_URL not set, unreachable, or --no-llm) the answer is extracted from the articles."""
SERVE_HELP = "Serve the question page and the HTTP API. Stop with Ctrl-C."


def demo(_options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju demo`."""
    from importlib import resources

    import anyio
    import msgspec

    from rag.cli.render import show_answer
    from rag.records import Query

    sample = resources.files("rag") / "sample"
    questions = msgspec.json.decode((sample / "questions.json").read_bytes())
    settings = replace(settings, index_dir=settings.cache_dir / "demo-index")
    with resources.as_file(sample / "pages") as pages:
        _build([pages], settings, rebuild=True)
        for question in (question["question"] for question in questions if question["demo"]):
            print()
            print(show_answer(anyio.run(_answer, settings, Query(question), False)))
    print("\nAsk it more, on a page with the quotes in their articles:", file=sys.stderr)
    print(f"    wenju serve --index-dir {settings.index_dir}", file=sys.stderr)
    print("Index your own newspapers, then ask:\n    wenju index PATH\n    wenju ask '…'", file=sys.stderr)
    return 0


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju index`."""
    if not options.paths and not options.restore:
        raise QuestionError("PATH is missing: say which files and folders to index", param="paths", code="missing")
    check_report_file(options.report)
    _build(options.paths, settings, rebuild=options.rebuild, restored=options.restore, report_file=options.report)
    return 0


def articles(options: argparse.Namespace, _settings: Settings) -> int:
    """Run `wenju articles`."""
    from index.build import read_articles
    from index.records import Rejected
    from rag.cli.render import article_json, is_doubtful, show_article

    rejected: list[Rejected] = []
    shown = doubtful = 0
    for item in read_articles(options.paths):
        if isinstance(item, Rejected):
            rejected.append(item)
            continue
        print(article_json(item) if options.json else show_article(item, explain=options.explain))
        shown += 1
        doubtful += is_doubtful(item)
    show_notes(rejection_notes(rejected))
    print(f"{doubtful} of {shown} articles are doubtful{_how_to_see(options) if doubtful else ''}", file=sys.stderr)
    return 0


def _how_to_see(options: argparse.Namespace) -> str:
    if options.json:
        return ": those with the lowest confidence; decisions says why"
    return ", marked ?" if options.explain else ", marked ?: --explain says why"


def search(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju search`."""
    from rag.answer import Answerer
    from rag.cli.render import show_passages, to_json
    from rag.question.language import shown_plainly
    from rag.records import Query
    from rag.service.factory import answer_options

    if not options.text.strip():
        raise QuestionError("TEXT is empty: say what to look for", param="query", code="empty")
    query = shown_plainly(Query(options.text, first=options.first, last=options.last, top_k=options.k))
    with open_current_index(settings) as (generation, embedder):
        answerer = Answerer(generation, embedder, None, answer_options(settings))
        answerer.check(query)
        passages = answerer.retriever.retrieve(query).passages
    print(to_json({"query": options.text, "passages": passages}) if options.json else show_passages(passages))
    return 0


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju ask`."""
    import anyio

    from rag.cli.render import show_answer, to_json
    from rag.records import Query

    query = Query(options.text, first=options.first, last=options.last, top_k=settings.top_k)
    answer = anyio.run(_answer, settings, query, not options.no_llm)
    print(to_json(answer) if options.json else show_answer(answer))
    return 0


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju serve`."""
    from rag.api.server import run_server

    settings = replace(
        settings,
        host=options.host or settings.host,
        port=options.port or settings.port,
        workers=options.workers or settings.workers,
    )
    run_server(settings)
    return 0


async def _answer(settings: Settings, query: "Query", with_llm: bool) -> "Answer":
    from rag.answer import Answerer
    from rag.service.factory import answer_options, chat_model, passage_reader

    with open_current_index(settings) as (generation, embedder):
        chat = chat_model(settings) if with_llm else None
        try:
            answerer = Answerer(generation, embedder, chat, answer_options(settings), passage_reader(settings))
            return await answerer.answer(query)
        finally:
            if chat:
                await chat.aclose()


def _build(
    paths: list[Path],
    settings: Settings,
    *,
    rebuild: bool,
    restored: Sequence[str] = (),
    report_file: Path | None = None,
) -> "Built":
    from index.build import BuildOptions, open_writer
    from index.embedding.embedder import load_embedder
    from index.language.user_dictionary import Dictionary, read_dictionary

    dictionary = read_dictionary(settings.dictionary) if settings.dictionary else Dictionary()
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    options = BuildOptions(dictionary, rebuild)
    try:
        with progress_bars() as report, open_writer(settings.index_dir, embedder, options) as writer:
            ledger = writer.ledger.with_restored(restored)
            built = writer.build(paths, ledger=ledger, progress=report)
    except NothingToIndexError as error:
        _tell(rejection_notes(error.rejections), report_file)
        raise
    counts = built.manifest.counts
    print(f"read {counts.read} = kept {counts.kept} + rejected {counts.rejected} documents", file=sys.stderr)
    _tell([*rejection_notes(built.rejections), *kept_notes(built.folder)], report_file)
    if built.deceptive:
        places = ", ".join(f"{kind} {count}" for kind, count in sorted(built.deceptive.items()))
        print(f"mended what shows a reader something else than it tells a machine: {places}", file=sys.stderr)
    print(
        f"{counts.articles} articles, {counts.chunks} chunks ({counts.embedded} embedded now) "
        f"in {built.seconds:.1f} s → {built.folder}",
        file=sys.stderr,
    )
    for item in built.damaged:
        print(f"  damaged {item.path} {item.problem}: its text stays as it was; {item.remedy}", file=sys.stderr)
    _show_withdrawn(built.ledger.withdrawn.names)
    return built


def _tell(notes: Sequence[Note], report_file: Path | None) -> None:
    """Print what there is to look after, the gravest first, and write all of it where a file was named."""
    show_notes(notes, command="" if report_file else "wenju index … --report FILE.jsonl")
    if report_file:
        write_report(report_file, notes)
        print(f"{len(notes)} notes written to {report_file}", file=sys.stderr)


def _show_withdrawn(names: Sequence[str]) -> None:
    if names:
        more = f", … and {len(names) - 10} more" if len(names) > 10 else ""
        count = f"{len(names)} documents are" if len(names) > 1 else "1 document is"
        print(f"{count} withdrawn: {', '.join(names[:10])}{more}; wenju index --restore SOURCE", file=sys.stderr)
