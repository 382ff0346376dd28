// Writes an answer's text: paragraphs, line breaks, list lines, **bold**, citation buttons in place of the markers,
// doubt in words. Everything else is plain text.

import { make } from "./elements.js";

const PIECES = /(\[\d{1,3}\]|\n|\*\*)/;
const HELD = /(\[\d{0,3}|\*{1,2})$/; // the beginning of what may become a piece
const HELD_AT_START = /^(-|\d{1,2}\.?)$/; // … or a list line
const CLOSING = /^[\u3002\uff0c\u3001\uff1b\uff1a\uff01\uff1f\uff09\u300b\u300d\u300f\u201d\u2019.,;:!?)]*/; // 。，、；：！？）》」』”’
const LIST_LINE = /^(?:(-) |(\d{1,2})\. )/;

/** Writes text in pieces that are cut anywhere. */
export class AnswerWriter {
  /** makeMarker(n) returns a button, or null where there is no citation n: then "[n]" is plain text.
      whole: the complete text where it is known; then ** without a second ** on its line stays as it is. */
  constructor(target, makeMarker, { whole = null, flag = "" } = {}) {
    this.target = target;
    this.makeMarker = makeMarker;
    this.whole = whole;
    this.flag = flag;
    this.position = 0; // in whole, UTF-16
    this.held = "";
    this.block = null; // the <p> or <li> being written
    this.breaks = 0; // line ends since the last text
    this.inDoubt = false;
    this.doubted = null; // the <span> of the unsupported statement being written
    this.strong = null;
  }

  write(text) {
    const whole = this.held + text;
    this.held = this.endOf(whole);
    this.placeAll(whole.slice(0, whole.length - this.held.length));
  }

  /** The end of the text that has to wait for what follows. */
  endOf(text) {
    const lineEnd = text.lastIndexOf("\n");
    const line = text.slice(lineEnd + 1);
    if ((lineEnd >= 0 || this.isAtStart()) && HELD_AT_START.test(line)) return line;
    return HELD.exec(text)?.[0] || "";
  }

  finish() {
    const rest = this.held;
    this.held = "";
    this.placeAll(rest);
  }

  writeDoubted(text) {
    this.finish();
    this.strong = null;
    this.inDoubt = true;
    this.write(text);
    this.finish();
    this.inDoubt = false;
    this.doubted = this.strong = null;
    this.line().append(make("span", { class: "flag" }, this.flag));
  }

  /** Puts a paragraph of its own under what was written last; what follows begins a new one. */
  placeUnder(paragraph) {
    this.finish();
    this.strong = null;
    if (this.block?.tagName === "LI") {
      this.block.append(paragraph);
      return;
    }
    this.target.append(paragraph);
    this.block = null;
    this.breaks = 0;
  }

  isAtStart() {
    return !this.block || this.breaks > 0;
  }

  placeAll(text) {
    const pieces = text.split(PIECES);
    pieces.forEach((piece, number) => {
      if (!piece) return;
      this.position += piece.length;
      if (piece === "\n") this.endLine();
      else if (piece === "**" && this.turnBold(pieces[number + 1] || "")) return;
      else this.place(piece);
    });
  }

  endLine() {
    this.breaks += 1;
    this.strong = null;
  }

  /** Whether ** begins or ends bold text here. */
  turnBold(next) {
    if (this.strong) {
      this.strong = null;
      return true;
    }
    const rest = this.whole === null ? "**" : this.whole.slice(this.position).split("\n", 1)[0];
    if (/^\s|^$/.test(next) || !rest.includes("**")) return false;
    const strong = make("strong");
    this.line().append(strong);
    this.strong = strong;
    return true;
  }

  /** Begins the block that the line's first words ask for, and returns what is left to write. */
  begin(text) {
    const item = LIST_LINE.exec(text);
    const inList = this.block?.tagName === "LI";
    if (item) {
      const tag = item[1] ? "UL" : "OL";
      let list = inList ? this.block.parentNode : null;
      if (list?.tagName !== tag) {
        list = make(tag, item[2] && item[2] !== "1" ? { start: item[2] } : {});
        this.target.append(list);
      }
      this.block = make("li");
      list.append(this.block);
    } else if (!this.block || this.breaks > 1 || inList) {
      this.block = make("p");
      this.target.append(this.block);
    } else {
      this.block.append(make("br"));
    }
    this.breaks = 0;
    this.doubted = this.strong = null;
    return item ? text.slice(item[0].length) : text;
  }

  /** Where text goes: the block, the doubted statement in it, the bold text in that. */
  line() {
    if (this.isAtStart()) this.begin("");
    if (this.strong) return this.strong;
    if (!this.inDoubt) return this.block;
    if (!this.doubted) this.block.append((this.doubted = make("span", { class: "unsupported" })));
    return this.doubted;
  }

  place(piece) {
    const text = this.isAtStart() ? this.begin(piece) : piece;
    const number = /^\[(\d{1,3})\]$/.exec(text);
    const marker = number && this.makeMarker(Number(number[1]));
    if (marker) this.placeMarker(marker);
    else this.placeText(text);
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
    const closing = before && before.className === "keep" ? CLOSING.exec(text)[0] : "";
    if (closing) before.append(closing);
    const rest = text.slice(closing.length);
    if (rest && before && before.nodeType === Node.TEXT_NODE) before.appendData(rest);
    else if (rest) line.append(rest);
  }
}

/** Writes a finished answer: what nothing supports is marked with the words `flag`, what was computed has under it the
    paragraph that makeComputed(expression) makes. Offsets are code points. */
export function writeAnswer(answer, target, makeMarker, makeComputed, flag) {
  const writer = new AnswerWriter(target, makeMarker, { whole: answer.answer, flag });
  const characters = Array.from(answer.answer);
  const slice = (start, end) => characters.slice(start, end).join("");
  let place = 0;
  for (const statement of (answer.statements || []).slice().sort((left, right) => left.start - right.start)) {
    const start = Math.max(place, statement.start);
    writer.write(slice(place, start));
    if (statement.support === "unsupported") writer.writeDoubted(slice(start, statement.end));
    else writer.write(slice(start, statement.end));
    if (statement.computed) writer.placeUnder(makeComputed(statement.computed.expression));
    place = Math.max(start, statement.end);
  }
  writer.write(slice(place));
  writer.finish();
}
