"""What is kept in memory stays within its bound, however much is asked."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import streamlit as st

from analytics.errors import Refusal
from presentation import session
from tests.sampling import with_sample
from workflows.kept import Kept
from workflows.types import Scenario, Scope, Viewer
from workflows.workspace import Workspace


def test_no_more_is_held_than_the_bound_however_much_is_asked() -> None:
    kept = Kept(5)
    assert [kept.get(number, lambda number=number: number) for number in range(1000)] == list(range(1000))
    assert kept.held() == 5


def test_what_was_last_asked_for_stays() -> None:
    kept, made = Kept(2), []
    for key in "abacabd":
        kept.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b", "d"]


def test_several_who_ask_together_have_it_made_once_and_leave_nothing_behind() -> None:
    kept, made, gate = Kept(5), [], threading.Barrier(6)

    def ask() -> None:
        gate.wait()
        kept.get("same", lambda: made.append(threading.get_ident()))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert kept.held() == 1


def test_what_was_refused_is_asked_again_and_leaves_nothing_behind() -> None:
    kept = Kept(5)

    def refuse() -> int:
        raise Refusal("no_data")

    with pytest.raises(Refusal):
        kept.get("key", refuse)
    assert kept.held() == 0
    assert kept.get("key", lambda: 7) == 7


def test_answers_of_many_sliders_stay_within_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "OUTLOOKS_KEPT", 3)
    st.cache_resource.clear()
    viewer = Viewer.local()
    with Workspace.open(with_sample(tmp_path / "w.duckdb")) as workspace:
        asked = [Scenario(hires_per_year=float(80 + step)) for step in range(8)]
        found = [session.outlook(viewer, workspace, scenario, Scope(), 2031) for scenario in asked]
        assert [one.scenario for one in found] == asked
        assert session._answers()[0].held() == 3
        assert session.outlook(viewer, workspace, asked[-1], Scope(), 2031) is found[-1]
    st.cache_resource.clear()
