// The page's ear and mouth. A browser lets nothing sound, and asks for no microphone, before somebody has clicked.

export const OFF = "off";
export const HEARS = "hears";
export const SPEAKS = "speaks";
export const LOST = "lost";

const MICROPHONE = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Voice {
  #context = null;
  #socket = null;
  #stream = null;
  #tell;

  /** `tell` is called with the state whenever it changes. */
  constructor(tell) {
    this.#tell = tell;
    this.state = OFF;
  }

  async open() {
    const context = new AudioContext({ latencyHint: "interactive" });
    this.#context = context;
    await context.audioWorklet.addModule("/static/worklets.js");
    const ear = new AudioWorkletNode(context, "ear", { numberOfInputs: 0, outputChannelCount: [1] });
    ear.connect(context.destination);
    this.#socket = this.#connect(ear);
    this.#become(HEARS);
    await this.#listenToMicrophone(context);
  }

  close() {
    this.#become(OFF);
    this.#socket?.close();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#context?.close();
    this.#socket = this.#stream = this.#context = null;
  }

  #connect(ear) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/voice`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => ear.port.postMessage(data, [data]));
    socket.addEventListener("close", () => {
      if (socket === this.#socket) this.#become(LOST);
    });
    return socket;
  }

  /** Without a microphone, or the leave to use it, one hears all the same. */
  async #listenToMicrophone(context) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
    } catch {
      return;
    }
    if (context !== this.#context) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#stream = stream;
    const mouth = new AudioWorkletNode(context, "mouth", { outputChannelCount: [1] });
    mouth.port.onmessage = ({ data }) => {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(data);
    };
    context.createMediaStreamSource(stream).connect(mouth).connect(context.destination); // it says nothing there
    if (this.state === HEARS) this.#become(SPEAKS);
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#tell(state);
  }
}
