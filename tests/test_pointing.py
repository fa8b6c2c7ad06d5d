"""A file whose headers nobody here knows: refused with the reason, pointed out by a person, and known the next time."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import Refusal
from intake.glance import glance
from tests.intake_files import HEADERS, people, read, workbook
from tests.test_pages import launch
from workflows import asking, importing
from workflows.importing import Options
from workflows.types import Viewer
from workflows.workspace import Workspace

FRENCH = ["Matricule", "Date de naissance", "Date d'entrée", "Atelier", "Métier", "Taux"]
POINTED = {"employee_id": "Matricule", "birth_date": "Date de naissance", "role": "Métier", "unit": "Atelier"}
HR = Viewer.local()


def french(folder: Path, count: int = 12) -> Path:
    above = [["Liste du personnel", None], ["Filtre", "tous"], []]
    return workbook(folder / f"f{count}.xlsx", {"Feuille 1": [*above, FRENCH, *people(count)], "Autre": [["Notes", "Divers"], ["x", "y"]]})


def test_rows_of_words_may_be_headers_and_rows_of_values_are_never_shown(tmp_path: Path) -> None:
    first, other = glance(french(tmp_path))
    assert dict(first.tops)[4] == tuple(FRENCH)
    assert set(dict(first.tops)) <= {1, 2, 4}, "no row with somebody's birth date"
    assert other.name == "Autre"
    assert asking.glance(HR, french(tmp_path)) == (first, other)


def test_what_was_pointed_out_is_read_and_known_for_the_next_file(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        with pytest.raises(Refusal) as caught:
            importing.check(HR, workspace, french(tmp_path), "liste.xlsx")
        assert caught.value.code == "no_table_found"
        draft = importing.check(HR, workspace, french(tmp_path), "liste.xlsx", Options(mapping=POINTED, header_row=4, sheet="Feuille 1"))
        assert (draft.report.header_row, draft.report.people) == (4, 12)
        assert POINTED.items() <= draft.report.mapping.items()
        importing.save(HR, workspace, draft)
        again = importing.check(HR, workspace, french(tmp_path, 14), "liste 2.xlsx")
        assert (again.report.header_row, again.report.people) == (4, 14)
        assert POINTED.items() <= again.report.mapping.items()
        known = workbook(tmp_path / "nl.xlsx", [HEADERS, *people(5)])
        assert importing.check(HR, workspace, known, "nl.xlsx").report.mapping["birth_date"] == "Geboortedatum"


def test_a_birth_date_that_was_pointed_out_is_enough(tmp_path: Path) -> None:
    result = read(french(tmp_path), mapping={"birth_date": "Date de naissance"}, header_row=4, sheet="Feuille 1")
    assert (str(result.main.kind), result.main.people) == ("employees", 12)


def test_the_page_offers_to_point_it_out_and_reads_it_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / "w.duckdb"))
    app, path = launch("upload"), french(tmp_path)
    app.file_uploader[0].upload(path.name, path.read_bytes())
    app.run()
    assert "Matricule" in app.error[0].value
    assert app.selectbox(key="_point_row_0").value == 4, "the row with most words is proposed"
    assert app.button(key="_point_read").disabled, "nothing was pointed out yet"
    app.session_state["_mapping"], app.session_state["_header_row"], app.session_state["_pointed_sheet"] = POINTED, 4, "Feuille 1"
    app.run()
    assert not app.error
    assert app.metric[3].value == "12"
    app.button(key="save").click().run()
    assert app.success


def test_another_row_may_be_chosen_where_two_could_be_the_headers(tmp_path: Path) -> None:
    english = ["Employee ID", "Date of Birth", "Hire Date", "Department", "Job Title", "FTE"]
    path = workbook(tmp_path / "a.xlsx", [HEADERS, english, *people(6)])
    assert read(path).main.header_row == 1
    chosen = read(path, header_row=2)
    assert (chosen.main.header_row, chosen.main.people) == (2, 6)
    assert chosen.main.mapping["birth_date"] == "Date of Birth"
    assert dict(chosen.sheets[0].tops) == {1: tuple(HEADERS), 2: tuple(english)}
