"""How sure: chances that are not known, years that differ, and people who decide for themselves (method spec 4.2).

1 the level of a chance: Gamma round its estimate with the number of events behind it, one number per group and one for the firm; that of
  resigning also by how good or bad the few past years happened to be; that of renewing a contract (`renewal`) for the firm alone;
2 a common shock per year on the log hazard of resigning, N(0, sigma^2), AR(1); 3 chance of people: the law of the projection.
What comes in has the same layers (`coming`). A range is the mixture over the draws of 1 and 2 of law 3. Not in it: errors in demand, in
what is decided, in the law.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from scipy import sparse
from scipy.special import ndtr, ndtri

from analytics import compiled
from analytics.coming import New, Ways, hire_factors, mean_shock, move_levels
from analytics.draws import gamma, group_keys, key, mirrored, normals, shocks
from analytics.estimate import Rates
from analytics.grid import Base
from analytics.projection import Projection
from analytics.renewal import lapse_levels
from analytics.small import FEW, NODES, counts
from analytics.workforce import GROUP, Flow

LEVELS = (0.1, 0.5, 0.9)
SHORT = 0.5
"""A year is short when the chance of a shortage is above this."""
CAUSES = ("resignation", "other_exit")


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """For K sums of groups: low, middle, high (K, T+1) 10, 50 and 90 % points of supply in fte; p_short (K, T+1) chance that demand
    exceeds supply; first_year (K,) first step with p_short > 0.5, -1 if none; person_years_short (K,) expected, from step 1 on."""

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    p_short: np.ndarray
    first_year: np.ndarray
    person_years_short: np.ndarray


def ranges(base: Base, projection: Projection, membership: np.ndarray, draws: int = 200, seed: int = 2026) -> Ranges:
    """membership (K, G): 1 where a group belongs to a sum. Sums of fewer than 30 people today, and others from when they have so few, get
    the exact law of people."""
    wanted = np.asarray(membership, float)
    member = sparse.csr_matrix(wanted)
    supply = summed(member, responses(base, projection, draws, seed))  # (K, T+1, D)
    needed = member @ projection.demand
    sd = np.sqrt(projection.variance(member)[1])
    small = few_people(projection, wanted)
    many, few = ~small, np.flatnonzero(small.any(axis=1))
    points, p_short, shortfall = np.zeros((3, *needed.shape)), np.zeros(needed.shape), np.zeros(needed.shape)
    points[:, many] = quantiles(supply[many], sd[many])
    p_short[many], shortfall[many] = _shortage(supply[many], sd[many], needed[many])
    if len(few):
        exact = _exact(base, projection, wanted[few], supply[few], needed[few], small[few])
        for whole, found in zip((points, p_short, shortfall), exact, strict=True):
            whole[..., few, :] += found
    found = p_short > SHORT
    first = np.where(found.any(axis=1), found.argmax(axis=1), -1)
    return Ranges(*points, p_short=p_short, first_year=first.astype(int), person_years_short=shortfall[:, 1:].sum(axis=1))


def few_people(projection: Projection, member: np.ndarray) -> np.ndarray:
    """Sums (K, G) and moments at which the law of people is exact, (K, T+1): fewer than 30 today, or from when there are."""
    small = (member @ projection.people < FEW) & (member.sum(axis=1) > 0)[:, None]
    return small | small[:, :1]


def nodes(drawn: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Draws (k, T+1, D) of what is `middle` (k, T+1) in the projection, as NODES equally likely ratios to it, (k, T+1, NODES)."""
    bins = np.array_split(np.arange(drawn.shape[-1]), min(NODES, drawn.shape[-1]))
    ordered = np.sort(drawn, axis=-1)
    levels = np.stack([ordered[..., part].mean(axis=-1) for part in bins], axis=-1)
    return np.maximum(np.divide(levels, middle[..., None], out=np.ones_like(levels), where=middle[..., None] > 1e-12), 0.0)


def at_least(law: np.ndarray, level: float) -> np.ndarray:
    """The smallest number that as many as `level` of a law (…, N+1) do not exceed."""
    return (law.cumsum(axis=-1) >= level - 1e-12).argmax(axis=-1)


def _exact(
    base: Base, projection: Projection, member: np.ndarray, supply: np.ndarray, needed: np.ndarray, small: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (3, k, T+1), chance and size of a shortage (k, T+1) at the moments `small` (k, T+1), 0 at others: whole people, each with the
    mean fte of that moment."""
    middle, people = member @ projection.fte, member @ projection.people
    points, short, size = np.zeros((3, *needed.shape)), np.zeros(needed.shape), np.zeros(needed.shape)
    for number, law in enumerate(counts(base, projection, member, nodes(supply, middle), small)):
        at = small[number]
        each = np.divide(middle[number], people[number], out=np.zeros_like(middle[number]), where=people[number] > 1e-12)[at]
        fte = each[:, None] * np.arange(law.shape[1])
        for row, level in enumerate(LEVELS):
            points[row, number, at] = each * at_least(law, level)
        gap = needed[number, at][:, None] - fte
        short[number, at] = (law * (gap > 1e-9)).sum(axis=1)
        size[number, at] = (law * np.maximum(gap, 0.0)).sum(axis=1)
    return points, short, size


def summed(member: sparse.csr_matrix, values: np.ndarray) -> np.ndarray:
    """(G, T+1, D) -> (K, T+1, D)."""
    return (member @ values.reshape(values.shape[0], -1)).reshape(member.shape[0], *values.shape[1:])


def factors(base: Base, draws: int, seed: int, years: int) -> np.ndarray:
    """(2 causes, D, G, T) factors on the hazards of each draw; the same numbers whatever the scenario. In memory by year, cause and
    group, as `responses` reads them."""
    found = base.cache.get(("factors", draws, seed, years))
    if found is None:
        number = np.arange(draws)
        names = group_keys(base.groups)
        certainty = base.groups.merge(base.rates.certainty, how="left", on=list(GROUP))
        out = np.empty((years, 2, len(names), draws)).transpose(1, 3, 2, 0)
        for row, cause in enumerate(CAUSES):
            own = gamma(certainty[cause].fillna(0.5).to_numpy(float), normals(seed, number[:, None], names, key("level", cause)))
            firm = gamma(base.rates.shared[cause], mirrored(seed, number, key("firm"), key("level", cause)))
            if cause == str(Flow.RESIGNATION):
                spread = past_shock(base.rates)
                firm = firm * np.exp(spread * mirrored(seed, number, key("firm"), key("past", cause)) - spread**2 / 2)
            out[row] = (own * firm[:, None])[:, :, None]
        out[0] *= np.exp(shocks(seed, number, years, base.rates.sigma))[:, None, :]
        for old in [other for other in base.cache if other[0] == "factors"]:
            base.cache.pop(old, None)
        found = base.cache[("factors", draws, seed, years)] = out
    return found


def past_shock(rates: Rates) -> float:
    """Standard deviation of the mean yearly shock of the years the chances of resigning are of; 0 without a history."""
    return mean_shock(rates.sigma, rates.years) if rates.years > 0 else 0.0


def responses(base: Base, projection: Projection, draws: int, seed: int, people: bool = False) -> np.ndarray:
    """Expected supply of each group in each draw, fte (G, T+1, D); or the number of people."""
    years = projection.people.shape[1] - 1
    moves = move_levels(base, draws, seed) if len(base.link_from) else None
    leave, hire = factors(base, draws, seed, years), hire_factors(base, projection, draws, seed)
    lapse = lapse_levels(base, draws, seed)
    return bent(base, projection, leave, hire, moves, people, compiled.way(base.cache), lapse)


def bent(
    base: Base,
    projection: Projection,
    leave: np.ndarray,
    hire: np.ndarray,
    moves: np.ndarray | None = None,
    people: bool = False,
    loops: ModuleType | None = None,
    lapse: np.ndarray | None = None,
) -> np.ndarray:
    """Expected supply in fte, or people, (G, T+1, D) when the hazards of leaving are `leave` (2 causes, D, G, T), the hires `hire`
    (T, G or 1, D), the moves out of a group `moves` (G, D) and the chance that a contract is not renewed `lapse` (D,) times those of the
    projection: from its own flows instead of a projection per draw.

    With B the fte without corrections, m the mean hazard that its leavers show, I what comes in during a step and F the draw's
    factor: X[t+1] = X[t] (B[t+1] - I)/B[t] exp(-(F-1) m) + I exp(-(F-1) m/2). Hires beyond those expected stay as long as new people do and
    settle in first; what moves out of one group in a draw moves into others; contracts renewed beyond those
    expected stay. Checked against full projections in the tests.
    """
    years, draws = projection.people.shape[1] - 1, leave.shape[1]
    size, flows = projection.run.fte, projection.flows_fte
    moved_in = flows[Flow.MOVE_IN] + flows[Flow.RETRAINED_IN]
    middle = (size[:, :-1] + size[:, 1:]) / 2
    hazards = [np.divide(flows[Flow(cause)], middle, out=np.zeros_like(middle), where=middle > 0) for cause in CAUSES]
    ended = np.ones(draws) if lapse is None else lapse
    rest = np.maximum(size[:, 1:] - flows[Flow.HIRE] - moved_in, 0.0)
    lapsing = np.divide(flows[Flow.CONTRACT_END], rest, out=np.zeros_like(rest), where=rest > 1e-9)
    keep = np.divide(rest, size[:, :-1], out=np.zeros_like(middle), where=size[:, :-1] > 0)
    amounts = (projection.people, projection.people) if people else (projection.fte, projection.scaled_fte)
    scale, worth = (np.divide(amount, size, out=np.ones_like(size), where=size > 0) for amount in amounts)
    new = New(base, projection)
    settling = 0.0 * new.settling if people else new.settling
    ways = None if not len(base.link_from) else Ways(base, flows[Flow.MOVE_OUT], rest, moved_in)
    out = np.empty((size.shape[0], years + 1, draws))
    if loops is not None:
        yearly = (keep, *hazards, lapsing, moved_in, flows[Flow.HIRE], new.fte, scale, worth, new.stay)
        usual = loops.Usual(
            *(np.ascontiguousarray(part, float) for part in yearly),
            size[:, 0].copy(),
            settling,
        )
        kept = np.ascontiguousarray(hire).view()
        kept.flags.writeable = False  # as the kept factors are: the loops know one kind
        loops.respond(usual, loops.Onto(*_onto(ways, size, moves)), np.ascontiguousarray(leave.transpose(3, 0, 2, 1)), kept, ended, out)
        return out
    now = np.repeat(size[:, :1], draws, axis=1)
    beyond = np.zeros_like(now)  # hires beyond those expected, fewer than expected below 0
    out[:, 0] = now * scale[:, :1]
    for t in range(years):
        half = (1 - leave[0, :, :, t].T) * (hazards[0][:, t, None] / 2)
        half += (1 - leave[1, :, :, t].T) * (hazards[1][:, t, None] / 2)
        np.exp(half, out=half)
        renewed = np.maximum(1 + (1 - ended) * lapsing[:, t, None], 0.0)
        now *= keep[:, t, None] * half * renewed
        beyond *= new.stay[t][:, None] * half * renewed
        if ways is None:
            now += moved_in[:, t, None]
        else:
            came, more = ways.moved(t, now + beyond, moves)
            now += came
            if more is not None:
                now -= more
        now += flows[Flow.HIRE][:, t, None]
        now *= half
        fresh = (hire[t] - 1) * new.fte[:, t, None]
        fresh *= half
        beyond *= half
        beyond += fresh
        np.multiply(now, scale[:, t + 1, None], out=out[:, t + 1])
        told = beyond - fresh * settling[:, None]
        told *= worth[:, t + 1, None]
        out[:, t + 1] += told
    return np.maximum(out, 0.0, out=out)


def _onto(ways: Ways | None, size: np.ndarray, moves: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """`loops.Onto`, empty without moves."""
    groups, none = len(size), np.zeros((len(size), 0))
    if ways is None:
        empty = np.zeros((groups, size.shape[1] - 1))
        return np.zeros(groups + 1, np.int64), np.zeros(0, np.int64), np.zeros(0), empty, empty, empty > 0, none
    onto = ways.onto
    whole = (onto.indptr.astype(np.int64), onto.indices.astype(np.int64), onto.data)
    parts = (np.ascontiguousarray(part) for part in (ways.each, ways.measure, ways.known))
    return (*whole, *parts, none if moves is None else np.ascontiguousarray(moves))


def quantiles(supply: np.ndarray, sd: np.ndarray, levels: tuple[float, ...] = LEVELS) -> tuple[np.ndarray, ...]:
    """Points of the mixture over draws (last axis) of normals with common sd: start at mean and spread, then two Newton steps."""
    mean, spread = supply.mean(axis=-1), supply.std(axis=-1)
    total = np.sqrt(spread**2 + sd**2)
    certain = total <= 1e-9
    ordered = np.quantile(supply, levels, axis=-1)
    width = np.where(sd > 1e-9, sd, 1.0)
    out = []
    for number, level in enumerate(levels):
        point = mean + (ordered[number] - mean) * np.divide(total, spread, out=np.ones_like(total), where=spread > 1e-9)
        point = np.where(spread > 1e-9, point, mean + total * ndtri(level))
        for _ in range(2):
            z = (point[..., None] - supply) / width[..., None]
            density = (np.exp(-0.5 * z * z)).mean(axis=-1) / (np.sqrt(2 * np.pi) * width)
            move = np.divide(ndtr(z).mean(axis=-1) - level, density, out=np.zeros_like(point), where=density > 1e-12)
            point = np.where(sd > 1e-9, point - np.clip(move, -total, total), ordered[number])
        out.append(np.where(certain, mean, point))
    return tuple(out)


def _shortage(supply: np.ndarray, sd: np.ndarray, needed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chance of a shortage and its expected size, (K, T+1)."""
    gap = needed[..., None] - supply
    width = np.where(sd > 1e-9, sd, 1.0)[..., None]
    z = gap / width
    short = np.where(sd[..., None] > 1e-9, ndtr(z), gap > 1e-9)
    size = np.where(sd[..., None] > 1e-9, gap * short + width * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi), np.maximum(gap, 0))
    return short.mean(axis=-1), size.mean(axis=-1)
