"""The seeded generator: the same seed gives the same values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sample_data.courses import with_taken
from sample_data.faults import write_faults
from sample_data.firm import LAST_YEAR
from sample_data.history import past
from sample_data.people import Person, staff
from sample_data.skills import assess, matrix_sheet, requirements_sheet, skills_sheet, trainings_sheet
from sample_data.small import small_firm
from sample_data.wishes import wishes_sheet
from sample_data.workbook import departures, formation, present, roles_sheet, staff_rows, write_workbook

SEED = 2026
HOME = Path(__file__).resolve().parent
FULL, LATEST, SKILLS, SMALL = "merwerode.xlsx", "merwerode_2026.xlsx", "merwerode_vaardigheden.xlsx", "klein_bedrijf.xlsx"
FAULTS, FAULT_LIST = "fouten.xlsx", "fouten.toml"


@dataclass(frozen=True, slots=True, eq=False)
class Firm:
    """Everything known of the firm: persons with a past, and the sheets made of them."""

    people: tuple[Person, ...]
    staff: pd.DataFrame
    departures: pd.DataFrame
    roles: pd.DataFrame
    formation: pd.DataFrame

    def sheets(self) -> dict[str, pd.DataFrame]:
        return {"Personeel": self.staff, "Uitdienst": self.departures, "Functies": self.roles, "Formatie": self.formation}

    def latest(self) -> pd.DataFrame:
        """The staff of the last snapshot alone."""
        return self.staff[self.staff["Peildatum"] == date(LAST_YEAR, 1, 1)]


@cache
def firm(seed: int = SEED) -> Firm:
    """Merwerode Techniek as one seed makes it."""
    rng = np.random.default_rng(seed)
    people = past(staff(rng), rng)
    rows = staff_rows(people, rng)
    return Firm(tuple(people), rows, departures(people), roles_sheet(), formation(rows))


@cache
def abilities(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """What people can and want, what roles ask and what can be learned, as sheets; a draw of its own, so that the staff file
    stays as it is when something changes here."""
    rng = np.random.default_rng([seed, 44])
    people = sorted((person for person in firm(seed).people if present(person, LAST_YEAR)), key=lambda person: person.number)
    staff_now = assess(people, rng)
    return {
        "Vaardigheden medewerkers": matrix_sheet(staff_now, rng),
        "Functie-eisen": requirements_sheet(),
        "Opleidingen": with_taken(trainings_sheet(), staff_now, np.random.default_rng([seed, 45])),
        "Wensen": wishes_sheet(people, rng),
        "Vaardighedenlijst": skills_sheet(),
    }


def write(folder: Path = HOME, seed: int = SEED) -> tuple[Path, ...]:
    """Write the sample files into the folder; returns their paths."""
    made = firm(seed)
    write_workbook(folder / FULL, made.sheets())
    write_workbook(folder / LATEST, {"Personeel": made.latest()})
    write_workbook(folder / SKILLS, abilities(seed))
    write_workbook(folder / SMALL, {"Medewerkers": small_firm(seed)})
    write_faults(folder / FAULTS, folder / FAULT_LIST)
    return tuple(folder / name for name in (FULL, LATEST, SKILLS, SMALL, FAULTS, FAULT_LIST))
