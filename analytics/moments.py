"""Variance of the people in each group: exact without moves; who moved is followed from the group they started in."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from analytics.assumptions import FILL_DEFAULT
from analytics.beside import both
from analytics.grid import Base
from analytics.inflow import Course

FILLED = FILL_DEFAULT / 100


class Spread(Protocol):
    """Variance of people and of fte, of groups and of sums of groups."""

    def of_groups(self) -> tuple[np.ndarray, np.ndarray]: ...
    def of_sums(self, member: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]: ...


NOBODY = 1e-12
"""Fewer people than this are none: a number that small has no inverse to count with."""
FEW_SUMS = 32
"""Up to this many sums a plain product of matrices is faster than one that skips the zeros."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What the variance of any sum of groups needs. O = groups that people move out of, `source`; two kinds: today's staff, and
    people hired later. own (2, 2, T+1, G): kind x (expected people in the group they started in, their variance); own_fte the same in fte;
    moved (2, T+1, O, G): expected people of each origin now in each group after a move; size (2, T+1, O): persons or vacancies they come
    from; fte_moved (T+1, G), fte_stay (2, T+1, G): mean fte of who moved in, and of who stayed.
    """

    own: np.ndarray
    own_fte: np.ndarray
    source: np.ndarray
    moved: np.ndarray
    size: np.ndarray
    fte_moved: np.ndarray
    fte_stay: np.ndarray

    def of_groups(self) -> tuple[np.ndarray, np.ndarray]:
        """Variance of people and of fte of each group, (G, T+1)."""
        people, fte = self.own[:, 1].sum(axis=0), self.own_fte[:, 1].sum(axis=0)
        if len(self.source):
            persons = self._persons()
            whole = self.moved.sum(axis=(0, 2))
            shared = ((1 / persons).swapaxes(-1, -2) @ np.square(self.moved))[:, :, 0].sum(axis=0)
            back = self.moved[:, :, np.arange(len(self.source)), self.source]  # who moved away and came back
            both = self.own[:, 0][:, :, self.source] * back / persons[..., 0]
            people += whole - shared
            people[:, self.source] -= 2 * both.sum(axis=0)
            fte += (whole - shared) * self.fte_moved**2
            fte[:, self.source] -= 2 * (both * self.fte_stay[:, :, self.source]).sum(axis=0) * self.fte_moved[:, self.source]
        return np.maximum(people, 0.0).T, np.maximum(fte, 0.0).T

    def of_sums(self, member: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        """Variance of people and of fte of each sum of groups, member (K, G) of 0 and 1: (K, T+1). People who move between two groups of
        a sum do not vary it."""
        people, fte = member @ self.own[:, 1].sum(axis=0).T, member @ self.own_fte[:, 1].sum(axis=0).T
        if len(self.source):
            home = member[:, self.source].toarray().T  # (O, K)
            for total, each, each_stay in ((people, 1.0, np.ones_like(self.fte_stay)), (fte, self.fte_moved[:, None], self.fte_stay)):
                first = _inside(self.moved * each, member)
                second = first if isinstance(each, float) else _inside(self.moved * each**2, member)
                stay = (self.own[:, 0] * each_stay)[:, :, self.source, None] * home
                total += (second - (first**2 + 2 * stay * first) / self._persons()).sum(axis=(0, 2)).T
        return np.maximum(people, 0.0), np.maximum(fte, 0.0)

    def _persons(self) -> np.ndarray:
        return np.where(self.size > NOBODY, self.size, np.inf)[..., None]


@dataclass(frozen=True, slots=True, eq=False)
class ByOrigin:
    """As `Moments`, by compiled loops: where people of each origin are is never kept. own, own_fte as there."""

    own: np.ndarray
    own_fte: np.ndarray
    loops: ModuleType
    origins: Any

    def of_groups(self) -> tuple[np.ndarray, np.ndarray]:
        """As `Moments.of_groups`."""
        people, fte = self.own[:, 1].sum(axis=0), self.own_fte[:, 1].sum(axis=0)
        if len(self.origins.source):
            more = np.zeros((2, 2, *people.shape))  # kind x people or fte

            def spread(kind: int) -> None:
                self.loops.spread_of_groups(kind, self.origins, *more[kind])

            both(lambda: spread(0), lambda: spread(1))
            people, fte = people + more[:, 0].sum(axis=0), fte + more[:, 1].sum(axis=0)
        return np.maximum(people, 0.0).T, np.maximum(fte, 0.0).T

    def of_sums(self, member: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        """As `Moments.of_sums`."""
        people, fte = (np.ascontiguousarray((member @ own[:, 1].sum(axis=0).T).T) for own in (self.own, self.own_fte))
        if len(self.origins.source):
            groups = (member.indptr.astype(np.int64), member.indices.astype(np.int64), member.data.astype(float))
            self.loops.spread_of_sums(self.origins, *groups, people, fte)
        return np.maximum(people, 0.0).T, np.maximum(fte, 0.0).T


def _inside(values: np.ndarray, member: sparse.csr_matrix) -> np.ndarray:
    """(2, T+1, O, G) -> (2, T+1, O, K)."""
    flat, sums = values.reshape(-1, values.shape[-1]), member.shape[0]
    inside = flat @ member.toarray().T if sums <= FEW_SUMS else (member @ np.ascontiguousarray(flat.T)).T
    return inside.reshape(*values.shape[:-1], sums)


def slot_weight(hires: np.ndarray) -> np.ndarray:
    """Sum over the vacancies behind `hires` of the squared chance to be filled. hires (...) people.

    h hires are h / f vacancies that are each filled with chance f, one of them for the fraction that is left over.
    """
    vacancies = hires / FILLED
    whole = np.floor(vacancies)
    return FILLED**2 * (whole + (vacancies - whole) ** 2)


def moments(base: Base, counted: Counted, hires: np.ndarray, one: Course, loops: ModuleType | None = None) -> Moments | ByOrigin:
    """Today's staff in their own group: sum of p(1-p) per person, fte squared as weight. New people: vacancies filled or not, who stay
    or not. Movers are followed by the group they started in, however often they move: its people share one mean chance to be in each
    other group, which is exact when they are alike and makes the variance slightly too large otherwise.
    """
    mean, mean_fte, squares, squares_fte = counted.spread
    each = base.hire_fte
    weight = slot_weight(hires)
    steps = hires.shape[1]
    own = np.zeros((2, 2, steps + 1, len(base.groups)))
    own[0, 0], own[0, 1] = mean, mean - squares
    for s in np.flatnonzero(hires.any(axis=0)):
        present = one.people[: steps - s]
        own[1, 0, s + 1 :] += hires[:, s] * present
        own[1, 1, s + 1 :] += hires[:, s] * present - weight[:, s] * present**2
    own_fte = np.stack([np.stack([mean_fte, mean_fte - squares_fte]), own[1] * each**2])
    source = np.unique(base.link_from)
    vacancies = np.vstack([np.zeros(len(base.groups)), np.cumsum(hires, axis=1).T]) / FILLED
    size = np.stack([np.repeat(counted.staff[None], steps + 1, axis=0), vacancies])[:, :, source]
    fte_stay = np.stack([np.sqrt(_ratio(mean_fte, mean)), np.broadcast_to(each, mean.shape)])
    fte_moved = _ratio(counted.movers[1], counted.movers[0])
    if loops is not None:
        leave = np.bincount(base.link_from, weights=base.link_chance, minlength=len(base.groups)).astype(float)
        order = np.argsort(base.link_to, kind="stable")
        start, chance = base.link_from[order], base.link_chance[order]
        at = np.searchsorted(base.link_to[order], np.arange(len(base.groups) + 1))
        links = [part.astype(np.int64) for part in (at, start, np.searchsorted(source, start))]
        parts = (own[:, 0], counted.first_moves, counted.survives, size, fte_moved, fte_stay)
        origins = loops.Origins(
            *(np.ascontiguousarray(part, float) for part in parts), source.astype(np.int64), *links, chance,
            chance / leave[start], leave,
        )  # fmt: skip
        return ByOrigin(own, own_fte, loops, origins)
    return Moments(own, own_fte, source, _followed(base, counted, source, steps), size, fte_moved, fte_stay)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _followed(base: Base, counted: Counted, source: np.ndarray, steps: int) -> np.ndarray:
    """Expected people by kind, origin and group they are in after one or more moves, (2, T+1, O, G).

    The sum over origins is the movers' expected number in each group.
    """
    groups = len(base.groups)
    out = np.zeros((2, steps + 1, len(source), groups))
    if not len(source):
        return out
    leave = np.bincount(base.link_from, weights=base.link_chance, minlength=groups)
    where = np.searchsorted(source, base.link_from)
    step = sparse.csr_matrix((base.link_chance, (base.link_to, where)), shape=(groups, len(source)))
    links = np.zeros((len(source), groups))
    np.add.at(links, (where, base.link_to), base.link_chance / leave[base.link_from])
    for t in range(steps):
        for kind in (0, 1):
            alive = out[kind, t] * counted.survives[kind, t]
            first = counted.first_moves[kind, t, source][:, None] * links
            out[kind, t + 1] = alive * (1 - leave) + (step @ alive[:, source].T).T + first
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What the year-by-year run counted. spread (4, T+1, G): sums over today's people still in their group of P and fte^2 P, then of
    P^2 and fte^2 P^2; movers (2, T+1, G): expected people and fte that moved in at some time; first_moves (2 kinds, T, G): people who
    leave the group they started in; survives (2 kinds, T, G): share of earlier movers still with the firm after a step; staff (G,)."""

    spread: np.ndarray
    movers: np.ndarray
    first_moves: np.ndarray
    survives: np.ndarray
    staff: np.ndarray
