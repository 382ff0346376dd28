"""The API's documentation: the OpenAPI document, and a page that shows it without loading anything from elsewhere.

The page is Swagger UI, as the package swagger-ui-bundle-v2 ships it: the project's own files, unchanged.
"""

from functools import cache
from importlib import resources

import anyio.to_thread
from litestar import Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

_OURS = {"index.html": "text/html", "start.js": "text/javascript"}
_SWAGGER = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""Looser than the question page's: Swagger UI writes style attributes."""


@get("/openapi.json", media_type="application/json", include_in_schema=False)
async def document(state: State) -> bytes:
    """Return the OpenAPI document."""
    return await anyio.to_thread.run_sync(state.openapi)  # the first time it takes most of a second


@get("/docs", include_in_schema=False)
async def page() -> Response[bytes]:
    """Return the page that shows it."""
    return _file("index.html")


@get("/docs/{name:str}", include_in_schema=False)
async def page_file(name: FromPath[str]) -> Response[bytes]:
    """Return a file of that page."""
    if name not in _OURS and name not in _SWAGGER:
        raise NotFoundException(f"no documentation file {name}")
    return _file(name)


def _file(name: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return Response(_read(name), media_type=(_OURS | _SWAGGER)[name], headers=headers)


@cache
def _read(name: str) -> bytes:
    if name in _OURS:
        return (resources.files("rag") / "api" / "docs" / name).read_bytes()
    (folder,) = (resources.files("swagger_ui_bundle") / "vendor").iterdir()  # named by the version
    return (folder / name).read_bytes()


ROUTES = [document, page, page_file]
