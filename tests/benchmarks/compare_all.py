"""Every pipeline on one corpus, each in a process of its own; one table, best hit@1 first.

Prints hit@1, hit@10 and MRR@10 with 95 % bootstrap intervals over `group`; the difference of hit@1 to Wenju's with the
interval of the paired difference, marked * where it excludes 0; then the processor's seconds for building (importing
the framework included, embedding not) and its milliseconds for a question (embedding not), and the peak memory.
Runs are kept as NAME-PIPELINE.jsonl, what was measured as NAME-PIPELINE.json; with --keep those are not made again.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import haystack_pipelines, llamaindex_pipelines, plain, txtai_pipelines
from benchmarks.material import BadMaterialError, Question, read_questions, read_run
from benchmarks.score import METRICS, Float64, estimate, score_run

OURS = "wenju"
FAMILIES = {
    "benchmarks.plain": (plain.PIPELINES, ()),
    "benchmarks.haystack_pipelines": (haystack_pipelines.PIPELINES, ("haystack",)),
    "benchmarks.llamaindex_pipelines": (llamaindex_pipelines.PIPELINES, ("llama_index", "bm25s", "jieba")),
    "benchmarks.txtai_pipelines": (txtai_pipelines.PIPELINES, ("txtai",)),
}
"""Module → its pipelines and the packages that it needs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One pipeline's run, scored, and what it took as its process printed it."""

    pipeline: str
    scores: Float64
    measured: Mapping[str, Any]


def missing_packages(module: str) -> list[str]:
    """Packages of a family that are not installed here."""
    return [name for name in FAMILIES[module][1] if find_spec(name) is None]


def rank_in_process(given: argparse.Namespace, module: str, pipeline: str) -> str | None:
    """Make a run and its measurements in a process of its own.

    Returns:
        None where all went well, else why there is no run.
    """
    run, measurements = _files(given, pipeline)
    if given.keep and run.is_file() and measurements.is_file():
        return None
    command = [sys.executable, "-m", module, given.corpus, given.questions, "--run", run, "--pipeline", pipeline]
    for option, value in (("--cache", given.cache), ("--index-dir", given.index_dir)):
        command += [option, value] if value else []
    print(f"{pipeline} …", file=sys.stderr, flush=True)
    there = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, env=there)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    measurements.write_text(done.stdout.strip().splitlines()[-1] + "\n", "utf-8")
    return None


def table(questions: Sequence[Question], rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, best hit@1 first."""
    ours = next((row.scores for row in rows if row.pipeline == OURS), None)
    lines = [
        f"| pipeline | {' | '.join(METRICS)} | hit@1 − {OURS}'s | chunks | build s | ask ms | peak MiB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: -float(row.scores[:, 0].mean())):
        estimates = " | ".join(map(str, estimate(questions, row.scores)))
        difference = "" if ours is None or row.pipeline == OURS else _difference(questions, row.scores - ours)
        took = " | ".join(str(row.measured[key]) for key in ("chunks", "build_s", "ask_ms", "peak_mib"))
        lines.append(f"| {row.pipeline} | {estimates} | {difference} | {took} |")
    return "\n".join(lines)


def _difference(questions: Sequence[Question], scores: Float64) -> str:
    first = estimate(questions, scores)[0]
    return f"{first.mean:+.3f} [{first.low:+.3f}, {first.high:+.3f}]{' *' if first.low > 0 or first.high < 0 else ''}"


def _files(given: argparse.Namespace, pipeline: str) -> tuple[Path, Path]:
    stem = given.runs / f"{given.name or given.corpus.resolve().parent.name}-{pipeline}"
    return stem.with_name(f"{stem.name}.jsonl"), stem.with_name(f"{stem.name}.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, score, print; exit code 0, or 1 where a pipeline failed, 5 where the questions cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--runs", type=Path, required=True, help="folder for runs and measurements")
    parser.add_argument("--name", help="what their files begin with; default: the corpus's folder")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors")
    parser.add_argument("--index-dir", type=Path, help="an index of the corpus that `wenju index` built")
    every = [pipeline for pipelines, _packages in FAMILIES.values() for pipeline in pipelines]
    parser.add_argument("--only", nargs="+", metavar="PIPELINE", choices=every, help=f"these alone: {', '.join(every)}")
    parser.add_argument("--keep", action="store_true", help="do not make again what is there")
    given = parser.parse_args(arguments)
    try:
        questions = read_questions(given.questions)
    except BadMaterialError as error:
        print(error, file=sys.stderr)
        return 5
    given.runs.mkdir(parents=True, exist_ok=True)
    rows, left_out, failed = [], [], 0
    for module, (pipelines, _packages) in FAMILIES.items():
        missing = missing_packages(module)
        for pipeline in pipelines:
            if given.only and pipeline not in given.only:
                continue
            problem = f"not installed: {', '.join(missing)}" if missing else rank_in_process(given, module, pipeline)
            if problem:
                left_out.append(f"{pipeline}: {problem}")
                failed += not missing
                continue
            run, measurements = _files(given, pipeline)
            rows.append(Row(pipeline, score_run(questions, read_run(run)), json.loads(measurements.read_text("utf-8"))))
    print(f"{len(questions)} questions in {len({question.group for question in questions})} groups\n")
    print("\n".join([table(questions, rows), *left_out]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
