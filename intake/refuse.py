"""Tables that are no list of people although they mention people: counts per group, absence records."""

from __future__ import annotations

from analytics.errors import Refusal
from intake.recognise import Table
from intake.vocabulary import normalise, words

_COUNT_WORDS = frozenset(
    {
        "aantal",
        "aantallen",
        "headcount",
        "count",
        "number",
        "anzahl",
        "instroom",
        "uitstroom",
        "doorstroom",
        "aandeel",
        "percentage",
        "inflow",
        "outflow",
        "leavers",
        "joiners",
        "employees",
        "medewerkers",
        "mensen",
        "staff",
    }
)
_ABSENCE_PARTS = (
    "verzuim",
    "ziek",
    "absence",
    "absent",
    "sickness",
    "sickleave",
    "krank",
    "abwesenheit",
    "hersteld",
    "ziekmelding",
    "verlofsoort",
    "leavetype",
    "fehlzeit",
)


def refuse_if_no_people(table: Table) -> None:
    """Refusals: absence_not_people, statistics_not_people. Called for tables without a person's birth date or age."""
    if is_absence(table):
        raise Refusal("absence_not_people", sheet=table.grid.name)
    if is_statistics(table):
        raise Refusal("statistics_not_people", sheet=table.grid.name)


def is_absence(table: Table) -> bool:
    """Records of absence: headers speak of it, dates or days stand beside it, and one person has several lines."""
    headers = [header for header in table.headers if header]
    absent = [header for header in headers if any(part in normalise(header) for part in _ABSENCE_PARTS)]
    if not absent or table.has("hire_date", "role"):
        return False
    person = table.has("employee_id") or "name" in table.why.values()
    return person and (
        len(absent) >= 2 or len(absent) / len(headers) >= 0.2 or any(part in normalise(table.grid.name) for part in _ABSENCE_PARTS)
    )


def is_statistics(table: Table) -> bool:
    """Counts per group: no id, no name, and a column of counts."""
    if table.has("employee_id") or "name" in table.why.values() or table.has("birth_date") or table.has("hire_date"):
        return False
    return any(_COUNT_WORDS & set(words(header)) for header in table.headers if header)
