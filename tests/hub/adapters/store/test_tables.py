"""Records come back from their rows as they were."""

from typing import get_args

import pytest

from device.wire import messages as wire
from device.wire.vocabulary import Urgency
from hub.adapters.store.tables import MESSAGES, ORDERS, TABLES, UNITS
from hub.core.records import OrderRecord, OrderState, ReceivedMessage, Record
from tests.hub.adapters.store import samples


def test_every_record_type_has_a_table() -> None:
    assert set(TABLES) == set(get_args(Record)) == {type(record) for record in samples.ALL}


@pytest.mark.parametrize("record", samples.ALL, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    table = TABLES[type(record)]
    cells = table.row_of(record)[: len(table.columns)]
    again = table.record_of(cells)
    assert again == record
    assert [type(getattr(again, field)) for field in record.__dataclass_fields__] == [
        type(getattr(record, field)) for field in record.__dataclass_fields__
    ]


def test_a_body_and_an_order_of_an_unknown_kind_come_back_whole() -> None:
    body = wire.UnknownBody.model_validate({"kind": "gas_smelt", "ppm": 12, "rooms": ["kitchen"]})
    message = ReceivedMessage("unit-1", Urgency.EVENT, wire.Message(key=samples.key(1), body=body), 1.0, False)
    order = OrderRecord(
        "c-1", "unit-1", 0, wire.UnknownOrder.model_validate({"kind": "dance", "x": 1}), OrderState.DONE, 1
    )
    assert MESSAGES.record_of(MESSAGES.row_of(message)) == message
    assert ORDERS.record_of(ORDERS.row_of(order)) == order


def test_a_row_that_is_no_record_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    good = UNITS.row_of(samples.UNIT)[:-1]
    orders = [ORDERS.row_of(samples.order(f"c-{number}")) for number in (1, 2, 3)]
    orders[1] = (*orders[1][:3], "no order", *orders[1][4:])
    assert [record.command_id for record in ORDERS.records(orders)] == ["c-1", "c-3"]
    assert list(UNITS.records([good])) == [samples.UNIT]
    assert "a row of orders is no record" in caplog.text
