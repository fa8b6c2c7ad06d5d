"""The only room that knows DuckDB and the data folder."""

from store.copies import Backup
from store.opening import open_for_reading, open_store, restore
from store.questions import Retirements
from store.skills import SkillData
from store.store import Store
from store.types import Difference, NameChange, Rename, SavedScenario, Snapshot, Stored

__all__ = [
    "Backup",
    "Difference",
    "NameChange",
    "Rename",
    "Retirements",
    "SavedScenario",
    "SkillData",
    "Snapshot",
    "Store",
    "Stored",
    "open_for_reading",
    "open_store",
    "restore",
]
