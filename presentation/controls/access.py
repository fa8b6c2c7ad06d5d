"""The access page: who has which role, what each role may, the threshold, retention and the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls import widths
from presentation.controls.adding import drawn_whole, next_begins_empty, read_whole, row_below
from presentation.controls.cards import refusal_text, table_card
from presentation.controls.keeping import copies_card
from presentation.controls.protecting import keeping_card, person_card, protection_card
from presentation.session import View
from presentation.texts import Words
from workflows import keeping, rules
from workflows.access import Right, may
from workflows.identity import GRANTABLE, Grant
from workflows.types import Refusal, Role, Viewer

OFFICE = "Europe/Amsterdam"
"""The clock by which the log is read; it is written in universal time."""
CLOCK = 175
"""Pixels of a moment with its seconds, in either language."""
NEVER = 0
"""Months in the field that stand for: kept without end."""


def access_headline(view: View) -> str:
    """The answer for who looks: from how many people on, and how long rows are kept."""
    words = view.words
    now, (_, snapshots) = rules.rules(view.viewer, view.workspace), keeping.months_kept(view.viewer, view.workspace)
    kept = words("access.headline_kept", n=snapshots) if snapshots else words("access.headline_endless")
    return words("access.headline", n=now.least, kept=kept)


def access_parts(view: View) -> list[str]:
    """What this viewer gets, in order."""
    viewer = view.viewer
    shown = {
        "rules": True,
        "joined": may(viewer, Right.GROUPS) and view.outlook is not None,
        "person": may(viewer, Right.RIGHTS_OF_PERSONS),
        "roles": may(viewer, Right.ROLES) or may(viewer, Right.LOG),
        "log": may(viewer, Right.LOG_SUMMARY),
        "purpose": True,
    }
    return [name for name in ACCESS_PARTS if shown[name]]


def trouble(view: View) -> None:
    """A log that was changed, told to who reads it."""
    broken = rules.broken_line(view.viewer, view.workspace) if may(view.viewer, Right.LOG) else None
    if broken is not None:
        st.error(view.words("access.log_broken", line=broken), icon=":material/warning:")


def _rules_part(view: View) -> None:
    left, right = st.columns([2, 3])
    with left:
        rules_card(view)
    with right:
        keeping_card(view)
    copies_card(view)
    rights_card(view)


def _purpose_part(view: View) -> None:
    st.markdown(view.words("access.intended_text"))


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
        choices: dict[str, Any] = {columns[1]: st.column_config.SelectboxColumn(options=list(names), required=True)}
        fixed, phone, order = not may(viewer, Right.ROLES), widths.on_phone(), columns
        drawn: dict[str, Any] = {"num_rows": "dynamic", "disabled": fixed}
        if phone:
            called = [f"{row[0]}: {row[1]}" for row in rows.itertuples(index=False, name=None)]
            rows, choices = read_whole(rows, called, columns[0], choices)
            order, drawn = ["name", columns[2]], drawn_whole(len(rows), fixed)
        edited = rows
        if not phone or len(rows):
            key = f"_roles_{hash(tuple(rows['name']))}" if phone else "role_table"  # of other rows another table
            edited = st.data_editor(rows, hide_index=True, column_config=choices, column_order=order, key=key, **drawn)

        def kept_rows(but: str = "") -> list[Grant]:
            made = [_grant(row, names) for row in edited[columns].fillna("").itertuples(index=False, name=None)]
            return [grant for grant in made if grant.subject != but]

        if fixed:
            return
        if not (phone and rows.empty) and st.button(words("access.save"), key="save_roles", type="primary"):
            _say(view, lambda: rules.set_grants(viewer, view.workspace, tuple(kept_rows())))
        told = _one_more(words, columns, list(names)) if phone else None
        if told is not None:
            more = _grant((told["subject"].strip(), told["role"], told["units"]), names)
            if _say(view, lambda: rules.set_grants(viewer, view.workspace, (*kept_rows(more.subject), more))):
                next_begins_empty("roles")
                st.rerun()


def _one_more(words: Words, columns: list[str], roles: list[str]) -> dict[str, Any] | None:
    """Somebody more on a phone; who is in the table already gets this role instead."""
    return row_below(
        words,
        "roles",
        {
            "subject": lambda at: st.text_input(columns[0], key=at),
            "role": lambda at: st.selectbox(columns[1], roles, key=at),
            "units": lambda at: st.text_input(columns[2], key=at),
        },
    )


def _grant(row: tuple[str, str, str], names: dict[str, Role]) -> Grant:
    units = tuple(part.strip() for part in row[2].split(",") if part.strip())
    return Grant(row[0], names.get(row[1], Role.LOCAL), units)


def rules_card(view: View) -> None:
    """Threshold and retention: everybody with a role reads them, administrator and privacy officer change them."""
    words, viewer = view.words, view.viewer
    now, (leavers, snapshots) = rules.rules(viewer, view.workspace), keeping.months_kept(viewer, view.workspace)
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


def _say(view: View, act: Any) -> bool:
    """Carry it out and say so, or why not."""
    try:
        act()
    except Refusal as refusal:
        if refusal.code == "not_allowed":
            rules.refused_act(view.viewer, view.workspace, str(refusal.params.get("right", "")))
        st.error(refusal_text(view.words, refusal))
        return False
    st.success(view.words("access.saved"))
    return True


def log_card(view: View) -> None:
    """The log as far as the role goes: all of it, counts per kind of act, or nothing."""
    words, viewer = view.words, view.viewer
    if not may(viewer, Right.LOG_SUMMARY):
        return
    if rules.log_is_whole(viewer, view.workspace):
        st.success(words("access.log_whole"))
    elif not may(viewer, Right.LOG):  # who may read it has the number of the line on top of the page
        st.error(words("access.log_broken_plain"))
    found = _whole_log(viewer, view) if may(viewer, Right.LOG) else keeping.log_summary(viewer, view.workspace)
    found["action"] = [words(f"act.{name}") if words.known(f"act.{name}") else name for name in found["action"]]
    for name in ("at", "last"):
        if name in found:
            found[name] = pd.to_datetime(found[name], utc=True).dt.tz_convert(OFFICE).dt.tz_localize(None)
    table = found.rename(columns={name: words(f"access.{name}") for name in found})
    clock = st.column_config.DatetimeColumn(format="DD-MM-YYYY HH:mm:ss" if words.lang == "nl" else "D MMM YYYY HH:mm:ss", width=CLOCK)
    table_card(view, "log", words("access.log_title"), table, {words(f"access.{name}"): clock for name in ("at", "last")}, height=420)


def _whole_log(viewer: Viewer, view: View) -> pd.DataFrame:
    found = keeping.log(viewer, view.workspace)
    words = view.words
    found["details"] = [
        ", ".join(
            f"{words(f'log_detail.{name}') if words.known(f'log_detail.{name}') else name}: {_told(value)}"
            for name, value in sorted(line.items())
        )
        for line in found["details"]
    ]
    return found


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


ACCESS_PARTS: dict[str, Callable[[View], None]] = {
    "rules": _rules_part,
    "joined": protection_card,
    "person": person_card,
    "roles": roles_card,
    "log": log_card,
    "purpose": _purpose_part,
}
"""The parts of the page, in the order of their tabs."""
