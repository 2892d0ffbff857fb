"""A press whose first target is dead, until the second is called."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.demo.home import RemoteHome
from tests.bench.child import ChildError
from tests.bench.figures import NONE, Section, in_ms, median_at_most_ms
from tests.mosquitto import LOOPBACK, free_port

PRESSES = 10
AIM_MS = 5_000
PJSIP_ALONE_MS = 32_000.0
WITHIN_S = 20.0
LOOK_EVERY_S = 0.02
STARTS_S = 1.5

HOW = f"""A virtual home with two targets, of which the first takes what comes and answers nothing: {PRESSES} presses,
each of a home that has just started, until an INVITE is at the second. PJSIP alone gives up after 32 s."""


def run(folder: Path) -> Section:
    """Measure. Raises ChildError."""
    folder.mkdir(parents=True)
    took_s = list(_second_targets(folder))
    return Section(
        title="When nobody is there",
        how=HOW,
        columns=("", "presses", "median ms", "p99 ms", "worst ms"),
        rows=(
            ("press, first target dead → INVITE at the second", *in_ms(took_s)),
            ("the same, left to PJSIP", NONE, f"{PJSIP_ALONE_MS:.1f}", NONE, NONE),
        ),
        aims=(median_at_most_ms("dead first target → second INVITE", took_s, AIM_MS),),
    )


def _second_targets(folder: Path) -> Iterator[float]:
    for number in range(PRESSES):
        with _line() as dead, _line() as second:
            targets = [f"sip:alarm@{LOOPBACK}:{line.getsockname()[1]}" for line in (dead, second)]
            with _home(folder / f"home-{number}", targets) as home:
                home.press()
                began_s = time.monotonic()
                while not second.recv(65_536).startswith(b"INVITE "):
                    pass
                yield time.monotonic() - began_s


@contextmanager
def _line() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((LOOPBACK, 0))
        line.settimeout(WITHIN_S)
        yield line


@contextmanager
def _home(folder: Path, targets: list[str]) -> Iterator[RemoteHome]:
    """Run a virtual home that knows no centre, and calls these."""
    folder.mkdir()
    password, ready = folder / "password", folder / "ready.json"
    password.touch(mode=0o600)
    password.write_text("invented for measuring")
    command = [
        sys.executable,
        "-m",
        "device",
        "simulate",
        "--unit-id",
        "bench-dead",
        "--centre",
        f"{LOOPBACK}:{free_port()}",
    ]
    command += ["--password-file", str(password), "--data", str(folder / "data"), "--ready-file", str(ready)]
    for target in targets:
        command += ["--call", target]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + WITHIN_S
        while not ready.exists():
            if time.monotonic() > deadline or process.poll() is not None:
                raise ChildError(f"the home does not start: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(LOOK_EVERY_S)
        time.sleep(STARTS_S)  # its engine has started too
        with RemoteHome("bench-dead", f"http://{LOOPBACK}:{_port(ready)}/") as home:
            yield home
    finally:
        process.terminate()
        process.wait(WITHIN_S)


def _port(ready: Path) -> int:
    return int(json.loads(ready.read_text())["port"])
