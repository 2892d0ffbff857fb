"""A browser as the console's tests need one: cookies, the token of its pages, and the live stream as it comes in."""

import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.waiting import Heard

PAGE_DATA = re.compile(r'<script type="application/json" id="page-data">(.*?)</script>', re.DOTALL)
CSRF_FIELD = re.compile(r'name="csrf" value="([0-9a-f]+)"')
GENEROUS_S = 30.0


class Client:
    """One browser; signed in where it has a session."""

    def __init__(self, url: str, session: str = "") -> None:
        self.url = url
        cookies = {"poga": session} if session else {}
        self.http = httpx.Client(base_url=url, cookies=cookies, headers={"origin": url}, timeout=GENEROUS_S)
        self.csrf = self.get("/api/me").json()["csrf"] if session else ""

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http.get(path, **more)

    def ask(self, path: str, body: object | None = None, method: str = "POST", **headers: str) -> httpx.Response:
        """Send JSON, as the pages' scripts do."""
        return self.http.request(method, path, json=body or {}, headers={"x-csrf-token": self.csrf, **headers})

    def fill(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Load a page, then send one of its forms."""
        return self.http.post(action, data={"csrf": self.form_token(page), **fields})

    def form_token(self, page: str) -> str:
        """Return the token of a page's forms."""
        token = CSRF_FIELD.search(self.get(page).text)
        assert token is not None, f"{page} has no form"
        return token[1]

    def sign_in(self, name: str, password: str, **more: str) -> httpx.Response:
        answer = self.fill("/sign-in", "/sign-in", name=name, password=password, **more)
        if answer.status_code == 303:
            self.csrf = self.get("/api/me").json()["csrf"]
        return answer

    def page_data(self, path: str) -> dict[str, Any]:
        """Return what a page gives its scripts."""
        found = PAGE_DATA.search(self.get(path).text)
        assert found is not None
        data: dict[str, Any] = json.loads(found[1])
        return data

    @contextmanager
    def stream(self) -> Iterator["EventReader"]:
        """Listen to the live stream."""
        reader = EventReader(self.url, self.http.cookies.get("poga") or "")
        try:
            yield reader
        finally:
            reader.close()


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event of a stream."""

    number: int
    name: str
    data: dict[str, Any]


class EventReader:
    """Reads an event stream in a thread of its own."""

    def __init__(self, url: str, session: str) -> None:
        self.events: Heard[StreamEvent] = Heard()
        self.has_ended = threading.Event()
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=GENEROUS_S)
        self._connection.request("GET", "/live", headers={"cookie": f"poga={session}"})
        sock = self._connection.sock
        assert isinstance(sock, socket.socket)
        self._socket = sock
        self.answer = self._connection.getresponse()
        self.status = self.answer.status
        self._thread = threading.Thread(target=self._read, name="event reader")
        self._thread.start()

    def wait(self, name: str, count: int = 1, **wanted: object) -> StreamEvent:
        """Return the `count`-th event of this name whose data holds what is wanted."""
        return self.events.wait(
            lambda one: one.name == name and wanted.items() <= {key: one.data.get(key) for key in wanted}.items(), count
        )

    def close(self) -> None:
        if self._thread.is_alive():
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(GENEROUS_S)
        self.answer.close()
        self._connection.close()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            while line := self.answer.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "event" in fields:
                    self.events(StreamEvent(int(fields["id"]), fields["event"], json.loads(fields["data"])))
                    fields = {}
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self.has_ended.set()
