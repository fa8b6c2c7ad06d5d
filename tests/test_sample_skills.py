"""Skills, requirements, trainings and wishes of the fictional firm: the counts the story names are the counts in the file."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import intake
from sample_data import courses, generator, skills, wishes
from sample_data.firm import by_role
from sample_data.generator import HOME, abilities, firm

AS_OF = date(2026, 1, 1)


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Own people of the last snapshot by number: role, unit, age, fte."""
    rows = firm().latest()
    rows = rows[rows["Soort medewerker"] == "Personeelslid"].set_index("Personeelsnummer")
    age = [AS_OF.year - born.year - ((born.month, born.day) > (1, 1)) for born in rows["Geboortedatum"]]
    return rows.assign(age=age)


@pytest.fixture(scope="module")
def matrix(people: pd.DataFrame) -> pd.DataFrame:
    return abilities()["Vaardigheden medewerkers"].join(people[["Functie", "Afdeling", "age"]], on="Personeelsnummer")


def _holders(matrix: pd.DataFrame, skill: str, level: int) -> pd.DataFrame:
    return matrix[(matrix["Vaardigheid"] == skill) & (matrix["Niveau"] >= level)]


def test_lists_have_the_size_of_the_story() -> None:
    sheets = abilities()
    assert len(sheets["Vaardighedenlijst"]) == 44
    assert sheets["Opleidingen"]["Personeelsnummer"].isna().sum() == 16
    asked = sheets["Functie-eisen"].groupby("Functie").size()
    assert set(asked.index) == set(by_role())
    assert asked.between(6, 12).all()
    assert sheets["Functie-eisen"]["Vereist niveau"].between(2, 5).all()
    assert set(sheets["Functie-eisen"]["Vaardigheid"]) == set(sheets["Vaardighedenlijst"]["Vaardigheid"])


def test_trainings_lead_to_known_skills() -> None:
    known = set(abilities()["Vaardighedenlijst"]["Vaardigheid"])
    names = {course["name"] for course in skills.story()["training"]}
    for course in skills.story()["training"]:
        assert set(course["raises"]) <= known
        assert not course["needs"] or course["needs"] in names


def test_share_that_was_assessed(people: pd.DataFrame, matrix: pd.DataFrame) -> None:
    assessed = people.index.isin(matrix["Personeelsnummer"])
    workshop = (people["Afdeling"] == skills.WORKSHOP).to_numpy()
    assert assessed.mean() == pytest.approx(0.68, abs=0.005)
    assert assessed[workshop].mean() == pytest.approx(0.31, abs=0.01)


def test_two_skills_end_with_seven_people(matrix: pd.DataFrame) -> None:
    steam, relays = _holders(matrix, skills.STEAM, 4), _holders(matrix, skills.RELAYS, 3)
    assert (len(steam), len(relays)) == (4, 3)
    assert (steam["age"] >= 60).all()
    assert (relays["age"] >= 63).sum() == 2


def test_control_and_heat_pumps(matrix: pd.DataFrame) -> None:
    asked = abilities()["Functie-eisen"].groupby("Vaardigheid")["Aantal nodig"].sum()
    assert asked[skills.CONTROL] == pytest.approx(19)
    assert len(_holders(matrix, skills.CONTROL, 4)) == 11
    assert asked[skills.HEAT_PUMP] == pytest.approx(70, abs=0.5)
    able = set(_holders(matrix, skills.HEAT_PUMP, 3)["Personeelsnummer"])
    assert len(able) == 38
    near = matrix[(matrix["Vaardigheid"] == skills.HEAT_PUMP) & (matrix["Niveau"] == 2)]["Personeelsnummer"]
    placing = set(_holders(matrix, skills.PLACING, 3)["Personeelsnummer"])
    assert len(near) == len(set(near) & placing) == 52


def test_mentors(matrix: pd.DataFrame) -> None:
    mentors = _holders(matrix, skills.MENTOR, 3)
    assert (len(mentors), (mentors["age"] >= 55).sum()) == (46, 24)


def test_safety_certificates_of_140_people_end_in_2027(matrix: pd.DataFrame) -> None:
    ends = matrix[(matrix["Vaardigheid"] == skills.SAFETY) & matrix["Geldig tot"].notna()]["Geldig tot"]
    assert sum(day.year == 2027 for day in ends) == 140


def test_drawing_falls_and_modelling_rises() -> None:
    change = abilities()["Functie-eisen"].groupby("Vaardigheid")["Verandering aandeel % per jaar"]
    assert change.get_group("2D-tekenen").max() < 0 < change.get_group("BIM-modelleren").min()


def test_wishes_of_430_conversations(people: pd.DataFrame) -> None:
    rows = abilities()["Wensen"].join(people[["Functie", "age", "FTE"]], on="Personeelsnummer")
    assert rows["Personeelsnummer"].is_unique
    assert len(rows) == 430
    counts = {column: int(rows[column].notna().sum()) for column in wishes.COLUMNS[2:] if column != "Gewenste fte"}
    assert counts == {
        "Gewenste functie": 88,
        "Meer uren": 63,
        "Minder uren": 47,
        "Verdiepen in eigen werk": 150,
        "Andere richting": 41,
        "Kennis overdragen": 55,
        "Buiten het bedrijf": 22,
        "Eerder of later stoppen": 64,
    }
    more = rows[rows["Meer uren"].notna()]
    assert (more["Gewenste fte"] - more["FTE"]).sum() == pytest.approx(17, abs=0.1)
    assert (more["Gewenste fte"] <= 1.0001).all()
    assert rows["Gewenste functie"].isin([wishes.PREPARATION, wishes.INSPECTION]).sum() == 26
    wanted = rows["Gewenste functie"].isin([wishes.PREPARATION, *wishes.CUSTOMERS])
    assert (wanted & (rows["Functie"] == "Administratief medewerker")).sum() == 9
    assert (wanted & (rows["Functie"] == "Tekenaar/modelleur")).sum() == 7
    teach = rows[rows["Kennis overdragen"].notna()]
    assert ((teach["age"] >= 55) & teach["Functie"].isin(wishes.MECHANICS)).sum() == 31


def test_the_import_reads_the_file() -> None:
    path = HOME / generator.SKILLS
    frames = intake.read_file(path, path.name, intake.Options(today=date(2026, 11, 1))).frames
    sheets = abilities()
    assert len(frames["skills"]) == len(sheets["Vaardigheden medewerkers"])
    assert frames["skills"]["expiry_date"].notna().sum() == sheets["Vaardigheden medewerkers"]["Geldig tot"].notna().sum()
    assert len(frames["requirements"]) == len(sheets["Functie-eisen"])
    assert len(frames["wishes"]) == 430
    offered = frames["trainings"][frames["trainings"]["employee_id"] == ""]
    assert len(offered) == 16
    assert len(frames["trainings"]) == len(sheets["Opleidingen"])
    assert frames["trainings"]["completed_date"].notna().sum() == len(frames["trainings"]) - 16 == sum(courses.TAKEN.values())
    assert frames["skills"]["source"].isin(["manager", "self", "certificate"]).all()
    assert frames["requirements"]["weight"].between(1, 3).all()
    assert frames["requirements"]["change"].min() == pytest.approx(sheets["Functie-eisen"]["Verandering aandeel % per jaar"].min() / 100)
    assert offered[["hours", "days", "places"]].notna().all(axis=None)
    assert len(frames["training_skills"]) == sum(len(course["raises"]) for course in skills.story()["training"])
    assert frames["wishes"]["stop_timing"].ne("").sum() == 64
    assert len(frames["skill_list"]) == 44
