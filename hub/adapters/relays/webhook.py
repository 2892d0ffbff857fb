"""A way out by HTTP: the notice as JSON, by POST.

Rules: 2xx alone is a yes. What may pass (no answer, 408, 425, 429, 5xx) is worth another try; any other answer is not,
a redirect included: followed, it would become a GET that tells nothing. The name shows the host, never the path, where
tokens stand.
"""

from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from hub.adapters.relays.notice import Notice
from hub.ports import PermanentAdapterError, TransientAdapterError

TIMEOUT_S = 10.0
MAY_PASS = frozenset({408, 425, 429})
SERVER_ERROR = 500


class _NoRedirect(HTTPRedirectHandler):
    """Leaves a redirect an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Webhook:
    """An address that takes a POST."""

    def __init__(self, address: str) -> None:
        """Take an address. Raises ValueError where it is not one of HTTP."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a webhook's address begins with http:// or https:// and names a host")
        self.name = f"webhook {parts.hostname}"
        self._address = address
        self._opener = build_opener(_NoRedirect)

    def tell(self, notice: Notice) -> None:
        """Post the notice. Raises AdapterError."""
        headers = {"Content-Type": "application/json", "User-Agent": "poga-hub", "Idempotency-Key": notice.notice_id}
        request = Request(self._address, notice.as_json(), headers, method="POST")  # noqa: S310 - http(s), see __init__
        try:
            with self._opener.open(request, timeout=TIMEOUT_S):
                pass
        except HTTPError as error:
            error.close()
            raise _refusal(error.code) from None
        except URLError as error:
            raise TransientAdapterError(f"no answer: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise TransientAdapterError(f"no answer: {type(error).__name__} {error}".rstrip()) from None


def _refusal(code: int) -> TransientAdapterError | PermanentAdapterError:
    if code in MAY_PASS or code >= SERVER_ERROR:
        return TransientAdapterError(f"it answers {code}")
    return PermanentAdapterError(f"it answers {code}: check the address and what it wants")
