"""What can be set about the console."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
EVERY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """Port 0 means: any free one. `public_url` is what browsers call the console where that is not host and port."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    centre_name: str = "Poga"
    trusted_proxies: tuple[str, ...] = ()
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    metrics_token: str = ""
    first_code_file: Path | None = None
    reply_within_s: float = 5.0
    session_s: float = 12 * 3600.0
    ping_s: float = 2.0
    alive_within_s: float = 15.0
    most_streams: int = 200
    most_connections: int = 300

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        if self.public_url:
            parts = urlsplit(self.public_url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
                raise ValueError(f"public_url is {self.public_url!r}: write it like https://console.example, no path")
        elif self.host in EVERY_ADDRESS:
            raise ValueError("the console is to listen on every address: set public_url to the one browsers call")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both or none")

    def origins(self, port: int) -> frozenset[str]:
        """Return the origins whose pages may ask the console for something, as browsers write them."""
        scheme = "https" if self.tls_certificate else "http"
        hosts = LOOPBACK if self.host in (*LOOPBACK, *EVERY_ADDRESS) else (self.host,)
        own = {_origin(scheme, host, port) for host in hosts}
        if self.public_url:
            parts = urlsplit(self.public_url)
            own.add(_origin(parts.scheme, parts.hostname or "", parts.port))
        return frozenset(own)

    @property
    def is_secure(self) -> bool:
        """Tell whether browsers reach the console by https."""
        return self.public_url.startswith("https:") or (not self.public_url and self.tls_certificate is not None)


def _origin(scheme: str, host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    is_usual = port is None or port == {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{name}" if is_usual else f"{scheme}://{name}:{port}"
