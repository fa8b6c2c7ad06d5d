"""The figures: pension dates and the projection."""

from __future__ import annotations

import json
from datetime import date

import click

from commands.base import Call, Day, chosen_scenario, command, split_groups
from presentation.texts import say
from workflows import reports


@command(name="retirements")
@click.option("--as-of", type=Day(), default=None)
@click.option("--age", type=click.IntRange(40, 80), default=None, help="Count the N-th birthday instead of the pension date.")
@click.option("--statutory", is_flag=True, help="Count the statutory pension date (default).")
@click.option("--years", type=click.IntRange(1, 60), default=5)
@click.option("--by", default="", help="Any of location,unit,role.")
def retirements(call: Call, as_of: date | None, age: int | None, statutory: bool, years: int, by: str) -> None:
    """People who reach their pension date (or an age) in the coming years."""
    if age is not None and statutory:
        raise click.UsageError("--age and --statutory exclude each other")
    with call.workspace() as workspace:
        table = reports.retirements(call.viewer, workspace, as_of, age, years, split_groups(by))
    lines = [
        f"{row['year']}  " + "  ".join(str(row[name]) for name in split_groups(by)) + f"  {row['people']:>5}  {row['fte']:.1f}"
        for row in table["rows"]
    ]
    call.answer(table, [say(call.language, "cli.retirements", total=table["total"], active=table["active"]), *lines])


@command(name="project")
@click.option("--as-of", type=Day(), default=None)
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file with lever values.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set one lever; may be repeated.")
@click.option("--by", default="", help="Any of location,unit,role.")
@click.option("--years", type=click.IntRange(1, 20), default=10)
@click.option("--seed", type=int, default=2026)
def project(call: Call, as_of: date | None, scenario: str | None, settings: tuple[str, ...], by: str, years: int, seed: int) -> None:
    """Expected staff, need and gap per year."""
    chosen = chosen_scenario(scenario, settings)
    with call.workspace() as workspace:
        table = reports.project_rows(call.viewer, workspace, chosen, split_groups(by), years, as_of, seed)
    rows = table.rows.to_dict(orient="records")
    lines = [
        f"{row['date']}  "
        + "  ".join(str(row[name]) for name in split_groups(by))
        + f"  {row['supply_fte']:.1f}  {row['demand_fte']:.1f}  {row['gap_fte']:+.1f}"
        for row in rows
    ]
    call.answer({"as_of": table.as_of, "scenario": json.loads(chosen.to_json()), "rows": rows}, lines)
