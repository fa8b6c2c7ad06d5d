"""Calling the command line from a test: in this process, or in one of its own as another program does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli import cli
from tests.waiting import LIMIT

HOME = Path(__file__).resolve().parent.parent


def run(*arguments: object, database: Path | None = None, code: int = 0) -> tuple[dict[str, Any], str]:
    """Call the command with --json; returns the object and stderr, after checking the exit code. In this process: starting one takes
    longer than most commands."""
    done = CliRunner().invoke(cli, _asked(arguments, database), env={"WERKHORIZON_DATABASE": None})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return _told(done.exit_code, done.stdout, done.stderr, code)


def run_apart(*arguments: object, database: Path | None = None, code: int = 0) -> tuple[dict[str, Any], str]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "cli.py", *_asked(arguments, database)],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={name: value for name, value in os.environ.items() if name != "WERKHORIZON_DATABASE"},
    )
    return _told(done.returncode, done.stdout, done.stderr, code)


def _asked(arguments: tuple[object, ...], database: Path | None) -> list[str]:
    return [*map(str, arguments), "--json", *(["--database", str(database)] if database else [])]


def _told(returned: int, stdout: str, stderr: str, code: int) -> tuple[dict[str, Any], str]:
    assert returned == code, stdout[-2000:] + stderr[-3000:]
    assert "Traceback" not in stderr
    return (json.loads(stdout, parse_constant=_no_number) if stdout.strip() else {}), stderr


def _no_number(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")
