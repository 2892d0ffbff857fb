"""baresip and the engine speak with each other, as phone and as unit: every codec, encrypted and not, both ways.

Rules: sound is known by what it says. Each says a phrase of its own, hears the other's, and does not hear its own.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from device.voice.messages import (
    AnswerLeg,
    DigitHeard,
    EndedBy,
    EndLeg,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegHeard,
    Protocol,
    SendDigits,
    Srtp,
    Transport,
)
from tests.certificates import Authority
from tests.mosquitto import LOOPBACK
from tests.peers.baresip import Baresip, Line
from tests.peers.engine import SIP_OVER_UDP, RunningEngine
from tests.peers.rtp import RATE_HZ
from tests.peers.sound import LONG_ENOUGH_S, Phrase, SpokenFiles, assert_says, spoken

OPUS_HZ = 48_000
CODECS = {
    "PCMA": ("PCMA", "g711", RATE_HZ),
    "PCMU": ("PCMU", "g711", RATE_HZ),
    "G722": ("G722", "g722", 2 * RATE_HZ),
    "opus": ("opus/48000/2", "opus", OPUS_HZ),
}


@pytest.fixture
def line(spoken_files: SpokenFiles) -> Line:
    """A phone that says numbers."""
    return Line("operator", spoken_files[Phrase.NUMBERS, RATE_HZ][0])


def converse(engine: RunningEngine, leg: str, phone: Baresip, files: SpokenFiles) -> None:
    """Let the engine ask its question and the phone say its numbers, and see that each hears the other alone."""
    engine.converse(leg, files[Phrase.QUESTION, 2 * RATE_HZ][0])
    engine.wait(LegHeard, leg)
    assert_says(engine.wait_for_sound(leg, LONG_ENOUGH_S), Phrase.NUMBERS, files)
    assert_says(phone.wait_for_sound(LONG_ENOUGH_S), Phrase.QUESTION, files)
    engine.send(EndLeg(leg=leg))
    phone.wait_for("CALL_CLOSED")
    engine.be_silent(leg)


@pytest.mark.parametrize("codec", CODECS)
def test_a_phone_is_called_with_every_codec(
    engine: RunningEngine, tmp_path: Path, line: Line, spoken_files: SpokenFiles, codec: str
) -> None:
    if codec not in engine.started.codecs:
        pytest.skip(f"this PJSIP has no {codec}: make pjsua2")
    offered, module, rate_hz = CODECS[codec]
    says = tmp_path / "says.wav"
    spoken(Phrase.NUMBERS, says, rate_hz, 15)
    with Baresip(tmp_path / "phone", replace(line, says=says, codec=offered, module=module, rate_hz=rate_hz)) as phone:
        leg = engine.call(phone.uri)
        assert engine.wait(LegAnswered, leg).codec.lower() == codec.lower()
        converse(engine, leg, phone, spoken_files)


def test_a_phone_calls(engine: RunningEngine, tmp_path: Path, line: Line, spoken_files: SpokenFiles) -> None:
    before = len(engine.heard(LegArrived))
    with Baresip(tmp_path / "phone", line) as phone:
        phone.tell("dial", f"sip:centre@{engine.address}")
        call = engine.wait(LegArrived, count=before + 1)
        assert call.from_user == "operator"
        engine.send(AnswerLeg(leg=call.leg, status=180))
        phone.wait_for("CALL_RINGING")
        engine.send(AnswerLeg(leg=call.leg))
        engine.wait(LegAnswered, call.leg)
        converse(engine, call.leg, phone, spoken_files)


def test_keys_go_both_ways(engine: RunningEngine, tmp_path: Path, line: Line) -> None:
    with Baresip(tmp_path / "phone", line) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegHeard, leg)
        for number, key in enumerate("14#", start=1):
            phone.tell("sndcode", key)
            assert engine.wait(DigitHeard, leg, count=number).digit == key
        engine.send(SendDigits(leg=leg, digits="7"))
        assert phone.wait_for("CALL_DTMF_START")["param"] == "7"
        engine.send(EndLeg(leg=leg))
        phone.wait_for("CALL_CLOSED")


def test_a_phone_that_declines_has_declined(engine: RunningEngine, tmp_path: Path, line: Line) -> None:
    with Baresip(tmp_path / "phone", replace(line, answers=False)) as phone:
        leg = engine.call(phone.uri)
        phone.wait_for("CALL_INCOMING")
        phone.tell("hangup")
        ended = engine.wait(LegEnded, leg)
        assert ended.status == 486
        assert ended.by is EndedBy.THEM


def test_a_phone_that_is_killed_is_missed(engine: RunningEngine, tmp_path: Path, line: Line) -> None:
    with Baresip(tmp_path / "phone", line) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegHeard, leg)
        phone.kill()
        assert engine.wait(LegEnded, leg).by is EndedBy.SILENCE


# --- over TLS, with encrypted sound -------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path, "authority")


@pytest.fixture
def secure_engine(tmp_path: Path, authority: Authority) -> Iterator[RunningEngine]:
    """An engine that speaks TLS with those whom the authority knows, and encrypts sound or does not speak."""
    own = authority.issue("centre")
    tls = Transport(protocol=Protocol.TLS, cert_file=own.cert, key_file=own.key, ca_file=authority.cert)
    with RunningEngine(tmp_path / "engine", transports=(tls, SIP_OVER_UDP), srtp=Srtp.OPTIONAL) as running:
        yield running


def secure(line: Line, folder: Path, authority: Authority, names: str) -> Line:
    """Return a phone with a certificate for `names`."""
    issued = authority.issue("phone", names)
    both = folder / "phone.pem"
    both.write_bytes(issued.key.read_bytes() + issued.cert.read_bytes())
    return replace(line, cert_and_key=both, ca_file=authority.cert, account=";mediaenc=srtp-mand")


def test_a_phone_is_called_over_tls_with_encrypted_sound(
    secure_engine: RunningEngine, tmp_path: Path, line: Line, authority: Authority, spoken_files: SpokenFiles
) -> None:
    with Baresip(tmp_path / "phone", secure(line, tmp_path, authority, "IP:127.0.0.1")) as phone:
        leg = secure_engine.call(f"sip:operator@{LOOPBACK}:{phone.port + 1};transport=tls", srtp=Srtp.MANDATORY)
        assert secure_engine.wait(LegAnswered, leg).is_encrypted
        converse(secure_engine, leg, phone, spoken_files)


def test_who_calls_over_tls_is_known_by_the_certificate(
    secure_engine: RunningEngine, tmp_path: Path, line: Line, authority: Authority, spoken_files: SpokenFiles
) -> None:
    unit = replace(line, user="unit-0001")
    with Baresip(tmp_path / "phone", secure(unit, tmp_path, authority, "IP:127.0.0.1,DNS:unit-0001")) as phone:
        phone.tell("dial", f"sip:alarm@{secure_engine.started.addresses[0]};transport=tls")
        call = secure_engine.wait(LegArrived)
        assert call.protocol is Protocol.TLS
        assert "unit-0001" in call.names
        assert call.from_user == "unit-0001"
        secure_engine.send(AnswerLeg(leg=call.leg))
        assert secure_engine.wait(LegAnswered, call.leg).is_encrypted
        converse(secure_engine, call.leg, phone, spoken_files)


@pytest.mark.parametrize("has_certificate", [False, True], ids=["no certificate", "somebody else's certificate"])
def test_a_stranger_gets_no_connection(
    secure_engine: RunningEngine, tmp_path: Path, authority: Authority, has_certificate: bool
) -> None:
    context = ssl.create_default_context(cafile=authority.cert)
    if has_certificate:
        own = Authority.make(tmp_path, "strangers").issue("stranger", "DNS:unit-0001")
        context.load_cert_chain(own.cert, own.key)
    host, port = secure_engine.started.addresses[0].split(":")
    with (
        socket.create_connection((host, int(port)), timeout=30) as plain,
        pytest.raises(OSError, match=r"alert|EOF|reset"),
        context.wrap_socket(plain, server_hostname=host) as stranger,
    ):
        # By TLS 1.3 a client learns of its refusal when it listens.
        raise (
            ConnectionResetError(errno.ECONNRESET, "reset") if not stranger.recv(1) else AssertionError("it is let in")
        )
    assert not secure_engine.heard(LegArrived)
