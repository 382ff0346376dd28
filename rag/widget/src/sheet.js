// An answer as it stands on paper and in a document: text with numbered sources, no controls. Copied and printed.

import { writeAnswer } from "./answer.js";
import { make, titleOf } from "./elements.js";
import { checksOf, langOf, meaningInWords, notesOf, originInWords, sourcesInWords } from "./words.js";

const pad = (number) => String(number).padStart(2, "0");

/** The reader's day, as the service writes days. */
function today() {
  const now = new Date();
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** The text without markers that count nothing, and the sources that its markers name. */
function textOf(answer) {
  return answer.refusal ? answer.refusal.message || "" : answer.answer;
}

const sourcesOf = (answer) => (answer.refusal ? answer.refusal.nearest || [] : answer.citations);

function closingLines(app, answer) {
  const { words } = app;
  const lines = [notesOf(words, answer), words.retrievedOn(words.date(today()))];
  if (answer.index_generation) lines.push(words.generation(answer.index_generation));
  return lines.filter(Boolean);
}

function verdictOf(app, answer) {
  const [name] = app.words.statuses[answer.status] || [answer.status];
  return [name, meaningInWords(app.words, answer)].filter(Boolean).join(" · ");
}

const checkLines = (app, answer) => checksOf(app.words, answer).map(([, what]) => what);

/** The text without bold, each calculation on a line under its statement. Offsets are code points. */
function plainText(app, answer) {
  const characters = Array.from(textOf(answer));
  const computed = answer.refusal ? [] : (answer.statements || []).filter((statement) => statement.computed);
  for (const { end, computed: { expression } } of computed.sort((left, right) => right.end - left.end)) {
    const isLast = end >= characters.length || characters[end] === "\n";
    characters.splice(end, 0, `\n${app.words.computed(expression)}${isLast ? "" : "\n"}`);
  }
  return characters.join("").replace(/\*\*/g, "");
}

/** As plain text: question, answer, sources by number, then where it comes from. */
export function plainSheet(app, question, answer) {
  const sources = sourcesOf(answer).map((item, place) => {
    const number = answer.refusal ? place + 1 : item.n;
    return `[${number}] ${titleOf(app, item)} · ${originInWords(app.words, item)}\n    ${app.words.quoted(item.quote)}`;
  });
  const parts = [question, [verdictOf(app, answer), ...checkLines(app, answer)].join("\n"), plainText(app, answer)];
  if (sources.length) parts.push([sourcesInWords(app.words, answer), ...sources].join("\n"));
  return `${[...parts, closingLines(app, answer).join("\n")].join("\n\n")}\n`;
}

/** The same as elements. */
export function sheetOf(app, question, answer) {
  const text = make("div", { class: "sheet-answer" });
  const makeMarker = (n) => (answer.citations.some((citation) => citation.n === n) ? make("sup", {}, `[${n}]`) : null);
  if (answer.refusal) text.append(...textOf(answer).split("\n").map((line) => make("p", {}, line)));
  else writeAnswer(answer, text, makeMarker, (expression) => make("p", { class: "computed" }, app.words.computed(expression)), app.words.unsupported);
  const sources = sourcesOf(answer).map((item, place) => make(
    "li", { value: String(answer.refusal ? place + 1 : item.n), lang: langOf(item.quote) },
    `${titleOf(app, item)} · ${originInWords(app.words, item)}`,
    make("br"), make("q", { class: "sheet-quote" }, item.quote),
  ));
  return make(
    "section", { class: "sheet", lang: app.options.language },
    make("h2", {}, question),
    ...[verdictOf(app, answer), ...checkLines(app, answer)].map((line) => make("p", { class: "sheet-verdict" }, line)),
    text,
    sources.length ? make("h3", {}, sourcesInWords(app.words, answer)) : null,
    sources.length ? make("ol", {}, ...sources) : null,
    ...closingLines(app, answer).map((line) => make("p", { class: "sheet-note" }, line)),
  );
}
