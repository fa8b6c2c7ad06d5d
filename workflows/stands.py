"""Which people a director's figures stand for: atoms over the years, and the people of each on the day that may be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import pandas as pd

from analytics.carry import Stand, first_stand, next_stand
from analytics.errors import Refusal
from analytics.protect import all_groups, atom_names, gathered, smoothed
from analytics.release import Atoms, Viewer, label_atoms
from analytics.workforce import FIXED, GROUP, Cohorts, History
from workflows.workspace import Workspace

KEYS = list(GROUP)


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """What the engine is given for a threshold k. groups: the groups atoms are made of, in the order of their columns.

    names: GROUP columns of each atom as the engine knows it. stamps: the day each atom shows.
    """

    cohorts: Cohorts
    history: History
    groups: pd.DataFrame
    atoms: Atoms
    names: pd.DataFrame
    stamps: tuple[date, ...]


def protected(viewer: Viewer, workspace: Workspace, day: date, days: list[date]) -> Protected:
    """The protected people of snapshot `day`; `days`: all snapshots up to and including it. Refusal too_few_people.

    The history is that up to the first snapshot of the year: chances change once a year, with the cut.
    """
    k, cut = viewer.k, stand(workspace, days, viewer.k)
    today = workspace.store.cohorts(day)
    groups = cut.groups[KEYS].merge(all_groups(today), on=KEYS, how="left").fillna({"people": 0.0})
    atoms = label_atoms(k, cut.membership(), groups)
    history = workspace.store.history(next(other for other in days if other.year == day.year))
    names, parts, told = atom_names(atoms), [], 0.0
    for stamp in sorted(set(cut.stamps.values())):
        source = today if stamp == day else workspace.store.cohorts(stamp)
        whole, past = gathered(source, history, groups, atoms, k)
        shown = names[[other == stamp for other in cut.stamps.values()]]
        people = replace(whole, frame=whole.frame.merge(shown, on=KEYS))
        parts.append(_carried_forward(smoothed(people, k), day).frame)
        told += float(people.frame["people"].sum())
        if stamp == day or stamp == max(cut.stamps.values()):
            newest, newest_past = whole, past
    if 0 < told < k:
        raise Refusal("too_few_people", k=k)
    posts = gathered(today, history, groups, atoms, k)[0] if day not in cut.stamps.values() else newest
    frame = pd.concat(parts, ignore_index=True)
    counted = frame.groupby(KEYS)["people"].sum()
    labels = atoms.labels.assign(people=[float(counted.get(tuple(name), 0.0)) for name in names.itertuples(index=False)])
    cohorts = replace(posts, as_of=day, frame=frame)
    return Protected(cohorts, newest_past, groups, replace(atoms, labels=labels), names, tuple(cut.stamps.values()))


def _carried_forward(cohorts: Cohorts, day: date) -> Cohorts:
    """The same people on a later day: months to their dates pass, nobody joins or leaves."""
    months = (day.year - cohorts.as_of.year) * 12 + day.month - cohorts.as_of.month
    if not months:
        return cohorts
    frame = cohorts.frame
    ended = (frame["contract"] == FIXED) & (frame["contract_end_month"] >= 0)
    return replace(
        cohorts,
        as_of=day,
        frame=frame.assign(
            age=frame["age"] + months // 12,
            pension_month=frame["pension_month"] - months,
            contract_end_month=frame["contract_end_month"].where(~ended, (frame["contract_end_month"] - months).clip(lower=0)),
        ),
    )


def stand(workspace: Workspace, days: list[date], k: int) -> Stand:
    """From the first snapshot to the last of `days`, each step as it was told at the time."""
    key = ("stand", workspace.store.fingerprint(), k, days[-1])
    return workspace.cached(key, lambda: _stand(workspace, days, k))


def _stand(workspace: Workspace, days: list[date], k: int) -> Stand:
    store = workspace.store
    stand = first_stand(store.group_counts(days[0]), days[0], k)
    for before, day in pairwise(days):
        changes = {stamp: store.changes(stamp, day) for stamp in set(stand.stamps.values())}
        stand = next_stand(stand, store.group_counts(day), changes, day, k, recut=day.year != before.year)
    return stand
