"""A home with a real unit in a process of its own, and somebody who watches its page closely.

Rules: a press is taken when the unit has done all that the press asks of it, the disk first; the page shows that by
telling of whatever came next, for a unit does one thing at a time. Every line of the page's log is read once, so that
nothing said in between is missed.
"""

import json
import time
from pathlib import Path
from typing import Any

import httpx

from hub.demo.home import RemoteHome
from tests.faults.account import Name, Press
from tests.faults.child import Child
from tests.faults.disk import BoundedFiles, Disks
from tests.waiting import until

PROMISES = ("Indicate bright", "Speak answered")
"""What tells the room that an operator has the alarm."""
OUTBOX = "outbox.sqlite3"


class Home:
    """One home. What is `seen` is from this life of its unit."""

    def __init__(
        self, folder: Path, unit_id: str, port: int, password: str, disk: Disks = BoundedFiles, *calls: str
    ) -> None:
        """Furnish it; the unit finds its broker at `port`, and calls these SIP addresses."""
        folder.mkdir()
        self.unit_id = unit_id
        self.presses: list[Press] = []
        self.accepted_s: list[float] = []
        self.promised_s: list[float] = []
        self._data = folder / "data"
        self.disk = disk(self._data)
        self._ready = folder / "ready.json"
        secret = folder / "password"
        secret.write_text(password)
        self.child = Child(
            unit_id,
            folder,
            *("device", "simulate", "--unit-id", unit_id, "--centre", f"127.0.0.1:{port}"),
            *("--password-file", str(secret), "--data", str(self._data), "--ready-file", str(self._ready)),
            *(word for uri in calls for word in ("--call", uri)),
            before=self.disk.before,
        )
        self._page: RemoteHome | None = None
        self._lines: list[dict[str, Any]] = []
        self._before_press = 0
        self._clock_began_s = float("inf")

    @property
    def outbox(self) -> Path:
        """Return the outbox's file, as it is between two lives."""
        return self._data / OUTBOX

    # --- the unit's life ---

    def start(self) -> None:
        """Let it live, and return when its page answers."""
        self._ready.unlink(missing_ok=True)
        self.child.start()
        until(self._is_ready, f"{self.unit_id} is ready")
        url = json.loads(self._ready.read_text())["url"]
        self._page, self._lines = RemoteHome(self.unit_id, url), []
        self._before_press, self._clock_began_s = 0, float("inf")

    def kill(self) -> None:
        """Kill its unit as a power cut would."""
        self.child.kill()
        self._close_page()

    def stop(self) -> None:
        """End its unit in good order."""
        self.child.stop()
        self._close_page()

    def discard(self) -> None:
        """End its unit, whatever state it is in."""
        self.child.discard()
        self._close_page()

    # --- hands and eyes ---

    def press(self) -> Press:
        """Press the button; `look` until the press has its name."""
        until(self._is_released, f"nobody holds a button of {self.unit_id}")
        self._before_press = self._lines[-1]["number"]
        press = Press(self.unit_id, time.monotonic())
        self.presses.append(press)
        self.page.press()
        return press

    def look(self) -> dict[str, Any]:
        """Return what the page shows, and note what is new. Raises httpx.HTTPError where nobody answers."""
        state = self.page.state()
        self._note(state["log"])
        if self.presses and self.presses[-1].name is None:
            self.presses[-1].name = self._name_of_press(state["alarm"]["key"])
        return state

    def looks(self) -> dict[str, Any] | None:
        """Return what the page shows, None where nobody answers."""
        try:
            return self.look()
        except httpx.HTTPError:
            self.child.must_live()
            return None

    def has_told(self, *words: str) -> bool:
        """Tell whether the log has a line about an event that begins like one of these."""
        return any(line["event"].startswith(words) for line in self._lines)

    def has_receipt(self, press: Press) -> bool:
        """Tell whether the centre's receipt of a press of this life has come."""
        self.look()
        receipts = (line["event"] for line in self._lines if line["event"].startswith("ReceiptArrived"))
        seqs = {seq for receipt in receipts for seq in receipt.removeprefix("ReceiptArrived ").split(", ")}
        return press.name is not None and str(press.name.seq) in seqs

    def is_at_rest(self) -> bool:
        """Tell whether it has no alarm, hears its centre, and has nothing left to send."""
        state = self.looks()
        if state is None or not self.has_told("Started"):
            return False
        hears = state["path_is_open"] and state["centre_is_heard"]
        return bool(hears and state["alarm"]["state"] == "normal" and state["waiting"] == 0)

    def early_promises(self) -> list[float]:
        """Return when the room was told that an operator has the alarm, and none had it (monotonic seconds)."""
        raised_s = [press.pressed_s for press in self.presses if press.raises]
        return [at_s for at_s in self.promised_s if _last(self.accepted_s, at_s) <= _last(raised_s, at_s)]

    @property
    def page(self) -> RemoteHome:
        """Return its page. Only while it runs."""
        assert self._page is not None, f"{self.unit_id} does not run"
        return self._page

    def _is_ready(self) -> bool:
        self.child.must_live()
        return self._ready.exists()

    def _is_released(self) -> bool:
        """Tell whether the unit knows that the button was let go: a new press sooner would be a bounce of the last."""
        self.look()
        last = next((line["event"] for line in reversed(self._lines) if line["event"].startswith("Trigger")), "")
        return not last.startswith("TriggerActivated")

    def _close_page(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            page.__exit__(None, None, None)

    def _note(self, log: list[dict[str, Any]]) -> None:
        """Take what is new in the log; its moments count from the unit's start, which is found by seeing them soon."""
        known = self._lines[-1]["number"] if self._lines else 0
        new = [line for line in log if line["number"] > known]
        if new:
            self._clock_began_s = min(self._clock_began_s, time.monotonic() - new[-1]["at_s"])
        self._lines += new
        for line in new:
            if any(effect in PROMISES for effect in line["effects"]):
                self.promised_s.append(self._clock_began_s + line["at_s"])

    def _name_of_press(self, alarm: str | None) -> Name | None:
        """Return the name of the message that the press became, None where the unit has not got so far."""
        for line in self._lines[:-1]:  # the last one's effects may be under way
            if line["number"] > self._before_press and line["event"].startswith("TriggerActivated"):
                stored = next((effect for effect in line["effects"] if effect.startswith("Store alarm_")), None)
                if stored is not None and alarm is not None:
                    return Name(self.unit_id, alarm, int(stored.rpartition(" ")[2]))
        return None


def _last(moments_s: list[float], before_s: float) -> float:
    """Return the last of the moments that is not after another, minus infinity where there is none."""
    return max((at_s for at_s in moments_s if at_s <= before_s), default=float("-inf"))
