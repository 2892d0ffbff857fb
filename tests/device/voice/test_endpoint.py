"""TLS takes part with those that the authority vouches for, and sound is encrypted as far as is told."""

from pathlib import Path

import pytest

from device.voice.messages import (
    AnswerLeg,
    CommandFailed,
    LegAnswered,
    LegArrived,
    LegEnded,
    PlaceCall,
    Protocol,
    Srtp,
    Transport,
)
from tests.certificates import Authority, Certificate
from tests.device.voice.party import Party, needs_pjsua2, parties, talk

pytestmark = needs_pjsua2

LOW = 500


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path, "authority")


def test_encryption_is_complete_over_tls(authority: Authority, tmp_path: Path) -> None:
    home = Party("unit-7", _tls(authority, authority.issue("unit-7", "DNS:unit-7,IP:127.0.0.1")), srtp=Srtp.MANDATORY)
    centre = Party("centre", _tls(authority, authority.issue("centre")), srtp=Srtp.MANDATORY)
    with parties(home, centre):
        leg = talk(home, centre)
        arrived = centre.wait(LegArrived)
        assert arrived.protocol is Protocol.TLS
        assert arrived.names == ("unit-7", "127.0.0.1")
        assert home.wait(LegAnswered).is_encrypted
        assert centre.wait(LegAnswered).is_encrypted
        home.open_mouth("room socket", tmp_path / "room", LOW)
        home.link(("room socket", "call"))
        operator = centre.open_mouth("operator", tmp_path / "operator")
        centre.link((leg, "operator"))
        operator.hears(LOW)


def test_encryption_takes_no_strangers_in(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority.make(tmp_path, "stranger")
    home = Party("unit-7", _tls(authority, stranger.issue("unit-7")))
    centre = Party("centre", _tls(authority, authority.issue("centre")))
    with parties(home, centre):
        home.tell(PlaceCall(leg="call", uri=centre.uri))
        assert home.wait(LegEnded, leg="call").status >= 400
        assert not centre.has_said(LegArrived)


def test_encryption_calls_no_stranger(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority.make(tmp_path, "stranger")
    home = Party("unit-7", _tls(authority, authority.issue("unit-7")))
    centre = Party("centre", _tls(stranger, stranger.issue("centre")))
    with parties(home, centre):
        home.tell(PlaceCall(leg="call", uri=centre.uri))
        assert home.wait(LegEnded, leg="call").status >= 400
        assert not centre.has_said(LegArrived)


def test_encryption_calls_nobody_under_another_name(authority: Authority) -> None:
    home = Party("unit-7", _tls(authority, authority.issue("unit-7")))
    centre = Party("centre", _tls(authority, authority.issue("centre", "DNS:elsewhere.example")))
    with parties(home, centre):
        home.tell(PlaceCall(leg="call", uri=centre.uri))
        assert home.wait(LegEnded, leg="call").status >= 400
        assert not centre.has_said(LegArrived)


def test_encryption_of_sound_is_wanted_by_one_and_refused_by_the_other(authority: Authority) -> None:
    home = Party("unit-7", _tls(authority, authority.issue("unit-7")), srtp=Srtp.MANDATORY)
    centre = Party("centre", _tls(authority, authority.issue("centre")), srtp=Srtp.OFF)
    with parties(home, centre):
        home.tell(PlaceCall(leg="call", uri=centre.uri))
        assert home.wait(LegEnded, leg="call").status >= 400
        home.tell(PlaceCall(leg="plain", uri=centre.uri, srtp=Srtp.OFF))
        centre.tell(AnswerLeg(leg=centre.wait(LegArrived, to_user="centre").leg))
        assert not home.wait(LegAnswered, leg="plain").is_encrypted


def test_encryption_of_sound_without_that_of_its_keys_is_none(home: Party, centre: Party) -> None:
    home.tell(PlaceCall(leg="call", uri=centre.uri, srtp=Srtp.MANDATORY))
    home.wait(CommandFailed, command="place_call")
    assert not centre.has_said(LegArrived)


def _tls(authority: Authority, own: Certificate) -> Transport:
    return Transport(protocol=Protocol.TLS, cert_file=own.cert, key_file=own.key, ca_file=authority.cert)
