// Where things stand: on the question page, or in a chat that is a panel or stands inside a page.

import { badgeOf, button, make, makeIcon } from "./elements.js";

const EXAMPLES_ON_PAGE = 6;
const EXAMPLES_IN_CHAT = 3;
const BUBBLE = "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12.5h5";
export const examplesShown = (layout) => (layout === "page" ? EXAMPLES_ON_PAGE : EXAMPLES_IN_CHAT);

// A log without aria-live: a screen reader would read every piece of the answer; #status says how far it is.
const makeLog = (app, more) => make("section", { id: "current", role: "log", "aria-live": "off", "aria-label": app.words.conversation, ...more });

/** The question page: earlier turns folded above the form, the last answer below it, its evidence beside it. */
export class PageLayout {
  constructor(app) {
    this.app = app;
    const { words, form } = app;
    this.current = makeLog(app);
    this.pastTurns = make("ol", { id: "past-turns", role: "list" });
    this.past = make("section", { id: "past", "aria-labelledby": "past-heading", hidden: true }, make("h2", { id: "past-heading" }, words.past), this.pastTurns);
    this.restart = button({ id: "restart", class: "quiet", hidden: true }, () => app.reset(), words.restart);
    form.actions.insertBefore(this.restart, form.status);
    this.start = make("div", { class: "start" }, app.examples.element, app.recent.element);
    this.elements = [this.past, form.element, this.start, this.current];
  }

  place(turn) {
    const { turns } = this.app.conversation;
    const before = turns[turns.length - 2];
    if (before && !before.folded) this.fold(before);
    this.current.append(turn.element);
    this.app.form.element.scrollIntoView({ block: "start" });
  }

  /** Puts a turn, folded, into the list of earlier ones. */
  fold(turn) {
    const asked = make("span", { class: "asked" }, turn.request.question);
    const badge = badgeOf(this.app, turn.answer ? turn.answer.status : "unfinished");
    turn.element.remove();
    turn.folded = make("li", {}, make("details", { class: "past-turn" }, make("summary", {}, asked, badge), turn.body));
    this.pastTurns.append(turn.folded);
    this.past.hidden = false;
  }

  follow() {}

  remove(turn) {
    (turn.folded || turn.element).remove();
    this.past.hidden = !this.pastTurns.children.length;
  }

  clear() {
    this.current.textContent = this.pastTurns.textContent = "";
    this.past.hidden = true;
  }

  showState(hasTurns, isRunning) {
    this.restart.hidden = !hasTurns;
    this.start.hidden = hasTurns;
    this.current.setAttribute("aria-busy", String(isRunning));
  }

  /** On paper the earlier turns are open. */
  openForPrint(isPrinting) {
    for (const details of this.pastTurns.querySelectorAll(".past-turn")) {
      if (isPrinting && !details.open) details.dataset.wasClosed = "";
      if (isPrinting || "wasClosed" in details.dataset) details.open = isPrinting;
      if (!isPrinting) delete details.dataset.wasClosed;
    }
  }
}

/** The chat: turns one below the other, the form under them; with a launcher it is a panel that opens and closes. */
export class ChatLayout {
  constructor(app, withLauncher) {
    this.app = app;
    const { words, form } = app;
    this.start = make("div", { class: "start" }, make("p", { class: "greeting" }, words.greeting), app.examples.element);
    this.current = makeLog(app, { class: "transcript", tabindex: "0" }); // it scrolls, so the keyboard must reach it
    this.current.append(this.start);
    this.restart = button({ id: "restart", class: "quiet", hidden: true }, () => app.reset(), words.restart);
    this.title = make("h2", { id: "panel-title" }, app.title);
    const close = withLauncher ? button({ id: "panel-close", class: "close", "aria-label": words.close }, () => this.close(), "×") : null;
    const role = withLauncher ? "dialog" : "region";
    this.panel = make(
      "section", { id: "panel", role, "aria-labelledby": "panel-title", hidden: withLauncher },
      make("div", { class: "panel-head" }, this.title, this.restart, close), this.current, form.element,
    );
    this.launcher = withLauncher ? this.makeLauncher() : null;
    this.elements = [this.launcher, this.panel].filter(Boolean);
    this.following = true; // until the reader scrolls
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      this.current.addEventListener(kind, () => { this.following = false; }, { passive: true });
    }
  }

  makeLauncher() {
    const { app } = this;
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.close();
    });
    const label = { id: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": app.words.launcher(app.title) };
    const launcher = button(label, () => this.open(), makeIcon(BUBBLE), make("span", {}, app.title));
    const others = Array.from(document.querySelectorAll('wenju-ask[layout="launcher"]')).indexOf(app.host);
    if (others > 0) launcher.style.bottom = `${20 + 60 * others}px`; // one above the other
    return launcher;
  }

  open() {
    if (!this.launcher || !this.panel.hidden) return;
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
    this.app.form.field.focus();
    this.app.examples.load();
  }

  close() {
    if (!this.launcher || this.panel.hidden) return;
    this.app.popover.close();
    this.panel.hidden = true;
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
  }

  place(turn) {
    this.current.append(turn.element);
    this.following = true;
  }

  /** Keeps the question at the top and what is being written under it in sight. The page itself never scrolls. */
  follow(turn) {
    if (this.following) this.current.scrollTop = turn.element.offsetTop - this.current.offsetTop - 8;
  }

  remove(turn) {
    turn.element.remove();
  }

  clear() {
    this.current.textContent = "";
    this.current.append(this.start);
  }

  showState(hasTurns, isRunning) {
    this.restart.hidden = !hasTurns;
    this.start.hidden = hasTurns;
    this.current.setAttribute("aria-busy", String(isRunning));
  }

  openForPrint() {}
}
