"""A call between two processes, over TLS, with SRTP or not at all: a tone goes in here and must be heard there.

    python -m images.pjsua2.loopback FOLDER     is the other process; the check starts it

Rules: the two speak through files in FOLDER, because PJSIP writes to the standard output.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from images.pjsua2.endpoint import EndpointError, Phone, phone, pj

TONE_HZ = 440
FULL_LEVEL = 100
HEARD = 0.05
"""Of 1, the full level."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the called side has seen and heard."""

    level: float
    codec: str
    is_secure: bool


def call_another_process(launcher: Sequence[str], folder: Path) -> Heard:
    """Start the other process, call it with a tone, and return what it has heard. Raises EndpointError."""
    with (folder / "called.txt").open("w") as said:
        command = [*launcher, sys.executable, "-m", __name__, str(folder)]
        called = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            with phone(folder / "caller.log") as caller:
                heard = _call(caller, folder, called)
            status = called.wait(60)
        finally:
            called.kill()
            called.wait()
    if status != 0:
        raise EndpointError(f"the called process ended with status {status}: see {said.name}")
    return heard


def _call(caller: Phone, folder: Path, called: subprocess.Popen[bytes]) -> Heard:
    def is_there(file: Path) -> bool:
        if called.poll() is not None:
            raise EndpointError(
                f"the called process ended with status {called.returncode}: see {folder / 'called.txt'}"
            )
        return file.exists()

    caller.listen(pj.PJSIP_TRANSPORT_TLS, folder)
    caller.enter("caller", srtp=True)
    caller.until(lambda: is_there(folder / "port"), "the called process listens")
    leg = caller.call(f"sip:called@127.0.0.1:{(folder / 'port').read_text()};transport=tls")
    caller.until(lambda: leg.is_heard, "the call is answered")
    tone = pj.ToneGenerator()
    tone.createToneGenerator(16000, 1)
    description = pj.ToneDesc()
    description.freq1, description.on_msec, description.off_msec = TONE_HZ, 1000, 0
    tone.play(pj.ToneDescVector([description]), True)
    tone.startTransmit(leg.getAudioMedia(-1))
    caller.until(lambda: is_there(folder / "heard"), "the tone is heard")
    tone.stop()
    return Heard(**json.loads((folder / "heard").read_text()))


def _be_called(folder: Path) -> None:
    with phone(folder / "called.log") as called:
        port = called.listen(pj.PJSIP_TRANSPORT_TLS, folder)
        called.answers = True
        called.enter("called", srtp=True)
        _write(folder / "port", str(port))
        called.until(lambda: any(leg.is_heard for leg in called.legs), "a call comes and has media")
        heard = _listen(called)
        _write(folder / "heard", json.dumps(asdict(heard)))
        called.until(lambda: not called.legs, "the caller hangs up")
        _misuse(called)


def _listen(called: Phone) -> Heard:
    leg = called.legs[0]
    # What the bridge gets from a leg is, for PJSIP, what the leg transmits.
    leg.getAudioMedia(-1).startTransmit(called.endpoint.audDevManager().getPlaybackDevMedia())
    called.until(lambda: leg.getAudioMedia(-1).getTxLevel() > HEARD * FULL_LEVEL, "the tone comes")
    stream = leg.getStreamInfo(0)
    return Heard(
        level=leg.getAudioMedia(-1).getTxLevel() / FULL_LEVEL,
        codec=stream.codecName,
        is_secure=bool(stream.proto & pj.PJMEDIA_TP_PROFILE_SRTP),
    )


def _misuse(called: Phone) -> None:
    """Touch a call that cannot be. A build with live asserts would abort the process here."""
    try:
        pj.Call(called.account, 1_000_000).hangup(pj.CallOpParam())
    except pj.Error:
        return


def _write(file: Path, text: str) -> None:
    part = file.with_suffix(".part")
    part.write_text(text)
    part.rename(file)


if __name__ == "__main__":
    _be_called(Path(sys.argv[1]))
