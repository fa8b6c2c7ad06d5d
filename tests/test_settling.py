"""Keeping what lives for long out of the clean-up after each run of a page."""

from __future__ import annotations

import gc
import weakref

from presentation.settling import EVERY, Settling, again


class Knot:
    """Refers to itself, so that only the clean-up can free it."""

    def __init__(self) -> None:
        self.self = self


def test_one_run_in_a_hundred_settles() -> None:
    turns = Settling()
    assert [turns.turn() for _ in range(2 * EVERY + 1)].count(True) == 3


def test_a_frozen_cycle_is_freed_by_the_next_round() -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    again()
    try:
        assert gc.get_freeze_count() > 0
        del knot
        gc.collect()
        assert gone() is not None
        again()
        assert gone() is None
    finally:
        gc.unfreeze()
