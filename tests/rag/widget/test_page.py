"""The question page in a real browser, against the real application over the sample's index."""

import json
import re
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest
from llm_server import HANG, MODEL, LLMServer, Reply, delta, head

from rag.api.server import create_app
from rag.config import load_settings

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from page_server import NOTE_VIOLATIONS, Open, serving
from playwright.sync_api import Browser, Page, Request, expect
from sight import focused, marked

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one")

AIR = "2020年云汀区PM2.5年均浓度是多少？同比变化多少？"
AIR_QUOTE = "2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%"
SECRETARY = "2021年的云汀区区委书记是谁？"
INSIDE = """selector => {
    const box = document.querySelector("wenju-ask").shadowRoot.querySelector(selector).getBoundingClientRect();
    return box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
}"""
UNKNOWN = "云汀区2030年的PM2.5年均浓度目标是多少？"


@pytest.fixture(scope="module")
def environment(sample_index_dir: Path, cache_dir: Path) -> dict[str, str]:
    return {"WENJU_INDEX_DIR": str(sample_index_dir), "WENJU_CACHE_DIR": str(cache_dir)}


@pytest.fixture(scope="module")
def origin(environment: dict[str, str]) -> Iterator[str]:
    with serving(create_app(load_settings(environment, env_file=None))) as origin:
        yield origin


@pytest.fixture
def page(open_page: Open, origin: str) -> Page:
    return open_page(origin)


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator("#status")).to_have_text(re.compile("^(回答完成|未作答)"))


def body(request: Request) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(request.post_data or "")
    return sent


def overflow(page: Page, selector: str = "html") -> int:
    width: int = page.locator(selector).evaluate("element => element.scrollWidth - element.clientWidth")
    return width


def test_an_answer_streams_in_and_its_marker_opens_the_quote_in_the_article(page: Page) -> None:
    with page.expect_response("**/v1/ask") as response:
        ask(page, AIR)
    assert response.value.headers["content-type"].startswith("text/event-stream")
    expect(page.locator(".checked summary")).to_have_text(["引文与原文逐字一致", "带编号的各句摘自报道原文"])
    expect(page.locator(".answer")).to_contain_text("42微克/立方米，同比下降12.5%")
    card = page.locator(".card").first
    expect(card.locator(".origin").first).to_have_text(re.compile("^云汀报 · 2021年1月15日 第[13]版$"))
    expect(card.locator(".origin").last).to_have_text(re.compile("^文件：云汀报_2021-01-15_0[13]版.txt$"))
    quote = card.locator("blockquote").text_content()

    page.locator(".marker").first.click()
    popover = page.locator(".popover")
    expect(popover.locator("blockquote")).to_have_text(quote or "")
    expect(popover.locator(".origin")).to_have_text(re.compile("^云汀报 · 2021年1月15日 第[13]版$"))
    popover.get_by_role("button", name="打开原文").click()
    assert quote
    assert AIR_QUOTE in quote
    assert marked(page) == quote
    expect(popover).to_be_hidden()
    expect(card).to_have_attribute("aria-current", "true")
    page.click("#article-close")
    card.get_by_role("button", name="打开原文").click()
    assert marked(page) == quote


def test_every_card_opens_its_own_quote(page: Page) -> None:
    ask(page, "2023年6月，云汀区的区长是谁？")
    cards = page.locator(".card").all()
    for card in cards:
        card.get_by_role("button").click()
        assert marked(page) == card.locator("blockquote").text_content()
        page.keyboard.press("Escape")
    assert cards
    numbers = [f"引文 {number}：" for number in range(1, len(cards) + 1)]
    for marker in page.locator(".marker").all():
        assert (marker.get_attribute("aria-label") or "").startswith(tuple(numbers))


def test_a_refusal_gives_its_reason_and_the_nearest_reports(page: Page) -> None:
    ask(page, UNKNOWN)
    expect(page.locator(".verdict")).to_contain_text("未作答原因：")
    expect(page.locator(".evidence h3")).to_have_text("最接近的报道")
    expect(page.locator(".marker")).to_have_count(0)
    card = page.locator(".card").first
    card.get_by_role("button").click()
    assert marked(page) == card.locator("blockquote").text_content()


def test_related_reports_are_shown_by_the_sentence_that_comes_nearest(page: Page) -> None:
    page.fill("#question", "合唱节的评委是谁？")
    page.press("#question", "Enter")
    expect(page.locator("#status")).to_have_text("没有确切的回答，列出1篇相关报道，不一定回答所问。")
    expect(page.locator(".verdict")).to_have_text("相关报道不一定回答所问。")
    expect(page.locator(".answer")).to_contain_text("没有找到能够确切回答这个问题的报道")
    expect(page.locator(".evidence h3")).to_have_text("相关报道（不一定回答所问）")
    expect(page.locator(".card blockquote")).to_contain_text("队长单玉芬退休前是挡车工")
    page.locator(".card button").click()
    assert marked(page) == page.locator(".card blockquote").text_content()


def test_a_follow_up_is_read_with_the_question_before(page: Page) -> None:
    expect(page.locator("#question-label")).to_have_text("请输入问题")
    ask(page, SECRETARY)
    expect(page.locator("#question-label")).to_have_text("继续提问（会参考前一问）")
    first = page.locator(".answer").inner_text()
    assert "顾砚舟" in first
    with page.expect_request("**/v1/ask") as request:
        ask(page, "那区长呢？")
    history = body(request.value)["history"]
    assert [turn["role"] for turn in history] == ["user", "assistant"]
    assert history[0]["content"] == SECRETARY
    assert "[" not in history[1]["content"]
    assert history[1]["status"] == "answered"
    expect(page.locator("#current .verdict")).to_contain_text("引文与原文逐字一致")
    expect(page.locator(".past-turn:not([open]) .asked")).to_have_text([SECRETARY])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".past-turn[open] .answer")).to_have_text(first)  # on paper nothing is folded
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".past-turn[open]")).to_have_count(0)

    page.click("#restart")
    expect(page.locator("#question-label")).to_have_text("请输入问题")
    with page.expect_request("**/v1/ask") as request:
        ask(page, AIR)
    assert body(request.value)["history"] == []


def test_stopping_keeps_what_came_and_hangs_up_on_the_llm(open_page: Open, environment: dict[str, str]) -> None:
    endless: Reply = [head(), delta("2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"), delta("此外"), HANG]
    with LLMServer(endless) as llm:
        names = {"OPENAI_BASE_URL": llm.base_url, "OPENAI_MODEL": MODEL}
        with serving(create_app(load_settings(environment | names, env_file=None))) as origin:
            page = open_page(origin)
            page.fill("#question", AIR)
            page.press("#question", "Enter")
            expect(page.locator("#status")).to_have_text("正在作答…")
            expect(page.locator(".answer")).to_contain_text("同比下降12.5%")  # verified and shown while it goes on
            expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
            assert llm.open_connections == 1
            page.click("#stop")
            expect(page.locator(".failure")).to_contain_text("已停止。")
            expect(page.locator(".verdict")).to_contain_text("未完成")
            expect(page.locator(".answer")).to_contain_text("同比下降12.5%")
            expect(focused(page)).to_have_id("question")
            assert llm.wait_until_idle(5)


def test_asking_reading_and_returning_need_only_the_keyboard(page: Page) -> None:
    page.wait_for_selector("#examples button")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_id("question")
    page.keyboard.insert_text(AIR)
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("回答完成")
    for _ in range(10):
        page.keyboard.press("Tab")
        if focused(page).get_attribute("class") == "marker":
            break
    marker = page.locator(".marker").first
    expect(marker).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".popover")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".popover")).to_be_hidden()
    expect(marker).to_be_focused()
    for key in ("Space", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    assert AIR_QUOTE in marked(page)
    expect(focused(page)).to_have_id("article-body")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(marker).to_be_focused()


def test_nothing_is_wider_than_a_screen_of_320_pixels(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_selector("#examples button")
    page.click("#dates summary")
    assert overflow(page) == 0
    for question in (AIR, UNKNOWN, "https://nowhere.example/" + "a" * 200):
        ask(page, question)
        assert overflow(page) == 0
        for marker in page.locator("#current .marker").all()[:1]:
            marker.click()
            assert page.evaluate(INSIDE, ".popover")
            page.keyboard.press("Escape")
        for button in page.locator("#current .card button").all()[:1]:
            button.click()
            marked(page)
            assert overflow(page) == overflow(page, "#article-body") == 0
            page.keyboard.press("Escape")


def test_html_in_a_question_stays_text(page: Page) -> None:
    question = f"{AIR}<img src=x onerror=alert(1)><script>alert(2)</script>"
    ask(page, question)
    expect(page.locator(".question")).to_have_text(question)
    ask(page, SECRETARY)  # folds it into the list of earlier questions
    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator("main img, main script")).to_have_count(0)


def test_an_example_asks_and_a_date_range_is_kept_to(page: Page) -> None:
    page.click("#dates summary")
    page.fill("#from", "2022-01-01")
    with page.expect_request("**/v1/ask") as request:
        page.click(f"#examples button:text-is('{AIR}')")
    assert (body(request.value)["from"], body(request.value)["to"]) == ("2022-01-01", None)
    expect(page.locator("#status")).to_have_text(re.compile("^(回答完成|未作答|没有确切的回答)"))
    years = [int(text[:4]) for text in re.findall(r"\d{4}年", " ".join(page.locator(".when").all_inner_texts()))]
    assert years
    assert min(years) >= 2022


def test_a_lost_connection_is_told_and_can_be_tried_again(page: Page) -> None:
    page.context.set_offline(True)
    page.fill("#question", AIR)
    page.press("#question", "Enter")
    expect(page.locator(".failure")).to_contain_text("连接不上问答服务")
    expect(page.locator("#question-label")).to_have_text("请输入问题")
    page.context.set_offline(False)
    page.click(".failure button")
    expect(page.locator("#status")).to_contain_text("回答完成")
    expect(page.locator(".turn")).to_have_count(1)


def test_the_policy_stops_inline_scripts_and_markup_from_text(browser: Browser, origin: str) -> None:
    page = browser.new_page()
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto(f"{origin}/")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.append("window.ran = true");
        document.body.append(script);
        try { document.body.innerHTML = "<b>bold</b>"; } catch (error) { violations.push(error.name); }
    }""")
    page.wait_for_timeout(50)  # the events are tasks of their own
    seen = page.evaluate("[violations, window.ran]")
    page.close()
    assert set(seen[0]) >= {"TypeError", "require-trusted-types-for"}
    assert seen[1] is None


def test_the_files_of_the_page_are_served_and_no_others(origin: str) -> None:
    folder = resources.files("rag") / "widget"
    files = {name: (folder / name).read_bytes() for name in ("index.html", "page.css", "favicon.svg", "widget.js")}
    others = ["none.js", "..%2Fconfig.py", "%2e%2e/config.py", "package.json", "src%2Fmain.js", "widget.js%00", ""]
    with httpx.Client(base_url=f"{origin}/page/") as client:
        for name, content in files.items():
            reply = client.get(name)
            assert (reply.status_code, reply.content) == (200, content)
            assert "require-trusted-types-for" in reply.headers["content-security-policy"]
        assert {client.get(name).status_code for name in others} == {404}


def test_the_widget_is_open_to_other_origins_and_sent_again_only_when_it_has_changed(origin: str) -> None:
    reply = httpx.get(f"{origin}/widget.js")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    tag = reply.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = httpx.get(f"{origin}/widget.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert httpx.get(f"{origin}/widget.js", headers={"If-None-Match": '"other"'}).status_code == 200
    assert "access-control-allow-origin" not in httpx.get(f"{origin}/").headers


def test_recent_questions_are_kept_in_this_browser_until_they_are_cleared_or_turned_off(page: Page) -> None:
    def reopen() -> list[str]:
        page.reload()
        page.wait_for_selector("#examples button")
        return page.locator("#recent li").all_inner_texts()

    def put(question: str) -> None:
        page.fill("#question", question)
        page.press("#question", "Enter")
        expect(page.locator("#status")).to_have_text("提问太频繁了。")

    page.route("**/v1/ask", lambda route: route.fulfill(status=429, json={}))  # what is answered does not matter here
    put(SECRETARY)
    put(UNKNOWN)
    assert reopen() == [UNKNOWN, SECRETARY]
    with page.expect_request("**/v1/ask") as request:
        page.click(f"#recent button:text-is('{SECRETARY}')")
    assert body(request.value)["question"] == SECRETARY
    assert reopen() == [SECRETARY, UNKNOWN]
    page.click("#recent-clear")
    assert reopen() == []
    page.uncheck("#recent-keep")
    put(SECRETARY)
    assert reopen() == []
    expect(page.locator("#recent-keep")).not_to_be_checked()
    assert page.evaluate("[document.cookie, Object.keys(localStorage)]") == ["", ["wenju.recent.off"]]


def test_the_address_in_a_completions_annotation_opens_the_cited_passage(open_page: Open, origin: str) -> None:
    asked = {"messages": [{"role": "user", "content": AIR}]}
    completion = httpx.post(f"{origin}/v1/chat/completions", json=asked, timeout=30).json()
    link = completion["choices"][0]["message"]["annotations"][0]["url_citation"]["url"]
    assert link.startswith(f"{origin}/#article=")
    page = open_page(origin)
    page.goto(link)
    assert marked(page) == completion["wenju"]["citations"][0]["quote"]
    page.click("#article-close")
    expect(page.locator("wenju-ask :focus")).to_have_id("question")
