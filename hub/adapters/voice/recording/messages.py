"""What the centre and its recorder say to each other: one JSON object a line."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, TypeAdapter

from device.voice.messages import Model


class Settings(Model):
    """`keys` is the folder of the keys."""

    keys: Path


class OpenRecording(Model):
    """Write what comes from the engine's sockets `left` and `right` to `file`, after all that it holds already."""

    kind: Literal["open_recording"] = "open_recording"
    recording: str
    file: Path
    left: Path
    right: Path


class CloseRecording(Model):
    """End a recording in good order."""

    kind: Literal["close_recording"] = "close_recording"
    recording: str


Command = OpenRecording | CloseRecording


class Started(Model):
    """It runs."""

    kind: Literal["started"] = "started"


class Alive(Model):
    """Said every second."""

    kind: Literal["alive"] = "alive"
    recordings: int


class RecordingClosed(Model):
    """A recording has ended; where it could not be written (any more), `problem` says why."""

    kind: Literal["recording_closed"] = "recording_closed"
    recording: str
    seconds: float
    problem: str = ""


Event = Started | Alive | RecordingClosed

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Discriminator("kind")])
EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Discriminator("kind")])
