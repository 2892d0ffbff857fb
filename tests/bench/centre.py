"""The centre under measurement: `poga-hub run` as a process of its own, beside a broker that peers use as well."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.broker import RealBroker
from tests.bench.child import Child, python
from tests.bench.register import Contents, fill
from tests.mosquitto import free_port

ANSWER_WITHIN_S = 10.0


class Centre:
    """A running centre."""

    def __init__(self, child: Child, url: str) -> None:
        """Take its process and where its console is."""
        self.child = child
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=ANSWER_WITHIN_S)

    def close(self) -> None:
        """Ask it nothing any more."""
        self._http.close()

    def is_ready(self) -> bool:
        """Tell whether it hears units and answers browsers."""
        try:
            return self._http.get("/healthz").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def committed(self) -> int:
        """Return how many heartbeats it has taken in; but for the batch under way they are on disk."""
        return int(self._measure("poga_broker_messages_heartbeat_total"))

    def dropped(self) -> int:
        """Return how many heartbeats it has dropped because too many waited."""
        return int(self._measure("poga_broker_dropped__total"))

    def _measure(self, name: str) -> float:
        answer = self._http.get("/metrics").raise_for_status().text
        found = re.search(rf"^{name} (\S+)$", answer, re.MULTILINE)
        return float(found[1]) if found else 0.0


@contextlib.contextmanager
def running_centre(folder: Path, broker: RealBroker, contents: Contents) -> Iterator[Centre]:
    """Run a centre on a store that holds this. Raises ChildError, AdapterError."""
    data, port = folder / "centre", free_port()
    data.mkdir(mode=0o700, parents=True)
    fill(data / "store", contents)
    settings = folder / "hub.toml"
    settings.write_text(
        f"""
name = "Bench"
data_dir = "{data}"
[broker]
is_embedded = false
host = "{broker.centre.host}"
port = {broker.centre.port}
username = "{broker.centre.username}"
password = "{broker.centre.password}"
[console]
port = {port}
[voice]
is_on = false
""",
        encoding="utf-8",
    )
    child = Child("the centre", python("hub", "--config", str(settings), "run"), folder / "centre.log")
    with child, contextlib.closing(Centre(child, f"http://127.0.0.1:{port}")) as centre:
        child.wait_until(centre.is_ready, "it hears units and answers browsers")
        yield centre
