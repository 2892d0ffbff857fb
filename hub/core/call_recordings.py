"""Recordings: which calls are recorded, and when a recording is deleted.

Rules: an incident has one recording, which goes on where its next call begins. Its name is never another's, not even
where a restored store gives the numbers of incidents again. It is known to the store before its first sound is kept. It
is deleted when its time is over, and asked to be again until it is gone.
"""

from dataclasses import replace

from hub.core import timings
from hub.core.call_events import RecordingDeleted, RecordingEnded
from hub.core.call_records import Recording
from hub.core.directory import Directory
from hub.core.effects import DeleteRecording, Effect, RecordCall, Save
from hub.core.moment import NEVER, Moment

DAY_S = 86_400.0


class Recordings:
    """The recordings that are not deleted."""

    def __init__(self, directory: Directory) -> None:
        """Begin with none."""
        self._directory = directory
        self._kept: dict[str, Recording] = {}
        self._of_incident: dict[int, str] = {}
        self._look_due_s = NEVER

    def begin(self, recordings: tuple[Recording, ...], now: Moment) -> None:
        """Take over what was kept."""
        self._kept = {one.recording_id: one for one in recordings}
        self._of_incident = {one.incident_id: one.recording_id for one in recordings}
        self._look_due_s = now.mono_s + timings.RECORDINGS_LOOKED_AT_EVERY_S if self._kept else NEVER

    def start(
        self, conversation: int, incident_id: int, organisation: str, unit_leg: str, now: Moment
    ) -> tuple[str, list[Effect]]:
        """Record a call; return the recording's name, and what is to be done."""
        recording_id = self._of_incident.setdefault(incident_id, f"{incident_id}-{int(now.wall_s)}")
        known = self._kept.get(recording_id) or Recording(recording_id, incident_id, now.wall_s, 0.0, organisation)
        self._kept[recording_id] = replace(known, keep_until_s=self._keep_until_s(organisation, now))
        self._look_due_s = min(self._look_due_s, now.mono_s + timings.RECORDINGS_LOOKED_AT_EVERY_S)
        record = RecordCall(conversation, recording_id, incident_id, unit_leg)
        return recording_id, [Save(self._kept[recording_id]), record]

    def ended(self, event: RecordingEnded, now: Moment) -> list[Effect]:
        """Keep where a recording is, and how long."""
        known = self._kept.get(event.recording_id)
        if known is None:
            return []
        self._kept[event.recording_id] = replace(
            known,
            file=event.file,
            seconds=event.seconds,
            key_id=event.key_id,
            keep_until_s=self._keep_until_s(known.organisation, now),
        )
        return [Save(self._kept[event.recording_id])]

    def deleted(self, event: RecordingDeleted, now: Moment) -> list[Effect]:
        """Note that one is gone."""
        known = self._kept.pop(event.recording_id, None)
        if known is None:
            return []
        self._of_incident.pop(known.incident_id, None)
        return [Save(replace(known, deleted_s=now.wall_s))]

    def next_deadline(self) -> float:
        """Return when it is looked through for what is to be deleted."""
        return self._look_due_s

    def due(self, now: Moment) -> list[Effect]:
        """Delete what has been kept for long enough."""
        if now.mono_s < self._look_due_s:
            return []
        self._look_due_s = now.mono_s + timings.RECORDINGS_LOOKED_AT_EVERY_S if self._kept else NEVER
        return [
            DeleteRecording(one.recording_id, one.file) for one in self._kept.values() if one.keep_until_s <= now.wall_s
        ]

    def _keep_until_s(self, organisation: str, now: Moment) -> float:
        return now.wall_s + self._directory.rules(organisation).recordings_kept_days * DAY_S
