// The conversation: asks one question at a time, with the earlier ones as its history.

import { Failure } from "./service.js";
import { Turn } from "./turn.js";

const HISTORY_TURNS = 8; // asked to go on several times, the service must still see what with
const SILENCE_MS = 40000; // the server sends a heartbeat every 10 s; after four missed ones nobody is there

export class Conversation {
  constructor(app) {
    this.app = app;
    this.turns = [];
    this.running = null;
    this.number = 0;
  }

  answered() {
    return this.turns.filter((turn) => turn.answer);
  }

  history() {
    return [].concat(...this.answered().slice(-HISTORY_TURNS).map((turn) => [
      { role: "user", content: turn.request.question },
      // Markers of an earlier answer point at nothing in the next one.
      {
        role: "assistant",
        content: turn.answer.answer.replace(/\[\d{1,3}\]/g, ""),
        status: turn.answer.status, // a refusal names nobody that the next question could mean
      },
    ]));
  }

  /** Asks, and shows what comes until it is finished, stopped or failed; returns the Answer or null. */
  async run(request) {
    const { app } = this;
    const body = { ...request, history: this.history(), stream: true };
    const turn = new Turn(app, ++this.number, request, (failed) => this.retry(failed));
    const running = (this.running = { controller: new AbortController(), turn, silent: false, timer: 0 });
    this.turns.push(turn);
    app.layout.place(turn);
    if (app.recent) app.recent.add(request.question);
    this.showRunning();
    app.say(app.words.searching);
    const heard = () => {
      clearTimeout(running.timer);
      running.timer = setTimeout(() => {
        running.silent = true;
        running.controller.abort();
      }, SILENCE_MS);
    };
    try {
      heard();
      for await (const [kind, data] of app.service.ask(body, running.controller.signal, heard)) {
        turn.take(kind, data);
        app.layout.follow(turn);
        if (kind === "done") break;
      }
      if (!turn.answer) throw app.service.brokenOff();
    } catch (error) {
      if (turn.element.isConnected) this.fail(this.failureFor(error, running), running);
    } finally {
      clearTimeout(running.timer);
      turn.text.setAttribute("aria-busy", "false");
      if (this.running === running) {
        this.running = null;
        this.showRunning();
      }
    }
    if (!turn.answer) return null;
    app.examples.load(); // which may have needed the key that was given meanwhile
    app.emit("wenju:answer", { question: request.question, answer: turn.answer });
    return turn.answer;
  }

  fail(failure, running) {
    const { app } = this;
    const { question } = running.turn.request;
    running.turn.showFailure(failure);
    app.layout.follow(running.turn);
    if (!running.stopped) app.emit("wenju:error", { question, message: failure.message, status: failure.status });
  }

  failureFor(error, running) {
    const { words, service } = this.app;
    if (error instanceof Failure) return error;
    if (running.silent) return new Failure(words.silent, { detail: words.silentDetail });
    if (running.controller.signal.aborted) return new Failure(words.stopped);
    return service.brokenOff();
  }

  stop() {
    if (!this.running) return;
    this.running.stopped = true;
    this.running.controller.abort();
  }

  retry(turn) {
    if (this.running) return;
    this.turns = this.turns.filter((other) => other !== turn);
    this.app.layout.remove(turn);
    this.app.form.field.focus();
    this.run(turn.request);
  }

  /** Forgets all turns: the next question stands alone. */
  forget() {
    const { running, app } = this;
    this.turns = [];
    this.running = null;
    app.popover.close();
    app.layout.clear();
    if (running) {
      running.stopped = true;
      running.controller.abort();
    }
    this.showRunning();
    app.say("");
  }

  showRunning() {
    this.app.form.showRunning(Boolean(this.running), this.history().length > 0);
    this.app.layout.showState(this.turns.length > 0, Boolean(this.running));
  }
}
