"""How hard people of an occupation are to find: a dated table of vacancies per jobseeker, shipped as examples, filled in or uploaded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.tables import reference
from intake.csv_text import CsvRefused
from intake.tightness import HIGHEST, read_tightness
from workflows.access import Right, require
from workflows.owned import TIGHTNESS, Tightness, owned, written
from workflows.prepared import prepared
from workflows.workspace import Workspace

EXAMPLE_SOURCE = "UWV, 2023Q1"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an upload gave: how many occupations, and the lines that were not used."""

    rows: int
    refused: tuple[int, ...]


def _shipped() -> tuple[Tightness, ...]:
    """The few examples that come with the app, by their quarter."""
    table = reference("nl_tightness_examples.csv")
    return tuple(
        Tightness(row.isco08_nearest, _quarter(row.quarter), float(row.tightness_ratio), EXAMPLE_SOURCE, date(2026, 11, 23))
        for row in table.itertuples(index=False)
        if row.isco08_nearest
    )


def _quarter(text: str) -> date:
    """The first day of a quarter written as 2023Q1."""
    return date(int(text[:4]), 3 * int(text[-1]) - 2, 1)


def tightness(viewer: Viewer, workspace: Workspace) -> tuple[Tightness, ...]:
    """The whole table, own rows before shipped ones of the same occupation and day. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    mine = owned(workspace).tightness
    taken = {(row.isco, row.valid_from) for row in mine}
    rows = [*mine, *(row for row in _shipped() if (row.isco, row.valid_from) not in taken)]
    return tuple(sorted(rows, key=lambda row: (row.isco, row.valid_from)))


def decides(viewer: Viewer, workspace: Workspace) -> dict[str, float]:
    """Role -> percent of its vacancies filled in a year, where the own table has its occupation. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    base = prepared(workspace, viewer, None).base
    if base.fill is None:
        return {}
    pairs = zip(base.groups["role"].astype(str), base.fill, strict=True)
    return {role: float(percent) for role, percent in pairs if percent == percent}


def set_tightness(viewer: Viewer, workspace: Workspace, rows: tuple[Tightness, ...]) -> tuple[Tightness, ...]:
    """Save the table; examples that nobody touched stay examples. Refusals: not_allowed, tightness_invalid."""
    require(viewer, Right.DEMAND)
    for row in rows:
        good = row.isco.isdigit() and 1 <= len(row.isco) <= 4 and 0 <= row.ratio <= HIGHEST and row.source.strip()
        if not good:
            raise Refusal("tightness_invalid", name=row.isco[:20])
    kept = tuple(row for row in rows if row not in _shipped())
    workspace.store.set_own_figures(TIGHTNESS, written(kept), viewer.who)
    return tightness(viewer, workspace)


def take(viewer: Viewer, workspace: Workspace, data: bytes, source: str, valid_from: date, today: date | None = None) -> Taken:
    """Add the lines of a .csv to the table. Refusals: not_allowed, tightness_source, tightness_file (why: empty, too_large,
    no_columns, no_rows or another reason why it is no table)."""
    require(viewer, Right.DEMAND)
    if not source.strip():
        raise Refusal("tightness_source")
    try:
        read = read_tightness(data)
    except CsvRefused as problem:
        raise Refusal("tightness_file", why=str(problem.args[0])) from None
    if not read.rows:
        raise Refusal("tightness_file", why="no_rows")
    day = today or date.today()
    new = [Tightness(isco, valid_from, ratio, source.strip()[:200], day) for isco, ratio in read.rows]
    stays = [row for row in owned(workspace).tightness if (row.isco, row.valid_from) not in {(one.isco, one.valid_from) for one in new}]
    workspace.store.set_own_figures(TIGHTNESS, written(tuple([*stays, *new])), viewer.who)
    return Taken(len(new), read.refused)


def undo(viewer: Viewer, workspace: Workspace) -> None:
    """Take back the newest edit or upload. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    workspace.store.undo_own_figures(TIGHTNESS, viewer.who)


def in_force(viewer: Viewer, workspace: Workspace, on: date) -> pd.DataFrame:
    """The newest row of each occupation on a day: isco, ratio, source. Before the first row of an occupation that one holds."""
    rows = pd.DataFrame([asdict(row) for row in tightness(viewer, workspace)], columns=list(Tightness.__dataclass_fields__))
    rows["later"] = [day > on for day in rows["valid_from"]]
    ordered = rows.sort_values(["isco", "later", "valid_from"], ascending=[True, True, False], kind="stable")
    return ordered.drop_duplicates("isco")[["isco", "ratio", "source"]].reset_index(drop=True)
