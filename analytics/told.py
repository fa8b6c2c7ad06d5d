"""When what people told may be told on: the difference between two days is an answer too.

What people can, want and did changes one person at a time. So everybody but HR is answered from a copy that stands still: it is
renewed per *bundle*, a set of whole atoms with at least `least` people, and only when at least `least` people of the bundle changed
and, of each atom in it, nobody or at least k. Whatever is made of the copy on two days differs by nobody, or by so many people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.release import make_atoms
from analytics.workforce import GROUP

OUTSIDE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """Per person given: joins, told anew as of today; leaves, no longer told where they were; waits, somebody of whom the copy says
    something else than is known today. waiting: how many wait, those who were taken out of the copy included."""

    joins: np.ndarray
    leaves: np.ndarray
    waits: np.ndarray
    waiting: int


def bundles(groups: pd.DataFrame, least: int) -> np.ndarray:
    """Number of the bundle of each atom. groups: GROUP columns and people, one row per atom. Small atoms join as groups do."""
    if not len(groups) or groups["people"].sum() < least:
        return np.zeros(len(groups), int)
    return make_atoms(groups, least).membership.argmax(axis=0)


def labelled(cut: pd.DataFrame, known: pd.DataFrame, people: pd.Series, least: int) -> tuple[pd.DataFrame, bool]:
    """Which atom and bundle each group is in: GROUP columns, atom, bundle; and whether that is another cut than the known one.

    cut: GROUP columns and atom, the atoms of today; known: the same with bundle, as last told. Where both cut the groups they share
    alike the known numbers stay, and a new atom becomes a bundle, or joins the smallest while it is small. people: per atom of `cut`.
    """
    keys = list(GROUP)
    both = cut.merge(known, on=keys, suffixes=("", "_known"))
    to = both.groupby("atom")["atom_known"].nunique(), both.groupby("atom_known")["atom"].nunique()
    if not len(known) or any((count > 1).any() for count in to):
        atoms = cut.groupby("atom", sort=True).agg({key: _common for key in keys}).reset_index()
        atoms["people"] = atoms["atom"].map(people).fillna(0.0).astype(float)
        numbers = dict(zip(atoms["atom"], bundles(atoms, least).tolist(), strict=True))
        return cut.assign(bundle=cut["atom"].map(numbers).astype(int)), True
    number = {int(row.atom): (int(row.atom_known), int(row.bundle)) for row in both.itertuples()}
    size: dict[int, float] = {}
    for atom, (_, bundle) in number.items():
        size[bundle] = size.get(bundle, 0.0) + float(people.get(atom, 0.0))
    following, after = int(known["atom"].max()) + 1, int(known["bundle"].max()) + 1
    for atom in sorted(set(cut["atom"]) - set(number)):
        small = float(people.get(atom, 0.0)) < least and size
        number[atom] = (following, min(size, key=lambda one: (size[one], one)) if small else after)
        following, after = following + 1, after + (not small)
    pairs = [number[atom] for atom in cut["atom"]]
    return cut.assign(atom=[atom for atom, _ in pairs], bundle=[bundle for _, bundle in pairs]), False


def _common(values: pd.Series) -> str:
    return str(values.iloc[0]) if values.nunique() == 1 else ""


def due(old: np.ndarray, new: np.ndarray, changed: np.ndarray, gone: np.ndarray, bundle: np.ndarray, k: int, least: int) -> Due:
    """Who is told anew.

    old, new (P,): atom in which somebody is told of and works today, OUTSIDE for none. changed (P,): what is known of somebody is not
    what is told. gone, bundle (A,): people taken out of the copy since, and the bundle of each atom. Who only moved counts for
    nobody: in the sum of both atoms a move does not show, and one other person would.
    """
    count = int(bundle.max()) + 1 if len(bundle) else 0
    came = _per(new, (old == OUTSIDE) & (new >= 0), len(bundle))
    gone = np.maximum(gone - came, 0.0)  # who took something back and still works here may be among those who came
    own = np.append(bundle, OUTSIDE)  # the last place stands for OUTSIDE
    before, after = own[old], own[new]
    real = changed | (old == OUTSIDE) | (new == OUTSIDE)
    touched = real | (old != new)
    most = np.maximum(_per(old, old >= 0, len(bundle)) + came, _per(new, new >= 0, len(bundle))) + gone
    enough, many = np.minimum(k, np.maximum(most, 1)), np.minimum(least, np.maximum(_sum(most, bundle, count), 1))
    renewed = np.ones(count, bool)
    while True:
        able = np.append(renewed, False)
        enters = (new >= 0) & ((old == OUTSIDE) | able[before] | (before == after))
        out, into = touched & (old >= 0), touched & enters & (new != old)
        moved_or_real = _per(old, out, len(bundle)) + _per(new, into, len(bundle)) + gone
        of_atom = _per(old, out & real, len(bundle)) + _per(new, into & real, len(bundle)) + gone
        of_bundle = _per(before, out & real, count) + _per(after, into & real & (after != before), count) + _sum(gone, bundle, count)
        short = _sum(((moved_or_real > 0) & (of_atom < enough)).astype(float), bundle, count) > 0
        still = renewed & ~short & (of_bundle >= many)
        if (still == renewed).all():
            break
        renewed = still
    able = np.append(renewed, False)
    joins, leaves = enters & able[after], able[before] & (old >= 0)
    if (real & (joins | leaves)).sum() + gone.sum() < min(least, max(int((old >= 0).sum()), 1)):
        renewed, joins, leaves = renewed & False, joins & False, leaves & False  # small bundles, whole in themselves: too few in the sum
        able = np.append(renewed, False)
    waits = touched & ~joins & ~(leaves & (new == OUTSIDE))
    return Due(joins, leaves, waits, int(waits.sum() + gone[~able[bundle]].sum()) if len(bundle) else int(waits.sum()))


def _per(place: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(place[which], minlength=count).astype(float)


def _sum(values: np.ndarray, bundle: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(bundle, weights=values, minlength=count)
