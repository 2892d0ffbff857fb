// Sounds made here, from nothing: no file can be missing. Each kind is known by its melody, each step is louder.

const TICK_SLACK_MS = 150;
const LOUDNESS = [0.25, 0.5, 0.8];
const NOTES = {
  // [frequency in Hz, start, length in s], within one second
  alarm: [[784, 0, 0.2], [1047, 0.22, 0.2], [784, 0.48, 0.2], [1047, 0.7, 0.2]],
  fault: [[523, 0, 0.14], [523, 0.2, 0.14], [415, 0.4, 0.24]],
  trouble: [[330, 0, 0.3], [247, 0.36, 0.44]],
  lost: [[330, 0, 0.3], [247, 0.36, 0.44]],
  again: [[1047, 0, 0.12], [1319, 0.14, 0.12], [1047, 0.28, 0.12], [1319, 0.42, 0.2]],
  call: [[659, 0, 0.16], [784, 0.2, 0.16], [659, 0.4, 0.16], [784, 0.6, 0.24]],
  ready: [[523, 0, 0.1], [659, 0.12, 0.1], [784, 0.24, 0.18]],
};
const WAVES = { alarm: "square", again: "square", trouble: "sawtooth", lost: "sawtooth" };
// How many seconds from one to the next, by step.
const PERIODS = { alarm: [1, 1, 1], again: [3, 3, 3], fault: [10, 6, 4], trouble: [6, 4, 3], lost: [3, 3, 3], call: [2, 2, 2] };
// Beside a voice that is listened to.
const BESIDE_A_CALL = 0.2;

export class Sound {
  constructor() {
    this.context = null;
    this.playedAt = 0;
    this.playing = "none";
  }

  get works() {
    return this.context?.state === "running";
  }

  // Asks the browser for sound; it gives it after a click or a key.
  async unlock() {
    try {
      this.context ??= new AudioContext();
      if (this.context.state !== "running") await this.context.resume();
    } catch {
      // no sound on this machine: the page says so
    }
    return this.works;
  }

  // Called with what is to ring: with every change, and every second.
  beat({ kind, level }, isInCall = false) {
    const isNew = kind !== this.playing;
    this.playing = kind;
    if (kind === "none") return;
    const step = Math.min(level, LOUDNESS.length - 1);
    const waited = performance.now() - this.playedAt;
    if (!isNew && waited < PERIODS[kind][step] * 1000 - TICK_SLACK_MS) return;
    this.playedAt = performance.now();
    this.play(kind, LOUDNESS[step] * (isInCall ? BESIDE_A_CALL : 1), level > 1 ? 1.19 : 1);
  }

  play(name, loudness = LOUDNESS[0], pitch = 1) {
    if (!this.works) return;
    const begin = this.context.currentTime + 0.02;
    for (const [frequency, at, length] of NOTES[name]) {
      const oscillator = new OscillatorNode(this.context, { type: WAVES[name] ?? "triangle", frequency: frequency * pitch });
      const gain = new GainNode(this.context, { gain: 0 });
      gain.gain.setValueAtTime(0, begin + at);
      gain.gain.linearRampToValueAtTime(loudness, begin + at + 0.015);
      gain.gain.setValueAtTime(loudness, begin + at + length - 0.03);
      gain.gain.linearRampToValueAtTime(0, begin + at + length);
      oscillator.connect(gain).connect(this.context.destination);
      oscillator.start(begin + at);
      oscillator.stop(begin + at + length);
    }
  }
}
