"""My own page: somebody with a personal link sees what is kept about themselves and the outlook of the own role, and sends what they
want and can. Nothing is stored before it is sent; every call looks the token up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.errors import Refusal
from analytics.release import Viewer, nearest
from analytics.scenario import Scenario
from analytics.voices import WISHES
from analytics.workforce import Scope
from store.talks import Talk
from workflows.ideas import only_guests
from workflows.identity import threshold
from workflows.outlook import choices, outlook
from workflows.workspace import Workspace

SOURCE_BASIS = "own"
"""What stands as legal basis of a form that somebody sent on their own account."""


@dataclass(frozen=True, slots=True)
class RoleOutlook:
    """Released figures of the own role. rounded to whole groups: people now, fte short in `year` (positive) or over (negative)."""

    role: str
    people: int
    year: int
    gap_fte: float
    leaving: float


@dataclass(frozen=True, slots=True)
class Mine:
    """What the organisation keeps about the one person of a link, and the role's outlook (None: too small a group to tell)."""

    role: str
    unit: str
    location: str
    fte: float
    talk: Talk | None
    outlook: RoleOutlook | None
    roles: tuple[str, ...]


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
        )  # fmt: skip
    roles = choices(eyes, workspace).roles
    return Mine(row["role"], row["unit"], row["location"], float(row["fte"]), talk, _of_role(eyes, workspace, row["role"]), roles)


def send(viewer: Viewer, workspace: Workspace, token: str, talk: Talk, today: date | None = None) -> None:
    """Hand the form to HR; it takes the place of what stood. Refusals: not_allowed, link_invalid, wish_unknown,
    wished_fte_out_of_range."""
    only_guests(viewer)
    day = today or date.today()
    if not set(talk.wishes) <= set(WISHES):
        raise Refusal("wish_unknown")
    if talk.wished_fte is not None and not 0 < talk.wished_fte <= 1.5:
        raise Refusal("wished_fte_out_of_range")
    wishes = tuple(dict.fromkeys([*talk.wishes, *(["other_role"] if talk.wished_role else [])]))
    sent = Talk(day, wishes, talk.wished_role, talk.wished_fte, talk.can, talk.needs, talk.step, talk.step_date, SOURCE_BASIS)
    workspace.store.voices.send_own(token, sent, day)


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
