// Helpful or not, and why not: told to the service, which keeps it with the answer.

import { button, make, replaceContent } from "./elements.js";
import { Failure } from "./service.js";

export class Feedback {
  constructor(app, answer, group) {
    this.app = app;
    this.answer = answer;
    this.group = group; // distinguishes this turn's ids
    this.element = make("div", { class: "feedback", role: "group", "aria-label": app.words.feedback });
    this.offer();
  }

  offer() {
    const { words } = this.app;
    replaceContent(
      this.element,
      make("span", { class: "feedback-question" }, words.feedback),
      button({ class: "helpful" }, () => this.send(true, null, ""), words.helpful),
      button({ class: "unhelpful", "aria-expanded": "false" }, () => this.askReason(), words.unhelpful),
    );
  }

  askReason() {
    const { words } = this.app;
    const name = `reason-${this.group}`;
    const choices = Object.entries(words.reasons).map(([value, label]) => make(
      "label", { class: "check" }, make("input", { type: "radio", name, value }), label,
    ));
    const comment = make("textarea", { rows: "2", id: `comment-${this.group}`, class: "comment" });
    const form = make(
      "form", { class: "feedback-form" },
      make("fieldset", {}, make("legend", {}, words.feedbackReason), ...choices),
      make("label", { for: comment.id }, words.feedbackComment), comment,
      make(
        "div", { class: "buttons" },
        make("button", { type: "submit" }, words.feedbackSend),
        button({ class: "quiet" }, () => {
          this.offer();
          this.element.querySelector(".unhelpful").focus();
        }, words.feedbackCancel),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      this.send(false, chosen ? chosen.value : null, comment.value.trim());
    });
    replaceContent(this.element, form);
    form.scrollIntoView({ block: "nearest" }); // all of it, not only the field that gets the focus
    form.querySelector("input").focus({ preventScroll: true });
  }

  async send(helpful, reason, comment) {
    const { app } = this;
    if (this.sending) return;
    this.sending = true;
    try {
      await app.service.request("v1/feedback", { body: { answer_id: this.answer.id, helpful, reason, comment } });
      const thanks = make("p", { class: "stored", tabindex: "-1" }, app.words.feedbackStored);
      replaceContent(this.element, thanks);
      thanks.focus();
      app.say(app.words.feedbackStored);
    } catch (error) {
      const why = error instanceof Failure ? error.message : app.words.unreachable;
      this.showProblem(app.words.feedbackFailed(why));
    } finally {
      this.sending = false;
    }
  }

  showProblem(text) {
    let problem = this.element.querySelector(".problem");
    if (!problem) this.element.append((problem = make("p", { class: "problem" })));
    problem.textContent = text;
    this.app.say(text);
  }
}
