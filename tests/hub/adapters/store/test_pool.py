"""Read-only connections, lent to one thread at a time."""

from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places
from hub.adapters.store.backups import back_up, restore
from hub.adapters.store.pool import IDLE_KEPT, ReaderPool
from hub.ports import AdapterError
from tests.hub.adapters.store import samples


def test_a_connection_is_used_again(store: OpenStore, folder: Path) -> None:
    pool = ReaderPool(Places(folder).main)
    with pool.reading() as first:
        pass
    with pool.reading() as second, pool.reading() as third:
        assert second is first
        assert third is not first
    pool.close()


def test_few_are_kept_and_none_after_the_end(store: OpenStore, folder: Path) -> None:
    pool = ReaderPool(Places(folder).main)
    lent = [pool.reading() for _ in range(IDLE_KEPT + 2)]
    for one in lent:
        one.__enter__()
    for one in lent:
        one.__exit__(None, None, None)
    assert len(pool._idle) == IDLE_KEPT
    with pool.reading():
        pool.close()
    pool.close()
    assert pool._idle == []


def test_one_whose_use_failed_is_not_used_again(store: OpenStore, folder: Path) -> None:
    pool = ReaderPool(Places(folder).main)
    with pytest.raises(AdapterError, match="no such table"), pool.reading() as connection:
        connection.execute("SELECT * FROM strangers")
    with pytest.raises(KeyError), pool.reading():
        raise KeyError("the reader's own")
    assert pool._idle == []


def test_a_file_that_was_replaced_is_opened_anew(store: OpenStore, folder: Path) -> None:
    store.main.save([samples.incident(1)])
    backup = back_up(Places(folder), samples.NOW_S)
    store.main.save([samples.incident(2)])
    assert len(store.reader.open_incidents()) == 2
    store.main.close()
    store.lock.release()
    restore(folder, backup.path, samples.NOW_S)
    assert store.reader.open_incidents() == [samples.incident(1)]
