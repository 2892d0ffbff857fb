"""Plays on a sound card, through ALSA's `aplay`.

Rules: a child process for each utterance, so that a driver that hangs takes nothing else along; one that cannot be
ended is not joined by a second.
"""

import logging
import os
import shutil
import subprocess
import wave
from io import BytesIO

from device.adapters.prompts.player import Sound, Utterance
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError

log = logging.getLogger(__name__)

PATIENCE_S = 10.0
"""What has not ended after this, and after twice its length, hangs."""
ENDS_WITHIN_S = 2.0
"""Once killed; what takes longer is stuck in the kernel and cannot be ended."""
SILENCE_S = 0.1


class AlsaPlayer:
    """Makes the words heard on one of the machine's sound cards."""

    def __init__(self, device: str, patience_s: float = PATIENCE_S) -> None:
        """Play on a device as `aplay -L` names it."""
        self._device = device
        self._patience_s = patience_s
        self._last: _Aplay | None = None

    def begin(self, utterance: Utterance) -> Sound:
        """Begin to play it."""
        return self._begin(utterance.wav, utterance.duration_s)

    def probe(self) -> Sound:
        """Begin to play silence."""
        return self._begin(_silence(), SILENCE_S)

    def _begin(self, wav: bytes, duration_s: float) -> Sound:
        if self._last is not None and self._last.hangs():
            raise PermanentAdapterError(f"aplay on {self._device} cannot be ended; unplug the loudspeaker's device")
        program = shutil.which("aplay")
        if program is None:
            raise PermanentAdapterError("aplay is not installed; sudo apt install alsa-utils")
        try:
            child = subprocess.Popen(
                [program, "-q", "-D", self._device, "-"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C"},
            )
        except OSError as error:
            raise TransientAdapterError(f"aplay cannot be started: {error}") from error
        self._last = _Aplay(child, self._device, wav, max(2 * duration_s, self._patience_s))
        return self._last


class _Aplay:
    """One run of `aplay`."""

    def __init__(self, child: subprocess.Popen[bytes], device: str, wav: bytes, limit_s: float) -> None:
        self._child = child
        self._device = device
        self._wav = wav
        self._limit_s = limit_s
        self._is_cut = False

    def wait(self) -> bool:
        """Feed it until it ends."""
        try:
            _, said = self._child.communicate(self._wav, timeout=self._limit_s)
        except subprocess.TimeoutExpired as error:
            self._end()
            problem = f"aplay on {self._device} hung for {self._limit_s:.0f} s"
            raise TransientAdapterError(f"{problem}; unplug the loudspeaker and plug it in again") from error
        if self._is_cut:
            return False
        if self._child.returncode == 0:
            return True
        raise self._failure(said.decode(errors="replace").strip())

    def cut(self) -> None:
        """Kill it: a polite signal would let it play on what it has buffered."""
        self._is_cut = True
        self._child.kill()

    def hangs(self) -> bool:
        """Tell whether it is still there."""
        return self._child.poll() is None

    def _end(self) -> None:
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stderr):
            if pipe is not None:
                pipe.close()
        try:
            self._child.wait(timeout=ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            log.error("aplay (process %d) cannot be ended", self._child.pid)

    def _failure(self, said: str) -> AdapterError:
        last_line = said.splitlines()[-1] if said else f"exit code {self._child.returncode}"
        problem = f"aplay on {self._device} failed: {last_line}"
        if "busy" in last_line:
            return TransientAdapterError(f"{problem}; another program holds the loudspeaker")
        return PermanentAdapterError(f"{problem}; see that the loudspeaker is plugged in (`aplay -L` lists devices)")


def _silence() -> bytes:
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * int(SILENCE_S * 16_000)))
    return buffer.getvalue()
