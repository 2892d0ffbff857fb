"""The centre's settings: read, refused with a reason, shown without secrets."""

from pathlib import Path

import pytest

from hub import config


def test_an_empty_file_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("")
    assert config.load(path) == config.Settings()


def test_the_core_gets_the_durations(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("[escalation]\nalarm_steps_s = [10, 20]\nno_console_after_s = 5\n")
    timings = config.load(path).escalation.timings()
    assert (timings.alarm_steps_s, timings.no_console_after_s) == ((10.0, 20.0), 5.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense = 1", "nonsense: there is no such setting"),
        ("[broker]\nport = 70000", "broker.port: Input should be less than or equal to 65535; allowed: 0 to 65535"),
        ('log_level = "loud"', "allowed: debug, info, warning, error"),
        ('[broker]\nhost = "0.0.0.0"', "a broker that listens beyond this machine needs certificate and key"),
        ('[broker]\ncertificate = "/x"', "certificate and key belong together"),
        ("[broker]\nis_embedded = false\nport = 0", "name the port of the broker that is there already"),
        ("[escalation]\nalarm_steps_s = [30, 20]", "alarm_steps_s must rise"),
        ('[relays]\nwebhooks = ["mailto:x"]', "write it like https://centre.example/alarm"),
        ('[voice]\nhost = "192.0.2.1"', 'beyond this machine calls come in by tls alone: protocols = ["tls"]'),
        ('[voice]\nprotocols = ["tls"]', "tls needs certificate, key and ca_file"),
        ('[voice]\nprotocols = ["smoke"]', "allowed: udp, tcp, tls"),
        ('[voice]\nhost="0.0.0.0"\nprotocols=["tls"]\ncertificate="c"\nkey="k"\nca_file="a"', "say with media_host"),
        ('[voice]\ntrunk = "sip:anna@trunk.example"', "write it like sip:trunk.example:5061;transport=tls"),
        ('[voice]\nunit_address = "sip:units@registrar.example"', "write it like sip:{unit_id}@"),
        ('[voice]\nstun = ["stun.example"]', "write it like stun:stun.example:3478"),
        ('[voice]\nturn = ["turn:me:secret@turn.example"]', "write it like turn:turn.example:3478"),
        ('[voice]\nregion = "Latvia"', "the two letters of a country"),
        ("[voice]\nmay_call_emergency = true", "may_call_emergency needs a trunk"),
        ("[broker", "cannot be read"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "hub.toml"
    path.write_text(text)
    with pytest.raises(config.ConfigError) as told:
        config.load(path)
    assert str(path) in str(told.value)
    assert said in str(told.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("one = 1\ntwo = 2\n")
    with pytest.raises(config.ConfigError) as told:
        config.load(path)
    assert len(str(told.value).splitlines()) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="is not there"):
        config.load(tmp_path / "none.toml")


def test_secrets_are_shown_nowhere() -> None:
    canary = "canary-7391"
    settings = config.from_values(
        {
            "broker": {"password": canary},
            "relays": {"apprise": [f"json://{canary}"]},
            "console": {"metrics_token": canary},
            "voice": {"turn": ["turn:turn.example"], "turn_username": "centre", "turn_password": canary},
        },
        "test",
    )
    assert canary not in repr(settings)
    shown = dict(config.shown(settings))
    assert canary not in str(shown)
    assert shown["broker.password"] == shown["relays.apprise"] == "set, not shown"


def test_a_wrong_secret_is_not_quoted() -> None:
    with pytest.raises(config.ConfigError) as told:
        config.from_values({"broker": {"password": ["canary-7391"]}}, "test")
    assert "canary" not in str(told.value)


def test_a_centre_that_is_called_from_outside_needs_tls_and_nothing_else() -> None:
    tls = {"protocols": ["tls"], "certificate": "/c", "key": "/k", "ca_file": "/a"}
    settings = config.from_values({"voice": {"host": "192.0.2.1", **tls}}, "test")
    assert settings.voice.tls_port == 5061


def test_every_setting_says_what_it_is_for() -> None:
    rows = config.describe()
    assert len({row.key for row in rows}) == len(rows)
    assert all(row.what.endswith(".") and row.allowed for row in rows)
    assert {row.key for row in rows} == {key for key, _ in config.shown(config.Settings())}
