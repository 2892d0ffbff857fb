"""The light: one lamp, told apart by the shape of its shining and not by colour.

Rules: `SHAPES` is the whole truth, for the lamp and for whoever draws it. No light flashes more than three times in any
second (WCAG 2.3.1, for people with photosensitive epilepsy): even FLICKER keeps to 2.5 Hz. `perform` shows the new
light before it returns; a thread goes on from there. A lamp that fails is told once and tried again until it shines.
"""

import bisect
import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gpiozero import PWMLED, Factory

from device.core import events as ev
from device.core.effects import Effect, Indicate, Light
from device.pin_factory import named_factory
from device.ports import PermanentAdapterError, Report

log = logging.getLogger(__name__)

FRAME_S = 0.04
"""While the brightness glides it is set this often."""
RETRY_S = 5.0
PWM_HZ = 200
"""Above what an eye can see, below what costs the software PWM of lgpio more than 1 % of a core."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """At `at_s` the brightness is `level` (0 to 1). It glides from one to the next; two at the same time are a jump."""

    at_s: float
    level: float


@dataclass(frozen=True, slots=True)
class Shape:
    """What is repeated for as long as the light is told."""

    keyframes: tuple[Keyframe, ...]

    @property
    def period_s(self) -> float:
        """How long one turn takes."""
        return self.keyframes[-1].at_s


def _constant(level: float) -> Shape:
    return Shape((Keyframe(0.0, level), Keyframe(1.0, level)))


def _blinking(*lit_then_dark_s: float) -> Shape:
    """Lit for the first time, dark for the second, and so on."""
    keyframes: list[Keyframe] = []
    at_s = 0.0
    for turn, length_s in enumerate(lit_then_dark_s):
        level = 1.0 - turn % 2
        keyframes += [Keyframe(at_s, level), Keyframe(at_s + length_s, level)]
        at_s += length_s
    return Shape(tuple(keyframes))


SHAPES: Mapping[Light, Shape] = MappingProxyType(
    {
        Light.DARK: _constant(0.0),
        Light.STEADY: _constant(0.25),
        Light.BRIGHT: _constant(1.0),
        Light.BREATH: Shape((Keyframe(0.0, 0.6), Keyframe(2.0, 0.04), Keyframe(4.0, 0.6))),
        Light.DOUBLE_BLINK: _blinking(0.15, 0.2, 0.15, 2.0),
        Light.PULSE: Shape((Keyframe(0.0, 1.0), Keyframe(0.5, 0.35), Keyframe(1.0, 1.0))),
        Light.CALLING: _blinking(0.5, 0.5),
        Light.FLICKER: _blinking(0.2, 0.2),
    }
)


def brightness(light: Light, t_s: float) -> float:
    """Return how bright (0 to 1) a light is `t_s` after it was told; `t_s` is not negative."""
    start, end, into_s = _segment(SHAPES[light], t_s)
    return start.level + (end.level - start.level) * into_s / (end.at_s - start.at_s)


def as_keyframes(light: Light) -> list[dict[str, float]]:
    """Return the shape as the keyframes of the Web Animations API; one turn lasts the shape's `period_s`."""
    shape = SHAPES[light]
    return [{"offset": frame.at_s / shape.period_s, "opacity": frame.level} for frame in shape.keyframes]


def _segment(shape: Shape, t_s: float) -> tuple[Keyframe, Keyframe, float]:
    """Return the keyframes around this time, and how far into them it is."""
    at_s = t_s % shape.period_s
    following = bisect.bisect_right(shape.keyframes, at_s, key=lambda frame: frame.at_s)
    start, end = shape.keyframes[following - 1], shape.keyframes[following]
    return start, end, at_s - start.at_s


def _lasts_s(light: Light, t_s: float) -> float:
    """Return for how long the brightness needs no setting."""
    start, end, into_s = _segment(SHAPES[light], t_s)
    return FRAME_S if start.level != end.level else end.at_s - start.at_s - into_s


class Indicators:
    """The lamp of the unit."""

    name = "indicators"
    performs: tuple[type[Effect], ...] = (Indicate,)

    def __init__(self, bcm: int, pin_factory: Factory | None = None) -> None:
        """Take the lamp's GPIO; without a factory, the one that GPIOZERO_PIN_FACTORY names is used (lgpio if unset)."""
        self._bcm = bcm
        self._factory = pin_factory
        self._lamp: PWMLED | None = None
        self._level: float | None = None
        self._light = Light.DARK
        self._since_s = 0.0
        self._due_s = 0.0
        self._has_failed = False
        self._is_stopping = False
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, report: Report) -> None:
        """Open the lamp, dark. Raises PermanentAdapterError; it is tried again all the same."""
        self._report = report
        self._is_stopping = False
        self._thread = threading.Thread(target=self._shine, name="indicators", daemon=True)
        try:
            with self._turn:
                self._show(time.monotonic())
        finally:
            self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Shine like this from now on. Raises PermanentAdapterError."""
        if not isinstance(effect, Indicate):
            raise TypeError(f"the indicators perform Indicate, not {effect!r}")
        with self._turn:
            self._light, self._since_s = effect.light, time.monotonic()
            self._show(self._since_s)
            self._turn.notify()

    def stop(self) -> None:
        """Go dark and let go of the pin."""
        with self._turn:
            self._is_stopping = True
            self._turn.notify()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self._close()

    def _shine(self) -> None:
        with self._turn:
            while not self._is_stopping:
                now_s = time.monotonic()
                if now_s < self._due_s:
                    self._turn.wait(self._due_s - now_s)
                    continue
                had_failed = self._has_failed
                try:
                    self._show(now_s)
                except PermanentAdapterError as error:
                    if not had_failed:
                        log.error("%s: %s", self.name, error)
                        self._report(ev.AdapterFailed(self.name, Indicate.__name__, str(error)[:256], lasting=True))

    def _show(self, now_s: float) -> None:
        """Set the brightness of this moment, and when it is to be set again. Raises PermanentAdapterError."""
        t_s = now_s - self._since_s
        try:
            self._set(brightness(self._light, t_s))
        except PermanentAdapterError:
            # Not sooner: the loop must have told of the failure before its end can be reported.
            self._has_failed, self._due_s = True, now_s + RETRY_S
            self._close()
            raise
        self._due_s = now_s + _lasts_s(self._light, t_s)
        if self._has_failed:
            self._has_failed = False
            self._report(ev.AdapterRecovered(self.name))

    def _set(self, level: float) -> None:
        if level == self._level:
            return
        factory = self._factory or named_factory()
        with self._told():
            if self._lamp is None:
                self._lamp = PWMLED(self._bcm, frequency=PWM_HZ, pin_factory=factory)
            self._lamp.value = level
        self._level = level

    def _close(self) -> None:
        lamp, self._lamp, self._level = self._lamp, None, None
        try:
            if lamp is not None:
                lamp.close()
        except Exception:  # nothing more can be done for a lamp that cannot even be closed
            log.warning("GPIO %d could not be closed", self._bcm, exc_info=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the library raises into words: which pin, what to do."""
        try:
            yield
        except Exception as error:  # the library below gpiozero raises errors of its own, unknown here
            raise PermanentAdapterError(
                f"the light on GPIO {self._bcm}: {type(error).__name__}: {error}; see that nothing else uses the pin, "
                "that hardware/pins.csv names the right one and that the program's user may open it (group gpio)"
            ) from error
