"""The virtual home as a program: the real unit, a real broker, a scripted centre; one alarm from press to reset."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from device.config import ConfigError
from device.simulator.program import centre_address
from device.wire.messages import AnswerAlarm, ResetAlarm
from tests.listening import listening
from tests.mosquitto import RealMosquitto, free_port
from tests.played_home import UNIT, Played
from tests.scripted_centre import ScriptedCentre
from tests.waiting import GENEROUS_S, until


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RealMosquitto]:
    with RealMosquitto(tmp_path) as broker:
        yield broker


def test_a_press_reaches_the_centre_and_its_word_comes_back_to_the_room(broker: RealMosquitto, tmp_path: Path) -> None:
    with ScriptedCentre(broker.port, UNIT) as centre, closing(Played(tmp_path, broker.port)) as home:
        home.until_light("steady")
        centre.gives_receipts = False
        home.act("press", trigger="button", down=True)
        alarm = centre.wait_for("alarm_raised")
        home.act("press", trigger="button", down=False)
        home.until_light("calling")
        assert list(home.state["alarm"]["ladder"]) == ["pressed"]

        centre.receive(alarm.key)
        until(lambda: home.state["alarm"]["state"] == "received", "the unit knows of the receipt")
        assert home.state["light"] == "calling"

        centre.gives_receipts = True
        centre.order(AnswerAlarm(alarm=alarm.key))
        home.until_light("bright")
        until(lambda: home.state["brightness"] == 1.0, "the lamp shines")
        centre.wait_for("command_done")

        centre.order(ResetAlarm(alarm=alarm.key))
        home.until_light("steady")
        assert list(home.state["alarm"]["ladder"]) == ["pressed", "received", "answered", "closed"]

        code, said, complained = home.end()
        assert (code, said, complained) == (0, f"Virtual home: {home.ready['url']}\n", "")
        centre.presence.wait(lambda presence: not presence.online)


def test_a_press_behind_a_cut_wire_arrives_when_it_is_whole(broker: RealMosquitto, tmp_path: Path) -> None:
    with ScriptedCentre(broker.port, UNIT) as centre, closing(Played(tmp_path, broker.port)) as home:
        home.until_light("steady")
        home.act("network", up=False)
        home.act("press", trigger="pull_cord", down=True)
        home.until_light("calling")
        home.act("press", trigger="pull_cord", down=False)
        assert home.state["alarm"]["state"] == "raised"
        assert all(message.body.kind != "alarm_raised" for message in centre.messages.all)
        home.act("network", up=True)
        centre.wait_for("alarm_raised")
        until(lambda: home.state["alarm"]["state"] == "received", "the unit knows of the receipt")


def test_an_alarm_outlives_a_home_that_is_killed(broker: RealMosquitto, tmp_path: Path) -> None:
    with closing(Played(tmp_path, free_port())) as home:
        home.until_light("breath")
        home.act("press", trigger="button", down=True)
        home.until_light("calling")
        key = home.state["alarm"]["key"]
        home.child.kill()
        home.child.communicate()
    (tmp_path / "ready.json").unlink()
    with ScriptedCentre(broker.port, UNIT) as centre, closing(Played(tmp_path, broker.port)):
        assert str(centre.wait_for("alarm_raised").key) == key


def test_it_ends_in_good_order_while_somebody_watches(tmp_path: Path) -> None:
    with (
        closing(Played(tmp_path, free_port())) as home,
        httpx.stream("GET", f"{home.ready['url']}api/stream") as stream,
    ):
        assert next(stream.iter_lines()).startswith("event: change")
        assert home.end(signal.SIGINT)[0] == 0


def test_only_its_own_page_and_line_listen_and_only_on_this_machine(tmp_path: Path) -> None:
    with closing(Played(tmp_path, free_port())) as home:
        assert home.ready["pid"] == home.child.pid
        addresses = listening(home.child.pid)
        assert len(addresses) == 2
        assert all(address.startswith("127.0.0.1:") for address in addresses)


def test_a_password_in_a_file_reaches_the_broker_and_nothing_else(tmp_path: Path) -> None:
    secret = "correct horse battery staple"
    password = tmp_path / "password"
    password.write_text(secret)
    with closing(Played(tmp_path, free_port(), "--password-file", str(password), "--log-level", "debug")) as home:
        home.until_light("breath")
        assert secret not in home.page.get("/api/state").text
        code, said, complained = home.end()
    assert code == 0
    assert secret not in said + complained
    assert not [
        path for path in (tmp_path / "data").rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("text", ["", "centre", ":1883", "centre:", "centre:mqtt"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match=r"give host:port"):
        centre_address(text)


def test_an_address_is_understood() -> None:
    assert centre_address("arc.example:1884") == ("arc.example", 1884)
    assert centre_address("[::1]:1883") == ("::1", 1883)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with closing(Played(tmp_path, free_port())) as home:
        run = subprocess.run(
            [sys.executable, "-m", "device", "simulate", "--port", str(home.ready["port"])],
            capture_output=True,
            text=True,
            timeout=GENEROUS_S,
            check=False,
        )
    assert run.returncode == 2
    assert f"nobody can listen at 127.0.0.1:{home.ready['port']}" in run.stderr
