"""Who gets in, as what, and what each role may call: deny by default, nothing trusted but what the provider verified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from intake import Options
from workflows import access, demand, ideas, importing, keeping, outlook, people, pulse, quality, reports, rules, selfscan, talks
from workflows.access import GRANTED, Right
from workflows.identity import Grant, checked, recognise, table_from_text, table_to_text, viewer_from_claims
from workflows.types import Scenario, Scope
from workflows.workspace import Workspace

FIRM_OF_FORTY = Path(__file__).resolve().parent.parent / "sample_data" / "klein_bedrijf.xlsx"
TABLE = (
    Grant("sub-hr", Role.HR),
    Grant("dir@firm.nl", Role.DIRECTOR, ("Techniek",)),
    Grant("all@firm.nl", Role.DIRECTOR, ("*",)),
    Grant("none@firm.nl", Role.DIRECTOR, ()),
    Grant("group:or", Role.COUNCIL),
    Grant("group:hr", Role.HR),
    Grant("group:board", Role.DIRECTOR, ("Staf",)),
    Grant("group:site", Role.DIRECTOR, ("Werkplaats",)),
    Grant("sub-admin", Role.ADMIN),
    Grant("sub-privacy", Role.PRIVACY),
)


def claims(sub: str = "s", **more: object) -> dict[str, object]:
    return {"is_logged_in": True, "sub": sub, **more}


def test_a_stranger_gets_nothing() -> None:
    for stranger in (
        {},
        claims(),
        claims(sub=""),
        claims(sub="  "),
        {**claims("sub-hr"), "sub": None},
        {"email": "dir@firm.nl", "email_verified": True},
    ):
        assert viewer_from_claims(stranger, TABLE) is None
    assert viewer_from_claims({**claims("sub-hr"), "is_logged_in": False}, TABLE) is None
    assert viewer_from_claims(claims("sub-hr"), ()) is None


def test_only_a_verified_address_counts() -> None:
    assert viewer_from_claims(claims(email="DIR@firm.nl ", email_verified=True), TABLE) == Viewer("s", Role.DIRECTOR, ("Techniek",), 5)
    for unsure in (False, None, "true", 1):
        assert viewer_from_claims(claims(email="dir@firm.nl", email_verified=unsure), TABLE) is None
    assert viewer_from_claims(claims(email="dir@firm.nl"), TABLE) is None


@pytest.mark.parametrize("claim", ["name", "preferred_username", "nickname", "upn", "unique_name", "aud", "azp"])
def test_claims_that_people_can_choose_open_nothing(claim: str) -> None:
    for value in ("sub-hr", "dir@firm.nl", "sub-admin", "group:hr", ["hr"]):
        assert viewer_from_claims(claims(**{claim: value}), TABLE) is None


def test_a_subject_cannot_pose_as_a_group_nor_an_address_as_a_subject() -> None:
    assert viewer_from_claims(claims("group:hr"), TABLE) is None
    assert viewer_from_claims(claims(email="sub-hr", email_verified=True), TABLE) is None


def test_groups_must_be_a_list_and_match_whole() -> None:
    assert viewer_from_claims(claims(groups=["or"]), TABLE) == Viewer("s", Role.COUNCIL, (), 5)
    for other in ("hr", "no-hr-access", ["hrm"], ["HR"], [["hr"]], {"hr": 1}, None):
        assert viewer_from_claims(claims(groups=other), TABLE) is None


def test_units_of_several_groups_add_up_and_the_own_line_decides() -> None:
    both = viewer_from_claims(claims(groups=["board", "site"]), TABLE)
    assert both is not None
    assert both.units == ("Staf", "Werkplaats")
    own = viewer_from_claims(claims("sub-admin", groups=["hr"]), TABLE)
    assert own is not None
    assert own.role is Role.ADMIN


def test_a_director_without_departments_sees_none_of_them() -> None:
    assert viewer_from_claims(claims(email="none@firm.nl", email_verified=True), TABLE) is None
    everything = viewer_from_claims(claims(email="all@firm.nl", email_verified=True), TABLE)
    assert everything == Viewer("s", Role.DIRECTOR, (), 5)


def test_the_threshold_is_kept_within_its_bounds_and_local_is_never_granted() -> None:
    for asked, got in ((0, 5), (1, 5), (7, 7), (99, 25)):
        viewer = viewer_from_claims(claims(groups=["or"]), TABLE, k=asked)
        assert viewer is not None
        assert viewer.k == got
    assert viewer_from_claims(claims("me"), [Grant("me", Role.LOCAL)]) is None


def test_the_table_survives_the_database_and_rubbish_grants_nothing() -> None:
    assert table_from_text(table_to_text(TABLE)) == TABLE
    for rubbish in ("", "{}", "[1]", '[["a", "king", []]]', "not json"):
        assert table_from_text(rubbish) == ()


@pytest.mark.parametrize(
    ("code", "table"),
    [
        ("role_no_admin", (Grant("a", Role.HR),)),
        ("role_twice", (Grant("A@x.nl", Role.HR), Grant("a@x.nl", Role.ADMIN))),
        ("role_without_units", (Grant("a", Role.DIRECTOR), Grant("b", Role.ADMIN))),
        ("role_unknown", (Grant("a", Role.LOCAL), Grant("b", Role.ADMIN))),
        ("role_unknown", (Grant("group:", Role.HR), Grant("b", Role.ADMIN))),
    ],
)
def test_a_table_that_locks_out_or_confuses_is_refused(code: str, table: tuple[Grant, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        checked(table)
    assert refused.value.code == code


# -- roles x rights -----------------------------------------------------------------------------------------------------------

EXPECTED: dict[Role, set[Right]] = {
    Role.LOCAL: set(Right),
    Role.HR: {Right.GROUPS, Right.MONEY, Right.SCENARIOS, Right.IMPORT, Right.DEMAND, Right.PERSONS, Right.RIGHTS_OF_PERSONS},
    Role.DIRECTOR: {Right.GROUPS, Right.MONEY, Right.SCENARIOS},
    Role.COUNCIL: {Right.GROUPS, Right.LOG_SUMMARY},
    Role.ADMIN: {Right.SETTINGS, Right.ROLES, Right.BACKUP, Right.LOG_SUMMARY},
    Role.PRIVACY: {Right.RIGHTS_OF_PERSONS, Right.LOG, Right.LOG_SUMMARY, Right.SETTINGS},
    Role.GUEST: set(),
}


@pytest.mark.parametrize("role", Role)
def test_rights_are_those_of_the_privacy_document(role: Role) -> None:
    assert set(GRANTED[role]) == EXPECTED[role]
    for right in Right:
        assert access.may(Viewer("x", role), right) == (right in EXPECTED[role])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory):
    with Workspace.open(tmp_path_factory.mktemp("rights") / "firm.duckdb") as workspace:
        local = Viewer.local()
        importing.save(local, workspace, importing.check(local, workspace, FIRM_OF_FORTY, FIRM_OF_FORTY.name))
        yield workspace


def _one_id(workspace: Workspace) -> str:
    return str(people.rows(Viewer.local(), workspace)["employee_id"].iloc[0])


CALLS: dict[str, tuple[Right, Callable[[Viewer, Workspace], object]]] = {
    "outlook": (Right.GROUPS, lambda v, w: outlook.outlook(v, w, Scenario())),
    "choices": (Right.GROUPS, outlook.choices),
    "basis": (Right.GROUPS, outlook.basis),
    "project_rows": (Right.GROUPS, lambda v, w: reports.project_rows(v, w, Scenario(), years=1)),
    "retirements": (Right.GROUPS, reports.retirements),
    "snapshots": (Right.GROUPS, importing.snapshots),
    "formation": (Right.DEMAND, demand.formation),
    "quality": (Right.GROUPS, quality.quality),
    "check": (Right.IMPORT, lambda v, w: importing.check(v, w, FIRM_OF_FORTY, FIRM_OF_FORTY.name, Options())),
    "clear_sample": (Right.IMPORT, importing.clear_sample),
    "set_formation": (Right.DEMAND, lambda v, w: demand.set_formation(v, w, demand.formation(Viewer.local(), w))),
    "set_least": (Right.SETTINGS, lambda v, w: rules.set_least(v, w, 6)),
    "set_retention": (Right.SETTINGS, lambda v, w: keeping.set_retention(v, w, 24, 24)),
    "rows_of_people": (Right.PERSONS, people.rows),
    "about": (Right.RIGHTS_OF_PERSONS, lambda v, w: people.about(v, w, _one_id(w))),
    "backup": (Right.BACKUP, keeping.backup),
    "split": (Right.GROUPS, lambda v, w: outlook.split(v, w, Scenario(), "role")),
    "set_grants": (Right.ROLES, lambda v, w: rules.set_grants(v, w, TABLE[:3] + TABLE[-2:])),
    "log": (Right.LOG, keeping.log),
    "log_summary": (Right.LOG_SUMMARY, keeping.log_summary),
    "log_is_whole": (Right.LOG_SUMMARY, rules.log_is_whole),
    "ideas": (Right.GROUPS, ideas.board),
    "freed": (Right.GROUPS, ideas.freed),
    "idea_link": (Right.SCENARIOS, ideas.new_link),
    "pulse": (Right.GROUPS, pulse.results),
    "pulse_rounds": (Right.IMPORT, pulse.rounds),
    "said": (Right.GROUPS, talks.said),
    "conversations": (Right.PERSONS, talks.rows),
    "silent": (Right.PERSONS, lambda v, w: talks.without(v, w, 2026)),
    "links": (Right.PERSONS, talks.links),
    "new_link": (Right.PERSONS, lambda v, w: talks.new_link(v, w, _one_id(w))),
    "scan": (Right.GROUPS, lambda v, w: selfscan.scanned(v, w, None)),
    "challenge": (Right.SCENARIOS, lambda v, w: selfscan.add_challenge(v, w, "a", "action", "b")),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("role", Role)
def test_every_workflow_call_checks_the_role_itself(role: Role, name: str, filled: Workspace) -> None:
    """Hiding a page is no protection: the call is refused, whoever makes it from wherever."""
    right, call = CALLS[name]
    viewer = Viewer("x", role, (), 5 if role in (Role.DIRECTOR, Role.COUNCIL) else 1)
    if right in EXPECTED[role]:
        call(viewer, filled)
        return
    with pytest.raises(Refusal) as refused:
        call(viewer, filled)
    assert refused.value.code == "not_allowed"


def test_rules_are_kept_and_changes_are_in_the_log_without_their_content(filled: Workspace) -> None:
    admin = Viewer("sub-admin", Role.ADMIN)
    assert rules.set_least(admin, filled, 7).least == 7
    rules.set_grants(admin, filled, (Grant("secret-name@firm.nl", Role.HR), Grant("sub-admin", Role.ADMIN)))
    entries = keeping.log(Viewer("sub-privacy", Role.PRIVACY), filled)
    assert isinstance(entries, pd.DataFrame)
    assert {"role_table", "least_people"} <= {
        name for name in ("role_table", "least_people") if entries["details"].astype(str).str.contains(name).any()
    }
    assert not entries.astype(str).apply(lambda column: column.str.contains("secret-name").any()).any()
    for least in (4, 26):
        with pytest.raises(Refusal):
            rules.set_least(admin, filled, least)
    assert rules.set_least(admin, filled, 5).least_answers == 10


def test_the_works_council_sees_groups_without_money(filled: Workspace) -> None:
    council, director = (outlook.outlook(Viewer("x", role, (), 5), filled, Scenario()) for role in (Role.COUNCIL, Role.DIRECTOR))
    assert "cost_of_nothing" in director.facts
    assert not {"cost_of_nothing", "open_post_month"} & council.facts.keys()
    assert council.groups.equals(director.groups)


# -- the first start with a login ---------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(tmp_path: Path):
    with Workspace.open(tmp_path / "fresh.duckdb") as workspace:
        yield workspace


def test_at_the_first_start_nobody_gets_in_but_the_first_administrator(fresh: Workspace) -> None:
    """The server's own settings name somebody who may fill the empty table; everybody else waits."""
    boss, other = claims("boss-1", email="Boss@Firm.nl", email_verified=True), claims("other")
    assert recognise(boss, fresh) is None
    assert recognise(boss, fresh, "  ") is None
    for named in ("boss-1", "boss@firm.NL"):
        found = recognise(boss, fresh, named)
        assert found is not None
        assert found.role is Role.ADMIN
        assert recognise(other, fresh, named) is None
    assert recognise({**boss, "email_verified": False}, fresh, "boss@firm.nl") is None
    assert recognise({"is_logged_in": False, "sub": "boss-1"}, fresh, "boss-1") is None


def test_once_there_is_a_table_the_first_administrator_has_no_meaning(fresh: Workspace) -> None:
    admin = recognise(claims("boss-1"), fresh, "boss-1")
    assert admin is not None
    rules.set_grants(admin, fresh, (Grant("somebody-else", Role.ADMIN),))
    assert recognise(claims("boss-1"), fresh, "boss-1") is None
    assert recognise(claims("somebody-else"), fresh, "boss-1") is not None


def test_a_damaged_table_opens_nothing_to_anybody_not_even_the_first_administrator(fresh: Workspace) -> None:
    fresh.store.set_setting("role_table", "[[broken", "test")
    assert recognise(claims("boss-1"), fresh, "boss-1") is None


# -- the log ------------------------------------------------------------------------------------------------------------------


def test_a_refusal_a_look_in_detail_and_a_change_of_roles_are_in_the_log_without_values(fresh: Workspace) -> None:
    local = Viewer.local()
    importing.save(local, fresh, importing.check(local, fresh, FIRM_OF_FORTY, FIRM_OF_FORTY.name))
    hr = Viewer("hr-9", Role.HR)
    people.scope_seen(hr, fresh, Scope(units=("Werkplaats",)))
    people.scope_seen(Viewer.director(), fresh, Scope())  # protected groups tell of no person: nothing to note
    people.rows(hr, fresh, units=("Werkplaats",))
    rules.refused(None, fresh)
    rules.refused_act(Viewer.director("chef"), fresh, "import")
    rules.set_grants(local, fresh, (Grant("name@firm.nl", Role.ADMIN),))
    log = keeping.log(local, fresh).set_index("action")
    assert log.loc["scope_seen", "details"] == {"units": ["Werkplaats"]}
    assert log.loc["refused", "who"] == "chef"
    assert log.loc["refused", "details"] == {"role": "director", "right": "import"}
    assert log.loc["refused_login", "who"] == "unknown"
    assert log.loc["people_seen", "details"]["units"] == ["Werkplaats"]
    assert "name@firm.nl" not in log.to_csv()
    assert list(log.index).count("scope_seen") == 1


def test_the_start_checks_log_and_database_and_tells_who_can_act(tmp_path: Path) -> None:
    """A changed line of the log and an import the database has lost are found at the start, noted, and said to the right roles."""
    path, officer = tmp_path / "firm.duckdb", Viewer("fg", Role.PRIVACY)
    with Workspace.open(path) as workspace:
        assert keeping.at_start(officer, workspace) == keeping.Start(0, 0, None)
        workspace.store.audit.append("x", "import", import_no=3, rows=1)
        workspace.store.audit.append("x", "import", import_no=4, rows=1)
    log = path.with_name(path.name + ".log")
    lines = log.read_text().splitlines()
    log.write_text("\n".join([lines[0].replace('"rows": 1', '"rows": 2'), *lines[1:]]) + "\n")
    with Workspace.open(path) as workspace:
        assert keeping.at_start(officer, workspace) == keeping.Start(0, 4, 1)
        assert rules.broken_line(officer, workspace) == 1
        assert rules.lost_imports(Viewer("h", Role.HR), workspace) == 4
        assert rules.lost_imports(Viewer.director(), workspace) == 0
        with pytest.raises(Refusal):
            rules.broken_line(Viewer("h", Role.HR), workspace)
        assert {"log_broken_at_start", "imports_lost_at_start"} <= set(keeping.log(officer, workspace)["action"])


def test_terms_hold_by_default_and_are_applied_at_the_start_but_not_to_the_sample(fresh: Workspace) -> None:
    local, officer = Viewer.local(), Viewer("fg", Role.PRIVACY)
    assert keeping.months_kept(officer, fresh) == (24, 84)
    importing.save(local, fresh, importing.check(local, fresh, FIRM_OF_FORTY, FIRM_OF_FORTY.name))
    newest = fresh.store.snapshots()[-1].as_of
    assert keeping.at_start(officer, fresh, newest).forgotten == 0
    late = date(newest.year + 9, 1, 1)
    keeping.at_start(officer, fresh, late)
    assert [snapshot.as_of for snapshot in fresh.store.snapshots()] == [newest], "the newest stand always stays"
    keeping.set_retention(officer, fresh, None, 12)
    assert keeping.months_kept(officer, fresh) == (None, 12)
