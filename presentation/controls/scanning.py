"""The self-scan of the eight things: challenges first, then a stage and a proposal for each, with evidence beside it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation import voices
from presentation.controls.cards import heading, plain, table_card
from presentation.controls.doing import and_again
from presentation.controls.stepping import step_form, step_list
from presentation.session import View
from workflows import selfscan
from workflows.access import Right, may
from workflows.selfscan import KINDS, STAGES, STEPS, Scanned
from workflows.types import LEVERS


def scan(view: View) -> None:
    """The whole page."""
    words = view.words
    found = selfscan.scanned(view.viewer, view.workspace, view.outlook)
    heading(view, *voices.scan_title(words, found))
    works = may(view.viewer, Right.SCENARIOS)
    _challenges(view, found, works)
    last = found.last()
    stages = {step: _step(view, found, step, number, last.get(step, 0), works) for number, step in enumerate(STEPS, start=1)}
    if works:
        if found.challenges.empty:
            st.caption(words("scan.first"))
        elif st.button(words("scan.save"), type="primary", key="save_scan"):
            and_again(words, lambda: selfscan.save(view.viewer, view.workspace, stages), words("scan.saved"))
    step_list(view)
    if last:
        _progress(view, found)


def _progress(view: View, found: Scanned) -> None:
    """The newest scan beside an earlier one of choice; all scans in one table."""
    words = view.words
    scans = found.progress.drop_duplicates("scan")[["scan", "held"]]
    earlier = {int(row.scan): pd.Timestamp(row.held).date() for row in scans.iloc[:-1].itertuples()}
    if earlier:
        since = st.selectbox(
            words("scan.compare"), list(earlier), len(earlier) - 1, format_func=lambda scan: words.day(earlier[scan]), key="scan_since"
        )
        title, table = voices.scan_change(words, found, int(since))
        table_card(view, "scan_change", title, table)
    if len(earlier) != 1:
        table_card(view, "scan_progress", words("scan.progress"), voices.scan_progress(words, found))


def _challenges(view: View, found: Scanned, works: bool) -> None:
    words = view.words
    with st.container(border=True):
        st.markdown(f"##### {words('scan.challenges')}")
        for row in found.challenges[~found.challenges["closed"]].itertuples():
            line = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
            target = words(f"lever.{row.target}.label") if row.kind == "lever" else row.target
            line.markdown(f"**{plain(row.title)}** · {words(f'scan.kinds.{row.kind}')}: {plain(target)}")
            if works and line.button(words("scan.close"), key=f"close_{row.challenge}", icon=":material/check:", type="tertiary"):
                number = int(row.challenge)
                and_again(words, lambda n=number: _close(view, n), words("pulse.saved"))
        if works:
            _new_challenge(view)


def _close(view: View, number: int) -> bool:
    selfscan.close_challenge(view.viewer, view.workspace, number)
    return True


def _new_challenge(view: View) -> None:
    words = view.words
    one, two, three = st.columns([3, 2, 2])
    title = one.text_input(words("scan.challenge"), max_chars=120, key="challenge_title")
    kind = two.selectbox(words("scan.kind"), KINDS, format_func=lambda name: words(f"scan.kinds.{name}"), key="challenge_kind")
    if kind == "lever":
        target = three.selectbox(
            words("scan.target"), list(LEVERS), format_func=lambda name: words(f"lever.{name}.label"), key="challenge_lever"
        )
    elif kind == "role" and view.outlook is not None:
        roles = sorted({str(role) for role in view.outlook.groups["role"]})
        target = three.selectbox(words("scan.target"), roles, key="challenge_role")
    else:
        target = three.text_input(words("scan.target"), max_chars=120, key="challenge_action")
    if st.button(words("scan.add"), key="add_challenge"):
        chosen = str(target or "")
        and_again(words, lambda: selfscan.add_challenge(view.viewer, view.workspace, title, kind, chosen), words("scan.added"))


def _step(view: View, found: Scanned, step: str, number: int, now: int, works: bool) -> int:
    words = view.words
    with st.container(border=True, key=f"scan_{step}"):
        left, right = st.columns([3, 2])
        left.markdown(f"**{number}. {words(f'scan.step.{step}')}**")
        lines = [words(f"scan.evidence.{key}", **params) for key, params in found.evidence.get(step, [])]
        left.markdown("\n".join(f"- {line}" for line in lines))
        left.caption(f"{words('scan.proposal')}: {words(f'scan.propose.{step}')}")
        stage = right.segmented_control(
            words("scan.stage_of"),
            list(STAGES),
            default=now,
            required=True,
            format_func=lambda value: words(f"scan.stage.{value}"),
            key=f"stage_{step}",
            disabled=not works,
        )
        with right:
            step_form(view, "scan", words(f"scan.propose.{step}"), step)
    return int(stage)
