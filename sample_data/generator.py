"""The seeded generator: the same seed gives the same values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sample_data.faults import write_faults
from sample_data.firm import LAST_YEAR
from sample_data.history import past
from sample_data.people import Person, staff
from sample_data.small import small_firm
from sample_data.workbook import departures, formation, roles_sheet, staff_rows, write_workbook

SEED = 2026
HOME = Path(__file__).resolve().parent
FULL, LATEST, SMALL, FAULTS, FAULT_LIST = "merwerode.xlsx", "merwerode_2026.xlsx", "klein_bedrijf.xlsx", "fouten.xlsx", "fouten.toml"


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


def write(folder: Path = HOME, seed: int = SEED) -> tuple[Path, ...]:
    """Write the sample files into the folder; returns their paths."""
    made = firm(seed)
    write_workbook(folder / FULL, made.sheets())
    write_workbook(folder / LATEST, {"Personeel": made.latest()})
    write_workbook(folder / SMALL, {"Medewerkers": small_firm(seed)})
    write_faults(folder / FAULTS, folder / FAULT_LIST)
    return tuple(folder / name for name in (FULL, LATEST, SMALL, FAULTS, FAULT_LIST))
