"""Texts that would do something if they became more than text, wherever the service's words are shown, in a real browser."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from repository import read_cases

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from intranet_server import STRICT
from page_server import CHROMIUM, Open
from playwright.sync_api import Page, expect
from sight import OVERFLOWING
from widget_server import Step, WidgetService, answer, citation, refusal, streamed, widget_service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one"),
]

PAYLOADS: list[str] = read_cases("hostile")["payloads"]
LAYOUTS = {
    "inline": '<wenju-ask></wenju-ask><script src="/widget.js" defer></script>',
    "page": '<wenju-ask layout="page"></wenju-ask><script src="/widget.js" defer></script>',
}
FIRED = "window.hits = 0; window.fired = () => { window.hits += 1; };"
HARMLESS = """() => {
    const tags = new Set(["article", "blockquote", "br", "button", "details", "dialog", "div", "fieldset", "form", "h2", "h3", "h4",
        "input", "label", "legend", "li", "mark", "ol", "p", "section", "span", "strong", "summary", "textarea", "ul"]);
    const names = new Set(["autocomplete", "aria-busy", "aria-current", "aria-describedby", "aria-expanded", "aria-haspopup", "aria-label",
        "aria-labelledby", "aria-live", "class", "data-end", "data-opens", "data-start", "disabled", "enterkeyhint", "for", "hidden",
        "id", "lang", "name", "open", "role", "rows", "start", "style", "tabindex", "type", "value"]);
    return [...document.querySelector("wenju-ask").shadowRoot.querySelectorAll("*")].flatMap((node) => [
        ...(tags.has(node.localName) ? [] : [node.localName]),
        ...[...node.attributes].map((each) => each.name).filter((name) => !names.has(name)),
    ]);
}"""
SHOWN = """async (question) => {
    const widget = document.querySelector("wenju-ask"), root = widget.shadowRoot;
    const text = (selector, from = root) => [...from.querySelectorAll(selector)].map((node) => node.textContent);
    const answered = await widget.ask(question);
    const turn = [...root.querySelectorAll(".turn")].pop();
    const shown = { answered: Boolean(answered), question: text(".question", turn), answer: text(".answer", turn), notes: text(".notes", turn),
        verdict: text(".verdict", turn), cards: text(".card h4, .card .origin, .card blockquote", turn), failure: text(".failure", turn) };
    const marker = turn.querySelector(".marker");
    if (marker) {
        marker.click();
        shown.label = marker.getAttribute("aria-label");
        shown.popover = text(".popover h3, .popover .origin, .popover blockquote");
    }
    const opener = marker ? root.querySelector(".popover .open") : turn.querySelector(".card button");
    if (opener) {
        opener.click();
        const loaded = () => root.querySelector("#article-body .text");
        for (let wait = 0; wait < 500 && !loaded(); wait += 1) await new Promise((next) => setTimeout(next, 10));
        if (!loaded()) throw new Error(`no article: ${text("#article-body").join("")}`);
        shown.marked = text("#article-body mark").join("\\n");
        shown.article = text("#article-body h2, #article-body .kicker, #article-body .deck, #article-body .origin, #article-body .captions");
        shown.tooWide = (OVERFLOWING)();
        root.querySelector("#article-close").click();
    }
    shown.tooWide = [...(shown.tooWide || []), ...(OVERFLOWING)()];
    shown.more = (HARMLESS)();
    widget.reset();
    return shown;
}""".replace("OVERFLOWING", OVERFLOWING).replace("HARMLESS", HARMLESS)
Embed = Callable[[str], Page]


@pytest.fixture
def service() -> Iterator[WidgetService]:
    with widget_service() as service:
        yield service


@pytest.fixture
def embed(open_page: Open, service: WidgetService) -> Embed:
    """Opens a page with this markup under the strict policy; at the end nothing may have been executed."""

    def open_with(markup: str) -> Page:
        page = open_page(service.origin)
        page.add_init_script(FIRED)
        page.goto(service.origin + service.page(markup, STRICT.replace("{service}", "'self'")))
        page.wait_for_selector("wenju-ask .frame", state="attached")
        return page

    return open_with


def hostile_citation(payload: str, article_id: str) -> dict[str, Any]:
    """The payload in every text of a citation."""
    named = {
        "title": payload,
        "newspaper": payload,
        "source": payload,
        "page": payload,
        "date": payload,
        "url": payload,
    }
    return citation(1, "昨日开业", article_id) | named | {"quote": payload, "start": 2, "end": 2 + len(payload)}


def hostile_article(payload: str) -> dict[str, Any]:
    """The payload in every text of an article, the citation's quote at its place."""
    texts = dict.fromkeys(("title", "kicker", "deck", "newspaper", "source", "page", "date"), payload)
    lists = {"byline": [payload], "subheads": [payload], "captions": [payload]}
    return {"id": payload, "text": f"前文{payload}\n{payload}\n后文"} | texts | lists


def play(service: WidgetService, number: int, payload: str) -> list[str]:
    """Let the service answer, refuse, fail and break off with the payload; return the questions that make it so."""
    name = f"h{number}"
    service.articles[name] = hostile_article(payload)
    cited = hostile_citation(payload, name)
    questions = [f"{kind}{number} {payload} 。" for kind in ("答", "拒", "误", "断")]
    asked = {"from": None, "to": None, "rewritten_question": payload}
    whole = answer(
        f"{payload}\n末句[1]。", cited, interpreted=asked, index_generation=payload,
        generator={"kind": "llm", "model": payload, "fallback_reason": payload},
    )  # fmt: skip
    refused = refusal("not_found", payload, cited)
    refused["refusal"]["reason"] = payload
    error = {"error": {"message": payload, "type": payload, "param": payload, "code": payload}}
    scripts: list[Sequence[Step]] = [streamed(whole), streamed(refused), [("delta", {"text": payload}), ("error", error)], [("delta", {"text": payload}), "cut"]]  # fmt: skip
    service.scripts.update(zip(questions, scripts, strict=True))
    return questions


def plain(text: str) -> str:
    """Without what the widget may leave out or add: spaces, and the marks of lists, bold text and citations."""
    return "".join(character for character in text if character.isalpha())


@pytest.mark.parametrize(("layout", "payloads"), [("inline", PAYLOADS), ("page", PAYLOADS[::3])], ids=LAYOUTS)
def test_nothing_that_the_service_says_is_more_than_text(
    embed: Embed, service: WidgetService, layout: str, payloads: list[str]
) -> None:
    service.examples = PAYLOADS[:6]
    page = embed(LAYOUTS[layout])
    expect(page.locator("#examples button").first).to_have_text(" ".join(PAYLOADS[0].split()))
    for number, payload in enumerate(payloads):
        answered, refused, failed, broken = (
            page.evaluate(SHOWN, question) for question in play(service, number, payload)
        )
        for shown in (answered, refused):
            assert shown["answered"], payload
            assert shown["marked"] == "\n".join(line for line in payload.split("\n") if line)
            assert plain(payload) in plain(shown["article"][0])
        assert plain(payload) in plain(answered["answer"][0])
        assert [plain(payload) in plain(part) for part in answered["popover"]] == [True] * 3
        assert plain(payload) in plain(answered["notes"][0])
        assert plain(payload) in plain(refused["answer"][0])
        assert plain(payload) in plain(refused["verdict"][0])
        assert plain(payload) in plain(failed["failure"][0])
        assert plain(payload) in plain(broken["answer"][0])
        for shown in (answered, refused, failed, broken):
            assert plain(payload) in plain(shown["question"][0])
            assert (payload, shown["more"], shown["tooWide"]) == (payload, [], [])
    assert page.evaluate("[window.hits, document.querySelectorAll('body > *').length]") == [0, 2]


def test_a_text_without_a_space_overflows_nothing(embed: Embed, service: WidgetService) -> None:
    long = "a" * 5000
    for markup in LAYOUTS.values():
        page = embed(markup)
        page.set_viewport_size({"width": 320, "height": 640})
        for question in play(service, 0, long)[:3]:
            service.scripts[question[:900]] = service.scripts[question]  # a question has at most 2,000 characters
            shown = page.evaluate(SHOWN, question[:900])
            assert (question[0], shown["tooWide"]) == (question[0], [])
        page.evaluate("(question) => { document.querySelector('wenju-ask').ask(question); }", play(service, 0, "b")[0])
        expect(page.locator(".turn-actions")).to_be_visible()


REVERSED = """(nodes) => nodes.filter((node) => {
    const place = (index) => {
        const range = document.createRange();
        range.setStart(node.firstChild, index);
        range.setEnd(node.firstChild, index + 1);
        return range.getBoundingClientRect();
    };
    const [first, last] = [place(0), place(node.firstChild.length - 1)];
    return Math.abs(first.top - last.top) < 3 && first.left > last.left;
}).map((node) => node.textContent)"""


def test_a_name_that_turns_the_direction_of_writing_does_not_turn_what_stands_beside_it(embed: Embed, service: WidgetService) -> None:  # fmt: skip
    turning = "\u202e报汀云"
    cited = citation(1, "昨日开业") | {"newspaper": turning, "title": turning, "source": f"{turning}.txt"}
    service.articles["a1"] = dict(service.articles["a1"]) | {"newspaper": turning, "byline": [turning, "记者 张三"]}
    service.scripts["何时"] = streamed(answer(f"{turning}开业[1]。\n次日[1]。", cited))
    page = embed(LAYOUTS["inline"])
    page.locator("#question").fill("何时")
    page.locator("#question").press("Enter")
    page.locator(".marker").last.click()
    assert page.locator(".when").evaluate_all(REVERSED) == []
    assert page.locator(".when:visible").count() >= 2
    lefts = "element => [...element.children].map((child) => child.getBoundingClientRect().left)"
    places = page.locator(".popover .origin").evaluate(lefts)
    assert places == sorted(places)
    page.locator(".popover .open").click()
    names = page.locator("#article-body .origin").first
    expect(names).to_contain_text("张三")
    places = names.evaluate(lefts)
    assert len(places) == 4
    assert places == sorted(places)


def test_a_stream_that_is_stopped_in_the_middle_of_a_mark_stays_text(embed: Embed, service: WidgetService) -> None:
    service.scripts["停"] = [
        ("delta", {"text": "<img src=x onerr"}),
        ("delta", {"text": "or=fired()>[1"}),
        threading.Event(),
    ]
    page = embed(LAYOUTS["inline"])
    page.locator("#question").fill("停")
    page.locator("#question").press("Enter")
    expect(page.locator(".answer")).to_contain_text("onerror=fired()>")
    page.locator("#stop").click()
    expect(page.locator(".answer")).to_have_text("<img src=x onerror=fired()>[1")
    assert page.evaluate("window.hits") == 0
