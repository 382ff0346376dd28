// Cards of evidence: one a citation, with the way to the article.

import { button, make, makeFileLine, makeOrigin, titleOf } from "./elements.js";
import { fileName, langOf } from "./words.js";

const CANDIDATES_SHOWN = 5;

/** kind: "cited" has number and quote, "nearest" a quote, "candidate" neither. opens(opener) shows the article. */
export function makeCard(app, citation, kind, id, opens) {
  const cited = kind === "cited";
  const title = titleOf(app, citation);
  const label = app.words.openArticleOf(title, cited ? citation.n : null);
  const opener = button({ "aria-label": label, "data-opens": `${id}-${kind}` }, () => opens(opener), app.words.openArticle);
  return make(
    "li", { class: `card ${kind}`, id: cited ? id : null },
    make("h4", {}, cited ? make("span", { class: "number" }, String(citation.n)) : null, make("span", { lang: langOf(title) }, title)),
    makeOrigin(app, citation),
    makeFileLine(app, citation, fileName(citation.source)),
    kind === "candidate" ? null : make("blockquote", { lang: langOf(citation.quote) }, citation.quote),
    opener,
  );
}

/** Several passages of one article are one candidate to the reader. */
export function candidatesOf(citations) {
  const first = (citation, place) => citations.findIndex((other) => other.article_id === citation.article_id) === place;
  return citations.filter(first).slice(0, CANDIDATES_SHOWN);
}
