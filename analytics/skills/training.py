"""Trainings and what they bridge: the fewest hours from what somebody can to what a role asks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.skills.distance import Matrix, positions

_EXACT = 10  # trainings of which every combination is tried; beyond that the best next one is added


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a step counts as a way at all: conventions, editable (certainty C; pay from Nesta's career causeways, B).

    coverage: least share of what the target asks that is there already; hours: most training hours in one step;
    pay: least share of the present pay; on_job_hours: learning one level at work where no training exists (None = impossible);
    guidance_hours, guidance_cost: talks and coaching per step; risk: exposure from which a role is no safe target.
    """

    coverage: float = 0.6
    hours: float = 600.0
    pay: float = 0.75
    on_job_hours: float | None = 120.0
    guidance_hours: float = 10.0
    guidance_cost: float = 1500.0
    hour_cost: float = 45.0
    risk: float = 0.5
    wished: float = 0.7
    unwished: float = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Trainings:
    """names; hours, price (N,); raises: (N, S) level each training itself brings somebody to (0 = untouched);
    needs: (N, N) bool, all trainings that must come before (transitive)."""

    names: tuple[str, ...]
    hours: np.ndarray
    price: np.ndarray
    raises: np.ndarray
    needs: np.ndarray


def trainings(catalogue: pd.DataFrame, raised: pd.DataFrame, prerequisites: pd.DataFrame | None, skills: tuple[str, ...]) -> Trainings:
    """catalogue: training, hours, price; raised: training, skill, level; prerequisites: training, needs.

    Refusals: unknown_training, unknown_skill, duplicate_training, training_cycle (names: the trainings in the circle).
    """
    names = tuple(catalogue["training"].astype(str)) if len(catalogue) else ()
    if len(set(names)) < len(names):
        raise Refusal("duplicate_training", names=sorted({name for name in names if names.count(name) > 1})[:5])
    own = np.zeros((len(names), len(skills)))
    if len(raised):
        at = positions(raised["training"], names, "unknown_training"), positions(raised["skill"], skills, "unknown_skill")
        np.maximum.at(own, at, raised["level"].to_numpy(float))
    before = np.zeros((len(names), len(names)), bool)
    if prerequisites is not None and len(prerequisites):
        before[
            positions(prerequisites["training"], names, "unknown_training"), positions(prerequisites["needs"], names, "unknown_training")
        ] = True
    needs = _transitive(before)
    circle = np.flatnonzero(np.diag(needs))
    if len(circle):
        raise Refusal("training_cycle", names=[names[i] for i in circle[:5]])
    hours = catalogue["hours"].to_numpy(float) if len(names) else np.zeros(0)
    price = catalogue["price"].to_numpy(float) if len(names) else np.zeros(0)
    return Trainings(names, hours, price, own, needs)


def _transitive(before: np.ndarray) -> np.ndarray:
    reach = before.copy()
    for _ in range(len(before)):
        wider = reach | ((reach.astype(np.int64) @ reach.astype(np.int64)) > 0)
        if (wider == reach).all():
            break
        reach = wider
    return reach


@dataclass(frozen=True, slots=True)
class Bridge:
    """What closes the gap between levels and a role: hours (training and learning at work), price (euro of trainings), trainings
    (names, prerequisites first), at_work (skills learned at work), missing (skills no way leads to; then hours is inf)."""

    hours: float
    price: float
    trainings: tuple[str, ...] = ()
    at_work: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def bridge(levels: np.ndarray, role: str, between: Matrix, offer: Trainings, limits: Thresholds | None = None) -> Bridge:
    """The combination of trainings with the fewest hours (cheapest on a tie) that brings `levels` (S,) to what `role` asks.

    A skill no training reaches is learned at work at `on_job_hours` a level. A prerequisite is waived when all it brings is there.
    Every combination is tried up to ten useful trainings; with more the best next training is added until none helps.
    """
    return bridge_levels(
        np.nan_to_num(np.asarray(levels, float)), between.asked[between.at(role)], between.skills, offer, limits or Thresholds()
    )


def bridge_levels(have: np.ndarray, asked: np.ndarray, skills: tuple[str, ...], offer: Trainings, limits: Thresholds) -> Bridge:
    """`bridge` for a plain row of asked levels (S,); `have` without NaN."""
    short = np.flatnonzero(asked > have)
    if not len(short):
        return Bridge(0.0, 0.0)
    waived = (offer.raises <= have).all(axis=1) & (offer.raises > 0).any(axis=1)
    useful = np.flatnonzero((offer.raises[:, short] > have[short]).any(axis=1))
    packs = np.zeros((len(useful), len(offer.names)), bool)  # each useful training with what must come before
    for row, training in enumerate(useful):
        packs[row] = offer.needs[training] & ~waived
        packs[row, training] = True
    chosen = _cheapest(packs, have, asked, short, offer, limits)
    reached = np.maximum(have, offer.raises[chosen].max(axis=0)) if chosen.any() else have
    left = short[asked[short] > reached[short]]
    at_work = tuple(skills[i] for i in left)
    hours, price = float(offer.hours[chosen].sum()), float(offer.price[chosen].sum())
    if len(left) and limits.on_job_hours is None:
        return Bridge(float("inf"), price, _ordered(chosen, offer), (), at_work)
    return Bridge(hours + (limits.on_job_hours or 0.0) * float((asked - reached)[left].sum()), price, _ordered(chosen, offer), at_work)


def _ordered(chosen: np.ndarray, offer: Trainings) -> tuple[str, ...]:
    return tuple(offer.names[i] for i in sorted(np.flatnonzero(chosen), key=lambda i: (offer.needs[i].sum(), offer.names[i])))


def _cheapest(
    packs: np.ndarray, have: np.ndarray, asked: np.ndarray, short: np.ndarray, offer: Trainings, limits: Thresholds
) -> np.ndarray:
    """Boolean per training: the best set of packs."""
    at_work = 1e6 if limits.on_job_hours is None else limits.on_job_hours

    def weigh(picks: np.ndarray) -> np.ndarray:
        """(K,) hours of K sets of trainings (K, N), plus a hair of price so that ties go to the cheaper."""
        reached = np.broadcast_to(have[short], (len(picks), len(short))).copy()
        for training in np.flatnonzero(picks.any(axis=0)):
            lifted = np.maximum(reached, offer.raises[training, short])
            reached = np.where(picks[:, [training]], lifted, reached)
        rest = np.maximum(asked[short] - reached, 0.0).sum(axis=1) * at_work
        return picks @ (offer.hours + 1e-7 * offer.price) + rest

    none = np.zeros((1, len(offer.names)), bool)
    if not len(packs):
        return none[0]
    if len(packs) <= _EXACT:
        sets = (np.arange(2 ** len(packs))[:, None] >> np.arange(len(packs))) & 1
        picks = (sets @ packs.astype(np.int64)) > 0
        return picks[int(weigh(picks).argmin())]
    best, value = none, float(weigh(none)[0])
    while True:
        options = best | packs
        values = weigh(options)
        if values.min() >= value - 1e-12:
            return best[0]
        best, value = options[[int(values.argmin())]], float(values.min())
