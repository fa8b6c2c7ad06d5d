"""The compiled loops and numpy give the same numbers; without loops, or with damaged ones, the same answers come out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from analytics import compiled, projection, staff
from analytics.beside import both
from analytics.estimate import estimate
from analytics.projection import Base, Projection, prepare, project
from analytics.scenario import Override, Scenario
from analytics.uncertainty import few_people, ranges, responses
from analytics.workforce import FIXED, GROUP, PERMANENT, Cohorts
from benchmarks.engine import no_history
from benchmarks.grids import groups

HOME = Path(__file__).resolve().parent.parent
SAME = 1e-12
CHOSEN = groups(12)
SCENARIOS = {
    "as now": Scenario(),
    "hires": Scenario(hires_per_year=40.0, first_year_exit=25, fixed_term_renewal=60, time_to_fill_months=7),
    "later": Scenario(retirement_shift_months=18, work_on_after_aow=20, statutory_age_step_months=3, resignation_multiplier=0.7),
    "by chance": Scenario(contract_ends_at_aow=False, retirement_shift_months=6),
    "mixed": Scenario(
        retirement_shift_months=-9,
        rvu_uptake=30,
        rvu_months_before=36,
        work_on_after_aow=15,
        overrides=(
            Override("contract_ends_at_aow", 0, role="role 003"),
            Override("rvu_months_before", 12, unit="unit 5"),
            Override("hires_per_year", 20, unit="unit 2"),
            Override("time_to_fill_months", 9, role="role 002"),
            Override("resignation_multiplier", 1.3, role="role 001"),
        ),
    ),
}


@pytest.fixture(scope="module")
def loops() -> ModuleType:
    """Compiled in the folder of the installation, once."""
    pytest.importorskip("numba")
    return compiled._compiled(compiled.folder())


@cache
def _base(seed: int, years: int, moves: bool) -> Base:
    """A random firm: all contracts, past pension dates, heavy work, apprentices, groups of one and groups of nobody."""
    rng = np.random.default_rng(seed)
    rows = 500
    frame = CHOSEN.iloc[rng.integers(0, len(CHOSEN) - 2, rows)].reset_index(drop=True)
    age = rng.integers(16, 72, rows)
    frame["age"], frame["tenure_band"] = age, rng.integers(0, 4, rows)
    frame["contract"] = np.where(rng.random(rows) < 0.3, FIXED, PERMANENT)
    frame["pension_month"] = np.maximum((67 - age) * 12 + rng.integers(-11, 9, rows), -1)
    frame["contract_end_month"] = np.where(frame["contract"] == FIXED, rng.integers(-1, 140, rows), -1)
    people = rng.integers(1, 4, rows).astype(float)
    frame["people"], frame["fte"] = people, people * rng.uniform(0.4, 1, rows)
    frame["fte_sq"], frame["cost"] = frame["fte"] ** 2 / people * 1.02, frame["fte"] * 5e4
    demand = CHOSEN.assign(establishment_fte=50.0, vacancies_fte=1.0, growth=0.01)
    names = CHOSEN["role"].unique()
    roles = pd.DataFrame({"role": names}).assign(isco="", critical=False, heavy=rng.random(len(names)) < 0.5)
    roles = roles.assign(apprentice=rng.random(len(names)) < 0.2, hire_fte=0.9, cost=6e4)
    rates = estimate(no_history(), CHOSEN)
    if moves:
        parts = []
        for chance in (0.03, 0.01, 0.005):
            start, end = rng.permutation(len(CHOSEN))[:8], rng.permutation(len(CHOSEN))[:8]
            ways = (CHOSEN.iloc[at].reset_index(drop=True).add_prefix(f"{name}_") for name, at in (("from", start), ("to", end)))
            parts.append(pd.concat(ways, axis=1).assign(chance=chance, people=1.0))
        rates = replace(rates, moves=pd.concat(parts, ignore_index=True), years=3)
    base = prepare(Cohorts(date(2026, 1, 1), frame, demand, roles), rates, years)
    return replace(base, hire_rate=rng.uniform(0, 4, len(CHOSEN)), cache={})


def _run(base: Base, scenario: Scenario, steps: int, loops: ModuleType | None, patch: pytest.MonkeyPatch) -> Projection:
    patch.setattr(compiled, "loops", lambda: loops)
    if loops is not None:  # a kind of arrays that the loops do not know would be answered by numpy
        patch.setattr(staff, "Stock", None)
    found = project(replace(base, cache={}), scenario, steps)
    found.check_balance()
    return found


def _numbers(found: Projection, steps: int) -> dict[str, np.ndarray]:
    member = np.vstack([np.ones(len(CHOSEN)), np.eye(len(CHOSEN))[:3]])
    people, fte = found.variance(member)
    run = found.run
    named = {"var_people": found.var_people, "var_fte": found.var_fte, "sum_people": people, "sum_fte": fte, "stayed": run.stayed}
    named |= {name: getattr(found, name) for name in ("people", "fte", "contract_fte", "scaled_fte")} | found.retire
    named |= {f"ages {step}": found.ages(step) for step in (0, 1, steps)} | {"retired": run.retired_today, "new": run.new_people}
    named |= {f"people {flow}": many for flow, many in found.flows.items()}
    return named | {f"fte {flow}": many for flow, many in found.flows_fte.items()}


@pytest.mark.parametrize("moves", [True, False], ids=["moves", "no moves"])
@pytest.mark.parametrize("steps", [1, 20])
@pytest.mark.parametrize("name", SCENARIOS)
def test_loops_and_numpy_agree(name: str, steps: int, moves: bool, loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number of a projection, in people and fte, mean and variance, within a part in 10^12 of its size."""
    base = _base(1, 20, moves)
    without, through = (_numbers(_run(base, SCENARIOS[name], steps, which, monkeypatch), steps) for which in (None, loops))
    for number, wanted in without.items():
        size = max(1.0, float(np.abs(wanted).max(initial=0.0)))
        assert np.abs(through[number] - wanted).max(initial=0.0) <= SAME * size * 10, number


@pytest.mark.parametrize("moves", [True, False], ids=["moves", "no moves"])
@pytest.mark.parametrize("name", ["hires", "mixed"])
def test_draws_and_ranges_agree(name: str, moves: bool, loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Supply in every single draw, and the points, chances and sizes of a shortage that follow, by both ways."""
    base, member = _base(1, 20, moves), np.vstack([np.ones(len(CHOSEN)), np.eye(len(CHOSEN))])
    found = []
    for which in (None, loops):
        plan = _run(base, SCENARIOS[name], 20, which, monkeypatch)
        told = ranges(base, plan, member, draws=40)
        drawn = (responses(base, plan, 40, 7), responses(base, plan, 40, 7, people=True))
        found.append((*drawn, told.low, told.middle, told.high, told.p_short, told.person_years_short))
    few = few_people(plan, member)
    assert 0 < few.sum() < few.size  # the exact law and the curve
    for wanted, through in zip(*found, strict=True):
        np.testing.assert_allclose(through, wanted, rtol=1e-10, atol=1e-10 * np.abs(wanted).max())


def test_hires_after_other_hires_are_the_same_as_at_once(loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of one number of hires serves another."""
    base = replace(_base(5, 12, True), cache={})
    monkeypatch.setattr(compiled, "loops", lambda: loops)
    for number in (30.0, 80.0, 0.0, 55.0):
        scenario = Scenario(hires_per_year=number)
        kept, fresh = project(base, scenario), project(replace(base, cache={}), scenario)
        for step in (1, 12):
            np.testing.assert_allclose(kept.ages(step), fresh.ages(step), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(kept.fte, fresh.fte, rtol=1e-12)
        np.testing.assert_allclose(kept.var_people, fresh.var_people, rtol=1e-9, atol=1e-9)


def test_nobody_at_all(loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan without people: only work to be done."""
    frame = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    demand = CHOSEN.assign(establishment_fte=3.0, vacancies_fte=0.0, growth=np.nan)
    roles = pd.DataFrame({"role": CHOSEN["role"]}).assign(isco="", critical=False, heavy=False, apprentice=False, hire_fte=1.0, cost=np.nan)
    base = prepare(Cohorts(date(2026, 1, 1), frame, demand, roles), estimate(no_history(), CHOSEN), 5)
    for which in (None, loops):
        found = _run(base, Scenario(hires_per_year=12.0), 5, which, monkeypatch)
        assert found.people[:, 0].sum() == 0
        assert 40 < found.people[:, 5].sum() < 60


_COLUMNS = {
    **dict.fromkeys(GROUP, "str"), "age": "int64", "pension_month": "int64", "tenure_band": "int64", "contract_end_month": "int64",
    "contract": "str", "people": "float64", "fte": "float64", "fte_sq": "float64", "cost": "float64",
}  # fmt: skip


def test_one_base_is_answered_by_one_way(loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops that come while an app is open change no digit of what it told before, nor of what follows from it."""
    base, member = replace(_base(5, 12, True), cache={}), np.ones((1, len(CHOSEN)))
    monkeypatch.setattr(compiled, "loops", lambda: None)
    before = project(base, SCENARIOS["hires"])
    monkeypatch.setattr(compiled, "loops", lambda: loops)
    for name in ("mixed", "later", "as now", "by chance", "mixed", "hires"):
        after = project(base, SCENARIOS[name])
    assert after.run is not before.run  # worked out again
    np.testing.assert_array_equal(after.fte, before.fte)
    np.testing.assert_array_equal(after.var_fte, before.var_fte)
    without = ranges(replace(base, cache={("way",): None}), before, member, draws=20)
    np.testing.assert_array_equal(ranges(base, after, member, draws=20).low, without.low)


def test_kept_loops_are_waited_for(loops: ModuleType) -> None:
    """The first answer of a process is already that of the loops, when they were kept; nothing else asks it to wait."""
    code = """
from analytics import compiled
compiled.start()
from tests.test_loops import _base, SCENARIOS
from analytics.projection import project
base = _base(3, 4, True)
project(base, SCENARIOS["mixed"])
print(compiled.loops() is not None, base.cache[compiled.WAY] is compiled.loops())
"""
    environment = {**os.environ, "WERKHORIZON_LOOPS": str(compiled.folder().parent)}
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_others_go_on_while_loops_run(loops: ModuleType) -> None:
    """Every loop that is called from outside lets other threads have Python: other visitors, and the other half of the same question."""
    assert all(entry.targetoptions["nogil"] for entry in loops.ENTRIES)


def test_halves_are_done_by_who_is_free() -> None:
    """Two parts at once, each once, by whoever is free; a fault in either is told when both have ended."""
    done: list[str] = []
    assert both(lambda: done.append("a") or 1, lambda: done.append("b") or 2) == (1, 2)
    assert sorted(done) == ["a", "b"]
    many = [both(lambda n=n: n, lambda n=n: both(lambda: n, lambda: -n)) for n in range(50)]  # asked for inside another one
    assert many == [(n, (n, -n)) for n in range(50)]
    for parts in ((_fault, done.clear), (done.clear, _fault)):
        with pytest.raises(ZeroDivisionError):
            both(*parts)


def _fault() -> float:
    return 1 / 0


ASK = """
import sys
BLOCK
from analytics import compiled
compiled.start()
print(compiled.ready())
from tests.test_loops import _base, SCENARIOS
from analytics.projection import project
print(repr(float(project(_base(3, 4, True), SCENARIOS["mixed"]).fte.sum())))
"""


def _asked(folder: Path, block: str = "") -> tuple[bool, float]:
    environment = {**os.environ, "WERKHORIZON_LOOPS": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", ASK.replace("BLOCK", block)], cwd=HOME, env=environment, capture_output=True, text=True, check=True
    )
    there, total = done.stdout.split()
    return there == "True", float(total)


@pytest.fixture(scope="module")
def usual() -> float:
    return float(project(_base(3, 4, True), SCENARIOS["mixed"]).fte.sum())


def test_without_a_compiler_the_same_answer_comes(usual: float, tmp_path: Path) -> None:
    """As on a Mac with an Intel processor: the import fails."""
    there, total = _asked(tmp_path, "sys.modules['numba'] = None")
    assert not there
    assert total == usual


def test_loops_are_read_from_a_folder_that_cannot_be_written(loops: ModuleType, usual: float) -> None:
    """The folder of the installation, as a service that may only read sees it: nothing is compiled, nothing is written."""
    kept = sorted((path, path.stat().st_mtime_ns) for path in compiled.folder().rglob("*"))
    there, total = _asked(compiled.folder().parent)
    assert there
    assert total == pytest.approx(usual, rel=SAME)
    assert kept == sorted((path, path.stat().st_mtime_ns) for path in compiled.folder().rglob("*"))


def test_a_copy_of_the_source_elsewhere_finds_the_same_loops(loops: ModuleType, usual: float, tmp_path: Path) -> None:
    """A second clone, or an installation that was moved: nothing is compiled again, so its first answer waits for nothing."""
    shutil.copytree(HOME / "analytics", tmp_path / "analytics", ignore=shutil.ignore_patterns("__pycache__"))
    kept = sorted(compiled.folder().rglob("*.nb?"))
    code = "from analytics import compiled; compiled.start(); print(compiled.__file__); print(compiled.ready())"
    environment = {**os.environ, "WERKHORIZON_LOOPS": str(compiled.folder().parent), "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path / "analytics" / "compiled.py"), "True"]
    assert kept == sorted(compiled.folder().rglob("*.nb?"))


def test_setup_looks_once_and_says_so(loops: ModuleType) -> None:
    """The second `make run` waits for no compiler; what is damaged later is found by the app itself."""
    code = "import sys; from analytics.compiled import main; main(); print('numba' in sys.modules)"
    environment = {**os.environ, "WERKHORIZON_LOOPS": str(compiled.folder().parent)}
    for seen in compiled.folder().glob("rehearsed-*"):
        seen.unlink()
    for loaded in ("True", "False"):
        done = subprocess.run([sys.executable, "-c", code], cwd=HOME, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.split() == [loaded]


@pytest.mark.slow
def test_damaged_loops_are_compiled_anew(loops: ModuleType, usual: float, tmp_path: Path) -> None:
    """A file cut short, as after a full disk; and two processes that find it so at once."""
    there = tmp_path / compiled.folder().name
    for path in compiled.folder().rglob("*.nb?"):
        copy = there / path.relative_to(compiled.folder())
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes()[:100])
    for _ in range(2):
        found, total = _asked(tmp_path)
        assert found
        assert total == pytest.approx(usual, rel=SAME)
    assert all(path.stat().st_size > 100 for path in there.rglob("*.nb?"))


def test_commands_do_not_load_the_compiler() -> None:
    """Who asks once would wait longer for the compiler than for the answer."""
    code = "import sys, commands.base, workflows.outlook, presentation.session; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_another_version_of_the_loops_has_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Changed loops are never mistaken for the ones that were kept."""
    now = compiled.folder()
    for path in compiled.SOURCES.glob("*.py"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    assert compiled.folder() == now
    (tmp_path / "staying.py").write_text("changed")
    assert compiled.folder() != now


def test_the_two_ways_stay_apart() -> None:
    """Nothing but `compiled` imports the loops, so nothing else waits for the compiler."""
    for path in (HOME / "analytics").rglob("*.py"):
        if path.parent.name != "loops" and path.name not in ("compiled.py", "located.py"):
            text = path.read_text(encoding="utf-8")
            assert "from analytics.loops" not in text
            assert "import numba" not in text
    assert staff.compiled is compiled
    assert projection.project is project
