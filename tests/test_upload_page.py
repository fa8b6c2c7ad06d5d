"""The upload's questions as they stand on the page: a name that changed, an order of dates, another sheet, cancel, undo."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from presentation import session
from presentation.texts import say
from tests.intake_files import csv_file, workbook
from tests.test_pages import launch
from tests.test_remembering import staff


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / "w.duckdb"))
    return launch("upload")


def chosen(app: AppTest, path: Path) -> None:
    app.file_uploader[0].upload(path.name, path.read_bytes())
    app.run()
    assert not app.exception


def stored() -> list[tuple[date, int]]:
    return [(snapshot.as_of, snapshot.active) for snapshot in session.workspace().store.snapshots()]


def test_a_department_with_another_name_is_asked_about_saved_and_taken_back(app: AppTest, tmp_path: Path) -> None:
    chosen(app, workbook(tmp_path / "voor 2025-01-01.xlsx", staff((0, 20, "Zorg", "A"), (20, 40, "Techniek", "B"))))
    app.button(key="save").click().run()
    chosen(app, workbook(tmp_path / "na 2026-01-01.xlsx", staff((0, 20, "Zorg en welzijn", "A"), (20, 40, "Techniek", "B"))))
    [asked] = app.radio
    assert "“Zorg” nu “Zorg en welzijn”" in asked.label
    assert asked.value is True
    assert "0 naar een andere functie of afdeling" in app.title[0].value
    asked.set_value(False).run()
    assert "20 naar een andere functie of afdeling" in app.title[0].value
    app.radio[0].set_value(True).run()
    app.button(key="save").click().run()
    assert stored() == [(date(2025, 1, 1), 40), (date(2026, 1, 1), 40)]
    exposure = session.workspace().store.history().exposure
    assert set(exposure["unit"]) == {"Zorg en welzijn", "Techniek"}
    app.button(key="undo_import").click().run()
    assert stored() == [(date(2025, 1, 1), 40)]
    assert not app.exception


def test_one_person_is_said_in_the_singular(app: AppTest, tmp_path: Path) -> None:
    chosen(app, workbook(tmp_path / "voor 2025-01-01.xlsx", staff((0, 20, "Zorg", "A"), (20, 22, "Techniek", "B"))))
    app.button(key="save").click().run()
    after = staff((0, 19, "Zorg", "A"), (20, 21, "Techniek", "B"), (21, 22, "Zorg", "A"), (22, 23, "Techniek", "B"))
    chosen(app, workbook(tmp_path / "na 2026-01-01.xlsx", after))
    [told] = [one.value for one in app.markdown if one.value.startswith("Vergeleken met")]
    assert "21 mensen bleven, 1 kwam erbij, 1 vertrok en 1 veranderde van functie of afdeling." in told
    assert say("en", "upload.difference_stayed", n=1) == "1 person stayed"
    assert say("nl", "upload.difference_moved", n=2) == "2 veranderden van functie of afdeling"


def test_an_open_order_of_dates_is_asked_once_and_cancel_leaves_nothing(app: AppTest, tmp_path: Path) -> None:
    rows = [
        ["Employee ID", "Date of Birth", "Department", "Job Title"],
        *([f"A{n}", f"0{n}/0{n + 1}/1980", "IT", "Dev"] for n in range(1, 8)),
    ]
    chosen(app, csv_file(tmp_path / "a.csv", rows, delimiter=","))
    question = app.selectbox(key="_ask_date_order:Date of Birth")
    assert question.value is None, "nobody has said it yet"
    question.set_value("mdy").run()
    kept = app.session_state["_draft"][1]
    assert kept.imported.frames["employees"]["birth_date"].dt.month.tolist() == list(range(1, 8))
    app.button(key="cancel").click().run()
    assert not app.exception
    assert "_draft" not in app.session_state
    assert not stored()
    assert not [button for button in app.button if button.key == "save"]


def test_a_scale_of_four_is_said_once_for_the_file(app: AppTest, tmp_path: Path) -> None:
    people = staff((1, 30, "Zorg", "A"))
    skills = [["Personeelsnummer", "Vaardigheid", "Niveau"], *([f"{n:05d}", "Lassen", 1 + n % 4] for n in range(1, 30))]
    chosen(app, workbook(tmp_path / "a.xlsx", {"Personeel": people, "Vaardigheden": skills}))
    app.selectbox(key="_ask_skill_scale").set_value("1-4").run()
    levels = app.session_state["_draft"][1].imported.frames["skills"]["level"]
    assert set(levels) == {1.25, 2.5, 3.75, 5.0}


def test_what_pay_and_fte_and_an_age_mean_is_asked_and_the_answer_is_used(app: AppTest, tmp_path: Path) -> None:
    rows = [["Personeelsnummer", "Leeftijd", "Functie", "FTE", "Maandsalaris"]]
    rows += [[f"{n:05d}", str(30 + n), "Monteur", ("80", "100")[n % 2], "3000"] for n in range(1, 9)]
    chosen(app, workbook(tmp_path / "a.xlsx", rows))

    def kept() -> pd.DataFrame:
        return app.session_state["_draft"][1].imported.frames["employees"]

    assert set(kept()["fte"]) == {0.8, 1.0}
    app.selectbox(key="_ask_salary_basis").set_value("full_week").run()
    assert set(kept()["salary"]) == {36_000.0, 28_800.0}
    app.selectbox(key="_ask_fte_unit").set_value("hours").run()
    assert set(kept()["fte"]) != {0.8, 1.0}
    [day] = [box for box in app.date_input if str(box.key).startswith("_ask_as_of")]
    day.set_value(date(2024, 1, 1)).run()
    assert set(kept()["as_of"].dt.date) == {date(2024, 1, 1)}
    assert kept()["birth_date"].dt.year.max() == 1992, "thirty-one and a half years before that day"
    assert not stored()


def test_another_sheet_is_read_when_chosen(app: AppTest, tmp_path: Path) -> None:
    sheets = {"Personeel": staff((0, 9, "Zorg", "A")), "Oud": staff((0, 5, "Zorg", "A"))}
    chosen(app, workbook(tmp_path / "a.xlsx", sheets, hidden=("Oud",)))
    assert app.metric[3].value == "9"
    assert "verborgen" in " ".join(caption.value for caption in app.caption)
    [box] = [box for box in app.selectbox if str(box.key).startswith("_choose_sheet")]
    box.set_value("Oud").run()
    assert app.metric[3].value == "5"


def test_tabs_with_the_same_headers_are_one_list_when_chosen_beside_the_sheet(app: AppTest, tmp_path: Path) -> None:
    sheets = {"Noord": staff((0, 9, "Zorg", "A")), "Zuid": staff((20, 25, "Zorg", "A"))}
    chosen(app, workbook(tmp_path / "stand 2026-01-01.xlsx", sheets))
    assert app.metric[3].value == "9"
    [box] = [box for box in app.selectbox if box.key == "_ask_sheets"]
    box.set_value("together").run()
    assert not app.exception
    assert [app.metric[at].value for at in (0, 3, 4)] == ["14", "14", "14"]
    assert len([box for box in app.selectbox if box.key == "_ask_sheets"]) == 1, "it can still be taken back"
    app.button(key="save").click().run()
    assert stored() == [(date(2026, 1, 1), 14)]


def test_months_of_fte_without_a_year_are_pointed_out_and_with_one_are_read(app: AppTest, tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Geboortedatum", "Functie", "Afdeling", "FTE jan", "FTE feb", "FTE mrt"]
    rows = [[f"{n:05d}", date(1980, 1, 1 + n), "Monteur", "Zorg", 1.0, 0.8, 0.6] for n in range(1, 10)]
    path = workbook(tmp_path / "personeel.xlsx", [headers, *rows])
    chosen(app, path)
    assert "nergens staat het jaar" in app.error[0].value
    assert [box for box in app.selectbox if "FTE" in str(box.options)], "one column can be pointed out"
    path.rename(tmp_path / "personeel 2025.xlsx")
    chosen(app, tmp_path / "personeel 2025.xlsx")
    assert not app.error
    assert app.session_state["_draft"][1].imported.frames["employees"]["fte"].tolist() == [1.0] * 9 + [0.8] * 9 + [0.6] * 9
    assert [app.metric[at].value for at in (3, 4)] == ["9", "9"]
