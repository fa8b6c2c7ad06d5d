"""From work to work: ways out of a role, what they ask and cost, who wants them, and what leaving would cost beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics import voices
from analytics.amounts import HOLIDAY_ALLOWANCE, Amount, amount, settling_in_cost, transition_payment
from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import Scenario
from analytics.skills.moves import LeavingCost, leaving_cost, outward, refilled
from analytics.skills.pooled import hidden_together
from analytics.skills.routes import flows, routes
from analytics.tables import reference
from workflows import tightness
from workflows.abilities import (
    LEAST_WISHES,
    Abilities,
    abilities,
    gap_per_role,
    kept,
    projected,
    routes_between,
    step_of,
)
from workflows.access import Right, may, require
from workflows.changing import changing
from workflows.narrowed import told_of
from workflows.owned import owned
from workflows.workspace import Workspace

MONEY = ("price", "cost", "pay_difference", "rank_cost")
SERVICE_YEARS = (0.5, 1.5, 3.5, 10.0)
"""Years of service taken for a tenure band when the transition payment of a group is estimated: own convention."""
HOLIDAY = 1 + HOLIDAY_ALLOWANCE
SETTLING_MONTHS = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """role; people; ways: see `analytics.skills.routes.routes`, rank_cost left out; without the right to money no amounts.
    outside: related occupations at other employers; cost: leaving beside retraining, for `group` people (None without money)."""

    as_of: date
    year: int
    sample: bool
    role: str
    people: float
    asked: pd.DataFrame
    ways: pd.DataFrame
    outside: pd.DataFrame
    group: int
    cost: LeavingCost | None


def choices(viewer: Viewer, workspace: Workspace) -> tuple[str, ...]:
    """Roles that can be asked about: with requirements, and told apart for this viewer. Refusals: not_allowed, no_data,
    no_requirements."""
    require(viewer, Right.GROUPS)
    found = told_of(viewer, workspace)
    if not found.required:
        raise Refusal("no_requirements")
    asking = kept(viewer, workspace, "asking", lambda: tuple(sorted(found.base.needs["role"].unique())))
    known = tuple(role for role in asking if _told(found, viewer, role))
    if viewer.units and not known:
        raise Refusal("nothing_in_scope")
    return known


def matters_most(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, year: int | None = None) -> str:
    """The role to open on, of `choices`: most people who need other work in the target year or are over already; where nobody is, the
    role of which technology takes the largest part. Refusals as `choices`, and no_requirements where there is nothing to choose."""
    require(viewer, Right.GROUPS)
    known = choices(viewer, workspace)
    if not known:
        raise Refusal("no_requirements")
    scenario, step = scenario or Scenario(), step_of(abilities(viewer, workspace), year)

    def make() -> str:
        told = _at_risk(viewer, workspace, scenario, step)
        told = told[told["role"].isin(list(known))]
        if told.empty:
            over = _short(viewer, workspace, scenario, step)
            return min(known, key=lambda role: (over.get(role, 0.0), role))
        return str(told.sort_values(["need", "part", "role"], ascending=[False, False, True])["role"].iloc[0])

    return kept(viewer, workspace, "matters_most", make, scenario, step)


def _at_risk(viewer: Viewer, workspace: Workspace, scenario: Scenario, step: int) -> pd.DataFrame:
    """role; need: fte of people who need other work or are over already, at least one or else nought; part: of the work that goes."""
    try:
        told = changing(viewer, workspace, scenario, None, abilities(viewer, workspace).data.as_of.year + step)
    except Refusal:  # no occupation codes
        return pd.DataFrame({"role": [], "need": [], "part": []})
    rows = told.ledger[told.ledger["step"] == step].merge(told.roles[["role", "fte"]], on="role")
    need = (rows["looking"] + rows["already_over"]).where(lambda fte: fte >= 1.0, 0.0)
    return pd.DataFrame({"role": rows["role"], "need": need, "part": rows["automated"] / rows["fte"].clip(lower=0.5)})


def pointing(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, year: int | None = None) -> int:
    """People of roles that technology touches more than the firm as a whole, who wish for a role that will be short. For who may see
    persons: small counts that a slider moves would tell of single wishes. Refusals: not_allowed, no_data."""
    require(viewer, Right.PERSONS)
    found, scenario = abilities(viewer, workspace), scenario or Scenario()
    wanted = _openings(viewer, workspace, scenario, step_of(found, year))
    score = found.data.cells["role"].map(found.exposed).astype(float)
    weight = found.data.cells["fte"].where(score.notna(), 0.0)
    mean = float((score.fillna(0.0) * weight).sum() / weight.sum()) if weight.sum() > 0 else np.inf
    rows = found.data.wishes[found.data.wishes["wished_role"] != ""]
    touched = score.to_numpy()[rows["cell"].to_numpy(int)] > mean
    short = np.array([wanted.get(str(role), 0.0) >= 0.5 for role in rows["wished_role"]], bool)
    return int((touched & short).sum())


def _told(found: Abilities, viewer: Viewer, role: str) -> bool:
    return viewer.k <= 1 or found.people.get(role, 0.0) >= viewer.k


def from_role(
    viewer: Viewer, workspace: Workspace, role: str, scenario: Scenario | None = None, year: int | None = None, group: int = 5
) -> Routes:
    """Ways out of one role. Refusals: not_allowed, no_data, no_requirements, unknown_role, too_few_people, role_asks_nothing."""
    require(viewer, Right.GROUPS)
    known = choices(viewer, workspace)
    found = told_of(viewer, workspace)
    if role not in found.between.roles:
        raise Refusal("unknown_role", names=[role[:60]], n=1)
    if role not in known:
        raise Refusal("role_asks_nothing" if role not in set(found.base.needs["role"]) else "too_few_people", role=role, k=viewer.k)
    step = step_of(found, year)
    always = kept(viewer, workspace, "of_role", lambda: _always(viewer, workspace, found, role), role)
    ways = routes(
        routes_between(viewer, workspace), role, pay=_pay(found), wishes=always.wishes,
        exposed={name: score for name, score in found.exposed.items() if score == score},
        openings=_openings(viewer, workspace, scenario or Scenario(), step),
    )  # fmt: skip
    ways = _untold(viewer, workspace, ways, scenario or Scenario(), step)
    money = may(viewer, Right.MONEY)
    short = _short(viewer, workspace, scenario or Scenario(), step).get(role, 0.0)
    cost = _leaving(found, role, group, ways, owned(workspace).amounts, short) if money else None
    shown = ways.drop(columns=[name for name in (("rank_cost",) if money else MONEY)])
    return Routes(
        found.data.as_of,
        found.data.as_of.year + step,
        found.sample,
        role,
        found.people.get(role, 0.0),
        always.asked,
        shown,
        always.outside,
        group,
        cost,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Always:
    """What is known of a role whatever the scenario; see `Routes`."""

    asked: pd.DataFrame
    outside: pd.DataFrame
    wishes: dict[str, int]


def _always(viewer: Viewer, workspace: Workspace, found: Abilities, role: str) -> _Always:
    asked = found.base.needs.loc[found.base.needs["role"] == role, ["skill", "level", "weight", "share", "change"]]
    tight = tightness.in_force(viewer, workspace, found.data.as_of)
    titles = reference("isco08_titles_en_nl.csv").rename(columns={"isco08_code": "isco"})
    outside = outward(found.isco.get(role, ""), titles.assign(title=titles["title_nl"]), tight)
    outside = outside.merge(titles[["isco", "title_nl", "title_en"]], on="isco", how="left")
    return _Always(asked, outside, {} if viewer.units else _wishes(found, role))


def _apart(found: Abilities) -> set[str] | None:
    """Roles that are whole groups by themselves, of which figures may be told; None: every role."""
    return set(found.classes.apart) if found.classes is not None else None


def _pay(found: Abilities) -> dict[str, float]:
    """Mean pay of a full post per role; for a threshold of roles that are whole groups, as the gate tells it."""
    apart = _apart(found)
    return {role: cost for role, cost in found.pay.items() if cost == cost and (apart is None or role in apart)}


def _wishes(found: Abilities, role: str) -> dict[str, int]:
    """People of the role by the role they want. For anybody but HR what `wishes` tells of that wish, less what of it is hidden of
    other roles, is nobody or at least ten."""
    cells = found.data.wishes["cell"].to_numpy(int)
    if not len(cells):
        return {}
    wished = found.data.wishes["wished_role"].to_numpy(str)
    mine = found.data.cells["role"].to_numpy(str)[cells]
    if found.classes is None:
        counts = pd.Series(wished[(mine == role) & (wished != "")]).value_counts()
        return {str(name): int(count) for name, count in counts.items()}
    told: dict[str, int] = {}
    if role not in found.classes.apart:  # of part of a group that is renewed as one, a single newer wish would show
        return told
    for name in _wishes_apart(found):
        counts = pd.Series(mine[wished == name]).value_counts()
        hide = hidden_together(counts.to_numpy(float), counts.to_numpy() < LEAST_WISHES, LEAST_WISHES)
        seen = counts[~hide]
        if role in seen.index:
            told[name] = int(seen[role])
    return told


def _wishes_apart(found: Abilities) -> list[str]:
    """Wished roles that are told by themselves on every page: one cut of the wishes, the same as that of the conversations."""
    counts = found.data.wishes.loc[found.data.wishes["wished_role"] != "", "wished_role"].value_counts()
    groups = voices.cut({str(name): float(count) for name, count in counts.items()}, LEAST_WISHES)
    return [names[0] for names in groups if len(names) == 1]


def _untold(viewer: Viewer, workspace: Workspace, ways: pd.DataFrame, scenario: Scenario, step: int) -> pd.DataFrame:
    """NaN where a viewer of groups is not told how short a role is, and where fewer than ten want something: unknown is not nought."""
    if viewer.k <= 1:
        return ways
    known = ways["role"].isin(list(_short(viewer, workspace, scenario, step)))
    ways = ways.assign(openings=ways["openings"].where(known))
    return ways.assign(wished=np.nan if viewer.units else ways["wished"].where(ways["wished"] > 0))


def _short(viewer: Viewer, workspace: Workspace, scenario: Scenario, step: int) -> dict[str, float]:
    """Fte short per role in the target year; negative = people to spare."""
    gaps = gap_per_role(told_of(viewer, workspace), projected(viewer, workspace, scenario))
    return {role: float(gap[step]) for role, gap in gaps.items()}


def _openings(viewer: Viewer, workspace: Workspace, scenario: Scenario, step: int) -> dict[str, float]:
    return {role: max(gap, 0.0) for role, gap in _short(viewer, workspace, scenario, step).items()}


def _leaving(found: Abilities, role: str, group: int, ways: pd.DataFrame, own: tuple[Amount, ...], short: float) -> LeavingCost | None:
    """The mean payment of the role's people for `group` of them, beside the cheapest way to other work that keeps the pay. Posts that
    the role still needs once they are gone are filled again: recruitment and settling in."""
    safe = ways[ways["keeps_pay"]] if len(ways) else ways
    if found.classes is None:
        cells = found.data.cells[found.data.cells["role"] == role]
        month = float(cells["salary"].mean()) / 12 * HOLIDAY if cells["salary"].notna().any() else np.nan
        band, weight = cells["tenure_band"].to_numpy(int), np.ones(len(cells))
    else:  # pay and length of service of whole groups, as the gate tells them
        assert found.staff is not None
        rows = found.staff[found.staff["role"] == role]
        month = _pay(found).get(role, np.nan) / 12 / amount("employer_factor", found.data.as_of, own).value * HOLIDAY
        band, weight = rows["tenure_band"].to_numpy(int), rows["people"].to_numpy(float)
    if month != month or not len(safe) or not len(band):
        return None
    kinds, at = np.unique(band, return_inverse=True)
    each = np.array([transition_payment(month, SERVICE_YEARS[kind], found.data.as_of, own) for kind in kinds])
    payment = float(np.average(each[at], weights=weight))
    pay = found.pay.get(role, np.nan)
    on = found.data.as_of
    year = pay if pay == pay else month / HOLIDAY * 12 * amount("employer_factor", on, own).value
    return leaving_cost(
        payment * group, group, year / 12, float(safe["cost"].min()),
        notice_months=amount("notice_months", on, own).value, guidance=amount("leaving_guidance", on, own).value,
        refill=amount("recruitment_per_hire", on, own).value + settling_in_cost(SETTLING_MONTHS, year, on, own),
        refill_share=refilled(short, group),
    )  # fmt: skip


def overview(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, year: int | None = None) -> pd.DataFrame:
    """Who could go where: from roles where people will look for other work to roles that are short, the most moves in the fewest
    hours. Columns role, to, people, hours. Refusals as `changing` and `choices`."""
    require(viewer, Right.GROUPS)
    known = set(choices(viewer, workspace))
    found, scenario = told_of(viewer, workspace), scenario or Scenario()
    step = step_of(found, year)

    def make() -> pd.DataFrame:
        told = changing(viewer, workspace, scenario, None, found.data.as_of.year + step).ledger
        rows = told[(told["step"] == step) & told["role"].isin(list(known))]
        spare = (rows["looking"] + rows["already_over"]).to_numpy(float)
        leaving = {role: float(np.floor(count + 1e-9)) for role, count in zip(rows["role"], spare, strict=True) if count >= 1}
        wanted = _openings(viewer, workspace, scenario, step)
        open_ = {role: float(np.ceil(count - 0.5)) for role, count in wanted.items() if count >= 0.5 and role in known}
        return flows(routes_between(viewer, workspace), leaving, open_)

    return kept(viewer, workspace, "moves", make, scenario, step)


def wishes(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """By wish: to, people (who want it), hours_low, hours_high (of the ways there are), without (people no way leads there).
    Of the whole organisation for everybody: of some departments few people have one wish. For anybody but HR only wishes of at least
    ten people, and no hours: the shortest way is that of somebody. Refusals:
    not_allowed, no_data, no_wishes."""
    require(viewer, Right.GROUPS)
    found = abilities(viewer, workspace)
    rows = found.data.wishes[found.data.wishes["wished_role"] != ""]
    if rows.empty:
        raise Refusal("no_wishes")
    net = routes_between(viewer, workspace)
    index = pd.Index(net.between.roles)
    start = index.get_indexer(found.data.cells["role"].to_numpy()[rows["cell"].to_numpy(int)])
    end = index.get_indexer(rows["wished_role"])
    hours = np.where((start >= 0) & (end >= 0), net.total[start, end], np.inf)
    frame = pd.DataFrame({"to": rows["wished_role"].to_numpy(), "hours": hours, "from": index[start]})
    frame["way"] = np.isfinite(frame["hours"])
    made = [
        (to, len(part), float(part.loc[part["way"], "hours"].min()) if part["way"].any() else np.nan,
         float(part.loc[part["way"], "hours"].max()) if part["way"].any() else np.nan, int((~part["way"]).sum()))
        for to, part in frame.groupby("to")
    ]  # fmt: skip
    out = pd.DataFrame(made, columns=["to", "people", "hours_low", "hours_high", "without"])
    if found.classes is not None:
        out = out[out["to"].isin(_wishes_apart(found))].assign(hours_low=np.nan, hours_high=np.nan, without=np.nan)
    return out.sort_values(["people", "to"], ascending=[False, True], ignore_index=True)
