"""Today's people on a fixed-term contract, each until the step in which that contract ends; from then on they are in the stock."""

from __future__ import annotations

import numpy as np

from analytics.columns import YEARS_AT_START, part_of_step, tenure_band
from analytics.exits import AFTER_PENSION_HOURS, LONG_SERVICE, Outflow, Rules, per_group, put, retirement_hazard, survival
from analytics.folding import AGES, NO_END, TENURES, Cells
from analytics.grid import BAND_OF_AGE


class FixedTerm:
    """Rows of people; inside the step of its end a contract is not renewed with chance 1 - renewal, else it is permanent from then on.

    Before its end a row has the chances of fixed-term staff, after it those of permanent staff; the end and the pension date
    are placed in the step by month. Those who use the earlier stop go before any contract end in that step. alive (R,): chance of
    each row to be still there; present: the rows whose contract has not ended, in order of their group.
    """

    def __init__(self, cells: Cells, month: np.ndarray, rules: Rules, groups: int) -> None:
        """month (R,): of the pension date in this scenario. Rows whose date has passed, or without an end, are left to the stock."""
        self.cells, self.month, self.rules, self.groups, self.step_number = cells, month, rules, groups, 0
        self.years = YEARS_AT_START[cells.tenure]
        self.alive = np.ones(len(cells))
        self.present = np.flatnonzero((cells.end_step != NO_END) & (cells.month >= 0))

    def step(self, hazards: np.ndarray, after: np.ndarray, source: np.ndarray | None = None) -> tuple[Outflow, np.ndarray]:
        """One year. hazards (2 causes, 2 contracts, B, K, G); after (2, A, G): receives those who work on past their pension date.
        Returns what left, and the rows whose contract ended in this step: they are in the stock from now on."""
        t, rows, cells, rules = self.step_number, self.present, self.cells, self.rules
        g, end, month = cells.group[rows], cells.end_step[rows], self.month[rows]
        ends, leave = rules.ends[g], month // 12
        now, later = self._hazards(hazards, rows, t)
        retire = np.zeros(len(rows)) if ends.all() else np.where(ends, 0.0, retirement_hazard(t - leave))
        now, later = np.stack([*now, retire]), np.stack([*later, retire])
        reached = (leave == t) & ends
        stop = np.where(reached, part_of_step(month), 1.0)
        turns = (end == t) & (cells.end_part[rows] < stop)
        turn = np.where(turns, cells.end_part[rows], stop)
        stopping, early = self._earlier_stop(t, rows, now)
        alive, lived = survival(now.sum(axis=0), turn)
        chances = now * (lived * (1 - stopping))
        alive = alive * (1 - stopping)
        lapse = np.where(turns, alive * (1 - rules.renewal[g]), 0.0)
        alive = alive - lapse
        rest, lived = survival(later.sum(axis=0), stop - turn)
        chances = chances + later * (lived * alive) + early
        alive = alive * rest
        working_on = np.where(reached, alive * rules.work_on[g], 0.0)
        chances[2] += np.where(reached, alive, 0.0) - working_on
        alive = np.where(reached, 0.0, alive)
        amounts = cells.amounts[:2, rows] * self.alive[rows]
        moved = alive * rules.leave_group[g]
        booked = [per_group(g, amounts * chance, self.groups) for chance in (chances[2], *chances[:2], moved, lapse)]
        out = Outflow(*booked, self._works_on(rows, amounts * working_on, after))
        if source is not None:
            out.movers = self._movers(rows, amounts * moved, source, t)
        self.working_on = self.alive[rows] * working_on
        self.alive[rows] *= alive - moved
        self.step_number += 1
        ended = rows[end == t]
        self.present = rows[end > t]
        return out, ended

    def _hazards(
        self, hazards: np.ndarray, rows: np.ndarray, t: int
    ) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Of resigning and of other exits, (R,) each: while the contract lasts, and after it."""
        band = BAND_OF_AGE[np.minimum(self.cells.age[rows] + t, AGES - 1)]
        place = (band * TENURES + tenure_band(self.years[rows] + t)) * self.groups + self.cells.group[rows]
        flat = hazards.reshape(2, 2, -1)
        return [tuple(flat[cause, kind][place] for cause in (0, 1)) for kind in (1, 0)]

    def _earlier_stop(self, t: int, rows: np.ndarray, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Share of each row (R,) that uses the earlier stop in this step, and how they leave (3, R): by it, or before it otherwise."""
        group = self.cells.group[rows]
        months = self.rules.earlier_months[group]
        opens = self.month[rows] - months
        here = (months > 0) & (opens // 12 == t) & (opens >= 0)
        inside = (months > 0) & (opens < 0) & (t == 0)
        share = self.rules.earlier[group] * here + self.rules.earlier_inside[group] * inside
        if not share.any():
            return share, np.zeros_like(now)
        alive, lived = survival(now.sum(axis=0), part_of_step(np.maximum(opens, 0)))
        chances = now * lived
        chances[2] += alive
        return share, chances * share

    def _works_on(self, rows: np.ndarray, kept: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Move people (2, R) to `after`; the fte they give up, (G,)."""
        if not kept.any():
            return np.zeros(self.groups)
        group = self.cells.group[rows]
        put(after, self.cells.age[rows], group, kept * np.array([[1.0], [AFTER_PENSION_HOURS]]))
        return per_group(group, kept[1:], self.groups)[0] * (1 - AFTER_PENSION_HOURS)

    def _movers(self, rows: np.ndarray, moved: np.ndarray, source: np.ndarray, t: int) -> np.ndarray:
        """(S, 2, 2, A) as `Stock._movers`."""
        here = np.isin(self.cells.group[rows], source)
        spot = np.searchsorted(source, self.cells.group[rows][here])
        late = (self.years[rows][here] + t + 1 >= LONG_SERVICE).astype(int)
        age = np.minimum(self.cells.age[rows][here] + t + 1, AGES - 1)
        flat, size = (spot * 2 + late) * AGES + age, len(source) * 2 * AGES
        out = [np.bincount(flat, weights=row, minlength=size).reshape(len(source), 2, AGES) for row in moved[:, here]]
        return np.stack(out, axis=1).astype(float)
