"""Who is who in calls: the language and organisation of a unit, operators' telephones, organisations' rules."""

from hub.core.call_records import Organisation, Phone
from hub.core.events import Snapshot
from hub.core.records import Client, Operator, Record, Unit

DEFAULT_LANGUAGE = "en"


class Directory:
    """What calls need of the register."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._units: dict[str, Unit] = {}
        self._languages: dict[int, dict[int, str]] = {}
        self._homes: dict[int, int] = {}
        self._operators: dict[str, Operator] = {}
        self._rules: dict[str, Organisation] = {}

    def begin(self, snapshot: Snapshot) -> None:
        """Take over what was kept."""
        known: tuple[tuple[Record, ...], ...] = (
            snapshot.units,
            snapshot.clients,
            snapshot.operators,
            snapshot.organisations,
        )
        for records in known:
            for record in records:
                self.take(record)

    def take(self, record: Record) -> None:
        """Take what is new or changed; what calls do not need is passed over."""
        match record:
            case Unit():
                self._units[record.unit_id] = record
            case Client():
                self._languages.get(self._homes.get(record.client_id, 0), {}).pop(record.client_id, None)
                self._homes[record.client_id] = record.premises_id
                self._languages.setdefault(record.premises_id, {})[record.client_id] = record.language
            case Operator():
                self._operators[record.name] = record
            case Organisation():
                self._rules[record.organisation] = record
            case _:
                pass

    def knows(self, unit_id: str) -> bool:
        """Tell whether the register has this unit."""
        return unit_id in self._units

    def language_of(self, unit_id: str) -> str:
        """Return the language of a unit's first client."""
        unit = self._units.get(unit_id)
        languages = self._languages.get(unit.premises_id or 0, {}) if unit else {}
        return languages[min(languages)] if languages else DEFAULT_LANGUAGE

    def organisation_of(self, unit_id: str) -> str:
        """Return whose rules hold for a unit."""
        unit = self._units.get(unit_id)
        return unit.organisation if unit else ""

    def rules(self, organisation: str) -> Organisation:
        """Return an organisation's rules."""
        return self._rules.get(organisation, Organisation(organisation))

    def phone_of(self, operator: str) -> Phone | None:
        """Return the telephone that is rung along with an operator's console."""
        known = self._operators.get(operator)
        return Phone(known.phone, operator, known.phone_is_sure) if known and known.is_active and known.phone else None
