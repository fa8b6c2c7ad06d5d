"""The door to the data: one object per database, one method per question. Only this room knows DuckDB and the data folder."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.errors import Refusal
from analytics.means import Known
from analytics.workforce import Cohorts, History
from store import cells, choices, copies, naming, own_skills, questions, record, saving, skills, snapshots, told
from store.audit import AuditLog
from store.changes import changes
from store.chosen import Chosen
from store.cohorts import cohorts
from store.counts import group_counts
from store.db import MEMORY, Database
from store.frames import ask, number
from store.history import history
from store.keys import Keys
from store.means import means
from store.personal import Personal
from store.questions import Retirements
from store.saving import Delivery, ReportLike
from store.skills import SkillData
from store.types import Difference, NameChange, Snapshot, Stored
from store.voices import Voices
from store.working import WorkingCopy, open_copy, restore_record

COUNTS_KEPT = 2
"""Days whose counted people stay at hand: today and the one it is compared with."""


class Store(Chosen, Personal):
    """An open database with its key file and its log. Safe for use from many threads; close it, or use it in a `with` block."""

    def __init__(self, path: Path | str, read_only: bool = False, publishing: bool = False, copy_of: Path | None = None) -> None:
        """copy_of: the database that `path` is the read copy of; its keys and its log are used."""
        address = None if read_only or str(path) == MEMORY else record.configured(Path(path))
        self.database = open_copy(Path(path).absolute(), address) if address else Database(path, read_only)
        self.shared = isinstance(self.database, WorkingCopy)
        base = None if self.database.memory else Path(copy_of or path).absolute()
        self.base = base
        self.keys = Keys(base)
        self.audit = AuditLog(base.with_name(base.name + ".log") if base else None)
        self.voices = Voices(self)
        self.publishing = publishing and not read_only and not self.database.memory and not self.shared
        self.lost_imports = 0
        self._here = threading.local()
        self._remembered: dict[str, tuple[int, Any]] = {}
        self._counted: dict[tuple[str, date | None], Cohorts] = {}
        if not read_only:
            try:
                self.audit.recover()
                self._compare_with_log()
            except Refusal:  # the log cannot be read; a next attempt finds the file free
                self.database.close()
                raise
            self._count_cells()
            if base:
                copies.read_copy_path(base).unlink(missing_ok=True)
            self.renew_copy()
        if publishing and isinstance(self.database, WorkingCopy):
            self.database.follow()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Waits for who is reading or writing; the copy for reading goes, for the database itself can be read now."""
        self.database.close()
        if self.audit.waiting:
            self.audit.recover()
        if self.publishing and self.base:
            with suppress(OSError):
                copies.read_copy_path(self.base).unlink(missing_ok=True)

    @property
    def read_only(self) -> bool:
        return self.database.read_only

    def _compare_with_log(self) -> None:
        """An import the log has acknowledged and the database has not is lost work: say so, never hide it. The other way round
        the process was stopped between the two: complete the log."""
        noted = self.audit.last_import()  # before the other: meanwhile another process may store and note something
        if isinstance(self.database, WorkingCopy):
            self.database.refresh()
        with self.database.read() as cursor:
            stored = number(cursor, "SELECT max(import_no) FROM import_log")
        self.lost_imports = max(0, noted - stored)
        if stored > noted:
            self.audit.done("werkhorizon", "import_completed_at_start", import_no=stored)

    def _count_cells(self) -> None:
        """A file of an older version has no counted cells yet. Where they cannot be kept the rows are counted at each first question."""
        with self.database.read() as cursor:
            absent = cells.missing(cursor)
        if absent:
            with suppress(Refusal), self.database.write() as cursor:
                cells.refresh(cursor)

    # imports

    def save_import(
        self,
        frames: dict[str, pd.DataFrame],
        reports: Sequence[ReportLike],
        content_hash: str,
        file_name: str,
        who: str,
        sample: bool = False,
        replace: bool = False,
        as_of_given: bool = False,
        names: tuple[NameChange, ...] | None = None,
    ) -> Stored:
        """Store a checked file in one transaction; see `saving.save` for refusals. names: see `Delivery`."""
        delivery = Delivery(frames, tuple(reports), content_hash, file_name, who, sample, replace, as_of_given, names)
        stored = saving.save(self.database, self.keys, delivery)
        if stored.already:
            return stored
        days = [snapshot.as_of.isoformat() for snapshot in stored.snapshots]
        rows = sum(snapshot.rows for snapshot in stored.snapshots)
        self.lost_imports = 0  # from here on the log and the database count alike again
        self.audit.done(who, "import", import_no=stored.import_no, snapshots=days, rows=rows, sample=sample, content_hash=content_hash)
        self.renew_copy()
        return stored

    def difference(self, frame: pd.DataFrame) -> Difference | None:
        """A checked employees frame against the snapshot before its newest day; None when there is none."""
        return self.compare(frame)[0]

    def compare(self, frame: pd.DataFrame, unread: Sequence[str] = ()) -> tuple[Difference | None, pd.DataFrame, pd.DataFrame]:
        """The same, with the names that seem to have changed and who changed group; see `naming.compare`."""
        return naming.compare(self.database, self.keys, frame, unread)

    def names_in_use(self) -> dict[str, list[str]]:
        """unit and role: the names of today."""
        with self.database.read() as cursor:
            return naming.names_in_use(cursor)

    def without_staff(self, ids: list[str]) -> list[str]:
        """Those of the ids whom no stored staff list holds."""
        with self.database.read() as cursor:
            return skills.without_staff(cursor, self.keys, ids)

    def undo_last(self, who: str) -> tuple[Snapshot, ...]:
        """Take back the newest import; returns its snapshots. Refusal nothing_to_undo."""
        gone = snapshots.undo_last(self.database, who)
        self._numbered(who, "undo_import", snapshots=[snapshot.as_of.isoformat() for snapshot in gone])
        return gone

    def clear_sample(self, who: str) -> bool:
        """Remove the sample firm; False when there is none."""
        cleared = snapshots.clear_sample(self.database, who)
        if cleared:
            self._numbered(who, "clear_sample")
        return cleared

    def is_sample(self) -> bool:
        return self._unchanged("sample", snapshots.is_sample)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Those in force, oldest first."""
        return self._unchanged("snapshots", snapshots.list_snapshots)

    def _unchanged(self, name: str, ask: Callable[[Any], Any]) -> Any:
        """What `ask` reads with a cursor, asked again only after a write: every run of a page wants these few small answers."""
        stand = self.database.writes
        kept = self._remembered.get(name)
        if kept is None or kept[0] != stand:
            with self.database.read() as cursor:
                kept = self._remembered[name] = (stand, ask(cursor))
        return kept[1]

    def latest(self) -> Snapshot | None:
        found = self.snapshots()
        return found[-1] if found else None

    def imports(self) -> pd.DataFrame:
        """The import log, newest first: import_no, action, at, who, file_name, sample, undone."""
        with self.database.read() as cursor:
            return ask(
                cursor,
                """SELECT import_no, action, moment AS "at", who, file_name, sample, undone_by IS NOT NULL AS undone
                FROM import_log ORDER BY import_no DESC""",
            )

    # answers

    def cohorts(self, as_of: date | None = None) -> Cohorts:
        """Counted once per day as long as the data stay as they are: several pages ask for the same day. Frames of one's own."""
        last = self.latest() if as_of is None else None
        key = self.fingerprint(), last.as_of if last else as_of
        found = self._counted.get(key)
        if found is None:
            with self.database.read() as cursor:
                found = cohorts(cursor, key[1])
            if self.fingerprint() == key[0]:  # else somebody saved meanwhile, and this may be of either state
                self._counted = dict([*self._counted.items(), (key, found)][-COUNTS_KEPT:])
        frames = {name: getattr(found, name).copy(deep=False) for name in ("frame", "demand", "roles")}
        return replace(found, **frames)

    def group_counts(self, as_of: date) -> pd.DataFrame:
        """GROUP columns and people of every group of a day, sorted."""
        with self.database.read() as cursor:
            return group_counts(cursor, as_of)

    def history(self, until: date | None = None) -> History:
        with self.database.read() as cursor:
            return history(cursor, until)

    def changes(self, one: date, other: date) -> pd.DataFrame:
        with self.database.read() as cursor:
            return changes(cursor, one, other)

    def retirement_dates(self, as_of: date | None = None, age: int | None = None, years: int = 5) -> Retirements:
        with self.database.read() as cursor:
            return questions.retirements(cursor, as_of, age, years)

    def quality(self, as_of: date | None = None) -> pd.DataFrame:
        with self.database.read() as cursor:
            return questions.quality(cursor, as_of)

    def findings(self) -> pd.DataFrame:
        with self.database.read() as cursor:
            return questions.findings(cursor)

    def skills(self, as_of: date | None = None, as_told: bool = False) -> SkillData:
        """All about skills of one day, people as cells without an id; as_told: from the copy for everybody but HR. Refusal no_data."""
        with self.database.read() as cursor:
            return skills.data(cursor, as_of, as_told and self.tells)

    def means(self, as_of: date | None = None, as_told: bool = False) -> Known:
        """Mentors, wishes for more hours and hired staff, counted per group; as_told as `skills`. Refusal no_data."""
        with self.database.read() as cursor:
            return means(cursor, as_of, as_told and self.tells)

    def fingerprint(self) -> str:
        """Changes whenever an answer could change: the key of every cache and of saved scenarios."""
        counted = self._unchanged("counted", choices.counted)
        where = self.database.identity if isinstance(self.database, WorkingCopy) else self.base
        return hashlib.sha256(f"{where}|{counted}".encode()).hexdigest()[:16]

    @property
    def trouble(self) -> str:
        """Why this process cannot follow the record at the moment, as the code of a refusal; "" when all is well."""
        problem = self.database.trouble if isinstance(self.database, WorkingCopy) else None
        return problem.code if problem else ""

    def told(self) -> str:
        """Changes whenever somebody tells, changes or takes back a wish or a skill: beside the fingerprint in the key of what is made
        of them. Apart, because a saved scenario does not stand on other data for it."""
        return self._unchanged("told", own_skills.stamp)

    def told_copy(self) -> str:
        """The same for what everybody but HR is told: changes when the copy is renewed or somebody is taken out of it."""
        return self._unchanged("told_copy", told.stamp)

    def told_stand(self) -> told.Stand:
        return self._unchanged("told_stand", told.stand)

    @property
    def tells(self) -> bool:
        """Whether there is a copy to tell from. Where none was ever made and none can be, what is known was never told before."""
        return not self.read_only or self.told_stand().newest is not None

    def renew_told(self, cut: pd.DataFrame, k: int, least: int, day: date) -> int:
        """Renew what everybody but HR is told, where enough people changed; see `told.renew`. Returns how many people wait.

        A database that can only be read keeps what it has. Refusal no_data."""
        with self.database.read() as cursor:
            due, waiting = told.renew(cursor, cut, k, least, day, write=False)
        if due and not self.read_only:
            with self.database.write() as cursor:
                due, waiting = told.renew(cursor, cut, k, least, day, write=True)
            self._noted("werkhorizon", "told_renewed", people=due)
        return waiting

    # copies

    def backup(self, folder: Path, who: str) -> copies.Backup:
        """A verified copy in a folder, while in use. Refusals: backup_exists, folder_not_writable, backup_bad, disk_full."""
        extra = tuple(file for file in (self.keys.key_file, self.keys.relink_file) if file)
        made = copies.backup(self.database, folder, extra)
        self.audit.done(who, "backup", file=made.file.name, rows=made.rows)
        return made

    def restore(self, file: Path, who: str) -> None:
        """Put a back-up in the place of this database while it is in use; what was there is kept in the back-up folder.
        Refusals: backup_bad, database_newer, disk_full; the old database is then still in use."""
        if self.read_only:
            raise Refusal("database_locked", file=self.database.path.name)
        if isinstance(self.database, WorkingCopy) and self.base:
            restore_record(self.database, self.base, file)
        else:
            copies.restore_open(self.database, file)
        self.keys = Keys(self.base)
        self.lost_imports = 0
        self._count_cells()
        self._numbered(who, "restore", file=file.name)

    def expire_backups(self, who: str, days: int = copies.KEEP_BACKUPS_DAYS) -> int:
        """Remove copies in the back-up folder older than `days`."""
        gone = copies.expire(self.database.backup_dir, days)
        if gone:
            self.audit.done(who, "expire_backups", files=len(gone))
        return len(gone)

    def publish(self) -> Path | None:
        """Renew the read copy beside the database now; None in memory, and where every process has a copy of its own."""
        return None if self.database.memory or self.shared else copies.publish(self.database)

    # after every write

    def _noted(self, who: str, action: str, **details: Any) -> None:
        """Log a committed act."""
        self.audit.done(who, action, **details)
        self.renew_copy()

    def _numbered(self, who: str, action: str, **details: Any) -> None:
        """Log an act that has a line in the import log."""
        with self.database.read() as cursor:
            last = number(cursor, "SELECT max(import_no) FROM import_log")
        self._noted(who, action, import_no=last, **details)

    @contextmanager
    def one_copy(self) -> Iterator[None]:
        """For many writes of this thread that belong together: the read copy is renewed once, at their end."""
        if getattr(self._here, "waiting", False):
            yield
            return
        self._here.waiting = True
        try:
            yield
        finally:
            self._here.waiting = False
            self.renew_copy()

    def renew_copy(self) -> None:
        """The read copy follows every commit; a disk too full for it does not undo what was stored."""
        if self.publishing and not getattr(self._here, "waiting", False):
            with suppress(Refusal, OSError):
                self.publish()
