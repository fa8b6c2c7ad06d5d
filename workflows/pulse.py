"""The pulse: a short questionnaire per team. Results only of closed rounds and of groups of at least ten, for everybody, HR as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analytics import voices
from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.voices import QUESTIONS, SCORES
from intake.pulse import PulseFile, read_pulse
from workflows.access import Right, require
from workflows.ideas import only_guests
from workflows.rules import rules
from workflows.workspace import Workspace

TICKET_DAYS = 30
MOST_TICKETS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """pulse and ability: frames of `analytics.voices`, oldest round first. least, least_ability: people per group at least."""

    pulse: pd.DataFrame
    ability: pd.DataFrame
    least: int
    least_ability: int


def results(viewer: Viewer, workspace: Workspace) -> Results:
    """Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    kept = rules(viewer, workspace)
    store = workspace.store.voices
    return Results(
        _own(viewer, voices.pulse_results(store.pulse_counts(), kept.least_answers)),
        _own(viewer, voices.ability_results(store.abilities(), kept.least_work_ability)),
        kept.least_answers,
        kept.least_work_ability,
    )


def rounds(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """round, name, opened, closed, tickets (not yet used; shown when the round is closed only). Refusal not_allowed."""
    require(viewer, Right.IMPORT)
    found = workspace.store.voices.rounds()
    return found.assign(tickets=found["tickets"].where(found["closed"]))


def open_round(viewer: Viewer, workspace: Workspace, name: str, today: date | None = None) -> int:
    """Refusals: not_allowed, round_name_missing."""
    require(viewer, Right.IMPORT)
    return workspace.store.voices.open_round(name, viewer.who, today or date.today())


def tickets(viewer: Viewer, workspace: Workspace, pulse: int, teams: Mapping[str, int], today: date | None = None) -> dict[str, list[str]]:
    """As many tokens per team as asked; each lets one answer in. They are told once and kept as hashes. Refusals: not_allowed,
    round_closed, tickets_out_of_range."""
    require(viewer, Right.IMPORT)
    if any(not 0 < count <= MOST_TICKETS for count in teams.values()) or not teams:
        raise Refusal("tickets_out_of_range", most=MOST_TICKETS)
    expires = (today or date.today()) + timedelta(days=TICKET_DAYS)
    return {team: workspace.store.voices.tickets(pulse, team, count, expires, viewer.who) for team, count in teams.items()}


def close(viewer: Viewer, workspace: Workspace, pulse: int) -> None:
    """End a round: tickets stop working, results appear. Refusal not_allowed."""
    require(viewer, Right.IMPORT)
    workspace.store.voices.close_round(pulse, viewer.who)


def team_of(viewer: Viewer, workspace: Workspace, token: str, today: date | None = None) -> str:
    """The team a ticket answers for. Refusals: not_allowed, link_invalid."""
    only_guests(viewer)
    return workspace.store.voices.link("pulse", token, today or date.today()).team


def answer(viewer: Viewer, workspace: Workspace, token: str, scores: Mapping[str, int], today: date | None = None) -> None:
    """Hand in one whole answer; the ticket is gone afterwards. Refusals: not_allowed, link_invalid, round_closed, answer_incomplete."""
    only_guests(viewer)
    if set(scores) != set(QUESTIONS) or not set(scores.values()) <= set(SCORES):
        raise Refusal("answer_incomplete")
    workspace.store.voices.answer(token, scores, today or date.today())


def check(viewer: Viewer, path: Path) -> PulseFile:
    """Read a sheet with answers or work-ability bands; nothing is stored. Refusals: not_allowed, pulse_not_found, those of reading."""
    require(viewer, Right.IMPORT)
    return read_pulse(path)


def save(viewer: Viewer, workspace: Workspace, found: PulseFile, name: str, held: date | None = None) -> int:
    """Keep the counts of a file as a closed round. Refusals: not_allowed, round_name_missing."""
    require(viewer, Right.IMPORT)
    return workspace.store.voices.import_round(name, held or date.today(), found.counts, found.bands, viewer.who)


def _own(viewer: Viewer, found: pd.DataFrame) -> pd.DataFrame:
    """Whole groups of the viewer's own departments; the cut is the same for everybody."""
    return found[voices.within(found["teams"], viewer.units)].reset_index(drop=True)
