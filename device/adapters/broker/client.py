"""A paho client as a unit needs it: bounded, nothing kept between two connections."""

import socket
from typing import Any

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from device.adapters.broker.settings import BrokerSettings, CentreAddress
from device.adapters.broker.tls import client_context

IN_FLIGHT = 10
"""Unacknowledged messages under way at once: no broker allows fewer, and an alarm waits behind no more."""
QUEUED = 128
"""Messages handed over and not acknowledged; the outbox keeps and repeats what is refused beyond it."""
LARGEST_PACKET = 65_536
"""The broker must not send a larger one; what is over the wire's own limit is still told as too large."""
CONNECT_S = 5.0
"""For each address of the host, and for each step of the TLS handshake."""


def new_client(settings: BrokerSettings, centre: CentreAddress) -> Client:
    """Return a client that is not connected and has neither a will nor callbacks yet."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=settings.unit_id, protocol=MQTTv5)
    client.connect_timeout = CONNECT_S
    client.max_inflight_messages = IN_FLIGHT
    client.max_queued_messages = QUEUED
    client.username = centre.username
    client.password = centre.password
    # With a callback for it, paho leaves all writing to the loop; without, two threads may write at once.
    client.on_socket_register_write = _leave_writing_to_the_loop
    return client


def connect(client: Client, settings: BrokerSettings, centre: CentreAddress) -> None:
    """Look the centre up, connect and greet it; blocks. Raises OSError, PermanentAdapterError."""
    if centre.tls:
        client.tls_set_context(client_context(centre))
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = 0  # nothing stale is ever delivered: outbox and centre repeat
    properties.MaximumPacketSize = LARGEST_PACKET
    client.connect(centre.host, centre.port, settings.keepalive_s, clean_start=True, properties=properties)


def tune(sock: socket.socket, keepalive_s: int) -> None:
    """Set what an alarm needs of its socket."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a receipt takes 42 ms instead of 2
    # paho notices a dead line after two keepalives; the kernel half a keepalive after the next thing sent.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, keepalive_s * 1000 // 2)


def _leave_writing_to_the_loop(_client: Client, _data: Any, _sock: Any) -> None:
    pass
