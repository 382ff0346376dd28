// 问据, the question page: asks /v1/ask, shows the answer with its evidence, opens the cited articles.
//
// Whatever the server sends becomes text nodes, never HTML. Syntax is ES2018: officials' browsers are built on
// Chromium cores as old as 87 and sometimes older.
//
// This module is the form; it starts the page.

import { forget, run, session, showRunning } from "./conversation.js";
import { byId, make, question } from "./elements.js";
import { langOf, rangeInWords } from "./words.js";

const MAX_CHARACTERS = 2000; // what the server reads of a question, in code points
const COUNT_FROM = 1800; // the count is only shown when the limit is near

function showProblem(text) {
  question.problem.textContent = text;
  question.problem.hidden = !text;
}

function showCount() {
  const length = Array.from(question.field.value).length;
  const over = length - MAX_CHARACTERS;
  question.count.hidden = length < COUNT_FROM;
  question.count.textContent = over > 0 ? `超出 ${over} 字（最多 ${MAX_CHARACTERS} 字）` : `${length} / ${MAX_CHARACTERS} 字`;
  question.count.classList.toggle("problem", over > 0);
}

function showDates() {
  const { from, to } = question;
  byId("dates-chosen").textContent = from.value || to.value ? `：${rangeInWords(from.value, to.value)}` : "";
}

function submit() {
  if (session.running) return;
  const text = question.field.value.trim();
  const { from, to } = question;
  let problem = "";
  if (!text) problem = "请先输入问题。";
  else if (Array.from(text).length > MAX_CHARACTERS) problem = `问题最多 ${MAX_CHARACTERS} 字，请缩短后再问。`;
  else if (from.value && to.value && from.value > to.value) problem = "开始日期晚于结束日期，请改正。";
  showProblem(problem);
  if (problem) {
    question.field.focus();
    return;
  }
  question.field.value = "";
  showCount();
  run({ question: text, from: from.value || null, to: to.value || null });
}

function restart() {
  forget();
  showProblem("");
  question.field.focus();
}

async function loadExamples() {
  const response = await fetch("v1/examples").catch(() => null);
  const body = response && response.ok ? await response.json().catch(() => null) : null;
  for (const example of (body && body.examples) || []) {
    const ask = () => {
      question.field.value = example;
      question.field.focus();
      submit();
    };
    byId("examples-list").append(make("li", {}, make("button", { type: "button", onclick: ask, lang: langOf(example) }, example)));
  }
  showRunning(Boolean(session.running));
}

question.form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
question.field.addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses its candidate; keyCode 229 is how older cores say so.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
question.field.addEventListener("input", () => {
  showCount();
  showProblem("");
});
question.stop.addEventListener("click", () => session.running && session.running.controller.abort());
question.restart.addEventListener("click", restart);
for (const field of [question.from, question.to]) field.addEventListener("change", showDates);
byId("dates-clear").addEventListener("click", () => {
  question.from.value = question.to.value = "";
  showDates();
});

loadExamples();
