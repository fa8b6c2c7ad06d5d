"""The people of one day, counted in cells for the engine. Person rows go in, counts come out."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.workforce import FIXED, GROUP, PERMANENT, Cohorts
from store import cells, needed
from store.cells import KEYS
from store.frames import categories, runs
from store.renames import placed
from store.snapshots import list_snapshots
from store.types import Snapshot


def pick(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> tuple[Snapshot, date]:
    """The snapshot to answer from and the day to answer for: the last one on or before the day, else the first one after it
    (hire and leave dates still say who was there). Refusal no_data."""
    snapshots = list_snapshots(cursor)
    if not snapshots:
        raise Refusal("no_data")
    if as_of is None:
        return snapshots[-1], snapshots[-1].as_of
    earlier = [snapshot for snapshot in snapshots if snapshot.as_of <= as_of]
    return (earlier[-1] if earlier else snapshots[0]), as_of


def cohorts(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> Cohorts:
    """Counts in cells (contract of `analytics.workforce.Cohorts`); cost is the yearly salary sum as the file gave it, NaN unknown."""
    snapshot, day = pick(cursor, as_of)
    place_of, groups = placed(cursor, snapshot.as_of)
    kept = cells.kept(cursor, snapshot) if day == snapshot.as_of else None
    found, present = _today(cells.counted(cursor, snapshot.number, day) if kept is None else kept, place_of)
    imputed = int(found["people"].to_numpy()[found["age"].isna().to_numpy()].sum())
    found = spread_ages(found) if imputed else found
    frame = _frame(found, groups)
    demand = needed.demand(cursor, [groups[place] for place in present])
    return Cohorts(day, frame, demand, needed.roles(cursor, demand["role"]), imputed)


def _today(found: pd.DataFrame, place_of: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """With `place` for grp: the group as it is called today; and the places somebody has. Cells of groups that are one by now are
    added up."""
    grp = found["grp"].to_numpy()
    first, length = runs(grp)
    groups = np.bincount(place_of.take(np.unique(grp[first])))
    places = np.flatnonzero(groups)
    found = found.assign(place=np.repeat(place_of.take(grp[first]), length))
    if groups.max(initial=0) < 2:
        return found, places
    shared = groups.take(found["place"].to_numpy()) > 1
    together = found[shared].drop(columns="grp").assign(unknown=found["cost"].isna())
    together = together.groupby(["place", *KEYS], as_index=False, dropna=False).sum()
    together["cost"] = together["cost"].where(together["unknown"] == 0)
    return pd.concat([found[~shared].drop(columns="grp"), together.drop(columns="unknown")], ignore_index=True), places


def spread_ages(cells: pd.DataFrame) -> pd.DataFrame:
    """Give people of unknown birth date the ages of their group, in proportion; of the whole firm where the group has none.

    Counts stay whole in sum and become fractions per age: the expectation, not a guess about one person. A firm without
    any birth date cannot be aged: Refusal no_ages.
    """
    unknown, known = cells[cells["age"].isna()], cells[cells["age"].notna()]
    if known.empty:
        raise Refusal("no_ages")
    own = _shares(known, ["place", "age"])
    firm = _shares(known, ["age"])
    in_group = unknown[unknown["place"].isin(own["place"])]
    elsewhere = unknown[~unknown["place"].isin(own["place"])]
    drop = ["age", "pension_month"]
    parts = [in_group.drop(columns=drop).merge(own, on="place"), elsewhere.drop(columns=drop).merge(firm, how="cross")]
    added = pd.concat(parts, ignore_index=True)
    for column in ("people", "fte", "fte_sq", "cost"):
        added[column] = added[column] * added["share"]
    return pd.concat([known, added.drop(columns="share")], ignore_index=True)


def _shares(known: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """keys, pension_month (mean at that age), share (sums to one per place, or over the firm)."""
    weighted = known.assign(weight=known["pension_month"] * known["people"])
    ages = weighted.groupby(keys, as_index=False)[["people", "weight"]].sum()
    total = ages.groupby("place")["people"].transform("sum") if "place" in keys else ages["people"].sum()
    shares = ages.assign(share=ages["people"] / total, pension_month=np.floor(ages["weight"] / ages["people"]))
    return shares.drop(columns=["people", "weight"])


def _frame(cells: pd.DataFrame, groups: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Text columns as categories: a million rows get a small code each, not a text."""
    places = cells["place"].to_numpy()
    first, length = runs(places)
    named = {column: categories(places[first], length, [group[at] for group in groups]) for at, column in enumerate(GROUP)}
    kinds = pd.Index([PERMANENT, FIXED], dtype="str")
    contract = pd.Categorical.from_codes(cells["fixed"].to_numpy(), categories=kinds, validate=False)
    whole = {name: _whole(cells[name].to_numpy()) for name in ("age", "pension_month", "tenure_band")}
    last = {"contract": contract, "contract_end_month": _whole(cells["contract_end_month"].to_numpy())}
    counts = {name: cells[name].to_numpy("float64") for name in ("people", "fte", "fte_sq", "cost")}
    return pd.DataFrame(named | whole | last | counts, copy=False)


def _whole(values: np.ndarray) -> np.ndarray:
    """As the store counted them (two bytes each); rows that were made of others come as fractions."""
    return values if values.dtype.kind == "i" else values.astype("int64")
