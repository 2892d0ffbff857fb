"""For machines that watch: whether the centre works, and its numbers."""

import pytest
from starlette.requests import Request

from hub.console.health import _may_measure
from tests.console_centre import Centre
from tests.console_client import Client


def test_a_centre_that_works_is_well(centre: Centre, stranger: Client) -> None:
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "checks": centre.checks})


def test_what_does_not_work_is_named(centre: Centre, stranger: Client) -> None:
    centre.checks["broker"] = False
    try:
        answer = stranger.get("/healthz")
    finally:
        centre.checks["broker"] = True
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert answer.json()["checks"]["broker"] is False


def test_the_numbers_are_prometheus(centre: Centre, stranger: Client) -> None:
    text = stranger.get("/metrics").text
    for line in (
        "poga_console_streams 0.0",
        "poga_console_operators_on_shift 0.0",
        'poga_store_rows{table="operators"} 2.0',
        'poga_check_ok{check="broker"} 1.0',
        "poga_answers_total 42.0",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(
    ("address", "headers", "token", "may"),
    [
        ("127.0.0.1", {}, "", True),
        ("::1", {}, "", True),
        ("10.0.0.5", {}, "", False),
        ("10.0.0.5", {}, "secret", False),
        ("10.0.0.5", {"authorization": "Bearer secret"}, "secret", True),
        ("10.0.0.5", {"authorization": "Bearer wrong"}, "secret", False),
        ("10.0.0.5", {"authorization": "Bearer "}, "", False),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.5"}, "", False),
        ("", {}, "", False),
    ],
)
def test_the_numbers_are_for_this_machine_or_the_token(
    address: str, headers: dict[str, str], token: str, may: bool
) -> None:
    scope = {
        "type": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (address, 1) if address else None,
    }
    assert _may_measure(Request(scope), token) is may
