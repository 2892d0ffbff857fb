"""What a program owes its machine: a log that can be read, and an end when it is told to."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.process import live_thriftily, log_to_stderr, stopped_by_signals

WAIT_S = 20.0


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_program_from_a_thread(number: signal.Signals) -> None:
    stopped = threading.Event()
    by: list[threading.Thread] = []

    def stop() -> None:
        by.append(threading.current_thread())
        stopped.set()

    with stopped_by_signals(stop):
        os.kill(os.getpid(), number)
        assert stopped.wait(WAIT_S)
    assert by[0] is not threading.main_thread()


def test_a_second_signal_is_heard_as_well() -> None:
    heard = threading.Semaphore(0)
    with stopped_by_signals(heard.release):
        os.kill(os.getpid(), signal.SIGTERM)
        assert heard.acquire(timeout=WAIT_S)
        os.kill(os.getpid(), signal.SIGTERM)
        assert heard.acquire(timeout=WAIT_S)


def test_afterwards_signals_are_as_they_were_and_no_descriptor_is_left() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    before = descriptors()
    with stopped_by_signals(lambda: None):
        assert signal.getsignal(signal.SIGTERM) is not handler
    assert signal.getsignal(signal.SIGTERM) is handler
    assert descriptors() == before
    assert signal.set_wakeup_fd(-1) == -1


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_thrifty_program_lives_on() -> None:
    live_thriftily()
    live_thriftily()


def test_a_terminal_gets_the_time_and_the_level(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    log_to_stderr("warning")
    logging.getLogger("x").warning("look")
    logging.getLogger("x").info("not this")
    assert capsys.readouterr().err.endswith(" WARNING look\n")


def test_the_journal_of_systemd_gets_a_priority_on_every_line(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    log_to_stderr("info")
    logging.getLogger("x").info("well")
    logging.getLogger("x").error("two\nlines")
    assert capsys.readouterr().err == "<6>well\n<3>two\n<3>lines\n"
