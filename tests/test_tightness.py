"""Labour-market tightness: read from a file, dated, taken back, and used for ways out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.market import fill_of, fills
from analytics.projection import project
from analytics.release import Role
from analytics.scenario import Override
from analytics.workforce import Flow
from intake.csv_text import CsvRefused
from intake.tightness import read_tightness
from tests.sampling import with_sample
from workflows import routes, tightness
from workflows.owned import owned
from workflows.prepared import prepared
from workflows.types import Refusal, Scenario, Viewer
from workflows.workspace import Workspace

ME, DIRECTOR = Viewer.local(), Viewer.director()
TODAY = date(2026, 2, 1)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("tight") / "w.duckdb")) as workspace:
        yield workspace


@pytest.mark.parametrize(
    "text",
    [
        "Beroepscode;Beroep;Krapte\n7411;Elektricien;6,25\n0110;Officier;0,5\n\nx;?;1\n4110;Leeg;\n",
        "ISCO08,Occupation,Tightness ratio\n7411,Electrician,6.25\n0110,Officer,0.5\nx,?,1\n4110,None,\n",
        "\ufeffspanningsindicator\tisco-08 code\n6,25\t7411\n0,5\t0110\n1\tx\n\t4110\n",
    ],
)
def test_a_file_gives_codes_as_text_and_ratios(text: str) -> None:
    found = read_tightness(text.encode())
    assert found.rows == (("0110", 0.5), ("7411", 6.25))
    assert len(found.refused) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b"isco;krapte\n", "empty"), (b"naam;getal\na;1\n", "no_columns"), (b"isco;krapte\n" + b"1;1\n" * 3000, "too_large")],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, why: str, firm: Workspace) -> None:
    with pytest.raises(CsvRefused) as refused:
        read_tightness(data)
    assert refused.value.args[0] == why
    with pytest.raises(Refusal) as told:
        tightness.take(ME, firm, data, "UWV", TODAY)
    assert (told.value.code, told.value.params["why"]) == ("tightness_file", why)


def test_an_upload_changes_ways_out_from_its_day_on_and_is_taken_back(firm: Workspace) -> None:
    def ratios() -> dict[str, float]:
        found = routes.from_role(ME, firm, "Boekhoudkundig medewerker").outside
        return dict(zip(found["isco"], found["ratio"], strict=True))

    before = ratios()
    assert before["4312"] != before["4312"]
    taken = tightness.take(ME, firm, b"isco;krapte\n4312;3,1\nfout;2\n", "UWV 2026", date(2026, 1, 1), TODAY)
    assert (taken.rows, taken.refused) == (1, (3,))
    assert ratios()["4312"] == 3.1
    tightness.take(ME, firm, b"isco;krapte\n4312;9\n", "UWV 2030", date(2030, 1, 1), TODAY)
    assert ratios()["4312"] == 3.1
    tightness.take(ME, firm, b"isco;krapte\n4312;2\n", "UWV 2026 opnieuw", date(2026, 1, 1), TODAY)
    assert ratios()["4312"] == 2.0
    for _ in range(3):
        tightness.undo(ME, firm)
    assert ratios()["4312"] != ratios()["4312"]


def test_the_table_keeps_examples_apart_from_own_rows(firm: Workspace) -> None:
    rows = tightness.tightness(ME, firm)
    assert {row.source for row in rows} == {tightness.EXAMPLE_SOURCE}
    tightness.set_tightness(ME, firm, (*rows, replace(rows[0], ratio=5.0, source="eigen", valid_from=TODAY)))
    assert [row.source for row in owned(firm).tightness] == ["eigen"]
    tightness.undo(ME, firm)


@pytest.mark.parametrize(
    "change", [{"isco": "74x1"}, {"isco": ""}, {"isco": "74111"}, {"ratio": -1.0}, {"ratio": float("nan")}, {"source": " "}]
)
def test_a_wrong_row_is_refused(change: dict, firm: Workspace) -> None:
    row = tightness.tightness(ME, firm)[0]
    with pytest.raises(Refusal) as refused:
        tightness.set_tightness(ME, firm, (replace(row, **change),))
    assert refused.value.code == "tightness_invalid"


def test_only_hr_fills_in_and_a_source_is_asked(firm: Workspace) -> None:
    for viewer in (DIRECTOR, replace(DIRECTOR, role=Role.COUNCIL)):
        assert tightness.tightness(viewer, firm)
        for act in (
            lambda viewer=viewer: tightness.set_tightness(viewer, firm, ()),
            lambda viewer=viewer: tightness.take(viewer, firm, b"isco;krapte\n1;1\n", "x", TODAY),
            lambda viewer=viewer: tightness.undo(viewer, firm),
        ):
            with pytest.raises(Refusal) as refused:
                act()
            assert refused.value.code == "not_allowed"
    with pytest.raises(Refusal) as refused:
        tightness.take(ME, firm, b"isco;krapte\n1;1\n", "  ", TODAY)
    assert refused.value.code == "tightness_source"


# what the table does to vacancies


@pytest.mark.parametrize(("ratio", "percent"), [(0.1, 90), (0.25, 90), (0.67, 80), (1.49, 80), (1.5, 60), (3.99, 60), (4.0, 45), (9.0, 45)])
def test_the_class_of_a_market_says_how_many_vacancies_are_filled(ratio: float, percent: float) -> None:
    assert fill_of(ratio) == percent


def test_a_code_takes_the_nearest_row_of_its_own_or_a_wider_group() -> None:
    found = fills(["7126", "7127", "7411", ""], {"712": 2.0, "7127": 5.0})
    assert found[:2].tolist() == [60.0, 45.0]
    assert np.isnan(found[2:]).all()


@pytest.mark.slow
def test_an_own_table_fills_fewer_vacancies_where_people_are_hard_to_find_and_nothing_else_changes(firm: Workspace) -> None:
    def hired(scenario: Scenario) -> pd.Series:
        groups = prepared(firm, ME, None).base
        made = project(groups, scenario, 5)
        return pd.Series(made.flows[Flow.HIRE][:, 1]).groupby(made.groups["role"].to_numpy()).sum()

    before = hired(Scenario())
    assert tightness.decides(ME, firm) == {}
    tightness.take(ME, firm, b"isco;krapte\n7411;5\n", "UWV 2026", date(2026, 1, 1), TODAY)
    after = hired(Scenario())
    roles = {"Elektromonteur", "Leidinggevend monteur E", "Leerling-monteur E (bbl)"}
    assert tightness.decides(ME, firm) == dict.fromkeys(roles, 45.0)
    assert after["Elektromonteur"] == pytest.approx(before["Elektromonteur"] * 45 / 65)
    others = [role for role in before.index if role not in roles]
    np.testing.assert_allclose(after[others], before[others], rtol=1e-12)
    lever = hired(Scenario(fill_rate=52))
    assert lever["Elektromonteur"] == pytest.approx(before["Elektromonteur"] * 45 * 52 / 65 / 65)
    own = hired(Scenario(overrides=(Override("fill_rate", 80.0, role="Elektromonteur"),)))
    assert own["Elektromonteur"] == pytest.approx(before["Elektromonteur"] * 80 / 65)
    tightness.undo(ME, firm)
    np.testing.assert_array_equal(hired(Scenario()), before)
