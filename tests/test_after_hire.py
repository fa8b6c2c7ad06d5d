"""Moves of new colleagues from one followed pattern equal those followed for themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.projection import prepare
from analytics.scenario import Scenario
from analytics.staff import _known
from tests.firms import cohorts, no_history, person

STEPS = 8


@pytest.fixture(scope="module")
def known():
    from analytics.estimate import estimate

    staff = cohorts([person("Monteur", age=40, people=9), person("Lasser", age=58, people=6), person("Kok", age=63, people=4)])
    base = prepare(staff, estimate(no_history(), staff), STEPS)
    links = {"link_from": np.array([0, 1, 2, 1]), "link_to": np.array([1, 2, 0, 0]), "link_chance": np.array([0.1, 0.05, 0.02, 0.03])}
    return _known(replace(base, cache={}, **links), Scenario(), STEPS)


def _outcome(book):
    return [book.stocks, book.movers_mean, book.first_moves, book.survives, *book.flow.values()]


@pytest.mark.parametrize(("first", "later", "shared"), [(3.0, 3.0, True), (1.0, 5.5, True), (0.0, 2.0, True), (2.0, 2.0, False)])
def test_a_pattern_added_up_is_what_following_gives(known, first, later, shared):
    after = known.incoming.after_hire
    pattern = np.array([1.0, 0.25, 2.0])
    after.add(known.book.copy(), np.repeat(pattern[:, None], STEPS, axis=1))
    hires = pattern[:, None] * np.array([first, *[later] * (STEPS - 1)])
    if not shared:
        hires[0, 3] += 1.0
    before = after.pulse
    books = [known.book.copy() for _ in range(2)]
    after.add(books[0], hires)
    after.directly(books[1], hires)
    assert after.pulse is before
    assert (books[0].shifted is not None) is shared
    for ours, followed in zip(*map(_outcome, books), strict=True):
        np.testing.assert_allclose(ours, followed, rtol=1e-12, atol=1e-13)
    for book in books:
        known.incoming.bring(book, hires)
    for step in (1, STEPS):
        np.testing.assert_allclose(*(book.ages(step, hires, known.one) for book in books), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("pattern", [[1.0, 0.25, 2.0], [0.0, 0.0, 3.0]])
def test_more_hires_are_a_multiple_and_the_same_hires_are_the_same_figures(known, pattern):
    """Whatever was asked in between: a multiple, hires of another pattern, and uneven ones."""
    hires = np.repeat(np.array(pattern)[:, None], STEPS, axis=1)
    hires[:, 0] *= 0.7
    uneven = hires.copy()
    uneven[2, 3] += 1.0
    first = known.incoming.booked(known.book, hires)
    for asked in (hires * 3.7, uneven, hires[::-1], hires * 0.1):
        booked, apart = known.incoming.booked(known.book, asked), known.book.copy()
        known.incoming.bring(apart, asked)
        known.incoming.after_hire.directly(apart, asked)
        for ours, followed in zip(_outcome(booked), _outcome(apart), strict=True):
            np.testing.assert_allclose(ours, followed, rtol=1e-12, atol=1e-13)
        for step in (1, STEPS):
            np.testing.assert_allclose(*(book.ages(step, asked, known.one) for book in (booked, apart)), rtol=1e-12, atol=1e-13)
        again = known.incoming.booked(known.book, hires)
        for before, now in zip(_outcome(first), _outcome(again), strict=True):
            np.testing.assert_allclose(now, before, rtol=1e-12, atol=1e-13)
    assert (known.incoming.booked(known.book, hires * 0).stocks == known.book.stocks).all()


def test_a_multiple_in_between_does_not_change_a_digit(known):
    hires = np.repeat(np.array([1.0, 0.25, 2.0])[:, None], STEPS, axis=1)
    first = known.incoming.booked(known.book, hires)
    known.incoming.booked(known.book, hires * 3.7)
    for before, now in zip(_outcome(first), _outcome(known.incoming.booked(known.book, hires)), strict=True):
        assert (before == now).all()
