"""What a connection to the broker is: where to, as whom, what it hears, and what it leaves behind when it dies.

Rules: MQTT 5. Every attempt takes a fresh client of paho, so that nothing of a lost connection is sent later: the core
repeats what needs repeating.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.adapters.broker.buffered_socket import BufferedSocket, Stream, send_at_once
from hub.adapters.broker.sieve import Sieve

CONNECT_WITHIN_S = 5.0
KEEPALIVE_S = 10
"""A broker that stands still is noticed after two of these."""
MOST_WAITING = 10_000
"""Publications waiting in memory for the broker's word."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Whom to believe, and who we are where the broker asks for it."""

    ca_file: Path
    cert_file: Path | None = None
    key_file: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return the context for connections. Raises OSError."""
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file, self.key_file)
        return context


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is, and as whom the centre signs in."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str = ""
    password: str = field(default="", repr=False)
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when the connection dies."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic to hear. What the broker holds retained comes only where it is wanted."""

    topic: str
    wants_retained: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Who a connection is.

    `kept_s`: how long the broker keeps what comes in while it is away; 0: not at all. `is_crowded`: thousands of
    messages come every second, and are taken out of the stream before paho sees them.
    """

    client_id: str
    subscriptions: tuple[Subscription, ...]
    kept_s: int = 0
    will: Will | None = None
    is_crowded: bool = False


class BufferingClient(Client):
    """paho's client on a buffered socket: 3 system calls fewer for every message that comes in."""

    buffered: BufferedSocket | None = None
    sieve: Sieve | None = None

    def _create_socket(self) -> BufferedSocket:
        stream = super()._create_socket()
        send_at_once(stream)  # type: ignore[arg-type]  # a TCP or TLS socket: no other transport is chosen here
        self.buffered = BufferedSocket(cast(Stream, stream), self.sieve)
        return self.buffered


def make_client(address: BrokerAddress, session: Session, tls: ssl.SSLContext | None) -> BufferingClient:
    """Return a client for one connection; nothing is sent yet."""
    client = BufferingClient(
        CallbackAPIVersion.VERSION2,
        client_id=session.client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False,
        manual_ack=True,
    )
    client.connect_timeout = CONNECT_WITHIN_S
    client.max_queued_messages = MOST_WAITING
    if address.username:
        client.username_pw_set(address.username, address.password or None)
    if tls is not None:
        client.tls_set_context(tls)
    if session.will is not None:
        client.will_set(session.will.topic, session.will.payload, qos=1, retain=True)
    return client


def connect(client: BufferingClient, address: BrokerAddress, session: Session) -> BufferedSocket:
    """Open the connection and ask for the session; return its socket. Raises OSError."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = session.kept_s
    is_clean = session.kept_s == 0
    client.connect(address.host, address.port, KEEPALIVE_S, clean_start=is_clean, properties=properties)
    if client.buffered is None:
        raise RuntimeError("this version of paho-mqtt makes its sockets elsewhere: BufferingClient must follow it")
    return client.buffered


def subscribe(client: BufferingClient, session: Session) -> None:
    """Ask for everything the session hears, at QoS 1."""
    client.subscribe([(wanted.topic, _options(wanted)) for wanted in session.subscriptions])


def _options(wanted: Subscription) -> SubscribeOptions:
    handling = (
        SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE if wanted.wants_retained else SubscribeOptions.RETAIN_DO_NOT_SEND
    )
    return SubscribeOptions(qos=1, retainHandling=handling)
