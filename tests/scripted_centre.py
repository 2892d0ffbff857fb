"""A centre that does what a test tells it to: hears a unit, gives receipts, answers and closes."""

import itertools
import threading
from types import TracebackType
from typing import Self

from device.wire.codec import decode, encode
from device.wire.messages import CentreState, Command, Message, MessageKey, Order, Presence, Receipt
from device.wire.topics import CENTRE, Leaf, parse_unit_topic, unit_topic
from tests.mosquitto import Arrived, Peer
from tests.waiting import Heard

BEAT_S = 5.0


class ScriptedCentre:
    """Lives beside a broker until its block ends. Every message is given its receipt while `gives_receipts`."""

    def __init__(self, port: int, unit_id: str) -> None:
        self.gives_receipts = True
        self.messages: Heard[Message] = Heard()
        self.presence: Heard[Presence] = Heard()
        self._unit_id = unit_id
        self._peer = Peer(port, "scripted-centre")
        self._numbers = itertools.count(1)
        self._ended = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._peer.arrived = _Reader(self)
        self._peer.connect("poga/1/+/alarm", "poga/1/+/event", "poga/1/+/presence")
        self._beating.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._beating.join()
        self._peer.close()

    def wait_for(self, kind: str, count: int = 1) -> Message:
        """Return the `count`-th message with a body of this kind, when it has come."""
        return self.messages.wait(lambda message: message.body.kind == kind, count)

    def order(self, order: Order) -> str:
        """Give the unit an order; return its id."""
        command_id = f"order-{next(self._numbers)}"
        self._send(Leaf.COMMAND, encode(Command(command_id=command_id, order=order)))
        return command_id

    def receive(self, *keys: MessageKey) -> None:
        """Give a receipt."""
        self._send(Leaf.RECEIPT, encode(Receipt(keys=keys)))

    def take(self, arrived: Arrived) -> None:
        """Take what came up from a unit; called on the client's thread."""
        topic = parse_unit_topic(arrived.topic)
        if topic is None or topic.unit_id != self._unit_id:
            return
        if topic.leaf is Leaf.PRESENCE:
            self.presence(decode(Presence, arrived.payload))
            return
        message = decode(Message, arrived.payload)
        self.messages(message)
        if self.gives_receipts:
            self.receive(message.key)

    def _send(self, leaf: Leaf, payload: bytes) -> None:
        self._peer.client.publish(unit_topic(self._unit_id, leaf), payload, qos=1)

    def _beat(self) -> None:
        for beat in itertools.count(1):
            state = CentreState(alive=True, beat=beat, interval_s=BEAT_S)
            self._peer.client.publish(CENTRE, encode(state), qos=1, retain=True)
            if self._ended.wait(BEAT_S):
                return


class _Reader(Heard[Arrived]):
    """Hands each message on as it comes."""

    def __init__(self, centre: ScriptedCentre) -> None:
        super().__init__()
        self._centre = centre

    def __call__(self, item: Arrived) -> None:
        super().__call__(item)
        self._centre.take(item)
