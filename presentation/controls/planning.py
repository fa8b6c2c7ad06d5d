"""What stands on the pages of the plan and the action list."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from presentation.charts import growing
from presentation.controls.answering import answered, titled
from presentation.controls.cards import card, heading, kpi_row, plain, table_card
from presentation.controls.frame import refusal_text
from presentation.controls.planning_levers import lever_card
from presentation.controls.resting import meanwhile, moving
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.session import View
from presentation.texts import Words
from workflows import actions as action_list
from workflows import plan as plans
from workflows.access import Right, may
from workflows.actions import Actions
from workflows.plan import Planned
from workflows.types import Refusal

STATUSES = ("planned", "running", "done", "stopped")
LEVERS = ("retain", "extra_hours", "train", "rotate", "move_in", "automate", "free_hours", "recruit", "apprentices", "temporary")
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
    if moving(view, "plan"):
        with head:
            meanwhile(view, words("plan.working"))
        return
    made = answered(view, words("nav.plan"), lambda: _made(view, target, budget))
    if made is None:
        return
    with head:
        heading(view, _title(view, made), _lead(words, made))
    st.caption(words("plan.basis"))
    if not made.reached:
        _held_back(view, made)
    left, right = st.columns(2)
    with left:
        card(view, _path(view, made))
    with right:
        card(view, _mixes(view, made))
    lever_card(view, made)
    _limits(view, made)
    _mentor_room(view, made)
    prices = made.prices.assign(measure=[_measure(words, name) for name in made.prices["measure"]])
    names = {
        "measure": "measure",
        "cost_per_fte_year": "per_fte_year",
        "fte_years": "fte_years",
        "cost": "cost",
        "lead_months": "lead_months",
        "capacity": "units",
    }
    table_card(view, "plan_prices", words("plan.prices_title"), titled(words, prices.round(1), names), height=320)
    _use(view, made)
    _goal(view)


def _asked(view: View) -> tuple[float | None, float | None]:
    """What is fixed: the largest shortage, or the money. Nothing chosen: half of the shortage."""
    words = view.words
    gap = max(float(view.outlook.groups[view.outlook.groups["year"] == view.outlook.target_year]["gap_fte"].clip(lower=0).sum()), 1.0)
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
        target = row.number_input(words("plan.target"), 0.0, 100_000.0, float(round(gap / 2)), 1.0, key="_plan_target")
        budget = row.number_input(words("plan.budget"), 0, 1_000_000_000, 1_000_000, 100_000, key="_plan_budget") if money else 0
        row.form_submit_button(words("plan.make"), type="primary")
    return (None, float(budget)) if mode == "budget" else (float(target), None)


def _made(view: View, target: float | None, budget: float | None) -> Planned:
    bar = st.progress(0.0, view.words("plan.working"))

    def tell(share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), view.words("plan.working"))

    try:
        return plans.plan(view.viewer, view.workspace, view.scenario, view.scope, view.outlook.target_year, target, budget, tell)
    finally:
        bar.empty()


def _title(view: View, made: Planned) -> str:
    words, facts = view.words, made.facts
    if not made.reached:
        return words("plan.title_missed", target=made.target, after=facts["after"], year=facts["year"])
    share = words.percent(float(facts["closed_share"]))
    if made.cost != made.cost:
        return words("plan.title_no_money", share=share, year=facts["year"])
    return words("plan.title", share=share, year=facts["year"], cost=words.euro(made.cost))


def _lead(words: Words, made: Planned) -> str:
    facts = made.facts
    lines = [words("plan.lead", before=facts["before"], after=facts["after"], year=facts["year"], n=facts["levers"])]
    if facts["first_effect"] < 0.2 * (facts["before"] - facts["after"]):
        lines.append(words("plan.first", effect=words.number(float(facts["first_effect"]), sign=True)))
    if not made.whole:
        lines.append(words("plan.fractions"))
    elif made.gap < 0.0005:
        lines.append(words("plan.whole_best"))
    else:
        lines.append(words("plan.whole_budget" if made.mode == "budget" else "plan.whole", gap=words.percent(made.gap, 1)))
    return " ".join(lines)


def _measure(words: Words, name: str) -> str:
    """The programme's own name of a measure, in words."""
    lever, _, role = name.partition(" ")
    if " > " in name and not words.known(f"plan_lever.{lever}"):
        return name.replace(" > ", " → ")
    role = role.replace(" > ", " → ")
    return f"{words(f'plan_lever.{lever}')}: {role}" if words.known(f"plan_lever.{lever}") else name


def _limit_text(words: Words, row: Any) -> str:
    kind = "shared" if row.kind in ("resource", "pool") else row.kind
    name = words(f"plan.shared.{row.name}") if words.known(f"plan.shared.{row.name}") else _measure(words, row.name)
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
    return Told(words("plan.others_title", n=len(names)), figure, (), words("plan.others_note"))


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


def _use(view: View, made: Planned) -> None:
    words = view.words
    if not may(view.viewer, Right.SCENARIOS):
        return
    with st.container(border=True):
        st.markdown(f"##### {words('plan.use_title')}")
        row = st.container(horizontal=True, vertical_alignment="bottom")
        mix = row.selectbox(
            words("plan.use_mix"), range(len(made.found)), format_func=lambda at: words("plan.mix_name", n=at + 1), key="_mix", width=160
        )
        name = row.text_input(words("plan.use_name"), words("plan.use_default", year=made.years[-1]), key="_plan_name", width=260)
        save = row.button(words("plan.use_scenario"), key="plan_scenario")
        act = row.button(words("plan.use_actions"), key="plan_actions", type="primary")
        try:
            if save:
                saved, left = plans.to_scenario(view.viewer, view.workspace, made, view.scenario, name, mix)
                st.success(plain(words("plan.use_scenario_done", name=saved.name, n=left)))
            if act:
                count = plans.to_actions(view.viewer, view.workspace, made, mix)
                st.success(words("plan.use_actions_done", n=count))
                st.page_link("pages/actions.py", label=words("nav.actions"), icon=":material/arrow_forward:")
        except Refusal as refusal:
            st.error(refusal_text(words, refusal))


def _goal(view: View) -> None:
    words = view.words
    with st.container(border=True):
        st.markdown(f"##### {words('plan.goal_title')}")
        row = st.container(horizontal=True, vertical_alignment="bottom")
        target = row.number_input(words("plan.goal_target"), 0.0, 100_000.0, 2.0, 1.0, key="_goal", width=320)
        if not row.button(words("plan.goal_ask"), key="goal_seek"):
            return
        with st.spinner(words("app.computing")):
            found = plans.goal(view.viewer, view.workspace, float(target), view.scenario, view.scope, view.outlook.target_year)
        basis = plans.present(view.viewer, view.workspace, view.scenario)
        for item in found:
            name = words(f"lever.{item.lever}.label")
            text = (
                words(
                    "plan.goal_hit", lever=name, present=words.number(basis[item.lever], None), value=words.number(float(item.value), None)
                )
                if item.reached
                else words("plan.goal_miss", lever=name, value=words.number(float(item.value), None), result=float(item.result))
            )
            st.markdown(f"- {plain(text)}")


# the action list


def actions_page(view: View) -> None:
    words = view.words
    try:
        found = action_list.actions(view.viewer, view.workspace, view.scenario)
    except Refusal as refusal:
        heading(view, words("actions.empty"), refusal_text(words, refusal))
        st.page_link("pages/plan.py", label=words("nav.plan"), icon=":material/arrow_forward:")
        _edit(view, None)
        return
    facts = found.facts
    lead = [words("actions.lead", n=facts["unowned"])] if facts["unowned"] else []
    lead += [words("actions.over", n=facts["over"])] if facts["over"] else []
    heading(view, words("actions.title", n=facts["open"], fte=float(facts["expected"])), " ".join(lead))
    items = [
        Kpi(words(f"actions.kpi_{name}"), words.number(int(facts[key]), 0))
        for name, key in (("open", "open"), ("unowned", "unowned"), ("late", "late"))
    ]
    if may(view.viewer, Right.MONEY):
        items.append(Kpi(words("actions.kpi_cost"), words.euro(float(facts["cost"]))))
    kpi_row(words, items)
    _edit(view, found)
    card(view, _timeline(view, found))
    shown = found.table.assign(
        lever=[words(f"plan_lever.{lever}") for lever in found.table["lever"]],
        status=[words(f"action_status.{status}") for status in found.table["status"]],
        start=[_written(words, day) for day in found.table["start"]],
        due=[_written(words, day) for day in found.table["due"]],
        over=[words("yes_no.yes" if over else "yes_no.no") for over in found.table["over"]],
    )
    names = {
        "lever": "measure",
        "role": "present_role",
        **{name: name for name in ("owner", "start", "due", "units", "cost", "status", "expected", "realised", "over", "note")},
    }
    table_card(view, "actions", words("actions.table_title"), titled(words, shown.round(1), names), height=320)


def _written(words: Words, day: Any) -> str:
    return "" if pd.isna(day) else words.day(pd.Timestamp(day).date(), short=True)


def _timeline(view: View, found: Actions) -> Told:
    words, colours = view.words, view.palette
    line = found.timeline[found.timeline["expected"] > 0.05]
    last = line.sort_values("year").groupby("role", as_index=False).last().sort_values("expected", ascending=False)
    top = last.head(14)
    within = top[["expected"]].min(axis=1).clip(upper=top["gap"].clip(lower=0.0)).tolist()
    parts = [(words("col.expected"), within, colours.have), (words("col.over"), top["over"].clip(lower=0.0).tolist(), colours.need)]
    table = titled(
        words,
        found.timeline.round(1).assign(year=found.timeline["year"].astype(str)),
        {"role": "present_role", "expected": "expected", "over": "over"},
    )
    table.insert(1, words("column.year"), found.timeline["year"].tolist())
    figure = growing.stacked("timeline", top["role"].tolist(), parts, table, words("actions.timeline_title"), words, colours)
    return Told(words("actions.timeline_title"), figure, ("shortage",))


def _edit(view: View, found: Actions | None) -> None:
    words = view.words
    if not may(view.viewer, Right.SCENARIOS):
        st.caption(words("actions.read_only"))
        return
    columns = ["id", "lever", "role", "owner", "start", "due", "units", "status", "note"]
    frame = found.table[columns].copy() if found is not None else pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    frame["lever"] = frame["lever"].map(lambda code: words(f"plan_lever.{code}"))
    frame["status"] = frame["status"].map(lambda code: words(f"action_status.{code}"))
    frame["units"] = pd.to_numeric(frame["units"])
    for name in ("start", "due"):
        frame[name] = pd.to_datetime(frame[name])
    config = st.column_config
    levers, statuses = {words(f"plan_lever.{code}"): code for code in LEVERS}, {words(f"action_status.{code}"): code for code in STATUSES}
    roles = sorted({*view.outlook.groups["role"].unique(), *frame["role"].dropna().tolist()})
    with st.container(border=True):
        st.markdown(f"##### {words('actions.table_title')}")
        st.caption(words("actions.edit_note"))
        edited = st.data_editor(
            frame,
            num_rows="dynamic",
            hide_index=True,
            key="action_editor",
            column_config={
                "id": None,
                "lever": config.SelectboxColumn(words("col.measure"), options=list(levers), required=True),
                "role": config.SelectboxColumn(words("col.present_role"), options=roles, required=True),
                "owner": config.TextColumn(words("col.owner"), max_chars=80),
                "start": config.DateColumn(words("col.start")),
                "due": config.DateColumn(words("col.due")),
                "units": config.NumberColumn(words("col.units"), min_value=0.0, step=0.1),
                "status": config.SelectboxColumn(words("col.status"), options=list(statuses), default=words("action_status.planned")),
                "note": config.TextColumn(words("col.note"), max_chars=500),
            },
        )
        if st.button(words("actions.save"), key="save_actions", type="primary"):
            rows = edited.to_dict(orient="records")
            for row in rows:
                row["lever"], row["status"] = levers.get(row["lever"], ""), statuses.get(row["status"], "planned")
                row["id"], row["owner"], row["note"] = (row[name] if isinstance(row[name], str) else "" for name in ("id", "owner", "note"))
            try:
                st.toast(words("actions.saved", n=action_list.save(view.viewer, view.workspace, rows)))
                st.rerun()
            except Refusal as refusal:
                st.error(refusal_text(words, refusal))
