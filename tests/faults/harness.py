"""A centre, some homes and their operators, all of them real programs; it knows every press, and settles the account.

Rules: whoever is waited for has minutes, never a fixed pause: a slow machine is no fault. Operators work as people do,
by the console alone: they accept what stands on their screen, then close it, so that the next press is a new incident.
Everything ends with the test.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx

from hub.core.records import Unit
from hub.demo.operator import RemoteOperator
from tests.faults.account import Press, Tally, settle
from tests.faults.centre import LOOPBACK, PASSWORD, Centre
from tests.faults.disk import BoundedFiles, Disks
from tests.faults.home import Home
from tests.faults.wire import Wire
from tests.waiting import until

PATIENCE_S = 180.0
OPERATORS = ("anna", "boris")
STATES = ("raised", "accepted", "in_progress")
CALM = Unit("home-1")


class Harness:
    """Use as a context manager: inside, everything runs and is at rest."""

    def __init__(
        self,
        folder: Path,
        units: Sequence[Unit] = (CALM,),
        *,
        wired: bool = False,
        has_voice: bool = False,
        centre_disk: Disks = BoundedFiles,
        home_disk: Disks = BoundedFiles,
    ) -> None:
        """Set up a home for each unit; `wired`: by a failing wire each to the broker; `has_voice`: they call, too."""
        self._stack = ExitStack()
        self.has_voice = has_voice
        self.centre = Centre(folder / "centre", units, OPERATORS, centre_disk, has_voice=has_voice)
        self.wires = [self._stack.enter_context(Wire(self.centre.broker_port)) for _ in units] if wired else []
        self.homes = [self._furnish(folder, unit, number, home_disk) for number, unit in enumerate(units)]
        self.operators: list[RemoteOperator] = []
        self.on_screen: set[int] = set()

    def __enter__(self) -> Self:
        """Start everything. What has started ends also where something else does not start."""
        try:
            self._stack.callback(self.centre.discard)
            self.centre.write_register()
            self.centre.start()
            self._stack.callback(self._sign_out)
            self.sign_in()
            for home in self.homes:
                self._stack.callback(home.discard)
                home.start()
            self.rest()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._stack.close()

    @property
    def home(self) -> Home:
        """Return the first home, where there is one."""
        return self.homes[0]

    @property
    def operator(self) -> RemoteOperator:
        """Return the operator who sees to what comes."""
        return self.operators[0]

    # --- acts ---

    def sign_in(self) -> None:
        """Have every operator sign in, anew where they had, and start the shift."""
        self._sign_out()
        for name in OPERATORS:
            can_speak = self.has_voice and name == OPERATORS[0]
            self.operators.append(RemoteOperator(self.centre.url, name, PASSWORD, can_speak=can_speak).__enter__())

    def accept(self, incident: dict[str, Any], operator: RemoteOperator | None = None) -> None:
        """Have an operator accept an incident. Raises httpx.HTTPError."""
        for home in self.homes:
            if home.unit_id == incident["unit_id"]:
                home.accepted_s.append(time.monotonic())
        (operator or self.operator).accept(incident["incident_id"])

    def press(self, home: Home | None = None) -> Press:
        """Press in a home, and return when its unit has it."""
        home = home or self.home
        press = home.press()
        self.until(lambda: home.looks() is not None and press.name is not None, f"{home.unit_id} has the press")
        return press

    def press_and_watch(self, home: Home, for_s: float, is_attended: bool) -> Press:
        """Press, then watch for a while whatever comes of it; where it is attended, an operator sees to it at once."""
        press = home.press()
        while time.monotonic() < press.pressed_s + for_s:
            home.looks()
            if is_attended:
                self.see_to_alarms()
            time.sleep(0.001)
        return press

    def see_to_alarms(self) -> int:
        """Accept and close what stands on the screen; return how many alarms were open, -1 where nobody answers."""
        try:
            alarms = self.alarms()
            for incident in alarms:
                if self.is_shown(incident["incident_id"]):
                    self.accept(incident)
                    self.operator.close(incident["incident_id"])
        except httpx.HTTPError:  # the centre is starting again, or somebody was faster: the next look shows
            return -1
        return len(alarms)

    def rest(self) -> None:
        """Have the operators see to every alarm until the homes and the centre are at rest."""
        self.until(self._is_at_rest, "everything comes to rest")

    def tally(self) -> Tally:
        """Settle the account of everything that was pressed, and check that no home was promised too much."""
        for home in self.homes:
            assert not home.early_promises(), f"{home.unit_id}: told the room that an operator has it when none had"
        return settle(self.presses, self.centre.truth(), self.on_screen)

    @property
    def presses(self) -> list[Press]:
        """Return every press so far."""
        return [press for home in self.homes for press in home.presses]

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Return as soon as something is so. Fails after minutes, and quotes the programs."""
        try:
            until(is_so, what, PATIENCE_S)
        except AssertionError as error:
            children = (self.centre.child, *(home.child for home in self.homes))
            quotes = "\n".join(f"--- {child.name}:\n{child.said()}" for child in children)
            raise AssertionError(f"{error}\n{self._where_it_stands()}\n{quotes}") from None

    def alarms(self) -> list[dict[str, Any]]:
        """Return the alarms that are open at the centre, as an operator gets them. Raises httpx.HTTPError."""
        return [incident for incident in self.operator.incidents() if incident["kind"] == "alarm"]

    def is_shown(self, incident_id: int) -> bool:
        """Tell whether an incident stands, or stood, on the operator's screen; remember it."""
        if any(self.operator.shown_s(incident_id, state) is not None for state in STATES):
            self.on_screen.add(incident_id)
        return incident_id in self.on_screen

    # --- helpers ---

    def _sign_out(self) -> None:
        while self.operators:
            self.operators.pop().__exit__(None, None, None)

    def _furnish(self, folder: Path, unit: Unit, number: int, disk: Disks) -> Home:
        port = self.wires[number].port if self.wires else self.centre.broker_port
        password = self.centre.enrol(unit.unit_id)
        calls = [f"sip:alarm@{LOOPBACK}:{self.centre.voice_port}"] if self.has_voice else []
        return Home(folder / unit.unit_id, unit.unit_id, port, password, disk, *calls)

    def _is_at_rest(self) -> bool:
        return self.see_to_alarms() == 0 and all(home.is_at_rest() for home in self.homes)

    def _where_it_stands(self) -> str:
        stands = [f"{home.unit_id}: {home.looks() if home.child.is_running else 'dead'}" for home in self.homes]
        try:
            stands.append(f"open: {self.alarms()}")
        except httpx.HTTPError as error:
            stands.append(f"the centre does not answer: {error!r}")
        return "\n".join(stands)
