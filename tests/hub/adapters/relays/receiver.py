"""A web server that answers as it is told to, and remembers what it got."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from hub.adapters.relays import Notice
from hub.core.effects import Relay
from hub.core.records import Incident, IncidentKind, IncidentState, Priority
from tests.mosquitto import LOOPBACK
from tests.waiting import Heard

HANG = 0
NOTICE = Notice(
    notice_id="n-1",
    incident_id=7,
    kind=IncidentKind.ALARM,
    priority=Priority.ALARM,
    unit_id="unit-1",
    reason="nobody has accepted it, step 1",
    opened=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    sent=datetime(2026, 1, 2, 3, 5, 5, tzinfo=UTC),
    link="https://centre.example/incidents/7",
)


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with these codes, one a request, the last one for ever; `HANG`: with silence, until it is closed."""

    codes: list[int] = field(default_factory=lambda: [200])
    got: Heard[Got] = field(default_factory=Heard)
    is_over: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.got(Got(self.command, self.path, dict(self.headers), body))
                code = receiver.codes.pop(0) if len(receiver.codes) > 1 else receiver.codes[0]
                if code == HANG:
                    receiver.is_over.wait()
                    return
                self.send_response(code)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET = _take  # noqa: N815 - the library's names

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/hooks/secret-token"

    def close(self) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def relay(incident_id: int = 7, priority: Priority = Priority.ALARM) -> Relay:
    incident = Incident(
        incident_id=incident_id,
        kind=IncidentKind.ALARM,
        priority=priority,
        state=IncidentState.RAISED,
        opened_s=1767323045.0,
        unit_id="unit-1",
        subject="Bathroom cord",
        detail="Grandmother's address",
    )
    return Relay(incident, "nobody has accepted it, step 1")
