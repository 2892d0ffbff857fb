"""The telephone in the page, as a test looks at it and listens to it."""

from playwright.sync_api import Page, expect

from hub.core import events as ev
from tests.browser.seat import Seat
from tests.console_centre import Centre
from tests.waiting import until

PHONE = 'import(document.querySelector("script[type=module]").src.replace("page.js", "softphone.js"))'
"""The page's own telephone, as a promise of its script."""
PEAK = """({ currentHeadset }) => {
  const { analyser } = currentHeadset()?.meters.theirs ?? {};
  if (!analyser) return 0;
  const power = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(power);
  const loudest = power.indexOf(Math.max(...power));
  return power[loudest] < -60 ? 0 : (loudest * analyser.context.sampleRate) / analyser.fftSize;
}"""
"""The frequency of what the page plays, 0 where it plays nothing."""
NEAR_HZ = 60.0


def on_shift(centre: Centre, seat: Seat) -> Page:
    """Open the queue and start the shift; the centre knows that there is a microphone."""
    page = seat.open("/")
    seat.start_shift(page)
    until(lambda: seat.name in with_microphone(centre), "the centre knows of the microphone")
    return page


def speaks(page: Page) -> None:
    """Wait until the page says that one can speak."""
    expect(page.locator("#call-bar .standing")).to_have_text("You can speak")


def plays(page: Page, hertz: float) -> bool:
    """Tell whether the page plays a tone now."""
    return abs(float(page.evaluate(f"{PHONE}.then({PEAK})")) - hertz) < NEAR_HZ


def with_microphone(centre: Centre) -> frozenset[str]:
    """Return who can be spoken with, as the centre was told last."""
    told = [event for event in list(centre.heard) if isinstance(event, ev.ConsolesChanged)]
    return told[-1].speaking if told else frozenset()
