"""A workbook from disk to checked and stored, against pandas with openpyxl reading alone and against the least any reader does."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pandas as pd
import xlsxwriter

from benchmarks.grids import staff
from benchmarks.timing import Row, rows, spaced

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


def ours(path: Path) -> dict[str, object]:
    """Read, check and store in a fresh database; also in parts."""
    from intake import Options, read_file
    from store import open_store

    began = time.perf_counter()
    result = read_file(path, path.name, Options())
    read = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.duckdb") as store:
        store.save_import(result.frames, result.reports, result.content_hash, path.name, "bench")
    return {"read": read, "kept": result.main.rows_kept}


def pandas_alone(path: Path) -> int:
    return len(pd.read_excel(path, engine="openpyxl", dtype=str))


def _apart(name: str, path: Path) -> dict[str, float]:
    """Run one candidate in a process of its own: seconds without start-up, and the peak memory of it and its children."""
    code = f"import sys; from benchmarks.importing import in_process; in_process({name!r}, sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout.splitlines()[-1])


def in_process(name: str, path: str) -> None:
    """The body of `_apart`: prints seconds and peak megabytes as JSON."""
    candidates: dict[str, Callable[[Path], object]] = {"floor": floor, "ours": ours, "pandas": pandas_alone}
    if name == "ours":  # imports are start-up, not import of a file
        import_module("intake.files")
        import_module("store")
    began = time.perf_counter()
    result = candidates[name](Path(path))
    spent = time.perf_counter() - began
    own, child = _peaks()
    more = result if isinstance(result, dict) else {}
    print(json.dumps({"seconds": spent, "own": own, "child": child, **more}))


def _peaks() -> tuple[float, float]:
    """Most megabytes ever used by this process and by its largest child; NaN where the system does not keep them (Windows).

    Linux counts in ru_maxrss what the starting process used before it, so there the own peak comes from /proc.
    """
    try:
        import resource
    except ImportError:
        return float("nan"), float("nan")
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    status = Path("/proc/self/status")
    if status.exists():
        own = next(float(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return own, child


def measure(quick: bool) -> list[Row]:
    found: list[Row] = []
    for people in (10_000,) if quick else (10_000, 100_000):
        rounds = 3 if people <= 10_000 or not quick else 1
        label = f"import, {spaced(people)} rows x 20 columns"
        with tempfile.TemporaryDirectory() as folder:
            path = write_export(Path(folder) / "export.xlsx", people)
            names = {"read, checked, stored": "ours", "unpack and parse only": "floor", "pandas+openpyxl, reading only": "pandas"}
            taken: dict[str, list[float]] = {name: [] for name in names}
            memory = ""
            for turn in range(rounds):
                for name in list(names)[turn % 3 :] + list(names)[: turn % 3]:
                    result = _apart(names[name], path)
                    taken[name].append(result["seconds"])
                    if names[name] == "ours":
                        memory = f"reading {result['read']:.2f} s; peak {result['own']:.0f} MB, reader {result['child']:.0f} MB"
            size = path.stat().st_size / 1e6
        first, least, peer = names
        found += rows(label, taken, {first: least, peer: first}, {first: memory, least: f"file of {size:.1f} MB"})
    return found
