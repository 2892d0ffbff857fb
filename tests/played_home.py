"""A virtual home that runs as a program of its own, on a broker of the test."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.waiting import GENEROUS_S, until

UNIT = "poga-virtual-7"


class Played:
    """A `poga-device simulate` that runs until it is closed."""

    def __init__(self, folder: Path, port: int, *more: str) -> None:
        ready = folder / "ready.json"
        where = ("--centre", f"127.0.0.1:{port}", "--data", str(folder / "data"), "--ready-file", str(ready))
        self.child = subprocess.Popen(
            [sys.executable, "-m", "device", "simulate", "--unit-id", UNIT, *where, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until(ready.exists, "the virtual home is ready")
        self.ready = json.loads(ready.read_text())
        self.page = httpx.Client(base_url=self.ready["url"], timeout=GENEROUS_S)

    def act(self, path: str, **body: Any) -> None:
        self.page.post(f"/api/{path}", json=body).raise_for_status()

    def until_light(self, shape: str) -> None:
        until(lambda: self.state["light"] == shape, f"the light is {shape}")

    @property
    def state(self) -> dict[str, Any]:
        plain: dict[str, Any] = self.page.get("/api/state").raise_for_status().json()
        return plain

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.page.close()
        self.child.send_signal(number)
        said, complained = self.child.communicate(timeout=GENEROUS_S)
        return self.child.returncode, said, complained

    def close(self) -> None:
        self.page.close()
        if self.child.poll() is None:
            self.child.kill()
            self.child.communicate()
