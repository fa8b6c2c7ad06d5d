"""Next steps and learning from each other through a real database: nothing in a step names anybody, names are for HR alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from store.talks import Talk
from tests.sampling import with_sample
from workflows import followup, learning, selfscan, talks
from workflows.workspace import Workspace

LOCAL, DIRECTOR = Viewer.local(), Viewer.director()
DAY = date(2026, 5, 13)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("firm") / "w.duckdb")) as workspace:
        yield workspace


def test_a_step_is_kept_changed_and_counted_by_the_scan(firm: Workspace) -> None:
    followup.add(DIRECTOR, firm, "scan", "Bespreek de peiling", "Directeur", DAY, today=DAY)
    followup.add(LOCAL, firm, "transfer", "Kennisoverdracht: oude relaisregeling", "", DAY, today=DAY)
    rows = followup.steps(DIRECTOR, firm)
    assert sorted(rows["kind"]) == ["scan", "transfer"]
    followup.set_status(LOCAL, firm, rows["id"].iloc[0], "done")
    assert sorted(followup.steps(LOCAL, firm)["status"]) == ["done", "planned"]
    assert selfscan.scanned(LOCAL, firm, None).evidence["followup"] == []  # without figures no evidence
    for act, code in (
        (lambda: followup.add(LOCAL, firm, "scan", " ", "", DAY), "action_incomplete"),
        (lambda: followup.add(LOCAL, firm, "other", "x", "", DAY), "action_incomplete"),
        (lambda: followup.set_status(LOCAL, firm, "none", "done"), "action_unknown"),
        (lambda: followup.add(Viewer("c", Role.COUNCIL, (), 5), firm, "scan", "x", "", DAY), "not_allowed"),
    ):
        with pytest.raises(Refusal, match=code):
            act()


def test_a_director_sees_how_many_pairs_and_never_who(firm: Workspace) -> None:
    hr, director = learning.learning(LOCAL, firm), learning.learning(DIRECTOR, firm)
    assert hr.pairs is not None
    assert hr.plan is not None
    assert len(hr.pairs) == hr.count > 0
    assert hr.still < hr.at_risk
    assert (director.pairs, director.plan) == (None, None)
    assert (hr.plan["start"] >= hr.as_of).all()
    assert (hr.plan["start"] < hr.plan["ready"]).all()
    assert "learning_pairs_seen" in str(firm.store.audit.entries())


def test_a_withdrawn_wish_takes_its_place_in_the_round_along(firm: Workspace) -> None:
    before = learning.round_of(LOCAL, firm, 0.8)
    assert before.moves is not None
    person = str(before.moves["person"].iloc[0])
    talks.withdraw(LOCAL, firm, person)
    after = learning.round_of(LOCAL, firm, 0.8)
    assert after.moves is not None
    assert after.asked == before.asked - 1
    assert person not in set(after.moves["person"])
    target = str(before.moves["to"].iloc[0])
    talks.record(LOCAL, firm, person, Talk(DAY, wished_role=target, basis="toestemming", purpose="ontwikkeling"))
    assert learning.round_of(LOCAL, firm, 0.8).asked == before.asked
    assert learning.round_of(DIRECTOR, firm, 0.8).moves is None


def test_learning_per_department_is_told_about_enough_people(firm: Workspace) -> None:
    whole, told = learning.budget(LOCAL, firm), learning.budget(DIRECTOR, firm)
    assert whole["expiring"].sum() == told["expiring"].sum() > 100
    assert len(told) < len(whole) + 1
    members = [name for names in told["names"] for name in names]
    assert len(members) == len(set(members))
