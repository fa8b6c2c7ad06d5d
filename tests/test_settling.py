"""Keeping what lives for long out of the clean-up after each run of a page."""

from __future__ import annotations

import gc
import weakref

import streamlit as st

from presentation.settling import LEAST_SECONDS, SMALL_EVERY, WHOLE_EVERY, Settling, again


class Knot:
    """Refers to itself, so that only the clean-up can free it."""

    def __init__(self) -> None:
        self.self = self


def test_rounds_come_after_many_runs_and_whole_ones_after_some_time_too() -> None:
    turns = Settling()
    quick = [turns.turn(1000.0) for _ in range(2 * WHOLE_EVERY)]
    assert quick[0] == "keep"  # what was loaded stays
    assert "whole" not in quick  # no time has passed since
    assert quick.count("small") == 2 * WHOLE_EVERY // SMALL_EVERY - 1
    assert turns.turn(1000.0 + LEAST_SECONDS) == "whole"
    assert [turns.turn(1000.0 + LEAST_SECONDS + 1) for _ in range(SMALL_EVERY)].count("small") == 1


def test_the_screen_librarys_own_clean_up_is_off() -> None:
    assert st.get_option("runner.postScriptGC") is False


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
