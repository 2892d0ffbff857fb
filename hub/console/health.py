"""Whether the centre works, and its numbers: for machines that watch it."""

import hmac
import ipaddress
import time
from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hub.console.parts import Parts, PartsOf

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz(parts: PartsOf) -> Response:
    """Answer 200 where everything the centre needs works, else 503 with what does not."""
    checks = parts.checks()
    is_well = all(checks.values())
    return JSONResponse({"ok": is_well, "checks": dict(checks)}, 200 if is_well else 503)


@router.get("/metrics")
def metrics(request: Request, parts: PartsOf) -> Response:
    """Answer in Prometheus' format: to this machine, or to who has the token."""
    if not _may_measure(request, parts.settings.metrics_token):
        return PlainTextResponse("From elsewhere only with `Authorization: Bearer` and metrics_token.\n", 403)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(parts))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Numbers(Collector):
    """The console's own numbers, the store's, and those of the rest of the centre."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterable[Metric]:
        live = self._parts.live
        yield GaugeMetricFamily("poga_console_streams", "Open event streams.", len(live.streams))
        yield GaugeMetricFamily("poga_console_operators_on_shift", "Operators at a console.", len(live.on_shift))
        yield CounterMetricFamily("poga_console_streams_dropped", "Too slow readers.", live.streams.dropped)
        yield _by_label("poga_store_rows", "Rows by table.", "table", self._parts.reader.counts())
        yield _by_label("poga_check_ok", "1 where it works.", "check", self._parts.checks())
        yield GaugeMetricFamily("poga_time_seconds", "The centre's clock.", time.time())
        for name, value in self._parts.measures().items():
            kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            yield kind(f"poga_{name.removesuffix('_total')}", name.replace("_", " "), value)


def _by_label(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family


def _may_measure(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    client = request.client.host if request.client else ""
    return _is_loopback(client) and "x-forwarded-for" not in request.headers


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
