"""Who the engine is towards others: an account for every transport and every way of encrypting.

Rules: PJSIP gives a call that comes in to the account of the transport it came by, so the account is the proof of how
it came. A leg that wants another encryption than its transport's gets an account of its own, made when first wanted.
"""

# mypy: allow-subclassing-any

from collections.abc import Callable
from typing import Any

from device.voice.endpoint import EVERYWHERE, Endpoint
from device.voice.invite import address_of
from device.voice.messages import Protocol, Settings, Srtp, Transport
from device.voice.pjsip import SRTP, guarded, pj, said
from device.voice.refusal import CommandRefusedError, EngineFailedError

Arrive = Callable[["Account", Any], None]

PORTS_A_LEG = 4
"""Sound and its control, and as many to spare while a leg that has ended lets go of its own."""
SESSION_S = 90
"""How often both sides of a leg assure each other that it stands; the least that the standard allows."""


class Account(pj.Account):
    """One way of taking part."""

    def __init__(self, protocol: Protocol, is_internal: bool, arrive: Arrive) -> None:
        super().__init__()
        self.protocol = protocol
        self.is_internal = is_internal
        self.host = ""
        self._arrive = arrive

    @guarded
    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Hand on somebody who calls."""
        self._arrive(self, prm)


class Accounts:
    """All of them."""

    def __init__(self, settings: Settings, endpoint: Endpoint, arrive: Arrive) -> None:
        """Open every transport of the settings. Raises EngineFailedError."""
        self._settings = settings
        self._endpoint = endpoint
        self._arrive = arrive
        self._numbers: dict[Protocol, tuple[int, Transport]] = {}
        self._accounts: dict[tuple[Protocol, Srtp], Account] = {}
        self._all: list[Account] = []
        self.addresses: list[str] = []
        for transport in settings.transports:
            self._open(transport)
        self.wake_address = self._open_wake()

    def for_call(self, protocol: Protocol, srtp: Srtp | None) -> Account:
        """Return whom to call as. Raises CommandRefusedError."""
        if protocol not in self._numbers:
            wanted = f"the settings name no transport for {protocol.upper()}"
            raise CommandRefusedError(f"{wanted}; an address says what carries it by `;transport=`, and is UDP else")
        number, transport = self._numbers[protocol]
        srtp = srtp or transport.srtp or self._settings.srtp
        if (protocol, srtp) not in self._accounts:
            try:
                self._accounts[protocol, srtp] = self._make(transport, number, srtp, priority=0)
            except pj.Error as error:
                raise CommandRefusedError(f"there cannot be an account more: {said(error)}") from None
        return self._accounts[protocol, srtp]

    def close(self) -> None:
        """End all of them."""
        for account in self._all:
            account.shutdown()
        self._all.clear()
        self._accounts.clear()

    def _open(self, transport: Transport) -> None:
        number, address = self._endpoint.listen(transport)
        srtp = transport.srtp or self._settings.srtp
        try:
            account = self._make(transport, number, srtp, priority=1)
        except pj.Error as error:
            raise EngineFailedError(f"{address} gets no account: {said(error)}") from None
        self.addresses.append(address)
        if transport.protocol not in self._numbers:
            self._numbers[transport.protocol] = number, transport
            self._accounts[transport.protocol, srtp] = account

    def _open_wake(self) -> tuple[str, int]:
        """Return a UDP address of ours, on this machine: a datagram to it ends the waiting for events."""
        for transport, address in zip(self._settings.transports, self.addresses, strict=True):
            if transport.protocol is Protocol.UDP and not transport.host.startswith("["):
                host, port = address.rsplit(":", 1)
                return "127.0.0.1" if transport.host in EVERYWHERE else host, int(port)
        own = Transport(protocol=Protocol.UDP)
        number, address = self._endpoint.listen(own)
        self._make(own, number, Srtp.OFF, priority=0, is_internal=True)
        host, port = address.rsplit(":", 1)
        return host, int(port)

    def _make(
        self, transport: Transport, number: int, srtp: Srtp, *, priority: int, is_internal: bool = False
    ) -> Account:
        settings = self._settings
        config = pj.AccountConfig()
        config.priority = priority
        host = str(self._endpoint.transportGetInfo(number).localName).rsplit(":", 1)[0]
        config.idUri = address_of(settings.user, host)
        config.sipConfig.transportId = number
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
        config.callConfig.timerMinSESec = config.callConfig.timerSessExpiresSec = SESSION_S
        media = config.mediaConfig
        media.transportConfig.boundAddress = settings.media_host
        if settings.media_host not in EVERYWHERE:
            media.transportConfig.publicAddress = settings.media_host
        media.transportConfig.port = settings.rtp_port
        if settings.rtp_port:
            media.transportConfig.portRange = PORTS_A_LEG * settings.most_legs
        media.srtpUse = SRTP[srtp]
        # Keys that are sent in the clear are none.
        media.srtpSecureSignaling = int(srtp is Srtp.MANDATORY)
        # Else every call asks DNS for this machine's own name, and waits for seconds where nobody answers.
        media.ipv6Use = pj.PJSUA_IPV6_DISABLED
        account = Account(transport.protocol, is_internal, self._arrive)
        account.host = host
        account.create(config)
        self._all.append(account)
        return account
