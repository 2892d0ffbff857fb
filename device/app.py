"""Puts the unit together: settings to doors, opened in order, closed in reverse.

Rules: the only place that chooses adapters. Buttons are opened before the line: a press is taken from the first moment
on. The watchdog comes last, for it tells the service manager that all others are open.
"""

import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from device.adapters.broker import Broker, BrokerSettings, CentreAddress, knock, sign_in
from device.adapters.clock import Clock
from device.adapters.health import Health
from device.adapters.indicators import Indicators
from device.adapters.lifetime import AlreadyRunningError, Lifetime, boot_id
from device.adapters.outbox import Outbox
from device.adapters.power import MainsInput
from device.adapters.prompts import AlsaPlayer, Player, Prompts, Room, RoomPlayer
from device.adapters.trigger_button import Input, TriggerButtons
from device.adapters.voice import Target, Voice, VoiceSettings
from device.adapters.watchdog import Watchdog
from device.config import Centre, ConfigError, Contact, Settings, SpeechTransport
from device.core import events as ev
from device.core.call import NO_CALLS, CallPlan
from device.core.effects import Effect, Prompt
from device.core.moment import Moment
from device.core.triggers import CANCEL
from device.core.unit import LocalUnit
from device.journal import Entry, Journal, Step
from device.pins import Kind, Pin, load_pins
from device.ports import Adapter
from device.prompts import manifest
from device.prompts.manifest import AUDIO
from device.prompts.words import Language
from device.runtime import Core, Runtime
from device.voice import messages as engine

OUTBOX = "outbox.sqlite3"
JOURNAL = "journal"
VOICE_LOG = "voice.log"
BEFORE_A_WORD_S = 0.15
"""From the core's word to the loudspeaker's first."""
SWITCH_INTERVAL_S = 0.0005
"""Python's default of 5 ms lets whoever computes, as the journal does, hold each step of an alarm back for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitutes:
    """What takes the place of a part, where a home is only played; None: the real one."""

    pin_factory: Any = None
    """gpiozero's; only adapters know the library."""
    player: Callable[[Room | None], Player] | None = None
    """Takes the voice engine's room, where there is an engine."""
    room_socket: Path | None = None
    """Where a played room gets and gives its sound, in place of a sound card; the engine then logs to a file."""
    power: Adapter | None = None
    further: tuple[Adapter, ...] = ()
    boot_id: str | None = None
    watch: Callable[[Step], None] | None = None
    """Told of every step, on the loop's thread, before its effects are performed."""


THE_REAL_HOME = Substitutes()


@dataclass(frozen=True, slots=True)
class Program:
    """A unit, put together and not started."""

    core: LocalUnit
    adapters: tuple[Adapter, ...]
    clock: Callable[[], Moment]
    lifetime: Lifetime
    software: str
    epoch: str
    boot_id: str
    outbox: Outbox
    voice: Voice | None
    runtime: Runtime

    def run(self) -> None:
        """Live until `stop`. Raises AlreadyRunningError where another unit has the data folder."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        cause = self.lifetime.begin()
        try:
            left = self.outbox.load()
            self.runtime.run(
                ev.Started(self.epoch, self.boot_id, cause, self.software, left.waiting, left.more, left.open_alarm)
            )
        finally:
            self.lifetime.end()

    def is_alone(self) -> bool:
        """Take the data folder, until `lifetime.end` or the end of `run`; tell whether no other unit has it."""
        try:
            self.lifetime.claim()
        except AlreadyRunningError:
            return False
        return True

    def stop(self) -> None:
        """Ask the unit to end; returns at once, from any thread."""
        self.runtime.stop()


def build(settings: Settings, substitutes: Substitutes = THE_REAL_HOME) -> Program:
    """Return the unit that these settings describe. Raises ConfigError."""
    software = software_version()
    epoch = secrets.token_hex(8)
    boot = substitutes.boot_id or boot_id() or epoch
    triggers = tuple(trigger.trigger() for trigger in settings.triggers)
    calls = call_plan(settings)
    unit = LocalUnit(triggers, calls)
    watchdog = Watchdog()
    outbox = Outbox(settings.data_dir / OUTBOX, watchdog)
    journal = Journal(settings.data_dir / JOURNAL, triggers, software, calls)
    pins = {pin.name: pin for pin in load_pins()}
    factory = substitutes.pin_factory
    voice = Voice(voice_settings(settings, substitutes.room_socket)) if settings.speech.targets else None
    doors: tuple[Adapter, ...] = (
        journal,
        outbox,
        Indicators(_pin(pins, "light_pin", settings.light_pin, Kind.OUTPUT).bcm, factory),
        Prompts(AUDIO, settings.language, _player(settings, voice, substitutes)),
        *_power(settings, pins, substitutes),
        TriggerButtons(_inputs(settings, pins), watchdog, factory),
        *substitutes.further,
        Health(settings.data_dir),
        *([voice] if voice else []),
        Broker(broker_settings(settings), epoch),
        watchdog,
    )
    clock = Clock()
    core: Core = unit if substitutes.watch is None else _Watched(unit, substitutes.watch)
    runtime = Runtime(core, doors, clock, journal, watchdog)
    lifetime = Lifetime(settings.data_dir, boot)
    return Program(unit, doors, clock, lifetime, software, epoch, boot, outbox, voice, runtime)


def software_version() -> str:
    """Return the version of the installed program."""
    try:
        return metadata.version("poga")
    except metadata.PackageNotFoundError:
        return "unknown"


def broker_settings(settings: Settings) -> BrokerSettings:
    """Return the centres as the broker's door takes them. Raises ConfigError."""
    addresses = []
    for number, centre in enumerate(settings.centres):
        try:
            addresses.append(_address(centre, settings.unit_id))
        except (ValueError, ConfigError) as error:
            raise ConfigError(f"centres[{number}]: {error}") from None
    return BrokerSettings(settings.unit_id, tuple(addresses), settings.keepalive_s)


def call_plan(settings: Settings) -> CallPlan:
    """Return how the unit calls; the microphone waits until its notice is said, in the language it is said in."""
    ring_times_s = settings.speech.ring_times_s()
    if not ring_times_s:
        return NO_CALLS
    try:
        spoken = manifest.load(AUDIO)
    except manifest.AudioError:
        spoken = {}  # the door of the prompts tells of it
    names = [manifest.name_of(language, Prompt.MICROPHONE_OPEN) for language in (settings.language, Language.EN)]
    notice = next((spoken[name] for name in names if name in spoken), None)
    return CallPlan(ring_times_s) if notice is None else CallPlan(ring_times_s, notice.duration_s + BEFORE_A_WORD_S)


def voice_settings(settings: Settings, room_socket: Path | None = None) -> VoiceSettings:
    """Return the calls and the sound of the room as the door of voice takes them."""
    speech = settings.speech
    if room_socket is None:
        sound = engine.Sound(
            kind=engine.SoundKind.CARD,
            name=speech.sound_card,
            has_own_echo_canceller=speech.has_own_echo_canceller,
        )
    else:
        sound = engine.Sound(kind=engine.SoundKind.SOCKET, socket=room_socket)
    return VoiceSettings(
        engine.Settings(
            user=settings.unit_id,
            transports=tuple(_transport(settings, transport) for transport in speech.transports),
            sound=sound,
            media_host=speech.transports[0].host,
            log_file=None if room_socket is None else settings.data_dir / VOICE_LOG,
        ),
        tuple(Target(target.uri, target.srtp) for target in speech.targets),
        speech.centre_names,
    )


def visit(settings: Settings, number: int, timeout_s: float, *, signs_in: bool) -> str:
    """Knock at a centre, or sign in there as the unit would; return what was met. Raises OSError, AdapterError.

    Signing in throws out a unit of this name that runs.
    """
    broker = broker_settings(settings)
    centre = broker.centres[number]
    if not signs_in:
        return knock(centre, timeout_s)
    encryption = sign_in(broker, centre, timeout_s)
    return f"{encryption}, lets {centre.username or 'the unit'} in"


def _address(centre: Centre, unit_id: str) -> CentreAddress:
    password = centre.read_password()
    return CentreAddress(
        host=centre.host,
        port=centre.port,
        tls=centre.tls,
        ca_file=centre.ca_file,
        cert_file=centre.cert_file,
        key_file=centre.key_file,
        username=centre.username or (unit_id if password is not None else None),
        password=password,
    )


def _transport(settings: Settings, transport: SpeechTransport) -> engine.Transport:
    where = engine.Transport(protocol=transport.protocol, host=transport.host, port=transport.port)
    if transport.protocol is not engine.Protocol.TLS:
        return where
    speech = settings.speech
    return where.model_copy(
        update={
            "ca_file": speech.ca_file,
            "cert_file": speech.cert_file,
            "key_file": speech.key_file,
            "srtp": engine.Srtp.MANDATORY,
        }
    )


def _player(settings: Settings, voice: Voice | None, substitutes: Substitutes) -> Player:
    room = None if voice is None else voice.room
    if substitutes.player is not None:
        return substitutes.player(room)
    alone = AlsaPlayer(settings.sound_device)
    return alone if room is None else RoomPlayer(room, alone)


def _inputs(settings: Settings, pins: dict[str, Pin]) -> tuple[Input, ...]:
    inputs = []
    for number, trigger in enumerate(settings.triggers):
        if trigger.pin:
            pin = _pin(pins, f"triggers[{number}].pin", trigger.pin, Kind.INPUT)
            inputs.append(Input(trigger.id, pin.bcm, trigger.contact or _contact(pin)))
    if settings.cancel_pin:
        pin = _pin(pins, "cancel_pin", settings.cancel_pin, Kind.INPUT)
        inputs.append(Input(CANCEL, pin.bcm, _contact(pin), is_cancel=True))
    return tuple(inputs)


def _power(settings: Settings, pins: dict[str, Pin], substitutes: Substitutes) -> Sequence[Adapter]:
    if substitutes.power is not None:
        return (substitutes.power,)
    if not settings.mains_pin:
        return ()
    return (MainsInput(_pin(pins, "mains_pin", settings.mains_pin, Kind.INPUT).bcm, substitutes.pin_factory),)


def _pin(pins: dict[str, Pin], key: str, name: str, kind: Kind) -> Pin:
    pin = pins.get(name)
    if pin is None or pin.kind is not kind:
        allowed = ", ".join(other.name for other in pins.values() if other.kind is kind)
        raise ConfigError(f"{key}: {name!r} is no {kind} in hardware/pins.csv; allowed: {allowed}")
    return pin


def _contact(pin: Pin) -> Contact:
    return pin.contact or Contact.NORMALLY_OPEN


class _Watched:
    """A core whose every step somebody is told of."""

    def __init__(self, unit: LocalUnit, watch: Callable[[Step], None]) -> None:
        """Watch over a unit."""
        self._unit = unit
        self._watch = watch
        self.next_deadline = unit.next_deadline

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        """Let the unit decide, and tell."""
        effects = self._unit.handle(event, now)
        self._watch(Step(Entry(event, now), tuple(effects), self._unit.alarm.state))
        return effects
