"""A certificate authority for tests, made by the openssl program."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate and its key lie."""

    cert: Path
    key: Path


class Authority:
    """Vouches for names; every authority has a key of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._own = Certificate(folder / f"{name}.crt", folder / f"{name}.key")
        _openssl(
            *("req", "-x509", "-days", "1", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-subj", f"/CN={name}", "-keyout", self._own.key, "-out", self._own.cert),
        )

    @property
    def cert(self) -> Path:
        return self._own.cert

    def issue(self, name: str, subject: str = "IP:127.0.0.1") -> Certificate:
        """Return a certificate for `subject`, in openssl's notation of alternative names."""
        issued = Certificate(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        request, extension = self._folder / f"{name}.csr", self._folder / f"{name}.ext"
        extension.write_text(f"subjectAltName={subject}\n")
        _openssl(
            *("req", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-subj", f"/CN={name}", "-keyout", issued.key, "-out", request),
        )
        _openssl(
            *("x509", "-req", "-days", "1", "-in", request, "-extfile", extension, "-out", issued.cert),
            *("-CA", self._own.cert, "-CAkey", self._own.key, "-CAcreateserial"),
        )
        return issued

    @classmethod
    def make(cls, folder: Path, name: str) -> Self:
        """Return a new authority with a folder of its own."""
        own = folder / name
        own.mkdir()
        return cls(own, name)


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
