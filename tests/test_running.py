"""The app as a running process, and commands beside it: real processes, real files, a real stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store import open_store
from tests.calling import run
from tests.serving import HOME, Served, served
from tests.test_importing import workbook
from tests.waiting import LIMIT, until
from workflows.inbox import Inbox


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Served]:
    """Of this test alone, which stops it or counts what is in it."""
    with served(tmp_path / "data" / "w.duckdb") as running:
        yield running


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One app for the tests that look at what they brought themselves."""
    with served(tmp_path_factory.mktemp("common") / "data" / "w.duckdb") as running:
        yield running


def people_by_day(app: Served) -> dict[str, int]:
    return {row["as_of"]: row["people"] for row in run("snapshots", database=app.database)[0]["snapshots"]}


def health(app: Served) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{app.address}/ready", timeout=LIMIT) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


def lines_of(app: Served) -> list[str]:
    return app.log.read_text(encoding="utf-8").splitlines()


def test_commands_read_and_import_while_the_app_holds_the_data(app: Served, tmp_path: Path) -> None:
    """One app process, four commands beside it, nothing stopped in between."""
    first, second = workbook(tmp_path / "a.xlsx", 12), workbook(tmp_path / "b.xlsx", 9)
    taken, _ = run("import", first, "--as-of", "2025-01-01", "--wait", database=app.database)
    assert (taken["stored"], taken["already"], taken["rows_kept"], taken["snapshots"]) == (True, False, 12, ["2025-01-01"])
    listed, _ = run("snapshots", database=app.database)
    assert [(row["as_of"], row["people"], row["who"]) for row in listed["snapshots"]] == [("2025-01-01", 12, "inbox")]
    run("import", second, "--as-of", "2026-01-01", database=app.database)
    table, _ = run("project", "--years", 1, database=app.database)
    assert (table["as_of"], table["rows"][0]["supply_people"]) == ("2026-01-01", 9)
    assert run("retirements", database=app.database)[0]["active"] == 9
    again, _ = run("import", first, "--as-of", "2025-01-01", database=app.database)
    assert again["already"] is True
    assert health(app)[1]["ready"] is True
    assert sorted(path.name for path in Inbox(app.database).folder.iterdir()) == ["w.duckdb.watched"]


def test_what_the_app_refuses_the_command_refuses_with_the_same_sentence(common: Served, tmp_path: Path) -> None:
    app, before = common, people_by_day(common)
    empty = tmp_path / "leeg.xlsx"
    empty.write_bytes(b"")
    beside, sentence = run("import", empty, database=app.database, code=1)
    alone, same = run("import", empty, database=tmp_path / "other.duckdb", code=1)
    assert (beside["error"], beside["stored"], sentence) == (alone["error"], False, same)
    good = workbook(tmp_path / "a.xlsx", 5)
    refused, _ = run("import", good, "--viewer", "director", database=app.database, code=1)
    assert refused["error"]["code"] == "not_allowed"
    mapping = tmp_path / "m.json"
    mapping.write_text("no json")
    assert run("import", good, "--mapping", mapping, database=app.database, code=1)[0]["error"]["code"] == "mapping_unreadable"
    assert people_by_day(app) == before


def test_a_command_need_not_wait(common: Served, tmp_path: Path) -> None:
    left, _ = run("import", workbook(tmp_path / "a.xlsx", 4), "--as-of", "2020-01-01", "--no-wait", database=common.database)
    assert left == {"file": "a.xlsx", "waiting": True, "stored": False}
    until(lambda: people_by_day(common).get("2020-01-01") == 4)


def test_two_commands_import_at_once_and_both_are_stored(common: Served, tmp_path: Path) -> None:
    days = ("2021-01-01", "2022-01-01")
    files = [workbook(tmp_path / f"{day}.xlsx", 15 + number) for number, day in enumerate(days)]
    command = [sys.executable, "cli.py", "--json", "--database", str(common.database), "import"]
    both = [
        subprocess.Popen([*command, str(file), "--as-of", day], cwd=HOME, stdout=subprocess.PIPE, text=True)
        for file, day in zip(files, days, strict=True)
    ]
    told = [json.loads(one.communicate(timeout=LIMIT)[0]) for one in both]
    assert [one["snapshots"] for one in told] == [[day] for day in days]
    now = people_by_day(common)
    assert [now[day] for day in days] == [15, 16]


@pytest.mark.slow
def test_a_backup_beside_the_app_holds_the_last_import_and_is_logged(app: Served, tmp_path: Path) -> None:
    run("import", workbook(tmp_path / "a.xlsx", 7), "--as-of", "2026-01-01", database=app.database)
    made, _ = run("backup", tmp_path / "copies", database=app.database)
    back, _ = run("restore", made["written"], database=tmp_path / "elsewhere" / "w.duckdb")
    assert back["snapshots"] == ["2026-01-01"]
    acts = [json.loads(line)["action"] for line in app.database.with_name("w.duckdb.log").read_text().splitlines()]
    assert acts == ["import", "backup"]
    told = health(app)[1]
    assert told["log_broken_at"] is None
    assert 0 <= told["backup_hours"] < 1  # wherever it was written
    locked, sentence = run("erase", "00001", database=app.database, code=1)
    assert locked["error"]["code"] == "database_locked"
    assert len(sentence.strip().splitlines()) == 1


def test_without_a_running_app_a_second_process_is_refused_and_no_file_is_left(tmp_path: Path) -> None:
    """The sign of an app that was killed says nothing: whoever holds the file now does not look in the folder."""
    database = tmp_path / "w.duckdb"
    with open_store(database):
        sign = tmp_path / "inbox" / "w.duckdb.watched"
        sign.parent.mkdir()
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        sign.write_text(str(gone.pid))
        body, _ = run("import", workbook(tmp_path / "a.xlsx", 5), database=database, code=1)
        assert body["error"]["code"] == "database_locked"
        assert run("snapshots", database=database, code=1)[0]["error"]["code"] == "database_locked"
    assert [path.name for path in sign.parent.iterdir()] == [sign.name]


@pytest.mark.parametrize("command", [("snapshots",), ("project",), ("backup", "copies"), ("erase", "1")])
def test_a_mistyped_path_makes_nothing_and_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    typo = tmp_path / "no" / "such" / "w.duckdb"
    body, sentence = run(*command, database=typo, code=1)
    assert body["error"]["code"] == "no_data"
    assert str(typo) in sentence
    assert list(tmp_path.iterdir()) == []


def test_a_monitor_is_told_whether_the_app_can_work(app: Served, tmp_path: Path) -> None:
    status, state = health(app)
    assert (status, state["ready"], state["open"], state["backup_hours"]) == (200, True, True, None)
    run("import", workbook(tmp_path / "a.xlsx", 7), database=app.database)
    log = app.database.with_name("w.duckdb.log")
    log.write_text(log.read_text().replace('"rows": 7', '"rows": 8'))
    assert health(app)[0] == 503
    assert health(app)[1]["log_broken_at"] == 1


def test_a_stop_folds_everything_into_the_file(app: Served, tmp_path: Path) -> None:
    run("import", workbook(tmp_path / "a.xlsx", 7), "--as-of", "2026-01-01", database=app.database)
    app.process.send_signal(signal.SIGTERM)
    assert app.process.wait(LIMIT) in (0, -signal.SIGTERM)
    left = {path.name for path in app.database.parent.iterdir()}
    assert left == {"w.duckdb", "w.duckdb.key", "w.duckdb.relink", "w.duckdb.log", "w.server.log", "backup", "inbox"}
    assert not Inbox(app.database).watched
    with open_store(app.database) as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == [7]


@pytest.mark.slow
def test_a_stop_during_an_import_lets_it_finish(app: Served, tmp_path: Path) -> None:
    """The file is large enough to be read for a while; the command is told what came of it before the process ends."""
    command = [sys.executable, "cli.py", "--json", "--database", str(app.database), "import", str(workbook(tmp_path / "a.xlsx", 20_000))]
    with subprocess.Popen([*command, "--as-of", "2026-01-01"], cwd=HOME, stdout=subprocess.PIPE, text=True) as asking:
        folder = Inbox(app.database).folder
        until(lambda: list(folder.glob("*.request.json")), every=0.02)
        time.sleep(0.6)
        app.process.send_signal(signal.SIGTERM)
        assert app.process.wait(LIMIT) in (0, -signal.SIGTERM)
        if list(folder.glob("*.request.json")):  # the stop came before the app had begun: the file waits for the next start
            asking.kill()
            return
        told = json.loads(asking.communicate(timeout=LIMIT)[0])
    with open_store(app.database) as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == ([20_000] if told["stored"] else [])
    assert told["stored"] is True


def test_files_that_were_left_before_a_crash_are_taken_in_at_the_next_start(tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    with served(database) as app:
        app.process.send_signal(signal.SIGSTOP)
        run("import", workbook(tmp_path / "a.xlsx", 5), "--as-of", "2026-01-01", "--no-wait", database=database)
        os.kill(app.process.pid, signal.SIGKILL)
    with served(database):
        until(lambda: run("snapshots", database=database)[0]["snapshots"])


def test_an_upload_that_is_cut_off_leaves_nothing_and_disturbs_nobody(common: Served, tmp_path: Path) -> None:
    """A browser that closes, or a line that breaks, halfway a file: thrice, and then the app works as before."""
    app, before, folder = common, people_by_day(common), Inbox(common.database).folder
    left = sorted(folder.iterdir())
    host, port = app.address.removeprefix("http://").split(":")
    for _ in range(3):
        with socket.create_connection((host, int(port)), timeout=LIMIT) as line:
            head = (
                f"PUT /_stcore/upload_file/none/none HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            )
            line.sendall((head + f"Content-Length: {5 * 2**20}\r\n\r\n").encode() + b"--b\r\n" + b"x" * 2**20)
    taken, _ = run("import", workbook(tmp_path / "a.xlsx", 6), "--as-of", "2023-01-01", database=app.database)
    assert taken["stored"] is True
    assert health(app)[1]["ready"] is True
    assert people_by_day(app) == before | {"2023-01-01": 6}
    assert sorted(folder.iterdir()) == left


def test_the_log_is_json_without_a_value(app: Served, tmp_path: Path) -> None:
    """A value from an address, a file name, a cell and a person's number: none of them comes into the log of the process."""
    with urllib.request.urlopen(f"{app.address}/overview?unit=CANARY-UNIT"):
        pass
    for path in ("/CANARY-PAGE", "/_stcore/upload_file/CANARY/CANARY"):
        try:
            urllib.request.urlopen(app.address + path)
        except urllib.error.HTTPError:
            continue
    run("import", workbook(tmp_path / "CANARY-NAME.xlsx", 5, unit="CANARY-CELL"), database=app.database)
    broken = Inbox(app.database).folder / "w.duckdb.CANARY.request.json"
    broken.write_text('{"name": "CANARY-NAME", "as_of": "CANARY-DAY", "content": "x"}')
    until(lambda: not broken.exists())
    said = [json.loads(line) for line in lines_of(app) if line.startswith("{")]
    assert {"started", "a request in the inbox could not be read"} <= {line["event"] for line in said}
    assert next(line for line in said if "error" in line)["error"]["kind"] == "ValueError"
    assert "CANARY" not in app.log.read_text()
    others = [line for line in lines_of(app) if line and not line.startswith("{")]
    assert [line.strip() for line in others] == ["You can now view your Streamlit app in your browser.", f"URL: {app.address}"]


@pytest.mark.slow
def test_the_app_starts_on_a_file_it_cannot_open_and_says_so_to_a_monitor(tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    database.write_bytes(b"this is a letter, not a database" * 100)
    with served(database) as app:
        status, state = health(app)
        assert (status, state["ready"], state["problem"]) == (503, False, "not_a_database")
