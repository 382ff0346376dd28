// What stands there before the first question: examples, and on the question page the recent questions.

import { button, make, replaceContent } from "./elements.js";
import { browserStorage } from "./storage.js";
import { langOf } from "./words.js";

const RECENT_SHOWN = 6;
const RECENT = "wenju.recent";
const RECENT_OFF = "wenju.recent.off";

/** A list of questions that ask themselves. */
function fill(app, list, questions) {
  const items = questions.map((question) => make("li", {}, button({ lang: langOf(question) }, () => {
    app.form.field.focus();
    app.form.ask(question);
  }, question)));
  replaceContent(list, ...items);
}

export class Examples {
  constructor(app, most) {
    this.app = app;
    this.most = most;
    this.loaded = false;
    this.list = make("ul", { id: "examples-list", role: "list" });
    this.element = make("section", { id: "examples", "aria-labelledby": "examples-heading", hidden: true }, make("h2", { id: "examples-heading" }, app.words.examples), this.list);
  }

  /** Asks the service once; without examples, or without access yet, there are just none. */
  async load() {
    if (this.loaded) return;
    this.loaded = true;
    try {
      const { examples } = await this.app.service.json("v1/examples");
      fill(this.app, this.list, examples.slice(0, this.most));
      this.element.hidden = !examples.length;
    } catch (error) {
      this.loaded = false;
    }
  }
}

/** Recent questions of this browser; nothing leaves it, and the reader may turn it off. */
export class Recent {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.list = make("ul", { id: "recent-list", role: "list" });
    this.keep = make("input", { type: "checkbox", id: "recent-keep" });
    this.keep.checked = browserStorage.read(RECENT_OFF) !== "1";
    this.clearButton = button({ id: "recent-clear", class: "quiet" }, () => {
      this.write([]);
      app.say(words.recentCleared);
      app.form.field.focus();
    }, words.recentClear);
    this.none = make("p", { class: "none" }, words.recentNone);
    this.element = make(
      "section", { id: "recent", "aria-labelledby": "recent-heading" },
      make("h2", { id: "recent-heading" }, words.recent), this.list, this.none,
      make("div", { class: "buttons" }, make("label", { class: "check" }, this.keep, words.recentKeep), this.clearButton),
    );
    this.keep.addEventListener("change", () => {
      browserStorage.write(RECENT_OFF, this.keep.checked ? null : "1");
      if (!this.keep.checked) this.write([]);
    });
    this.show(this.read());
  }

  read() {
    try {
      const questions = JSON.parse(browserStorage.read(RECENT) || "[]");
      return Array.isArray(questions) ? questions.filter((question) => typeof question === "string") : [];
    } catch (error) {
      return [];
    }
  }

  write(questions) {
    browserStorage.write(RECENT, questions.length ? JSON.stringify(questions) : null);
    this.show(questions);
  }

  add(question) {
    if (!this.keep.checked) return;
    this.write([question, ...this.read().filter((other) => other !== question)].slice(0, RECENT_SHOWN));
  }

  show(questions) {
    fill(this.app, this.list, questions);
    this.clearButton.hidden = !questions.length;
    this.none.hidden = questions.length > 0;
  }
}
