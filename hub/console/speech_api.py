"""Speaking, as JSON: a browser joins a call, and what an operator can do with the call of an incident.

The browser's WebRTC answer is the act of answering; every other act goes to the core and waits for its word, as in
`incidents_api`.
"""

import logging
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import Field, model_validator
from starlette.concurrency import run_in_threadpool

from device.wire.vocabulary import SpeechMode
from hub.console.answers import done
from hub.console.auth import SignedIn, Visitor, signed_in
from hub.console.call_views import IceServerOut
from hub.console.dialling import Dialled
from hub.console.languages import Language
from hub.console.parts import Parts, PartsOf
from hub.console.register import FormIn, Line, Lines, UnknownRecordError
from hub.console.views import View
from hub.console.wording import N_
from hub.core import speech_acts as act
from hub.core.call_records import Browser, Callee, Phone
from hub.ports import BrowserSpeech, SpeechRefusedError

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api", tags=["speech"], dependencies=[Depends(signed_in)])

LONGEST_OFFER = 32_000
Done = dict[str, bool]
Leg = Annotated[Line, Field(min_length=1, max_length=200)]
Reason = Annotated[Lines, Field(min_length=1, max_length=500)]


class OfferIn(FormIn):
    """A browser's SDP offer for a leg that rings it, with every candidate in it."""

    leg: Leg
    offer: str = Field(min_length=1, max_length=LONGEST_OFFER, pattern=r"^v=0\r?\n")


class AnswerOut(View):
    """The SDP answer."""

    answer: str


class LegIn(FormIn):
    """One leg."""

    leg: Leg


class WaysOut(View):
    """Whether a browser can speak here, and whom it asks for its ways to the centre."""

    has_voice: bool
    ice_servers: tuple[IceServerOut, ...] = ()


class SwitchIn(FormIn):
    """On or off."""

    is_on: bool


class ModeIn(FormIn):
    """Who hears whom."""

    mode: SpeechMode


class VolumeIn(FormIn):
    """How loud the room, or what comes from `leg`: 6 is as it comes."""

    volume: int = Field(ge=0, le=10)
    leg: Line = Field(default="", max_length=200)


class PartyIn(FormIn):
    """Whom to call: an operator, or a number; `name` is whose it is."""

    operator: Line = Field(default="", max_length=40)
    number: Dialled = ""
    name: Line = Field(default="", max_length=120)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.operator) == bool(self.number):
            raise ValueError(N_("Choose an operator, or write a number."))
        return self

    def address(self) -> Callee:
        """Return where it rings."""
        return Browser(self.operator) if self.operator else Phone(self.number, self.name)


class AnnouncementIn(FormIn):
    """What to read aloud in the room, and why: words, or the name of some in the library."""

    language: Language
    reason: Reason
    text: Lines = Field(default="", max_length=500)
    library: Line = Field(default="", max_length=80)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.text) == bool(self.library):
            raise ValueError(N_("Write what is to be said, or choose it from the library."))
        return self


class ReasonIn(FormIn):
    """Why somebody speaks into a room."""

    reason: Reason


class ReadyWordsOut(View):
    """Words of the library."""

    name: str
    language: str
    text: str


@router.get("/speech")
async def ways(parts: PartsOf) -> WaysOut:
    """Return how a browser gets to speak here."""
    if parts.speech is None:
        return WaysOut(has_voice=False)
    servers = await run_in_threadpool(parts.speech.ice_servers)
    return WaysOut(has_voice=True, ice_servers=tuple(map(IceServerOut.of, servers)))


@router.post("/speech/answer")
async def answer(offered: OfferIn, visitor: SignedIn, parts: PartsOf) -> AnswerOut:
    """Take the leg that rings this operator's browser: from now on it is their call."""
    speech = _speech(parts)
    try:
        found = await run_in_threadpool(speech.answer, offered.leg, visitor.operator.name, offered.offer)
    except SpeechRefusedError as error:
        log.warning("the browser of %s cannot take leg %s: %s", visitor.operator.name, offered.leg, error)
        raise
    return AnswerOut(answer=found)


@router.post("/speech/decline")
async def decline(refused: LegIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Refuse the leg that rings this operator's browser: the next one is rung at once."""
    await run_in_threadpool(_speech(parts).decline, refused.leg, visitor.operator.name)
    return {"ok": True}


@router.get("/announcements")
def announcements(parts: PartsOf) -> list[ReadyWordsOut]:
    """Return the library of announcements."""
    library = parts.reader.announcements()
    return [ReadyWordsOut(name=one.name, language=one.language, text=one.text) for one in library if one.is_active]


@router.post("/incidents/{incident_id}/speech/call-back")
async def call_back(incident_id: int, visitor: SignedIn, parts: PartsOf) -> Done:
    """Speak with the client, who has no call now."""
    return await _act(parts, visitor, incident_id, act.CallBack())


@router.post("/incidents/{incident_id}/speech/hang-up")
async def hang_up(incident_id: int, visitor: SignedIn, parts: PartsOf) -> Done:
    """End the call for everybody in it."""
    return await _act(parts, visitor, incident_id, act.HangUp())


@router.post("/incidents/{incident_id}/speech/mute")
async def mute(incident_id: int, switch: SwitchIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Let nobody hear me, or let them hear me again."""
    return await _act(parts, visitor, incident_id, act.Mute(switch.is_on))


@router.post("/incidents/{incident_id}/speech/mode")
async def set_mode(incident_id: int, wanted: ModeIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Let room and operator hear each other, or only one the other."""
    return await _act(parts, visitor, incident_id, act.SetMode(wanted.mode))


@router.post("/incidents/{incident_id}/speech/volume")
async def set_volume(incident_id: int, wanted: VolumeIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Make the room's loudspeaker, or one party, louder or softer."""
    return await _act(parts, visitor, incident_id, act.SetVolume(wanted.volume, wanted.leg))


@router.post("/incidents/{incident_id}/speech/hold")
async def hold(incident_id: int, switch: SwitchIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Let the client wait, or take the client back."""
    return await _act(parts, visitor, incident_id, act.Hold(switch.is_on))


@router.post("/incidents/{incident_id}/speech/transfer")
async def transfer(incident_id: int, party: PartyIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Give the call to somebody else."""
    return await _act(parts, visitor, incident_id, act.Transfer(party.address()))


@router.post("/incidents/{incident_id}/speech/add")
async def add(incident_id: int, party: PartyIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Call somebody else into the call; where there is none, one begins."""
    return await _act(parts, visitor, incident_id, act.Add(party.address()))


@router.post("/incidents/{incident_id}/speech/drop")
async def drop(incident_id: int, party: LegIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Let one party leave the call."""
    return await _act(parts, visitor, incident_id, act.Drop(party.leg))


@router.post("/incidents/{incident_id}/speech/announce")
async def announce(incident_id: int, words: AnnouncementIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Have words read aloud in the room."""
    text = words.text or await run_in_threadpool(_from_library, parts, words)
    wanted = act.Announce(text, words.language, words.reason, words.library)
    return await _act(parts, visitor, incident_id, wanted)


@router.post("/incidents/{incident_id}/speech/announce-live")
async def announce_live(incident_id: int, why: ReasonIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Speak through the room's loudspeaker; its microphone stays closed."""
    return await _act(parts, visitor, incident_id, act.AnnounceLive(why.reason))


async def _act(parts: Parts, visitor: Visitor, incident_id: int, wanted: act.SpeechAct) -> Done:
    return done(await parts.line.speak(visitor.operator.name, incident_id, wanted))


def _speech(parts: Parts) -> BrowserSpeech:
    if parts.speech is None:
        raise SpeechRefusedError("this centre has no voice")
    return parts.speech


def _from_library(parts: Parts, words: AnnouncementIn) -> str:
    for one in parts.reader.announcements():
        if one.is_active and (one.name, one.language) == (words.library, words.language):
            return one.text
    raise UnknownRecordError(f"the library has no {words.library!r} in {words.language}")
