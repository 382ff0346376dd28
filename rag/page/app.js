// 问据, the question page: asks /v1/ask, shows the answer with its evidence, opens the cited articles.
//
// Whatever the server sends becomes text nodes, never HTML. Syntax is ES2018: officials' browsers are built on
// Chromium cores as old as 87 and sometimes older.

const MAX_CHARACTERS = 2000; // what the server reads of a question, in code points
const COUNT_FROM = 1800; // the count is only shown when the limit is near
const HISTORY_TURNS = 3;
const CANDIDATES_SHOWN = 5;
const LONG_QUESTION = 80; // beyond it a question is set as text, not as a headline
const SILENCE_MS = 40000; // the server sends a heartbeat every 10 s; after four missed ones nobody is there

const STATUSES = {
  answered: ["已核实引文", "引文均与原文逐字核对一致。"],
  partial: ["部分回答", "只有下面的内容能在报道中找到依据。"],
  conflicting: ["来源说法不一", "不同报道的说法不一致，请对照引文判断。"],
  refused: ["未作答", ""], // its reason follows
  unfinished: ["未完成", ""],
};
const REFUSALS = {
  not_found: "没有找到相关报道",
  out_of_range: "所问时间不在收录范围内",
  false_premise: "问题的前提与报道不符",
  unclear: "问题不够明确",
  not_allowed: "不属于本服务回答的范围",
};
const FALLBACKS = {
  timeout: "大模型超时未答",
  unreachable: "连接不上大模型",
  rate_limited: "大模型繁忙",
  unauthorised: "大模型拒绝了访问凭证",
  server_error: "大模型服务出错",
  bad_reply: "大模型的答复无法使用",
  unsupported: "大模型的答复没有一句能在原文中核实",
};

const byId = (id) => document.getElementById(id);

/** An element; strings among the children become text nodes, null attributes and children are left out. */
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function replaceContent(node, ...children) {
  node.textContent = "";
  node.append(...children);
}

// ---------------------------------------------------------------- words

/** "en" for text without Han characters, so that it is read aloud and hyphenated as what it is. */
const langOf = (text) => (/[\u3400-\u9fff\uf900-\ufaff]|[\ud840-\ud8bf]/.test(text || "") ? null : "en");

/** 2021-01-15 → 2021年1月15日, 2021-01 → 2021年1月, 2021 → 2021年. */
function dateInWords(date) {
  const [year, month, day] = String(date).split("-");
  return `${year}年${month ? `${Number(month)}月` : ""}${day ? `${Number(day)}日` : ""}`;
}

const pageInWords = (page) => (/^\d+$/.test(page) ? `第${Number(page)}版` : page);

/** Newspaper or file, date and page of a citation or an article, then its authors. */
function makeOrigin(item) {
  const source = item.newspaper || String(item.source || "").split("/").pop();
  const date = item.date ? dateInWords(item.date) : "日期不详";
  const when = make("span", { class: "when" }, item.page ? `${date} ${pageInWords(item.page)}` : date);
  const authors = (item.byline || []).map((author) => ` · ${author}`);
  return make("p", { class: "origin" }, source ? `${source} · ` : null, when, ...authors);
}

function rangeInWords(from, to) {
  if (from && to) return `${dateInWords(from)}至${dateInWords(to)}`;
  return from ? `${dateInWords(from)}以后` : `${dateInWords(to)}以前`;
}

function generatorInWords(generator) {
  const reason = generator.fallback_reason;
  const why = reason && reason !== "no_llm" ? FALLBACKS[reason] || `大模型不可用（${reason}）` : null;
  if (generator.kind === "extractive") return `摘自原文（未使用大模型）${why ? `：${why}` : ""}`;
  const writer = `由大模型撰写${generator.model ? `（${generator.model}）` : ""}`;
  return why ? `${writer}，中途${why}，回答可能不完整` : writer;
}

/** What the reader should know about how an answer came about. */
function notesOf(answer) {
  const asked = answer.interpreted || {};
  const total = (answer.timings_ms || {}).total;
  const doubted = answer.statements.filter((statement) => statement.support === "unsupported").length;
  const struck = (answer.struck || []).length;
  return [
    answer.status === "refused" ? null : generatorInWords(answer.generator),
    doubted ? `${doubted}处说法未经原文证实，已在文中标出` : null,
    struck ? `大模型另有${struck}句话找不到原文依据，已删去` : null,
    answer.as_of ? `所引报道截至${dateInWords(answer.as_of)}` : null,
    asked.rewritten_question ? `按此检索：${asked.rewritten_question}` : null,
    asked.from || asked.to ? `只查${rangeInWords(asked.from, asked.to)}的报道` : null,
    typeof total === "number" ? `用时${(total / 1000).toFixed(total < 9950 ? 1 : 0)}秒` : null,
  ].filter(Boolean);
}

// ---------------------------------------------------------------- the service

/** A request that came to nothing, in words for the reader. */
class Failure extends Error {
  constructor(message, detail = "", retry = true) {
    super(message);
    this.detail = detail;
    this.retry = retry; // whether asking the same again can help
  }
}

const unreachable = () => new Failure("连接不上问答服务。", "请检查网络，稍后重试。");
const brokenOff = () => new Failure("回答中途断开了。", "已收到的内容可能不完整，请重试。");

/** Retry-After is a number of seconds or an HTTP date. */
function secondsToWait(header) {
  const seconds = /^\d+$/.test(header || "") ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return seconds > 0 ? seconds : null;
}

async function failureOf(response) {
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
async function* askService(body, signal, heard) {
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

// ---------------------------------------------------------------- the answer's text

/** Writes text with markers [n] as paragraphs and citation buttons, in pieces cut anywhere. */
class AnswerWriter {
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
function writeAnswer(answer, writer) {
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

// ---------------------------------------------------------------- articles

const article = { dialog: byId("article"), body: byId("article-body"), opener: null, loading: null };

async function openArticle(citation, opener) {
  article.opener = opener;
  if (article.loading) article.loading.abort();
  const loading = (article.loading = new AbortController());
  const heading = make("h2", { id: "article-title" }, citation.title || "无标题");
  replaceContent(article.body, heading, make("p", { role: "status" }, "正在读取原文…"));
  if (!article.dialog.open) article.dialog.showModal();
  try {
    const response = await fetch(`v1/articles/${encodeURIComponent(citation.article_id)}`, { signal: loading.signal });
    if (!response.ok) throw await failureOf(response);
    showArticle(await response.json(), citation);
  } catch (error) {
    if (loading.signal.aborted) return;
    const failure = error instanceof Failure ? error : unreachable();
    const message = failure.message === "没有找到。" ? "这篇报道已不在资料库中。" : failure.message;
    replaceContent(article.body, heading, failureBox(message, failure.detail, () => openArticle(citation, opener)));
  }
}

function showArticle(item, citation) {
  const text = make("div", { class: "text" }, ...paragraphsOf(item, citation));
  const marked = text.querySelector("mark");
  const title = item.title || "无标题";
  replaceContent(
    article.body,
    ...[
      item.kicker ? make("p", { class: "kicker" }, item.kicker) : null,
      make("h2", { id: "article-title", lang: langOf(title) }, title),
      item.deck ? make("p", { class: "deck" }, item.deck) : null,
      makeOrigin(item),
      item.newspaper && item.source ? make("p", { class: "origin" }, `文件：${item.source}`) : null,
      marked ? null : make("p", { class: "failure" }, "原文可能已经更新，未能标出引文的位置。"),
      text,
      (item.captions || []).length ? make("div", { class: "captions" }, ...item.captions.map((caption) => make("p", {}, `图：${caption}`))) : null,
    ].filter(Boolean),
  );
  article.body.focus({ preventScroll: true }); // so that the arrow keys scroll the article
  if (marked) marked.scrollIntoView({ block: "center" });
}

/** The article's lines as paragraphs, the cited range in <mark>. Offsets are code points: JavaScript counts UTF-16. */
function paragraphsOf(item, citation) {
  const characters = Array.from(item.text);
  const slice = (start, end) => characters.slice(start, end).join("");
  // Marking the wrong words would be worse than marking none.
  const [start, end] = slice(citation.start, citation.end) === citation.quote ? [citation.start, citation.end] : [0, 0];
  const lines = [[]];
  for (const [piece, cited] of [[slice(0, start), false], [slice(start, end), true], [slice(end), false]]) {
    piece.split("\n").forEach((part, number) => {
      if (number) lines.push([]);
      if (part) lines[lines.length - 1].push(cited ? make("mark", {}, part) : part);
    });
  }
  const subheads = new Set(item.subheads || []);
  return lines.filter((line) => line.length).map((line) => {
    const words = line.map((part) => part.textContent || part).join("").trim();
    return make(subheads.has(words) ? "h3" : "p", { lang: langOf(words) }, ...line);
  });
}

function closeArticle() {
  if (article.loading) article.loading.abort();
  const opener = article.opener;
  // The opener may have been written anew, when the answer was finished while the article was open.
  const target = opener && !opener.isConnected ? document.querySelector(`[data-opens="${opener.dataset.opens}"]`) : opener;
  (target || question.field).focus();
}

// ---------------------------------------------------------------- turns

const question = {
  form: byId("ask"), field: byId("question"), label: byId("question-label"), count: byId("question-count"),
  problem: byId("form-problem"), from: byId("from"), to: byId("to"), submit: byId("submit"), stop: byId("stop"),
  restart: byId("restart"),
};
const session = { turns: [], running: null, number: 0 };

const say = (text) => replaceContent(byId("status"), text);

function failureBox(message, detail, retry) {
  return make(
    "div", { class: "failure" },
    make("p", {}, message),
    ...(detail ? detail.split("\n").map((line) => make("p", { class: "detail" }, line)) : []),
    retry ? make("button", { type: "button", onclick: retry }, "重试") : null,
  );
}

const badgeOf = (status) => make("span", { class: `badge ${status}` }, (STATUSES[status] || [status])[0]);

/** One question with everything that belongs to its answer. */
class Turn {
  constructor(request) {
    this.request = request;
    this.number = ++session.number;
    this.citations = new Map();
    this.answer = null;
    this.verdict = make("p", { class: "verdict", hidden: "" });
    this.text = make("div", { class: "answer", "aria-busy": "true" });
    this.reply = make("div", { class: "reply" }, this.verdict, this.text);
    this.evidence = make("section", { class: "evidence", "aria-label": "依据", hidden: "" });
    this.body = make("div", { class: "turn-body columns" }, this.reply, this.evidence);
    const size = request.question.length > LONG_QUESTION ? "question long" : "question";
    this.element = make("article", { class: "turn" }, make("h2", { class: size }, request.question), this.body);
    this.writer = new AnswerWriter(this.text, (n) => this.makeMarker(n));
  }

  makeMarker(n) {
    const citation = this.citations.get(n);
    if (!citation) return null;
    const attributes = {
      type: "button", class: "marker", "data-opens": this.cardId(n), "aria-label": `引文 ${n}：${citation.title || "无标题"}`,
    };
    const button = make("button", attributes, String(n));
    button.addEventListener("click", () => this.open(n, button));
    return button;
  }

  cardId(n) {
    return `turn-${this.number}-citation-${n}`;
  }

  /** Marks the card of citation n and opens its article. */
  open(n, opener) {
    for (const card of this.evidence.querySelectorAll(".card")) {
      const isCurrent = card.id === this.cardId(n);
      card.classList.toggle("current", isCurrent);
      if (isCurrent) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
    openArticle(this.citations.get(n), opener);
  }

  /** Shows cards: kind "cited" has numbers and quotes, "nearest" quotes, "candidate" neither. */
  showEvidence(heading, citations, kind) {
    const cards = citations.map((citation) => this.makeCard(citation, kind));
    replaceContent(this.evidence, make("h3", {}, heading), make("ol", { role: "list" }, ...cards));
    this.evidence.hidden = !cards.length;
  }

  makeCard(citation, kind) {
    const cited = kind === "cited";
    const title = citation.title || "无标题";
    const label = cited ? `查看原文：引文 ${citation.n}，${title}` : `查看原文：${title}`;
    const button = make("button", { type: "button", "aria-label": label, "data-opens": `${this.cardId(citation.n)}-${kind}` }, "查看原文");
    button.addEventListener("click", () => (cited ? this.open(citation.n, button) : openArticle(citation, button)));
    return make(
      "li", { class: "card", id: cited ? this.cardId(citation.n) : null },
      make("h4", {}, cited ? make("span", { class: "number" }, String(citation.n)) : null, make("span", { lang: langOf(title) }, title)),
      makeOrigin(citation),
      kind === "candidate" ? null : make("blockquote", { lang: langOf(citation.quote) }, citation.quote),
      button,
    );
  }

  take(kind, data) {
    if (kind === "retrieved") {
      this.showEvidence("检索到的报道", onePerArticle(data.citations).slice(0, CANDIDATES_SHOWN), "candidate");
    } else if (kind === "citation") {
      this.citations.set(data.n, data);
      this.showEvidence("引文", Array.from(this.citations.values()), "cited");
    } else if (kind === "delta") {
      say("正在作答…");
      this.writer.write(data.text);
    } else if (kind === "error") {
      throw new Failure("回答时出错了。", ((data || {}).error || {}).message ? `服务器说明：${data.error.message}` : "");
    } else if (kind === "done") {
      this.finish(data);
    }
  }

  /** Writes everything anew from the whole Answer: what was streamed was only its beginning. */
  finish(answer) {
    this.answer = answer;
    this.citations = new Map(answer.citations.map((citation) => [citation.n, citation]));
    const focused = Array.from(this.text.querySelectorAll("button")).indexOf(document.activeElement);
    this.text.textContent = "";
    if (langOf(answer.answer)) this.text.lang = "en";
    if (answer.refusal) this.showRefusal(answer.refusal);
    else this.showAnswer(answer);
    if (focused >= 0) (this.text.querySelectorAll("button")[focused] || question.field).focus();
    const notes = notesOf(answer);
    if (notes.length) this.reply.append(make("p", { class: "notes" }, `${notes.join("；")}。`));
    const count = answer.citations.length;
    say(answer.refusal ? "未作答，已说明原因。" : `回答完成${count ? `，共${count}条引文` : ""}。`);
  }

  showAnswer(answer) {
    writeAnswer(answer, new AnswerWriter(this.text, (n) => this.makeMarker(n)));
    this.showVerdict(answer.status, (STATUSES[answer.status] || [])[1]);
    this.showEvidence("引文", answer.citations, "cited");
  }

  showRefusal(refusal) {
    for (const line of (refusal.message || "").split("\n")) this.text.append(make("p", {}, line));
    this.showVerdict("refused", `原因：${REFUSALS[refusal.reason] || refusal.reason}。`);
    this.showEvidence("最接近的报道", refusal.nearest || [], "nearest");
  }

  showVerdict(status, meaning) {
    replaceContent(this.verdict, badgeOf(status), meaning || "");
    this.verdict.hidden = false;
  }

  showFailure(failure) {
    this.writer.finish();
    this.showVerdict("unfinished", this.text.textContent ? "以下内容不完整，未经最后核对。" : "");
    this.reply.append(failureBox(failure.message, failure.detail, failure.retry ? () => this.retry() : null));
    say(failure.message);
    if (!failure.retry && !question.field.value) question.field.value = this.request.question; // to be corrected
  }

  retry() {
    if (session.running) return;
    session.turns = session.turns.filter((turn) => turn !== this);
    const folded = this.element.closest("li");
    (folded || this.element).remove();
    byId("past").hidden = !byId("past-turns").children.length;
    question.field.focus();
    run(this.request);
  }

  /** Puts the turn, folded, into the list of earlier ones. */
  fold() {
    const asked = make("span", { class: "asked" }, this.request.question);
    const badge = badgeOf(this.answer ? this.answer.status : "unfinished");
    this.element.remove();
    this.element = make("details", { class: "past-turn" }, make("summary", {}, asked, badge), this.body);
    byId("past-turns").append(make("li", {}, this.element));
    byId("past").hidden = false;
  }
}

/** Several passages of one article are one candidate to the reader. */
function onePerArticle(citations) {
  return citations.filter((citation, place) => citations.findIndex((other) => other.article_id === citation.article_id) === place);
}

function historyOf(turns) {
  const answered = turns.filter((turn) => turn.answer).slice(-HISTORY_TURNS);
  return [].concat(...answered.map((turn) => [
    { role: "user", content: turn.request.question },
    // Markers of an earlier answer point at nothing in the next one.
    { role: "assistant", content: turn.answer.answer.replace(/\[\d{1,3}\]/g, "") },
  ]));
}

/** Asks, and shows what comes until it is finished, stopped or failed. */
async function run(request) {
  const body = Object.assign({}, request, { history: historyOf(session.turns), stream: true });
  const last = session.turns[session.turns.length - 1];
  if (last && !last.element.matches("details")) last.fold();
  const turn = new Turn(request);
  const running = (session.running = { controller: new AbortController(), turn, silent: false, timer: 0 });
  session.turns.push(turn);
  byId("current").append(turn.element);
  showRunning(true);
  say("正在检索…");
  question.form.scrollIntoView({ block: "start" });
  const heard = () => {
    clearTimeout(running.timer);
    running.timer = setTimeout(() => { running.silent = true; running.controller.abort(); }, SILENCE_MS);
  };
  try {
    heard();
    for await (const [kind, data] of askService(body, running.controller.signal, heard)) {
      turn.take(kind, data);
      if (kind === "done") break;
    }
    if (!turn.answer) throw brokenOff();
  } catch (error) {
    if (turn.element.isConnected) turn.showFailure(failureFor(error, running));
  } finally {
    clearTimeout(running.timer);
    turn.text.setAttribute("aria-busy", "false");
    if (session.running === running) {
      session.running = null;
      showRunning(false);
    }
  }
}

function failureFor(error, running) {
  if (error instanceof Failure) return error;
  if (running.silent) return new Failure("问答服务长时间没有回应。", "请稍后重试。");
  if (running.controller.signal.aborted) return new Failure("已停止。");
  if (error instanceof TypeError && !running.turn.text.textContent && !running.turn.citations.size) return unreachable();
  return brokenOff();
}

// ---------------------------------------------------------------- the form

function showRunning(isRunning) {
  const active = document.activeElement;
  question.stop.hidden = !isRunning;
  question.submit.disabled = isRunning;
  if (isRunning && active === question.submit) question.stop.focus();
  if (!isRunning && active === question.stop) question.field.focus();
  question.restart.hidden = !session.turns.length;
  question.label.textContent = session.turns.length ? "继续提问" : "请输入问题";
  byId("examples").hidden = Boolean(session.turns.length) || !byId("examples-list").children.length;
}

function showProblem(text) {
  question.problem.textContent = text;
  question.problem.hidden = !text;
}

function showCount() {
  const length = Array.from(question.field.value).length;
  const over = length - MAX_CHARACTERS;
  question.count.hidden = length < COUNT_FROM;
  question.count.textContent = over > 0 ? `超出 ${over} 字（最多 ${MAX_CHARACTERS} 字）` : `${length} / ${MAX_CHARACTERS} 字`;
  question.count.classList.toggle("problem", over > 0);
}

function showDates() {
  const { from, to } = question;
  byId("dates-chosen").textContent = from.value || to.value ? `：${rangeInWords(from.value, to.value)}` : "";
}

function submit() {
  if (session.running) return;
  const text = question.field.value.trim();
  const { from, to } = question;
  let problem = "";
  if (!text) problem = "请先输入问题。";
  else if (Array.from(text).length > MAX_CHARACTERS) problem = `问题最多 ${MAX_CHARACTERS} 字，请缩短后再问。`;
  else if (from.value && to.value && from.value > to.value) problem = "开始日期晚于结束日期，请改正。";
  showProblem(problem);
  if (problem) {
    question.field.focus();
    return;
  }
  question.field.value = "";
  showCount();
  run({ question: text, from: from.value || null, to: to.value || null });
}

/** Forgets the conversation: the next question stands alone. */
function restart() {
  const running = session.running;
  session.turns = [];
  session.running = null;
  byId("current").textContent = byId("past-turns").textContent = "";
  byId("past").hidden = true;
  if (running) running.controller.abort();
  showProblem("");
  showRunning(false);
  say("");
  question.field.focus();
}

async function loadExamples() {
  const response = await fetch("v1/examples").catch(() => null);
  const body = response && response.ok ? await response.json().catch(() => null) : null;
  for (const example of (body && body.examples) || []) {
    const ask = () => {
      question.field.value = example;
      question.field.focus();
      submit();
    };
    byId("examples-list").append(make("li", {}, make("button", { type: "button", onclick: ask, lang: langOf(example) }, example)));
  }
  showRunning(Boolean(session.running));
}

question.form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
question.field.addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses its candidate; keyCode 229 is how older cores say so.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
question.field.addEventListener("input", () => {
  showCount();
  showProblem("");
});
question.stop.addEventListener("click", () => session.running && session.running.controller.abort());
question.restart.addEventListener("click", restart);
for (const field of [question.from, question.to]) field.addEventListener("change", showDates);
byId("dates-clear").addEventListener("click", () => {
  question.from.value = question.to.value = "";
  showDates();
});
byId("article-close").addEventListener("click", () => article.dialog.close());
article.dialog.addEventListener("close", closeArticle);
article.dialog.addEventListener("click", (event) => event.target === article.dialog && article.dialog.close());
loadExamples();
