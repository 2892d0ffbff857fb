// The microphone of this computer: asked for once, with the shift; open only while a call is.
//
// `state`: `unasked`, `asking`, `ready`, `refused` (the browser or a person said no), `missing` (none is plugged in),
// `unsafe` (a page without https gets none).

const WANTED = { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true }, video: false };
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };

export const microphone = { state: "unasked", name: "" };

const devices = navigator.mediaDevices;

// Asks the browser, in front of a person; the microphone is closed again at once.
export async function askForMicrophone() {
  microphone.state = "asking";
  const stream = await openMicrophone();
  stream?.getTracks().forEach((track) => track.stop());
  return microphone.state;
}

// Opens it; null where it cannot be had, and `microphone.state` says why.
export async function openMicrophone() {
  if (!devices?.getUserMedia) {
    microphone.state = "unsafe";
    return null;
  }
  try {
    const stream = await devices.getUserMedia(WANTED);
    microphone.state = "ready";
    microphone.name = stream.getAudioTracks()[0]?.label ?? "";
    return stream;
  } catch (error) {
    microphone.state = REASONS[error.name] ?? "missing";
    return null;
  }
}

// Looks without opening it: after a new page, or when something was plugged in or pulled out.
export async function lookForMicrophone() {
  if (!devices?.enumerateDevices) {
    microphone.state = "unsafe";
    return;
  }
  const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
  const isThere = (await devices.enumerateDevices()).some((device) => device.kind === "audioinput");
  if (permission?.state === "granted") microphone.state = isThere ? "ready" : "missing";
  else if (permission?.state === "denied") microphone.state = "refused";
}

export function whenPlugged(listener) {
  devices?.addEventListener?.("devicechange", listener);
}
