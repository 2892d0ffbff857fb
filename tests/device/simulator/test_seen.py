"""What somebody knows who watches the unit, gathered from the steps of the real core."""

from typing import Any

from device.core import events as ev
from device.core.moment import Moment
from device.core.outgoing import AlarmRecord
from device.core.triggers import Trigger
from device.core.unit import LocalUnit
from device.journal import Entry, Step
from device.simulator.seen import LINES_KEPT, Seen
from device.wire.messages import AnswerAlarm, Command, MessageKey, Order, RequeueAlarm, ResetAlarm
from device.wire.vocabulary import Rung

TRIGGERS = (Trigger("button", "Button"), Trigger("pendant", "Pendant", pre_alarm_s=8.0))
EPOCH = "0123456789abcdef"


class Watched:
    """A real core that somebody watches."""

    def __init__(self) -> None:
        self.seen = Seen({trigger.trigger_id: trigger for trigger in TRIGGERS})
        self._unit = LocalUnit(TRIGGERS)
        self.now_s = 100.0
        self.happen(ev.Started(EPOCH, "boot", ev.StartCause.POWER_ON, "0"))
        self.happen(ev.PathOpened("ethernet"))
        self.happen(ev.CentreHeard(True, 1))

    def happen(self, event: ev.Event, after_s: float = 0.0) -> None:
        self.now_s += after_s
        moment = Moment(self.now_s)
        effects = tuple(self._unit.handle(event, moment))
        self.seen.take(Step(Entry(event, moment), effects, self._unit.alarm.state))

    def order(self, order: Order, after_s: float = 0.0) -> None:
        self.happen(ev.CommandArrived(Command(command_id=f"c{self.now_s}", order=order)), after_s)

    @property
    def plain(self) -> dict[str, Any]:
        return self.seen.plain(self.now_s)

    @property
    def key(self) -> MessageKey:
        epoch, _, seq = self.plain["alarm"]["key"].partition(":")
        return MessageKey(epoch=epoch, seq=int(seq))


def test_an_alarm_climbs_the_ladder_with_the_time_of_every_rung() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"), 5)
    home.happen(ev.ReceiptArrived((home.key,)), 0.02)
    home.order(AnswerAlarm(alarm=home.key), 3)
    assert home.plain["alarm"] == {
        "state": "answered",
        "key": str(home.key),
        "trigger": "button",
        "pre_alarm_left_s": None,
        "ladder": {"pressed": 0.0, "received": 20.0, "answered": 3020.0},
    }
    assert home.plain["light"] == "bright"
    home.order(ResetAlarm(alarm=home.key), 60)
    assert home.plain["alarm"]["ladder"]["closed"] == 63020.0
    assert home.plain["alarm"]["state"] == "normal"


def test_an_alarm_that_waits_for_an_operator_again_steps_down() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"))
    home.order(AnswerAlarm(alarm=home.key), 1)
    home.order(RequeueAlarm(alarm=home.key), 1)
    assert list(home.plain["alarm"]["ladder"]) == ["pressed", "received"]


def test_a_pre_alarm_counts_down_and_a_withdrawn_one_leaves_no_ladder() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("pendant"))
    home.now_s += 2
    assert home.plain["alarm"]["pre_alarm_left_s"] == 6.0
    home.happen(ev.CancelActivated())
    assert home.plain["alarm"] == {
        "state": "normal",
        "key": None,
        "trigger": "pendant",
        "pre_alarm_left_s": None,
        "ladder": {},
    }


def test_the_ladder_begins_with_the_press_and_not_with_the_end_of_the_pre_alarm() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("pendant"))
    home.happen(ev.DeadlineReached(), 8)
    home.happen(ev.ReceiptArrived((home.key,)), 0.5)
    assert home.plain["alarm"]["ladder"] == {"pressed": 0.0, "received": 8500.0}


def test_a_second_alarm_has_a_ladder_of_its_own() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"))
    first = home.key
    home.order(ResetAlarm(alarm=first), 1)
    home.happen(ev.TriggerActivated("button"), 10)
    assert home.key != first
    assert home.plain["alarm"]["ladder"] == {"pressed": 0.0}


def test_faults_come_and_go() -> None:
    home = Watched()
    home.happen(ev.PowerRead(mains=True, battery_percent=10))
    home.happen(ev.TriggerFoundActive("button"))
    assert home.plain["faults"] == ["battery_low", "trigger_held:button"]
    home.happen(ev.PowerRead(mains=True, battery_percent=100))
    assert home.plain["faults"] == ["trigger_held:button"]


def test_line_centre_and_outbox_are_seen() -> None:
    home = Watched()
    home.happen(ev.OutboxRead(3))
    home.happen(ev.PathClosed("ethernet", "cut"))
    home.happen(ev.CentreHeard(False, 1))
    plain = home.plain
    assert (plain["path_is_open"], plain["centre_is_heard"], plain["waiting"]) == (False, False, 3)


def test_the_log_is_bounded_numbered_and_leaves_noise_out() -> None:
    home = Watched()
    for _ in range(2 * LINES_KEPT):
        home.happen(ev.TriggerReleased("button"))
        home.happen(ev.HealthRead())
    log = home.plain["log"]
    assert len(log) == LINES_KEPT
    assert [line["number"] for line in log] == list(range(log[0]["number"], log[0]["number"] + LINES_KEPT))
    assert {line["event"] for line in log} == {"TriggerReleased button"}


def test_a_line_says_what_happened_and_what_was_done() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"), 1.5)
    line = home.plain["log"][-1]
    assert line["at_s"] == 1.5
    assert line["event"] == "TriggerActivated button"
    assert line["effects"] == [
        "Store alarm_raised 2",
        "Publish alarm_raised 2",
        "WriteJournal alarm raised",
        "Indicate calling",
        "Speak calling",
    ]


def test_a_new_life_knows_nothing_of_the_old_one_but_its_log() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"))
    before = home.plain["log"]
    home.seen.begin_anew()
    assert home.plain["alarm"]["ladder"] == {}
    assert home.plain["light"] == "dark"
    assert home.plain["log"] == before


def test_a_dark_unit_shows_what_its_disk_keeps() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"))
    home.happen(ev.OutboxRead(2))
    home.happen(ev.PowerRead(mains=True, battery_percent=10.0))
    before = home.plain
    home.seen.go_dark()
    assert home.plain["alarm"] == before["alarm"]
    assert (home.plain["waiting"], home.plain["faults"]) == (2, ["battery_low"])
    assert (home.plain["light"], home.plain["path_is_open"]) == ("dark", False)


def test_a_press_that_could_still_be_withdrawn_is_gone_with_the_power() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("pendant"))
    home.seen.go_dark()
    assert (home.plain["alarm"]["state"], home.plain["alarm"]["pre_alarm_left_s"]) == ("normal", None)


def test_an_alarm_that_goes_on_in_a_new_life_is_on_the_ladder() -> None:
    home = Watched()
    home.happen(ev.TriggerActivated("button"))
    key = home.key
    unit = LocalUnit(TRIGGERS)
    seen = Seen({})
    started = ev.Started(EPOCH, "b", ev.StartCause.RESTART, "0", open_alarm=AlarmRecord(key, Rung.RECEIVED, "button"))
    seen.take(Step(Entry(started, Moment(1.0)), tuple(unit.handle(started, Moment(1.0))), unit.alarm.state))
    assert list(seen.plain(1.0)["alarm"]["ladder"]) == ["pressed", "received"]
