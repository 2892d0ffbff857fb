"""What a unit shows, set beside what is so, at every heartbeat: words can be lost, a heartbeat comes again and again.

An order that never arrived, a restore that overtook its fault, a setting or an alarm that a restarted unit has
forgotten, a fault that was closed by hand and not mended, even an alarm whose own message does not get through: each is
noticed and set right here, whatever lost it.
"""

from device.wire import messages as wire
from device.wire.vocabulary import Rung
from hub.core import timings
from hub.core.caseload import Caseload
from hub.core.commands import Orders
from hub.core.effects import Effect
from hub.core.events import Beat
from hub.core.ingest import Ingest
from hub.core.moment import Moment
from hub.core.reading import EVENTS_LOST, Reader
from hub.core.records import Incident, IncidentKind
from hub.core.signals import Restored
from hub.core.supervision import Supervision


class Healing:
    """Compares each heartbeat with the truth."""

    def __init__(
        self, cases: Caseload, orders: Orders, ingest: Ingest, reader: Reader, supervision: Supervision
    ) -> None:
        """Take the parts that know what is so."""
        self._cases = cases
        self._orders = orders
        self._ingest = ingest
        self._reader = reader
        self._supervision = supervision
        self._strange_since_s: dict[str, tuple[wire.MessageKey, float]] = {}
        self._unmended_since_s: dict[str, dict[str, float]] = {}

    def compare(self, beat: Beat, now: Moment) -> list[Effect]:
        """Return what sets right whatever differs; a quiet unit costs next to nothing."""
        effects: list[Effect] = []
        has_cases = self._cases.has_any(beat.unit_id)
        if beat.alarm is not None:
            effects += self._alarm(beat.unit_id, beat.alarm, now)
        elif has_cases:
            effects += self._remind(beat.unit_id, now)
        if beat.alarm is None and beat.unit_id in self._strange_since_s:
            del self._strange_since_s[beat.unit_id]
        if has_cases or beat.faults or beat.unit_id in self._unmended_since_s:
            effects += self._faults(beat, now)
        heartbeat_s = self._supervision.heartbeat_s(beat.unit_id)
        if heartbeat_s not in (None, beat.interval_s) and not self._orders.has_waiting(beat.unit_id):
            order = wire.SetHeartbeat(interval_s=heartbeat_s)
            effects += self._orders.issue(beat.unit_id, order, 0, now)
        return effects

    def _alarm(self, unit_id: str, shown: wire.OpenAlarm, now: Moment) -> list[Effect]:
        if self._orders.has_waiting(unit_id):
            return []
        case = self._cases.find_alarm(unit_id, shown.alarm)
        if case is not None:
            order = _missing_word(case.incident, shown)
            return self._orders.issue(unit_id, order, case.incident.incident_id, now) if order else []
        if self._ingest.has_seen(unit_id, shown.alarm):
            return self._orders.issue(unit_id, wire.ResetAlarm(alarm=shown.alarm), 0, now)
        return self._strange(unit_id, shown.alarm, now)

    def _remind(self, unit_id: str, now: Moment) -> list[Effect]:
        """Tell a unit of its open alarm that it shows nothing of: it has lost its memory."""
        case = self._cases.find(IncidentKind.ALARM, unit_id)
        if case is None or not case.incident.alarms or self._orders.has_waiting(unit_id):
            return []
        word = wire.AnswerAlarm if case.incident.owner else wire.RequeueAlarm
        order = word(alarm=case.incident.alarms[-1])
        if self._orders.was_refused(unit_id, order):
            return []
        return self._orders.issue(unit_id, order, case.incident.incident_id, now)

    def _strange(self, unit_id: str, alarm: wire.MessageKey, now: Moment) -> list[Effect]:
        """Raise an alarm whose message has not come although its unit has shown it for a while."""
        known, since_s = self._strange_since_s.get(unit_id, (alarm, now.mono_s))
        if known != alarm:
            since_s = now.mono_s
        self._strange_since_s[unit_id] = (alarm, since_s)
        if now.mono_s - since_s < timings.STRANGE_ALARM_AFTER_S:
            return []
        return self._reader.alarm_by_heartbeat(unit_id, alarm, self._supervision.knows(unit_id), now)

    def _faults(self, beat: Beat, now: Moment) -> list[Effect]:
        """End faults that the unit does not have any more, though its word of it was lost or came too early.

        Raise those again that it has had all the time since somebody closed them.
        """
        effects: list[Effect] = []
        cases = self._cases.faults_of(beat.unit_id)
        for case in cases:
            is_old = now.mono_s - case.opened_mono_s > timings.FAULT_UNCONFIRMED_AFTER_S
            if is_old and case.incident.subject not in (*beat.faults, EVENTS_LOST):
                effects += self._cases.signal(case, Restored(), now)
        known = {case.incident.subject for case in cases}
        before = self._unmended_since_s.pop(beat.unit_id, {})
        unmended = {fault: before.get(fault, now.mono_s) for fault in beat.faults if fault not in known}
        if unmended:
            self._unmended_since_s[beat.unit_id] = unmended
        for fault, since_s in unmended.items():
            if now.mono_s - since_s >= timings.STILL_SO_AFTER_S:
                is_known_unit = self._supervision.knows(beat.unit_id)
                effects += self._reader.fault_by_heartbeat(beat.unit_id, fault, is_known_unit, now)
        return effects


def _missing_word(incident: Incident, shown: wire.OpenAlarm) -> wire.Order | None:
    """Return the order that brings what the unit shows to what is so; None where it shows the truth."""
    unit_says_answered = shown.rung is Rung.ANSWERED
    if incident.owner and not unit_says_answered:
        return wire.AnswerAlarm(alarm=shown.alarm)
    if not incident.owner and unit_says_answered:
        return wire.RequeueAlarm(alarm=shown.alarm)
    return None
