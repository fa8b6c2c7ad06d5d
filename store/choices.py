"""What people typed or chose themselves: the establishment, settings, names of columns, scenarios. Every edit can be undone."""

from __future__ import annotations

import secrets
from datetime import datetime

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store import own
from store.frames import first, number
from store.needed import formation_rows
from store.saving import add_formation
from store.types import SavedScenario

KEPT_EDITS = 200
"""Versions of the establishment that stay available for undo."""


# establishment


def set_formation(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame, who: str) -> int:
    """Save the whole establishment as a new version. Refusals: formation_negative, formation_empty."""
    amounts = frame.reindex(columns=["establishment_fte", "vacancies_fte"])
    if frame.empty:
        raise Refusal("formation_empty")
    if (amounts < 0).any(axis=None):
        raise Refusal("formation_negative")
    version = add_formation(cursor, frame, who, None)
    cursor.execute("DELETE FROM formation WHERE version <= ?", [version - KEPT_EDITS])
    cursor.execute("DELETE FROM formation_version WHERE version <= ?", [version - KEPT_EDITS])
    return version


def undo_formation(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Take back the newest edit (an imported establishment goes with its import). Refusal nothing_to_undo."""
    row = first(cursor, "SELECT version, import_no FROM formation_version WHERE NOT undone ORDER BY version DESC LIMIT 1")
    if row is None or row[1] is not None:
        raise Refusal("nothing_to_undo")
    cursor.execute("UPDATE formation_version SET undone = true WHERE version = ?", [row[0]])
    return formation_rows(cursor)


def can_undo_formation(cursor: duckdb.DuckDBPyConnection) -> bool:
    row = first(cursor, "SELECT import_no FROM formation_version WHERE NOT undone ORDER BY version DESC LIMIT 1")
    return row is not None and row[0] is None


# settings and remembered column names


def settings(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(cursor.execute("SELECT name, value FROM setting").fetchall())


def set_setting(cursor: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    cursor.execute("DELETE FROM setting WHERE name = ?", [name])
    cursor.execute("INSERT INTO setting VALUES (?, ?)", [name, value])


def mapping_memory(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """header -> field, as chosen before."""
    return dict(cursor.execute("SELECT header, field FROM mapping_memory ORDER BY moment").fetchall())


def remember_mapping(cursor: duckdb.DuckDBPyConnection, mapping: dict[str, str]) -> None:
    """mapping: header -> field; the newest choice counts."""
    for header, field in mapping.items():
        cursor.execute("DELETE FROM mapping_memory WHERE header = ?", [header])
        cursor.execute("INSERT INTO mapping_memory VALUES (?, ?, ?)", [header, field, datetime.now()])


# saved scenarios

_COLUMNS = "id, name, owner, body, note, method, fingerprint, created, changed, locked, archived"


def scenarios(cursor: duckdb.DuckDBPyConnection, archived: bool) -> tuple[SavedScenario, ...]:
    rows = cursor.execute(f"SELECT {_COLUMNS} FROM saved_scenario WHERE archived = ? ORDER BY created", [archived]).fetchall()
    return tuple(SavedScenario(*row) for row in rows)


def scenario(cursor: duckdb.DuckDBPyConnection, scenario_id: str) -> SavedScenario:
    """Refusal scenario_unknown."""
    row = first(cursor, f"SELECT {_COLUMNS} FROM saved_scenario WHERE id = ?", [scenario_id])
    if row is None:
        raise Refusal("scenario_unknown", id=scenario_id[:40])
    return SavedScenario(*row)


def save_scenario(
    cursor: duckdb.DuckDBPyConnection, name: str, body: str, owner: str, note: str, method: str, fingerprint: str, scenario_id: str | None
) -> SavedScenario:
    """A new one, or a new body for `scenario_id`. Refusals: scenario_name_missing, scenario_locked, scenario_unknown."""
    if not name.strip():
        raise Refusal("scenario_name_missing")
    now = datetime.now()
    if scenario_id is None:
        scenario_id = secrets.token_urlsafe(8)
        values = [scenario_id, name.strip()[:80], owner, body, note[:2000], method, fingerprint, now, now]
        cursor.execute("INSERT INTO saved_scenario VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, false, false)", values)
    else:
        _unlocked(cursor, scenario_id)
        cursor.execute(
            "UPDATE saved_scenario SET name = ?, body = ?, note = ?, method = ?, fingerprint = ?, changed = ? WHERE id = ?",
            [name.strip()[:80], body, note[:2000], method, fingerprint, now, scenario_id],
        )
    return scenario(cursor, scenario_id)


def rename_scenario(cursor: duckdb.DuckDBPyConnection, scenario_id: str, name: str) -> SavedScenario:
    if not name.strip():
        raise Refusal("scenario_name_missing")
    _unlocked(cursor, scenario_id)
    cursor.execute("UPDATE saved_scenario SET name = ?, changed = ? WHERE id = ?", [name.strip()[:80], datetime.now(), scenario_id])
    return scenario(cursor, scenario_id)


def flag_scenario(cursor: duckdb.DuckDBPyConnection, scenario_id: str, flag: str, value: bool) -> SavedScenario:
    """Set `locked` or `archived`."""
    if flag not in ("locked", "archived"):
        raise ValueError(flag)
    scenario(cursor, scenario_id)
    cursor.execute(f"UPDATE saved_scenario SET {flag} = ?, changed = ? WHERE id = ?", [value, datetime.now(), scenario_id])
    return scenario(cursor, scenario_id)


def delete_scenario(cursor: duckdb.DuckDBPyConnection, scenario_id: str) -> None:
    """Refusals: scenario_locked, scenario_unknown."""
    _unlocked(cursor, scenario_id)
    cursor.execute("DELETE FROM saved_scenario WHERE id = ?", [scenario_id])


def _unlocked(cursor: duckdb.DuckDBPyConnection, scenario_id: str) -> None:
    kept = scenario(cursor, scenario_id)
    if kept.locked:
        raise Refusal("scenario_locked", name=kept.name)


def counted(cursor: duckdb.DuckDBPyConnection) -> str:
    """Changes whenever anything an answer is made of changes: imports, edits of the establishment, settings."""
    parts = [
        number(cursor, "SELECT max(import_no) FROM import_log"),
        # a restored back-up gives numbers a second time, moments never
        number(cursor, "SELECT coalesce(max(epoch_us(moment)), 0) FROM import_log"),
        number(cursor, "SELECT count(*) * 1000000 + count(*) FILTER (undone) FROM formation_version"),
        number(cursor, "SELECT coalesce(sum(version), 0) FROM formation_version WHERE NOT undone"),
        own.counted(cursor),
        number(cursor, "SELECT coalesce(bit_xor(hash(role, isco, exposed)), 0) % 1000000007 FROM role_choice"),
    ]
    settled = first(cursor, "SELECT md5(string_agg(name || '=' || value, ';' ORDER BY name)) FROM setting")
    return "-".join(map(str, parts)) + "-" + str(settled[0] if settled else "")[:8]
