"""Tables that other programs rely on: the same released numbers as the screens, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.protect import expected_dates
from analytics.release import Viewer, chosen_atoms, windowed
from analytics.scenario import Scenario
from analytics.uncertainty import ranges
from analytics.whole import whole_numbers
from analytics.workforce import GROUP, Flow, Scope
from workflows.access import Right, require
from workflows.outlook import DRAWS, SEED
from workflows.prepared import prepared, require_any
from workflows.workspace import Workspace

FLOWS = (Flow.RETIREMENT, Flow.RESIGNATION, Flow.CONTRACT_END, Flow.OTHER_EXIT, Flow.MOVE_OUT, Flow.MOVE_IN, Flow.HIRE)


@dataclass(frozen=True, slots=True, eq=False)
class ProjectionTable:
    """rows: one per step and group of `by`; columns as the README lists them under `project`."""

    as_of: date
    scenario: Scenario
    rows: pd.DataFrame


def project_rows(
    viewer: Viewer,
    workspace: Workspace,
    scenario: Scenario,
    by: tuple[str, ...] = (),
    years: int = 10,
    as_of: date | None = None,
    seed: int = SEED,
) -> ProjectionTable:
    """The projection of the whole firm per step, split by any of location, unit, role.

    Flows in people during the step that ends on `date`; stock at `date`; low and high are the 10 and 90 % points.
    """
    require(viewer, Right.GROUPS)
    columns = _columns(by)
    ready = prepared(workspace, viewer, as_of)
    projection = ready.project(scenario, years)
    chosen = chosen_atoms(ready.atoms, ready.groups, Scope(), viewer)
    require_any(chosen)
    keys, membership = _gather(ready.atoms.labels[chosen], ready.rows[chosen], columns)
    spread = ranges(ready.base, projection, membership, DRAWS, seed)
    supply, demand = membership @ projection.fte, membership @ projection.demand
    flows = {flow: _flow(membership @ projection.flows[flow], viewer.k) for flow in FLOWS if flow in projection.flows}
    rows = []
    for index, key in enumerate(keys):
        for step, day in enumerate(projection.dates):
            row: dict[str, object] = {"date": day, "year": (day - timedelta(days=1)).year, **dict(zip(columns, key, strict=True))}
            row |= {
                "supply_people": float((membership[index] @ projection.people)[step]),
                "supply_fte": float(supply[index, step]),
                "supply_fte_low": float(spread.low[index, step]),
                "supply_fte_middle": float(spread.middle[index, step]),
                "supply_fte_high": float(spread.high[index, step]),
                "demand_fte": float(demand[index, step]),
                "gap_fte": float(demand[index, step] - supply[index, step]),
                "p_short": float(spread.p_short[index, step]),
            }
            row |= {flow.value: float(flows[flow][index, step - 1]) if step and flow in flows else 0.0 for flow in FLOWS}
            rows.append(row)
    return ProjectionTable(projection.as_of, scenario, pd.DataFrame(rows))


def retirements(
    viewer: Viewer, workspace: Workspace, as_of: date | None = None, age: int | None = None, years: int = 5, by: tuple[str, ...] = ()
) -> dict[str, object]:
    """People whose statutory pension date (age None) or N-th birthday lies in (as_of, as_of + years], per calendar year.

    Keys as_of, active, already_past, total (without already_past), rows with the columns of `by`, year, people, fte.
    already_past is None where it is hidden; `hidden` then holds the reason per key. With k > 1 the dates are expected ones, of the
    protected groups as of the snapshot on or before the day: a count by exact date, asked for two ages, days or lengths, tells one
    person's birthday however large the group.
    """
    require(viewer, Right.GROUPS)
    columns = _columns(by)
    if viewer.k > 1:
        return _expected_retirements(viewer, workspace, as_of, age, years, columns)
    found = workspace.store.retirement_dates(as_of, age, years)
    table = found.rows.groupby([*columns, "year"], as_index=False, sort=True)[["people", "fte"]].sum()
    return {
        "as_of": found.as_of,
        "active": found.active,
        "already_past": found.already_past,
        "total": int(table["people"].sum()),
        "rows": table.to_dict(orient="records"),
    }


def _expected_retirements(
    viewer: Viewer, workspace: Workspace, as_of: date | None, age: int | None, years: int, columns: tuple[str, ...]
) -> dict[str, object]:
    """Whole people per year. They are made whole once, per atom and year, so that every split adds up to the same totals.
    `already_past` is not told (None, with the reason under `hidden`): it is a count by exact date."""
    ready = prepared(workspace, viewer, as_of)
    assert ready.cohorts is not None
    chosen = chosen_atoms(ready.atoms, ready.groups, Scope(), viewer)
    require_any(chosen)
    keys = list(GROUP)
    found = expected_dates(ready.cohorts, age, years)
    atoms = pd.MultiIndex.from_frame(ready.names.loc[chosen, keys])
    found = found[pd.MultiIndex.from_frame(found[keys]).isin(atoms)]
    people, fte = (found.pivot_table(index=keys, columns="year", values=value, aggfunc="sum").reindex(atoms) for value in ("people", "fte"))
    whole = pd.DataFrame(whole_numbers(people.fillna(0.0).to_numpy(float)), columns=people.columns)
    labels = ready.atoms.labels.loc[chosen, list(columns)].reset_index(drop=True)
    long = [
        pd.concat([labels, frame.reset_index(drop=True)], axis=1).melt(id_vars=list(columns), var_name="year", value_name=name)
        for name, frame in (("people", whole), ("fte", fte.fillna(0.0)))
    ]
    rows = long[0].assign(fte=long[1]["fte"].astype(float), year=long[0]["year"].astype(int))
    table = rows[rows["fte"] > 0].groupby([*columns, "year"], as_index=False, sort=True)[["people", "fte"]].sum()
    return {
        "as_of": ready.as_of,
        "active": round(float(ready.cohorts.frame.set_index(keys)["people"].loc[lambda people: people.index.isin(atoms)].sum())),
        "already_past": None,
        "hidden": {"already_past": "exact_dates"},
        "total": int(whole.to_numpy().sum()),
        "rows": table.to_dict(orient="records"),
    }


def _columns(by: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in by if name not in GROUP]
    if unknown:
        raise Refusal("unknown_split", name=unknown[0], allowed=", ".join(GROUP))
    return tuple(name for name in GROUP if name in by)


def _gather(labels: pd.DataFrame, membership: np.ndarray, columns: tuple[str, ...]) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Sum atoms that share the asked labels; without columns, everything is one row."""
    if not columns:
        return [()], membership.sum(axis=0, keepdims=True)
    named = pd.MultiIndex.from_frame(labels[list(columns)])
    keys = list(dict.fromkeys(named))
    place = {key: position for position, key in enumerate(keys)}
    gathered = np.zeros((len(keys), membership.shape[1]))
    for row, key in enumerate(named):
        gathered[place[key]] += membership[row]
    return keys, gathered


def _flow(people: np.ndarray, k: int) -> np.ndarray:
    return people if k <= 1 else np.vstack([windowed(row, k) for row in people])
