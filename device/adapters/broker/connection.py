"""One attempt to reach one centre and, where it succeeds, its life: a paho client that is used once.

Rules: a thread of its own, for paho blocks in name look-up and TLS; whatever ends that thread ends the connection and
is told to the owner, once. Open means that every subscription was granted. An attempt that was given up sends nothing
any more, however late it comes through. paho holds a lock of its own around `_on_publish` and takes it in `publish`: so
no lock that `heard` takes may be held around `publish`.
"""

import functools
import logging
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, ParamSpec, Protocol

from paho.mqtt.client import (
    MQTT_ERR_SUCCESS,
    Client,
    ConnectFlags,
    DisconnectFlags,
    MQTTMessage,
    error_string,
)
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from device.adapters.broker.acknowledgement import Acknowledgements
from device.adapters.broker.client import QUEUED, connect, new_client, tune
from device.adapters.broker.reading import read
from device.adapters.broker.settings import BrokerSettings, CentreAddress
from device.core.events import AdapterFailed, CentreHeard, Event, MessageUnreadable
from device.ports import AdapterError, TransientAdapterError
from device.wire.codec import WireError, encode
from device.wire.messages import Presence
from device.wire.topics import CENTRE, Leaf, unit_topic

log = logging.getLogger(__name__)

QUEUED_EVENTS = 96
"""Of the `QUEUED` messages; the rest is kept free for alarms."""
LOOP_S = 1.0
FAREWELL_S = 1.0
WITH_WILL: Final = "Disconnect with will message"

_P = ParamSpec("_P")


class Phase(StrEnum):
    """Where a connection stands; it never goes back."""

    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


class Owner(Protocol):
    """Whom a connection tells; from its own thread."""

    def opened(self, connection: "Connection") -> None:
        """Every subscription was granted."""

    def heard(self, connection: "Connection", event: Event) -> None:
        """Something came in."""

    def closed(self, connection: "Connection", reason: str) -> None:
        """It is over; told once."""


def _guarded(callback: Callable[_P, None]) -> Callable[_P, None]:
    """Keep an exception of ours from ending paho's loop over one bad message."""

    @functools.wraps(callback)
    def guard(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception:
            log.critical("%s failed", callback.__name__, exc_info=True)

    return guard


class Connection:
    """Used once: `begin`, `publish` while it is open, `leave`."""

    def __init__(
        self,
        settings: BrokerSettings,
        centre: CentreAddress,
        epoch: str,
        owner: Owner,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare an attempt; nothing is sent before `begin`."""
        self.centre = centre
        self.phase = Phase.CONNECTING
        self.began_s = clock()
        self.opened_s: float | None = None
        self.has_live_centre = False
        self._settings = settings
        self._epoch = epoch
        self._owner = owner
        self._clock = clock
        self._reason: str | None = None
        self._leave_by_s = float("inf")
        self._acknowledgements = Acknowledgements(clock)
        self._lock = threading.Lock()
        self._client = self._new_client()
        self._thread = threading.Thread(target=self._live, name=f"broker {centre}", daemon=True)

    def begin(self) -> None:
        """Start the attempt; returns at once."""
        self._thread.start()

    def publish(self, leaf: Leaf, payload: bytes) -> None:
        """Hand a message over, QoS 1. Raises TransientAdapterError where it is not accepted."""
        limit = QUEUED if leaf is Leaf.ALARM else QUEUED_EVENTS
        if self.unacknowledged() >= limit:
            raise TransientAdapterError(f"centre {self.centre}: {limit} messages wait for its word already")
        info = self._client.publish(unit_topic(self._settings.unit_id, leaf), payload, qos=1)
        if info.rc != MQTT_ERR_SUCCESS:
            raise TransientAdapterError(f"centre {self.centre} was not given the message: {error_string(info.rc)}")
        self._acknowledgements.expect(info)

    def publish_unkept(self, leaf: Leaf, payload: bytes) -> None:
        """Hand a message over, QoS 0: it arrives now or never."""
        self._client.publish(unit_topic(self._settings.unit_id, leaf), payload, qos=0)

    def unacknowledged(self) -> int:
        """Return how many messages the broker has not acknowledged."""
        return self._acknowledgements.awaited()

    def silent_s(self) -> float:
        """Return how long a message has waited for its acknowledgement while nothing else came in either."""
        return self._acknowledgements.silent_s()

    def leave(self, reason: str) -> None:
        """End it now; the broker is asked to publish the will, so that the unit is seen to be gone."""
        self._note(reason)
        self._leave_by_s = self._clock() + FAREWELL_S
        self._end()
        self._client.disconnect(ReasonCode(PacketTypes.DISCONNECT, WITH_WILL))

    def is_alive(self) -> bool:
        """Tell whether its thread runs."""
        return self._thread.is_alive()

    def join(self, timeout_s: float) -> None:
        """Wait for its thread to end."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    # --- the thread ---

    def _live(self) -> None:
        try:
            connect(self._client, self._settings, self.centre)
            rc = MQTT_ERR_SUCCESS
            while rc == MQTT_ERR_SUCCESS and self._clock() < self._leave_by_s:
                rc = self._client.loop(LOOP_S)
            self._note(error_string(rc))
        except (OSError, AdapterError) as error:
            self._note(f"{error}" or type(error).__name__)
        except Exception as error:  # a mistake in paho or here ends this connection, not the unit
            log.critical("the connection to %s failed", self.centre, exc_info=True)
            self._note(f"{type(error).__name__}: {error}")
        finally:
            self._release()
            self._end()

    def _release(self) -> None:
        """Close the socket and break the circle of references, so that nothing is left to the garbage collector."""
        client = self._client
        if (sock := client.socket()) is not None:
            sock.close()
        client.on_connect = client.on_subscribe = client.on_message = client.on_publish = client.on_disconnect = None
        client.on_socket_open = None

    def _end(self) -> None:
        with self._lock:
            if self.phase is Phase.CLOSED:
                return
            self.phase = Phase.CLOSED
            reason = self._reason or "ended"
        self._owner.closed(self, reason)

    def _note(self, reason: str) -> None:
        """Keep the first reason: what follows it only follows from it."""
        with self._lock:
            self._reason = self._reason or reason

    def _new_client(self) -> Client:
        client = new_client(self._settings, self.centre)
        client.will_set(self._presence_topic(), self._presence(online=False), qos=1, retain=True)
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        return client

    def _presence_topic(self) -> str:
        return unit_topic(self._settings.unit_id, Leaf.PRESENCE)

    def _presence(self, online: bool) -> bytes:
        return encode(Presence(online=online, epoch=self._epoch))

    # --- paho's callbacks, all on the thread ---

    def _on_socket_open(self, _client: Client, _data: Any, sock: Any) -> None:
        """Not guarded: an attempt that was given up while it hung must fail before it sends anything."""
        if self.phase is Phase.CLOSED:
            raise ConnectionAbortedError("given up")
        tune(sock, self._settings.keepalive_s)

    @_guarded
    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._note(f"refused: {reason}")
        if reason.is_failure or self.phase is Phase.CLOSED:
            return
        unit_id = self._settings.unit_id
        live_only = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        client.subscribe(
            [
                (unit_topic(unit_id, Leaf.RECEIPT), live_only),
                (unit_topic(unit_id, Leaf.COMMAND), live_only),
                (CENTRE, SubscribeOptions(qos=1)),
            ]
        )
        client.publish(self._presence_topic(), self._presence(online=True), qos=1, retain=True)

    @_guarded
    def _on_subscribe(
        self, _client: Client, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self.leave(f"a subscription was refused: {refused[0]}; look at the unit's rights at the centre")
            return
        with self._lock:
            if self.phase is not Phase.CONNECTING:
                return
            self.phase = Phase.OPEN
            self.opened_s = self._clock()
        self._owner.opened(self)

    @_guarded
    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._acknowledgements.heard()
        try:
            event = read(message.topic, bytes(message.payload))
        except WireError as error:
            log.warning("unreadable on %s: %s", message.topic, error)
            self._owner.heard(self, MessageUnreadable(message.topic, error.problem))
            return
        if isinstance(event, CentreHeard) and event.is_alive and not message.retain:
            self.has_live_centre = True
        self._owner.heard(self, event)

    @_guarded
    def _on_publish(self, _client: Client, _data: Any, _mid: int, reason: ReasonCode, _properties: Properties) -> None:
        """Look at the acknowledgement: paho takes a refused message for a published one. (paho's lock is held here.)"""
        if reason.is_failure:
            text = f"centre {self.centre} refused a message: {reason}; look at the unit's rights at the centre"
            self._owner.heard(self, AdapterFailed("broker", "Publish", text, lasting=True))

    @_guarded
    def _on_disconnect(
        self, _client: Client, _data: Any, flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._note(f"ended by the broker: {reason}" if flags.is_disconnect_packet_from_server else f"lost: {reason}")
