"""Two exports made by others, read without any option but the reference date; and files of the same shape made here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from intake import Options, Severity, read_file
from tests.intake_files import like_employee_sample, like_human_resources

REAL = Path(__file__).resolve().parents[2] / "shared" / "real_exports"


def reasons(report) -> dict[str, object]:
    return {finding.reason: finding for finding in report.findings}


@pytest.mark.skipif(not (REAL / "employee_sample_data.xlsx").exists(), reason="the export made by others is not beside this repository")
def test_employee_sample_keeps_a_thousand_people() -> None:
    result = read_file(REAL / "employee_sample_data.xlsx", "employee_sample_data.xlsx", Options())
    report, people = result.main, result.frames["employees"]
    found = reasons(report)
    assert (report.sheet, report.header_row) == ("Data", 1)
    assert (report.rows_read, report.rows_kept, report.rows_rejected, report.people) == (1000, 1000, 0, 1000)
    assert found["id_shared_by_people"].count == 89
    assert found["age_reference_date_unknown"].params["question"] == "as_of"
    assert found["side_table"].example == "P1:Q7"
    assert found["side_table"].rows == (1, 2, 3, 4, 5, 6, 7)
    assert people["leave_date"].notna().sum() == 85
    assert people["birth_estimated"].all()
    assert [column.header for column in report.columns if column.use == "sensitive"] == ["Ethnicity"]
    assert not report.blocked


@pytest.mark.skipif(not (REAL / "human_resources.csv").exists(), reason="the export made by others is not beside this repository")
def test_human_resources_keeps_everybody() -> None:
    result = read_file(REAL / "human_resources.csv", "human_resources.csv", Options(as_of=date(2023, 6, 22)))
    report, people = result.main, result.frames["employees"]
    assert (report.rows_read, report.rows_kept, report.people, report.active) == (22214, 22214, 22214, 19852)
    assert people["birth_date"].min() == pd.Timestamp(1965, 10, 16)
    assert people["birth_date"].max() == pd.Timestamp(2002, 9, 13)
    assert people["employee_id"].iloc[0] == "00-0037846"
    assert reasons(report)["sensitive_column"].column == "race"
    assert {column.header for column in report.columns if column.why == "name"} == {"first_name", "last_name"}
    assert not any("Kimmy" in str(value) for value in people.iloc[0])


def test_file_shaped_like_the_employee_sample(tmp_path: Path) -> None:
    result = read_file(like_employee_sample(tmp_path / "a.xlsx"), "a.xlsx", Options(today=date(2026, 1, 1)))
    report, found = result.main, reasons(result.main)
    assert (report.rows_kept, report.people, report.active) == (200, 200, 183)
    assert found["id_shared_by_people"].count == 18
    assert found["side_table"].example == "N1:O7"
    assert found["country_without_rule"].count == 133
    assert found["age_reference_date_unknown"].severity == Severity.WARNING


def test_file_shaped_like_human_resources(tmp_path: Path) -> None:
    result = read_file(like_human_resources(tmp_path / "h.csv"), "h.csv", Options(as_of=date(2023, 6, 22)))
    report, people = result.main, result.frames["employees"]
    assert report.rows_kept == report.people == 300
    assert people["birth_date"].min() == pd.Timestamp(1966, 1, 1)
    assert people["birth_date"].max() == pd.Timestamp(1966, 1, 1) + pd.Timedelta(days=44 * 299)
    assert people["hire_date"].max() == pd.Timestamp(2000, 2, 1) + pd.Timedelta(days=23 * 299)
    assert report.active == ((people["leave_date"].isna()) | (people["leave_date"] > "2023-06-22")).sum()
    assert "leaves_in_future" in reasons(report)


def test_age_gives_a_birth_date_half_a_year_in(tmp_path: Path) -> None:
    result = read_file(like_employee_sample(tmp_path / "a.xlsx"), "a.xlsx", Options(as_of=date(2024, 1, 1)))
    people = result.frames["employees"]
    age = (pd.Timestamp(2024, 1, 1) - people["birth_date"]).dt.days / 365.2425
    assert age.iloc[0] == pytest.approx(25.5, abs=0.01)
    assert "age_reference_date_unknown" not in reasons(result.main)
