// Language tags → tables of words; values of the service → words for the reader. Pure: values in, text out.

import en from "./words/en.js";
import simplified from "./words/zh-CN.js";
import traditional from "./words/zh-Hant.js";

const TABLES = { "zh-CN": simplified, "zh-Hant": traditional, en };

/** The nearest of the three languages; simplified Chinese for any that is not there. */
export function languageOf(tag) {
  const name = String(tag || "").toLowerCase();
  if (/^en\b/.test(name)) return "en";
  return /^zh-(hant|tw|hk|mo)\b/.test(name) ? "zh-Hant" : "zh-CN";
}

export const wordsFor = (language) => TABLES[language];

const HAN = /[\u3400-\u9fff\uf900-\ufaff]|[\ud840-\ud8bf]/;

/** The language of a text from the service, so that it is read aloud and hyphenated as what it is. */
export const langOf = (text) => (HAN.test(text || "") ? "zh" : "en");

/** A source is a path; its last part is the file that a reader may ask the archive for. */
export const fileName = (source) => String(source || "").split("/").pop();

export function rangeInWords(words, from, to) {
  if (from && to) return words.between(words.date(from), words.date(to));
  return from ? words.since(words.date(from)) : words.until(words.date(to));
}

export function whenInWords(words, item) {
  const date = item.date ? words.date(item.date) : words.undated;
  return item.page ? words.dateAndPage(date, words.page(item.page)) : date;
}

/** "云汀报 · 2021年1月15日 第1版": newspaper or file, date, page. */
export function originInWords(words, item) {
  const source = item.newspaper || fileName(item.source);
  return `${source ? `${source} · ` : ""}${whenInWords(words, item)}`;
}

function generatorInWords(words, generator) {
  const reason = generator.fallback_reason;
  const why = reason && reason !== "no_llm" ? words.fallbacks[reason] || words.fallbackUnknown(reason) : null;
  if (generator.kind === "extractive") return why ? words.extractedBecause(why) : words.extracted;
  const writer = words.writtenBy(generator.model);
  return why ? words.brokenOffBecause(writer, why) : writer;
}

function interpretationInWords(words, asked) {
  if (!asked.from && !asked.to) return null;
  const range = rangeInWords(words, asked.from, asked.to);
  return asked.is_filter ? words.onlyFrom(range) : words.preferredFrom(range);
}

/** Whether nothing surely answers, and the reports that come nearest are on the matter. */
const isRelated = (answer) => Boolean(answer.refusal) && answer.status === "related";

/** The heading of the reports that an answer brings along: its sources, or what comes nearest to one. */
export function sourcesInWords(words, answer) {
  if (isRelated(answer)) return words.related;
  return answer.refusal ? words.nearest : words.sources;
}

/** What the status means, or why there is no answer; "" where there is nothing to say. */
export function meaningInWords(words, answer) {
  const [, meaning] = words.statuses[answer.status] || [];
  if (!answer.refusal || isRelated(answer)) return meaning || "";
  return words.reasonOf(words.refusals[answer.refusal.reason] || answer.refusal.reason);
}

/** What was checked, each as [whether nothing is amiss, what, more on it]: the quotes, the sentences, what was left out. */
export function checksOf(words, answer) {
  const { checks } = words;
  const statements = answer.statements || [];
  const doubted = statements.filter((statement) => statement.support === "unsupported").length;
  const struck = (answer.struck || []).length;
  const found = [];
  if (!answer.refusal && answer.citations.length) found.push([true, ...checks.quotes]);
  if (!answer.refusal && doubted) found.push([false, ...checks.doubted(doubted)]);
  else if (!answer.refusal && answer.status !== "fixed" && answer.citations.length && statements.length) {
    const isExtracted = answer.generator && answer.generator.kind === "extractive";
    found.push([true, ...(!isExtracted ? checks.supported : isAsPrinted(answer) ? checks.extracted : checks.composed)]);
  }
  if (struck) found.push([false, ...checks.struck(struck)]);
  return found;
}

const bare = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

/** Whether each numbered sentence has the words of its quotes, or they have its; rag/cli/render.py tells the same. */
function isAsPrinted(answer) {
  const quotes = new Map(answer.citations.map((citation) => [citation.n, bare(citation.quote)]));
  return answer.statements.every((statement) => {
    const said = bare(statement.text.replace(/\[\d+\]/g, ""));
    return !statement.computed && statement.citations.every((n) => said.includes(quotes.get(n)) || quotes.get(n).includes(said));
  });
}

/** An expression as it is read aloud: screen readers pass over some signs. */
export const aloud = (words, expression) => Array.from(expression).map((sign) => words.signs[sign] || sign).join("");

/** What a screen reader says when an answer is there. */
export function finishedInWords(words, answer) {
  const choices = (answer.choices || []).length;
  const offered = choices ? words.choicesOffered(choices) : "";
  if (isRelated(answer)) return words.onlyRelated((answer.refusal.nearest || []).length) + offered;
  if (answer.refusal) return isUnclear(answer) && choices ? `${answer.refusal.message}${offered}` : words.refused + offered;
  return words.finished(answer.citations.length) + offered;
}

/** Whether it was asked back which of several things is meant. */
export function isUnclear(answer) {
  return Boolean(answer.refusal) && answer.refusal.reason === "unclear";
}

/** What the reader should know about how an answer came about, as one line; "" where there is nothing. */
export function notesOf(words, answer) {
  const asked = answer.interpreted || {};
  const total = (answer.timings_ms || {}).total;
  const notes = [
    answer.refusal || answer.status === "fixed" || !answer.generator ? null : generatorInWords(words, answer.generator),
    answer.as_of ? words.asOf(words.date(answer.as_of)) : null,
    asked.rewritten_question ? words.rewritten(asked.rewritten_question) : null,
    interpretationInWords(words, asked),
    typeof total === "number" ? words.took((total / 1000).toFixed(total < 9950 ? 1 : 0)) : null,
  ].filter(Boolean);
  return notes.length ? `${notes.join(words.separator)}${words.stopMark}` : "";
}
