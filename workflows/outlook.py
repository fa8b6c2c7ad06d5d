"""From snapshot and scenario to what may be shown: project, release over atoms, and the facts that sentences are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.bridge import Bridge, bridge
from analytics.projection import Projection, project
from analytics.release import Merged, Viewer, chosen_atoms, merged_notes, windowed
from analytics.scenario import Scenario
from analytics.sensitivity import sensitivity
from analytics.sensitivity import without_data as missing_levers
from analytics.uncertainty import ranges
from analytics.workforce import GROUP, Flow, Scope
from workflows.access import Right, may, require
from workflows.facts import facts_of
from workflows.prepared import Prepared, prepared, require_any
from workflows.workspace import Workspace

HORIZON = 10
"""Years shown unless more are asked; the engine goes to 20."""

DRAWS, SEED = 200, 2026

AGE_WIDTH = 5


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Released results for one scope; every frame holds sums over whole atoms only.

    total: date, year, supply_people, supply_fte, supply_fte_low, supply_fte_middle, supply_fte_high, demand_fte, gap_fte,
      gap_low, gap_high, p_short; one row per step, the first is as_of. gap positive = shortage.
    groups: location, unit, role per atom with the expected columns (no range: see `split`). flows: date, year, flow, people,
      fte per step.
    retire: date, year, can_leave, expected, reached (cumulative people of today's staff).
    ages: moment ("now" or "then"), age_from, people. bridge: fte shortage today -> target year, adds up exactly.
    """

    scenario: Scenario
    as_of: date
    scope: Scope
    target_year: int
    years: tuple[int, ...]
    people_counted: int
    merged: tuple[Merged, ...]
    sample: bool
    establishment_known: bool
    total: pd.DataFrame
    groups: pd.DataFrame
    flows: pd.DataFrame
    bridge: Bridge
    retire: pd.DataFrame
    ages: pd.DataFrame
    facts: dict[str, float | int | str]


def outlook(
    viewer: Viewer,
    workspace: Workspace,
    scenario: Scenario,
    scope: Scope | None = None,
    target_year: int | None = None,
    years: int = HORIZON,
    as_of: date | None = None,
    seed: int = SEED,
) -> Outlook:
    """Project the chosen snapshot under a scenario and release it.

    target_year: calendar year whose start the headline speaks of (clamped to the horizon; default five years on).
    Refusal `no_data` when nothing has been loaded, `nothing_in_scope` when no whole atom lies inside the scope.
    """
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, as_of)
    scope = scope or Scope()
    part = _part(viewer, workspace, ready, scope)
    projection = ready.project(scenario, years)
    membership, labels, mask = part.membership, part.labels, part.mask
    step = _step_of(projection, target_year)
    whole = _with_range(None, ready, projection, mask[None, :].astype(float), seed)
    groups = pd.DataFrame(_series(projection, membership, labels))
    gap = groups["gap_fte"].to_numpy().reshape(len(labels), -1)
    flows = _flows(projection, mask, viewer.k)
    retire = _retire(projection, mask, viewer.k)
    steps = bridge(projection, mask, step)
    return Outlook(
        scenario=scenario,
        as_of=projection.as_of,
        scope=scope,
        target_year=_year_of(projection.dates[step]),
        years=tuple(_year_of(day) for day in projection.dates),
        people_counted=round(float(projection.people[mask, 0].sum())),
        merged=part.merged,
        sample=ready.sample,
        establishment_known=bool(projection.establishment_known[mask].all()),
        total=whole,
        groups=groups,
        flows=flows,
        bridge=steps,
        retire=retire,
        ages=_ages(projection, mask, step, viewer.k),
        facts=_told(viewer, facts_of(projection, mask, step, whole, part.names, gap, steps, ready, viewer.k)),
    )


def split(
    viewer: Viewer,
    workspace: Workspace,
    scenario: Scenario,
    by: str,
    scope: Scope | None = None,
    years: int = HORIZON,
    seed: int = SEED,
) -> pd.DataFrame:
    """Whole atoms summed by location, unit or role, with ranges and chances of their own: those cannot be added.

    The label and the columns of `Outlook.total`; a label that differs inside an atom stays as the atom has it. Apart from
    `outlook` because its ranges take longer than a slider may.
    """
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    projection = ready.project(scenario, years)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope or Scope(), viewer)
    require_any(chosen)
    names, rows = _gathered(ready.atoms.labels[chosen].reset_index(drop=True)[by], ready.rows[chosen])
    return _with_range(names, ready, projection, rows, seed)


def total(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope, years: int = HORIZON, seed: int = SEED) -> pd.DataFrame:
    """`Outlook.total` alone, for a page that shows no more of a scope. Refusals as `outlook`."""
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope, viewer)
    require_any(chosen)
    mask = ready.rows[chosen].sum(axis=0)[None, :] > 0
    projection = ready.project(scenario, years)
    return _with_range(None, ready, projection, mask.astype(float), seed)


def lever_effects(
    viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope | None = None, target_year: int | None = None
) -> pd.DataFrame:
    """Effect of each lever over its plausible range on the shortage in the target year, largest first.

    Columns lever, low_gap, base_gap, high_gap, effect (fte). Decides which six sliders are visible.
    """
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope or Scope(), viewer)
    require_any(chosen)
    mask = ready.rows[chosen].sum(axis=0) > 0
    now = project(ready.base, Scenario(), 1)
    step = min(max((target_year or _year_of(now.as_of) + 5) - _year_of(now.as_of), 1), HORIZON)
    return sensitivity(ready.base, scenario, mask, step)


def basis(viewer: Viewer, workspace: Workspace) -> dict[str, float]:
    """The firm's own figure for each lever whose default comes from its history (people a year, percent a year)."""
    require(viewer, Right.GROUPS)
    return dict(prepared(workspace, viewer, None).basis)


def without_data(viewer: Viewer, workspace: Workspace) -> tuple[str, ...]:
    """Levers that nothing in these data can move: the screen says so instead of offering them."""
    require(viewer, Right.GROUPS)
    return missing_levers(prepared(workspace, viewer, None).base)


def choices(viewer: Viewer, workspace: Workspace) -> Scope:
    """Locations, departments and roles that can be chosen: those that lie in whole atoms this viewer may see."""
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, Scope(), viewer)
    seen = ready.groups[ready.atoms.membership[chosen].sum(axis=0) > 0]
    return Scope(*(tuple(sorted(value for value in seen[column].unique() if value)) for column in GROUP))


def _year_of(day: date) -> int:
    """The calendar year a stand on this day speaks of: its own. 1 January 2031 is "2031"."""
    return day.year


def _step_of(projection: Projection, target_year: int | None) -> int:
    """Index of the first stand in the target year, kept within the horizon; five years on when not asked."""
    last = len(projection.dates) - 1
    wanted = target_year if target_year is not None else projection.as_of.year + 5
    return min(max(wanted - projection.as_of.year, 1), last)


def _told(viewer: Viewer, facts: dict[str, float | int | str]) -> dict[str, float | int | str]:
    """Without the right to money (the works council) no amounts."""
    money = ("cost_of_nothing", "open_post_month")
    return facts if may(viewer, Right.MONEY) else {name: value for name, value in facts.items() if name not in money}


def _gathered(names: pd.Series, membership: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Atoms with the same label as one row: the labels in order of first sight, and the summed membership."""
    codes, labels = pd.factorize(names, use_na_sentinel=False)
    onto = np.zeros((len(labels), len(codes)))
    onto[codes, np.arange(len(codes))] = 1.0
    return pd.DataFrame({str(names.name): labels}), onto @ membership


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What a scope comes to, whatever the scenario: its atoms over the groups of the engine, their labels, and the groups inside."""

    membership: np.ndarray
    labels: pd.DataFrame
    names: list[tuple[str, ...]]
    mask: np.ndarray
    merged: tuple[Merged, ...]


def _part(viewer: Viewer, workspace: Workspace, ready: Prepared, scope: Scope) -> _Part:
    """Made once per prepared snapshot, departments of the viewer and scope. Refusal `nothing_in_scope`."""

    def make() -> tuple[Prepared, _Part]:
        chosen = chosen_atoms(ready.atoms, ready.groups, scope, viewer)
        require_any(chosen)
        membership = ready.rows[chosen]
        labels = ready.atoms.labels[chosen].reset_index(drop=True)
        names = list(zip(*(labels[column].astype(object) for column in GROUP), strict=True))
        return ready, _Part(membership, labels, names, membership.sum(axis=0) > 0, merged_notes(ready.atoms, chosen))

    return workspace.cached(("part", id(ready), viewer.k, viewer.units, scope), make)[1]  # what is kept keeps `ready`, so its id is its own


def _with_range(labels: pd.DataFrame | None, ready: Prepared, projection: Projection, membership: np.ndarray, seed: int) -> pd.DataFrame:
    """The columns of `_series` with low, middle, high and the chance of a shortage of the same rows."""
    spread = ranges(ready.base, projection, membership, DRAWS, seed)
    low, middle, high = (getattr(spread, name).ravel() for name in ("low", "middle", "high"))
    columns = _series(projection, membership, labels)
    need = columns["demand_fte"]
    columns |= {
        "supply_fte_low": low,
        "supply_fte_middle": middle,
        "supply_fte_high": high,
        "gap_low": need - high,
        "gap_high": need - low,
        "p_short": spread.p_short.ravel(),
    }
    return pd.DataFrame(columns)


def _series(projection: Projection, membership: np.ndarray, labels: pd.DataFrame | None) -> dict[str, Any]:
    """Columns of a long frame of expected stock and need: one row per atom (or the total) and step."""
    rows, steps = membership.shape[0], len(projection.dates)
    supply, demand = membership @ projection.fte, membership @ projection.demand
    columns: dict[str, Any] = {}
    if labels is not None:
        every = np.repeat(np.arange(rows), steps)
        columns = {column: labels[column].array.take(every) for column in GROUP if column in labels.columns}
    return columns | {
        "date": np.tile(np.array(projection.dates, dtype="datetime64[s]"), rows),
        "year": np.tile([_year_of(day) for day in projection.dates], rows),
        "supply_people": (membership @ projection.people).ravel(),
        "supply_fte": supply.ravel(),
        "demand_fte": demand.ravel(),
        "gap_fte": (demand - supply).ravel(),
    }


def _flows(projection: Projection, mask: np.ndarray, k: int) -> pd.DataFrame:
    """People and fte per cause and step, in windows of at least k people where k > 1."""
    told = [flow for flow in Flow if flow in projection.flows]
    people = np.stack([projection.flows[flow][mask].sum(axis=0) for flow in told])
    fte = np.stack([projection.flows_fte[flow][mask].sum(axis=0) for flow in told])
    if k > 1:
        each = np.divide(fte.sum(axis=1), people.sum(axis=1), out=np.zeros(len(told)), where=people.sum(axis=1) != 0)
        people = np.stack([windowed(line, k) for line in people])
        fte = people * each[:, None]
    days = projection.dates[1:]
    return pd.DataFrame(
        {
            "date": np.tile(np.array(days, dtype="datetime64[s]"), len(told)),
            "year": [(day - timedelta(days=1)).year for day in days] * len(told),
            "flow": np.repeat(np.array([flow.value for flow in told], object), len(days)),
            "people": people.ravel(),
            "fte": fte.ravel(),
        }
    )


def _retire(projection: Projection, mask: np.ndarray, k: int) -> pd.DataFrame:
    columns: dict[str, Any] = {
        "date": np.array(projection.dates, dtype="datetime64[s]"),
        "year": [_year_of(day) for day in projection.dates],
    }
    for name in ("can_leave", "expected", "reached"):
        line = projection.retire[name][mask].sum(axis=0)
        columns[name] = line if k <= 1 else np.concatenate([line[:1], line[0] + np.cumsum(windowed(np.diff(line), k))])
    return pd.DataFrame(columns)


def _ages(projection: Projection, mask: np.ndarray, step: int, k: int) -> pd.DataFrame:
    """People per five-year band now and in the target year; bands below k join the next one up."""
    now, then = (projection.ages(at)[mask].sum(axis=0) for at in (0, step))
    starts = (projection.first_age + np.arange(len(now))) // AGE_WIDTH * AGE_WIDTH
    bands, place = np.unique(starts, return_inverse=True)
    people = np.zeros((2, len(bands)))
    for moment, ages in enumerate((now, then)):
        np.add.at(people[moment], place, ages)
    moments = np.repeat(np.array(["now", "then"], object), len(bands))
    frame = pd.DataFrame({"moment": moments, "age_from": np.tile(bands, 2), "people": people.ravel()})
    return frame if k <= 1 else _merge_bands(frame, k)


def _merge_bands(frame: pd.DataFrame, k: int) -> pd.DataFrame:
    """Both moments share the same bands; a band with fewer than k people at either moment joins its neighbour above."""
    wide = frame.pivot_table(index="age_from", columns="moment", values="people", aggfunc="sum").fillna(0.0)
    merged: list[tuple[int, np.ndarray]] = []
    carry: tuple[int, np.ndarray] | None = None
    for start, row in wide.iterrows():
        now = row.to_numpy(float)
        carry = (int(start), now) if carry is None else (carry[0], carry[1] + now)
        if carry[1].min() >= k:
            merged.append(carry)
            carry = None
    if carry is not None and merged:
        merged[-1] = (merged[-1][0], merged[-1][1] + carry[1])
    elif carry is not None:
        merged = [carry]
    rows = [(moment, start, people[column]) for start, people in merged for column, moment in enumerate(wide.columns)]
    return pd.DataFrame(rows, columns=["moment", "age_from", "people"])


__all__ = ["HORIZON", "Outlook", "Prepared", "basis", "choices", "lever_effects", "outlook", "split", "total", "without_data"]
