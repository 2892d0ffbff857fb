"""The centre's voice as a test plays it: units call, operators' browsers ring, and everything asked for is remembered.

Nothing sounds here: `FakeVoice.answer` says yes to whatever a browser offers. Where sound matters, tests/browser puts a
real WebRTC peer in its place.
"""

import io
import threading
import wave
from collections.abc import Iterator

from hub.core import call_events as cev
from hub.core import effects as fx
from hub.core.call_records import Browser
from hub.ports import IceServer, RecordingLostError, Report, SpeechRefusedError

BUILD = "a voice of tests"


class FakeVoice:
    """The door to the voice, and what browsers speak through. Every leg ends once, as the real one's do."""

    name = "voice"
    performs: tuple[type[fx.Effect], ...] = fx.VOICE_EFFECTS

    def __init__(self, servers: tuple[IceServer, ...] = ()) -> None:
        self.performed: list[fx.Effect] = []
        self.bridges: dict[int, tuple[fx.Part, ...]] = {}
        self.ringing: dict[str, str] = {}
        self.legs: set[str] = set()
        self.declined: list[str] = []
        self._servers = servers
        self._report: Report = lambda _: None
        self._count = 0
        self._lock = threading.RLock()

    # --- the door ---

    def start(self, report: Report) -> None:
        self._report = report
        report(cev.VoiceStarted(BUILD))

    def stop(self) -> None:
        self._report = lambda _: None

    def perform(self, effect: fx.Effect) -> None:
        with self._lock:
            self.performed.append(effect)
        match effect:
            case fx.Ring():
                self.legs.add(effect.leg)
                if isinstance(effect.address, Browser):
                    self.ringing[effect.leg] = effect.address.operator
                self._report(cev.LegRinging(effect.leg))
            case fx.AnswerCall():
                self._report(cev.LegAnswered(effect.leg))
                self._report(cev.LegHeard(effect.leg))
            case fx.EndCall() | fx.RefuseCall():
                self.end(effect.leg)
            case fx.Bridge():
                self.bridges[effect.conversation] = effect.parts
            case fx.StopSaying():
                self._report(cev.SayingEnded(effect.saying, is_complete=False))
            case fx.StopRecording():
                self._report(cev.RecordingEnded(effect.recording_id, f"{effect.recording_id}.wav", 61.0, "key-1"))
            case _:
                pass

    # --- what browsers speak through ---

    def ice_servers(self) -> tuple[IceServer, ...]:
        return self._servers

    def answer(self, leg: str, operator: str, offer: str) -> str:
        if self.ringing.get(leg) != operator:
            raise SpeechRefusedError(f"{leg} does not ring {operator}")
        found = self.connect(leg, offer)
        del self.ringing[leg]
        self.answered(leg)
        return found

    def decline(self, leg: str, operator: str) -> None:
        if self.ringing.get(leg) == operator:
            self.declined.append(leg)
            self.end(leg, 603)

    def connect(self, leg: str, offer: str) -> str:
        """Return the answer to an offer; whoever wants to hear something says more."""
        return f"v=0\r\ns={leg} {len(offer)}\r\n"

    # --- what happens in the world ---

    def call(self, unit_id: str | None, caller: str = "") -> str:
        """Let a unit call; return its leg."""
        self._count += 1
        leg = f"in-{self._count}"
        self.legs.add(leg)
        self._report(cev.CallArrived(leg, unit_id, caller or str(unit_id)))
        return leg

    def answered(self, leg: str) -> None:
        """Let somebody answer, and be heard."""
        self._report(cev.LegAnswered(leg))
        self._report(cev.LegHeard(leg))

    def end(self, leg: str, status: int = 200, is_silence: bool = False) -> None:
        """Let a leg end; nothing where it has ended already."""
        with self._lock:
            if leg not in self.legs:
                return
            self.legs.discard(leg)
            self.ringing.pop(leg, None)
        self._report(cev.LegEnded(leg, status, "", is_silence))

    def rings(self, operator: str) -> str | None:
        """Return the leg that rings an operator's browser, None where none does."""
        return next((leg for leg, name in list(self.ringing.items()) if name == operator), None)


class FakeSound:
    """A recording of some seconds: silence on both sides."""

    is_whole = True

    def __init__(self, sound: bytes) -> None:
        self._sound = sound
        self.is_open = True

    @property
    def size(self) -> int:
        return len(self._sound)

    @property
    def seconds(self) -> float:
        return (len(self._sound) - 44) / 64_000

    def read(self, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        assert self.is_open
        yield self._sound[first:end]

    def close(self) -> None:
        self.is_open = False


class FakeRecordings:
    """Recordings by file."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, file: str, seconds: float = 2.0) -> None:
        """Put a recording there."""
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(16_000)
            out.writeframes(bytes(int(seconds * 16_000) * 4))
        self.files[file] = buffer.getvalue()

    def open(self, file: str) -> FakeSound:
        if file not in self.files:
            raise RecordingLostError(f"{file} is not there")
        return FakeSound(self.files[file])

    def delete(self, file: str) -> None:
        self.files.pop(file, None)
