"""The connection: one root per process, a cursor per call, nothing of the outside world reachable from SQL.

Faults become refusals here: another process, another kind of file, a newer or a damaged one. After DuckDB's fatal error
(a full disk, mostly) every statement fails until the file is closed and opened again, so the next call reopens it.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import duckdb
import psutil

from analytics.errors import Refusal

MEMORY = ":memory:"
MIGRATIONS = Path(__file__).parent / "migrations"
MAGIC = b"DUCK"
"""Bytes 8-11 of every DuckDB file."""
PATIENCE = 60.0
"""Seconds to wait for readers to finish, or for a change of file to be done."""
HEADERS = 3 * 4096
"""Bytes before the first block."""
STOPPING = 20.0
"""Seconds that closing waits for readers and the writer."""
FREE_MINIMUM = 16 * 2**20
"""Below this much free disk a write is refused: measured, a check at 16 MB left no error at all."""
DAMAGE = ("corrupt", "checksum", "could not read enough bytes")
"""What DuckDB says when a block of the file is not what it was."""
LONG_LOG = 16 * 2**20
"""Bytes. DuckDB itself folds a write-ahead log this long into the file while the one who stored waits; here that is done where
nobody does, and DuckDB's own hand stays for four times as much."""
LEFT = ("tmp*", "copying-*", "restoring-*")
"""What a process makes in the back-up folder for itself; the number of the process follows the first dash."""
NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""In the connect call, because merely opening a file of another kind may try to download an extension."""

_open_here: set[str] = set()
_open_lock = threading.Lock()


def migrations() -> list[tuple[int, str]]:
    """(number, SQL) of every migration, in order."""
    files = sorted(MIGRATIONS.glob("[0-9][0-9][0-9]_*.sql"))
    return [(int(file.name[:3]), file.read_text(encoding="utf-8")) for file in files]


class Database:
    """A DuckDB file (or `:memory:`) that is open. Use `read()` and `write()`; both give a cursor of your own."""

    def __init__(self, path: Path | str, read_only: bool = False, until: int | None = None) -> None:
        """until: number of the last migration to apply; None: all."""
        self.until = until or migrations()[-1][0]
        self.memory = str(path) == MEMORY
        self.path = Path(path) if self.memory else Path(path).absolute()
        self.read_only = read_only
        self.backup_dir = self.path.parent / "backup"
        self._writer = threading.RLock()
        self._gate = threading.Condition()
        self._reading = 0
        self._changing = False
        self._broken = False
        self.writes = 0
        self._claim()
        try:
            self._prepare_folder()
            self._root = self._connect()
            if not read_only:
                self._migrate()
                self._sweep()
            self._harden()
        except BaseException:
            self.close()
            raise

    @property
    def title(self) -> str:
        """What back-ups are named after."""
        return Path(self.path.stem).stem if self.read_only else self.path.stem  # a read copy is called <database>.read

    # opening

    def _claim(self) -> None:
        """One opening per process: closing any second handle on the file would silently drop the first one's lock (POSIX)."""
        if self.memory or self.read_only:
            return
        with _open_lock:
            if str(self.path) in _open_here:
                raise Refusal("database_locked", file=self.path.name)
            _open_here.add(str(self.path))

    def _prepare_folder(self) -> None:
        if self.memory:
            return
        if not self.read_only:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.backup_dir.mkdir(exist_ok=True)
            except OSError as error:
                raise Refusal("folder_not_writable", folder=str(self.path.parent)) from error
        if self.path.exists():
            _check_magic(self.path)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        self.writes += 1
        try:
            root = duckdb.connect(str(self.path), read_only=self.read_only, config=NO_EXTENSIONS)
        except duckdb.Error as error:
            raise _opening_refusal(error, self.path) from error
        if not self.memory and _cut_off(root, self.path):
            root.close()
            raise Refusal("database_damaged", file=self.path.name)
        return root

    def _harden(self) -> None:
        """Order matters: the back-up folder can only be allowed before outside access is switched off."""
        root = self._root
        root.execute("SET allow_community_extensions = false")
        if not self.memory:
            folder = str(self.backup_dir).replace("'", "''")
            root.execute(f"SET allowed_directories = ['{folder}/']")
            root.execute(f"SET temp_directory = '{folder}/tmp-{os.getpid()}'")  # processes beside one another never share one
        root.execute(f"SET checkpoint_threshold = '{4 * LONG_LOG} bytes'")
        root.execute("SET enable_external_access = false")
        root.execute("SET lock_configuration = true")

    def _sweep(self) -> None:
        """What a killed process had put aside on disk, while it computed or made a copy, is thrown away: it may hold rows about people."""
        for kind in LEFT if not self.memory else ():
            for left in self.backup_dir.glob(kind):
                if not _being_made(left):
                    shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    # versions

    def _version(self) -> int:
        """Number of the last migration in the file; 0 for a new one."""
        try:
            return self._one("SELECT max(version) FROM schema_version")
        except duckdb.CatalogException:
            if self._one("SELECT count(*) FROM duckdb_tables()"):
                raise Refusal("not_our_database", file=self.path.name) from None
            return 0

    def _one(self, sql: str) -> int:
        """All rows are fetched: an unfinished result would keep the connection busy."""
        return int(self._root.execute(sql).fetchall()[0][0] or 0)

    def _migrate(self) -> None:
        steps = [(number, sql) for number, sql in migrations() if number <= self.until]
        current, newest = self._version(), self.until
        if current > newest:
            raise Refusal("database_newer", file=self.path.name, version=current, known=newest)
        if current == newest:
            return
        if current and not self.memory:
            self._copy_before(current)
        for number, sql in steps:
            if number > current:
                self._apply(number, sql)
        self._root.execute("CHECKPOINT")

    def _apply(self, number: int, sql: str) -> None:
        root = self._root
        root.execute("BEGIN")
        try:
            root.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, moment TIMESTAMP NOT NULL)")
            root.execute(sql)
            root.execute("INSERT INTO schema_version VALUES (?, ?)", [number, datetime.now()])
            root.execute("COMMIT")
        except BaseException:
            with suppress(duckdb.Error):
                root.execute("ROLLBACK")
            raise

    def _copy_before(self, version: int) -> None:
        """Closed first: only then is the file whole, and only then may another handle touch it."""
        self._root.close()
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        shutil.copy2(self.path, self.backup_dir / f"{self.path.stem}-before-v{version + 1}-{stamp}.duckdb")
        self._root = self._connect()

    # using

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one question; its registered frames and temporary tables are gone afterwards. Not nested in one thread."""
        root = self._enter()
        try:
            with root.cursor() as cursor:
                yield cursor
        except duckdb.Error as error:
            full = "no space left" in str(error).lower()
            if full or isinstance(error, duckdb.FatalException):
                self._broken = True
            if full:
                raise Refusal("disk_full", free_mb=self._free() // 2**20, needed_mb=FREE_MINIMUM // 2**20) from error
            if self._broken:
                raise Refusal("database_failed") from error
            if any(sign in str(error).lower() for sign in DAMAGE):
                raise Refusal("database_damaged", file=self.path.name) from error
            raise
        finally:
            with self._gate:
                self._reading -= 1
                self._gate.notify_all()

    @contextmanager
    def write(self, needed_bytes: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside one transaction, one writer at a time: committed at the end, rolled back on any error.

        needed_bytes: size of what is about to be written; refused when less than three times that is free. `writes` counts what
        has been tried: while it stands still, so does the database.
        """
        if self.read_only:
            raise Refusal("database_locked", file=self.path.name)
        with self._writer:
            self.require_space(needed_bytes)
            with self.read() as cursor:
                cursor.execute("BEGIN")
                try:
                    with undone_on_error(cursor):
                        yield cursor
                        cursor.execute("COMMIT")
                finally:
                    self.writes += 1

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else in this process writes meanwhile."""
        with self._writer:
            yield

    @contextmanager
    def still(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor while nobody writes: what it copies is one moment."""
        with self._writer, self.read() as cursor:
            yield cursor

    def require_space(self, needed_bytes: int) -> None:
        """Refusal("disk_full") when the disk cannot hold it with room to spare."""
        if self.memory:
            return
        wanted = max(FREE_MINIMUM, 3 * needed_bytes)
        free = self._free()
        if free < wanted:
            raise Refusal("disk_full", free_mb=free // 2**20, needed_mb=-(-wanted // 2**20))

    def _free(self) -> int:
        return shutil.disk_usage(self.path.parent).free

    def _enter(self) -> duckdb.DuckDBPyConnection:
        """Wait while the file is being changed for another, reopen it when it failed; then count as a reader."""
        while True:
            with self._gate:
                if not self._gate.wait_for(lambda: not self._changing, PATIENCE):
                    raise Refusal("database_failed")
                if not self._broken:
                    self._reading += 1
                    return self._root
            with self.alone():
                if self._broken:
                    self._reopen()

    @contextmanager
    def alone(self, patience: float = PATIENCE) -> Iterator[None]:
        """Nobody reads or writes meanwhile: only then may the file be closed. While any cursor lives, DuckDB hands out the old file."""
        with self._writer:
            with self._gate:
                self._changing = True
                drained = self._gate.wait_for(lambda: self._reading == 0, patience)
            try:
                if not drained:
                    raise Refusal("database_failed")
                yield
            finally:
                with self._gate:
                    self._changing = False
                    self._gate.notify_all()

    def _reopen(self) -> None:
        """Close and open again; committed work is in the file and its log."""
        with suppress(duckdb.Error):
            self._root.close()
        self._root = self._connect()
        self._migrate()
        self._harden()
        self._broken = False

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file."""
        if self.read_only or self.memory:
            return
        with suppress(duckdb.TransactionException), self.read() as cursor:
            cursor.execute("CHECKPOINT")

    def fold(self) -> None:
        """`checkpoint` when the log has become long."""
        log = self.path.with_name(self.path.name + ".wal")
        if not self.memory and log.exists() and log.stat().st_size > LONG_LOG:
            self.checkpoint()

    def swap_file(self, replacement: Path, aside: Path | None = None) -> None:
        """Put another database file in the place of this one, which is kept as `aside` if that is given. A replacement that
        cannot be opened after all makes way for the old file again."""
        with self.alone():
            self._root.close()  # folds the write-ahead log into the file
            wal = self.path.with_name(self.path.name + ".wal")
            kept = aside or self.backup_dir / f"{replacement.stem}.old"
            try:
                wal.unlink(missing_ok=True)
                keep_as(self.path, kept)
                os.replace(replacement, self.path)
                self._reopen()
            except BaseException:
                if kept.exists():
                    with suppress(duckdb.Error):
                        self._root.close()
                    os.replace(kept, self.path)
                    kept.unlink(missing_ok=True)  # where both were names of one file nothing was replaced
                self._reopen()
                raise
            if aside is None:
                kept.unlink(missing_ok=True)

    def close(self) -> None:
        """Waits for what is going on to finish (a transaction is whole or it is not there), then folds the log into the file."""
        root = getattr(self, "_root", None)
        if root is not None:
            with suppress(Refusal), self.alone(STOPPING), suppress(duckdb.Error):
                root.close()  # folds the write-ahead log into the file
            with suppress(duckdb.Error):
                root.close()
        if not self.memory and not self.read_only:
            with _open_lock:
                _open_here.discard(str(self.path))


def _being_made(file: Path) -> bool:
    """Whether the process in its name lives and is the one that made it: another one may have the same number by now, and in a container
    always has."""
    process = file.name.partition("-")[2].partition("-")[0]
    try:
        told = file.stat()
        return (
            process.isdigit() and psutil.Process(int(process)).create_time() <= max(told.st_mtime, told.st_ctime) + 2
        )  # its clock is rough
    except (psutil.Error, OSError):
        return False


def keep_as(path: Path, kept: Path) -> None:
    """Keep a file that is about to be replaced under another name too. It is not moved there: whoever is killed between two moves leaves
    no file in its place, and the next start would make an empty one."""
    try:
        os.link(path, kept)
    except OSError:  # the disk knows no second names, or it is another disk
        shutil.copy2(path, kept)


@contextmanager
def undone_on_error(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Take the open transaction back when something goes wrong; after a fatal error there is nothing left to take back."""
    try:
        yield
    except duckdb.FatalException:
        raise
    except BaseException:
        with suppress(duckdb.Error):
            cursor.execute("ROLLBACK")
        raise


def _cut_off(root: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether blocks that tables are in lie beyond the end of the file.

    Blocks are read only when asked for, so a file that was cut off opens without complaint. A file may rightly be shorter than all
    its blocks (free ones at the end are not written), so then the tables are asked which blocks they use.
    """
    size = path.stat().st_size
    block, blocks = root.execute("SELECT block_size, total_blocks FROM pragma_database_size()").fetchall()[0]
    if size >= HEADERS + int(block) * int(blocks):
        return False
    tables = root.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary").fetchall()
    try:
        for (table,) in tables:
            sql = f"SELECT max(block_id) FROM pragma_storage_info('{str(table).replace(chr(39), chr(39) * 2)}') WHERE persistent"
            last = root.execute(sql).fetchall()[0][0]
            if last is not None and size < HEADERS + int(block) * (int(last) + 1):
                return True
    except duckdb.Error:
        return True
    return False


def _check_magic(path: Path) -> None:
    """Look before opening; an empty or foreign file is left as it is."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[8:12] != MAGIC:
        raise Refusal("not_a_database", file=path.name)


def _opening_refusal(error: duckdb.Error, path: Path) -> Refusal:
    text = str(error).lower()
    if "conflicting lock" in text or "different configuration" in text or "already attached" in text:
        return Refusal("database_locked", file=path.name)
    if "not a valid duckdb" in text:
        return Refusal("not_a_database", file=path.name)
    if "newer version" in text or "version number" in text:
        return Refusal("database_newer", file=path.name, version="?", known=migrations()[-1][0])
    if "permission" in text or "read-only file system" in text:
        return Refusal("folder_not_writable", folder=str(path.parent))
    return Refusal("database_damaged", file=path.name)
