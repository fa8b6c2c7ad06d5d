"""How levers on learning bend the moves inside the firm that its history shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analytics.grid import Base
from analytics.scenario import Scenario

USUAL = Scenario()
MOST = 0.9
"""Highest share of a group that moves in a year."""
LEAST = 1e-9
LEVERS = ("apprentice_success", "training_places", "training_success", "move_acceptance")


def chances(base: Base, lever: Mapping[str, np.ndarray]) -> np.ndarray:
    """Yearly chance of every link (L,) under these levers (G,), each relative to its default: past moves were made with the present ones.

    From an apprentice role into another: by the share who pass and stay. All others: by the share who pass, the share who say yes, and
    the places where these are fewer than now (more places bring other people in, see `retraining`). Not above MOST together.
    """
    if not len(base.link_from):
        return base.link_chance
    learns = base.apprentice[base.link_from] & ~base.apprentice[base.link_to]
    changes = {name: lever[name][base.link_from] / float(getattr(USUAL, name)) for name in LEVERS}
    by_training = np.minimum(changes["training_places"], 1.0) * changes["training_success"] * changes["move_acceptance"]
    factor = np.maximum(np.where(learns, changes["apprentice_success"], by_training), LEAST)  # who moves still moves somewhere
    if (factor == 1.0).all():
        return base.link_chance
    wanted = base.link_chance * factor
    row = np.bincount(base.link_from, weights=wanted, minlength=len(base.groups))[base.link_from]
    return np.where(row > MOST, wanted * MOST / np.maximum(row, MOST), wanted)
