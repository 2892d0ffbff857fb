"""What becomes of the settings when the centre is put together."""

from pathlib import Path

from device.voice.messages import Protocol, Srtp
from hub import app, config
from hub.adapters.voice.numbers import Directory


def settings_of(**voice: object) -> config.Settings:
    return config.from_values({"data_dir": "/data", "voice": voice}, "test")


def test_by_default_calls_come_in_on_loopback_and_no_telephone_can_be_called() -> None:
    voice = app.voice_settings(settings_of())
    assert [(way.protocol, way.host, way.port) for way in voice.engine.transports] == [
        (Protocol.UDP, "127.0.0.1", 5060),
        (Protocol.TCP, "127.0.0.1", 5060),
    ]
    assert (voice.directory.trunk, voice.browsers.ice) == ("", ())
    assert (voice.recordings, voice.keys) == (Path("/data/recordings"), Path("/data/recording-keys"))


def test_from_outside_calls_come_in_by_tls_with_sound_that_is_encrypted() -> None:
    tls = {"protocols": ["tls"], "certificate": "/c", "key": "/k", "ca_file": "/a", "media_host": "203.0.113.5"}
    voice = app.voice_settings(settings_of(host="0.0.0.0", **tls))
    [way] = voice.engine.transports
    assert (way.port, way.srtp, way.ca_file) == (5061, Srtp.MANDATORY, Path("/a"))
    assert voice.engine.media_host == "203.0.113.5"


def test_telephones_are_called_by_the_trunk() -> None:
    voice = app.voice_settings(
        settings_of(trunk="sip:trunk.example;transport=tls", caller_number="+37120000001", region="FI")
    )
    assert voice.directory == Directory("FI", "sip:trunk.example;transport=tls")
    assert (voice.trunk.caller, voice.trunk.srtp) == ("+37120000001", Srtp.MANDATORY)
    plain = app.voice_settings(settings_of(trunk="sip:trunk.example", trunk_is_encrypted=True))
    assert plain.trunk.srtp is Srtp.OPTIONAL


def test_browsers_ask_those_servers_that_the_settings_name() -> None:
    turn = {"turn": ["turn:turn.example"], "turn_username": "centre", "turn_password": "invented"}
    voice = app.voice_settings(settings_of(stun=["stun:stun.example"], **turn))
    assert [(ice.urls, ice.username, ice.credential) for ice in voice.browsers.ice] == [
        (("stun:stun.example",), "", ""),
        (("turn:turn.example",), "centre", "invented"),
    ]
