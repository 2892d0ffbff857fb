"""PJSIP's endpoint: how it is set up, where it listens, who is at the other end of a TLS connection.

Rules: TLS takes part only with those that the authority vouches for, in both directions. A certificate's names belong
to the connection that showed it, and go with it.
"""

# mypy: allow-subclassing-any

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from device.voice.messages import CLOCK_HZ, FRAME_S, Protocol, Settings, Transport
from device.voice.pjsip import IS_OWN_BUILD, MOST_LEGS, TLS, TRANSPORTS, guarded, pj, said
from device.voice.refusal import EngineFailedError

log = logging.getLogger(__name__)

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - where a setting means every interface
NOTHING_ELSE = 0
FIRST = 255
LOG_LEVEL = 3
"""Of PJSIP's own log: what it does, without the messages, which name people."""
RECORDING_DELAY_MS = 40
PLAYING_DELAY_MS = 60
JITTER_MS = (60, 40, 200, 500)
"""First, least and most prefetched, and the most that is held: a bad line is heard out, a good one is not delayed."""


class Endpoint(pj.Endpoint):
    """The one endpoint of a process. Everything is done in the thread that made it."""

    def __init__(self, settings: Settings) -> None:
        """Set PJSIP up, without a sound device. Raises EngineFailedError."""
        super().__init__()
        self.on_sound_error: Callable[[str], None] = log.error
        self._names: dict[str, tuple[str, ...]] = {}
        self._peers: dict[int, str] = {}
        try:
            self.libCreate()
            self.libInit(_configuration(settings))
            self.audDevManager().setNullDev()
            self.libStart()
        except pj.Error as error:
            raise EngineFailedError(f"PJSIP does not start: {said(error)}") from None
        self.codecs = self._choose_codecs(settings.codecs)

    def listen(self, transport: Transport) -> tuple[int, str]:
        """Open a transport and return its number and its address, with the port. Raises EngineFailedError."""
        where = f"{transport.protocol.upper()} {transport.host}:{transport.port}"
        config = _transport(transport)
        try:
            number = self.transportCreate(TRANSPORTS[transport.protocol], config)
            return number, str(self.transportGetInfo(number).localName)
        except pj.Error as error:
            raise EngineFailedError(f"{where} cannot be opened: {said(error)}") from None

    def names_at(self, source: str) -> tuple[str, ...]:
        """Return the names in the certificate of the one who speaks TLS from an address."""
        return self._names.get(source, ())

    @guarded
    def onTransportState(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Keep the names of a connection as long as it stands."""
        handle = int(prm.hnd)
        if prm.state != pj.PJSIP_TP_STATE_CONNECTED:
            self._names.pop(self._peers.pop(handle, ""), None)
            if prm.lastError and prm.type != "UDP":
                log.info("a %s connection ended: %s", prm.type, self.utilStrError(prm.lastError))
        elif not prm.tlsInfo.isEmpty():
            peer = str(prm.tlsInfo.remoteAddr)
            self._peers[handle] = peer
            self._names[peer] = _names_of(prm.tlsInfo.remoteCertInfo)

    @guarded
    def onMediaEvent(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Hear that the sound device has died."""
        if prm.ev.type == pj.PJMEDIA_EVENT_AUD_DEV_ERROR:
            self.on_sound_error("it stopped with an error")

    def _choose_codecs(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """Offer these, in this order, and no others; return those that there are."""
        built_in = [str(codec.codecId) for codec in self.codecEnum2()]
        for codec in built_in:
            self.codecSetPriority(codec, NOTHING_ELSE)
        chosen = []
        for rank, name in enumerate(wanted):
            for codec in built_in:
                if codec.split("/")[0].lower() == name.lower():
                    self.codecSetPriority(codec, FIRST - rank)
                    chosen.append(name)
        if not chosen:
            raise EngineFailedError(f"none of the codecs {', '.join(wanted)} is built in: {', '.join(built_in)} are")
        if "opus" in chosen:
            opus = self.getCodecOpusConfig()
            opus.sample_rate, opus.channel_cnt = CLOCK_HZ, 1
            self.setCodecOpusConfig(opus)
        return tuple(dict.fromkeys(chosen))


def _configuration(settings: Settings) -> Any:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = min(settings.most_legs, MOST_LEGS)
    config.uaConfig.userAgent = "Poga"
    config.logConfig.consoleLevel = 0
    config.logConfig.msgLogging = 0
    config.logConfig.level = LOG_LEVEL if settings.log_file else 0
    if settings.log_file:
        config.logConfig.filename = str(settings.log_file.with_suffix(".pjsip.log"))
    media = config.medConfig
    media.clockRate = CLOCK_HZ
    media.audioFramePtime = round(FRAME_S * 1000)
    media.noVad = True  # it would blind the watchdog, and clip what is said softly
    media.ecTailLen = 0
    media.sndRecLatency, media.sndPlayLatency = RECORDING_DELAY_MS, PLAYING_DELAY_MS
    if hasattr(media, "sndUseSwClock"):
        media.sndUseSwClock = False  # a device that stands still is to be noticed, and a delay less is to be had
    media.sndAutoCloseTime = -1  # a closed device would stop the bridge, and nobody would know that it is gone
    media.jbInit, media.jbMinPre, media.jbMaxPre, media.jbMax = JITTER_MS
    return config


def _transport(transport: Transport) -> Any:
    config = pj.TransportConfig()
    config.port = transport.port
    config.boundAddress = transport.host
    if transport.host not in EVERYWHERE:
        config.publicAddress = transport.host
    if transport.protocol is Protocol.TLS:
        tls = config.tlsConfig
        tls.certFile = _readable(transport, "cert_file", transport.cert_file)
        tls.privKeyFile = _readable(transport, "key_file", transport.key_file)
        tls.CaListFile = _readable(transport, "ca_file", transport.ca_file)
        tls.verifyServer = tls.verifyClient = tls.requireClientCert = True
        tls.proto = TLS
    return config


def _readable(transport: Transport, what: str, path: Path | None) -> str:
    if path is None:
        raise EngineFailedError(f"TLS at {transport.host}:{transport.port} needs {what}")
    try:
        path.open("rb").close()
    except OSError as error:
        raise EngineFailedError(f"{what} {path} cannot be read: {error.strerror}") from error
    return str(path)


def _names_of(certificate: Any) -> tuple[str, ...]:
    names = [str(certificate.subjectCn), *(str(name.name) for name in certificate.subjectAltName)]
    return tuple(dict.fromkeys(name for name in names if name))


def build_of(endpoint: Endpoint) -> str:
    """Return which build of PJSIP this is."""
    return f"{endpoint.libVersion().full}, {'our own build' if IS_OWN_BUILD else 'the package index’s build'}"
