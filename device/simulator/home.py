"""One virtual home: the unit's program with everything that is around it in a real one, and a hand on each thing.

Rules: a hand does what a hand could do in the home: press, pull, plug, cut, break. A unit without mains and with an
empty battery is dark, and begins a new life when the mains are back; what its disk holds is still there.
"""

import logging
import secrets
import threading
from typing import Any

from device.adapters.lifetime import AlreadyRunningError
from device.adapters.power import SimulatedPower
from device.app import Program, Substitutes, build
from device.config import Settings, TriggerSettings
from device.pins import load_pins
from device.simulator.line import Line
from device.simulator.loudspeaker import Loudspeaker
from device.simulator.pins import HomePins
from device.simulator.radio import Radio
from device.simulator.room import VirtualRoom
from device.simulator.seen import Seen
from device.wire.vocabulary import DeviceType, LocationCode

log = logging.getLogger(__name__)

LONGEST_STOP_S = 10.0

TRIGGERS = (
    TriggerSettings(id="button", name="Hallway button", pin="button", location_code=LocationCode.HALL.value),
    TriggerSettings(id="pull_cord", name="Bathroom cord", pin="pull_cord", location_code=LocationCode.BATHROOM.value),
    TriggerSettings(
        id="pendant",
        name="Worn pendant",
        device_type=DeviceType.PERSONAL_TRIGGER.value,
        location_code=LocationCode.HOME.value,
        pre_alarm_s=8,
    ),
)
"""What a virtual home has to press. The pendant is pressed by mistake most often, so it has a pre-alarm."""


class NoSuchTriggerError(KeyError):
    """The home has no trigger of that id."""


class VirtualHome:
    """The unit, its wires and its surroundings."""

    def __init__(self, settings: Settings, line: Line) -> None:
        """Furnish the home; the unit is not plugged in yet."""
        self.settings = settings
        self._line = line
        self._pins = HomePins()
        self._power = SimulatedPower()
        self._radio = Radio()
        self._seen = Seen({trigger.id: trigger.trigger() for trigger in settings.triggers})
        self.room = VirtualRoom(self._seen.room_is_heard)
        self._voice = Loudspeaker(self.room)
        self._bcm = {pin.name: pin.bcm for pin in load_pins()}
        self._triggers = {trigger.id: trigger for trigger in settings.triggers}
        self._down: set[str] = set()
        self._program: Program | None = None
        self._life: threading.Thread | None = None
        self._power_lock = threading.Lock()

    # --- hands ---

    def press(self, trigger_id: str, is_down: bool) -> None:
        """Press a trigger, or let go of it. Raises NoSuchTriggerError."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise NoSuchTriggerError(f"there is no trigger {trigger_id!r}; there are {', '.join(self._triggers)}")
        if trigger.pin:
            self._pins.at(self._bcm[trigger.pin]).ground(is_down)
        else:
            self._radio.hear(trigger_id, is_down)
        self._hold(trigger_id, is_down)

    def cancel(self, is_down: bool) -> None:
        """Press cancel, or let go of it."""
        self._pins.at(self._bcm[self.settings.cancel_pin]).ground(is_down)
        self._hold("cancel", is_down)

    def supply(self, mains: bool | None = None, battery_percent: float | None = None) -> None:
        """Plug the mains in or out, charge or drain the battery; None: as it is. Takes as long as the unit does."""
        with self._power_lock:
            before = self._power.reading
            mains = before.mains is True if mains is None else mains
            percent = before.battery_percent if battery_percent is None else battery_percent
            self._power.set(mains, percent or 0.0)
            if not mains and not percent:
                self._end()
            elif self._life is None:
                self._begin()

    def plug_in(self) -> None:
        """Let the unit live. Raises AlreadyRunningError where another one has its data folder."""
        self.room.open()
        try:
            self.supply(mains=True)
        except AlreadyRunningError:
            self.room.close()
            raise

    def unplug(self) -> None:
        """Let the unit end, in good order."""
        with self._power_lock:
            self._end()
        self.room.close()

    def mute(self, is_broken: bool) -> None:
        """Unplug the loudspeaker, or plug it in."""
        self.room.is_broken = is_broken

    def break_lamp(self, is_broken: bool) -> None:
        """Break the lamp off, or mend it."""
        self._pins.at(self._bcm[self.settings.light_pin]).is_broken = is_broken

    # --- eyes ---

    @property
    def brightness(self) -> float:
        """How bright the lamp shines, 0 to 1."""
        return round(self._pins.at(self._bcm[self.settings.light_pin]).level(), 3)

    def plain(self) -> dict[str, Any]:
        """Return all there is to see and hear, as JSON can hold it."""
        power = self._power.reading
        lamp = self._pins.at(self._bcm[self.settings.light_pin])
        return {
            "unit_id": self.settings.unit_id,
            "language": self.settings.language,
            "is_on": self._life is not None and self._life.is_alive(),
            "triggers": {trigger.id: trigger.name for trigger in self.settings.triggers},
            "down": sorted(self._down),
            "mains": power.mains,
            "battery_percent": power.battery_percent,
            "network": self._line.is_whole,
            "loudspeaker": not self.room.is_broken,
            "lamp": not lamp.is_broken,
            "brightness": self.brightness,
            "words": self._voice.last(),
            **self._seen.plain(),
        }

    # --- the unit's life ---

    def _begin(self) -> None:
        self._seen.begin_anew()
        program = build(
            self.settings,
            Substitutes(
                pin_factory=self._pins,
                player=self._voice.beside,
                room_socket=self.room.engine_socket,
                power=self._power,
                further=(self._radio,),
                boot_id=secrets.token_hex(8),
                watch=self._seen.take,
            ),
        )
        program.lifetime.claim()
        self._program = program
        self._life = threading.Thread(target=self._live, args=(program,), name="unit", daemon=True)
        self._life.start()

    def _live(self, program: Program) -> None:
        try:
            program.run()
        except Exception:
            log.critical("the unit's program has ended", exc_info=True)

    def _end(self) -> None:
        program, self._program = self._program, None
        life, self._life = self._life, None
        if program is not None and life is not None:
            program.stop()
            life.join(LONGEST_STOP_S)
            self._voice.fall_silent()
            self._seen.go_dark()

    def _hold(self, what: str, is_down: bool) -> None:
        self._down.add(what) if is_down else self._down.discard(what)
