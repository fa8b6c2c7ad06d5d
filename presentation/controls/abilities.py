"""What stands on the pages about skills, changing work and ways from work to work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from presentation.charts import growing
from presentation.controls.cards import card, heading, kpi_row, plain, table_card
from presentation.controls.frame import refusal_text
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.session import View
from presentation.texts import Words
from workflows import changing as changing_work
from workflows import people, routes
from workflows import skills as skill_work
from workflows.access import Right, may
from workflows.changing import Changing
from workflows.routes import Routes
from workflows.skills import SkillOutlook
from workflows.types import Refusal

Made = TypeVar("Made")
SHOWN_SKILLS, SHOWN_ROLES, SHOWN_BARS = 14, 14, 14
HIDDEN = "[data-testid='stSidebar'],[data-testid='stHeader'],.st-key-topbar,.st-key-_from_role,button"
"""What does not belong on paper."""
PARTS = ("exits", "expiry", "decay", "training", "hires")


def answered(view: View, title: str, call: Callable[[], Made]) -> Made | None:
    """The answer, or its refusal as the page's empty state."""
    try:
        with st.spinner(view.words("app.computing")):
            return call()
    except Refusal as refusal:
        st.title(title, anchor=False)
        st.info(refusal_text(view.words, refusal))
        return None


def titled(words: Words, frame: pd.DataFrame, names: dict[str, str], **params: object) -> pd.DataFrame:
    """Only these columns, named in the reader's language: {column: key under [col]}."""
    shown = {name: words(f"col.{key}", **params) for name, key in names.items()}
    return frame[list(shown)].rename(columns=shown).reset_index(drop=True)


def percents(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: 100 * frame[name].astype(float) for name in names})


# skills


def skills_page(view: View) -> None:
    """Required against available, knowledge on few people, and where a skill sits."""
    words, found = view.words, view.outlook
    told = answered(view, words("nav.skills"), lambda: skill_work.skills(view.viewer, view.workspace, view.scenario, found.target_year))
    if told is None:
        return
    held = told.knowledge[told.knowledge["needed"]]
    last = held[(held["holders"] > 0) & ((held["holders"] - held["leaving"]) <= 1.05)]
    few = held[held["few"] & (held["holders"] > 0)]
    heading(view, _skills_title(view, told, last, few), _skills_lead(view, told, last if len(last) else few))
    kpi_row(words, _skills_kpis(view, told, last, few))
    st.caption(words("skills.assessed", share=words.percent(told.people_assessed)))
    card(view, _coverage(view, told))
    table_card(
        view,
        "knowledge",
        words("skills.risk_title"),
        _risk_table(words, held),
        terms=("single_point",) if words.known("term.single_point.word") else (),
    )
    st.caption(words("skills.risk_note"))
    table_card(view, "skill_gaps", words("skills.gap_title"), _gap_table(words, told), height=420)
    _drill(view, told)
    st.caption(words("skills.half_life", **{kind: told.half_life[kind] for kind in ("technical", "professional", "general")}))


def _skills_title(view: View, told: SkillOutlook, last: pd.DataFrame, few: pd.DataFrame) -> str:
    words = view.words
    if len(last):
        return words("skills.title", n=len(last), year=told.year)
    if view.viewer.k > 1 and len(few):
        return words("skills.title_few", n=len(few), k=view.viewer.k)
    return words("skills.title_none", year=told.year, skill=told.facts["worst"])


def _skills_lead(view: View, told: SkillOutlook, few: pd.DataFrame) -> str:
    words, facts = view.words, told.facts
    names = [plain(f"{row.skill} ({words.number(row.holders, 0)})") for row in few.head(4).itertuples()]
    first = words("skills.lead", names=names, year=told.year, skill=facts["worst"], gap=facts["worst_gap"]) if names else ""
    near = told.by_skill.assign(part=lambda frame: frame["near"] / frame["gap"].clip(lower=1.0))
    near = near[(near["gap"] >= 5) & (near["near"] >= 10)].sort_values("part", ascending=False)
    second = words("skills.lead_near", skill=near["skill"].iloc[0], n=round(near["near"].iloc[0])) if len(near) else ""
    return " ".join(filter(None, (first, second)))


def _skills_kpis(view: View, told: SkillOutlook, last: pd.DataFrame, few: pd.DataFrame) -> list[Kpi]:
    words, facts, year = view.words, told.facts, told.year
    count = len(last) if view.viewer.k <= 1 else len(few)
    return [
        Kpi(words("skills.kpi_short", year=year), words.number(facts["short"], 0), "", words("skills.kpi_short_note", n=facts["skills"])),
        Kpi(words("skills.kpi_single", year=year), words.number(count, 0), "", words("skills.kpi_single_note", n=facts["single"])),
        Kpi(words("skills.kpi_worst", year=year), f"{words.number(facts['worst_gap'])} fte", "", str(facts["worst"])),
        Kpi(words("skills.kpi_assessed"), words.percent(told.people_assessed), "", words("skills.kpi_assessed_note")),
    ]


def _coverage(view: View, told: SkillOutlook) -> Told:
    words = view.words
    rows = told.by_role.sort_values("gap", ascending=False)
    per_skill = told.by_skill.assign(part=lambda frame: frame["gap"] / frame["required_then"].clip(lower=5.0))
    names = per_skill.sort_values("part", ascending=False)["skill"].head(SHOWN_SKILLS).tolist()
    roles = rows[rows["skill"].isin(names)].groupby("role")["gap"].sum().nlargest(SHOWN_ROLES).index.tolist()
    wide = rows.pivot_table(index="skill", columns="role", values="coverage_then", aggfunc="first", dropna=False)
    wide = wide.reindex(index=names, columns=roles)
    columns = {
        "role": "present_role",
        "skill": "skill",
        "level": "level",
        "required_then": "required_then",
        "low_then": "low_then",
        "middle_then": "middle_then",
        "high_then": "high_then",
        "coverage_then": "coverage",
        "assessed": "assessed",
    }
    table = titled(words, percents(rows, "coverage_then", "assessed"), columns, year=told.year)
    title = words("skills.heat_title", year=told.year)
    return Told(title, growing.coverage(wide, table, words, view.palette), (), words("skills.heat_note"))


def _risk_table(words: Words, held: pd.DataFrame) -> pd.DataFrame:
    rows = percents(held.head(25), "chance_lost")
    columns = {
        "skill": "skill",
        "holders": "holders",
        "unknown": "unknown",
        "leaving": "leaving",
        "leaving_pension": "leaving_pension",
        "chance_lost": "chance_lost",
        "replace_months": "replace_months",
        "criticality": "criticality",
    }
    return titled(words, rows.round({"leaving": 1, "leaving_pension": 1, "chance_lost": 0, "criticality": 3}), columns)


def _gap_table(words: Words, told: SkillOutlook) -> pd.DataFrame:
    rows = percents(told.by_skill, "assessed").round(1)
    columns = {
        "skill": "skill",
        "required_now": "required_now",
        "middle_now": "middle_now",
        "required_then": "required_then",
        "low_then": "low_then",
        "middle_then": "middle_then",
        "high_then": "high_then",
        "gap": "skill_gap",
        "near": "near",
        "assessed": "assessed",
    }
    return titled(words, rows, columns, year=told.year)


def _drill(view: View, told: SkillOutlook) -> None:
    words = view.words
    names = told.by_skill["skill"].tolist()
    with st.container(border=True):
        chosen = st.selectbox(words("skills.drill"), names, key="_skill")
        here = skill_work.holders(view.viewer, view.workspace, chosen)
        st.markdown(f"##### {plain(words('skills.drill_title', skill=chosen, n=int(here['holders'].sum())))}")
        left, right = st.columns(2)
        names_ = {"role": "present_role", "holders": "holders", "people": "people_count"}
        left.dataframe(titled(words, here, names_), hide_index=True, alt=chosen)
        row = told.by_skill[told.by_skill["skill"] == chosen].iloc[0]
        keys = ("exits", "expiry", "decay", "training", "new_people")
        steps = pd.DataFrame(
            {
                words("skills.parts", year=told.year): [words(f"col.{key}") for key in keys],
                "fte": [round(float(row[part]), 1) for part in PARTS],
            }
        )
        right.dataframe(steps, hide_index=True, alt=chosen)


# changing work


def changing_page(view: View) -> None:
    words, found = view.words, view.outlook
    told = answered(
        view,
        words("nav.changing"),
        lambda: changing_work.changing(view.viewer, view.workspace, view.scenario, view.scope, found.target_year),
    )
    if told is None:
        _own_estimate(view)
        return
    facts, year = told.facts, told.year
    number = {name: facts[name] for name in ("open_work", "looking")}
    lead = [words("changing.lead", short=facts["still_short"], **number)]
    if told.hidden is not None and told.hidden.roles:
        names = [plain(role) for role in told.hidden.roles[:3]]
        looking = told.hidden.hidden
        lead.append(words("changing.hidden", year=told.as_of.year + told.hidden.step, roles=names, looking=looking))
    heading(view, words("changing.title", year=year, automated=facts["automated"], absorbed=facts["absorbed"]), " ".join(lead))
    st.info(
        words("changing.honest") + (" " + words("changing.unscored", share=words.percent(told.unscored)) if told.unscored > 0.005 else "")
    )
    kpi_row(
        words,
        [
            Kpi(words("changing.kpi_exposed"), words.percent(told.mean) if told.mean == told.mean else "–"),
            Kpi(words("changing.kpi_automated", year=year), f"{words.number(facts['automated'])} fte"),
            Kpi(words("changing.kpi_absorbed"), f"{words.number(facts['absorbed'])} fte"),
            Kpi(words("changing.kpi_looking"), f"{words.number(facts['looking'])} fte"),
        ],
    )
    card(view, _ledger(view, told))
    card(view, _ledger_years(view, told))
    card(view, _quadrant(view, told))
    corner = told.corners[told.corners["roles"] > 0]
    corner = corner.assign(
        advice=[words(f"advice.{code}") for code in corner["advice"]], names=[", ".join(names) for names in corner["names"]]
    )
    table_card(
        view,
        "corners",
        words("changing.corner_title"),
        titled(words, corner, {"advice": "advice", "roles": "roles_count", "fte": "fte_now", "names": "names"}),
    )
    table_card(view, "exposed", words("changing.roles_title"), _exposure_table(words, told), height=360)
    _own_estimate(view)


def _ledger(view: View, told: Changing) -> Told:
    words, colours = view.words, view.palette
    rows = told.ledger[told.ledger["year"] == told.year].sort_values("automated", ascending=False)
    top = rows[rows["automated"] > 0.005].head(SHOWN_BARS)
    names = {
        "role": "present_role",
        **{name: name for name in ("automated", "absorbed", "open_work", "looking", "filled", "still_short", "already_over")},
    }
    table = titled(words, rows, names)
    parts = [
        (words(f"changing.{part}"), top[part].tolist(), colour)
        for part, colour in (("absorbed", colours.have), ("open_work", colours.plain), ("looking", colours.need))
    ]
    figure = growing.stacked("ledger", top["role"].tolist(), parts, table, words("changing.ledger_alt"), words, colours)
    return Told(words("changing.ledger_title", year=told.year), figure, (), words("changing.ledger_note"))


def _ledger_years(view: View, told: Changing) -> Told:
    words, colours = view.words, view.palette
    frame = told.ledger.groupby("year", as_index=False)[["automated", "absorbed", "open_work", "looking", "still_short"]].sum()
    series = [
        (words(f"changing.{name}"), frame[name].tolist(), colour, dash)
        for name, colour, dash in (
            ("automated", colours.ink, "solid"),
            ("absorbed", colours.have, "solid"),
            ("looking", colours.need, "dash"),
        )
    ]
    table = frame.rename(columns={"year": words("column.year")} | {name: words(f"col.{name}") for name in frame.columns if name != "year"})
    figure = growing.lines("ledger_years", frame["year"].tolist(), series, table, words("changing.years_alt"), words, colours)
    return Told(words("changing.years_title"), figure, (), words("changing.years_note"))


def _quadrant(view: View, told: Changing) -> Told:
    words = view.words
    frame = told.quadrant
    shown = percents(frame, "leaving", "automatable").assign(advice=[words(f"advice.{code}") for code in frame["advice"]])
    table = titled(
        words, shown, {"role": "present_role", "fte": "fte_now", "leaving": "leaving_pension", "automatable": "exposed", "advice": "advice"}
    )
    title = words("changing.quadrant_title", fte=float(told.facts.get("corner_recruit_hand_over", 0.0)))
    return Told(title, growing.quadrant(frame, told.year, table, words, view.palette), (), words("changing.quadrant_note"))


def _exposure_table(words: Words, told: Changing) -> pd.DataFrame:
    rows = told.roles.sort_values("exposed", ascending=False)
    source = [
        words("changing.source_own", note=row.note)
        if row.estimated
        else words("changing.source_ilo", code=row.isco)
        if row.exposed == row.exposed and row.isco
        else words("changing.source_none")
        if row.exposed != row.exposed
        else "ILO 2025"
        for row in rows.itertuples()
    ]
    rows = percents(rows.assign(source=source), "exposed").round(1)
    return titled(
        words,
        rows,
        {"role": "present_role", "fte": "fte_now", "exposed": "exposed", "replaced": "replaced", "helped": "helped", "source": "source"},
    )


def _own_estimate(view: View) -> None:
    """HR may correct a score or confirm a code; everybody sees that it was an own estimate."""
    words = view.words
    if not may(view.viewer, Right.DEMAND):
        return
    with st.expander(words("changing.own_title")):
        for row in changing_work.suggestions(view.viewer, view.workspace).itertuples():
            st.caption(plain(words("changing.suggest", role=row.role, title=row.title, isco=row.isco)))
        with st.form("own_exposure", border=False):
            role = st.selectbox(
                words("changing.own_role"), view.outlook.groups["role"].drop_duplicates().sort_values().tolist(), key="_own_role"
            )
            isco = st.text_input(words("changing.own_isco"), key="_own_isco", max_chars=4)
            use = st.checkbox(words("changing.own_use"), key="_own_use")
            share = st.slider(words("changing.own_share"), 0, 100, 40, key="_own_share")
            note = st.text_input(words("changing.own_note"), key="_own_note", max_chars=200)
            if st.form_submit_button(words("changing.own_save")):
                try:
                    changing_work.choose(view.viewer, view.workspace, role, isco.strip(), share / 100 if use else None, note)
                    st.toast(words("changing.own_saved", role=role))
                    st.rerun()
                except Refusal as refusal:
                    st.error(refusal_text(words, refusal))


# from work to work


def chosen_role(view: View, title: str) -> str | None:
    known = answered(view, title, lambda: routes.choices(view.viewer, view.workspace))
    return None if known is None else str(st.selectbox(view.words("routes.from"), known, key="_from_role", persist_state="session"))


def routes_page(view: View) -> None:
    words, found = view.words, view.outlook
    head = st.container()
    role = chosen_role(view, words("nav.routes"))
    if role is None:
        return
    group = st.number_input(words("routes.people"), 1, 500, 5, key="_group", width=220)
    told = answered(
        view, words("nav.routes"), lambda: routes.from_role(view.viewer, view.workspace, role, view.scenario, found.target_year, int(group))
    )
    if told is None:
        return
    with head:
        nearest = told.ways.sort_values("hours").head(1)
        title = (
            words("routes.title", n=len(told.ways), role=plain(role), to=nearest["role"].iloc[0], hours=float(nearest["hours"].iloc[0]))
            if len(nearest)
            else words("routes.title_none", role=plain(role))
        )
        heading(view, title, words("routes.lead"))
    table_card(view, "ways", words("routes.by_role"), ways_table(words, told))
    _leaving(view, told)
    left, right = st.columns(2)
    with left:
        _by_wish(view)
    with right:
        _outside(view, told)
    moves = answered(view, words("nav.routes"), lambda: routes.overview(view.viewer, view.workspace, view.scenario, found.target_year))
    if moves is not None:
        title = words("routes.moves_title", n=round(float(moves["people"].sum()))) if len(moves) else words("routes.moves_none")
        table_card(
            view,
            "moves",
            title,
            titled(words, moves, {"role": "present_role", "to": "to_role", "people": "people_count", "hours": "hours"}),
        )
        st.caption(words("routes.moves_note", year=told.year))
    _matches(view)


def ways_table(words: Words, told: Routes) -> pd.DataFrame:
    rows = percents(told.ways, "coverage").round(1)
    rows = rows.assign(via=[", ".join(via) for via in rows["via"]], trainings=[", ".join(names) for names in rows["trainings"]])
    names = {
        "role": "to_role",
        "via": "via",
        "hours": "hours",
        "cost": "cost",
        "pay_difference": "pay_difference",
        "coverage": "fit",
        "wished": "wished",
        "openings": "openings",
        "safe": "safe",
        "trainings": "trainings",
    }
    return titled(words, rows, {name: key for name, key in names.items() if name in rows})


def _leaving(view: View, told: Routes) -> None:
    words, cost = view.words, told.cost
    if cost is None:
        return
    key = "routes.cost_title" if cost.difference > 0 else "routes.cost_cheaper"
    title = words(key, n=told.group, leaving=words.euro(cost.leaving), retraining=words.euro(cost.retraining))
    parts = ("payment", "notice", "guidance", "refill", "leaving", "retraining")
    table = pd.DataFrame(
        {
            words("col.measure"): [words(f"routes.{part}") for part in parts],
            words("col.cost"): [round(getattr(cost, part)) for part in parts],
        }
    )
    table_card(view, "leaving_cost", title, table)
    st.caption(words("routes.cost_note"))


def _by_wish(view: View) -> None:
    words = view.words
    try:
        rows = routes.wishes(view.viewer, view.workspace)
    except Refusal as refusal:
        st.info(refusal_text(words, refusal))
        return
    names = {"to": "to_role", "people": "people_count", "hours_low": "hours_low", "hours_high": "hours_high", "without": "without_way"}
    table_card(view, "wishes", words("routes.by_wish"), titled(words, rows, names))
    st.caption(words("routes.by_wish_note"))


def _outside(view: View, told: Routes) -> None:
    words = view.words
    if told.outside.empty:
        st.info(words("routes.outside_none"))
        return
    rows = told.outside.head(12)
    rows = rows.assign(title=rows[f"title_{words.lang}"], relation=[words(f"col.{code}") for code in rows["relation"]])
    table_card(
        view,
        "outside",
        words("routes.outside_title"),
        titled(words, rows, {"title": "title", "relation": "relation", "ratio": "tightness"}),
    )
    st.caption(words("routes.outside_note"))


def _matches(view: View) -> None:
    """Names beside a vacancy, for HR alone, and only when asked for: every look is logged."""
    words = view.words
    if not may(view.viewer, Right.PERSONS):
        return
    with st.expander(words("routes.match_title")):
        st.caption(words("routes.match_note"))
        role = st.selectbox(words("routes.match_role"), routes.choices(view.viewer, view.workspace), key="_vacancy")
        if not st.button(words("routes.match_show"), key="_show_matches"):
            return
        rows = people.matches(view.viewer, view.workspace, (role,))
        rows = rows.assign(
            reason=[words(f"routes.reason.{code}") for code in rows["reason"]],
            missing=[", ".join(names) for names in rows["missing"]],
            trainings=[", ".join(names) for names in rows["trainings"]],
        )
        names = {name: name for name in ("present_role", "employee_id", "reason", "missing", "trainings")}
        st.dataframe(titled(words, rows, names), hide_index=True, alt=words("routes.match_title"))


# one role


def role_page(view: View) -> None:
    """One role on one printable page, with no person in it."""
    words, found = view.words, view.outlook
    st.html(f"<style>@media print{{{HIDDEN}{{display:none!important}}}}</style>")
    head = st.container()
    role = chosen_role(view, words("nav.role_outlook"))
    if role is None:
        return
    told = answered(
        view, words("nav.role_outlook"), lambda: routes.from_role(view.viewer, view.workspace, role, view.scenario, found.target_year)
    )
    if told is None:
        return
    with head:
        heading(view, words("role_outlook.title", role=plain(role), year=told.year), words("role_outlook.lead"))
    for line in _role_lines(view, role, told):
        st.markdown(f"- {plain(line)}")
    st.markdown(f"##### {words('role_outlook.skills_title')}")
    asked = told.asked.sort_values(["weight", "skill"], ascending=[False, True])
    for key, part in (("rising", asked[asked["change"] > 0]), ("falling", asked[asked["change"] < 0])):
        if len(part):
            st.markdown(f"- {words(f'role_outlook.{key}', names=part['skill'].tolist())}")
    if not asked["change"].any():
        st.markdown(f"- {words('role_outlook.steady')}")
    st.dataframe(titled(words, asked, {"skill": "skill", "level": "level", "weight": "weight"}), hide_index=True, alt=role, width=560)
    st.markdown(f"##### {words('role_outlook.routes_title')}")
    ways = ways_table(words, told).head(6)
    st.dataframe(ways[[words(f"col.{key}") for key in ("to_role", "via", "hours", "fit", "trainings")]], hide_index=True, alt=role)
    st.markdown(f"##### {words('role_outlook.talk_title')}")
    st.markdown(words("role_outlook.talk"))
    st.caption(words("role_outlook.print"))


def _role_lines(view: View, role: str, told: Routes) -> list[str]:
    words, found = view.words, view.outlook
    rows = found.groups[found.groups["role"] == role]
    sums = rows.groupby("year")[["demand_fte", "supply_fte", "gap_fte"]].sum()
    out = []
    if told.year in sums.index and found.as_of.year in sums.index:
        then = sums.loc[told.year]
        out.append(
            words("role_outlook.work", now=float(sums["demand_fte"].loc[found.as_of.year]), then=float(then["demand_fte"]), year=told.year)
        )
        key = "role_outlook.people" if then["gap_fte"] >= 0 else "role_outlook.people_over"
        out.append(words(key, people=told.people, year=told.year, supply=float(then["supply_fte"]), gap=abs(float(then["gap_fte"]))))
    try:
        change = changing_work.changing(view.viewer, view.workspace, view.scenario, view.scope, told.year).roles
        mine = change[change["role"] == role]
    except Refusal:
        mine = pd.DataFrame()
    if len(mine) and mine["exposed"].notna().all():
        row = mine.iloc[0]
        out.append(
            words(
                "role_outlook.exposure",
                share=words.percent(float(row["exposed"])),
                year=told.year,
                replaced=float(row["replaced"]),
                helped=float(row["helped"]),
            )
        )
    else:
        out.append(words("role_outlook.exposure_none"))
    return out
