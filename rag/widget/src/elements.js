// Builds elements. Text of the service enters the page here and only as text nodes.

import { aloud, fileName, langOf, whenInWords } from "./words.js";

/** An element; strings among the children become text nodes, null attributes and children are left out. */
export function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function replaceContent(node, ...children) {
  node.textContent = "";
  node.append(...children);
}

export const button = (attributes, onclick, ...children) => make("button", { type: "button", onclick, ...attributes }, ...children);

export function badgeOf(app, status) {
  const [name] = app.words.statuses[status] || [status];
  return make("span", { class: `badge ${status in app.words.statuses ? status : ""}` }, name);
}

/** One thing that was checked, which opens to what that means. */
export const makeCheck = ([isPassed, what, meaning]) => make(
  "details", { class: `checked ${isPassed ? "passed" : "noted"}` },
  make("summary", {}, what), make("p", {}, meaning),
);

/** The calculation behind a statement, in signs for the eye and in words for the ear. */
export function makeComputed(app, expression) {
  const { words, options } = app;
  return make(
    "p", { class: "computed", lang: options.language },
    make("span", { "aria-hidden": "true" }, words.computed(expression)),
    make("span", { class: "aloud" }, words.computed(aloud(words, expression))),
  );
}

/** Newspaper or file, date and page of a citation or an article, then its authors. */
export function makeOrigin(app, item) {
  const source = item.newspaper || fileName(item.source);
  const when = make("span", { class: "when" }, whenInWords(app.words, item));
  const authors = [].concat(...(item.byline || []).map((author) => ["\u00a0· ", make("span", {}, author)]));
  const name = source ? make("span", { lang: langOf(source) }, source) : null;
  return make("p", { class: "origin" }, name, source ? " · " : null, when, ...authors);
}

/** The file behind an origin that names the newspaper; null where the origin names the file itself. */
export function makeFileLine(app, item, name) {
  return item.newspaper && item.source ? make("p", { class: "origin file" }, app.words.fileOf(name)) : null;
}

export const titleOf = (app, item) => item.title || app.words.untitled;

/** A drawing of lines on 24 × 24, in the colour of the text beside it. */
export function makeIcon(path) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  icon.append(line);
  return icon;
}
