"""The command line: each command is arguments -> one workflow call -> text or JSON. See the README for the contract."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from presentation.exports.deck import deck as deck_bytes
from presentation.exports.template import template as template_bytes
from presentation.exports.workbook import workbook as workbook_bytes
from presentation.texts import Words, say
from workflows import importing, keeping, outlook, people, reports
from workflows.types import Refusal, Scenario, Viewer
from workflows.workspace import Workspace

DEFAULT_DATABASE = "data/werkhorizon.duckdb"


class Day(click.ParamType):
    """A date written as 2026-01-31 or 31-01-2026."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%d-%m-%Y"):
            try:
                return datetime.strptime(value, form).date()
            except ValueError:
                continue
        return self.fail(f"{value!r} is not a date; write 2026-01-31", param, ctx)


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that may stand before or after the command; after it wins."""
    for option in reversed(
        (
            click.option("--database", type=click.Path(dir_okay=False), default=None, help="DuckDB file (else WERKHORIZON_DATABASE)."),
            click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object."),
            click.option("--language", type=click.Choice(["nl", "en"]), default=None),
            click.option("--viewer", type=click.Choice(["hr", "director"]), default=None, help="With whose rights to answer."),
        )
    ):
        command = option(command)
    return command


class Call:
    """The common options of one invocation, and the one place that prints."""

    def __init__(self, chosen: dict[str, Any]) -> None:
        self.database = Path(chosen.get("database") or os.environ.get("WERKHORIZON_DATABASE") or DEFAULT_DATABASE)
        self.as_json = bool(chosen.get("as_json"))
        self.language = chosen.get("language") or "nl"
        self.viewer = Viewer.director() if chosen.get("viewer") == "director" else Viewer.local()

    def workspace(self) -> Workspace:
        return Workspace.open(self.database)

    def answer(self, body: dict[str, Any], lines: list[str]) -> None:
        click.echo(json.dumps(body, default=_plain, ensure_ascii=False) if self.as_json else "\n".join(lines))

    def refuse(self, problem: Refusal, body: dict[str, Any] | None = None) -> None:
        message = say(self.language, f"refusal.{problem.code}", **problem.params)
        if self.as_json:
            error = {"code": problem.code, "message": message}
            click.echo(json.dumps({**(body or {}), "stored": False, "error": error}, default=_plain, ensure_ascii=False))
        click.echo(message, err=True)
        sys.exit(1)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else str(value)


def _command(**settings: Any) -> Callable[..., Any]:
    """Register a command whose function gets a Call first; refusals become one sentence and exit 1."""

    def register(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(**options: Any) -> None:
            outer = click.get_current_context().obj
            inner = {name: options.pop(name) for name in ("database", "as_json", "language", "viewer")}
            call = Call({name: inner[name] if inner[name] is not None else outer[name] for name in inner})
            try:
                function(call, **options)
            except Refusal as problem:
                call.refuse(problem)

        return cli.command(**settings)(_common(run))

    return register


@click.group()
@_common
@click.pass_context
def cli(ctx: click.Context, **chosen: Any) -> None:
    """Werkhorizon: see which work you will be short of, why, and what closes the gap."""
    ctx.obj = chosen


FILE_OPTIONS = (
    click.argument("file", type=click.Path(dir_okay=False)),
    click.option("--sheet", default=None, help="Name of the sheet; else the best match."),
    click.option("--as-of", type=Day(), default=None, help="Reference date of the file; else read from the file, else today."),
    click.option("--mapping", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file {field: header}."),
)


def _file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(FILE_OPTIONS):
        function = option(function)
    return function


@_command(name="check")
@_file_options
def check(call: Call, file: str, **options: Any) -> None:
    """Read a file and report on it; store nothing."""
    _read(call, file, options, save=False)


@_command(name="import")
@_file_options
def import_(call: Call, file: str, **options: Any) -> None:
    """Check a file, then store it."""
    _read(call, file, options, save=True)


def _read(call: Call, file: str, options: dict[str, Any], save: bool) -> None:
    body: dict[str, Any] = {"file": Path(file).name}
    try:
        path = Path(file)
        if not path.exists():
            raise Refusal("file_not_found", file=path.name)
        if save:
            with call.workspace() as workspace:
                draft = importing.check(call.viewer, workspace, path, path.name, **options)
                body = draft.summary()
                stored = importing.save(call.viewer, workspace, draft)
                body |= {"snapshots": sorted(snapshot.as_of for snapshot in stored.snapshots), "already": stored.already}
        else:
            draft = importing.check(call.viewer, None, path, path.name, **options)
            body = draft.summary()
    except Refusal as problem:
        call.refuse(problem, body)
    call.answer({**body, "stored": save}, _report_lines(call, body, save))


def _finding_text(language: str, finding: dict[str, Any]) -> str:
    """What was found, where, and how to repair it, in one line."""
    given = {**finding["params"], **{name: finding[name] for name in ("count", "column", "example", "sheet")}}
    where = ", ".join(map(str, finding["rows"][:5]))
    text = say(language, f"finding.{finding['reason']}.what", n=finding["count"], **given)
    return f"{text} [{finding['sheet']} {where}]" if where else text


def _report_lines(call: Call, body: dict[str, Any], stored: bool) -> list[str]:
    lines = [
        say(
            call.language,
            "cli.read",
            **{name: body[name] for name in ("file", "rows_read", "rows_kept", "rows_rejected", "people", "active")},
        )
    ]
    lines += [f"  {finding['severity']}: {_finding_text(call.language, finding)}" for finding in body["findings"]]
    end = "cli.already" if body.get("already") else "cli.stored" if stored else "cli.not_stored"
    return [*lines, say(call.language, end)]


@_command(name="snapshots")
def snapshots(call: Call) -> None:
    """The stored snapshots, oldest first."""
    with call.workspace() as workspace:
        rows = importing.snapshots(call.viewer, workspace)
    call.answer({"snapshots": rows}, [f"{row['as_of']}  {row['people']:>7}  {row['file']}" for row in rows])


@_command(name="retirements")
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
        table = reports.retirements(call.viewer, workspace, as_of, age, years, _split(by))
    lines = [
        f"{row['year']}  " + "  ".join(str(row[name]) for name in _split(by)) + f"  {row['people']:>5}  {row['fte']:.1f}"
        for row in table["rows"]
    ]
    call.answer(table, [say(call.language, "cli.retirements", total=table["total"], active=table["active"]), *lines])


def _split(by: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    unknown = set(names) - {"location", "unit", "role"}
    if unknown:
        raise click.UsageError(f"--by {', '.join(sorted(unknown))}: choose from location, unit, role")
    return names


@_command(name="project")
@click.option("--as-of", type=Day(), default=None)
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file with lever values.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set one lever; may be repeated.")
@click.option("--by", default="", help="Any of location,unit,role.")
@click.option("--years", type=click.IntRange(1, 20), default=10)
@click.option("--seed", type=int, default=2026)
def project(call: Call, as_of: date | None, scenario: str | None, settings: tuple[str, ...], by: str, years: int, seed: int) -> None:
    """Expected staff, need and gap per year."""
    chosen = _scenario(scenario, settings)
    with call.workspace() as workspace:
        table = reports.project_rows(call.viewer, workspace, chosen, _split(by), years, as_of, seed)
    rows = table.rows.to_dict(orient="records")
    lines = [
        f"{row['date']}  "
        + "  ".join(str(row[name]) for name in _split(by))
        + f"  {row['supply_fte']:.1f}  {row['demand_fte']:.1f}  {row['gap_fte']:+.1f}"
        for row in rows
    ]
    call.answer({"as_of": table.as_of, "scenario": json.loads(chosen.to_json()), "rows": rows}, lines)


def _scenario(file: str | None, settings: tuple[str, ...]) -> Scenario:
    try:
        chosen = Scenario.from_json(Path(file).read_text(encoding="utf-8")) if file else Scenario()
    except (ValueError, TypeError, AttributeError, OSError) as problem:
        raise click.UsageError(f"--scenario {file}: {problem}") from problem
    for text in settings:
        name, _, value = (part.strip() for part in text.partition("="))
        try:
            chosen = chosen.with_value(name, value)
        except ValueError as problem:
            raise click.UsageError(f"--set {text}: no such lever, or no number") from problem
        kept = getattr(chosen, name)
        if Scenario.from_query({name: value})[1]:
            click.echo(f"{name}: {value} -> {kept:g}", err=True)
    return chosen


@_command(name="sample")
def load_sample(call: Call) -> None:
    """Load the fictional firm into an empty database."""
    with call.workspace() as workspace:
        stored = importing.load_sample(call.viewer, workspace)
    days = sorted(snapshot.as_of for snapshot in stored.snapshots)
    call.answer({"stored": True, "snapshots": days}, [say(call.language, "cli.sample", count=len(days))])


@_command(name="template")
@click.argument("out", type=click.Path(dir_okay=False))
def template(call: Call, out: str) -> None:
    """Write the Excel template."""
    _written(call, out, template_bytes(call.language))


def _outlook_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.argument("out", type=click.Path(dir_okay=False)),
            click.option("--scenario", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file with lever values."),
            click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set one lever; may be repeated."),
            click.option("--year", type=int, default=None, help="Target year; five years on when not given."),
        )
    ):
        function = option(function)
    return function


@_command(name="deck")
@_outlook_options
@click.option("--master", type=click.Path(exists=True, dir_okay=False), default=None, help="The firm's own .pptx master.")
def deck(call: Call, out: str, scenario: str | None, settings: tuple[str, ...], year: int | None, master: str | None) -> None:
    """Write the slides."""
    found, basis = _told(call, scenario, settings, year)
    _written(call, out, deck_bytes(Words(call.language), found, basis, Path(master).read_bytes() if master else None))


@_command(name="workbook")
@_outlook_options
def workbook(call: Call, out: str, scenario: str | None, settings: tuple[str, ...], year: int | None) -> None:
    """Write the workbook with the figures."""
    found, basis = _told(call, scenario, settings, year)
    _written(call, out, workbook_bytes(Words(call.language), found, basis))


def _told(call: Call, scenario: str | None, settings: tuple[str, ...], year: int | None) -> tuple[outlook.Outlook, dict[str, float]]:
    chosen = _scenario(scenario, settings)
    with call.workspace() as workspace:
        return outlook.outlook(call.viewer, workspace, chosen, target_year=year), outlook.basis(call.viewer, workspace)


def _written(call: Call, out: str, content: bytes) -> None:
    try:
        Path(out).write_bytes(content)
    except OSError as problem:
        raise Refusal("cannot_write", file=Path(out).name) from problem
    call.answer({"written": out, "bytes": len(content)}, [out])


@_command(name="backup")
@click.argument("folder", type=click.Path(file_okay=False))
def backup(call: Call, folder: str) -> None:
    """Make a verified copy of the database in a folder."""
    with call.workspace() as workspace:
        made = keeping.backup(call.viewer, workspace, Path(folder))
    call.answer({"written": str(made.file)}, [str(made.file)])


@_command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def restore(call: Call, file: str) -> None:
    """Put a back-up in the place of the database; what was there is kept in the back-up folder."""
    with Workspace(call.database) as workspace:
        keeping.restore(call.viewer, workspace, Path(file))
        days = [row["as_of"] for row in importing.snapshots(call.viewer, workspace)]
    call.answer({"restored": file, "snapshots": days}, [say(call.language, "cli.restored", count=len(days))])


@_command(name="erase")
@click.argument("employee_id")
def erase(call: Call, employee_id: str) -> None:
    """Forget one person: every row in every snapshot, and rewrite the files."""
    with call.workspace() as workspace:
        rows = people.erase(call.viewer, workspace, employee_id)
    call.answer({"erased_rows": rows}, [say(call.language, "cli.erased", count=rows)])


if __name__ == "__main__":
    cli()
