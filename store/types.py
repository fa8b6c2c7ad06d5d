"""What the store hands back: descriptions of what is stored, never rows about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The staff at one day, as one import delivered it.

    rows: stored rows (one per person, leavers included); active: own staff employed at `as_of`.
    """

    number: int
    as_of: date
    content_hash: str
    file_name: str
    rows: int
    active: int
    who: str
    at: datetime
    import_no: int
    sample: bool


@dataclass(frozen=True, slots=True)
class Rename:
    """A location, unit or role that goes by another name from `since` on; earlier snapshots are read under the new name.

    people: how many people were seen to go from the old name to the new one together.
    """

    column: str
    old: str
    new: str
    since: date
    people: int = 0


@dataclass(frozen=True, slots=True)
class NameChange:
    """What a person (or the evidence) says happened to a name: column (unit | role | location), change (rename | merge | split |
    split_off), from `old` to `new` on the day `since`. people: who went along."""

    column: str
    change: str
    old: str
    new: str
    since: date
    people: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A file set against the snapshot before it, own staff employed on both days: counts of people."""

    previous: date
    as_of: date
    stayed: int
    came: int
    gone: int
    moved: int
    birth_changed: int
    fte_changed: int
    unread: int = 0
    """Of those gone: people who are in the file, in rows that were not kept."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What one import did. `already`: the same file was stored before, nothing changed; `replaced`: days whose earlier
    snapshot this one took the place of; `sample_removed`: the sample firm made way for real data."""

    import_no: int
    snapshots: tuple[Snapshot, ...]
    already: bool = False
    replaced: tuple[date, ...] = ()
    sample_removed: bool = False
    renames: tuple[Rename, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """A scenario somebody keeps. `method` and `fingerprint` say with which version of the formulas and of the data it was made."""

    id: str
    name: str
    owner: str
    body: str
    note: str
    method: str
    fingerprint: str
    created: datetime
    changed: datetime
    locked: bool
    archived: bool
