"""What the broker is told."""

from pathlib import Path

import pytest

from hub.adapters.mosquitto.configuration import access_rules, configuration, users
from hub.adapters.mosquitto.passwords import hashed
from hub.adapters.mosquitto.settings import Listener, MosquittoSettings, ServerCertificate

FOLDER = Path("/run/a folder")
ENCRYPTED = Listener("0.0.0.0", 8883, ServerCertificate(Path("/etc/c.crt"), Path("/etc/c.key")))


@pytest.fixture
def lines() -> list[str]:
    settings = MosquittoSettings(Path("/x"), (Listener("127.0.0.1", 1883), ENCRYPTED), hub_port=1884)
    return configuration(settings, FOLDER).splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "allow_anonymous false",
        "persistence false",
        "set_tcp_nodelay true",
        "max_packet_size 20480",
        "max_queued_messages 100000",
        "password_file /run/a folder/passwords",
        "acl_file /run/a folder/access",
    ],
)
def test_what_holds_for_all(lines: list[str], line: str) -> None:
    assert line in lines[: lines.index("listener 1884 127.0.0.1")]


def test_the_centres_own_listener_is_on_loopback_and_leaves_client_ids_alone(lines: list[str]) -> None:
    own = lines[lines.index("listener 1884 127.0.0.1") : lines.index("listener 1883 127.0.0.1")]
    assert own == ["listener 1884 127.0.0.1", ""]


def test_a_units_client_id_is_its_name(lines: list[str]) -> None:
    assert lines.count("use_username_as_clientid true") == 2
    assert lines[lines.index("listener 1883 127.0.0.1") + 1] == "use_username_as_clientid true"


def test_an_encrypted_listener_has_the_copies_of_its_files(lines: list[str]) -> None:
    assert lines[lines.index("listener 8883 0.0.0.0") :] == [
        "listener 8883 0.0.0.0",
        "use_username_as_clientid true",
        "certfile /run/a folder/listener-1.crt",
        "keyfile /run/a folder/listener-1.key",
        "tls_version tlsv1.2",
    ]


def test_the_rules_of_access() -> None:
    assert access_rules().splitlines() == [
        "user hub",
        "topic readwrite poga/1/#",
        "",
        "pattern write poga/1/%u/alarm",
        "pattern write poga/1/%u/event",
        "pattern write poga/1/%u/heartbeat",
        "pattern write poga/1/%u/presence",
        "pattern read poga/1/%u/receipt",
        "pattern read poga/1/%u/command",
        "pattern read poga/1/centre",
    ]


def test_the_users() -> None:
    known = hashed("b")
    text = users("own", {"unit-a": "a", "unit-b": known})
    names = [line.partition(":")[0] for line in text.splitlines()]
    assert names == ["hub", "unit-a", "unit-b"]
    assert text.endswith(f"unit-b:{known}\n")
    assert "own" not in text
    assert text.count(":$7$101$") == 3


def test_the_centres_password_is_hashed_whatever_it_looks_like() -> None:
    assert hashed_like() not in users(hashed_like(), {})


def hashed_like() -> str:
    return "$7$101$AAAA$AAAA"
