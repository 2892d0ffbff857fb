"""The keys of recordings."""

from pathlib import Path

import pytest

from hub.adapters.voice.recording.keys import Keys
from hub.adapters.voice.recording.sealed import key_id_of
from hub.ports import PermanentAdapterError, RecordingLostError


def test_the_first_key_is_made_where_only_the_centre_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key = Keys(folder).newest()
    (file,) = folder.iterdir()
    assert (len(key), file.name) == (32, key_id_of(key).hex())
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert Keys(folder).newest() == key


def test_a_new_key_seals_from_now_on_and_the_old_one_still_opens(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    old, new = keys.newest(), keys.make_new()
    assert keys.newest() == new != old
    assert keys.find(key_id_of(old)) == old


def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    file = tmp_path / key_id_of(keys.newest()).hex()
    file.chmod(0o640)
    with pytest.raises(PermanentAdapterError, match="can be read by others: chmod 600 "):
        keys.newest()


def test_a_file_that_is_not_the_key_of_its_name_is_refused(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    key_id = key_id_of(keys.newest())
    (tmp_path / key_id.hex()).write_text("00" * 32)
    with pytest.raises(PermanentAdapterError, match="is not the key that its name says"):
        keys.newest()
    with pytest.raises(RecordingLostError, match="cannot be used"):
        keys.find(key_id)


def test_a_key_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingLostError, match="cannot be used"):
        Keys(tmp_path).find(b"8 bytes!")


def test_where_no_key_can_be_made_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file, not a folder")
    with pytest.raises(PermanentAdapterError, match="key"):
        Keys(tmp_path / "keys").newest()
