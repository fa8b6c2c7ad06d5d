"""Tables that are no list of people although they mention people: counts per group, absence records."""

from __future__ import annotations

from analytics.errors import Refusal
from intake.grid import Grid
from intake.recognise import LOOK_ROWS, Table
from intake.vocabulary import normalise, vocabulary, words

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
    headers = [header for header in table.headers if header]
    return len(headers) >= 2 and any(_COUNT_WORDS & set(words(header)) for header in headers)


def bare_table(grid: Grid) -> Table:
    """A sheet without known headers, looked at through its first row of words, only to say what it is."""
    top = grid.top(LOOK_ROWS)
    index = max(range(len(top)), key=lambda i: (sum(any(char.isalpha() for char in cell) for cell in top[i]), -i))
    table = Table(grid, index, index + 1, [cell.strip() for cell in top[index]], {}, {})
    for column, header in enumerate(table.headers):
        for name, _ in vocabulary().fields(header)[:1]:
            table.fields.setdefault(name, column)
    return table
