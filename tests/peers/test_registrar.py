"""An operator's phone that signs in at a registrar, and is called by way of it: TLS all the way, sound encrypted."""

from pathlib import Path

import pytest

from device.voice.messages import EndLeg, LegAnswered, LegEnded, LegHeard, Protocol, Srtp, Transport
from tests.certificates import Authority
from tests.peers.baresip import Baresip, Line
from tests.peers.engine import RunningEngine
from tests.peers.kamailio import PROGRAM, Kamailio
from tests.peers.rtp import RATE_HZ
from tests.peers.sound import LONG_ENOUGH_S, Phrase, SpokenFiles, assert_says

pytestmark = pytest.mark.skipif(not Path(PROGRAM).exists(), reason="Kamailio is not installed: bash .ci/setup")


def test_a_phone_that_signed_in_is_called_by_way_of_the_registrar(tmp_path: Path, spoken_files: SpokenFiles) -> None:
    authority = Authority.make(tmp_path, "authority")
    own = authority.issue("centre")
    tls = Transport(protocol=Protocol.TLS, cert_file=own.cert, key_file=own.key, ca_file=authority.cert)
    issued = authority.issue("phone")
    both = tmp_path / "phone.pem"
    both.write_bytes(issued.key.read_bytes() + issued.cert.read_bytes())
    with Kamailio(tmp_path / "registrar", authority) as registrar:
        line = Line(
            "operator",
            spoken_files[Phrase.NUMBERS, RATE_HZ][0],
            cert_and_key=both,
            ca_file=authority.cert,
            registrar=registrar.address,
            account=";mediaenc=srtp-mand",
        )
        with (
            Baresip(tmp_path / "phone", line) as phone,
            RunningEngine(tmp_path / "engine", transports=(tls,), srtp=Srtp.MANDATORY) as engine,
        ):
            phone.wait_for("REGISTER_OK")
            leg = engine.call(f"sip:operator@{registrar.address}")
            assert engine.wait(LegAnswered, leg).is_encrypted
            engine.converse(leg, spoken_files[Phrase.QUESTION, 2 * RATE_HZ][0])
            engine.wait(LegHeard, leg)
            assert_says(engine.wait_for_sound(leg, LONG_ENOUGH_S), Phrase.NUMBERS, spoken_files)
            assert_says(phone.wait_for_sound(LONG_ENOUGH_S), Phrase.QUESTION, spoken_files)
            engine.send(EndLeg(leg=leg))
            phone.wait_for("CALL_CLOSED")
            nobody = engine.call(f"sip:nobody@{registrar.address}")
            assert engine.wait(LegEnded, nobody).status == 404
