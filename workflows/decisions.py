"""What a meeting decided: stored with its scenario, figures, date, owner and whether the works council must advise or consent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.release import Viewer
from analytics.version import method_version
from workflows import scenarios
from workflows.access import Right, require
from workflows.outlook import Outlook
from workflows.workspace import Workspace

COUNCIL = ("unknown", "no", "advice", "consent")
"""Works council: to be found out, not needed, has a right to advise (article 25), has to consent (article 27)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said in the meeting: the decision, who sees to it, and what was doubted or parked."""

    text: str
    owner: str
    day: date
    council: str = "unknown"
    doubts: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()


def decide(viewer: Viewer, workspace: Workspace, found: Outlook, made: Decision) -> int:
    """Add to the log with the scenario and figures of this moment; its number. Refusals: not_allowed, decision_empty,
    decision_council."""
    require(viewer, Right.SCENARIOS)
    kept = {
        "body": found.scenario.to_json(),
        "method": method_version(),
        "fingerprint": scenarios.data_mark(viewer, workspace),
        "figures": json.dumps(
            scenarios.figures_of(viewer, found) | {"target_year": found.target_year, "k": viewer.k, "units": list(viewer.units)}
        ),
        "doubts": _listed(made.doubts),
        "parked": _listed(made.parked),
    }
    return workspace.store.add_decision(viewer.who, made.day, made.text, made.owner, made.council, kept)


def _listed(lines: Sequence[str]) -> str:
    return json.dumps([line.strip()[:500] for line in lines if line.strip()][:50], ensure_ascii=False)


def decisions(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """The log, newest first: decision_no, moment, who, day, text, owner, council, body, figures (dict), doubts and parked (lists),
    same_ground (same formulas and data as now). Figures taken with eyes that see more than this viewer's (HR's, other departments)
    are left out: an empty dict. Refusal not_allowed."""
    require(viewer, Right.SCENARIOS)
    found = workspace.store.decisions()
    now = (method_version(), scenarios.data_mark(viewer, workspace))
    same = [(row.method, row.fingerprint) == now for row in found.itertuples()]
    read = {name: pd.Series([json.loads(text) for text in found[name]], dtype=object) for name in ("figures", "doubts", "parked")}
    read["figures"] = pd.Series([kept if _may_see(viewer, kept) else {} for kept in read["figures"]], dtype=object)
    return found.assign(**read, same_ground=pd.Series(same, dtype=bool)).drop(columns=["method", "fingerprint"])


def _may_see(viewer: Viewer, figures: dict) -> bool:
    """Whether figures were taken by somebody who saw no more than this viewer does."""
    if viewer.k <= 1 and not viewer.units:
        return True
    theirs = set(figures.get("units", ()))
    return int(figures.get("k", 1)) >= viewer.k and (not viewer.units or (bool(theirs) and theirs <= set(viewer.units)))
