"""Threads hand the interpreter to each other sooner while a file is read, and as before once nothing is read any more."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import Refusal
from intake import Options, read_file
from intake.switching import SOON, switching_soon


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    path = tmp_path / "staff.xlsx"
    rows = [(number, "1980-01-01", "Monteur") for number in range(30)]
    pd.DataFrame(rows, columns=["Personeelsnummer", "Geboortedatum", "Functie"]).to_excel(path, index=False)
    return path


def test_sooner_while_a_file_is_read_and_as_before_after_it(staff: Path) -> None:
    before, seen = sys.getswitchinterval(), {}
    read_file(staff, options=Options(progress=lambda step, _share: seen.setdefault(step, sys.getswitchinterval())))
    assert seen["read"] == pytest.approx(SOON)
    assert seen["check"] == seen["recognise"] == before == sys.getswitchinterval()


def test_as_before_after_a_file_that_is_refused(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    (tmp_path / "no.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(Refusal):
        read_file(tmp_path / "no.xlsx")
    assert sys.getswitchinterval() == before


def test_the_last_of_several_readers_sets_it_back() -> None:
    before, first_left = sys.getswitchinterval(), threading.Event()
    inside = threading.Barrier(2)
    seen: list[float] = []

    def second() -> None:
        with switching_soon():
            inside.wait(10)
            first_left.wait(10)
            seen.append(sys.getswitchinterval())

    thread = threading.Thread(target=second)
    thread.start()
    with switching_soon():
        inside.wait(10)
    first_left.set()
    thread.join(10)
    assert seen == [pytest.approx(SOON)]
    assert sys.getswitchinterval() == before
