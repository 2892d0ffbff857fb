"""The keys of recordings: one file each in a folder that only the centre may read, named by the key's id.

Rules: new recordings are sealed with the newest; older ones stay for what they sealed. To change keys, remove nothing:
ask for `make_new`. A recording whose key is removed is lost for ever.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from hub.adapters.voice.recording.sealed import KEY_BYTES, key_id_of
from hub.ports import PermanentAdapterError, RecordingLostError

_NAME = re.compile(r"^[0-9a-f]{16}$")
_OTHERS = 0o077


class Keys:
    """The keys in a folder."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it may not be there yet."""
        self._folder = folder

    def newest(self) -> bytes:
        """Return the key for what is recorded now; the first is made here. Raises PermanentAdapterError."""
        try:
            names = [path for path in self._folder.iterdir() if _NAME.match(path.name)]
            if not names:
                return self.make_new()
            return self._read(max(names, key=lambda path: (path.stat().st_mtime_ns, path.name)))
        except FileNotFoundError:
            return self.make_new()
        except OSError as error:
            raise PermanentAdapterError(f"the key in {self._folder} cannot be read: {error.strerror}") from error

    def find(self, key_id: bytes) -> bytes:
        """Return the key with this id. Raises RecordingLostError."""
        path = self._folder / key_id.hex()
        try:
            return self._read(path)
        except (OSError, PermanentAdapterError) as error:
            raise RecordingLostError(f"the key {path} cannot be used: {error}") from error

    def make_new(self) -> bytes:
        """Make a key, durably, that seals from now on. Raises PermanentAdapterError."""
        key = secrets.token_bytes(KEY_BYTES)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._folder / key_id_of(key).hex(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, key.hex().encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
            _sync(self._folder)
        except OSError as error:
            raise PermanentAdapterError(f"no key can be made in {self._folder}: {error.strerror}") from error
        return key

    def _read(self, path: Path) -> bytes:
        if path.stat().st_mode & _OTHERS:
            raise PermanentAdapterError(f"{path} can be read by others: chmod 600 {path}")
        key = b""
        with suppress(ValueError):
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(key) != KEY_BYTES or key_id_of(key).hex() != path.name:
            raise PermanentAdapterError(f"{path} is not the key that its name says; put the right one there")
        return key


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
