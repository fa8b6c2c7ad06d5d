"""Variance of the people in each group: exact without moves; who moved is followed from the group they started in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analytics.assumptions import FILL_DEFAULT
from analytics.inflow import Course

if TYPE_CHECKING:
    from analytics.staff import _Book

FILLED = FILL_DEFAULT / 100


def slot_weight(hires: np.ndarray) -> np.ndarray:
    """Sum over the vacancies behind `hires` of the squared chance to be filled. hires (...) people.

    h hires are h / f vacancies that are each filled with chance f, one of them for the fraction that is left over.
    """
    vacancies = hires / FILLED
    whole = np.floor(vacancies)
    return FILLED**2 * (whole + (vacancies - whole) ** 2)


def link_moments(book: _Book, hires: np.ndarray, one: Course) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variance of people and of fte (G, T+1) and covariances between the ends of each link (2, L, T+1).

    Today's staff: sum of p(1-p), fte squared as weight. New people: vacancies that are filled or not, and stay or not. People who
    moved: each counted as a separate small chance (their squared chances are left out), which makes the variance slightly too large.
    """
    mean, mean_fte, squares, squares_fte = book.spread
    var = mean - squares + book.movers_mean[0]
    each = book.base.hire_fte
    per_mover = np.divide(book.movers_mean[1], book.movers_mean[0], out=np.zeros_like(var), where=book.movers_mean[0] > 0)
    var_fte = mean_fte - squares_fte + book.movers_mean[1] * per_mover
    steps = book.steps
    weight = slot_weight(hires)
    for s in range(steps):
        present = one.people[: steps - s]
        new = hires[:, s] * present - weight[:, s] * present**2
        var[s + 1 :] += new
        var_fte[s + 1 :] += new * each**2
    covariance = np.zeros((2, len(book.base.link_from), steps + 1))
    return np.maximum(var, 0).T.copy(), np.maximum(var_fte, 0).T.copy(), covariance
