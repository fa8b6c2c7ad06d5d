"""What stands on the page of the plan."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from presentation import figures
from presentation.charts import growing
from presentation.controls.answering import answered, titled
from presentation.controls.cards import card, heading, plain, table_card
from presentation.controls.numbers import needed, number_text, read
from presentation.controls.planning_levers import lever_card
from presentation.controls.planning_use import goal_card, measure_name, use_card
from presentation.controls.resting import meanwhile, moving
from presentation.figures import Told
from presentation.session import View
from presentation.texts import Words
from workflows import plan as plans
from workflows.access import Right, may
from workflows.plan import Planned

MEASURE_COLUMNS = {
    "lever": "measure",
    "units": "units",
    "fte_years": "fte_years",
    "cost": "cost",
    "cost_per_fte_year": "per_fte_year",
    "lead_months": "lead_months",
}
"""What is told of each measure of a plan, and the key of its name."""


def plan_page(view: View) -> None:
    words = view.words
    head = st.container()
    target, budget = _asked(view)
    left, right = st.columns(2)
    with left:  # stands there whether or not the plan is made, and so follows a slider at once
        card(view, figures.supply(words, view.palette, view.outlook, 320))
    if moving(view, "plan"):
        with head:
            meanwhile(view, words("plan.working"))
        return
    with head:
        made = answered(view, words("nav.plan"), lambda: _made(view, target, budget))
        if made is None:
            return
        heading(view, _title(view, made), _lead(words, made))
    with right:
        card(view, _path(view, made))
    st.caption(words("plan.basis", year=made.years[-1], until=made.until))
    if not made.reached:
        _held_back(view, made)
    card(view, _mixes(view, made))
    lever_card(view, made)
    _limits(view, made)
    _mentor_room(view, made)
    prices = made.prices.assign(measure=[measure_name(words, name) for name in made.prices["measure"]])
    names = {
        "measure": "measure",
        "cost_per_fte_year": "per_fte_year",
        "fte_years": "fte_years",
        "cost": "cost",
        "lead_months": "lead_months",
        "capacity": "units",
    }
    table_card(
        view,
        "plan_prices",
        words("plan.prices_title"),
        titled(words, prices.round({name: 0 if "cost" in name else 1 for name in names}), names),
        height=320,
    )
    use_card(view, made)
    goal_card(view)


def _asked(view: View) -> tuple[str | None, str | None]:
    """What is fixed, as typed: the largest shortage, or the money. Nothing filled in: it halves the shortage, as the overview tells."""
    words = view.words
    with st.form("plan", border=True):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        money = may(view.viewer, Right.MONEY)
        modes = ["target", "budget"] if money else ["target"]
        mode = row.segmented_control(
            words("plan.mode"),
            modes,
            default="target",
            required=True,
            key="_plan_mode",
            format_func=lambda name: words(f"plan.mode_{name}"),
        )
        target = number_text(row, words, words("plan.target"), None, "_plan_target", placeholder=words("plan.half"))
        budget = number_text(row, words, words("plan.budget"), 1_000_000, "_plan_budget", icon=":material/euro:") if money else ""
        row.form_submit_button(words("plan.make"), type="primary")
    return (None, budget) if mode == "budget" else (target, None)


def _made(view: View, target: str | None, budget: str | None) -> Planned:
    most = None if target is None else read(view.words, target, 0.0, 100_000.0)
    money = None if budget is None else needed(view.words, budget, 0.0, 1e9)
    bar = st.progress(0.0, view.words("plan.working"))

    def tell(share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), view.words("plan.working"))

    try:
        return plans.plan(view.viewer, view.workspace, view.scenario, view.scope, view.outlook.target_year, most, money, tell)
    finally:
        bar.empty()


def _title(view: View, made: Planned) -> str:
    words, facts = view.words, made.facts
    if not made.reached:
        return words("plan.title_missed", target=made.target, after=facts["after"], until=made.until)
    share = words.percent(float(facts["closed_share"]))
    if made.cost != made.cost:
        return words("plan.title_no_money", share=share, until=made.until)
    return words("plan.title", share=share, until=made.until, cost=words.euro(made.cost))


def _lead(words: Words, made: Planned) -> str:
    facts = made.facts
    lines = [words("plan.lead", before=facts["before"], after=facts["after"], n=facts["levers"])]
    if facts["first_effect"] < 0.2 * (facts["before"] - facts["after"]):
        lines.append(words("plan.first", effect=words.number(float(facts["first_effect"]), sign=True)))
    if not made.whole:
        lines.append(words("plan.fractions"))
    elif made.gap < 0.0005:
        lines.append(words("plan.whole_best"))
    else:
        lines.append(words("plan.whole_budget" if made.mode == "budget" else "plan.whole", gap=words.percent(made.gap, 1)))
    return " ".join(lines)


def _limit_text(words: Words, row: Any) -> str:
    kind = "shared" if row.kind in ("resource", "pool") else row.kind
    name = words(f"plan.shared.{row.name}") if words.known(f"plan.shared.{row.name}") else measure_name(words, row.name)
    return words(
        f"plan.limit.{kind}",
        **({"name": name} if kind not in ("surplus", "budget", "target") else {}),
        **({"year": row.year} if kind in ("capacity", "shared", "target") else {}),
    )


def _held_back(view: View, made: Planned) -> None:
    words = view.words
    lines = [_limit_text(words, row) for row in made.binding.head(6).rename(columns={"name": "name"}).itertuples(index=False)]
    for role, part in list(made.blocked.groupby("role"))[:6]:
        years = f"{part['year'].min()}–{part['year'].max()}" if len(part) > 1 else str(part["year"].iloc[0])
        lines.append(words("plan.blocked", role=role, years=years, why=words(f"plan.blocked_{part['why'].iloc[0]}")))
    st.warning(f"**{words('plan.binding_title')}**\n\n" + "\n".join(f"- {plain(line)}" for line in lines))


def _path(view: View, made: Planned) -> Told:
    words, colours, path = view.words, view.palette, made.path
    series = [
        (words("plan.without"), path["before"].tolist(), colours.need, "dash"),
        (words("plan.with_plan"), path["after"].tolist(), colours.have, "solid"),
    ]
    table = path[["year", "before", "after", "effect", "cost"]].round(1)
    table.columns = [words("column.year"), words("plan.without"), words("plan.with_plan"), words("col.effect"), words("col.cost")]
    title = words("plan.path_title", before=made.facts["before"], after=made.facts["after"])
    return Told(
        title, growing.lines("plan_path", path["year"].tolist(), series, table, words("plan.path_alt"), words, colours), ("shortage",)
    )


def _mixes(view: View, made: Planned) -> Told:
    words, colours = view.words, view.palette
    wide = made.others.pivot_table(index="mix", columns="lever", values="fte_years", aggfunc="sum", fill_value=0.0)
    tints = (*colours.series, colours.plain, colours.soft, colours.grid)
    parts = [
        (words(f"plan_lever.{lever}"), wide[lever].clip(lower=0).tolist(), tints[at % len(tints)]) for at, lever in enumerate(wide.columns)
    ]
    names = [words("plan.mix_name", n=int(mix) + 1) for mix in wide.index]
    rows = made.others.assign(
        mix=[words("plan.mix_name", n=int(mix) + 1) for mix in made.others["mix"]],
        lever=[words(f"plan_lever.{lever}") for lever in made.others["lever"]],
    ).round(1)
    columns = {"mix": "package"} | MEASURE_COLUMNS
    figure = growing.stacked("plan_mixes", names, parts, titled(words, rows, columns), words("plan.others_alt"), words, colours)
    return Told(words("plan.others_title", n=len(names)), figure, ("measure", "short_years"), words("plan.others_note"))


def _limits(view: View, made: Planned) -> None:
    words = view.words
    rows = made.limits[made.limits["brings"].notna()].head(8)
    if rows.empty:
        return
    brings = [
        words("plan.saves", amount=words.euro(float(value))) if made.mode == "cost" else words("plan.closes", n=float(value))
        for value in rows["brings"]
    ]
    table = pd.DataFrame(
        {words("col.limit"): [_limit_text(words, row) for row in rows.itertuples(index=False)], words("col.brings"): brings}
    )
    table_card(view, "plan_limits", words("plan.limits_title"), table)
    st.caption(words("plan.limits_note"))


def _mentor_room(view: View, made: Planned) -> None:
    """What learning places hang on: the mentors, many of whom are about to leave."""
    facts, words = made.facts, view.words
    if not facts["places_offered"]:
        return
    first, last = float(facts["room_first"]), float(facts["room_last"])
    key = (
        "plan.mentors_none"
        if first < 1
        else "plan.mentors_gone"
        if last < 1
        else "plan.mentors_less"
        if last < first
        else "plan.mentors_more"
    )
    st.info(words(key, first=round(first), last=round(last), year=facts["year"]), icon=":material/school:")
