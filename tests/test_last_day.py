"""`retirements` counts days, the projection counts steps: held against each other with a pension date at every month end."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.pension import statutory_pension_date
from analytics.release import Role, Viewer
from analytics.scenario import Scenario
from tests.staff_frames import staff
from tests.stored_firms import keep
from workflows.outlook import outlook
from workflows.reports import retirements
from workflows.workspace import Workspace

HR = Viewer("hr", Role.HR)
AS_OF, YEARS = date(2026, 1, 1), 5
CLOSING = date(AS_OF.year + YEARS, 1, 1)


def _edges() -> list[date]:
    """Births whose pension date is the last or the first day of a month, from the reference date to a month after the closing day."""
    wanted = {AS_OF, CLOSING}
    for index in range(12 * YEARS + 1):
        first = date(AS_OF.year + (index + 1) // 12, (index + 1) % 12 + 1, 1)
        wanted |= {first, first - timedelta(days=1)}
    births, day = {}, date(1958, 1, 1)
    while day < date(1965, 6, 1):
        births.setdefault(statutory_pension_date(day), day)
        day += timedelta(days=1)
    return [births[day] for day in sorted(wanted) if day in births]


BIRTHS = _edges()


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Counts by day and by step of a firm with one person per edge."""
    with Workspace.open(Path(tmp_path_factory.mktemp("edges")) / "w.duckdb") as workspace:
        keep(workspace, staff(*({"id": f"{n:05}", "birth_date": birth} for n, birth in enumerate(BIRTHS)), as_of=AS_OF.isoformat()))
        counted = retirements(HR, workspace, years=YEARS)
        lines = outlook(HR, workspace, Scenario(work_on_after_aow=0.0), years=YEARS + 1).retire["reached"].tolist()
    return counted, lines


def test_the_edges_are_there():
    dates = [statutory_pension_date(birth) for birth in BIRTHS]
    assert CLOSING in dates
    assert sum((day + timedelta(days=1)).day == 1 for day in dates) >= 45  # nobody reaches the age in three quarters of a year
    assert sum(day.day == 1 for day in dates) >= 45


def test_a_date_on_the_last_day_of_a_month_lies_in_its_own_calendar_year(both):
    counted, lines = both
    per_year = {row["year"]: row["people"] for row in counted["rows"]}
    dates = [statutory_pension_date(birth) for birth in BIRTHS]
    for step in range(YEARS):
        year = AS_OF.year + step
        by_hand = sum(day.year == year for day in dates)
        assert round(lines[step + 1] - lines[step]) == by_hand
        opening = sum(day == AS_OF for day in dates) if step == 0 else 0
        assert per_year[year] == by_hand - opening  # whose date is the reference date itself is "already past"


def test_only_the_closing_day_and_the_reference_date_are_counted_otherwise(both):
    counted, lines = both
    dates = [statutory_pension_date(birth) for birth in BIRTHS]
    closing, opening = sum(day == CLOSING for day in dates), sum(day == AS_OF for day in dates)
    assert closing == 1
    assert counted["total"] == sum(AS_OF < day <= CLOSING for day in dates)
    assert counted["total"] - closing == round(lines[YEARS]) - opening
    assert counted["already_past"] == opening
