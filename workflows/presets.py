"""Ready-made scenarios: five ways the coming years may go, each as its differences from the baseline only."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from analytics.release import Viewer
from analytics.scenario import Override, Scenario
from workflows.abilities import kept
from workflows.access import Right, require
from workflows.outlook import basis
from workflows.prepared import occupations, prepared
from workflows.workspace import Workspace

PRESETS: dict[str, Mapping[str, float]] = {
    "earlier": {"rvu_uptake": 30, "generation_pact_uptake": 50, "retirement_shift_months": -9},
    "tight": {"resignation_multiplier": 1.4, "fill_rate": 45, "time_to_fill_months": 7},
    "energy": {
        "resignation_multiplier": 1.1,
        "fill_rate": 55,
        "time_to_fill_months": 5,
        "demand_growth": 2.5,
        "training_places": 25,
        "apprentice_places": 1.3,
    },
    "technology": {
        "resignation_multiplier": 1.1,
        "demand_growth": 0.5,
        "adoption_max": 85,
        "adoption_midpoint_year": 2028,
        "feasible_share": 70,
        "realised_share": 70,
        "replaced_share": 80,
        "training_places": 20,
        "freed_hours_per_week": 0.5,
    },
    "learning": {
        "generation_pact_uptake": 45,
        "retirement_shift_months": 6,
        "resignation_multiplier": 0.8,
        "adoption_max": 60,
        "adoption_midpoint_year": 2030,
        "feasible_share": 50,
        "realised_share": 60,
        "training_places": 45,
        "apprentice_places": 1.5,
        "extra_hours_uptake": 60,
        "freed_hours_per_week": 1,
    },
}
"""Lever values; `demand_growth` is added to the firm's own plan for technical roles, `apprentice_places` multiplies the apprentices of
now."""
TECHNICAL = ("21", "31", "7", "81", "82")
"""First figures of the ISCO-08 codes of technical work: engineers, technicians, crafts, plant and assembly work."""
TWICE = re.compile(r" \(\d+\)$")
"""What stands behind the name of a group that shares it with another (`analytics.protect.atom_names`)."""


def presets(viewer: Viewer, workspace: Workspace) -> dict[str, Scenario]:
    """The ready-made scenarios for these data, by name. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    return kept(viewer, workspace, "presets", lambda: _made(viewer, workspace))


def _made(viewer: Viewer, workspace: Workspace) -> dict[str, Scenario]:
    own, growing = basis(viewer, workspace), _technical(viewer, workspace)
    made = {}
    for name, values in PRESETS.items():
        given, rules = dict(values), ()
        if "demand_growth" in given:
            more = given.pop("demand_growth")
            rules = tuple(Override("demand_growth", round(growth + more, 1), role=role) for role, growth in growing.items())
            if not growing:  # no occupation codes: all work grows
                given["demand_growth"] = round(own.get("demand_growth", 0.0) + more, 1)
        if "apprentice_places" in given:
            times = given.pop("apprentice_places")
            if "apprentice_places" in own:
                given["apprentice_places"] = round(own["apprentice_places"] * times)
        made[name] = Scenario(**given, overrides=rules)  # type: ignore[arg-type]
    return made


def _technical(viewer: Viewer, workspace: Workspace) -> dict[str, float]:
    """Technical roles, as the engine names them for this viewer, and the growth of their work in the firm's plan, percent a year. A
    group of several roles is technical when each of them is."""
    base = prepared(workspace, viewer, None).base
    codes = occupations(workspace)
    names = base.groups["role"].astype(str).to_numpy()
    out: dict[str, float] = {}
    for name in dict.fromkeys(names):
        if all(codes.get(part, "").startswith(TECHNICAL) for part in TWICE.sub("", name).split(" + ")):
            here = names == name
            work = base.demand0[here]
            out[name] = 100 * float(np.average(base.growth[here], weights=work if work.sum() > 0 else None))
    return out
