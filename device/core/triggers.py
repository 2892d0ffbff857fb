"""The triggers of a home as the core knows them: what each is called and how it asks for help."""

from dataclasses import dataclass

from device.wire.messages import AlarmRaised, TriggerInfo
from device.wire.vocabulary import DeviceType, LocationCode, StatusCode

CANCEL = "cancel"
"""What the cancel button is called among the triggers."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger. `pre_alarm_s` (0 to 30) is the time in which a press can be withdrawn; 0: none."""

    trigger_id: str
    name: str
    device_type: str = DeviceType.FIXED_TRIGGER
    location_code: str = LocationCode.UNKNOWN
    status_code: str = StatusCode.MANUAL_ALARM
    pre_alarm_s: float = 0.0

    def info(self) -> TriggerInfo:
        """Return the trigger as it is named on the wire."""
        return TriggerInfo(
            trigger_id=self.trigger_id[:64],
            name=self.name[:64],
            device_type=self.device_type,
            location_code=self.location_code,
        )


class Triggers:
    """All triggers by id. One that nobody configured still calls for help, under its id."""

    def __init__(self, triggers: tuple[Trigger, ...]) -> None:
        """Take the configured triggers. Raises ValueError where one could not go on the wire: now, not at the press."""
        for trigger in triggers:
            AlarmRaised(trigger=trigger.info(), status_code=trigger.status_code)
        self._by_id = {trigger.trigger_id: trigger for trigger in triggers}

    def get(self, trigger_id: str) -> Trigger:
        """Return the trigger, or a plain one of that id without pre-alarm."""
        return self._by_id.get(trigger_id) or Trigger(trigger_id, trigger_id, DeviceType.UNIT)
