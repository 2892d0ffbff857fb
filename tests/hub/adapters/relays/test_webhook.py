"""A webhook has been told when it says so, and only then."""

import socket
import threading
from contextlib import closing

import pytest

from hub.adapters.relays import webhook as module
from hub.adapters.relays.webhook import Webhook
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.hub.adapters.relays.receiver import HANG, NOTICE, Receiver
from tests.mosquitto import LOOPBACK, free_port


def test_the_notice_is_posted_as_json(receiver: Receiver) -> None:
    Webhook(receiver.address).tell(NOTICE)
    (got,) = receiver.got.all
    assert (got.method, got.path) == ("POST", "/hooks/secret-token")
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["Idempotency-Key"] == "n-1"
    assert got.body == NOTICE.as_json()


@pytest.mark.parametrize("code", [201, 202, 204])
def test_every_yes_is_a_yes(receiver: Receiver, code: int) -> None:
    receiver.codes = [code]
    Webhook(receiver.address).tell(NOTICE)


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_worth_another_try(receiver: Receiver, code: int) -> None:
    receiver.codes = [code]
    with pytest.raises(TransientAdapterError, match=str(code)):
        Webhook(receiver.address).tell(NOTICE)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308, 400, 401, 404, 410])
def test_what_will_not_pass_is_told_to_a_person(receiver: Receiver, code: int) -> None:
    receiver.codes = [code]
    with pytest.raises(PermanentAdapterError, match=str(code)):
        Webhook(receiver.address).tell(NOTICE)
    assert [got.path for got in receiver.got.all] == ["/hooks/secret-token"]


def test_one_that_hangs_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.1)
    receiver.codes = [HANG]
    with pytest.raises(TransientAdapterError, match="no answer"):
        Webhook(receiver.address).tell(NOTICE)


@pytest.mark.usefixtures("receiver")
def test_one_that_is_not_there_is_worth_another_try() -> None:
    with pytest.raises(TransientAdapterError, match="refused"):
        Webhook(f"http://{LOOPBACK}:{free_port()}/").tell(NOTICE)


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize("answer", [b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_web_server_is_no_yes(answer: bytes) -> None:
    with closing(socket.create_server((LOOPBACK, 0))) as server:

        def serve() -> None:
            sock, _ = server.accept()
            with sock:
                sock.recv(65_536)
                sock.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(TransientAdapterError, match="no answer"):
            Webhook(f"http://{LOOPBACK}:{server.getsockname()[1]}/").tell(NOTICE)
        thread.join()


@pytest.mark.parametrize(
    "address", ["", "centre.example/hook", "ftp://centre.example/", "file:///etc/passwd", "http://"]
)
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Webhook(address)


def test_the_name_shows_no_secret() -> None:
    assert Webhook("https://user:pass@hooks.example:8443/T0KEN?key=T0KEN").name == "webhook hooks.example"
