"""The work people are needed for and what is known of their roles: one question each, laid together here, as the rows are few."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from analytics.workforce import GROUP
from store.frames import ask, first, number
from store.renames import IN_FORCE, LIVE

_VERSION = "SELECT max(version) FROM formation_version WHERE NOT undone"
_POSTS = "SELECT location, unit, role, establishment_fte, vacancies_fte, growth FROM formation WHERE version = {version}"
FORMATION = _POSTS.format(version=f"({_VERSION})")
_LISTED = f"SELECT location, unit, role, fte FROM vacancy WHERE import_no = (SELECT max(import_no) FROM vacancy WHERE {LIVE})"
_ROLES = "SELECT import_no, role, isco, critical, heavy, apprentice, hire_fte, cost FROM role"


def formation_rows(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The establishment in force (newest version that was not undone): GROUP columns, establishment_fte, vacancies_fte, growth."""
    return ask(cursor, f"{FORMATION} ORDER BY location, unit, role")


def demand(cursor: duckdb.DuckDBPyConnection, present: list[tuple[str, str, str]]) -> pd.DataFrame:
    """One row per group that has people, posts or vacancies. The vacancies of the newest vacancy list stand in where the
    establishment gives none."""
    posts: dict[tuple[str, str, str], tuple[float | None, ...]] = {}
    listed: dict[tuple[str, str, str], float] = {}
    version = number(cursor, _VERSION)
    for location, unit, role, *known in cursor.execute(_POSTS.format(version="?"), [version]).fetchall() if version else ():
        posts[location, unit, role] = tuple(known)
    if first(cursor, "SELECT 1 FROM vacancy LIMIT 1"):  # asking for the newest list takes three times as long
        for location, unit, role, vacant in cursor.execute(_LISTED).fetchall():
            listed[location, unit, role] = vacant
    every = sorted({*present, *posts, *listed})
    rows = [(*name, *posts.get(name, (None, None, None))) for name in every]
    *names, establishment, vacancies, growth = zip(*rows, strict=True) if rows else ((),) * 6
    vacant = [listed.get(name, 0.0) if known is None else known for name, known in zip(every, vacancies, strict=True)]
    numbers = {"establishment_fte": establishment, "vacancies_fte": vacant, "growth": growth}
    return pd.DataFrame(
        {name: pd.array(list(values), dtype="str") for name, values in zip(GROUP, names, strict=True)}
        | {name: np.array(values, dtype="float64") for name, values in numbers.items()}
    )


def roles(cursor: duckdb.DuckDBPyConnection, names: pd.Series) -> pd.DataFrame:
    """What is known of each of these roles; the newest import that names a role decides."""
    listed = sorted(cursor.execute(_ROLES).fetchall(), key=lambda row: row[0])
    in_force = {row[0] for row in cursor.execute(IN_FORCE).fetchall()} if listed else ()
    known = {role: rest for import_no, role, *rest in listed if import_no in in_force}
    every = sorted(set(names.to_list()))
    rows = [known.get(role, ("", False, False, False, None, None)) for role in every]
    isco, critical, heavy, apprentice, hire_fte, cost = zip(*rows, strict=True) if rows else ((),) * 6
    columns = {"role": (every, "str"), "isco": (isco, "str"), "critical": (critical, "bool"), "heavy": (heavy, "bool")}
    columns |= {"apprentice": (apprentice, "bool"), "hire_fte": (hire_fte, "float64"), "cost": (cost, "float64")}
    made = {
        name: pd.array(list(values), dtype="str") if kind == "str" else np.array(values, dtype=kind)
        for name, (values, kind) in columns.items()
    }
    return pd.DataFrame(made)
