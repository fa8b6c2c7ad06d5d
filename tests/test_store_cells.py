"""Cells counted when a snapshot is stored are those a fresh count of the rows gives, whatever happens to the rows afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from store import Store, cells, open_store, restore
from store.cohorts import cohorts
from store.db import migrations
from store.types import NameChange
from tests.staff_frames import Report, many, staff

INEXACT = ["fte", "fte_sq", "cost"]


def firm(year: int, count: int = 150, **common: object) -> pd.DataFrame:
    """Everything a row can lack, in two countries; the same people every year."""
    rng = np.random.default_rng(5)
    born = pd.Timestamp("1956-03-01") + pd.to_timedelta(rng.integers(0, 17000, count), unit="D")
    hired = pd.Timestamp("1999-01-01") + pd.to_timedelta(rng.integers(0, 10200, count), unit="D")
    ends = pd.Timestamp(f"{year}-04-15") + pd.to_timedelta(rng.integers(0, 900, count), unit="D")
    fixed = rng.random(count) < 0.3
    return many(count, as_of=f"{year}-01-01").assign(
        birth_date=pd.Series(born).where(rng.random(count) < 0.9),
        hire_date=pd.Series(hired).where(rng.random(count) < 0.9),
        contract_type=np.where(fixed, "fixed", "permanent"),
        contract_end_date=pd.Series(ends).where(fixed),
        unit=rng.choice(["Werkplaats", "Kantoor"], count),
        role=rng.choice(["Monteur", "Planner", "Lasser"], count),
        fte=pd.Series(rng.choice([0.6, 0.8, 1.0], count)).where(rng.random(count) < 0.9),
        salary=pd.Series(rng.choice([30_000.0, 45_000.0], count)).where(rng.random(count) < 0.9),
        country=rng.choice(["NL", "BE"], count),
        population=rng.choice(["own", "flex"], count, p=[0.9, 0.1]),
        **common,
    )


def save(store: Store, frame: pd.DataFrame, content: str, **more: object) -> None:
    store.save_import({"employees": frame}, [Report()], content, "f.xlsx", "tester", **more)  # type: ignore[arg-type]


@pytest.fixture
def store(place: str | Path) -> Iterator[Store]:
    with open_store(place) as opened:
        save(opened, firm(2024), "a")
        save(opened, firm(2025), "b")
        yield opened


def fresh(store: Store, snapshot: int, day: date) -> pd.DataFrame:
    with store.database.read() as cursor:
        return cells.counted(cursor, snapshot, day)


def as_counted(store: Store, expected: int) -> None:
    """The newest snapshots, and no others, have cells; every one of them is what the rows give, and so is what the engine reads."""
    newest = store.snapshots()[-cells.KEPT :]
    assert len(newest) == expected
    with store.database.read() as cursor:
        here = {number for (number,) in cursor.execute("SELECT snapshot FROM cell UNION SELECT snapshot FROM cell_stand").fetchall()}
    assert here == {snapshot.number for snapshot in newest}
    keys = ["grp", *cells.KEYS]
    for snapshot in newest:
        with store.database.read() as cursor:
            kept = cells.kept(cursor, snapshot)
        assert kept is not None
        assert kept["people"].sum() == snapshot.active
        again = fresh(store, snapshot.number, snapshot.as_of)
        pd.testing.assert_frame_equal(
            kept.sort_values(keys, ignore_index=True), again.sort_values(keys, ignore_index=True), check_exact=False, rtol=1e-12
        )
    if newest:
        assert_cohorts_alike(store, newest[-1].as_of)


def assert_cohorts_alike(store: Store, day: date) -> None:
    """What the engine reads is the same whether or not there are cells."""
    with pytest.MonkeyPatch.context() as patch, store.database.read() as cursor:
        patch.setattr(cells, "kept", lambda *_: None)
        rows = cohorts(cursor, day)
    read = store.cohorts(day)
    order = list(read.frame.columns[:8])
    one, other = (found.frame.sort_values(order, ignore_index=True) for found in (read, rows))
    pd.testing.assert_frame_equal(one, other, rtol=1e-12)
    pd.testing.assert_frame_equal(read.demand, rows.demand)
    assert read.imputed == rows.imputed


def test_after_an_import_and_a_correction_and_taking_both_back(store: Store) -> None:
    as_counted(store, 2)
    corrected = firm(2025)
    corrected.loc[:40, "fte"] = 0.5
    save(store, corrected, "c", replace=True)
    as_counted(store, 2)
    assert store.cohorts().frame["fte"].sum() < 0.97 * store.cohorts(date(2024, 1, 1)).frame["fte"].sum()
    store.undo_last("tester")
    as_counted(store, 2)
    store.undo_last("tester")
    as_counted(store, 1)
    store.undo_last("tester")
    as_counted(store, 0)


def test_a_number_that_is_used_again_has_no_cells_of_before(store: Store) -> None:
    """After an undo the next snapshot has the same number: the same people, in the same groups, with other hours."""
    store.undo_last("tester")
    corrected = firm(2025).assign(fte=0.25)
    save(store, corrected, "c")
    as_counted(store, 2)
    assert store.cohorts().frame["fte"].sum() == pytest.approx(0.25 * store.latest().active)  # type: ignore[union-attr]


def test_after_an_erasure_and_after_retention(store: Store) -> None:
    before = store.cohorts().frame["people"].sum()
    for number in range(6):
        store.erase_person(f"{number:05}", "tester")
    as_counted(store, 2)
    assert store.cohorts().frame["people"].sum() < before
    assert store.apply_retention(None, date(2024, 6, 1), "tester")
    as_counted(store, 1)


def test_names_that_change(store: Store) -> None:
    """A rename and a merge leave the rows as they are, a split moves rows of earlier days: undo puts them back."""
    renamed = firm(2026).assign(role=lambda rows: rows["role"].replace({"Lasser": "Metaalbewerker", "Monteur": "Metaalbewerker"}))
    day = date(2026, 1, 1)
    merged = tuple(NameChange("role", "merge", old, "Metaalbewerker", day, 40) for old in ("Lasser", "Monteur"))
    save(store, renamed, "c", names=merged)
    as_counted(store, 3)
    assert set(store.cohorts(date(2024, 1, 1)).frame["role"]) == {"Metaalbewerker", "Planner"}
    store.undo_last("tester")
    as_counted(store, 2)
    parts = firm(2026)
    office = parts["unit"] == "Kantoor"
    parts.loc[office, "unit"] = np.where(np.arange(office.sum()) % 2, "Voorkant", "Achterkant")
    split = tuple(NameChange("unit", "split", "Kantoor", new, day, 30) for new in ("Voorkant", "Achterkant"))
    save(store, parts, "d", names=split)
    assert set(store.cohorts(date(2025, 1, 1)).frame["unit"]) == {"Werkplaats", "Voorkant", "Achterkant"}
    as_counted(store, 3)
    store.undo_last("tester")
    assert set(store.cohorts(date(2025, 1, 1)).frame["unit"]) == {"Werkplaats", "Kantoor"}
    as_counted(store, 2)


def test_only_the_newest_days_have_cells_and_a_day_between_is_counted(store: Store) -> None:
    save(store, pd.concat([firm(year) for year in (2022, 2023, 2026)]), "c")
    as_counted(store, cells.KEPT)
    between = store.cohorts(date(2025, 7, 1)).frame
    assert between["people"].sum() > store.cohorts(date(2025, 1, 1)).frame["people"].sum()  # hired in spring, known on 1 January
    assert_cohorts_alike(store, date(2025, 7, 1))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM employment WHERE snapshot = 2 AND person = 1",
        "UPDATE employment SET grp = grp % 3 + 1 WHERE snapshot = 2 AND person < 20",
        "UPDATE snapshot SET import_no = 1 WHERE snapshot = 2",
        "UPDATE cell_stand SET mark = 'another way' WHERE snapshot = 2",
        "DELETE FROM cell_stand",
    ],
)
@pytest.mark.one_file
def test_cells_of_other_rows_are_not_read(store: Store, change: str) -> None:
    newest = store.snapshots()[-1]
    with store.database.write() as cursor:
        cursor.execute(change)
        cursor.execute("UPDATE cell SET people = 1000, fte = 1000")  # who reads them gives himself away
    with store.database.read() as cursor:
        assert cells.kept(cursor, store.snapshots()[-1]) is None
        assert cohorts(cursor, newest.as_of).frame["people"].sum() <= newest.active
    with store.database.write() as cursor:
        cursor.execute("UPDATE cell_stand SET mark = '' WHERE snapshot = 1")  # of the test's own making, not to be believed
        cells.refresh(cursor)
    with store.database.read() as cursor:
        kept = cells.kept(cursor, store.snapshots()[-1])
    assert kept is not None
    assert kept["people"].max() < 150


@pytest.mark.one_file
def test_another_pension_table_is_another_count(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "tables_digest", lambda: "next year's")
    with store.database.read() as cursor:
        assert cells.kept(cursor, store.snapshots()[-1]) is None
    with store.database.write() as cursor:
        cells.refresh(cursor)
    as_counted(store, 2)


@pytest.mark.one_file
def test_who_changes_the_way_of_counting_gives_it_another_number(store: Store) -> None:
    """These cells were counted in way 1. When this fails because the way changed on purpose: raise `cells.WAY` and renew the digest."""
    found = fresh(store, 2, date(2025, 1, 1)).sort_values(["grp", *cells.KEYS]).round(6)
    assert (cells.WAY, hashlib.sha256(found.to_csv(index=False).encode()).hexdigest()[:16]) == (1, "297b9aed3e5d10f7")


def test_after_a_restore_in_use(place: str | Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "here" / "w.duckdb") as store:
        save(store, firm(2024), "a")
        made = store.backup(tmp_path / "safe", "tester")
        save(store, firm(2025), "b")
        store.restore(made.file, "tester")
        as_counted(store, 1)


@pytest.mark.one_file
def test_a_backup_of_an_older_version_is_counted_when_it_comes_in(tmp_path: Path) -> None:
    """Opened, put in the place of a closed database, and of one in use."""
    path = tmp_path / "data" / "w.duckdb"
    with open_store(path) as store:
        save(store, firm(2024), "a")
        save(store, firm(2025), "b")
        made = store.backup(tmp_path / "safe", "tester")
    with duckdb.connect(str(made.file)) as old:
        assert migrations()[11][1].count("CREATE TABLE cell") == 2
        for _, later in migrations()[11:]:
            for table in re.findall(r"CREATE TABLE (\w+)", later):
                old.execute(f"DROP TABLE {table}")
        old.execute("DELETE FROM schema_version WHERE version > 11")
    with restore(path, made.file, "tester") as store:
        as_counted(store, 2)
        store.undo_last("tester")
        store.restore(made.file, "tester")
        as_counted(store, 2)
    with open_store(path) as store:
        as_counted(store, 2)


@pytest.mark.one_file
def test_the_copy_for_reading_has_them_and_the_sample_takes_them_along(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb", publishing=True) as store:
        save(store, firm(2024), "a", sample=True)
        as_counted(store, 1)
        with open_store(tmp_path / "w.duckdb.read", read_only=True) as copy:
            as_counted(copy, 1)
        store.clear_sample("tester")
        as_counted(store, 0)


@pytest.mark.one_file
def test_nobody_of_known_age_is_counted_too(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, staff({"birth_date": None}, {"hire_date": "2027-01-01"}), "a")
        with store.database.read() as cursor:
            kept = cells.kept(cursor, store.snapshots()[0])
        assert kept is not None
        assert kept[["age", "people"]].isna().sum().tolist() == [1, 0]
