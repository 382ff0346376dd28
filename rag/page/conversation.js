// The conversation: asks one question at a time, with the earlier ones as its history.

import { byId, question, say } from "./elements.js";
import { Failure, askService, brokenOff, unreachable } from "./service.js";
import { Turn } from "./turn.js";

const HISTORY_TURNS = 3;
const SILENCE_MS = 40000; // the server sends a heartbeat every 10 s; after four missed ones nobody is there

export const session = { turns: [], running: null, number: 0 };

function historyOf(turns) {
  const answered = turns.filter((turn) => turn.answer).slice(-HISTORY_TURNS);
  return [].concat(...answered.map((turn) => [
    { role: "user", content: turn.request.question },
    // Markers of an earlier answer point at nothing in the next one.
    { role: "assistant", content: turn.answer.answer.replace(/\[\d{1,3}\]/g, "") },
  ]));
}

/** Asks, and shows what comes until it is finished, stopped or failed. */
export async function run(request) {
  const body = Object.assign({}, request, { history: historyOf(session.turns), stream: true });
  const last = session.turns[session.turns.length - 1];
  if (last && !last.element.matches("details")) last.fold();
  const turn = new Turn(++session.number, request, retry);
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

function retry(turn) {
  if (session.running) return;
  session.turns = session.turns.filter((other) => other !== turn);
  turn.remove();
  question.field.focus();
  run(turn.request);
}

/** Forgets all turns: the next question stands alone. */
export function forget() {
  const running = session.running;
  session.turns = [];
  session.running = null;
  byId("current").textContent = byId("past-turns").textContent = "";
  byId("past").hidden = true;
  if (running) running.controller.abort();
  showRunning(false);
  say("");
}

export function showRunning(isRunning) {
  const active = document.activeElement;
  question.stop.hidden = !isRunning;
  question.submit.disabled = isRunning;
  if (isRunning && active === question.submit) question.stop.focus();
  if (!isRunning && active === question.stop) question.field.focus();
  question.restart.hidden = !session.turns.length;
  question.label.textContent = historyOf(session.turns).length ? "继续提问（会参考前一问）" : "请输入问题";
  byId("examples").hidden = Boolean(session.turns.length) || !byId("examples-list").children.length;
}
