// What went wrong, in words, with what the reader can do: try again, or give an access key.

import { button, make } from "./elements.js";

/** A failure with its details, one per line; `retry` is called when the reader tries again. */
export function failureBox(app, failure, retry) {
  const needsKey = failure.status === 401 && retry;
  const lines = failure.detail ? failure.detail.split("\n") : [];
  return make(
    "div", { class: "failure" },
    make("p", {}, failure.message),
    ...lines.map((line) => make("p", { class: "detail" }, line)),
    needsKey ? keyForm(app, retry) : null,
    retry && !needsKey && failure.retry ? button({ class: "retry" }, retry, app.words.retry) : null,
  );
}

let made = 0; // for ids: a conversation may show several of these forms

function keyForm(app, retry) {
  const { words, service } = app;
  const id = `key-${++made}`;
  const field = make("input", { type: "password", id, class: "key", autocomplete: "off", "aria-describedby": `${id}-problem` });
  const keep = make("input", { type: "checkbox", class: "key-keep", checked: true });
  const problem = make("p", { class: "problem", id: `${id}-problem`, role: "alert" }, service.key ? words.keyWrong : "");
  const form = make(
    "form", { class: "key-form" },
    make("label", { for: id }, words.keyLabel), field,
    make("label", { class: "check" }, keep, words.keyKeep),
    make("button", { type: "submit" }, words.keySend), problem,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = field.value.trim();
    if (!key) {
      problem.textContent = words.keyEmpty;
      field.focus();
      return;
    }
    service.setKey(toHeader(key), keep.checked);
    retry();
  });
  return form;
}

/** A header holds bytes: a key that is not ASCII is sent as its UTF-8 bytes, which is what the service compares. */
function toHeader(key) {
  return Array.from(new TextEncoder().encode(key), (byte) => String.fromCharCode(byte)).join("");
}
