"""Files for browsers: the question page, the widget, and what the page is made of."""

import hashlib
from functools import cache
from importlib import resources
from pathlib import PurePath
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_FILES = {
    file.name: PAGE_TYPES[PurePath(file.name).suffix]
    for file in (resources.files("rag") / "widget").iterdir()
    if PurePath(file.name).suffix in PAGE_TYPES
}
"""Media types by name, listed once from the package: no name from a request ever becomes a path."""
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'"
)


@get("/", media_type=MediaType.HTML, include_in_schema=False)
async def page() -> Response[bytes]:
    """Return the question page."""
    return _page_file("index.html")


@get("/widget.js", include_in_schema=False)
async def widget(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the widget, to pages of other origins too: it is no secret, and `integrity` needs CORS."""
    content, tag = _read_page("widget.js"), _widget_tag()
    headers = {
        "Cache-Control": "no-cache",  # asked for anew each time, sent only when it has changed
        "ETag": tag,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(b"", status_code=304, headers=headers, media_type=PAGE_FILES["widget.js"])
    return Response(content, headers=headers, media_type=PAGE_FILES["widget.js"])


@get("/page/{name:str}", include_in_schema=False)
async def page_file(name: FromPath[str]) -> Response[bytes]:
    """Return a file of the question page."""
    if name not in PAGE_FILES:
        raise NotFoundException(f"no page file {name}")
    return _page_file(name)


def _page_file(name: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return Response(_read_page(name), media_type=PAGE_FILES[name], headers=headers)


@cache
def _widget_tag() -> str:
    return f'"{hashlib.sha256(_read_page("widget.js")).hexdigest()[:32]}"'


@cache
def _read_page(name: str) -> bytes:
    return (resources.files("rag") / "widget" / name).read_bytes()


ROUTES = [page, widget, page_file]
