// One question and its answer: the text, the cards of its evidence, the verdict, what can be done with it.

import { failureBox } from "./access.js";
import { AnswerWriter, writeAnswer } from "./answer.js";
import { candidatesOf, makeCard } from "./cards.js";
import { copyAnswer, printTurns } from "./copy.js";
import { badgeOf, button, make, makeCheck, makeComputed, replaceContent, titleOf } from "./elements.js";
import { Feedback } from "./feedback.js";
import { Failure } from "./service.js";
import { checksOf, finishedInWords, isUnclear, langOf, meaningInWords, notesOf, sourcesInWords } from "./words.js";

const LONG_QUESTION = 80; // beyond it a question is set as text, not as a headline

/** One question with everything that belongs to its answer. `retry(turn)` asks it again. */
export class Turn {
  constructor(app, number, request, retry) {
    this.app = app;
    this.number = number; // in this widget, for ids
    this.request = request;
    this.retry = retry;
    this.citations = new Map();
    this.answer = null;
    this.verdict = make("div", { class: "verdict", hidden: true });
    this.text = make("div", { class: "answer", "aria-busy": "true" });
    this.reply = make("div", { class: "reply" }, this.verdict, this.text);
    this.evidence = make("div", { class: "evidence", role: "group", "aria-label": app.words.evidence, hidden: true }); // no landmark: there are many
    this.body = make("div", { class: "turn-body columns" }, this.reply, this.evidence);
    const size = Array.from(request.question).length > LONG_QUESTION ? "question long" : "question";
    this.heading = make("h2", { class: size, lang: langOf(request.question) }, request.question);
    this.element = make("article", { class: "turn" }, this.heading, this.body);
    this.makeMarker = this.makeMarker.bind(this);
    this.writer = new AnswerWriter(this.text, this.makeMarker);
  }

  makeMarker(n) {
    const citation = this.citations.get(n);
    if (!citation) return null;
    const { app } = this;
    const label = app.words.marker(n, titleOf(app, citation));
    const attributes = { class: "marker", "data-opens": this.cardId(n), "aria-label": label, "aria-haspopup": "dialog" };
    const marker = button(attributes, () => this.showCurrent(n), String(n));
    app.popover.attach(marker, citation, (opener) => this.open(n, opener));
    return marker;
  }

  cardId(n) {
    return `turn-${this.number}-citation-${n}`;
  }

  showCurrent(n) {
    for (const card of this.evidence.querySelectorAll(".card")) {
      const isCurrent = card.id === this.cardId(n);
      card.classList.toggle("current", isCurrent);
      if (isCurrent) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
  }

  /** Marks the card of citation n and opens its article. */
  open(n, opener) {
    this.showCurrent(n);
    this.app.article.open(this.citations.get(n), opener);
  }

  showEvidence(heading, citations, kind) {
    const cards = citations.map((citation) => makeCard(this.app, citation, kind, this.cardId(citation.n), (opener) => {
      if (kind === "cited") this.open(citation.n, opener);
      else this.app.article.open(citation, opener);
    }));
    replaceContent(this.evidence, make("h3", {}, heading), make("ol", { role: "list" }, ...cards));
    this.evidence.className = `evidence ${kind}-evidence`;
    this.evidence.hidden = !cards.length;
  }

  take(kind, data) {
    const { words } = this.app;
    if (kind === "retrieved") {
      this.showEvidence(words.candidates, candidatesOf(data.citations), "candidate");
    } else if (kind === "citation") {
      this.citations.set(data.n, data);
      this.showEvidence(words.citations, Array.from(this.citations.values()), "cited");
    } else if (kind === "delta") {
      this.app.say(words.answering);
      this.writer.write(data.text);
    } else if (kind === "error") {
      const message = data && data.error && data.error.message;
      throw new Failure(words.answerFailed, { detail: message ? words.serverSays(message) : "" });
    } else if (kind === "done") {
      this.finish(data);
    }
  }

  /** Writes everything anew from the whole Answer: what was streamed was only its beginning. */
  finish(answer) {
    const { app } = this;
    this.answer = answer;
    this.citations = new Map(answer.citations.map((citation) => [citation.n, citation]));
    const pinnedTo = this.text.contains(app.popover.marker) ? app.popover.marker.dataset.opens : null;
    const focused = Array.from(this.text.querySelectorAll("button")).indexOf(app.root.activeElement);
    this.text.textContent = "";
    this.text.lang = langOf(answer.answer);
    this.showVerdict(answer.status, meaningInWords(app.words, answer), checksOf(app.words, answer));
    if (answer.refusal) this.showRefusal(answer);
    else this.showAnswer(answer);
    if (pinnedTo) app.popover.moveTo(this.text.querySelector(`[data-opens="${pinnedTo}"]`));
    if (focused >= 0) (this.text.querySelectorAll("button")[focused] || app.form.field).focus();
    const notes = notesOf(app.words, answer);
    if (answer.choices && answer.choices.length) this.reply.append(this.makeChoices(answer));
    if (notes) this.reply.append(make("p", { class: "notes" }, notes));
    this.reply.append(this.makeActions());
    app.say(finishedInWords(app.words, answer));
  }

  /** The questions that the service offers to go on with: the readings of one that is not clear, the next page of a list. */
  makeChoices(answer) {
    const { app } = this;
    const label = isUnclear(answer) ? app.words.choicesUnclear : app.words.choices;
    const id = `turn-${this.number}-choices`;
    const isIntroduced = /[\uff1a:\uff1f?]\s*$/.test(answer.answer); // by the answer's own last words: to be heard only
    const items = answer.choices.map((question) => make("li", {}, button({ lang: langOf(question) }, () => {
      app.form.field.focus();
      app.form.ask(question);
    }, question)));
    return make("div", { class: "choices", role: "group", "aria-labelledby": id }, make("p", { id, class: isIntroduced ? "choices-label aloud" : "choices-label" }, label), make("ul", { role: "list" }, ...items));
  }

  makeActions() {
    const { app } = this;
    const { words } = app;
    const copy = button({ class: "copy" }, async () => {
      app.say((await copyAnswer(app, this.request.question, this.answer)) ? words.copied : words.copyFailed);
      copy.focus(); // selecting what is copied may have taken the focus
    }, words.copy);
    const print = button({ class: "print" }, () => printTurns(app, app.conversation.answered()), words.print);
    const buttons = make("div", { class: "buttons" }, copy, print);
    return make("div", { class: "turn-actions" }, new Feedback(app, this.answer, this.number).element, buttons);
  }

  showAnswer(answer) {
    const { app } = this;
    writeAnswer(answer, this.text, this.makeMarker, (expression) => makeComputed(app, expression), app.words.unsupported);
    this.showEvidence(app.words.citations, answer.citations, "cited");
  }

  showRefusal(answer) {
    const { refusal } = answer;
    for (const line of (refusal.message || "").split("\n")) this.text.append(make("p", {}, line));
    this.showEvidence(sourcesInWords(this.app.words, answer), refusal.nearest || [], "nearest");
  }

  showVerdict(status, meaning, checks = []) {
    replaceContent(this.verdict, make("p", {}, badgeOf(this.app, status), meaning), ...checks.map(makeCheck));
    this.verdict.hidden = false;
  }

  showFailure(failure) {
    const { app } = this;
    this.writer.finish();
    this.showVerdict("unfinished", this.text.textContent ? app.words.incomplete : "");
    const box = failureBox(app, failure, failure.retry || failure.status === 401 ? () => this.retry(this) : null);
    this.reply.append(box);
    const key = box.querySelector(".key");
    if (key) key.focus();
    app.say(failure.message);
    if (failure.inQuestion && !app.form.field.value) app.form.field.value = this.request.question; // to be corrected
  }
}
