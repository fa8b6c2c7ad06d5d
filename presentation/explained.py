"""Which words of the glossary explain a table: the one place that says so. Figures and cards on top carry their own."""

from __future__ import annotations

TERMS: dict[str, tuple[str, ...]] = {
    # shortages, comparing, deciding
    "beside": ("shortage", "flex", "mentor", "retraining"),
    "chain": ("outflow", "internal_moves", "inflow"),
    "differences": ("scenario", "baseline"),
    "decisions": ("decision", "scenario", "shortage"),
    # skills and changing work
    "knowledge": ("single_point", "expected_stop"),
    "skill_gaps": ("skill", "shortage", "not_assessed"),
    "corners": ("exposure", "natural_outflow", "knowledge_transfer"),
    "exposed": ("exposure",),
    "ways": ("work_to_work", "retraining", "wish"),
    "wishes": ("wish",),
    "outside": ("work_to_work", "tightness"),
    "leaving_cost": ("leaving_cost", "retraining"),
    "learning": ("upskilling", "retraining"),
    "learning_effect": ("skill", "shortage", "retraining"),
    # plan
    "plan_mix": ("measure", "shortage"),
    "plan_limits": ("measure", "shortage"),
    "plan_prices": ("measure", "short_years"),
    "actions": ("measure", "shortage"),
    "followup": ("conversation",),
    # people
    "capacity": ("part_time_factor", "wish"),
    "targets": ("shortage", "wish"),
    "wish_groups": ("wish",),
    "silent": ("conversation",),
    "recorded": ("conversation", "wish"),
    "own_skills": ("skill", "not_assessed"),
    "pairs": ("learning_pair", "single_point"),
    "transfer": ("knowledge_transfer", "expected_stop"),
    "round": ("rotation",),
    "idea_table": ("idea",),
    "groups": ("idea", "shortage"),
    "controls": ("needless_control",),
    "pulse_teams": ("pulse_round",),
    "work_ability": ("work_ability",),
    "scan_change": ("measure",),
    "scan_progress": ("measure",),
    # assumptions, proof, access
    "chances": ("year_chance", "turnover"),
    "steady_years": ("year_chance", "internal_moves"),
    "money": ("wage_bill", "doing_nothing", "shortage"),
    "scores_stock": ("miss", "range", "reference_date"),
    "scores_flows": ("miss", "outflow", "inflow"),
    "rights": ("right",),
    "log": ("log",),
    "joined": ("joined_group", "role"),
    "carried": ("joined_group", "reference_date"),
    "copies": ("backup_copy",),
}
"""The name of a table -> keys of `term` in the texts."""


def terms_of(name: str, own: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What explains a figure or table: what it says itself, else what stands here."""
    return own or TERMS.get(name, ())
