"""What the driver does next: it sets the modem up step by step, and says at once what cannot be done."""

from collections.abc import Callable

import pytest

from device.adapters.modem.at.codes import (
    MessageArrived,
    MessageStored,
    Readiness,
    ReadinessSeen,
    SimSeen,
    Storage,
    StorageFull,
    TimeSeen,
)
from device.adapters.modem.at.dialogue import Outcome, Reply
from device.adapters.modem.at.facts import NetworkTime, SimState
from device.adapters.modem.driver import Driver, Stage
from device.adapters.modem.events import (
    CallEnd,
    CallEnded,
    ModemEvent,
    ModemFound,
    ModemLost,
    ModemReady,
    NetworkChanged,
    NetworkTimeHeard,
    OperatorsFound,
    PowerWeak,
    SimChanged,
    StorageFilled,
    TextFailed,
    TextReceived,
)
from device.adapters.modem.network import LOOK_EVERY_S
from device.adapters.modem.settings import ModemSettings
from device.adapters.modem.simulator.pdu import plain_text
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError
from tests.device.adapters.modem.rig import CENTRE, HOME
from tests.device.adapters.modem.scripted import ScriptedModem, lines, refused


class Bench:
    """A driver whose modem is a script, with a clock that is moved by hand."""

    def __init__(self) -> None:
        self.modem = ScriptedModem()
        self.modem.answers |= {
            "AT+CPIN?": lines("+CPIN: READY"),
            "AT+CREG?": lines("+CREG: 2,1"),
            "AT+CSQ": lines("+CSQ: 20,99"),
        }
        self.events: list[ModemEvent] = []
        self.reopened: list[str] = []
        self.driver = Driver(
            ModemSettings("/dev/modem"), self.modem.ask, self.reopened.append, self.events.append, self.modem.clock
        )

    def go(self, seconds: float = 0.0) -> None:
        """Let everything happen that is due within this time, as the thread does."""
        until_s = self.modem.now_s + seconds
        while (due_s := self.driver.due_s) <= until_s:
            self.modem.now_s = max(self.modem.now_s, due_s)
            try:
                self.driver.act_in_time()
            except AdapterError:
                self.modem.now_s += 2.0
        self.modem.now_s = max(self.modem.now_s, until_s)

    def of(self, *kinds: type[ModemEvent]) -> list[ModemEvent]:
        return [event for event in self.events if isinstance(event, kinds)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_is_set_up_in_order(bench: Bench) -> None:
    bench.driver.opened()
    bench.go()
    assert [type(event) for event in bench.of(ModemFound, SimChanged, ModemReady)] == [
        ModemFound,
        SimChanged,
        ModemReady,
    ]
    asked = bench.modem.asked
    order = [asked.index(text) for text in ("AT", "ATE0", "AT+CMEE=1", "AT+CGMM", "AT+CPIN?", "AT+CMGF=0", "AT+CMGL=4")]
    assert order == sorted(order)
    assert "AT+CNMI=2,1,0,1,0" in asked


def test_a_step_that_fails_is_tried_again(bench: Bench) -> None:
    bench.modem.answers["AT+CMGL"] = refused(314, Outcome.MESSAGE_ERROR)
    bench.driver.opened()
    bench.go(10.0)
    assert bench.of(ModemReady) == []
    bench.modem.answers["AT+CMGL"] = lines()
    bench.go(3.0)
    assert len(bench.of(ModemReady)) == 1


def test_texts_are_kept_where_there_is_room(bench: Bench) -> None:
    bench.modem.answers['AT+CPMS="SM"'] = refused(302, Outcome.MESSAGE_ERROR)
    bench.driver.opened()
    bench.go()
    assert 'AT+CPMS="ME","ME","ME"' in bench.modem.asked


def test_it_looks_again_and_again(bench: Bench) -> None:
    bench.driver.opened()
    bench.go()
    before = bench.modem.asked.count("AT+CSQ")
    bench.go(10 * LOOK_EVERY_S)
    assert bench.modem.asked.count("AT+CSQ") == before + 10
    assert len(bench.of(NetworkChanged)) == 1


def test_a_modem_that_is_silent_twice_is_opened_again(bench: Bench) -> None:
    bench.driver.opened()
    bench.modem.is_silent = True
    bench.go(10.0)
    assert bench.reopened


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (refused(10), SimState.ABSENT),
        (refused(13), SimState.FAILED),
        (refused(14), SimState.BUSY),
        (Reply((), Outcome.EQUIPMENT_ERROR, "SIM not inserted"), SimState.ABSENT),
        (lines("+CPIN: SIM PUK"), SimState.PUK_NEEDED),
    ],
)
def test_a_sim_that_cannot_be_used_is_told_and_looked_at_again(bench: Bench, reply: Reply, state: SimState) -> None:
    bench.modem.answers["AT+CPIN?"] = reply
    bench.driver.opened()
    bench.go(60.0)
    assert bench.of(SimChanged) == [SimChanged(state)]
    bench.modem.answers["AT+CPIN?"] = lines("+CPIN: READY")
    bench.go(60.0)
    assert len(bench.of(ModemReady)) == 1


def test_a_sim_that_goes_without_a_word_is_noticed_with_the_next_look(bench: Bench) -> None:
    bench.driver.opened()
    bench.go()
    bench.modem.answers["AT+CPIN?"] = refused(10)
    bench.go(LOOK_EVERY_S)
    assert bench.of(SimChanged)[-1] == SimChanged(SimState.ABSENT)


@pytest.mark.parametrize(
    "act", [lambda driver: driver.send_text(1, CENTRE, "x"), lambda driver: driver.dial(1, (CENTRE,), 30.0)]
)
def test_what_cannot_be_done_now_is_refused_at_once(bench: Bench, act: Callable[[Driver], None]) -> None:
    act(bench.driver)
    bench.driver.opened()
    act(bench.driver)
    assert [type(event) in (TextFailed, CallEnded) for event in bench.events] == [True, True]
    assert bench.modem.asked == []


def test_when_the_port_goes_everything_that_waits_is_told(bench: Bench) -> None:
    bench.driver.opened()
    bench.go()
    bench.driver.dial(1, (CENTRE,), 30.0)
    bench.driver.send_text(2, CENTRE, "x")
    bench.driver.closed(PermanentAdapterError("see to it"))
    assert CallEnded(1, CallEnd.MODEM_LOST, was_answered=False) in bench.events
    assert TextFailed(2, "see to it", is_lasting=True) in bench.events
    assert bench.events[-1] == ModemLost("see to it", is_lasting=True)
    assert bench.driver.due_s == float("inf")
    bench.driver.closed(TransientAdapterError("not there"))
    assert bench.events[-1] == ModemLost("not there", is_lasting=False)


@pytest.mark.parametrize("readiness", [Readiness.STARTED, Readiness.GOING_DOWN])
def test_a_modem_that_starts_anew_by_itself_is_set_up_again(bench: Bench, readiness: Readiness) -> None:
    bench.driver.opened()
    bench.go()
    bench.driver.hear(ReadinessSeen(readiness))
    assert isinstance(bench.events[-1], ModemLost)
    bench.go()
    assert len(bench.of(ModemReady)) == 2


def test_what_it_says_reaches_who_minds_it(bench: Bench) -> None:
    pdu = plain_text(HOME, "hello", 1_772_359_200)
    bench.driver.opened()
    bench.driver.hear(MessageStored("SM", 1))  # too early: it is found when all are read
    bench.modem.answers["AT+CMGL"] = lines("+CMGL: 1,0,,24", pdu)
    bench.go()
    bench.driver.hear(MessageStored("SM", 1))
    bench.modem.answers["AT+CMGR=2"] = lines("+CMGR: 0,,24", pdu)
    bench.driver.hear(MessageStored("SM", 2))
    bench.driver.hear(MessageArrived(Storage.MESSAGE, pdu))
    bench.driver.hear(StorageFull())
    bench.driver.hear(ReadinessSeen(Readiness.POWER_LOW))
    time = NetworkTime(1_772_359_200, 120)
    bench.driver.hear(TimeSeen(time))
    bench.driver.hear(SimSeen(SimState.READY))
    assert len(bench.of(TextReceived)) == 3
    assert bench.events[-3:] == [StorageFilled(), PowerWeak(), NetworkTimeHeard(time)]


def test_a_scan_is_told_even_where_there_is_nothing_to_scan_with(bench: Bench) -> None:
    bench.driver.scan()
    assert bench.events == [OperatorsFound(())]
    assert Stage.LOST < Stage.READY
