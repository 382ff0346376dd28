// Talks to the service: questions out, events back, failures in words.

import { eventsOf } from "./events.js";
import { tabStorage } from "./storage.js";

/** A request that came to nothing, in words for the reader. */
export class Failure extends Error {
  constructor(message, { detail = "", retry = true, status = 0, field = false } = {}) {
    super(message);
    this.detail = detail;
    this.retry = retry; // whether asking the same again can help
    this.status = status; // of the response; 0 where there was none
    this.inQuestion = field; // whether the question itself has to be changed
  }
}

/** Retry-After is a number of seconds or an HTTP date. */
function secondsToWait(header) {
  const seconds = /^\d+$/.test(header || "") ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return seconds > 0 ? seconds : null;
}

export class Service {
  /** endpoint: an absolute address that ends in "/"; key: preset by the page, or null. */
  constructor(endpoint, words, key) {
    this.endpoint = endpoint;
    this.words = words;
    this.keyName = `wenju.key ${endpoint}`;
    this.key = key || tabStorage.read(this.keyName);
  }

  /** Uses the key from now on; it is kept for this tab if `keep`. */
  setKey(key, keep) {
    this.key = key;
    tabStorage.write(this.keyName, keep ? key : null);
  }

  /** Why nothing came back. Browsers do not tell a page whether nobody was there or its origin is not allowed (CORS):
      then an answer that the page may not read does arrive, and one that it may does not. */
  async unreachable(signal) {
    const { words } = this;
    const { origin } = window.location;
    const reaches = (mode) => fetch(`${this.endpoint}v1/examples`, { mode, signal, cache: "no-store" }).then(() => true, () => false);
    if (!this.endpoint.startsWith(`${origin}/`) && (await reaches("no-cors")) && !(await reaches("cors"))) {
      return new Failure(words.notAllowed, { detail: words.notAllowedDetail(origin), retry: false });
    }
    return new Failure(words.unreachable, { detail: words.unreachableDetail });
  }

  brokenOff() {
    return new Failure(this.words.brokenOff, { detail: this.words.brokenOffDetail });
  }

  /** GET, or POST where there is a body. Throws a Failure for every status that is not 2xx. */
  async request(path, { body, signal, accept = "application/json" } = {}) {
    const headers = { Accept: accept };
    if (body) headers["Content-Type"] = "application/json";
    if (this.key) headers.Authorization = `Bearer ${this.key}`;
    const init = { method: body ? "POST" : "GET", headers, signal, body: body && JSON.stringify(body) };
    let response;
    try {
      response = await fetch(this.endpoint + path, init);
    } catch (error) {
      const failure = await this.unreachable(signal);
      throw signal && signal.aborted ? error : failure;
    }
    if (!response.ok) throw await this.failureOf(response);
    return response;
  }

  async json(path, options) {
    const response = await this.request(path, options);
    try {
      return await response.json();
    } catch (error) {
      if (options && options.signal && options.signal.aborted) throw error;
      throw new Failure(this.words.badReply);
    }
  }

  async failureOf(response) {
    const { words } = this;
    const { status } = response;
    const error = await response.json().then((body) => (body && body.error) || {}, () => ({}));
    const wait = secondsToWait(response.headers.get("Retry-After"));
    const id = response.headers.get("X-Request-ID");
    const detail = [
      wait ? words.waitFor(wait) : null,
      error.message ? words.serverSays(error.message) : null,
      id ? words.requestId(id) : null,
    ];
    return new Failure(words.failures[status] || words.statusUnknown(status), {
      detail: status === 401 ? "" : detail.filter(Boolean).join("\n"),
      retry: status >= 500 || status === 429,
      status,
      field: [400, 413, 422].includes(status),
    });
  }

  /** Yields [kind, data] for each event of one question. `heard` is called whenever anything arrives. */
  async *ask(body, signal, heard) {
    const response = await this.request("v1/ask", { body, signal, accept: "text/event-stream" });
    heard();
    if ((response.headers.get("Content-Type") || "").includes("event-stream") && response.body) {
      yield* eventsOf(response, heard);
    } else {
      yield ["done", await response.json()]; // a proxy or setting without streaming: the same Answer in one piece
    }
  }
}
