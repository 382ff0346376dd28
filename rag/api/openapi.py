"""The OpenAPI document: Litestar's, completed with what it cannot know.

Litestar reads paths, bodies and replies from the routes. DocumentResult here: what the fields mean (from the docstrings of the
values themselves), the errors that any route may give, keys, events, examples.
"""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Tag

import rag
from index import records as index_records
from rag import records
from rag.api import schemas
from rag.service import page_views

_VALUES: dict[str, type] = {
    name: value
    for module in (records, index_records, schemas, page_views)
    for name, value in vars(module).items()
    if inspect.isclass(value)
}
_ARGUMENT = re.compile(r"^ {4}(\w+(?:, \w+)*): (.+(?:\n {8}.+)*)", re.MULTILINE)
_ALWAYS = {
    400: "The body is no JSON in UTF-8, or empty.",
    401: "No key, or none that is known.",
    403: "The key's role, the address or the origin may not do this.",
    422: "A field is missing or has a value that cannot be taken; `param` says which.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "No index yet, too much to do, or shutting down; `Retry-After` says when to come back.",
}
_WITH_BODY = {
    408: "The body came too slowly.",
    413: "The body is larger than allowed.",
    415: "The body is not declared as application/json.",
}
_NOT_FOUND = {404: "There is nothing of this name; it may have been withdrawn."}
_BODIES = {
    "post /v1/documents": {
        "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("PostedDocuments", "PostedDocument")]
    }
}
"""Bodies that the routes read piece by piece, so that one bad document does not lose the others."""
_EVENTS = {
    path: {
        "type": "object",
        "description": "One server-sent event; `data` is JSON. Comments are the heartbeat.",
        "properties": {"event": {"enum": names}, "data": {"type": "string"}},
        "required": ["data"],
    }
    for path, names in {
        "/v1/ask": ["retrieved", "delta", "citation", "done", "error"],
        "/v1/chat/completions": ["message"],
    }.items()
}
_WAITING = {"429", "503"}
_TAGS = {
    "answers": "Questions and their answers",
    "archive": "What the archive holds",
    "OpenAI": "For programs that speak the OpenAI protocol",
    "administration": "Adding and withdrawing documents",
    "operations": "How the service is",
}
DESCRIPTION = (
    "Answers from a newspaper archive; every statement carries quotes that code has compared with their articles, character by "
    "character; whether they bear it out is judged by code as well (`support`), which can be mistaken. "
    "All offsets count Unicode code points, from 0, end exclusive. A refusal is a success (200) with `refusal` set; "
    'where its status is "related", reports on the matter are in `refusal.nearest`. '
    "Every response carries `X-Request-ID`, the request's own where it has one."
)


def describe(routes: Sequence[HTTPRouteHandler]) -> bytes:
    """Return the OpenAPI 3.1 document of these routes, as JSON; takes most of a second."""
    config = OpenAPIConfig(
        title="Wenju 问据",
        version=rag.__version__,
        description=DESCRIPTION,
        create_examples=False,
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        tags=[Tag(name, description) for name, description in _TAGS.items()],
        components=Components(security_schemes={**_SCHEMES}),
        security=[{"bearer": []}, {"key": []}, {}],
    )
    document: dict[str, Any] = Litestar(route_handlers=routes, openapi_config=config).openapi_schema.to_schema()
    components = document["components"]["schemas"]
    _references, others = msgspec.json.schema_components(
        [schemas.ProblemBody, schemas.PostedDocuments], ref_template=_REFERENCE
    )
    components |= others
    for path, method, operation in _operations(document):
        _complete(path, method, operation)
    for name, schema in components.items():
        _explain(schema, _VALUES.get(name))
    _as_sent(components["Article"]["properties"], components["Beside"]["properties"])
    return json.dumps(document, ensure_ascii=False).encode()


_REFERENCE = "#/components/schemas/{name}"
_SCHEMES = {
    "bearer": SecurityScheme(type="http", scheme="bearer", description="One of the keys in WENJU_API_KEYS."),
    "key": SecurityScheme(type="apiKey", name="X-API-Key", security_scheme_in="header"),
}


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add the errors that the operation may give, its events and its examples."""
    summary, _, rest = operation.get("description", "").partition("\n")
    operation["summary"] = summary.rstrip(".")
    operation["description"] = rest.split("\nArgs:")[0].strip() or summary
    responses = operation["responses"]
    responses.pop("400", None)
    if path.startswith("/v1/"):
        errors = (
            _ALWAYS
            | (_WITH_BODY if "requestBody" in operation else {})
            | (_NOT_FOUND if "{" in path or path == "/v1/feedback" else {})
        )
    else:
        errors = {}
        operation["security"] = []
    for status, meaning in errors.items():
        responses[str(status)] = _problem(status, meaning)
    for response in responses.values():
        response.setdefault("headers", {})["X-Request-ID"] = _header("string", "Names the request in the log.")
    told = _examples().get(f"{method} {path}", {})
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if schema := _BODIES.get(f"{method} {path}"):
            content["schema"] = schema
        content["examples"] = {name: {"value": value} for name, value in told["requests"].items()}
    for media, example in told.get("reply", {}).items():
        success = next(response for status, response in responses.items() if status.startswith("2"))
        content = success["content"].setdefault(media, {"schema": _EVENTS.get(path)})
        content["examples"] = {"reply": {"value": example}}


def _as_sent(article: dict[str, Any], beside: dict[str, Any]) -> None:
    """Change what Litestar read from index.records.Article into what `article_body` makes of it."""
    article["date"] = {"type": ["string", "null"], "description": "YYYY-MM-DD, YYYY-MM or YYYY."}
    article["date_precision"] = {"enum": ["day", "month", "year", None]}
    place = {"type": ["integer", "string", "null"]}
    article["origin"] = beside["origin"] = {
        "type": "array",
        "items": {"type": "array", "items": place, "minItems": 4, "maxItems": 5},
        "description": "[start, end, source_start, source_end, file if it is not `source`]: where the text stands in its files.",
    }


def _problem(status: int, meaning: str) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": meaning,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
    }
    if str(status) in _WAITING:
        response["headers"] = {"Retry-After": _header("integer", "Seconds.")}
    return response


def _header(kind: str, meaning: str) -> dict[str, Any]:
    return {"description": meaning, "schema": {"type": kind}}


def _explain(schema: dict[str, Any], value: type | None) -> None:
    """Add a value's docstring, and what it says about its fields."""
    if value is None or not value.__doc__:
        return
    text = inspect.cleandoc(value.__doc__)
    schema.setdefault("description", text.split("\n\nArgs:")[0])
    for names, meaning in _ARGUMENT.findall(text):
        for name in names.split(", "):
            if name in schema.get("properties", {}):
                schema["properties"][name].setdefault("description", " ".join(meaning.split()))


@cache
def _examples() -> dict[str, Any]:
    examples: dict[str, Any] = json.loads((resources.files("rag") / "api" / "examples.json").read_bytes())
    return examples
