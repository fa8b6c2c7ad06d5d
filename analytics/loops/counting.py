"""How many of a few people are there: the law of `small`, person by person."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import loops


@loops
def count_few(chances, levels, more, law):
    """law (M, N+1) gets the distribution of the number of people at M moments: the mean over levels (M, L), ratios to the chance of each
    person (R, M), of as many yes-or-no chances, and of those who came beside them: many small ones, more (M, L) together."""
    people, moments = chances.shape
    most, mixed = law.shape[1] - 1, levels.shape[1]
    now = np.empty(most + 1)
    for m in range(moments):
        law[m] = 0.0
        for level in range(mixed):
            mean, reach = more[m, level], 0
            now[:] = 0.0
            now[0] = np.exp(-mean)
            if mean > 0:
                reach = most
                for number in range(1, most + 1):
                    now[number] = now[number - 1] * mean / number
            for person in range(people):
                chance = min(chances[person, m] * levels[m, level], 1.0)
                if chance <= 0:
                    continue
                reach = min(reach + 1, most)
                rest = 1 - chance
                for number in range(reach, 0, -1):
                    now[number] = now[number] * rest + now[number - 1] * chance
                now[0] *= rest
            for number in range(most + 1):
                law[m, number] += now[number]
        total = 0.0
        for number in range(most + 1):
            total += law[m, number]
        for number in range(most + 1):
            law[m, number] /= total
