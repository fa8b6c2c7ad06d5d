"""Keeping what is stored: back-up, restore, and forgetting a person."""

from __future__ import annotations

from pathlib import Path

import click

from commands.base import Call, command
from presentation.texts import say
from workflows import importing, keeping, people
from workflows.workspace import Workspace


@command(name="backup")
@click.argument("folder", type=click.Path(file_okay=False))
def backup(call: Call, folder: str) -> None:
    """Make a verified copy of the database in a folder."""
    with call.workspace() as workspace:
        made = keeping.backup(call.viewer, workspace, Path(folder))
    call.answer({"written": str(made.file)}, [str(made.file)])


@command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def restore(call: Call, file: str) -> None:
    """Put a back-up in the place of the database; what was there is kept in the back-up folder."""
    with Workspace(call.database) as workspace:
        keeping.restore(call.viewer, workspace, Path(file))
        days = [row["as_of"] for row in importing.snapshots(call.viewer, workspace)]
    call.answer({"restored": file, "snapshots": days}, [say(call.language, "cli.restored", count=len(days))])


@command(name="about")
@click.argument("employee_id")
def about(call: Call, employee_id: str) -> None:
    """All that is stored about one person, for a request of access."""
    with call.workspace() as workspace:
        found = people.about(call.viewer, workspace, employee_id)
    lines = [say(call.language, "cli.about", count=sum(map(len, found.values())), employee_id=employee_id)]
    for table, rows in found.items():
        for row in rows:
            lines += ["", table, *(f"  {name}: {value}" for name, value in row.items() if value not in ("", None) and value == value)]
    call.answer({"employee_id": employee_id, "tables": found}, lines)


@command(name="erase")
@click.argument("employee_id")
def erase(call: Call, employee_id: str) -> None:
    """Forget one person: every row in every snapshot, and rewrite the files."""
    with call.workspace() as workspace:
        rows = people.erase(call.viewer, workspace, employee_id)
    call.answer({"erased_rows": rows}, [say(call.language, "cli.erased", count=rows)])


@command(name="retention")
def retention(call: Call) -> None:
    """Apply the terms of the access page now: forget what is past its time. The app does this at every start."""
    with call.workspace() as workspace:
        forgotten = keeping.apply_retention(call.viewer, workspace)
    call.answer({"forgotten_rows": forgotten}, [say(call.language, "cli.retention", n=forgotten)])
