"""The same years once more with squared chances: what the variance of today's staff needs, only worked out when it is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.exits import AFTER_PENSION_EXIT, AFTER_PENSION_HOURS, per_group, put
from analytics.stock import Done, Fixed, Stock, add_on_grid, joined, multiply

AMOUNT = np.array([2, 0, 2])
POWER = np.array([1.0, 2.0, 2.0])
HOURS = np.array([AFTER_PENSION_HOURS**2, 1.0, AFTER_PENSION_HOURS**2])


def squares(stock: Stock) -> np.ndarray:
    """Sums over today's people still in their group, (3, T+1, G): of fte^2 P, P^2 and fte^2 P^2, P the chance to be there. The years
    that `stock` went through are gone through again with these amounts."""
    follower = _Follower(stock)
    sums = [follower.sum()]
    for t, year in enumerate(stock.done):
        follower.step(t, year)
        sums.append(follower.sum())
    return np.stack(sums, axis=1)


def powers(chance: np.ndarray) -> np.ndarray:
    """(3, ...): the chance itself and twice its square, as the three amounts need it."""
    square = chance * chance
    return np.stack([chance, square, square])


class _Follower:
    def __init__(self, stock: Stock) -> None:
        self.stock, self.placed, self.rules = stock, stock.placed, stock.rules
        self.amounts, self.after = self.placed.amounts[AMOUNT].copy(), self.placed.past[AMOUNT].copy()
        self.near = replace(self.placed.near, amounts=self.placed.near.amounts[AMOUNT])
        self.track_now = np.arange(self.amounts.shape[1])
        self.lasting = np.zeros((3, self.amounts.shape[-1]))
        if stock.fixed is not None:
            cells = stock.fixed.cells
            rows = np.flatnonzero((cells.end_step >= 0) & (cells.month >= 0))
            self.lasting = self._of_groups(rows, np.ones(len(rows)))

    def sum(self) -> np.ndarray:
        """(3, G)."""
        return self.amounts.sum(axis=(1, 2)) + self.after.sum(axis=1) + self.lasting

    def step(self, t: int, year: Done) -> None:
        self.after *= ((1 - AFTER_PENSION_EXIT) ** POWER)[:, None, None]
        near = self.near
        rows, value, share = year.stopped
        if len(rows):
            taken = near.amounts[:, rows] * powers(value) * (1 - powers(1 - share))
            add_on_grid(self.amounts, self.track_now[near.track[rows]], near.column[rows], near.group[rows], -taken)
        rows, value = year.working_on
        if value.any():
            age = self.placed.columns.age[near.column[rows]]
            put(self.after, age, near.group[rows], near.amounts[:, rows] * powers(value) * HOURS[:, None])
        everyone_ends = self.stock.everyone_ends
        self.amounts[:, :, year.ended] *= 0.0 if everyone_ends else ~self.rules.ends
        c = self.placed.columns.present(t + 1) if everyone_ends else len(self.placed.columns)
        multiply(self.amounts[:, :, :c], powers(year.factor), year.starts)
        if year.fixed is not None:
            self._fixed(year.fixed)
        self.amounts, self.track_now = joined(self.amounts, year.onto), year.onto[self.track_now]
        if year.gathered is not None:
            self.near = self.placed.together(near.amounts * powers(year.gathered))
            self.track_now = np.zeros(1, int)

    def _fixed(self, fixed: Fixed) -> None:
        cells = self.stock.fixed.cells  # type: ignore[union-attr]
        self.lasting = self._of_groups(*fixed.lasting)
        rows, value = fixed.working_on
        if value.any():
            put(self.after, cells.age[rows], cells.group[rows], cells.amounts[AMOUNT][:, rows] * powers(value) * HOURS[:, None])
        rows, value = fixed.joined
        amounts = cells.amounts[AMOUNT][:, rows] * powers(value)
        add_on_grid(self.amounts, self.track_now[cells.tenure[rows]], self.placed.fixed_column[rows], cells.group[rows], amounts)

    def _of_groups(self, rows: np.ndarray, value: np.ndarray) -> np.ndarray:
        cells = self.stock.fixed.cells  # type: ignore[union-attr]
        return per_group(cells.group[rows], cells.amounts[AMOUNT][:, rows] * powers(value), self.amounts.shape[-1])
