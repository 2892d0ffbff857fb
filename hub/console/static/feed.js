// One event stream from the centre, kept up for ever, and the word back that somebody is here to hear it.
//
// Knows nothing of pages: `emit` gets `{type, data}` of every event, `word` returns `{on_shift, can_speak}`: whether
// somebody hears, and has a microphone. Its owner calls `tick` every second.

const LOST_AFTER_MS = 5000;
const REOPEN_AFTER_MS = 8000;
const ALIVE_EVERY_MS = 5000;
const EVENTS = ["snapshot", "incident", "call", "ping"];

export class Feed {
  constructor(emit, word) {
    this.emit = emit;
    this.word = word;
    this.csrf = "";
    this.isSignedOut = false;
    this.heardAt = Date.now();
    this.openAt = 0;
    this.aliveAt = 0;
    this.said = "";
    this.source = null;
  }

  // For how long nothing has been heard, in ms; 0 while all is well.
  get lostFor() {
    const silent = Date.now() - this.heardAt;
    return silent > LOST_AFTER_MS ? silent : 0;
  }

  open() {
    this.source?.close();
    this.openAt = Date.now() + REOPEN_AFTER_MS;
    const source = new EventSource("/live");
    this.source = source;
    for (const type of EVENTS) {
      source.addEventListener(type, (event) => {
        if (source === this.source) this.heard(type, JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      if (source === this.source && source.readyState === EventSource.CLOSED) this.refused();
    });
  }

  tick() {
    const isOverdue = Date.now() - this.heardAt > REOPEN_AFTER_MS;
    const isClosed = !this.source || this.source.readyState === EventSource.CLOSED;
    if (!this.isSignedOut && Date.now() >= this.openAt && (isClosed || isOverdue)) this.open();
    if (this.source?.readyState === EventSource.OPEN) this.sayAlive();
  }

  heard(type, data) {
    this.heardAt = Date.now();
    this.emit({ type, data });
  }

  // The server has answered, but not with a stream: either nobody is signed in, or it has no room.
  async refused() {
    this.openAt = Date.now() + 1000 + Math.random() * 1000;
    try {
      const answer = await fetch("/api/me", { cache: "no-store" });
      if (answer.status === 401) this.isSignedOut = true;
    } catch {
      // no contact at all: tick tries again
    }
  }

  async sayAlive() {
    const word = JSON.stringify(this.word());
    const isChange = word !== this.said;
    if (!isChange && Date.now() - this.aliveAt < ALIVE_EVERY_MS) return;
    this.aliveAt = Date.now();
    this.said = word;
    try {
      const answer = await fetch("/api/alive", {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": this.csrf },
        body: word,
      });
      if (answer.status === 401) this.isSignedOut = true;
      else if (answer.ok && !(await answer.json()).streaming) this.open();
    } catch {
      this.said = ""; // say it again as soon as there is contact
    }
  }
}
