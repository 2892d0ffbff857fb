"""The wired triggers: every press once, none lost, whatever the contact, the wire or the library does.

Pins are driven edge by edge. Their clock is the test's own, so that presses have exact lengths and no test depends on
how fast the machine is.
"""

import queue
import time

import pytest

from device.adapters.trigger_button import TriggerButtons
from device.adapters.trigger_button.adapter import EDGES_KEPT
from device.adapters.trigger_button.line import Input
from device.core import events as ev
from device.ports import PermanentAdapterError
from tests.device.adapters.trigger_button.home import ALL, BUTTON, CANCEL, DETECTOR, Home, Pulse
from tests.waiting import GENEROUS_S, until

PRESSED = ev.TriggerActivated("button")
RELEASED = ev.TriggerReleased("button")


def test_100_of_100_presses_of_30_ms_count(home: Home) -> None:
    home.start()
    for _ in range(100):
        home.press(BUTTON)
    assert [home.next() for _ in range(200)] == [PRESSED, RELEASED] * 100
    assert home.rest() == []


def test_a_bouncing_contact_is_one_press_at_the_pin(home: Home) -> None:
    home.start()
    for _ in range(10):
        for _ in range(20):
            home.press(BUTTON, length_s=0.0005, rest_s=0.001)
        home.press(BUTTON, length_s=0.05, rest_s=0.002)
        for _ in range(20):
            home.press(BUTTON, length_s=0.0005, rest_s=0.001)
        home.clock.now_s += 0.1
    assert [home.next() for _ in range(20)] == [PRESSED, RELEASED] * 10
    assert home.rest() == []


def test_a_press_is_reported_while_it_is_held(home: Home) -> None:
    home.start()
    home.close(BUTTON)
    assert home.next() == PRESSED
    assert home.rest() == []


def test_the_cancel_button_cancels_and_its_release_is_told(home: Home) -> None:
    home.start()
    home.press(CANCEL)
    assert [home.next(), home.next()] == [ev.CancelActivated(), ev.TriggerReleased("cancel")]


@pytest.mark.parametrize("source", [BUTTON, CANCEL], ids=["button", "cancel"])
def test_a_button_held_at_start_is_found_once_and_lives_on(home: Home, source: Input) -> None:
    home.ground(source)
    home.start()
    assert home.next() == ev.TriggerFoundActive(source.trigger_id)
    home.open(source)
    home.clock.now_s += 1
    assert home.next() == ev.TriggerReleased(source.trigger_id)
    home.close(source)
    pressed = ev.CancelActivated() if source.is_cancel else ev.TriggerActivated(source.trigger_id)
    assert home.next() == pressed
    assert home.rest() == []


def test_a_cut_wire_activates_a_loop_that_is_closed_at_rest(home: Home) -> None:
    home.start()
    home.open(DETECTOR)
    assert home.next() == ev.TriggerActivated("detector")
    home.close(DETECTOR)
    home.clock.now_s += 1
    assert home.next() == ev.TriggerReleased("detector")
    assert home.rest() == []


def test_a_wire_that_was_cut_before_start_is_found(home: Home) -> None:
    home.pin(DETECTOR).is_grounded = False
    home.start()
    assert home.next() == ev.TriggerFoundActive("detector")


def test_a_press_whose_edge_was_lost_is_found_by_the_next_look(home: Home) -> None:
    home.start()
    home.lose_edge(BUTTON, is_closed=True)
    assert home.next() == PRESSED
    home.open(BUTTON)
    home.clock.now_s += 1
    assert home.next() == RELEASED
    assert home.rest() == []


def test_a_release_whose_edge_was_lost_does_not_hide_the_next_press(home: Home) -> None:
    home.start()
    home.close(BUTTON)
    assert home.next() == PRESSED
    home.lose_edge(BUTTON, is_closed=False)
    beats = home.pulse.beats
    until(lambda: home.pulse.beats > beats + 1, "a whole look")
    home.clock.now_s += 1
    assert home.next() == RELEASED
    home.press(BUTTON)
    assert [home.next(), home.next()] == [PRESSED, RELEASED]
    assert home.rest() == []


def test_a_look_that_was_held_up_hides_no_press(home: Home) -> None:
    """The machine had other things to do between the look at the clock and the look at the level."""
    home.start()
    home.close(BUTTON)
    assert home.next() == PRESSED
    pin = home.pin(BUTTON)

    def press_meanwhile() -> None:
        pin.before_reading = None
        home.clock.now_s += 0.15
        home.close(BUTTON)

    home.open(BUTTON)
    pin.before_reading = press_meanwhile
    assert [home.next(), home.next()] == [RELEASED, PRESSED]
    assert home.rest() == []


def test_more_edges_than_are_kept_do_not_hide_what_holds_afterwards(home: Home) -> None:
    """A fluttering contact, while the program is busy."""
    is_busy: queue.Queue[bool] = queue.Queue()
    may_go_on: queue.Queue[bool] = queue.Queue()

    def report(event: ev.Event) -> None:
        if event == PRESSED:
            is_busy.put(True)
            may_go_on.get(timeout=GENEROUS_S)
        home.reports.put(event)

    home.triggers.start(report)
    home.close(BUTTON)
    is_busy.get(timeout=GENEROUS_S)
    for _ in range(EDGES_KEPT):
        home.press(CANCEL, length_s=0.0001, rest_s=0.0001)
    home.open(BUTTON)
    home.open(DETECTOR)
    may_go_on.put(True)
    assert [home.next(), home.next()] == [PRESSED, ev.TriggerActivated("detector")]
    home.clock.now_s += 1
    assert home.next() == RELEASED
    assert home.rest() == []


def test_a_report_that_fails_does_not_stop_the_next(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    failures = iter([RuntimeError("the loop is broken")])

    def report(event: ev.Event) -> None:
        for failure in failures:
            raise failure
        home.reports.put(event)

    home.triggers.start(report)
    home.press(BUTTON)
    assert home.next() == RELEASED
    home.press(BUTTON)
    assert home.next() == PRESSED
    assert "the loop is broken" in caplog.text


# --- what fails ---


def test_a_pin_that_cannot_be_opened_leaves_the_others(home: Home) -> None:
    """Somebody else has it."""
    other = TriggerButtons((CANCEL,), Pulse(), home.factory)
    other.start(home.reports.put)
    home.start()
    failed = home.next()
    assert isinstance(failed, ev.AdapterFailed)
    assert (failed.adapter, failed.effect, failed.lasting) == ("triggers", "start", True)
    assert "cancel on GPIO 6: GPIOPinInUse" in failed.reason
    home.press(BUTTON)
    assert [home.next(), home.next()] == [PRESSED, RELEASED]
    until(lambda: home.pulse.beats > 0, "a beat")
    other.stop()


def test_a_pin_that_cannot_be_read_at_start_leaves_the_others(home: Home) -> None:
    home.pin(CANCEL).is_readable = False
    home.start()
    failed = home.next()
    assert isinstance(failed, ev.AdapterFailed)
    assert "cancel on GPIO 6: OSError" in failed.reason
    home.press(BUTTON)
    assert [home.next(), home.next()] == [PRESSED, RELEASED]


def test_no_pin_at_all_is_told_with_every_pin_and_what_to_do(home: Home) -> None:
    for source in ALL:
        home.pin(source).is_readable = False
    with pytest.raises(PermanentAdapterError, match="restart the unit") as told:
        home.start()
    assert all(f"GPIO {source.bcm}" in str(told.value) for source in ALL)
    assert home.rest() == []
    until(lambda: home.pulse.beats > 1, "the pulse goes on: a restart would take worn triggers away as well")


def test_no_input_at_all_is_told(home: Home) -> None:
    triggers = TriggerButtons((), Pulse(), home.factory)
    with pytest.raises(PermanentAdapterError, match="no trigger is configured"):
        triggers.start(home.reports.put)
    triggers.stop()


def test_the_pulse_beats_only_while_every_input_is_read(home: Home) -> None:
    home.start()
    until(lambda: home.pulse.beats > 1, "a beat")
    home.pin(CANCEL).is_readable = False
    failed = home.next()
    assert isinstance(failed, ev.AdapterFailed)
    assert (failed.effect, failed.lasting) == ("read", True)
    beats = home.pulse.beats
    home.press(BUTTON)
    assert [home.next(), home.next()] == [PRESSED, RELEASED]  # a look has passed since: it ended the press
    assert home.pulse.beats == beats
    home.pin(CANCEL).is_readable = True
    assert home.next() == ev.AdapterRecovered("triggers")
    until(lambda: home.pulse.beats > beats, "a beat")
    assert home.rest() == []


def test_an_edge_is_believed_where_the_level_cannot_be_read(home: Home) -> None:
    home.start()
    home.pin(BUTTON).is_readable = False
    home.close(BUTTON)
    seen = [home.next(), home.next()]
    assert PRESSED in seen


def test_nothing_is_reported_after_stop(home: Home) -> None:
    home.triggers.stop()
    home.start()
    home.triggers.stop()
    home.triggers.stop()
    home.close(BUTTON)
    assert home.reports.empty()
    home.open(BUTTON)
    home.start()
    home.press(BUTTON)
    assert home.next() == PRESSED


def test_a_pin_that_cannot_be_closed_keeps_no_other_open(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(5, "Input/output error")

    home.start()
    monkeypatch.setattr(home.pin(CANCEL), "close", refuse)
    home.triggers.stop()
    home.triggers = TriggerButtons((BUTTON, DETECTOR), home.pulse, home.factory)
    home.start()
    home.press(BUTTON)
    assert home.next() == PRESSED


def test_it_performs_nothing(home: Home) -> None:
    assert home.triggers.performs == ()


def test_a_filtered_wire_has_time_to_rise_before_it_is_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pull-up charges the filter's capacitor first; read at once, it would be a held button."""
    home.ground(BUTTON)
    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", lambda _: home.open(BUTTON))
        home.start()
    assert home.rest() == []
