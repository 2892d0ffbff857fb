"""The connection on which alarms, events and presence come in, and everything that the centre says goes out.

Rules: here a message is only decoded and reported; the broker forgets it (PUBACK) after the commit and after the
receipt went out, never before. A token names the connection and the message; one of an earlier connection is passed
over, for the broker sends such a message again. What cannot be read is reported too: somebody may have pressed.
"""

import logging
from collections.abc import Sequence

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from device.wire import codec, topics
from device.wire.messages import CentreState, Command, Message, MessageKey, Model, Presence, Receipt
from device.wire.topics import Leaf
from device.wire.vocabulary import Urgency
from hub.adapters.broker.connection import Connection
from hub.adapters.broker.counts import Counted, Counts
from hub.adapters.broker.hearing import Hearing
from hub.adapters.broker.malformed import Malformed
from hub.adapters.broker.session import BrokerAddress, Session, Subscription, Will
from hub.adapters.broker.sieve import Publication
from hub.core import events as ev
from hub.core import timings

log = logging.getLogger(__name__)

CLIENT_ID = "hub-alarms"
KEPT_S = 3600
COMMAND_KEPT_S = 120
"""The centre repeats its orders: the broker need not keep old ones for a unit that is away."""
MID_BITS = 16
LONGEST_UNIT_ID = 64

SESSION = Session(
    client_id=CLIENT_ID,
    subscriptions=(
        Subscription(topics.all_units(Leaf.ALARM)),
        Subscription(topics.all_units(Leaf.EVENT)),
        Subscription(topics.all_units(Leaf.PRESENCE), wants_retained=True),
    ),
    kept_s=KEPT_S,
    will=Will(topics.CENTRE, codec.encode(CentreState(alive=False, interval_s=timings.BEAT_S))),
)


class AlarmLine:
    """Hears alarms, events and presence, and speaks to units."""

    def __init__(self, address: BrokerAddress, hearing: Hearing, counts: Counts) -> None:
        """Prepare the connection."""
        self._connection = Connection(address, SESSION, self)
        self._hearing = hearing
        self._counts = counts
        self._malformed = Malformed(counts)

    def start(self) -> None:
        """Begin to connect. Raises PermanentAdapterError."""
        self._connection.start()

    def stop(self) -> None:
        """Leave the broker; it tells the units that the centre is gone."""
        self._connection.stop()

    # --- what the centre says ---

    def send_receipt(self, unit_id: str, key: MessageKey, token: int) -> None:
        """Tell the unit that its message is committed, then let the broker forget it. Raises AdapterError."""
        self._publish(topics.unit_topic(unit_id, Leaf.RECEIPT), Receipt(keys=(key,)))
        self.acknowledge(token)
        self._counts.add(Counted.RECEIPTS)

    def acknowledge(self, token: int) -> None:
        """Let the broker forget a message."""
        if token:
            self._connection.acknowledge(token >> MID_BITS, token & ((1 << MID_BITS) - 1))

    def send_command(self, unit_id: str, command: Command) -> None:
        """Send an order. Raises AdapterError."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.MessageExpiryInterval = COMMAND_KEPT_S
        self._publish(topics.unit_topic(unit_id, Leaf.COMMAND), command, properties)
        self._counts.add(Counted.COMMANDS)

    def publish_centre(self, state: CentreState) -> None:
        """Renew the centre's retained state. Raises AdapterError."""
        self._connection.publish(topics.CENTRE, codec.encode(state), retain=True)

    def _publish(self, topic: str, message: Model, properties: Properties | None = None) -> None:
        self._connection.publish(topic, codec.encode(message), properties)

    # --- what the connection tells ---

    def stood(self) -> None:
        """Pass on that this connection stands."""
        self._counts.add(Counted.CONNECTIONS, CLIENT_ID)
        self._hearing.stood(CLIENT_ID)

    def fell(self, reason: str) -> None:
        """Pass on that it is lost."""
        self._hearing.fell(CLIENT_ID, reason)

    def refused(self, reason: str) -> None:
        """Pass on that the broker does not want us."""
        self._counts.add(Counted.REFUSED)
        self._hearing.failed(reason)

    def heard(self, publications: Sequence[Publication], generation: int) -> None:
        """Decode and report messages; one that a mistake of ours keeps out must not keep the next one out."""
        for message in publications:
            try:
                self._take(message, generation << MID_BITS | message.mid if message.mid else 0)
            except Exception as error:  # inside paho's callback
                log.critical("a message could not be taken", exc_info=True)
                self._hearing.failed(f"a message could not be taken: {type(error).__name__}: {error}")

    def _take(self, message: Publication, token: int) -> None:
        leaf = message.topic.rpartition("/")[2]
        self._counts.add(Counted.MESSAGES, leaf)
        if leaf == Leaf.PRESENCE:
            self._take_presence(message)
            self.acknowledge(token)
            return
        try:
            unit_id = _unit_of(message.topic)
            body = codec.decode(Message, message.payload)
        except codec.WireError as error:
            self._take_unreadable(message, error, token)
        else:
            self._hearing.report(ev.MessageArrived(unit_id, Urgency(leaf), body, token))

    def _take_presence(self, message: Publication) -> None:
        if not message.payload:
            return  # a retained presence was deleted: the unit has left the register
        try:
            unit_id = _unit_of(message.topic)
            presence = codec.decode(Presence, message.payload)
        except codec.WireError as error:
            self._malformed.note(message.topic, error)
        else:
            self._hearing.report(ev.PresenceArrived(unit_id, presence.online))

    def _take_unreadable(self, message: Publication, error: codec.WireError, token: int) -> None:
        self._malformed.note(message.topic, error)
        _, _, rest = message.topic.partition(f"{topics.PREFIX}/")
        unit_id, _, leaf = rest.partition("/")
        self._hearing.report(
            ev.UnreadableArrived(
                topic=message.topic,
                unit_id=unit_id[:LONGEST_UNIT_ID],
                urgency=Urgency(leaf),
                payload=message.payload[: codec.MAX_BYTES],
                problem=error.problem,
                detail=error.detail,
                token=token,
            )
        )


def _unit_of(topic: str) -> str:
    """Return the unit a topic belongs to. Raises WireError."""
    parsed = topics.parse_unit_topic(topic)
    if parsed is None:
        raise codec.WireError(codec.WireProblem.WRONG_TOPIC, f"{topic[:LONGEST_UNIT_ID]!r} names no unit")
    return parsed.unit_id
