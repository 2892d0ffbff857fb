"""An alarm goes to the right centre, encrypted, or nowhere."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from device.adapters.broker import CentreAddress
from device.adapters.broker.tls import client_context
from device.ports import PermanentAdapterError
from tests.certificates import Authority, Certificate
from tests.device.adapters.unit_side import UnitSide, an_alarm
from tests.mosquitto import LOOPBACK, Peer, RealMosquitto
from tests.waiting import Heard, until


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority.make(folder, "ours")


@pytest.fixture(scope="module")
def stranger(folder: Path) -> Authority:
    return Authority.make(folder, "strangers")


def serve(folder: Path, certificate: Certificate, *extra: str) -> RealMosquitto:
    return RealMosquitto(folder, f"certfile {certificate.cert}", f"keyfile {certificate.key}", *extra)


@pytest.fixture(scope="module")
def server(folder: Path, authority: Authority) -> Iterator[RealMosquitto]:
    with serve(folder, authority.issue("centre")) as broker:
        yield broker


class Impostor:
    """Answers with a certificate of its own, and hears whatever is said to it then."""

    def __init__(self, certificate: Certificate) -> None:
        self.refused: Heard[str] = Heard()
        self.told: Heard[bytes] = Heard()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.cert, certificate.key)
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with sock:
                try:
                    with self._context.wrap_socket(sock, server_side=True) as encrypted:
                        self.told(encrypted.recv(1_000))
                except OSError as error:
                    self.refused(str(error))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


def at(
    server: RealMosquitto, authority: Authority, host: str = LOOPBACK, own: Certificate | None = None
) -> CentreAddress:
    return CentreAddress(
        host,
        server.port,
        tls=True,
        ca_file=authority.cert,
        cert_file=own.cert if own else None,
        key_file=own.key if own else None,
        username="unit-0001",
        password="secret",
    )


def test_the_right_authority_connects(server: RealMosquitto, authority: Authority) -> None:
    with UnitSide(at(server, authority)) as unit:
        unit.wait_open()
        unit.broker.perform(an_alarm())
        connection = unit.broker._current
        assert connection is not None
        until(lambda: connection.unacknowledged() == 0, "the alarm is with the broker")
        sock = connection._client.socket()
        assert isinstance(sock, ssl.SSLSocket)
        assert sock.version() in ("TLSv1.2", "TLSv1.3")


def test_a_strangers_authority_never_gets_a_word(
    authority: Authority, stranger: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    with Impostor(stranger.issue("centre")) as impostor:
        address = CentreAddress(LOOPBACK, impostor.port, True, authority.cert, username="unit-0001", password="secret")
        with UnitSide(address) as unit:
            until(lambda: len(impostor.refused.all) >= 3, "it is tried again and again")
            assert unit.path_events() == []
        assert impostor.told.all == []
    assert "certificate verify failed" in caplog.text


def test_a_certificate_for_another_name_is_not_believed(
    folder: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = authority.issue("elsewhere", "DNS:elsewhere.example")
    with serve(folder, certificate) as other, UnitSide(at(other, authority)) as unit:
        until(lambda: unit.broker._route._failures >= 2, "it is tried again")
        assert unit.path_events() == []
    assert "IP address mismatch" in caplog.text


def test_the_unit_shows_its_own_certificate_where_it_has_one(folder: Path, authority: Authority) -> None:
    asks = ("require_certificate true", f"cafile {authority.cert}")
    with serve(folder, authority.issue("strict"), *asks) as strict:
        with UnitSide(at(strict, authority)) as unit:
            until(lambda: unit.broker._route._failures >= 2, "without it nobody comes in")
            assert unit.path_events() == []
        with UnitSide(at(strict, authority, own=authority.issue("unit-0001"))) as unit:
            unit.wait_open()


def test_an_unencrypted_broker_gets_nothing_of_an_encrypted_unit(folder: Path, authority: Authority) -> None:
    with RealMosquitto(folder) as plain, Peer(plain.port, "spy") as peer:
        peer.connect("#")
        with UnitSide(at(plain, authority)) as unit:
            until(lambda: unit.broker._route._failures >= 2, "it is tried again")
            assert unit.path_events() == []
        assert peer.arrived.all == []


def test_what_a_connection_asks_for(authority: Authority, server: RealMosquitto) -> None:
    context = client_context(at(server, authority))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1, "no other authority is believed"


def test_files_that_cannot_be_used_are_named(
    folder: Path, authority: Authority, server: RealMosquitto, tmp_path: Path
) -> None:
    own = authority.issue("unit-0002")
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    locked = tmp_path / "locked.key"
    locked.write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
    for wrong in (tmp_path / "gone.pem", empty, tmp_path):
        with pytest.raises(PermanentAdapterError, match=f"ca_file {wrong}"):
            client_context(CentreAddress(LOOPBACK, server.port, tls=True, ca_file=wrong))
    for wrong in (tmp_path / "gone.key", empty, locked, authority.issue("other").key):
        with pytest.raises(PermanentAdapterError, match=f"key_file {wrong}"):
            client_context(at(server, authority, own=Certificate(own.cert, wrong)))
