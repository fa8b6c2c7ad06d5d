"""Skills, ways from work to work, and the plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pandas as pd

from commands.base import Call, chosen_scenario, command
from presentation.texts import Words
from workflows import esco
from workflows import plan as plans
from workflows import routes as ways
from workflows import skills as abilities


def _ahead(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say under which scenario, and how far ahead."""
    for option in reversed(
        (
            click.option("--scenario", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file with lever values."),
            click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set one lever; may be repeated."),
            click.option("--year", type=int, default=None, help="Target year; five years on when not given."),
        )
    ):
        function = option(function)
    return function


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; unknown is null, because NaN is no JSON."""
    return [
        {
            name: None if isinstance(value, float) and value != value else list(value) if isinstance(value, tuple) else value
            for name, value in row.items()
        }
        for row in frame.to_dict(orient="records")
    ]


def _number(value: float) -> float | None:
    return None if value != value else float(value)


@command(name="skills")
@_ahead
@click.option("--by", type=click.Choice(["skill", "role"]), default="skill", help="One row per skill, or per role and skill.")
@click.option("--role", default=None, help="Only this role (with --by role).")
def skills(call: Call, scenario: str | None, settings: tuple[str, ...], year: int | None, by: str, role: str | None) -> None:
    """Skills needed against available, now and in the target year, and knowledge that hangs on few people."""
    chosen = chosen_scenario(scenario, settings)
    with call.workspace() as workspace:
        found = abilities.skills(call.viewer, workspace, chosen, year)
        known = esco.chosen(call.viewer, workspace)
    rows = found.by_skill if by == "skill" else found.by_role
    rows = rows[rows["role"] == role] if role and by == "role" else rows
    body = {
        "as_of": found.as_of,
        "year": found.year,
        "assessed": found.assessed,
        "people_assessed": found.people_assessed,
        "facts": {name: _number(value) if isinstance(value, float) else value for name, value in found.facts.items()},
        "rows": _rows(rows.assign(esco=[known.get(skill, "") for skill in rows["skill"]])),
        "knowledge": _rows(found.knowledge),
    }
    words = Words(call.language)
    head = words("skills.cli_head", assessed=words.percent(found.assessed), year=found.year)
    label = (lambda row: row["skill"]) if by == "skill" else (lambda row: f"{row['role']}: {row['skill']}")
    lines = [f"{label(row)}  {row['required_then']:.1f}  {row['middle_then']:.1f}  {row['gap']:.1f}" for row in rows.to_dict("records")]
    call.answer(body, [head, *lines])


@command(name="routes")
@_ahead
@click.option("--from", "role", default=None, help="The role people leave; without it all moves that would help.")
@click.option("--people", type=click.IntRange(1, 10_000), default=5, help="How many people the costs are for.")
def routes(call: Call, scenario: str | None, settings: tuple[str, ...], year: int | None, role: str | None, people: int) -> None:
    """Ways from work to work, with hours, cost and difference in pay."""
    chosen = chosen_scenario(scenario, settings)
    with call.workspace() as workspace:
        if role is None:
            moves = ways.overview(call.viewer, workspace, chosen, year)
            lines = [f"{row['role']} > {row['to']}  {row['people']:.0f}  {row['hours']:.0f}" for row in moves.to_dict("records")]
            call.answer({"rows": _rows(moves)}, lines)
            return
        found = ways.from_role(call.viewer, workspace, role, chosen, year, people)
    cost = None if found.cost is None else {name: getattr(found.cost, name) for name in found.cost.__slots__}
    body = {
        "as_of": found.as_of,
        "year": found.year,
        "role": found.role,
        "rows": _rows(found.ways),
        "outside": _rows(found.outside),
        "people": people,
        "leaving": cost,
    }
    lines = [f"{row['role']}  {' > '.join(row['via'])}  {row['hours']:.0f}  {row['openings']:.1f}" for row in found.ways.to_dict("records")]
    call.answer(body, lines)


@command(name="plan")
@_ahead
@click.option("--target", type=click.FloatRange(min=0), default=None, help="Most fte short in the last year; half of it when not given.")
@click.option("--budget", type=click.FloatRange(min=0), default=None, help="Euro over the plan: least shortage for it.")
def plan(call: Call, scenario: str | None, settings: tuple[str, ...], year: int | None, target: float | None, budget: float | None) -> None:
    """The cheapest mix of measures, or the least shortage within a budget."""
    if target is not None and budget is not None:
        raise click.UsageError("--target and --budget exclude each other")
    chosen = chosen_scenario(scenario, settings)
    with call.workspace() as workspace:
        made = plans.plan(call.viewer, workspace, chosen, None, year, target, budget)
    body = {
        "as_of": made.as_of,
        "years": list(made.years),
        "mode": made.mode,
        "reached": made.reached,
        "whole": made.whole,
        "distance": made.gap,
        "cost": _number(made.cost),
        "target": _number(made.target),
        "budget": _number(made.budget),
        "scenario": json.loads(chosen.to_json()),
        "facts": {name: _number(value) if isinstance(value, float) else value for name, value in made.facts.items()},
        "levers": _rows(made.levers),
        "mix": _rows(made.mix),
        "path": _rows(made.path),
        "mixes": _rows(made.others),
        "limits": _rows(made.limits),
        "binding": _rows(made.binding),
        "blocked": _rows(made.blocked),
    }
    words = Words(call.language)
    lines = [
        f"{words('plan_lever.' + row['lever'])}  {row['units']:.1f}  {row['fte_years']:.1f}  {words.euro(row['cost'])}"
        for row in made.levers.to_dict("records")
    ]
    reached = "plan.cli_reached" if made.reached else "plan.cli_missed"
    facts = made.facts
    head = words(reached, before=facts["before"], after=facts["after"], until=made.until, cost=words.euro(made.cost))
    call.answer(body, [head, *lines])
