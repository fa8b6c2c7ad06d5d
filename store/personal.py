"""What is stored about persons by name: to read, to erase, to forget after a while. In workflows only `people` asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from analytics.errors import Refusal
from store import copies, people, skills
from store.db import Database
from store.keys import Keys
from store.working import WorkingCopy


class Personal:
    """The part of `Store` that speaks of single persons."""

    database: Database
    keys: Keys

    def _numbered(self, who: str, action: str, **details: Any) -> None:
        raise NotImplementedError

    def person_rows(self, as_of: date | None = None) -> pd.DataFrame:
        """Own staff of a day with their employee_id ("" where the re-link file does not know it)."""
        with self.database.read() as cursor:
            rows = people.rows(cursor, as_of)
        known = self.keys.employee_ids()
        return rows.assign(employee_id=pd.Series([known.get(key, "") for key in rows["key"].tolist()], dtype="str", index=rows.index))

    def skill_people(self, as_of: date | None = None) -> pd.DataFrame:
        """cell of `skills` and employee_id ("" where the re-link file does not know it)."""
        with self.database.read() as cursor:
            rows = skills.people_rows(cursor, as_of)
        known = self.keys.employee_ids()
        return pd.DataFrame({"cell": rows["cell"], "employee_id": [known.get(key, "") for key in rows["key"].tolist()]})

    def about_person(self, employee_id: str) -> dict[str, list[dict[str, Any]]]:
        """Everything stored about one employee id, per table. Refusal person_unknown."""
        with self.database.read() as cursor:
            found = people.about(cursor, self.keys_of(employee_id))
        if not any(found.values()):
            raise Refusal("person_unknown")
        return found

    def erase_person(self, employee_id: str, who: str) -> int:
        """Delete everything about one employee id and rewrite the files, so that nothing is left in unused blocks. Returns the
        number of rows. Refusal person_unknown. Older back-ups hold it until they expire."""
        keys = self.keys_of(employee_id)
        with self.database.write() as cursor:
            removed = people.erase(cursor, keys, who)
            if not removed:
                raise Refusal("person_unknown")
        self.rewrite()
        self._numbered(who, "erase_person", rows=removed)
        return removed

    def apply_retention(self, leavers_before: date | None, snapshots_before: date | None, who: str) -> int:
        """Forget people who left, and snapshots, from before a day. Returns the number of rows."""
        with self.database.write() as cursor:
            removed = people.forget(cursor, leavers_before, snapshots_before, who)
        if removed:
            self.rewrite()
            self._numbered(who, "retention", rows=removed)
        return removed

    def keys_of(self, employee_id: str) -> list[str]:
        """By the re-link file, and by hashing the id itself where that file is lost."""
        return list({*self.keys.keys_of(employee_id), self.keys.key(employee_id)})

    def rewrite(self) -> None:
        """After rows were deleted: nothing of them stays in unused blocks, nor in the re-link file. Nobody imports meanwhile: people
        who are being stored are in the re-link file before they are in the data."""
        with self.database.still() as cursor:
            self.keys.keep_only(people.keys_left(cursor))
        copies.rewrite(self.database)
        if isinstance(self.database, WorkingCopy):
            self.database.forget()
