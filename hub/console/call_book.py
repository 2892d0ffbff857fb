"""What may be written about calls: the lists they are offered to, what is recorded, the library of announcements.

As in `register`, nobody overwrites what they have not seen. A list or an announcement that is not wanted any more is
put aside, never deleted: what happened by it stays understandable.
"""

import asyncio
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from starlette.concurrency import run_in_threadpool

from hub.console.core_line import CoreLine
from hub.console.dialling import Dialled
from hub.console.languages import Language
from hub.console.register import ChangedMeanwhileError, FormIn, Line, Lines, TakenError, UnknownRecordError, stamp_of
from hub.console.wording import N_
from hub.core.call_records import (
    MOST_MEMBERS,
    RING_TIMES_S,
    AfterCycle,
    Announcement,
    CallList,
    CallOrder,
    Hours,
    Member,
    MemberKind,
    Organisation,
)
from hub.core.effects import Reply
from hub.ports import StoreReader

MOST_HOURS = 7
MINUTES_OF_AN_HOUR = 60
LAST_DAY = 6


def _minute(value: object) -> object:
    """Return the minute of the day that `HH:MM` names; everything else as it is."""
    if isinstance(value, str) and value.count(":") == 1:
        hours, _, minutes = value.partition(":")
        if hours.isdigit() and minutes.isdigit() and int(minutes) < MINUTES_OF_AN_HOUR:
            return int(hours) * MINUTES_OF_AN_HOUR + int(minutes)
    return value


def _may_ring(seconds: int) -> int:
    if seconds not in RING_TIMES_S:
        raise ValueError(N_("Choose 10, 20 or 30 seconds."))
    return seconds


Minute = Annotated[int, BeforeValidator(_minute), Field(ge=0, lt=24 * MINUTES_OF_AN_HOUR)]
Day = Annotated[int, Field(ge=0, le=LAST_DAY)]


class MemberIn(FormIn):
    """Somebody on a list: an operator, or the telephone of `name`."""

    kind: MemberKind
    name: Line = Field(min_length=1, max_length=80)
    number: Dialled = ""
    is_sure: bool = False

    @model_validator(mode="after")
    def _can_be_rung(self) -> Self:
        if self.kind is MemberKind.PHONE and not self.number:
            raise ValueError(N_("A telephone needs its number."))
        if self.kind is MemberKind.OPERATOR and self.number:
            raise ValueError(N_("An operator's number stands with the operators."))
        return self


class HoursIn(FormIn):
    """On which days (0 is Monday), from when to when; an end that is not later is on the next day."""

    days: tuple[Day, ...] = Field(min_length=1, max_length=7)
    from_minute: Minute
    to_minute: Minute


class CallListIn(FormIn):
    """A call list."""

    name: Line = Field(min_length=1, max_length=60)
    members: tuple[MemberIn, ...] = Field(min_length=1, max_length=MOST_MEMBERS)
    place: int = Field(default=1, ge=0, le=99)
    order: CallOrder = CallOrder.FIXED
    ring_s: Annotated[int, AfterValidator(_may_ring)] = 20
    after: AfterCycle = AfterCycle.GO_ON
    is_escalation: bool = False
    languages: tuple[Language, ...] = Field(default=(), max_length=len(Language))
    hours: tuple[HoursIn, ...] = Field(default=(), max_length=MOST_HOURS)
    is_active: bool = True


class RecordingRuleIn(FormIn):
    """Whether calls are recorded, and for how long that is kept."""

    records_calls: bool
    recordings_kept_days: int = Field(default=90, ge=1, le=3650)


class ReadyWordsIn(FormIn):
    """Words of the library in one language."""

    text: Lines = Field(min_length=1, max_length=500)


WordsName = Annotated[Line, Field(min_length=1, max_length=80)]


class CallBook:
    """Keeps call lists, the rule of recording and the library."""

    def __init__(self, reader: StoreReader, line: CoreLine) -> None:
        """Take what is read, and the line to the core."""
        self._reader = reader
        self._line = line
        self._turn = asyncio.Lock()

    async def add_list(self, form: CallListIn) -> Reply:
        """Add a call list. Raises TakenError."""
        async with self._turn:
            await self._check_name(form.name)
            return await self._line.edit(_list(await run_in_threadpool(self._reader.next_id, "call_lists"), form))

    async def edit_list(self, list_id: int, form: CallListIn, stamp: str | None) -> Reply:
        """Change a call list. Raises UnknownRecordError, ChangedMeanwhileError, TakenError."""
        async with self._turn:
            everything = await run_in_threadpool(self._reader.call_lists)
            known = next((one for one in everything if one.list_id == list_id), None)
            if known is None:
                raise UnknownRecordError(f"call list {list_id}")
            if stamp is not None and stamp != stamp_of(known):
                raise ChangedMeanwhileError
            await self._check_name(form.name, list_id)
            return await self._line.edit(_list(list_id, form))

    async def set_rule(self, form: RecordingRuleIn) -> Reply:
        """Change what is recorded."""
        async with self._turn:
            known = await run_in_threadpool(self._reader.organisation)
            kept = Organisation(known.organisation, known.name, form.records_calls, form.recordings_kept_days)
            return await self._line.edit(kept)

    async def set_words(self, name: str, texts: dict[Language, str]) -> Reply:
        """Let an announcement have exactly these words, by language; without any it is out of the library."""
        async with self._turn:
            library = await run_in_threadpool(self._reader.announcements)
            known = {one.language: one for one in library if one.name == name}
            kept = [Announcement(name, str(language), text) for language, text in texts.items()]
            gone = [
                Announcement(name, language, one.text, is_active=False)
                for language, one in known.items()
                if language not in texts
            ]
            return await self._line.edit(*kept, *gone)

    async def _check_name(self, name: str, own_id: int = 0) -> None:
        everything = await run_in_threadpool(self._reader.call_lists)
        if any(one.name.casefold() == name.casefold() and one.list_id != own_id for one in everything):
            raise TakenError(name)


def _list(list_id: int, form: CallListIn) -> CallList:
    return CallList(
        list_id,
        form.name,
        tuple(Member(one.kind, one.name, one.number, one.is_sure) for one in form.members),
        place=form.place,
        order=form.order,
        ring_s=form.ring_s,
        after=form.after,
        is_escalation=form.is_escalation,
        languages=tuple(map(str, form.languages)),
        hours=tuple(Hours(one.days, one.from_minute, one.to_minute) for one in form.hours),
        is_active=form.is_active,
    )
