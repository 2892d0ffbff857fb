"""The broker's files, which only the broker and the centre can read.

Rules: a file is written whole or not at all. The broker reads them again at every reload, so they are the broker's own
even where the centre is root; but it cannot put others in their place.
"""

import hashlib
import os
import pwd
import shutil
import ssl
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.mosquitto.settings import ServerCertificate
from hub.ports import PermanentAdapterError

NAME = "mosquitto"
RUNTIME = Path("/run")
"""Only root writes here, and everybody may pass."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the broker runs as."""

    name: str
    uid: int
    gid: int


def account_for(user: str) -> Account | None:
    """Return whom the broker runs as, None for the centre's own account. Raises PermanentAdapterError."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise PermanentAdapterError(
            f"the broker is to run as {user!r}, and there is no such user; create it (the package mosquitto brings "
            "one of that name), name another, or run the centre without root's rights"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


class Folder:
    """A folder of the broker's own."""

    def __init__(self, directory: Path, account: Account | None) -> None:
        """Make it in `directory`, or where that is out of the account's reach, where root keeps what it runs with.

        Raises:
            PermanentAdapterError: no folder can be made.
        """
        self._account = account
        self._is_temporary = False
        self.path = directory.absolute() / NAME
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if account is not None and not _can_be_entered(self.path.parent):
                self.path = _within_reach(directory)
                self._is_temporary = True
            self.path.mkdir(exist_ok=True)
            if account is not None:
                os.chown(self.path, 0, account.gid)
            self.path.chmod(0o700 if account is None else 0o710)
        except OSError as error:
            raise PermanentAdapterError(f"the broker's folder {self.path} cannot be made: {error}") from None

    def write(self, name: str, content: str | bytes) -> None:
        """Put a file in its place at once. Raises PermanentAdapterError."""
        path = self.path / name
        draft = self.path / f".{name}.new"
        try:
            draft.unlink(missing_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            if self._account is not None:
                os.chown(draft, self._account.uid, self._account.gid)
            draft.replace(path)
        except OSError as error:
            raise PermanentAdapterError(f"the broker's file {path} cannot be written: {error}") from None

    def copy(self, certificate: ServerCertificate, cert_name: str, key_name: str) -> None:
        """Take certificate and key over, as they are now. Raises PermanentAdapterError where they do not work."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
                certificate.cert_file, certificate.key_file, password=_no_passphrase
            )
            cert, key = certificate.cert_file.read_bytes(), certificate.key_file.read_bytes()
        except (OSError, ValueError) as error:
            raise PermanentAdapterError(
                f"certificate {certificate.cert_file} with key {certificate.key_file} cannot be used: {error}"
            ) from None
        self.write(cert_name, cert)
        self.write(key_name, key)

    def discard(self) -> None:
        """Remove it where it was temporary."""
        if self._is_temporary:
            with suppress(OSError):
                shutil.rmtree(self.path)


def _can_be_entered(directory: Path) -> bool:
    """Tell whether everybody may pass through `directory` and all above it."""
    return all(path.stat().st_mode & stat.S_IXOTH for path in (directory, *directory.parents))


def _within_reach(directory: Path) -> Path:
    """Return a place that is always the same for `directory`, so that a killed centre leaves one folder, not many."""
    return RUNTIME / f"poga-{NAME}-{hashlib.sha256(bytes(directory.absolute())).hexdigest()[:12]}"


def _no_passphrase() -> str:
    raise ValueError("the key is locked with a passphrase, and nobody is there to type it")
