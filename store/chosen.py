"""What people chose or filled in themselves: establishment, own figures, settings, scenarios, actions, decisions and what was parked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from store import choices, decisions, parked, skills
from store.db import Database
from store.needed import formation_rows
from store.own import own_figures, set_own_figures, undo_own_figures
from store.types import SavedScenario


class Chosen:
    """The part of `Store` that keeps choices: each method is one transaction and, when it writes, one line in the log."""

    database: Database

    def fingerprint(self) -> str:
        raise NotImplementedError

    def _noted(self, who: str, action: str, **details: Any) -> None:
        raise NotImplementedError

    # establishment

    def formation(self) -> pd.DataFrame:
        with self.database.read() as cursor:
            return formation_rows(cursor)

    def set_formation(self, frame: pd.DataFrame, who: str) -> int:
        with self.database.write() as cursor:
            version = choices.set_formation(cursor, frame, who)
        self._noted(who, "set_formation", version=version, rows=len(frame))
        return version

    def undo_formation(self, who: str) -> pd.DataFrame:
        with self.database.write() as cursor:
            rows = choices.undo_formation(cursor)
        self._noted(who, "undo_formation")
        return rows

    def can_undo_formation(self) -> bool:
        with self.database.read() as cursor:
            return choices.can_undo_formation(cursor)

    # tables people fill in themselves

    def own_figures(self, name: str) -> str:
        with self.database.read() as cursor:
            return own_figures(cursor, name)

    def set_own_figures(self, name: str, body: str, who: str) -> int:
        with self.database.write() as cursor:
            version = set_own_figures(cursor, name, body, who)
        self._noted(who, "set_own_figures", name=name, version=version)
        return version

    def undo_own_figures(self, name: str, who: str) -> None:
        with self.database.write() as cursor:
            undo_own_figures(cursor, name)
        self._noted(who, "undo_own_figures", name=name)

    # settings

    def settings(self) -> dict[str, str]:
        with self.database.read() as cursor:
            return {name: value for name, value in choices.settings(cursor).items() if name != "key_fingerprint"}

    def set_setting(self, name: str, value: str, who: str) -> None:
        with self.database.write() as cursor:
            choices.set_setting(cursor, name, value)
        self._noted(who, "set_setting", name=name)

    def mapping_memory(self) -> dict[str, str]:
        with self.database.read() as cursor:
            return choices.mapping_memory(cursor)

    def remember_mapping(self, mapping: dict[str, str]) -> None:
        with self.database.write() as cursor:
            choices.remember_mapping(cursor, mapping)

    # what was chosen for a role, and the action list

    def role_choices(self) -> pd.DataFrame:
        with self.database.read() as cursor:
            return skills.role_choices(cursor)

    def set_role_choice(self, role: str, isco: str, exposed: float | None, note: str, who: str) -> None:
        with self.database.write() as cursor:
            skills.set_role_choice(cursor, role, isco, exposed, note, who)
        self._noted(who, "set_role_choice", role=role)

    def actions(self) -> pd.DataFrame:
        with self.database.read() as cursor:
            return skills.actions(cursor)

    def set_actions(self, rows: list[dict[str, Any]], who: str) -> int:
        """The whole action list as it is now."""
        with self.database.write() as cursor:
            count = skills.set_actions(cursor, rows)
        self._noted(who, "set_actions", rows=count)
        return count

    # scenarios

    def scenarios(self, archived: bool = False) -> tuple[SavedScenario, ...]:
        with self.database.read() as cursor:
            return choices.scenarios(cursor, archived)

    def scenario(self, scenario_id: str) -> SavedScenario:
        with self.database.read() as cursor:
            return choices.scenario(cursor, scenario_id)

    def save_scenario(
        self, name: str, body: str, who: str, note: str = "", method: str = "", scenario_id: str | None = None, fingerprint: str = ""
    ) -> SavedScenario:
        """fingerprint: of the data it was made on; that of this database when not given."""
        fingerprint = fingerprint or self.fingerprint()
        with self.database.write() as cursor:
            saved = choices.save_scenario(cursor, name, body, who, note, method, fingerprint, scenario_id)
        self._noted(who, "save_scenario", id=saved.id)
        return saved

    def rename_scenario(self, scenario_id: str, name: str, who: str) -> SavedScenario:
        with self.database.write() as cursor:
            saved = choices.rename_scenario(cursor, scenario_id, name)
        self._noted(who, "rename_scenario", id=scenario_id)
        return saved

    def flag_scenario(self, scenario_id: str, flag: str, value: bool, who: str) -> SavedScenario:
        """Set `locked` or `archived`."""
        with self.database.write() as cursor:
            saved = choices.flag_scenario(cursor, scenario_id, flag, value)
        self._noted(who, f"scenario_{flag}", id=scenario_id, value=value)
        return saved

    def delete_scenario(self, scenario_id: str, who: str) -> None:
        with self.database.write() as cursor:
            choices.delete_scenario(cursor, scenario_id)
        self._noted(who, "delete_scenario", id=scenario_id)

    # decisions

    def decisions(self) -> pd.DataFrame:
        with self.database.read() as cursor:
            return decisions.decisions(cursor)

    def add_decision(self, who: str, day: date, text: str, owner: str, council: str, made: dict[str, str]) -> int:
        with self.database.write() as cursor:
            place = decisions.add_decision(cursor, who, day, text, owner, council, made)
        self._noted(who, "decision", number=place)
        return place

    # parked in a meeting

    def parked(self, who: str) -> pd.DataFrame:
        """See `parked.questions`."""
        with self.database.read() as cursor:
            return parked.questions(cursor, who)

    def park(self, who: str, text: str, moment: datetime | None = None) -> int:
        with self.database.write() as cursor:
            place = parked.park(cursor, who, text, moment)
        self._noted(who, "question_parked", number=place)
        return place

    def tick_parked(self, who: str, place: int, done: bool) -> None:
        with self.database.write() as cursor:
            parked.tick(cursor, who, place, done)
        self._noted(who, "question_ticked" if done else "question_put_back", number=place)

    def remove_parked(self, who: str, place: int) -> None:
        with self.database.write() as cursor:
            parked.remove(cursor, who, place)
        self._noted(who, "question_removed", number=place)

    def expire_parked(self, who: str, now: datetime) -> int:
        """Questions ticked off too long ago to be put back; how many went."""
        with self.database.write() as cursor:
            gone = parked.expire(cursor, now)
        if gone:
            self._noted(who, "questions_expired", count=gone)
        return gone

    def doubts(self, who: str) -> list[str]:
        with self.database.read() as cursor:
            return parked.doubts(cursor, who)

    def set_doubts(self, who: str, names: Sequence[str]) -> None:
        with self.database.write() as cursor:
            parked.set_doubts(cursor, who, names)
        self._noted(who, "doubts_noted", count=len(names))
