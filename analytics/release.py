"""The one privacy gate: answers leave only as sums over whole atoms.

An *atom* is a set of groups (role x department x location) with at least k people, or all of the staff. Atoms of one
snapshot year are disjoint and the same for every page, filter, chart, download and command, so the difference between any
two answers is again a sum over whole atoms: nobody can be isolated by subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.workforce import GROUP, Scope

K_DEFAULT, K_MIN, K_MAX = 5, 5, 25


class Role(StrEnum):
    """What a viewer may do. LOCAL is the single user of an app on loopback: full rights. GUEST is somebody with a link and without an
    account: no rights at all, only what the link itself opens."""

    LOCAL = "local"
    HR = "hr"
    DIRECTOR = "director"
    COUNCIL = "council"
    ADMIN = "admin"
    PRIVACY = "privacy"
    GUEST = "guest"


FULL_RIGHTS = (Role.LOCAL, Role.HR)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. `units` empty = all departments; `k` = least number of people an answer may be about."""

    who: str
    role: Role
    units: tuple[str, ...] = ()
    k: int = 1

    @classmethod
    def local(cls) -> Viewer:
        return cls("local", Role.LOCAL, (), 1)

    @classmethod
    def director(cls, who: str = "director", units: tuple[str, ...] = (), k: int = K_DEFAULT) -> Viewer:
        return cls(who, Role.DIRECTOR, units, min(max(k, K_MIN), K_MAX))


@dataclass(frozen=True, slots=True)
class Merged:
    """Groups that are shown as one, because alone they are smaller than k."""

    location: str
    unit: str
    role: str
    groups: int
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """membership: (K, G) zeros and ones, one 1 per column; labels: frame of K rows with GROUP columns, `groups` (count) and
    `people`. A label part that differs inside an atom is the empty string for location and unit, and for role the roles
    joined by " + "."""

    k: int
    membership: np.ndarray
    labels: pd.DataFrame

    def sums(self, per_group: np.ndarray) -> np.ndarray:
        """Sum an array whose first axis is groups into one whose first axis is atoms."""
        return np.tensordot(self.membership, per_group, axes=(1, 0))


def make_atoms(people: pd.DataFrame, k: int) -> Atoms:
    """Cut the groups into disjoint atoms of at least k people.

    people: GROUP columns and `people` (counts at the year's first snapshot), one row per group, in engine order.
    Small groups join their smallest neighbour: first inside the same department and location, then the same department,
    then the same location, then anywhere. A firm of fewer than k people is refused.
    """
    counts = people["people"].to_numpy(float)
    if k > 1 and 0 < counts.sum() < k:
        raise Refusal("too_few_people", k=k)
    cells = [[i] for i in range(len(people))]
    if k > 1:
        names = {key: people[key].to_numpy(object) for key in GROUP}
        for keys in (("location", "unit"), ("unit",), ("location",), ()):
            cells = _join_small(cells, [names[key] for key in keys], counts, k)
    membership = np.zeros((len(cells), len(people)))
    for row, members in enumerate(cells):
        membership[row, members] = 1.0
    return label_atoms(k, membership, people)


def label_atoms(k: int, membership: np.ndarray, people: pd.DataFrame) -> Atoms:
    """Atoms with their labels, from a cut that is known. people: GROUP columns and `people`, one row per column of the cut."""
    cells = [list(np.flatnonzero(row)) for row in membership]
    return Atoms(k, membership, _labels(cells, people, people["people"].to_numpy(float)))


def _join_small(cells: list[list[int]], names: list[np.ndarray], counts: np.ndarray, k: int) -> list[list[int]]:
    """Within each parent (same names), merge cells below k, smallest first."""
    parents: dict[tuple[str, ...], list[list[int]]] = {}
    for cell in cells:
        parent = tuple(_common(name[cell]) for name in names)
        parents.setdefault(parent, []).append(cell)
    joined: list[list[int]] = []
    for family in parents.values():
        joined.extend(_merge_family(family, counts, k))
    return sorted((sorted(cell) for cell in joined), key=lambda cell: cell[0])


def _merge_family(family: list[list[int]], counts: np.ndarray, k: int) -> list[list[int]]:
    family = sorted(family, key=lambda cell: (counts[cell].sum(), cell[0]))
    while len(family) > 1 and counts[family[0]].sum() < k:
        first, second, *rest = family
        family = sorted([first + second, *rest], key=lambda cell: (counts[cell].sum(), cell[0]))
    return family


def _common(values: np.ndarray) -> str:
    first = values[0]
    return str(first) if all(value == first for value in values) else ""


def _labels(cells: list[list[int]], people: pd.DataFrame, counts: np.ndarray) -> pd.DataFrame:
    location, unit, role = (people[key].to_numpy(object) for key in GROUP)
    rows = []
    for cell in cells:
        roles = list(dict.fromkeys(map(str, role[cell])))
        rows.append((_common(location[cell]), _common(unit[cell]), " + ".join(roles), len(cell), float(counts[cell].sum())))
    return pd.DataFrame(rows, columns=[*GROUP, "groups", "people"])


def chosen_atoms(atoms: Atoms, groups: pd.DataFrame, scope: Scope, viewer: Viewer) -> np.ndarray:
    """Boolean per atom: every group of it lies inside the scope and the viewer's departments.

    An atom that lies only partly inside is left out, never cut: cutting is what subtraction attacks need.
    """
    inside = scope.mask(groups)
    if viewer.units:
        inside = inside & groups["unit"].isin(viewer.units)
    outside_count = atoms.membership @ (~inside).to_numpy(float)
    return outside_count == 0


def merged_notes(atoms: Atoms, chosen: np.ndarray) -> tuple[Merged, ...]:
    """What the answer has to say: which of the chosen atoms stand for more than one group."""
    rows = atoms.labels[chosen & (atoms.labels["groups"].to_numpy() > 1)]
    return tuple(Merged(r.location, r.unit, r.role, int(r.groups), round(r.people)) for r in rows.itertuples())


def nearest(count: int, k: int) -> int:
    """A head count beside the gate, to the nearest multiple of k: two of them differ by nobody or by at least k."""
    return count if k <= 1 else k * round(count / k)


def windows(counts: np.ndarray, k: int) -> list[tuple[int, int]]:
    """Cut yearly event counts into windows [from, to) whose sums are at least k: years, else 3, else 5 years, else all in one.

    counts: (T,) expected or counted people a year. With k = 1 every year stands alone. A last window that is too small joins
    the one before it. Yearly pension counts below k would be somebody's birthday.
    """
    total = len(counts)
    if k <= 1:
        return [(year, year + 1) for year in range(total)]
    for width in (1, 3, 5):
        cuts = [(start, min(start + width, total)) for start in range(0, total, width)]
        if len(cuts) > 1 and (counts[slice(*cuts[-1])].sum() < k or cuts[-1][1] - cuts[-1][0] < width):
            cuts[-2:] = [(cuts[-2][0], total)]
        if all(counts[slice(*cut)].sum() >= k for cut in cuts):
            return cuts
    return [(0, total)]


def windowed(counts: np.ndarray, k: int) -> np.ndarray:
    """The same yearly series with each window's total spread evenly over its years, so that only window totals can be read."""
    spread = np.array(counts, float)
    for start, end in windows(spread, k):
        spread[start:end] = spread[start:end].sum() / (end - start)
    return spread
