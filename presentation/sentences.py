"""Sentences computed from the numbers, by rule: the same figures give the same sentence on screen, slide and command line.

Every function takes words and released figures and returns plain text. A number is compared as it will be printed: a gap
of 0.4 fte is written as balance, not as "0 fte short".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from presentation.texts import Words
from workflows.types import EXITS, Bridge, Flow, Scenario, Scope

Facts = Mapping[str, Any]

NOTHING = 0.5
"""Fte below which a gap is called balance: it prints as nought."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the first meeting, its answer in a sentence, and the page that shows more ("" = none)."""

    question: str
    answer: str
    page: str
    link: str
    note: str = ""


def scenario_name(words: Words, scenario: Scenario) -> str:
    """ "Basis", or how many levers differ from it."""
    changed = len(scenario.changed()) + len(scenario.overrides)
    return words("app.scenario_changed", n=changed) if changed else words("app.scenario_base")


def scope_name(words: Words, scope: Scope) -> str:
    """The chosen part of the organisation in words; long choices are counted instead of listed."""
    chosen = [*scope.locations, *scope.units, *scope.roles]
    if not chosen:
        return words("app.scope_all")
    return words("app.scope_some", n=len(chosen)) if len(chosen) > 3 else " · ".join(chosen)


def headline(words: Words, facts: Facts, scope: Scope) -> str:
    """The conclusion of the whole page: short, surplus, near balance with a possible shortage, or balance."""
    gap, low, high = float(facts["gap_target"]), float(facts["gap_target_low"]), float(facts["gap_target_high"])
    year = facts["target_year"]
    if abs(gap) < NOTHING:
        return words("headline.even", year=year)
    if gap < 0:
        return words("headline.surplus", year=year, gap=-gap)
    if low < 0 < high and -low > high / 3:
        return words("headline.perhaps", year=year, gap=gap)
    single = [*scope.locations, *scope.units, *scope.roles]
    if len(single) == 1:
        return words("headline.short_some", year=year, gap=gap, scope=single[0])
    return words("headline.short", year=year, gap=gap)


def under_headline(words: Words, facts: Facts) -> str:
    """The range, and how it compares with today."""
    change = words.difference(float(facts["gap_target"]), float(facts["gap_now"]))
    spare = max(float(facts["gap_target"]), float(facts["gap_now"])) < NOTHING  # nobody is short, now nor then
    worse, better = ("less_spare", "more_spare") if spare else ("worse", "better")
    key = "headline.same" if abs(change) < NOTHING else f"headline.{worse if change > 0 else better}"
    low, high = float(facts["gap_target_low"]), float(facts["gap_target_high"])
    spread = words("headline.range_spare", low=-high, high=-low) if high < 0 else words("headline.range", low=low, high=high)
    return f"{spread} {words(key, change=abs(change))}"


def range_line(words: Words, facts: Facts) -> str:
    """The range in few words, for the line above every page."""
    low, high, year = float(facts["gap_target_low"]), float(facts["gap_target_high"]), facts["target_year"]
    return words("app.range_spare", low=-high, high=-low, year=year) if high < 0 else words("app.range", low=low, high=high, year=year)


def worst_roles(facts: Facts, count: int = 2) -> list[str]:
    """Names of the roles with the largest shortage in the target year, largest first."""
    return [str(facts[f"worst_{place}"]) for place in range(1, count + 1) if float(facts.get(f"worst_{place}_gap", 0)) >= NOTHING]


def how_short(words: Words, facts: Facts, as_of_year: int) -> Answer:
    """When are we short of how many people, and where?"""
    year, gap, roles = facts["target_year"], float(facts["gap_target"]), worst_roles(facts)
    given = {"year": year, "gap": gap, "low": facts["gap_target_low"], "high": facts["gap_target_high"], "roles": roles}
    since = min((int(facts[f"worst_{place}_from"]) for place in (1, 2) if f"worst_{place}_from" in facts), default=0)
    if gap >= NOTHING and roles:
        if since > as_of_year:
            answer = words("question.q1_short", year_first=since, **given)
        else:
            answer = words("question.q1_short_now" if since else "question.q1_short_where", **given)
    elif roles:
        answer = words("question.q1_hidden", year=year, roles=roles)
    else:
        answer = words("question.q1_none", year=year)
    return Answer(words("question.q1"), answer, "shortages", words("question.go_shortages"))


def how_dear(words: Words, facts: Facts) -> Answer:
    """Is that much, and what does doing nothing cost?"""
    year, share = facts["target_year"], words.percent(float(facts["share_55_now"]))
    cost = float(facts.get("cost_of_nothing", 0.0))
    note = ""
    if float(facts["person_years_short"]) < NOTHING:
        answer = words("question.q2_none", year=year, share=share)
    elif cost > 0:
        answer = words("question.q2_cost", year=year, cost=words.euro(cost), share=share)
        note = words("question.q2_note", rate=words.euro(float(facts["open_post_month"])))
    else:
        answer = words(
            "question.q2_years", year=year, years_short=_written(words, facts["person_years_short"]), average=_average(facts), share=share
        )
    if "sector_55" in facts:
        answer = f"{answer} {words('question.q2_sector', sector=words.percent(float(facts['sector_55'])))}"
        note = words("question.q2_source", source=facts["sector_source"])
    page, link = ("amounts", "answers.go_amounts") if "cost_of_nothing" in facts else ("method", "question.go_compare")
    return Answer(words("question.q2"), answer, page, words(link), note)


def _written(words: Words, value: Any) -> str:
    return words.number(float(value))


def _average(facts: Facts) -> float:
    return float(facts["person_years_short"]) / max(float(facts["years_ahead"]), 1.0)


def who_leaves(words: Words, facts: Facts, knowledge: str) -> Answer:
    """Who leaves, and which knowledge goes along (a sentence of its own)?"""
    retiring = round(float(facts["retirements"]))
    others = round(float(facts["leavers"])) - retiring  # as both are written, so that who subtracts them finds it
    answer = words("question.q3_people", year=facts["target_year"], n=retiring, others=others)
    return Answer(words("question.q3"), f"{answer} {knowledge}", "ageing", words("question.go_ageing"))


def supply_title(words: Words, facts: Facts) -> str:
    """What the gap does between today and the target year."""
    start, end, year = float(facts["gap_now"]), float(facts["gap_target"]), facts["target_year"]
    if end < NOTHING:
        if start >= NOTHING:
            return words("chart.supply_clears", start=start, year=year)
        return words("chart.supply_balance" if max(abs(start), abs(end)) < NOTHING else "chart.supply_spare")
    if abs(start) < NOTHING:
        return words("chart.supply_from_balance", end=end, year=year)
    if start < 0:
        return words("chart.supply_appears", start=-start, end=end, year=year)
    if abs(end - start) < max(NOTHING, 0.03 * start):
        return words("chart.supply_even", end=end)
    return words("chart.supply_grows" if end > start else "chart.supply_shrinks", start=start, end=end)


def bridge_title(words: Words, steps: Sequence[tuple[str, float]]) -> str:
    """Who leaves, who joins, and what the work does: the three that move the gap."""
    sums = {name: 0.0 for name in ("leaving", "joining", "growth")}
    for name, value in steps:
        part = "leaving" if name in LEAVING else "joining" if name == Flow.HIRE else "growth" if name == "growth" else ""
        if part:
            sums[part] += value
    first = words("chart.bridge_flows", leaving=max(sums["leaving"], 0.0), joining=max(-sums["joining"], 0.0))
    if abs(sums["growth"]) < NOTHING:
        return first
    return f"{first}; {words('chart.bridge_more' if sums['growth'] > 0 else 'chart.bridge_less', growth=abs(sums['growth']))}"


def heat_title(words: Words, names: Sequence[str], gaps: Sequence[float], year: int) -> str:
    """The row with the largest shortage."""
    worst = max(range(len(names)), key=lambda row: gaps[row], default=None)
    if worst is None or gaps[worst] < NOTHING:
        return words("chart.heat_none", year=year)
    return words("chart.heat_worst", role=names[worst], value=float(gaps[worst]), year=year)


def pyramid_title(words: Words, facts: Facts) -> str:
    """Share of people of 55 and over, now and then."""
    now, then = words.percent(float(facts["share_55_now"])), words.percent(float(facts["share_55_target"]))
    key = "chart.pyramid_same" if now == then else "chart.pyramid_older"
    return words(key, year=facts["target_year"], then=then) if now == then else words(key, year=facts["target_year"], now=now, then=then)


def waves_title(words: Words, facts: Facts) -> str:
    """How many are expected to stop, and how many may."""
    return words(
        "chart.waves", year=facts["target_year"], n=round(float(facts["retire_expected"])), can=round(float(facts["retire_can_leave"]))
    )


def exits_title(words: Words, facts: Facts) -> str:
    """Which part of those who leave retires."""
    leavers = float(facts["leavers"])
    return words("chart.exits_pension", share=words.percent(float(facts["retirements"]) / leavers if leavers else 0.0))


def ageing_title(words: Words, facts: Facts) -> str:
    """Conclusion of the ageing page."""
    return words("ageing.title", year=facts["target_year"], n=round(float(facts["retirements"])))


def ageing_lead(words: Words, facts: Facts) -> str:
    """How large that is, and how many are 60 or older today."""
    people = float(facts["people"])
    share = words.percent(float(facts["retirements"]) / people if people else 0.0)
    return words("ageing.lead", share=share, over60=round(float(facts["people_60_now"])))


def shortages_title(words: Words, facts: Facts) -> str:
    """Conclusion of the shortages page."""
    roles = worst_roles(facts, 3)
    if not roles:
        return words("shortages.title_none", year=facts["target_year"])
    return words("shortages.title_worst", year=facts["target_year"], roles=roles)


def openings_title(words: Words, facts: Facts) -> str:
    """How much of what opens is replacement."""
    return words(
        "shortages.openings",
        total=float(facts["openings"]),
        year=facts["target_year"],
        share=words.percent(float(facts["replacement_share"])),
    )


def gap_formula(words: Words, row: Mapping[str, Any]) -> tuple[str, str]:
    """The definition of a gap with its numbers filled in, and its range and chance."""
    demand, supply = round(float(row["demand_fte"]), 1), round(float(row["supply_fte"]), 1)
    gap = demand - supply  # as both are written, so that who subtracts them finds it
    key = "shortages.drawer_formula" if gap >= 0 else "shortages.drawer_formula_spare"
    made = words(key, demand=words.number(demand, 1), supply=words.number(supply, 1), gap=words.number(abs(gap), 1))
    chance = words.percent(float(row["p_short"]))
    return made, words("shortages.drawer_range", low=float(row["gap_low"]), high=float(row["gap_high"]), chance=chance)


def step_formula(words: Words, before: float, value: float) -> str:
    """One step of the stairs with its numbers filled in: shortage before it, the step, shortage after it."""
    after = round(before, 1) + round(value, 1)  # as both are written
    given = {"before": words.number(before, 1), "value": words.number(abs(value), 1), "after": words.number(after, 1)}
    return words("picking.step_more" if value >= 0 else "picking.step_less", **given)


def exits_formula(words: Words, year: int, parts: Sequence[tuple[str, float]]) -> str:
    """Those who leave in a year, reason by reason, and their sum."""
    said = [words("picking.part", amount=words.number(amount, 1), name=name.lower()) for name, amount in parts]
    return words("picking.exits", parts=" + ".join(said), total=words.number(sum(amount for _, amount in parts), 1), year=year)


def per_row(split: pd.DataFrame, by: str, year: int) -> pd.DataFrame:
    """One row per role, department or location: gap now and in the target year, chance, first year short, person-years short, path.

    split: what `session.split` gives. First year short = first year with a chance above one half.
    """
    names, years, gap = crossed_by(split, by, "gap_fte")
    chance = crossed_by(split, by, "p_short")[2]
    last = int((years <= year).sum()) - 1
    short = np.maximum(gap[:, : last + 1], 0.0)
    likely = chance > 0.5
    first = years[likely.argmax(axis=1)]
    rows = pd.DataFrame(
        {
            by: names,
            "gap_now": gap[:, 0],
            "gap_then": gap[:, last],
            "p_short": chance[:, last],
            "first_year": [int(day) if any_ else None for day, any_ in zip(first, likely.any(axis=1), strict=True)],
            "short_years": ((short[:, :-1] + short[:, 1:]) / 2).sum(axis=1),
            "path": np.round(gap, 2).tolist(),
        }
    )
    return rows.sort_values("gap_then", ascending=False, kind="stable").reset_index(drop=True)


def crossed_by(split: pd.DataFrame, by: str, column: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names by first sight, years in order, and the column as (names, years); each name has every year once."""
    labels = split[by].to_numpy(object)
    place = {name: number for number, name in enumerate(dict.fromkeys(labels))}
    years, across = np.unique(split["year"].to_numpy(), return_inverse=True)
    out = np.zeros((len(place), len(years)))
    out[[place[name] for name in labels], across] = split[column].to_numpy(float)
    return [str(name) for name in place], years, out


def compare_title(words: Words, runs: Sequence[tuple[str, float]], year: int) -> str:
    """The scenario that differs most from the baseline (the first run), and by how much. runs: (name, gap in the target year)."""
    base = runs[0][1]
    if len(runs) < 2:
        key = "title_alone_even" if abs(base) < NOTHING else "title_alone_spare" if base < 0 else "title_alone"
        return words(f"compare.{key}", year=year, gap=abs(base))
    name, gap = max(runs[1:], key=lambda run: abs(run[1] - base))
    change = words.difference(gap, base)
    if abs(change) < NOTHING:
        return words("compare.title_same", year=year)
    if max(base, gap) < NOTHING:  # nobody is short, with or without
        return words("compare.title_less_spare" if change > 0 else "compare.title_more_spare", name=name, year=year, change=abs(change))
    return words("compare.title_more" if change > 0 else "compare.title_less", name=name, year=year, change=abs(change))


def between_title(words: Words, names: tuple[str, str], steps: Bridge) -> str:
    """By how much the second scenario differs from the first, and the cause that counts most."""
    change = words.difference(steps.end, steps.start)
    largest = max(steps.steps, key=lambda step: abs(step[1]), default=("rest", 0.0))
    if abs(largest[1]) < NOTHING:
        return words("between.same", one=names[0], other=names[1])
    key = "between.even" if abs(change) < NOTHING else "between.more" if change > 0 else "between.less"
    return words(key, one=names[0], other=names[1], change=abs(change), cause=words(f"step.{largest[0]}").lower())


def lever_title(words: Words, name: str, low: float, high: float) -> str:
    """The lever with the largest reach."""
    least, most = min(low, high), max(low, high)
    if most <= 0:
        return words("compare.bars_spare", name=name, low=-most, high=-least)
    return words("compare.bars_over" if least < 0 else "compare.bars", name=name, low=abs(least), high=most)


LEAVING = frozenset(flow.value for flow in EXITS)

EXIT_ORDER = (Flow.RETIREMENT.value, *(flow.value for flow in EXITS if flow is not Flow.RETIREMENT))
"""Reasons for leaving in the order they are stacked: pension at the bottom, where it can be compared."""
