"""The demo's story, played by the real programs: the whole line, end to end."""

import json
import subprocess
import sys
from typing import Any

import pytest

from device.voice.client import engine_problem
from hub.demo.stage import Choice
from hub.demo.story import RUNGS, SPEAKING, Ladder, RungMissedError, _tell, play_once

WITHIN_S = 180


def play(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "hub", "demo", "--once", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)


def test_a_press_in_each_home_is_accepted_and_closed_and_every_rung_is_timed() -> None:
    played = play("--json", "--units", "2")
    assert played.returncode == 0, played.stdout + played.stderr
    ladders: list[dict[str, Any]] = json.loads(played.stdout)
    assert [ladder["unit"] for ladder in ladders] == ["demo-home-1", "demo-home-2"]
    for ladder in ladders:
        assert ladder["missed"] == ""
        assert set(ladder["ms"]) == set(RUNGS) - ({SPEAKING} if ladder["why_silent"] else set())
        assert ladder["why_silent"] == (engine_problem() or "")
        assert all(ms >= 0 for ms in ladder["ms"].values())
    assert played.stderr == ""


def test_a_person_reads_the_ladder() -> None:
    played = play()
    assert played.returncode == 0, played.stdout + played.stderr
    assert "an operator has it" in played.stdout
    assert "Every rung was reached." in played.stdout


def test_the_rung_that_is_missed_is_named() -> None:
    ladder = Ladder("demo-home-1")
    ladder.require("pressed", condition=True)
    with pytest.raises(RungMissedError):
        ladder.require("received", condition=None)
    assert ladder.missed == "received"


def test_where_nobody_can_speak_the_story_says_so_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    _tell([Ladder("demo-home-1", why_silent="pjsua2 is not installed: make pjsua2")])
    told = capsys.readouterr().out
    assert "speaking: nobody can speak here: pjsua2 is not installed: make pjsua2" in told
    assert "Every rung was reached." in told


def test_a_story_that_cannot_begin_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("hub.adapters.mosquitto.program._SYSTEM_FOLDERS", ())
    assert play_once(Choice(), as_json=False) == 1
    assert "mosquitto" in capsys.readouterr().err
