"""Posts by decision, workload by volume, a published life table, and what stands beside the shortage: formula, storage and gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics.bridge import bridge
from analytics.deaths import Deaths
from analytics.errors import Refusal
from analytics.estimate import default_chances, estimate
from analytics.posts import Post, decided
from analytics.projection import prepare, project
from analytics.scenario import Scenario
from analytics.tables import AGES, death_by_age
from analytics.workload import Workload
from intake.mortality import read_deaths
from tests.firms import AS_OF, CLERKS, MECHANICS, cohorts, learning_firm, no_history, person

LIFE = "Overlevingstafel 2024\nLeeftijd;Sterftekans mannen (qx);Sterftekans vrouwen (qx)\n" + "\n".join(
    f"{age} jaar;{0.0002 * 1.1 ** (age - 15):.6f};{0.0001 * 1.1 ** (age - 15):.6f}".replace(".", ",") for age in range(100)
)


# posts


def test_posts_come_in_their_year_and_the_bridge_says_so():
    base = learning_firm()
    posts = decided((Post(MECHANICS, "", 2028, 5.0), Post(CLERKS, "", 2029, -3.0)), base.groups, base.demand0, AS_OF, base.years)
    usual, changed = project(base, Scenario()), project(replace(base, posts=posts, cache={}), Scenario())
    changed.check_balance()
    added = changed.demand.sum(axis=0) - usual.demand.sum(axis=0)
    np.testing.assert_allclose(added[:5], [0, 0, 5, 2, 2])
    np.testing.assert_array_equal(changed.fte, usual.fte)
    steps = bridge(changed, np.ones(3, bool), 4)
    assert dict(steps.steps)["posts"] == pytest.approx(2.0)
    assert steps.start + sum(value for _, value in steps.steps) == pytest.approx(steps.end, abs=1e-9)


def test_no_more_work_is_taken_away_than_there_is():
    base = learning_firm()
    posts = decided((Post(CLERKS, "", 2027, -500.0),), base.groups, base.demand0, AS_OF, base.years)
    changed = project(replace(base, posts=posts, cache={}), Scenario())
    changed.check_balance()
    assert changed.demand.min() >= 0


def test_a_post_for_a_role_nobody_has_changes_nothing():
    base = learning_firm()
    assert not decided((Post("Piloot", "", 2028, 5.0),), base.groups, base.demand0, AS_OF, base.years).any()


# workload


def test_workload_as_in_the_manual_of_the_who():
    """The steps of the WISN user's manual (2010) with round figures: 1 512 available hours, 24 480 visits a year

    of 20 minutes: 24 480 / 3 = 8 160 hours = 5.40 staff; category allowance 14 % -> factor 1.16; individual allowance 163 hours.
    """
    need = Workload("Verpleegkundige", 24_480, 1 / 3, category_allowance=14, individual_hours=163, available_hours=1_512).fte()
    assert need == pytest.approx(8_160 / 1_512 / 0.86 + 163 / 1_512)
    assert Workload("A", 0, 1).fte() == 0
    with pytest.raises(ValueError, match="allowance"):
        Workload("A", 1, 1, category_allowance=100).fte()


# deaths


def test_a_life_table_is_read_as_statistics_offices_write_it():
    ages, chances = read_deaths(LIFE.encode())
    assert ages == tuple(range(100))
    assert chances[40] == pytest.approx(0.00015 * 1.1**25, rel=1e-2)
    english = "age,sex,qx\n" + "\n".join(f"{age},{sex},{0.001 if sex == 'm' else 0.003}" for age in range(15, 80) for sex in "mf")
    assert read_deaths(english.encode())[1][0] == pytest.approx(0.002)


@pytest.mark.parametrize(("file", "code"), [
    (b"naam;waarde\na;1\n", "deaths_no_column"),
    (b"age;qx\n20;0,001\n", "deaths_too_few"),
    (("age;qx\n" + "\n".join(f"{age};1,2" for age in range(15, 80))).encode(), "deaths_out_of_range"),
])  # fmt: skip
def test_what_is_no_life_table_is_refused(file, code):
    with pytest.raises(Refusal) as problem:
        read_deaths(file)
    assert problem.value.code == code


def test_the_engine_uses_the_table_and_the_formula_outside_its_ages():
    table = Deaths(date(2025, 1, 1), "CBS", (40, 60), (0.002, 0.02))
    by_age = table.by_age()
    assert by_age[AGES.tolist().index(50)] == pytest.approx(0.011)
    np.testing.assert_array_equal(by_age[:25], death_by_age()[:25])
    none = default_chances(np.zeros(len(AGES)))
    np.testing.assert_allclose(none["other_exit"], 0.002)  # disability alone
    firm = cohorts([person("A", 55, people=50)])
    calm, usual = (project(prepare(firm, estimate(no_history(), firm, deaths)), Scenario()) for deaths in (np.full(len(AGES), 0.02), None))
    assert calm.people[0, 1] < usual.people[0, 1]
