"""The command line: `wenju`. Results go to stdout, messages to stderr.

arguments ─► command_line ─┬─► commands ──► demo, index, articles, search, ask, serve
                           ├─► evaluation ► eval retrieval, answers, compare
                           ├─► feedback ──► feedback export, list, delete
                           ├─► keys ──────► keys new
                           └─► doctor          errors ─► exit codes

command_line: parses, runs, turns errors into exit codes · commands, evaluation, feedback, keys, doctor: one function a command ·
render: values → text or JSON · index_report: what an index run has to say of its files · progress: bars on a terminal
"""

import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Ctrl-C ends the process at once, also while heavy packages are still being imported, which would turn it into
    an error of their own. Nothing is lost by it: an index is published by one rename.
    """
    if arguments is None:
        _read_and_write_chinese()
    if threading.current_thread() is not threading.main_thread():
        return _run(arguments)
    before = signal.signal(signal.SIGINT, _stop)
    try:
        return _run(arguments)
    finally:
        signal.signal(signal.SIGINT, before)


def _read_and_write_chinese() -> None:
    """Start anew in UTF-8 mode where the locale's encoding cannot hold Chinese; else escape what it lacks.

    Python does so itself for the locale "C" (PEP 540), but not for "en_US" in Latin-1 or with PYTHONUTF8=0: questions
    and file names would be read as other characters, and answers could not be printed. In GB18030 all goes well.
    """
    try:
        "问据".encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        from rag.config import read_utf8_in_children

        read_utf8_in_children()  # processes that read PDFs and build indexes
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 (this very command)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not so in a notebook
            stream.reconfigure(errors="backslashreplace")


def _run(arguments: Sequence[str] | None) -> int:
    from rag.cli.command_line import run

    return run(arguments)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)
