"""The whole driver on simulated modems: what is asked of it comes to an end, and what goes wrong is said."""

import threading
from pathlib import Path

import pytest

from device.adapters.modem import (
    AttemptEnded,
    CallAnswered,
    CallEnd,
    CallEnded,
    ModemFound,
    ModemLost,
    ModemReady,
    ModemSettings,
    NetworkChanged,
    NetworkTimeHeard,
    PinRefusal,
    SignalMeasured,
    SimChanged,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextTaken,
)
from device.adapters.modem import port as port_module
from device.adapters.modem.at.facts import Registering, SimState, Technology
from device.adapters.modem.simulator import Kind, Manner, MobileNetwork, SimulatedModem
from device.adapters.modem.simulator.modem import Slot
from tests.device.adapters.modem.rig import CENTRE, HOME, PATIENCE_S, STRANGER, driven, eventually, ready, simulated

# --- setting up ---


@pytest.mark.parametrize(
    ("kind", "profile"),
    [(Kind.SIM7600, "SIM7600"), (Kind.SIM800, "SIM800"), (Kind.EC25, "EC25"), (Kind.PLAIN, "27.007")],
)
def test_every_kind_of_modem_is_recognised_and_made_ready(
    network: MobileNetwork, tmp_path: Path, kind: Kind, profile: str
) -> None:
    with simulated(network, tmp_path / "modem", kind=kind) as modem, ready(ModemSettings(modem.path)) as (_, reports):
        assert reports.wait(ModemFound).identity.profile == profile
        assert reports.wait(SimChanged).state is SimState.READY
        seen = reports.wait(NetworkChanged)
        assert seen.state is Registering.HOME
        assert seen.technology is (Technology.LTE if kind.value.has_lte else Technology.GSM)
        assert seen.operator is not None
        assert seen.operator.name == "Poga Mobile"
        signal = reports.wait(SignalMeasured).signal
        assert signal.rssi_dbm == -73
        assert signal.rsrp_dbm == (-81 if kind.value.has_lte else None)
        assert reports.wait(NetworkTimeHeard).time.utc_s == 1_772_359_200


def test_roaming_a_lost_network_and_its_return_are_reported(home: SimulatedModem) -> None:
    with ready(ModemSettings(home.path)) as (_, reports):
        home.register(5)
        assert reports.wait(NetworkChanged, lambda seen: seen.is_roaming).technology is Technology.LTE
        since = len(reports.events)
        for state in (2, 2):
            home.register(state)
        reports.wait(NetworkChanged, lambda seen: seen.state is Registering.SEARCHING, since)
        home.register(1)
        reports.wait(NetworkChanged, lambda seen: seen.state is Registering.HOME, since)


def test_a_modem_that_is_not_there_is_said_once_and_taken_when_it_comes(tmp_path: Path) -> None:
    network = MobileNetwork()
    modem = SimulatedModem(network, tmp_path / "late", HOME)
    with driven(ModemSettings(modem.path)) as (driver, reports):
        lost = reports.wait(ModemLost)
        assert "plugged in and powered" in lost.reason
        ticket = driver.send_text(CENTRE, "nobody is there")
        assert not reports.wait(TextFailed, lambda event: event.ticket == ticket).is_lasting
        modem.plug()
        reports.wait(ModemReady)
        assert reports.count(ModemLost) == 1
        modem.unplug()


# --- the SIM ---


def test_the_pin_is_given_and_a_wrong_one_never_twice(network: MobileNetwork, tmp_path: Path) -> None:
    notes = tmp_path / "pins.json"
    with simulated(network, tmp_path / "home", pin="1234") as modem:
        for _ in range(3):  # three starts of the unit
            with driven(ModemSettings(modem.path, pin="0000", tried_pins=notes)) as (_, reports):
                seen = reports.wait(SimChanged)
                assert (seen.state, seen.refusal) == (SimState.PIN_NEEDED, PinRefusal.WRONG)
        assert modem.tries == 2
        with ready(ModemSettings(modem.path, pin="1234", tried_pins=notes)) as (_, reports):
            assert reports.wait(SimChanged).state is SimState.READY
        assert modem.tries == 3


@pytest.mark.parametrize(("pin", "refusal"), [(None, PinRefusal.NOT_SET), ("12", PinRefusal.MALFORMED)])
def test_without_a_usable_pin_none_is_tried(
    network: MobileNetwork, tmp_path: Path, pin: str | None, refusal: PinRefusal
) -> None:
    with (
        simulated(network, tmp_path / "home", pin="1234") as modem,
        driven(ModemSettings(modem.path, pin=pin)) as (driver, reports),
    ):
        assert reports.wait(SimChanged).refusal is refusal
        ticket = driver.send_text(CENTRE, "x")
        assert "PIN" in reports.wait(TextFailed, lambda event: event.ticket == ticket).reason
        assert modem.tries == 3


def test_the_last_try_belongs_to_a_person(network: MobileNetwork, tmp_path: Path) -> None:
    with simulated(network, tmp_path / "home", pin="1234") as modem:
        modem.tries = 1
        with driven(ModemSettings(modem.path, pin="1234")) as (_, reports):
            assert reports.wait(SimChanged).refusal is PinRefusal.TRIES_LEFT
        assert modem.tries == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sim_that_is_taken_out_is_noticed_and_taken_back(network: MobileNetwork, tmp_path: Path, kind: Kind) -> None:
    with (
        simulated(network, tmp_path / "home", kind=kind) as modem,
        ready(ModemSettings(modem.path)) as (driver, reports),
    ):
        since = len(reports.events)
        modem.remove_sim()
        assert reports.wait(SimChanged, since=since).state is SimState.ABSENT
        ticket = driver.send_text(CENTRE, "x")
        assert "SIM" in reports.wait(TextFailed, lambda event: event.ticket == ticket).reason
        modem.insert_sim()
        reports.wait(ModemReady, since=since)


# --- texts ---


def test_a_text_goes_from_modem_to_modem_and_its_delivery_is_told(
    network: MobileNetwork, home: SimulatedModem, centre: SimulatedModem
) -> None:
    text = "Trauksme ā, ē, ī. " * 12
    with ready(ModemSettings(home.path)) as (sender, sent), ready(ModemSettings(centre.path)) as (_, received):
        ticket = sender.send_text(CENTRE, text)
        got = received.wait(TextReceived)
        assert (got.sender, got.text, got.is_whole) == (HOME, text, True)
        sent.wait(TextDelivered, lambda event: event.ticket == ticket)
        kinds = [type(event) for event in sent.events if isinstance(event, TextTaken | TextDelivered)]
        assert kinds == [TextTaken, TextDelivered]
        assert len(network.texts) == 4


def test_a_text_stays_on_the_sim_until_somebody_else_has_it(network: MobileNetwork, centre: SimulatedModem) -> None:
    with ready(ModemSettings(centre.path)) as (_, reports):
        network.text_from_outside(STRANGER, CENTRE, "first")
        reports.wait(TextReceived)
        assert len(centre.slots) == 1
    with ready(ModemSettings(centre.path)) as (driver, reports):  # the unit started anew before it was stored
        again = reports.wait(TextReceived)
        assert (again.sender, again.text) == (STRANGER, "first")
        driver.forget(again.key)
        eventually(lambda: not centre.slots)
        network.text_from_outside(STRANGER, CENTRE, "first")  # the same words at the same place
        reports.wait(TextReceived, lambda event: event.key != again.key)


def test_a_full_sim_lets_the_next_text_in_when_one_is_forgotten(network: MobileNetwork, centre: SimulatedModem) -> None:
    with ready(ModemSettings(centre.path)) as (driver, reports):
        for number in range(22):
            network.text_from_outside(STRANGER, CENTRE, f"text {number}")
        eventually(lambda: reports.count(TextReceived) == 20)
        first = reports.wait(TextReceived)
        driver.forget(first.key)
        reports.wait(TextReceived, lambda event: event.text == "text 20")


def test_what_cannot_be_read_does_not_fill_the_sim(network: MobileNetwork, centre: SimulatedModem) -> None:
    centre.slots[1] = Slot("0004")
    with ready(ModemSettings(centre.path)) as (_, reports):
        network.text_from_outside(STRANGER, CENTRE, "readable")
        assert reports.wait(TextReceived).text == "readable"
        eventually(lambda: 1 not in centre.slots or centre.slots[1].pdu != "0004")


@pytest.mark.parametrize(
    ("refusal", "is_lasting"), [("+CMS ERROR: 38", False), ("+CMS ERROR: 28", True), ("ERROR", False)]
)
def test_a_text_that_the_network_refuses_is_told_with_what_to_do(
    home: SimulatedModem, refusal: str, is_lasting: bool
) -> None:
    home.faults.refuses["CMGS"] = refusal
    with ready(ModemSettings(home.path)) as (driver, reports):
        ticket = driver.send_text(CENTRE, "x")
        failed = reports.wait(TextFailed)
        assert (failed.ticket, failed.is_lasting) == (ticket, is_lasting)
        assert refusal.partition(":")[0] in failed.reason


def test_nothing_is_sent_to_an_emergency_service(network: MobileNetwork, home: SimulatedModem) -> None:
    with ready(ModemSettings(home.path)) as (driver, reports):
        driver.send_text("112", "help")
        assert "emergency" in reports.wait(TextFailed).reason
        driver.dial(("112", "911"))
        assert reports.wait(CallEnded).end is CallEnd.FORBIDDEN
        assert reports.count(AttemptEnded) == 2
    assert (network.texts, network.calls) == ([], [])


# --- what goes wrong ---


def test_an_unplugged_modem_is_lost_and_found_again(network: MobileNetwork, home: SimulatedModem) -> None:
    network.manners[CENTRE] = Manner.ANSWERS
    with ready(ModemSettings(home.path)) as (driver, reports):
        driver.dial((CENTRE,))
        reports.wait(CallAnswered)
        since = len(reports.events)
        home.unplug()
        assert reports.wait(CallEnded).end in (CallEnd.MODEM_LOST, CallEnd.HUNG_UP_THERE)
        reports.wait(ModemLost, since=since)
        home.plug()  # another terminal under the same name, as USB does
        reports.wait(ModemReady, since=since)
        driver.send_text(CENTRE, "back again")
        reports.wait(TextTaken)


def test_a_modem_that_starts_anew_in_the_middle_of_a_reply_is_set_up_again(home: SimulatedModem) -> None:
    with ready(ModemSettings(home.path)) as (driver, reports):
        since = len(reports.events)
        home.faults.resets_at = "+CSQ"
        driver.look_now()
        reports.wait(ModemReady, since=since)
        driver.send_text(CENTRE, "well again")
        reports.wait(TextTaken)


def test_noise_and_codes_in_the_middle_of_replies_change_nothing(network: MobileNetwork, home: SimulatedModem) -> None:
    home.faults.dribbles = True
    home.faults.in_the_middle.extend(
        [b"\r\nRING\r\n", b"\xff\xfe\x00\r\nRI\r\n+C\r\n", b'\r\n+CREG: 1,"00C3","3F2A",7\r\n'] * 20
    )
    with ready(ModemSettings(home.path)) as (driver, reports):
        home.garble(bytes(range(256)))
        ticket = driver.send_text(CENTRE, "through the noise")
        reports.wait(TextTaken, lambda event: event.ticket == ticket)
        assert network.texts == [(HOME, CENTRE, "through the noise")]
        assert reports.wait(NetworkChanged).state is Registering.HOME


def test_a_silent_modem_is_opened_again_and_at_last_its_power_is_cut(
    home: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_module, "SILENT_S", 0.5)
    monkeypatch.setattr(port_module, "POWER_CYCLE_EVERY_S", 0.5)
    was_cut = threading.Event()

    def cut_power() -> None:
        home.faults.is_silent = False
        home.restart()
        was_cut.set()

    home.faults.is_silent = True
    with driven(ModemSettings(home.path), cut_power) as (_, reports):
        reports.wait(ModemReady)
    assert was_cut.is_set()


def test_stopping_hangs_up_and_nothing_is_reported_after(network: MobileNetwork, home: SimulatedModem) -> None:
    network.manners[CENTRE] = Manner.ANSWERS
    with ready(ModemSettings(home.path)) as (driver, reports):
        driver.dial((CENTRE,))
        reports.wait(CallAnswered)
        driver.stop()
        assert network.calls == []
        count = len(reports.events)
        home.register(2)
        driver.stop()
        assert len(reports.events) == count


def test_it_stops_in_the_middle_of_a_command_that_takes_minutes(home: SimulatedModem) -> None:
    with ready(ModemSettings(home.path)) as (driver, reports):
        home.faults.is_silent = True
        driver.scan()
        stopping = threading.Thread(target=driver.stop)
        stopping.start()
        stopping.join(PATIENCE_S)
        assert not stopping.is_alive()
        home.faults.is_silent = False
        since = len(reports.events)
        driver.start(reports)
        reports.wait(ModemReady, since=since)
