"""How the unit is put together: every setting finds its door, and a setting that cannot is told."""

import threading
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from device import app
from device.adapters.lifetime import AlreadyRunningError
from device.adapters.power import SimulatedPower
from device.adapters.voice import Target
from device.app import Program, Substitutes, broker_settings, build, call_plan, software_version, voice_settings
from device.config import (
    Centre,
    ConfigError,
    Contact,
    Settings,
    Speech,
    SpeechTarget,
    SpeechTransport,
    TriggerSettings,
)
from device.core import events as ev
from device.core.call import NO_CALLS, CallPlan
from device.core.effects import ALL_EFFECTS, OF_VOICE, Prompt
from device.journal import Step, read_journal
from device.prompts import manifest
from device.prompts.words import Language
from device.voice import messages as engine
from device.voice.messages import Protocol, Srtp
from tests.mosquitto import free_port
from tests.waiting import GENEROUS_S, until

SPEECH = Speech(
    targets=(SpeechTarget(uri="sip:alarm@127.0.0.1:5060", srtp=Srtp.OFF),),
    transports=(SpeechTransport(protocol=Protocol.UDP, host="127.0.0.1"),),
)


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(
        unit_id="poga-0001",
        data_dir=folder,
        **{"centres": (Centre(host="127.0.0.1", port=free_port(), tls=False),)} | more,
    )


def substitutes(**more: Any) -> Substitutes:
    return Substitutes(pin_factory=MockFactory(pin_class=MockPWMPin), power=SimulatedPower(), **more)


def live(program: Program) -> threading.Thread:
    life = threading.Thread(target=program.run, daemon=True)
    life.start()
    return life


def test_every_effect_has_its_door_and_the_watchdog_is_the_last_to_open(tmp_path: Path) -> None:
    program = build(settings(tmp_path), substitutes())
    assert {effect for door in program.adapters for effect in door.performs} == set(ALL_EFFECTS) - set(OF_VOICE)
    names = [door.name for door in program.adapters]
    assert names[-1] == "watchdog"
    assert names.index("outbox") < names.index("triggers") < names.index("broker")


def test_a_unit_that_has_somebody_to_call_has_a_voice(tmp_path: Path) -> None:
    program = build(settings(tmp_path, speech=SPEECH), substitutes())
    assert {effect for door in program.adapters for effect in door.performs} == set(ALL_EFFECTS)
    names = [door.name for door in program.adapters]
    assert names.index("triggers") < names.index("voice") < names.index("broker")


def test_the_voice_gets_what_was_set(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("ca_file", "cert_file", "key_file")}
    speech = Speech(
        targets=(SpeechTarget(uri="sip:alarm@arc.example;transport=tls"), SpeechTarget(uri="sip:b@x", srtp=Srtp.OFF)),
        transports=(
            SpeechTransport(host="192.0.2.1", port=5061),
            SpeechTransport(protocol=Protocol.UDP, host="127.0.0.1"),
        ),
        centre_names=("arc.example",),
        sound_card="Speakerphone",
        has_own_echo_canceller=True,
        **files,
    )
    voice = voice_settings(settings(tmp_path, speech=speech))
    assert voice.targets == (
        Target("sip:alarm@arc.example;transport=tls", Srtp.MANDATORY),
        Target("sip:b@x", Srtp.OFF),
    )
    assert voice.centre_names == ("arc.example",)
    assert voice.engine == engine.Settings(
        user="poga-0001",
        transports=(
            engine.Transport(protocol=Protocol.TLS, host="192.0.2.1", port=5061, srtp=Srtp.MANDATORY, **files),
            engine.Transport(protocol=Protocol.UDP, host="127.0.0.1"),
        ),
        sound=engine.Sound(kind=engine.SoundKind.CARD, name="Speakerphone", has_own_echo_canceller=True),
        media_host="192.0.2.1",
    )


def test_a_played_room_takes_the_place_of_the_sound_card(tmp_path: Path) -> None:
    voice = voice_settings(settings(tmp_path, speech=SPEECH), tmp_path / "room")
    assert voice.engine.sound == engine.Sound(kind=engine.SoundKind.SOCKET, socket=tmp_path / "room")
    assert voice.engine.log_file == tmp_path / "voice.log"


def test_the_microphone_waits_for_its_notice_in_the_language_of_the_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "AUDIO", tmp_path)
    spoken = settings(tmp_path, speech=SPEECH, language=Language.LV)
    assert call_plan(settings(tmp_path)) == NO_CALLS
    assert call_plan(spoken) == CallPlan((20.0,))
    for language, duration_s in ((Language.EN, 1.25), (Language.LV, 1.5)):
        name = manifest.name_of(language, Prompt.MICROPHONE_OPEN)
        known = manifest.load(tmp_path) if language is Language.LV else {}
        said = manifest.Spoken(words="Heard.", source="test", sha256="0" * 64, duration_s=duration_s)
        manifest.save(tmp_path, {**known, name: said})
        assert call_plan(spoken) == CallPlan((20.0,), duration_s + app.BEFORE_A_WORD_S)


def test_every_life_has_an_epoch_of_its_own(tmp_path: Path) -> None:
    epochs = {build(settings(tmp_path), substitutes()).epoch for _ in range(20)}
    assert len(epochs) == 20
    assert all(len(epoch) == 16 for epoch in epochs)


def test_a_life_begins_with_what_the_last_one_left_and_ends_when_told(tmp_path: Path) -> None:
    steps: list[Step] = []
    for cause, left in ((ev.StartCause.POWER_ON, []), (ev.StartCause.RESTART, ["unit_started"])):
        steps.clear()
        program = build(settings(tmp_path), substitutes(boot_id="boot", watch=steps.append))
        life = live(program)
        until(lambda: bool(steps), "the unit has started")
        program.stop()
        life.join(GENEROUS_S)
        assert not life.is_alive()
        started = steps[0].entry.event
        assert isinstance(started, ev.Started)
        assert (started.cause, started.boot_id, started.software) == (cause, "boot", software_version())
        assert started.epoch == program.epoch
        assert [message.body.kind for message in started.waiting] == left
        assert isinstance(steps[-1].entry.event, ev.StopRequested)
    assert read_journal(max((tmp_path / "journal").iterdir())).reason == "stop requested"


def test_a_press_is_an_alarm_and_stands_in_the_journal(tmp_path: Path) -> None:
    steps: list[Step] = []
    parts = substitutes(watch=steps.append)
    program = build(settings(tmp_path), parts)
    life = live(program)
    until(lambda: bool(steps), "the unit has started")
    parts.pin_factory.pin(5).drive_low()
    until(lambda: program.core.alarm.open_alarm() is not None, "the alarm is raised")
    program.stop()
    life.join(GENEROUS_S)
    events = [entry.event for entry in read_journal(max((tmp_path / "journal").iterdir())).entries]
    assert ev.TriggerActivated("button") in events


def test_a_second_unit_on_the_same_data_is_refused(tmp_path: Path) -> None:
    first = build(settings(tmp_path), substitutes())
    assert first.is_alone()
    second = build(settings(tmp_path), substitutes())
    assert not second.is_alone()
    with pytest.raises(AlreadyRunningError):
        second.run()
    first.lifetime.end()


def test_a_data_folder_that_cannot_be_used_takes_no_press_away(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("")
    steps: list[Step] = []
    parts = substitutes(watch=steps.append)
    program = build(settings(in_the_way), parts)
    life = live(program)
    until(lambda: bool(steps), "the unit has started")
    parts.pin_factory.pin(5).drive_low()
    until(lambda: program.core.alarm.open_alarm() is not None, "the alarm is raised")
    program.stop()
    life.join(GENEROUS_S)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"light_pin": "lamp"}, "light_pin: 'lamp' is no output in hardware/pins.csv; allowed: light"),
        ({"cancel_pin": "i2s_clk"}, "cancel_pin: 'i2s_clk' is no input in hardware/pins.csv; allowed: button, cancel"),
        (
            {"triggers": (TriggerSettings(id="door", name="Door", pin="dor"),)},
            r"triggers\[0\]\.pin: 'dor' is no input",
        ),
        ({"mains_pin": "i2c_sda"}, "mains_pin: 'i2c_sda' is no input"),
    ],
)
def test_a_pin_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, more: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        build(settings(tmp_path, **more), Substitutes(pin_factory=MockFactory()))


@pytest.mark.parametrize(
    ("centre", "complaint"),
    [
        (Centre(host="arc.example"), "TLS needs ca_file"),
        (Centre(host="arc example", tls=False), "the host is empty or holds a space"),
        (Centre(host="arc.example", tls=False, password_file=Path("/nowhere/password")), "/nowhere/password cannot"),
    ],
)
def test_a_centre_that_cannot_work_is_told_with_its_number(tmp_path: Path, centre: Centre, complaint: str) -> None:
    good = Centre(host="127.0.0.1", tls=False)
    with pytest.raises(ConfigError, match=rf"^centres\[1\]: .*{complaint}"):
        build(settings(tmp_path, centres=(good, centre)), substitutes())


def test_the_broker_gets_what_was_set(tmp_path: Path) -> None:
    centres = (
        Centre(host="one.example", tls=False, password="first"),
        Centre(host="two.example", port=1884, tls=False, username="other", password="second"),
        Centre(host="three.example", tls=False),
    )
    broker = broker_settings(settings(tmp_path, centres=centres, keepalive_s=15))
    assert (broker.unit_id, broker.keepalive_s) == ("poga-0001", 15)
    assert [(centre.host, centre.username, centre.password) for centre in broker.centres] == [
        ("one.example", "poga-0001", "first"),
        ("two.example", "other", "second"),
        ("three.example", None, None),
    ]


def test_a_contact_is_as_the_list_of_pins_says_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    triggers = (
        TriggerSettings(id="smoke", name="Smoke", pin="detector"),
        TriggerSettings(id="cord", name="Cord", pin="pull_cord", contact=Contact.NORMALLY_CLOSED),
        TriggerSettings(id="pendant", name="Pendant"),
    )
    program = build(settings(tmp_path, triggers=triggers), substitutes())
    (door,) = [door for door in program.adapters if door.name == "triggers"]
    inputs = {source.trigger_id: source for source in door._inputs}  # type: ignore[attr-defined]
    assert inputs["smoke"].contact is Contact.NORMALLY_CLOSED
    assert inputs["cord"].contact is Contact.NORMALLY_CLOSED
    assert inputs["cancel"].is_cancel
    assert "pendant" not in inputs


def test_without_a_wire_from_the_charger_the_mains_are_not_watched(tmp_path: Path) -> None:
    program = build(settings(tmp_path, mains_pin=""), Substitutes(pin_factory=MockFactory()))
    assert "power" not in [door.name for door in program.adapters]
