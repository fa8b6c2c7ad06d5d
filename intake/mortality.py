"""A life table as statistics offices give it (age and chance of death) out of a text file."""

from __future__ import annotations

import re

from analytics.deaths import HIGHEST, LEAST_AGES
from analytics.errors import Refusal
from intake.csv_text import CsvRefused, read

LARGEST = 2_000_000
AGE_WORDS = ("leeftijd", "age", "alter")
CHANCE_WORDS = ("qx", "q(x)", "sterftekans", "sterbewahrscheinlichkeit", "probability of death", "death probability", "chance of death")


def read_deaths(data: bytes) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Ages and chances, ages rising. Several rows or columns for one age (men, women) count as their mean; rows that hold no age are
    passed over. Refusals: deaths_unreadable, deaths_no_column, deaths_out_of_range, deaths_too_few."""
    if len(data) > LARGEST:
        raise Refusal("deaths_unreadable")
    try:
        columns = read(data).columns
    except CsvRefused as problem:
        raise Refusal("deaths_unreadable") from problem
    rows = list(zip(*columns, strict=False))
    start, age_at, chance_at = _header(rows)
    found: dict[int, list[float]] = {}
    for row in rows[start + 1 :]:
        age = re.search(r"\d{1,3}", str(row[age_at] or ""))
        values = [value for at in chance_at if (value := _number(row[at])) is not None]
        if age and values:
            found.setdefault(int(age.group()), []).extend(values)
    ages = sorted(age for age in found if age <= 110)
    means = [sum(found[age]) / len(found[age]) for age in ages]
    wrong = next((age for age, value in zip(ages, means, strict=True) if age < 80 and not 0 <= value <= HIGHEST), None)
    if wrong is not None:
        raise Refusal("deaths_out_of_range", age=wrong)
    if sum(15 <= age <= 79 for age in ages) < LEAST_AGES:
        raise Refusal("deaths_too_few", least=LEAST_AGES)
    return tuple(ages), tuple(means)


def _header(rows: list[tuple[str | None, ...]]) -> tuple[int, int, list[int]]:
    """Row of the headings, column of the ages, columns of the chances."""
    for at, row in enumerate(rows[:30]):
        names = [str(cell or "").strip().lower() for cell in row]
        ages = [place for place, name in enumerate(names) if any(name.startswith(word) for word in AGE_WORDS)]
        chances = [place for place, name in enumerate(names) if any(word in name for word in CHANCE_WORDS)]
        if ages and chances:
            return at, ages[0], chances
    raise Refusal("deaths_no_column")


def _number(cell: str | None) -> float | None:
    text = str(cell or "").strip().replace("\u00a0", "").replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value else None
