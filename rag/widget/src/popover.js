// The popover of a citation: title, newspaper, date, page, the quote, and the way to the article.
//
// A marker opens it by pointing, or pins it by a click or a key: pinned it has the focus, and Esc gives it back.
// It can be pointed at, it stays until it is dismissed, and there is one at a time (WCAG 1.4.13).

import { button, make, makeOrigin, replaceContent, titleOf } from "./elements.js";
import { langOf } from "./words.js";

const MARGIN = 8; // px to the edges of the viewport
const SHOW_MS = 200; // a pointer that only passes by opens nothing
const HIDE_MS = 300; // time to get from the marker to the popover

export class Popover {
  constructor(app) {
    this.app = app;
    this.marker = null;
    this.pinned = false;
    this.timer = 0;
    this.element = make("div", { class: "popover", role: "dialog", id: "popover", tabindex: "-1", "aria-labelledby": "popover-title", hidden: true });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.element.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.element.addEventListener("pointerleave", () => this.leave());
    this.follow = () => this.place();
    this.dismiss = (event) => {
      const path = event.composedPath();
      if (!path.includes(this.element) && !path.includes(this.marker)) this.close();
    };
  }

  /** Makes a marker open its citation; `open` opens the article. */
  attach(marker, citation, open) {
    marker.addEventListener("click", () => {
      if (this.marker === marker && this.pinned) this.close();
      else this.show(marker, citation, open, true);
    });
    marker.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse" || this.pinned) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.show(marker, citation, open, false), SHOW_MS);
    });
    marker.addEventListener("pointerleave", () => this.leave());
  }

  leave() {
    clearTimeout(this.timer);
    if (!this.pinned) this.timer = setTimeout(() => this.close(), HIDE_MS);
  }

  show(marker, citation, open, pinned) {
    if (!marker.isConnected) return;
    this.close();
    const { app } = this;
    this.marker = marker;
    this.pinned = pinned;
    const title = titleOf(app, citation);
    const openIt = button({ class: "open" }, () => {
      this.close();
      open(marker);
    }, app.words.openArticle);
    replaceContent(
      this.element,
      make(
        "div", { class: "popover-head" },
        make("h3", { id: "popover-title" }, make("span", { class: "number" }, String(citation.n)), make("span", { lang: langOf(title) }, title)),
        button({ class: "close", "aria-label": app.words.close }, () => this.close(true), "×"),
      ),
      makeOrigin(app, citation),
      make("blockquote", { lang: langOf(citation.quote) }, citation.quote),
      openIt,
    );
    this.element.hidden = false;
    marker.setAttribute("aria-expanded", "true");
    this.place();
    if (pinned) this.element.focus({ preventScroll: true });
    window.addEventListener("scroll", this.follow, true);
    window.addEventListener("resize", this.follow);
    document.addEventListener("pointerdown", this.dismiss, true);
    document.addEventListener("keydown", this.onEscape, true);
  }

  /** Esc closes one that was opened by pointing too, wherever the focus is. */
  onEscape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    this.close(this.pinned);
  };

  /** Under the marker, or above it where there is more room; never beyond the edges. */
  place() {
    const { element, marker } = this;
    if (!marker || !marker.isConnected) return this.close();
    element.style.left = element.style.top = "0px";
    const origin = element.getBoundingClientRect(); // not 0, 0 where an ancestor of the widget is transformed
    const at = marker.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const height = window.innerHeight;
    const left = Math.max(MARGIN, Math.min(at.left + at.width / 2 - origin.width / 2, width - MARGIN - origin.width));
    const below = at.bottom + 6;
    const fits = below + origin.height <= height - MARGIN || at.top < height - at.bottom;
    const top = fits ? Math.min(below, height - MARGIN - origin.height) : at.top - 6 - origin.height;
    element.style.left = `${Math.round(left - origin.left)}px`;
    element.style.top = `${Math.round(Math.max(MARGIN, top) - origin.top)}px`;
    return undefined;
  }

  /** The marker was written anew: hangs the open popover on its successor, closes it where there is none. */
  moveTo(marker) {
    if (!marker) {
      this.close();
      return;
    }
    this.marker = marker;
    marker.setAttribute("aria-expanded", "true");
    this.place();
  }

  /** Tab beyond either end goes on from the marker, as if the popover stood right after it. */
  onKey(event) {
    if (event.key !== "Tab") return;
    const stops = this.element.querySelectorAll("button");
    const focused = this.app.root.activeElement;
    if (event.shiftKey ? focused === this.element || focused === stops[0] : focused === stops[stops.length - 1]) {
      const back = event.shiftKey;
      this.close(true);
      if (back) event.preventDefault();
    }
  }

  close(returnFocus = false) {
    clearTimeout(this.timer);
    const { marker } = this;
    if (!marker) return;
    const hadFocus = this.element.contains(this.app.root.activeElement);
    this.marker = null;
    this.pinned = false;
    this.element.hidden = true;
    marker.removeAttribute("aria-expanded");
    window.removeEventListener("scroll", this.follow, true);
    window.removeEventListener("resize", this.follow);
    document.removeEventListener("pointerdown", this.dismiss, true);
    document.removeEventListener("keydown", this.onEscape, true);
    if (returnFocus && hadFocus && marker.isConnected) marker.focus();
  }
}
