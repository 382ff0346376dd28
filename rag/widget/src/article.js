// Opens a cited article in a dialog, the quote marked where it stands.

import { failureBox } from "./access.js";
import { button, make, makeFileLine, makeOrigin, replaceContent, titleOf } from "./elements.js";
import { Failure } from "./service.js";
import { langOf } from "./words.js";

export class ArticleView {
  constructor(app) {
    this.app = app;
    this.opener = null;
    this.loading = null;
    this.body = make("div", { id: "article-body", role: "region", "aria-labelledby": "article-title", tabindex: "0" });
    const closeButton = button({ id: "article-close" }, () => this.element.close(), app.words.close);
    const bar = make("div", { class: "article-bar" }, make("p", {}, app.words.article), closeButton);
    this.element = make("dialog", { id: "article", "aria-labelledby": "article-title" }, bar, this.body);
    this.element.addEventListener("close", () => this.afterClose());
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
  }

  /** The focus goes back to `opener` when the dialog is closed. */
  async open(citation, opener) {
    const { app, body } = this;
    this.opener = opener;
    if (this.loading) this.loading.abort();
    const loading = (this.loading = new AbortController());
    const title = titleOf(app, citation);
    const heading = make("h2", { id: "article-title", lang: langOf(title) }, title);
    replaceContent(body, heading, make("p", { role: "status" }, app.words.articleLoading));
    if (!this.element.open) this.element.showModal();
    try {
      const path = `v1/articles/${encodeURIComponent(citation.article_id)}`;
      this.show(await app.service.json(path, { signal: loading.signal }), citation);
    } catch (error) {
      if (loading.signal.aborted) return;
      const failure = error instanceof Failure ? error : new Failure(app.words.badReply);
      if (failure.status === 404) failure.message = app.words.articleGone;
      replaceContent(body, heading, failureBox(app, failure, () => this.open(citation, this.opener)));
    }
  }

  show(item, citation) {
    const { app, body } = this;
    const paragraphs = paragraphsOf(app, item, citation);
    const { kickers, decks, captions, body: lines } = placed(app, item, paragraphs);
    const text = make("div", { class: "text" }, ...lines);
    const marked = paragraphs.some(({ element }) => element.querySelector("mark"));
    const title = titleOf(app, item);
    replaceContent(
      body,
      ...[
        ...kickers,
        make("h2", { id: "article-title", lang: langOf(title) }, title),
        ...decks,
        makeOrigin(app, item),
        makeFileLine(app, item, item.source),
        marked ? null : make("p", { class: "failure" }, app.words.articleChanged),
        text,
        captions.length ? make("div", { class: "captions" }, ...captions) : null,
      ].filter(Boolean),
    );
    body.focus({ preventScroll: true }); // so that the arrow keys scroll the article
    if (marked) body.querySelector("mark").scrollIntoView({ block: "center" });
  }

  close() {
    if (this.element.open) this.element.close();
  }

  /** Told in a task of its own: by then another article may have been opened, which is not to be given up. */
  afterClose() {
    if (this.element.open) return;
    if (this.loading) this.loading.abort();
    const { opener } = this;
    const { frame, form } = this.app;
    // The opener may have been written anew, when the answer was finished while the article was open.
    const target = opener && !opener.isConnected ? frame.querySelector(`[data-opens="${opener.dataset.opens}"]`) : opener;
    (target || form.field).focus();
  }
}

/** The paragraphs where they were printed: kicker and deck beside the headline, captions under the text, each once. */
function placed(app, item, paragraphs) {
  const sorts = { kicker: [], deck: [], caption: [] };
  const body = [];
  const beside = (item.beside || []).filter((one) => typeof one.start === "number");
  for (const { element, start } of paragraphs) {
    const one = beside.find((other) => other.start <= start && start < other.start + Array.from(other.text).length);
    if (!one) body.push(element);
    else if (one.kind === "caption") {
      const [before, after] = app.words.caption("\u0000").split("\u0000");
      element.prepend(before);
      element.append(after || "");
      sorts.caption.push(element);
    } else {
      element.className = one.kind;
      sorts[one.kind].push(element);
    }
  }
  // What the text says itself stands there; an index from before has none of it in the text.
  const alone = (kind, texts) => {
    if (item.beside && item.beside.length) return;
    for (const text of texts) sorts[kind].push(make("p", kind === "caption" ? { lang: langOf(text) } : { class: kind, lang: langOf(text) }, kind === "caption" ? app.words.caption(text) : text));
  };
  alone("kicker", item.kicker ? [item.kicker] : []);
  alone("deck", item.deck ? [item.deck] : []);
  alone("caption", item.captions || []);
  return { kickers: sorts.kicker, decks: sorts.deck, captions: sorts.caption, body };
}

/** The article's lines as paragraphs, each with its place in the text, the cited range in <mark>. Offsets are code points: JavaScript counts UTF-16. */
function paragraphsOf(app, item, citation) {
  const characters = Array.from(item.text);
  const slice = (start, end) => characters.slice(start, end).join("");
  // Marking the wrong words would be worse than marking none. An address names a place without its words.
  const isThere = citation.quote === undefined || slice(citation.start, citation.end) === citation.quote;
  const [start, end] = isThere ? [citation.start, citation.end] : [0, 0];
  const lines = [[]];
  const starts = [0];
  let place = 0;
  for (const [piece, cited] of [[slice(0, start), false], [slice(start, end), true], [slice(end), false]]) {
    piece.split("\n").forEach((part, number) => {
      if (number) {
        lines.push([]);
        place += 1;
        starts.push(place);
      }
      place += Array.from(part).length;
      if (part) lines[lines.length - 1].push(cited ? make("mark", {}, part) : part);
    });
  }
  const marks = [].concat(...lines).filter((part) => part.nodeType);
  if (marks.length) {
    marks[0].dataset.start = ` ${app.words.quoteStart} `; // read aloud by the style sheet; it is no part of the text
    marks[marks.length - 1].dataset.end = ` ${app.words.quoteEnd} `;
  }
  const subheads = new Set(item.subheads || []);
  return lines.map((line, number) => ({ line, start: starts[number] })).filter(({ line }) => line.length).map(({ line, start: at }) => {
    const words = line.map((part) => part.textContent || part).join("").trim();
    return { element: make(subheads.has(words) ? "h3" : "p", { lang: langOf(words) }, ...line), start: at };
  });
}
