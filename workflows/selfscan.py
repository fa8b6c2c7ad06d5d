"""The eight things as a guided scan: challenges first, then where the organisation stands, with evidence from its own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import LEVERS
from workflows import followup, groups, ideas, learning, pulse, talks
from workflows.abilities import abilities
from workflows.access import Right, require
from workflows.outlook import Outlook
from workflows.workspace import Workspace

STEPS = ("challenges", "controls", "rotation", "further", "talks", "ideas", "safe", "followup")
"""The eight things, in the order of the scan."""
STAGES = (0, 1, 2, 3)
"""Not started, beginning, under way, ordinary practice."""
KINDS = ("lever", "role", "action")
CHANGES = 0.5
"""Exposure from which work counts as changing."""
DAY = 8.0
"""Hours in a day of training."""


@dataclass(frozen=True, slots=True, eq=False)
class Scanned:
    """challenges: challenge, title, kind, target, since, closed. progress: scan, held, step, stage, note; oldest first.
    evidence: step -> list of (key of a sentence, its numbers)."""

    challenges: pd.DataFrame
    progress: pd.DataFrame
    evidence: dict[str, list[tuple[str, dict[str, float | int | str]]]]

    def last(self) -> dict[str, int]:
        """Stage per step of the newest scan; empty before the first."""
        if self.progress.empty:
            return {}
        newest = self.progress[self.progress["scan"] == self.progress["scan"].max()]
        return {str(step): int(stage) for step, stage in zip(newest["step"], newest["stage"], strict=True)}


def scanned(viewer: Viewer, workspace: Workspace, found: Outlook | None) -> Scanned:
    """found: the viewer's outlook, whose released facts are the evidence (None: nothing loaded yet). Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    store = workspace.store.voices
    evidence = _evidence(viewer, workspace, found)
    return Scanned(store.challenges(), store.scans(), evidence)


def add_challenge(viewer: Viewer, workspace: Workspace, title: str, kind: str, target: str, today: date | None = None) -> int:
    """Record a challenge, linked to a lever of the demand, a role or an action. Refusals: not_allowed, challenge_title_missing,
    challenge_target."""
    require(viewer, Right.SCENARIOS)
    if kind not in KINDS or not target.strip() or (kind == "lever" and target not in LEVERS):
        raise Refusal("challenge_target")
    return workspace.store.voices.add_challenge(title, kind, target, viewer.who, today or date.today())


def close_challenge(viewer: Viewer, workspace: Workspace, challenge: int) -> None:
    require(viewer, Right.SCENARIOS)
    workspace.store.voices.close_challenge(challenge, viewer.who)


def save(viewer: Viewer, workspace: Workspace, stages: Mapping[str, int], today: date | None = None) -> int:
    """Keep a scan: a stage for each of the eight. Refusals: not_allowed, scan_incomplete, challenges_first (the first step is to
    record what the organisation is up against)."""
    require(viewer, Right.SCENARIOS)
    if set(stages) != set(STEPS) or not set(stages.values()) <= set(STAGES):
        raise Refusal("scan_incomplete")
    if workspace.store.voices.challenges().empty:
        raise Refusal("challenges_first")
    return workspace.store.voices.save_scan([(step, stages[step], "") for step in STEPS], viewer.who, today or date.today())


Lines = list[tuple[str, dict[str, float | int | str]]]


def _evidence(viewer: Viewer, workspace: Workspace, found: Outlook | None) -> dict[str, Lines]:
    board, register = ideas.board(viewer, workspace), ideas.controls(viewer, workspace)
    told: dict[str, Lines] = {step: [] for step in STEPS}
    open_ = workspace.store.voices.challenges()
    told["challenges"].append(("challenges", {"n": int((~open_["closed"]).sum())}))
    told["controls"].append(("controls", {"n": len(register), "removed": int((register["decision"] == "removed").sum())}))
    told["ideas"].append(("ideas", {"n": len(board), "busy": int(board["status"].isin(("group", "doing", "done")).sum())}))
    projects = groups.groups(viewer, workspace)
    told["ideas"].append(("groups", {"n": int((projects["status"] == "running").sum())}))
    told["safe"] += _safe(viewer, workspace)
    if found is None:
        return told
    facts = found.facts
    told["further"].append(("roles_short", {"n": int(facts["roles_short"]), "total": int(facts["roles_all"])}))
    told["further"] += _changing(viewer, workspace)
    told["further"] += _training(viewer, workspace, found)
    told["rotation"].append(("share_55", {"share": round(100 * float(facts["share_55_now"]))}))
    said = talks.said(viewer, workspace)
    share = round(100 * said.held / said.people) if said.people else 0
    told["talks"].append(("talks", {"n": said.held, "share": share, "silent": 100 - share}))
    if not pd.isna(said.capacity_fte):
        told["talks"].append(("capacity", {"fte": said.capacity_fte}))
    known = learning.learning(viewer, workspace)
    told["rotation"] += [("single", {"n": known.before}), ("at_risk", {"n": known.at_risk})]
    told["rotation"] += _teach(said)
    told["followup"].append(("followup", {"n": int(followup.steps(viewer, workspace)["status"].isin(("planned", "running")).sum())}))
    return told


def _changing(viewer: Viewer, workspace: Workspace) -> Lines:
    """Roles people work in of which at least half the tasks could be touched by technology; about work, not about people."""
    made = abilities(viewer, workspace)
    touched = [role for role, share in made.exposed.items() if share >= CHANGES and made.people.get(role, 0) > 0]
    return [("changing", {"n": len(touched)})] if touched else []


def _training(viewer: Viewer, workspace: Workspace, found: Outlook) -> Lines:
    """Days of training per person in the past year, to one decimal."""
    hours = float(learning.budget(viewer, workspace)["hours"].sum())
    return [("training", {"days": round(hours / DAY / max(found.people_counted, 1), 1)})]


def _teach(said: talks.Said) -> Lines:
    return [("teach", {"n": said.told["teach"]})] if "teach" in said.told else []


def _safe(viewer: Viewer, workspace: Workspace) -> Lines:
    rows = pulse.results(viewer, workspace).pulse
    rows = rows[rows["question"] == "safe"]
    if rows.empty:
        return []
    newest = rows[rows["round"] == rows["round"].iloc[-1]]
    mean = float((newest["mean"] * newest["answers"]).sum() / newest["answers"].sum())
    return [("safe", {"mean": round(mean, 1), "n": int(newest["answers"].sum())})]
