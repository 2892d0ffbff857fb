"""What somebody sees who watches the unit's call: how far it is, who hears whom, whether there is a voice at all."""

from enum import StrEnum
from typing import Any

from device.core import events as ev
from device.core.effects import AnswerCall, Effect, EndCall, PlaceCall, SetSpeech
from device.wire.vocabulary import SpeechMode

RINGS = 180


class CallStage(StrEnum):
    """How far a call is."""

    NONE = "none"
    CALLING = "calling"
    RINGING = "ringing"
    ANSWERED = "answered"


class CallSeen:
    """The unit has one call at a time."""

    def __init__(self) -> None:
        """See none."""
        self._name: str | None = None
        self._stage = CallStage.NONE
        self._mode = SpeechMode.SILENT
        self._volume: int | None = None
        self._voice = ""
        self._has_voice = False

    @property
    def hears_the_room(self) -> bool:
        """Tell whether the microphone is open."""
        return self._mode in (SpeechMode.DUPLEX, SpeechMode.LISTEN)

    @property
    def is_open(self) -> bool:
        """Tell whether anybody hears anybody."""
        return self._mode is not SpeechMode.SILENT

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it; `voice` is what the unit says of its engine, nothing where it has none."""
        return {
            "stage": self._stage,
            "microphone": self.hears_the_room,
            "loudspeaker": self._mode in (SpeechMode.DUPLEX, SpeechMode.SPEAK),
            "volume": self._volume,
            "has_voice": self._has_voice,
            "voice": self._voice,
        }

    def take_event(self, event: ev.Event) -> None:
        """See what has happened."""
        match event:
            case ev.VoiceStarted(build):
                self._has_voice, self._voice = True, build
            case ev.VoiceLost(reason):
                self._has_voice, self._voice = False, reason
                self._end()
            case ev.CallProgressed(name, status) if name == self._name and status >= RINGS:
                self._stage = CallStage.RINGING
            case ev.CallAnswered(name) if name == self._name:
                self._stage = CallStage.ANSWERED
            case ev.CallEnded(name) if name == self._name:
                self._end()
            case _:
                pass

    def take_effect(self, effect: Effect) -> None:
        """See what is done."""
        match effect:
            case PlaceCall(name):
                self._begin(name, CallStage.CALLING)
            case AnswerCall(name):
                self._begin(name, CallStage.ANSWERED)
            case EndCall(name) if name == self._name:
                self._end()
            case SetSpeech(name, mode, volume) if name == self._name:
                self._mode, self._volume = mode, volume
            case _:
                pass

    def _begin(self, name: str, stage: CallStage) -> None:
        self._end()
        self._name, self._stage = name, stage

    def _end(self) -> None:
        self._name, self._stage, self._mode, self._volume = None, CallStage.NONE, SpeechMode.SILENT, None
