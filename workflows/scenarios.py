"""Scenarios somebody keeps: saved by name with a reason, opened, copied, locked as a decision, and carried as a small file.

A kept scenario remembers with which version of the formulas and on which data it was made; opening it says what has changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from analytics.bridge import Bridge, between
from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import Scenario
from analytics.version import method_version
from analytics.workforce import Scope
from store import SavedScenario
from workflows.access import Right, require
from workflows.outlook import Outlook
from workflows.workspace import Workspace

FORM = 1
"""Version of the file."""
LARGEST_FILE = 200_000
"""Bytes; a file of ours is a few kB."""
FIGURES = ("gap_now", "gap_target", "gap_target_low", "gap_target_high", "supply_target", "demand_target")


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept scenario, ready to set the controls. other_method, other_data: made with other formulas, on other data than now."""

    name: str
    note: str
    scenario: Scenario
    other_method: bool
    other_data: bool
    year: int | None = None
    scope: Scope = field(default_factory=Scope)
    id: str = ""


def data_mark(viewer: Viewer, workspace: Workspace) -> str:
    """The same for the same data wherever they are stored: snapshots by content, establishment, settings. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return workspace.cached(("data_mark", workspace.store.fingerprint()), lambda: _data_mark(workspace))


def link_mark(viewer: Viewer, workspace: Workspace) -> str:
    """What an address says of the data and the formulas its figures were made with. Refusal not_allowed."""
    return f"{data_mark(viewer, workspace)[:8]}.{method_version()[:8]}"


def _data_mark(workspace: Workspace) -> str:
    store = workspace.store
    mark = hashlib.sha256()
    for snapshot in store.snapshots():
        mark.update(f"{snapshot.content_hash}|{snapshot.as_of}|{snapshot.active};".encode())
    columns = ["location", "unit", "role", "establishment_fte", "vacancies_fte", "growth"]
    rows: pd.DataFrame = store.formation().reindex(columns=columns)
    mark.update(rows.sort_values(columns[:3], kind="stable").to_csv(index=False).encode())
    mark.update(json.dumps(sorted(store.settings().items())).encode())
    return mark.hexdigest()[:16]


# -- kept in the database ----------------------------------------------------------------------------------------------------


def kept(viewer: Viewer, workspace: Workspace, archived: bool = False) -> tuple[SavedScenario, ...]:
    """Kept scenarios, oldest first. Refusal not_allowed."""
    require(viewer, Right.SCENARIOS)
    return workspace.store.scenarios(archived)


def keep(viewer: Viewer, workspace: Workspace, scenario: Scenario, name: str, note: str = "", scenario_id: str | None = None) -> Opened:
    """Save under a name, or over an earlier one. Refusals: not_allowed, scenario_name_missing, scenario_name_taken, scenario_locked."""
    require(viewer, Right.SCENARIOS)
    _free(workspace, name, scenario_id)
    mark = data_mark(viewer, workspace)
    saved = workspace.store.save_scenario(name, scenario.to_json(), viewer.who, note, method_version(), scenario_id, mark)
    return _opened(saved, mark)


def opened(viewer: Viewer, workspace: Workspace, scenario_id: str) -> Opened:
    """Refusals: not_allowed, scenario_unknown, scenario_unreadable."""
    require(viewer, Right.SCENARIOS)
    return _opened(workspace.store.scenario(scenario_id), data_mark(viewer, workspace))


def _opened(saved: SavedScenario, mark: str) -> Opened:
    try:
        scenario = Scenario.from_json(saved.body)
    except ValueError as problem:
        raise Refusal("scenario_unreadable", name=saved.name) from problem
    return Opened(saved.name, saved.note, scenario, saved.method != method_version(), saved.fingerprint != mark, id=saved.id)


def duplicate(viewer: Viewer, workspace: Workspace, scenario_id: str, name: str) -> Opened:
    """A copy under another name, never locked. Refusals as `keep`, scenario_unknown."""
    require(viewer, Right.SCENARIOS)
    found = workspace.store.scenario(scenario_id)
    _free(workspace, name, None)
    copy = workspace.store.save_scenario(name, found.body, viewer.who, found.note, found.method, None, found.fingerprint)
    return _opened(copy, data_mark(viewer, workspace))


def rename(viewer: Viewer, workspace: Workspace, scenario_id: str, name: str) -> None:
    """Refusals: not_allowed, scenario_name_missing, scenario_name_taken, scenario_locked, scenario_unknown."""
    require(viewer, Right.SCENARIOS)
    _free(workspace, name, scenario_id)
    workspace.store.rename_scenario(scenario_id, name, viewer.who)


def lock(viewer: Viewer, workspace: Workspace, scenario_id: str, locked: bool = True) -> None:
    """A locked scenario is a decision: it cannot be changed, renamed or deleted. Refusals: not_allowed, scenario_unknown."""
    require(viewer, Right.SCENARIOS)
    workspace.store.flag_scenario(scenario_id, "locked", locked, viewer.who)


def archive(viewer: Viewer, workspace: Workspace, scenario_id: str, archived: bool = True) -> None:
    """Out of the lists, but kept. Refusals: not_allowed, scenario_unknown."""
    require(viewer, Right.SCENARIOS)
    workspace.store.flag_scenario(scenario_id, "archived", archived, viewer.who)


def delete(viewer: Viewer, workspace: Workspace, scenario_id: str) -> None:
    """Gone for good. Refusals: not_allowed, scenario_locked, scenario_unknown."""
    require(viewer, Right.SCENARIOS)
    workspace.store.delete_scenario(scenario_id, viewer.who)


def _free(workspace: Workspace, name: str, own: str | None) -> None:
    wanted = name.strip().casefold()
    taken = [saved for archived in (False, True) for saved in workspace.store.scenarios(archived)]
    if any(saved.name.casefold() == wanted and saved.id != own for saved in taken):
        raise Refusal("scenario_name_taken", name=name.strip()[:80])


# -- as a file ---------------------------------------------------------------------------------------------------------------


def to_file(viewer: Viewer, workspace: Workspace, found: Outlook, name: str, note: str = "") -> bytes:
    """The scenario of an outlook as a small JSON file with everything its figures depend on. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    body = {
        "werkhorizon_scenario": FORM,
        "name": name,
        "note": note,
        "scenario": json.loads(found.scenario.to_json()),
        "as_of": found.as_of.isoformat(),
        "target_year": found.target_year,
        "scope": asdict(found.scope),
        "method": method_version(),
        "data": data_mark(viewer, workspace),
        "figures": figures_of(viewer, found),
    }
    return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False).encode()


def figures_of(viewer: Viewer, found: Outlook) -> dict[str, float]:
    """The figures that a file or decision keeps beside its scenario, unrounded. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return {name: float(found.facts[name]) for name in FIGURES}


def from_file(viewer: Viewer, workspace: Workspace, content: bytes) -> Opened:
    """Read such a file, or bare lever values as the command line takes them. Refusals: not_allowed, scenario_file_bad."""
    require(viewer, Right.GROUPS)
    try:
        if len(content) > LARGEST_FILE:
            raise ValueError("too large")
        body = json.loads(content.decode("utf-8-sig"))
        scenario = Scenario.from_json(json.dumps(body))
        if "werkhorizon_scenario" not in body:
            return Opened("", "", scenario, False, False)
        year, scope = int(body["target_year"]), _scope(body["scope"])
        name, note = str(body["name"])[:80], str(body["note"])[:2000]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise Refusal("scenario_file_bad", reason=str(problem)[:120]) from problem
    return Opened(
        name, note, scenario, body.get("method") != method_version(), body.get("data") != data_mark(viewer, workspace), year, scope
    )


def _scope(given: Mapping[str, Any]) -> Scope:
    return Scope(**{name: tuple(str(value) for value in given.get(name, ())) for name in ("locations", "units", "roles")})


# -- beside each other -------------------------------------------------------------------------------------------------------


def difference(viewer: Viewer, one: Outlook, other: Outlook) -> Bridge:
    """From the shortage of one scenario to that of the other in the same year, by cause; adds up exactly.

    Refusals: not_allowed; not_comparable when the two stand on other data, years or parts of the organisation."""
    require(viewer, Right.GROUPS)
    if (one.as_of, one.target_year, one.scope) != (other.as_of, other.target_year, other.scope):
        raise Refusal("not_comparable")
    return between(one.bridge, other.bridge)
