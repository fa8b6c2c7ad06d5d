"""Ready-made scenarios: five ways the coming years may go, each as its differences from the baseline only."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.release import Viewer
from analytics.scenario import Scenario
from workflows.access import Right, require
from workflows.outlook import basis
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
"""Lever values; `demand_growth` is added to the firm's own plan, `apprentice_places` multiplies the apprentices of now."""


def presets(viewer: Viewer, workspace: Workspace) -> dict[str, Scenario]:
    """The ready-made scenarios for these data, by name. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    own = basis(viewer, workspace)
    made = {}
    for name, values in PRESETS.items():
        given = dict(values)
        if "demand_growth" in given:
            given["demand_growth"] = round(own.get("demand_growth", 0.0) + given["demand_growth"], 1)
        if "apprentice_places" in given:
            times = given.pop("apprentice_places")
            if "apprentice_places" in own:
                given["apprentice_places"] = round(own["apprentice_places"] * times)
        made[name] = Scenario(**given)  # type: ignore[arg-type]
    return made
