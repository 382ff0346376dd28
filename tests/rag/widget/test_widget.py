"""The widget inside other pages, in a real browser, against a stand-in for the service that answers as told."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from page_server import Open
from playwright.sync_api import Locator, Page, expect
from sight import focused, marked, small_targets, violations
from widget_server import (
    ARTICLE_TEXT,
    CUT,
    NONCE_POLICY,
    POLICY,
    WidgetService,
    answer,
    citation,
    refusal,
    streamed,
    widget_service,
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one")

LAUNCHER = '<h1>内网首页</h1><script src="/widget.js" defer data-lang="zh-CN" data-theme="light"></script>'
INLINE = '<wenju-ask theme="light"></wenju-ask><script src="/widget.js" defer></script>'
QUESTION = "食堂几时开门？"
SIX = citation(1, "食堂每日六时开门")
THREE_HUNDRED = citation(2, "𠮷祥路社区食堂昨日开业，\n每餐供应三百份", title=None)
OPENS = answer("食堂每日六时开门[1]，每餐供应三百份[2]。", SIX, THREE_HUNDRED)
RELATED = refusal("not_found", "没有确切回答的报道。以下是相关报道。", SIX, THREE_HUNDRED, status="related")
Embed = Callable[..., Page]


@pytest.fixture
def service() -> Iterator[WidgetService]:
    with widget_service() as service:
        service.scripts[QUESTION] = streamed(OPENS)
        yield service


@pytest.fixture
def embed(open_page: Open, service: WidgetService) -> Embed:
    """Opens a page with this body, and with these features of the browser taken away or media set."""

    def open_with(markup: str, *, before: str = "", policy: str = POLICY, **media: Any) -> Page:
        path = service.page(markup, policy)
        service.pages["/"] = service.pages[path] if not before else ("", policy)
        page = open_page(service.origin)
        page.emulate_media(**media)
        if before:
            page.add_init_script(before)
            page.goto(service.origin + path)
        page.wait_for_function("[...document.querySelectorAll('wenju-ask')].some(each => each.shadowRoot)")
        return page

    return open_with


@pytest.fixture
def inline(embed: Embed) -> Page:
    return embed(INLINE)


def ask(scope: Page | Locator, question: str = QUESTION) -> None:
    before = scope.locator(".turn-actions").count()
    scope.locator("#question").fill(question)
    scope.locator("#question").press("Enter")
    expect(scope.locator(".turn-actions").nth(before)).to_be_visible()


# ---- as part of another page


def test_two_widgets_on_a_page_are_two_conversations_in_two_languages(embed: Embed, service: WidgetService) -> None:
    page = embed('<div lang="zh-TW"><wenju-ask></wenju-ask></div><wenju-ask data-lang="en" title="News"></wenju-ask>'
                 '<script src="/widget.js" defer></script>')  # fmt: skip
    first, second = page.locator("wenju-ask").all()
    ask(first)
    expect(first.locator("#status")).to_have_text("回答完成，共2條引文。")
    expect(second.locator(".turn")).to_have_count(0)
    ask(second)
    expect(second.locator("#status")).to_have_text("Answered, with 2 citations.")
    expect(second.locator(".when").first).to_have_text("5 March 2024, page 2")
    expect(second.locator("#panel-title")).to_have_text("News")
    assert second.get_attribute("title") is None  # it would be a tooltip over everything
    assert [sent["history"] for sent in service.asked] == [[], []]
    first.locator(".marker").first.click()
    expect(page.locator(".popover:visible")).to_have_count(1)
    second.locator(".marker").last.click()
    expect(page.locator(".popover:visible")).to_have_count(1)
    expect(page.locator("#launcher")).to_have_count(0)
    assert page.evaluate("[document.cookie, sessionStorage.length, localStorage.length]") == ["", 0, 0]


def test_a_script_tag_adds_a_launcher_whose_panel_opens_and_closes_by_keyboard(embed: Embed) -> None:
    page = embed(LAUNCHER)
    launcher, panel = page.locator("#launcher"), page.get_by_role("dialog", name="问据问答")
    expect(panel).to_be_hidden()
    page.keyboard.press("Tab")
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(focused(page)).to_have_id("question")
    ask(page)
    page.locator(".marker").first.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".popover")).to_be_hidden()
    expect(panel).to_be_visible()  # one thing is closed at a time
    page.locator(".card button").first.press("Enter")
    assert marked(page) == SIX["quote"]
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(panel).to_be_visible()
    expect(page.locator(".card button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher).to_be_focused()


def test_two_script_tags_add_two_launchers_one_above_the_other(embed: Embed) -> None:
    page = embed(LAUNCHER + '<script src="/widget.js" defer data-title="News" data-lang="en"></script>')
    page.wait_for_function("document.querySelectorAll('wenju-ask').length == 2")
    lower, upper = (launcher.bounding_box() for launcher in page.locator("#launcher").all())
    assert lower
    assert upper
    assert upper["y"] + upper["height"] < lower["y"]
    page.get_by_role("button", name="Open: News").click()
    expect(page.get_by_role("dialog", name="News")).to_be_visible()
    expect(page.get_by_role("dialog", name="问据问答")).to_be_hidden()


def test_keys_pressed_in_the_widget_are_no_shortcuts_of_the_page(inline: Page) -> None:
    inline.evaluate("window.keys = []; document.addEventListener('keydown', (event) => keys.push(event.key))")
    inline.locator("#question").press("s")
    assert inline.evaluate("keys") == []


def test_styles_of_the_page_do_not_reach_the_widget_and_its_own_need_no_unsafe_inline(embed: Embed) -> None:
    page = embed(
        INLINE, before="window.addEventListener('DOMContentLoaded', () => document.body.style.letterSpacing = '9px')"
    )
    expect(page.locator("#question-label")).to_have_css("letter-spacing", "normal")
    expect(page.locator("#question-label")).to_have_css("color", "rgb(29, 33, 38)")
    expect(page.locator("style")).to_have_count(0)


def test_a_browser_without_constructed_sheets_gets_a_style_with_the_nonce(embed: Embed) -> None:
    without = "delete ShadowRoot.prototype.adoptedStyleSheets; delete Document.prototype.adoptedStyleSheets;"
    page = embed(INLINE.replace("defer", 'defer nonce="aJ3x"'), before=without, policy=NONCE_POLICY)
    expect(page.locator("style")).to_have_count(1)
    expect(page.locator("#submit")).to_have_css("background-color", "rgb(26, 79, 130)")


def test_an_endpoint_that_no_browser_could_ask_is_named(open_page: Open, service: WidgetService) -> None:
    page = open_page(service.origin)
    page.goto(service.origin + service.page(INLINE.replace("<wenju-ask", '<wenju-ask endpoint="ftp://archive"')))
    expect(page.get_by_role("alert")).to_contain_text("服务地址无法使用：ftp://archive")


def test_the_page_can_ask_open_close_and_listen(embed: Embed, service: WidgetService) -> None:
    service.scripts["坏了"] = [503]
    page = embed(LAUNCHER)
    page.evaluate("""() => {
        window.told = [];
        for (const name of ["wenju:answer", "wenju:error"])
            document.addEventListener(name, (event) => told.push([name, event.detail.question, event.detail.status || event.detail.answer.id]));
        window.widget = document.querySelector("wenju-ask");
    }""")
    assert page.evaluate(f"widget.ask({json.dumps(QUESTION)}).then((answer) => answer.citations.length)") == 2
    expect(page.locator("#panel")).to_be_visible()
    assert page.evaluate("widget.ask('坏了')") is None
    assert page.evaluate("widget.ask(' ')") is None
    expect(page.locator("#form-problem")).to_have_text("请先输入问题。")
    assert page.evaluate("told") == [["wenju:answer", QUESTION, "answer-1"], ["wenju:error", "坏了", 503]]
    page.evaluate("widget.reset(); widget.close()")
    expect(page.locator("#panel")).to_be_hidden()
    page.evaluate("widget.open()")
    expect(page.locator(".turn")).to_have_count(0)


# ---- citations


def test_a_citation_is_read_and_opened_by_keyboard_and_the_focus_returns(inline: Page) -> None:
    ask(inline)
    first, second = inline.locator(".marker").all()
    popover = inline.locator(".popover")
    expect(first).to_have_accessible_name("引文 1：社区食堂开业")
    first.press("Enter")
    expect(popover).to_be_focused()
    expect(popover).to_have_accessible_name(re.compile("1 ?社区食堂开业"))
    expect(popover.locator(".origin")).to_have_text("云汀报 · 2024年3月5日 第2版")
    expect(popover.locator("blockquote")).to_have_text(SIX["quote"])
    inline.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(first).to_be_focused()
    inline.keyboard.press("Tab")
    inline.keyboard.press("Space")
    expect(popover.locator("blockquote")).to_have_text(THREE_HUNDRED["quote"])
    expect(popover.locator("h3")).to_have_text("2无标题")
    inline.keyboard.press("Shift+Tab")
    expect(second).to_be_focused()  # out of the popover at its beginning
    expect(popover).to_be_hidden()
    for key in ("Enter", "Tab", "Tab", "Enter"):
        inline.keyboard.press(key)
    assert marked(inline) == THREE_HUNDRED["quote"]  # a character of two code units stands before it
    expect(focused(inline)).to_have_id("article-body")
    assert inline.locator("dialog .text").inner_text().split() == ARTICLE_TEXT.split()
    inline.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_a_citation_that_is_pointed_at_stays_while_the_pointer_is_on_it(inline: Page) -> None:
    ask(inline)
    popover = inline.locator(".popover")
    inline.locator(".marker").first.hover()
    expect(popover).to_be_visible()
    expect(popover).not_to_be_focused()
    popover.locator("blockquote").hover()
    inline.wait_for_timeout(400)  # longer than the popover stays without the pointer
    expect(popover).to_be_visible()
    inline.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    inline.locator(".marker").first.hover()
    expect(popover).to_be_visible()
    inline.mouse.move(0, 0)
    expect(popover).to_be_hidden()


def test_a_citation_may_be_open_while_the_answer_is_finished(embed: Embed, service: WidgetService) -> None:
    gate = threading.Event()
    service.scripts[QUESTION] = [("citation", SIX), ("delta", {"text": "食堂每日六时开门[1]"}), gate, ("done", OPENS)]
    page = embed(INLINE)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    page.locator(".marker").click()
    expect(page.locator(".popover")).to_be_focused()
    gate.set()
    expect(page.locator("#status")).to_have_text("回答完成，共2条引文。")
    expect(page.locator(".answer")).to_have_text("食堂每日六时开门1，每餐供应三百份2。")
    expect(page.locator(".popover")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".marker").first).to_be_focused()


def test_an_article_that_has_changed_or_gone_is_told_in_words(embed: Embed, service: WidgetService) -> None:
    changed = SIX | {"start": 3, "end": 11}
    service.scripts[QUESTION] = streamed(answer("一[1]二[2]", changed, citation(2, "老人就餐优惠两成", "gone")))
    page = embed(INLINE)
    ask(page)
    page.locator(".card button").first.click()
    expect(page.locator("dialog .failure")).to_have_text("原文可能已经更新，未能标出引文的位置。")
    expect(page.locator("dialog mark")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator(".card button").last.click()
    expect(page.locator("dialog .failure")).to_contain_text("这篇报道已不在资料库中。")


# ---- answers


def test_an_answer_has_paragraphs_lists_and_bold_text_and_all_else_is_plain(
    embed: Embed, service: WidgetService
) -> None:
    text = "**食堂**六时\n开门[1]。[7]\n\n- 三百份；\n- 优惠**两成**\n\n3. 老人\n4. 儿童\n\n2 ** 3 <b>x</b> [a](http://x.example) **未完"
    service.scripts[QUESTION] = [
        ("citation", SIX), *(("delta", {"text": each}) for each in text), threading.Event(),
    ]  # fmt: skip
    page = embed(INLINE)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    shape = """element => {
        const walk = (node) => node.nodeType === 3 ? node.data : `<${node.localName}${node.start > 1 ? ` ${node.start}` : ""}>`
            + [...node.childNodes].map(walk).join("") + `</${node.localName}>`;
        return [...element.children].map(walk).join("").replace(/<\\/?span>|<\\/br>/g, "");
    }"""
    lines = [
        "<p><strong>食堂</strong>六时<br>开门<button>1</button>。[7]</p>",
        "<ul><li>三百份；</li><li>优惠<strong>两成</strong></li></ul>",
        "<ol 3><li>老人</li><li>儿童</li></ol>",
    ]
    expect(page.locator(".answer")).to_contain_text("未完")  # character by character
    assert page.locator(".answer").evaluate(shape).startswith("".join(lines))
    page.locator("#stop").click()
    service.scripts[QUESTION] = streamed(answer(text, SIX))
    page.locator(".retry").click()
    expect(page.locator(".turn-actions")).to_be_visible()
    whole = "".join([*lines, "<p>2 ** 3 <b>x</b> [a](http://x.example) **未完</p>"])
    assert page.locator(".answer").evaluate(shape) == whole  # and at once
    expect(page.locator(".answer b, .answer a")).to_have_count(0)


def test_doubt_is_told_in_words(inline: Page, service: WidgetService) -> None:
    text = "食堂六时开门[1]。老人半价。"
    statements = [
        {"text": text[:10], "start": 0, "end": 10, "citations": [1], "support": "verified", "problems": []},
        {"text": text[10:], "start": 10, "end": 15, "citations": [], "support": "unsupported", "problems": []},
    ]
    dates = {"from": "2024-01-01", "to": None, "rewritten_question": "食堂的票价？", "is_filter": True}
    struck = [{"text": "免费。", "problems": []}]
    for status, words in (("partial", "部分回答"), ("conflicting", "来源说法不一")):
        service.scripts[status] = streamed(answer(text, SIX, status=status, statements=statements, interpreted=dates, struck=struck))  # fmt: skip
        ask(inline, status)
        expect(inline.locator(".verdict").last).to_contain_text(words)
    expect(inline.locator(".unsupported").last).to_have_text("老人半价。")
    expect(inline.locator(".flag").last).to_have_text("（未得到引文支持）")
    expect(inline.locator(".turn").last.locator(".checked.noted summary")).to_have_text(
        ["1句未得到引文支持（程序核对），已在文中标出", "大模型写的1句话未得到引文支持（程序核对），已略去"]
    )
    expect(inline.locator(".notes").last).to_have_text(
        "由大模型撰写（small）；所引报道截至2024年3月5日；按此检索：食堂的票价？；只查2024年1月1日以后的报道；用时1.2秒。"
    )


def test_a_refusal_says_why_and_opens_the_nearest_articles(embed: Embed, service: WidgetService) -> None:
    service.scripts[QUESTION] = streamed(refusal("not_found", "没有票价的报道。", SIX))
    page = embed(INLINE)
    ask(page)
    expect(page.locator(".verdict")).to_have_text("未作答原因：没有找到相关报道。")
    expect(page.locator(".evidence h3")).to_have_text("最接近的报道")
    page.locator(".card button").click()
    assert marked(page) == SIX["quote"]


CHOICES_LABELS = {
    "zh-CN": "您问的是哪一个？请选择：",
    "zh-Hant": "您問的是哪一個？請選擇：",
    "en": "Which one do you mean? Choose:",
}


@pytest.mark.parametrize("language", CHOICES_LABELS)
def test_choices_are_a_labelled_list_of_buttons_that_ask_in_the_conversation(
    embed: Embed, service: WidgetService, language: str
) -> None:
    readings = ["2020年食堂几时开门？", "2021年食堂几时开门？"]
    service.scripts[QUESTION] = streamed(refusal("unclear", "请问您问的是哪一年？") | {"choices": readings})
    service.scripts[readings[1]] = streamed(OPENS)
    widget = f'<wenju-ask lang="{language}" theme="light"></wenju-ask><script src="/widget.js" defer></script>'
    page = embed(f"<main><h1>内网首页</h1>{widget}</main>")
    ask(page)
    group = page.get_by_role("group", name=CHOICES_LABELS[language])
    expect(group.get_by_role("list").get_by_role("button")).to_have_text(readings)
    second = group.get_by_role("button").nth(1)
    box = second.bounding_box()
    assert box
    assert box["height"] >= 44
    second.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn h2").last).to_have_text(readings[1])
    expect(page.locator(".turn").last.locator(".turn-actions")).to_be_visible()
    assert [turn["content"] for turn in service.asked[1]["history"]] == [QUESTION, "请问您问的是哪一年？"]
    assert not violations(page)


def test_choices_that_the_answer_introduces_itself_have_a_label_for_the_ear_only(
    embed: Embed, service: WidgetService
) -> None:
    labels = []
    for said in ("您好。您可以这样问：", "不客气。"):
        service.scripts[QUESTION] = streamed(answer(said) | {"status": "fixed", "choices": ["食堂几时关门？"]})
        page = embed(INLINE)
        ask(page)
        expect(page.get_by_role("group", name="可以接着问：").get_by_role("button")).to_have_text("食堂几时关门？")
        labels.append(page.locator(".choices-label").bounding_box())
    heard, seen = labels
    assert heard
    assert seen
    assert heard["height"] <= 1 < seen["height"]


def test_an_answer_without_choices_has_no_list_of_them(inline: Page) -> None:
    ask(inline)
    expect(inline.locator(".choices")).to_have_count(0)


RELATED_WORDS = {
    "zh-CN": ("相关报道", "不一定回答所问。", "相关报道（不一定回答所问）", "没有确切的回答，列出2篇相关报道，不一定回答所问。"),
    "zh-Hant": ("相關報道", "不一定回答所問。", "相關報道（不一定回答所問）", "沒有確切的回答，列出2篇相關報道，不一定回答所問。"),
    "en": ("Related reports", "They may not answer the question.", "Related reports (they may not answer the question)",
           "No sure answer; 2 related reports listed, which may not answer the question."),
}  # fmt: skip


@pytest.mark.parametrize("language", RELATED_WORDS)
def test_related_reports_are_headed_as_what_may_not_answer_and_open(
    embed: Embed, service: WidgetService, language: str
) -> None:
    badge, meaning, heading, announced = RELATED_WORDS[language]
    service.scripts[QUESTION] = streamed(RELATED)
    page = embed(INLINE.replace("<wenju-ask", f'<wenju-ask lang="{language}"'))
    ask(page)
    expect(page.locator(".badge")).to_have_text(badge)
    expect(page.locator(".verdict")).to_have_text(badge + meaning)
    expect(page.locator(".answer")).to_have_text(RELATED["answer"])
    expect(page.locator(".evidence h3")).to_have_text(heading)
    expect(page.locator(".card blockquote")).to_have_text([SIX["quote"], THREE_HUNDRED["quote"]])
    expect(page.locator("#status")).to_have_text(announced)
    expect(page.locator(".marker, .number")).to_have_count(0)
    expect(page.locator(".notes")).not_to_contain_text("small")  # nobody wrote an answer
    page.locator(".card button").first.click()
    assert marked(page) == SIX["quote"]


CHECKED = {
    "zh-CN": ("引文与原文逐字一致", "带编号的各句均有引文支持（程序核对）", "带编号的各句摘自报道原文", "大模型写的2句话未得到引文支持（程序核对），已略去"),
    "zh-Hant": ("引文與原文逐字一致", "帶編號的各句均有引文支持（程式核對）", "帶編號的各句摘自報道原文", "大模型寫的2句話未得到引文支持（程式核對），已略去"),
    "en": ("Quotes match the articles word for word", "Numbered sentences are supported by their quotes, as far as the program can tell",
           "Numbered sentences are taken from the articles",
           "2 sentences of the language model were left out: not supported by a quote, as far as the program can tell"),
}  # fmt: skip
EXTRACTIVE = {"kind": "extractive", "model": None, "fallback_reason": "no_llm"}
TWO_STRUCK = [{"text": "免费。", "problems": []}, {"text": "不限量。", "problems": []}]


@pytest.mark.parametrize("language", CHECKED)
def test_it_is_told_apart_what_was_checked_of_quotes_and_of_sentences(
    embed: Embed, service: WidgetService, language: str
) -> None:
    quotes, supported, extracted, struck = CHECKED[language]
    unsupported = EXTRACTIVE | {"fallback_reason": "unsupported"}
    shown = {
        "写": (OPENS, [quotes, supported]),
        "部分": (OPENS | {"status": "partial", "struck": TWO_STRUCK}, [quotes, supported, struck]),
        "摘": (OPENS | {"generator": EXTRACTIVE}, [quotes, extracted]),
        "代": (OPENS | {"generator": unsupported, "struck": TWO_STRUCK}, [quotes, extracted, struck]),
        "拒": (refusal("not_found", "没有。", SIX), []),
        "拒写": (refusal("not_found", "没有。", SIX) | {"struck": TWO_STRUCK}, [struck]),
        "相关": (RELATED, []),
        "无引文": (answer("食堂资料库。"), []),
        "无句": (OPENS | {"statements": []}, [quotes]),
    }
    page = embed(INLINE.replace("<wenju-ask", f'<wenju-ask lang="{language}"'))
    for question, (whole, checks) in shown.items():
        service.scripts[question] = streamed(whole)
        ask(page, question)
        told = page.locator(".turn").last.locator(".checked summary")
        expect(told).to_have_count(len(checks))
        assert (question, told.all_inner_texts()) == (question, checks)
    assert not re.search(r"核[实實]|[Vv]erified", page.locator(".frame").evaluate("(frame) => frame.textContent"))


def test_what_a_check_means_is_behind_it_and_opens_by_keyboard(inline: Page) -> None:
    ask(inline)
    quotes, supported = inline.locator(".checked").all()
    expect(quotes.locator("p")).to_be_hidden()
    summary = quotes.get_by_text("引文与原文逐字一致")
    summary.focus()
    inline.keyboard.press("Enter")
    expect(quotes.locator("p")).to_contain_text("报道所说是否属实，不在核对之列")
    inline.keyboard.press("Tab")
    inline.keyboard.press("Space")
    expect(supported.locator("p")).to_contain_text("程序可能看错")


def computed(text: str, end: int) -> dict[str, Any]:
    """An answer whose statement up to `end` is computed, and another after it."""
    calculation = {"expression": "469\u2212278=191家", "terms": [1, 2]}
    told = {"text": text[:end], "start": 0, "end": end, "citations": [1, 2], "support": "verified", "problems": [], "computed": calculation}  # fmt: skip
    rest = {"text": text[end:], "start": end, "end": len(text), "citations": [1], "support": "verified", "problems": [], "computed": None}  # fmt: skip
    return answer(text, SIX, THREE_HUNDRED, statements=[told, rest])


SPOKEN = {
    "zh-CN": "计算：469减278等于191家",
    "zh-Hant": "計算：469減278等於191家",
    "en": "Computed: 469 minus 278 equals 191家",
}


@pytest.mark.parametrize("language", SPOKEN)
def test_a_calculation_stands_under_its_statement_and_is_read_aloud_in_words(
    embed: Embed, service: WidgetService, language: str
) -> None:
    service.scripts[QUESTION] = streamed(computed("𠮷祥路多191家[1][2]。食堂六时开门[1]。", 15))
    page = embed(INLINE.replace("<wenju-ask", f'<wenju-ask lang="{language}"'))
    ask(page)
    expect(page.locator(".answer > *")).to_have_text(
        ["𠮷祥路多191家12。", re.compile("469\u2212278=191家"), "食堂六时开门1。"]
    )
    expect(page.locator(".computed [aria-hidden]")).to_have_text(
        SPOKEN[language].split("469")[0] + "469\u2212278=191家"
    )
    expect(page.locator(".aloud")).to_have_text(SPOKEN[language])
    assert SPOKEN[language] in page.locator(".answer").aria_snapshot()
    assert "\u2212" not in page.locator(".answer").aria_snapshot()
    before, under = (page.locator(".answer > *").nth(place).bounding_box() for place in (0, 1))
    assert before
    assert under
    assert under["y"] >= before["y"] + before["height"]
    page.locator(".checked summary").last.click()
    of_the_page = {"landmark-one-main", "page-has-heading-one", "region"}  # the stand-in's is empty but for the widget
    assert {rule for rule, _nodes in violations(page)} <= of_the_page
    assert small_targets(page) == []


def test_a_calculation_in_a_list_stays_in_its_item(inline: Page, service: WidgetService) -> None:
    service.scripts[QUESTION] = streamed(computed("- 多191家[1][2]。\n- 食堂六时开门[1]。", 14))
    ask(inline)
    expect(inline.locator(".answer li")).to_have_count(2)
    expect(inline.locator(".answer li").first.locator(".computed")).to_have_count(1)
    expect(inline.locator(".answer li").last).to_have_text("食堂六时开门1。")


def test_a_calculation_and_what_was_checked_are_copied_and_printed(embed: Embed, service: WidgetService) -> None:
    whole = computed("𠮷祥路多191家[1][2]。食堂六时开门[1]。", 15)
    whole["statements"][1]["computed"] = {"expression": "7\u22121=6时", "terms": [1]}
    service.scripts[QUESTION] = streamed(whole | {"status": "partial", "struck": TWO_STRUCK})
    page = embed(INLINE, before="window.print = () => { top.printed = document.body.innerText; }")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    page.locator(".print").click()
    page.locator(".copy").click()
    expect(page.locator("#status")).to_have_text("已复制回答和引文。")
    plain, html = page.evaluate(READ_CLIPBOARD)
    quotes, supported, _extracted, struck = CHECKED["zh-CN"]
    head = f"{QUESTION}\n\n部分回答 · 回答可能不完整。\n{quotes}\n{supported}\n{struck}\n\n"
    assert plain.startswith(
        f"{head}𠮷祥路多191家[1][2]。\n计算：469\u2212278=191家\n食堂六时开门[1]。\n计算：7\u22121=6时\n\n"
    )
    for text in (html, page.evaluate("printed")):
        for part in (quotes, supported, struck, "计算：469\u2212278=191家"):
            assert part in text
        assert "减" not in text  # words for the ear are not written down
    page.emulate_media(media="print")
    expect(page.locator(".computed").first).to_be_visible()
    expect(page.locator(".checked summary").first).to_be_visible()


def test_only_an_answer_has_a_badge_of_its_own_colour(embed: Embed, service: WidgetService) -> None:
    page = embed(INLINE)
    colours = {}
    for name, whole in (("answered", OPENS), ("related", RELATED), ("refused", refusal("not_found", "没有。"))):
        service.scripts[name] = streamed(whole)
        ask(page, name)
        expect(page.locator(f".badge.{name}")).to_have_count(1)
        colours[name] = page.locator(f".badge.{name}").evaluate(
            "(badge) => [getComputedStyle(badge).color, getComputedStyle(badge).backgroundColor]"
        )
    assert colours["related"] == colours["refused"] != colours["answered"]


def test_a_question_after_related_reports_tells_that_they_were_no_answer(inline: Page, service: WidgetService) -> None:
    service.scripts[QUESTION] = streamed(RELATED)
    ask(inline)
    service.scripts["他是谁？"] = streamed(OPENS)
    ask(inline, "他是谁？")
    assert [turn.get("status") for turn in service.asked[1]["history"]] == [None, "related"]


def test_an_answer_that_comes_in_one_piece_is_shown_as_well(embed: Embed, service: WidgetService) -> None:
    service.plain_json = True
    page = embed(INLINE)
    ask(page)
    expect(page.locator(".marker")).to_have_count(2)


def test_events_may_arrive_in_pieces(inline: Page, service: WidgetService) -> None:
    service.pause_s = 0.03
    service.scripts[QUESTION] = streamed(answer("食" * 99 + "堂" * 101 + "[1]", SIX))  # a piece ends within a character
    ask(inline)
    expect(inline.locator(".answer")).to_have_text("食" * 99 + "堂" * 101 + "1")
    expect(inline.locator(".failure")).to_have_count(0)


# ---- the conversation


def test_stopping_hangs_up_keeps_what_came_and_can_be_tried_again(embed: Embed, service: WidgetService) -> None:
    service.scripts[QUESTION] = [("delta", {"text": "食堂每日"}), threading.Event()]
    page = embed(INLINE)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    expect(page.locator("#status")).to_have_text("正在作答…")
    expect(page.locator("#current")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#current")).to_have_attribute("aria-live", "off")  # or every piece would be read aloud
    page.locator("#stop").click()
    expect(page.locator(".failure")).to_contain_text("已停止。")
    expect(page.locator(".answer")).to_have_text("食堂每日")
    expect(focused(page)).to_have_id("question")
    assert service.hung_up.wait(2)
    service.scripts[QUESTION] = streamed(OPENS)
    page.locator(".retry").click()
    expect(page.locator("#status")).to_have_text("回答完成，共2条引文。")
    expect(page.locator("#current")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".turn")).to_have_count(1)


def test_a_page_that_goes_away_hangs_up(embed: Embed, service: WidgetService) -> None:
    service.scripts[QUESTION] = [("delta", {"text": "食堂"}), threading.Event()]
    page = embed(INLINE)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    expect(page.locator(".answer")).to_have_text("食堂")
    page.evaluate("document.querySelector('wenju-ask').remove()")
    assert service.hung_up.wait(2)


FAILURES: dict[str, tuple[list[Any], str]] = {
    "断开": ([("delta", {"text": "食堂"}), CUT], "回答中途断开了。"),
    "出错": ([("error", {"error": {"message": "index lost"}})], "回答时出错了。服务器说明：index lost"),
    "频繁": ([429], "提问太频繁了。"),
    "无法受理": ([422], "这个问题无法受理。"),
}


def test_failures_are_told_in_words(inline: Page, service: WidgetService) -> None:
    for question, (steps, message) in FAILURES.items():
        service.scripts[question] = steps
        inline.locator("#question").fill(question)
        inline.locator("#question").press("Enter")
        failed = inline.locator(".turn").last
        expect(failed.locator(".failure")).to_contain_text(message)
        expect(failed.locator(".verdict")).to_contain_text("未完成")
        expect(failed.locator(".retry")).to_have_count(0 if question == "无法受理" else 1)
        expect(inline.locator("#question")).to_have_value(question if question == "无法受理" else "")


def test_a_follow_up_carries_the_turns_before_without_their_markers(inline: Page, service: WidgetService) -> None:
    ask(inline)
    expect(inline.locator("#question-label")).to_have_text("继续提问（会参考前一问）")
    service.scripts["谁办的？"] = streamed(OPENS)
    inline.evaluate("document.querySelector('wenju-ask').ask('谁办的？')")
    expect(inline.locator(".turn-actions")).to_have_count(2)
    said = [turn["content"] for turn in service.asked[1]["history"]]
    assert said == [QUESTION, "食堂每日六时开门，每餐供应三百份。"]
    inline.locator("#restart").click()
    expect(inline.locator(".turn")).to_have_count(0)
    expect(focused(inline)).to_have_id("question")
    ask(inline)
    assert service.asked[2]["history"] == []


def test_enter_that_chooses_a_candidate_of_an_input_method_asks_nothing(inline: Page, service: WidgetService) -> None:
    inline.locator("#question").fill(QUESTION)
    enter = "(field, how) => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, ...how}))"
    for how in ({"isComposing": True}, {"keyCode": 229}, {"shiftKey": True}):
        inline.locator("#question").evaluate(enter, how)
        expect(inline.locator("#question")).to_have_value(QUESTION)
    assert service.asked == []
    inline.locator("#question").evaluate(enter, {})
    expect(inline.locator(".turn-actions")).to_be_visible()
    assert len(service.asked) == 1


def test_a_question_is_counted_in_characters_and_not_cut(inline: Page, service: WidgetService) -> None:
    inline.locator("#question").fill("𠮷" * 2001)
    expect(inline.locator("#question-count")).to_have_text("超出 1 字（最多 2000 字）")
    inline.locator("#question").press("Enter")
    expect(inline.locator("#form-problem")).to_have_text("问题最多 2000 字，请缩短后再问。")
    assert service.asked == []


# ---- what can be done with an answer


def test_feedback_is_sent_with_its_reason_and_told_to_be_stored(inline: Page, service: WidgetService) -> None:
    ask(inline)
    inline.locator(".unhelpful").press("Enter")
    expect(inline.get_by_role("radio", name="答非所问")).to_be_focused()
    inline.get_by_role("radio", name="内容过时").check()
    inline.get_by_label("补充说明").fill("已改为七时")
    service.feedback_status = 503
    inline.get_by_role("button", name="提交").click()
    expect(inline.locator(".feedback .problem")).to_have_text("评价没有记录：服务正忙或正在启动。")
    service.feedback_status = 200
    inline.get_by_role("button", name="提交").click()
    expect(inline.locator(".stored")).to_be_focused()
    expect(inline.locator("#status")).to_have_text("评价已记录，谢谢。")
    sent = {"answer_id": "answer-1", "helpful": False, "reason": "outdated", "comment": "已改为七时"}
    assert service.feedback == [sent, sent]


def test_a_helpful_answer_takes_one_click(inline: Page, service: WidgetService) -> None:
    ask(inline)
    inline.locator(".helpful").click()
    expect(inline.locator(".stored")).to_have_text("评价已记录，谢谢。")
    assert service.feedback == [{"answer_id": "answer-1", "helpful": True, "reason": None, "comment": ""}]


READ_CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const texts = await Promise.all(["text/plain", "text/html"].map((kind) => item.getType(kind).then((blob) => blob.text())));
    return texts;
}"""


@pytest.mark.parametrize("before", ["", "delete window.ClipboardItem"], ids=["clipboard", "selection"])
def test_an_answer_is_copied_with_its_numbered_sources(embed: Embed, before: str) -> None:
    keep = "window.Item = window.ClipboardItem;"
    page = embed(INLINE, before=keep + before)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    page.locator(".copy").click()
    expect(page.locator("#status")).to_have_text("已复制回答和引文。")
    expect(page.locator(".copy")).to_be_focused()
    plain, html = page.evaluate(READ_CLIPBOARD)
    for text in (plain, html):
        for part in (QUESTION, "食堂每日六时开门", "社区食堂开业 · 云汀报 · 2024年3月5日 第2版", THREE_HUNDRED["quote"].split()[1],
                     "检索日期：", "资料库版本：000001-ab"):  # fmt: skip
            assert part in text
    assert "\n[1] 社区食堂开业" in plain
    assert html.count("<li") == 2
    assert "<button" not in html


def test_related_reports_are_copied_and_printed_as_what_may_not_answer(embed: Embed, service: WidgetService) -> None:
    service.scripts[QUESTION] = streamed(RELATED)
    page = embed(INLINE, before="window.print = () => { top.printed = document.body.innerText; }")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    page.locator(".print").click()
    page.locator(".copy").click()
    expect(page.locator("#status")).to_have_text("已复制回答和引文。")
    plain, html = page.evaluate(READ_CLIPBOARD)
    for text in (plain, html, page.evaluate("printed")):
        for part in (
            QUESTION,
            "相关报道 · 不一定回答所问。",
            RELATED["answer"],
            "相关报道（不一定回答所问）",
            SIX["quote"],
        ):
            assert part in text
        assert "原因" not in text
        assert "最接近的报道" not in text
    assert "\n相关报道（不一定回答所问）\n[1] 社区食堂开业" in plain


@pytest.mark.slow
def test_printing_shows_the_conversation_and_its_sources_without_controls(embed: Embed) -> None:
    page = embed(LAUNCHER, before="window.print = () => { top.printed = document.body.innerText; }")
    page.locator("#launcher").click()
    ask(page)
    page.locator(".print").click()
    printed = page.evaluate("printed")
    for part in (QUESTION, "[1]", SIX["quote"], "云汀报 · 2024年3月5日 第2版", "资料库版本：000001-ab"):
        assert part in printed
    assert "内网首页" not in printed
    page.emulate_media(media="print")
    expect(page.locator("blockquote").first).to_be_visible()
    for control in ("#ask", ".turn-actions", ".card button", "#launcher", "#panel-close"):
        expect(page.locator(control).first).to_be_hidden()


# ---- access


def test_a_key_is_asked_for_and_kept_for_this_tab(embed: Embed, service: WidgetService) -> None:
    service.key = "s3cret"
    page = embed(INLINE)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    field = page.get_by_label("访问密钥")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("type", "password")
    field.fill("wrong")
    field.press("Enter")
    expect(page.locator(".key-form .problem")).to_have_text("访问密钥不正确，请重新输入。")
    field.fill("s3cret")
    field.press("Enter")
    expect(page.locator(".marker")).to_have_count(2)
    kept: Mapping[str, str] = page.evaluate("({...sessionStorage})")
    assert kept == {f"wenju.key {service.origin}/": "s3cret"}
    page.locator("#restart").click()
    expect(page.locator("#examples li")).to_have_count(2)  # they needed the key too
    page.reload()
    ask(page)


def test_a_key_may_be_forgotten_or_preset(embed: Embed, service: WidgetService) -> None:
    service.key = "s3cret"
    page = embed(INLINE)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    page.get_by_label("访问密钥").fill("s3cret")
    page.get_by_label("记住到关闭标签页").uncheck()
    page.get_by_role("button", name="继续").click()
    expect(page.locator(".marker")).to_have_count(2)
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(service.origin + service.page(INLINE.replace("<wenju-ask", '<wenju-ask data-key="s3cret"')))
    ask(page)


# ---- sight and motion


def test_nothing_is_wider_than_a_screen_of_320_pixels_and_targets_are_large(embed: Embed) -> None:
    page = embed(LAUNCHER)
    page.set_viewport_size({"width": 320, "height": 568})
    page.locator("#launcher").click()
    ask(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    too_wide = "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth).length"
    assert page.locator("#panel, .transcript, #ask").evaluate_all(too_wide) == 0
    for marker in page.locator(".marker").all():
        marker.click()
        box = page.locator(".popover").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] <= 568
        page.keyboard.press("Escape")
    small = """nodes => nodes.map((node) => [node.className || node.id, node.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""
    assert page.locator("button, .check").evaluate_all(small) == []


CONTRAST = """nodes => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => parts(colour).slice(0, 3).map((c) => c / 255)
        .map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, place) => sum + c * [.2126, .7152, .0722][place], 0);
    const ground = (node) => {
        for (; node; node = node.parentNode || node.host) {
            if (node.nodeType !== 1) continue;
            const colour = getComputedStyle(node).backgroundColor;
            if (parts(colour)[3] !== 0) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    return nodes.map((node) => {
        const [dark, bright] = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => a - b);
        return [node.className || node.localName, (bright + .05) / (dark + .05)];
    }).filter(([, ratio]) => ratio < 4.5);
}"""


def test_themes_follow_the_attribute_or_the_reader_and_their_text_can_be_read(
    inline: Page, service: WidgetService
) -> None:
    text = "食堂六时开门[1]。"
    calculation = {"expression": "7\u22121=6时", "terms": [1]}
    doubted = [{"text": text, "start": 0, "end": 10, "citations": [1], "support": "unsupported", "problems": [], "computed": calculation}]  # fmt: skip
    service.scripts[QUESTION] = streamed(answer(text, SIX, status="conflicting", statements=doubted))
    ask(inline)
    inline.locator(".checked summary").first.click()
    inline.locator(".unhelpful").click()
    inline.locator(".marker").click()
    texts = "#question, #question-label, button, .badge, .verdict, .checked summary, .checked p, .answer p, .computed, .flag, .notes, .origin, h3, h4 span, blockquote, legend, .check, .question, #status"
    assert inline.locator(texts).count() > 25
    grounds = {"dark": "rgb(30, 34, 39)", "light": "rgb(255, 255, 255)"}
    schemes: list[Literal["dark", "light"]] = ["dark", "light"]
    for scheme in schemes:
        inline.emulate_media(color_scheme=scheme)
        for theme in ("auto", "dark", "light"):
            inline.locator("wenju-ask").evaluate("(element, theme) => element.setAttribute('theme', theme)", theme)
            shown = scheme if theme == "auto" else theme
            expect(inline.locator("#question")).to_have_css("background-color", grounds[shown])
            assert inline.locator(texts).evaluate_all(CONTRAST) == []


def test_nothing_moves_for_who_wants_no_motion(embed: Embed, service: WidgetService) -> None:
    moving = "() => document.querySelector('wenju-ask').shadowRoot.getAnimations().length"
    service.scripts[QUESTION] = [("delta", {"text": "食堂"}), threading.Event()]
    for motion, count in (("no-preference", 1), ("reduce", 0)):
        page = embed(INLINE, reduced_motion=motion)
        page.locator("#question").fill(QUESTION)
        page.locator("#question").press("Enter")
        expect(page.locator(".answer")).to_have_text("食堂")
        assert page.evaluate(moving) == count
        page.locator("#stop").click()
