"""Routes between roles: hand-computed, against brute force, and the laws of equal treatment."""

from __future__ import annotations

import inspect
import itertools

import numpy as np
import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.skills import distance, moves, routes, training
from analytics.skills.distance import coverage, fit, matrix, rarity
from analytics.skills.moves import leaving_cost, matches, one_step_away, outward
from analytics.skills.routes import flows, network
from analytics.skills.training import Thresholds, Trainings, bridge, trainings

NEEDS = pd.DataFrame(
    [("tekenaar", "tekenen", 3), ("tekenaar", "bim", 2), ("voorbereider", "tekenen", 2), ("voorbereider", "bim", 3),
     ("voorbereider", "plannen", 2), ("planner", "plannen", 3), ("planner", "klant", 3), ("servicedesk", "klant", 4),
     ("servicedesk", "plannen", 2)],
    columns=["role", "skill", "level"],
)  # fmt: skip
CATALOGUE = pd.DataFrame({"training": ["BIM", "Plannen", "Plannen basis"], "hours": [80.0, 16.0, 8.0], "price": [2000.0, 400.0, 100.0]})
RAISED = pd.DataFrame({"training": ["BIM", "Plannen", "Plannen basis"], "skill": ["bim", "plannen", "plannen"], "level": [4, 4, 1]})
FIRST = pd.DataFrame({"training": ["Plannen"], "needs": ["Plannen basis"]})
OPEN = Thresholds(coverage=0.1, on_job_hours=100.0)


def _offer(between: distance.Matrix) -> Trainings:
    return trainings(CATALOGUE, RAISED, FIRST, between.skills)


def test_rarity_and_directed_coverage_by_hand() -> None:
    """4 roles; bim asked by 2, so idf = ln(4/3); plannen by 3, so ln(1) = 0, held at the floor 0.1; klant by 2; tekenen by 2."""
    between = matrix(NEEDS)
    assert between.skills == ("bim", "klant", "plannen", "tekenen")
    third = np.log(4 / 3)
    assert rarity(between.asked) == pytest.approx([third, third, 0.1, third])
    share = coverage(between)
    start, end = between.at("tekenaar"), between.at("voorbereider")
    expected = (third * 2 + third * 2) / (third * 2 + third * 3 + 0.1 * 2)
    assert share[start, end] == pytest.approx(expected)
    assert share[end, start] == pytest.approx((2 * third + 2 * third) / (3 * third + 2 * third))
    assert np.allclose(np.diag(share), 1)


def test_extra_skill_earns_nothing_and_more_never_hurts() -> None:
    between = matrix(NEEDS)
    low, high = between.asked[[0]], np.full((1, 4), 5.0)
    assert fit(high, between) == pytest.approx(1.0)
    assert (fit(low, between) <= fit(high, between) + 1e-12).all()
    assert fit(np.array([[np.nan, 0, 0, 3.0]]), between)[0].tolist() == fit(np.array([[0, 0, 0, 3.0]]), between)[0].tolist()
    low_end, high_end = moves.fits(np.array([[np.nan, 0, 0, 3.0]]), between)
    assert (low_end <= high_end).all()


def test_bridge_by_hand() -> None:
    """Drawing to preparation: BIM (80 h) and planning (16 h) after its basic course (8 h)."""
    between = matrix(NEEDS)
    found = bridge(between.asked[between.at("tekenaar")], "voorbereider", between, _offer(between))
    assert (found.hours, found.price, found.trainings) == (104.0, 2500.0, ("BIM", "Plannen basis", "Plannen"))
    has_basics = np.array([2.0, 0, 1, 3])
    assert bridge(has_basics, "voorbereider", between, _offer(between)).hours == 96.0  # the prerequisite is waived
    work = bridge(np.array([3.0, 0, 2, 3]), "servicedesk", between, _offer(between), Thresholds(on_job_hours=50))
    assert (work.hours, work.at_work) == (200.0, ("klant",))
    never = bridge(np.array([3.0, 0, 2, 3]), "servicedesk", between, _offer(between), Thresholds(on_job_hours=None))
    assert (never.hours, never.missing) == (np.inf, ("klant",))


@pytest.mark.parametrize("seed", range(12))
def test_bridge_against_every_combination(seed: int) -> None:
    rng = np.random.default_rng(seed)
    skills = tuple(f"s{i}" for i in range(5))
    asked = rng.integers(0, 5, 5).astype(float)
    have = rng.integers(0, 3, 5).astype(float)
    count = 6
    needs = np.zeros((count, count), bool)
    needs[4, 1] = needs[5, 2] = True
    offer = Trainings(
        tuple("abcdef"), rng.integers(1, 60, count) * 1.0, rng.integers(1, 9, count) * 100.0,
        rng.integers(0, 6, (count, 5)) * (rng.random((count, 5)) < 0.5) * 1.0, needs,
    )  # fmt: skip
    between = distance.Matrix(("r",), skills, asked[None], np.ones((1, 5)), np.ones(5))
    waived = [(offer.raises[i] <= have).all() and offer.raises[i].any() for i in range(count)]
    best = np.inf
    for picks in itertools.product([0, 1], repeat=count):
        chosen = [i for i in range(count) if picks[i]]
        if any(needs[i, j] and not picks[j] and not waived[j] for i in chosen for j in range(count)):
            continue
        reached = np.maximum(have, offer.raises[chosen].max(axis=0)) if chosen else have
        best = min(best, offer.hours[chosen].sum() + 30 * np.maximum(asked - reached, 0).sum())
    assert bridge(have, "r", between, offer, Thresholds(on_job_hours=30)).hours == pytest.approx(best)


def test_many_trainings_still_find_a_way() -> None:
    """More than ten useful trainings: the best next one is added; never worse than learning all of it at work."""
    skills = tuple(f"s{i}" for i in range(14))
    offer = Trainings(tuple(f"t{i:02d}" for i in range(14)), np.full(14, 5.0), np.full(14, 1.0), np.eye(14) * 3, np.zeros((14, 14), bool))
    between = distance.Matrix(("r",), skills, np.full((1, 14), 3.0), np.ones((1, 14)), np.ones(14))
    assert bridge(np.zeros(14), "r", between, offer, Thresholds(on_job_hours=100)).hours == 70


@pytest.mark.parametrize("seed", range(5))
def test_dijkstra_against_all_paths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    asked = rng.integers(0, 4, (6, 5)).astype(float)
    roles = tuple("abcdef")
    between = distance.Matrix(roles, tuple("vwxyz"), asked, (asked > 0) * 1.0, rarity(asked))
    offer = Trainings((), np.zeros(0), np.zeros(0), np.zeros((0, 5)), np.zeros((0, 0), bool))
    net = network(between, offer, Thresholds(coverage=0.5, hours=150, on_job_hours=40))
    for start, end in itertools.permutations(range(6), 2):
        middle = [i for i in range(6) if i not in (start, end)]
        ways = ((start, *way, end) for size in range(5) for way in itertools.permutations(middle, size))
        best = min(sum(net.hours[a, b] for a, b in itertools.pairwise(way)) for way in ways)
        assert net.total[start, end] == pytest.approx(best)
        if np.isfinite(best):
            path = net.path(start, end)
            assert sum(net.hours[a, b] for a, b in itertools.pairwise(path)) == pytest.approx(best)


def test_an_equal_but_wished_move_ranks_first() -> None:
    needs = pd.DataFrame([(r, "s", 2) for r in ("a", "b", "c", "d")], columns=["role", "skill", "level"])
    between = matrix(needs)
    net = network(between, trainings(pd.DataFrame(), pd.DataFrame(), None, between.skills))
    assert routes.routes(net, "a")["role"].tolist() == ["b", "c", "d"]
    assert routes.routes(net, "a", wishes={"d": 3})["role"].tolist() == ["d", "b", "c"]


def test_routes_say_cost_pay_and_safety() -> None:
    between = matrix(NEEDS)
    net = network(between, _offer(between), OPEN)
    frame = routes.routes(
        net,
        "tekenaar",
        pay={"tekenaar": 50_000, "voorbereider": 52_000, "planner": 30_000},
        exposed={"planner": 0.6},
        openings={"voorbereider": 4},
    ).set_index("role")
    row = frame.loc["voorbereider"]
    assert (row.hours, row.price, row.steps) == (114.0, 2500.0, 1)
    assert row.cost == 2500 + 114 * 45 + 1500
    assert (row.pay_difference, row.keeps_pay, row.safe, row.openings) == (2000, True, True, 4)
    assert not frame.loc["planner", "keeps_pay"]
    assert not frame.loc["planner", "safe"]
    assert (frame.loc["planner", "via"], frame.loc["planner", "steps"]) == (("voorbereider",), 2)


def test_a_role_without_requirements_has_no_way_in_and_brings_nothing() -> None:
    between = matrix(NEEDS, roles=("leeg", "planner", "servicedesk", "tekenaar", "voorbereider"))
    net = network(between, _offer(between), OPEN)
    assert routes.routes(net, "leeg").empty
    assert "leeg" not in set(routes.routes(net, "tekenaar")["role"])
    assert list(routes.routes(net, "leeg").columns) == list(routes.routes(net, "tekenaar").columns)


def test_empty_matrix_gives_no_routes() -> None:
    between = matrix(pd.DataFrame(), roles=("a", "b"))
    net = network(between, trainings(pd.DataFrame(), pd.DataFrame(), None, ()))
    assert routes.routes(net, "a").empty
    assert flows(net, {"a": 3}, {"b": 2}).empty
    nothing = matrix(pd.DataFrame())
    assert network(nothing, trainings(pd.DataFrame(), pd.DataFrame(), None, ())).total.shape == (0, 0)


def test_unknown_and_circular_are_refused_by_name() -> None:
    between = matrix(NEEDS)
    circle = pd.DataFrame({"training": ["Plannen", "Plannen basis", "BIM"], "needs": ["Plannen basis", "BIM", "Plannen"]})
    cases = [
        ("training_cycle", lambda: trainings(CATALOGUE, RAISED, circle, between.skills)),
        ("training_cycle", lambda: trainings(CATALOGUE, RAISED, FIRST.assign(needs="Plannen"), between.skills)),
        ("unknown_training", lambda: trainings(CATALOGUE, RAISED.assign(training="Toveren"), None, between.skills)),
        ("unknown_training", lambda: trainings(CATALOGUE, RAISED, FIRST.assign(needs="Toveren"), between.skills)),
        ("unknown_skill", lambda: trainings(CATALOGUE, RAISED.assign(skill="toveren"), None, between.skills)),
        ("duplicate_training", lambda: trainings(pd.concat([CATALOGUE, CATALOGUE]), RAISED, None, between.skills)),
        ("unknown_role", lambda: routes.routes(network(between, _offer(between)), "tovenaar")),
        ("unknown_role", lambda: matrix(NEEDS, roles=("tekenaar",))),
    ]
    for code, call in cases:
        with pytest.raises(Refusal) as refusal:
            call()
        assert refusal.value.code == code
        assert refusal.value.params["names"]


def test_nothing_can_hear_an_age() -> None:
    """No argument of any public function is about age or stay: who differs only in birth date gets the same routes."""
    forbidden = ("age", "birth", "tenure", "service", "stay", "pension", "years", "retire")
    for module in (routes, moves, training, distance):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                words = {word for argument in inspect.signature(function).parameters for word in argument.split("_")}
                assert not words & set(forbidden), (module.__name__, name)


def _people(ages: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"person": ["p1", "p2", "p3", "p4", "p5"], "role": "tekenaar", "age": ages})


LEVELS = np.array([[3, 0, 2, 3], [2, 0, 4, 3], [2, 0, 0, 3], [2, 0, np.nan, 3], [3, 0, 2, 3.0]])
WISHES = pd.DataFrame({"person": ["p1", "p2", "p3", "p4", "p5"], "role": ["voorbereider"] * 4 + [""]})


def test_matches_come_with_a_reason_and_without_a_score() -> None:
    between = matrix(NEEDS)
    out = matches(["voorbereider"], LEVELS, _people([30] * 5), WISHES, between, _offer(between))
    assert list(zip(out["person"], out["reason"], strict=True)) == [
        ("p1", "wished_and_able"), ("p2", "wished_one_training"), ("p3", "wished_longer_route"),
        ("p4", "wished_unknown_skills"), ("p5", "direction_and_able"),
    ]  # fmt: skip
    assert not out.select_dtypes("number").columns.tolist()
    assert out["missing"].tolist()[1:3] == [("bim",), ("bim", "plannen")]


def test_two_people_who_differ_only_in_age_are_treated_the_same() -> None:
    between = matrix(NEEDS)
    young, old = (matches(["voorbereider"], LEVELS, _people(ages), WISHES, between, _offer(between)) for ages in ([25] * 5, [66] * 5))
    pd.testing.assert_frame_equal(young, old)


def test_order_within_a_reason_is_a_shuffle_not_a_rank() -> None:
    """Better-skilled people do not come first: only the reason orders, and giving everybody more of everything changes no order."""
    between = matrix(NEEDS)
    wishes = WISHES.assign(role="voorbereider")
    same = np.tile(LEVELS[0], (5, 1))
    rows = matches(["voorbereider"], same, _people([30] * 5), wishes, between, _offer(between))
    best_first = same + np.arange(5)[:, None]
    assert (
        rows["person"].tolist()
        == matches(["voorbereider"], best_first, _people([30] * 5), wishes, between, _offer(between))["person"].tolist()
    )
    assert len(rows) == 5


def test_without_a_wish_nobody_is_named() -> None:
    between = matrix(NEEDS)
    assert matches(["voorbereider"], LEVELS, _people([30] * 5), WISHES.iloc[:0], between, _offer(between)).empty
    with pytest.raises(Refusal, match="unknown_people"):
        matches(["planner"], LEVELS, _people([30] * 5), WISHES.assign(person="x"), between, _offer(between))


def test_people_one_training_away_are_counted() -> None:
    between = matrix(NEEDS)
    assert one_step_away(LEVELS, np.ones(5), "voorbereider", between, _offer(between)) == 1  # p2: BIM only


def test_flows_fill_as_many_places_as_possible_with_the_fewest_hours() -> None:
    between = matrix(NEEDS)
    net = network(between, _offer(between), Thresholds(coverage=0.0, hours=1000, on_job_hours=100))
    leaving, wanted = {"tekenaar": 3, "servicedesk": 2}, {"voorbereider": 2, "planner": 4}
    out = flows(net, leaving, wanted)
    assert out["people"].sum() == 5
    assert (out["people"] == out["people"].round()).all()
    best = np.inf
    at = between.roles.index
    for a in range(4):  # drawers to preparation; the rest follows
        b = 3 - a
        for c in range(3):
            d = 2 - c
            if a + c <= 2 and b + d <= 4:
                t = net.total
                value = a * t[at("tekenaar"), at("voorbereider")] + b * t[at("tekenaar"), at("planner")]
                best = min(best, value + c * t[at("servicedesk"), at("voorbereider")] + d * t[at("servicedesk"), at("planner")])
    assert (out["people"] * out["hours"]).sum() == pytest.approx(best)


def test_outward_by_occupation_code() -> None:
    jobs = pd.DataFrame({"isco": ["3118", "3112", "3113", "3122", "7411", "31"], "title": list("abcdef")})
    table = pd.DataFrame({"isco": ["311", "3113", "31"], "ratio": [1.2, 4.2, 0.4]})
    out = outward("3118", jobs, table)
    assert out["isco"].tolist() == ["3113", "3112", "3122"]
    assert out["ratio"].tolist() == [4.2, 1.2, 0.4]
    assert out["wanted"].tolist() == [True, False, False]
    assert out["relation"].tolist() == ["same_group", "same_group", "related_group"]
    assert outward("", jobs, table).empty  # a firm without codes: empty, with the same columns
    assert outward("3118", jobs)["ratio"].isna().all()


def test_leaving_beside_retraining_by_hand() -> None:
    cost = leaving_cost(120_000, 4, 5_000, 9_000, notice_months=2, guidance=4_000, refill=6_000, refill_share=0.5)
    assert (cost.payment, cost.notice, cost.guidance, cost.refill) == (120_000, 40_000, 16_000, 12_000)
    assert (cost.leaving, cost.retraining, cost.difference) == (188_000, 36_000, 152_000)


def test_network_of_a_large_firm() -> None:
    """150 roles x 300 skills x 40 trainings. How long it takes is measured by the benchmark."""
    rng = np.random.default_rng(0)
    asked = np.zeros((150, 300))
    for role in range(150):
        family = (role // 10) * 20
        asked[role, family + rng.choice(20, 10, replace=False)] = rng.integers(2, 6, 10)
    between = distance.Matrix(
        tuple(f"r{i}" for i in range(150)), tuple(f"s{i}" for i in range(300)), asked, (asked > 0) * 1.0, rarity(asked)
    )
    raises = (rng.random((40, 300)) < 0.05) * 4.0
    offer = Trainings(
        tuple(f"t{i}" for i in range(40)), rng.integers(8, 200, 40) * 1.0, np.full(40, 500.0), raises, np.zeros((40, 40), bool)
    )
    net = network(between, offer, Thresholds(coverage=0.4, hours=2000))
    frame = routes.routes(net, "r3")
    assert len(frame) >= 3
