"""The unit's voice and sound as it watches over them: what is lost, and the daily test whether the room can be heard.

Rules: a unit that has nobody to call says nothing of voice. The test is asked for only while nothing else sounds, a day
after the last one: whoever orders one chooses the hour of all that follow. What counts as weak is a chirp that does not
come back, or comes back much softer than the tests before did.
"""

from collections import deque
from statistics import median

from device.core import events as ev
from device.core import timings
from device.core.effects import Effect, TestSound
from device.core.faults import Faults
from device.core.moment import Moment
from device.core.readings import within
from device.core.transmission import Transmission
from device.wire.messages import Body, SoundTested
from device.wire.vocabulary import FaultCode, Urgency

SPEECH = "speech"
"""Tells the sound device of calls from the loudspeaker of the words."""


class Sound:
    """Everything the unit knows of its voice and its sound."""

    def __init__(self, mail: Transmission, faults: Faults, has_targets: bool) -> None:
        """Begin with nothing known; without anybody to call, nothing will be."""
        self._mail = mail
        self._faults = faults
        self._has_targets = has_targets
        self._is_idle = False
        self._has_voice = False
        self._has_sound = False
        self._reason = "the voice engine did not start"
        self._voice_fault_at_s: float | None = None
        self._voice_steady_at_s: float | None = None
        self._test_at_s: float | None = None
        self._test_overdue_at_s: float | None = None
        self._levels_db: deque[float] = deque(maxlen=timings.SOUND_TESTS_REMEMBERED)

    def begin(self, now: Moment) -> None:
        """Wait for the voice, where one is wanted."""
        if self._has_targets:
            self._voice_fault_at_s = now.mono_s + timings.VOICE_STARTS_WITHIN_S

    # --- the voice and its sound device ---

    def voice_started(self, now: Moment) -> None:
        """Believe in the voice when it has stood for a while."""
        self._has_voice = True
        self._voice_steady_at_s = now.mono_s + timings.VOICE_STEADY_AFTER_S

    def voice_lost(self, reason: str, now: Moment) -> None:
        """Report a voice that does not come back soon; a test that was going on is void."""
        self._has_voice, self._voice_steady_at_s, self._reason = False, None, reason
        if self._test_overdue_at_s is not None:
            self._test_at_s, self._test_overdue_at_s = now.mono_s, None
        if self._voice_fault_at_s is None and not self._faults.has(FaultCode.VOICE_LOST):
            self._voice_fault_at_s = now.mono_s + timings.VOICE_FAULT_AFTER_S

    def sound_lost(self, reason: str, now: Moment) -> list[Effect]:
        """Report a sound device that does not work."""
        self._has_sound = False
        return self._tell(self._faults.begin(FaultCode.SOUND_LOST, SPEECH, reason), now)

    def sound_found(self, now: Moment) -> list[Effect]:
        """Report a sound device that works again."""
        self._has_sound = True
        if self._test_at_s is None:
            self._test_at_s = now.mono_s + timings.SOUND_TEST_FIRST_S
        return self._tell(self._faults.end(FaultCode.SOUND_LOST, SPEECH), now)

    # --- the test ---

    def why_no_test(self) -> str:
        """Return why the sound cannot be tested now; empty where it can."""
        if not self._has_targets:
            return "this unit has no voice"
        if not self._has_voice or not self._has_sound:
            return "there is no sound now"
        return "" if self._is_idle else "something else sounds now"

    def test(self, now: Moment) -> list[Effect]:
        """Test the sound now."""
        self._test_at_s = now.mono_s + timings.SOUND_TEST_EVERY_S
        self._test_overdue_at_s = now.mono_s + timings.SOUND_TEST_WITHIN_S
        return [TestSound()]

    def idle_is(self, is_idle: bool, now: Moment) -> list[Effect]:
        """Note whether anything else sounds; do the test that is due where nothing does."""
        self._is_idle = is_idle
        is_due = self._test_at_s is not None and now.mono_s >= self._test_at_s
        return self.test(now) if is_due and not self.why_no_test() else []

    def tested(self, test: ev.SoundTest, now: Moment) -> list[Effect]:
        """Report how it came back, and how that has changed; where something else came between, test again later."""
        self._test_overdue_at_s = None
        if not self._is_idle:
            self._test_at_s = now.mono_s
            return []
        level_db = within(test.level_db)
        change_db = None if level_db is None or not self._levels_db else level_db - median(self._levels_db)
        is_weak = not test.is_heard or (change_db is not None and change_db <= -timings.SOUND_FALLS_DB)
        if level_db is not None and not is_weak:
            self._levels_db.append(level_db)
        body = SoundTested(
            is_heard=test.is_heard,
            level_db=level_db,
            delay_ms=within(test.delay_ms),
            lowest_hz=within(test.lowest_hz),
            highest_hz=within(test.highest_hz),
            change_db=None if change_db is None else round(change_db, 1),
            detail=test.detail[:256],
        )
        detail = test.detail or ("much softer than before" if test.is_heard else "nothing came back")
        return self._tell([body, *self._weak(is_weak, detail)], now)

    # --- time ---

    def next_deadline(self) -> float | None:
        """Return the earliest moment at which something is due."""
        candidates = [self._voice_fault_at_s, self._voice_steady_at_s, self._test_overdue_at_s]
        if not self.why_no_test():
            candidates.append(self._test_at_s)
        return min((at_s for at_s in candidates if at_s is not None), default=None)

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Do what is due; the test itself waits for `idle_is`."""
        bodies: list[Body] = []
        if self._voice_steady_at_s is not None and now.mono_s >= self._voice_steady_at_s:
            self._voice_steady_at_s = self._voice_fault_at_s = None
            bodies += self._faults.end(FaultCode.VOICE_LOST)
        if self._voice_fault_at_s is not None and now.mono_s >= self._voice_fault_at_s:
            self._voice_fault_at_s = None
            bodies += self._faults.begin(FaultCode.VOICE_LOST, detail=self._reason)
        if self._test_overdue_at_s is not None and now.mono_s >= self._test_overdue_at_s:
            self._test_overdue_at_s = None
            bodies += self._weak(True, "the test came to no end")
        return self._tell(bodies, now)

    def _weak(self, is_weak: bool, detail: str) -> list[Body]:
        if is_weak:
            return self._faults.begin(FaultCode.SOUND_WEAK, detail=detail)
        return self._faults.end(FaultCode.SOUND_WEAK)

    def _tell(self, bodies: list[Body], now: Moment) -> list[Effect]:
        return [effect for body in bodies for effect in self._mail.submit(body, Urgency.EVENT, now)]
