// Bytes of a response → server-sent events, however the network cut them.

export class EventParser {
  constructor() {
    this.rest = "";
    this.kind = "";
    this.data = [];
  }

  /** Returns [kind, data] for each event that is complete now. */
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

/** Yields [kind, value] for each event of a response; `heard` is called whenever anything arrives. */
export async function* eventsOf(response, heard) {
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
