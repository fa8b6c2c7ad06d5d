"""A line of the log that was cut off while it was written: kept, said in the chain, and no reason to stay unready. What was changed by hand
is still noticed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.errors import Refusal
from store.audit import AuditLog
from tests.serving import HOME, served
from tests.test_pages import full, full_database, launch
from tests.test_running import health
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
LIMITED = """
import resource, signal, sys
from pathlib import Path
from analytics.errors import Refusal
from store.audit import AuditLog
path, room, killed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "killed"
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
log = AuditLog(path)
if killed:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, limits[1]))
"""
"""A process whose files may not grow by more than `room` bytes: the first write is cut off there, the next one kills it or is refused."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")


def child(code: str, path: Path, room: int, end: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LIMITED + code, str(path), str(room), end]
    return subprocess.run(command, cwd=HOME, capture_output=True, text=True)


def written(path: Path, acts: int = 3) -> list[bytes]:
    """A log of so many acts; its lines."""
    log = AuditLog(path)
    for act in range(acts):
        log.append("Zoë", "scope_seen", units=[f"Café {act}\u2028Noord"], rows=act)
    return path.read_bytes().split(b"\n")[:-1]


def recovered(path: Path) -> AuditLog:
    log = AuditLog(path)
    log.recover()
    return log


def test_wherever_the_line_was_cut_it_is_kept_and_a_line_in_the_chain_says_so(tmp_path: Path) -> None:
    path = tmp_path / "w.log"
    *before, last = written(path)
    for cut in range(1, len(last)):
        torn = last[:cut]
        path.write_bytes(b"\n".join([*before, torn]))
        assert AuditLog(path).first_broken() == 3
        log = recovered(path)
        assert log.first_broken() is None, torn
        kept = path.read_bytes().split(b"\n")
        assert kept[:3] == [*before, torn], "nothing is taken from a log that only grows"
        said = json.loads(kept[3])
        assert (said["n"], said["who"], said["action"]) == (3, "werkhorizon", "torn_line_kept")
        assert said["details"] == {"line": 3, "bytes": cut, "sha256": hashlib.sha256(torn).hexdigest()}
        log.recover()
        assert path.read_bytes().split(b"\n") == kept, "said once"
        log.append("x", "y")
        assert [entry["n"] for entry in log.entries()] == [1, 2, 3, 4]
        assert log.first_broken() is None


def test_a_line_that_lost_no_more_than_its_end_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "w.log"
    lines = written(path)
    path.write_bytes(b"\n".join(lines))
    log = recovered(path)
    log.append("x", "y")
    assert log.first_broken() is None
    assert [entry["action"] for entry in log.entries()] == ["scope_seen"] * 3 + ["y"]


@pytest.mark.parametrize("end", [b"\0" * 40, b'{"action": "sco' + b"\0" * 25], ids=["room never filled", "filled in part"])
def test_room_that_was_given_and_not_written_is_a_torn_line_too(end: bytes, tmp_path: Path) -> None:
    """As a file system leaves it when the power goes."""
    path = tmp_path / "w.log"
    lines = written(path)
    path.write_bytes(b"\n".join([*lines, end]))
    assert AuditLog(path).first_broken() == 4
    assert recovered(path).first_broken() is None


def test_the_very_first_line_may_be_the_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "w.log"
    (only,) = written(path, 1)
    path.write_bytes(only[:30])
    log = recovered(path)
    assert log.first_broken() is None
    assert [entry["n"] for entry in log.entries()] == [1]


def test_torn_lines_of_before_that_others_followed_are_said_too(tmp_path: Path) -> None:
    """Until now a next act began a line of its own behind the torn one; such a log stayed unready for good."""
    path = tmp_path / "w.log"
    lines = written(path, 5)
    path.write_bytes(b"\n".join([lines[0], lines[1][:50], *lines[1:4], lines[4][:9], *lines[4:], b""]))
    assert AuditLog(path).first_broken() == 2
    log = recovered(path)
    assert log.first_broken() is None
    assert [entry["details"]["line"] for entry in log.entries() if entry["action"] == "torn_line_kept"] == [2, 6]


def changed(lines: list[bytes]) -> dict[str, tuple[list[bytes], int]]:
    """Logs somebody had a hand in, and the line where that shows."""
    swapped = [line.replace(b'"rows": 1', b'"rows": 7') for line in lines]
    other = lines[-1].replace(json.loads(lines[-1])["previous"].encode(), b"f" * 64)
    return {
        "a value": ([*swapped, b""], 2),
        "the last value, and its end taken off": ([*lines[:-1], lines[-1].replace(b'"rows": 3', b'"rows": 8')], 4),
        "a line gone": ([lines[0], *lines[2:], b""], 2),
        "two lines swapped": ([lines[1], lines[0], *lines[2:], b""], 1),
        "a line in the middle cut in half": ([lines[0], lines[1][:40], *lines[2:], b""], 2),
        "a line in the middle made unreadable": ([lines[0], lines[1].replace(b'"rows": 1', b'"rows: 1'), *lines[2:], b""], 2),
        "the last line made unreadable": ([*lines[:-1], lines[-1].replace(b'"rows": 3', b'"rows: 3'), b""], 4),
        "the last line made unreadable, without its end": ([*lines[:-1], lines[-1].replace(b'"rows": 3', b'"rows: 3')], 4),
        "words that are no line": ([*lines, b"all is well"], 5),
        "half a line of another place": ([*lines[:-1], other[:-5]], 4),
        "half a line of another number": ([*lines, lines[1][:-5]], 5),
        "a whole line that is no act": ([*lines, b'{"action": "x"}', b""], 5),
        "a line with other kinds of values": ([*lines, b'{"n": "x", "details": 3, "hash": "", "previous": ""}', b""], 5),
        "bytes that are no letters": ([lines[0], b"\xff\xfe" + lines[1], *lines[2:], b""], 2),
    }


@pytest.mark.parametrize("how", list(changed([b'{"previous": "", "n": 1}'] * 4)))
def test_what_was_changed_stays_noticed_however_often_it_is_opened(how: str, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb.log"
    lines, where = changed(written(path, 4))[how]
    path.write_bytes(b"\n".join(lines))
    for _ in range(2):
        with Workspace.open(tmp_path / "w.duckdb") as workspace:
            assert (workspace.ready().ready, workspace.ready().log_broken_at) == (False, where)
            workspace.store.audit.append("x", "y")
            assert workspace.ready().log_broken_at == where


def test_what_was_kept_of_a_torn_line_is_in_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "w.log"
    lines = written(path)
    path.write_bytes(b"\n".join([*lines[:-1], lines[-1][:60]]))
    recovered(path)
    whole = path.read_bytes()
    for other in (whole.replace(lines[-1][:60] + b"\n", lines[-1][:59] + b"\n"), whole.replace(lines[-1][:60] + b"\n", b"")):
        path.write_bytes(other)
        assert recovered(path).first_broken() in (3, 4)
    path.write_bytes(whole)
    assert AuditLog(path).first_broken() is None


def test_a_line_longer_than_the_end_that_is_looked_at_is_found(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "w.log")
    log.append("x", "scope_seen", units=[f"Afdeling {number}" for number in range(20_000)])
    log.append("x", "y")
    assert [entry["n"] for entry in log.entries()] == [1, 2]
    assert log.first_broken() is None


@linux
@pytest.mark.parametrize("room", [1, 70, 200])
def test_killed_in_the_middle_of_a_line_it_is_ready_at_the_next_start(room: int, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb.log"
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        workspace.store.audit.append("x", "y")
    size = path.stat().st_size
    assert child('log.append("Zoë", "people_seen", rows=5, units=["Café"] * 20)', path, room, "killed").returncode < 0
    assert path.stat().st_size == size + room
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        assert workspace.ready().log_broken_at is None
        assert workspace.store.audit.entries()[-1]["details"]["bytes"] == room


@linux
def test_a_line_the_disk_has_no_room_for_is_refused_and_leaves_nothing_half(tmp_path: Path) -> None:
    """Nobody sees what the log could not take down; with room again it goes on."""
    path = tmp_path / "w.log"
    AuditLog(path).append("x", "y")
    before = path.read_bytes()
    told = child(
        """
try:
    log.append("x", "people_seen", rows=5)
except Refusal as problem:
    print(problem.code, log.first_broken(), log.waiting)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
log.append("x", "next")
""",
        path,
        50,
        "refused",
    )
    assert told.stdout.split() == ["log_unusable", "None", "0"], told.stderr
    assert path.read_bytes().startswith(before)
    assert [entry["action"] for entry in AuditLog(path).entries()] == ["y", "next"]
    assert AuditLog(path).first_broken() is None


@linux
def test_what_was_done_is_written_down_when_there_is_room_again(tmp_path: Path) -> None:
    """What is stored cannot be undone for want of a line; the line waits, and comes before the next."""
    path = tmp_path / "w.log"
    AuditLog(path).append("x", "y")
    told = child(
        """
log.done("x", "import", import_no=1)
log.done("x", "erase_person", import_no=2)
print(log.waiting, log.first_broken())
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
log.recover()
print(log.waiting, log.first_broken())
log.append("x", "next")
""",
        path,
        50,
        "refused",
    )
    assert told.stdout.split() == ["2", "None", "0", "None"], told.stderr
    assert [entry["action"] for entry in AuditLog(path).entries()] == ["y", "import", "erase_person", "next"]
    assert AuditLog(path).first_broken() is None


def test_who_reads_a_line_the_log_cannot_take_down_is_refused(tmp_path: Path) -> None:
    """The log is a folder: as good as a disk that takes nothing."""
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        (tmp_path / "w.duckdb.log").mkdir()
        with pytest.raises(Refusal) as refused:
            workspace.store.audit.append("x", "people_seen", rows=1)
        assert refused.value.code == "log_unusable"
        workspace.store.set_setting("least", "7", "x")
        assert workspace.store.settings()["least"] == "7"
        assert (workspace.ready().ready, workspace.ready().problem) == (False, "log_unusable")
        (tmp_path / "w.duckdb.log").rmdir()
        assert (workspace.ready().ready, workspace.ready().log_waiting) == (True, 0)
        assert [entry["action"] for entry in workspace.store.audit.entries()] == ["set_setting"]


@pytest.mark.usefixtures("pages_alone")
@pytest.mark.parametrize("page", ["overview", "access", "conversations"])
def test_a_page_that_belongs_in_the_log_is_not_shown_without_it_and_says_so(page: str, full: Path) -> None:
    launch()  # the data are open
    log = full.with_name(full.name + ".log")
    kept = log.read_bytes()
    log.unlink()
    log.mkdir()
    try:
        app = launch(page)
        for _ in range(2):  # asked again, it is no less refused
            assert not app.title
            assert log.name in app.error[0].value
            app.run()
    finally:
        log.rmdir()
        log.write_bytes(kept)
    assert app.run().title
    assert not app.error


def test_a_monitor_sees_a_torn_line_mended_by_a_start_and_a_changed_one_not(tmp_path: Path) -> None:
    database = tmp_path / "data" / "w.duckdb"
    with served(database) as app:
        assert health(app)[0] == 200
    log = database.with_name("w.duckdb.log")
    lines = written(log)
    log.write_bytes(b"\n".join([*lines[:-1], lines[-1][:77]]))
    with served(database) as app:
        status, state = health(app)
        assert (status, state["ready"], state["log_broken_at"], state["log_waiting"]) == (200, True, None, 0)
        log.write_bytes(log.read_bytes().replace(b'"rows": 1', b'"rows": 7'))
        status, state = health(app)
        assert (status, state["ready"], state["log_broken_at"]) == (503, False, 2)
