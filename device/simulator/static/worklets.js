// What runs on the browser's audio thread: the home's sound is 16,000 samples a second in frames of 20 ms, the browser's
// is whatever its card likes. `ear` plays frames that come, `mouth` makes frames of what the microphone hears.

const HOME_HZ = 16000;
const FRAME = 320;
const LOUDEST = 32767;
const GATHERED = 3 * FRAME; // before the first sound, and again after a silence: what the network may be late
const MOST = 10 * FRAME; // what is late beyond this is dropped, else every word would come late
const PHASES = 128;
const WIDTH = 12; // zero crossings of the filter to each side

/** Turns samples of one rate into samples of another: a windowed sinc, looked up at the nearest of its phases. */
class Resampler {
  constructor(fromHz, toHz) {
    this.step = fromHz / toHz;
    const cutoff = Math.min(1, toHz / fromHz) * 0.95;
    this.half = Math.ceil(WIDTH / cutoff);
    this.taps = Array.from({ length: PHASES + 1 }, (_, phase) => this.#tapsOf(phase / PHASES, cutoff));
    this.kept = new Float32Array(2 * this.half);
    this.at = this.half;
  }

  #tapsOf(offset, cutoff) {
    const taps = new Float32Array(2 * this.half);
    let sum = 0;
    for (let number = 0; number < taps.length; number += 1) {
      const far = number - this.half + 1 - offset;
      const window = Math.cos((Math.PI * far) / (2 * this.half + 2)) ** 2;
      const angle = Math.PI * cutoff * far;
      taps[number] = window * (far === 0 ? 1 : Math.sin(angle) / angle);
      sum += taps[number];
    }
    return taps.map((tap) => tap / sum);
  }

  feed(samples) {
    const all = new Float32Array(this.kept.length + samples.length);
    all.set(this.kept);
    all.set(samples, this.kept.length);
    const made = [];
    for (; Math.floor(this.at) + this.half < all.length; this.at += this.step) {
      const whole = Math.floor(this.at);
      const taps = this.taps[Math.round((this.at - whole) * PHASES)];
      let sum = 0;
      for (let number = 0; number < taps.length; number += 1) sum += taps[number] * all[whole - this.half + 1 + number];
      made.push(sum);
    }
    const used = Math.max(0, Math.floor(this.at) - this.half);
    this.kept = all.slice(used);
    this.at -= used;
    return made;
  }
}

class Ear extends AudioWorkletProcessor {
  constructor() {
    super();
    this.waiting = [];
    this.isFlowing = false;
    this.resampler = new Resampler(HOME_HZ, sampleRate);
    this.ready = [];
    this.port.onmessage = ({ data }) => {
      for (const sample of new Int16Array(data)) this.waiting.push(sample / LOUDEST);
      if (this.waiting.length > MOST) this.waiting.splice(0, this.waiting.length - GATHERED);
    };
  }

  process(_inputs, [[channel]]) {
    while (this.ready.length < channel.length) {
      this.ready.push(...this.resampler.feed(this.#take(Math.ceil((channel.length * HOME_HZ) / sampleRate))));
    }
    channel.set(this.ready.splice(0, channel.length));
    return true;
  }

  /** Give as many samples as are asked for, of silence where there are none. */
  #take(count) {
    if (!this.isFlowing && this.waiting.length >= GATHERED) this.isFlowing = true;
    const taken = this.isFlowing ? this.waiting.splice(0, count) : [];
    if (taken.length < count) this.isFlowing = false;
    return Float32Array.from({ length: count }, (_, number) => taken[number] ?? 0);
  }
}

class Mouth extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, HOME_HZ);
    this.said = [];
  }

  process([[channel]]) {
    if (channel) this.said.push(...this.resampler.feed(channel));
    while (this.said.length >= FRAME) {
      const frame = Int16Array.from(this.said.splice(0, FRAME), (sample) =>
        Math.round(Math.max(-1, Math.min(1, sample)) * LOUDEST),
      );
      this.port.postMessage(frame.buffer, [frame.buffer]);
    }
    return true;
  }
}

registerProcessor("ear", Ear);
registerProcessor("mouth", Mouth);
