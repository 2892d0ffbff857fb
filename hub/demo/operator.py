"""An operator without a browser: signs in, hears the live stream, answers for the console, and acts.

Uses only what a browser uses: the console's pages, its stream and its API.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any, Self

import httpx

from hub.adapters.voice.webrtc.headset import Headset
from hub.console.auth import CSRF_HEADER, csrf_token

WITHIN_S = 10.0
STREAM_SILENT_S = 30.0


class SignInError(Exception):
    """The console did not let the operator in."""


class RemoteOperator:
    """One signed-in operator on shift. Use as a context manager."""

    def __init__(self, url: str, name: str, password: str, *, can_speak: bool = False) -> None:
        """Name the console and who signs in; `can_speak`: with a headset."""
        self.name = name
        self._can_speak = can_speak
        self._password = password
        self._http = httpx.Client(base_url=url, headers={"origin": url.rstrip("/")}, timeout=WITHIN_S)
        self._incidents: dict[int, dict[str, Any]] = {}
        self._calls: dict[int, dict[str, Any]] = {}
        self._seen_s: dict[tuple[int, str], float] = {}
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._hears = threading.Thread(target=self._hear, name=f"operator-{name}", daemon=True)

    def __enter__(self) -> Self:
        """Sign in and start the shift. Raises SignInError, httpx.HTTPError."""
        self._sign_in()
        self._hears.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the shift."""
        self._stopping.set()
        self._hears.join(WITHIN_S)
        self._http.close()

    def wait_for(self, unit_id: str, kind: str = "alarm", within_s: float = WITHIN_S) -> dict[str, Any] | None:
        """Return the open incident of a unit as soon as the screen shows it, None where it does not come."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while True:
                for incident in self._incidents.values():
                    if (incident["unit_id"], incident["kind"]) == (unit_id, kind) and incident["state"] != "closed":
                        return incident
                if not self._changed.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    return None

    def shown_s(self, incident_id: int, state: str) -> float | None:
        """Return when the stream first showed an incident in this state (monotonic seconds)."""
        with self._changed:
            return self._seen_s.get((incident_id, state))

    def incidents(self) -> list[dict[str, Any]]:
        """Return what is open."""
        found: list[dict[str, Any]] = self._http.get("/api/incidents").raise_for_status().json()
        return found

    def incident(self, incident_id: int) -> dict[str, Any]:
        """Return one incident, open or closed. Raises httpx.HTTPError."""
        found = self._http.get(f"/api/incidents/{incident_id}").raise_for_status().json()
        incident: dict[str, Any] = found["incident"]
        return incident

    def accept(self, incident_id: int) -> None:
        """Accept. Raises httpx.HTTPError where somebody was first."""
        self._post(f"/api/incidents/{incident_id}/accept", {})

    def close(self, incident_id: int, outcome: str = "test") -> None:
        """Close with an outcome. Raises httpx.HTTPError."""
        self._post(f"/api/incidents/{incident_id}/close", {"outcome": outcome, "text": ""})

    def speak(self, incident_id: int, headset: Headset, within_s: float = WITHIN_S) -> bool:
        """Answer the call of an incident as soon as it rings here; return whether it did. Raises httpx.HTTPError."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while not (leg := self._ringing(incident_id)):
                if not self._changed.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    return False
        headset.call(lambda offer: self._answered(leg, offer))
        return True

    def rings(self, incident_id: int) -> bool:
        """Tell whether the call of an incident rings here now."""
        with self._changed:
            return bool(self._ringing(incident_id))

    def open_calls(self) -> list[dict[str, Any]]:
        """Return the calls that stand on the screen."""
        with self._changed:
            return [call for call in self._calls.values() if call["state"] != "ended"]

    def _ringing(self, incident_id: int) -> str:
        """Return the leg that rings this operator's browser for an incident, empty where none does."""
        for call in self._calls.values():
            for part in call["parts"] if call["incident_id"] == incident_id else ():
                if (part["is_browser"], part["name"], part["state"]) == (True, self.name, "ringing"):
                    return str(part["leg"])
        return ""

    def _answered(self, leg: str, offer: str) -> str:
        answer = self._http.post("/api/speech/answer", json={"leg": leg, "offer": offer})
        return str(answer.raise_for_status().json()["answer"])

    def _sign_in(self) -> None:
        page = self._http.get("/sign-in").text
        field = re.search(r'name="csrf"\s+value="([0-9a-f]+)"', page)
        if field is None:
            raise SignInError("the console has no sign-in page")
        form = {"name": self.name, "password": self._password, "csrf": field[1]}
        answer = self._http.post("/sign-in", data=form)
        token = self._http.cookies.get("poga")
        if answer.status_code != httpx.codes.SEE_OTHER or token is None:
            raise SignInError(f"the console did not let {self.name} in: status {answer.status_code}")
        self._http.headers[CSRF_HEADER] = csrf_token(token)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._http.post(path, json=body).raise_for_status()

    def _hear(self) -> None:
        """Read the stream until the shift ends; after any loss, again from its snapshot."""
        while not self._stopping.is_set():
            try:
                with self._http.stream("GET", "/live", timeout=STREAM_SILENT_S) as stream:
                    for event, data in _events(stream.iter_lines()):
                        if self._stopping.is_set():
                            return
                        self._take(event, data)
            except httpx.HTTPError:
                self._stopping.wait(0.5)  # the centre is starting again

    def _take(self, event: str, data: dict[str, Any]) -> None:
        now_s = time.monotonic()
        if event in ("ping", "snapshot"):
            self._post("/api/alive", {"on_shift": True, "can_speak": self._can_speak})
        shown = data["incidents"] if event == "snapshot" else [data] if event == "incident" else []
        calls = data["calls"] if event == "snapshot" else [data] if event == "call" else []
        with self._changed:
            if event == "snapshot":
                self._calls.clear()
            self._calls.update((call["conversation"], call) for call in calls)
            for incident in shown:
                self._incidents[incident["incident_id"]] = incident
                self._seen_s.setdefault((incident["incident_id"], incident["state"]), now_s)
            self._changed.notify_all()


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each event of a stream with its data."""
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield event, json.loads(line.removeprefix("data: "))
