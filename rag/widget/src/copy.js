// Copies and prints answers.

import { plainSheet, sheetOf } from "./sheet.js";
import { adopt } from "./style.js";
import sheetStyle from "./styles/sheet.css";

/** For browsers without the clipboard's newer interface, and pages that are not served over HTTPS. */
function copyBySelection(app, plain, node) {
  const holder = document.createElement("div");
  holder.append(node);
  holder.className = "copied";
  app.frame.append(holder);
  const put = (event) => {
    event.clipboardData.setData("text/plain", plain);
    event.clipboardData.setData("text/html", htmlOf(node));
    event.preventDefault();
    event.stopPropagation();
  };
  const selection = document.getSelection();
  const range = document.createRange();
  range.selectNodeContents(holder);
  selection.removeAllRanges();
  selection.addRange(range);
  document.addEventListener("copy", put, true);
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", put, true);
    selection.removeAllRanges();
    holder.remove();
  }
}

const htmlOf = (node) => new XMLSerializer().serializeToString(node);

/** Returns whether the answer with its sources is in the clipboard, as plain text and as HTML. */
export async function copyAnswer(app, question, answer) {
  const plain = plainSheet(app, question, answer);
  const node = sheetOf(app, question, answer);
  const clipboard = navigator.clipboard;
  try {
    if (clipboard && clipboard.write && window.ClipboardItem) {
      const item = { "text/plain": new Blob([plain], { type: "text/plain" }), "text/html": new Blob([htmlOf(node)], { type: "text/html" }) };
      await clipboard.write([new window.ClipboardItem(item)]);
      return true;
    }
  } catch (error) {
    // Refused, as in a frame without permission: the older way may still work.
  }
  try {
    return copyBySelection(app, plain, node);
  } catch (error) {
    return false;
  }
}

/** Prints the conversation alone, without the page around it: from a frame of its own. */
export function printTurns(app, turns) {
  const frame = document.createElement("iframe");
  frame.className = "print-frame";
  frame.title = app.words.print;
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  app.frame.append(frame);
  const { contentWindow, contentDocument } = frame;
  contentDocument.documentElement.lang = app.options.language;
  contentDocument.title = app.title;
  adopt(contentDocument, contentDocument.head, [sheetStyle]);
  for (const turn of turns) contentDocument.body.append(contentDocument.importNode(sheetOf(app, turn.request.question, turn.answer), true));
  contentWindow.addEventListener("afterprint", () => setTimeout(() => frame.remove(), 0));
  contentWindow.focus();
  contentWindow.print();
}
