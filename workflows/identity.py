"""From what an identity provider vouches for to a viewer: deny by default.

Only two claims name somebody: the subject, and an e-mail address the provider says it has verified. Names, display names and
unverified addresses can be chosen by their bearer and open nothing. Groups count when the table names them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.errors import Refusal
from analytics.release import K_DEFAULT, K_MAX, K_MIN, Role, Viewer
from workflows.access import Right, require
from workflows.workspace import Workspace

ALL_UNITS = "*"
ROLE_TABLE, LEAST = "role_table", "least_people"
"""Names of the settings that hold the table and the threshold."""
GROUP_PREFIX = "group:"
GRANTABLE = (Role.HR, Role.DIRECTOR, Role.COUNCIL, Role.PRIVACY, Role.ADMIN)
"""In the order that decides when several groups of one person carry different roles. LOCAL is never granted: it is the single
user of an app without login."""
GROUP_CLAIMS = ("groups", "roles")
PROTECTED = (Role.DIRECTOR, Role.COUNCIL)
"""Roles that see groups of at least k people; a director only of the departments granted."""


@dataclass(frozen=True, slots=True)
class Grant:
    """subject: the provider's subject, an e-mail address, or `group:NAME`. units: departments of a director, ("*",) for all;
    none given is none seen."""

    subject: str
    role: Role
    units: tuple[str, ...] = ()


def viewer_from_claims(claims: Mapping[str, Any], table: Iterable[Grant], k: int = K_DEFAULT) -> Viewer | None:
    """The viewer these claims stand for, or None: nobody we know.

    claims: of a token the login has verified (`st.user`). The person's own line decides over that of a group; the subject over
    the address. k is the firm's threshold, the same for everybody: two thresholds would be two cuts of the same people.
    """
    subject = claims.get("sub")
    if claims.get("is_logged_in", True) is not True or not isinstance(subject, str) or not subject.strip():
        return None
    grants = list(table)
    grant = _first(grants, {subject}) or _first(grants, _address(claims)) or _of_groups(grants, claims)
    return _viewer(subject, grant, k) if grant else None


def recognise(claims: Mapping[str, Any], workspace: Workspace, first_admin: str = "") -> Viewer | None:
    """The viewer by the table and the threshold in the database. first_admin: subject or verified address of who may fill an
    empty table, from the server's own settings; once there is a table it has no meaning."""
    kept = workspace.store.settings()
    table = table_from_text(kept.get(ROLE_TABLE, ""))
    if not kept.get(ROLE_TABLE):
        table = _alone(first_admin)
    return viewer_from_claims(claims, table, threshold(kept))


def first_admin(claims: Mapping[str, Any], named: str) -> Viewer | None:
    """The administrator whom the server's own settings name, for when there is no table to read; None for everybody else."""
    return viewer_from_claims(claims, _alone(named))


def _alone(named: str) -> tuple[Grant, ...]:
    return (Grant(_subject(named), Role.ADMIN),) if named.strip() else ()


def threshold(settings: Mapping[str, str]) -> int:
    """Least number of people an answer to a director is about, within its bounds."""
    text = settings.get(LEAST, "")
    return min(max(int(text), K_MIN), K_MAX) if text.isdigit() else K_DEFAULT


def guest() -> Viewer:
    """Who looks through a link: nobody in particular, without a right."""
    return Viewer("link", Role.GUEST, (), K_DEFAULT)


def as_director(viewer: Viewer, workspace: Workspace) -> Viewer:
    """The same person looking at what a director of all departments sees; Refusal not_allowed for who sees no groups anyway."""
    require(viewer, Right.GROUPS)
    return Viewer.director(viewer.who, (), threshold(workspace.store.settings()))


def _viewer(subject: str, grant: Grant, k: int) -> Viewer | None:
    if grant.role not in GRANTABLE:
        return None
    if grant.role not in PROTECTED:
        return Viewer(subject, grant.role, (), 1)
    units = () if ALL_UNITS in grant.units or grant.role is Role.COUNCIL else grant.units
    if grant.role is Role.DIRECTOR and not grant.units:
        return None
    return Viewer(subject, grant.role, units, min(max(k, K_MIN), K_MAX))


def _first(grants: list[Grant], names: set[str]) -> Grant | None:
    return next((grant for grant in grants if grant.subject in names and not grant.subject.startswith(GROUP_PREFIX)), None)


def _address(claims: Mapping[str, Any]) -> set[str]:
    """The verified address, small letters: providers differ in how they write it. `email_verified` must be the value true."""
    address = claims.get("email")
    return {address.strip().lower()} if isinstance(address, str) and "@" in address and claims.get("email_verified") is True else set()


def _of_groups(grants: list[Grant], claims: Mapping[str, Any]) -> Grant | None:
    named = [value for claim in GROUP_CLAIMS for value in _list(claims.get(claim))]
    held = [grant for grant in grants if grant.subject.removeprefix(GROUP_PREFIX) in named and grant.subject.startswith(GROUP_PREFIX)]
    if not held:
        return None
    best = min(held, key=lambda grant: GRANTABLE.index(grant.role) if grant.role in GRANTABLE else len(GRANTABLE))
    units = {unit for grant in held if grant.role is best.role for unit in grant.units}
    return Grant(best.subject, best.role, tuple(sorted(units)))


def _list(value: Any) -> list[str]:
    """A text is not a list of groups: "no-hr-access" contains "hr"."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


# the table as it is kept


def table_to_text(table: Iterable[Grant]) -> str:
    """JSON for the settings of the database."""
    return json.dumps([[grant.subject, grant.role.value, list(grant.units)] for grant in table], ensure_ascii=False)


def table_from_text(text: str) -> tuple[Grant, ...]:
    """The table; what cannot be read grants nothing."""
    try:
        rows = json.loads(text or "[]")
        return tuple(Grant(str(subject), Role(role), tuple(map(str, units))) for subject, role, units in rows)
    except (ValueError, TypeError):
        return ()


def checked(table: Iterable[Grant]) -> tuple[Grant, ...]:
    """A table that may be saved: known roles, each subject once, directors with departments, at least one administrator.

    Refusals: role_unknown, role_twice, role_without_units, role_no_admin.
    """
    grants = tuple(Grant(_subject(grant.subject), grant.role, tuple(grant.units)) for grant in table)
    seen: set[str] = set()
    for grant in grants:
        if not grant.subject.removeprefix(GROUP_PREFIX) or grant.role not in GRANTABLE:
            raise Refusal("role_unknown", subject=grant.subject)
        if grant.subject in seen:
            raise Refusal("role_twice", subject=grant.subject)
        if grant.role is Role.DIRECTOR and not grant.units:
            raise Refusal("role_without_units", subject=grant.subject)
        seen.add(grant.subject)
    if not any(grant.role is Role.ADMIN for grant in grants):
        raise Refusal("role_no_admin")
    return grants


def _subject(text: str) -> str:
    plain = text.strip()
    return plain.lower() if "@" in plain and not plain.startswith(GROUP_PREFIX) else plain
