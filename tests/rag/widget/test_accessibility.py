"""Whether everybody can use the question page and the widget: axe-core, keyboard, targets, zoom, motion, colours.

With SCREENS=DIR the pictures of what is looked at are kept there.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from api_server import wait_for

from rag.api.server import create_app
from rag.config import Settings

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from intranet_server import LAUNCHER, Portal, running_portal
from page_server import CHROMIUM, Open, serving
from playwright.sync_api import Page, Route, expect
from screens import keep
from sight import MOVING, OVERFLOWING, small_targets, violations

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one"),
]

AIR = "2020年云汀区PM2.5年均浓度是多少？同比变化多少？"
UNKNOWN = "云汀区2030年的PM2.5年均浓度目标是多少？"
RELATED = "合唱节的评委是谁？"
PARK = "How much did Egret Wetland Park cost, and how large is it?"
WIDE, PHONE, ZOOMED = {"width": 1280, "height": 900}, {"width": 360, "height": 740}, {"width": 320, "height": 256}
"""ZOOMED is 1280 × 1024 at 400 % (WCAG 1.4.10)."""
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def service(base: Settings, portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    ratings = tmp_path_factory.mktemp("ratings") / "feedback.sqlite"
    with serving(create_app(replace(base, allowed_origins=(portal.origin,), feedback_db=ratings))) as origin:
        portal.service = origin
        yield origin


@pytest.fixture
def visit(open_page: Open, service: str, portal: Portal) -> Visit:
    """Opens the question page, or the portal with this markup, in a window of this size with these media."""

    def open_with(widget: str | None = None, size: Any = WIDE, **media: Any) -> Page:
        page = open_page(portal.origin + portal.page(widget) if widget else service, service)
        page.set_viewport_size(size)
        page.emulate_media(**media)
        page.wait_for_selector("wenju-ask .frame", state="attached")
        return page

    return open_with


def ask(page: Page, question: str = AIR) -> None:
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    expect(page.locator("#stop")).to_be_hidden()
    expect(page.locator(".turn-actions, .failure").last).to_be_visible()


def check(page: Page, name: str) -> None:
    """One state of the page: nothing for axe to find, nothing too small to hit; kept as a picture."""
    keep(page, name)
    assert (name, violations(page), small_targets(page)) == (name, [], [])


def fail_once(page: Page, status: int = 503) -> None:
    """Let the next question come back with an error of the service."""
    error = {
        "error": {"message": "the index is being loaded", "type": "unavailable_error", "param": None, "code": None}
    }
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}

    def refuse(route: Route) -> None:
        route.fulfill(status=status, headers=headers, body=json.dumps(error))

    page.route("**/v1/ask", refuse, times=1)


def walk_states(page: Page, name: str) -> None:
    """Everything that a reader may have before the eyes after a question, one state after the other."""
    ask(page)
    check(page, f"{name}-answered")
    page.locator(".marker").first.click()
    expect(page.locator(".popover")).to_be_visible()
    check(page, f"{name}-popover")
    page.locator(".popover .open").click()
    expect(page.locator("dialog mark").first).to_be_in_viewport()
    check(page, f"{name}-article")
    page.keyboard.press("Escape")
    page.locator(".unhelpful").click()
    check(page, f"{name}-feedback-form")
    page.locator(".feedback-form [type=radio]").first.check()
    page.locator(".feedback-form [type=submit]").click()
    expect(page.locator(".stored")).to_be_visible()
    check(page, f"{name}-feedback-stored")
    ask(page, UNKNOWN)
    check(page, f"{name}-refused")
    ask(page, RELATED)
    expect(page.locator(".badge.related").last).to_be_visible()
    check(page, f"{name}-related")
    fail_once(page)
    ask(page)
    expect(page.locator(".failure")).to_be_visible()
    check(page, f"{name}-failed")
    page.locator(".retry").click()
    expect(page.locator(".failure")).to_have_count(0)


# ---- axe-core


def test_axe_looks_into_the_shadow_root(visit: Visit) -> None:
    page = visit(LAUNCHER)
    assert violations(page) == []
    page.evaluate("""() => {
        const planted = document.createElement("button");
        planted.id = "planted";
        for (const side of ["width", "height", "minHeight"]) planted.style[side] = "20px";
        planted.style.padding = 0;
        document.querySelector("wenju-ask").shadowRoot.querySelector(".frame").append(planted);
    }""")
    found = dict(violations(page))
    assert found["button-name"] == [[["wenju-ask", "#planted"]]]
    assert [name.split()[0] for name in small_targets(page)] == ["planted"]


def test_the_question_page_is_accessible_in_every_state(visit: Visit) -> None:
    page = visit()
    page.wait_for_selector("#examples button")
    check(page, "page-empty")
    page.locator("#dates summary").click()
    check(page, "page-dates")
    page.locator("#dates summary").click()
    walk_states(page, "page")
    page.reload()
    page.wait_for_selector("#recent li button")
    check(page, "page-recent")


def test_the_panel_on_the_portal_is_accessible_in_every_state(visit: Visit) -> None:
    page = visit(LAUNCHER)
    check(page, "panel-closed")
    page.locator("#launcher").click()
    page.wait_for_selector("#examples button")
    check(page, "panel-open")
    walk_states(page, "panel")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    check(page, "panel-closed-again")


def test_dark_is_accessible_too(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    page.wait_for_selector("#examples button")
    check(page, "page-dark-empty")
    walk_states(page, "page-dark")
    page = visit(LAUNCHER.replace("<script", '<script data-theme="dark"'))
    page.locator("#launcher").click()
    ask(page)
    check(page, "panel-dark-answered")
    page.locator(".marker").first.click()
    check(page, "panel-dark-popover")


def test_english_is_accessible_too(visit: Visit) -> None:
    page = visit(LAUNCHER.replace("<script", '<script data-lang="en"'))
    page.locator("#launcher").click()
    ask(page, PARK)
    check(page, "panel-english-answered")
    page.locator(".unhelpful").click()
    check(page, "panel-english-feedback-form")
    ask(page, "What will be the PM2.5 target of Yunting in 2030?")
    check(page, "panel-english-refused")


def test_a_key_that_is_asked_for_is_accessible(visit: Visit) -> None:
    page = visit(LAUNCHER)
    page.locator("#launcher").click()
    fail_once(page, 401)
    ask(page)
    expect(page.get_by_label("访问密钥")).to_be_focused()
    check(page, "panel-key")


# ---- small screens


@pytest.mark.parametrize(("size", "name"), [(PHONE, "phone"), (ZOOMED, "zoomed")], ids=["phone", "400%"])
@pytest.mark.parametrize("widget", [None, LAUNCHER], ids=["page", "panel"])
def test_nothing_scrolls_sideways(visit: Visit, widget: str | None, size: Any, name: str) -> None:
    page = visit(widget, size)
    name = f"{'panel' if widget else 'page'}-{name}"
    if widget:
        page.locator("#launcher").click()
    page.wait_for_selector("#examples button")

    def fits(state: str) -> None:
        keep(page, f"{name}-{state}")
        assert (state, page.evaluate(OVERFLOWING), small_targets(page)) == (state, [], [])

    fits("empty")
    ask(page)
    fits("answered")
    if widget:
        for selector in ("#question", "#submit", "#status", "#restart", "#panel-close"):
            expect(page.locator(selector)).to_be_in_viewport(ratio=1)
        room = page.locator(".transcript").bounding_box()
        assert room
        assert room["height"] > 90  # px: three lines of an answer even then
    page.locator(".marker").first.click()
    expect(page.locator(".popover")).to_be_in_viewport(ratio=0.99)
    fits("popover")
    page.locator(".popover .open").click()
    expect(page.locator("dialog mark").first).to_be_in_viewport()
    expect(page.locator("#article-close")).to_be_in_viewport(ratio=1)  # the bar stays, only the text scrolls
    fits("article")
    page.locator("#article-close").click()
    page.locator(".unhelpful").click()
    fits("feedback-form")
    ask(page, UNKNOWN)
    fits("refused")
    ask(page, RELATED)
    fits("related")


# ---- keyboard


STOPS = """() => {
    const shown = (node) => node.checkVisibility();  // a closed <details> hides what is in it
    const roots = [...document.querySelectorAll("wenju-ask")].map((each) => each.shadowRoot);
    const all = roots.flatMap((root) => [...root.querySelectorAll("button, summary, input, textarea, [tabindex='0']")]).filter((node) => shown(node) && !node.disabled);
    all.forEach((node, place) => { node.dataset.stop = place; });
    const chosen = (node) => node.type !== "radio" || all.filter((other) => other.name === node.name)[0] === node;
    return all.filter(chosen).map((node) => [node.dataset.stop, node.id || node.className || node.textContent]);
}"""
FOCUSED = """() => {
    const node = document.activeElement.shadowRoot && document.activeElement.shadowRoot.activeElement;
    if (!node) return null;
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    const [x, y] = [Math.min(box.left + box.width / 2, innerWidth - 1), Math.min(Math.max(box.top + Math.min(box.height, innerHeight - box.top) / 2, 0), innerHeight - 1)];
    const top = node.getRootNode().elementFromPoint(x, y);
    return { stop: node.dataset.stop, name: node.id || node.className || node.textContent,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: Boolean(top) && (node.contains(top) || top.contains(node) || top.closest("label") === node.closest("label")) };
}"""


def walk(page: Page) -> None:
    """Tab through the widget once: every control has its turn, shows that it has the focus, and is not covered."""
    wanted = dict(page.evaluate(STOPS))
    unseen: list[str] = []
    page.evaluate("document.activeElement.blur(); document.activeElement.shadowRoot?.activeElement?.blur()")
    for _ in range(len(wanted) + 40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            continue
        if not (at["ring"] and at["seen"]):
            unseen.append(f"{at['name']} ring={at['ring']} seen={at['seen']}")
        wanted.pop(at["stop"], None)
        if not wanted:
            break
    assert (wanted, unseen) == ({}, [])


@pytest.mark.parametrize("widget", [None, LAUNCHER], ids=["page", "panel"])
def test_every_control_is_reached_by_tab_and_shows_it(visit: Visit, widget: str | None) -> None:
    page = visit(widget)
    if widget:
        walk(page)
        page.locator("#launcher").press("Enter")
    page.wait_for_selector("#examples button")
    walk(page)
    ask(page)
    page.locator(".unhelpful").press("Enter")
    walk(page)
    page.locator(".marker").first.press("Enter")
    for name in ("close", "open"):
        page.keyboard.press("Tab")
        expect(page.locator(f".popover .{name}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark").first).to_be_in_viewport()
    top = page.locator("#article-body").evaluate("element => element.scrollTop")
    page.keyboard.press("End")  # the article scrolls by keys, and takes a moment for it
    left = "element => element.scrollHeight - element.clientHeight - element.scrollTop"
    wait_for(lambda: abs(page.locator("#article-body").evaluate(left)) <= 1)
    assert page.locator("#article-body").evaluate("element => element.scrollTop") >= top
    for _ in range(4):  # the rest of the page is out of reach while the dialog is open
        page.keyboard.press("Tab")
        outside = page.evaluate(
            "(() => { const at = document.activeElement.shadowRoot?.activeElement; return Boolean(at) && !at.closest('dialog'); })()"
        )
        assert not outside
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def test_dates_examples_and_recent_questions_need_no_mouse(visit: Visit) -> None:
    page = visit()
    page.wait_for_selector("#examples button")
    page.locator("#dates summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("01012022")
    expect(page.locator("#from")).to_have_value(re.compile("2022|0101"))
    page.locator("#dates-clear").press("Space")
    expect(page.locator("#from")).to_have_value("")
    page.locator("#examples button").first.press("Enter")
    expect(page.locator("#status")).to_have_text(re.compile("^(回答完成|未作答)"))
    page.locator("#restart").press("Enter")
    page.locator("#recent-keep").press("Space")
    expect(page.locator("#recent li")).to_have_count(0)


# ---- motion and colours


def test_who_wants_no_motion_gets_none(visit: Visit) -> None:
    for motion, moving in (("no-preference", 1), ("reduce", 0)):
        page = visit(LAUNCHER, reduced_motion=motion)
        page.locator("#launcher").click()
        # A stream that never ends: its first words, then nothing.
        page.route("**/v1/ask", lambda route: None if route.request.method == "POST" else route.continue_())
        page.locator("#question").fill(AIR)
        page.locator("#question").press("Enter")
        page.evaluate("""() => {
            const { turns } = document.querySelector("wenju-ask").app.conversation;
            turns[0].take("delta", { text: "去年全区" });
        }""")
        expect(page.locator(".answer")).to_have_text("去年全区")
        assert page.evaluate(MOVING) == moving
        assert page.locator(".transcript").evaluate("element => getComputedStyle(element).scrollBehavior") == "auto"
        page.locator("#stop").click()


def test_forced_colours_keep_edges_and_states(visit: Visit) -> None:
    page = visit(LAUNCHER, forced_colors="active", color_scheme="dark")
    expect(page.locator("#launcher")).to_have_css("border-top-style", "solid")
    page.locator("#launcher").click()
    ask(page)
    for selector in (".marker", ".card", ".badge", "#submit", "#question"):
        expect(page.locator(selector).first).to_have_css("border-top-style", "solid")
    page.locator(".marker").first.press("Enter")
    keep(page, "panel-forced-colours")
    expect(page.locator(".popover")).to_have_css("border-top-style", "solid")
    page.locator(".popover .open").press("Enter")
    mark = page.locator("dialog mark").first
    expect(mark).to_be_in_viewport()
    ground, text = mark.evaluate(
        "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]"
    )
    around = page.locator("#article-body").evaluate("element => getComputedStyle(element).backgroundColor")
    underline = mark.evaluate(
        "element => getComputedStyle(element).textDecorationLine + getComputedStyle(element).borderBottomStyle"
    )
    assert ground != around or "underline" in underline or "solid" in underline
    assert text != ground
