"""Which modem is which, by what real ones call themselves."""

import pytest

from device.adapters.modem.profiles import EC25, PLAIN, SIM800, SIM7600, Profile, Sound, identify, profile_of
from tests.device.adapters.modem.scripted import ScriptedModem, lines


@pytest.mark.parametrize(
    ("manufacturer", "model", "profile"),
    [
        ("SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", SIM7600),
        ("SIMCOM INCORPORATED", "SIM7500E", SIM7600),
        ("SIMCOM_Ltd", "SIMCOM_SIM800L", SIM800),
        ("SIMCOM_Ltd", "SIMCOM_SIM868", SIM800),
        ("Quectel", "EC25", EC25),
        ("Quectel", "EG25", EC25),
        ("Quectel", "EC21", EC25),
        ("huawei", "E3372", PLAIN),
        ("", "", PLAIN),
    ],
)
def test_a_modem_is_known_by_its_name(manufacturer: str, model: str, profile: Profile) -> None:
    assert profile_of(manufacturer, model) is profile


def test_a_modem_says_who_it_is() -> None:
    modem = ScriptedModem()
    modem.answers |= {
        "AT+CGMI": lines("SIMCOM INCORPORATED"),
        "AT+CGMM": lines("SIMCOM_SIM7600G-H"),
        "AT+CGMR": lines("+CGMR: LE20B03SIM7600M22"),
        "AT+CGSN": lines("001010000000017"),
    }
    identity = identify(modem.ask)
    assert (identity.model, identity.revision, identity.profile) == (
        "SIMCOM_SIM7600G-H",
        "LE20B03SIM7600M22",
        "SIM7600",
    )


def test_each_family_says_where_a_calls_sound_is() -> None:
    assert (SIM7600.sound, EC25.sound, SIM800.sound) == (Sound.SERIAL_PCM, Sound.USB_AUDIO, Sound.ANALOGUE)
    assert [profile.hears_tones for profile in (SIM7600, SIM800, EC25, PLAIN)] == [True, True, True, False]
