"""The walls of the house (docs: README, "How the house is built"). Each wall has a human name; breaking it fails here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
ROOMS = ("analytics", "intake", "store", "workflows", "presentation", "pages", "commands")
EXCEL_READERS = ("openpyxl", "fastexcel", "python_calamine", "xlrd", "pyxlsb")

# wall -> (files it holds for, top-level names they may not import, files excused)
FORBIDDEN: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "analytics is pure: no screen, chart, database or Excel reader": (
        ("analytics",),
        (
            "streamlit",
            "plotly",
            "duckdb",
            "xlsxwriter",
            "pptx",
            "babel",
            *EXCEL_READERS,
            "intake",
            "store",
            "workflows",
            "presentation",
            "pages",
        ),
        (),
    ),
    "intake knows no database, screen or workflow": (
        ("intake",),
        ("duckdb", "streamlit", "plotly", "store", "workflows", "presentation", "pages"),
        (),
    ),
    "the store knows no screen, no intake and no workflow": (
        ("store",),
        ("streamlit", "plotly", "intake", "workflows", "presentation", "pages", *EXCEL_READERS),
        (),
    ),
    "workflows have no screen": (("workflows",), ("streamlit", "plotly", "duckdb", "presentation", "pages", *EXCEL_READERS), ()),
    "presentation asks workflows, never the rooms below": (("presentation",), ("intake", "store", "duckdb", "fastexcel", "pages"), ()),
    "only session, controls, plotting and the two apps in presentation know streamlit": (
        ("presentation",),
        ("streamlit",),
        (
            "presentation/session.py",
            "presentation/service.py",
            "presentation/opening.py",
            "presentation/plotting.py",
            "presentation/controls/",
        ),
    ),
    "pages ask presentation only": (
        ("pages", "app.py"),
        ("workflows", "store", "intake", "analytics", "duckdb", "pandas", "numpy", "plotly", *EXCEL_READERS),
        (),
    ),
    "pages do not import each other": (("pages",), ("pages",), ()),
    "only the store imports duckdb": (
        ("analytics", "intake", "workflows", "presentation", "pages", "app.py", "cli.py", "commands"),
        ("duckdb",),
        (),
    ),
    "only the store's record knows PostgreSQL": (
        (*ROOMS, "app.py", "cli.py"),
        ("psycopg",),
        ("store/record.py",),
    ),
    "the command line calls workflows, not the rooms below": (
        ("cli.py", "commands"),
        ("streamlit", "plotly", "duckdb", "store", "pages", *EXCEL_READERS),
        (),
    ),
}

INNER_WORKFLOWS = (
    *("abilities", "facts", "ground", "narrowed", "owned", "pooled", "prepared", "remembering", "sample_voices", "stands", "told"),
)
NOT_CALLS = ("__init__", "access", "identity", "running", "types", "workspace")


def _files(parts: tuple[str, ...], root: Path = HOME) -> Iterator[Path]:
    for part in parts:
        path = root / part
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def _imports(path: Path) -> Iterator[str]:
    """Every module a file imports, at any depth of the code, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _broken(wall: str, root: Path = HOME) -> list[str]:
    rooms, forbidden, excused = FORBIDDEN[wall]
    return [
        f"{path.relative_to(root)} imports {name}"
        for path in _files(rooms, root)
        if not str(path.relative_to(root)).startswith(excused)
        for name in _imports(path)
        if name.split(".")[0] in forbidden
    ]


@pytest.mark.parametrize("wall", FORBIDDEN)
def test_wall_stands(wall: str) -> None:
    assert not _broken(wall), wall


@pytest.mark.parametrize("wall", FORBIDDEN)
def test_wall_notices_a_breach(wall: str, tmp_path: Path) -> None:
    """A wall that cannot fail guards nothing: plant the forbidden import and see it found."""
    rooms, forbidden, _ = FORBIDDEN[wall]
    target = tmp_path / rooms[0] / "planted.py" if not rooms[0].endswith(".py") else tmp_path / rooms[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"def late():\n    from {forbidden[0]} import something\n", encoding="utf-8")
    assert _broken(wall, tmp_path)


def test_pages_name_no_person_level_type() -> None:
    """Pages get released results only; they never even name what goes into the engine."""
    for path in _files(("pages", "app.py")):
        names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
        assert not names & {"Cohorts", "Projection", "History"}, path


def test_analytics_reads_only_its_own_tables() -> None:
    """No open(), no Path, no read_csv on a path in analytics, except the tables room that uses importlib.resources."""
    for path in _files(("analytics",)):
        if path.name in ("tables.py", "amounts.py", "pension.py"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        called |= {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
        assert not called & {"open", "read_csv", "read_text", "read_excel", "read_parquet"}, path


def test_workflow_calls_take_a_viewer_first() -> None:
    """Every public function of a workflow asks who is asking before anything else."""
    for path in _files(("workflows",)):
        if path.stem in INNER_WORKFLOWS or path.stem in NOT_CALLS:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                first = node.args.args[0].arg if node.args.args else ""
                assert first == "viewer", f"{path.name}: {node.name}({first}...)"


def test_inner_workflow_modules_are_used_by_workflows_only() -> None:
    """What a workflow is made of has no viewer check of its own, so nobody else may call it."""
    for path in _files(("presentation", "pages", "app.py", "cli.py", "commands")):
        inner = {f"workflows.{name}" for name in INNER_WORKFLOWS}
        assert not inner & set(_imports(path)), path


def test_pages_stay_small() -> None:
    for path in _files(("pages",)):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 90, f"{path.name} has {lines} lines: a page is controls -> one call -> figures"


def test_every_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        if room == "pages":  # a folder of scripts, not a package
            continue
        assert ast.get_docstring(ast.parse((HOME / room / "__init__.py").read_text(encoding="utf-8"))), room


def test_no_top_level_room_without_a_decision() -> None:
    known = {*ROOMS, "sample_data", "tests", "benchmarks", "docs", "data", "build", "static"}
    found = {path.name for path in HOME.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    assert found <= known, found - known
