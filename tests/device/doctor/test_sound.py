"""What the doctor says of voice: which build, its limits, the sound card; and what to do where it is not well."""

from collections.abc import Callable
from pathlib import Path

import pytest

from device.config import Centre, Settings, Speech, SpeechTarget, SpeechTransport
from device.doctor import Verdict, sound
from device.doctor.sound import of_voice
from device.voice.client import EngineUnavailableError
from device.voice.messages import EngineLost, EngineStarted, Protocol, SoundFound, SoundLost, Srtp
from tests.device.adapters.voice.played_engine import STARTED, House, PlayedEngine

INDEX_BUILD = STARTED.model_copy(update={"is_own_build": False, "most_legs": 4, "has_sound_cards": False})
SPEECH = Speech(
    targets=(SpeechTarget(uri="sip:alarm@127.0.0.1:5060", srtp=Srtp.OFF),),
    transports=(SpeechTransport(protocol=Protocol.UDP, host="127.0.0.1"),),
)


def settings(speech: Speech = SPEECH) -> Settings:
    return Settings(
        unit_id="poga-0001",
        centres=(Centre(host="127.0.0.1", tls=False),),
        speech=speech,
        data_dir=Path("/nowhere"),
    )


def says(engine: PlayedEngine, *events: EngineStarted | SoundFound | SoundLost | EngineLost) -> Callable[[], None]:
    """Have an engine say this as soon as it is started."""

    def start() -> None:
        for event in events:
            engine.say(event)

    return start


@pytest.mark.parametrize(
    ("events", "findings"),
    [
        (
            (STARTED, SoundFound(name="plughw:CARD=Speakerphone")),
            [(Verdict.OK, "256 legs, sound cards, codecs opus, G722"), (Verdict.OK, "Speakerphone")],
        ),
        (
            (STARTED, SoundLost(reason="there is no sound card 'X'")),
            [(Verdict.OK, "TLS 1.2 and 1.3"), (Verdict.FAULT, "no sound card 'X'; plug it in; see the setting")],
        ),
        (
            (INDEX_BUILD, SoundLost(reason="this build knows no sound cards")),
            [
                (Verdict.ATTENTION, "not our own build): 4 legs, no sound cards"),
                (Verdict.FAULT, "knows no sound cards"),
            ],
        ),
        ((EngineLost(reason="cert_file /x cannot be read"),), [(Verdict.FAULT, "cert_file /x cannot be read")]),
    ],
)
def test_the_units_own_voice_is_started_and_says_how_it_is(
    events: tuple[EngineStarted | SoundFound | SoundLost | EngineLost, ...],
    findings: list[tuple[Verdict, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    monkeypatch.setattr(house.engine, "start", says(house.engine, *events))
    found = list(of_voice(settings(), house.voice))
    assert [finding.verdict for finding in found] == [verdict for verdict, _ in findings]
    for finding, (_, text) in zip(found, findings, strict=True):
        assert text in str(finding)
    assert house.engine.is_stopped


def test_an_engine_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "STARTS_WITHIN_S", 0.1)
    (finding,) = of_voice(settings(), House().voice)
    assert finding.verdict is Verdict.FAULT
    assert "has not said how it is" in finding.seen


def test_where_a_unit_runs_the_build_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "probe", lambda within_s: INDEX_BUILD)
    (finding,) = of_voice(settings(), None)
    assert finding.verdict is Verdict.ATTENTION
    assert "`make pjsua2`" in finding.remedy


def test_without_an_engine_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(within_s: float) -> EngineStarted:
        raise EngineUnavailableError("pjsua2 is not installed: make pjsua2")

    monkeypatch.setattr(sound, "probe", fail)
    (finding,) = of_voice(settings(), None)
    assert (finding.verdict, finding.seen) == (Verdict.FAULT, "pjsua2 is not installed: make pjsua2")


def test_a_unit_that_is_to_have_no_voice_is_well_without_one() -> None:
    (finding,) = of_voice(settings(Speech()), None)
    assert (finding.verdict, finding.seen) == (Verdict.OK, "none: the settings name nobody to call")
