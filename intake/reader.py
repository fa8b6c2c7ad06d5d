"""Has the child read the file and hands back grids; a child that dies, hangs or grows is a refused file, nothing more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa

from analytics.errors import Refusal
from intake.grid import Grid, filled
from intake.guard import Inspected
from intake.report import Options

ROOT = Path(__file__).resolve().parent.parent
POLL = 0.02


def read_grids(path: Path, found: Inspected, options: Options) -> tuple[list[Grid], list[tuple[str, str]], dict]:
    """Grids of the readable sheets, (sheet, reason) of those left out, and facts about a csv.

    Refusals: not_a_workbook, encrypted, hostile_file, too_large, csv_not_a_table.
    """
    with tempfile.TemporaryDirectory(prefix="werkhorizon-", ignore_cleanup_errors=True) as folder:
        result = _run(path, Path(folder), found, options)
        if "error" in result:
            raise _refusal(result)
        grids, left_out = [], []
        for sheet in result["sheets"]:
            if sheet.get("skip"):
                left_out.append((sheet["name"], sheet["skip"]))
                continue
            grid = _grid(Path(folder) / sheet["file"], sheet, found)
            if grid.height:
                grids.append(grid)
        return grids, left_out, result.get("csv", {})


def _run(path: Path, folder: Path, found: Inspected, options: Options) -> dict:
    seconds = int(min(options.seconds, 15 + found.unpacked / 4_000_000))
    sheets = {sheet.name: {"hidden": sheet.hidden, "skip": sheet.skip} for sheet in found.sheets}
    job = {"path": str(path.resolve()), "out": str(folder), "format": found.format, "sheets": sheets, "wanted": options.sheet or ""}
    job |= {"memory": options.memory, "seconds": seconds}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    command = [sys.executable, "-m", "intake.child", str(folder / "job.json")]
    keep = {key: value for key, value in os.environ.items() if key in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LD_LIBRARY_PATH")}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=keep | {"PYTHONUTF8": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}, **quiet)  # type: ignore[call-overload]
    try:
        _watch(process, options.memory, seconds)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    answer = folder / "result.json"
    if process.returncode != 0 or not answer.exists():
        raise Refusal("hostile_file", what="reader_stopped")
    return json.loads(answer.read_text(encoding="utf-8"))


def _watch(process: subprocess.Popen, memory: int, seconds: int) -> None:
    """Wait for the child; stop it when it takes too much time or memory (systems without rlimits need this)."""
    end = time.monotonic() + seconds * 1.5
    try:
        watched = psutil.Process(process.pid)
    except psutil.Error:
        watched = None
    checks = 0
    while True:
        try:
            process.wait(POLL)
            return
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() > end:
            raise Refusal("hostile_file", what="time")
        checks += 1
        if watched is not None and checks % 10 == 0:
            try:
                if watched.memory_info().rss > memory:
                    raise Refusal("too_large", what="memory", limit=memory // 1_000_000)
            except psutil.Error:
                watched = None


def _refusal(result: dict) -> Refusal:
    text = result.get("text", "").lower()
    if result["error"] == "memory":
        return Refusal("too_large", what="memory", limit=0)
    if result["error"] == "csv":
        return Refusal("empty_file") if text == "empty" else Refusal("csv_not_a_table", what=text)
    if "password" in text or "encrypt" in text:
        return Refusal("encrypted")
    return Refusal("not_a_workbook")


def _grid(file: Path, sheet: dict, found: Inspected) -> Grid:
    with pa.OSFile(str(file), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    lines = None
    if "lines" in table.column_names:
        lines = table.column("lines").to_numpy()
        table = table.drop_columns(["lines"])
    table, rows = _trim(table)
    grid = Grid(sheet["name"], table, hidden=sheet["hidden"], lines=lines[:rows] if lines is not None else None)
    known = next((item for item in found.sheets if item.name == sheet["name"] and item.scan), None)
    if known is not None and known.scan is not None:
        scan = known.scan
        grid.first_column = scan.first_column if scan.first_column <= scan.last_column else 0
        grid.hidden_rows, grid.hidden_columns, grid.filtered = scan.hidden_rows, scan.hidden_columns, scan.filtered
        grid.problems = {"error_cells": scan.errors, "uncached_formulas": scan.uncached}
        grid.totals = {"error_cells": scan.error_count, "uncached_formulas": scan.uncached_count}
    return grid


def _trim(table: pa.Table) -> tuple[pa.Table, int]:
    """Without the empty rows at the bottom that a stray formatted cell leaves behind."""
    last = 0
    for column in table.columns:
        held = np.flatnonzero(filled(column))
        if len(held):
            last = max(last, int(held[-1]) + 1)
    return table.slice(0, last), last
