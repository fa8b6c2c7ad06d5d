"""Situations of real exports (docs/import_faults.md): how sheets and rows lie, who is who. Numbers in the names follow that list."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from analytics.errors import Refusal
from intake import Severity
from intake.managers import in_circles
from tests.intake_files import HEADERS, csv_file, found, people, read, silent, staff, table, workbook


def test_01_title_and_filter_lines_above_the_header(tmp_path: Path) -> None:
    above = [["Personeelslijst", None], ["Filter: alles"], ["Peildatum", date(2025, 7, 1)], [], []]
    result = read(workbook(tmp_path / "a.xlsx", [*above, *staff()]), as_of=None)
    assert (result.main.header_row, result.main.rows_kept, result.main.as_of) == (6, 20, date(2025, 7, 1))
    assert found(result, "rows_above_header").rows == (1, 2, 3)
    assert found(result, "as_of_found").params["source"] == "title"


@pytest.mark.parametrize(
    "line", ["Geëxporteerd op 05-03-2025 14:02", "Exportdatum: 5-3-2025", "Report generated 2025-03-05", "Erstellt am 05.03.2025"]
)
def test_01_the_day_of_the_export_is_the_reference_date(tmp_path: Path, line: str) -> None:
    result = read(workbook(tmp_path / "a.xlsx", [["Personeelslijst"], [line], [], *staff(12)]), as_of=None)
    assert result.main.as_of == date(2025, 3, 5)


def test_02_two_row_header_with_groups(tmp_path: Path) -> None:
    upper = ["Medewerker", None, None, "Plaats", None, "Contract", None]
    lower = ["Personeelsnummer", "Geboortedatum", "Datum in dienst", "Afdeling", "Functie", "Einddatum", "FTE"]
    rows = [[*row[:5], None, row[5]] for row in people(12)]
    result = read(workbook(tmp_path / "a.xlsx", [upper, lower, *rows]))
    assert (result.main.header_row, result.main.rows_kept) == (2, 12)
    twice = ["Personeelsnummer", "Geboortedatum", "Functie", "Naam", "Datum", "Naam", "Datum"]
    groups = ["Medewerker", None, None, "Skills", None, "Requirements", None]
    rows = [[*row[:2], row[4], "lassen", 3, "solderen", 2] for row in people(12)]
    result = read(workbook(tmp_path / "b.xlsx", [groups, twice, *rows]))
    assert [column.header for column in result.main.columns][3:] == [
        "Skills / Naam",
        "Skills / Datum",
        "Requirements / Naam",
        "Requirements / Datum",
    ]
    assert found(result, "two_header_rows").rows == (1, 2)


def test_03_totals_notes_and_numbered_rows_are_not_people(tmp_path: Path) -> None:
    below: list[list[object]] = [
        ["Totaal", None, None, None, None, 16.2],
        ["Gemiddelde", None, None, None, None, 0.8],
        [],
        ["Let op: vertrouwelijk"],
        ["21"],
        ["22"],
    ]
    result = read(workbook(tmp_path / "a.xlsx", [*staff(), *below]))
    assert (result.main.rows_read, result.main.people) == (20, 20)
    assert found(result, "totals_row").rows == (22, 23)
    assert found(result, "note_rows").example == "Let op: vertrouwelijk"
    assert found(result, "numbered_rows").count == 2
    assert found(result, "blank_rows").rows == (24,)


def test_04_dashboard_first_data_on_the_fourth_sheet(tmp_path: Path) -> None:
    sheets = {
        "Dashboard": [["HR dashboard"], ["Aantal", 20]],
        "Pivot": [["Rijlabels", "Som van FTE"], ["Zorg", 8]],
        "Leeg": [[]],
        "Data": staff(),
    }
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    assert (result.main.sheet, result.main.people) == ("Data", 20)


def test_05_hidden_parts_are_read_or_named(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        sheet = book["Data"]
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["F"].hidden = True
        sheet.auto_filter.ref = "A1:F21"
        sheet.auto_filter.add_filter_column(3, ["Zorg"])

    result = read(workbook(tmp_path / "a.xlsx", {"Data": staff(), "Oud": staff(30)}, hidden=("Oud",), change=hide))
    assert (result.main.sheet, result.main.people) == ("Data", 20)
    assert found(result, "hidden_rows").count == 1
    assert found(result, "hidden_columns").count == 1
    assert found(result, "hidden_sheets").example == "Oud"
    assert found(result, "filter_active")
    assert read(tmp_path / "a.xlsx", sheet="Oud").main.people == 30
    with pytest.raises(Refusal) as caught:
        read(workbook(tmp_path / "b.xlsx", {"Voorblad": [["Hallo"]], "Oud": staff()}, hidden=("Oud",)))
    assert caught.value.code == "only_hidden_sheet"


def test_06_same_id_different_people_are_all_kept(tmp_path: Path) -> None:
    rows = people(10)
    rows[4][0] = rows[7][0] = rows[1][0]
    result = read(workbook(tmp_path / "a.xlsx", [HEADERS, *rows]))
    assert (result.main.rows_kept, result.main.people) == (10, 10)
    assert found(result, "id_shared_by_people").count == 2
    frame = result.frames["employees"]
    assert frame["person"].is_unique
    assert frame["employee_id"].nunique() == 8


def test_07_several_lines_of_one_person_count_once_with_summed_fte(tmp_path: Path) -> None:
    rows = people(6)
    second = [*rows[0][:3], "Kantoor", "Functie 9", 0.2]
    ended = [*rows[1][:2], date(2005, 1, 1), *rows[1][3:5], 1.0]
    lines = [[*row, None] for row in rows] + [[*second, None], [*ended, date(2008, 12, 31)]]
    lines[0][5], lines[1][2] = 0.6, date(2011, 3, 1)
    result = read(workbook(tmp_path / "a.xlsx", [[*HEADERS, "Datum uit dienst"], *lines]))
    frame = result.frames["employees"].set_index("employee_id")
    assert (result.main.rows_kept, result.main.people, result.main.active) == (8, 6, 6)
    assert frame.loc["00001", "fte"] == pytest.approx(0.8)
    assert frame.loc["00001", "unit"] == rows[0][3]
    assert frame.loc["00002", "hire_date"] == pd.Timestamp(2011, 3, 1)
    assert pd.isna(frame.loc["00002", "leave_date"])
    assert found(result, "several_lines_per_person").count == 2


def test_08_stacked_periods_become_snapshots(tmp_path: Path) -> None:
    rows = [[period, *row] for period in ("202312", "202412", "202512") for row in people(10)]
    result = read(workbook(tmp_path / "a.xlsx", [["Periode", *HEADERS], *rows]), as_of=None)
    assert result.main.snapshots == (date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31))
    assert (result.main.rows_read, result.main.people, result.main.active) == (30, 10, 10)
    for periods, dates in (
        (["2024 Q1", "2024 Q2"], (date(2024, 3, 31), date(2024, 6, 30))),
        (["2023", "2024"], (date(2023, 12, 31), date(2024, 12, 31))),
    ):
        stacked = [[period, *row] for period in periods for row in people(10)]
        name = "Kalenderjaar" if len(periods[0]) == 4 else "Kwartaal"
        assert read(workbook(tmp_path / "b.xlsx", [[name, *HEADERS], *stacked]), as_of=None).main.snapshots == dates


def test_09_leave_dates_that_mean_no_leave(tmp_path: Path) -> None:
    leave = [
        "31-12-9999",
        "9999-01-01",
        "1900-01-01",
        "31-12-2999",
        "00-00-0000",
        "20990101",
        date(2030, 5, 1),
        date(2020, 5, 1),
        None,
        "N/A-StillEmployed",
    ]
    result = read(workbook(tmp_path / "a.xlsx", table({"Datum uit dienst": leave, "Datum in dienst": [date(2015, 1, 1)] * 10})))
    assert result.main.active == 9
    assert found(result, "open_end_date").count == 6
    assert found(result, "leaves_in_future").rows == (8,)


def test_10_dates_win_over_status(tmp_path: Path) -> None:
    leave = [date(2024, 1, 1), None, None, None]
    status = ["Actief", "Uit dienst", "Actief", "Ziek"]
    result = read(
        workbook(tmp_path / "a.xlsx", table({"Datum uit dienst": leave, "Status": status, "Datum in dienst": [date(2015, 1, 1)] * 4}))
    )
    assert result.main.active == 3
    assert found(result, "status_against_date").rows == (2, 3)


ENCODINGS, DELIMITERS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"), (";", ",", "\t", "|")
PAIRS = [
    pytest.param(encoding, delimiter, marks=[pytest.mark.slow] * (number % 4 != place))
    for number, encoding in enumerate(ENCODINGS)
    for place, delimiter in enumerate(DELIMITERS)
]
"""Every encoding and every delimiter once in the fast suite, each with each in the slow one."""


def test_15_ids_stay_text(tmp_path: Path) -> None:
    ids = ["000123", "00-0037846", "a3f5c9d2e8b714608842", "1234.0", "20"]
    result = read(workbook(tmp_path / "a.xlsx", table({"Personeelsnummer": ids})))
    assert result.frames["employees"]["employee_id"].tolist() == ["000123", "00-0037846", "a3f5c9d2e8b714608842", "1234", "20"]
    lost = read(workbook(tmp_path / "b.xlsx", table({"Personeelsnummer": ["1,23457E+15", "1,23458E+15", "3"]})))
    assert found(lost, "id_lost_in_excel").severity == Severity.ERROR
    assert lost.blocked
    near = read(workbook(tmp_path / "c.xlsx", table({"Personeelsnummer": ["00012", "12", "a 7", "A7"]})))
    assert found(near, "ids_nearly_equal").count == 2
    assert near.main.people == 4


@pytest.mark.parametrize(("encoding", "delimiter"), PAIRS)
def test_19_csv_in_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [list(row) for row in people(8)]
    rows[2][3] = f"Zorg{delimiter} Coördinatie"
    result = read(csv_file(tmp_path / "a.csv", [HEADERS, *rows], delimiter, encoding))
    assert result.main.people == 8
    assert result.frames["employees"]["unit"].iloc[2] == " ".join(f"Zorg{delimiter} Coördinatie".split())


def test_19_quotes_inside_names(tmp_path: Path) -> None:
    units = {1: '"Zorg ""Noord"""', 0: 'Zorg "Zuid"'}
    lines = [f"{number};0{number}-05-1970;13-01-2010;{units[number % 2]};Functie;1" for number in range(1, 9)]
    (tmp_path / "a.csv").write_text("\r\n".join([";".join(HEADERS), *lines]))
    result = read(tmp_path / "a.csv")
    assert result.frames["employees"]["unit"].tolist() == ['Zorg "Noord"', 'Zorg "Zuid"'] * 4


def test_19_csv_with_merge_marks_repeated_headers_and_mixed_ends(tmp_path: Path) -> None:
    lines = [
        ";".join(HEADERS),
        "1;01-02-1970;01-02-2010;Zorg;A;1",
        "<<<<<<< HEAD;;;;;",
        "2;13-02-1971;01-02-2010;Zorg;A;1",
        ";".join(HEADERS),
        "=======",
        "3;01-02-1972;01-02-2010;Zorg;B;1",
        ">>>>>>> oud",
    ]
    (tmp_path / "a.csv").write_bytes(b"\n".join(line.encode() + (b"\r" if n % 2 else b"") for n, line in enumerate(lines)))
    result = read(tmp_path / "a.csv")
    assert (result.main.people, result.main.rows_read) == (3, 3)
    assert found(result, "conflict_marks").rows == (3, 6, 8)
    assert found(result, "repeated_header").rows == (5,)


def test_20_error_cells_and_formulas_without_a_value_are_counted(tmp_path: Path) -> None:
    rows = table({"FTE": ["=1/1", 0.8, "#N/A", "#DIV/0!"]})
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert found(result, "uncached_formulas").rows == (2,)
    assert found(result, "error_cells").rows == (4, 5)
    births = table({"Geboortedatum": ["=DATE(1980,1,1)"] * 4})
    with_formulas = read(workbook(tmp_path / "b.xlsx", births))
    assert found(with_formulas, "uncached_formulas").severity == Severity.ERROR


def test_23_rows_without_a_person_are_vacancies(tmp_path: Path) -> None:
    vacant = [[None, None, None, "Zorg", "Functie 1", 0.9], [None, None, None, "Kantoor", "Functie 2", 1.0]]
    result = read(workbook(tmp_path / "a.xlsx", [*staff(6), *vacant]))
    assert (result.main.people, result.main.rows_kept) == (6, 8)
    assert found(result, "vacancy_rows").rows == (8, 9)
    assert result.frames["vacancies"]["vacancies_fte"].tolist() == [0.9, 1.0]


def test_24_mixed_populations_are_kept_apart(tmp_path: Path) -> None:
    kinds = ["Onbepaalde tijd", "Bepaalde tijd", "Oproepkracht", "BBL", "Uitzendkracht", "ZZP", "Stagiair", "Nabetaling na uitdienst"]
    births = [date(1980, 1, 1)] * 4 + [date(1955, 1, 1), date(1980, 1, 1), date(2011, 6, 1), date(1980, 1, 1)]
    result = read(
        workbook(tmp_path / "a.xlsx", table({"Soort contract": kinds, "Geboortedatum": births, "Datum in dienst": [date(2025, 1, 1)] * 8}))
    )
    frame = result.frames["employees"]
    assert frame["contract_type"].tolist() == ["permanent", "fixed", "oncall", "apprentice", "", "", "intern"]
    assert frame["population"].tolist() == ["own"] * 4 + ["flex"] * 2 + ["own"]
    assert result.main.active == 5
    assert found(result, "payment_row").rows == (9,)
    assert found(result, "age_unlikely").rows == (8,)


def test_25_sensitive_columns_are_refused_and_formulas_stay_text(tmp_path: Path) -> None:
    headers = [
        "BSN",
        "Etniciteit",
        "Ziekmelding reden",
        "Nationaliteit",
        "Woonadres",
        "Privé e-mail",
        "Gewicht",
        "Performance Score",
        "Geloof",
    ]
    rows = [[*HEADERS, *headers], *([*row, *(["geheim-xyz"] * len(headers))] for row in people(5))]
    rows[1][4] = '=HYPERLINK("http://x";"y")'
    path = csv_file(tmp_path / "a.csv", rows, delimiter="|")
    result = read(path)
    assert [column.header for column in result.main.columns if column.use == "sensitive"] == headers
    assert [finding.column for finding in result.main.findings if finding.reason == "sensitive_column"] == headers
    assert not any(frame.astype(str).isin(["geheim-xyz"]).any().any() for frame in result.frames.values())
    assert "geheim-xyz" not in str(result.main)
    assert result.frames["employees"]["role"].iloc[0] == '=HYPERLINK("http://x";"y")'
    assert found(result, "formula_like_text").rows == (2,)


def test_more_no_id_at_all(tmp_path: Path) -> None:
    rows = [["Naam", *HEADERS[1:]], *([f"Jan {row[0]}", *row[1:]] for row in people(6))]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert result.main.people == 6
    assert found(result, "no_employee_id").params["made_from"] == "name"
    assert not result.frames["employees"]["employee_id"].str.contains("Jan").any()
    again = read(workbook(tmp_path / "b.xlsx", [rows[0], *reversed(rows[1:])]))
    assert set(again.frames["employees"]["employee_id"]) == set(result.frames["employees"]["employee_id"])
    bare = read(workbook(tmp_path / "c.xlsx", [row[1:] for row in rows]))
    assert found(bare, "no_employee_id").params["made_from"] == "row"


def test_more_missing_id_in_one_row_is_kept_and_named(tmp_path: Path) -> None:
    rows = people(6)
    rows[2][0] = None
    result = read(workbook(tmp_path / "a.xlsx", [HEADERS, *rows]))
    assert result.main.people == 6
    assert found(result, "missing_employee_id").rows == (4,)


def test_more_the_same_file_twice_has_one_content_hash(tmp_path: Path) -> None:
    first = read(workbook(tmp_path / "a.xlsx", staff()))
    second = read(tmp_path / "a.xlsx")
    assert first.content_hash == second.content_hash
    pd.testing.assert_frame_equal(first.frames["employees"], second.frames["employees"])


def test_more_headers_renamed_between_uploads_give_the_same_people(tmp_path: Path) -> None:
    german = ["Personalnummer", "Geb.-Datum", "Eintritt", "Abteilung", "Stellenbezeichnung", "BsGrd"]
    english = ["Employee ID", "DOB", "Hire Date", "Department", "Job Title", "FTE"]
    first = read(workbook(tmp_path / "a.xlsx", staff())).frames["employees"]
    for headers in (german, english):
        again = read(workbook(tmp_path / "b.xlsx", [headers, *people(20)])).frames["employees"]
        pd.testing.assert_frame_equal(first, again)


def test_more_identical_rows_count_once(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", [*staff(6), people(6)[3]]))
    assert (result.main.people, result.main.rows_rejected) == (6, 1)
    assert found(result, "identical_row").rows == (8,)


def test_more_a_title_beside_the_role_is_kept_and_alone_it_is_the_role(tmp_path: Path) -> None:
    rows = [[*HEADERS, "Functietitel"], *([*row, f"Titel {at}"] for at, row in enumerate(people(12)))]
    both = read(workbook(tmp_path / "a.xlsx", rows))
    frame = both.frames["employees"]
    assert frame["role"].str.startswith("Functie").all()
    assert frame["job_title"].tolist() == [f"Titel {at}" for at in range(12)]
    assert both.main.mapping["job_title"] == "Functietitel"
    alone = [[*(header if header != "Functie" else "Functietitel" for header in HEADERS)], *people(12)]
    only = read(workbook(tmp_path / "b.xlsx", alone))
    assert only.main.mapping["role"] == "Functietitel"
    assert "job_title" not in only.main.mapping


def test_more_a_sheet_for_every_year_is_a_snapshot_for_every_year(tmp_path: Path) -> None:
    sheets = {f"Personeel {year}": [HEADERS, *people(10 + year - 2023)] for year in (2023, 2025, 2024)}
    path = workbook(tmp_path / "a.xlsx", sheets)
    result = read(path, as_of=None)
    assert result.main.sheet == "Personeel 2025"
    assert [day.year for day in result.main.snapshots] == [2023, 2024, 2025]
    assert result.frames["employees"].groupby("as_of").size().tolist() == [10, 11, 12]
    assert result.main.people == 12
    assert found(result, "sheets_as_snapshots").count == 2
    alone = read(path, as_of=None, sheet="Personeel 2024")
    assert len(alone.frames["employees"]) == 11
    unnamed = read(workbook(tmp_path / "b.xlsx", {"Blad1": [HEADERS, *people(10)], "Personeel 2024": [HEADERS, *people(9)]}), as_of=None)
    assert len(unnamed.frames["employees"]) == 10, "a sheet without a day in its name is no year of a series"


def test_23_managers_in_circles_and_unknown_ones_are_named(tmp_path: Path) -> None:
    managers = ["00002", "00003", "00001", "00001", "00005", "99999", None, *["00001"] * 5]
    rows = [[*HEADERS, "Manager ID"], *([*row, manager] for row, manager in zip(people(12), managers, strict=True))]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert result.main.rows_kept == 12
    assert found(result, "manager_circle").rows == (2, 3, 4, 6)
    assert found(result, "manager_unknown").rows == (7,)
    deep = [[*HEADERS, "Manager ID"], *([*row, f"{at + 2:05d}" if at < 2999 else "00001"] for at, row in enumerate(people(3000)))]
    assert found(read(csv_file(tmp_path / "deep.csv", deep)), "manager_circle").count == 3000


def test_23_managers_given_by_name_lead_to_the_one_person_of_that_name(tmp_path: Path) -> None:
    first = ["Anna", "Bram", "Carla", "Dirk", "Anna", "Ed", "Fien", "Gijs"]
    between = ["de", None, "van der", None, None, None, None, None]
    last = ["Boer", "Smit", "Meer", "Kok", "Bos", "Vos", "Smit", "Vos"]
    led = ["Bram Smit", "Meer, Carla van der", "ANNA DE BOER", "Mevr. Anna  de Boer", "Onbekende Baas", "00001", "n.v.t.", None]
    split = table({"Voornaam": first, "Tussenvoegsel": between, "Achternaam": last, "Leidinggevende": led})
    whole = [" ".join(part for part in name if part) for name in zip(first, between, last, strict=True)]
    for number, (header, rows) in enumerate(
        {
            "Leidinggevende": split,
            "Manager": table({"Naam": whole, "Manager": led}),
            "Naam leidinggevende": table({"Naam medewerker": whole, "Naam leidinggevende": led}),
        }.items()
    ):
        result = read(workbook(tmp_path / f"{number}.xlsx", rows))
        assert result.main.rows_kept == 8
        by_name = found(result, "manager_by_name")
        assert (by_name.column, by_name.rows) == (header, (2, 3, 4, 5))
        assert found(result, "manager_name_unknown").rows == (6,), "listed, and left empty"
        assert found(result, "manager_circle").rows == (2, 3, 4), "Anna, Bram and Carla lead each other"
        said = " ".join(f"{finding.example} {finding.params}" for finding in result.main.findings)
        assert not any(name in said for name in last), "nobody's name stands in the report"
        assert not {"Leidinggevende", "Manager"} & set(result.frames["employees"].columns)


def test_23_a_manager_whose_name_several_people_have_stays_empty(tmp_path: Path) -> None:
    twice = table({"Naam": ["Jan Bos", "Jan Bos", "Piet Kok", "Rik Vos"], "Manager": ["Piet Kok", "Piet Kok", "Jan Bos", "Bos, Jan"]})
    result = read(workbook(tmp_path / "a.xlsx", twice))
    assert found(result, "manager_name_shared").rows == (4, 5)
    assert found(result, "manager_by_name").rows == (2, 3)
    assert silent(result, "manager_circle", "manager_name_unknown"), "the first of the two is not taken for their manager"
    alone = read(workbook(tmp_path / "b.xlsx", table({"Manager": ["Piet Kok", "Piet Kok", None, "Bos, Jan"]})))
    assert found(alone, "manager_names_alone").rows == (2, 3, 5)
    numbers = read(workbook(tmp_path / "c.xlsx", table({"Manager ID": ["77", "78", None, "77"]})))
    assert (found(numbers, "manager_unknown").rows, found(numbers, "manager_unknown").example) == ((2, 3, 5), "77")


def test_07_a_line_for_every_contract_sums_only_what_still_runs(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Geboortedatum", "Ingangsdatum", "Einddatum contract", "Functie", "FTE", "Soort contract"]
    was = [
        [row[0], row[1], date(year, 1, 1), date(year, 12, 31), "Hulp", 0.8, "Bepaalde tijd"] for row in people(6) for year in (2018, 2019)
    ]
    now = [[row[0], row[1], date(2020, 1, 1), None, row[4], 1.0, "Onbepaalde tijd"] for row in people(5)]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *was, *now]))
    frame = result.frames["employees"].set_index("employee_id").sort_index()
    assert (result.main.rows_kept, result.main.people, result.main.active) == (17, 6, 6)
    assert frame["fte"].tolist() == [1.0] * 5 + [0.8]
    assert frame["contract_type"].tolist() == ["permanent"] * 5 + ["fixed"], "who has no newer contract is still there"
    assert (frame["hire_date"] == pd.Timestamp(2018, 1, 1)).all(), "a contract that follows another is no new employment"
    assert "fte_sum_high" not in {finding.reason for finding in result.main.findings}


def test_23_going_up_from_manager_to_manager_ends_on_a_circle_or_with_nobody() -> None:
    """Beside a walk one by one, for every small company there can be: four people, each led by one of them or by nobody."""
    for above in product(range(-1, 4), repeat=4):
        meets = []
        for start in range(4):
            here, steps = above[start], 0
            while here not in (start, -1) and steps < 5:
                here, steps = above[here], steps + 1
            meets.append(here == start)
        assert in_circles(np.array(above)).tolist() == meets


def test_24_words_for_hired_people_that_nobody_knows_are_said(tmp_path: Path) -> None:
    kinds = ["Eigen", "Inhuurkracht", "zzp’er", "Externe inhuur", "ZZP-er", "In dienst", "Poolmedewerker", "Stagiair", None]
    result = read(workbook(tmp_path / "a.xlsx", table({"Soort medewerker": kinds})))
    assert result.frames["employees"]["population"].tolist() == ["own", *["flex"] * 4, *["own"] * 4]
    said = found(result, "unknown_population")
    assert (said.rows, said.example) == ((8,), "Poolmedewerker")


@pytest.mark.parametrize(("yes", "no"), [("ja", "nee"), ("x", None), (1, 0)])
def test_24_a_column_that_asks_whether_somebody_is_hired(tmp_path: Path, yes: object, no: object) -> None:
    for header in ("Inhuur", "Extern"):
        result = read(workbook(tmp_path / "a.xlsx", table({header: [no] * 9 + [yes] * 3})))
        assert (result.frames["employees"]["population"] == "flex").tolist() == [False] * 9 + [True] * 3
        assert (result.main.people, result.main.active) == (12, 9)
        assert silent(result, "unknown_population")


@pytest.mark.parametrize(("header", "here", "gone"), [("Actief", "ja", "nee"), ("Attrition", "No", "Yes"), ("Active", 1, 0)])
def test_10_yes_and_no_are_a_status_under_a_header_that_asks(tmp_path: Path, header: str, here: object, gone: object) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({header: [here] * 3 + [gone]})))
    assert found(result, "status_against_date").rows == (5,)


def test_04_people_on_a_sheet_that_is_left_out_are_said(tmp_path: Path) -> None:
    sheets = {"Amsterdam": staff(10), "Rotterdam": [HEADERS, *people(8, start=50), [], ["Totaal"]]}
    said = found(read(workbook(tmp_path / "a.xlsx", sheets)), "sheet_same_kind")
    assert (said.severity, said.example, said.params["left"]) == (Severity.WARNING, "Rotterdam", 8)


def test_03_a_name_that_begins_with_total_is_no_total(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Leeftijd", "Functie", "Afdeling"]
    roles = ["Total Rewards Manager", "Monteur", "Total Care Nurse", "Gemiddeld begeleider"]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *([str(n), 30 + n, role, "HR"] for n, role in enumerate(roles)), ["Totaal", 4]]))
    assert result.frames["employees"]["role"].tolist() == roles
    posts = [["Functie", "Formatie fte"], ["Total Rewards Manager", 2], ["Monteur", 8], ["Totaal", 10], ["Totaal Techniek", 8]]
    formation = read(workbook(tmp_path / "b.xlsx", {"Personeel": staff(5), "Formatie": posts})).frames["formation"]
    assert formation["role"].tolist() == roles[:2]


def test_18_one_person_under_two_numbers_is_said(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Voornaam", "Achternaam", "Geboortedatum", "Datum uit dienst", "Afdeling", "Functie"]
    born = date(1980, 5, 2)
    rows: list[list[object]] = [
        ["1", "Jan", "Jansen", born, None, "A", "X"],
        ["2", "Piet", "Jansen", born, None, "A", "X"],
        ["3", "Jan", "Jansen", date(1981, 5, 2), None, "A", "X"],
        ["4", "Kees", "Bos", date(1970, 1, 1), date(2020, 1, 1), "A", "X"],
        ["5", "Kees", "Bos", date(1970, 1, 1), None, "A", "X"],
        ["1", "Jan", "Jansen", born, None, "B", "Y"],
    ]
    assert silent(read(workbook(tmp_path / "a.xlsx", [headers, *rows])), "one_person_two_numbers"), "two jobs, and hired again"
    twice = read(workbook(tmp_path / "b.xlsx", [headers, *rows, ["90", "Jan", "Jansen", born, None, "C", "Z"]]))
    said = found(twice, "one_person_two_numbers")
    assert (said.rows, said.example) == ((8,), "")
    alone = [[*row[:1], row[2], *row[3:]] for row in rows]
    assert silent(read(workbook(tmp_path / "c.xlsx", [[*headers[:1], *headers[2:]], *alone])), "one_person_two_numbers"), "only last names"


def test_10_a_status_that_nobody_knows_is_said(tmp_path: Path) -> None:
    status = ["Actief", "Uitdienst", "Oud-medewerker", "Slapend", "Geblokkeerd", "Slapend"]
    leave = [None, None, None, None, None, date(2025, 1, 1)]
    result = read(
        workbook(tmp_path / "a.xlsx", table({"Status": status, "Datum uit dienst": leave, "Datum in dienst": [date(2015, 1, 1)] * 6}))
    )
    assert found(result, "status_against_date").rows == (3, 4)
    assert (found(result, "unknown_status").rows, found(result, "unknown_status").example) == ((5, 6), "Slapend")


def test_18_one_person_twice_in_a_list_without_numbers_is_said(tmp_path: Path) -> None:
    headers = ["Naam", "Geboortedatum", "Afdeling", "Functie", "FTE"]
    born = date(1980, 1, 1)
    rows = [["Jan Jansen", born, "A", "X", 0.5], ["Jan Jansen", born, "B", "Y", 0.5], ["P Bos", born, "B", "Y", 1]]
    assert found(read(workbook(tmp_path / "a.xlsx", [headers, *rows])), "one_person_two_numbers").rows == (3,)
