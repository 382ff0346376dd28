"""The application on a loopback port, and a browser that can reach nothing else; for the tests of the page."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from rag.api.server import Application

NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
expect.set_options(timeout=15_000)  # an answer takes seconds where other tests run beside it
Open = Callable[..., Page]
"""Opens the page of an origin or at an address; further origins may be asked too."""


@contextmanager
def serving(app: Application) -> Iterator[str]:
    """Run the application in a thread, yield its origin."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, lifespan="on", ws="none", log_config=None, timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name="page-server")
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    """Run a Chromium without windows."""
    only_loopback = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[only_loopback, "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def watched_pages(browser: Browser) -> Iterator[Open]:
    """Yield what opens pages; at the end none may have raised, broken its policy, set a cookie or asked another origin."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.set_default_timeout(10_000)
    problems: list[str] = []

    def note_dialog(dialog: Dialog) -> None:
        problems.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open_at(address: str, *others: str) -> Page:
        page = context.new_page()
        parts = urlsplit(address)
        allowed = tuple(f"{origin}/" for origin in (f"{parts.scheme}://{parts.netloc}", *others))
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("request", lambda r: None if r.url.startswith(allowed) else problems.append(f"asked for {r.url}"))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", note_dialog)
        page.goto(address if parts.path else f"{address}/")
        return page

    try:
        yield open_at
        broken = [page.evaluate("violations") for page in context.pages]
        assert (problems, [each for each in broken if each], context.cookies()) == ([], [], [])
    finally:
        context.close()
