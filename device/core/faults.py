"""What can be wrong with a unit: one table, and the set of what is wrong now.

A fault is reported once when it begins and once when it ends, however often it is noticed. Its subject tells two of a
kind apart (which trigger, which path).
"""

from dataclasses import dataclass
from enum import StrEnum

from device.wire.messages import Body, FaultRaised, FaultRestored
from device.wire.vocabulary import FaultCode, StatusCode


class Severity(StrEnum):
    """How soon somebody must look."""

    URGENT = "urgent"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One row: SCAIP's codes for begin and end, and how soon somebody must look."""

    begins: StatusCode
    ends: StatusCode
    severity: Severity


KINDS: dict[FaultCode, FaultKind] = {
    FaultCode.TRIGGER_HELD: FaultKind(StatusCode.FAILURE, StatusCode.NORMAL, Severity.URGENT),
    FaultCode.TRIGGER_LOST: FaultKind(StatusCode.FAILURE, StatusCode.NORMAL, Severity.URGENT),
    FaultCode.OUTBOX_BROKEN: FaultKind(StatusCode.MALFUNCTION, StatusCode.NORMAL, Severity.URGENT),
    FaultCode.MAINS_LOST: FaultKind(StatusCode.MAINS_FAILED, StatusCode.MAINS_RESTORED, Severity.NOTICE),
    FaultCode.BATTERY_LOW: FaultKind(StatusCode.BATTERY_LOW, StatusCode.BATTERY_OK, Severity.URGENT),
    FaultCode.CENTRE_LOST: FaultKind(StatusCode.OFFLINE, StatusCode.ONLINE, Severity.URGENT),
    FaultCode.PATH_LOST: FaultKind(StatusCode.IP_LOST, StatusCode.IP_RESTORED, Severity.URGENT),
    FaultCode.SOUND_LOST: FaultKind(StatusCode.MALFUNCTION, StatusCode.NORMAL, Severity.URGENT),
    FaultCode.LIGHT_LOST: FaultKind(StatusCode.MALFUNCTION, StatusCode.NORMAL, Severity.NOTICE),
    FaultCode.VOICE_LOST: FaultKind(StatusCode.MALFUNCTION, StatusCode.NORMAL, Severity.URGENT),
    FaultCode.SOUND_WEAK: FaultKind(StatusCode.MALFUNCTION, StatusCode.NORMAL, Severity.NOTICE),
    FaultCode.PROGRAM_FAULT: FaultKind(StatusCode.MALFUNCTION, StatusCode.NORMAL, Severity.URGENT),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault that is there now."""

    code: FaultCode
    subject: str = ""

    def __str__(self) -> str:
        """Return `code` or `code:subject`, as heartbeats carry it."""
        return f"{self.code}:{self.subject}" if self.subject else str(self.code)


class Faults:
    """The set of what is wrong now; answers with the message to send, if any."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self._present: set[Fault] = set()

    def present(self) -> tuple[Fault, ...]:
        """Return what is wrong now, in a settled order."""
        return tuple(sorted(self._present))

    def has(self, code: FaultCode) -> bool:
        """Tell whether any fault of this kind is there."""
        return any(fault.code is code for fault in self._present)

    def begin(self, code: FaultCode, subject: str = "", detail: str = "") -> list[Body]:
        """Note a fault; return its message where it is new."""
        fault = Fault(code, subject)
        if fault in self._present:
            return []
        self._present.add(fault)
        kind = KINDS[code]
        return [
            FaultRaised(
                fault=code,
                status_code=kind.begins,
                urgent=kind.severity is Severity.URGENT,
                subject=subject[:64],
                detail=detail[:256],
            )
        ]

    def end(self, code: FaultCode, subject: str = "") -> list[Body]:
        """Note that a fault is gone; return its message where it was there."""
        fault = Fault(code, subject)
        if fault not in self._present:
            return []
        self._present.discard(fault)
        return [FaultRestored(fault=code, status_code=KINDS[code].ends, subject=subject[:64])]
