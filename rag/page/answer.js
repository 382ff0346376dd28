// Writes an answer's text: paragraphs, citation buttons in place of the markers, doubt in words.

import { make } from "./elements.js";

/** Writes text with markers [n] as paragraphs and citation buttons, in pieces cut anywhere. */
export class AnswerWriter {
  /** makeMarker(n) returns a button, or null where there is no citation n: then "[n]" is plain text. */
  constructor(target, makeMarker) {
    this.target = target;
    this.makeMarker = makeMarker;
    this.held = ""; // the beginning of what may become a marker
    this.paragraph = null;
    this.inDoubt = false;
    this.doubted = null; // the <span> of the unsupported statement being written
  }

  write(text) {
    const whole = this.held + text;
    this.held = /(\[\d{0,3})?$/.exec(whole)[0];
    for (const piece of whole.slice(0, whole.length - this.held.length).split(/(\[\d{1,3}\]|\n)/)) {
      if (piece === "\n") this.paragraph = this.doubted = null;
      else if (piece) this.place(piece);
    }
  }

  finish() {
    const rest = this.held;
    this.held = "";
    if (rest) this.place(rest);
  }

  writeDoubted(text) {
    this.finish();
    this.inDoubt = true;
    this.write(text);
    this.finish();
    this.inDoubt = false;
    this.doubted = null;
    this.line().append(make("span", { class: "flag" }, "（未经原文证实）"));
  }

  line() {
    if (!this.paragraph) this.target.append((this.paragraph = make("p")));
    if (!this.inDoubt) return this.paragraph;
    if (!this.doubted) this.paragraph.append((this.doubted = make("span", { class: "unsupported" })));
    return this.doubted;
  }

  place(piece) {
    const number = /^\[(\d{1,3})\]$/.exec(piece);
    const marker = number && this.makeMarker(Number(number[1]));
    if (marker) this.placeMarker(marker);
    else this.placeText(piece);
  }

  /** A line may break at a button, which would part 22%[1]。 So the character before stays with it … */
  placeMarker(marker) {
    const line = this.line();
    const before = line.lastChild;
    if (before && before.className === "keep") {
      before.append(marker);
      return;
    }
    const keep = make("span", { class: "keep" });
    if (before && before.nodeType === Node.TEXT_NODE) {
      const last = /[\s\S]$/u.exec(before.data)[0];
      before.data = before.data.slice(0, -last.length);
      keep.append(last);
    }
    keep.append(marker);
    line.append(keep);
  }

  /** … and so does the punctuation after it. */
  placeText(text) {
    const line = this.line();
    const before = line.lastChild;
    const closing = before && before.className === "keep" ? /^[。，、；：！？）》」』”’.,;:!?)]*/.exec(text)[0] : "";
    if (closing) before.append(closing);
    const rest = text.slice(closing.length);
    if (rest && before && before.nodeType === Node.TEXT_NODE) before.appendData(rest);
    else if (rest) line.append(rest);
  }
}

/** Writes a finished answer, with the statements that nothing supports marked in words. Offsets are code points. */
export function writeAnswer(answer, writer) {
  const characters = Array.from(answer.answer);
  const slice = (start, end) => characters.slice(start, end).join("");
  let place = 0;
  for (const statement of answer.statements.slice().sort((left, right) => left.start - right.start)) {
    const start = Math.max(place, statement.start);
    writer.write(slice(place, start));
    if (statement.support === "unsupported") writer.writeDoubted(slice(start, statement.end));
    else writer.write(slice(start, statement.end));
    place = Math.max(start, statement.end);
  }
  writer.write(slice(place));
  writer.finish();
}
