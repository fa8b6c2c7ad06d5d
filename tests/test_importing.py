"""From a real file to a snapshot through the workflows: check, save, undo, sample, inbox, rights, back-up."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from intake import Options
from tests.waiting import LIMIT
from workflows import demand, importing, keeping, people
from workflows.access import GRANTED, Right
from workflows.inbox import Inbox
from workflows.workspace import Workspace

HEADERS = ("Personeelsnummer", "Geboortedatum", "Datum in dienst", "Datum uit dienst", "Afdeling", "Functie", "Deeltijdfactor")
HR = Viewer("hr", Role.HR)
LOCAL = Viewer.local()
DIRECTOR = Viewer.director()


def workbook(path: Path, count: int, unit: str = "Werkplaats", headers: tuple[str, ...] = HEADERS) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(headers)
    for number in range(count):
        sheet.append((f"{number:05}", date(1960 + number % 40, 3, 2), date(2015, 1, 1), None, unit, "Monteur", 0.8))
    book.save(path)
    return path


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "data" / "w.duckdb") as opened:
        yield opened


def code_of(call) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def bring(workspace: Workspace, file: Path, day: date, **more):
    return importing.save(HR, workspace, importing.check(HR, workspace, file, file.name, as_of=day), **more)


def test_a_file_is_checked_then_stored_then_undone(workspace: Workspace, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", 12)
    draft = importing.check(HR, workspace, file, "a.xlsx", as_of=date(2026, 1, 1))
    assert importing.snapshots(HR, workspace) == []
    assert (draft.report.rows_kept, draft.blocked, draft.difference, draft.taken) == (12, False, None, ())
    importing.save(HR, workspace, draft)
    rows = importing.snapshots(HR, workspace)
    assert [(row["as_of"], row["people"], row["file"], row["who"]) for row in rows] == [(date(2026, 1, 1), 12, "a.xlsx", "hr")]
    assert workspace.store.cohorts().frame["fte"].sum() == pytest.approx(9.6)
    assert importing.undo_last(HR, workspace) == []


def test_the_next_file_shows_what_changed_and_a_taken_day(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "a.xlsx", 12), date(2025, 1, 1))
    file = workbook(tmp_path / "b.xlsx", 10)
    draft = importing.check(HR, workspace, file, "b.xlsx", as_of=date(2026, 1, 1))
    assert draft.difference is not None
    assert (draft.difference.stayed, draft.difference.gone, draft.difference.came) == (10, 2, 0)
    taken = importing.check(HR, workspace, file, "b.xlsx", as_of=date(2025, 1, 1))
    assert taken.taken == (date(2025, 1, 1),)
    assert code_of(lambda: importing.save(HR, workspace, taken)) == "snapshot_exists"
    assert importing.save(HR, workspace, taken, replace_existing=True).replaced == (date(2025, 1, 1),)


def test_the_same_file_twice_says_so(workspace: Workspace, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", 3)
    assert not bring(workspace, file, date(2026, 1, 1)).already
    assert bring(workspace, file, date(2026, 1, 1)).already


def test_column_names_chosen_once_are_used_again(workspace: Workspace, tmp_path: Path) -> None:
    headers = (*HEADERS[:4], "Kostenplaatsgroep", *HEADERS[5:])
    file = workbook(tmp_path / "a.xlsx", 5, "Elders", headers)
    draft = importing.check(HR, workspace, file, "a.xlsx", as_of=date(2025, 1, 1), mapping={"unit": "Kostenplaatsgroep"})
    importing.save(HR, workspace, draft)
    again = importing.check(HR, workspace, workbook(tmp_path / "b.xlsx", 6, "Elders", headers), "b.xlsx", as_of=date(2026, 1, 1))
    assert again.report.mapping["unit"] == "Kostenplaatsgroep"
    importing.save(HR, workspace, again)
    assert set(workspace.store.cohorts().frame["unit"]) == {"Elders"}


def test_a_mapping_file_must_be_readable(workspace: Workspace, tmp_path: Path) -> None:
    file, mapping = workbook(tmp_path / "a.xlsx", 3), tmp_path / "m.json"
    for text in ("{", "[]", '{"unit": 3}'):
        mapping.write_text(text)
        assert code_of(lambda: importing.check(HR, None, file, "a.xlsx", mapping=mapping)) == "mapping_unreadable"


def test_the_sample_loads_and_makes_way(workspace: Workspace, tmp_path: Path) -> None:
    stored = importing.load_sample(LOCAL, workspace)
    assert len(stored.snapshots) == 6
    assert importing.load_sample(LOCAL, workspace).already
    assert workspace.store.is_sample()
    history = workspace.store.history()
    assert history.years == 5
    assert history.exposure["retirement"].sum() > 20
    assert bring(workspace, workbook(tmp_path / "a.xlsx", 5), date(2026, 1, 1)).sample_removed
    assert len(importing.snapshots(LOCAL, workspace)) == 1
    assert code_of(lambda: importing.load_sample(LOCAL, workspace)) == "real_data_present"


def test_the_establishment_is_edited_and_undone(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "a.xlsx", 5), date(2026, 1, 1))
    rows = demand.formation(HR, workspace)
    assert rows["establishment_fte"].isna().all()
    demand.set_formation(HR, workspace, rows.assign(establishment_fte=7.0, vacancies_fte=1.0))
    assert demand.formation(HR, workspace)["establishment_fte"].tolist() == [7.0]
    assert code_of(lambda: demand.formation(DIRECTOR, workspace)) == "not_allowed"
    assert demand.can_undo(HR, workspace)
    assert demand.undo_formation(HR, workspace)["establishment_fte"].isna().all()
    assert not demand.can_undo(HR, workspace)


CALLS = {
    Right.IMPORT: [
        lambda v, w: importing.check(v, w, Path("nothing.xlsx"), "nothing.xlsx"),
        lambda v, w: importing.undo_last(v, w),
        lambda v, w: importing.load_sample(v, w),
        lambda v, w: importing.clear_sample(v, w),
        lambda v, w: Inbox(Path(w.path)).leave(v, Path("nothing.xlsx"), "nothing.xlsx", Options()),
    ],
    Right.GROUPS: [lambda v, w: importing.snapshots(v, w)],
    Right.DEMAND: [
        lambda v, w: demand.formation(v, w),
        lambda v, w: demand.set_formation(v, w, pd.DataFrame()),
        lambda v, w: demand.undo_formation(v, w),
    ],
    Right.PERSONS: [lambda v, w: people.rows(v, w)],
    Right.RIGHTS_OF_PERSONS: [lambda v, w: people.about(v, w, "x"), lambda v, w: people.erase(v, w, "x")],
    Right.BACKUP: [lambda v, w: keeping.backup(v, w), lambda v, w: keeping.backups(v, w), lambda v, w: keeping.restore(v, w, Path("x"))],
    Right.SETTINGS: [lambda v, w: keeping.set_retention(v, w, 1, 1), lambda v, w: keeping.apply_retention(v, w)],
    Right.LOG: [lambda v, w: keeping.log(v, w)],
    Right.LOG_SUMMARY: [lambda v, w: keeping.log_summary(v, w)],
}


@pytest.mark.parametrize("role", list(Role))
def test_every_call_refuses_who_has_no_right_to_it(role: Role, workspace: Workspace) -> None:
    viewer, before = Viewer("somebody", role), workspace.store.fingerprint()
    for right, calls in CALLS.items():
        if right not in GRANTED[role]:
            assert {code_of(lambda call=call: call(viewer, workspace)) for call in calls} == {"not_allowed"}, right
    assert workspace.store.fingerprint() == before


def test_looking_at_people_is_logged_without_values(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "a.xlsx", 5), date(2026, 1, 1))
    assert len(people.rows(HR, workspace)) == 5
    assert people.rows(HR, workspace, units=("Anders",)).empty
    assert people.about(HR, workspace, "00003")["employment"]
    assert people.erase(HR, workspace, "00003") == 1
    assert "00003" not in people.rows(HR, workspace)["employee_id"].tolist()
    log = keeping.log(Viewer("dpo", Role.PRIVACY), workspace)
    assert log["action"].tolist()[:5] == ["people_seen", "erase_person", "person_access", "people_seen", "people_seen"]
    assert "00003" not in log.to_json()
    assert keeping.log_summary(Viewer("or", Role.COUNCIL), workspace).set_index("action").loc["people_seen", "count"] == 3


def test_backup_and_restore_while_sessions_go_on(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "a.xlsx", 5), date(2025, 1, 1))
    made = keeping.backup(LOCAL, workspace)
    bring(workspace, workbook(tmp_path / "b.xlsx", 6), date(2026, 1, 1))
    assert keeping.backups(LOCAL, workspace) == [made.file]
    keeping.restore(LOCAL, workspace, made.file)
    assert [row["people"] for row in importing.snapshots(LOCAL, workspace)] == [5]
    state = workspace.ready()
    assert (state.open, state.lost_imports, state.log_broken_at) == (True, 0, None)
    (tmp_path / "bad.duckdb").write_text("no")
    assert code_of(lambda: keeping.restore(LOCAL, workspace, tmp_path / "bad.duckdb")) == "backup_bad"
    assert [row["people"] for row in importing.snapshots(LOCAL, workspace)] == [5]


def test_retention_is_applied_as_set(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "a.xlsx", 5), date(2020, 1, 1))
    bring(workspace, workbook(tmp_path / "b.xlsx", 5), date(2026, 1, 1))
    assert keeping.apply_retention(LOCAL, workspace, date(2026, 6, 1)) == 0
    assert code_of(lambda: keeping.set_retention(LOCAL, workspace, 0, None)) == "retention_invalid"
    keeping.set_retention(LOCAL, workspace, 24, 36)
    assert keeping.apply_retention(LOCAL, workspace, date(2026, 6, 1)) == 5
    assert len(importing.snapshots(LOCAL, workspace)) == 1


def test_a_file_left_in_the_inbox_is_taken_in_by_the_app(tmp_path: Path) -> None:
    file, bad = workbook(tmp_path / "a.xlsx", 5), tmp_path / "bad.xlsx"
    bad.write_bytes(b"")
    database, stop = tmp_path / "w.duckdb", threading.Event()
    with Workspace(database, publishing=True) as app:
        assert app.store.snapshots() == ()
        assert code_of(lambda: Workspace.open(database)) == "database_locked"
        inbox = Inbox(database)
        assert not inbox.watched
        thread = inbox.watch(app, stop)
        assert inbox.watched
        good = inbox.leave(HR, file, "nightly.xlsx", Options(as_of=date(2026, 1, 1)))
        wrong = inbox.leave(HR, bad, "bad.xlsx", Options())
        answer = inbox.wait(good, LIMIT)
        assert (answer["stored"], answer["error"], answer["summary"]["rows_kept"]) == (True, None, 5)
        assert inbox.wait(wrong, LIMIT)["error"]["code"] == "empty_file"
        assert [s.file_name for s in app.store.snapshots()] == ["nightly.xlsx"]
        stop.set()
        thread.join(LIMIT)
        assert list(inbox.folder.iterdir()) == []
        assert code_of(lambda: inbox.wait("nobody", 0.1)) == "inbox_waiting"


def test_what_is_computed_is_computed_once_for_all_sessions(workspace: Workspace) -> None:
    made: list[int] = []
    gate = threading.Barrier(6)

    def make() -> int:
        made.append(1)
        return 42

    def ask() -> None:
        gate.wait()
        assert workspace.cached("key", make) == 42

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert workspace.cached("other", lambda: None) is None


def test_rights_are_denied_by_default() -> None:
    assert set(GRANTED) == set(Role)
    assert Right.PERSONS not in GRANTED[Role.ADMIN]
    assert Right.MONEY not in GRANTED[Role.COUNCIL]
    viewer = replace(HR, role="unheard of")  # type: ignore[arg-type]
    assert code_of(lambda: importing.clear_sample(viewer, None)) == "not_allowed"


def test_people_in_rows_that_are_not_kept_are_told_apart_from_those_who_left(workspace: Workspace, tmp_path: Path) -> None:
    """Employee 00003 has a date that does not exist and 00011 is not in the file: both are gone, one only by mistake."""
    bring(workspace, workbook(tmp_path / "a.xlsx", 12), date(2025, 1, 1))
    path = workbook(tmp_path / "b.xlsx", 11)
    book = load_workbook(path)
    book.worksheets[0]["B5"] = "31-02-1963"
    book.save(path)
    difference = importing.check(HR, workspace, path, "b.xlsx", as_of=date(2026, 1, 1)).difference
    assert difference is not None
    assert (difference.stayed, difference.gone, difference.unread) == (10, 2, 1)
