"""Settings: what is right is read, what is wrong is told so that it can be put right, what is secret stays so."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

import device
from device.config import ConfigError, Contact, Settings, describe, read_settings, show
from device.core.triggers import Trigger
from device.prompts.words import Language
from device.setting import Data
from device.voice.messages import Protocol, Srtp
from device.wire.vocabulary import LocationCode

LEAST = """
unit_id = "poga-0001"
[[centres]]
host = "arc.example"
"""
SPEECH = """
[speech]
ca_file = "/etc/poga/centre-ca.pem"
cert_file = "/etc/poga/unit.pem"
key_file = "/etc/poga/unit.key"
[[speech.targets]]
uri = "sip:alarm@centre.example:5061;transport=tls"
[[speech.targets]]
uri = "sip:alarm@second.example;transport=tls"
ring_s = 30
"""
PASSWORD = "correct horse battery staple"


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "device.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def complaints(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(str(tmp_path / "device.toml")) for line in lines)
    return [line.removeprefix(f"{tmp_path / 'device.toml'}").removeprefix(": ") for line in lines]


def test_a_unit_needs_its_name_and_a_centre_and_nothing_else(tmp_path: Path) -> None:
    settings = read(tmp_path, LEAST)
    assert settings.unit_id == "poga-0001"
    assert [centre.host for centre in settings.centres] == ["arc.example"]
    assert [trigger.pin for trigger in settings.triggers] == ["button"]


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        unit_id = "poga-0001"
        language = "lv"
        keepalive_s = 15
        cancel_pin = ""
        data_dir = "/tmp/data"
        log_level = "warning"
        [[centres]]
        host = "one.example"
        [[centres]]
        host = "127.0.0.1"
        port = 1883
        tls = false
        [[triggers]]
        id = "cord"
        name = "Bathroom cord"
        pin = "pull_cord"
        contact = "normally_closed"
        location_code = "011"
        pre_alarm_s = 7.5
        """,
    )
    assert settings.language is Language.LV
    assert [centre.tls for centre in settings.centres] == [True, False]
    assert settings.triggers[0].contact is Contact.NORMALLY_CLOSED
    assert settings.triggers[0].trigger() == Trigger(
        "cord", "Bathroom cord", location_code=LocationCode.BATHROOM, pre_alarm_s=7.5
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("keepalive = 20", "keepalive: there is no such setting; did you mean keepalive_s?"),
        ("colour = 1", "colour: there is no such setting; device/README.md lists them all"),
        (
            "keepalive_s = 5",
            "keepalive_s: 5 cannot be used: Input should be greater than or equal to 15; allowed: 15 to 30 s",
        ),
        (
            "language = 'xx'",
            (
                "language: 'xx' cannot be used: Input should be 'en', 'lv', 'fi', 'sv', 'ru' or 'et'; "
                "allowed: en, lv, fi, sv, ru, et"
            ),
        ),
        (
            "cancel_pin = 'button'",
            "pin button is given twice; each can be given once",
        ),
    ],
)
def test_a_mistake_is_told_with_its_key_and_what_is_allowed(tmp_path: Path, line: str, complaint: str) -> None:
    assert complaints(tmp_path, f"{line}\n{LEAST}") == [complaint]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "unit_id = 'Mrs Smith'\n[[centres]]\nhost='a'",
            (
                "unit_id: 'Mrs Smith' cannot be used: this cannot name a unit; "
                "allowed: 3 to 32 of a-z, 0-9, -; neither `centre` nor `hub`"
            ),
        ),
        ("unit_id = 'poga-0001'", "centres: must be given; allowed: 1 to 8 entries"),
        (
            f"{LEAST}\n[[triggers]]\nid = 'a'\nname = 'A'\npre_alarm_s = 45",
            "triggers[0].pre_alarm_s: 45 cannot be used: Input should be less than or equal to 30; allowed: 0 to 30 s",
        ),
        (
            f"{LEAST}\n[[triggers]]\nid = 'a'\nname = 'A'\n[[triggers]]\nid = 'a'\nname = 'B'",
            "trigger id a is given twice; each can be given once",
        ),
    ],
)
def test_a_mistake_in_a_list_is_found(tmp_path: Path, text: str, complaint: str) -> None:
    assert complaints(tmp_path, text) == [complaint]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    assert len(complaints(tmp_path, "unit_id = 'X'\nkeepalive_s = 1\nlog_level = 'loud'\ncentres = []")) == 4


def test_a_file_that_is_not_there_or_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: there is no such file; .*--config"):
        read_settings(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_settings(tmp_path)
    assert complaints(tmp_path, "unit_id = \n") == [" is no TOML file: Invalid value (at line 1, column 11)"]
    (tmp_path / "device.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is no TOML file"):
        read_settings(tmp_path / "device.toml")


@pytest.mark.parametrize("extra", ["", "\nport = 'none'", "\nunknown = 1", "\npassword_file = '/tmp/x'"])
def test_a_secret_is_shown_nowhere(tmp_path: Path, extra: str) -> None:
    text = f'{LEAST}password = "{PASSWORD}"{extra}'
    if extra:
        assert PASSWORD not in str(complaints(tmp_path, text))
        return
    settings = read(tmp_path, text)
    assert settings.centres[0].read_password() == PASSWORD
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert ("centres[0].password", "set, not shown") in show(settings)
    assert PASSWORD not in str(show(settings))


def test_a_secret_of_a_wrong_kind_is_not_quoted(tmp_path: Path) -> None:
    assert complaints(tmp_path, f"{LEAST}password = 4711") == [
        "centres[0].password: Input should be a valid string; allowed: text"
    ]


def test_a_password_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    centre = read(tmp_path, f"{LEAST}password_file = '{file}'").centres[0]
    assert centre.read_password() == PASSWORD
    file.unlink()
    with pytest.raises(ConfigError, match=f"password_file {file} cannot be read"):
        centre.read_password()


def test_the_table_names_every_setting_and_its_treatment(tmp_path: Path) -> None:
    rows = {row.key: row for row in describe()}
    assert len(rows) == len(describe())
    assert all(row.what.endswith(".") and row.allowed for row in rows.values())
    assert [key for key, row in rows.items() if row.data is Data.SECRET] == ["centres[].password"]
    assert rows["triggers[].pre_alarm_s"].unit == "s"
    assert rows["triggers[].pre_alarm_s"].allowed == "0 to 30"
    assert rows["unit_id"].default == "must be given"


def test_what_is_shown_is_every_key_of_the_table(tmp_path: Path) -> None:
    shown = {re.sub(r"\[\d\]", "[]", key) for key, _ in show(read(tmp_path, f"{LEAST}{SPEECH}"))}
    keys = [row.key for row in describe()]
    sections = {key for key in keys if any(other.startswith((f"{key}[].", f"{key}.")) for other in keys)}
    assert {"centres", "triggers", "speech", "speech.targets"} <= sections
    assert shown == {row.key for row in describe()} - sections


def test_there_is_no_voice_unless_somebody_can_be_called(tmp_path: Path) -> None:
    assert read(tmp_path, LEAST).speech.ring_times_s() == ()


def test_who_is_called_is_read_in_order_and_encrypted_unless_told_otherwise(tmp_path: Path) -> None:
    speech = read(tmp_path, f"{LEAST}{SPEECH}").speech
    assert speech.ring_times_s() == (20, 30)
    assert {target.srtp for target in speech.targets} == {Srtp.MANDATORY}
    assert [transport.protocol for transport in speech.transports] == [Protocol.TLS]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "[speech]\n[[speech.targets]]\nuri = 'sip:alarm@centre.example'",
            "speech: transport tls needs ca_file, cert_file, key_file; give them, or another transport",
        ),
        (
            "[speech]\ntransports = [{protocol = 'udp'}, {protocol = 'udp'}]",
            "speech: transport udp is given twice; each can be given once",
        ),
        (
            "[speech]\ntargets = [{uri = 'centre.example'}]",
            "speech.targets[0].uri: 'centre.example' cannot be used: String should match pattern ",
        ),
    ],
)
def test_a_mistake_in_the_voice_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    (told,) = complaints(tmp_path, f"{LEAST}{text}")
    assert told.startswith(complaint)


def test_settings_cannot_be_changed_later(tmp_path: Path) -> None:
    settings: BaseModel = read(tmp_path, LEAST)
    with pytest.raises(ValueError, match="frozen"):
        settings.unit_id = "poga-0002"  # type: ignore[attr-defined]


def test_the_settings_that_the_readme_shows_are_right(tmp_path: Path) -> None:
    readme = (Path(device.__file__).parent / "README.md").read_text(encoding="utf-8")
    shown = "\n".join(re.findall(r"```toml\n(.*?)```", readme, re.DOTALL))
    assert len(read(tmp_path, shown).speech.targets) == 2
