"""How sure the chance is that a contract is not renewed: one chance for the firm, from the contracts that ended in past years."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from analytics.draws import gamma, key, mirrored
from analytics.grid import FEW_CONTRACTS, Base


def contracts_behind(base: Base) -> float:
    """Contracts that the chance rests on: those due in the past years, as many a year as in the coming one, and those of the default."""
    due = float(base.fixed.amounts[0][base.fixed.end_step == 0].sum()) * base.rates.years
    return due + FEW_CONTRACTS


def relative_variance(base: Base) -> float:
    """Variance of the chance over its square: that of a Beta with so many contracts behind it (method spec 4.1)."""
    chance = min(base.lapse, 1.0)
    return (1 - chance) / (chance * (contracts_behind(base) + 1)) if chance > 0 else 0.0


def lapse_range(base: Base, outside: float = 0.2) -> tuple[float, float]:
    """The chance is within these ends with 1 - outside: those of a Beta with as many contracts behind it."""
    chance, behind = min(base.lapse, 1.0), contracts_behind(base)
    if chance in (0.0, 1.0):
        return chance, chance
    low, high = (float(betaincinv(chance * behind, (1 - chance) * behind, level)) for level in (outside / 2, 1 - outside / 2))
    return low, high


def lapse_levels(base: Base, draws: int, seed: int) -> np.ndarray:
    """(D,) factors on the chance that an ending contract is not renewed, with mean 1; never more contracts than there are. The same numbers
    whatever the scenario."""
    spread = relative_variance(base)
    if spread <= 0:
        return np.ones(draws)
    found = gamma(1 / spread, mirrored(seed, np.arange(draws), key("firm"), key("level", "contract_end")))
    return np.minimum(found, 1 / base.lapse)
