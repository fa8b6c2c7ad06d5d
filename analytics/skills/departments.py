"""Skills for who sees some departments: a finer cut of what is told of the whole organisation, fixed for everybody.

Roles are cut by department, and the records of a skill lie in *pieces*: sets of such parts of at least k people assessed, each
inside one piece of the whole organisation. Who sees some departments is told the pieces that lie wholly inside them. So whatever
two directors are told, and what is told of the whole organisation less what each of them is told, are again whole pieces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.release import Atoms
from analytics.skills.gaps import SkillBase
from analytics.skills.pooled import Classes, Counts, Pooled, asked_of, classes, counted, known_in

SIGN = "\x1f"
"""Between department and role in the name of a part; no name holds it."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Roles cut by department. base: cells and needs by part (department, SIGN, role). found: which parts are told apart; `seen` those
    wholly inside the departments. units (F,): the department, "" for several. whole (F,): class of the whole organisation."""

    base: SkillBase
    found: Classes
    units: tuple[str, ...]
    whole: np.ndarray


def parts(base: SkillBase, whole: Classes, groups: pd.DataFrame, atoms: Atoms, chosen: np.ndarray) -> Parts:
    """base: per person and role; groups: of the atoms' columns; chosen (A,): atoms wholly inside the departments."""
    cells = base.cells.assign(role=_names(base.cells))
    fine = classes(
        groups.assign(role=_names(groups)), atoms, cells.groupby("role")["people"].sum().to_dict(), tuple(cells["role"].unique())
    )
    counts = np.bincount(fine.of_atom, minlength=len(fine.labels))
    seen = (counts > 0) & (np.bincount(fine.of_atom, chosen, minlength=len(fine.labels)) == counts)
    split = [[name.split(SIGN) for name in names] for names in fine.roles]
    units = tuple(inside[0][0] if len({unit for unit, _ in inside}) == 1 else "" for inside in split)
    roles = tuple(tuple(sorted({role for _, role in inside})) for inside in split)
    plain = pd.Series([" + ".join(names) for names in roles])
    twice = plain.duplicated(keep=False) & (pd.Series(units) != "")
    labels = tuple(plain.where(~twice, plain + " (" + pd.Series(units) + ")"))
    of = np.array([whole.of_role[names[0]] for names in roles])
    named = pd.DataFrame({"part": list(fine.of_role), "role": [name.split(SIGN)[1] for name in fine.of_role]})
    needs = named.merge(base.needs, on="role").drop(columns="role").rename(columns={"part": "role"})
    told = replace(fine, labels=labels, roles=roles, seen=seen)
    return Parts(replace(base, cells=cells, needs=needs), told, units, of)


def _names(frame: pd.DataFrame) -> np.ndarray:
    return (frame["unit"].astype(str) + SIGN + frame["role"].astype(str)).to_numpy(str)


def narrowed(cut: Parts, whole: Pooled, people: np.ndarray, fte: np.ndarray, k: int) -> Pooled:
    """What is told of the parts that are seen. people, fte (F,): of the protected staff."""
    count, found = len(cut.base.skills), cut.found
    asked = asked_of(cut.base.needs, found, len(people), count)
    known = np.where(whole.known[cut.whole] > 0, known_in(cut.base, found, len(people)), 0.0)
    small = (known > 0) & ((known < k) | ((asked["part"] > 0) & (asked["part"] * people[:, None] < k)))
    told, hidden = np.zeros(known.shape), np.zeros(known.shape, bool)
    pieces: list[list[np.ndarray]] = []
    for s in range(count):
        outer = np.where(whole.hidden[cut.whole, s], -1, cut.whole)
        shown = []
        for piece in pieces_of(known[:, s], small[:, s], outer, cut.units, k):
            if found.seen[piece].all():
                told[piece, s] = known[piece, s]
                hidden[piece, s] = len(piece) > 1
                shown.append(piece)
        inside = np.isin(np.arange(len(people)), np.concatenate(shown)) if shown else np.zeros(len(people), bool)
        silent = found.seen & ~inside & (asked["part"][:, s] > 0)  # what the work asks is told, what people can do is not
        hidden[silent, s] = True
        pieces.append([*shown, *(np.array([c]) for c in np.flatnonzero(silent))])
    asked = {name: value * found.seen[:, None] if name == "part" else value for name, value in asked.items()}
    return counted(cut.base, found, asked, pieces, Counts(told, hidden, told.sum(axis=0) == 0), people, fte)


def pieces_of(known: np.ndarray, small: np.ndarray, outer: np.ndarray, units: tuple[str, ...], k: int) -> list[np.ndarray]:
    """Cut the parts in which somebody was assessed into pieces of at least k people assessed, none across two of `outer`.

    Small parts join each other inside their department, and the smallest other part of it when they are still fewer than k; what is
    left over joins inside the piece of the whole organisation. known, small, outer (F,); units: the department of each part.
    """
    made: list[np.ndarray] = []
    for piece in np.unique(outer[known > 0]):
        here = np.flatnonzero((outer == piece) & (known > 0))
        loose: list[int] = []
        whole: list[list[int]] = []
        for unit in dict.fromkeys(units[c] for c in here):
            mine = [int(c) for c in here if units[c] == unit]
            done, rest = _joined([[c] for c in mine if not small[c]], [c for c in mine if small[c]], known, k)
            whole += done
            loose += rest
        done, rest = _joined(whole, loose, known, k)
        assert not rest, "a piece of the whole organisation holds k people assessed"
        made += [np.array(sorted(members)) for members in done]
    return made


def _joined(whole: list[list[int]], loose: list[int], known: np.ndarray, k: int) -> tuple[list[list[int]], list[int]]:
    """The loose parts as one, with the smallest of the whole ones when they are fewer than k; left loose when nothing is there to join."""
    if not loose:
        return whole, []
    order = sorted(whole, key=lambda members: (known[members].sum(), members[0]))
    union, rest = list(loose), order
    if known[union].sum() < k - 1e-9 and rest:
        union, rest = union + rest[0], rest[1:]
    return ([*rest, union], []) if known[union].sum() >= k - 1e-9 else (whole, loose)


__all__ = ["Parts", "narrowed", "parts", "pieces_of"]
