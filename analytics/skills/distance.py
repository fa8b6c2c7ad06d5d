"""How far one role's skills are from another's. Directed: from A to B is not from B to A.

fit(p -> r) = sum_s w_s idf_s min(p_s, r_s) / sum_s w_s idf_s r_s: the share of what the target asks that is already there. No
credit for being better than asked, none for skills the target does not ask. Rare skills weigh more (idf), because skills that
nearly every role asks say nothing about distance. Sources: method spec 6; directed coverage instead of a symmetric similarity
because retraining has a direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import Refusal

RARITY_FLOOR = 0.1
"""A skill that every role asks keeps a little weight: convention, so that a role of common skills only still has a distance."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """asked: (R, S) level each role asks, 0 = not; weight: (R, S) importance in that role, 0 where not asked; rarity: (S,).

    A role without requirements has a row of zeros: nothing can be said about a way in (fit NaN), and its people bring nothing.
    """

    roles: tuple[str, ...]
    skills: tuple[str, ...]
    asked: np.ndarray
    weight: np.ndarray
    rarity: np.ndarray

    def at(self, role: str) -> int:
        """Row of a role; Refusal unknown_role."""
        if role not in self.roles:
            raise Refusal("unknown_role", names=[role], n=1)
        return self.roles.index(role)


def matrix(requirements: pd.DataFrame, roles: tuple[str, ...] = (), skills: tuple[str, ...] = ()) -> Matrix:
    """From the tidy requirements (role, skill, level, optionally weight). `roles` and `skills` name and order everything known;
    left out they are those of the frame. Refusal unknown_role or unknown_skill for a requirement outside them."""
    if requirements.empty:
        requirements = pd.DataFrame({"role": pd.Series(dtype=str), "skill": pd.Series(dtype=str), "level": pd.Series(dtype=float)})
    role_names = roles or tuple(sorted(requirements["role"].astype(str).unique()))
    skill_names = skills or tuple(sorted(requirements["skill"].astype(str).unique()))
    row = positions(requirements["role"], role_names, "unknown_role")
    column = positions(requirements["skill"], skill_names, "unknown_skill")
    asked = np.zeros((len(role_names), len(skill_names)))
    weight = np.zeros_like(asked)
    asked[row, column] = requirements["level"].to_numpy(float)
    weight[row, column] = requirements["weight"].fillna(1.0).to_numpy(float) if "weight" in requirements else 1.0
    weight[asked <= 0] = 0.0
    return Matrix(tuple(role_names), tuple(skill_names), asked, weight, rarity(asked))


def positions(names: pd.Series, known: tuple[str, ...], code: str) -> np.ndarray:
    """Index of each name in `known`; Refusal(code, names, n) for those that are not there."""
    at = pd.Index(known, dtype=object).get_indexer(names.astype(str).astype(object))
    if (at < 0).any():
        missing = sorted(set(names.astype(str)[at < 0]))
        raise Refusal(code, names=missing[:5], n=len(missing))
    return at


def rarity(asked: np.ndarray) -> np.ndarray:
    """(S,) idf_s = ln(R / (1 + roles that ask s)), at least RARITY_FLOOR."""
    count = (asked > 0).sum(axis=0)
    return np.maximum(np.log(max(len(asked), 1) / (1.0 + count)), RARITY_FLOOR)


def fit(levels: np.ndarray, to: Matrix) -> np.ndarray:
    """(N, R) share of what each role asks that each row of levels (N, S) has; NaN where the role asks nothing.

    Unknown levels (NaN) count as not there; give `np.nan_to_num(levels, nan=5)` for the upper end of the range.
    """
    have = np.nan_to_num(np.asarray(levels, float))
    out = np.full((len(have), len(to.roles)), np.nan)
    for role in range(len(to.roles)):
        columns = np.flatnonzero(to.asked[role] > 0)
        if not len(columns):
            continue
        asked = to.asked[role, columns]
        weight = to.weight[role, columns] * to.rarity[columns]
        full = (weight * asked).sum()
        if full > 0:
            out[:, role] = np.minimum(have[:, columns], asked) @ weight / full
    return out


def coverage(between: Matrix) -> np.ndarray:
    """(R, R) fit of each role's asked levels (rows) to each role (columns): 1 on the diagonal where anything is asked."""
    return fit(between.asked, between)
