// This browser's end of one leg: the microphone goes out, what is said comes in, both are measured.
//
// It can be prepared while it rings, so that nothing is left to wait for when it is answered. Closed is over.

import { ask } from "./acts.js";
import { openMicrophone } from "./microphone.js";

const GATHER_WITHIN_MS = 500;
const QUIETEST_DB = -60;
const KEPT = "poga-my-volume";

// How loud whoever sits here wants to hear, 0 to 1.
export function myVolume() {
  return Number(localStorage.getItem(KEPT) ?? 1);
}

export class Headset {
  // `changed` is called when it connects, breaks or closes; `context` returns a running AudioContext, or null.
  constructor(changed, context) {
    this.changed = changed;
    this.context = context;
    this.audio = new Audio();
    this.audio.autoplay = true;
    this.volume = myVolume();
    this.turn = 0;
    this.clear();
  }

  clear() {
    this.leg = null;
    this.peer = null;
    this.sent = null;
    this.tracks = [];
    this.meters = {};
    this.getReady = null;
    this.state = "closed";
  }

  // It was in a call, and is in none any more.
  get isOver() {
    return this.state === "closed" && this.turn > 0;
  }

  set volume(value) {
    this.audio.volume = Math.min(1, Math.max(0, value));
    localStorage.setItem(KEPT, String(this.audio.volume));
  }

  // Opens the microphone and finds the ways to the centre. Said twice, it is done once.
  prepare() {
    this.getReady ??= this.begin(this.turn);
    return this.getReady;
  }

  async begin(turn) {
    const [stream, ways] = await Promise.all([openMicrophone(), ask("/api/speech")]);
    if (!stream || !ways || turn !== this.turn) {
      stream?.getTracks().forEach((track) => track.stop());
      return null;
    }
    const [heard] = stream.getAudioTracks();
    // What is measured stays open while what is sent is muted: so the page can say that nobody hears it.
    this.sent = heard.clone();
    this.tracks = [heard, this.sent];
    heard.addEventListener("ended", () => turn === this.turn && this.close());
    const peer = (this.peer = new RTCPeerConnection({ iceServers: ways.ice_servers }));
    peer.addTransceiver(this.sent, { direction: "sendrecv", streams: [new MediaStream([this.sent])] });
    peer.addEventListener("track", ({ track }) => turn === this.turn && this.play(track));
    peer.addEventListener("connectionstatechange", () => turn === this.turn && this.look());
    this.meters.mine = this.meter(stream);
    await peer.setLocalDescription();
    await gathered(peer);
    return peer;
  }

  // Takes the leg; returns whether it could.
  async answer(leg) {
    this.leg = leg;
    this.state = "connecting";
    this.changed();
    const turn = this.turn;
    const peer = await this.prepare();
    const told = peer && (await ask("/api/speech/answer", { leg, offer: peer.localDescription.sdp }));
    if (turn !== this.turn) return false;
    if (!told) {
      this.close();
      return false;
    }
    await peer.setRemoteDescription({ type: "answer", sdp: told.answer });
    return true;
  }

  play(track) {
    const stream = new MediaStream([track]);
    this.audio.srcObject = stream;
    this.audio.play().catch(() => {}); // a page that nobody has touched: with the first key it plays
    this.meters.theirs = this.meter(stream);
    this.changed();
  }

  // After a page was touched: what could not play before plays now.
  wake() {
    if (this.audio.srcObject && this.audio.paused) this.audio.play().catch(() => {});
    if (this.meters.mine && !this.meters.mine.analyser) this.meters.mine = this.meter(this.meters.mine.stream);
    if (this.meters.theirs && !this.meters.theirs.analyser) this.meters.theirs = this.meter(this.meters.theirs.stream);
  }

  get isSilenced() {
    return Boolean(this.audio.srcObject) && this.audio.paused;
  }

  mute(isOn) {
    if (this.sent) this.sent.enabled = !isOn;
  }

  look() {
    const { connectionState } = this.peer;
    if (connectionState === "failed") {
      this.close();
      return;
    }
    if (connectionState === "connected") this.state = "connected";
    else if (connectionState === "disconnected") this.state = "connecting";
    this.changed();
  }

  close() {
    this.turn += 1;
    this.peer?.close();
    for (const track of this.tracks) track.stop();
    this.audio.srcObject = null;
    this.clear();
    this.changed();
  }

  meter(stream) {
    const context = this.context();
    if (!context) return { stream, analyser: null };
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
    return { stream, analyser, samples: new Float32Array(analyser.fftSize) };
  }

  // How loud, 0 to 1: `mine` or `theirs`.
  level(name) {
    const { analyser, samples } = this.meters[name] ?? {};
    if (!analyser) return 0;
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power + 1e-9)) / QUIETEST_DB));
  }
}

// Waits for the ways to the centre, and not for ever: those of this network are there at once.
function gathered(peer) {
  return new Promise((done) => {
    const look = () => peer.iceGatheringState === "complete" && done();
    peer.addEventListener("icegatheringstatechange", look);
    setTimeout(done, GATHER_WITHIN_MS);
    look();
  });
}
