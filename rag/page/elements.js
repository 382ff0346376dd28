// Builds elements, and knows those that every part of the page needs.

import { STATUSES, dateInWords, fileName, pageInWords } from "./words.js";

export const byId = (id) => document.getElementById(id);

export const question = {
  form: byId("ask"), field: byId("question"), label: byId("question-label"), count: byId("question-count"),
  problem: byId("form-problem"), from: byId("from"), to: byId("to"), submit: byId("submit"), stop: byId("stop"),
  restart: byId("restart"),
};

/** An element; strings among the children become text nodes, null attributes and children are left out. */
export function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function replaceContent(node, ...children) {
  node.textContent = "";
  node.append(...children);
}

/** Tells what is going on, aloud too. */
export const say = (text) => replaceContent(byId("status"), text);

export const badgeOf = (status) => make("span", { class: `badge ${status}` }, (STATUSES[status] || [status])[0]);

/** Newspaper or file, date and page of a citation or an article, then its authors. */
export function makeOrigin(item) {
  const source = item.newspaper || fileName(item.source);
  const date = item.date ? dateInWords(item.date) : "日期不详";
  const when = make("span", { class: "when" }, item.page ? `${date} ${pageInWords(item.page)}` : date);
  const authors = (item.byline || []).map((author) => ` · ${author}`);
  return make("p", { class: "origin" }, source ? `${source} · ` : null, when, ...authors);
}

/** The file behind an origin that names the newspaper; null where the origin names the file itself. */
export function makeFileLine(item, name) {
  return item.newspaper && item.source ? make("p", { class: "origin" }, `文件：${name}`) : null;
}

/** A failure with its details, one per line, and a button where trying again can help. */
export function failureBox(message, detail, retry) {
  return make(
    "div", { class: "failure" },
    make("p", {}, message),
    ...(detail ? detail.split("\n").map((line) => make("p", { class: "detail" }, line)) : []),
    retry ? make("button", { type: "button", onclick: retry }, "重试") : null,
  );
}
