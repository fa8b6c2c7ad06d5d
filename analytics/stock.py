"""People who stay in the group they started in: exits by cause, step by step, exact in mean and in variance.

The same code carries today's staff (four tenure tracks) and one average new colleague per group (one track).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.columns import Columns, part_of_step
from analytics.grid import AGES, BAND_OF_AGE

AFTER_PENSION_EXIT = 0.5
"""Yearly chance to stop of somebody who works on after the pension date (method spec 2.2, bins beyond 0)."""
AFTER_PENSION_HOURS = 0.5
"""Hours of somebody who works on, as a part of the hours before. Convention (levers_and_story)."""
MID_MONTHS = (np.arange(12) + 0.5) / 12
RETIREMENT_CHANCES = {-5: 0.02, -4: 0.02, -3: 0.04, -2: 0.08, -1: 0.15, 0: 0.75}
"""Yearly chance of retiring by whole years between the step of the statutory date and this one, where contracts do not end by
law (method spec 2.2): 0 before -5, 0.5 after 0. Assumption, not estimated."""


def retirement_hazard(distance: np.ndarray) -> np.ndarray:
    """Hazard for steps after (positive) or before the step of the statutory date."""
    chance = np.where(distance > 0, 0.5, 0.0)
    for steps, value in RETIREMENT_CHANCES.items():
        chance = np.where(distance == steps, value, chance)
    return -np.log1p(-chance)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Scenario values per group, (G,): `ends` contracts end at the pension date; shares that work on, use the earlier stop when its
    window opens, or use it now when the window is already open; months by
    which that window comes before the date (0 = none); `leave_group` yearly chance of moving to another group."""

    ends: np.ndarray
    work_on: np.ndarray
    earlier: np.ndarray
    earlier_inside: np.ndarray
    earlier_months: np.ndarray
    leave_group: np.ndarray


@dataclass(slots=True, eq=False)
class Outflow:
    """One step, (2, G) each, people and fte: retired, resigned, other, moved; `hours_lost` (G,): fte given up by those who work on;
    movers (S, 2, 2, A): who moved, by source group, amount, tenure (under and over five years) and age at the end of
    the step, or None."""

    retired: np.ndarray
    resigned: np.ndarray
    other: np.ndarray
    moved: np.ndarray
    hours_lost: np.ndarray
    movers: np.ndarray | None = None


class Stock:
    """Mutable state. amounts (Q, K, C, G): people, and for staff fte and sum of squared fte; squares (R, K, C, G): sum over people
    of squared chance still to be there (and of fte squared times that). after (Q + R, A, G): those past their pension date, by age
    at the start. `service` years of service at the start of the step, per track."""

    def __init__(
        self, amounts: np.ndarray, squares: np.ndarray, after: np.ndarray, columns: Columns, service: list[int], rules: Rules
    ) -> None:
        self.amounts, self.squares, self.after = amounts, squares, after
        self.columns, self.service, self.rules, self.step_number = columns, service, rules, 0

    def step(self, resign: np.ndarray, other: np.ndarray, source: np.ndarray | None = None) -> Outflow:
        """One year. resign, other: hazards (K, B, G) of the tracks; source: groups whose movers are wanted by age."""
        t, rules, columns = self.step_number, self.rules, self.columns
        groups = self.amounts.shape[-1]
        out = Outflow(*(np.zeros((2, groups)) for _ in range(4)), np.zeros(groups))
        self._after_pension(out)
        everyone_ends = bool(rules.ends.all())
        c = columns.present(t) if everyone_ends else len(columns)
        band = BAND_OF_AGE[np.minimum(columns.age[:c] + t, AGES - 1)]
        total = resign + other
        split = np.divide(resign, total, out=np.zeros_like(total), where=total > 0)
        self._earlier_stop(out, c, band, total, split)
        self._pension(out, band, total, split)
        if everyone_ends:
            c = columns.present(t + 1)
            band = band[:c]
        amounts, squares = self.amounts[:, :, :c], self.squares[:, :, :c]
        before = _total(amounts[:2])
        if everyone_ends:
            survive = np.exp(-total)
            resigning = ((1 - survive) * split)[:, band]
            survive, retiring = survive[:, band], 0.0
        else:
            survive, resigning, retiring = self._with_retirement(amounts, c, band, resign, total)
        resigned = _weighted(amounts[:2], resigning)
        amounts *= survive
        after = _total(amounts[:2])
        out.retired += retiring
        out.resigned += resigned
        out.other += before - after - retiring - resigned
        out.moved = after * rules.leave_group
        if source is not None:
            out.movers = self._movers(amounts[:2], c, source)
        if rules.leave_group.any():
            stay = 1 - rules.leave_group
            amounts *= stay
            survive = survive * stay
        if len(squares):
            squares *= survive * survive
        self._next()
        return out

    def spread(self) -> np.ndarray:
        """(R, G) sums of squared chances now."""
        return _total(self.squares) + self.after[len(self.amounts) :].sum(axis=1)

    def by_column(self) -> np.ndarray:
        """(Q, C, G) over the tenure tracks."""
        return self.amounts.sum(axis=1) if self.amounts.shape[1] > 1 else self.amounts[:, 0]

    def ages_now(self) -> tuple[np.ndarray, np.ndarray]:
        """Age index of each column and of each row of `after`, at the start of the coming step."""
        return tuple(np.minimum(age + self.step_number, AGES - 1) for age in (self.columns.age, np.arange(AGES)))  # type: ignore[return-value]

    def _after_pension(self, out: Outflow) -> None:
        kinds = len(self.amounts)
        out.retired += AFTER_PENSION_EXIT * self.after[:2].sum(axis=1)
        self.after[:kinds] *= 1 - AFTER_PENSION_EXIT
        self.after[kinds:] *= (1 - AFTER_PENSION_EXIT) ** 2

    def _earlier_stop(self, out: Outflow, c: int, band: np.ndarray, total: np.ndarray, split: np.ndarray) -> None:
        rules, t = self.rules, self.step_number
        for months in np.unique(rules.earlier_months[rules.earlier_months > 0]):
            opens = self.columns.month[:c] - months
            here = rules.earlier_months == months
            self._stops(out, (opens // 12 == t) & (opens >= 0), opens, rules.earlier * here, band, total, split)
            if t == 0:
                self._stops(out, opens < 0, opens, rules.earlier_inside * here, band, total, split)

    def _stops(
        self, out: Outflow, which: np.ndarray, opens: np.ndarray, share: np.ndarray, band: np.ndarray, total: np.ndarray, split: np.ndarray
    ) -> None:
        rows = np.flatnonzero(which)
        if not len(rows) or not share.any():
            return
        part = part_of_step(np.maximum(opens[rows], 0))
        taken = self.amounts[:, :, rows] * share
        self._leave(out, taken, np.exp(-total[:, band[rows]] * part[:, None]), split[:, band[rows]])
        self.amounts[:, :, rows] -= taken
        if len(self.squares):
            self.squares[:, :, rows] *= (1 - share) ** 2

    def _pension(self, out: Outflow, band: np.ndarray, total: np.ndarray, split: np.ndarray) -> None:
        t, columns, ends = self.step_number, self.columns, self.rules.ends
        low, high = columns.present(t + 1), columns.present(t)
        if low == high:
            return
        reach = np.exp(-total[:, band[low:high]] * part_of_step(columns.month[low:high])[:, None])
        leaving = self.amounts[:, :, low:high] * ends
        retired = self._leave(out, leaving, reach, split[:, band[low:high]])
        if self.rules.work_on.any():
            self._work_on(out, columns.age[low:high], retired, self.squares[:, :, low:high] * (ends * (reach * self.rules.work_on) ** 2))
        self.amounts[:, :, low:high] -= leaving
        if len(self.squares):
            self.squares[:, :, low:high] *= ~ends

    def _work_on(self, out: Outflow, ages: np.ndarray, retired: np.ndarray, squares: np.ndarray) -> None:
        """Some of those who reach the date stay, at fewer hours; columns of one age lie together but for those a month apart."""
        kinds = len(retired)
        hours = np.array([1.0, AFTER_PENSION_HOURS, AFTER_PENSION_HOURS**2])
        kept = (retired * self.rules.work_on).sum(axis=1)
        out.retired -= kept[:2].sum(axis=1)
        out.hours_lost += (1 - AFTER_PENSION_HOURS) * kept[1].sum(axis=0)
        chance = squares.sum(axis=1) * hours[[0, 2][: len(squares)], None, None]
        for age in np.unique(ages):
            same = ages == age
            self.after[:kinds, age] += kept[:, same].sum(axis=1) * hours[:kinds, None]
            self.after[kinds:, age] += chance[:, same].sum(axis=1)

    @staticmethod
    def _leave(out: Outflow, leaving: np.ndarray, reach: np.ndarray, split: np.ndarray) -> np.ndarray:
        """Book people (Q, K, c, G) who all leave in this step; those who reach the date retire. Returns them (Q, K, c, G)."""
        retired = leaving * reach
        rest = leaving - retired
        resigned = rest * split
        gone, quit_ = _total(retired[:2]), _total(resigned[:2])
        out.retired += gone
        out.resigned += quit_
        out.other += _total(leaving[:2]) - gone - quit_
        return retired

    def _with_retirement(
        self, amounts: np.ndarray, c: int, band: np.ndarray, resign: np.ndarray, total: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        retire = retirement_hazard(self.step_number - self.columns.leave[:c])[:, None] * ~self.rules.ends
        whole = total[:, band] + retire
        survive = np.exp(-whole)
        per_hazard = np.divide(1 - survive, whole, out=np.ones_like(whole), where=whole > 0)
        return survive, per_hazard * resign[:, band], _weighted(amounts[:2], per_hazard * retire)

    def _movers(self, amounts: np.ndarray, c: int, source: np.ndarray) -> np.ndarray:
        """(S, 2, 2, A): movers out of the source groups by amount, tenure under and over five years, and age at the end of the step."""
        late = np.array([years + 1 >= 5 for years in self.service])
        age = np.minimum(self.columns.age[:c] + self.step_number + 1, AGES - 1)
        order = np.argsort(age, kind="stable")
        starts = np.flatnonzero(np.diff(age[order], prepend=-1))
        chosen = amounts if len(source) == amounts.shape[-1] else amounts[..., source]
        out = np.zeros((len(source), 2, 2, AGES))
        for tenure in (0, 1):
            tracks = np.flatnonzero(late == bool(tenure))
            if len(tracks) and c:
                people = (chosen[:, tracks].sum(axis=1) if len(tracks) > 1 else chosen[:, tracks[0]]) * self.rules.leave_group[source]
                out[:, :, tenure, age[order][starts]] = np.add.reduceat(people[:, order], starts, axis=1).transpose(2, 0, 1)
        return out

    def _next(self) -> None:
        self.step_number += 1
        self.service = [years + 1 for years in self.service]
        while len(self.service) > 1 and self.service[-2] >= 5:
            for state in (self.amounts, self.squares):
                state[:, -1] += state[:, -2]
            keep = [*range(len(self.service) - 2), len(self.service) - 1]
            self.amounts, self.squares = self.amounts[:, keep], self.squares[:, keep]
            self.service = [self.service[track] for track in keep]


def _total(amounts: np.ndarray) -> np.ndarray:
    """(Q, K, C, G) -> (Q, G)."""
    return amounts.sum(axis=2).sum(axis=1)


def _weighted(amounts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(Q, K, C, G) x (K, C, G) -> (Q, G)."""
    return np.einsum("qkcg,kcg->qg", amounts, weights)
