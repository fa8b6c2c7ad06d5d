"""The seeded generator: the same seed gives the same values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sample_data.firm import LAST_YEAR
from sample_data.history import past
from sample_data.people import Person, staff
from sample_data.workbook import departures, formation, roles_sheet, staff_rows, write_workbook

SEED = 2026
HOME = Path(__file__).resolve().parent
FULL, LATEST = "merwerode.xlsx", "merwerode_2026.xlsx"


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
        """The staff sheet of the last snapshot alone, without the snapshot column: it is in the file name, as users do."""
        return self.staff[self.staff["Peildatum"] == date(LAST_YEAR, 1, 1)]


@cache
def firm(seed: int = SEED) -> Firm:
    """Merwerode Techniek as one seed makes it."""
    rng = np.random.default_rng(seed)
    people = past(staff(rng), rng)
    rows = staff_rows(people, rng)
    return Firm(tuple(people), rows, departures(people), roles_sheet(), formation(rows))


def write(folder: Path = HOME, seed: int = SEED) -> tuple[Path, ...]:
    """Write the workbooks of the firm into the folder; returns their paths."""
    made = firm(seed)
    write_workbook(folder / FULL, made.sheets())
    write_workbook(folder / LATEST, {"Personeel": made.latest()})
    return folder / FULL, folder / LATEST
