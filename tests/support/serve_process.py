"""`wenju serve` as a process of its own, on a free port of loopback."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api_server import Service, wait_for
from repository import ROOT

from rag.config import Settings


@contextmanager
def served(
    settings: Settings, *options: str, before: str = "", llm: str | None = None, log: Path | None = None
) -> Iterator[Service]:
    """A real `wenju serve`, whose process is in PROCESSES by its port.

    Args:
        before: Python that its process runs first.
        llm: address of an LLM.
        log: where its messages go; None: a file of their own, which is shown where it does not start.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    arguments = ["serve", "--index-dir", str(settings.index_dir), "--port", str(port), *options]
    code = f"import sys\n{before}\nfrom rag.cli import main\nsys.exit(main({arguments!r}))"
    environment = {**os.environ, "WENJU_CACHE_DIR": str(settings.cache_dir)}
    if llm:
        environment |= {"OPENAI_BASE_URL": llm, "OPENAI_MODEL": "test-model"}
    site = Service(settings, port)
    site.loop.close()  # none of it runs in this process
    with log.open("w+b") if log else tempfile.TemporaryFile() as messages:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=messages)
        try:
            wait_for(lambda: is_ready(site) or process.poll() is not None, 90)
            assert process.poll() is None, os.pread(messages.fileno(), 10_000, 0).decode()
            PROCESSES[port] = process
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


PROCESSES: dict[int, subprocess.Popen[bytes]] = {}


def is_ready(site: Service) -> bool:
    try:
        return site.get("/ready").status == 200
    except OSError:
        return False
