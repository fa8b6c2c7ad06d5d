"""Few people: the exact distribution of how many are left, instead of a normal curve."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from analytics import compiled
from analytics.columns import YEARS_AT_START, part_of_step, tenure_band
from analytics.exits import AFTER_PENSION_EXIT, retirement_hazard
from analytics.folding import AGES, NO_END, Cells
from analytics.grid import BAND_OF_AGE, Base
from analytics.moments import FILLED
from analytics.projection import Projection
from analytics.staff import lapse_chance, rules_of, timing_of

FEW = 30
"""Below this number of people today a sum of groups gets the exact distribution."""
NODES = 5
"""Draws are gathered in so many equally likely levels for the exact distribution."""


def stay_chances(base: Base, projection: Projection, cells: Cells, fixed: bool) -> np.ndarray:
    """Chance of a person in each cell (R,) to be still in the own group at each moment, (R, T+1): the law of the engine in one line each.

    P_t = renewal (after the contract end) x (1 - earlier stop) x (1 - move)^t x exp(-sum of hazards), 0 from the pension step on,
    but for those who work on.
    """
    steps = projection.people.shape[1] - 1
    lever, rules = rules_of(base, projection.scenario)
    timing = timing_of(base, lever, rules, steps)
    group, t = cells.group[:, None], np.arange(steps)
    band = BAND_OF_AGE[np.minimum(cells.age[:, None] + t, AGES - 1)]
    tenure = tenure_band(YEARS_AT_START[cells.tenure][:, None] + t)
    month = timing.months(cells)[:, None]
    leave = month // 12
    ends = rules.ends[group]
    part = np.where((leave == t) & ends, part_of_step(month), 1.0)
    own = base.hazards[:, :, band, tenure, group]
    own[0] *= lever["resignation_multiplier"][group]
    per_kind = own.sum(axis=0)  # (2, R, T)
    end, end_part = cells.end_step[:, None], cells.end_part[:, None]
    before = np.where((end == NO_END) | (end < t), 0.0, np.where(end > t, part, np.minimum(end_part, part))) * fixed
    hazard = per_kind[1] * before + per_kind[0] * (part - before)
    hazard = hazard + np.where(ends, 0.0, retirement_hazard(t - leave))
    keep = np.exp(-hazard)
    lapses = fixed & (end == t) & (end_part < part) & (end != NO_END)
    keep = np.where(lapses, keep * (1 - lapse_chance(base, lever["fixed_term_renewal"]))[group], keep)
    earlier = timing.earlier[group]
    opened = month - earlier
    window = (earlier > 0) & (opened // 12 == t) & (opened >= 0)
    keep = np.where(window, keep * (1 - rules.earlier[group]), keep)
    keep = np.where((earlier > 0) & (opened < 0) & (t == 0), keep * (1 - rules.earlier_inside[group]), keep)
    retires = (leave == t) & ends
    reach = np.cumprod(np.concatenate([np.ones((len(cells), 1)), keep], axis=1), axis=1)
    stays = np.where(retires, 0.0, keep * (1 - rules.leave_group[group]))
    out = np.cumprod(np.concatenate([np.ones((len(cells), 1)), stays], axis=1), axis=1)
    moved = (1 - rules.leave_group[cells.group])[:, None] ** np.arange(steps + 1)
    for step in range(steps):  # those who work on after the date, half of whom stop each year
        works = np.where(retires[:, step], reach[:, step + 1] * moved[:, step] * rules.work_on[cells.group], 0.0)
        out[:, step + 1 :] += works[:, None] * (1 - AFTER_PENSION_EXIT) ** np.arange(steps - step)
    past = cells.month < 0
    out[past] = (1 - AFTER_PENSION_EXIT) ** np.arange(steps + 1)
    return out


def counts(
    base: Base, projection: Projection, member: np.ndarray, levels: np.ndarray, moments: np.ndarray | None = None
) -> list[np.ndarray]:
    """For each row of member (K, G): the distribution of the number of people, (T+1, N+1), rows summing to 1; moments (K, T+1): only at
    these.

    levels (K, T+1, NODES): the ratio of the expected people in a draw to that of the projection; the distribution is their mixture.
    Today's staff and vacancies are separate yes-or-no chances; people who moved in are many small ones (Poisson).
    """
    inside = member.any(axis=0)
    parts = []
    for cells, fixed in ((base.permanent, False), (base.fixed, True)):
        rows = inside[cells.group]
        chosen = Cells(*(getattr(cells, name)[..., rows] for name in cells.__slots__))
        parts.append((chosen, stay_chances(base, projection, chosen, fixed)))
    known = _Known(projection, parts, _filled(projection), compiled.way(base.cache))
    at = np.ones(levels.shape[:2], bool) if moments is None else moments
    return [_count(known, row > 0, levels[number], at[number]) for number, row in enumerate(member)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is the same for every sum: cells with the chances of one person to be there (R, T+1); filled (G, T, T+1): of one vacancy of each
    group and step that somebody is there; the compiled loops, if they are there."""

    projection: Projection
    parts: list[tuple[Cells, np.ndarray]]
    filled: np.ndarray
    loops: ModuleType | None


def _count(known: _Known, groups: np.ndarray, levels: np.ndarray, at: np.ndarray) -> np.ndarray:
    """groups (G,): whether each belongs to the sum."""
    projection = known.projection
    chances = [_persons(cells, stay, groups) for cells, stay in known.parts]
    chances += _vacancies(known, groups)
    every, levels = np.concatenate(chances)[:, at], levels[at]  # (N, moments)
    size = projection.people[groups].sum(axis=0)[at]
    if projection.run.learning is not None:  # some of them were retrained and left for another group: nobody knows who
        every *= np.minimum(np.divide(size, every.sum(axis=0), out=np.ones_like(size), where=every.sum(axis=0) > 0), 1.0)
    scaled = np.minimum(every[:, :, None] * levels, 1.0)
    # who moved in, and in a draw of many those beyond who can be there: they came in from outside, as many small chances
    more = np.maximum(np.maximum(size, every.sum(axis=0))[:, None] * levels - scaled.sum(axis=0), 0.0)
    there = scaled.sum(axis=0)
    most = int(min(len(every), np.ceil((there + 9 * np.sqrt(there + 1)).max())) + np.ceil(more.max() + 8 * np.sqrt(more.max())))
    if known.loops is not None:
        found = np.empty((len(levels), most + 1))
        known.loops.count_few(np.ascontiguousarray(every), np.ascontiguousarray(levels), np.ascontiguousarray(more), found)
        return found
    law = np.zeros((*levels.shape, most + 1))
    law[..., 0] = 1.0
    law = _poisson(more, law) if more.max() > 1e-9 else law
    for chance in scaled:
        yes = law[..., :-1] * chance[..., None]
        law *= 1 - chance[..., None]
        law[..., 1:] += yes
    law = law.mean(axis=1)
    return law / law.sum(axis=-1, keepdims=True)


def _persons(cells: Cells, stay: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """One row per person; a part of a person (an imputed age spreads people) counts as a smaller chance."""
    rows = np.flatnonzero(groups[cells.group])
    people = cells.amounts[0][rows]
    whole = np.floor(people + 1e-9).astype(int)
    rest = np.maximum(people - whole, 0.0)
    return np.concatenate([np.repeat(stay[rows], whole, axis=0), stay[rows][rest > 1e-9] * rest[rest > 1e-9, None]])


def _filled(projection: Projection) -> np.ndarray:
    steps, present = projection.people.shape[1] - 1, projection.run.new_people
    out = np.zeros((len(projection.people), steps, steps + 1))
    for s in range(steps):
        out[:, s, s + 1 :] = FILLED * present[: steps - s].T
    return out


def _vacancies(known: _Known, groups: np.ndarray) -> list[np.ndarray]:
    """One row per vacancy; a part of one counts as a smaller chance."""
    number, lines = (known.projection.run.hires[groups] / FILLED).ravel(), known.filled[groups].reshape(-1, known.filled.shape[2])
    whole = np.floor(number).astype(int)
    part = number > whole
    return [np.repeat(lines, whole, axis=0), lines[part] * (number - whole)[part, None]]


def _poisson(mean: np.ndarray, law: np.ndarray) -> np.ndarray:
    out = law.copy()
    out[..., 0] = np.exp(-mean)
    for number in range(1, law.shape[-1]):
        out[..., number] = out[..., number - 1] * mean / number
    return out
