"""What goes around every answer: headers that forbid what the console does not need, and a bound on what comes in.

Plain ASGI, so that event streams pass through unbuffered.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: with it browsers write `Origin: null` into the console's own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=31536000"


class Armour:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, is_secure: bool) -> None:
        """Take the application; `is_secure`: browsers reach it by https."""
        self._app = app
        self._headers = {**HEADERS, **({"strict-transport-security": STRICT_TRANSPORT} if is_secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bound what comes in, dress what goes out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = _refusal(Headers(scope=scope))
        await (refusal or self._app)(scope, receive, dressed)


def _refusal(headers: Headers) -> ASGIApp | None:
    """Return the answer to a body that is too large or does not say how large it is."""
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdigit():
        return PlainTextResponse("Say how large the body is (Content-Length).", 411)
    if int(length) > LARGEST_BODY:
        return PlainTextResponse(f"The body is too large: at most {LARGEST_BODY} bytes are read.", 413)
    return None
