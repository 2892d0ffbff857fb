"""What waits: stored before it is sent, sent again without end, alarms first, forgotten on the receipt alone."""

import itertools

import pytest

from device.core import timings
from device.core.effects import Effect, Forget, LoadWaiting, Publish, Store
from device.core.outgoing import Outgoing
from device.core.transmission import Transmission, retry_delay_s
from device.wire import messages as wire
from device.wire.vocabulary import Urgency
from tests.device.core.life import (
    BUTTON,
    EARLIER,
    EPOCH,
    PENDANT,
    at,
    key,
    of_kind,
    raised,
    waiting_alarm,
    waiting_event,
)

NEWS = wire.UnitStarted(cause="unknown", software="test")


def line(*waiting: Outgoing, more: bool = False, is_open: bool = True) -> Transmission:
    """Return a line at the beginning of a life."""
    mail = Transmission()
    mail.begin(EPOCH, "boot-1", waiting, more, at(0))
    if is_open:
        mail.path_opened(at(0))
    return mail


def sent(effects: list[Effect]) -> list[wire.MessageKey]:
    return [publish.message.key for publish in of_kind(Publish, effects)]


def tell(mail: Transmission, at_s: float = 0, urgency: Urgency = Urgency.EVENT) -> list[Effect]:
    return mail.submit(NEWS if urgency is Urgency.EVENT else raised(), urgency, at(at_s))


def pass_time(mail: Transmission, until_s: float) -> list[tuple[float, Effect]]:
    """Serve every deadline; return what was done, and when."""
    done: list[tuple[float, Effect]] = []
    now_s = 0.0
    while (due_s := mail.next_deadline()) is not None and due_s <= at(until_s).mono_s:
        now_s = max(now_s, due_s - at(0).mono_s)
        done += [(now_s, effect) for effect in mail.deadline_reached(at(now_s))]
    return done


# --- sending ---


def test_the_retries_go_on_for_ever_and_ever_slower() -> None:
    mail = line()
    tell(mail)
    times = [0.0] + [round(at_s, 3) for at_s, effect in pass_time(mail, 1_000) if isinstance(effect, Publish)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps[:3] == [2, 4, 8]
    steady = gaps.index(timings.SLOW_RETRY_S)
    assert set(gaps[3:steady]) == {timings.STEADY_RETRY_S}
    assert timings.STEADY_RETRY_FOR_S <= times[steady] <= timings.STEADY_RETRY_FOR_S + timings.STEADY_RETRY_S
    assert set(gaps[steady:]) == {timings.SLOW_RETRY_S}
    assert times[-1] > 900


@pytest.mark.parametrize(
    ("tries", "elapsed_s", "delay_s"), [(1, 0, 2), (2, 2, 4), (3, 6, 8), (4, 14, 10), (9, 119.9, 10), (9, 120, 60)]
)
def test_the_schedule(tries: int, elapsed_s: float, delay_s: float) -> None:
    assert retry_delay_s(tries, elapsed_s) == delay_s


def test_nothing_is_sent_again_after_its_receipt() -> None:
    mail = line()
    tell(mail)
    assert mail.received((key(1),), at(1)) == [Forget((key(1),))]
    assert not mail.waits_for(key(1))
    assert mail.next_deadline() is None
    assert mail.received((key(1), key(77)), at(2)) == [Forget((key(1), key(77)))], "a receipt that comes twice"


def test_alarms_go_before_events() -> None:
    mail = line(is_open=False)
    for urgency in (Urgency.EVENT, Urgency.EVENT, Urgency.ALARM, Urgency.EVENT, Urgency.ALARM):
        tell(mail, urgency=urgency)
    assert sent(mail.path_opened(at(1))) == [key(3), key(5), key(1), key(2), key(4)]


def test_a_line_that_opens_sends_everything_and_begins_the_retries_anew() -> None:
    mail = line()
    tell(mail)
    pass_time(mail, 300)
    mail.path_closed()
    assert not mail.is_open
    assert sent(mail.path_opened(at(301))) == [key(1)]
    assert mail.next_deadline() == at(303).mono_s


def test_while_the_line_is_closed_events_wait_and_alarms_knock() -> None:
    mail = line(is_open=False)
    assert sent(tell(mail)) == []
    assert mail.next_deadline() is None
    assert sent(tell(mail, urgency=Urgency.ALARM)) == [key(2)]
    assert sent([effect for _, effect in pass_time(mail, 10)]) == [key(2), key(2)]


def test_a_message_of_an_earlier_life_goes_out_under_its_own_key_with_its_age() -> None:
    mail = line(waiting_alarm(7), is_open=False)
    assert mail.waits_for(key(7, EARLIER))
    (publish,) = of_kind(Publish, mail.path_opened(at(5)))
    assert publish.message.key == key(7, EARLIER)
    assert publish.message.age_s == 15.0


# --- the window, and what waits on disk ---


def test_events_beyond_the_window_wait_on_disk_alone() -> None:
    mail = line(is_open=False)
    kept = [effect for _ in range(timings.WINDOW + 10) for effect in tell(mail)]
    assert len(of_kind(Store, kept)) == timings.WINDOW + 10
    assert len(sent(mail.path_opened(at(1)))) == timings.WINDOW


def test_an_alarm_is_never_held_back_by_events() -> None:
    mail = line()
    for _ in range(timings.WINDOW + 10):
        tell(mail)
    assert len(sent(tell(mail, urgency=Urgency.ALARM))) == 1


def test_more_is_loaded_when_half_the_window_is_free() -> None:
    mail = line(*(waiting_event(seq) for seq in range(1, timings.WINDOW + 1)), more=True)
    asked: list[LoadWaiting] = []
    for seq in range(1, timings.WINDOW // 2 + 1):
        assert not asked, "too early"
        asked = of_kind(LoadWaiting, mail.received((key(seq, EARLIER),), at(1)))
    assert asked == [LoadWaiting(timings.WINDOW)]
    more = tuple(waiting_event(seq) for seq in range(timings.WINDOW // 2 + 1, timings.WINDOW + 33))
    assert len(sent(mail.loaded(more, False, at(1)))) == timings.WINDOW // 2


def test_the_window_is_never_exceeded_by_what_is_loaded() -> None:
    mail = line()
    too_many = tuple(waiting_event(seq) for seq in range(1, 3 * timings.WINDOW))
    assert len(sent(mail.loaded((*too_many, waiting_alarm(999)), False, at(0)))) == timings.WINDOW + 1
    for seq in range(1, timings.WINDOW + 1):
        mail.received((key(seq, EARLIER),), at(1))
    assert mail.next_deadline() is not None, "it asks for the rest"


def test_an_event_stored_while_the_outbox_reads_is_not_forgotten() -> None:
    mail = line(more=True)
    assert of_kind(LoadWaiting, mail.deadline_reached(at(0)))
    assert of_kind(Publish, tell(mail)) == [], "it goes to the disk, behind the others"
    mail.loaded((waiting_event(1),), False, at(0.1))
    assert of_kind(LoadWaiting, mail.deadline_reached(at(0.1)))


def test_an_outbox_that_does_not_answer_is_asked_again() -> None:
    mail = line(more=True)
    asked = [at_s for at_s, effect in pass_time(mail, 100) if isinstance(effect, LoadWaiting)]
    assert asked == [0, 30, 60, 90]


def test_what_the_disk_cannot_forget_is_not_sent_again_and_again() -> None:
    mail = line(more=True)
    stuck = tuple(waiting_event(seq) for seq in range(1, 11))
    mail.deadline_reached(at(0))
    assert len(sent(mail.loaded(stuck, True, at(0)))) == len(stuck)
    asked = mail.received(tuple(message.key for message in stuck), at(1))
    assert of_kind(LoadWaiting, asked)
    assert mail.loaded(stuck, True, at(1)) == [Forget(tuple(message.key for message in stuck))], "it may forget it now"
    assert mail.next_deadline() == at(1 + timings.LOAD_AGAIN_AFTER_S).mono_s


def test_nothing_more_is_asked_for_while_no_line_is_open() -> None:
    mail = line(more=True, is_open=False)
    assert mail.next_deadline() is None
    assert mail.deadline_reached(at(0)) == []


# --- a disk that fails ---


def test_what_the_disk_did_not_take_is_kept_and_stored_when_it_works_again() -> None:
    mail = line()
    (store, _) = tell(mail)
    assert isinstance(store, Store)
    assert mail.store_failed(store.message, at(0)) == []
    assert mail.store_again() == [store]
    assert mail.store_again() == []


def test_an_event_that_only_the_disk_was_to_hold_is_sent_from_memory_when_it_does_not() -> None:
    mail = line(more=True)
    (store,) = tell(mail)
    assert isinstance(store, Store)
    assert sent(mail.store_failed(store.message, at(0))) == [key(1)]
    assert mail.store_again() == [store]


def test_a_new_disk_gets_all_that_memory_holds() -> None:
    mail = line(waiting_alarm(7))
    tell(mail)
    assert [store.message.key for store in of_kind(Store, mail.disk_was_replaced())] == [key(7, EARLIER), key(1)]


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let memory hold little, so that it is filled quickly."""
    monkeypatch.setattr(timings, "HELD_IN_MEMORY", timings.WINDOW + 20)
    return timings.HELD_IN_MEMORY


def overfill(mail: Transmission, count: int) -> None:
    for _ in range(count):
        for store in of_kind(Store, tell(mail)):
            mail.store_failed(store.message, at(0))


def test_memory_is_bounded_and_what_it_drops_is_reported(small_memory: int) -> None:
    mail = line(waiting_alarm(1), is_open=False)
    overfill(mail, small_memory + 10)
    assert len(sent(mail.path_opened(at(1)))) == small_memory
    assert mail.waits_for(key(1, EARLIER)), "an alarm is never dropped for events"
    (store, _) = mail.report_losses(at(1))
    assert isinstance(store, Store)
    assert store.message.body == wire.EventsLost(count=11)


def test_losses_are_reported_one_message_at_a_time(small_memory: int) -> None:
    """On a full disk the report of a loss would be the next loss, and so on without end."""
    mail = line(is_open=False)
    overfill(mail, small_memory)
    mail.lose(2)
    (report,) = of_kind(Store, mail.report_losses(at(0)))
    mail.store_failed(report.message, at(0))
    overfill(mail, 20)
    assert mail.waits_for(report.message.key), "nor is the report itself dropped"
    assert mail.report_losses(at(1)) == []
    mail.received((report.message.key,), at(2))
    (second,) = of_kind(Store, mail.report_losses(at(2)))
    assert second.message.body == wire.EventsLost(count=20)


def test_alarms_alone_are_never_dropped(small_memory: int) -> None:
    many = small_memory + 5
    mail = line(*(waiting_alarm(seq) for seq in range(1, many)))
    mail.store_failed(waiting_alarm(many), at(0))
    assert all(mail.waits_for(key(seq, EARLIER)) for seq in range(1, many + 1))


def test_what_was_received_before_the_disk_refused_it_is_not_sent_again() -> None:
    mail = line()
    (store, _) = tell(mail)
    assert isinstance(store, Store)
    mail.received((key(1),), at(1))
    assert mail.store_failed(store.message, at(1)) == []
    assert mail.store_again() == []


# --- presses ---


def test_the_last_press_that_is_not_confirmed_is_known() -> None:
    mail = line()
    assert mail.unheard_press(key(1)) is None
    for trigger in (BUTTON, PENDANT):
        body = wire.AlarmJoined(alarm=key(1), trigger=trigger.info(), status_code=trigger.status_code)
        mail.submit(body, Urgency.ALARM, at(0))
    tell(mail)
    assert mail.unheard_press(key(1)) == PENDANT.info()
    assert mail.unheard_press(key(9)) is None
    mail.received((key(2),), at(1))
    assert mail.unheard_press(key(1)) == BUTTON.info()


def test_the_receipts_that_are_remembered_are_bounded() -> None:
    mail = line()
    mail.received(tuple(key(seq) for seq in range(1, timings.RECEIVED_REMEMBERED + 2)), at(0))
    assert len(mail.news((waiting_event(1, EPOCH), waiting_event(2, EPOCH)))) == 1


def test_further_presses_are_news_until_many_wait() -> None:
    mail = line()
    for _ in range(timings.ALARMS_WAITING):
        assert mail.takes_presses
        tell(mail, urgency=Urgency.ALARM)
    assert not mail.takes_presses
    mail.received((key(1),), at(1))
    assert mail.takes_presses
