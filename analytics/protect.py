"""The other half of the privacy gate: what goes into the engine when the asker may not know about single people.

Sliders are questions. With a pension shift of one month more and one month less, a projection made from birth dates tells
the birth month of each person in a group, however large the group. So for a threshold k above 1 the engine is fed with groups
only: `gathered` gives each atom one name, so that nothing smaller has a rate, a need or an override of its own, and `smoothed`
replaces its people by blocks of at least k neighbours in age. Every answer is then a function of sums over at least k people,
whatever is asked of it: no scenario, page or export adds an equation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.blocks import FITTING, blocks_of, spread_people, usual_service
from analytics.coded import as_text, grouped
from analytics.release import Atoms
from analytics.workforce import EXITS, FIXED, GROUP, PERMANENT, Cohorts, History

LAST_END_YEAR = 3
"""Contracts that end later count with those of this many years ahead."""

KEYS = list(GROUP)


def all_groups(cohorts: Cohorts) -> pd.DataFrame:
    """GROUP columns and `people` of every group that has people or posts, sorted; the groups atoms are made of."""
    found = grouped(cohorts.frame)
    counts = found.names.assign(people=found.sums(cohorts.frame["people"].to_numpy(float)))
    every = pd.concat([found.names, cohorts.demand[KEYS]]).drop_duplicates().sort_values(KEYS, ignore_index=True)
    return every.merge(counts, on=KEYS, how="left").fillna({"people": 0.0})


def atom_names(atoms: Atoms) -> pd.DataFrame:
    """One name (GROUP columns) per atom: its label, with a number behind the role where two atoms share a label."""
    names = atoms.labels[KEYS].copy()
    again = names.groupby(KEYS).cumcount()
    names["role"] = names["role"].where(again == 0, names["role"] + " (" + (again + 1).astype(str) + ")")
    return names


def gathered(cohorts: Cohorts, history: History, groups: pd.DataFrame, atoms: Atoms, k: int) -> tuple[Cohorts, History]:
    """The same people, needs and past, counted per atom. groups: the groups in the order of the atoms' columns.

    Groups of the past that no longer exist keep their own name: they only feed the firm's average.
    """
    names = atom_names(atoms)
    of_group = atoms.membership.argmax(axis=0)
    lookup = groups[KEYS].assign(**{f"new_{key}": names[key].to_numpy()[of_group] for key in KEYS})
    demand = _needs(_renamed(cohorts.demand, lookup), cohorts)
    roles = _roles(cohorts.roles, groups, names, of_group)
    people = replace(cohorts, frame=_renamed(as_text(cohorts.frame), lookup), demand=demand, roles=roles)
    return people, _past(history, lookup, k)


def _renamed(frame: pd.DataFrame, lookup: pd.DataFrame, prefix: str = "") -> pd.DataFrame:
    """Replace the GROUP columns (with a prefix) by those of the atom."""
    keys = [prefix + key for key in KEYS]
    merged = frame[keys].merge(lookup, left_on=keys, right_on=KEYS, how="left")
    known = merged["new_role"].notna().to_numpy()
    columns = {
        key: np.where(known, merged[f"new_{plain}"].to_numpy(), frame[key].to_numpy()) for key, plain in zip(keys, KEYS, strict=True)
    }
    return frame.assign(**{key: pd.Series(values, index=frame.index, dtype="str") for key, values in columns.items()})


def _needs(demand: pd.DataFrame, cohorts: Cohorts) -> pd.DataFrame:
    """Posts per atom. Where one of its groups has people but no establishment the atom's is unknown too: known plus unknown
    would tell the staffing of the unknown part."""
    staffed = cohorts.demand[KEYS].merge(grouped(cohorts.frame).names.assign(staffed=True), on=KEYS, how="left")
    empty = staffed["staffed"].isna().to_numpy() & demand["establishment_fte"].isna().to_numpy()
    posts = demand["establishment_fte"].mask(empty, 0.0)
    weight = posts.fillna(1.0).clip(lower=1e-9)
    known = demand["growth"].notna()
    parts = demand.assign(posts=posts, weight=weight * known, grown=(demand["growth"] * weight).fillna(0.0))
    sums = parts.groupby(KEYS, as_index=False, sort=False).agg(
        establishment_fte=("posts", lambda values: values.sum(skipna=False)),
        vacancies_fte=("vacancies_fte", "sum"),
        grown=("grown", "sum"),
        weight=("weight", "sum"),
    )
    growth = np.divide(sums["grown"], sums["weight"], out=np.full(len(sums), np.nan), where=sums["weight"].to_numpy() > 0)
    return sums.drop(columns=["grown", "weight"]).assign(growth=growth)


def _roles(roles: pd.DataFrame, groups: pd.DataFrame, names: pd.DataFrame, of_group: np.ndarray) -> pd.DataFrame:
    """One row per role name of an atom; what differs inside becomes unknown, a yes only where all say yes."""
    members = pd.DataFrame({"name": names["role"].to_numpy()[of_group], "role": groups["role"].to_numpy()}).drop_duplicates()
    known = members.merge(roles, on="role", how="left")
    flags = ("critical", "heavy", "apprentice")
    known[list(flags)] = known[list(flags)].astype("boolean").fillna(False).astype(bool)
    rows = known.groupby("name", as_index=False, sort=False).agg(
        isco=("isco", lambda values: values.iloc[0] if values.nunique(dropna=False) == 1 else ""),
        critical=("critical", "any"),
        heavy=("heavy", "all"),
        apprentice=("apprentice", "all"),
        hire_fte=("hire_fte", "mean"),
        cost=("cost", "mean"),
    )
    return rows.rename(columns={"name": "role"}).assign(isco=rows["isco"].fillna("").astype("str"))


def _past(history: History, lookup: pd.DataFrame, k: int) -> History:
    exposure = _levelled(_summed(_renamed(history.exposure, lookup)))
    hires = _pooled_hires(_summed(_renamed(history.hires, lookup), extra=("age",)), k)
    moves = _renamed(_renamed(history.moves, lookup, "from_"), lookup, "to_")
    ends = [f"{end}_{key}" for end in ("from", "to") for key in KEYS]
    inside = np.logical_and.reduce([moves[f"from_{key}"] == moves[f"to_{key}"] for key in KEYS]) if len(moves) else np.zeros(0, bool)
    moves = moves[~inside].groupby([*ends, "year"], as_index=False)["people"].sum()
    return replace(history, exposure=exposure, hires=hires, moves=moves)


def _summed(frame: pd.DataFrame, extra: tuple[str, ...] = ()) -> pd.DataFrame:
    classes = [key for key in (*KEYS, "age_band", "tenure_band", "contract", "year", *extra) if key in frame]
    return frame.groupby(classes, as_index=False)[[column for column in frame if column not in classes]].sum()


def _levelled(exposure: pd.DataFrame) -> pd.DataFrame:
    """Events of an atom spread over ages, service and contracts as in the whole firm: how many left stays, which of them does not."""
    causes, cell = [str(cause) for cause in EXITS], ["age_band", "tenure_band", "contract"]
    if exposure.empty:
        return exposure
    firm = exposure.groupby(cell)[[*causes, "person_years"]].transform("sum")
    levelled = exposure.copy()
    for cause in causes:
        expected = exposure["person_years"] * firm[cause] / firm["person_years"].where(firm["person_years"] > 0)
        total, whole = (
            column.groupby([exposure[key] for key in (*KEYS, "year")]).transform("sum") for column in (exposure[cause], expected)
        )
        even = exposure["person_years"] / exposure.groupby([*KEYS, "year"])["person_years"].transform("sum")
        share = (expected / whole.where(whole > 0)).fillna(even).fillna(0.0)
        levelled[cause] = total * share
    return levelled


def _pooled_hires(hires: pd.DataFrame, k: int) -> pd.DataFrame:
    """How many came per atom and year stays; their ages and hours are those of all hires of the atom together where these
    are at least k, else those of all hires in such small numbers together."""
    if hires.empty:
        return hires
    total = hires.groupby(KEYS)["people"].transform("sum")
    pooled = hires.assign(pool=hires.groupby(KEYS).ngroup().where(total >= k, -1))
    yearly = pooled.groupby([*KEYS, "pool", "year"], as_index=False)["people"].sum()
    ages = pooled.groupby(["pool", "age"], as_index=False)[["people", "fte"]].sum()
    sums = ages.groupby("pool")[["people", "fte"]].transform("sum")
    spread = ages.assign(share=ages["people"] / sums["people"], each=(sums["fte"] / sums["people"]).where(sums["people"] >= k, 1.0))
    merged = yearly.merge(spread[["pool", "age", "share", "each"]], on="pool")
    merged["people"] = merged["people"] * merged["share"]
    return merged.assign(fte=merged["people"] * merged["each"])[[*KEYS, "year", "age", "people", "fte"]]


# people -> blocks


def smoothed(cohorts: Cohorts, k: int) -> Cohorts:
    """Gathered cohorts in which every number is made of sums over at least k people.

    Ages: the people of an atom in order of pension date, cut in blocks of at least k; a block keeps its people, its fte and
    its (rounded) mean, and is spread towards the means of its neighbours. Length of service and contract: the atom's own
    classes of at least k people, the others in the proportions of all such remainders of the firm. Fixed contracts end when
    those of the firm do, in blocks of k. Cost: the atom's sum per fte, where no one or two people dominate it.
    """
    frame = cohorts.frame[cohorts.frame["people"] > 0]
    if frame.empty:
        return cohorts
    classes = _class_shares(frame, k)
    ends = _contract_ends(frame, k)
    rows = _joined(_age_points(frame, k), classes).merge(ends, on="contract")
    share = (rows["share"] * rows["end_share"]).to_numpy()
    rows["people"], rows["fte"] = rows["people"] * share, rows["fte"] * share
    rows["fte_sq"] = rows["fte"] ** 2 / rows["people"]
    rows["cost"] = rows["cost_per_fte"] * rows["fte"]
    return replace(cohorts, frame=rows[list(cohorts.frame.columns)])


def _age_points(frame: pd.DataFrame, k: int) -> pd.DataFrame:
    """GROUP columns, age, pension_month, people, fte, cost_per_fte: each atom spread over ages from its blocks."""
    atom, names = pd.factorize(pd.MultiIndex.from_frame(frame[KEYS]))
    month, age, people, fte, cost = (frame[name].to_numpy(float) for name in ("pension_month", "age", "people", "fte", "cost"))
    order = np.lexsort((people, fte, age, month, atom))
    columns, atoms = [], []
    for number, rows in enumerate(np.split(order, np.flatnonzero(np.diff(atom[order])) + 1)):
        parts = spread_people(month[rows], age[rows], people[rows], fte[rows], k)
        atoms.append(np.full(len(parts[0]), number))
        columns.append((*parts, np.full(len(parts[0]), cost_per_fte(cost[rows], people[rows], fte[rows], k))))
    at = np.concatenate(atoms)
    named = {key: names.get_level_values(level).take(at) for level, key in enumerate(KEYS)}
    values = (np.concatenate(part) for part in zip(*columns, strict=True))
    return pd.DataFrame(named | dict(zip(("age", "pension_month", "people", "fte", "cost_per_fte"), values, strict=True)))


def _joined(points: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """points x classes of each atom; `share` = part of a point's people in a class.

    Who is young has seldom been there long. Which people of an atom these are is not known here, so the two sets of sums are
    joined by the usual relation of age and length of service (`usual_service`), fitted so that both stay as they are.
    """
    rows = points.assign(point=np.arange(len(points))).merge(classes.assign(kind=np.arange(len(classes))), on=KEYS)
    point, kind, part = rows["point"].to_numpy(), rows["kind"].to_numpy(), rows["people"].to_numpy(float)
    wanted = np.bincount(kind, weights=part * rows["share"].to_numpy(float))
    share = usual_service(rows["age"].to_numpy(float), rows["tenure_band"].to_numpy(int))
    for _ in range(FITTING):
        found = np.bincount(kind, weights=part * share)
        share = share * np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)[kind]
        share = share / np.bincount(point, weights=share)[point]
    return rows.assign(share=share).drop(columns=["point", "kind"])


# length of service and contract


def _class_shares(frame: pd.DataFrame, k: int) -> pd.DataFrame:
    """GROUP columns, tenure_band, contract, share (sums to one per atom); every share comes from counts of at least k."""
    kinds = ["tenure_band", "contract"]
    counts = frame.groupby([*KEYS, *kinds], as_index=False)["people"].sum()
    counts = counts.sort_values([*KEYS, "people"], kind="stable", ignore_index=True)
    total = counts.groupby(KEYS)["people"].transform("sum")
    small = counts["people"] < k
    rest = counts["people"].where(small, 0.0).groupby([counts[key] for key in KEYS]).transform("sum")
    running = counts.groupby(KEYS)["people"].cumsum()
    # a remainder below k takes the smallest larger classes along until it holds k people
    taken = small | ((rest > 0) & (rest < k) & ((running - counts["people"]) < k))
    own = counts[~taken].assign(share=lambda rows: rows["people"] / total[~taken])
    left = counts[taken].groupby(KEYS, as_index=False)["people"].sum().rename(columns={"people": "rest"})
    left = left.merge(counts.groupby(KEYS, as_index=False)["people"].sum(), on=KEYS)
    mix = pooled_mix(counts[taken].groupby(kinds, as_index=False)["people"].sum(), k)
    pooled = left.merge(mix, how="cross")
    pooled["share"] = pooled["rest"] / pooled["people"] * pooled["mix"]
    columns = [*KEYS, *kinds, "share"]
    return pd.concat([own[columns], pooled[columns]]).groupby([*KEYS, *kinds], as_index=False)["share"].sum()


def pooled_mix(counts: pd.DataFrame, k: int) -> pd.DataFrame:
    """tenure_band, contract, mix (sums to one): classes below k join the largest class of the pool."""
    if counts.empty:
        return counts.assign(mix=pd.Series(dtype=float)).drop(columns="people")
    counts = counts.sort_values("people", ascending=False, kind="stable", ignore_index=True)
    keep = counts["people"] >= k
    keep.iloc[0] = True
    kept = counts[keep].copy()
    kept.loc[kept.index[0], "people"] += counts.loc[~keep, "people"].sum()
    return kept.assign(mix=kept["people"] / kept["people"].sum()).drop(columns="people")


def _contract_ends(frame: pd.DataFrame, k: int) -> pd.DataFrame:
    """contract, contract_end_month, end_share: firm-wide, per year to the end of the contract; -1 without a date.

    Whole years, because how many contracts end in the coming year decides about renewal; a year of fewer than k joins its neighbour.
    """
    fixed = frame[frame["contract"] == FIXED]
    dated = fixed[fixed["contract_end_month"] >= 0]
    count = dated["people"].to_numpy(float)
    rows = [(PERMANENT, -1, 1.0)]
    if count.sum() < k:
        return pd.DataFrame([*rows, (FIXED, -1, 1.0)], columns=["contract", "contract_end_month", "end_share"])
    month = dated["contract_end_month"].to_numpy(float)
    year = np.minimum(month // 12, LAST_END_YEAR).astype(int)
    yearly, months = np.bincount(year, weights=count), np.bincount(year, weights=count * month)
    block = blocks_of(yearly, k)
    people, mean = np.bincount(block, weights=yearly), np.bincount(block, weights=months)
    open_ended = float(fixed["people"].sum() - count.sum())
    open_ended = open_ended if open_ended >= k else 0.0
    whole = people.sum() + open_ended
    rows += [(FIXED, int(total / part), float(part / whole)) for total, part in zip(mean, people, strict=True)]
    if open_ended:
        rows.append((FIXED, -1, open_ended / whole))
    return pd.DataFrame(rows, columns=["contract", "contract_end_month", "end_share"])


def expected_dates(cohorts: Cohorts, age: int | None, years: int) -> pd.DataFrame:
    """GROUP columns, year, people, fte: who reaches the pension date (age None) or the birthday `age` within so many years.

    cohorts: smoothed ones, so that neighbouring ages, years and days asked for tell nothing that the blocks do not.
    """
    frame = cohorts.frame
    months = frame["pension_month"].to_numpy(float)
    if age is not None:  # the birthday lies a fixed time before the pension date; the firm's mean of that time is close enough
        life = np.average(12 * frame["age"] + 6 + months, weights=frame["people"]) if len(frame) else 0.0
        months = months - np.round(life) + 12 * age
    inside = (months >= 0) & (months < 12 * years)
    year = cohorts.as_of.year + (cohorts.as_of.month - 1 + months[inside]) // 12
    return frame[inside].assign(year=year.astype(int)).groupby([*KEYS, "year"], as_index=False)[["people", "fte"]].sum()


# money

LARGEST_SHARE, TWO_LARGEST_SHARE = 0.30, 0.85
MEAN_STEP, SUM_STEP = 100.0, 1000.0


def money_may_be_told(amounts: np.ndarray, k: int) -> bool:
    """At least k amounts, the largest at most 30 % of the sum and the two largest together at most 85 %."""
    if k <= 1:
        return True
    known = np.sort(np.asarray(amounts, float))[::-1]
    total = known.sum()
    if len(known) < k or np.isnan(total) or total <= 0:
        return False
    return bool(known[0] <= LARGEST_SHARE * total and known[:2].sum() <= TWO_LARGEST_SHARE * total)


def cost_per_fte(cost: np.ndarray, people: np.ndarray, fte: np.ndarray, k: int) -> float:
    """Mean yearly cost per fte of an atom, to the hundred euro; NaN where it is unknown or would tell somebody's pay.

    Per row of the atom: the cost of its people together, people, fte.
    """
    each = np.repeat(
        np.divide(cost, people, out=np.full(len(people), np.nan), where=people > 0), np.maximum(1, np.round(people).astype(int))
    )
    hours = float(fte.sum())
    if hours <= 0 or not money_may_be_told(each, k):
        return float("nan")
    return round(float(cost.sum()) / hours / MEAN_STEP) * MEAN_STEP
