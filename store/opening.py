"""Ways in: to work with, to read beside who works with it, or with a back-up in its place."""

from __future__ import annotations

from pathlib import Path

from analytics.errors import Refusal
from store import copies, record
from store.db import MEMORY
from store.frames import number
from store.store import Store


def open_store(path: Path | str, read_only: bool = False, publishing: bool = False) -> Store:
    """Open or create a database. Refusals: database_locked, not_a_database, not_our_database, database_newer,
    database_damaged, folder_not_writable, disk_full, log_unusable. `:memory:` is a database of its own that ends with the process.

    publishing: keep a copy for reading beside it, renewed after every commit (for a process that stays open).
    """
    if read_only and str(path) != MEMORY and not Path(path).exists():
        raise Refusal("no_data")
    return Store(path, read_only, publishing)


def open_for_reading(path: Path) -> Store:
    """The database itself, or the copy beside it while another process has it open. Never makes a database.

    Refusals: no_data (with `path`: there is no such file), those of `open_store`."""
    if record.configured(path):
        return open_store(path)
    if not path.exists():
        raise Refusal("no_data", path=str(path))
    try:
        return open_store(path)
    except Refusal as problem:
        copy = copies.read_copy_path(path)
        if problem.code != "database_locked" or not copy.exists():
            raise
        return Store(copy, read_only=True, copy_of=path)


def restore(path: Path, file: Path, who: str) -> Store:
    """Put a back-up in the place of the closed database at `path` and open it. Refusals: backup_bad, database_newer, database_locked."""
    if record.configured(path):
        store = open_store(path)
        try:
            store.restore(file, who)
        except BaseException:
            store.close()
            raise
        return store
    copies.restore(path, file)
    store = open_store(path)
    with store.database.read() as cursor:
        last = number(cursor, "SELECT max(import_no) FROM import_log")
    store.audit.done(who, "restore", file=file.name, import_no=last)
    store.lost_imports = 0
    return store
