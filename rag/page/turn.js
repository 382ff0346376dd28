// One question and its answer on the page: the text, the cards of its evidence, the verdict.

import { AnswerWriter, writeAnswer } from "./answer.js";
import { openArticle } from "./article.js";
import { badgeOf, byId, failureBox, make, makeFileLine, makeOrigin, question, replaceContent, say } from "./elements.js";
import { Failure } from "./service.js";
import { REFUSALS, STATUSES, fileName, langOf, notesOf } from "./words.js";

const CANDIDATES_SHOWN = 5;
const LONG_QUESTION = 80; // beyond it a question is set as text, not as a headline

/** One question with everything that belongs to its answer. `retry(turn)` asks it again. */
export class Turn {
  constructor(number, request, retry) {
    this.number = number; // in the page, for the ids of its cards
    this.request = request;
    this.retry = retry;
    this.citations = new Map();
    this.answer = null;
    this.verdict = make("p", { class: "verdict", hidden: "" });
    this.text = make("div", { class: "answer", "aria-busy": "true" });
    this.reply = make("div", { class: "reply" }, this.verdict, this.text);
    this.evidence = make("section", { class: "evidence", "aria-label": "依据", hidden: "" });
    this.body = make("div", { class: "turn-body columns" }, this.reply, this.evidence);
    const size = request.question.length > LONG_QUESTION ? "question long" : "question";
    this.element = make("article", { class: "turn" }, make("h2", { class: size }, request.question), this.body);
    this.writer = new AnswerWriter(this.text, (n) => this.makeMarker(n));
  }

  makeMarker(n) {
    const citation = this.citations.get(n);
    if (!citation) return null;
    const attributes = {
      type: "button", class: "marker", "data-opens": this.cardId(n), "aria-label": `引文 ${n}：${citation.title || "无标题"}`,
    };
    const button = make("button", attributes, String(n));
    button.addEventListener("click", () => this.open(n, button));
    return button;
  }

  cardId(n) {
    return `turn-${this.number}-citation-${n}`;
  }

  /** Marks the card of citation n and opens its article. */
  open(n, opener) {
    for (const card of this.evidence.querySelectorAll(".card")) {
      const isCurrent = card.id === this.cardId(n);
      card.classList.toggle("current", isCurrent);
      if (isCurrent) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
    openArticle(this.citations.get(n), opener);
  }

  /** Shows cards: kind "cited" has numbers and quotes, "nearest" quotes, "candidate" neither. */
  showEvidence(heading, citations, kind) {
    const cards = citations.map((citation) => this.makeCard(citation, kind));
    replaceContent(this.evidence, make("h3", {}, heading), make("ol", { role: "list" }, ...cards));
    this.evidence.hidden = !cards.length;
  }

  makeCard(citation, kind) {
    const cited = kind === "cited";
    const title = citation.title || "无标题";
    const label = cited ? `查看原文：引文 ${citation.n}，${title}` : `查看原文：${title}`;
    const button = make("button", { type: "button", "aria-label": label, "data-opens": `${this.cardId(citation.n)}-${kind}` }, "查看原文");
    button.addEventListener("click", () => (cited ? this.open(citation.n, button) : openArticle(citation, button)));
    return make(
      "li", { class: "card", id: cited ? this.cardId(citation.n) : null },
      make("h4", {}, cited ? make("span", { class: "number" }, String(citation.n)) : null, make("span", { lang: langOf(title) }, title)),
      makeOrigin(citation),
      makeFileLine(citation, fileName(citation.source)),
      kind === "candidate" ? null : make("blockquote", { lang: langOf(citation.quote) }, citation.quote),
      button,
    );
  }

  take(kind, data) {
    if (kind === "retrieved") {
      this.showEvidence("检索到的报道", onePerArticle(data.citations).slice(0, CANDIDATES_SHOWN), "candidate");
    } else if (kind === "citation") {
      this.citations.set(data.n, data);
      this.showEvidence("引文", Array.from(this.citations.values()), "cited");
    } else if (kind === "delta") {
      say("正在作答…");
      this.writer.write(data.text);
    } else if (kind === "error") {
      throw new Failure("回答时出错了。", ((data || {}).error || {}).message ? `服务器说明：${data.error.message}` : "");
    } else if (kind === "done") {
      this.finish(data);
    }
  }

  /** Writes everything anew from the whole Answer: what was streamed was only its beginning. */
  finish(answer) {
    this.answer = answer;
    this.citations = new Map(answer.citations.map((citation) => [citation.n, citation]));
    const focused = Array.from(this.text.querySelectorAll("button")).indexOf(document.activeElement);
    this.text.textContent = "";
    if (langOf(answer.answer)) this.text.lang = "en";
    if (answer.refusal) this.showRefusal(answer.refusal);
    else this.showAnswer(answer);
    if (focused >= 0) (this.text.querySelectorAll("button")[focused] || question.field).focus();
    const notes = notesOf(answer);
    if (notes.length) this.reply.append(make("p", { class: "notes" }, `${notes.join("；")}。`));
    const count = answer.citations.length;
    say(answer.refusal ? "未作答，已说明原因。" : `回答完成${count ? `，共${count}条引文` : ""}。`);
  }

  showAnswer(answer) {
    writeAnswer(answer, new AnswerWriter(this.text, (n) => this.makeMarker(n)));
    this.showVerdict(answer.status, (STATUSES[answer.status] || [])[1]);
    this.showEvidence("引文", answer.citations, "cited");
  }

  showRefusal(refusal) {
    for (const line of (refusal.message || "").split("\n")) this.text.append(make("p", {}, line));
    this.showVerdict("refused", `原因：${REFUSALS[refusal.reason] || refusal.reason}。`);
    this.showEvidence("最接近的报道", refusal.nearest || [], "nearest");
  }

  showVerdict(status, meaning) {
    replaceContent(this.verdict, badgeOf(status), meaning || "");
    this.verdict.hidden = false;
  }

  showFailure(failure) {
    this.writer.finish();
    this.showVerdict("unfinished", this.text.textContent ? "以下内容不完整，未经最后核对。" : "");
    this.reply.append(failureBox(failure.message, failure.detail, failure.retry ? () => this.retry(this) : null));
    say(failure.message);
    if (!failure.retry && !question.field.value) question.field.value = this.request.question; // to be corrected
  }

  remove() {
    const folded = this.element.closest("li");
    (folded || this.element).remove();
    byId("past").hidden = !byId("past-turns").children.length;
  }

  /** Puts the turn, folded, into the list of earlier ones. */
  fold() {
    const asked = make("span", { class: "asked" }, this.request.question);
    const badge = badgeOf(this.answer ? this.answer.status : "unfinished");
    this.element.remove();
    this.element = make("details", { class: "past-turn" }, make("summary", {}, asked, badge), this.body);
    byId("past-turns").append(make("li", {}, this.element));
    byId("past").hidden = false;
  }
}

/** Several passages of one article are one candidate to the reader. */
function onePerArticle(citations) {
  return citations.filter((citation, place) => citations.findIndex((other) => other.article_id === citation.article_id) === place);
}
