"""A published table of chances of death by age, in the place of the built-in formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.tables import AGES, death_by_age

LEAST_AGES = 10
HIGHEST = 0.5
"""A yearly chance above this at working age is no chance of death."""


@dataclass(frozen=True, slots=True)
class Deaths:
    """Yearly chance of death of somebody whose age last birthday is `ages`, both sexes together; in force from a day on."""

    valid_from: date
    source: str
    ages: tuple[int, ...]
    chances: tuple[float, ...]

    def by_age(self) -> np.ndarray:
        """For the ages 15..79, (65,): the table, straight lines between its ages; the formula outside them."""
        out = np.interp(AGES, self.ages, self.chances)
        outside = (self.ages[0] > AGES) | (self.ages[-1] < AGES)
        return np.where(outside, death_by_age(), out)
