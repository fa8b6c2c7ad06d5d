"""What `python run.py audit` makes of the words of the tool it asks."""

from __future__ import annotations

import pytest

from run import NOT_AUDITED, UNANSWERED, audited


@pytest.mark.parametrize(
    ("code", "said", "means"),
    [
        (0, "No known vulnerabilities found\n", 0),
        (1, "Found 2 known vulnerabilities in 1 package\nName Version ID Fix Versions\n", 1),
        (1, "Found 1 known vulnerability in 1 package\n", 1),
        (1, "ERROR:pip_audit._cli:altair: Dependency not found on PyPI and could not be audited: altair (6.3.0)\n", NOT_AUDITED),
        (1, "ERROR:pip_audit._cli:Failed to connect to the source\n", NOT_AUDITED),
        (2, "usage: pip-audit [-h]\n", NOT_AUDITED),
    ],
)
def test_nothing_found_is_never_said_when_nobody_looked(code: int, said: str, means: int) -> None:
    assert audited(code, said) == means


def test_it_says_what_to_do() -> None:
    assert "NOT AUDITED" in UNANSWERED
    assert "pypi.org" in UNANSWERED
    assert "osv.dev" in UNANSWERED
