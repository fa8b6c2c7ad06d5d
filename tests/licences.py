"""`python -m tests.licences`: writes docs/licences.md, the licence of every package in the lock file, from the packages themselves."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LIST = HOME / "docs" / "licences.md"
ELSEWHERE = {"colorama": "BSD-3-Clause", "tzdata": "Apache-2.0"}
"""Packages that are only installed on other systems (Windows), so that they cannot be asked here."""


def locked(file: str = "requirements.lock") -> dict[str, str]:
    """Name -> version of every package in a lock file."""
    lines = (HOME / file).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[.*\])?==([^ ;\\]+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def licence(name: str) -> str:
    """What a package says of itself: the expression, else the classifiers, else the first line of its licence field."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name, "?")
    classes = [text.split(" :: ")[-1] for text in told.get_all("Classifier") or [] if text.startswith("License") and text.count("::") > 1]
    field = (told.get("License") or "").strip().splitlines()
    return str(told.get("License-Expression") or ", ".join(classes) or (field[0] if field else "?"))


def written() -> str:
    """The text of docs/licences.md."""
    always, more = locked(), locked("requirements-postgresql.lock")
    rows = [f"| {name} | {version} | {licence(name)} |" for name, version in sorted(always.items())]
    rows += [f"| {name} (only with PostgreSQL) | {more[name]} | {licence(name)} |" for name in sorted(more.keys() - always.keys())]
    head = "# Licences of what runs Werkhorizon\n\nMade by `python run.py lock` from the packages in the lock files themselves.\n\n"
    return head + "| package | version | licence |\n|---|---|---|\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    LIST.write_text(written(), encoding="utf-8")
