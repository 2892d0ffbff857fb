"""Recordings, to be listened to in the page: noted first, then given as sound, whole or in pieces."""

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from hub.console.answers import done
from hub.console.auth import SignedIn, Visitor, signed_in
from hub.console.listeners import NotYoursToHearError
from hub.console.parts import Parts, PartsOf
from hub.console.register import UnknownRecordError
from hub.core.call_records import Listening, Recording
from hub.ports import RecordedSound, RecordingLostError

router = APIRouter(prefix="/api/recordings/{recording_id}", tags=["speech"], dependencies=[Depends(signed_in)])

RecordingId = Annotated[str, Path(min_length=1, max_length=100)]
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


@router.post("/listenings", status_code=201)
async def listen(recording_id: RecordingId, visitor: SignedIn, parts: PartsOf) -> dict[str, bool]:
    """Note that this operator listens; the sound is theirs to hear from now on, for an hour."""
    await run_in_threadpool(_recording_for, parts, visitor, recording_id)
    now_s = parts.wall_s()
    answer = done(await parts.line.edit(Listening(recording_id, visitor.operator.name, now_s)))
    parts.listeners.note(visitor.session.token_hash, recording_id, now_s)
    return answer


@router.get("/sound", responses={200: {"content": {"audio/wav": {}}}, 206: {"content": {"audio/wav": {}}}})
def sound(request: Request, recording_id: RecordingId, visitor: SignedIn, parts: PartsOf) -> Response:
    """Return the sound: left the room, right everybody else."""
    recording = _recording_for(parts, visitor, recording_id)
    if not parts.listeners.is_noted(visitor.session.token_hash, recording_id, parts.wall_s()):
        raise NotYoursToHearError
    if parts.recordings is None:
        raise RecordingLostError("this centre has no voice")
    opened = parts.recordings.open(recording.file)
    return _sent(opened, request.headers.get("range", ""))


def may_hear(visitor: Visitor, owner: str) -> bool:
    """Tell whether somebody may listen to the recordings of an incident: administrators, and whoever has or had it."""
    return visitor.is_administrator or owner == visitor.operator.name


def _recording_for(parts: Parts, visitor: Visitor, recording_id: str) -> Recording:
    """Return a recording that can be heard. Raises UnknownRecordError, NotYoursToHearError, RecordingLostError."""
    recording = parts.reader.recording(recording_id)
    if recording is None:
        raise UnknownRecordError(f"recording {recording_id}")
    incident = parts.reader.incident(recording.incident_id)
    if not may_hear(visitor, incident.owner if incident else ""):
        raise NotYoursToHearError
    if recording.deleted_s is not None or not recording.file:
        raise RecordingLostError("it was deleted, or goes on still")
    return recording


def _sent(opened: RecordedSound, asked: str) -> Response:
    size = opened.size
    wanted = _RANGE.fullmatch(asked)
    first, end = (int(wanted[1]), int(wanted[2] or size - 1) + 1) if wanted else (0, size)
    headers = {"accept-ranges": "bytes"}
    if first >= size or first >= end:
        opened.close()
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    end = min(end, size)
    headers["content-length"] = str(end - first)
    if wanted:
        headers["content-range"] = f"bytes {first}-{end - 1}/{size}"
    return StreamingResponse(_pieces(opened, first, end), 206 if wanted else 200, headers, "audio/wav")


def _pieces(opened: RecordedSound, first: int, end: int) -> Iterator[bytes]:
    try:
        yield from opened.read(first, end)
    finally:
        opened.close()
