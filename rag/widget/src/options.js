// Attributes of the element or of the script → options.

import { languageOf } from "./words.js";

const LAYOUTS = ["inline", "launcher", "page"];
const THEMES = ["light", "dark", "auto"];
export const NAMES = ["endpoint", "lang", "title", "theme", "key", "layout"];

/** An attribute, or its data- form; null where there is neither. */
function attribute(element, name) {
  const value = element.getAttribute(name);
  return value === null ? element.getAttribute(`data-${name}`) : value;
}

/** The address that paths are appended to; null for one that no browser could ask. */
function endpointOf(value, home) {
  try {
    const address = new URL(value || home, document.baseURI);
    if (!/^https?:$/.test(address.protocol)) return null;
    return `${address.origin}${address.pathname.replace(/\/?$/, "/")}`;
  } catch (error) {
    return null;
  }
}

/** home: the address of the folder that the script came from, which is the service unless another is named. */
export function readOptions(element, home) {
  const given = {};
  for (const name of NAMES) given[name] = attribute(element, name);
  const near = element.closest("[lang]") || document.documentElement;
  return {
    endpoint: endpointOf(given.endpoint, home),
    givenEndpoint: given.endpoint || home,
    language: languageOf(given.lang || near.getAttribute("lang")),
    title: given.title,
    theme: THEMES.includes(given.theme) ? given.theme : "auto",
    key: given.key,
    layout: LAYOUTS.includes(given.layout) ? given.layout : "inline",
  };
}
