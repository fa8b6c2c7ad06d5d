"""Small groups in time: the difference between two snapshots is an answer too.

If one person joins an atom between two snapshots, the newer figures minus the older ones are that person. So an atom gets
its new figures only when at least k of its people joined, left, moved or changed, or nobody did; else it keeps the stand of
an earlier snapshot, carried forward. Atoms are cut anew once a year at most, and only where the old and the new cut cannot
be subtracted from each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.release import make_atoms
from analytics.workforce import GROUP

KEYS = list(GROUP)
OUTSIDE = -1


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Who differs between two days, counted: start, end (row of the groups, OUTSIDE for none), people."""

    start: np.ndarray
    end: np.ndarray
    people: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """groups: GROUP columns in sorted order and `atom` (int). stamps: per atom number the day whose people it shows."""

    groups: pd.DataFrame
    stamps: dict[int, date]

    def membership(self) -> np.ndarray:
        """(K, G) zeros and ones; rows in the order of `stamps`."""
        return np.array([(self.groups["atom"] == number).to_numpy(float) for number in self.stamps])


def may_be_told(count: float, k: int) -> bool:
    """Nobody, or enough people to hide in."""
    return count == 0 or count >= k


def first_stand(counts: pd.DataFrame, day: date, k: int) -> Stand:
    """The first snapshot: every atom of the cut shows that day. counts: GROUP columns and people."""
    return _stand(counts[KEYS], make_atoms(counts, k).membership.argmax(axis=0), day)


def next_stand(old: Stand, counts: pd.DataFrame, changes: dict[date, pd.DataFrame], day: date, k: int, recut: bool) -> Stand:
    """The stand at a later snapshot.

    counts: GROUP columns and people at `day`. changes: per day that occurs in `old.stamps`, who differs between that day and
    `day`: from_location, from_unit, from_role, to_location, to_unit, to_role (role None = outside the firm), people; somebody
    whose own data changed in place has equal ends. recut: a new year has begun, the atoms may be cut anew.
    """
    groups = pd.concat([old.groups[KEYS], counts[KEYS]]).drop_duplicates().sort_values(KEYS, ignore_index=True)
    people = groups.merge(counts, on=KEYS, how="left")["people"].fillna(0.0).to_numpy(float)
    atom = groups.merge(old.groups, on=KEYS, how="left")["atom"].fillna(OUTSIDE).to_numpy(int)
    read = {stamp: _pairs(changes[stamp], groups) for stamp in set(old.stamps.values())}
    pairs = {number: read[stamp] for number, stamp in old.stamps.items()}
    proposed = make_atoms(groups.assign(people=people), k).membership.argmax(axis=0) if recut else _kept_cut(groups, people, atom, k)
    result, stamps, fresh = np.full(len(groups), OUTSIDE), {}, []
    for before, after, inside in _components(atom, proposed):
        touched = {
            number: _touched(pairs[number], (atom == number) | (inside & (atom == OUTSIDE) & (len(before) == 1))) for number in before
        }
        if _may_recut(before, after, proposed, inside, people, touched, k):
            for number in after:
                members = inside & (proposed == number)
                fresh.append(_add(result, stamps, members, day))
            continue
        homeless = inside & (atom == OUTSIDE)
        for place, number in enumerate(before):
            members = (inside & (atom == number)) | (homeless & (place == 0))
            told = may_be_told(_touched(pairs[number], members), k) and may_be_told(people[members].sum(), k)
            added = _add(result, stamps, members, day if told else old.stamps[number])
            fresh += [added] if told else []
    new = Stand(groups.assign(atom=result), stamps)
    return _hold_back(new, old, atom, fresh, pairs, groups, day, k)


def _stand(groups: pd.DataFrame, atom: np.ndarray, day: date) -> Stand:
    return Stand(groups.reset_index(drop=True).assign(atom=atom), {int(number): day for number in np.unique(atom)})


def _add(result: np.ndarray, stamps: dict[int, date], members: np.ndarray, stamp: date) -> int:
    number = len(stamps)
    result[members] = number
    stamps[number] = stamp
    return number


def _kept_cut(groups: pd.DataFrame, people: np.ndarray, atom: np.ndarray, k: int) -> np.ndarray:
    """The old cut; a new group of k people stands alone, a smaller one joins an atom of its department, else the first."""
    kept = atom.copy()
    following = int(atom.max()) + 1
    for row in np.flatnonzero(atom == OUTSIDE):
        if people[row] >= k:
            kept[row], following = following, following + 1
            continue
        near = (atom != OUTSIDE) & (groups["unit"] == groups["unit"].iloc[row]).to_numpy()
        kept[row] = atom[near][0] if near.any() else atom[atom != OUTSIDE][0]
    return kept


def _components(atom: np.ndarray, proposed: np.ndarray) -> list[tuple[list[int], list[int], np.ndarray]]:
    """Old and new atoms that hang together through shared groups: (old numbers, new numbers, groups of the component)."""
    left, found = np.ones(len(atom), bool), []
    while left.any():
        inside = np.zeros(len(atom), bool)
        inside[np.flatnonzero(left)[0]] = True
        while True:
            grown = np.isin(proposed, proposed[inside]) | (np.isin(atom, atom[inside]) & (atom != OUTSIDE))
            if (grown == inside).all():
                break
            inside = grown
        before = [int(number) for number in np.unique(atom[inside]) if number != OUTSIDE]
        found.append((before, [int(number) for number in np.unique(proposed[inside])], inside))
        left &= ~inside
    return found


def _may_recut(
    before: list[int], after: list[int], proposed: np.ndarray, inside: np.ndarray, people: np.ndarray, touched: dict[int, float], k: int
) -> bool:
    """Whether the new cut of a component may be shown beside what was shown of the old one."""
    if not all(may_be_told(people[inside & (proposed == number)].sum(), k) for number in after):
        return False
    if not before:
        return True
    if len(before) == 1:  # the same atom, or split in parts that each hold k people
        return may_be_told(touched[before[0]], k)
    # joined atoms: the new sum minus one of the old ones is what is left of the other, unless both are blurred by k changes
    return len(after) == 1 and all(count >= k for count in touched.values())


def _pairs(changes: pd.DataFrame, groups: pd.DataFrame) -> _Pairs:
    place = {key: row for row, key in enumerate(zip(*(groups[key] for key in KEYS), strict=True))}

    def rows(end: str) -> np.ndarray:
        keys = zip(*(changes[f"{end}_{key}"] for key in KEYS), strict=True)
        return np.array([place.get(key, OUTSIDE) for key in keys], int)

    return _Pairs(rows("from"), rows("to"), changes["people"].to_numpy(float))


def _touched(pairs: _Pairs, members: np.ndarray) -> float:
    """People who joined, left or changed inside these groups; who only moved between two of them changed nothing in the sum."""
    extended = np.append(members, False)  # the last place stands for OUTSIDE
    start, end = extended[pairs.start], extended[pairs.end]
    return float(pairs.people[(start != end) | (start & (pairs.start == pairs.end))].sum())


def _hold_back(
    new: Stand, old: Stand, atom: np.ndarray, fresh: list[int], pairs: dict[int, _Pairs], groups: pd.DataFrame, day: date, k: int
) -> Stand:
    """Moves between two fresh atoms cancel in their sum, in which a single newcomer would then show: hold such atoms back.

    Looked at: every pair of fresh atoms with moves between them, the fresh atoms of each department and location, and all.
    """
    number = new.groups["atom"].to_numpy(int)
    whole = {one: sorted(set(atom[number == one])) for one in fresh}
    same = [
        one for one in fresh if len(whole[one]) == 1 and whole[one][0] != OUTSIDE and ((atom == whole[one][0]) == (number == one)).all()
    ]
    families, neighbours = _families(number, groups), _neighbours(same, number, pairs, whole)
    stamps = dict(new.stamps)
    held = True
    while held:
        held = False
        live = [one for one in same if stamps[one] == day]
        for union in _unions(live, families, neighbours):
            members = np.isin(number, union)
            latest = max((old.stamps[whole[one][0]], whole[one][0]) for one in union)[1]
            if not may_be_told(_touched(pairs[latest], members), k):
                for one in union:
                    stamps[one] = old.stamps[whole[one][0]]
                held = True
                break
    return Stand(new.groups, stamps)


def _families(number: np.ndarray, groups: pd.DataFrame) -> list[set[int]]:
    """Per department and per location the atoms that lie wholly inside it."""
    found, every = [], set(number.tolist())
    for key in ("unit", "location"):
        codes, values = pd.factorize(groups[key])
        found += [every - set(number[codes != value].tolist()) for value in range(len(values))]
    return found


def _neighbours(same: list[int], number: np.ndarray, pairs: dict[int, _Pairs], whole: dict[int, list[int]]) -> dict[int, list[int]]:
    """Per atom the others with which it exchanged people."""
    found = {}
    for one in same:
        moves = pairs[whole[one][0]]
        moved = (moves.start != moves.end) & (moves.start != OUTSIDE) & (moves.end != OUTSIDE)
        start, end = number[moves.start[moved]], number[moves.end[moved]]
        others = {*end[start == one].tolist(), *start[end == one].tolist()} - {one}
        found[one] = sorted(others)
    return found


def _unions(live: list[int], families: list[set[int]], neighbours: dict[int, list[int]]) -> list[list[int]]:
    present = set(live)
    found = [[one, other] for one in live for other in neighbours[one] if other in present]
    found += [[one for one in live if one in family] for family in families]
    return [union for union in [*found, live] if len(union) > 1]
