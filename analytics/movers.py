"""People after a move inside the firm: they keep age and service, take the chances of their new group, and can leave or move again."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analytics.grid import AGES, BAND_OF_AGE, Base
from analytics.stock import MID_MONTHS, Outflow, Rules, retirement_hazard

STAFF, NEW = 0, 1
"""Where movers came from: today's staff, or people hired after it."""


class Movers:
    """State (2 origins, 2 amounts people and fte, 2 tenures, A, G'), ages at the start of the coming step, for the groups `place` that
    somebody moves into; survived (2 origins, G): share of those present that was still with the firm after the last step.

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
        self.state = np.zeros((2, 2, 2, AGES, len(self.place)))
        self.survived = np.zeros((2, self.groups))
        resign, other = (hazards[BAND_OF_AGE][:, :, self.place].transpose(1, 0, 2) for hazards in (resign, other))
        self._chances(resign, other, pension_age[self.place], rules.ends[self.place])

    def _chances(self, resign: np.ndarray, other: np.ndarray, pension_age: np.ndarray, ends: np.ndarray) -> None:
        total = resign + other
        left = pension_age - 12.0 * (np.arange(AGES) + 15)[:, None, None] - 12 * MID_MONTHS[:, None]  # (A, 12, G) months to go
        ahead = left >= 0
        now = ahead & (left < 12)
        count = ahead.sum(axis=1)
        reached = np.where(count > 0, now.sum(axis=1) / np.maximum(count, 1), 1.0) * ends  # (A, G)
        part = np.where(now.any(axis=1), (np.where(now, left, 0).sum(axis=1) / np.maximum(now.sum(axis=1), 1)) / 12, 1 / 24)
        reach = np.exp(-total * part)
        hazard = retirement_hazard(-np.floor(left / 12)).mean(axis=1) * ~ends
        whole = total + hazard
        survive = np.exp(-whole)
        unit = np.divide(1 - survive, whole, out=np.ones_like(whole), where=whole > 0)
        split = np.divide(resign, total, out=np.zeros_like(total), where=total > 0)
        self.survive = (1 - reached) * survive
        self.retire = (1 - reached) * unit * hazard + reached * reach
        self.resign = (1 - reached) * unit * resign + reached * (1 - reach) * split

    def step(self, arriving: list[np.ndarray | None]) -> tuple[list[Outflow], np.ndarray]:
        """One year; arriving: movers of today's staff and of new people this step, (2, 2, A, S) by tenure, amount, age, source group.

        Returns per origin what left, and what came in from elsewhere (2 origins, 2 amounts, G).
        """
        flows = []
        came = np.zeros((2, 2, self.groups))
        for origin, first in enumerate(arriving):
            state = self.state[origin]
            before = state.sum(axis=(1, 2))
            retired = np.einsum("qkag,kag->qg", state, self.retire)
            resigned = np.einsum("qkag,kag->qg", state, self.resign)
            state = state * self.survive
            alive = state.sum(axis=(1, 2))
            other = before - alive - retired - resigned
            share = np.divide(alive[0], before[0], out=np.zeros_like(alive[0]), where=before[0] > 0)
            self.survived[origin, self.place] = share
            older = self._older(state)
            incoming = np.zeros((2, 2, AGES, len(self.source))) if first is None else first.transpose(1, 0, 2, 3).copy()
            incoming[..., self.again_source] += (older * self.leave_group)[..., self.again]
            inside = (self.links @ incoming.reshape(-1, len(self.source)).T).T.reshape(2, 2, AGES, len(self.place))
            self.state[origin] = older * (1 - self.leave_group) + inside
            came[origin][:, self.place] = inside.sum(axis=(1, 2))
            booked = (self._everywhere(amount) for amount in (retired, resigned, other, alive * self.leave_group))
            flows.append(Outflow(*booked, np.zeros(self.groups)))
        return flows, came

    def now(self) -> np.ndarray:
        """(2 amounts, A, G') people and fte at present in the groups `place`, both origins together."""
        return self.state.sum(axis=(0, 2))

    def _everywhere(self, amounts: np.ndarray) -> np.ndarray:
        out = np.zeros((len(amounts), self.groups))
        out[:, self.place] = amounts
        return out

    @staticmethod
    def _older(state: np.ndarray) -> np.ndarray:
        """A year older; a third of those under five years of service passes that mark."""
        out = np.zeros_like(state)
        out[:, :, 1:] = state[:, :, :-1]
        out[:, :, -1] += state[:, :, -1]
        passed = out[:, 0] / 3
        out[:, 1] += passed
        out[:, 0] -= passed
        return out
