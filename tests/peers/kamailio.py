"""Kamailio as a registrar over TLS: phones sign in there, calls to them go by way of it, sound goes past it.

Rules: it takes part only with those whose certificate the authority vouches for, in memory alone, on loopback.
"""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.certificates import Authority
from tests.mosquitto import LOOPBACK, answers
from tests.peers.ports import free_port
from tests.waiting import until

PROGRAM = shutil.which("kamailio") or "/usr/sbin/kamailio"
MODULES = next(Path("/usr/lib").glob("*/kamailio/modules"), None)

CONFIG = """\
#!KAMAILIO
debug=2
log_stderror=yes
fork=no
children=1
disable_tcp=no
enable_tls=yes
auto_aliases=no
listen=tls:{host}:{port}
tcp_connection_lifetime=3600
mpath="{modules}"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "tls.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "use_path", 0)
modparam("tls", "config", "{tls}")

request_route {{
    if (!mf_process_maxfwd_header("10")) {{
        sl_send_reply("483", "Too Many Hops");
        exit;
    }}
    if (has_totag()) {{
        if (loose_route() || is_method("ACK")) t_relay();
        exit;
    }}
    if (is_method("CANCEL")) {{
        if (t_check_trans()) t_relay();
        exit;
    }}
    if (is_method("REGISTER")) {{
        save("location");
        exit;
    }}
    record_route();
    if (!lookup("location")) {{
        sl_send_reply("404", "Not Here");
        exit;
    }}
    t_relay();
}}
"""
TLS = """\
[server:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
private_key = {key}
certificate = {cert}
ca_list = {ca}
[client:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
private_key = {key}
certificate = {cert}
ca_list = {ca}
"""


class Kamailio:
    """A registrar. Use as a context manager."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.port = free_port()
        self._folder = folder
        self._authority = authority
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir()
        own = self._authority.issue("registrar")
        tls, config = self._folder / "tls.cfg", self._folder / "kamailio.cfg"
        tls.write_text(TLS.format(key=own.key, cert=own.cert, ca=self._authority.cert))
        config.write_text(CONFIG.format(host=LOOPBACK, port=self.port, modules=MODULES, tls=tls))
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-f", config, "-DD", "-E", "-Y", self._folder, "-m", "32", "-M", "8"], stdout=log, stderr=log
            )
        until(lambda: answers(self.port), f"Kamailio answers at {self.port}, see {self.log}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def log(self) -> Path:
        """Return the file with what it says."""
        return self._folder / "log.txt"

    @property
    def address(self) -> str:
        """Return host, port and transport, as at the end of an address."""
        return f"{LOOPBACK}:{self.port};transport=tls"
