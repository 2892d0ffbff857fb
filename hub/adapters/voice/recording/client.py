"""The centre's end of the line to the recorder, and all recordings that lie in its folder.

Rules: whatever becomes of the process, a recording that was opened is told to be closed, once, with what it holds; one
that a crash has left is ended at the next start. Names of recordings are file names: anything else is refused.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.voice.child import Child
from hub.adapters.voice.recording import messages as ms
from hub.adapters.voice.recording.keys import Keys
from hub.adapters.voice.recording.listening import Listening
from hub.adapters.voice.recording.writing import key_id_in, mend
from hub.ports import PermanentAdapterError, RecordedSound, RecordingLostError

log = logging.getLogger(__name__)

PROCESS = "hub.adapters.voice.recording"
SUFFIX = ".pogarec"
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that was closed; `problem` says why, where it was not in good order."""

    recording: str
    file: str
    seconds: float
    key_id: str
    problem: str = ""


class Archive:
    """The recordings in a folder: the `Recordings` of hub.ports."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        """Take the folder; it may not be there yet."""
        self.folder = folder
        self._keys = keys

    def path_of(self, recording: str) -> Path:
        """Return where a recording lies. Raises PermanentAdapterError."""
        if not _NAME.match(recording):
            raise PermanentAdapterError(f"{recording!r} cannot be a recording's name: letters, digits, - _ . only")
        return self.folder / f"{recording}{SUFFIX}"

    def open(self, file: str) -> RecordedSound:
        """Open a recording by the name of its file. Raises RecordingLostError."""
        return Listening(self._known(file), self._keys.find)

    def delete(self, file: str) -> None:
        """Remove a recording for ever. Raises RecordingLostError for what is no recording's name, OSError."""
        self._known(file).unlink(missing_ok=True)

    def told(self, recording: str, seconds: float, problem: str = "") -> Recorded:
        """Return what is to be told of a recording that was closed."""
        path = self.path_of(recording)
        try:
            key_id = key_id_in(path)
        except OSError as error:
            key_id, problem = "", problem or str(error)
        return Recorded(recording, path.name, seconds, key_id, problem)

    def mend_all(self) -> Iterator[Recorded]:
        """End what a crash has left; return what was not whole."""
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            try:
                seconds = mend(path, self._keys.find)
            except (OSError, RecordingLostError) as error:
                log.error("the recording %s cannot be ended: %s", path.name, error)
                continue
            if seconds is not None:
                yield self.told(path.name.removesuffix(SUFFIX), seconds)

    def mended(self, recording: str, problem: str) -> Recorded:
        """End one that a crash has left, and return what is to be told of it."""
        path = self.path_of(recording)
        try:
            mend(path, self._keys.find)
            listening = Listening(path, self._keys.find)
        except (OSError, RecordingLostError) as error:
            return self.told(recording, 0.0, f"{problem}; {error}")
        listening.close()
        return self.told(recording, listening.seconds, problem)

    def _known(self, file: str) -> Path:
        name = file.removesuffix(SUFFIX)
        if name == file or not _NAME.match(name):
            raise RecordingLostError(f"{file!r} is no recording's file")
        return self.path_of(name)


class Recorder:
    """Records, through a process that may be lost."""

    def __init__(
        self,
        archive: Archive,
        keys_folder: Path,
        report: Callable[[Recorded], None],
        is_back: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; `report`, and `is_back` at every start of the process, are called from the keeper's thread."""
        self._archive = archive
        self._report = report
        self._is_back = is_back
        settings = ms.Settings(keys=keys_folder).model_dump_json().encode()
        self._child = Child(PROCESS, settings, self._hear, self._lost)
        self._lock = threading.Lock()
        self._open: set[str] = set()
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Tell whether it can record."""
        return self._is_running

    @property
    def pid(self) -> int | None:
        """Return the process's number while there is one."""
        return self._child.pid

    def start(self) -> None:
        """Begin; returns at once. Raises PermanentAdapterError."""
        try:
            self._archive.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise PermanentAdapterError(f"{self._archive.folder} cannot be made: {error.strerror}") from error
        for recorded in self._archive.mend_all():
            self._report(recorded)
        self._child.start()

    def stop(self) -> None:
        """End every recording in good order, and the process. May be called twice."""
        self._child.stop()

    def open(self, recording: str, left: Path, right: Path) -> None:
        """Record what comes from two sockets of the engine; while the recorder is away, not at all: see `is_back`.

        Raises PermanentAdapterError.
        """
        command = ms.OpenRecording(recording=recording, file=self._archive.path_of(recording), left=left, right=right)
        with self._lock:
            if recording in self._open or not self._is_running:
                return
            self._open.add(recording)
        self._child.send(command.model_dump_json().encode())  # where it is lost, so is the recorder, which is told

    def close(self, recording: str) -> None:
        """End a recording; what it holds is reported."""
        with self._lock:
            is_open = recording in self._open
        if is_open:
            self._child.send(ms.CloseRecording(recording=recording).model_dump_json().encode())
        else:
            self._report(self._archive.mended(recording, "the recorder does not run"))

    # --- the keeper's thread ---

    def _hear(self, line: bytes) -> None:
        event = ms.EVENTS.validate_json(line)
        match event:
            case ms.Started():
                with self._lock:
                    self._is_running = True
                self._is_back()
            case ms.RecordingClosed():
                self._close(event.recording, lambda: self._archive.told(event.recording, event.seconds, event.problem))
            case ms.Alive():
                pass

    def _lost(self, reason: str) -> None:
        with self._lock:
            self._is_running = False
            recordings = sorted(self._open)
        for recording in recordings:
            self._close(recording, lambda: self._archive.mended(recording, f"the recorder is lost: {reason}"))  # noqa: B023

    def _close(self, recording: str, told: Callable[[], Recorded]) -> None:
        with self._lock:
            is_open = recording in self._open
            self._open.discard(recording)
        if is_open:
            self._report(told())
