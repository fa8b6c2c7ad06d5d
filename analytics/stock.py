"""People who stay in the group they started in: exits by cause, step by step, exact in mean and in variance.

The same code carries today's staff (a track per length of service) and one average new colleague per group (one track).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.columns import YEARS_AT_START, Placed, part_of_step
from analytics.exits import (
    AFTER_PENSION_EXIT,
    AFTER_PENSION_HOURS,
    LONG_SERVICE,
    Outflow,
    Rules,
    per_group,
    put,
    retirement_hazard,
    survival,
)
from analytics.fixed_term import FixedTerm
from analytics.grid import AGES, BAND_OF_AGE, BANDS


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """Fixed-term rows in a step: those whose contract lasts and their chance to be there; those who reached their date and their
    chance to work on; those who became permanent."""

    lasting: tuple[np.ndarray, np.ndarray]
    working_on: tuple[np.ndarray, np.ndarray]
    joined: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What a step did to everybody, kept to follow other amounts through the same years (`squares`): rows that stopped early, with
    their chance to be there and the share that stopped; rows that reached their date, with their chance to work on; the columns that
    ended, the factor (K, S, G) on what was left by the segments that begin at `starts`, where each track went, and, when all became
    one, the chance to be there of every near row (else None)."""

    stopped: tuple[np.ndarray, np.ndarray, np.ndarray]
    working_on: tuple[np.ndarray, np.ndarray]
    ended: slice
    factor: np.ndarray
    starts: np.ndarray
    fixed: Fixed | None
    onto: np.ndarray
    gathered: np.ndarray | None


class Stock:
    """Mutable state. amounts (2, K, C, G): people and fte. after (2, A, G): those past their pension date, by age at the start.
    alive (K0, C - far, G): chance of the people of each first track in the near columns to be still there; kept (R,): the same of the
    near rows for another reason than a hazard. `service` (K,): whole years, at the start of the step."""

    def __init__(self, placed: Placed, rules: Rules, fixed: FixedTerm | None = None) -> None:
        self.placed, self.columns, self.near, self.rules, self.fixed = placed, placed.columns, placed.near, rules, fixed
        self.amounts, self.after = placed.amounts[:2].copy(), placed.past[:2].copy()
        self.far = placed.columns.far
        tracks, groups = self.amounts.shape[1], self.amounts.shape[-1]
        self.service, self.track_now = YEARS_AT_START[:tracks].copy(), np.arange(tracks)
        self.alive = np.ones((tracks, len(self.columns) - self.far, groups))
        self.kept = np.ones(len(self.near.group))
        if fixed is not None:
            waiting = placed.fixed_near[fixed.present]
            self.kept[waiting[waiting >= 0]] = 0.0
        self.everyone_ends = bool(rules.ends.all())
        self.step_number = 0
        self.done: list[Done] = []

    def step(self, resign: np.ndarray, other: np.ndarray, source: np.ndarray | None = None, hazards: np.ndarray | None = None) -> Outflow:
        """One year. resign, other: hazards (K, B, G) of the tracks; source: groups whose movers are wanted by age; hazards
        (2 causes, 2 contracts, B, K, G): for the contracts that have yet to end."""
        groups = self.amounts.shape[-1]
        out = Outflow(*(np.zeros((2, groups)) for _ in range(5)), np.zeros(groups))
        out.retired += AFTER_PENSION_EXIT * self.after.sum(axis=1)
        self.after *= 1 - AFTER_PENSION_EXIT
        stopped = self._earlier_stop(out, resign, other)
        working_on, ended = self._pension(out, resign, other)
        factor, starts = self._year(out, resign, other, source)
        self._age_alive(factor, starts)
        fixed = (
            None if self.fixed is None or hazards is None or not len(self.fixed.present) else self._fixed(self.fixed, out, hazards, source)
        )
        onto = self._next()
        self.done.append(Done(stopped, working_on, ended, factor, starts, fixed, onto, self._gather()))
        return out

    @property
    def waiting(self) -> bool:
        """Whether there are contracts that have yet to end."""
        return self.fixed is not None and len(self.fixed.present) > 0

    def keep(self, share: np.ndarray) -> None:
        """Only this share of each column stays, (C, G) or (G,): for exits that are booked elsewhere."""
        self.amounts *= share
        self.alive *= share[self.far :] if share.ndim > 1 else share

    def by_column(self) -> np.ndarray:
        """(2, C, G) over the tracks."""
        return self.amounts.sum(axis=1) if self.amounts.shape[1] > 1 else self.amounts[:, 0]

    def ages_now(self) -> tuple[np.ndarray, np.ndarray]:
        """Age index of each column and of each row of `after`, at the start of the coming step."""
        return tuple(np.minimum(age + self.step_number, AGES - 1) for age in (self.columns.age, np.arange(AGES)))  # type: ignore[return-value]

    def _rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Chance of the people of these near rows to be still there (r,), and their place in an array (K, B, G)."""
        near = self.near
        column, group = near.column[rows], near.group[rows]
        value = self.alive[near.track[rows], column - self.far, group] * self.kept[rows]
        band = BAND_OF_AGE[np.minimum(self.columns.age[column] + self.step_number, AGES - 1)]
        return value, (self.track_now[near.track[rows]] * BANDS + band) * self.amounts.shape[-1] + group

    def _earlier_stop(self, out: Outflow, resign: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Those whose window opens, a share of them, leave in the middle of that month unless they left before."""
        rules, near, t = self.rules, self.near, self.step_number
        rows = near.opening[t]
        share = rules.earlier[near.group[rows]]
        if t == 0 and rules.earlier_inside.any():
            rows = np.concatenate([near.inside, rows])
            share = np.concatenate([rules.earlier_inside[near.group[near.inside]], share])
        rows, share = rows[share > 0], share[share > 0]
        if not len(rows):
            return rows, share, share
        value, place = self._rows(rows)
        taken = near.amounts[:2, rows] * (value * share)
        quit_ = resign.ravel()[place]
        reach, lived = survival(quit_ + other.ravel()[place], part_of_step(np.maximum(near.opens[rows], 0)))
        self._book(out, near.group[rows], taken, reach, quit_ * lived)
        add_on_grid(self.amounts, self.track_now[near.track[rows]], near.column[rows], near.group[rows], -taken)
        self.kept[rows] *= 1 - share
        return rows, value, share

    def _pension(self, out: Outflow, resign: np.ndarray, other: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], slice]:
        """Whose contract ends at the pension date leaves in the middle of its month, unless they left before or work on."""
        t, near, columns, ends = self.step_number, self.near, self.columns, self.rules.ends
        ended = slice(columns.present(t + 1), columns.present(t))
        rows = near.leaving[t]
        rows = rows if self.everyone_ends else rows[ends[near.group[rows]]]
        if not len(rows):
            return (rows, np.zeros(0)), ended
        value, place = self._rows(rows)
        group, quit_ = near.group[rows], resign.ravel()[place]
        reach, lived = survival(quit_ + other.ravel()[place], part_of_step(near.month[rows]))
        amounts = near.amounts[:2, rows] * value
        self._book(out, group, amounts, reach, quit_ * lived)
        on = reach * self.rules.work_on[group]
        if on.any():
            self._work_on(out, rows, amounts * on)
        self.amounts[:, :, ended] *= 0.0 if self.everyone_ends else ~ends
        return (rows, value * on), ended

    def _book(self, out: Outflow, group: np.ndarray, amounts: np.ndarray, reach: np.ndarray, quit_: np.ndarray) -> None:
        """Rows of people (2, r) who all leave in this step: those who reach the date retire, some resign, the rest is other."""
        retired, resigned = amounts * reach, amounts * quit_
        sums = per_group(group, np.concatenate([amounts, retired, resigned]), self.amounts.shape[-1])
        out.retired += sums[2:4]
        out.resigned += sums[4:]
        out.other += sums[:2] - sums[2:4] - sums[4:]

    def _work_on(self, out: Outflow, rows: np.ndarray, kept: np.ndarray) -> None:
        """Some of those who reach the date stay, at fewer hours. kept (2, r)."""
        group = self.near.group[rows]
        gone = per_group(group, kept, self.amounts.shape[-1])
        out.retired -= gone
        out.hours_lost += (1 - AFTER_PENSION_HOURS) * gone[1]
        put(self.after, self.columns.age[self.near.column[rows]], group, kept * np.array([[1.0], [AFTER_PENSION_HOURS]]))

    def _year(self, out: Outflow, resign: np.ndarray, other: np.ndarray, source: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Everybody who does not stop on a date of their own in this step. Returns the factor on their number and its segments."""
        t, columns, rules = self.step_number, self.columns, self.rules
        c = columns.present(t + 1) if self.everyone_ends else len(columns)
        band = BAND_OF_AGE[np.minimum(columns.age[:c] + t, AGES - 1)]
        starts = np.flatnonzero(np.diff(band, prepend=-1)) if self.everyone_ends else np.arange(c)
        quit_ = resign[:, band[starts]]
        stops = 0.0 if self.everyone_ends else retirement_hazard(t - columns.leave[starts])[:, None] * ~rules.ends
        stays, lived = survival(quit_ + other[:, band[starts]] + stops, 1.0)
        amounts = self.amounts[:, :, :c]
        before = np.add.reduceat(amounts, starts, axis=2) if c else np.zeros((2, len(resign), 0, amounts.shape[-1]))
        whole, after = before.sum(axis=(1, 2)), np.einsum("qksg,ksg->qg", before, stays)
        resigned = np.einsum("qksg,ksg->qg", before, quit_ * lived)
        retired = 0.0 if self.everyone_ends else np.einsum("qksg,ksg->qg", before, stops * lived)
        out.resigned += resigned
        out.retired += retired
        out.other += whole - after - resigned - retired
        out.moved += after * rules.leave_group
        factor = stays * (1 - rules.leave_group)
        multiply(amounts, factor, starts)
        if source is not None:
            out.movers = self._movers(source)
        return factor, starts

    def _movers(self, source: np.ndarray) -> np.ndarray:
        """(S, 2, 2, A): movers out of the source groups by amount, tenure under and over five years, and age at the end of the step,
        when those who did not move are on the grid."""
        late = self.service + 1 >= LONG_SERVICE
        older, leave = self.step_number + 1, self.rules.leave_group[source]
        moved = (leave / (1 - leave))[:, None]
        out = np.zeros((len(source), 2, 2, AGES))
        for tenure in (0, 1):
            tracks = np.flatnonzero(late == bool(tenure))
            if len(tracks):
                people = self.amounts[:, tracks].sum(axis=1) if len(tracks) > 1 else self.amounts[:, tracks[0]]
                for amount in (0, 1):
                    by_age = (self.placed.by_age @ people[amount])[:, source].T * moved
                    out[:, amount, tenure, older:] = by_age[:, :-older]
                    out[:, amount, tenure, -1] += by_age[:, -older:].sum(axis=1)
        return out

    def _age_alive(self, factor: np.ndarray, starts: np.ndarray) -> None:
        """Carry the chance to be there of the near columns that are still present."""
        c = self.columns.present(self.step_number + 1) if self.everyone_ends else len(self.columns)
        if c > self.far:
            part = factor[:, np.searchsorted(starts, np.arange(self.far, c), side="right") - 1]
            self.alive[:, : c - self.far] *= part if len(part) == 1 else part[self.track_now]

    def _fixed(self, fixed: FixedTerm | None, out: Outflow, hazards: np.ndarray, source: np.ndarray | None) -> Fixed:
        """Contracts that have yet to end; those that ended in this step and were renewed are permanent from now on."""
        assert fixed is not None
        rows = fixed.present
        gone, ended = fixed.step(hazards, self.after, source)
        for name in ("retired", "resigned", "other", "moved", "lapsed", "hours_lost"):
            getattr(out, name)[...] += getattr(gone, name)
        if out.movers is not None and gone.movers is not None:
            out.movers += gone.movers
        value, cells = fixed.alive[ended], fixed.cells
        track, column, group = cells.tenure[ended], self.placed.fixed_column[ended], cells.group[ended]
        add_on_grid(self.amounts, self.track_now[track], column, group, cells.amounts[:2, ended] * value)
        near = self.placed.fixed_near[ended]
        here = near >= 0
        self.kept[near[here]] = value[here] / self.alive[track[here], column[here] - self.far, group[here]]
        return Fixed((fixed.present, fixed.alive[fixed.present]), (rows, fixed.working_on), (ended, value))

    def _next(self) -> np.ndarray:
        """A year on: tracks that no longer differ become one. Returns where each track went."""
        self.step_number += 1
        self.service = np.minimum(self.service + 1, LONG_SERVICE)
        if len(self.service) == 1:
            return np.zeros(1, int)
        self.service, onto = np.unique(self.service, return_inverse=True)
        self.amounts = joined(self.amounts, onto)
        self.track_now = onto[self.track_now]
        return onto

    def _gather(self) -> np.ndarray | None:
        """When all tracks have become one, so do the near rows that only differ in track: from then on their amounts are those of now."""
        if len(self.service) > 1 or len(self.alive) == 1 or self.waiting:
            return None
        near = self.near
        value = self.alive[near.track, near.column - self.far, near.group] * self.kept
        self.near = self.placed.together(near.amounts[:2] * value)
        self.kept, self.track_now = np.ones(len(self.near.group)), np.zeros(1, int)
        self.alive = np.ones((1, *self.alive.shape[1:]))
        return value


def add_on_grid(grid: np.ndarray, track: np.ndarray, column: np.ndarray, group: np.ndarray, amounts: np.ndarray) -> None:
    """Rows (Q, r) added to (Q, K, C, G) in place; they are few beside the cells of the grid."""
    _, _, columns, groups = grid.shape
    flat = (track * columns + column) * groups + group
    for cells, row in zip(grid.reshape(len(grid), -1), amounts, strict=True):
        np.add.at(cells, flat, row)


def multiply(amounts: np.ndarray, factor: np.ndarray, starts: np.ndarray) -> None:
    """amounts (Q, K, c, G) times factor (K, S, G) or (Q, K, S, G) by segments of columns, in place."""
    if len(starts) == amounts.shape[2]:
        amounts *= factor
        return
    for segment, (low, high) in enumerate(zip(starts, [*starts[1:], amounts.shape[2]], strict=True)):
        amounts[:, :, low:high] *= factor[..., segment, None, :]


def joined(amounts: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """(Q, K, C, G) with the tracks that go to the same place added up."""
    if (onto == np.arange(len(onto))).all():
        return amounts
    out = np.zeros((len(amounts), int(onto.max()) + 1, *amounts.shape[2:]))
    for track, place in enumerate(onto):
        out[:, place] += amounts[:, track]
    return out
