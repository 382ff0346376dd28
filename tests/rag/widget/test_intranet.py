"""The widget on an intranet page of another origin, under a strict policy, in a real browser; the service is the real one."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from llm_server import HANG, MODEL, LLMServer, Reply, delta, head, streamed

from rag.api.server import create_app
from rag.config import Settings
from rag.service.feedback.store import FeedbackStore

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from intranet_server import LAUNCHER, STRICT, USUAL, Portal, integrity_of, running_portal, widget_script
from page_server import CHROMIUM, Open, serving
from playwright.sync_api import Locator, Page, expect
from sight import focused

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one"),
]

AIR = "2020年云汀区PM2.5年均浓度是多少？同比变化多少？"
RIGHT = "2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"
UNKNOWN = "云汀区2030年的PM2.5年均浓度目标是多少？"
ENDLESS: Reply = [head(), delta(RIGHT), delta("此外"), HANG]
TWO = '<wenju-ask id="first"></wenju-ask><wenju-ask id="second" lang="en" title="Archive"></wenju-ask>' + LAUNCHER
Embed = Callable[..., Page]


@pytest.fixture(scope="module")
def llm() -> Iterator[LLMServer]:
    with LLMServer(streamed(RIGHT)) as llm:
        yield llm


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def settings(base: Settings, llm: LLMServer, portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    ratings = tmp_path_factory.mktemp("ratings") / "feedback.sqlite"
    return replace(
        base, openai_base_url=llm.base_url, openai_model=MODEL, allowed_origins=(portal.origin,), feedback_db=ratings
    )


@pytest.fixture(scope="module")
def service(settings: Settings, portal: Portal) -> Iterator[str]:
    with serving(create_app(settings)) as origin:
        portal.service = origin
        yield origin


@pytest.fixture
def embed(open_page: Open, portal: Portal, service: str, llm: LLMServer) -> Embed:
    """Opens the portal with this markup in the widget's place."""
    llm.play(streamed(RIGHT))

    def open_with(widget: str = LAUNCHER, policy: str = STRICT, origin: str = portal.origin) -> Page:
        page = open_page(origin + portal.page(widget, policy), service)
        page.wait_for_selector("wenju-ask .frame", state="attached")
        return page

    return open_with


def ask(scope: Page | Locator, question: str = AIR) -> None:
    scope.locator("#question").fill(question)
    scope.locator("#question").press("Enter")
    expect(scope.locator(".turn-actions").last).to_be_visible()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Go on by Tab, or back, until the focus is there."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.locator(f"wenju-ask {selector}:focus").count():
            return
    pytest.fail(f"Tab does not reach {selector}")


def done(page: Page) -> dict[str, Any]:
    """The last Answer, as the page that embeds the widget could know it."""
    whole: dict[str, Any] = page.locator("wenju-ask").first.evaluate(
        "element => element.app.conversation.answered().slice(-1)[0].answer"
    )
    return whole


def test_a_citation_is_read_and_its_article_opened_and_left_by_keyboard_alone(embed: Embed, service: str) -> None:
    page = embed()
    tab_to(page, "#launcher")
    press(page, "Enter")
    expect(page.get_by_role("dialog", name="问据问答")).to_be_visible()
    expect(focused(page)).to_have_id("question")
    page.keyboard.insert_text(AIR)
    with page.expect_response("**/v1/ask") as response:
        press(page, "Enter")
    assert response.value.headers["content-type"].startswith("text/event-stream")
    expect(page.locator("#status")).to_have_text("回答完成，共1条引文。")
    tab_to(page, ".marker", "Shift+Tab")
    press(page, "Space")
    popover = page.locator(".popover")
    expect(popover).to_be_focused()
    expect(popover.locator(".origin")).to_have_text(re.compile("^云汀报 · 2021年1月15日 第[13]版$"))
    press(page, "Escape")
    expect(popover).to_be_hidden()
    expect(page.locator(".marker")).to_be_focused()
    press(page, "Enter")
    tab_to(page, ".popover .open")
    with page.expect_response("**/v1/articles/*") as opened:
        press(page, "Enter")
    mark = page.locator("dialog mark")
    expect(mark.first).to_be_in_viewport()
    citation = done(page)["citations"][0]
    article = httpx.get(opened.value.url).json()
    assert opened.value.url.startswith(f"{service}/")
    assert (
        "\n".join(mark.all_text_contents()) == article["text"][citation["start"] : citation["end"]] == citation["quote"]
    )
    press(page, "Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator(".marker")).to_be_focused()
    press(page, "Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#launcher")).to_be_focused()


def test_an_answer_streams_in_is_stopped_and_tried_again(embed: Embed, llm: LLMServer) -> None:
    llm.play(ENDLESS, streamed(RIGHT))
    page = embed()
    page.locator("#launcher").click()
    page.locator("#question").fill(AIR)
    page.locator("#question").press("Enter")
    expect(page.locator("#status")).to_have_text("正在作答…")
    expect(page.locator(".answer")).to_contain_text("同比下降12.5%")  # verified and shown while it goes on
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
    assert llm.open_connections == 1
    page.locator("#stop").click()
    expect(page.locator(".failure")).to_contain_text("已停止。")
    expect(page.locator(".verdict")).to_contain_text("未完成")
    assert llm.wait_until_idle(5)
    page.locator(".retry").click()
    expect(page.locator("#status")).to_have_text("回答完成，共1条引文。")
    expect(page.locator(".turn")).to_have_count(1)


def test_a_rating_reaches_the_file_of_the_service(embed: Embed, settings: Settings) -> None:
    page = embed()
    page.locator("#launcher").click()
    ask(page)
    tab_to(page, ".unhelpful")
    press(page, "Enter", "ArrowDown")  # from the first reason to the second
    tab_to(page, ".comment")
    page.keyboard.insert_text("数字不在这一版")
    tab_to(page, "[type=submit]")
    press(page, "Enter")
    expect(page.locator(".stored")).to_have_text("评价已记录，谢谢。")
    answer = done(page)
    assert settings.feedback_file
    [rating] = FeedbackStore(settings.feedback_file).ratings()
    assert (rating.helpful, rating.reason, rating.comment) == (False, "wrong_citation", "数字不在这一版")
    assert (rating.of.answer_id, rating.of.question, rating.of.generation) == (answer["id"], AIR, answer["index_generation"])  # fmt: skip


def test_two_widgets_on_a_page_do_not_disturb_one_another(embed: Embed, llm: LLMServer) -> None:
    llm.play(ENDLESS)
    page = embed(TWO)
    first, second = page.locator("#first"), page.locator("#second")
    first.locator("#question").fill(AIR)
    first.locator("#question").press("Enter")
    expect(first.locator("#status")).to_have_text("正在作答…")
    with page.expect_request("**/v1/ask") as request:
        ask(second, UNKNOWN)  # refused by rule, while the first one is still being answered
    assert json.loads(request.value.post_data or "")["history"] == []
    expect(second.locator("#status")).to_have_text("Not answered; the reason is given.")
    expect(second.locator("#panel-title")).to_have_text("Archive")
    expect(second.locator(".verdict")).to_contain_text("Not answered")
    expect(first.locator("#stop")).to_be_visible()
    first.locator("#stop").click()
    expect(first.locator(".failure")).to_contain_text("已停止。")
    expect(second.locator(".turn")).to_have_count(1)
    second.locator("#restart").click()
    expect(second.locator(".turn")).to_have_count(0)
    expect(first.locator(".turn")).to_have_count(1)
    expect(page.locator("#launcher")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "label", "done_words", "origin"),
    [
        ("zh-CN", "请输入问题", "回答完成，共1条引文。", "云汀报 · 2021年1月15日"),
        ("zh-Hant", "請輸入問題", "回答完成，共1條引文。", "云汀报 · 2021年1月15日"),
        ("en", "Your question", "Answered, with 1 citation.", "云汀报 · 15 January 2021"),
    ],
)
def test_the_words_are_those_of_the_language(embed: Embed, lang: str, label: str, done_words: str, origin: str) -> None:
    page = embed(LAUNCHER.replace("<script", f'<script data-lang="{lang}"'))
    page.locator("#launcher").click()
    expect(page.get_by_label(label)).to_be_focused()
    ask(page)
    expect(page.locator("#status")).to_have_text(done_words)
    expect(page.locator(".card .origin").first).to_contain_text(origin)
    words = page.locator(".frame").evaluate("element => element.innerText")
    if lang == "en":
        shown = re.sub(re.escape(page.locator(".turn").inner_text()), "", words)
        assert not re.search("[\u4e00-\u9fff]", shown.replace("可以这样问", "")), shown


def test_the_usual_policy_does_as_well(embed: Embed) -> None:
    page = embed(policy=USUAL)
    page.locator("#launcher").click()
    ask(page)
    page.locator(".marker").click()
    expect(page.locator(".popover")).to_be_visible()


def test_integrity_lets_the_shipped_file_in_and_no_other(
    embed: Embed, open_page: Open, portal: Portal, service: str
) -> None:
    digest = integrity_of(widget_script())
    tag = LAUNCHER.replace("<script", f'<script integrity="{digest}" crossorigin="anonymous"')
    page = embed(tag)
    page.locator("#launcher").click()
    ask(page)
    other = open_page(portal.origin + portal.page(tag.replace(digest, integrity_of(b"another"))), service)
    other.wait_for_load_state()
    assert other.evaluate("[document.querySelectorAll('wenju-ask').length, customElements.get('wenju-ask') === undefined]") == [0, True]  # fmt: skip


def test_a_page_that_may_not_ask_is_told_so_in_words(embed: Embed, portal: Portal) -> None:
    page = embed(origin=portal.other_origin)
    page.locator("#launcher").click()
    page.locator("#question").fill(AIR)
    page.locator("#question").press("Enter")
    failure = page.locator(".failure")
    expect(failure).to_contain_text("本页面未获准使用问答服务。")
    expect(failure).to_contain_text(f"请联系管理员，把 {portal.other_origin} 列为允许的来源（WENJU_ALLOWED_ORIGINS）。")
    expect(page.locator(".answer")).to_be_empty()


def test_copying_and_printing_break_no_policy(embed: Embed) -> None:
    page = embed()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(
        "window.print = () => { top.printed = [document.body.innerText, getComputedStyle(document.body).fontSize]; }"
    )
    page.reload()
    page.locator("#launcher").click()
    ask(page)
    page.locator(".copy").click()
    expect(page.locator("#status")).to_have_text("已复制回答和引文。")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.locator(".print").click()
    printed, size = page.evaluate("printed")
    quote = done(page)["citations"][0]["quote"]
    for text in (copied, printed):
        assert AIR in text
        assert quote in text
    assert size == "14.6667px"  # 11pt: its style sheet is in


def test_styles_of_the_portal_do_not_reach_the_widget(embed: Embed) -> None:
    page = embed(TWO)
    first = page.locator("#first")
    expect(first.locator("#submit")).to_have_css("text-transform", "none")
    expect(first.locator("#submit")).to_have_css("background-color", "rgb(26, 79, 130)")
    expect(first.locator("#panel-title")).to_have_css("border-bottom-width", "0px")
    expect(first.locator("#question")).to_have_css("letter-spacing", "normal")
    expect(first.locator("#question")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_nothing_of_a_conversation_stays_in_the_browser(embed: Embed) -> None:
    page = embed()
    page.locator("#launcher").click()
    ask(page)
    kept = page.evaluate("async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]")  # fmt: skip
    assert kept == ["", 0, 0, 0]
