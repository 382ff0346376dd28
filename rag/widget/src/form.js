// The question's form: field, count of characters, dates, ask and stop.

import { button, make } from "./elements.js";
import { rangeInWords } from "./words.js";

const MAX_CHARACTERS = 2000; // what the server reads of a question, in code points
const COUNT_FROM = 1800; // the count is only shown when the limit is near

export class QuestionForm {
  /** withDates: whether the reader may filter by date. */
  constructor(app, withDates) {
    this.app = app;
    const { words } = app;
    // The fields have no names: should the script fail, no question ends up in an address or a log.
    this.label = make("label", { id: "question-label", for: "question" }, words.questionLabel);
    this.field = make("textarea", { id: "question", rows: "2", enterkeyhint: "send", "aria-describedby": "question-hint question-count" });
    this.count = make("p", { id: "question-count", hidden: true });
    this.submitButton = make("button", { id: "submit", class: "primary", type: "submit" }, words.ask);
    this.stopButton = button({ id: "stop", hidden: true }, () => app.conversation.stop(), words.stop);
    this.status = make("p", { id: "status", role: "status", "aria-live": "polite" });
    this.problem = make("p", { id: "form-problem", class: "problem", role: "alert", hidden: true });
    this.dates = withDates ? new DateFilter(app) : null;
    this.actions = make("div", { class: "actions" }, this.submitButton, this.stopButton, this.status);
    this.element = make(
      "form", { id: "ask", autocomplete: "off" },
      make("div", { class: "above" }, this.label, make("p", { id: "question-hint" }, words.questionHint)),
      this.field, this.count, this.dates && this.dates.element, this.actions, this.problem,
    );
    this.listen();
  }

  listen() {
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses its candidate; keyCode 229 is how older cores say so.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => {
      this.showCount();
      this.showProblem("");
    });
  }

  /** Asks what is in the field; returns the answer to come, or null where nothing was asked. */
  submit() {
    const { app } = this;
    if (app.conversation.running) return null;
    const text = this.field.value.trim();
    const { from, to } = this.dates ? this.dates.range() : { from: null, to: null };
    const problem = this.problemOf(text, from, to);
    this.showProblem(problem);
    if (problem) {
      this.field.focus();
      return null;
    }
    this.field.value = "";
    this.showCount();
    return app.conversation.run({ question: text, from, to });
  }

  ask(text) {
    if (this.app.conversation.running) return null;
    this.field.value = text;
    return this.submit();
  }

  problemOf(text, from, to) {
    const { words } = this.app;
    if (!text) return words.emptyQuestion;
    if (Array.from(text).length > MAX_CHARACTERS) return words.longQuestion(MAX_CHARACTERS);
    return from && to && from > to ? words.datesReversed : "";
  }

  showProblem(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  showCount() {
    const { words } = this.app;
    const length = Array.from(this.field.value).length;
    const over = length - MAX_CHARACTERS;
    this.count.hidden = length < COUNT_FROM;
    this.count.textContent = over > 0 ? words.countOver(over, MAX_CHARACTERS) : words.count(length, MAX_CHARACTERS);
    this.count.classList.toggle("problem", over > 0);
  }

  /** While an answer is written there is a stop instead of an ask; the focus never falls on a hidden button. */
  showRunning(isRunning, isFollowUp) {
    const active = this.app.root.activeElement;
    this.stopButton.hidden = !isRunning;
    this.submitButton.disabled = isRunning;
    if (isRunning && active === this.submitButton) this.stopButton.focus();
    if (!isRunning && active === this.stopButton) this.field.focus();
    this.label.textContent = isFollowUp ? this.app.words.followUpLabel : this.app.words.questionLabel;
  }
}

class DateFilter {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.from = make("input", { id: "from", type: "date" });
    this.to = make("input", { id: "to", type: "date" });
    this.chosen = make("span", { id: "dates-chosen" });
    const clear = button({ id: "dates-clear", class: "quiet" }, () => {
      this.from.value = this.to.value = "";
      this.show();
    }, words.datesClear);
    this.element = make(
      "details", { id: "dates" },
      make("summary", {}, words.dates, this.chosen),
      make(
        "fieldset", {},
        make("legend", {}, words.datesLegend),
        make("label", {}, words.datesFrom, " ", this.from), make("label", {}, words.datesTo, " ", this.to), clear,
      ),
    );
    for (const field of [this.from, this.to]) field.addEventListener("change", () => this.show());
  }

  range() {
    return { from: this.from.value || null, to: this.to.value || null };
  }

  show() {
    const { from, to } = this.range();
    this.chosen.textContent = from || to ? this.app.words.datesChosen(rangeInWords(this.app.words, from, to)) : "";
  }
}
