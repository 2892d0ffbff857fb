"""One connection to the broker, kept for ever by a thread of its own.

Rules: paho is driven through its interface for foreign event loops, because its own thread dies silently of an
exception, waits with select() (above 1,024 descriptors nothing comes in) and has no jitter. Whatever goes wrong ends
one attempt; the next begins after 0.2 to 6 s. The listener hears of `stood` and `fell` in turn, from this thread alone.
"""

import logging
import random
import select
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hub.adapters.broker.buffered_socket import BufferedSocket
from hub.adapters.broker.session import BrokerAddress, BufferingClient, Session, connect, make_client, subscribe
from hub.adapters.broker.sieve import Publication, Sieve
from hub.ports import PermanentAdapterError, TransientAdapterError

log = logging.getLogger(__name__)

LEAST_PAUSE_S = 0.2
MOST_DOUBLINGS = 5
"""Of the longest pause: 6.4 s."""
STEADY_AFTER_S = 10.0
"""A connection that ends sooner is followed by longer and longer pauses: two centres may be throwing each other out."""
REFUSED_PAUSE_S = 5.0
TAKEN_OVER_PAUSE_S = 45.0
"""Long enough for the core to tell an operator of it."""
ANSWER_WITHIN_S = 10.0
TURN_S = 1.0
PACKETS_A_TURN = 500
LEAVE_WITHIN_S = 2.0
STOP_WITHIN_S = 15.0
"""As long as one that is just connecting can take."""

SESSION_TAKEN_OVER = 142
BUSY = frozenset({136, 137})
"""Refusals that pass by themselves: server unavailable, server busy."""


class Listener(Protocol):
    """Who is told what happens on a connection. Nothing may be raised, or the connection is built anew."""

    def stood(self) -> None:
        """Take note: connected, and every subscription granted."""

    def fell(self, reason: str) -> None:
        """Take note: what stood is lost."""

    def refused(self, reason: str) -> None:
        """Take note: the broker does not want us, and a person must see to it."""

    def heard(self, publications: Sequence[Publication], generation: int) -> None:
        """Take what has come on the connection `generation`."""


class Connection:
    """Keeps a session alive on the broker."""

    def __init__(self, address: BrokerAddress, session: Session, listener: Listener) -> None:
        """Prepare; nothing is opened yet."""
        self._address = address
        self._session = session
        self._listener = listener
        self._tls: ssl.SSLContext | None = None
        self._thread = threading.Thread(target=self._run, name=session.client_id, daemon=True)
        self._is_stopping = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._generation = 0
        self._client: BufferingClient | None = None
        self._stands = False
        self._reason = ""
        self._pause_s = 0.0

    def start(self) -> None:
        """Begin to connect, and return at once. Raises PermanentAdapterError."""
        if self._address.tls is not None:
            try:
                self._tls = self._address.tls.context()
            except OSError as error:
                raise PermanentAdapterError(f"the files for TLS to the broker cannot be used: {error}") from None
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._thread.start()

    def stop(self) -> None:
        """Leave the broker, which publishes the will. May be called twice."""
        self._is_stopping.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN_S)
        if not self._thread.is_alive():
            self._wake_reader.close()
            self._wake_writer.close()

    def publish(self, topic: str, payload: bytes, properties: Properties | None = None, retain: bool = False) -> None:
        """Hand the broker a message at QoS 1, from any thread. Raises AdapterError."""
        client = self._client
        if client is None or not client.is_connected():
            raise TransientAdapterError(f"{self._session.client_id} is not connected to the broker")
        try:
            info = client.publish(topic, payload, qos=1, retain=retain, properties=properties)
        except ValueError as error:
            raise PermanentAdapterError(f"nothing can be published on {topic!r}: {error}") from None
        if info.rc is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise TransientAdapterError(f"the broker takes nothing now: {info.rc.name}")
        self._wake()

    def acknowledge(self, generation: int, *mids: int) -> None:
        """Let the broker forget messages of QoS 1; those of an earlier connection come again by themselves."""
        client = self._client
        if client is not None and generation == self._generation:
            for mid in mids:
                client.ack(mid, 1)
            self._wake()

    # --- the thread ---

    def _run(self) -> None:
        pauses = 0
        while not self._is_stopping.is_set():
            began_s = time.monotonic()
            self._reason, self._pause_s = "", 0.0
            try:
                self._attempt()
            except Exception:  # a mistake of ours or of paho's: the next attempt begins afresh
                log.critical("%s: the connection broke", self._session.client_id, exc_info=True)
            pauses = 0 if time.monotonic() - began_s > STEADY_AFTER_S else min(pauses + 1, MOST_DOUBLINGS)
            jitter_s = random.uniform(LEAST_PAUSE_S, LEAST_PAUSE_S * 2**pauses)  # noqa: S311 - nothing secret
            self._is_stopping.wait(max(jitter_s, self._pause_s))

    def _attempt(self) -> None:
        """Connect, and serve until the connection ends."""
        client = make_client(self._address, self._session, self._tls)
        self._generation += 1
        self._listen(client, self._generation)
        self._client = client
        try:
            self._serve(client, connect(client, self._address, self._session))
        except OSError as error:
            self._reason = self._reason or str(error)
        finally:
            self._client = None
            if client.buffered is not None:
                client.buffered.close()
            self._end()

    def _end(self) -> None:
        stood, self._stands = self._stands, False
        reason = self._reason or "a mistake in the program, see its log"
        log.log(logging.WARNING if stood else logging.INFO, "%s: %s", self._session.client_id, reason)
        if stood:
            self._listener.fell(reason)

    def _serve(self, client: BufferingClient, sock: BufferedSocket) -> None:
        answer_by_s = time.monotonic() + ANSWER_WITHIN_S
        leave_by_s = float("inf")
        poll = select.poll()
        poll.register(self._wake_reader, select.POLLIN)
        while client.socket() is not None:
            now_s = time.monotonic()
            if self._is_stopping.is_set() and leave_by_s == float("inf"):
                leave_by_s = now_s + LEAVE_WITHIN_S
                self._leave(client)
            if now_s > leave_by_s or (now_s > answer_by_s and not self._stands):
                raise TimeoutError("the broker does not answer")
            poll.register(sock, select.POLLIN | (select.POLLOUT if client.want_write() else 0))
            poll.poll(0 if sock.pending() else TURN_S * 1000)
            self._sleep_again()
            self._turn(client, sock)

    def _turn(self, client: BufferingClient, sock: BufferedSocket) -> None:
        """Read what has come (but not for ever), write what waits, and keep the connection alive."""
        client.loop_read()
        for _ in range(PACKETS_A_TURN):
            if not sock.pending():
                break
            client.loop_read()
        if client.want_write():
            client.loop_write()
        client.loop_misc()

    def _leave(self, client: BufferingClient) -> None:
        reason = ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message")
        client.disconnect(reason if self._session.will is not None else None)

    def _wake(self) -> None:
        with suppress(OSError):  # full: the thread wakes anyway; closed: it has ended
            self._wake_writer.send(b"!")

    def _sleep_again(self) -> None:
        with suppress(BlockingIOError):
            self._wake_reader.recv(4096)

    # --- what paho tells ---

    def _listen(self, client: BufferingClient, generation: int) -> None:
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        if self._session.is_crowded:
            client.sieve = Sieve(lambda publications: self._listener.heard(publications, generation))
        client.on_message = lambda _client, _userdata, message: self._on_message(message, generation)
        # With this set paho never writes from the thread that publishes, where two writers would mix their packets.
        client.on_socket_register_write = lambda _client, _userdata, _socket: None

    def _on_message(self, message: MQTTMessage, generation: int) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        mid = message.mid if message.qos else 0
        self._listener.heard((Publication(topic, bytes(message.payload), mid, message.retain),), generation)

    def _on_connect(self, client: Any, _userdata: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        if not code.is_failure:
            subscribe(client, self._session)
            return
        self._refuse(f"the broker refuses {self._session.client_id}: {code}", code.value not in BUSY)

    def _on_subscribe(self, client: Any, _userdata: Any, _mid: int, codes: list[ReasonCode], _properties: Any) -> None:
        denied = [
            wanted.topic for wanted, code in zip(self._session.subscriptions, codes, strict=True) if code.is_failure
        ]
        if denied:
            self._refuse(f"the broker does not let {self._session.client_id} hear {', '.join(denied)}", True)
            client.disconnect()
            return
        self._stands = True
        log.info("%s: connected to %s:%s", self._session.client_id, self._address.host, self._address.port)
        self._listener.stood()

    def _on_disconnect(self, _client: Any, _userdata: Any, flags: Any, code: ReasonCode, _properties: Any) -> None:
        said = f"{code}" if flags.is_disconnect_packet_from_server else "the connection has ended"
        self._reason = self._reason or said
        if code.value == SESSION_TAKEN_OVER:
            log.error("%s is used by another program on this broker: only one centre may", self._session.client_id)
            self._pause_s = TAKEN_OVER_PAUSE_S

    def _on_publish(self, _client: Any, _userdata: Any, _mid: int, code: ReasonCode, _properties: Any) -> None:
        if code.is_failure:
            self._listener.refused(f"the broker takes no message of {self._session.client_id}: {code}")

    def _refuse(self, reason: str, is_lasting: bool) -> None:
        self._reason = reason
        self._pause_s = REFUSED_PAUSE_S
        log.error("%s", reason)
        if is_lasting:
            self._listener.refused(reason)
