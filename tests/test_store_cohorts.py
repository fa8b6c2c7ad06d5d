"""Cohorts: everybody counted once, at the right age, pension month, tenure and contract."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.pension import pension_months
from analytics.protect import all_groups
from analytics.workforce import GROUP
from store import Store, open_store
from tests.staff_frames import Report, many, staff


@pytest.fixture
def store(place):
    with open_store(place) as opened:
        yield opened


def save(store: Store, frame: pd.DataFrame, content: str = "hash", **frames: pd.DataFrame):
    return store.save_import({"employees": frame, **frames}, [Report()], content, "f.xlsx", "tester")


def test_an_empty_store_has_no_cohorts(store: Store) -> None:
    with pytest.raises(Refusal) as caught:
        store.cohorts()
    assert caught.value.code == "no_data"


def test_one_person_worked_out_by_hand(store: Store) -> None:
    person = {
        "birth_date": "1960-12-31", "hire_date": "2024-06-01", "contract_type": "fixed", "contract_end_date": "2026-07-15",
        "fte": 0.8, "salary": 30_000.0,
    }  # fmt: skip
    save(store, staff(person))
    row = store.cohorts().frame.iloc[0]
    assert (row["location"], row["unit"], row["role"]) == ("Utrecht", "Werkplaats", "Monteur")
    assert row["age"] == 65
    assert row["pension_month"] == 23  # 31 December 2027, from 1 January 2026
    assert row["tenure_band"] == 1
    assert row["contract"] == "fixed"
    assert row["contract_end_month"] == 6
    assert (row["people"], row["fte"]) == (1, 0.8)
    assert row["fte_sq"] == pytest.approx(0.64)
    assert row["cost"] == 30_000


def test_only_own_staff_employed_that_day_counts(store: Store) -> None:
    save(
        store,
        staff(
            {"leave_date": "2026-01-01"}, {"leave_date": "2026-01-02"}, {"hire_date": "2026-01-02"}, {"hire_date": "2026-01-01"},
            {"hire_date": None}, {"population": "flex"},
        ),
    )  # fmt: skip
    assert store.cohorts().frame["people"].sum() == 3
    assert store.cohorts(date(2026, 1, 2)).frame["people"].sum() == 3
    assert store.snapshots()[0].active == 3
    assert store.snapshots()[0].rows == 6


def test_born_on_29_february_turns_on_1_march_in_other_years(store: Store) -> None:
    save(store, staff({"birth_date": "1964-02-29"}))
    ages = [
        int(store.cohorts(day).frame["age"].iloc[0]) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 28), date(2028, 2, 29))
    ]
    assert ages == [61, 62, 63, 64]


@pytest.mark.parametrize(
    ("person", "contract", "month"),
    [
        ({"contract_type": "permanent", "contract_end_date": "2027-01-01"}, "permanent", -1),
        ({"contract_type": "fixed"}, "fixed", -1),
        ({"contract_type": "fixed", "contract_end_date": "2025-01-01"}, "fixed", 0),
        ({"contract_type": "apprentice", "contract_end_date": "2027-01-01"}, "fixed", 12),
        ({"contract_type": "oncall"}, "permanent", -1),
        ({"contract_type": "", "contract_end_date": "2026-02-01"}, "fixed", 1),
        ({"contract_type": ""}, "permanent", -1),
    ],
)
def test_contracts(store: Store, person: dict, contract: str, month: int) -> None:
    save(store, staff(person))
    row = store.cohorts().frame.iloc[0]
    assert (row["contract"], row["contract_end_month"]) == (contract, month)


def test_cells_agree_with_counting_one_by_one(store: Store) -> None:
    """A second way to the same counts: pandas, person by person."""
    rng = np.random.default_rng(7)
    count = 3000
    frame = many(count).assign(
        birth_date=pd.Timestamp("1955-01-01") + pd.to_timedelta(rng.integers(0, 18000, count), unit="D"),
        hire_date=pd.Timestamp("1999-01-01") + pd.to_timedelta(rng.integers(0, 9800, count), unit="D"),
        unit=rng.choice(["A", "B", "C"], count), fte=rng.choice([0.5, 0.8, 1.0], count), country=rng.choice(["NL", "BE"], count),
    )  # fmt: skip
    save(store, frame)
    day = pd.Timestamp("2026-01-01")
    here = frame[frame["hire_date"] <= day].copy()
    born = here["birth_date"].dt
    here["age"] = day.year - born.year - ((born.month > 1) | (born.day > 1))
    for country in ("NL", "BE"):
        rows = here["country"] == country
        here.loc[rows, "pension_month"] = pension_months(here.loc[rows, "birth_date"].to_numpy("datetime64[D]"), day.date(), country)[0]
    keys = ["unit", "age", "pension_month"]
    expected = here.groupby(keys).agg(people=("fte", "size"), fte=("fte", "sum")).reset_index()
    got = store.cohorts().frame.groupby(keys)[["people", "fte"]].sum().reset_index()
    pd.testing.assert_frame_equal(got, expected, check_dtype=False, check_categorical=False, rtol=1e-12)


def test_nobody_without_a_birth_date_is_lost(store: Store) -> None:
    frame = pd.concat(
        [
            staff(
                {"id": "a", "birth_date": "1966-01-01"}, {"id": "b", "birth_date": "1996-01-01"}, {"id": "c", "birth_date": "1996-01-01"}
            ),
            staff({"id": "d", "birth_date": None, "fte": 0.5}),
            staff({"id": "e", "birth_date": None, "unit": "Kantoor"}),
        ]
    )
    save(store, frame)
    cohorts = store.cohorts()
    assert cohorts.imputed == 2
    assert cohorts.frame["people"].sum() == pytest.approx(5)
    shop = cohorts.frame[cohorts.frame["unit"] == "Werkplaats"]
    assert shop.groupby("age")["people"].sum().to_dict() == pytest.approx({60: 1 + 1 / 3, 30: 2 + 2 / 3})
    assert shop["fte"].sum() == pytest.approx(3.5)
    office = cohorts.frame[cohorts.frame["unit"] == "Kantoor"]
    assert office.groupby("age")["people"].sum().to_dict() == pytest.approx({60: 1 / 3, 30: 2 / 3})


def test_a_firm_without_any_birth_date_cannot_be_aged(store: Store) -> None:
    save(store, many(3, birth_date=None))
    with pytest.raises(Refusal) as caught:
        store.cohorts()
    assert caught.value.code == "no_ages"


def test_an_unknown_part_time_factor_is_the_group_mean(store: Store) -> None:
    save(store, staff({"fte": 0.6}, {"fte": 0.8}, {"fte": None}, {"fte": None, "unit": "Leeg"}))
    assert store.cohorts().frame.groupby("unit")["fte"].sum().to_dict() == pytest.approx({"Werkplaats": 2.1, "Leeg": 1.0})


def test_cost_is_unknown_as_soon_as_one_salary_is(store: Store) -> None:
    save(store, staff({}, {"salary": None}, {"unit": "B"}))
    assert store.cohorts().frame.set_index("unit")["cost"].to_dict() == pytest.approx({"Werkplaats": np.nan, "B": 40_000}, nan_ok=True)


def test_demand_has_groups_with_people_posts_or_vacancies(store: Store) -> None:
    posts = pd.DataFrame(
        {
            "location": ["Utrecht"],
            "unit": ["Nieuw"],
            "role": ["Monteur"],
            "establishment_fte": [3.0],
            "vacancies_fte": [2.0],
            "growth": [0.02],
        }
    )
    vacancies = pd.DataFrame({"location": ["Utrecht"] * 2, "unit": ["Werkplaats"] * 2, "role": ["Monteur"] * 2, "fte": [1.0, 0.5]})
    save(store, many(2), "h", formation=posts, vacancies=vacancies)
    cohorts = store.cohorts()
    demand = cohorts.demand.set_index("unit")
    assert demand["vacancies_fte"].to_dict() == {"Nieuw": 2.0, "Werkplaats": 1.5}
    assert demand["establishment_fte"].to_dict() == pytest.approx({"Nieuw": 3.0, "Werkplaats": np.nan}, nan_ok=True)
    assert demand.loc["Nieuw", "growth"] == 0.02
    assert cohorts.roles["role"].tolist() == ["Monteur"]
    assert cohorts.roles["critical"].tolist() == [False]


def test_group_counts_are_those_of_the_cohorts(store: Store) -> None:
    """The cut into groups is made from counts alone; they must be what the engine's cells add up to, on every day."""
    save(store, staff({"leave_date": "2026-03-01"}, {"role": "Lasser"}, {"role": "Lasser", "fte": None}, {"population": "flex"}))
    later = staff({"role": "Lasser"}, {"location": "Goes", "birth_date": None}).assign(as_of=pd.Timestamp("2026-06-01"))
    save(store, later, "second")
    store.set_formation(
        pd.DataFrame([("Utrecht", "Kantoor", "Planner", 2.0, 1.0, 0.0)], columns=[*GROUP, "establishment_fte", "vacancies_fte", "growth"]),
        "tester",
    )
    for day in (date(2026, 1, 1), date(2026, 4, 1), date(2026, 6, 1)):
        told = store.group_counts(day)
        pd.testing.assert_frame_equal(told, all_groups(store.cohorts(day)), check_dtype=False)
        assert 0.0 in told["people"].to_numpy()


def test_a_day_between_snapshots_is_answered_from_the_one_before(store: Store) -> None:
    save(store, pd.concat([many(5, as_of="2025-01-01"), many(4, as_of="2026-01-01")]))
    assert store.cohorts(date(2025, 6, 1)).frame["people"].sum() == 5
    assert store.cohorts(date(2024, 6, 1)).as_of == date(2024, 6, 1)
    assert store.cohorts().as_of == date(2026, 1, 1)


def test_retirements_by_hand(store: Store) -> None:
    """67y on 1-3-2026 (born 1-3-1959); 67y3m on 1-4-2028 (born 1-1-1961); 62nd birthday of 29-2-1964 on 1-3-2026."""
    save(
        store,
        staff(
            {"birth_date": "1959-03-01"}, {"birth_date": "1961-01-01", "fte": 0.8}, {"birth_date": "1990-02-28"},
            {"birth_date": "1964-02-29", "fte": 0.5}, {"birth_date": None},
        ),
    )  # fmt: skip
    law = store.retirement_dates(date(2026, 1, 1), None, 5)
    assert (law.active, law.already_past, law.unknown) == (5, 0, 1)
    assert [(r.year, r.people, r.fte) for r in law.rows.itertuples()] == [(2026, 1, 1.0), (2028, 1, 0.8)]
    before = store.retirement_dates(date(2026, 2, 28), 62, 1)
    assert (int(before.rows["people"].sum()), before.already_past) == (1, 2)
    after = store.retirement_dates(date(2026, 3, 1), 62, 1)
    assert (int(after.rows["people"].sum()), after.already_past) == (0, 3)
    leap = store.retirement_dates(date(2028, 2, 28), 64, 1)
    assert leap.already_past == 2
    assert leap.rows["year"].tolist() == [2028]


def test_quality_counts_what_is_missing(store: Store) -> None:
    save(
        store,
        staff(
            {"birth_date": None},
            {"fte": None, "role": ""},
            {"birth_estimated": True, "population": "own"},
            {"population": "flex", "fte": None},
        ),
    )
    counted = store.quality().set_index("measure")
    assert counted.loc[["birth_date_missing", "fte_missing", "role_missing", "birth_date_estimated", "flex"], "count"].tolist() == [
        1,
        1,
        1,
        1,
        1,
    ]
    assert counted.loc["birth_date_missing", "of"] == 3


def test_a_day_is_counted_once_until_the_data_change(place) -> None:
    """The same frames from memory as from the database; what a caller does with them stays with the caller; every change is seen."""
    with open_store(place) as store:
        save(store, staff({"id": "a"}, {"id": "b", "role": "Planner"}))
        first = store.cohorts()
        assert len(store._counted) == 1
        first.frame["people"] = 99.0
        first.demand.loc[:, "vacancies_fte"] = 5.0
        again = store.cohorts(first.as_of)
        assert len(store._counted) == 1
        assert again.frame["people"].tolist() == [1.0, 1.0]
        assert again.demand["vacancies_fte"].tolist() == [0.0, 0.0]
        save(store, staff({"id": "a"}, as_of="2026-02-01"), "later")
        assert store.cohorts().frame["people"].sum() == 1
        assert store.cohorts(first.as_of).frame["people"].sum() == 2
        store.undo_last("tester")
        assert store.cohorts().frame["people"].sum() == 2
        store.erase_person("b", "tester")
        assert store.cohorts().frame["role"].tolist() == ["Monteur"]
        assert len(store._counted) == 2
        kept = store.cohorts()
        store._counted.clear()
        pd.testing.assert_frame_equal(store.cohorts().frame, kept.frame)
