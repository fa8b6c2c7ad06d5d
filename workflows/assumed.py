"""The chances of leaving that are used, per group, and HR's own word put before them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.assumed import CAUSES, MOST, Overrule, per_group
from analytics.errors import Refusal
from analytics.estimate import PENSION_NEAR
from analytics.grid import FEW_CONTRACTS, LAPSE_DEFAULT
from analytics.release import Viewer
from analytics.renewal import contracts_behind, lapse_range
from analytics.workforce import GROUP
from workflows.access import Right, may, require
from workflows.owned import RATES, owned, written
from workflows.prepared import prepared
from workflows.workspace import Workspace


def chances(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Per group and cause: GROUP, cause, person_years, events (people who went; only without a threshold), chance, low, high, weight,
    source. Groups of at least k people. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    out = per_group(ready.rates)
    if viewer.units:
        out = out[out["unit"].isin(viewer.units)]
    if viewer.k > 1:
        known = ready.names[list(GROUP)]
        return out.merge(known, on=list(GROUP)).reset_index(drop=True)
    seen = workspace.store.history(ready.as_of).exposure.groupby(list(GROUP), as_index=False)[list(CAUSES)].sum()
    long = seen.melt(list(GROUP), list(CAUSES), "cause", "events")
    return out.merge(long, how="left", on=[*GROUP, "cause"]).fillna({"events": 0.0}).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class FirmWide:
    """What is one for the whole firm. due: contracts that fell due in the past years, estimated from the coming one; ended: those not
    renewed; lapse, ends: chance that one is not, with its 80 % range; usual: the default, and for how many contracts it counts.
    retired: people who went within a year of their pension date; shift_months: how much later (earlier: below 0) that makes the date."""

    years: int
    due: float
    ended: float
    lapse: float
    ends: tuple[float, float]
    usual: tuple[float, float]
    retired: float
    shift_months: int


def firm_wide(viewer: Viewer, workspace: Workspace) -> FirmWide:
    """The end of contracts and the moment of retiring, for who may overrule them. Refusals: not_allowed, no_data."""
    require(viewer, Right.DEMAND)
    ready = prepared(workspace, viewer, None)
    rates, pension = ready.rates, workspace.store.history(ready.as_of).pension
    return FirmWide(
        rates.years,
        contracts_behind(ready.base) - FEW_CONTRACTS,
        rates.contract_ends,
        ready.base.lapse,
        lapse_range(ready.base),
        (LAPSE_DEFAULT, FEW_CONTRACTS),
        float(pension.loc[pension["months"].abs() <= PENSION_NEAR, "people"].sum()),
        rates.pension_shift_months,
    )


def overrules(viewer: Viewer, workspace: Workspace) -> tuple[Overrule, ...]:
    """What was set by hand. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return owned(workspace).overrules


def overrule(viewer: Viewer, workspace: Workspace, rule: Overrule) -> tuple[Overrule, ...]:
    """Set one chance by hand, in the place of an earlier one for the same role and cause. Refusals: not_allowed, chance_invalid,
    note_missing, role_not_there."""
    require(viewer, Right.DEMAND)
    if rule.cause not in CAUSES or not 0 <= rule.chance <= MOST:
        raise Refusal("chance_invalid", most=round(100 * MOST))
    if not rule.note.strip():
        raise Refusal("note_missing")
    ready = prepared(workspace, viewer, None)
    if rule.role and rule.role not in set(ready.groups["role"]):
        raise Refusal("role_not_there", role=rule.role[:60])
    kept = tuple(other for other in owned(workspace).overrules if (other.role, other.cause) != (rule.role, rule.cause))
    return _save(viewer, workspace, (*kept, Overrule(rule.role, rule.cause, float(rule.chance), rule.note.strip()[:500])))


def as_estimated(viewer: Viewer, workspace: Workspace, role: str, cause: str) -> tuple[Overrule, ...]:
    """Back to the estimate for one role and cause. Refusal not_allowed."""
    require(viewer, Right.DEMAND)
    return _save(viewer, workspace, tuple(rule for rule in owned(workspace).overrules if (rule.role, rule.cause) != (role, cause)))


def undo(viewer: Viewer, workspace: Workspace) -> tuple[Overrule, ...]:
    """Take back the newest edit. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    workspace.store.undo_own_figures(RATES, viewer.who)
    return owned(workspace).overrules


def may_overrule(viewer: Viewer) -> bool:
    return may(viewer, Right.DEMAND)


def _save(viewer: Viewer, workspace: Workspace, rules: tuple[Overrule, ...]) -> tuple[Overrule, ...]:
    workspace.store.set_own_figures(RATES, written(rules), viewer.who)
    return rules
