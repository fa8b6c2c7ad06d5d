"""My own page: somebody with a personal link sees what is kept about themselves and the outlook of the own role, and sends what they
want and can. Nothing is stored before it is sent; every call looks the token up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer, nearest
from analytics.scenario import Scenario
from analytics.skills.gaps import canonical
from analytics.voices import WISHES
from analytics.workforce import Scope
from store.own_skills import Abilities
from store.talks import Talk
from workflows.ideas import only_guests
from workflows.identity import threshold
from workflows.outlook import choices, outlook
from workflows.workspace import Workspace

SOURCE_BASIS = "own"
"""What stands as legal basis and purpose of a form that somebody sent on their own account."""
LEVELS = (0, 1, 2, 3, 4, 5)
"""What somebody can say of a skill: 0 not at all, 5 teaches it to others."""


@dataclass(frozen=True, slots=True)
class RoleOutlook:
    """Released figures of the own role. rounded to whole groups: people now, fte short in `year` (positive) or over (negative)."""

    role: str
    people: int
    year: int
    gap_fte: float
    leaving: float


@dataclass(frozen=True, slots=True)
class OwnSkill:
    """One skill as it is known now. level: None not filled in; asked: the level the own role asks, None when it does not; day, source:
    when and how the level was found ("" unknown); expiry: end of its certificate."""

    skill: str
    level: int | None
    asked: float | None = None
    day: date | None = None
    source: str = ""
    expiry: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    training: str
    completed: date | None
    expiry: date | None


@dataclass(frozen=True, slots=True)
class Mine:
    """What the organisation keeps about the one person of a link, and the role's outlook (None: too small a group to tell). skills:
    what the own role asks first, then what the person can beside it; others: every further skill that is known here."""

    role: str
    unit: str
    location: str
    fte: float
    talk: Talk | None
    outlook: RoleOutlook | None
    roles: tuple[str, ...]
    skills: tuple[OwnSkill, ...] = ()
    courses: tuple[Course, ...] = ()
    others: tuple[str, ...] = ()
    expires: date | None = None

    def levels(self) -> dict[str, int | None]:
        return {row.skill: row.level for row in self.skills}


def mine(viewer: Viewer, workspace: Workspace, token: str, today: date | None = None) -> Mine:
    """Own data and outlook of the own role. Refusals: not_allowed, link_invalid, person_unknown, no_data."""
    only_guests(viewer)
    row = workspace.store.voices.own_row(token, today or date.today())
    eyes = Viewer.director("link", (), threshold(workspace.store.settings()))
    held = row["held"]
    talk = None
    if held == held and held is not None:
        step = row["step_date"]
        talk = Talk(
            held.date(), tuple(filter(None, str(row["wishes"]).split(","))), row["wished_role"], _number(row["wished_fte"]),
            row["can"], row["needs"], row["step"], step.date() if step == step and step is not None else None, row["basis"],
            row["purpose"],
        )  # fmt: skip
    known = workspace.store.voices.own_abilities(token, today or date.today(), row["role"])
    own, others = _skills(known)
    return Mine(
        row["role"], row["unit"], row["location"], float(row["fte"]), talk, _of_role(eyes, workspace, row["role"]),
        choices(eyes, workspace).roles, own,
        tuple(Course(str(course.training), _day(course.completed), _day(course.expiry)) for course in known.courses.itertuples()), others,
        workspace.store.voices.link("own", token, today or date.today()).expires,
    )  # fmt: skip


def send(
    viewer: Viewer, workspace: Workspace, token: str, talk: Talk, today: date | None = None, levels: Mapping[str, int | None] | None = None
) -> None:
    """Hand the form to HR; it takes the place of what stood. levels: skill -> 0 to 5 (None: not filled in); only those that differ from
    what is known are kept. Refusals: not_allowed, link_invalid, wish_unknown, wished_fte_out_of_range, skill_not_listed,
    own_level_out_of_range."""
    only_guests(viewer)
    day = today or date.today()
    row = workspace.store.voices.own_row(token, day)
    known = workspace.store.voices.own_abilities(token, day, row["role"])
    listed, others = _skills(known)
    stands = {row.skill: row.level for row in listed} | dict.fromkeys(others)
    changed = {skill: level for skill, level in (levels or {}).items() if level is not None and level != stands.get(skill, -1)}
    if not set(changed) <= set(stands):
        raise Refusal("skill_not_listed")
    if not set(changed.values()) <= set(LEVELS):
        raise Refusal("own_level_out_of_range")
    if not set(talk.wishes) <= set(WISHES):
        raise Refusal("wish_unknown")
    if talk.wished_fte is not None and not 0 < talk.wished_fte <= 1.5:
        raise Refusal("wished_fte_out_of_range")
    wishes = tuple(dict.fromkeys([*talk.wishes, *(["other_role"] if talk.wished_role else [])]))
    sent = Talk(day, wishes, talk.wished_role, talk.wished_fte, talk.can, talk.needs, talk.step, talk.step_date, SOURCE_BASIS, SOURCE_BASIS)
    workspace.store.voices.send_own(token, sent, changed, day)


def _skills(known: Abilities) -> tuple[tuple[OwnSkill, ...], tuple[str, ...]]:
    """Skills the own role asks, then those held beside it; and the names of all others. Two spellings of one skill are one."""
    held, asked = list(known.skills["skill"]), list(known.asked["skill"])
    every = [*held, *asked, *known.names]
    one = dict(zip(every, canonical(every), strict=True))
    levels = {one[skill]: float(level) for skill, level in zip(asked, known.asked["level"], strict=True) if level == level}
    rows = {
        str(row.skill): OwnSkill(
            str(row.skill),
            round(float(row.level)),
            levels.get(str(row.skill)),
            _day(row.assessed),
            str(row.source or ""),
            _day(row.expiry),  # type: ignore[arg-type]
        )
        for row in known.skills.itertuples()
    }
    wanted = list(dict.fromkeys(one[skill] for skill in asked))
    mine = [rows.get(skill, OwnSkill(skill, None, levels.get(skill))) for skill in wanted]
    mine += [row for skill, row in rows.items() if one[skill] == skill and skill not in wanted]
    listed = {row.skill for row in mine}
    return tuple(mine), tuple(sorted({one[name] for name in known.names} - listed))


def _day(value) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _of_role(eyes: Viewer, workspace: Workspace, role: str) -> RoleOutlook | None:
    try:
        found = outlook(eyes, workspace, Scenario(), Scope((), (), (role,)), years=5)
    except Refusal:
        return None
    facts = found.facts
    people = nearest(found.people_counted, eyes.k)
    return RoleOutlook(role, people, found.target_year, float(facts["gap_target"]), float(facts["leavers"]))


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
