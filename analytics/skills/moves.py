"""From work to work, for people: who wants which vacancy and why they fit, other employers, and the cost of parting.

Matches with vacancies come as reasons, never as a score about a person, and only for people who recorded a wish. No function
here takes an age, a birth date, a length of service or an expected stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.skills.distance import Matrix, fit, positions
from analytics.skills.training import Thresholds, Trainings, bridge_levels

REASONS = ("wished_and_able", "wished_one_training", "wished_longer_route", "wished_unknown_skills", "direction_and_able")
"""Why a person is named beside a vacancy; the order of the list is this order, then a neutral one."""


def matches(
    vacancies: Iterable[str],
    levels: np.ndarray,
    people: pd.DataFrame,
    wishes: pd.DataFrame,
    between: Matrix,
    offer: Trainings,
    limits: Thresholds | None = None,
) -> pd.DataFrame:
    """Per vacancy the people who recorded a wish that fits, with the reason: for a conversation, by a human being.

    people: person, role, one row per row of levels (P, S; NaN = not assessed); wishes: person, role (the wished role; "" = another
    direction, any role). Columns: vacancy, present_role, reason (see REASONS), person, missing (skills still to learn),
    trainings. No number about a person leaves; within a reason the order is a fixed shuffle per vacancy, not a ranking. People
    without a recorded wish are never named. Refusal unknown_role for a vacancy or wish outside the matrix, unknown_people for a
    wish of somebody not in `people`.
    """
    limits = limits or Thresholds()
    ids = tuple(people["person"].astype(str))
    rows: list[tuple[object, ...]] = []
    asked_by: list[tuple[int, str]] = []
    if len(wishes):
        who = positions(wishes["person"], ids, "unknown_people")
        wanted = wishes["role"].fillna("").astype(str).tolist()
        positions(pd.Series([name for name in wanted if name], dtype=str), between.roles, "unknown_role")
        asked_by = sorted(zip(who.tolist(), wanted, strict=True), key=lambda pair: pair[1] == "")  # a named role before a direction
    for vacancy in sorted(set(vacancies)):
        asked = between.asked[between.at(vacancy)]
        seen: set[int] = set()
        for person, wish in asked_by:
            if person in seen or wish not in ("", vacancy) or people["role"].iloc[person] == vacancy:
                continue
            row = _match(levels[person], asked, wish == vacancy, between, offer, limits)
            if row:
                seen.add(person)
                rows.append((vacancy, people["role"].iloc[person], row[0], ids[person], row[1], row[2]))
    frame = pd.DataFrame(rows, columns=["vacancy", "present_role", "reason", "person", "missing", "trainings"])
    pairs = zip(frame["vacancy"], frame["person"], strict=True)
    neutral = [hashlib.blake2b(f"{vacancy}|{person}".encode(), digest_size=8).hexdigest() for vacancy, person in pairs]
    order = frame["reason"].map({reason: at for at, reason in enumerate(REASONS)})
    return frame.assign(_o=order, _n=neutral).sort_values(["vacancy", "_o", "_n"]).drop(columns=["_o", "_n"]).reset_index(drop=True)


def _match(
    levels: np.ndarray, asked: np.ndarray, wished: bool, between: Matrix, offer: Trainings, limits: Thresholds
) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """Reason, missing skills, trainings; None when the person should not be named for this vacancy."""
    needed = asked > 0
    unknown = bool(np.isnan(levels[needed]).any())
    able = not (np.nan_to_num(levels) < asked).any()
    missing = tuple(between.skills[i] for i in np.flatnonzero(needed & ~(levels >= asked)))
    if not wished:
        return ("direction_and_able", (), ()) if able and needed.any() else None
    if able:
        return "wished_and_able", (), ()
    found = bridge_levels(np.nan_to_num(levels), asked, between.skills, offer, limits)
    if unknown:
        return "wished_unknown_skills", missing, found.trainings
    one = len(found.trainings) == 1 and not found.at_work and not found.missing
    return ("wished_one_training" if one else "wished_longer_route"), missing, found.trainings


def one_step_away(levels: np.ndarray, people: np.ndarray, to: str, between: Matrix, offer: Trainings) -> float:
    """How many people (weights (P,)) lack skills for `to` that a single training brings: a count, never a list."""
    asked = between.asked[between.at(to)]
    away = 0.0
    for row, weight in zip(np.nan_to_num(levels), people, strict=True):
        short = asked > row
        if short.any() and len(offer.names) and (np.maximum(offer.raises, row)[:, short] >= asked[short]).all(axis=1).any():
            away += float(weight)
    return away


def outward(isco: str, occupations: pd.DataFrame, tightness: pd.DataFrame | None = None, tight: float = 1.5) -> pd.DataFrame:
    """Related occupations at other employers, with how much they are looked for.

    isco: four-digit ISCO-08 code as text ("" = the firm has no code: empty frame); occupations: isco, title; tightness: isco (1 to
    4 digits, the longest that matches counts), ratio (vacancies per jobseeker). Columns: isco, title, relation ("same_group" first
    three digits equal, "related_group" first two), ratio (NaN unknown), wanted (ratio >= tight). In demand first, nearest first.
    """
    code = str(isco or "").strip()
    columns = ["isco", "title", "relation", "ratio", "wanted"]
    if len(code) != 4 or not code.isdigit():
        return pd.DataFrame(columns=columns)
    near = occupations[occupations["isco"].astype(str).str.len() == 4].assign(isco=lambda frame: frame["isco"].astype(str))
    near = near[near["isco"].str.startswith(code[:2]) & (near["isco"] != code)]
    ratios = {} if tightness is None else dict(zip(tightness["isco"].astype(str), tightness["ratio"].astype(float), strict=True))
    out = pd.DataFrame({"isco": near["isco"], "title": near["title"]})
    out["relation"] = np.where(near["isco"].str.startswith(code[:3]), "same_group", "related_group")
    out["ratio"] = [next((ratios[c[:n]] for n in (4, 3, 2, 1) if c[:n] in ratios), np.nan) for c in out["isco"]]
    out["wanted"] = out["ratio"] >= tight
    order = out.assign(_near=out["relation"] != "same_group")
    order = order.sort_values(["wanted", "_near", "ratio", "isco"], ascending=[False, True, False, True], na_position="last")
    return order[columns].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class LeavingCost:
    """Euro for one group: leaving through the employer beside retraining it. `difference` > 0: leaving costs more."""

    payment: float
    notice: float
    guidance: float
    refill: float
    retraining: float
    leaving: float = field(init=False)
    difference: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "leaving", self.payment + self.notice + self.guidance + self.refill)
        object.__setattr__(self, "difference", self.leaving - self.retraining)


def leaving_cost(
    payments: float,
    people: float,
    month_cost: float,
    route_cost: float,
    *,
    notice_months: float = 2.0,
    guidance: float = 4000.0,
    refill: float = 6000.0,
    refill_share: float = 0.0,
) -> LeavingCost:
    """payments: the group's transition payments together (see amounts.transition_payment); month_cost: employer cost of one person
    a month; route_cost: cost of retraining one person; refill_share: part of the posts that is filled again later."""
    return LeavingCost(
        payments, people * notice_months * month_cost, people * guidance, people * refill_share * refill, people * route_cost
    )


def refilled(short: float, group: float) -> float:
    """Part of the posts of a group that leaves which the role needs filled again: all of them where it is short, none where it has
    that many people to spare."""
    return min(max(short + group, 0.0), group) / group if group > 0 else 0.0


def fits(levels: np.ndarray, to: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Low and high fit of any holders of skills to every role: unknown as nothing, unknown as everything. (N, R) each."""
    return fit(levels, to), fit(np.nan_to_num(levels, nan=5.0), to)
