"""What can be set about the console, and what cannot work is refused."""

from pathlib import Path

import pytest

from hub.console.settings import ConsoleSettings


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"public_url": "console.example"}, "write it like https://console.example"),
        ({"public_url": "https://console.example/alarms"}, "no path"),
        ({"public_url": "ftp://console.example"}, "write it like"),
        ({"host": "0.0.0.0"}, "set public_url"),
        ({"host": "::"}, "set public_url"),
        ({"tls_key": Path("key.pem")}, "belong together"),
    ],
)
def test_what_cannot_work_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ConsoleSettings(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "origins"),
    [
        ({}, {"http://127.0.0.1:81", "http://[::1]:81", "http://localhost:81"}),
        ({"host": "10.0.0.5"}, {"http://10.0.0.5:81"}),
        ({"host": "10.0.0.5", "public_url": "https://c.example"}, {"http://10.0.0.5:81", "https://c.example"}),
        (
            {"host": "10.0.0.5", "public_url": "https://c.example:8443/"},
            {"http://10.0.0.5:81", "https://c.example:8443"},
        ),
        (
            {"host": "10.0.0.5", "tls_certificate": Path("c"), "tls_key": Path("k")},
            {"https://10.0.0.5:81"},
        ),
    ],
)
def test_a_page_of_the_console_has_one_of_its_origins(settings: dict[str, object], origins: set[str]) -> None:
    assert ConsoleSettings(**settings).origins(81) == origins  # type: ignore[arg-type]


def test_a_usual_port_is_not_written_by_browsers() -> None:
    assert "http://127.0.0.1" in ConsoleSettings().origins(80)


@pytest.mark.parametrize(
    ("settings", "is_secure"),
    [
        ({}, False),
        ({"public_url": "https://c.example"}, True),
        ({"public_url": "http://c.example"}, False),
        ({"tls_certificate": Path("c"), "tls_key": Path("k")}, True),
    ],
)
def test_cookies_are_secure_where_browsers_come_by_https(settings: dict[str, object], is_secure: bool) -> None:
    assert ConsoleSettings(**settings).is_secure is is_secure  # type: ignore[arg-type]
