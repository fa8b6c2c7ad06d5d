"""People after a move inside the firm: they keep age and service, take the chances of their new group, and can leave or move again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analytics.exits import MID_MONTHS, Rules, retirement_hazard
from analytics.grid import AGES, BAND_OF_AGE, Base
from analytics.workforce import AGE_MIN


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What people do after their first move. retired, resigned, other, moved, came (in): people and fte (2, T, G); now (T, 2, A, G')
    people and fte at the end of each step by age in the groups `place`; survived (T, G): share of those who were in a group at the
    start of a step that was still with the firm at its end; first (T, S): people who made their first move, by source."""

    retired: np.ndarray
    resigned: np.ndarray
    other: np.ndarray
    moved: np.ndarray
    came: np.ndarray
    now: np.ndarray
    survived: np.ndarray
    first: np.ndarray
    place: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """Pension dates by age, evenly over the months of birth. which (G,): row of the others, (W, A): share of an age that reaches its date
    in a step, the part of that step before it, and the hazard of retiring where contracts do not end."""

    which: np.ndarray
    share: np.ndarray
    middle: np.ndarray
    hazard: np.ndarray


def dates_of(pension_age: np.ndarray) -> Dates:
    """pension_age (G,) in months."""
    ages, which = np.unique(pension_age, return_inverse=True)  # nearly always one and the same
    left = (
        ages[:, None, None] - 12.0 * (np.arange(AGES)[:, None] + AGE_MIN) - 12 * MID_MONTHS
    )  # months to go at each age and month of birth
    ahead = left >= 0
    now = ahead & (left < 12)
    count, falls = ahead.sum(axis=2), now.sum(axis=2)
    share = np.where(count > 0, falls / np.maximum(count, 1), 1.0)
    middle = np.where(falls > 0, np.where(now, left, 0).sum(axis=2) / np.maximum(falls, 1) / 12, 1 / 24)
    return Dates(which, share, middle, retirement_hazard(-np.floor(left / 12)).mean(axis=2))


class Movers:
    """Chances of who moved, for the groups `place` that somebody moves into and `source` that somebody moves out of.

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
        resign, other = (hazards[BAND_OF_AGE][:, :, self.place].transpose(2, 1, 0) for hazards in (resign, other))
        self._chances(resign, other, pension_age[self.place], rules.ends[self.place])

    def _chances(self, resign: np.ndarray, other: np.ndarray, pension_age: np.ndarray, ends: np.ndarray) -> None:
        """Chances of a step by place, tenure and age (G', 2, A)."""
        total = resign + other
        dates = dates_of(pension_age)
        reached = (dates.share[dates.which] * ends[:, None])[:, None]
        part = dates.middle[dates.which][:, None]
        reach = np.exp(-total * part)
        hazard = (dates.hazard[dates.which] * ~ends[:, None])[:, None]
        whole = total + hazard
        survive = np.exp(-whole)
        unit = np.divide(1 - survive, whole, out=np.ones_like(whole), where=whole > 0)
        split = np.divide(resign, total, out=np.zeros_like(total), where=total > 0)
        self.survive = ((1 - reached) * survive)[:, None]
        self.retire = (1 - reached) * unit * hazard + reached * reach
        self.resign = (1 - reached) * unit * resign + reached * (1 - reach) * split

    def follow(self, first: np.ndarray) -> Moved:
        """first (T, S, 2 amounts, 2 tenures, A): who moves for the first time in each step, by source and age at its end."""
        steps = len(first)
        weights = np.stack([np.ones_like(self.retire), self.retire, self.resign, self.survive[:, 0]], axis=-1)
        weights = weights.reshape(len(self.place), 2 * AGES, 4)
        leave = self.leave_group[:, None, None, None]
        again, again_source = _run_of(self.again), _run_of(self.again_source)
        state = np.zeros((len(self.place), 2, 2, AGES))
        flows = np.zeros((5, steps, len(self.place), 2))
        now = np.empty((steps, 2, AGES, len(self.place)))
        survived = np.zeros((steps, self.groups))
        for t in range(steps):
            before, flows[0, t], flows[1, t], alive = np.moveaxis(state.reshape(len(state), 2, -1) @ weights, 2, 0)
            state *= self.survive
            flows[2, t] = before - alive - flows[0, t] - flows[1, t]
            flows[3, t] = alive * self.leave_group[:, None]
            was, still = before[:, 0], alive[:, 0]
            survived[t, self.place] = np.divide(still, was, out=np.zeros_like(still), where=was > 1e-12)
            older = self._older(state)
            incoming = first[t].copy()
            incoming[again_source] += older[again] * leave[again]
            inside = (self.links @ incoming.reshape(len(self.source), -1)).reshape(state.shape)
            flows[4, t] = inside.sum(axis=(2, 3))
            older *= 1 - leave
            state = np.add(older, inside, out=older)
            now[t] = state.sum(axis=2).transpose(1, 2, 0)
        out = np.zeros((5, 2, steps, self.groups))
        out[..., self.place] = flows.transpose(0, 3, 1, 2)
        return Moved(*out, now=now, survived=survived, first=first[:, :, 0].sum(axis=(2, 3)), place=self.place)

    @staticmethod
    def _older(state: np.ndarray) -> np.ndarray:
        """A year older; a third of those under five years of service passes that mark."""
        out = np.empty_like(state)
        out[..., 0] = 0.0
        out[..., 1:] = state[..., :-1]
        out[..., -1] += state[..., -1]
        passed = out[:, :, 0] / 3
        out[:, :, 1] += passed
        out[:, :, 0] -= passed
        return out


def _run_of(places: np.ndarray) -> np.ndarray | slice:
    """Places in a row as a slice, which numpy reads without a copy."""
    if not len(places):
        return slice(0, 0)
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if np.array_equal(places, np.arange(first, last + 1)) else places
