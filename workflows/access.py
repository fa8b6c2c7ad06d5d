"""Who may do what. Every workflow call asks here first; what is not granted is refused."""

from __future__ import annotations

from enum import StrEnum

from analytics.errors import Refusal
from analytics.release import Role, Viewer


class Right(StrEnum):
    """One thing somebody may be allowed to do."""

    GROUPS = "groups"  # figures about groups, through the privacy gate
    MONEY = "money"  # costs of groups
    SCENARIOS = "scenarios"  # save, rename, lock scenarios
    IMPORT = "import"  # read, store and undo files; load the sample
    DEMAND = "demand"  # edit the establishment
    PERSONS = "persons"  # rows about people, logged
    RIGHTS_OF_PERSONS = "rights_of_persons"  # all about one person, erase one person
    SETTINGS = "settings"  # thresholds, retention
    ROLES = "roles"  # who has which role
    BACKUP = "backup"  # back up, restore
    LOG = "log"  # read the whole log
    LOG_SUMMARY = "log_summary"  # counts per kind of act


_OFFICE = {Right.GROUPS, Right.MONEY, Right.SCENARIOS}

GRANTED: dict[Role, frozenset[Right]] = {
    Role.LOCAL: frozenset(Right),
    Role.HR: frozenset({*_OFFICE, Right.IMPORT, Right.DEMAND, Right.PERSONS, Right.RIGHTS_OF_PERSONS}),
    Role.DIRECTOR: frozenset(_OFFICE),
    Role.COUNCIL: frozenset({Right.GROUPS, Right.LOG_SUMMARY}),
    Role.ADMIN: frozenset({Right.SETTINGS, Right.ROLES, Right.BACKUP, Right.LOG_SUMMARY}),
    Role.PRIVACY: frozenset({Right.RIGHTS_OF_PERSONS, Right.LOG, Right.LOG_SUMMARY, Right.SETTINGS}),
    Role.GUEST: frozenset(),
}


def may(viewer: Viewer, right: Right) -> bool:
    """Deny by default: a role or right that is not in the table is refused."""
    return right in GRANTED.get(viewer.role, frozenset())


def require(viewer: Viewer, right: Right) -> None:
    """Refusal not_allowed unless the viewer has the right."""
    if not may(viewer, right):
        raise Refusal("not_allowed", right=right.value)
