"""Call lists, the rule of recording and the library as JSON, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from hub.console.answers import done
from hub.console.auth import administrator
from hub.console.call_book import CallListIn, ReadyWordsIn, RecordingRuleIn, WordsName
from hub.console.languages import Language
from hub.console.parts import PartsOf
from hub.console.register import stamp_of
from hub.console.views import View
from hub.core.call_records import AfterCycle, CallList, CallOrder, MemberKind

router = APIRouter(prefix="/api", tags=["calls"], dependencies=[Depends(administrator)])

Done = dict[str, bool]


class MemberOut(View):
    """Somebody on a list."""

    kind: MemberKind
    name: str
    number: str
    is_sure: bool


class HoursOut(View):
    """When a list is used; 0 is Monday, minutes are of the day."""

    days: tuple[int, ...]
    from_minute: int
    to_minute: int


class CallListOut(View):
    """A call list; `stamp` names this version."""

    list_id: int
    stamp: str
    name: str
    members: tuple[MemberOut, ...]
    place: int
    order: CallOrder
    ring_s: int
    after: AfterCycle
    is_escalation: bool
    languages: tuple[str, ...]
    hours: tuple[HoursOut, ...]
    is_active: bool

    @classmethod
    def of(cls, one: CallList) -> "CallListOut":
        """Return a list as browsers see it."""
        members = (MemberOut(kind=m.kind, name=m.name, number=m.number, is_sure=m.is_sure) for m in one.members)
        hours = (HoursOut(days=h.days, from_minute=h.from_minute, to_minute=h.to_minute) for h in one.hours)
        return cls(
            list_id=one.list_id,
            stamp=stamp_of(one),
            name=one.name,
            members=tuple(members),
            place=one.place,
            order=one.order,
            ring_s=one.ring_s,
            after=one.after,
            is_escalation=one.is_escalation,
            languages=one.languages,
            hours=tuple(hours),
            is_active=one.is_active,
        )


class CallListEdit(CallListIn):
    """A changed list; `stamp` names the version it was made from."""

    stamp: str | None = None


class RuleOut(View):
    """What is recorded, and for how long it is kept."""

    records_calls: bool
    recordings_kept_days: int


@router.get("/call-lists")
def call_lists(parts: PartsOf) -> list[CallListOut]:
    """Return every list in the order in which they are tried; those of the escalation last."""
    return [CallListOut.of(one) for one in parts.reader.call_lists()]


@router.post("/call-lists", status_code=201)
async def add_list(form: CallListIn, parts: PartsOf) -> Done:
    """Add a list."""
    return done(await parts.call_book.add_list(form))


@router.put("/call-lists/{list_id}")
async def edit_list(list_id: int, form: CallListEdit, parts: PartsOf) -> Done:
    """Change a list."""
    return done(await parts.call_book.edit_list(list_id, form, form.stamp))


@router.get("/recording-rule")
def rule(parts: PartsOf) -> RuleOut:
    """Return what is recorded."""
    found = parts.reader.organisation()
    return RuleOut(records_calls=found.records_calls, recordings_kept_days=found.recordings_kept_days)


@router.put("/recording-rule")
async def set_rule(form: RecordingRuleIn, parts: PartsOf) -> Done:
    """Change what is recorded."""
    return done(await parts.call_book.set_rule(form))


@router.put("/announcements/{name}")
async def set_words(name: Annotated[WordsName, Path()], texts: dict[Language, ReadyWordsIn], parts: PartsOf) -> Done:
    """Let an announcement have exactly these words, by language; without any it is out of the library."""
    return done(await parts.call_book.set_words(name, {language: words.text for language, words in texts.items()}))
