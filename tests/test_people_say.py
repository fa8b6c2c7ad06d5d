"""Conversations, links, ideas and pulse through a real database: anonymity, withdrawal, links that cannot be guessed or turned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from analytics.voices import QUESTIONS
from store.talks import Talk
from tests.sampling import once, with_sample
from workflows import ideas, importing, own, people, pulse, selfscan, talks
from workflows.identity import guest
from workflows.workspace import Workspace

TODAY = date(2026, 5, 13)
LOCAL, GUEST = Viewer.local(), guest()
DIRECTOR = Viewer.director(k=5)


def staff(count: int = 60) -> pd.DataFrame:
    rows = [
        {
            "as_of": pd.Timestamp("2026-01-01"), "employee_id": f"P{n:03}", "location": "", "unit": "Werk" if n % 2 else "Kantoor",
            "role": "Monteur" if n % 2 else "Planner", "birth_date": pd.Timestamp("1975-01-01"), "hire_date": pd.Timestamp("2015-01-01"),
            "fte": 0.6, "contract_type": "permanent",
        }
        for n in range(count)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(once(__name__, tmp_path / "w.duckdb", hired)) as opened:
        yield opened


def hired(workspace: Workspace) -> None:
    workspace.store.save_import({"employees": staff()}, [], "a", "staff.xlsx", "test")


def tables(workspace: Workspace) -> dict[str, str]:
    with workspace.store.database.read() as cursor:
        names = [name for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: cursor.execute(f'SELECT * FROM "{name}"').df().to_csv() for name in names}


def log(workspace: Workspace) -> str:
    return str(workspace.store.audit.entries())


# anonymous ideas


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(7)))
def test_an_anonymous_idea_has_no_author_no_day_no_order_and_no_line_in_the_log(tmp_path_factory: pytest.TempPathFactory, order) -> None:
    with Workspace.open(tmp_path_factory.mktemp("ideas") / "w.duckdb") as workspace:
        before = log(workspace)
        for number in order:
            ideas.add(LOCAL, workspace, f"idee {number}", "tekst", "smarter", today=TODAY + timedelta(days=number % 5 - 2))
        assert log(workspace) == before
        with workspace.store.database.read() as cursor:
            stored = cursor.execute("SELECT idea, week, author FROM idea").fetchall()
        assert [row[0] for row in stored] == sorted(row[0] for row in stored)  # place in the file is that of a random id
        assert {row[1] for row in stored} == {date(2026, 5, 11)}  # the Monday
        assert {row[2] for row in stored} == {""}
        assert LOCAL.who not in tables(workspace)["idea"]


def test_the_order_of_the_board_does_not_follow_the_order_of_coming_in(workspace: Workspace) -> None:
    for number in range(12):
        ideas.add(LOCAL, workspace, f"idee {number:02}", "", "smarter", today=TODAY)
    shown = ideas.board(LOCAL, workspace)["title"].tolist()
    came = sorted(shown)
    assert shown not in (came, came[::-1])  # one chance in 240 million


def test_a_named_idea_is_in_the_log_and_keeps_its_name(workspace: Workspace) -> None:
    ideas.add(LOCAL, workspace, "titel", "", "learning", author="Piet", today=TODAY)
    assert "idea_added" in log(workspace)
    assert ideas.board(LOCAL, workspace)["author"].tolist() == ["Piet"]


def test_support_is_one_each_and_names_nobody(workspace: Workspace) -> None:
    ideas.add(LOCAL, workspace, "titel", "", "learning", today=TODAY)
    idea = ideas.board(LOCAL, workspace)["idea"].iloc[0]
    assert ideas.support(LOCAL, workspace, idea)
    assert ideas.support(Viewer("anna@firm", Role.HR), workspace, idea)
    assert ideas.board(LOCAL, workspace)["supports"].tolist() == [2]
    assert not ideas.support(LOCAL, workspace, idea)
    assert ideas.board(LOCAL, workspace)["supports"].tolist() == [1]
    assert "anna" not in tables(workspace)["idea_support"]


def test_an_idea_link_only_lets_ideas_in(workspace: Workspace) -> None:
    token = ideas.new_link(LOCAL, workspace, TODAY)
    selfscan.add_challenge(LOCAL, workspace, "Te lange doorlooptijd", "role", "Monteur")
    before = log(workspace)
    assert ideas.challenges_by_link(GUEST, workspace, token, TODAY) == ("Te lange doorlooptijd",)
    ideas.add_by_link(GUEST, workspace, token, "van de werkvloer", "", "control", "Te lange doorlooptijd", TODAY)
    ideas.add_by_link(GUEST, workspace, token, "iets anders", "", "control", "zelf bedacht", TODAY)
    assert log(workspace) == before
    assert ideas.board(LOCAL, workspace).set_index("title")["about"].to_dict() == {
        "van de werkvloer": "Te lange doorlooptijd", "iets anders": "",  # only what the link shows
    }  # fmt: skip
    for act in (
        lambda: own.mine(GUEST, workspace, token, TODAY),
        lambda: pulse.team_of(GUEST, workspace, token, TODAY),
        lambda: ideas.board(GUEST, workspace),
        lambda: ideas.challenges_by_link(GUEST, workspace, token + "x", TODAY),
        lambda: ideas.challenges_by_link(LOCAL, workspace, token, TODAY),
        lambda: ideas.add_by_link(GUEST, workspace, token + "x", "t", "", "control", today=TODAY),
        lambda: ideas.add_by_link(GUEST, workspace, token, "t", "", "control", today=TODAY + timedelta(days=ideas.LINK_DAYS + 1)),
    ):
        with pytest.raises(Refusal):
            act()


def test_removed_controls_give_hours_and_kept_ones_do_not(workspace: Workspace) -> None:
    one = ideas.add_control(LOCAL, workspace, "Dubbele lijst", "", "Werk", 1.0)
    ideas.add_control(LOCAL, workspace, "Andere lijst", "", "", 0.5)
    assert ideas.freed(LOCAL, workspace) == 0
    ideas.decide(LOCAL, workspace, one, "removed", today=TODAY)
    assert ideas.freed(LOCAL, workspace) == pytest.approx(0.5)  # half of the fte work there
    ideas.decide(LOCAL, workspace, one, "kept", today=TODAY)
    assert ideas.freed(LOCAL, workspace) == 0


# pulse


def scores(value: int = 4) -> dict[str, int]:
    return dict.fromkeys(QUESTIONS, value)


def test_a_ticket_counts_once_and_leaves_nothing(workspace: Workspace) -> None:
    pulse_round = pulse.open_round(LOCAL, workspace, "voorjaar", TODAY)
    given_out = pulse.tickets(LOCAL, workspace, pulse_round, {"Werk": 12}, TODAY)["Werk"]
    assert len(set(given_out)) == 12
    before = log(workspace)
    for token in given_out:
        assert pulse.team_of(GUEST, workspace, token, TODAY) == "Werk"
        pulse.answer(GUEST, workspace, token, scores(), TODAY)
        with pytest.raises(Refusal, match="link_invalid"):
            pulse.answer(GUEST, workspace, token, scores(), TODAY)
    assert log(workspace) == before
    assert pulse.results(LOCAL, workspace).pulse.empty  # while the round is open nobody sees it grow, HR neither
    pulse.close(LOCAL, workspace, pulse_round)
    found = pulse.results(LOCAL, workspace).pulse
    assert set(found["answers"]) == {12}
    text = str(tables(workspace))
    assert not any(token in text for token in given_out)


def test_nine_answers_are_told_to_nobody(workspace: Workspace) -> None:
    pulse_round = pulse.open_round(LOCAL, workspace, "voorjaar", TODAY)
    for token in pulse.tickets(LOCAL, workspace, pulse_round, {"Werk": 9}, TODAY)["Werk"]:
        pulse.answer(GUEST, workspace, token, scores(), TODAY)
    pulse.close(LOCAL, workspace, pulse_round)
    assert pulse.results(LOCAL, workspace).pulse.empty


def test_answers_keep_no_order(workspace: Workspace) -> None:
    pulse_round = pulse.open_round(LOCAL, workspace, "voorjaar", TODAY)
    tokens = pulse.tickets(LOCAL, workspace, pulse_round, {"Werk": 2, "Aan": 1}, TODAY)
    for token, value in zip([*tokens["Werk"], *tokens["Aan"]], (5, 1, 3), strict=True):
        pulse.answer(GUEST, workspace, token, scores(value), TODAY)
    with workspace.store.database.read() as cursor:
        rows = cursor.execute("SELECT team, question, score FROM pulse_count").fetchall()
    assert rows == sorted(rows)


def test_half_an_answer_is_refused_and_the_ticket_lives(workspace: Workspace) -> None:
    pulse_round = pulse.open_round(LOCAL, workspace, "voorjaar", TODAY)
    token = pulse.tickets(LOCAL, workspace, pulse_round, {"Werk": 1}, TODAY)["Werk"][0]
    for wrong in ({"safe": 3}, scores(6)):
        with pytest.raises(Refusal, match="answer_incomplete"):
            pulse.answer(GUEST, workspace, token, wrong, TODAY)
    pulse.answer(GUEST, workspace, token, scores(), TODAY)


def test_a_sheet_of_answers_becomes_counts(tmp_path: Path, workspace: Workspace) -> None:
    answers = pd.DataFrame(
        {"Team": ["Werk"] * 11 + ["", "Werk"], **dict.fromkeys(("Betrokken", "Energiek", "Flexibel", "Talenten gebruikt"), 4)}
    )
    answers["Veilig om iets te zeggen"] = 2
    answers.iloc[-1, 1:] = 9
    bands = pd.DataFrame({"Afdeling": ["Werk", "Werk"], "Werkvermogen": ["goed", "matig"], "Aantal": [12, 5]})
    with pd.ExcelWriter(tmp_path / "peiling.xlsx") as book:
        answers.to_excel(book, sheet_name="Antwoorden", index=False)
        bands.to_excel(book, sheet_name="Werkvermogen", index=False)
    found = pulse.check(LOCAL, tmp_path / "peiling.xlsx")
    assert (int(found.counts["answers"].sum()), int(found.bands["people"].sum())) == (55, 17)
    pulse.save(LOCAL, workspace, found, "oud", TODAY)
    told = pulse.results(DIRECTOR, workspace)
    assert told.pulse.set_index("question").loc["safe", "mean"] == 2.0
    assert told.ability.set_index("band")["share"].to_dict() == {"poor": 0.1, "moderate": 0.3, "good": 0.7, "excellent": 0.1}
    staff().drop(columns="unit").to_excel(tmp_path / "other.xlsx", index=False)
    with pytest.raises(Refusal, match="pulse_not_found"):
        pulse.check(LOCAL, tmp_path / "other.xlsx")


# conversations


def told(workspace: Workspace, person: str, **more) -> None:
    talks.record(LOCAL, workspace, person, Talk(**{"held": TODAY, "basis": "toestemming", "purpose": "ontwikkeling", **more}))


def test_a_wish_counts_only_while_it_stands(workspace: Workspace) -> None:
    told(workspace, "P001", wishes=("more_hours",), wished_fte=1.0)
    assert talks.said(LOCAL, workspace).capacity_fte == pytest.approx(0.4)
    told(workspace, "P001", wishes=("deepen",))
    assert "more_hours" not in talks.said(LOCAL, workspace).told
    told(workspace, "P001", wishes=("more_hours",), wished_fte=0.8, held=TODAY + timedelta(days=1))
    assert talks.said(LOCAL, workspace).capacity_fte == pytest.approx(0.2)
    assert talks.withdraw(LOCAL, workspace, "P001") == 3
    found = talks.said(LOCAL, workspace)
    assert (found.held, found.told) == (0, {})
    kept = tables(workspace)
    assert [len(kept[name].splitlines()) for name in ("conversation", "wish")] == [1, 1]  # the names of the columns alone
    assert workspace.store.skills().wishes.empty  # what the plan reads


def test_a_conversation_needs_a_purpose_a_legal_basis_and_known_wishes(workspace: Workspace) -> None:
    with pytest.raises(Refusal, match="basis_missing"):
        told(workspace, "P001", basis="")
    with pytest.raises(Refusal, match="purpose_missing"):
        told(workspace, "P001", purpose=" ")
    talks.set_grounds(LOCAL, workspace, "Over ontwikkeling", "Toestemming")
    talks.set_grounds(LOCAL, workspace, "", "Overeenkomst")  # what is left empty keeps what is set
    told(workspace, "P001", basis="", purpose="")
    kept = talks.rows(LOCAL, workspace).set_index("employee_id").loc["P001"]
    assert (kept["purpose"], kept["basis"]) == ("Over ontwikkeling", "Overeenkomst")
    (about,) = people.about(LOCAL, workspace, "P001")["conversation"]
    assert (about["purpose"], about["basis"]) == ("Over ontwikkeling", "Overeenkomst")
    with pytest.raises(Refusal, match="wish_unknown"):
        told(workspace, "P001", wishes=("money",))
    with pytest.raises(Refusal, match="person_unknown"):
        told(workspace, "nobody")


def test_a_director_sees_groups_of_ten_and_no_rows(workspace: Workspace) -> None:
    for n in range(1, 20, 2):
        told(workspace, f"P{n:03}", wishes=("teach",))
    for n in range(0, 18, 2):
        told(workspace, f"P{n:03}", wishes=("outside",))
    found = talks.said(DIRECTOR, workspace)
    assert found.told == {"teach": 10}
    assert found.wishes["people"].tolist() == [10]
    assert found.held % 10 == 0
    for act in (talks.rows, talks.links, talks.basis):
        with pytest.raises(Refusal, match="not_allowed"):
            act(DIRECTOR, workspace)
    with pytest.raises(Refusal, match="not_allowed"):
        talks.without(DIRECTOR, workspace, 2026)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 59), st.sampled_from(["teach", "outside", "deepen"])), max_size=70))
def test_no_released_count_is_about_fewer_than_ten(tmp_path_factory: pytest.TempPathFactory, wishes) -> None:
    sheet = pd.DataFrame([(f"P{n:03}", wish) for n, wish in wishes], columns=["employee_id", "wish"]).drop_duplicates("employee_id")
    columns = {"teach": "teach", "outside": "outside_firm", "deepen": "deepen"}
    flags = {column: sheet["wish"].eq(wish).map({True: "yes", False: ""}) for wish, column in columns.items()}
    frame = sheet[["employee_id"]].assign(**flags)
    with Workspace.open(once("empty", tmp_path_factory.mktemp("wishes") / "w.duckdb", lambda empty: None)) as workspace:
        workspace.store.save_import({"employees": staff(), "wishes": frame}, [], "a", "staff.xlsx", "test")
        found = talks.said(DIRECTOR, workspace)
        assert (found.wishes["people"] >= 10).all()
        assert all(count >= 10 for count in found.told.values())
        assert found.held % 10 == 0
        for wish, total in found.wishes.groupby("wish")["people"].sum().items():
            assert found.told[str(wish)] == total  # the groups together are the total: nothing small is left between them


def test_who_had_no_conversation_this_year(workspace: Workspace) -> None:
    told(workspace, "P001")
    told(workspace, "P002", held=date(2025, 12, 1))
    silent = talks.without(LOCAL, workspace, 2026)
    assert len(silent) == 59
    assert "P001" not in set(silent["employee_id"])


def test_the_sample_firm_speaks_of_its_own_year_and_a_real_firm_of_this_one(workspace: Workspace, tmp_path: Path) -> None:
    told(workspace, "P002", held=date(2025, 12, 1))
    assert talks.year_of(LOCAL, workspace) == date.today().year
    with Workspace.open(with_sample(tmp_path / "sample.duckdb")) as sample:
        year = talks.year_of(LOCAL, sample)
        assert 0 < len(talks.without(LOCAL, sample, year)) < len(talks.rows(LOCAL, sample))


def test_undoing_a_file_keeps_what_was_written_down_by_hand(workspace: Workspace) -> None:
    told(workspace, "P001", wishes=("teach",))
    workspace.store.undo_last("test")
    workspace.store.save_import({"employees": staff()}, [], "b", "staff.xlsx", "test")
    assert talks.said(LOCAL, workspace).told == {"teach": 1}


# personal links


def test_a_personal_link_shows_one_person_and_sends_once_asked(workspace: Workspace) -> None:
    token = talks.new_link(LOCAL, workspace, "P001", TODAY)
    mine = own.mine(GUEST, workspace, token, TODAY)
    assert (mine.role, mine.unit, mine.talk) == ("Monteur", "Werk", None)
    assert talks.said(LOCAL, workspace).held == 0  # looking stores nothing
    before = log(workspace)
    own.send(GUEST, workspace, token, Talk(TODAY, ("more_hours",), "Planner", 0.9), TODAY)
    assert log(workspace) == before
    assert talks.rows(LOCAL, workspace).set_index("employee_id").loc["P001", "wishes"] == "more_hours,other_role"
    again = own.mine(GUEST, workspace, token, TODAY).talk
    assert again is not None
    assert again.wished_role == "Planner"


def test_links_expire_can_be_revoked_and_belong_to_one_person(workspace: Workspace) -> None:
    first = talks.new_link(LOCAL, workspace, "P001", TODAY)
    other = talks.new_link(LOCAL, workspace, "P002", TODAY)
    assert own.mine(GUEST, workspace, other, TODAY).role == "Planner"
    with pytest.raises(Refusal, match="link_invalid"):
        own.mine(GUEST, workspace, first, TODAY + timedelta(days=talks.LINK_DAYS + 1))
    second = talks.new_link(LOCAL, workspace, "P001", TODAY)
    with pytest.raises(Refusal, match="link_invalid"):
        own.mine(GUEST, workspace, first, TODAY)  # a new link closes the old one
    assert talks.revoke(LOCAL, workspace, "P001") == 1
    for act in (lambda: own.mine(GUEST, workspace, second, TODAY), lambda: own.send(GUEST, workspace, second, Talk(TODAY), TODAY)):
        with pytest.raises(Refusal, match="link_invalid"):
            act()
    assert own.mine(GUEST, workspace, other, TODAY).unit == "Kantoor"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_changed_or_made_up_token_opens_anything(linked: tuple[Workspace, str], data: st.DataObject) -> None:
    workspace, token = linked
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcABC019_-"))
    turned = data.draw(st.one_of(st.just(token[:at] + letter + token[at + 1 :]), st.text(max_size=60), st.just(token[:at])))
    if turned != token:
        with pytest.raises(Refusal, match="link_invalid"):
            own.mine(GUEST, workspace, turned, TODAY)


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    with Workspace.open(once(__name__, tmp_path_factory.mktemp("linked") / "w.duckdb", hired)) as workspace:
        yield workspace, talks.new_link(LOCAL, workspace, "P001", TODAY)


def test_a_token_is_long_and_nowhere_in_the_files(workspace: Workspace) -> None:
    token = talks.new_link(LOCAL, workspace, "P001", TODAY)
    assert len(token) >= 43
    folder = Path(workspace.path).parent
    assert not any(token.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("viewer", [LOCAL, DIRECTOR, Viewer("c", Role.COUNCIL, (), 5), Viewer("a", Role.ADMIN)])
def test_who_is_logged_in_cannot_use_somebodys_link(viewer: Viewer, workspace: Workspace) -> None:
    token = talks.new_link(LOCAL, workspace, "P001", TODAY)
    with pytest.raises(Refusal, match="not_allowed"):
        own.mine(viewer, workspace, token, TODAY)


# erasing


def test_erasing_a_person_takes_conversations_links_and_wishes_along(workspace: Workspace) -> None:
    told(workspace, "P001", wishes=("teach",), can="KANARIE lassen", needs="KANARIE rust", step="KANARIE stap", step_date=TODAY)
    token = talks.new_link(LOCAL, workspace, "P001", TODAY)
    own.send(GUEST, workspace, token, Talk(TODAY, ("outside",), can="KANARIE zelf"), TODAY)
    about = people.about(LOCAL, workspace, "P001")
    assert len(about["conversation"]) == 2
    assert len(about["link"]) == 1
    people.erase(LOCAL, workspace, "P001")
    assert "KANARIE" not in str(tables(workspace))
    assert talks.said(LOCAL, workspace).told == {}
    with pytest.raises(Refusal, match="link_invalid"):
        own.mine(GUEST, workspace, token, TODAY)
    workspace.close()
    folder = Path(workspace.path).parent
    left = [file.name for file in folder.iterdir() if file.is_file() and b"KANARIE" in file.read_bytes()]
    assert not left


def test_the_sample_voices_go_with_the_sample_firm(tmp_path: Path) -> None:

    with Workspace.open(with_sample(tmp_path / "s.duckdb")) as workspace:
        found = talks.said(LOCAL, workspace)
        assert (found.held, found.told["other_role"], found.told["teach"]) == (430, 88, 55)
        assert found.capacity_fte == pytest.approx(17, abs=0.5)
        assert len(ideas.board(LOCAL, workspace)) == 6
        assert len(pulse.results(LOCAL, workspace).pulse["round"].unique()) == 3
        importing.clear_sample(LOCAL, workspace)
        assert ideas.board(LOCAL, workspace).empty
        assert pulse.results(LOCAL, workspace).pulse.empty
