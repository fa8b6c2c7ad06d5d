"""The nouns that screens and the command line speak, in one place; the rooms below define them."""

from __future__ import annotations

from analytics.bridge import Bridge
from analytics.errors import Refusal
from analytics.projection import later
from analytics.release import FULL_RIGHTS, Merged, Role, Viewer
from analytics.scenario import LEVERS, Lever, Override, Rejected, Scenario, clamp
from analytics.tables import tightness_class
from analytics.voices import BANDS, QUESTIONS, SCORES, WISHES
from analytics.workforce import EXITS, GROUP, Flow, Scope
from intake.kinds import FIELDS_OF

__all__ = [
    "BANDS",
    "EXITS",
    "FIELDS_OF",
    "FULL_RIGHTS",
    "GROUP",
    "LEVERS",
    "QUESTIONS",
    "SCORES",
    "WISHES",
    "Bridge",
    "Flow",
    "Lever",
    "Merged",
    "Override",
    "Refusal",
    "Rejected",
    "Role",
    "Scenario",
    "Scope",
    "Viewer",
    "clamp",
    "later",
    "tightness_class",
]
