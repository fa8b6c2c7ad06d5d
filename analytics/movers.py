"""People after a move inside the firm: they keep age and service, take the chances of their new group, and can leave or move again."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analytics.grid import AGES, BAND_OF_AGE, Base
from analytics.stock import MID_MONTHS, Outflow, Rules, retirement_hazard

STAFF, NEW = 0, 1
"""Where movers came from: today's staff, or people hired after it."""


class Movers:
    """State (2 origins, 2 amounts people and fte, 2 tenures, A, G), ages at the start of the coming step; kept (2 origins, G): share of
    those present that was still with the firm at the end of the last step.

    Service is kept in two classes, under and over five years; a third of the first passes each year. Pension dates are
    spread evenly over the year of birth (their own months are only kept for people who never moved).
    """

    def __init__(self, base: Base, rules: Rules, resign: np.ndarray, other: np.ndarray, pension_age: np.ndarray) -> None:
        """resign, other (B, 2, G): hazards of the two tenure classes; pension_age (G,) in months."""
        groups = len(base.groups)
        self.groups, self.rules = groups, rules
        self.source = np.unique(base.link_from)
        where = np.searchsorted(self.source, base.link_from)
        share = base.link_chance / rules.leave_group[base.link_from]
        self.links = sparse.csr_matrix((share, (base.link_to, where)), shape=(groups, len(self.source)))
        self.state = np.zeros((2, 2, 2, AGES, groups))
        self.kept = np.zeros((2, groups))
        resign, other = (hazards[BAND_OF_AGE].transpose(1, 0, 2) for hazards in (resign, other))
        self._chances(resign, other, pension_age, rules.ends)

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
            moved = alive * self.rules.leave_group
            staying = alive[0] / np.where(before[0] > 0, before[0], 1.0)
            self.kept[origin] = np.where(before[0] > 0, staying, 0.0)
            again = self._older(state)
            incoming = (again * self.rules.leave_group)[..., self.source]
            if first is not None:
                incoming = incoming + first.transpose(1, 0, 2, 3)
            inside = (self.links @ incoming.reshape(-1, len(self.source)).T).T.reshape(2, 2, AGES, self.groups)
            self.state[origin] = again * (1 - self.rules.leave_group) + inside
            came[origin] = inside.sum(axis=(1, 2))
            flows.append(Outflow(retired, resigned, before - alive - retired - resigned, moved, np.zeros(self.groups)))
        return flows, came

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
