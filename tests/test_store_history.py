"""History: leavers by cause, movers, joiners, renames; from snapshots and from the dates inside one file."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.workforce import EXITS, GROUP
from store import Store, open_store
from tests.staff_frames import Report, many, staff

CAUSES = [str(cause) for cause in EXITS]


@pytest.fixture
def store(place):
    with open_store(place) as opened:
        yield opened


def save(store: Store, frame: pd.DataFrame, content: str = "hash", **frames: pd.DataFrame):
    return store.save_import({"employees": frame, **frames}, [Report()], content, "f.xlsx", "tester")


def two_years(before: list[dict], after: list[dict]) -> pd.DataFrame:
    return pd.concat([staff(*before, as_of="2025-01-01"), staff(*after, as_of="2026-01-01")])


def causes(store: Store) -> dict[str, float]:
    counted = store.history().exposure[CAUSES].sum()
    return {cause: value for cause, value in counted.items() if value}


def test_without_an_earlier_day_there_is_no_history(store: Store) -> None:
    save(store, many(5))
    history = store.history()
    assert history.years == 0
    assert history.exposure.empty
    assert list(history.exposure.columns) == [*GROUP, "age_band", "tenure_band", "contract", "year", "person_years", *CAUSES]
    assert list(history.moves.columns) == [*(f"{end}_{c}" for end in ("from", "to") for c in GROUP), "year", "people"]
    assert list(history.hires.columns) == [*GROUP, "year", "age", "people", "fte"]


def test_stayers_leavers_and_joiners_of_one_year(store: Store) -> None:
    before = [{"id": f"{n}", "birth_date": "1990-03-01"} for n in range(10)]
    after = [*before[:7], {"id": "new", "birth_date": "2000-02-01", "hire_date": "2025-05-01", "fte": 0.8}]
    save(store, two_years(before, after))
    history = store.history()
    assert history.years == 1
    row = history.exposure.iloc[0]
    assert (row["location"], row["unit"], row["role"]) == ("Utrecht", "Werkplaats", "Monteur")
    assert (row["age_band"], row["tenure_band"], row["contract"], row["year"]) == (1, 3, "permanent", 2026)
    assert row["person_years"] == pytest.approx(10, abs=0.01)
    assert causes(store) == {"resignation": 3}
    assert history.hires[["year", "age", "people", "fte"]].to_numpy().tolist() == [[2026, 25, 1.0, 0.8]]


@pytest.mark.parametrize(
    ("leaver", "cause"),
    [
        ({"birth_date": "1958-03-01"}, "retirement"),  # pension at 67y0m: 1 March 2025
        ({"birth_date": "1959-03-01"}, "retirement"),  # 1 March 2026, within three months after the step
        ({"birth_date": "1959-06-01"}, "resignation"),  # 1 June 2026
        ({"contract_type": "fixed", "contract_end_date": "2025-09-01"}, "contract_end"),
        ({"contract_type": "fixed", "contract_end_date": "2026-09-01"}, "resignation"),
        ({"contract_type": "permanent", "contract_end_date": "2025-09-01"}, "resignation"),
    ],
)
def test_the_cause_is_derived_where_nobody_says_it(store: Store, leaver: dict, cause: str) -> None:
    save(store, two_years([{"id": "stays"}, {"id": "goes", **leaver}], [{"id": "stays"}]))
    assert causes(store) == {cause: 1}


def test_the_files_own_reason_wins_then_the_departures_sheet(store: Store) -> None:
    before = [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "stays"}]
    after = [{"id": "a", "leave_date": "2025-06-01", "leave_reason": "other_exit"}, {"id": "stays"}]
    departures = pd.DataFrame(
        {
            "employee_id": ["a", "b", "unknown"],
            "leave_date": pd.to_datetime(["2025-06-01", "2025-07-01", "2025-07-01"]),
            "leave_reason": ["resignation", "retirement", "resignation"],
        }
    )
    save(store, two_years(before, after), departures=departures)
    assert causes(store) == {"other_exit": 1, "retirement": 1, "resignation": 1}


def test_retirement_months_are_counted_from_the_statutory_date(store: Store) -> None:
    """67y0m on 1 March 2025 and 15 November 2025; they left in January and in November 2025."""
    before = [{"id": "a", "birth_date": "1958-03-01"}, {"id": "b", "birth_date": "1958-11-15"}, {"id": "s"}]
    after = [
        {"id": "a", "birth_date": "1958-03-01", "leave_date": "2025-01-10", "leave_reason": "retirement"},
        {"id": "b", "birth_date": "1958-11-15", "leave_date": "2025-11-20"},
        {"id": "s"},
    ]
    save(store, two_years(before, after))
    pension = store.history().pension
    assert dict(zip(pension["months"], pension["people"], strict=True)) == {-2: 1.0, 0: 1.0}


def test_moves_are_not_leavers(store: Store) -> None:
    save(store, two_years([{"id": "a"}, {"id": "b"}], [{"id": "a", "unit": "Kantoor"}, {"id": "b"}]))
    history = store.history()
    assert causes(store) == {}
    assert history.moves[["from_unit", "to_unit", "year", "people"]].to_numpy().tolist() == [["Werkplaats", "Kantoor", 2026, 1.0]]


def test_a_renamed_department_is_neither_left_nor_moved(store: Store) -> None:
    """9 of the 10 who stay turn up under the new name: a rename; the tenth moved elsewhere."""
    before = [{"id": f"{n}", "unit": "Oud"} for n in range(12)] + [{"id": "x", "unit": "Anders"}]
    after = [{"id": f"{n}", "unit": "Nieuw"} for n in range(9)] + [{"id": "9", "unit": "Anders"}, {"id": "x", "unit": "Anders"}]
    stored = save(store, two_years(before, after))
    assert [(r.column, r.old, r.new, r.since, r.people) for r in stored.renames] == [("unit", "Oud", "Nieuw", date(2026, 1, 1), 9)]
    history = store.history()
    assert set(history.exposure["unit"]) == {"Nieuw", "Anders"}
    assert history.moves[["from_unit", "to_unit", "people"]].to_numpy().tolist() == [["Nieuw", "Anders", 1.0]]
    assert causes(store) == {"resignation": 2}
    assert history.hires.empty
    assert set(store.cohorts(date(2025, 1, 1)).frame["unit"]) == {"Nieuw", "Anders"}
    assert set(store.cohorts(date(2026, 1, 1)).frame["unit"]) == {"Nieuw", "Anders"}
    store.undo_last("tester")
    assert store.snapshots() == ()


def test_scattered_people_are_no_rename(store: Store) -> None:
    before = [{"id": f"{n}", "unit": "Oud"} for n in range(10)]
    after = [{"id": f"{n}", "unit": "Nieuw" if n < 7 else "Anders"} for n in range(10)]
    assert save(store, two_years(before, after)).renames == ()
    assert store.history().moves["people"].sum() == 10


def test_names_that_follow_each_other_end_in_the_last(store: Store) -> None:
    frames = [
        staff(*({"id": f"{n}", "role": name} for n in range(5)), as_of=f"{year}-01-01")
        for year, name in ((2024, "A"), (2025, "B"), (2026, "C"))
    ]
    save(store, pd.concat(frames))
    history = store.history()
    assert set(history.exposure["role"]) == {"C"}
    assert history.moves.empty
    assert history.years == 2


def test_rehired_people_leave_once_and_come_back_once(store: Store) -> None:
    frames = [many(5, as_of="2024-01-01"), many(4, as_of="2025-01-01"), many(5, as_of="2026-01-01")]
    save(store, pd.concat(frames))
    assert causes(store) == {"resignation": 1}
    assert store.history().hires[["year", "people"]].to_numpy().tolist() == [[2026, 1.0]]


def test_history_until_a_day_knows_nothing_of_later(store: Store) -> None:
    frames = [many(10, as_of="2024-01-01"), many(9, as_of="2025-01-01"), many(2, as_of="2026-01-01")]
    save(store, pd.concat(frames))
    history = store.history(date(2025, 6, 1))
    assert history.years == 1
    assert history.exposure["resignation"].sum() == 1


def test_monthly_snapshots_give_the_same_yearly_chance(store: Store) -> None:
    """1 % a month for two years: events per person-year come near 1 - 0.99^12, not near 12 %."""
    rng, present, frames = np.random.default_rng(3), np.ones(20_000, bool), []
    base = many(1)
    for month in range(25):
        ids = np.flatnonzero(present)
        frame = base.loc[np.zeros(len(ids), int)].assign(employee_id=[str(i) for i in ids], person=[str(i) for i in ids])
        frames.append(frame.assign(as_of=pd.Timestamp("2024-01-01") + pd.DateOffset(months=month)))
        present &= rng.random(20_000) > 0.01
    save(store, pd.concat(frames))
    history = store.history()
    chance = history.exposure["resignation"].sum() / history.exposure["person_years"].sum()
    assert chance == pytest.approx(1 - 0.99**12, rel=0.02)
    assert history.years == 2


def test_one_file_with_leave_dates_is_a_history_of_its_own(store: Store) -> None:
    """Everybody hired before 2015; 4 of 104 leave a year. Who is hired and gone within a year counts too."""
    stay = [{"id": f"s{n}"} for n in range(90)]
    gone = [{"id": f"g{y}{n}", "leave_date": f"{y}-0{n + 3}-15"} for y in range(2021, 2026) for n in range(4)]
    brief = [{"id": "brief", "hire_date": "2024-02-01", "leave_date": "2024-10-01"}]
    fresh = [{"id": "fresh", "hire_date": "2025-07-01", "birth_date": "2000-01-01"}]
    save(store, staff(*stay, *gone, *brief, *fresh))
    history = store.history()
    assert history.years == 5
    by_year = history.exposure.groupby("year")[["person_years", "resignation"]].sum()
    assert by_year["resignation"].to_dict() == {2022: 4, 2023: 4, 2024: 4, 2025: 5, 2026: 4}
    assert by_year.loc[2022, "person_years"] == pytest.approx(110, rel=0.005)
    assert by_year.loc[2026, "person_years"] == pytest.approx(94 + 0.5, rel=0.005)
    assert history.hires.groupby("year")["people"].sum().to_dict() == {2025: 1, 2026: 1}
    new = history.exposure[history.exposure["tenure_band"] == 0]
    assert new["resignation"].sum() == 1


def test_left_truncation_people_count_from_when_they_are_seen(store: Store) -> None:
    """A file that only keeps leavers of the last two years says nothing about earlier years: they are no years without leavers."""
    stay = [{"id": f"s{n}"} for n in range(50)]
    gone = [{"id": f"g{n}", "leave_date": d} for n, d in enumerate(["2024-02-01", "2024-09-01", "2025-03-01", "2025-11-01"])]
    save(store, staff(*stay, *gone))
    history = store.history()
    assert sorted(set(history.exposure["year"])) == [2025, 2026]
    assert history.years == 2


def test_people_without_a_birth_date_are_spread_not_lost(store: Store) -> None:
    before = [{"id": "a", "birth_date": "1990-01-01"}, {"id": "b", "birth_date": "1960-01-01"}, {"id": "c", "birth_date": None}]
    after = [*before[:1], {"id": "n", "birth_date": None, "hire_date": "2025-03-01"}]
    save(store, two_years(before, after))
    history = store.history()
    assert history.exposure["person_years"].sum() == pytest.approx(3, abs=0.01)
    assert history.exposure[CAUSES].to_numpy().sum() == pytest.approx(2)
    assert history.hires["people"].sum() == pytest.approx(1)


def test_flex_workers_are_in_no_rate(store: Store) -> None:
    before = [{"id": "a"}, {"id": "f", "population": "flex"}]
    save(store, two_years(before, before[:1]))
    assert store.history().exposure["person_years"].sum() == pytest.approx(1, abs=0.01)
    assert causes(store) == {}


def test_an_old_export_says_nothing_about_the_years_after_it(store: Store) -> None:
    """Read with today as reference date, but the last thing it records is of 2022: 2023-2025 are not years without leavers."""
    stay = [{"id": f"s{n}"} for n in range(50)]
    gone = [{"id": f"g{y}{n}", "leave_date": f"{y}-0{n + 3}-15"} for y in (2019, 2020, 2021) for n in range(4)]
    save(store, staff(*stay, *gone, {"id": "last", "hire_date": "2021-12-30"}))
    history = store.history()
    assert sorted(set(history.exposure["year"])) == [2019, 2020, 2021]
    assert history.exposure["resignation"].sum() == 12
