"""Counted rows on the grid: however they come in (sorted, mixed up, as text or as codes), the same cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.coded import as_text, grouped
from analytics.folding import FAR, NO_END, Cells, fold, pension_age, rows_of
from analytics.workforce import AGE_MAX, AGE_MIN, FIXED, GROUP, PERMANENT

YEARS = 20


def staff(count: int = 4000) -> pd.DataFrame:
    """Rows as the store has them, in its order, with people of every kind; few enough values that many fall in one cell."""
    rng = np.random.default_rng(3)
    fixed = rng.random(count) < 0.3
    rows = pd.DataFrame(
        {
            "location": "", "unit": rng.choice(["Zuid", "Één", "Noord"], count), "role": rng.choice(["Lasser", "Planner"], count),
            "age": rng.integers(13, 82, count), "pension_month": 0, "tenure_band": rng.integers(0, 4, count),
            "contract": np.where(fixed, FIXED, PERMANENT),
            "contract_end_month": np.where(fixed, rng.choice([-1, 0, 11, 12, 119, 120, 300], count), -1),
            "people": rng.integers(1, 4, count).astype(float),
        }
    )  # fmt: skip
    rows["pension_month"] = 804 - 12 * rows["age"] - rng.integers(0, 12, count)
    rows["fte"], rows["fte_sq"] = rows["people"] * 0.8, rows["people"] * 0.64
    return rows


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per cell, in the store's order, names as categories."""
    keys = [*GROUP, "age", "pension_month", "tenure_band", "contract", "contract_end_month"]
    sums = rows.groupby(keys, as_index=False)[["people", "fte", "fte_sq"]].sum()
    return sums.assign(**{name: pd.Categorical(sums[name]) for name in (*GROUP, "contract")})


def counted(cells: tuple[Cells, Cells]) -> list[dict[tuple[float, ...], tuple[float, ...]]]:
    found = []
    for part in cells:
        keys = zip(part.group, part.age, part.tenure, part.month, part.end_step, part.end_part, strict=True)
        found.append({tuple(map(float, key)): tuple(part.amounts[:, row].round(9)) for row, key in enumerate(keys)})
        assert len(found[-1]) == len(part)  # no cell twice
    return found


def one_by_one(rows: pd.DataFrame) -> list[dict[tuple[float, ...], tuple[float, ...]]]:
    """The same cells counted row by row, as the docstring of `Cells` says."""
    names = sorted(set(zip(*(rows[name] for name in GROUP), strict=True)))
    found: list[dict[tuple[float, ...], np.ndarray]] = [{}, {}]
    for row in rows.itertuples():
        age = min(max(row.age, AGE_MIN), AGE_MAX) - AGE_MIN
        month = FAR if row.pension_month >= 12 * (YEARS + 12) else max(row.pension_month, -1)
        step, part = NO_END, 0.5
        if row.contract == FIXED and row.contract_end_month < 120:
            step = max(row.contract_end_month, 0) // 12
            part = 0.5 if row.contract_end_month < 0 else (row.contract_end_month % 12 + 0.5) / 12
        key = tuple(map(float, (names.index((row.location, row.unit, row.role)), age, row.tenure_band, month, step, part)))
        cells = found[row.contract == FIXED]
        cells[key] = cells.get(key, np.zeros(3)) + np.array([row.people, row.fte, row.fte_sq])
    return [{key: tuple(amounts.round(9)) for key, amounts in cells.items()} for cells in found]


@pytest.mark.parametrize(
    "way", [in_order, lambda rows: rows, lambda rows: in_order(rows).sample(frac=1, random_state=1), lambda rows: rows[:0]]
)
def test_every_row_lies_in_its_cell(way) -> None:
    rows = way(staff())
    found = grouped(rows)
    assert counted(fold(rows_of(rows, found.of_row), YEARS)) == one_by_one(as_text(rows))


def test_the_pension_age_is_read_back_from_the_months() -> None:
    rows = staff()
    young = rows[(rows["age"] >= AGE_MIN) & (rows["age"] <= 60) & (rows["pension_month"] > 0)]
    months = young["pension_month"] + 12 * young["age"] + 6.5
    expected = round(float(np.average(months, weights=young["people"])))
    for frame in (rows, in_order(rows)):
        assert pension_age(rows_of(frame, grouped(frame).of_row)) == expected
    assert pension_age(rows_of(rows[:0], np.zeros(0, int))) == 807.0


def test_groups_by_code_are_the_groups_by_name() -> None:
    text = staff()
    by_code, by_name = grouped(in_order(text)), grouped(as_text(in_order(text)))
    pd.testing.assert_frame_equal(by_code.names, by_name.names)
    assert (by_code.of_row == by_name.of_row).all()
    assert by_code.names.equals(text[list(GROUP)].drop_duplicates().sort_values(list(GROUP), ignore_index=True))
    some = in_order(text).loc[lambda rows: rows["unit"] == "Zuid"]  # a category that nobody is left in is no group
    assert set(grouped(some).names["unit"]) == {"Zuid"}
    unnamed = text.assign(unit=text["unit"].where(text["unit"] != "Zuid"))
    assert set(grouped(unnamed).names["unit"]) == {"", "Één", "Noord"}
    assert grouped(text[:0]).names.empty
