"""A firm of forty people, to see how small groups are protected. Other header words than the large firm uses."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from sample_data.people import born_at

SNAPSHOTS = (2025, 2026)
POSTS = (
    ("Montage", "Monteur", 14),
    ("Montage", "Leerling-monteur", 4),
    ("Montage", "Voorman", 2),
    ("Werkplaats", "Lasser", 5),
    ("Werkplaats", "Magazijnmedewerker", 2),
    ("Kantoor", "Planner", 3),
    ("Kantoor", "Administratief medewerker", 4),
    ("Kantoor", "Werkvoorbereider", 3),
    ("Kantoor", "Calculator", 2),
    ("Kantoor", "Directeur", 1),
)
"""Department, role, people on 1 January 2026: forty together."""

REPLACED = (3, 15, 21, 33)
"""Positions in the list where another person stood a year earlier."""

COLUMNS = (
    "Peildatum",
    "Medewerkernummer",
    "Geboortedatum",
    "In dienst sinds",
    "Geslacht",
    "Afdeling",
    "Functienaam",
    "Soort contract",
    "Deeltijdfactor",
)


def small_firm(seed: int) -> pd.DataFrame:
    """Forty rows for each of the two snapshots; four people differ between them."""
    rng = np.random.default_rng(seed)
    posts = [(unit, role) for unit, role, people in POSTS for _ in range(people)]
    now = [_person(100 + 3 * place, post, rng, new=place in REPLACED) for place, post in enumerate(posts)]
    before = [_person(50 + place, posts[place], rng, new=False) if place in REPLACED else row for place, row in enumerate(now)]
    rows = [(date(year, 1, 1), *row) for year, people in zip(SNAPSHOTS, (before, now), strict=True) for row in people]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _person(number: int, post: tuple[str, str], rng: np.random.Generator, new: bool) -> tuple:
    unit, role = post
    young = role.startswith("Leerling")
    age = int(rng.integers(17, 24)) if young else int(rng.integers(24, 65))
    service = rng.uniform(0.1, 0.9) if new else rng.uniform(1.2, 3.0 if young else min(25.0, age - 18.0))
    hired = date(SNAPSHOTS[-1], 1, 1) - timedelta(days=int(service * 365.25))
    contract = "Bepaalde tijd" if new or young else "Onbepaalde tijd"
    factor = 0.8 if young else float(rng.choice([1.0, 0.8421, 0.6316], p=[0.75, 0.15, 0.10]))
    gender = str(rng.choice(["M", "V"], p=[0.4, 0.6] if unit == "Kantoor" else [0.93, 0.07]))
    return f"{number:05d}", born_at(age, SNAPSHOTS[-1], rng), hired, gender, unit, role, contract, factor
