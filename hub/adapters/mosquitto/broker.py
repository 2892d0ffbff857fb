"""The embedded broker as a whole: its files, its process, its users.

Rules: `start` returns when it listens, or says what is wrong and what to do. Not one of the runtime's adapters: it
reports nothing and performs nothing, the centre's program starts it before them and stops it after.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace

from hub.adapters.mosquitto import configuration as conf
from hub.adapters.mosquitto.child import Child
from hub.adapters.mosquitto.folder import Folder, account_for
from hub.adapters.mosquitto.program import any_free_port, await_free, find, find_mosquitto
from hub.adapters.mosquitto.settings import HUB, LOOPBACK, MosquittoSettings


class Mosquitto:
    """One embedded broker; started once, stopped once."""

    def __init__(self, settings: MosquittoSettings, units: Mapping[str, str] | None = None) -> None:
        """Take the settings and the first units, by id with password or its hash."""
        self._settings = settings
        self._users = conf.users(settings.hub_password, units or {})
        self._folder: Folder | None = None
        self._child: Child | None = None
        self._lock = threading.Lock()

    @property
    def hub_address(self) -> tuple[str, int]:
        """Where the centre itself connects; the port is known once it has started."""
        return LOOPBACK, self._settings.hub_port

    @property
    def unit_addresses(self) -> tuple[tuple[str, int], ...]:
        """Where units connect, in the order of the listeners; the ports are known once it has started."""
        return tuple((listener.host, listener.port) for listener in self._settings.listeners)

    @property
    def hub_credentials(self) -> tuple[str, str]:
        """Return the centre's user name and password."""
        return HUB, self._settings.hub_password

    @property
    def is_running(self) -> bool:
        """Tell whether it listens."""
        child = self._child
        return child is not None and child.is_running

    def start(self) -> None:
        """Run it. Raises hub.ports.PermanentAdapterError."""
        program = find_mosquitto(self._settings.program)
        setpriv = find("setpriv", "install it: apt install util-linux")
        account = account_for(self._settings.user)
        self._settings = _with_ports(self._settings)
        await_free([self.hub_address, *self.unit_addresses])
        folder = Folder(self._settings.directory, account)
        try:
            self._write(folder)
            config = folder.path / conf.CONFIGURATION
            child = Child([f"{setpriv}", "--pdeathsig", "TERM", f"{program}", "-c", f"{config}"], account)
            child.start()
        except BaseException:
            folder.discard()
            raise
        self._folder, self._child = folder, child

    def set_units(self, units: Mapping[str, str]) -> None:
        """Let these units in and no others, without touching the connections of those that stay.

        Passwords may be hashed already. Certificates are read anew as well. A unit that is not in `units` any more is
        disconnected. Raises ValueError, hub.ports.PermanentAdapterError.
        """
        with self._lock:
            self._users = conf.users(self._settings.hub_password, units)
            if self._folder is not None and self._child is not None:
                self._write(self._folder)
                self._child.reload()

    def stop(self) -> None:
        """End it. Never raises, may be called twice."""
        child, self._child = self._child, None
        if child is not None:
            child.stop()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.discard()

    def _write(self, folder: Folder) -> None:
        folder.write(conf.PASSWORDS, self._users)
        folder.write(conf.ACCESS, conf.access_rules())
        for number, listener in enumerate(self._settings.listeners):
            if listener.certificate is not None:
                folder.copy(listener.certificate, conf.certificate_name(number), conf.key_name(number))
        folder.write(conf.CONFIGURATION, conf.configuration(self._settings, folder.path))


def _with_ports(settings: MosquittoSettings) -> MosquittoSettings:
    """Return the settings with a free port wherever any will do."""
    listeners = tuple(
        listener if listener.port else replace(listener, port=any_free_port(listener.host))
        for listener in settings.listeners
    )
    return replace(settings, listeners=listeners, hub_port=settings.hub_port or any_free_port(LOOPBACK))
