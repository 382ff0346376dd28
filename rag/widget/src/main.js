// 问据, the widget: defines <wenju-ask>, and adds a launcher for a script tag on a page that has none.

import { elementClass } from "./element.js";
import { NAMES } from "./options.js";
import { useNonce } from "./style.js";

const NAME = "wenju-ask";
const script = document.currentScript || document.querySelector('script[src*="widget.js"]');
const home = new URL(".", (script && script.src) || document.baseURI).href;

/** data-launcher="no" or "yes" decides; else there is one where no <wenju-ask> stands on the page. */
function addLauncher() {
  const wish = script && script.dataset.launcher;
  if (wish === "no" || (wish !== "yes" && document.querySelector(`${NAME}:not([data-added])`))) return;
  const launcher = document.createElement(NAME);
  for (const name of NAMES) {
    const value = script && script.dataset[name];
    if (value !== undefined && value !== null) launcher.setAttribute(`data-${name}`, value);
  }
  launcher.setAttribute("data-endpoint", new URL((script && script.dataset.endpoint) || home, document.baseURI).href);
  launcher.setAttribute("layout", "launcher");
  launcher.setAttribute("data-added", ""); // by a script tag: another tag may add its own
  document.body.append(launcher);
}

useNonce(script && script.nonce);
if (!customElements.get(NAME)) customElements.define(NAME, elementClass(home));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", addLauncher);
else addLauncher();
