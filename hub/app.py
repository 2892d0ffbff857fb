"""Puts the centre together: settings to doors, opened in order, closed in reverse.

Rules: the only place that chooses adapters. The store is opened first and closed last; the broker's child runs before
the centre connects to it, and ends after the last receipt.
"""

import contextlib
import ctypes
import gc
import logging
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pydantic import SecretStr

from device.voice import messages as vm
from hub import config
from hub.adapters.broker import Broker, BrokerAddress, Tls
from hub.adapters.enrolled import EnrolledUnits
from hub.adapters.mosquitto import Listener, Mosquitto, MosquittoSettings, ServerCertificate
from hub.adapters.relays import Relays, ways_out
from hub.adapters.service_manager import ServiceManager
from hub.adapters.store import OpenStore, open_store
from hub.adapters.voice.absent import NoVoice
from hub.adapters.voice.adapter import Voice
from hub.adapters.voice.legs import Trunk
from hub.adapters.voice.numbers import Directory
from hub.adapters.voice.settings import VoiceSettings
from hub.adapters.voice.webrtc import messages as wm
from hub.config import BrokerSettings, Settings
from hub.console import Console, ConsoleSettings
from hub.core import events as ev
from hub.core.centre import ReceivingCentre
from hub.core.moment import Moment
from hub.ports import Adapter
from hub.runtime import Runtime

log = logging.getLogger(__name__)

STORE = "store"
UNITS = "units"
BROKER = "broker"
RECORDINGS = "recordings"
RECORDING_KEYS = "recording-keys"
CENTRE_USER = "alarm"
"""Who the centre is in SIP."""
SWITCH_INTERVAL_S = 0.0005
"""Python's default of 5 ms lets the heartbeats' thread hold an alarm back for that long."""
RARER_COLLECTIONS = (50_000, 20, 50)
"""A batch of heartbeats makes thousands of objects that no collection ever finds garbage among."""
PULSE_WITHIN_S = 5.0
LARGE_PIECE_BYTES = 1024**2
_M_MMAP_THRESHOLD = -3  # of <malloc.h>


@dataclass(slots=True)
class Pulse:
    """When the loop last turned; hands the turn on to the service manager."""

    manager: ServiceManager
    last_s: float = 0.0

    def __call__(self) -> None:
        """Note a turn of the loop."""
        self.last_s = time.monotonic()
        self.manager.pulse()

    def is_alive(self) -> bool:
        """Tell whether the loop has turned lately."""
        return time.monotonic() - self.last_s < PULSE_WITHIN_S


@dataclass(frozen=True, slots=True)
class Program:
    """A centre, put together and not started."""

    settings: Settings
    store: OpenStore
    mosquitto: Mosquitto | None
    broker_port: int
    broker: Broker
    console: Console
    voice: Voice | None
    runtime: Runtime
    manager: ServiceManager

    def run(self) -> None:
        """Live until `stop`. Raises AdapterError where the broker cannot run."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*RARER_COLLECTIONS)
        _keep_no_large_pieces()
        try:
            if self.mosquitto is not None:
                self.mosquitto.start()
            self.manager.ready()
            self.runtime.run(ev.Started(secrets.token_hex(4), self.store.main.load_snapshot()))
        finally:
            self.manager.stopping()
            self.broker.stop()  # where it was never started, too
            if self.mosquitto is not None:
                self.mosquitto.stop()
            self.store.close()

    @property
    def is_ready(self) -> bool:
        """Tell whether units and operators can come."""
        return self.runtime.is_running and self.broker.is_connected and bool(self.console.url)

    def stop(self) -> None:
        """Ask the centre to end; returns at once, from any thread."""
        self.runtime.stop()


def build(settings: Settings) -> Program:
    """Return the centre that these settings describe. Raises AdapterError, ValueError."""
    manager = ServiceManager()
    pulse = Pulse(manager)
    store = open_store(settings.data_dir / STORE)
    try:
        mosquitto, address, port = _broker(settings)
        broker = Broker(address, store.heartbeats)
        voice = Voice(voice_settings(settings)) if settings.voice.is_on else None
        console = _console(settings, store, broker, pulse, voice)
        adapters: tuple[Adapter, ...] = (
            store.upkeep,
            _relays(settings),
            console,
            voice or NoVoice(),
            *_enrolled(settings, store, mosquitto),
            broker,
        )
        core = ReceivingCentre(settings.escalation.timings())
        runtime = Runtime(core, store.main, adapters, now, pulse)
    except BaseException:
        store.close()
        raise
    return Program(settings, store, mosquitto, port, broker, console, voice, runtime, manager)


def now() -> Moment:
    """Return this moment."""
    return Moment(time.monotonic(), time.time(), float(time.localtime().tm_gmtoff))


def software_version() -> str:
    """Return the version of the installed program."""
    try:
        return metadata.version("poga")
    except metadata.PackageNotFoundError:
        return "unknown"


def units_folder(settings: Settings) -> Path:
    """Return the folder with a file for every unit that may connect."""
    return settings.data_dir / UNITS


def free_port(host: str) -> int:
    """Return a port that nobody uses at this moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _broker(settings: Settings) -> tuple[Mosquitto | None, BrokerAddress, int]:
    wanted = settings.broker
    if not wanted.is_embedded:
        return None, _address_of(wanted), wanted.port
    port = wanted.port or free_port(wanted.host)
    certificate = ServerCertificate(wanted.certificate, wanted.key) if wanted.certificate and wanted.key else None
    mosquitto = Mosquitto(
        MosquittoSettings(
            _broker_folder(settings), (Listener(wanted.host, port, certificate),), hub_port=free_port("127.0.0.1")
        )
    )
    host, hub_port = mosquitto.hub_address
    username, password = mosquitto.hub_credentials
    return mosquitto, BrokerAddress(host, hub_port, username, password), port


def _broker_folder(settings: Settings) -> Path:
    """Return where the broker's files are written at every start.

    In memory, where systemd names a place (`RuntimeDirectory`): a centre must start though its disk is full.
    """
    runtime = os.environ.get("RUNTIME_DIRECTORY")
    return Path(runtime, BROKER) if runtime else settings.data_dir / BROKER


def _address_of(wanted: BrokerSettings) -> BrokerAddress:
    tls = Tls(wanted.ca_file, wanted.certificate, wanted.key) if wanted.ca_file else None
    return BrokerAddress(wanted.host, wanted.port, wanted.username, _open(wanted.password), tls)


def _enrolled(settings: Settings, store: OpenStore, mosquitto: Mosquitto | None) -> tuple[Adapter, ...]:
    """Return the door through which new units come; with a broker of somebody else's they are made there."""
    if mosquitto is None:
        return ()
    known = {unit.unit_id for unit in store.main.load_snapshot().units}
    return (EnrolledUnits(units_folder(settings), known, mosquitto.set_units),)


def _relays(settings: Settings) -> Relays:
    wanted = settings.relays
    ways = ways_out(wanted.webhooks, [way.get_secret_value() for way in wanted.apprise])
    return Relays(ways, settings.console.public_url)


def voice_settings(settings: Settings) -> VoiceSettings:
    """Return what the door of voice needs to know."""
    wanted = settings.voice
    is_sealed = wanted.trunk_is_encrypted and "transport=tls" in wanted.trunk
    return VoiceSettings(
        engine=vm.Settings(
            user=CENTRE_USER,
            transports=tuple(_transport(wanted, protocol) for protocol in wanted.protocols),
            media_host=wanted.media_host or wanted.host,
            rtp_port=wanted.rtp_port,
        ),
        recordings=settings.data_dir / RECORDINGS,
        keys=settings.data_dir / RECORDING_KEYS,
        directory=Directory(wanted.region, wanted.trunk, wanted.unit_address, wanted.may_call_emergency),
        trunk=Trunk(wanted.caller_number, vm.Srtp.MANDATORY if is_sealed else vm.Srtp.OPTIONAL),
        browsers=wm.Settings(ice=tuple(_ice(wanted))),
    )


def _ice(wanted: config.VoiceSettings) -> Iterator[wm.Ice]:
    if wanted.stun:
        yield wm.Ice(urls=wanted.stun)
    if wanted.turn:
        yield wm.Ice(urls=wanted.turn, username=wanted.turn_username, credential=_open(wanted.turn_password))


def _transport(wanted: config.VoiceSettings, protocol: vm.Protocol) -> vm.Transport:
    if protocol is not vm.Protocol.TLS:
        return vm.Transport(protocol=protocol, host=wanted.host, port=wanted.port)
    return vm.Transport(
        protocol=protocol,
        host=wanted.host,
        port=wanted.tls_port,
        cert_file=wanted.certificate,
        key_file=wanted.key,
        ca_file=wanted.ca_file,
        srtp=vm.Srtp.MANDATORY,
    )


def _console(settings: Settings, store: OpenStore, broker: Broker, pulse: Pulse, voice: Voice | None) -> Console:
    wanted = settings.console
    return Console(
        ConsoleSettings(
            host=wanted.host,
            port=wanted.port,
            public_url=wanted.public_url,
            centre_name=settings.name,
            tls_certificate=wanted.certificate,
            tls_key=wanted.key,
            metrics_token=_open(wanted.metrics_token),
            first_code_file=settings.data_dir / "first-code",
        ),
        store.reader,
        measures=lambda: _measures(broker, voice),
        checks=lambda: {"loop": pulse.is_alive(), "store": store.trouble is None, "broker": broker.is_connected},
        speech=voice,
        recordings=voice.recordings if voice else None,
    )


def _measures(broker: Broker, voice: Voice | None) -> Mapping[str, float]:
    passed = {f"broker_{counted}_{what}_total": float(count) for (counted, what), count in broker.counts().items()}
    speaks = {"voice_is_running": float(voice.is_running)} if voice else {}
    return {**passed, **speaks, "process_id": float(os.getpid())}


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _keep_no_large_pieces() -> None:
    """Have large pieces of memory given back when they are freed: glibc would keep the 19 MiB of every sign-in."""
    with contextlib.suppress(OSError, AttributeError):  # not glibc: it keeps its heap in its own way
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_PIECE_BYTES)
