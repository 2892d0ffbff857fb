"""What may be written about a home, its people and its unit, and how it gets kept.

Nobody overwrites what they have not seen: an edit names the version it was made from (`stamp_of`), and is refused when
somebody else was faster.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import astuple, replace
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from starlette.concurrency import run_in_threadpool

from device.wire.topics import is_unit_id
from hub.console.core_line import CoreLine
from hub.console.languages import Language
from hub.console.wording import N_
from hub.core.effects import Reply
from hub.core.records import Client, Premises, Record, Unit
from hub.ports import StoreReader

STAMP_LENGTH = 16
HEARTBEATS_MISSED = 2
"""A unit is not called silent before it could have missed this many heartbeats."""


def _cleaned(value: Any) -> Any:
    """Return a text with one kind of line ends and spaces, and none around it, whatever it was pasted from."""
    return value.replace("\r\n", "\n").replace("\u00a0", " ").strip() if isinstance(value, str) else value


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError(N_("There is a character in it that cannot be shown. Type it again."))
    return text


def _some_lines(text: str) -> str:
    _one_line(text.replace("\n", " ").replace("\t", " "))
    return text


def _known_form(text: str) -> str:
    if not is_unit_id(text):
        raise ValueError(N_("3 to 32 of a-z, 0-9 and -, as printed on the unit."))
    return text


def _dialled(text: str) -> str:
    if not set(text) <= set("+0123456789 ()-./"):
        raise ValueError(N_("A phone number has digits, spaces and + ( ) - . / only."))
    return text


Cleaned = Annotated[str, BeforeValidator(_cleaned)]
Line = Annotated[Cleaned, AfterValidator(_one_line)]
Lines = Annotated[Cleaned, AfterValidator(_some_lines)]
Phone = Annotated[Line, AfterValidator(_dialled)]
UnitId = Annotated[Cleaned, AfterValidator(_known_form)]


class FormIn(BaseModel):
    """What a person typed. A field that does not exist is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PremisesIn(FormIn):
    """A home."""

    address: Line = Field(min_length=1, max_length=200)
    key_location: Lines = Field(default="", max_length=500)
    notes: Lines = Field(default="", max_length=4000)


class ClientIn(FormIn):
    """A person."""

    name: Line = Field(min_length=1, max_length=120)
    phone: Phone = Field(default="", max_length=40)
    language: Language = Language.EN
    notes: Lines = Field(default="", max_length=4000)


class UnitIn(FormIn):
    """A unit's settings."""

    name: Line = Field(default="", max_length=64)
    reporting_time_s: float = Field(default=90, ge=20, le=90_000)
    heartbeat_s: float = Field(default=30, ge=5, le=3600)
    is_in_service: bool = True

    @model_validator(mode="after")
    def _heartbeats_fit(self) -> Self:
        if self.reporting_time_s < HEARTBEATS_MISSED * self.heartbeat_s:
            raise ValueError(N_("The reporting time must be at least twice the time between heartbeats."))
        return self


class ChangedMeanwhileError(Exception):
    """Somebody else has changed it since it was read."""


class UnknownRecordError(Exception):
    """There is no such home, person or unit."""


class TakenError(Exception):
    """There is one of this name already."""


class Register:
    """Keeps homes, people and units."""

    def __init__(self, reader: StoreReader, line: CoreLine, on_change: Callable[[], None]) -> None:
        """Take what is read, the line to the core, and who wants to know of a change."""
        self._reader = reader
        self._line = line
        self._on_change = on_change
        self._turn = asyncio.Lock()

    async def add_home(self, unit_id: str, unit: UnitIn, premises: PremisesIn, client: ClientIn | None) -> Reply:
        """Add a unit with its home. Raises TakenError where the register has the unit."""
        async with self._turn:
            if await run_in_threadpool(self._reader.home, unit_id) is not None:
                raise TakenError(unit_id)
            premises_id = await self._next_id("premises")
            records: list[Record] = [_premises(premises_id, premises), _unit(unit_id, premises_id, unit)]
            if client is not None:
                records.append(_client(await self._next_id("clients"), premises_id, client))
            return await self._keep(*records)

    async def edit_unit(self, unit_id: str, unit: UnitIn, premises_id: int | None, stamp: str | None) -> Reply:
        """Change a unit, or move it. Raises UnknownRecordError, ChangedMeanwhileError."""
        async with self._turn:
            home = await run_in_threadpool(self._reader.home, unit_id)
            _check(home.unit if home else None, stamp)
            if premises_id is not None and await run_in_threadpool(self._reader.premises, premises_id) is None:
                raise UnknownRecordError(f"premises {premises_id}")
            return await self._keep(_unit(unit_id, premises_id, unit))

    async def give_premises(self, unit_id: str, premises: PremisesIn) -> Reply:
        """Add a home for a unit that has none. Raises UnknownRecordError, ChangedMeanwhileError."""
        async with self._turn:
            home = await run_in_threadpool(self._reader.home, unit_id)
            if home is None:
                raise UnknownRecordError(unit_id)
            if home.premises is not None:
                raise ChangedMeanwhileError
            premises_id = await self._next_id("premises")
            return await self._keep(_premises(premises_id, premises), replace(home.unit, premises_id=premises_id))

    async def edit_premises(self, premises_id: int, premises: PremisesIn, stamp: str | None) -> Reply:
        """Change a home. Raises UnknownRecordError, ChangedMeanwhileError."""
        async with self._turn:
            _check(await run_in_threadpool(self._reader.premises, premises_id), stamp)
            return await self._keep(_premises(premises_id, premises))

    async def add_client(self, premises_id: int, client: ClientIn) -> Reply:
        """Add a person to a home. Raises UnknownRecordError."""
        async with self._turn:
            if await run_in_threadpool(self._reader.premises, premises_id) is None:
                raise UnknownRecordError(f"premises {premises_id}")
            return await self._keep(_client(await self._next_id("clients"), premises_id, client))

    async def edit_client(self, client_id: int, client: ClientIn, stamp: str | None) -> Reply:
        """Change a person. Raises UnknownRecordError, ChangedMeanwhileError."""
        async with self._turn:
            known = await run_in_threadpool(self._reader.client, client_id)
            _check(known, stamp)
            return await self._keep(_client(client_id, known.premises_id if known else 0, client))

    async def _keep(self, *records: Record) -> Reply:
        reply = await self._line.edit(*records)
        self._on_change()
        return reply

    async def _next_id(self, table: str) -> int:
        return await run_in_threadpool(self._reader.next_id, table)


def stamp_of(record: Record | None) -> str:
    """Return what names this version of a record."""
    fields = astuple(record) if record is not None else ()
    return hashlib.sha256(repr(fields).encode()).hexdigest()[:STAMP_LENGTH]


def _check(record: Record | None, stamp: str | None) -> None:
    if record is None:
        raise UnknownRecordError("it is not in the register")
    if stamp is not None and stamp != stamp_of(record):
        raise ChangedMeanwhileError


def _premises(premises_id: int, form: PremisesIn) -> Premises:
    return Premises(premises_id, form.address, form.key_location, form.notes)


def _client(client_id: int, premises_id: int, form: ClientIn) -> Client:
    return Client(client_id, premises_id, form.name, form.phone, str(form.language), form.notes)


def _unit(unit_id: str, premises_id: int | None, form: UnitIn) -> Unit:
    return Unit(unit_id, form.name, premises_id, form.reporting_time_s, form.heartbeat_s, form.is_in_service)
