"""Files in and out: check, import, snapshots, the sample firm and the template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from commands.base import Call, Day, command, written
from presentation.exports.template import template as template_bytes
from presentation.texts import say
from workflows import importing
from workflows.types import Refusal

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


@command(name="check")
@_file_options
def check(call: Call, file: str, **options: Any) -> None:
    """Read a file and report on it; store nothing."""
    _read(call, file, options, save=False)


@command(name="import")
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


@command(name="snapshots")
def snapshots(call: Call) -> None:
    """The stored snapshots, oldest first."""
    with call.workspace() as workspace:
        rows = importing.snapshots(call.viewer, workspace)
    call.answer({"snapshots": rows}, [f"{row['as_of']}  {row['people']:>7}  {row['file']}" for row in rows])


@command(name="sample")
def load_sample(call: Call) -> None:
    """Load the fictional firm into an empty database."""
    with call.workspace() as workspace:
        stored = importing.load_sample(call.viewer, workspace)
    days = sorted(snapshot.as_of for snapshot in stored.snapshots)
    call.answer({"stored": True, "snapshots": days}, [say(call.language, "cli.sample", count=len(days))])


@command(name="template")
@click.argument("out", type=click.Path(dir_okay=False))
def template(call: Call, out: str) -> None:
    """Write the Excel template."""
    written(call, out, template_bytes(call.language))
