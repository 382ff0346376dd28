// Values of the service → words for the reader. Pure: text in, text out.

export const STATUSES = {
  answered: ["已核实引文", "引文均与原文逐字核对一致。"],
  partial: ["部分回答", "只有下面的内容能在报道中找到依据。"],
  conflicting: ["来源说法不一", "不同报道的说法不一致，请对照引文判断。"],
  refused: ["未作答", ""], // its reason follows
  unfinished: ["未完成", ""],
};
export const REFUSALS = {
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

/** "en" for text without Han characters, so that it is read aloud and hyphenated as what it is. */
export const langOf = (text) => (/[\u3400-\u9fff\uf900-\ufaff]|[\ud840-\ud8bf]/.test(text || "") ? null : "en");

/** 2021-01-15 → 2021年1月15日, 2021-01 → 2021年1月, 2021 → 2021年. */
export function dateInWords(date) {
  const [year, month, day] = String(date).split("-");
  return `${year}年${month ? `${Number(month)}月` : ""}${day ? `${Number(day)}日` : ""}`;
}

export const pageInWords = (page) => (/^\d+$/.test(page) ? `第${Number(page)}版` : page);

/** A source is a path; its last part is the file that a reader may ask the archive for. */
export const fileName = (source) => String(source || "").split("/").pop();

export function rangeInWords(from, to) {
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
export function notesOf(answer) {
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
    asked.from || asked.to ? `${asked.is_filter ? "只查" : "优先"}${rangeInWords(asked.from, asked.to)}的报道` : null,
    typeof total === "number" ? `用时${(total / 1000).toFixed(total < 9950 ? 1 : 0)}秒` : null,
  ].filter(Boolean);
}
