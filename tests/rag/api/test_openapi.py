"""The OpenAPI document: true to the routes, to what they take and to what they send."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import schemathesis
from api_server import JSON_TYPE, Service, running
from fault_figures import Tried
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from page_server import CHROMIUM, Open
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from rag.api.openapi import describe
from rag.api.routes import ROUTES
from rag.config import Settings
from rag.records import Status

LONG = settings.get_profile("long")
EXAMPLES = 2 * LONG.max_examples if settings.default is LONG else 8
"""Of each operation; with pytest tests/rag/api/test_openapi.py --hypothesis-profile=long so many that all get 50,000."""
EXCLUDED = [
    ignored_auth,  # on loopback and without keys nobody needs one: tests/rag/api/test_access.py
    positive_data_acceptance,  # no schema says which words are a date, or that an answer has such an id
]
SLOW = r"/v1/(documents|examples)"
"""What builds an index, or asks several questions for one request: a tenth as many."""
ANSWERING = r"/v1/(ask|chat|search)"
"""What reads passages for a question: a tenth as many of the right requests, where there are thousands."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(describe(ROUTES))
    return read


@pytest.fixture(scope="module")
def own(base: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with an index of its own, since documents are added and withdrawn."""
    folder = tmp_path_factory.mktemp("fuzzed") / "index"
    shutil.copytree(base.index_dir, folder)
    with running(replace(base, index_dir=folder)) as started:
        yield started


SCHEMA = schemathesis.openapi.from_dict(json.loads(describe(ROUTES)))
OPERATIONS = [(method.upper(), path) for path, item in SCHEMA.raw_schema["paths"].items() for method in item]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_the_reply_is_one_that_the_document_has(
    own: Service, method: str, path: str, mode: GenerationMode, tried: Tried
) -> None:
    answers = mode is GenerationMode.POSITIVE and EXAMPLES > 100 and re.match(ANSWERING, path)
    few = max(2, EXAMPLES // 10) if re.match(SLOW, path) or answers else EXAMPLES
    sent = 0

    @settings(max_examples=few, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=SCHEMA[path][method].as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        nonlocal sent
        sent += 1
        # The tester's own patience, ten seconds, is less than a build has beside other work.
        reply = case.call(base_url=f"http://127.0.0.1:{own.port}", timeout=60)
        # Too long is another way of being wrong.
        wrong = [negative_data_rejection] if reply.status_code == 413 else []
        case.validate_response(reply, excluded_checks=EXCLUDED + wrong)

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "there is always something right to send"
        return
    tried("requests of the API fuzzer", sent, sent)


NO_JSON: dict[str, tuple[bytes, dict[str, str]]] = {
    "invalid UTF-8": (b'{"question": "\xff\xfe"}', JSON_TYPE),
    "half a surrogate pair": (b'{"question": "\\ud800"}', JSON_TYPE),
    "deep arrays": (b"[" * 100_000, JSON_TYPE),
    "deep objects": (b'{"question":' * 50_000, JSON_TYPE),
    "deep inside a field": (b'{"question": "a", "history": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", JSON_TYPE),
    "a number without an end": (b'{"question": ' + b"9" * 100_000 + b"}", JSON_TYPE),
    "text/plain": (b'{"question": "a"}', {"Content-Type": "text/plain"}),
    "no type": (b'{"question": "a"}', {}),
    "another charset": ('{"question": "问"}'.encode("gb18030"), {"Content-Type": "application/json; charset=gb18030"}),
    "UTF-16": ('{"question": "问"}'.encode("utf-16"), JSON_TYPE),
    "a form": (b"question=a", {"Content-Type": "application/x-www-form-urlencoded"}),
    "nothing": (b"", JSON_TYPE),
    "null": (b"null", JSON_TYPE),
    "NUL": (b"\0", JSON_TYPE),
}


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_no_json_is_refused_in_the_contracts_words_by_every_route(
    own: Service, document: dict[str, Any], name: str
) -> None:
    body, headers = NO_JSON[name]
    paths = [path for path, item in document["paths"].items() if "post" in item]
    for path in paths:
        reply = own.send("POST", path, body, headers)
        assert reply.status in {400, 413, 415, 422}, (path, reply.body[:300])
        assert set(reply.json["error"]) == {"message", "type", "param", "code"}


def test_every_route_is_in_the_document_unless_it_serves_a_browsers_files(document: dict[str, Any]) -> None:
    described = {path for path, item in document["paths"].items() if item}
    routed = {re.sub(r":\w+}", "}", path) for handler in ROUTES for path in handler.paths if handler.include_in_schema}
    hidden = {path for handler in ROUTES for path in handler.paths if not handler.include_in_schema}
    assert described == routed
    assert all(path in {"/", "/docs", "/openapi.json", "/widget.js"} or "{name" in path for path in hidden)


def test_every_operation_says_what_it_takes_gives_and_fails_with(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation["tags"], where
            assert operation["summary"], where
            assert not operation["summary"].endswith("."), where
            for status, response in operation["responses"].items():
                (schema, *_others) = (content["schema"] for content in response["content"].values())
                assert schema, f"{where} {status}"
                if int(status) >= 400 and path.startswith("/v1/"):
                    assert schema == {"$ref": "#/components/schemas/ProblemBody"}, where
            if path.startswith("/v1/"):
                assert {"401", "403", "422", "429", "503"} <= operation["responses"].keys(), where


@pytest.mark.slow
def test_every_body_and_its_reply_have_examples_that_the_service_takes(own: Service, document: dict[str, Any]) -> None:
    tried = 0
    for path, item in document["paths"].items():
        for operation in [operation for operation in item.values() if "requestBody" in operation]:
            examples = operation["requestBody"]["content"]["application/json"]["examples"]
            for name, example in examples.items():
                reply = own.post(path, example["value"])
                # An answer of another day cannot be rated; everything else is taken.
                assert reply.status in ({404} if path == "/v1/feedback" else {200, 201}), (path, name, reply.body)
                tried += 1
    assert tried >= 10


def test_the_example_of_an_answer_is_one(document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/ask"]["post"]["responses"]["200"]["content"]
    answer = content["application/json"]["examples"]["reply"]["value"]
    assert set(answer) == set(document["components"]["schemas"]["Answer"]["properties"])
    events = content["text/event-stream"]["examples"]["reply"]["value"]
    assert re.findall(r"^event: (\w+)$", events, re.MULTILINE) == ["retrieved", "citation", "delta", "done"]


def test_every_status_of_an_answer_is_in_the_document_and_explained(document: dict[str, Any]) -> None:
    status = document["components"]["schemas"]["Answer"]["properties"]["status"]
    assert set(status["enum"]) == set(get_args(Status))
    assert all(f'"{name}"' in status["description"] for name in get_args(Status))
    nearest = document["components"]["schemas"]["Refusal"]["properties"]["nearest"]
    assert '"related"' in nearest["description"]


def test_a_calculation_is_in_the_document_and_explained(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["Computed"]["properties"]) == {"expression", "terms"}
    assert all(field["description"] for field in schemas["Computed"]["properties"].values())
    statement = schemas["Statement"]["properties"]
    assert {"$ref": "#/components/schemas/Computed"} in statement["computed"]["oneOf"]
    assert "mistaken" in statement["support"]["description"]


def test_an_article_is_as_the_document_says(own: Service, document: dict[str, Any]) -> None:
    citation = own.ask().json["citations"][0]
    article = own.get(f"/v1/articles/{citation['article_id']}").json
    assert set(article) == set(document["components"]["schemas"]["Article"]["properties"])


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/docs/swagger-ui.css", "/docs/start.js"])
def test_the_documentation_needs_nothing_from_elsewhere(own: Service, path: str) -> None:
    reply = own.get(path)
    assert reply.status == 200
    loaded = re.findall(rb"(?:src|href)=\"([^\"]+)\"|url\(\"?([^)]+)\)", reply.body)
    assert not [found for found in map(b"".join, loaded) if b"//" in found and not found.startswith(b"data:")]
    assert b"@import" not in reply.body
    if path == "/docs":
        assert "default-src 'self'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["..%2fopenapi.py", "index.css", "swagger-ui.js", "%00"])
def test_no_other_file_of_the_documentation_is_served(own: Service, name: str) -> None:
    assert own.get(f"/docs/{name}").status == 404


def test_the_document_names_no_folder_of_this_machine() -> None:
    assert str(Path.home()).encode() not in describe(ROUTES)


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one")
def test_the_page_shows_every_operation_within_its_policy(
    own: Service, document: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    open_page: Open = request.getfixturevalue("open_page")
    page = open_page(f"http://127.0.0.1:{own.port}/docs")
    page.wait_for_selector(".opblock")
    assert page.locator(".opblock").count() == sum(len(item) for item in document["paths"].values())


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/ask", {"question": "食堂几时开门？", "stream": 0}, "stream"),
        ("/v1/ask", {"question": "食堂几时开门？", "top_k": "3"}, "top_k"),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": "食堂几时开门？"}], "stream": "false"},
            "stream",
        ),
        ("/v1/feedback", {"answer_id": "0" * 32, "helpful": 1}, "helpful"),
    ],
)
def test_a_value_of_another_type_is_refused_and_named(
    own: Service, path: str, body: dict[str, Any], field: str
) -> None:
    reply = own.send("POST", path, json.dumps(body).encode(), JSON_TYPE)
    assert reply.status == 422
    assert json.loads(reply.body)["error"]["param"] == field
