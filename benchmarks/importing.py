"""A workbook from disk to checked and stored, against pandas with openpyxl reading alone and against the least any reader does; half a
million rows; and how soon a file made to do harm is refused."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from statistics import median
from xml.parsers import expat

import numpy as np
import pandas as pd
import psutil
import xlsxwriter

from benchmarks.grids import staff
from benchmarks.timing import Row, rows, spaced
from presentation import settling

HEADERS = {
    "Personeelsnummer": "employee_id",
    "Geslacht": "gender",
    "Geboortedatum": "birth_date",
    "Datum in dienst": "hire_date",
    "Einddatum contract": "contract_end_date",
    "Soort contract": "contract_type",
    "Locatie": "location",
    "Afdeling": "unit",
    "Functie": "role",
    "FTE": "fte",
    "Contracturen per week": "hours_per_week",
    "Maandsalaris": "salary",
}
EXTRA = 8
"""Columns an export has and nobody needs; twenty in all."""


def write_export(path: Path, people: int) -> Path:
    """An export of twenty columns as an HR system writes it: shared texts, dates as numbers with a format."""
    frame = staff(people)
    frame["gender"] = np.where(frame["gender"] == "f", "V", "M")
    frame["contract_type"] = np.where(frame["contract_type"] == "fixed", "Bepaalde tijd", "Onbepaalde tijd")
    frame["salary"] = 2600 + np.arange(people) % 2400
    columns = [frame[name] for name in HEADERS.values()]
    columns += [pd.Series([f"groep {number} {row % 50}" for row in range(people)]) for number in range(EXTRA)]
    with xlsxwriter.Workbook(str(path), {"constant_memory": False, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        sheet = book.add_worksheet("Personeel")
        sheet.write_row(0, 0, [*HEADERS, *(f"Vrij veld {number}" for number in range(EXTRA))])
        for number, column in enumerate(columns):
            if pd.api.types.is_datetime64_any_dtype(column):
                for row, value in enumerate(column.dt.to_pydatetime(), start=1):
                    if value is not pd.NaT:
                        sheet.write_datetime(row, number, value, day)
            elif pd.api.types.is_numeric_dtype(column):
                sheet.write_column(1, number, column.tolist())
            else:
                for row, value in enumerate(column.tolist(), start=1):
                    sheet.write_string(row, number, value)
    return path


def floor(path: Path) -> int:
    """Unpack every sheet and the shared texts, and let expat walk over them without doing anything: counts start tags."""
    seen = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1

    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/") or name.endswith("sharedStrings.xml"):
                parser = expat.ParserCreate()
                with packed.open(name) as part:
                    parser.ParseFile(part)
                seen += 1
    return seen


def ours(path: Path) -> dict[str, float]:
    """Read, check and store in a fresh database that is open already, as for somebody at the screen: seconds in all and in parts."""
    from intake import Options, read_file
    from store import open_store

    at: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.duckdb") as store, settling.room_to_read():
        began = time.perf_counter()
        result = read_file(path, path.name, Options(progress=lambda step, _share: at.setdefault(step, time.perf_counter())))
        checked = time.perf_counter()
        store.save_import(result.frames, result.reports, result.content_hash, path.name, "bench")
        seconds = time.perf_counter() - began
    checks = checked - at["recognise"]
    return {"seconds": seconds, "checks": checks, "read": at["recognise"] - began, "rest": seconds - checks}


def pandas_alone(path: Path) -> int:
    return len(pd.read_excel(path, engine="openpyxl", dtype=str))


def _apart(name: str, path: Path, watched: bool = False) -> dict[str, float]:
    """Run one candidate in a process of its own: seconds without start-up, or the peak memory of it and its children; not both in one
    run, as who looks at memory fifty times a second takes time from what is being timed."""
    code = f"import sys; from benchmarks.importing import in_process; in_process({name!r}, sys.argv[1], {watched})"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout.splitlines()[-1])


def in_process(name: str, path: str, watched: bool) -> None:
    """The body of `_apart`: prints seconds, and peak mebibytes where somebody watches, as JSON."""
    candidates: dict[str, Callable[[Path], object]] = {"floor": floor, "ours": ours, "pandas": pandas_alone}
    if name == "ours":  # imports are start-up, not import of a file
        import_module("intake.files")
        import_module("store")
        settling.few_pools()  # memory as in the started app
    with memory() if watched else nullcontext([]) as used:
        began = time.perf_counter()
        result = candidates[name](Path(path))
        spent = time.perf_counter() - began
    more = result if isinstance(result, dict) else {}
    print(json.dumps({"seconds": spent, "peak": max(used, default=0.0), **more}))


@contextmanager
def memory() -> Iterator[list[float]]:
    """Mebibytes of this process and its children together, looked at fifty times a second."""
    me, used, ended = psutil.Process(), [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            total = me.memory_info().rss
            for child in me.children(recursive=True):
                with suppress(psutil.Error):
                    total += child.memory_info().rss
            used.append(total / 2**20)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield used
    finally:
        ended.set()
        watcher.join()


def measure(quick: bool) -> list[Row]:
    found: list[Row] = []
    for people in (10_000,) if quick else (10_000, 100_000):
        rounds = 3 if people <= 10_000 or not quick else 1
        label = f"import, {spaced(people)} rows x 20 columns"
        with tempfile.TemporaryDirectory() as folder:
            path = write_export(Path(folder) / "export.xlsx", people)
            names = ("ours", "floor", "pandas")
            taken: dict[str, list[dict[str, float]]] = {name: [] for name in names}
            for turn in range(rounds):
                for name in names[turn % 3 :] + names[: turn % 3]:
                    taken[name].append(_apart(name, path))
            peak = max(_apart("ours", path, watched=True)["peak"] for _ in range(rounds))
            size = path.stat().st_size / 1e6
        found += _rows(label, taken, size, peak)
    return found + hostile() + ([] if quick else [half_a_million()])


def hostile() -> list[Row]:
    """The slowest of the tests' hostile files, each refused three times."""
    from analytics.errors import Refusal
    from intake import read_file
    from tests.hostile_files import HOSTILE
    from tests.test_intake_old_formats import HOSTILE as OLDER

    taken: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = {name: make(Path(folder) / f"{number}.xlsx") for number, (name, (make, _)) in enumerate(HOSTILE.items())}
        for name, (older, file) in OLDER.items():
            files[name] = Path(folder) / f"{len(files)}{Path(file).suffix}"
            files[name].write_bytes(older())
        for name, path in files.items():
            spent = []
            for _ in range(3):
                began = time.perf_counter()
                with suppress(Refusal):
                    read_file(path)
                    raise RuntimeError(f"{name} was read")
                spent.append(time.perf_counter() - began)
            taken[name] = median(spent)
    worst = sorted(taken, key=taken.__getitem__, reverse=True)
    note = f"aim 1 s at most; slowest: {worst[0]}; next: {worst[1]} {taken[worst[1]]:.2f} s"
    return [Row(f"import, {len(files)} hostile files", "refused, the slowest of them", taken[worst[0]], rounds=3, note=note)]


def half_a_million() -> Row:
    """Once: it takes minutes to make the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_export(Path(folder) / "export.xlsx", 500_000)
        took, peak = _apart("ours", path), _apart("ours", path, watched=True)["peak"]
    note = f"peak {peak:.0f} MiB with its reader (aim 1 200)"
    return Row("import, 500 000 rows x 20 columns", "read, checked and stored", took["seconds"], note=note)


def _rows(label: str, taken: dict[str, list[dict[str, float]]], size: float, peak: float) -> list[Row]:
    """What was promised, each with its own line and its aim: without the checks against the floor, in all against the peer."""
    least, peer, rest, checks, all_ = (
        "unpack and parse only",
        "pandas+openpyxl, reading only",
        "read and stored, without the checks",
        "the checks alone",
        "read, checked and stored",
    )
    seconds = {
        least: [run["seconds"] for run in taken["floor"]],
        rest: [run["rest"] for run in taken["ours"]],
        checks: [run["checks"] for run in taken["ours"]],
        all_: [run["seconds"] for run in taken["ours"]],
        peer: [run["seconds"] for run in taken["pandas"]],
    }
    faster = median(seconds[peer]) / median(seconds[all_])
    notes = {
        least: f"file of {size:.1f} MB",
        rest: f"aim 2.00 x at most; reading {median(run['read'] for run in taken['ours']):.2f} s",
        checks: "stated, no aim",
        all_: f"aim 0.125 x at most: {faster:.1f} times as fast; peak {peak:.0f} MiB with its reader (aim 350)",
    }
    return rows(label, seconds, {rest: least, checks: least, all_: peer}, notes)
