"""How sure the numbers coming in are: the level of a few years, good and bad years, the time filling takes, and how many posts fall open.

Layers of method spec 4.2 for what comes in, each a factor with mean 1 on what the projection expects:
1 level: Gamma round the hires a year of past years with as many events as were seen, and for all together how good or bad those few
   years happened to be; known where somebody set the number, a decision.
   Moves out of a group in the same way, with the moves seen (the Dirichlet of its row, seen as one chance to move).
2 year: a common shock per year on all hires, log-normal, AR(1), apart from that on leaving (a busy market takes people and brings them);
   time to fill: longer or shorter than expected for everybody in a year, so that hires slide to the next.
3 number: posts fall open over the year by chance, one by one (Poisson); the projection's own law has whether each is filled.
Random numbers belong to (seed, draw, group, year, cause).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from analytics.assumptions import per_group, winning_rule
from analytics.draws import gamma, group_keys, key, mirrored, normals, shocks
from analytics.estimate import HIRE_YEARS, MOVE_STRENGTH, RHO, Rates
from analytics.grid import Base
from analytics.hours import SETTLING_LOSS
from analytics.moments import FILLED
from analytics.projection import Projection
from analytics.scenario import Scenario
from analytics.workforce import GROUP, Flow

FILL_SPREAD = 0.25
"""Standard deviation of the mean time to fill of a year, as a share of it. Own assumption, certainty C."""
MOST_MOVES = 0.95
"""Highest share of a group that moves out in a draw."""


def hire_factors(base: Base, projection: Projection, draws: int, seed: int) -> np.ndarray:
    """(T, G, D) factors on the hires of each group, step and draw; mean 1."""
    hires, unset = projection.run.hires, ~_set_by_hand(base, projection.scenario)
    months = per_group(projection.scenario, "time_to_fill_months", base.groups)

    def made() -> np.ndarray:
        steps = hires.shape[1]
        out = gamma((hires / FILLED).T[:, :, None], _numbers(base, "number", draws, seed, steps))
        out *= _common(base, months, draws, seed, steps)
        if unset.any():
            level = _kept(base, ("coming", "hire_level", draws, seed), lambda: _level(base, draws, seed))
            out *= level if unset.all() else np.where(unset[:, None], level, 1.0)
        return out

    # a slider that leaves the hires as they are finds the same factors again
    return _kept(base, ("coming", "hire_factors", draws, seed, hires.shape, hires.tobytes(), unset.tobytes(), months.tobytes()), made)


def _level(base: Base, draws: int, seed: int) -> np.ndarray:
    """(G, D): how far off the hires a year of a few past years may be."""
    own, firm = _numbers(base, "level", draws, seed, 1)[0], mirrored(seed, np.arange(draws), key("firm"), key("level", "hire"))
    spread = past_years(base.rates)
    return gamma(hires_seen(base.rates, base)[:, None], own) * np.exp(spread * firm - spread**2 / 2)


def _common(base: Base, months: np.ndarray, draws: int, seed: int, steps: int) -> np.ndarray:
    """(T, G or 1, D): the year's shock, and hires that slide to the next year or from the one before. months (G,): time to fill."""
    number, sigma = np.arange(draws), base.rates.hire_sigma
    year = np.exp(shocks(seed, number, steps, sigma, "hire") - sigma**2 / 2).T[:, None]
    late = mirrored(seed, number[:, None], np.arange(steps), key("year", "time_to_fill")).T[:, None]
    size = FILL_SPREAD * (months[:1] if (months == months[0]).all() else months) / 12
    slid = np.diff(np.concatenate([np.zeros_like(late[:1]), late]), axis=0) * size[None, :, None]
    return year * np.maximum(1 - slid, 0.0)


def move_levels(base: Base, draws: int, seed: int) -> np.ndarray:
    """(G, D) factors on the moves out of each group, one for all years; 1 where nobody moves."""
    name = ("coming", "move_levels", draws, seed)
    if name in base.cache:
        return base.cache[name]
    chance = np.bincount(base.link_from, weights=base.link_chance, minlength=len(base.groups))
    found = gamma((_moves_seen(base) + MOVE_STRENGTH * chance)[:, None], _numbers(base, "move", draws, seed, 1)[0])
    most = np.divide(MOST_MOVES, chance, out=np.full_like(chance, np.inf), where=chance > 0)
    out = base.cache[name] = np.where(chance[:, None] > 0, np.minimum(found, np.maximum(most, 1.0)[:, None]), 1.0)
    return out


class New:
    """What one hire more than expected brings. fte (G, T): at the end of the step of hiring; stay (T, G): part of all hires so far that
    is still in the group a step later, were they as many every year; settling (G,): part of the first year's work not yet done."""

    def __init__(self, base: Base, projection: Projection) -> None:
        present = projection.run.new_people
        so_far = np.cumsum(present, axis=0)
        self.fte = projection.flows_fte[Flow.HIRE] * present[0][:, None]
        self.stay = np.zeros_like(present)
        np.divide(so_far[1:] - present[:1], so_far[:-1], out=self.stay[1:], where=so_far[:-1] > 0)
        months = per_group(projection.scenario, "settling_in_months", base.groups)
        self.settling = SETTLING_LOSS * np.minimum(months, 12) / 12


class Ways:
    """Moves between groups in a draw: who moves out of one comes into others, in the measure of the projection's own moves.

    out, rest, moved_in (G, T) fte: moved out of each group, stayed in it, came into it from another.
    """

    def __init__(self, base: Base, out: np.ndarray, rest: np.ndarray, moved_in: np.ndarray) -> None:
        groups = len(base.groups)
        total = np.bincount(base.link_from, weights=base.link_chance, minlength=groups)[base.link_from]
        share = np.divide(base.link_chance, total, out=np.zeros_like(base.link_chance), where=total > 0)
        self.onto = sparse.csr_matrix((share, (base.link_to, base.link_from)), shape=(groups, groups))
        self.each = np.divide(out, rest, out=np.zeros_like(out), where=rest > 1e-9)
        usual = self.onto @ (self.each * rest)
        self.known = usual > 1e-12
        self.measure = np.divide(moved_in, usual, out=np.zeros_like(usual), where=self.known)
        self.moved_in = moved_in
        self.others = (~self.known & (moved_in > 0)).any(axis=0)

    def moved(self, t: int, stayed: np.ndarray, levels: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        """stayed (G, D) fte after the usual moves. Who comes in, and who leaves beyond the usual (None: nobody), (G, D)."""
        gross = stayed * self.each[:, t, None]
        more = None
        if levels is not None:
            more = gross * (levels - 1)
            gross += more
        came = self.onto @ gross
        came *= self.measure[:, t, None]
        if self.others[t]:
            came[~self.known[:, t]] += self.moved_in[~self.known[:, t], t, None]
        return came, more


def _numbers(base: Base, cause: str, draws: int, seed: int, steps: int) -> np.ndarray:
    """(T, G, D) normal numbers of a cause, kept: they do not depend on the scenario."""
    years = np.arange(steps)[:, None, None]
    return _kept(
        base,
        ("coming", cause, draws, seed, steps),
        lambda: normals(seed, np.arange(draws), group_keys(base.groups)[:, None], years, key(cause, "hire")),
    )


def _kept(base: Base, name: tuple, make: Callable[[], np.ndarray]) -> np.ndarray:
    """The last result of this kind; nobody writes in it."""
    found = base.cache.get(name)
    if found is None:
        for old in [other for other in list(base.cache) if other[:2] == name[:2]]:
            base.cache.pop(old, None)
        found = base.cache[name] = make()
        found.flags.writeable = False
    return found


def _set_by_hand(base: Base, scenario: Scenario) -> np.ndarray:
    """Groups (G,) whose number of hires somebody set, for the firm or in an override."""
    out = np.zeros(len(base.groups), bool)
    for name, among in (("hires_per_year", np.ones(len(base.groups), bool)), ("apprentice_places", base.apprentice)):
        out |= among & ((winning_rule(scenario, name, base.groups) >= 0) | (getattr(scenario, name) is not None))
    return out


def past_years(rates: Rates) -> float:
    """Standard deviation of the mean yearly shock of the years the average of hires is of: those were good or bad years too."""
    return mean_shock(rates.hire_sigma, min(max(rates.years, 1), HIRE_YEARS))


def mean_shock(sigma: float, years: int) -> float:
    """Standard deviation of the mean of so many yearly shocks in a row."""
    apart = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    return float(sigma * np.sqrt((RHO**apart).mean()))


def hires_seen(rates: Rates, base: Base) -> np.ndarray:
    """Hires counted in the years that the average is of, (G,)."""
    years = min(max(rates.years, 1), HIRE_YEARS)
    found = base.groups.merge(rates.hires[[*GROUP, "seen_per_year"]], how="left", on=list(GROUP))["seen_per_year"]
    return found.fillna(0.0).to_numpy(float) * years


def _moves_seen(base: Base) -> np.ndarray:
    moves = base.rates.moves
    origin = [f"from_{name}" for name in GROUP]
    seen = moves.groupby(origin, as_index=False)["people"].sum().rename(columns=dict(zip(origin, GROUP, strict=True)))
    return base.groups.merge(seen, how="left", on=list(GROUP))["people"].fillna(0.0).to_numpy(float)


def firm_variance(rates: Rates, number: float) -> float:
    """Variance of the firm's hires in one year of which `number` are expected, whatever the groups: the layers above together."""
    seen = float(rates.hires["seen_per_year"].sum()) * min(max(rates.years, 1), HIRE_YEARS)
    slide = 2 * (FILL_SPREAD * Scenario().time_to_fill_months / 12) ** 2
    spread = 1 / max(seen, 1.0) + np.expm1(rates.hire_sigma**2 + past_years(rates) ** 2) + slide
    return number + number**2 * float(spread)
