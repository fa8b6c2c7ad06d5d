"""Files in and out: check, import, snapshots, the sample firm and the template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from commands.base import Call, Day, command, written
from presentation.exports.template import template as template_bytes
from presentation.standing import standing_lines
from presentation.texts import Words, say
from workflows import importing
from workflows.inbox import Inbox
from workflows.standing import Standing
from workflows.types import Refusal

FILE_OPTIONS = (
    click.argument("file", type=click.Path(dir_okay=False)),
    click.option("--sheet", default=None, help="Name of the sheet; else the best match."),
    click.option("--as-of", type=Day(), default=None, help="Reference date of the file; else read from the file, else today."),
    click.option("--mapping", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file {field: header}."),
    click.option("--together", is_flag=True, help="Visible sheets with the same headers and other people are one staff list."),
)


def _file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(FILE_OPTIONS):
        function = option(function)
    return function


@command(name="check")
@_file_options
def check(call: Call, file: str, **options: Any) -> None:
    """Read a file and report on it; store nothing."""
    path = Path(file)
    body: dict[str, Any] = {"file": path.name}
    try:
        body = importing.check(call.viewer, None, _there(path), path.name, **options).summary()
    except Refusal as problem:
        call.refuse(problem, body)
    call.answer({**body, "stored": False}, _report_lines(call, body, False))


@command(name="import")
@_file_options
@click.option("--wait/--no-wait", default=True, help="While the app runs it takes the file in: wait for that result (default), or not.")
def import_(call: Call, file: str, wait: bool, **options: Any) -> None:
    """Check a file, then store it; while the app runs, the app does both and this command tells what came of it."""
    path, body = Path(file), {"file": Path(file).name}
    try:
        body = _stored(call, _there(path), options, body)
    except Refusal as problem:
        inbox = Inbox(call.database)
        if problem.code != "database_locked" or not inbox.watched:
            call.refuse(problem, body)
        body = _handed_over(call, inbox, path, options, wait)
    call.answer({**body, "stored": not body.get("waiting")}, _report_lines(call, body, True))


def _there(path: Path) -> Path:
    if not path.exists():
        raise Refusal("file_not_found", file=path.name)
    return path


def _stored(call: Call, path: Path, options: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Check and store here; `body` is filled with the report as soon as there is one, also for a refusal after it."""
    with call.workspace(create=True) as workspace:
        draft = importing.check(call.viewer, workspace, path, path.name, **options)
        body |= draft.summary()
        stored = importing.save(call.viewer, workspace, draft)
    return body | {"snapshots": sorted(snapshot.as_of for snapshot in stored.snapshots), "already": stored.already}


def _handed_over(call: Call, inbox: Inbox, path: Path, options: dict[str, Any], wait: bool) -> dict[str, Any]:
    """Have the running app check and store; its report is this command's."""
    body: dict[str, Any] = {"file": path.name}
    try:
        ticket = inbox.leave(call.viewer, path, path.name, importing.asked(call.viewer, **options))
        if not wait:
            return body | {"waiting": True}
        answer = inbox.wait(ticket)
        body |= answer["summary"]
        if answer["error"]:
            raise Refusal(answer["error"]["code"], **answer["error"]["params"])
    except Refusal as problem:
        call.refuse(problem, body)
    return body | {"snapshots": answer["snapshots"], "already": answer["already"]}


def _finding_text(language: str, finding: dict[str, Any]) -> str:
    """What was found, where, and how to repair it, in one line."""
    given = {**finding["params"], **{name: finding[name] for name in ("count", "column", "example", "sheet")}}
    where = ", ".join(map(str, finding["rows"][:5]))
    text = say(language, f"finding.{finding['reason']}.what", n=finding["count"], **given)
    return f"{text} [{finding['sheet']} {where}]" if where else text


def _name_text(language: str, name: dict[str, Any]) -> str:
    """A name that seems to have changed, and what it was taken for: nobody is there to be asked."""
    return say(language, "cli.name_same" if name["same"] else "cli.name_other", n=name["people"], old=name["old"], new=name["new"])


def _standing(body: dict[str, Any]) -> Standing | None:
    """From the report, which may have come as JSON from the running app."""
    told = body.get("standing")
    return Standing(**{**told, "as_of": date.fromisoformat(str(told["as_of"]))}) if told else None


def _report_lines(call: Call, body: dict[str, Any], stored: bool) -> list[str]:
    if body.get("waiting"):
        return [say(call.language, "cli.waiting", file=body["file"])]
    lines = [
        say(
            call.language,
            "cli.read",
            **{name: body[name] for name in ("file", "rows_read", "rows_kept", "rows_rejected", "people", "active")},
        )
    ]
    lines += standing_lines(Words(call.language), _standing(body))
    lines += [f"  {finding['severity']}: {_finding_text(call.language, finding)}" for finding in body["findings"]]
    lines += [f"  {_name_text(call.language, name)}" for name in body.get("renames", [])]
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
    with call.workspace(create=True) as workspace:
        stored = importing.load_sample(call.viewer, workspace)
    days = sorted(snapshot.as_of for snapshot in stored.snapshots)
    call.answer({"stored": True, "snapshots": days}, [say(call.language, "cli.sample", count=len(days))])


@command(name="template")
@click.argument("out", type=click.Path(dir_okay=False))
def template(call: Call, out: str) -> None:
    """Write the Excel template."""
    written(call, out, template_bytes(call.language))
