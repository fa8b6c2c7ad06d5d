"""The only process that opens a stranger's file with a full reader: `python -m intake.child <job.json>`.

Sets limits on itself first, reads every cell as text and leaves Arrow files and a result.json. Imports as little as
it can, because every import waits for this process to start.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from functools import cache
from pathlib import Path

ADDRESS_SPACE = 1.6
"""Times the memory allowed: a list that grows by doubling reserves room it never touches, which counts as address space.
What is really used is watched by the parent."""


def limit(memory: int, seconds: int) -> None:
    """Address space, processor time and core files, where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    for what, value in ((resource.RLIMIT_AS, int(memory * ADDRESS_SPACE)), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(what, (value, value))


def read_workbook(job: dict) -> dict:
    """Sheets as Arrow files. A hidden sheet is only read at its top, unless it was asked for."""
    import fastexcel

    older = job["format"] != "xlsx"
    early = threading.Thread(target=loads, args=("pyarrow",), daemon=True)
    early.start()  # loads while the sheet is being read; where it fails, the import below says so
    path = Path(job["path"])
    if older:
        from intake import restated

        path = restated.copy(path, job["format"], Path(job["out"])) or path
    named_so = path.suffix.lower() in ("." + job["format"], ".xlsm" if job["format"] == "xlsx" else "")
    whole = cache(lambda: fastexcel.read_excel(path if named_so else path.read_bytes()))  # by name it would believe a wrong extension
    sheets = []
    for number, name in enumerate(job["sheets"] if job["large"] else whole().sheet_names):
        known = job["sheets"].get(name, {})
        if known.get("skip"):
            sheets.append({"name": name, "hidden": known.get("hidden", False), "skip": known["skip"]})
            continue
        top_only = known.get("hidden", False) and name != job["wanted"]
        rows = 60 if top_only else None
        hidden = known.get("hidden", False)
        batch, uncached = distinct_cells(name) if name == job["large"] else None, {}
        distinct = batch is not None
        if distinct:
            pass
        elif not older:  # straight to Arrow, without a copy of every text on the way
            batch = whole().load_sheet_eager(name, header_row=None, skip_rows=0, dtypes="string", n_rows=rows)
        else:  # only the reader knows which sheets of the older formats are hidden
            sheet = whole().load_sheet(number, header_row=None, skip_rows=0, dtypes="string", n_rows=rows)
            batch, uncached = restated.told(*sheet.to_arrow_with_errors()) if sheet.width else (None, {})
            hidden = sheet.visible != "visible"
        if batch is None or batch.num_columns == 0:
            sheets.append({"name": name, "hidden": hidden, "skip": "empty"})
            continue
        import pyarrow as pa

        target = f"sheet_{number}.arrow"
        write(pa.Table.from_batches([batch]), Path(job["out"]) / target)
        sheets.append({"name": name, "hidden": hidden, "file": target, "top_only": top_only, "distinct": distinct, "uncached": uncached})
    return {"sheets": sheets}


def distinct_cells(name: str):
    """One column with every distinct cell of the large sheet, and a last one more, when the parent has put them into a workbook of
    their own; None when the sheet is to be read in the usual way."""
    import fastexcel

    told = json.loads(sys.stdin.readline() or "{}")
    if not told:
        return None
    try:
        batch = fastexcel.read_excel(told["path"]).load_sheet_eager(name, header_row=None, skip_rows=0, dtypes="string")
    except MemoryError:
        raise
    except BaseException:  # the reader's panics derive from BaseException: what is wrong, the usual way will say
        return None
    return batch if batch.num_rows == told["rows"] and batch.column(0)[-1].as_py() == told["last"] else None


def read_csv(job: dict) -> dict:
    """The one table of a text file, with the line number of every row."""
    import pyarrow as pa

    from intake import csv_text

    table = csv_text.read(Path(job["path"]).read_bytes())
    columns = {f"c{index}": pa.array([cell or None for cell in cells], pa.string()) for index, cells in enumerate(table.columns)}
    columns["lines"] = pa.array(table.lines, pa.int64())
    write(pa.table(columns), Path(job["out"]) / "sheet_0.arrow")
    facts = {"encoding": table.encoding, "delimiter": table.delimiter, "mixed_lines": table.mixed_lines}
    facts |= {"open_quote": table.open_quote, "ragged": table.ragged[:1000], "ragged_count": len(table.ragged), "short": table.short[:1000]}
    return {"sheets": [{"name": "", "hidden": False, "file": "sheet_0.arrow"}], "csv": facts}


def loads(name: str) -> bool:
    """A library that does not fit under the limit fails to load."""
    try:
        importlib.import_module(name)
    except (MemoryError, ImportError):
        return False
    return True


def write(table, path: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def main() -> int:
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # pyarrow loads it where it is there, which takes longer than the rest
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    limit(job["memory"], job["seconds"])
    try:
        result = read_csv(job) if job["format"] == "csv" else read_workbook(job)
    except BaseException as error:  # the reader's panics derive from BaseException; whatever it was, the file is not readable
        result = {"error": "unreadable", "type": type(error).__name__, "text": str(error)[:500]}
        if type(error).__name__ == "CsvRefused":
            result = {"error": "csv", "text": str(error)}
        elif isinstance(error, MemoryError | ImportError) or not loads("pyarrow"):
            result = {"error": "memory"}
    Path(job["out"], "result.json").write_text(json.dumps(result), encoding="utf-8")
    return 0


if __name__ == "__main__":
    os._exit(main())  # all is written: nobody waits for memory to be given back piece by piece
