"""One role on one printable page, with no person in it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation.controls.answering import answered, titled
from presentation.controls.cards import heading, named_table, plain, source_line
from presentation.controls.routes import chosen_role, ways_table
from presentation.exports.role_sheet import Part, role_sheet
from presentation.session import View
from presentation.texts import Words
from workflows import changing as changing_work
from workflows import routes
from workflows.outlook import total
from workflows.routes import Routes
from workflows.types import Refusal, Scope

HIDDEN = "[data-testid='stSidebar'],[data-testid='stHeader'],.st-key-topbar,.st-key-_from_role,button"
"""What does not belong on paper."""


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
        heading(view, plain(_title(view, role, told)), words("role_outlook.lead"))
    parts = _parts(view, role, told)
    for at, (title, sentences, table) in enumerate(parts):
        st.markdown(f"##### {title}")
        for line in sentences:
            st.markdown(f"- {plain(line)}")
        if table is not None and len(table):
            named_table(view.words, f"part_{at}", table, title)
    sheet = role_sheet(_title(view, role, told), words("role_outlook.lead"), parts, source_line(view), words)
    st.download_button(
        words("role_outlook.file"), sheet, f"{role.replace('/', '-')}.html", "text/html", icon=":material/print:", key="role_file"
    )
    st.caption(words("role_outlook.print"))


def _title(view: View, role: str, told: Routes) -> str:
    """How work and people of the role stand in the target year, and the skill that rises most; the question where that is not told."""
    words, rows = view.words, view.outlook.groups
    gap = float(rows.loc[(rows["role"] == role) & (rows["year"] == told.year), "gap_fte"].sum())
    if not (rows["role"] == role).any():
        return words("role_outlook.title", role=role, year=told.year)
    key = "short" if gap >= 0.5 else "over" if gap <= -0.5 else "even"
    title = words(f"role_outlook.title_{key}", role=role, year=told.year, gap=abs(gap))
    rising = told.asked[told.asked["change"] > 0].sort_values(["change", "weight", "skill"], ascending=[False, False, True])
    return words("role_outlook.title_rising", title=title, skill=str(rising["skill"].iloc[0])) if len(rising) else title


def _parts(view: View, role: str, told: Routes) -> list[Part]:
    """What stands on the page, on the screen and in the file alike."""
    words = view.words
    asked = told.asked.sort_values(["weight", "skill"], ascending=[False, True])
    comes = [
        words(f"role_outlook.{key}", names=part["skill"].tolist())
        for key, part in (("rising", asked[asked["change"] > 0]), ("falling", asked[asked["change"] < 0]))
        if len(part)
    ] or [words("role_outlook.steady")]
    ways = ways_table(words, told).head(6)
    ways = ways[[words(f"col.{key}") for key in ("to_role", "via", "hours", "fit", "trainings")]]
    years, when = _years(view, role)
    return [
        (words("role_outlook.change_title"), [*_role_lines(view, role, told), *when], years),
        (words("role_outlook.skills_title"), comes, titled(words, asked, {"skill": "skill", "level": "level", "weight": "weight"})),
        (words("role_outlook.routes_title"), [], ways),
        (words("role_outlook.talk_title"), [words("role_outlook.talk")], None),
    ]


def _years(view: View, role: str) -> tuple[pd.DataFrame | None, list[str]]:
    """Per year what is needed and expected, with the range, and the first year short; nothing where the role is too small to tell."""
    words, found = view.words, view.outlook
    try:
        course = total(view.viewer, view.workspace, view.scenario, Scope((), (), (role,)))
    except Refusal:
        return None, []
    rows = course[course["year"] <= found.target_year].drop_duplicates("year", keep="last")
    names = ("year", "demand_fte", "supply_fte", "gap_fte", "gap_low", "gap_high")
    table = rows[list(names)].round(1).astype({"year": str})
    table.columns = [words(f"role_outlook.col_{name}") for name in names]
    last = rows.iloc[-1]
    when = words("role_outlook.range", year=int(last["year"]), low=float(last["gap_low"]), high=float(last["gap_high"]))
    return table, [when, when_short(words, rows)]


def when_short(words: Words, rows: pd.DataFrame) -> str:
    """From which year a shortage is more likely than not, or that it passes; rows: year and p_short, oldest first."""
    likely, end = rows["p_short"] > 0.5, int(rows["year"].iloc[-1])
    if not likely.any():
        return words("role_outlook.never", year=end)
    first = int(rows.loc[likely, "year"].iloc[0])
    return words("role_outlook.first", year=first) if likely.iloc[-1] else words("role_outlook.for_a_time", year=first, year_last=end)


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
