"""The light: shapes that are told apart and harm nobody, shown at once and for as long as they are told."""

import itertools
import os
import queue
from collections.abc import Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin, MockPWMPin
from hypothesis import given
from hypothesis import strategies as st

from device.adapters import indicators
from device.adapters.indicators import SHAPES, Indicators, as_keyframes, brightness
from device.core import events as ev
from device.core.effects import Indicate, Light, Prompt, Speak
from device.ports import PermanentAdapterError
from tests.waiting import GENEROUS_S, until

BCM = 12
CONSTANT = (Light.DARK, Light.STEADY, Light.BRIGHT)
SAMPLES_PER_S = 100
LIGHTS = st.sampled_from(Light)


# --- the shapes ---


def samples(light: Light, seconds: int) -> list[float]:
    return [brightness(light, n / SAMPLES_PER_S) for n in range(seconds * SAMPLES_PER_S)]


def flashes_at(light: Light, seconds: int) -> list[int]:
    """The samples at which it becomes brighter than half."""
    is_lit = [level > 0.5 for level in samples(light, seconds)]
    return [n for n, (before, after) in enumerate(itertools.pairwise(is_lit)) if after and not before]


def test_every_light_has_a_shape() -> None:
    assert set(SHAPES) == set(Light)


@given(light=LIGHTS, t_s=st.floats(0, 1e7))
def test_brightness_is_a_share(light: Light, t_s: float) -> None:
    assert 0.0 <= brightness(light, t_s) <= 1.0


@given(light=LIGHTS, centiseconds=st.integers(0, 1_000), turns=st.integers(1, 50))
def test_a_shape_repeats(light: Light, centiseconds: int, turns: int) -> None:
    """Looked at between its jumps, where a rounding would decide."""
    t_s = centiseconds / 100 + 0.005
    assert brightness(light, t_s + turns * SHAPES[light].period_s) == pytest.approx(brightness(light, t_s))


@pytest.mark.parametrize("light", Light)
def test_no_light_flashes_more_than_three_times_in_any_second(light: Light) -> None:
    """WCAG 2.3.1."""
    flashes = flashes_at(light, 30)
    assert all(later - first > SAMPLES_PER_S for first, later in zip(flashes, flashes[3:], strict=False))


def test_the_lights_are_told_apart_by_shape() -> None:
    """By how often they flash and how long they are lit, wherever one begins to look."""
    shapes = {
        light: (len(flashes_at(light, 40)), round(sum(samples(light, 40)) / 40 / SAMPLES_PER_S, 1))
        for light in Light
        if light not in CONSTANT
    }
    assert len({flashes for flashes, _ in shapes.values()}) == len(shapes)
    assert all(flashes > 0 for flashes, _ in shapes.values())


def test_the_constant_lights_are_told_apart_by_brightness() -> None:
    levels = {light: set(samples(light, 3)) for light in CONSTANT}
    assert levels == {Light.DARK: {0.0}, Light.STEADY: {0.25}, Light.BRIGHT: {1.0}}


@pytest.mark.parametrize("light", [light for light in Light if light is not Light.DARK])
def test_a_light_is_seen_from_its_first_moment(light: Light) -> None:
    assert brightness(light, 0.0) >= 0.25


@pytest.mark.parametrize(
    ("light", "times_s", "levels"),
    [
        (Light.CALLING, (0.0, 0.49, 0.51, 0.99, 1.01), (1, 1, 0, 0, 1)),
        (Light.FLICKER, (0.0, 0.19, 0.21, 0.39, 0.41), (1, 1, 0, 0, 1)),
        (Light.DOUBLE_BLINK, (0.0, 0.14, 0.16, 0.34, 0.36, 0.49, 0.51, 2.49, 2.51), (1, 1, 0, 0, 1, 1, 0, 0, 1)),
        (Light.BREATH, (0.0, 1.0, 2.0, 3.0, 4.0), (0.6, 0.32, 0.04, 0.32, 0.6)),
    ],
)
def test_the_shapes_are_what_the_grammar_says(light: Light, times_s: tuple[float], levels: tuple[float]) -> None:
    assert [brightness(light, t_s) for t_s in times_s] == pytest.approx(levels)


@pytest.mark.parametrize("light", Light)
def test_a_page_can_mirror_the_shape(light: Light) -> None:
    keyframes = as_keyframes(light)
    offsets = [frame["offset"] for frame in keyframes]
    assert (offsets[0], offsets[-1]) == (0.0, 1.0)
    assert offsets == sorted(offsets)
    for frame, following in itertools.pairwise(keyframes):
        if frame["offset"] < following["offset"]:
            halfway_s = (frame["offset"] + following["offset"]) / 2 * SHAPES[light].period_s
            assert brightness(light, halfway_s) == pytest.approx((frame["opacity"] + following["opacity"]) / 2)


# --- the lamp ---


class FragilePin(MockPWMPin):  # type: ignore[misc]  # gpiozero has no types
    """A mock pin that may fail when its brightness is set."""

    is_broken = False

    def _set_state(self, value: float) -> None:
        if self.is_broken:
            raise OSError(5, "Input/output error")
        super()._set_state(value)


class Lamp:
    """The indicators on a mock pin, and what they report."""

    def __init__(self) -> None:
        self.factory = MockFactory(pin_class=FragilePin)
        self.reports: queue.Queue[ev.Event] = queue.Queue()
        self.indicators = Indicators(BCM, self.factory)
        self.pin: FragilePin = self.factory.pin(BCM)

    def start(self) -> None:
        self.indicators.start(self.reports.put)

    def next(self) -> ev.Event:
        return self.reports.get(timeout=GENEROUS_S)


@pytest.fixture
def lamp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lamp]:
    monkeypatch.setattr(indicators, "RETRY_S", 0.05)
    lamp = Lamp()
    yield lamp
    lamp.pin.is_broken = False
    lamp.indicators.stop()


def test_it_starts_dark(lamp: Lamp) -> None:
    lamp.start()
    assert (lamp.pin.function, lamp.pin.state) == ("output", 0.0)


@pytest.mark.parametrize("light", Light)
def test_a_light_is_shown_before_perform_returns(lamp: Lamp, light: Light) -> None:
    """From every other light."""
    lamp.start()
    for other in Light:
        lamp.indicators.perform(Indicate(other))
        with lamp.indicators._turn:  # the thread cannot have done it
            lamp.indicators.perform(Indicate(light))
            assert lamp.pin.state == brightness(light, 0.0)


@pytest.mark.parametrize("light", [light for light in Light if light not in CONSTANT])
def test_a_shape_goes_on_by_itself(lamp: Lamp, light: Light) -> None:
    lamp.start()
    lamp.indicators.perform(Indicate(light))
    lamp.pin.clear_states()
    until(lambda: len(lamp.pin.states) > 2, "two changes of the light")
    levels = [state.state for state in lamp.pin.states]
    frames = [frame.level for frame in SHAPES[light].keyframes]
    assert min(frames) <= min(levels) < max(levels) <= max(frames)
    assert all(before != after for before, after in itertools.pairwise(levels))


def test_a_constant_light_is_set_once(lamp: Lamp) -> None:
    lamp.start()
    lamp.indicators.perform(Indicate(Light.CALLING))
    lamp.indicators.perform(Indicate(Light.STEADY))
    lamp.pin.clear_states()
    lamp.indicators.perform(Indicate(Light.STEADY))
    assert [state.state for state in lamp.pin.states] == [0.25]


def test_it_is_dark_after_stop(lamp: Lamp) -> None:
    lamp.indicators.stop()
    lamp.start()
    lamp.indicators.perform(Indicate(Light.BRIGHT))
    lamp.indicators.stop()
    lamp.indicators.stop()
    assert lamp.pin.state == 0.0
    assert lamp.pin.function == "input"


def test_it_performs_nothing_but_indicate(lamp: Lamp) -> None:
    assert lamp.indicators.performs == (Indicate,)
    with pytest.raises(TypeError, match="Speak"):
        lamp.indicators.perform(Speak(Prompt.READY))


# --- what fails ---


def test_a_pin_that_another_has_is_told_and_taken_when_it_is_free(lamp: Lamp) -> None:
    other = Indicators(BCM, lamp.factory)
    other.start(lamp.reports.put)
    with pytest.raises(PermanentAdapterError, match=r"light on GPIO 12: GPIOPinInUse.*hardware/pins\.csv"):
        lamp.start()
    with pytest.raises(PermanentAdapterError, match="GPIO 12"):
        lamp.indicators.perform(Indicate(Light.STEADY))
    other.stop()
    assert lamp.next() == ev.AdapterRecovered("indicators")
    assert lamp.pin.state == 0.25


def test_a_pin_that_cannot_be_dimmed_is_told() -> None:
    lamp = Indicators(BCM, MockFactory(pin_class=MockPin))
    with pytest.raises(PermanentAdapterError, match="PinPWMUnsupported"):
        lamp.start(lambda _: None)
    lamp.stop()


def test_a_lamp_that_fails_when_told_says_so_and_shines_later(lamp: Lamp) -> None:
    lamp.start()
    lamp.pin.is_broken = True
    with pytest.raises(PermanentAdapterError, match="GPIO 12: OSError"):
        lamp.indicators.perform(Indicate(Light.BRIGHT))
    assert lamp.reports.empty()  # the loop tells of it, by the error
    lamp.pin.is_broken = False
    assert lamp.next() == ev.AdapterRecovered("indicators")
    assert lamp.pin.state == 1.0


def test_a_lamp_that_fails_while_it_shines_is_told_once(lamp: Lamp) -> None:
    lamp.start()
    lamp.indicators.perform(Indicate(Light.BREATH))
    lamp.pin.is_broken = True
    failed = lamp.next()
    assert isinstance(failed, ev.AdapterFailed)
    assert (failed.adapter, failed.effect, failed.lasting) == ("indicators", "Indicate", True)
    assert "OSError" in failed.reason
    lamp.pin.is_broken = False
    assert lamp.next() == ev.AdapterRecovered("indicators")
    until(lambda: lamp.pin.state > 0.0, "light again")
    assert lamp.reports.empty()


def test_a_lamp_that_cannot_be_closed_does_not_stop_the_stop(lamp: Lamp, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(5, "Input/output error")

    lamp.start()
    monkeypatch.setattr(lamp.pin, "close", refuse)
    lamp.indicators.stop()


# --- the library's factory ---


def test_an_unknown_factory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "steam")
    lamp = Indicators(BCM)
    with pytest.raises(PermanentAdapterError, match=r"pin factory 'steam' cannot be opened"):
        lamp.start(lambda _: None)
    lamp.stop()


def test_the_factory_is_lgpio_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[str] = []

    def note() -> None:
        named.append(os.environ["GPIOZERO_PIN_FACTORY"])
        Device.pin_factory = MockFactory(pin_class=MockPWMPin)

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setattr(Device, "ensure_pin_factory", note)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "")  # so that it is put back
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY")
    lamp = Indicators(BCM)
    lamp.start(lambda _: None)
    lamp.stop()
    assert named == ["lgpio"]
