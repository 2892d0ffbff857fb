"""The unit's side of TLS: one pinned authority, the centre's name checked, version 1.2 or later."""

import ssl

from device.adapters.broker.settings import CentreAddress
from device.ports import PermanentAdapterError


def client_context(centre: CentreAddress) -> ssl.SSLContext:
    """Return what a connection to `centre` is encrypted with; files are read anew, so renewed ones count.

    Raises:
        PermanentAdapterError: a file is missing or holds something else.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # asks for a certificate and checks the name in it
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _ClosedOnFailure
    try:
        context.load_verify_locations(cafile=centre.ca_file)
    except OSError as error:
        raise PermanentAdapterError(
            f"centre {centre}: ca_file {centre.ca_file} is no certificate that can be read: {error}"
        ) from None
    if centre.cert_file is not None:
        try:
            context.load_cert_chain(centre.cert_file, centre.key_file, password=_no_passphrase)
        except (OSError, ValueError) as error:
            raise PermanentAdapterError(
                f"centre {centre}: cert_file {centre.cert_file} and key_file {centre.key_file} cannot be used: {error}"
            ) from None
    return context


class _ClosedOnFailure(ssl.SSLSocket):
    """paho leaves a socket whose handshake failed to the garbage collector; this one closes itself."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def _no_passphrase() -> str:
    raise ValueError("the key is locked with a passphrase, and nobody is there to type it")
