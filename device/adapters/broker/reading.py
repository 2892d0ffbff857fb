"""What comes down from the centre, as events."""

from device.core import events as ev
from device.wire.codec import WireError, WireProblem, decode
from device.wire.messages import CentreState, Command, Receipt
from device.wire.topics import CENTRE, Leaf, parse_unit_topic

Heard = ev.ReceiptArrived | ev.CommandArrived | ev.CentreHeard


def read(topic: str, payload: bytes) -> Heard:
    """Return what a message on one of the unit's subscriptions says.

    Raises:
        WireError: it cannot be read, or came on a topic nobody asked for.
    """
    if topic == CENTRE:
        state = decode(CentreState, payload)
        return ev.CentreHeard(is_alive=state.alive, beat=state.beat)
    parsed = parse_unit_topic(topic)
    match parsed.leaf if parsed else None:
        case Leaf.RECEIPT:
            return ev.ReceiptArrived(decode(Receipt, payload).keys)
        case Leaf.COMMAND:
            return ev.CommandArrived(decode(Command, payload))
        case _:
            raise WireError(WireProblem.WRONG_TOPIC, "a unit reads nothing there")
