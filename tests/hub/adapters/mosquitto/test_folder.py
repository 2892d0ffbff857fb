"""The broker's files: its own, whole, and nobody else's to read."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hub.adapters.mosquitto.folder import Account, Folder, account_for
from hub.adapters.mosquitto.settings import ServerCertificate
from hub.ports import PermanentAdapterError
from tests.certificates import Authority

IS_ROOT = os.geteuid() == 0
AS_ROOT = pytest.mark.skipif(not IS_ROOT, reason="only root can give files away")
ROOT = Path(__file__).parents[4]
NOBODY = 65_534


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data", None)
    folder.write("passwords", "secret")
    assert folder.path == tmp_path / "data" / "mosquitto"
    assert (mode_of(folder.path), mode_of(folder.path / "passwords")) == (0o700, 0o600)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    folder = Folder(tmp_path, None)
    folder.write("access", "old")
    with (folder.path / "access").open() as reader:
        folder.write("access", b"new")
        assert reader.read() == "old"
    assert (folder.path / "access").read_text() == "new"
    assert [path.name for path in folder.path.iterdir()] == ["access"]


def test_what_lies_in_the_way_is_not_followed(tmp_path: Path) -> None:
    folder = Folder(tmp_path, None)
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (folder.path / ".access.new").symlink_to(victim)
    folder.write("access", "new")
    assert victim.read_text() == "untouched"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentAdapterError, match="cannot be made"):
        Folder(tmp_path / "file", None)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path, None)
    (folder.path / "access").mkdir()
    with pytest.raises(PermanentAdapterError, match="access cannot be written"):
        folder.write("access", "x")


def test_a_certificate_is_taken_over_as_it_is_now(tmp_path: Path) -> None:
    issued = Authority.make(tmp_path, "ours").issue("centre")
    folder = Folder(tmp_path, None)
    folder.copy(ServerCertificate(issued.cert, issued.key), "a.crt", "a.key")
    assert (folder.path / "a.crt").read_bytes() == issued.cert.read_bytes()
    assert (folder.path / "a.key").read_bytes() == issued.key.read_bytes()
    assert mode_of(folder.path / "a.key") == 0o600


def test_a_certificate_that_does_not_work_is_told(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path, "ours")
    one, other = authority.issue("one"), authority.issue("other")
    folder = Folder(tmp_path, None)
    for cert, key in ((one.cert, other.key), (tmp_path / "gone", one.key), (one.key, one.key)):
        with pytest.raises(PermanentAdapterError, match=f"certificate {cert} with key {key} cannot be used"):
            folder.copy(ServerCertificate(cert, key), "a.crt", "a.key")
    assert list(folder.path.iterdir()) == []


@AS_ROOT
class TestAsRoot:
    def account(self) -> Account:
        return Account("nobody", NOBODY, NOBODY)

    def test_the_files_belong_to_the_broker_and_the_folder_does_not(self, tmp_path: Path) -> None:
        folder = Folder(tmp_path, self.account())
        folder.write("passwords", "secret")
        file = (folder.path / "passwords").stat()
        assert (file.st_uid, file.st_gid, stat.S_IMODE(file.st_mode)) == (NOBODY, NOBODY, 0o600)
        assert (folder.path.stat().st_uid, mode_of(folder.path)) == (0, 0o710)
        folder.discard()

    def test_a_folder_out_of_the_brokers_reach_is_not_used(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.mkdir(mode=0o700)
        folder = Folder(secret, self.account())
        folder.write("access", "x")
        read = subprocess.run(
            ["cat", folder.path / "access"], user=NOBODY, group=NOBODY, capture_output=True, check=True
        )
        assert read.stdout == b"x"
        assert Folder(secret, self.account()).path == folder.path, "a killed centre leaves one folder, not many"
        folder.discard()
        assert not folder.path.exists()

    def test_a_user_that_is_not_there_is_told(self) -> None:
        with pytest.raises(PermanentAdapterError, match="no such user"):
            account_for("no-such-user")

    def test_the_broker_runs_as_a_normal_user_too(self) -> None:
        script = f"""
import sys, tempfile
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from hub.adapters.mosquitto import Listener, Mosquitto, MosquittoSettings
with tempfile.TemporaryDirectory() as folder:
    broker = Mosquitto(MosquittoSettings(Path(folder), (Listener("127.0.0.1", 0),)))
    broker.start()
    print(broker.is_running)
    broker.stop()
"""
        drop = ["setpriv", "--reuid", f"{NOBODY}", "--regid", f"{NOBODY}", "--clear-groups"]
        run = subprocess.run(
            [*drop, sys.executable, "-c", script], cwd="/", capture_output=True, text=True, check=False
        )
        if "Permission denied" in run.stderr or "No module named" in run.stderr:
            pytest.skip("nobody may not run this Python")
        assert (run.stdout, run.stderr, run.returncode) == ("True\n", "", 0)


@pytest.mark.skipif(IS_ROOT, reason="root does not run the broker as itself")
def test_a_normal_user_runs_it_as_itself() -> None:
    assert account_for("whoever") is None
