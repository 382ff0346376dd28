"""Texts that would do something if they became more than text, and what the widget shows of them in a real browser.

The texts are made, not listed: what a browser runs (elements, handlers, addresses) × how it is disguised × where a parser
of HTML, of Markdown or of JSON would have to be for it to run.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import Any

from sight import OVERFLOWING
from widget_server import Step, WidgetService, answer, citation, refusal, streamed

FIRED = "window.hits = 0; window.fired = () => { window.hits += 1; };"
HARMLESS = """() => {
    const tags = new Set(["article", "blockquote", "br", "button", "details", "dialog", "div", "fieldset", "form", "h2", "h3", "h4",
        "input", "label", "legend", "li", "mark", "ol", "p", "section", "span", "strong", "summary", "textarea", "ul"]);
    const names = new Set(["autocomplete", "aria-busy", "aria-current", "aria-describedby", "aria-expanded", "aria-haspopup", "aria-hidden", "aria-label",
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
    text = f"{payload}\n末句[1]。"
    told = {"text": text, "start": 0, "end": len(text), "citations": [1], "support": "verified", "problems": [],
            "computed": {"expression": payload, "terms": [1]}}  # fmt: skip
    whole = answer(
        text, cited, statements=[told], interpreted=asked, index_generation=payload,
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


RUN = "fired()"
SELF_STARTING = (  # what runs without a reader's doing
    "<img src=x onerror={}>", "<svg onload={}>", "<svg/onload={}>", "<svg><script>{}</script></svg>", "<script>{}</script>",
    "<script src=data:text/javascript,{}></script>", "<body onload={}>", "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe src=javascript:parent.{}></iframe>", "<object data=javascript:{}></object>", "<embed src=javascript:{}>",
    "<video src=x onerror={}></video>", "<audio src=x onerror={}></audio>", "<video><source onerror={}></video>",
    "<input autofocus onfocus={}>", "<select autofocus onfocus={}></select>", "<textarea autofocus onfocus={}></textarea>",
    "<details open ontoggle={}>", "<marquee onstart={}>", "<style onload={}></style>", "<link rel=stylesheet href=x onerror={}>",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "<svg><set onbegin={} attributeName=x>", "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<math><maction actiontype=statusline xlink:href=javascript:{}>x</maction></math>", "<svg><use href='data:image/svg+xml,<svg onload={}>'/></svg>",
    "<image src=x onerror={}>", "<button autofocus onfocus={}>x</button>", "<form action=javascript:{}><input type=submit autofocus onfocus={}></form>",
    "<template><img src=x onerror={}></template>", "<noscript><img src=x onerror={}></noscript>", "<xmp><img src=x onerror={}></xmp>",
    "<div style=\"background:url('javascript:{}')\">x</div>", "<div style='animation:x' onanimationstart={}>x</div>", "<base href='javascript:{}//'>",
)  # fmt: skip
ADDRESSES = (
    "javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", "java\nscript:{}", "\x01javascript:{}", " javascript:{}", "javascript&colon;{}",
    "&#106;avascript:{}", "&#x6A;avascript:{}", "javascript&#58;{}", "data:text/html,<script>{}</script>", "data:text/html;base64,PHNjcmlwdD5maXJlZCgpPC9zY3JpcHQ+",
    "vbscript:{}", "//evil.example/{}", "http://evil.example/{}", "javascript://%0a{}", "\\\\evil.example\\{}", "blob:http://evil.example/{}",
    "ｊａｖａｓｃｒｉｐｔ：{}", "javascript\u200b:{}",
)  # fmt: skip
LINKS = (
    "[原文]({})", "![图]({})", "[原文](<{}>)", '[原文]({} "题")', "[原文][1]\n\n[1]: {}", "<{}>", "<a href='{}'>原文</a>", "<a href={} id=link>原文</a>",
    "[1]({})", "原文：{} 。",
)  # fmt: skip
DISGUISES = (
    ("{}", "as it is"), ("</p></div></article>{}", "closing what stands around it"), ("\"'>{}", "out of an attribute"),
    ("</script>{}", "out of a script"), ("</style>{}", "out of a style"), ("</textarea></title>{}", "out of a text"),
    ("<!-->{}-->", "out of a comment"), ("]]>{}", "out of a CDATA"), ("```\n{}\n```", "as code"), ("| a |\n|---|\n| {} |", "in a table"),
    ("\u2028{}\u2029", "behind a line's end of JavaScript"),
)  # fmt: skip


def _encoded(text: str) -> Iterator[str]:
    """A mark in the spellings that a decoder too many would turn into it."""
    yield text.replace("<", "&lt;").replace(">", "&gt;")
    yield text.replace("<", "&#60;").replace(">", "&#62;")
    yield text.replace("<", "&#x3c").replace(">", "&#x3e")
    yield text.replace("<", "%3C").replace(">", "%3E")
    yield text.replace("<", "\\u003c").replace(">", "\\u003e")
    yield text.replace("<", "＜").replace(">", "＞")
    yield text.replace("<", "<\x00") if "\x00" in text else text.replace("<", "<\u00ad")
    yield text.replace("<", "<<").replace("script", "scr<script>ipt")
    yield text.upper().replace("FIRED", "fired")


OTHERS = (
    "{{constructor.constructor('fired()')()}}", "${fired()}", "#{fired()}", "<%= fired() %>", "{% raw %}fired(){% endraw %}",
    "<a id=fired><a id=fired name=hits>", "<form id=widget><input name=ask>", "__proto__[innerHTML]=<img src=x onerror=fired()>",
    '{"__proto__": {"html": "<img src=x onerror=fired()>"}}', "<svg><style><img src=x onerror=fired()></style>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=fired()&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=fired()>'>", "<svg></p><style><a id='</style><img src=1 onerror=fired()>'>",
    "<select><noembed></select><script>fired()</script>", "event: done\ndata: {\"answer\": \"<script>fired()</script>\"}\n",
    "');fired();//", '");fired();//', "`+fired()+`", "<script>fired()", "<img src=x onerror=fired() ", "<x onclick=fired() style=position:fixed;inset:0>点",
)  # fmt: skip


def payloads() -> list[str]:
    """Return some 1,000 such texts, each once, in an order that mixes the kinds."""
    marks = [mark.replace("{}", RUN) for mark in SELF_STARTING]
    addresses = [address.replace("{}", RUN) for address in ADDRESSES]
    made = chain(
        (disguise.replace("{}", mark) for (disguise, _), mark in product(DISGUISES, marks)),
        (link.replace("{}", address) for link, address in product(LINKS, addresses)),
        chain.from_iterable(map(_encoded, marks)),
        OTHERS,
    )
    every = list(dict.fromkeys(made))
    return [text for start in range(STEP) for text in every[start::STEP]]


STEP = 41
"""A prime: one after the other are of different kinds."""
