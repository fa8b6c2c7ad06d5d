"""Courses people of the fictional firm took in the year before the last snapshot: what the learning budget counts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from sample_data.firm import LAST_YEAR
from sample_data.skills import Staff, story

TAKEN = {
    "Warmtepomp inregelen": 14, "F-gassen": 12, "NEN 3140": 38, "VCA": 74, "Laadpunten": 11, "BIM": 9, "Leermeester": 13,
    "Plannen met software": 12, "Klantgesprek": 16, "AI-hulp": 34, "Leidinggeven op de bouwplaats": 10, "Energieadvies": 3,
}  # fmt: skip
"""Course -> people who took it; not more than its places."""


def with_taken(offered: pd.DataFrame, staff: Staff, rng: np.random.Generator) -> pd.DataFrame:
    """The sheet of courses on offer with a row below it per person and course taken. Who took a course can do what it teaches."""
    raises = {course["name"]: course["raises"] for course in story()["training"]}
    rows = []
    for course, count in TAKEN.items():
        able = [
            person for person in staff.people
            if all(staff.levels.get(person.number, {}).get(skill, 0) >= level for skill, level in raises[course].items())
        ]  # fmt: skip
        for at in sorted(rng.choice(len(able), min(count, len(able)), replace=False)):
            day = date(LAST_YEAR - 1, 1, 10) + timedelta(days=int(rng.integers(0, 340)))
            rows.append((f"{able[at].number:06d}", course, day))
    taken = pd.DataFrame(rows, columns=["Personeelsnummer", "Opleiding", "Afgerond op"]).astype(object)
    return pd.concat([offered, taken], ignore_index=True)
