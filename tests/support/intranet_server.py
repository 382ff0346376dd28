"""An intranet portal on loopback, with an origin and policies of its own, that embeds the widget; for its tests.

The portal answers as localhost and as 127.0.0.1: to a browser two origins, neither of them the service's.
"""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

from repository import ROOT

FOLDER = ROOT / "tests" / "intranet"
FILES = {"/style.css": "text/css", "/emblem.svg": "image/svg+xml"}
STRICT = (
    "default-src 'none'; script-src {service}; connect-src {service}; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing but what the widget and the portal's own files need; no inline style, no inline script."""
USUAL = "default-src 'self' {service}; object-src 'none'; base-uri 'none'"
LAUNCHER = '<script src="{service}/widget.js" defer></script>'


@dataclass
class Portal:
    """The portal's pages, by path: the place of the widget filled in, and the policy.

    Args:
        port: of loopback.
        service: origin of the service; to be set before a page is asked for.
    """

    port: int
    service: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def other_origin(self) -> str:
        """The same pages, from an origin that the service does not know."""
        return f"http://127.0.0.1:{self.port}"

    def page(self, widget: str = LAUNCHER, policy: str = STRICT) -> str:
        """Return the path of the portal's page with this markup in the widget's place; {service} is its origin."""
        path = f"/{len(self.pages)}.html"
        self.pages[path] = (widget.replace("{service}", self.service), policy.replace("{service}", self.service))
        return path


def integrity_of(script: bytes) -> str:
    """What a script tag's `integrity` must be: see rag/widget/README.md."""
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def widget_script() -> bytes:
    """The widget as it is shipped."""
    return (resources.files("rag") / "widget" / "widget.js").read_bytes()


@contextmanager
def running_portal() -> Iterator[Portal]:
    """Run the portal in a thread."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    portal = _Handler.portals[server.server_address[1]] = Portal(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="portal")
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        del _Handler.portals[portal.port]


class _Handler(BaseHTTPRequestHandler):
    portals: dict[int, Portal] = {}  # noqa: RUF012  of all servers, by port

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        pages = self.portals[self.server.server_address[1]].pages  # type: ignore[index]
        if self.path in pages:
            widget, policy = pages[self.path]
            markup = (FOLDER / "index.html").read_text("utf-8").replace("<!-- widget -->", widget)
            self._send(200, markup.encode(), "text/html; charset=utf-8", policy)
        elif self.path in FILES:
            self._send(200, (FOLDER / self.path[1:]).read_bytes(), FILES[self.path])
        else:
            self._send(404, b"", "text/plain")

    def _send(self, status: int, body: bytes, kind: str, policy: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)
