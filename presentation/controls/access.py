"""The access page: who has which role, what each role may, the threshold, retention and the log."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls.cards import table_card
from presentation.controls.frame import refusal_text
from presentation.session import View
from workflows import keeping, rules
from workflows.access import Right, may
from workflows.identity import GRANTABLE, Grant
from workflows.types import Refusal, Role, Viewer

NEVER = 0
"""Months in the field that stand for: kept without end."""


def rights_card(view: View) -> None:
    """Roles across, rights down; a mark where the role may."""
    table = rules.rights_of(view.viewer)
    words, roles = view.words, [Role.HR, Role.DIRECTOR, Role.COUNCIL, Role.PRIVACY, Role.ADMIN]
    rows = [
        {
            words("access.right"): words(f"right.{right.value}"),
            **{words(f"role.{role.value}"): "✓" if right in table[role] else "" for role in roles},
        }
        for right in Right
    ]
    table_card(view, "rights", words("access.rights_title"), pd.DataFrame(rows), height=460)


def roles_card(view: View) -> None:
    """The table of roles; the administrator edits it, the privacy officer reads it."""
    words, viewer = view.words, view.viewer
    if not (may(viewer, Right.ROLES) or may(viewer, Right.LOG)):
        return
    with st.container(border=True, key="card_roles"):
        st.markdown(f"##### {words('access.roles_title')}")
        st.caption(words("access.roles_text"))
        names = {words(f"role.{role.value}"): role for role in GRANTABLE}
        kept = rules.grants(viewer, view.workspace)
        columns = [words(f"access.{name}") for name in ("subject", "role", "units")]
        rows = pd.DataFrame(
            [(grant.subject, words(f"role.{grant.role.value}"), ", ".join(grant.units)) for grant in kept], columns=columns, dtype="str"
        )
        choices = {columns[1]: st.column_config.SelectboxColumn(options=list(names), required=True)}
        edited = st.data_editor(
            rows, num_rows="dynamic", hide_index=True, column_config=choices, disabled=not may(viewer, Right.ROLES), key="role_table"
        )
        if may(viewer, Right.ROLES) and st.button(words("access.save"), key="save_roles", type="primary"):
            grants = [_grant(row, names) for row in edited.fillna("").itertuples(index=False, name=None)]
            _say(view, lambda: rules.set_grants(viewer, view.workspace, tuple(grants)))


def _grant(row: tuple[str, str, str], names: dict[str, Role]) -> Grant:
    units = tuple(part.strip() for part in row[2].split(",") if part.strip())
    return Grant(row[0], names.get(row[1], Role.LOCAL), units)


def rules_card(view: View) -> None:
    """Threshold and retention: everybody with a role reads them, administrator and privacy officer change them."""
    words, viewer = view.words, view.viewer
    now, (leavers, snapshots) = rules.rules(viewer, view.workspace), rules.retention(viewer, view.workspace)
    fixed = not may(viewer, Right.SETTINGS)
    with st.container(border=True, height="stretch", key="card_rules"):
        st.markdown(f"##### {words('access.rules_title')}")
        least = st.slider(words("access.least"), 5, 25, now.least, help=words("access.least_help"), disabled=fixed, key="least_people")
        st.caption(words("access.least_more", answers=now.least_answers, ability=now.least_work_ability))
        left, right = st.columns(2)
        gone = left.number_input(
            words("access.leavers"), NEVER, 240, leavers or NEVER, help=words("access.months_help"), disabled=fixed, key="leavers"
        )
        old = right.number_input(
            words("access.snapshots"), NEVER, 240, snapshots or NEVER, help=words("access.months_help"), disabled=fixed, key="old"
        )
        if not fixed and st.button(words("access.save"), key="save_rules", type="primary"):
            _say(view, lambda: _save_rules(view, int(least), int(gone), int(old)))


def _save_rules(view: View, least: int, leavers: int, snapshots: int) -> None:
    rules.set_least(view.viewer, view.workspace, least)
    keeping.set_retention(view.viewer, view.workspace, leavers or None, snapshots or None)


def _say(view: View, act: Any) -> None:
    try:
        act()
    except Refusal as refusal:
        st.error(refusal_text(view.words, refusal))
        return
    st.success(view.words("access.saved"))


def log_card(view: View) -> None:
    """The log as far as the role goes: all of it, counts per kind of act, or nothing."""
    words, viewer = view.words, view.viewer
    if not may(viewer, Right.LOG_SUMMARY):
        return
    whole = rules.log_is_whole(viewer, view.workspace)
    (st.success if whole else st.error)(words("access.log_whole" if whole else "access.log_broken"))
    found = _whole_log(viewer, view) if may(viewer, Right.LOG) else keeping.log_summary(viewer, view.workspace)
    table_card(view, "log", words("access.log_title"), found.rename(columns={name: words(f"access.{name}") for name in found}))


def _whole_log(viewer: Viewer, view: View) -> pd.DataFrame:
    found = keeping.log(viewer, view.workspace)
    found["details"] = [", ".join(f"{name}: {value}" for name, value in sorted(details.items())) for details in found["details"]]
    return found
