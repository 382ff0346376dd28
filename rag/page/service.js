// Talks to the service: questions to /v1/ask, its events back, failures in words.

/** A request that came to nothing, in words for the reader. */
export class Failure extends Error {
  constructor(message, detail = "", retry = true) {
    super(message);
    this.detail = detail;
    this.retry = retry; // whether asking the same again can help
  }
}

export const unreachable = () => new Failure("连接不上问答服务。", "请检查网络，稍后重试。");
export const brokenOff = () => new Failure("回答中途断开了。", "已收到的内容可能不完整，请重试。");

/** Retry-After is a number of seconds or an HTTP date. */
function secondsToWait(header) {
  const seconds = /^\d+$/.test(header || "") ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return seconds > 0 ? seconds : null;
}

export async function failureOf(response) {
  const error = await response.json().then((body) => body.error || {}, () => ({}));
  const wait = secondsToWait(response.headers.get("Retry-After"));
  const id = response.headers.get("X-Request-ID");
  const words = {
    400: "这个问题无法受理。", 401: "需要登录或访问凭证。", 403: "没有访问权限。", 404: "没有找到。",
    413: "问题太长了。", 422: "这个问题无法受理。", 429: "提问太频繁了。", 503: "服务正忙或正在启动。",
  };
  const detail = [
    wait ? `请在${wait}秒后重试。` : null,
    error.message ? `服务器说明：${error.message}` : null,
    id ? `请求编号：${id}` : null,
  ];
  const retry = response.status >= 500 || response.status === 429;
  return new Failure(words[response.status] || `服务出错（${response.status}）。`, detail.filter(Boolean).join("\n"), retry);
}

/** Parses server-sent events from pieces of text, however the network cut them. */
class EventParser {
  constructor() {
    this.rest = "";
    this.kind = "";
    this.data = [];
  }

  feed(piece) {
    const events = [];
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/); // a CR at the very end may be half of a CRLF
    this.rest = lines.pop();
    for (const line of lines) {
      if (line === "") this.dispatch(events);
      const [, field, value] = /^([^:]*):? ?([\s\S]*)$/.exec(line);
      if (field === "event") this.kind = value;
      if (field === "data") this.data.push(value);
      // A line that begins with ":" is a comment, the heartbeat; its field name is empty.
    }
    return events;
  }

  dispatch(events) {
    if (this.data.length) events.push([this.kind, this.data.join("\n")]);
    this.kind = "";
    this.data = [];
  }
}

/** Yields [kind, data] for each event of one question. `heard` is called whenever anything arrives. */
export async function* askService(body, signal, heard) {
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  const response = await fetch("v1/ask", { method: "POST", headers, body: JSON.stringify(body), signal });
  heard();
  if (!response.ok) throw await failureOf(response);
  if (!(response.headers.get("Content-Type") || "").includes("event-stream")) {
    yield ["done", await response.json()]; // a proxy or setting without streaming: the same Answer in one piece
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      for (const [kind, data] of parser.feed(decoder.decode(value, { stream: true }))) yield [kind, JSON.parse(data)];
    }
  } finally {
    reader.cancel().catch(() => {}); // HTTP/1.1 allows six connections per origin: never leave one open
  }
}
