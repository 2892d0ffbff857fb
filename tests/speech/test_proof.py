"""Who calls a unit over TLS is the centre by its certificate's name alone, whatever it says of itself."""

from pathlib import Path

import pytest

from device.adapters.voice import Target, Voice, VoiceSettings
from device.core import events as ev
from device.core.effects import AnswerCall
from device.voice.messages import LegAnswered, PlaceCall, Protocol, Settings, Srtp, Transport
from tests.certificates import Authority, Certificate
from tests.device.voice.party import Party, needs_pjsua2, parties
from tests.waiting import Heard, until

pytestmark = needs_pjsua2


def transport(authority: Authority, own: Certificate) -> Transport:
    return Transport(
        protocol=Protocol.TLS, cert_file=own.cert, key_file=own.key, ca_file=authority.cert, srtp=Srtp.MANDATORY
    )


@pytest.mark.parametrize(("name", "is_from_centre"), [("arc.example", True), ("poga-0002", False)])
def test_only_who_has_the_centres_name_is_the_centre(tmp_path: Path, name: str, is_from_centre: bool) -> None:
    authority = Authority.make(tmp_path, "authority")
    unit = transport(authority, authority.issue("unit", "DNS:poga-0001,IP:127.0.0.1"))
    events: Heard[ev.Event] = Heard()
    settings = Settings(user="poga-0001", transports=(unit,))
    voice = Voice(VoiceSettings(settings, (Target("sip:alarm@127.0.0.1", Srtp.MANDATORY),), ("arc.example",)))
    caller = Party("arc.example", transport(authority, authority.issue("caller", f"DNS:{name},IP:127.0.0.1")))
    voice.start(events)
    try:
        with parties(caller):
            until(lambda: voice.started is not None, "the unit's engine runs")
            assert voice.started is not None
            where = voice.started.addresses[0]
            caller.tell(PlaceCall(leg="call", uri=f"sip:poga-0001@{where};transport=tls"))
            arrived = events.wait(lambda event: isinstance(event, ev.CallArrived))
            assert isinstance(arrived, ev.CallArrived)
            assert arrived.is_from_centre is is_from_centre
            voice.perform(AnswerCall(arrived.call))
            assert caller.wait(LegAnswered).is_encrypted
    finally:
        voice.stop()
