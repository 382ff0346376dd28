"""Texts that would do something if they became more than text, wherever the service's words are shown, in a real browser."""

import threading
from collections.abc import Callable, Iterator

import pytest
from repository import read_cases

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from hostile_words import FIRED, SHOWN, plain, play
from intranet_server import STRICT
from page_server import CHROMIUM, Open
from playwright.sync_api import Page, expect
from widget_server import WidgetService, answer, citation, streamed, widget_service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one"),
]

PAYLOADS: list[str] = read_cases("hostile")["payloads"]
LAYOUTS = {
    "inline": '<wenju-ask></wenju-ask><script src="/widget.js" defer></script>',
    "page": '<wenju-ask layout="page"></wenju-ask><script src="/widget.js" defer></script>',
}
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
        assert plain(answered["answer"][0]).count(plain(payload)) >= 2  # and in its calculation
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
