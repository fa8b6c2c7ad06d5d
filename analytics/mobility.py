"""Moves between roles: what happens when behaviour stays (push) and what one open post sets in motion (vacancy chain).

Rows are always "from", columns "to". Bartholomew, Forbes & McClean (1991), Statistical Techniques for Manpower Planning.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from analytics.rates import prior_strength

_SLACK = 1e-9


def _transitions(transitions: ArrayLike) -> np.ndarray:
    """A square matrix of chances, rows summing to at most 1 (the rest leaves); ValueError otherwise, never rescaled in silence."""
    matrix = np.asarray(transitions, float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError("transitions must be square")
    if not (matrix >= 0).all() or (matrix.sum(axis=1) > 1 + _SLACK).any():
        raise ValueError("chances are zero or more and a row sums to at most 1")
    return matrix


def _per_year(values: ArrayLike, years: int, k: int) -> np.ndarray:
    given = np.asarray(values, float)
    if given.shape not in ((k,), (years, k)):
        raise ValueError(f"expected {k} values, or {years} years of {k}")
    return np.broadcast_to(given, (years, k))


def push(stock: ArrayLike, transitions: ArrayLike, recruits: ArrayLike, years: int) -> np.ndarray:
    """Expected people per role, now and after each year: n(t+1) = n(t) P + e(t+1). Shape (years + 1, k).

    stock (k,) people; transitions (k, k), row sum <= 1; recruits (k,) every year, or (years, k), who arrive at the end of the
    year and do not move in it. Example: push([100], [[.9]], [5], 1) -> [[100], [95]].
    """
    matrix = _transitions(transitions)
    inflow = _per_year(recruits, years, len(matrix))
    path = np.empty((years + 1, len(matrix)))
    path[0] = np.asarray(stock, float)
    for year in range(years):
        path[year + 1] = path[year] @ matrix + inflow[year]
    return path


def push_fixed_size(
    stock: ArrayLike, transitions: ArrayLike, recruit_shares: ArrayLike, years: int, growth: ArrayLike = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Stocks (years + 1, k) and recruits (years, k) when the total follows a plan: R = n w' + growth, spread by recruit_shares.

    growth: people added to the total, one number or one per year. A total that falls faster than people leave recruits nobody,
    and then stays above the plan until it has caught up.
    """
    matrix = _transitions(transitions)
    shares = np.asarray(recruit_shares, float)
    if (shares < 0).any() or abs(shares.sum() - 1) > _SLACK:
        raise ValueError("recruit shares are zero or more and sum to 1")
    path = np.empty((years + 1, len(matrix)))
    path[0] = np.asarray(stock, float)
    hired = np.empty((years, len(matrix)))
    planned = path[0].sum() + np.cumsum(np.broadcast_to(np.asarray(growth, float), (years,)))
    for year in range(years):
        stayed = path[year] @ matrix
        hired[year] = max(planned[year] - stayed.sum(), 0.0) * shares
        path[year + 1] = stayed + hired[year]
    return path, hired


def expected_years(transitions: ArrayLike) -> np.ndarray:
    """Fundamental matrix (I - P)^-1, shape (k, k): years spent in each role (column) by someone now in a role (row), this year included.

    Row sums are the expected years left in the firm. ValueError when some role can never be left. Example: [[.5]] -> [[2]].
    """
    return _inverse(_transitions(transitions), "some role can never be left: no finite number of years")


def _inverse(matrix: np.ndarray, otherwise: str) -> np.ndarray:
    if len(matrix) and max(abs(np.linalg.eigvals(matrix))) >= 1 - 1e-12:
        raise ValueError(otherwise)
    return np.maximum(np.linalg.inv(np.eye(len(matrix)) - matrix), 0.0)


def chance_ever(transitions: ArrayLike) -> np.ndarray:
    """Chance (k, k) that someone now in a role (row) is ever in another (column): F_ij / F_jj; 1 on the diagonal."""
    years = expected_years(transitions)
    return years / np.diag(years)


def steady_state(transitions: ArrayLike, recruits: ArrayLike) -> np.ndarray:
    """Stock (k,) at which the same recruits (k,) every year just replace who goes: e (I - P)^-1."""
    return np.asarray(recruits, float) @ expected_years(transitions)


def expected_moves(stock: ArrayLike, transitions: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """One year's expected movers (k, k), stayers on the diagonal, and leavers (k,)."""
    matrix = _transitions(transitions)
    people = np.asarray(stock, float)
    return people[:, None] * matrix, people * np.maximum(1 - matrix.sum(axis=1), 0.0)


def push_covariance(stock: ArrayLike, transitions: ArrayLike) -> np.ndarray:
    """Covariance (k, k) of next year's stock when people decide independently: sum_i n_i (delta_jl p_ij - p_ij p_il)."""
    matrix = _transitions(transitions)
    people = np.asarray(stock, float)
    return np.diag(people @ matrix) - matrix.T @ (people[:, None] * matrix)


def vacancy_chain(vacancies: ArrayLike, fill_shares: ArrayLike) -> np.ndarray:
    """All vacancies that the first ones set in motion: x = v (I - S)^-1, of the shape of `vacancies`: (k,), or one set of them a row.

    fill_shares: row = role of the vacancy, column = role it is filled from, row sum <= 1, the rest is hired outside.
    White (1970), Chains of Opportunity. Example: vacancy_chain([0, 10], [[0, 0], [.6, 0]]) -> [6, 10].
    """
    closed = "vacancies are only passed round: some must be filled from outside"
    return np.asarray(vacancies, float) @ _inverse(_transitions(fill_shares), closed)


class Chain(NamedTuple):
    """What vacancies set in motion. moves: (k, k), row = role left, column = role filled; all in people."""

    vacancies: np.ndarray
    moves: np.ndarray
    hires: np.ndarray
    capped: np.ndarray


def vacancy_moves(vacancies: ArrayLike, fill_shares: ArrayLike, stock: ArrayLike | None = None) -> Chain:
    """Moves and outside hires behind `vacancy_chain`; no role gives more people than it has (`stock`), the rest is hired outside.

    capped: boolean per role, True where the stock was the limit. sum(hires) = sum(vacancies) given. The capped chain is the
    smallest solution of x = v + min(stock, x S), reached from below.
    """
    given, shares = np.asarray(vacancies, float), _transitions(fill_shares)
    limit = np.full(len(given), np.inf) if stock is None else np.asarray(stock, float)
    total = vacancy_chain(given, shares)
    if ((total @ shares) > limit).any():
        total = _capped(given, shares, limit)
    asked = total @ shares
    kept = np.divide(np.minimum(asked, limit), asked, out=np.ones_like(asked), where=asked > 0)
    moves = (total[:, None] * shares * kept).T
    return Chain(total, moves, total - moves.sum(axis=0), asked > limit + _SLACK)


def _capped(given: np.ndarray, shares: np.ndarray, limit: np.ndarray) -> np.ndarray:
    total = given
    for _ in range(10_000):
        following = given + np.minimum(limit, total @ shares)
        if np.abs(following - total).max() < 1e-12 * max(1.0, following.max()):
            return following
        total = following
    return total


def absorb(new_posts: ArrayLike, leavers: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Vacancies (k,) from leavers and new posts, and the surplus (k,) left when posts vanish faster than people leave."""
    change = np.asarray(leavers, float) + np.asarray(new_posts, float)
    return np.maximum(change, 0.0), np.maximum(-change, 0.0)


def _pooled_rows(counts: np.ndarray, leavers: np.ndarray) -> np.ndarray:
    """Prior rows: everybody stays, moves and leaves like the firm as a whole; moves go where moves went."""
    total = counts.sum() + leavers.sum()
    if total <= 0:
        raise ValueError("no people counted: give a prior")
    moved = counts - np.diag(np.diag(counts))
    popular = np.where(np.eye(len(counts), dtype=bool), 0.0, moved.sum(axis=0))
    reach = popular.sum(axis=1, keepdims=True)
    rows = np.divide(popular, reach, out=np.zeros_like(popular), where=reach > 0) * (moved.sum() / total)
    stay_or_leave = 1 - rows.sum(axis=1)
    staying = np.trace(counts) + leavers.sum()
    stay_share = np.trace(counts) / staying if staying > 0 else 0.0
    return rows + np.diag(stay_or_leave * stay_share)


def estimate_transitions(
    counts: ArrayLike, leavers: ArrayLike, prior: ArrayLike | None = None, strength: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Yearly transition chances (k, k) from counts, and the weight (k,) of each row's own data.

    counts: (k, k) or (years, k, k) people by role in the earlier and the later snapshot; leavers: (k,) or (years, k) people of
    whom the later snapshot knows nothing. Years are pooled by adding counts, not by averaging rates. p_ij is shrunk as a
    Dirichlet: (K prior_ij + c_ij)/(K + c_i), c_i leavers included. prior: rows (k, k), row sum <= 1; the firm as a whole
    when None. strength K in people: by the method of moments on the share that does not stay, when None. A role without
    people gets the prior with weight 0. Rows and the chance to leave sum to 1 exactly.
    """
    c = np.asarray(counts, float)
    gone = np.asarray(leavers, float)
    c, gone = (c.sum(axis=0), gone.sum(axis=0)) if c.ndim == 3 else (c, gone)
    if (c < 0).any() or (gone < 0).any():
        raise ValueError("counts are zero or more")
    rows = _pooled_rows(c, gone) if prior is None else _transitions(prior)
    people = c.sum(axis=1) + gone
    if strength is None:
        strength = prior_strength(people - np.diag(c), people, 1 - np.diag(rows))
    total = people + strength
    safe = np.where(total > 0, total, 1.0)
    chances = np.where(total[:, None] > 0, (strength * rows + c) / safe[:, None], rows)
    return chances, people / safe


class Homogeneity(NamedTuple):
    """Result of the test that the chances were the same every year."""

    chi2: float
    df: int
    p_value: float


def homogeneity(counts: ArrayLike, leavers: ArrayLike) -> Homogeneity:
    """Were moves and exits equally likely in all years? Anderson & Goodman (1957), Ann. Math. Stat. 28.

    counts (years, k, k), leavers (years, k). chi2 = sum (c_ij(t) - c_i(t) p_ij)^2 / (c_i(t) p_ij), leaving being one more
    column; cells with expectation below 1 are skipped, which errs toward "the same". df = (T-1) sum_i (positive cells_i - 1).
    p_value is 1 when there is nothing to test.
    """
    flows = np.concatenate([np.asarray(counts, float), np.asarray(leavers, float)[..., None]], axis=2)
    pooled = flows.sum(axis=0)
    rows = pooled.sum(axis=1, keepdims=True)
    chances = np.divide(pooled, rows, out=np.zeros_like(pooled), where=rows > 0)
    expected = flows.sum(axis=2, keepdims=True) * chances
    used = expected >= 1
    statistic = float((((flows - expected) ** 2)[used] / expected[used]).sum())
    df = (len(flows) - 1) * int(np.maximum((pooled > 0).sum(axis=1) - 1, 0).sum())
    return Homogeneity(statistic, df, float(chdtrc(df, statistic)) if df > 0 else 1.0)
