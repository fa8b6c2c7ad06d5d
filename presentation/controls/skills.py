"""The page about skills: required against available, knowledge on few people, and where a skill sits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from presentation.charts import growing
from presentation.controls import widths
from presentation.controls.answering import answered, percents, titled
from presentation.controls.cards import card, heading, kpi_row, plain, shown_table, table_card
from presentation.controls.linking import esco_card
from presentation.controls.telling import told_line
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.session import View
from presentation.texts import Words
from workflows import esco
from workflows import skills as skill_work
from workflows.skills import Coverage, SkillOutlook

SHOWN_SKILLS, SHOWN_ROLES, PHONE_ROLES = 14, 14, 6
PARTS = ("exits", "expiry", "decay", "training", "hires")


def skills_page(view: View) -> None:
    """Required against available, knowledge on few people, and where a skill sits."""
    words = view.words
    asked = view.viewer, view.workspace, view.scenario, view.year
    top = st.container()
    covered = answered(view, words("nav.skills"), lambda: skill_work.coverage(*asked))
    if covered is None:
        return
    card(view, _coverage(view, covered))  # follows the sliders first; what stands above it takes as long again
    told = skill_work.skills(*asked)
    with top:
        _conclusion(view, told)
    table_card(view, "knowledge", words("skills.risk_title"), _risk_table(view, told.knowledge[told.knowledge["needed"]]))
    st.caption(words("skills.risk_note"))
    known = esco.titles(view.viewer, view.workspace, words.lang)
    first = (words("col.skill"), words("col.skill_gap", year=told.year))
    table_card(view, "skill_gaps", words("skills.gap_title"), _gap_table(words, told, known), height=420, phone=first)
    _drill(view, told, known)
    esco_card(view)
    st.caption(words("skills.half_life", **{kind: told.half_life[kind] for kind in ("technical", "professional", "general")}))


def _conclusion(view: View, told: SkillOutlook) -> None:
    words = view.words
    held = told.knowledge[told.knowledge["needed"]]
    last = held[(held["holders"] > 0) & ((held["holders"] - held["leaving"]) <= 1.05)]
    few = held[held["few"] & ~held["missing"]]
    heading(view, plain(_skills_title(view, told, last, few)), _skills_lead(view, told, last if len(last) else few))
    kpi_row(words, _skills_kpis(view, told, last, few))
    key = "skills.assessed_part" if view.viewer.units else "skills.assessed"
    st.caption(words(key, share=words.percent(told.people_assessed)))
    told_line(view)
    if view.viewer.units:
        st.caption(words("skills.departments", n=round(float(told.facts["people"]))))


def _skills_title(view: View, told: SkillOutlook, last: pd.DataFrame, few: pd.DataFrame) -> str:
    words = view.words
    if len(last):
        return words("skills.title", n=len(last), year=told.year)
    if view.viewer.k > 1 and len(few):
        return words("skills.title_few", n=len(few), k=view.viewer.k)
    return words("skills.title_none", year=told.year, skill=told.facts["worst"])


def _skills_lead(view: View, told: SkillOutlook, few: pd.DataFrame) -> str:
    words, facts = view.words, told.facts
    names = [plain(f"{row.skill} ({_count(view, float(row.holders))})") for row in few.head(4).itertuples()]
    first = words("skills.lead", names=names, year=told.year, skill=plain(str(facts["worst"])), gap=facts["worst_gap"]) if names else ""
    gap, near = told.by_skill["gap"].to_numpy(float), told.by_skill["near"].to_numpy(float)
    part = np.where((gap >= 5) & (near >= 10), near / np.maximum(gap, 1.0), 0.0)
    most = int(part.argmax()) if len(part) else 0
    second = ""
    if len(part) and part[most] > 0:
        second = words("skills.lead_near", skill=plain(str(told.by_skill["skill"].iloc[most])), n=round(float(near[most])))
    renew = float(facts["renew_fte"])
    third = words("skills.lead_renew", skill=plain(str(facts["renew"])), year=told.year, n=round(renew)) if renew >= 10 else ""
    return " ".join(filter(None, (first, second, third)))


def _count(view: View, holders: float) -> str:
    """How many hold a skill; where so few were assessed that it is not told, only that."""
    return view.words("skills.fewer_than", k=view.viewer.k) if holders != holders else view.words.number(holders, 0)


def _skills_kpis(view: View, told: SkillOutlook, last: pd.DataFrame, few: pd.DataFrame) -> list[Kpi]:
    words, facts, year = view.words, told.facts, told.year
    if view.viewer.k > 1:  # what hangs on one person is not told to who sees groups
        held = words("skills.kpi_few", k=view.viewer.k), len(few), words("skills.kpi_short_note", n=facts["skills"])
    else:
        held = words("skills.kpi_single", year=year), len(last), words("skills.kpi_single_note", n=facts["single"])
    return [
        Kpi(
            words("skills.kpi_short", year=year),
            words.number(facts["short"], 0),
            "",
            words("skills.kpi_short_note", n=facts["skills"]),
            terms=("skill", "shortage"),
        ),
        Kpi(
            held[0],
            words.number(held[1], 0),
            "",
            held[2],
            terms=("single_point",),
        ),
        Kpi(
            words("skills.kpi_worst", year=year),
            f"{words.number(facts['worst_gap'])} {words('axis.fte')}",
            "",
            str(facts["worst"]),
            terms=("skill", "shortage"),
        ),
        Kpi(
            words("skills.kpi_assessed"),
            words.percent(told.people_assessed),
            "",
            words("skills.kpi_assessed_note"),
            terms=("not_assessed",),
        ),
    ]


def _worst_covered(words: Words, wide: pd.DataFrame, year: int) -> str:
    """The box with the least of what is needed."""
    boxes = wide.to_numpy(float)
    if np.isnan(boxes).all():
        return words("skills.heat_none", year=year)
    skill, role = np.unravel_index(np.nanargmin(boxes), boxes.shape)
    share = words.percent(float(boxes[skill, role]))
    return words("skills.heat_title", year=year, skill=wide.index[skill], role=wide.columns[role], share=share)


def _boxes(rows: pd.DataFrame, by_skill: pd.DataFrame) -> pd.DataFrame:
    """Coverage (0-1, NaN: no such need or not told) of the skills of which most is lacking for their size, by the roles that lack most of
    them."""
    part = (by_skill["gap"] / by_skill["required_then"].clip(lower=5.0)).to_numpy(float)
    names = by_skill["skill"].to_numpy(object)[np.argsort(-part, kind="stable")][:SHOWN_SKILLS].tolist()
    at = {name: number for number, name in enumerate(names)}
    boxes = [box for box in zip(*(rows[name].tolist() for name in ("role", "skill", "gap", "coverage_then")), strict=True) if box[1] in at]
    lacking: dict[str, float] = {}
    for role, _, gap, _ in boxes:
        lacking[role] = lacking.get(role, 0.0) + (gap if gap == gap else 0.0)
    roles = sorted(lacking, key=lambda role: (-lacking[role], role))[:SHOWN_ROLES]
    beside = {role: number for number, role in enumerate(roles)}
    grid = np.full((len(names), len(roles)), np.nan)
    for role, skill, _, covered in boxes:
        if role in beside:
            grid[at[skill], beside[role]] = covered
    return pd.DataFrame(grid, index=pd.Index(names, dtype="str"), columns=pd.Index(roles, dtype="str"))


def _coverage(view: View, told: Coverage) -> Told:
    words = view.words
    wide = _boxes(told.by_role, told.by_skill)
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

    def table() -> pd.DataFrame:
        rows = told.by_role.sort_values("gap", ascending=False)
        return titled(words, percents(rows, "coverage_then", "assessed"), columns, year=told.year)

    title = _worst_covered(words, wide, told.year)
    if widths.on_phone():  # the box of the title among them
        roles, least = wide.columns.tolist(), wide.min()
        wide = wide[sorted(roles, key=lambda role: (least[role] > least.min(), roles.index(role)))[:PHONE_ROLES]].dropna(how="all")
    return Told(
        title,
        growing.coverage(wide, table, words, view.palette, widths.on_phone()),
        ("skill", "expected_stop", "not_assessed"),
        words("skills.heat_note"),
    )


def _risk_table(view: View, held: pd.DataFrame) -> pd.DataFrame:
    words, rows = view.words, percents(held.head(25), "chance_lost")
    if rows["holders"].isna().any():
        rows["holders"] = [_count(view, float(value)) for value in rows["holders"]]
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


def _gap_table(words: Words, told: SkillOutlook, known: dict[str, str]) -> pd.DataFrame:
    rows = percents(told.by_skill, "assessed").round(1).assign(esco=[known.get(skill, "") for skill in told.by_skill["skill"]])
    columns = {
        "skill": "skill",
        "required_now": "required_now",
        "middle_now": "middle_now",
        "required_then": "required_then",
        "middle_then": "middle_then",
        "gap": "skill_gap",
        "near": "near",
        "assessed": "assessed",
        "low_then": "low_then",
        "high_then": "high_then",
    } | ({"esco": "esco"} if known else {})
    return titled(words, rows, columns, year=told.year)


def _drill(view: View, told: SkillOutlook, known: dict[str, str]) -> None:
    words = view.words
    names = told.by_skill["skill"].tolist()
    with st.container(border=True):
        chosen = st.selectbox(words("skills.drill"), names, key="_skill")
        here = skill_work.holders(view.viewer, view.workspace, chosen)
        st.markdown(f"##### {plain(words('skills.drill_title', skill=chosen, n=int(here['holders'].sum())))}")
        if chosen in known:
            st.caption(plain(words("esco.drill", title=known[chosen])))
        left, right = st.columns(2)
        names_ = {"role": "present_role", "holders": "holders", "people": "people_count"}
        with left:
            shown_table(titled(words, here, names_), chosen)
        row = told.by_skill[told.by_skill["skill"] == chosen].iloc[0]
        keys = ("exits", "expiry", "decay", "training", "new_people")
        steps = pd.DataFrame(
            {
                words("skills.parts", year=told.year): [words(f"col.{key}") for key in keys],
                words("axis.fte"): [round(float(row[part]), 1) for part in PARTS],
            }
        )
        with right:
            shown_table(steps, chosen)
