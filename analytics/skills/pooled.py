"""Skills for who sees groups only: what people can do, counted over whole atoms of the privacy gate and over at least k people assessed.

Three things would tell of fewer than k people, and each has its answer here. Roles cut other groups than the atoms do, so roles that
share an atom are told as one class. A skill of which few in a class were assessed would show by subtraction or under an override of
that class, so the small ones of a skill are one union of at least k. And whose skill it is would join to a date of birth, so every
chance to stay is that of the class, made from protected groups, never that of the holders themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.release import Atoms
from analytics.skills.gaps import SkillBase


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """labels (C,): roles joined by " + ". of_role: role -> class. of_atom (A,): class of each atom. weight: role -> staff in whole
    multiples of k, which says how a class is made up; alone: roles that are a class by themselves. roles (C,): names in each class;
    seen (C,): which of them this viewer is told about; apart: role -> the classes seen that are of this role only."""

    labels: tuple[str, ...]
    of_role: dict[str, int]
    of_atom: np.ndarray
    weight: dict[str, float]
    roles: tuple[tuple[str, ...], ...]
    seen: np.ndarray

    @property
    def alone(self) -> dict[str, int]:
        counts = np.bincount(list(self.of_role.values()), minlength=len(self.labels))
        return {role: at for role, at in self.of_role.items() if counts[at] == 1}

    @property
    def apart(self) -> dict[str, list[int]]:
        out: dict[str, list[int]] = {}
        for at in np.flatnonzero(self.seen):
            if len(self.roles[at]) == 1:
                out.setdefault(self.roles[at][0], []).append(int(at))
        return out


def classes(groups: pd.DataFrame, atoms: Atoms, people: Mapping[str, float], also: tuple[str, ...]) -> Classes:
    """groups: of the atoms' columns. people: staff per role. also: roles that nobody has; each is a class by itself."""
    names, code = np.unique(groups["role"].to_numpy(str), return_inverse=True)
    holds = np.zeros((len(atoms.membership), len(names)))
    np.add.at(holds.T, code, atoms.membership.T)
    held = csr_array(holds > 0)
    count, joined = connected_components(held.T @ held, directed=False)
    extra = [role for role in dict.fromkeys(also) if role not in set(names)]
    of_role = {str(name): int(at) for name, at in zip(names, joined, strict=True)} | {role: count + n for n, role in enumerate(extra)}
    inside = [*(tuple(map(str, sorted(names[joined == at]))) for at in range(count)), *((role,) for role in extra)]
    weight = {role: float(atoms.k * (people.get(role, 0.0) // atoms.k)) for role in of_role}
    labels = tuple(" + ".join(roles) for roles in inside)
    return Classes(labels, of_role, joined[holds.argmax(axis=1)], weight, tuple(inside), np.ones(len(inside), bool))


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """base: one row of needs per skill and union of classes, its `role` a number; cells: those rows, then groups that hold a skill
    without needing it. staff (N, C): part of each class's staff that a cell stands for; mean (N, C): from chances per class to those of
    a cell, by fte. known (C, S): people assessed, 0 where
    nothing is told. hidden (C, S): told in a union only. few (S,): fewer than k assessed in all: nothing is told but that.
    need_of, row_of (R,): row of the needs and class of each kept record; kept (rows of the full base,): which records count."""

    base: SkillBase
    staff: np.ndarray
    mean: csr_array
    known: np.ndarray
    hidden: np.ndarray
    few: np.ndarray
    kept: np.ndarray
    class_of_row: np.ndarray


def hidden_together(known: np.ndarray, few: np.ndarray, k: int) -> np.ndarray:
    """Which parts of a total to hide, (N,) bool: those of too few people, and when they are fewer than k together, the next smallest
    with them, so that the total less what is shown is never about fewer than k. known (N,): people assessed in each part."""
    out = few.copy()
    while 0 < known[out].sum() < k - 1e-9 and (~out & (known > 0)).any():
        rest = np.flatnonzero(~out & (known > 0))
        out[rest[np.argmin(known[rest])]] = True
    return out


def pooled(base: SkillBase, found: Classes, people: np.ndarray, fte: np.ndarray, k: int) -> Pooled:
    """base: per person and role; people, fte (C,): of the protected staff."""
    count = len(base.skills)
    known, asked = known_in(base, found, len(people)), asked_of(base.needs, found, len(people), count)
    needing = asked["part"] > 0
    known[:, np.where(needing, 0.0, known).sum(axis=0) < k] *= needing[:, np.where(needing, 0.0, known).sum(axis=0) < k]
    few = (known.sum(axis=0) > 0) & (known.sum(axis=0) < k)
    known[:, few] = 0.0
    small = (known > 0) & ((known < k) | (needing & (asked["part"] * people[:, None] < k)))
    hidden = np.stack([hidden_together(known[:, s], small[:, s], k) for s in range(count)], axis=1) if count else small
    pieces = []
    for s in range(count):
        single = [np.array([c]) for c in np.flatnonzero((needing[:, s] | (known[:, s] > 0)) & ~hidden[:, s])]
        together = np.flatnonzero(hidden[:, s])
        pieces.append([*single, *([together] if len(together) else [])])
    return counted(base, found, asked, pieces, Counts(known, hidden, few), people, fte)


def known_in(base: SkillBase, found: Classes, many: int) -> np.ndarray:
    """(C, S) people of whom a level is known."""
    at = base.cells["role"].map(found.of_role).to_numpy(int)[base.rows["cell"].to_numpy(int)]
    known = np.zeros((many, len(base.skills)))
    np.add.at(known, (at, base.rows["skill"].to_numpy(int)), base.rows["people"].to_numpy(float))
    return known


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """known, hidden (C, S) and few (S,): see `Pooled`."""

    known: np.ndarray
    hidden: np.ndarray
    few: np.ndarray


def counted(
    base: SkillBase, found: Classes, asked: dict[str, np.ndarray], pieces: list[list[np.ndarray]], told: Counts, people: np.ndarray,
    fte: np.ndarray,
) -> Pooled:  # fmt: skip
    """Records of the classes with `told.known`, counted over `pieces`: per skill the sets of classes that are told as one."""
    rows = base.rows
    at = base.cells["role"].map(found.of_role).to_numpy(int)[rows["cell"].to_numpy(int)]
    skill = rows["skill"].to_numpy(int)
    needs, staff, need_at, cell_at = _unions(asked, pieces, fte)
    kept = told.known[at, skill] > 0
    need, cell = need_at[at[kept], skill[kept]], cell_at[at[kept], skill[kept]]
    held = staff[cell]
    records = rows.loc[kept, ["level", "skill", "people", "idle", "ends", "able", "until"]].reset_index(drop=True)
    each = np.divide(held @ fte, held @ people, out=np.ones(len(held)), where=held @ people > 0)
    records = records.assign(cell=cell, need=need, fte=records["people"].to_numpy(float) * each)
    needs["skill"] = base.skills["skill"].to_numpy(str)[needs["skill_at"].to_numpy(int)]
    needs["people"], needs["fte"] = staff[: len(needs)] @ people, staff[: len(needs)] @ fte
    cells = pd.DataFrame({"role": [*needs["role"], *[""] * (len(staff) - len(needs))], "people": staff @ people, "fte": staff @ fte})
    index = {key: place for place, key in enumerate(zip(needs["role"], needs["skill"], strict=True))}
    joined = replace(base, cells=cells, needs=needs, rows=records, need_at=index)
    return Pooled(joined, staff, _mean(staff, fte), told.known, told.hidden, told.few, kept, at[kept])


def _mean(staff: np.ndarray, fte: np.ndarray) -> csr_array:
    """Rows that add up to one: classes weigh by fte, alike where that is nobody."""
    weight = staff * fte
    total = weight.sum(axis=1, keepdims=True)
    even = staff / np.maximum(staff.sum(axis=1, keepdims=True), 1e-12)
    return csr_array(np.divide(weight, total, out=even, where=total > 0))


def asked_of(needs: pd.DataFrame, found: Classes, many: int, count: int) -> dict[str, np.ndarray]:
    """Per class and skill (C, S): part of the staff whose role asks it, and of those roles the mean share, change and weight, the
    highest level and the fixed number (NaN none); roles count by their staff in multiples of k, alike where that is nobody."""
    of_class = np.array(list(found.of_role.values()))
    weight = pd.Series(found.weight)
    total = np.bincount(of_class, weight.to_numpy(float), minlength=many)
    even = {role: total[at] == 0 for role, at in found.of_role.items()}
    weight = weight.where([not even[role] for role in weight.index], 1.0)
    total = np.bincount(of_class, weight.to_numpy(float), minlength=many)
    at, skill = needs["role"].map(found.of_role).to_numpy(int), needs["skill_at"].to_numpy(int)
    mass = needs["role"].map(weight).to_numpy(float)

    def summed(values: np.ndarray) -> np.ndarray:
        out = np.zeros((many, count))
        np.add.at(out, (at, skill), values)
        return out

    whole = summed(mass)
    plain, asks = summed(np.ones(len(needs))), {}
    for name in ("share", "change", "weight"):
        mean = np.divide(summed(mass * needs[name].to_numpy(float)), whole, out=np.zeros((many, count)), where=whole > 0)
        asks[name] = mean
    fixed = needs["needed_fte"].to_numpy(float)
    open_ended = summed(np.isnan(fixed).astype(float)) > 0
    asks["needed_fte"] = np.where(open_ended | (plain == 0), np.nan, summed(np.nan_to_num(fixed)))
    level = np.zeros((many, count))
    np.maximum.at(level, (at, skill), needs["level"].to_numpy(float))
    return asks | {"level": level, "part": whole / total[:, None]}


def _unions(
    asked: dict[str, np.ndarray], pieces: list[list[np.ndarray]], fte: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    """needs, staff (N, C), and per class and skill the row of the needs (-1: none) and of the staff its records count in."""
    need_at, cell_at = np.full(asked["part"].shape, -1), np.full(asked["part"].shape, -1)
    rows, staff, loose = [], [], []
    for s, unions in enumerate(pieces):
        for union in unions:
            part = asked["part"][union, s]
            if not part.any():
                loose.append((union, s))
                continue
            mass = np.where(fte[union] * part > 0, fte[union] * part, 1e-9 * (part > 0))
            mean = {name: float(np.average(asked[name][union, s], weights=mass)) for name in ("share", "change", "weight")}
            need_at[union, s] = cell_at[union, s] = len(rows)
            fixed = asked["needed_fte"][union[part > 0], s]
            rows.append({"role": str(len(rows)), "skill_at": s, "level": asked["level"][union, s].max(), "needed_fte": fixed.sum(), **mean})
            staff.append(np.where(np.isin(np.arange(len(fte)), union), asked["part"][:, s], 0.0))
    for union, s in loose:
        cell_at[union, s] = len(staff)
        staff.append(np.isin(np.arange(len(fte)), union).astype(float))
    columns = ["role", "skill_at", "level", "needed_fte", "share", "change", "weight"]
    frame = pd.DataFrame(rows, columns=columns).astype({"role": "str", "skill_at": "int64"} | dict.fromkeys(columns[2:], float))
    return frame, np.array(staff).reshape(-1, len(fte)), need_at, cell_at
