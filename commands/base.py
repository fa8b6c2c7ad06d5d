"""What every command shares: the common options, the one place that prints, and refusals as one sentence and exit 1."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from presentation.texts import refused, say
from workflows import rules
from workflows.identity import as_director
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
        self.opened: Workspace | None = None
        self.as_director = chosen.get("viewer") == "director"
        self.viewer = Viewer.director() if self.as_director else Viewer.local()

    def workspace(self, create: bool = False) -> Workspace:
        """The database that is there, or the copy for reading beside it while the app holds it; writing to a copy meets the
        refusal database_locked. create: the database itself, made when it does not exist.

        From then on a director is one with the threshold stored there, as on the screens."""
        opened = self.opened = Workspace.open(self.database, reading=not create)
        if opened.store.lost_imports and not self.as_director:
            click.echo(say(self.language, "access.lost_imports", n=opened.store.lost_imports), err=True)
        if self.as_director:
            self.viewer = as_director(Viewer.local(), opened)
        return opened

    def answer(self, body: dict[str, Any], lines: list[str]) -> None:
        click.echo(json.dumps(body, default=_plain, ensure_ascii=False) if self.as_json else "\n".join(lines))

    def refuse(self, problem: Refusal, body: dict[str, Any] | None = None) -> None:
        missing = problem.code == "no_data" and "path" in problem.params
        message = refused(self.language, problem.code, problem.params)
        if missing:
            message = say(self.language, "cli.no_database", **problem.params)
        if problem.code == "not_allowed" and self.opened is not None and not self.opened.store.read_only:
            with self.opened as workspace:
                rules.refused_act(self.viewer, workspace, str(problem.params.get("right", "")))
        if self.as_json:
            error = {"code": problem.code, "message": message}
            click.echo(json.dumps({**(body or {}), "stored": False, "error": error}, default=_plain, ensure_ascii=False))
        click.echo(message, err=True)
        sys.exit(1)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else str(value)


def command(**settings: Any) -> Callable[..., Any]:
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


ROOMS = {
    "abilities": ("skills", "routes", "plan"),
    "figures": ("retirements", "project"),
    "files": ("check", "import", "snapshots", "sample", "template"),
    "keeping": ("backup", "restore", "about", "erase", "retention"),
    "proof": ("backtest",),
    "taking": ("deck", "workbook"),
}
"""Module in `commands/` -> the commands it registers."""
ROOM_OF = {name: room for room, names in ROOMS.items() for name in names}


class Rooms(click.Group):
    """Loads the module of a command when that command is asked for: a nightly import need not wait for what draws slides."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in ROOM_OF:
            import_module(f"commands.{ROOM_OF[cmd_name]}")
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(ROOM_OF)


@click.group(cls=Rooms)
@_common
@click.pass_context
def cli(ctx: click.Context, **chosen: Any) -> None:
    """Werkhorizon: see which work you will be short of, why, and what closes the gap."""
    ctx.obj = chosen


def chosen_scenario(file: str | None, settings: tuple[str, ...]) -> Scenario:
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


def split_groups(by: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    unknown = set(names) - {"location", "unit", "role"}
    if unknown:
        raise click.UsageError(f"--by {', '.join(sorted(unknown))}: choose from location, unit, role")
    return names


def written(call: Call, out: str, content: bytes) -> None:
    try:
        Path(out).write_bytes(content)
    except OSError as problem:
        raise Refusal("cannot_write", file=Path(out).name) from problem
    call.answer({"written": out, "bytes": len(content)}, [out])
