"""Which skills walk out of the door: holders, single points, the chance that the last holder has left, and what that costs.

The chance of leaving is the average of an age window of at least ten people (`group_survival`), never a person's own; results
are per skill. A skill with one holder is still one person: callers show `chance_lost` only where holders >= k (see `shown`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analytics.skills.gaps import SkillBase, holds

LEAST = 10
"""People in the smallest group whose chance of leaving is used."""


def group_survival(age: np.ndarray, tenure_band: np.ndarray, people: np.ndarray, stay: np.ndarray, least: int = LEAST) -> np.ndarray:
    """Replace each cell's chance to stay by the mean of its window: neighbours in age, until `least` people.

    age, tenure_band, people: (C,); stay: (C,) or (C, T+1). People in their first two years (bands 0 and 1) have windows of
    their own where there are enough of them, because newcomers leave far more often. Same shape as stay.
    """
    stay = np.asarray(stay, float)
    people = np.asarray(people, float)
    window = age_windows(age, tenure_band, people, least)
    weight = np.bincount(window, people)
    flat = stay.reshape(len(stay), -1)
    sums = np.stack([np.bincount(window, people * column) for column in flat.T], axis=1)
    return (sums / np.maximum(weight, 1e-12)[:, None])[window].reshape(stay.shape)


def age_windows(age: np.ndarray, tenure_band: np.ndarray, people: np.ndarray, least: int = LEAST) -> np.ndarray:
    """The number of each cell's window, see `group_survival`."""
    out = np.zeros(len(people), int)
    count = 0
    new = np.asarray(tenure_band) <= 1
    parts = [new, ~new] if people[new].sum() >= least and people[~new].sum() >= least else [np.ones(len(people), bool)]
    for part in parts:
        for window in _windows(np.asarray(age)[part], people[part], least):
            out[np.flatnonzero(part)[window]] = count
            count += 1
    return out


def _windows(age: np.ndarray, people: np.ndarray, least: int) -> list[np.ndarray]:
    """Positions grouped by whole ages, from young to old, each group at least `least` people (a small last one joins the previous)."""
    order = np.argsort(age, kind="stable")
    if not len(order):
        return []
    _, starts = np.unique(age[order], return_index=True)
    pieces = np.split(order, starts[1:])
    windows: list[list[np.ndarray]] = [[]]
    counted = 0.0
    for piece in pieces:
        if counted >= least:
            windows.append([])
            counted = 0.0
        windows[-1].append(piece)
        counted += people[piece].sum()
    if counted < least and len(windows) > 1:
        windows[-2].extend(windows.pop())
    return [np.concatenate(window) for window in windows]


def chance_all_gone(leave: np.ndarray, holders: np.ndarray) -> float:
    """Chance that every holder has left, holders independent: product of leave_c ** holders_c. No holders = NaN.

    Method spec 6. Independence understates a bad year in which many leave together.
    """
    leave, holders = np.asarray(leave, float), np.asarray(holders, float)
    if holders.sum() <= 0:
        return float("nan")
    return float(np.prod(leave**holders))


def knowledge(base: SkillBase, leave: np.ndarray, step: int, retire: np.ndarray | None = None, older_than: int = 55) -> pd.DataFrame:
    """One row per skill that somebody holds or some role needs.

    leave: (C, T+1) chance of having left by each year, from group-level rates (0 in column 0); step: the year asked;
    retire: (C,) chance of having left with a pension by then. Columns: skill, holders (people at the level asked, certificate
    valid), holders_fte, needed (a role needs it), unknown (people in such roles not assessed), single_point (one holder), missing
    (needed, nobody known), chance_lost (by then; NaN without holders), first_year (first step with chance above one half, -1 =
    none), leaving, leaving_pension (people expected to leave with it), older (holders of `older_than` and over; NaN without ages),
    weight (mean weight in the roles that need it), replace_months, criticality = weight x chance_lost x replace_months / 12.
    Sorted by criticality, then holders, then name. With unknown people chance_lost is an upper limit.
    """
    rows, count = base.rows, len(base.skills)
    now, _, _ = holds(base, 0.0)
    cell, skill = rows["cell"].to_numpy(int), rows["skill"].to_numpy(int)
    people, fte = rows["people"].to_numpy(float) * now, rows["fte"].to_numpy(float) * now

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(skill, values, minlength=count)[:count]

    holders = total(people)
    lost = _lost(np.asarray(leave, float), cell, skill, people, count)
    needed = base.skills["level"].notna().to_numpy()
    out: dict[str, Any] = {"skill": base.skills["skill"], "holders": holders, "holders_fte": total(fte)}
    out["needed"] = needed
    out["unknown"] = _unknown(base)
    out["single_point"] = (holders > 0) & (holders <= 1)
    out["missing"] = needed & (holders == 0)
    out["chance_lost"] = np.where(holders > 0, lost[:, step], np.nan)
    above = lost > 0.5
    out["first_year"] = np.where((holders > 0) & above.any(axis=1), above.argmax(axis=1), -1)
    out["leaving"] = total(people * np.asarray(leave, float)[cell, step])
    out["leaving_pension"] = total(people * np.asarray(retire, float)[cell]) if retire is not None else np.nan
    out["older"] = total(people * (base.cells["age"].to_numpy(float)[cell] >= older_than)) if "age" in base.cells else np.nan
    out["weight"] = _weights(base)
    out["replace_months"] = base.skills["replace_months"].to_numpy(float)
    out["criticality"] = out["weight"] * out["chance_lost"] * out["replace_months"] / 12
    frame = pd.DataFrame(out)[(holders > 0) | needed]
    return frame.sort_values(["criticality", "holders", "skill"], ascending=[False, True, True], na_position="last", ignore_index=True)


def _lost(leave: np.ndarray, cell: np.ndarray, skill: np.ndarray, people: np.ndarray, count: int) -> np.ndarray:
    """(S, T+1): product over holders, summed as logarithms; a chance of exactly 0 makes the product 0."""
    held = people > 0
    logs = np.log(np.maximum(leave, 1e-300))[cell[held]] * people[held, None]
    out = np.zeros((count, leave.shape[1]))
    for year in range(leave.shape[1]):
        out[:, year] = np.bincount(skill[held], logs[:, year], minlength=count)[:count]
    return np.where(out < -600, 0.0, np.exp(np.maximum(out, -600)))


def _unknown(base: SkillBase) -> np.ndarray:
    """People in roles that need the skill without any record of it."""
    rows, needs, count = base.rows, base.needs, len(base.skills)
    inside = rows["need"].to_numpy(int) >= 0
    known = np.bincount(rows["need"].to_numpy(int)[inside], rows["people"].to_numpy(float)[inside], minlength=len(needs))[: len(needs)]
    missing = np.maximum(needs["people"].to_numpy(float) - known, 0.0)
    return np.bincount(needs["skill_at"].to_numpy(int), missing, minlength=count)[:count]


def _weights(base: SkillBase) -> np.ndarray:
    """Mean weight of a skill in the roles that need it, each role's weights first made to sum to 1."""
    needs, count = base.needs, len(base.skills)
    if not len(needs):
        return np.zeros(count)
    share = (needs["weight"] / needs.groupby("role")["weight"].transform("sum").replace(0.0, 1.0)).to_numpy(float)
    at = needs["skill_at"].to_numpy(int)
    return np.bincount(at, share, minlength=count)[:count] / np.maximum(np.bincount(at, minlength=count)[:count], 1)


def least_leavers(base: SkillBase) -> pd.DataFrame:
    """Per role the smallest number of leavers after which a needed skill has no holder left in that role.

    Columns: role, skill (the one that goes first, alphabetical on a tie), people. 0 = already nobody known.
    """
    now, _, _ = holds(base, 0.0)
    inside = base.rows["need"].to_numpy(int) >= 0
    held = np.bincount(
        base.rows["need"].to_numpy(int)[inside], (base.rows["people"].to_numpy(float) * now)[inside], minlength=len(base.needs)
    )
    frame = base.needs[["role", "skill"]].assign(people=held[: len(base.needs)])
    return frame.sort_values(["role", "people", "skill"]).drop_duplicates("role").reset_index(drop=True)


def shown(frame: pd.DataFrame, k: int, least: int = 3) -> pd.DataFrame:
    """The same rows with chances about fewer than max(k, least) holders left out (NaN, first_year -1) and reordered so that the
    order gives nothing away: those come first by holders and name, because few holders is itself the message."""
    few = (frame["holders"] < max(k, least)).to_numpy()
    untold = ("chance_lost", "criticality", "leaving", "leaving_pension", "older")
    out = frame.assign(
        **{name: np.where(few, np.nan, frame[name].to_numpy(float)) for name in untold},
        first_year=np.where(few, -1, frame["first_year"].to_numpy(int)),
        few=few,
    )
    rank = list(zip(frame["holders"].tolist(), frame["skill"].tolist(), strict=True))
    first = sorted(np.flatnonzero(few).tolist(), key=rank.__getitem__)
    return out.take([*first, *np.flatnonzero(~few).tolist()]).reset_index(drop=True)
