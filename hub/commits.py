"""What waits to be durable, and the receipts that wait with it.

Rules: what one event led to is kept whole, in order, or not at all; no receipt is given before the commit that holds
what it stands for. While the store fails, the broker may forget its messages all the same: the units repeat them until
they have their receipt. The store raises `AdapterError` for all that befalls it; anything else is a mistake in a
record, and where the store takes other records, that one is given up: it would hold back every receipt from then on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from device.wire.messages import MessageKey
from hub.core import events as ev
from hub.core.effects import Acknowledge, Effect, Save, SendReceipt
from hub.core.records import Record
from hub.ports import AdapterError, Store

log = logging.getLogger(__name__)

MOST_REFUSED = 8
"""When so many events in a row cannot be kept and none before them could, it is the store, and not they."""
STORE = "store"
RECORDS = "records"
"""What the incidents about the store, and about a record it refuses, are called."""

_Name = tuple[str, MessageKey]


@dataclass(slots=True)
class Act:
    """What one event led to: to be kept, then to be receipted, then everything else."""

    records: list[Record]
    receipts: list[SendReceipt]
    others: list[Effect]
    is_kept: bool = False
    """Nothing of it waits for the store, or was refused by it."""

    @classmethod
    def of(cls, effects: Sequence[Effect]) -> "Act":
        """Sort the effects of an event."""
        return cls(
            [effect.record for effect in effects if isinstance(effect, Save)],
            [effect for effect in effects if isinstance(effect, SendReceipt)],
            [effect for effect in effects if not isinstance(effect, Save | SendReceipt)],
        )


class Commits:
    """Everything that waits for the store."""

    def __init__(self, store: Store, report: Callable[[ev.Event], None]) -> None:
        """Take the store, and whom to tell when it fails and when it works again."""
        self._store = store
        self._report = report
        self._waiting: list[Act] = []
        self._held: dict[_Name, SendReceipt] = {}
        self._refused: set[_Name] = set()
        self._has_failed = False

    @property
    def are_waiting(self) -> bool:
        """Tell whether anything waits."""
        return bool(self._waiting)

    def take(self, acts: Sequence[Act]) -> list[Effect]:
        """Commit these acts after all that waits; return what may be said to units and broker now, in order."""
        self._waiting += [act for act in acts if act.records]
        is_durable = self._commit()
        for act in acts:
            act.is_kept = act.is_kept or not act.records
        receipts = [receipt for act in acts for receipt in act.receipts]
        if not is_durable:
            return [self._hold(receipt) for receipt in receipts]
        held, self._held = self._held, {}
        return [*held.values(), *map(self._give, receipts)]

    def _give(self, receipt: SendReceipt) -> Effect:
        return Acknowledge(receipt.token) if _name(receipt) in self._refused else receipt

    def _hold(self, receipt: SendReceipt) -> Effect:
        if _name(receipt) not in self._refused:
            self._held[_name(receipt)] = replace(receipt, token=0)
        return Acknowledge(receipt.token)

    def _commit(self) -> bool:
        """Commit what waits; return whether nothing waits any more."""
        try:
            if self._waiting:
                self._save(self._waiting)
        except AdapterError as error:
            log.error("%d events wait for the store: %s", len(self._waiting), error)
            self._note_failure(error)
        except Exception as error:  # whatever it is: the alarms in memory still reach the screens
            log.critical("%d events wait for the store", len(self._waiting), exc_info=True)
            if not self._commit_one_by_one():
                self._note_failure(error)
        else:
            self._waiting = []
        if not self._waiting and self._has_failed:
            self._has_failed = False
            self._report(ev.AdapterRecovered(STORE))
        return not self._waiting

    def _commit_one_by_one(self) -> bool:
        """Commit one act after the other, and give up those that are refused; return whether that is done."""
        refused: list[Act] = []
        first = len(self._waiting)
        for number, act in enumerate(self._waiting):
            try:
                self._save([act])
            except AdapterError:  # what stands behind one that may be kept after all is kept behind it once more
                self._waiting = self._waiting[min(first, number) :]
                return False
            except Exception:  # as above
                log.critical("the store refuses what one event led to", exc_info=True)
                refused.append(act)
                first = min(first, number)
                if len(refused) == number + 1 == min(MOST_REFUSED, len(self._waiting)):
                    return False  # it took nothing at all: who knows whose fault it is
        self._waiting = []
        for act in refused:
            self._give_up(act)
        return True

    def _save(self, acts: Sequence[Act]) -> None:
        self._store.save([record for act in acts for record in act.records])
        for act in acts:
            act.is_kept = True

    def _give_up(self, act: Act) -> None:
        """Let an act go, and never give a receipt for it."""
        for name in map(_name, act.receipts):
            self._refused.add(name)
            self._held.pop(name, None)
        kinds = ", ".join(type(record).__name__ for record in act.records)
        self._report(ev.AdapterFailed(RECORDS, "Save", f"the store refuses {kinds}: see the log"[:256], lasting=True))

    def _note_failure(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._report(ev.AdapterFailed(STORE, "Save", str(error)[:256], lasting=True))


def _name(receipt: SendReceipt) -> _Name:
    return receipt.unit_id, receipt.key
