"""The owner of PJSIP: the one thread that does everything with it, one thing after the other.

Rules: it waits for PJSIP's events, and a datagram to its own SIP port ends the waiting when there are commands. The
garbage collector runs here or nowhere: an object of PJSIP's that another thread frees takes the process down.
"""

import gc
import logging
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from device.voice.accounts import Account, Accounts
from device.voice.channel import Channel
from device.voice.endpoint import Endpoint
from device.voice.legs import Legs
from device.voice.links import Links
from device.voice.lookups import Lookups
from device.voice.messages import (
    ROOM,
    AnswerLeg,
    ClosePoint,
    CommandFailed,
    End,
    EndLeg,
    EngineAlive,
    EngineCommand,
    EngineStarted,
    HoldLeg,
    LevelsRead,
    OpenSocket,
    PlaceCall,
    PlayFiles,
    RecordFile,
    SendDigits,
    SetLinks,
    SetSound,
    Settings,
    WatchLevels,
)
from device.voice.pjsip import HAS_SOUND_CARDS, IS_OWN_BUILD, MOST_LEGS, pj, said
from device.voice.points import Points
from device.voice.pulse import Pulse
from device.voice.refusal import CommandRefusedError
from device.voice.sound import Room

log = logging.getLogger(__name__)

IDLE_S = 0.2
BUSY_S = 0.02
ALIVE_EVERY_S = 1.0
COLLECT_EVERY_S = 10.0
LOOK_AT_ROOM_EVERY_S = 0.25
FAREWELL_S = 1.0
FULL_LEVEL = 100
DATAGRAM = b"\r\n\r\n"
"""What SIP sends to keep a way open: whoever gets it wakes up and does nothing."""


class Engine:
    """Does what commands say, until one says `End`."""

    def __init__(self, settings: Settings, channel: Channel) -> None:
        """Start PJSIP. Raises EngineFailedError."""
        gc.disable()
        self._settings = settings
        self._channel = channel
        self._endpoint = Endpoint(settings)
        self._links = Links(self)
        self._pulse = Pulse()
        self._legs = Legs(self._pulse, self._links, Lookups(self._wake), channel.say, settings.silence_limit_s)
        self._points = Points(self._links, channel.say)
        self._accounts = Accounts(settings, self._endpoint, self._arrive)
        self._room = Room(self._endpoint, self._pulse, self._links, channel.say)
        self._watched = WatchLevels()
        self._waker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._waker.connect(self._accounts.wake_address)
        self._due_s: dict[Callable[[float], None], float] = {}
        self._performers: Mapping[type[EngineCommand], Callable[[Any], None]] = {
            PlaceCall: lambda command: self._legs.place(command, self._accounts),
            AnswerLeg: self._legs.answer,
            EndLeg: self._legs.end,
            HoldLeg: self._legs.hold,
            SendDigits: self._legs.press,
            SetLinks: lambda command: self._links.want(command.links),
            PlayFiles: self._points.play,
            OpenSocket: self._points.open_socket,
            RecordFile: self._points.record,
            ClosePoint: lambda command: self._points.close(command.point),
            WatchLevels: self._watch_levels,
            SetSound: lambda command: self._room.use(command.sound, time.monotonic()),
        }

    def run(self) -> None:
        """Work until the end, and leave nothing behind."""
        self._channel.start(self._wake)
        self._channel.say(self._started())
        self._perform(SetSound(sound=self._settings.sound))
        gc.collect()
        gc.freeze()
        while self._perform_all():
            self._endpoint.libHandleEvents(round(1000 * (BUSY_S if self._is_busy() else IDLE_S)))
            self._look(time.monotonic())
        self._close()

    def connect(self, source: str, sink: str, gain: float) -> bool:
        """Let `sink` hear `source`; tell whether that could be done."""
        heard, hearing = self._media_of(source, is_source=True), self._media_of(sink, is_source=False)
        if heard is None or hearing is None:
            return False
        level = pj.AudioMediaTransmitParam()
        level.level = gain
        try:
            heard.startTransmit2(hearing, level)
        except pj.Error as error:
            log.error("%s cannot be linked to %s: %s", source, sink, said(error))
            return False
        return True

    def disconnect(self, source: str, sink: str) -> None:
        """Let `sink` hear `source` no more, if it did."""
        heard, hearing = self._media_of(source, is_source=True), self._media_of(sink, is_source=False)
        if heard is None or hearing is None:
            return
        try:
            heard.stopTransmit(hearing)
        except pj.Error as error:
            log.info("%s was not linked to %s any more: %s", source, sink, said(error))

    def _started(self) -> EngineStarted:
        return EngineStarted(
            version=str(self._endpoint.libVersion().full),
            is_own_build=IS_OWN_BUILD,
            most_legs=min(self._settings.most_legs, MOST_LEGS),
            codecs=self._endpoint.codecs,
            has_sound_cards=HAS_SOUND_CARDS,
            tls="TLS 1.2 and 1.3" if IS_OWN_BUILD else "TLS 1.2",
            addresses=tuple(self._accounts.addresses),
        )

    def _perform_all(self) -> bool:
        """Perform what has come; tell whether to go on."""
        for command in self._channel.commands():
            if isinstance(command, End):
                return False
            self._perform(command)
        return True

    def _perform(self, command: EngineCommand) -> None:
        try:
            self._performers[type(command)](command)
        except CommandRefusedError as error:
            self._refuse(command, str(error))
        except pj.Error as error:
            self._refuse(command, said(error))
        except Exception as error:
            log.exception("%s failed", command.kind)
            self._refuse(command, repr(error))

    def _refuse(self, command: EngineCommand, reason: str) -> None:
        subject = str(getattr(command, "leg", "") or getattr(command, "point", ""))
        log.warning("%s %s failed: %s", command.kind, subject, reason)
        self._channel.say(CommandFailed(command=command.kind, subject=subject, reason=reason))

    def _arrive(self, account: Account, prm: Any) -> None:
        self._legs.arrive(account, self._endpoint, prm)

    def _media_of(self, name: str, *, is_source: bool) -> Any:
        if name == ROOM:
            return self._room.media_of(is_source)
        return self._points.media_of(name) or self._legs.media_of(name)

    def _is_busy(self) -> bool:
        return bool(self._legs) or self._points.has_players or bool(self._watched.names)

    def _look(self, now_s: float) -> None:
        self._legs.look_up()
        self._legs.look(now_s)
        self._points.look()
        self._every(LOOK_AT_ROOM_EVERY_S, self._room.look, now_s)
        self._every(ALIVE_EVERY_S, self._say_alive, now_s)
        self._every(COLLECT_EVERY_S, _collect, now_s)
        if self._watched.names:
            self._every(self._watched.every_s, self._say_levels, now_s)

    def _every(self, period_s: float, act: Callable[[float], None], now_s: float) -> None:
        if now_s >= self._due_s.get(act, 0.0):
            self._due_s[act] = now_s + period_s
            act(now_s)

    def _say_alive(self, now_s: float) -> None:
        self._channel.say(EngineAlive(legs=len(self._legs)))

    def _watch_levels(self, command: WatchLevels) -> None:
        self._watched = command

    def _say_levels(self, now_s: float) -> None:
        levels = {}
        for name in self._watched.names:
            says, hears = self._media_of(name, is_source=True), self._media_of(name, is_source=False)
            try:
                if says is not None and hears is not None:
                    # What the bridge gets from somebody is, for PJSIP, what that one transmits.
                    levels[name] = (says.getTxLevel() / FULL_LEVEL, hears.getRxLevel() / FULL_LEVEL)
            except pj.Error:
                continue
        self._channel.say(LevelsRead(levels=levels))

    def _wake(self) -> None:
        try:
            self._waker.send(DATAGRAM)
        except OSError as error:
            log.debug("the owner is not woken: %s", error)

    def _close(self) -> None:
        """End everything in PJSIP's order; what outlives the library takes the process down with it."""
        had_legs = bool(self._legs)
        self._legs.end_all()
        deadline_s = time.monotonic() + FAREWELL_S * had_legs
        while time.monotonic() < deadline_s:
            self._endpoint.libHandleEvents(round(1000 * BUSY_S))
        self._points.close_all()
        self._room.close_device()
        self._pulse.destroy()
        self._endpoint.libHandleEvents(round(1000 * BUSY_S))
        self._accounts.close()
        gc.unfreeze()
        gc.collect()
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)  # else it would wait for a second, once more


def _collect(now_s: float) -> None:
    gc.collect()
