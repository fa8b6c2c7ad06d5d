"""What the values of a column tell about it when its header does not."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from intake.grid import Grid
from intake.values import words
from intake.values.dates import parse_dates
from intake.values.numbers import parse_numbers

SAMPLE = 400
ENOUGH = 8
SURE = 0.9


def sample(grid: Grid, column: int, start: int) -> pd.Series:
    """Up to 400 filled cells, spread over the column."""
    cells = grid.table.column(column).slice(start).drop_null()
    step = max(1, len(cells) // SAMPLE)
    texts = cells.take(np.arange(0, len(cells), step)[:SAMPLE]).to_pylist()
    return pd.Series([text for text in texts if not words.is_null(text.strip())], dtype="str")


def guess(texts: pd.Series, taken: set[str]) -> str:
    """birth_date, gender, contract_type or fte when nearly every value says so, else ""."""
    if len(texts) < ENOUGH:
        return ""
    for name, test in (("birth_date", _births), ("gender", _genders), ("contract_type", _contracts), ("fte", _parts)):
        if name not in taken and not (name == "birth_date" and taken & {"age", "birth_year"}) and test(texts):
            return name
    return ""


def _births(texts: pd.Series) -> bool:
    """Full dates, nearly all of people between 15 and 75, spread over more than twenty years."""
    today = date.today()
    if texts.str.fullmatch(r"\d{4,5}(\.0)?").mean() > 0.5 and texts.nunique() < len(texts) * 0.5:
        return False
    read = parse_dates(texts, "birth", today)
    years = pd.Series(read.values).dt.year.dropna()
    if len(years) < SURE * len(texts) or read.serial.mean() > 0.5:
        return False
    ages = today.year - years
    return bool(((ages >= 15) & (ages <= 75)).mean() > 0.97 and ages.max() - ages.min() > 20 and ages.median() > 27)


def _genders(texts: pd.Series) -> bool:
    values = {words.key(text) for text in texts}
    if not values <= {"m", "v", "w", "f", "x", "d", "o"} | {"man", "vrouw", "male", "female", "weiblich", "mannlich", "divers"}:
        return False
    return 2 <= len(values) <= 4 and bool(values & {"m", "man", "male", "mannlich"})


def _contracts(texts: pd.Series) -> bool:
    values = {words.key(text) for text in texts}
    long = [value for value in values if len(value) > 3]
    return len(values) <= 12 and len(long) >= 2 and sum(bool(words.contract(value, "")) for value in values) >= SURE * len(values)


def _parts(texts: pd.Series) -> bool:
    """Numbers between 0 and 1, mostly ones, with fractions among them."""
    read = parse_numbers(texts, small=True)
    values = read.values[~np.isnan(read.values)]
    if len(values) < SURE * len(texts) or read.percent.any():
        return False
    fractions = (values > 0) & (values < 1)
    return bool(values.min() >= 0.05 and values.max() <= 1.0 and fractions.mean() > 0.05 and (values == 1).mean() > 0.25)


def mostly_dates(grid: Grid, column: int, start: int) -> bool:
    """At least half of the filled cells are dates; an empty column may be one."""
    texts = sample(grid, column, start)
    return texts.empty or bool(parse_dates(texts, "any", date.today()).bad.mean() <= 0.5)
