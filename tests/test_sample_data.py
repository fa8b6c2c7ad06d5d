"""The fictional firm is what the story says it is, and the committed files are what the generator makes."""

from __future__ import annotations

import tomllib
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import intake
from analytics.amounts import amount
from analytics.pension import statutory_pension_date
from sample_data import faults, generator
from sample_data.firm import FIRST_YEAR, FLEX_FTE, LAST_YEAR, LOCATIONS, RENAMED_UNIT, UNIT_BEFORE, targets
from sample_data.generator import HOME, firm
from sample_data.small import POSTS, small_firm

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
SLACK = 0.03


def _age(born: date, year: int) -> int:
    return year - born.year - ((born.month, born.day) > (1, 1))


@pytest.fixture(scope="module")
def own() -> pd.DataFrame:
    """Own people, all snapshots, with year and age."""
    staff = firm().staff
    rows = staff[staff["Soort medewerker"] == "Personeelslid"].copy()
    rows["year"] = [day.year for day in rows["Peildatum"]]
    rows["age"] = [_age(born, year) for born, year in zip(rows["Geboortedatum"], rows["year"], strict=True)]
    return rows


@pytest.fixture(scope="module")
def last(own: pd.DataFrame) -> pd.DataFrame:
    return own[own["year"] == LAST_YEAR]


def _roles(own: pd.DataFrame, year: int) -> dict[str, str]:
    rows = own[own["year"] == year]
    return dict(zip(rows["Personeelsnummer"], rows["Functie"], strict=True))


def test_totals_of_the_story(last: pd.DataFrame) -> None:
    assert len(last) == pytest.approx(1194, rel=SLACK)
    assert last["FTE"].sum() == pytest.approx(1116, rel=SLACK)
    assert firm().formation["Formatie fte"].sum() == pytest.approx(1180, abs=0.05)
    assert firm().formation["Vacatures fte"].sum() == pytest.approx(64, rel=SLACK)
    assert (last["age"] >= 55).mean() == pytest.approx(0.28, abs=0.01)
    assert (last["age"] >= 60).mean() == pytest.approx(0.13, abs=0.01)
    assert last.groupby("Locatie").size().to_dict() == dict(zip(LOCATIONS, (686, 260, 210, 38), strict=True))
    assert firm().staff["Functietitel"].nunique() == 96
    assert last["Functie"].nunique() == 44


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.role)
def test_each_role_is_as_in_the_table(last: pd.DataFrame, target) -> None:
    rows = last[last["Functie"] == target.role]
    assert len(rows) == target.people
    assert set(rows["Afdeling"]) == {target.unit}
    assert rows["FTE"].mean() == pytest.approx(target.fte_per_person, rel=SLACK)
    edges = ((0, 29), (30, 44), (45, 54), (55, 59), (60, 99))
    for (low, high), percent in zip(edges, target.ages, strict=True):
        people = rows["age"].between(low, high).sum()
        assert abs(people - target.people * percent / 100) <= max(1, SLACK * target.people)


def test_rates_counted_from_the_snapshots_are_the_stated_ones(own: pd.DataFrame) -> None:
    """Resignations and hires over five years, counted as an import would: who is there, who is gone, who is new."""
    reasons = dict(zip(firm().departures["Personeelsnummer"], firm().departures["Reden uit dienst"], strict=True))
    at_risk, resigned, hired = Counter(), Counter(), Counter()
    for year in range(FIRST_YEAR, LAST_YEAR):
        before, after = _roles(own, year), _roles(own, year + 1)
        at_risk.update(before.values())
        resigned.update(role for number, role in before.items() if number not in after and reasons[number] == "Eigen verzoek")
        hired.update(role for number, role in after.items() if number not in before)
    for target in targets():
        assert abs(resigned[target.role] - target.resign * at_risk[target.role]) <= max(1.5, 0.2 * resigned[target.role]), target.role
        assert abs(hired[target.role] / 5 - target.hires) <= 0.5, target.role
    assert sum(resigned.values()) == pytest.approx(sum(t.resign * at_risk[t.role] for t in targets()), rel=SLACK)


def test_moves_a_year_are_those_of_the_story(own: pd.DataFrame) -> None:
    moves: Counter[tuple[str, str]] = Counter()
    for year in range(FIRST_YEAR, LAST_YEAR):
        before, after = _roles(own, year), _roles(own, year + 1)
        moves.update((role, after[number]) for number, role in before.items() if number in after and after[number] != role)
    learned = sum(n for (origin, _), n in moves.items() if origin.startswith("Leerling"))
    service = sum(n for (_, target), n in moves.items() if target.startswith("Servicemonteur"))
    lead = sum(n for (_, target), n in moves.items() if target.startswith("Leidinggevend"))
    assert (learned / 5, service / 5, lead / 5) == (pytest.approx(20, abs=1), pytest.approx(5, abs=0.5), pytest.approx(2, abs=0.2))


def test_every_departure_explains_one_disappearance(own: pd.DataFrame) -> None:
    gone = firm().departures
    assert gone["Personeelsnummer"].is_unique
    left = dict(zip(gone["Personeelsnummer"], gone["Datum uit dienst"], strict=True))
    for year in range(FIRST_YEAR, LAST_YEAR):
        disappeared = set(_roles(own, year)) - set(_roles(own, year + 1))
        assert disappeared == {number for number, day in left.items() if day.year == year}


def test_people_stay_the_same_person(own: pd.DataFrame) -> None:
    assert not own.duplicated(["Personeelsnummer", "Peildatum"]).any()
    for column in ("Geboortedatum", "Datum in dienst", "Geslacht", "Locatie"):
        assert (own.groupby("Personeelsnummer")[column].nunique() == 1).all(), column
    assert own["Personeelsnummer"].str.fullmatch(r"00\d{4}").all()
    assert (own["Datum in dienst"] < own["Peildatum"]).all()
    joined = [(hired - born).days / 365.25 for hired, born in zip(own["Datum in dienst"], own["Geboortedatum"], strict=True)]
    assert min(joined) >= 16


def test_the_department_was_renamed_and_nobody_left_for_it(own: pd.DataFrame) -> None:
    for year in YEARS:
        units = set(own.loc[own["year"] == year, "Afdeling"])
        assert (UNIT_BEFORE in units, RENAMED_UNIT in units) == (year <= 2024, year > 2024)


def test_pensions_fall_as_the_law_says(last: pd.DataFrame) -> None:
    days = [statutory_pension_date(born) for born in last["Geboortedatum"]]
    assert not [day for day in days if day.year == 2028 and day.month <= 3]
    assert 110 <= sum(date(LAST_YEAR, 1, 1) < day < date(2031, 1, 1) for day in days) <= 130
    assert sum(day <= date(LAST_YEAR, 1, 1) for day in days) == 3


def test_twelve_months_of_pay_times_the_employers_factor_are_the_cost_of_the_roles(last: pd.DataFrame) -> None:
    """As the product counts: holiday allowance is in the factor, not in a thirteenth month."""
    factor, cost = amount("employer_factor", date(LAST_YEAR, 1, 1), ()).value, {target.role: target.cost for target in targets()}
    a_year = 12 * factor * last["Maandsalaris"].astype(float) * last["FTE"]
    wanted = last["Functie"].map(cost) * last["FTE"]
    assert a_year.sum() == pytest.approx(wanted.sum(), rel=0.01)
    learners = last["Functie"].isin([target.role for target in targets() if target.apprentice])  # their pay grows with no experience
    assert a_year[learners].sum() == pytest.approx(wanted[learners].sum(), rel=0.01)


def test_hired_staff_stands_apart_with_an_end_date() -> None:
    staff = firm().staff
    flex = staff[staff["Soort medewerker"] != "Personeelslid"]
    assert set(flex["Soort medewerker"]) == {"Uitzendkracht", "Inhuur"}
    assert (flex["Einddatum contract"] > flex["Peildatum"]).all()
    for year, fte in FLEX_FTE.items():
        assert flex.loc[flex["Peildatum"] == date(year, 1, 1), "FTE"].sum() == pytest.approx(fte, abs=1)


def test_small_firm_has_forty_people_and_four_changes() -> None:
    rows = small_firm(generator.SEED)
    before, now = (set(part["Medewerkernummer"]) for _, part in rows.groupby("Peildatum"))
    assert len(now) == len(before) == 40 == sum(people for _, _, people in POSTS)
    assert len(now - before) == len(before - now) == 4


def _cells(path: Path) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def test_committed_files_are_what_the_generator_makes(tmp_path: Path) -> None:
    for made in generator.write(tmp_path):
        kept = HOME / made.name
        assert kept.stat().st_size < 1_000_000
        if made.suffix == ".xlsx":
            with zipfile.ZipFile(made) as new, zipfile.ZipFile(kept) as old:
                assert {name: new.read(name) for name in new.namelist()} == {name: old.read(name) for name in old.namelist()}, made.name
        else:
            assert made.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")


def test_another_seed_is_another_firm_with_the_same_shape() -> None:
    other = firm(7)
    assert len(other.staff) == pytest.approx(len(firm().staff), rel=SLACK)
    assert not other.departures.equals(firm().departures)


def test_no_names_outside_the_workbook_of_mistakes() -> None:
    for name in (generator.FULL, generator.LATEST, generator.SKILLS, generator.SMALL):
        headers = {str(value) for rows in _cells(HOME / name).values() for value in rows[0]}
        assert not headers & set(faults.SENSITIVE), name


def test_mistakes_stand_where_the_list_says() -> None:
    listing = tomllib.loads((HOME / generator.FAULT_LIST).read_text(encoding="utf-8"))
    rows = _cells(HOME / generator.FAULTS)[listing["sheet"]]
    headers = list(rows[listing["header_row"] - 1])
    assert headers == list(faults.GOOD)
    assert [item["topic"] for item in listing["mistake"]] == [mistake.topic for mistake in faults.MISTAKES]
    for item, mistake in zip(listing["mistake"], faults.MISTAKES, strict=True):
        found = rows[item["row"] - 1][headers.index(item["column"])] if item["column"] else None
        wanted = mistake.changes.get(item["column"])
        if isinstance(wanted, str):
            assert found == wanted, item


@pytest.fixture(scope="module")
def faulty() -> tuple[dict, intake.Import]:
    listing = tomllib.loads((HOME / generator.FAULT_LIST).read_text(encoding="utf-8"))
    return listing, intake.read_file(HOME / generator.FAULTS, generator.FAULTS, intake.Options(today=date(2026, 11, 1)))


def test_the_import_names_every_mistake_in_its_row(faulty: tuple[dict, intake.Import]) -> None:
    listing, read = faulty
    rows = {(finding.reason, row) for finding in read.main.findings for row in finding.rows}
    whole_columns = {(finding.reason, finding.column) for finding in read.main.findings if not finding.rows}
    for item in listing["mistake"]:
        if item["reason"]:
            assert (item["reason"], item["row"]) in rows or (item["reason"], item["column"]) in whole_columns, item
    assert (read.main.sheet, read.main.header_row, read.main.as_of) == (listing["sheet"], listing["header_row"], listing["as_of"])
    refused = {column.header for column in read.main.columns if column.use != "used"}
    assert set(listing["refused_columns"]) <= refused


def test_the_import_keeps_and_rejects_as_the_list_says(faulty: tuple[dict, intake.Import]) -> None:
    listing, read = faulty
    rejected = {item["row"] for item in listing["mistake"] if not item["kept"]}
    kept = {item["row"] for item in listing["mistake"] if item["kept"]}
    assert set(read.main.rejected) <= rejected
    assert not kept & set(read.main.rejected)


@pytest.mark.parametrize("name", [generator.FULL, generator.LATEST, generator.SMALL])
def test_good_files_are_read_without_a_warning(name: str) -> None:
    read = intake.read_file(HOME / name, name, intake.Options(today=date(2026, 11, 1)))
    assert not [finding for report in read.reports for finding in report.findings if finding.severity != "note"]
    assert sum(report.rows_rejected for report in read.reports) == 0
    assert read.main.active == (40 if name == generator.SMALL else 1194)


def test_the_large_file_gives_every_kind_and_all_reasons() -> None:
    frames = intake.read_file(HOME / generator.FULL, generator.FULL, intake.Options(today=date(2026, 11, 1))).frames
    assert {"employees", "departures", "roles", "formation"} <= set(frames)
    assert (frames["departures"]["leave_reason"] != "").all()
    assert frames["employees"]["as_of"].nunique() == 6
    assert set(frames["employees"].loc[frames["employees"]["population"] == "own", "contract_type"]) == {"permanent", "fixed", "apprentice"}
    assert frames["formation"]["growth"].max() == pytest.approx(0.07)
    assert frames["roles"]["critical"].sum() == sum(target.critical for target in targets())
    assert not any((day.month, day.day) == (1, 1) for day in frames["departures"]["leave_date"]), "ambiguous on the day of a snapshot"
