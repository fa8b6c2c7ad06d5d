"""What the rows of a sheet describe, told by the fields that were found; and which fields each kind of sheet uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake import content
from intake.report import Kind
from intake.vocabulary import normalise

if TYPE_CHECKING:
    from intake.recognise import Table

_BIRTH = frozenset({"birth_date", "age", "birth_year"})
_EMPLOYMENT = frozenset({"hire_date", "contract_type", "contract_end_date", "fte", "hours_per_week", "gender", "salary"})
_TRAINING_FACTS = frozenset(
    {
        "completed_date",
        "expiry_date",
        "training_days",
        "training_hours",
        "training_cost",
        "training_places",
        "skills_after",
        "needs_training",
    }
)
_WISHES = frozenset(
    {
        "wished_role",
        "wished_fte",
        "more_hours",
        "fewer_hours",
        "willing_to_move",
        "deepen",
        "other_direction",
        "teach",
        "outside_firm",
        "stop_timing",
        "can",
        "needs",
        "agreed_step",
        "agreed_date",
        "basis",
        "purpose",
    }
)
_ROLE_FACTS = frozenset({"isco", "critical", "heavy", "apprentice", "hire_fte", "cost"})


_GROUP = frozenset({"location", "unit", "role"})
FIELDS_OF: dict[Kind, frozenset[str]] = {
    Kind.EMPLOYEES: _BIRTH
    | _EMPLOYMENT
    | _GROUP
    | {
        "employee_id",
        "leave_date",
        "leave_reason",
        "contract_start_date",
        "valid_from",
        "population",
        "status",
        "job_family",
        "job_title",
        "country",
    }
    | {"snapshot_date", "snapshot_year", "snapshot_month", "manager_id", "is_vacant", "pension_date", "name"},
    Kind.ROLES: _GROUP | _ROLE_FACTS | {"establishment_fte", "vacancies_fte", "growth"},
    Kind.FORMATION: _GROUP | {"establishment_fte", "fte", "vacancies_fte", "growth"},
    Kind.VACANCIES: _GROUP | {"vacancies_fte", "fte", "establishment_fte", "open_since", "vacancy_id", "status", "hours_per_week"},
    Kind.DEPARTURES: frozenset({"employee_id", "leave_date", "leave_reason"}),
    Kind.SKILLS: frozenset({"employee_id", "skill", "level", "assessed_date", "source", "certificate", "expiry_date"}),
    Kind.REQUIREMENTS: frozenset({"role", "skill", "required_level", "importance", "mandatory", "needed_people", "share_change"}),
    Kind.TRAININGS: _TRAINING_FACTS | {"employee_id", "role", "training", "certificate"},
    Kind.WISHES: _WISHES | {"employee_id", "wish_date"},
    Kind.SKILL_LIST: frozenset({"skill", "skill_group", "skill_kind", "valid_years"}),
}
"""Fields a reader looks at; a known header of another kind of sheet is shown as ignored, not as used."""


def kind_of(table: Table) -> Kind | None:
    """What the rows describe, from the fields found and the name of the sheet."""
    has, sheet = set(table.fields), normalise(table.grid.name)
    person = bool({"employee_id"} & has) or "name" in table.why.values()
    if "training" in has and _TRAINING_FACTS & has and not _BIRTH & has:
        return Kind.TRAININGS
    if _WISHES & has and person and not _BIRTH & has:
        return Kind.WISHES
    if "skill" in has and "required_level" in has and not person:
        return Kind.REQUIREMENTS
    if "skill" in has and person and "level" in has:
        return Kind.SKILLS
    if "skill" in has and {"skill_group", "skill_kind", "valid_years"} & has and not person and "role" not in has:
        return Kind.SKILL_LIST
    pointed = any(table.why[table.fields[name]] == "mapping" for name in _BIRTH & has)  # who says when people were born has people
    if _BIRTH & has and (person or pointed or "hire_date" in has or "role" in has):
        return Kind.EMPLOYEES
    if person and "leave_date" in has and not {"hire_date", "fte"} <= has and ("leave_reason" in has or len(has) <= 5):
        return Kind.DEPARTURES if content.mostly_dates(table.grid, table.fields["leave_date"], table.data_start) else None
    if not person and ({"role", "unit"} & has):
        return _kind_of_group(has, sheet)
    return Kind.EMPLOYEES if person and _EMPLOYMENT & has else None


def _kind_of_group(has: set[str], sheet: str) -> Kind | None:
    """Sheets whose rows are roles or posts, not people."""
    if "role" in has and _ROLE_FACTS & has:
        return Kind.ROLES
    if {"open_since", "vacancy_id"} & has or "vacat" in sheet or "vacanc" in sheet:
        return Kind.VACANCIES
    if {"establishment_fte", "growth"} & has or ("fte" in has and ("formatie" in sheet or "establishment" in sheet)):
        return Kind.FORMATION
    return Kind.VACANCIES if "vacancies_fte" in has else None
