"""Today's people on a fixed-term contract, until all those contracts have ended or become permanent."""

from __future__ import annotations

import numpy as np

from analytics.columns import Placed, part_of_step
from analytics.grid import AGES, BAND_OF_AGE, NO_END, Cells
from analytics.stock import AFTER_PENSION_HOURS, Outflow, Rules, retirement_hazard

YEARS_AT_START = np.array([0, 1, 3, 5])
"""Whole years of service taken for a tenure band: those of 2 to 5 years are in their fourth."""


def tenure_band(years: np.ndarray | int) -> np.ndarray:
    """Index in TENURE_BANDS of whole years of service."""
    return np.searchsorted([1, 2, 5], years, side="right")


class FixedTerm:
    """Rows of people; inside the step of its end a contract is not renewed with chance 1 - renewal, else it is permanent from then on.

    Before its end a row has the chances of fixed-term staff, after it those of permanent staff; the end and the pension date
    are placed in the step by month. Those who use the earlier stop go before any contract end in that step.
    """

    def __init__(self, cells: Cells, placed: Placed, rules: Rules, renewal: np.ndarray, groups: int) -> None:
        keep = ~placed.past
        self.group, self.age, self.column = cells.group[keep], cells.age[keep], placed.column[keep]
        self.years = YEARS_AT_START[cells.tenure[keep]]
        self.end, self.end_part = cells.end_step[keep], cells.end_part[keep]
        self.month = placed.month[keep]
        self.amounts = cells.amounts[:, keep].copy()
        self.squares = self.amounts[[0, 2]].copy()
        self.rules, self.renewal, self.groups, self.step_number = rules, renewal, groups, 0
        self.starts = np.flatnonzero(np.diff(self.group, prepend=-1))
        self.last_step = int(self.end.max()) if len(self.end) else -1

    def step(self, hazards: np.ndarray, after: np.ndarray, source: np.ndarray | None = None) -> tuple[Outflow, np.ndarray]:
        """One year. hazards (2 causes, 2 contracts, B, K, G); after (5, A, G): receives those who work on past their pension date.
        Returns what left, and contract ends (2, G)."""
        t, g = self.step_number, self.group
        band, tenure = BAND_OF_AGE[np.minimum(self.age + t, AGES - 1)], tenure_band(self.years + t)
        first = ((self.end == NO_END) | (self.end < t)).astype(int) * -1 + 1  # 1 while the contract is fixed at the start
        ends = self.rules.ends[g]
        leave = self.month // 12
        retire = np.where(ends, 0.0, retirement_hazard(t - leave))
        flat = hazards.reshape(2, -1)
        cell = (band * hazards.shape[3] + tenure) * self.groups + g
        kinds = (first * (hazards[0, 0].size), 0)
        mu = [np.concatenate([flat[:, cell + kind], retire[None]]) for kind in kinds]
        stop = np.where((leave == t) & ends, part_of_step(self.month), 1.0)
        turn = np.where((self.end == t) & (self.end_part < stop), self.end_part, stop)
        turns = turn < stop
        stopping, early = self._earlier_stop(t, mu[0])
        chances, alive = _exits(mu[0], turn)
        chances, alive = chances * (1 - stopping), alive * (1 - stopping)
        lapse = np.where(turns, alive * (1 - self.renewal[g]), 0.0)
        alive = alive - lapse
        later, rest = _exits(mu[1], stop - turn)
        chances, alive = chances + alive * later, alive * rest
        reached = (leave == t) & ends
        chances += early
        working_on = np.where(reached, alive * self.rules.work_on[g], 0.0)
        chances[2] += np.where(reached, alive, 0.0) - working_on
        hours_lost = self._works_on(working_on, after)
        alive = np.where(reached, 0.0, alive)
        booked = self._sum(np.concatenate([chances, lapse[None], (alive * self.rules.leave_group[g])[None]])[:, None] * self.amounts[:2])
        out = Outflow(booked[2], booked[0], booked[1], booked[4], hours_lost)
        if source is not None:
            out.movers = self._movers(alive, source, t)
        alive = alive * (1 - self.rules.leave_group[g])
        self.amounts *= alive
        self.squares *= alive * alive
        self.step_number += 1
        return out, booked[3]

    def _earlier_stop(self, t: int, mu: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Share of each row (R,) that uses the earlier stop in this step, and how they leave (3, R): by it, or before it otherwise."""
        months = self.rules.earlier_months[self.group]
        opens = self.month - months
        now = (months > 0) & (opens // 12 == t) & (opens >= 0)
        inside = (months > 0) & (opens < 0) & (t == 0)
        share = self.rules.earlier[self.group] * now + self.rules.earlier_inside[self.group] * inside
        if not share.any():
            return share, np.zeros_like(mu)
        chances, alive = _exits(mu, part_of_step(np.maximum(opens, 0)))
        chances[2] += alive
        return share, chances * share

    def _works_on(self, chance: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Move rows with this chance to `after`; the fte they give up, (G,)."""
        hours = np.array([1.0, AFTER_PENSION_HOURS, AFTER_PENSION_HOURS**2])
        rows = np.flatnonzero(chance)
        if not len(rows):
            return np.zeros(self.groups)
        kept = np.concatenate([self.amounts * hours[:, None] * chance, self.squares * hours[[0, 2], None] * chance**2])[:, rows]
        np.add.at(after, (slice(None), self.age[rows], self.group[rows]), kept)
        return self._sum(self.amounts[1] * chance) * (1 - AFTER_PENSION_HOURS)

    def _sum(self, rows: np.ndarray) -> np.ndarray:
        """(..., R) -> (..., G); rows lie in order of their group."""
        out = np.zeros((*rows.shape[:-1], self.groups))
        if rows.shape[-1]:
            out[..., self.group[self.starts]] = np.add.reduceat(rows, self.starts, axis=-1)
        return out

    def _movers(self, alive: np.ndarray, source: np.ndarray, t: int) -> np.ndarray:
        """(S, 2, 2, A) as `Stock._movers`."""
        spot = np.searchsorted(source, self.group)
        here = np.flatnonzero(np.isin(self.group, source))
        late = (self.years[here] + t + 1 >= 5).astype(int)
        age = np.minimum(self.age[here] + t + 1, AGES - 1)
        leaving = (self.amounts[:2] * alive * self.rules.leave_group[self.group])[:, here]
        flat, size = (spot[here] * 2 + late) * AGES + age, len(source) * 2 * AGES
        out = [np.bincount(flat, weights=row, minlength=size).reshape(len(source), 2, AGES) for row in leaving]
        return np.stack(out, axis=1).astype(float)

    def people(self) -> np.ndarray:
        return self._sum(self.amounts)

    def weighed(self, weights: np.ndarray) -> np.ndarray:
        """(1 + W, G): people, and fte with each of the weights (W, R)."""
        return self._sum(np.concatenate([self.amounts[:1], weights * self.amounts[1]]))

    def spread(self) -> np.ndarray:
        return self._sum(self.squares)

    def into(self, columns: int) -> tuple[np.ndarray, np.ndarray]:
        """Amounts (3, C, G) and squares (2, C, G) by column."""
        flat, size = self.column * self.groups + self.group, columns * self.groups
        shape = (columns, self.groups)
        grids = [np.bincount(flat, weights=row, minlength=size).reshape(shape) for row in (*self.amounts, *self.squares)]
        return np.stack(grids[:3]).astype(float), np.stack(grids[3:]).astype(float)


def _exits(hazards: np.ndarray, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Competing causes (E, R) acting for part of a year: chances (E, R) and the chance to be still there (R,)."""
    total = hazards.sum(axis=0)
    alive = np.exp(-total * part)
    return hazards * np.divide(1 - alive, total, out=np.zeros_like(total), where=total > 0), alive
