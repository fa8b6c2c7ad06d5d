"""People who stay in the group they started in: exits by cause, step by step, exact in mean and in variance.

The same code carries today's staff (a track per contract and length of service) and one average new colleague per group (one track).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.columns import Near, Placed, part_of_step
from analytics.grid import AGES, BAND_OF_AGE, NO_END

AFTER_PENSION_EXIT = 0.5
"""Yearly chance to stop of somebody who works on after the pension date (method spec 2.2, bins beyond 0)."""
AFTER_PENSION_HOURS = 0.5
"""Hours of somebody who works on, as a part of the hours before. Convention (levers_and_story)."""
MID_MONTHS = (np.arange(12) + 0.5) / 12
RETIREMENT_CHANCES = {-5: 0.02, -4: 0.02, -3: 0.04, -2: 0.08, -1: 0.15, 0: 0.75}
"""Yearly chance of retiring by whole years between the step of the statutory date and this one, where contracts do not end by
law (method spec 2.2): 0 before -5, 0.5 after 0. Assumption, not estimated."""
LONG_SERVICE = 5
"""Years of service from which the length no longer matters: such tracks become one."""


def retirement_hazard(distance: np.ndarray) -> np.ndarray:
    """Hazard for steps after (positive) or before the step of the statutory date."""
    chance = np.where(distance > 0, 0.5, 0.0)
    for steps, value in RETIREMENT_CHANCES.items():
        chance = np.where(distance == steps, value, chance)
    return -np.log1p(-chance)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Scenario values per group, (G,): `ends` contracts end at the pension date; shares that work on, use the earlier stop when its
    window opens, or use it now when the window is already open; months by
    which that window comes before the date (0 = none); `leave_group` yearly chance of moving to another group; `renewal` chance that an
    ending contract is renewed."""

    ends: np.ndarray
    work_on: np.ndarray
    earlier: np.ndarray
    earlier_inside: np.ndarray
    earlier_months: np.ndarray
    leave_group: np.ndarray
    renewal: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Hazards of one step, (K, B, G): resigning and other exits from its start; the same after a contract has ended in this step."""

    resign: np.ndarray
    other: np.ndarray
    later_resign: np.ndarray
    later_other: np.ndarray


@dataclass(slots=True, eq=False)
class Outflow:
    """One step, (2, G) each, people and fte: retired, resigned, other, moved, lapsed (contract not renewed); `hours_lost` (G,): fte
    given up by those who work on; movers (S, 2, 2, A): who moved, by source group, amount, tenure (under and over five years) and
    age at the end of the step, or None."""

    retired: np.ndarray
    resigned: np.ndarray
    other: np.ndarray
    moved: np.ndarray
    lapsed: np.ndarray
    hours_lost: np.ndarray
    movers: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What a step did to everybody, kept to follow other amounts through the same years (`moments`): rows that stopped early, with
    their chance to be there and the share that stopped; rows that reached their date, with their chance to work on; the columns that
    ended, the factor (K, S, G) on what was left by the segments that begin at `starts`, and the tracks that became one."""

    stopped: tuple[np.ndarray, np.ndarray, np.ndarray]
    working_on: tuple[np.ndarray, np.ndarray]
    ended: slice
    factor: np.ndarray
    starts: np.ndarray
    onto: np.ndarray


class Stock:
    """Mutable state. amounts (2, K, C, G): people and fte. after (2, A, G): those past their pension date, by age at the start.
    alive (K0, C - far, G): chance of the people of each first track in the near columns to be still there; kept (R,): of the near rows,
    not to have used the earlier stop. `service`, `end`: of the tracks, at the start of the step."""

    def __init__(self, placed: Placed, rules: Rules) -> None:
        self.placed, self.columns, self.near, self.rules = placed, placed.columns, placed.near, rules
        self.amounts, self.after = placed.amounts[:2].copy(), placed.past[:2].copy()
        self.service, self.end = placed.service.copy(), placed.end
        self.track_now = np.arange(len(self.service))
        self.alive = np.ones((len(self.service), len(self.columns) - self.columns.far, self.amounts.shape[-1]))
        self.kept = np.ones(len(self.near.track))
        self.everyone_ends = bool(rules.ends.all())
        self.step_number, self.done = 0, []

    def step(self, year: Year, source: np.ndarray | None = None) -> Outflow:
        """One year; source: groups whose movers are wanted by age."""
        t, groups = self.step_number, self.amounts.shape[-1]
        out = Outflow(*(np.zeros((2, groups)) for _ in range(5)), np.zeros(groups))
        out.retired += AFTER_PENSION_EXIT * self.after.sum(axis=1)
        self.after *= 1 - AFTER_PENSION_EXIT
        turning = self.end == t
        stopped = self._earlier_stop(out, year)
        working_on, ended = self._pension(out, year, turning)
        factor, starts = self._year(out, year, turning, source)
        self._age_alive(factor, starts)
        onto = self._next(turning)
        self.done.append(Done(stopped, working_on, ended, factor, starts, onto))
        return out

    def keep(self, share: np.ndarray) -> None:
        """Only this share of each column stays, (C, G) or (G,): for exits that are booked elsewhere."""
        self.amounts *= share
        self.alive *= share[self.columns.far :] if share.ndim > 1 else share

    def lose(self, share: np.ndarray) -> None:
        """A share of each group, (G,), leaves now."""
        self.keep(1 - share)

    def by_column(self) -> np.ndarray:
        """(2, C, G) over the tracks."""
        return self.amounts.sum(axis=1) if self.amounts.shape[1] > 1 else self.amounts[:, 0]

    def ages_now(self) -> tuple[np.ndarray, np.ndarray]:
        """Age index of each column and of each row of `after`, at the start of the coming step."""
        return tuple(np.minimum(age + self.step_number, AGES - 1) for age in (self.columns.age, np.arange(AGES)))  # type: ignore[return-value]

    def _rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Chance of the people of these near rows to be still there (r,), and their place in an array (K, B, G)."""
        near, columns = self.near, self.columns
        column, group = near.column[rows], near.group[rows]
        value = self.alive[near.track[rows], column - columns.far, group] * self.kept[rows]
        band = BAND_OF_AGE[np.minimum(columns.age[column] + self.step_number, AGES - 1)]
        groups = self.amounts.shape[-1]
        return value, (self.track_now[near.track[rows]] * (BAND_OF_AGE.max() + 1) + band) * groups + group

    def _earlier_stop(self, out: Outflow, year: Year) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Those whose window opens, a share of them, leave in the middle of that month unless they left before. Contracts that end in
        this same step do so after it."""
        rules, near, t = self.rules, self.near, self.step_number
        rows = near.opening(t)
        share = rules.earlier[near.group[rows]]
        if t == 0 and rules.earlier_inside.any():
            inside = np.flatnonzero(near.opens < 0)
            rows = np.concatenate([inside, rows])
            share = np.concatenate([rules.earlier_inside[near.group[inside]], share])
        rows, share = rows[share > 0], share[share > 0]
        if not len(rows):
            return rows, share, share
        value, place = self._rows(rows)
        taken = near.amounts[:2, rows] * (value * share)
        resign, other = year.resign.ravel()[place], year.other.ravel()[place]
        reach, lived = survival(resign + other, part_of_step(np.maximum(near.opens[rows], 0)))
        self._book(out, near.group[rows], taken, reach, resign * lived, np.zeros_like(reach))
        self.amounts -= self._on_grid(rows, taken)
        self.kept[rows] *= 1 - share
        return rows, value, share

    def _on_grid(self, rows: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        shape = self.amounts.shape
        flat = (self.track_now[self.near.track[rows]] * shape[2] + self.near.column[rows]) * shape[3] + self.near.group[rows]
        size = shape[1] * shape[2] * shape[3]
        return np.stack([np.bincount(flat, weights=row, minlength=size) for row in amounts]).reshape(shape)

    def _pension(self, out: Outflow, year: Year, turning: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], slice]:
        """Whose contract ends at the pension date leaves in the middle of its month, unless they left before or work on."""
        t, near, columns, ends = self.step_number, self.near, self.columns, self.rules.ends
        ended = slice(columns.present(t + 1), columns.present(t))
        rows = near.leaving(t)
        rows = rows if self.everyone_ends else rows[ends[near.group[rows]]]
        if not len(rows):
            return (rows, np.zeros(0)), ended
        value, place = self._rows(rows)
        group = near.group[rows]
        stop = part_of_step(near.month[rows])
        resign, other = year.resign.ravel()[place], year.other.ravel()[place]
        reach, lived = survival(resign + other, stop)
        quit_, lapsed = resign * lived, np.zeros_like(reach)
        if turning.any():
            self._turned(year, turning, rows, place, stop, (resign, other), (reach, quit_, lapsed))
        amounts = near.amounts[:2, rows] * value
        self._book(out, group, amounts, reach, quit_, lapsed)
        on = reach * self.rules.work_on[group]
        if on.any():
            self._work_on(out, rows, amounts * on)
        self.amounts[:, :, ended] *= 0.0 if self.everyone_ends else ~ends
        return (rows, value * on), ended

    def _turned(
        self,
        year: Year,
        turning: np.ndarray,
        rows: np.ndarray,
        place: np.ndarray,
        stop: np.ndarray,
        before: tuple[np.ndarray, np.ndarray],
        found: tuple[np.ndarray, np.ndarray, np.ndarray],
    ) -> None:
        """Rows whose contract ends in this step before their date: another chance from then on. Writes into `found`."""
        track, group = self.track_now[self.near.track[rows]], self.near.group[rows]
        turn = self.placed.part[self.near.track[rows], group]
        here = np.flatnonzero(turning[track] & (turn < stop))
        renewal = self.rules.renewal[group[here]]
        resign, other = before[0][here], before[1][here]
        later = year.later_resign.ravel()[place[here]], year.later_other.ravel()[place[here]]
        first, lived = survival(resign + other, turn[here])
        second, later_lived = survival(sum(later), (stop - turn)[here])  # type: ignore[arg-type]
        reach, quit_, lapsed = found
        reach[here] = first * renewal * second
        quit_[here] = resign * lived + first * renewal * later[0] * later_lived
        lapsed[here] = first * (1 - renewal)

    def _book(self, out: Outflow, group: np.ndarray, amounts: np.ndarray, reach: np.ndarray, quit_: np.ndarray, lapsed: np.ndarray) -> None:
        """Rows of people (2, r) who all leave in this step: those who reach the date retire, some resign or lapse, the rest is other."""
        rest = 1 - reach - quit_ - lapsed
        for name, chance in (("retired", reach), ("resigned", quit_), ("lapsed", lapsed), ("other", rest)):
            getattr(out, name)[...] += self._per_group(group, amounts * chance)

    def _per_group(self, group: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        return np.stack([np.bincount(group, weights=row, minlength=self.amounts.shape[-1]) for row in amounts])

    def _work_on(self, out: Outflow, rows: np.ndarray, kept: np.ndarray) -> None:
        """Some of those who reach the date stay, at fewer hours. kept (2, r)."""
        group = self.near.group[rows]
        gone = self._per_group(group, kept)
        out.retired -= gone
        out.hours_lost += (1 - AFTER_PENSION_HOURS) * gone[1]
        put(self.after, self.columns.age[self.near.column[rows]], group, kept * np.array([[1.0], [AFTER_PENSION_HOURS]]))

    def _year(self, out: Outflow, year: Year, turning: np.ndarray, source: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Everybody who does not stop on a date of their own in this step. Returns the factor on their number and its segments."""
        t, columns, rules = self.step_number, self.columns, self.rules
        c = columns.present(t + 1) if self.everyone_ends else len(columns)
        band = BAND_OF_AGE[np.minimum(columns.age[:c] + t, AGES - 1)]
        starts = np.flatnonzero(np.diff(band, prepend=-1)) if self.everyone_ends else np.arange(c)
        stops = 0.0 if self.everyone_ends else retirement_hazard(t - columns.leave)[starts, None] * ~rules.ends
        chance = _chances(year, band[starts], stops, turning, self.placed.part[self._first_tracks()], rules.renewal)
        amounts = self.amounts[:, :, :c]
        before = np.add.reduceat(amounts, starts, axis=2) if c else np.zeros((2, len(turning), 0, amounts.shape[-1]))
        out.resigned += np.einsum("qksg,ksg->qg", before, chance.resigned)
        whole, after = before.sum(axis=(1, 2)), np.einsum("qksg,ksg->qg", before, chance.stays)
        gone = whole - after - np.einsum("qksg,ksg->qg", before, chance.resigned)
        if chance.retired is not None:
            retired = np.einsum("qksg,ksg->qg", before, chance.retired)
            out.retired += retired
            gone = gone - retired
        if turning.any():
            lapsed = np.einsum("qksg,ksg->qg", before[:, turning], chance.lapsed)
            out.lapsed += lapsed
            gone = gone - lapsed
        out.other += gone
        out.moved = after * rules.leave_group
        factor = chance.stays * (1 - rules.leave_group)
        multiply(amounts, factor, starts)
        if source is not None:
            out.movers = self._movers(amounts, c, source)
        return factor, starts

    def _first_tracks(self) -> np.ndarray:
        """A first track of each of the present ones: tracks with contracts that have yet to end are never joined before."""
        return np.unique(self.track_now, return_index=True)[1]

    def _movers(self, amounts: np.ndarray, c: int, source: np.ndarray) -> np.ndarray:
        """(S, 2, 2, A): movers out of the source groups by amount, tenure under and over five years, and age at the end of the step.
        amounts: those who did not move."""
        late = self.service + 1 >= LONG_SERVICE
        age = np.minimum(self.columns.age[:c] + self.step_number + 1, AGES - 1)
        order = np.argsort(age, kind="stable")
        starts = np.flatnonzero(np.diff(age[order], prepend=-1))
        chosen = amounts if len(source) == amounts.shape[-1] else amounts[..., source]
        leave = self.rules.leave_group[source]
        out = np.zeros((len(source), 2, 2, AGES))
        for tenure in (0, 1):
            tracks = np.flatnonzero(late == bool(tenure))
            if len(tracks) and c:
                people = (chosen[:, tracks].sum(axis=1) if len(tracks) > 1 else chosen[:, tracks[0]]) * (leave / (1 - leave))
                out[:, :, tenure, age[order][starts]] = np.add.reduceat(people[:, order], starts, axis=1).transpose(2, 0, 1)
        return out

    def _age_alive(self, factor: np.ndarray, starts: np.ndarray) -> None:
        """Carry the chance to be there of the near columns that are still present."""
        far = self.columns.far
        c = self.columns.present(self.step_number + 1) if self.everyone_ends else len(self.columns)
        if c > far:
            segment = np.searchsorted(starts, np.arange(far, c), side="right") - 1
            part = factor[:, segment]
            self.alive[:, : c - far] *= part if len(part) == 1 else part[self.track_now]

    def _next(self, turning: np.ndarray) -> np.ndarray:
        """A year on: contracts that ended are permanent, and tracks that no longer differ become one. Returns where each track went."""
        self.step_number += 1
        self.service = np.minimum(self.service + 1, LONG_SERVICE)
        end = np.where(turning, NO_END, self.end)
        if len(end) == 1:
            self.end = end
            return np.zeros(1, int)
        _, first, onto = np.unique((end + 1) * (LONG_SERVICE + 1) + self.service, return_index=True, return_inverse=True)
        self.service, self.end = self.service[first], end[first]
        self.amounts = joined(self.amounts, onto)
        self.track_now = onto[self.track_now]
        return onto


@dataclass(frozen=True, slots=True, eq=False)
class _Chances:
    """(K, S, G) over a whole step: still there, resigned, retired (None where contracts end by law); lapsed (J, S, G) of those tracks
    whose contracts end."""

    stays: np.ndarray
    resigned: np.ndarray
    retired: np.ndarray | None
    lapsed: np.ndarray | None


def _chances(
    year: Year, band: np.ndarray, stops: np.ndarray | float, turning: np.ndarray, part: np.ndarray, renewal: np.ndarray
) -> _Chances:
    """stops (S, G): hazard of retiring by choice."""
    resign = year.resign[:, band]
    stays, lived = survival(resign + year.other[:, band] + stops, 1.0)
    resigned, lapsed = resign * lived, None
    if turning.any():
        length = part[turning][:, None]
        first, lived_first = survival((resign + year.other[:, band])[turning] + stops, length)
        later = year.later_resign[turning][:, band]
        second, lived_second = survival(later + year.later_other[turning][:, band] + stops, 1 - length)
        lapsed = first * (1 - renewal)
        first = first * renewal
        stays[turning], resigned[turning] = first * second, resign[turning] * lived_first + first * later * lived_second
        lived[turning] = lived_first + first * lived_second
    return _Chances(stays, resigned, stops * lived if isinstance(stops, np.ndarray) else None, lapsed)


def survival(hazard: np.ndarray, length: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Chance to be still there after part of a step at a constant yearly hazard, and the expected part of a year lived in it."""
    alive = np.exp(-hazard * length)
    return alive, np.divide(1 - alive, hazard, out=np.zeros_like(alive) + length, where=hazard > 0)


def multiply(amounts: np.ndarray, factor: np.ndarray, starts: np.ndarray) -> None:
    """amounts (Q, K, c, G) times factor (K, S, G) or (Q, K, S, G) by segments of columns, in place."""
    if len(starts) == amounts.shape[2]:
        amounts *= factor
        return
    for segment, (low, high) in enumerate(zip(starts, [*starts[1:], amounts.shape[2]], strict=True)):
        amounts[:, :, low:high] *= factor[..., segment, None, :]


def joined(amounts: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """(Q, K, C, G) with the tracks that go to the same place added up."""
    if (onto == np.arange(len(onto))).all():
        return amounts
    out = np.zeros((len(amounts), int(onto.max()) + 1, *amounts.shape[2:]))
    for track, place in enumerate(onto):
        out[:, place] += amounts[:, track]
    return out


def put(after: np.ndarray, age: np.ndarray, group: np.ndarray, amounts: np.ndarray) -> None:
    """Add rows (Q, r) to (Q, A, G)."""
    shape = after.shape[1:]
    for row, values in zip(after, amounts, strict=True):
        row += np.bincount(age * shape[1] + group, weights=values, minlength=shape[0] * shape[1]).reshape(shape)


def squares(placed: Placed, rules: Rules, done: list[Done]) -> np.ndarray:
    """Sums over today's people still in their group, (3, T+1, G): of fte^2 P, P^2 and fte^2 P^2, P the chance to be there. The
    years that `Stock` went through are gone through again with these amounts."""
    rows, power = np.array([2, 0, 2]), np.array([1.0, 2.0, 2.0])
    amounts, after = placed.amounts[rows].copy(), placed.past[rows].copy()
    hours = np.array([AFTER_PENSION_HOURS**2, 1.0, AFTER_PENSION_HOURS**2])
    out = np.empty((3, len(done) + 1, amounts.shape[-1]))
    near, track_now = placed.near, np.arange(len(placed.service))
    out[:, 0] = amounts.sum(axis=(1, 2)) + after.sum(axis=1)
    for t, year in enumerate(done):
        after *= ((1 - AFTER_PENSION_EXIT) ** power)[:, None, None]
        chosen, value, share = year.stopped
        taken = near.amounts[rows][:, chosen] * value ** power[:, None] * (1 - (1 - share) ** power[:, None])
        np.subtract.at(amounts, (slice(None), track_now[near.track[chosen]], near.column[chosen], near.group[chosen]), taken)
        chosen, value = year.working_on
        if value.any():
            put(
                after,
                placed.columns.age[near.column[chosen]],
                near.group[chosen],
                near.amounts[rows][:, chosen] * value ** power[:, None] * hours[:, None],
            )
        amounts[:, :, year.ended] *= ~rules.ends
        c = placed.columns.present(t + 1) if rules.ends.all() else len(placed.columns)
        multiply(amounts[:, :, :c], year.factor ** power[:, None, None, None], year.starts)
        amounts, track_now = joined(amounts, year.onto), year.onto[track_now]
        out[:, t + 1] = amounts.sum(axis=(1, 2)) + after.sum(axis=1)
    return out


__all__ = ["Near", "Outflow", "Rules", "Stock", "Year", "retirement_hazard", "squares"]
