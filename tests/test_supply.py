"""What is installed is pinned to the file: versions, hashes, licences."""

from __future__ import annotations

import re

import pytest

from tests.licences import HOME, LIST, locked, written

COPYLEFT = re.compile(r"\b(A?GPL|SSPL|BUSL|Commons Clause)", re.IGNORECASE)


@pytest.mark.parametrize("name", ["requirements", "requirements-postgresql", "requirements-dev"])
def test_every_required_version_is_locked_with_hashes(name: str) -> None:
    found = locked(f"{name}.lock")
    wanted = {
        match[1].lower(): match[2]
        for line in (HOME / f"{name}.txt").read_text().splitlines()
        if (match := re.match(r"([A-Za-z0-9._-]+)(?:\[.*\])?==(\S+)", line))
    }
    assert wanted
    assert {package: found.get(package.replace("_", "-")) for package in wanted} == wanted
    text = (HOME / f"{name}.lock").read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert [package.splitlines()[0] for package in packages if not re.search(r"--hash=sha256:[0-9a-f]{64}", package)] == []
    assert "://" not in text


def test_the_list_of_licences_is_that_of_the_lock_file() -> None:
    assert LIST.read_text(encoding="utf-8") == written(), "run `python run.py lock`"


def test_every_licence_is_known_and_none_binds_the_product() -> None:
    rows = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line.count("|") == 4][2:]
    assert len(rows) == len(locked("requirements-postgresql.lock")) > 40
    assert [row for row in rows if row.endswith("| ? |") or COPYLEFT.search(row)] == []
