"""Imports: whole or not at all, once, undone, replaced; the sample never mixes with real data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import Refusal
from store import Store, open_store
from tests.staff_frames import Report, many, staff


@pytest.fixture
def store(place):
    with open_store(place) as opened:
        yield opened


def save(store: Store, frame: pd.DataFrame, content: str = "hash", **more):
    frames = {"employees": frame, **more.pop("frames", {})}
    return store.save_import(frames, [Report()], content, f"{content}.xlsx", "tester", **more)


def code_of(call) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def test_a_file_with_two_days_is_two_snapshots(store: Store) -> None:
    stored = save(store, pd.concat([many(10, as_of="2025-01-01"), many(8, as_of="2026-01-01")]))
    assert [(s.as_of, s.rows, s.active) for s in stored.snapshots] == [(date(2025, 1, 1), 10, 10), (date(2026, 1, 1), 8, 8)]
    assert store.latest() == stored.snapshots[1]


def test_the_same_file_twice_is_stored_once_and_says_so(store: Store) -> None:
    first = save(store, many(3))
    again = save(store, many(3))
    assert again.already
    assert not first.already
    assert again.snapshots == first.snapshots
    assert len(store.snapshots()) == 1


def test_the_same_file_tomorrow_is_still_the_same_unless_a_day_was_chosen(store: Store) -> None:
    save(store, many(3, as_of="2026-01-01"))
    assert save(store, many(3, as_of="2026-01-02")).already
    assert not save(store, many(3, as_of="2026-01-02"), as_of_given=True).already
    assert len(store.snapshots()) == 2


def test_another_file_for_the_same_day_asks_first(store: Store) -> None:
    save(store, many(3), "a")
    fingerprint = store.fingerprint()
    assert code_of(lambda: save(store, many(4), "b")) == "snapshot_exists"
    assert store.fingerprint() == fingerprint
    stored = save(store, many(4), "b", replace=True)
    assert stored.replaced == (date(2026, 1, 1),)
    assert [s.rows for s in store.snapshots()] == [4]


def test_undo_brings_the_replaced_snapshot_back(store: Store) -> None:
    save(store, many(3), "a")
    before = store.cohorts().frame
    save(store, many(5, unit="Elders"), "b", replace=True)
    assert [s.rows for s in store.undo_last("tester")] == [5]
    pd.testing.assert_frame_equal(store.cohorts().frame, before)
    store.undo_last("tester")
    assert store.snapshots() == ()
    assert code_of(lambda: store.undo_last("tester")) == "nothing_to_undo"


def test_an_undone_file_can_be_stored_again(store: Store) -> None:
    save(store, many(3))
    store.undo_last("tester")
    assert not save(store, many(3)).already


def test_undo_takes_roles_and_establishment_of_that_import_along(store: Store) -> None:
    posts = pd.DataFrame({"location": ["Utrecht"], "unit": ["Werkplaats"], "role": ["Monteur"], "establishment_fte": [9.0]})
    save(store, many(3, as_of="2025-01-01"), "a")
    save(store, many(3), "b", frames={"formation": posts, "roles": pd.DataFrame({"role": ["Monteur"], "isco": ["7412"]})})
    assert store.cohorts().demand["establishment_fte"].tolist() == [9.0]
    assert store.cohorts().roles["isco"].tolist() == ["7412"]
    store.undo_last("tester")
    assert store.cohorts().demand["establishment_fte"].isna().all()
    assert store.cohorts().roles["isco"].tolist() == [""]


def test_real_data_take_the_place_of_the_sample_in_one_step(store: Store) -> None:
    save(store, many(5, unit="Voorbeeld"), "sample", sample=True)
    assert store.is_sample()
    stored = save(store, many(3), "real")
    assert stored.sample_removed
    assert not store.is_sample()
    assert [s.file_name for s in store.snapshots()] == ["real.xlsx"]
    assert "Voorbeeld" not in set(store.cohorts().frame["unit"])


def test_the_sample_never_joins_real_data(store: Store) -> None:
    save(store, many(3), "real")
    assert code_of(lambda: save(store, many(5), "sample", sample=True)) == "real_data_present"
    assert not store.clear_sample("tester")
    assert len(store.snapshots()) == 1


def test_a_failed_import_of_real_data_leaves_the_sample(store: Store) -> None:
    save(store, many(5), "sample", sample=True)
    with pytest.raises(ValueError, match="one row per person"):
        save(store, pd.concat([many(3), many(3)]), "wrong")
    assert store.is_sample()
    assert store.clear_sample("tester")
    assert store.snapshots() == ()


def test_nothing_to_store(store: Store) -> None:
    assert code_of(lambda: save(store, many(1).iloc[:0])) == "nothing_to_store"


def test_the_difference_with_the_snapshot_before_counts_people(store: Store) -> None:
    assert store.difference(many(3)) is None
    save(store, many(4, as_of="2025-01-01"))
    new = staff({"id": "00000"}, {"id": "00001", "unit": "Kantoor", "fte": 0.8}, {"id": "00002", "birth_date": "1981-01-01"}, {"id": "new"})
    found = store.difference(new)
    assert found is not None
    assert (found.stayed, found.came, found.gone, found.moved, found.birth_changed, found.fte_changed) == (3, 1, 1, 1, 1, 1)
    assert len(store.snapshots()) == 1


def test_the_title_of_the_file_is_kept_beside_the_role_it_is_planned_under(store: Store) -> None:
    save(store, staff({"id": "1", "job_title": "Monteur B (m/v)"}, {"id": "2", "job_title": "Monteur"}, {"id": "3"}))
    assert [store.about_person(number)["employment"][0]["job_title"] for number in "123"] == ["Monteur B (m/v)", None, None]


def test_ids_are_stored_as_keyed_hashes_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "w.duckdb"
    with open_store(path) as store:
        save(store, staff({"id": "CANARY-4711"}))
        key = store.keys.key("CANARY-4711")
        assert store.keys.employee_id(key) == "CANARY-4711"
        file = store.database.path
    assert b"CANARY-4711" not in file.read_bytes()
    assert (tmp_path / "data" / "w.duckdb.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "w.duckdb.relink").stat().st_mode & 0o777 == 0o600


def test_with_another_key_file_nothing_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path) as store:
        save(store, many(3, as_of="2025-01-01"))
    (tmp_path / "w.duckdb.key").unlink()
    with open_store(path) as store:
        assert code_of(lambda: save(store, many(3), "b")) == "key_missing"
        assert len(store.snapshots()) == 1


def test_settings_mapping_and_scenarios_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path) as store:
        store.set_setting("k", "10", "tester")
        store.remember_mapping({"Geb. datum": "birth_date"})
        kept = store.save_scenario("Plan A", '{"fill_rate": 80}', "tester", note="why", method="1")
        store.flag_scenario(kept.id, "locked", True, "tester")
    with open_store(path) as store:
        assert store.settings() == {"k": "10"}
        assert store.mapping_memory() == {"Geb. datum": "birth_date"}
        assert store.scenario(kept.id).body == '{"fill_rate": 80}'
        assert code_of(lambda: store.rename_scenario(kept.id, "B", "tester")) == "scenario_locked"
        assert code_of(lambda: store.save_scenario(" ", "{}", "tester")) == "scenario_name_missing"
        assert code_of(lambda: store.scenario("nope")) == "scenario_unknown"
        store.flag_scenario(kept.id, "archived", True, "tester")
        assert store.scenarios() == ()
        assert len(store.scenarios(archived=True)) == 1


def test_every_edit_of_the_establishment_can_be_undone(store: Store) -> None:
    save(store, many(3))
    rows = pd.DataFrame(
        {"location": ["Utrecht"], "unit": ["Werkplaats"], "role": ["Monteur"], "establishment_fte": [4.0], "vacancies_fte": [1.0]}
    )
    assert not store.can_undo_formation()
    store.set_formation(rows, "tester")
    store.set_formation(rows.assign(establishment_fte=6.0), "tester")
    assert store.cohorts().demand["establishment_fte"].tolist() == [6.0]
    assert store.undo_formation("tester")["establishment_fte"].tolist() == [4.0]
    assert store.undo_formation("tester").empty
    assert code_of(lambda: store.undo_formation("tester")) == "nothing_to_undo"
    assert code_of(lambda: store.set_formation(rows.assign(establishment_fte=-1.0), "tester")) == "formation_negative"
    assert code_of(lambda: store.set_formation(rows.iloc[:0], "tester")) == "formation_empty"


def test_the_fingerprint_follows_every_change(store: Store) -> None:
    seen = [store.fingerprint()]
    save(store, many(3))
    seen.append(store.fingerprint())
    store.set_formation(pd.DataFrame({"location": [""], "unit": ["A"], "role": ["B"], "establishment_fte": [1.0]}), "tester")
    seen.append(store.fingerprint())
    store.undo_formation("tester")
    seen.append(store.fingerprint())
    store.set_setting("k", "10", "tester")
    seen.append(store.fingerprint())
    assert len(set(seen)) == len(seen)
    assert store.fingerprint() == seen[-1]


def test_the_same_file_with_the_same_key_gives_the_same_rows(tmp_path: Path) -> None:
    """Under the key of each person: the numbers the database gives people inside may differ, they mean nothing outside it."""
    columns = "p.key, g.location, g.unit, g.role, e.* EXCLUDE (person, grp, snapshot)"
    found = []
    for name in ("one", "other"):
        if found:
            (tmp_path / "other.duckdb.key").write_bytes((tmp_path / "one.duckdb.key").read_bytes())
        with open_store(tmp_path / f"{name}.duckdb") as store:
            save(store, many(3_000))
            with store.database.read() as cursor:
                sql = f"SELECT {columns} FROM employment e JOIN person p USING (person) JOIN staff_group g USING (grp) ORDER BY p.key"
                found.append(cursor.execute(sql).fetchall())
    assert len(found[0]) == 3_000
    assert found[0] == found[1]
