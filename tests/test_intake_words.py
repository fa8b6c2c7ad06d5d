"""Every reason and refusal of the import has words in both languages, and no words stand there without a use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake import read_file
from presentation.texts import LANGUAGES, catalogue, known, say

HOME = Path(__file__).resolve().parents[1]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (HOME / "intake").rglob("*.py"))
BUILT = {
    "fte_read_as_hours",
    "fte_read_as_percent",
    "salary_as_paid",
    "salary_full_week",
    "salary_per_four_weeks",
    "salary_per_hour",
    "salary_per_month",
    "salary_per_week",
    "salary_per_year",
    "no_role_column",
    "no_unit_column",
}
BUILT |= {"missing_role", "missing_unit", "missing_skill", "missing_training"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_words(lang: str) -> None:
    literal = set(re.findall(r'\.(?:note|warn|error)\(\s*"([a-z_]+)"', SOURCE)) - {"fte_read_as_", "salary_per_", "salary_"}
    assert len(literal) > 50
    missing = {
        reason for reason in literal | BUILT if not known(lang, f"finding.{reason}.what") or not known(lang, f"finding.{reason}.repair")
    }
    assert not missing
    refusals = set(re.findall(r'Refusal\(\s*"([a-z_]+)"', SOURCE))
    assert not {code for code in refusals if not known(lang, f"refusal.{code}")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_without_a_use(lang: str) -> None:
    assert not {reason for reason in catalogue(lang)["finding"] if reason not in BUILT and f'"{reason}"' not in SOURCE}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_every_finding_can_be_filled(lang: str) -> None:
    report = read_file(HOME / "sample_data" / "fouten.xlsx", "fouten.xlsx").main
    assert len(report.findings) > 40
    for finding in report.findings:
        given = {"n": finding.count, "count": finding.count, "column": finding.column, "sheet": finding.sheet, "example": finding.example}
        for part in ("what", "repair"):
            text = say(lang, f"finding.{finding.reason}.{part}", **(given | finding.params))
            assert "{" not in text
