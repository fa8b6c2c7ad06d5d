"""The only room that knows DuckDB and the data folder."""

from store.questions import Retirements
from store.store import Store, open_store
from store.types import Difference, Rename, SavedScenario, Snapshot, Stored

__all__ = ["Difference", "Rename", "Retirements", "SavedScenario", "Snapshot", "Store", "Stored", "open_store"]
