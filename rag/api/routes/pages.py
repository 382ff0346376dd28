"""Files for browsers: the question page and what it is made of."""

from functools import cache
from importlib import resources
from pathlib import PurePath

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_FILES = {
    file.name: PAGE_TYPES[PurePath(file.name).suffix]
    for file in (resources.files("rag") / "page").iterdir()
    if PurePath(file.name).suffix in PAGE_TYPES
}
"""Media types by name, listed once from the package: no name from a request ever becomes a path."""
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'"
)


@get("/", media_type=MediaType.HTML)
async def page() -> Response[bytes]:
    """Return the question page."""
    return _page_file("index.html")


@get("/page/{name:str}")
async def page_file(name: FromPath[str]) -> Response[bytes]:
    """Return a file of the question page."""
    if name not in PAGE_FILES:
        raise NotFoundException(f"no page file {name}")
    return _page_file(name)


def _page_file(name: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return Response(_read_page(name), media_type=PAGE_FILES[name], headers=headers)


@cache
def _read_page(name: str) -> bytes:
    return (resources.files("rag") / "page" / name).read_bytes()


ROUTES = [page, page_file]
