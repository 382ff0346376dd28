// Opens a cited article in the dialog, the quote marked where it stands.

import { byId, failureBox, make, makeFileLine, makeOrigin, question, replaceContent } from "./elements.js";
import { Failure, failureOf, unreachable } from "./service.js";
import { langOf } from "./words.js";

const article = { dialog: byId("article"), body: byId("article-body"), opener: null, loading: null };

export async function openArticle(citation, opener) {
  article.opener = opener;
  if (article.loading) article.loading.abort();
  const loading = (article.loading = new AbortController());
  const heading = make("h2", { id: "article-title" }, citation.title || "无标题");
  replaceContent(article.body, heading, make("p", { role: "status" }, "正在读取原文…"));
  if (!article.dialog.open) article.dialog.showModal();
  try {
    const response = await fetch(`v1/articles/${encodeURIComponent(citation.article_id)}`, { signal: loading.signal });
    if (!response.ok) throw await failureOf(response);
    showArticle(await response.json(), citation);
  } catch (error) {
    if (loading.signal.aborted) return;
    const failure = error instanceof Failure ? error : unreachable();
    const message = failure.message === "没有找到。" ? "这篇报道已不在资料库中。" : failure.message;
    replaceContent(article.body, heading, failureBox(message, failure.detail, () => openArticle(citation, opener)));
  }
}

function showArticle(item, citation) {
  const text = make("div", { class: "text" }, ...paragraphsOf(item, citation));
  const marked = text.querySelector("mark");
  const title = item.title || "无标题";
  replaceContent(
    article.body,
    ...[
      item.kicker ? make("p", { class: "kicker" }, item.kicker) : null,
      make("h2", { id: "article-title", lang: langOf(title) }, title),
      item.deck ? make("p", { class: "deck" }, item.deck) : null,
      makeOrigin(item),
      makeFileLine(item, item.source),
      marked ? null : make("p", { class: "failure" }, "原文可能已经更新，未能标出引文的位置。"),
      text,
      (item.captions || []).length ? make("div", { class: "captions" }, ...item.captions.map((caption) => make("p", {}, `图：${caption}`))) : null,
    ].filter(Boolean),
  );
  article.body.focus({ preventScroll: true }); // so that the arrow keys scroll the article
  if (marked) marked.scrollIntoView({ block: "center" });
}

/** The article's lines as paragraphs, the cited range in <mark>. Offsets are code points: JavaScript counts UTF-16. */
function paragraphsOf(item, citation) {
  const characters = Array.from(item.text);
  const slice = (start, end) => characters.slice(start, end).join("");
  // Marking the wrong words would be worse than marking none.
  const [start, end] = slice(citation.start, citation.end) === citation.quote ? [citation.start, citation.end] : [0, 0];
  const lines = [[]];
  for (const [piece, cited] of [[slice(0, start), false], [slice(start, end), true], [slice(end), false]]) {
    piece.split("\n").forEach((part, number) => {
      if (number) lines.push([]);
      if (part) lines[lines.length - 1].push(cited ? make("mark", {}, part) : part);
    });
  }
  const subheads = new Set(item.subheads || []);
  return lines.filter((line) => line.length).map((line) => {
    const words = line.map((part) => part.textContent || part).join("").trim();
    return make(subheads.has(words) ? "h3" : "p", { lang: langOf(words) }, ...line);
  });
}

function closeArticle() {
  if (article.loading) article.loading.abort();
  const opener = article.opener;
  // The opener may have been written anew, when the answer was finished while the article was open.
  const target = opener && !opener.isConnected ? document.querySelector(`[data-opens="${opener.dataset.opens}"]`) : opener;
  (target || question.field).focus();
}

byId("article-close").addEventListener("click", () => article.dialog.close());
article.dialog.addEventListener("close", closeArticle);
article.dialog.addEventListener("click", (event) => event.target === article.dialog && article.dialog.close());
