"""Copies of a database made while it is in use: back-ups, the read copy beside it, and the rewritten file after an erasure.

Copies are made inside the back-up folder (the only place SQL may write) by copying rows, so that nothing deleted comes
along, then compared with the original table by table, and only then given their name.
"""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from analytics.errors import Refusal
from store.db import Database, keep_as, migrations

KEEP_BACKUPS_DAYS = 35


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy. `keys`: folder with the key and re-link files, to be kept apart from the copy; None for none."""

    file: Path
    keys: Path | None
    rows: int


def read_copy_path(path: Path) -> Path:
    """Where the copy for reading beside a running app lies."""
    return path.with_name(path.name + ".read")


def unfinished(doing: str) -> str:
    """Name of a file that is being made; whoever opens the database next throws away what a killed process left (`Database`)."""
    return f"{doing}-{os.getpid()}-{uuid.uuid4().hex}.part"


def write_copy(database: Database) -> tuple[Path, int]:
    """A verified copy under a temporary name in the back-up folder, and its number of rows. Refusal backup_bad."""
    target = database.backup_dir / unfinished("copying")
    size = database.path.stat().st_size if database.path.exists() else 0
    database.require_space(size)
    try:
        with database.still() as cursor, _attached(cursor, target, "copy"):
            own = cursor.execute("SELECT current_database()").fetchall()[0][0]
            cursor.execute(f'COPY FROM DATABASE "{own}" TO copy')
            wanted, found = _contents(cursor, own), _contents(cursor, "copy")
        if wanted != found:
            raise Refusal("backup_bad", file=target.name)
    except BaseException:
        remove(target)
        raise
    _to_disk(target)
    return target, sum(count for count, _ in wanted.values())


def taken_over(database: Database) -> tuple[Path, int]:
    """Like `write_copy`, from a read copy: that is verified rows already, so the file itself is taken, and read through."""
    target = database.backup_dir / unfinished("copying")
    database.require_space(database.path.stat().st_size)
    try:
        shutil.copyfile(database.path, target)
        rows = _verify(target, target.name)
    except BaseException:
        remove(target)
        raise
    _to_disk(target)
    return target, rows


def backup(database: Database, folder: Path, extra: tuple[Path, ...] = ()) -> Backup:
    """Write `<name>-<time>.duckdb` in a folder, and `extra` (key and re-link files) in a folder of their own beside it.

    Refusals: backup_exists, folder_not_writable, backup_bad, disk_full."""
    target = folder / f"{database.title}-{datetime.now():%Y%m%d-%H%M%S}.duckdb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise Refusal("backup_exists", file=target.name)
        copy, rows = taken_over(database) if database.read_only else write_copy(database)
        keys = target.with_suffix(".keys")
        try:
            for file in (file for file in extra if file.exists()):
                keys.mkdir(mode=0o700, exist_ok=True)
                shutil.copy2(file, keys / file.name)
            _bring(copy, target)
        except BaseException:
            shutil.rmtree(keys, ignore_errors=True)
            raise
        finally:
            remove(copy)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            needed = database.path.stat().st_size
            raise Refusal("disk_full", free_mb=shutil.disk_usage(folder).free // 2**20, needed_mb=-(-needed // 2**20)) from error
        raise Refusal("folder_not_writable", folder=str(folder)) from error
    return Backup(target, keys if keys.exists() else None, rows)


def _bring(copy: Path, target: Path) -> None:
    """A copy to where it goes. That may be another disk, which may be full: it gets its name when it is there, whole and the same."""
    part = target.with_name(target.name + ".part")
    try:
        try:
            os.replace(copy, part)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copy2(copy, part)
            if not filecmp.cmp(copy, part, shallow=False):
                raise Refusal("backup_bad", file=target.name) from error
        _to_disk(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def publish(database: Database) -> Path:
    """Renew the copy for reading, by atomic rename: who is reading the old one goes on reading it.

    When it cannot be renewed (a full disk), the old one goes: no copy is better than one that is behind."""
    target = read_copy_path(database.path)
    try:
        with database.held():  # else a copy that took long could take the place of a later one
            copy, _ = write_copy(database)
            os.replace(copy, target)
            database.fold()
    except BaseException:
        with suppress(OSError):  # Windows: somebody is reading it
            target.unlink(missing_ok=True)
        raise
    return target


def rewrite(database: Database) -> None:
    """Replace the file by a fresh copy of its rows: what was deleted is not left in unused blocks."""
    if database.memory:
        return
    with database.held():  # what somebody stored in between would go with the old file
        copy, _ = write_copy(database)
        database.swap_file(copy)


def restore(path: Path, file: Path) -> Path | None:
    """Put a back-up in the place of the (closed) database at `path`; what was there is kept in the back-up folder.

    Returns where the old file went. Refusals: backup_bad, database_newer, database_locked, folder_not_writable."""
    incoming = verified_copy(path, file)
    try:
        _refuse_when_open(path)
        aside = _put_aside(path, path.parent / "backup")
        os.replace(incoming, path)
    finally:
        remove(incoming)
    bring_keys(path, file)
    return aside


def restore_open(database: Database, file: Path) -> None:
    """Put a back-up in the place of a database that is in use: who asks meanwhile waits. Refusals: backup_bad, database_newer."""
    incoming = verified_copy(database.path, file)
    try:
        database.swap_file(incoming, name_aside(database.path, database.backup_dir))
    finally:
        remove(incoming)
    bring_keys(database.path, file)


def verified_copy(path: Path, file: Path) -> Path:
    """A verified copy of a back-up, in the back-up folder beside the database it will replace."""
    folder = path.parent / "backup"
    incoming = folder / unfinished("restoring")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, incoming)
    except OSError as error:
        raise Refusal("backup_bad", file=file.name) from error
    try:
        _verify(incoming, file.name)
    except BaseException:
        remove(incoming)
        raise
    return incoming


def bring_keys(path: Path, file: Path) -> None:
    """The key files that lie with a back-up come along; without them those beside the database stay."""
    keys = file.with_suffix(".keys")
    for kind in ("key", "relink"):
        kept = next(keys.glob(f"*.{kind}"), None) if keys.is_dir() else None
        if kept:
            shutil.copy2(kept, path.with_name(f"{path.name}.{kind}"))


def expire(folder: Path, days: int = KEEP_BACKUPS_DAYS) -> list[Path]:
    """Remove copies in the back-up folder that are older than `days`; returns them. Erased people end there too."""
    limit = (datetime.now() - timedelta(days=days)).timestamp()
    old = [file for file in folder.glob("*.duckdb") if file.stat().st_mtime < limit]
    for file in old:
        remove(file)
        shutil.rmtree(file.with_suffix(".keys"), ignore_errors=True)
    return old


@contextmanager
def _attached(cursor: duckdb.DuckDBPyConnection, file: Path, name: str) -> Iterator[None]:
    quoted = str(file).replace("'", "''")
    cursor.execute(f"ATTACH '{quoted}' AS {name}")
    try:
        yield
    finally:
        with suppress(duckdb.Error):
            cursor.execute(f"DETACH {name}")


def _contents(cursor: duckdb.DuckDBPyConnection, name: str) -> dict[str, tuple[int, int]]:
    """Rows and a checksum of every table; the order of rows does not matter."""
    tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY 1", [name]).fetchall()
    found = {}
    for (table,) in tables:
        sql = f'SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0)::VARCHAR FROM "{name}"."{table}" AS t'
        count, total = cursor.execute(sql).fetchall()[0]
        found[table] = (int(count), int(total))
    return found


def _verify(file: Path, shown: str) -> int:
    """Read every row of a copy and count them; a newer version keeps its own refusal."""
    try:
        copy = Database(file, read_only=True)
    except Refusal as problem:
        raise Refusal("backup_bad", file=shown) from problem
    try:
        with copy.read() as cursor:
            tables = cursor.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'").fetchall()
            if not tables[0][0]:
                raise Refusal("backup_bad", file=shown)
            version = cursor.execute("SELECT max(version) FROM schema_version").fetchall()[0][0]
            contents = _contents(cursor, cursor.execute("SELECT current_database()").fetchall()[0][0])
    except (duckdb.Error, Refusal) as problem:
        raise Refusal("backup_bad", file=shown) from problem
    finally:
        copy.close()
    known = migrations()[-1][0]
    if version > known:
        raise Refusal("database_newer", file=shown, version=version, known=known)
    return sum(count for count, _ in contents.values())


def _refuse_when_open(path: Path) -> None:
    """A damaged file may be replaced, one that is in use may not."""
    if not path.exists():
        return
    try:
        Database(path).close()
    except Refusal as problem:
        if problem.code == "database_locked":
            raise


def _put_aside(path: Path, folder: Path) -> Path | None:
    """Keep what will be replaced; its write-ahead log goes, for it would be taken for that of the new file."""
    if not path.exists():
        return None
    aside = name_aside(path, folder)
    keep_as(path, aside)
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        shutil.move(wal, aside.with_name(aside.name + ".wal"))
    return aside


def name_aside(path: Path, folder: Path) -> Path:
    """A name nothing has yet, for what a restore takes the place of."""
    first = folder / f"{path.stem}-before-restore-{datetime.now():%Y%m%d-%H%M%S}.duckdb"
    return first if not first.exists() else first.with_stem(f"{first.stem}-{uuid.uuid4().hex[:6]}")


def _to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDWR)  # Windows flushes only what can be written
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(file: Path) -> None:
    for part in (file, file.with_name(file.name + ".wal")):
        part.unlink(missing_ok=True)
