"""The idea board and the register of needless controls: everybody who sees groups may add and support; deciding is for those who plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from analytics import voices
from analytics.errors import Refusal
from analytics.release import Role, Viewer
from analytics.scenario import LEVERS, Scenario, clamp
from workflows.access import Right, require
from workflows.outlook import outlook
from workflows.workspace import Workspace

THEMES = ("smarter", "flexible", "control", "technology", "learning")
STATUSES = ("new", "group", "doing", "done", "declined")
DECISIONS = ("open", "removed", "kept")
LINK_DAYS = 90
"""Days that the link on the wall lets ideas in."""
FREED = "freed_hours_per_week"


def board(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Ideas, most supported first: idea, title, body, theme, about, week (its Monday), author ("" anonymous), status, owner, lever,
    amount, realised, supports. Ideas with the same support stand in the order of their random ids."""
    require(viewer, Right.GROUPS)
    return workspace.store.voices.ideas().sort_values(["supports", "idea"], ascending=[False, True], ignore_index=True)


def add(
    viewer: Viewer, workspace: Workspace, title: str, body: str, theme: str, about: str = "", author: str = "", today: date | None = None
) -> None:
    """Add an idea. author "": anonymous, so that neither row nor log tells who or when. Refusals: not_allowed, idea_title_missing,
    idea_theme_unknown."""
    require(viewer, Right.GROUPS)
    _add(workspace, title, body, theme, about, author, today, viewer.who)


def add_by_link(
    viewer: Viewer, workspace: Workspace, token: str, title: str, body: str, theme: str, about: str = "", today: date | None = None
) -> None:
    """The same for somebody without an account, always anonymous. about: one of `challenges_by_link`, else it is left empty. Refusals:
    not_allowed, link_invalid, those of `add`."""
    listed = challenges_by_link(viewer, workspace, token, today)
    _add(workspace, title, body, theme, about if about in listed else "", "", today, None)


def challenges_by_link(viewer: Viewer, workspace: Workspace, token: str, today: date | None = None) -> tuple[str, ...]:
    """Open challenges that an idea can be for, as the open link shows them. Refusals: not_allowed, link_invalid."""
    only_guests(viewer)
    workspace.store.voices.link("idea", token, today or date.today())
    return _open_challenges(workspace)


def link_opens(viewer: Viewer, workspace: Workspace, token: str, today: date | None = None) -> bool:
    """Whether the token is that of an open link for ideas."""
    only_guests(viewer)
    try:
        workspace.store.voices.link("idea", token, today or date.today())
    except Refusal:
        return False
    return True


def new_link(viewer: Viewer, workspace: Workspace, today: date | None = None) -> str:
    """A link that only lets ideas in. Refusal not_allowed."""
    require(viewer, Right.SCENARIOS)
    return workspace.store.voices.idea_link((today or date.today()) + timedelta(days=LINK_DAYS), viewer.who)


def change(viewer: Viewer, workspace: Workspace, idea: str, **changes: Any) -> None:
    """Set status, owner, about, lever (a field of Scenario or ""), amount (what is added to the lever) or realised. Refusals: not_allowed,
    idea_unknown, idea_status_unknown, lever_unknown."""
    require(viewer, Right.SCENARIOS)
    if changes.get("status", "new") not in STATUSES:
        raise Refusal("idea_status_unknown")
    if changes.get("lever", "") not in ("", *LEVERS):
        raise Refusal("lever_unknown", name=str(changes["lever"])[:40])
    workspace.store.voices.change_idea(idea, changes, viewer.who)


def open_challenges(viewer: Viewer, workspace: Workspace) -> tuple[str, ...]:
    """Titles of the challenges of the scan that are not solved: what an idea can be for. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return _open_challenges(workspace)


def _open_challenges(workspace: Workspace) -> tuple[str, ...]:
    rows = workspace.store.voices.challenges()
    return tuple(rows.loc[~rows["closed"], "title"].astype(str))


def support(viewer: Viewer, workspace: Workspace, idea: str) -> bool:
    """Give or take back one's support; True when it stands now. Refusals: not_allowed, idea_unknown."""
    require(viewer, Right.GROUPS)
    return workspace.store.voices.support(idea, viewer.who)


def controls(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """control, title, why, unit ("" everybody), hours (per fte per week there), decision, decided, reason, owner."""
    require(viewer, Right.GROUPS)
    return workspace.store.voices.controls()


def add_control(viewer: Viewer, workspace: Workspace, title: str, why: str, unit: str, hours: float, owner: str = "") -> int:
    """Propose a control or rule for removal. Refusals: not_allowed, control_title_missing, control_hours."""
    require(viewer, Right.GROUPS)
    return workspace.store.voices.add_control(title, why, unit, hours, owner, viewer.who)


def decide(viewer: Viewer, workspace: Workspace, control: int, decision: str, reason: str = "", today: date | None = None) -> None:
    """Refusals: not_allowed, control_unknown, control_decision."""
    require(viewer, Right.SCENARIOS)
    if decision not in DECISIONS:
        raise Refusal("control_decision")
    workspace.store.voices.decide_control(control, decision, reason, viewer.who, today or date.today())


def freed(viewer: Viewer, workspace: Workspace) -> float:
    """Hours per fte per week that removed controls give back over the whole organisation, within the bounds of the lever
    freed_hours_per_week. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    fte = fte_per_unit(viewer, workspace)
    return float(clamp(FREED, voices.freed_hours(workspace.store.voices.controls(), fte)))


def fte_per_unit(viewer: Viewer, workspace: Workspace) -> dict[str, float]:
    """Fte per department as released to this viewer; departments that are merged with others are not in it."""
    require(viewer, Right.GROUPS)

    def make() -> dict[str, float]:
        groups = outlook(viewer, workspace, Scenario(), years=1).groups
        now = groups[groups["date"] == groups["date"].min()]
        return {str(unit): float(total) for unit, total in now.groupby("unit")["supply_fte"].sum().items() if unit}

    return workspace.cached(("fte_per_unit", workspace.store.fingerprint(), viewer.role, viewer.units, viewer.k), make)


def _add(workspace: Workspace, title: str, body: str, theme: str, about: str, author: str, today: date | None, who: str | None) -> None:
    if theme not in THEMES:
        raise Refusal("idea_theme_unknown")
    workspace.store.voices.add_idea(title, body, theme, about, author.strip()[:80], today or date.today(), who)


def only_guests(viewer: Viewer) -> None:
    """Refusal not_allowed. A link is opened with the rights of nobody: whoever is logged in uses the pages."""
    if viewer.role is not Role.GUEST:
        raise Refusal("not_allowed")
