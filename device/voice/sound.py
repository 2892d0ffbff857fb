"""The room: the sound device, found by its name, lost and found again.

Rules: the bridge is clocked by the device, so a dead device stops every leg: it is known by the bridge's own pulse and
by ALSA's word, and a clock of PJSIP's takes over until it is back. It is said once that it is lost, once that it works.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from device.voice.endpoint import Endpoint
from device.voice.links import Links
from device.voice.messages import ROOM, EngineEvent, Sound, SoundFound, SoundKind, SoundLost
from device.voice.pjsip import HAS_SOUND_CARDS, pj, said
from device.voice.points import Socket
from device.voice.pulse import Pulse
from device.voice.refusal import CommandRefusedError

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 2.0
PULSE_LIMIT_S = 1.0
ECHO_TAIL_MS = 200
CONVERTING = ("plughw:", "sysdefault:", "default:")
"""Which of a card's devices to take, best first: those that convert rates, which the bare one does not."""
NO_CARDS = "this build of pjsua2 knows no sound cards: `make pjsua2` installs one that does"


class Room:
    """The sound device, or what stands for it."""

    def __init__(self, endpoint: Endpoint, pulse: Pulse, links: Links, say: Callable[[EngineEvent], None]) -> None:
        self._endpoint = endpoint
        self._links = links
        self._say = say
        self._pulse = pulse
        self._wanted = Sound()
        self._socket: Socket | None = None
        self._is_open = False
        self._is_told_lost = False
        self._problem = ""
        self._beats = 0
        self._beaten_s = 0.0
        self._look_again_s = 0.0
        endpoint.on_sound_error = self._fail

    def use(self, sound: Sound, now_s: float) -> None:
        """Use a sound device from now on. Raises CommandRefusedError where the wanted one can never be."""
        if sound.kind is SoundKind.CARD and not HAS_SOUND_CARDS:
            raise CommandRefusedError(NO_CARDS)
        if sound.kind is SoundKind.SOCKET and sound.socket is None:
            raise CommandRefusedError("a room that is a socket needs the socket's path")
        self.close_device()
        self._wanted = sound
        self._is_told_lost = False
        if sound.kind is SoundKind.SOCKET and sound.socket is not None:
            self._socket = Socket(ROOM, sound.socket)
            self._found(str(sound.socket))
        elif sound.kind is SoundKind.CARD:
            self._open_card(now_s)

    def media_of(self, is_source: bool) -> Any:
        """Return the microphone or the loudspeaker as the bridge knows it, or None."""
        if self._wanted.kind is SoundKind.NONE:
            return None
        if self._wanted.kind is SoundKind.SOCKET:
            return self._socket.media if self._socket else None
        devices = self._endpoint.audDevManager()
        return devices.getCaptureDevMedia() if is_source else devices.getPlaybackDevMedia()

    def look(self, now_s: float) -> None:
        """See whether the device lives, and look for it where it does not."""
        if self._wanted.kind is not SoundKind.CARD:
            return
        if self._is_open:
            self._feel_pulse(now_s)
        if self._is_open and self._problem:
            self._lose(now_s)
        elif not self._is_open and now_s >= self._look_again_s:
            self._open_card(now_s)

    def close_device(self) -> None:
        """Let go of the device, and go on with a clock."""
        # A card's place at the bridge stays: what is not undone now would be linked when it is back, wanted or not.
        self._links.withdraw(ROOM)
        self._is_open = False
        self._endpoint.audDevManager().setNullDev()
        if self._socket:
            self._socket.close()
            self._socket = None

    def _fail(self, problem: str) -> None:
        self._problem = problem

    def _feel_pulse(self, now_s: float) -> None:
        beats = self._pulse.beats
        if beats != self._beats:
            self._beats, self._beaten_s = beats, now_s
        elif now_s - self._beaten_s > PULSE_LIMIT_S:
            self._problem = "it stands still"

    def _lose(self, now_s: float) -> None:
        log.warning("the sound device %s is lost: %s", self._wanted.name, self._problem)
        self.close_device()
        self._look_again_s = now_s
        self._tell_lost(self._problem)

    def _open_card(self, now_s: float) -> None:
        self._look_again_s = now_s + LOOK_AGAIN_S
        self._problem = ""
        devices = self._endpoint.audDevManager()
        try:
            devices.refreshDevs()
            names = [(number, str(device.name)) for number, device in enumerate(devices.enumDev2())]
            card = choose(self._wanted.name, [name for _, name in names])
            if card is None:
                named = f" whose name has {self._wanted.name!r}" if self._wanted.name else ""
                self._tell_lost(f"there is no sound card{named}")
                return
            self._open(devices, next(number for number, name in names if name == card))
        except pj.Error as error:
            devices.setNullDev()
            self._tell_lost(f"{self._wanted.name} cannot be opened: {said(error)}")
            return
        self._beats, self._beaten_s = self._pulse.beats, now_s
        self._found(card)

    def _open(self, devices: Any, number: int) -> None:
        if self._wanted.has_own_echo_canceller:
            devices.setEcOptions(0, 0)
        else:
            devices.setEcOptions(ECHO_TAIL_MS, pj.PJMEDIA_ECHO_WEBRTC_AEC3 | pj.PJMEDIA_ECHO_USE_NOISE_SUPPRESSOR)
        devices.setNoDev()  # else naming the microphone would open the machine's default loudspeaker with it
        devices.setCaptureDev(number)
        devices.setPlaybackDev(number)
        devices.setSndDevMode(0)  # opens it

    def _found(self, name: str) -> None:
        self._is_open = True
        self._is_told_lost = False
        self._links.appear(ROOM)
        self._say(SoundFound(name=name))

    def _tell_lost(self, reason: str) -> None:
        if not self._is_told_lost:
            self._is_told_lost = True
            self._say(SoundLost(reason=reason))


def choose(wanted: str, names: Sequence[str]) -> str | None:
    """Return the device that is meant by (part of) a name, or None; no name means the machine's default."""
    wanted = wanted or "default"
    if wanted in names:
        return wanted
    meant = [name for name in names if wanted.lower() in name.lower()]
    for start in CONVERTING:
        for name in meant:
            if name.startswith(start):
                return name
    return meant[0] if meant else None
