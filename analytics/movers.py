"""People after a move inside the firm: they keep age and service, take the chances of their new group, and can leave or move again."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analytics.exits import MID_MONTHS, Outflow, Rules, retirement_hazard
from analytics.grid import AGES, BAND_OF_AGE, Base

PEOPLE, FTE, TODAY = range(3)
"""Amounts of a mover: people, fte, and people who were with the firm at the start."""


class Movers:
    """State (G', 3 amounts, 2 tenures, A), ages at the start of the coming step, for the groups `place` that somebody moves into;
    survived (2 kinds, G): share of today's people and of later ones among them that was still with the firm after the last step.

    Service is kept in two classes, under and over five years; a third of the first passes each year. Pension dates are
    spread evenly over the year of birth (their own months are only kept for people who never moved).
    """

    def __init__(self, base: Base, rules: Rules, resign: np.ndarray, other: np.ndarray, pension_age: np.ndarray) -> None:
        """resign, other (B, 2, G): hazards of the two tenure classes; pension_age (G,) in months."""
        self.groups = len(base.groups)
        self.source, self.place = np.unique(base.link_from), np.unique(base.link_to)
        self.leave_group = rules.leave_group[self.place]
        share = base.link_chance / rules.leave_group[base.link_from]
        rows, columns = np.searchsorted(self.place, base.link_to), np.searchsorted(self.source, base.link_from)
        self.links = sparse.csr_matrix((share, (rows, columns)), shape=(len(self.place), len(self.source)))
        self.again = np.flatnonzero(np.isin(self.place, self.source))
        self.again_source = np.searchsorted(self.source, self.place[self.again])
        self.state = np.zeros((len(self.place), 3, 2, AGES))
        self.survived = np.zeros((2, self.groups))
        resign, other = (hazards[BAND_OF_AGE][:, :, self.place].transpose(2, 1, 0) for hazards in (resign, other))
        self._chances(resign, other, pension_age[self.place], rules.ends[self.place])

    def _chances(self, resign: np.ndarray, other: np.ndarray, pension_age: np.ndarray, ends: np.ndarray) -> None:
        """Chances of a step by place, tenure and age (G', 2, A)."""
        total = resign + other
        left = pension_age[:, None, None] - 12.0 * (np.arange(AGES)[:, None] + 15) - 12 * MID_MONTHS  # (G', A, 12) months to go
        ahead = left >= 0
        now = ahead & (left < 12)
        count, falls = ahead.sum(axis=2), now.sum(axis=2)
        reached = (np.where(count > 0, falls / np.maximum(count, 1), 1.0) * ends[:, None])[:, None]
        part = np.where(falls > 0, np.where(now, left, 0).sum(axis=2) / np.maximum(falls, 1) / 12, 1 / 24)[:, None]
        reach = np.exp(-total * part)
        hazard = (retirement_hazard(-np.floor(left / 12)).mean(axis=2) * ~ends[:, None])[:, None]
        whole = total + hazard
        survive = np.exp(-whole)
        unit = np.divide(1 - survive, whole, out=np.ones_like(whole), where=whole > 0)
        split = np.divide(resign, total, out=np.zeros_like(total), where=total > 0)
        self.survive = ((1 - reached) * survive)[:, None]
        self.retire = (1 - reached) * unit * hazard + reached * reach
        self.resign = (1 - reached) * unit * resign + reached * (1 - reach) * split

    def step(self, today: np.ndarray | None, new: np.ndarray) -> tuple[Outflow, np.ndarray, np.ndarray]:
        """One year. today, new: first moves of today's staff and of later people this step, (S, 2 amounts, 2 tenures, A) by source.

        Returns what left, the pensions among today's people (G,), and what came in (2 amounts, G).
        """
        state = self.state
        before = state.sum(axis=(2, 3))
        retired = np.einsum("gqka,gka->gq", state, self.retire)
        resigned = np.einsum("gqka,gka->gq", state[:, :TODAY], self.resign)
        state = state * self.survive
        alive = state.sum(axis=(2, 3))
        self._note_survivors(before, alive)
        older = self._older(state)
        incoming = np.empty((len(self.source), 3, 2, AGES))
        incoming[:, :TODAY] = new if today is None else new + today
        incoming[:, TODAY] = 0.0 if today is None else today[:, PEOPLE]
        incoming[self.again_source] += (older * self.leave_group[:, None, None, None])[self.again]
        inside = (self.links @ incoming.reshape(len(self.source), -1)).reshape(state.shape)
        older *= (1 - self.leave_group)[:, None, None, None]
        self.state = older + inside
        other = before[:, :TODAY] - alive[:, :TODAY] - retired[:, :TODAY] - resigned
        moved = alive[:, :TODAY] * self.leave_group[:, None]
        booked = (self._everywhere(amount.T) for amount in (retired[:, :TODAY], resigned, other, moved))
        came = self._everywhere(inside[:, :TODAY].sum(axis=(2, 3)).T)
        return Outflow(*booked, np.zeros((2, self.groups)), np.zeros(self.groups)), self._everywhere(retired[:, TODAY:].T)[0], came

    def now(self) -> np.ndarray:
        """(2 amounts, A, G') people and fte at present in the groups `place`."""
        return self.state[:, :TODAY].sum(axis=2).transpose(1, 2, 0)

    def _note_survivors(self, before: np.ndarray, alive: np.ndarray) -> None:
        for kind, (was, still) in enumerate(
            ((before[:, TODAY], alive[:, TODAY]), (before[:, PEOPLE] - before[:, TODAY], alive[:, PEOPLE] - alive[:, TODAY]))
        ):
            self.survived[kind, self.place] = np.divide(still, was, out=np.zeros_like(still), where=was > 1e-12)

    def _everywhere(self, amounts: np.ndarray) -> np.ndarray:
        out = np.zeros((len(amounts), self.groups))
        out[:, self.place] = amounts
        return out

    @staticmethod
    def _older(state: np.ndarray) -> np.ndarray:
        """A year older; a third of those under five years of service passes that mark."""
        out = np.zeros_like(state)
        out[..., 1:] = state[..., :-1]
        out[..., -1] += state[..., -1]
        passed = out[:, :, 0] / 3
        out[:, :, 1] += passed
        out[:, :, 0] -= passed
        return out
