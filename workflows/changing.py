"""Which work changes or disappears, and whether people who leave anyway make room for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from analytics.automation import adoption
from analytics.changing import Hidden, by_key, corners, exposure, hidden, parts, quadrant
from analytics.errors import Refusal
from analytics.grid import TAKEOVER_RATE
from analytics.projection import Projection
from analytics.release import Viewer, chosen_atoms
from analytics.scenario import Scenario
from analytics.tables import isco_title, reference, suitability_by_isco
from analytics.workforce import EXITS, Flow, Scope
from workflows.abilities import Abilities, abilities, kept, projected, step_of
from workflows.access import Right, require
from workflows.prepared import prepared, require_any
from workflows.workspace import Workspace

SUGGEST_FROM = 75
"""Likeness (0-100) of two titles from which a code is proposed at all; a person confirms it."""


@dataclass(frozen=True, slots=True, eq=False)
class Changing:
    """roles: role, fte, isco, isco_title_nl, isco_title_en, exposed (0-1, NaN unknown), estimated (bool), note, risk (1-5, NaN),
    replaced, helped, rest (fte of today's work by the year). ledger: role, year and LEDGER (fte); total: year and LEDGER.
    quadrant: role, fte, leaving, automatable, advice; corners: advice, roles, fte, names. mean: exposure weighted with own fte;
    unscored: share of fte without a score; hidden: what the total hides, None when nothing."""

    as_of: date
    year: int
    sample: bool
    roles: pd.DataFrame
    ledger: pd.DataFrame
    total: pd.DataFrame
    quadrant: pd.DataFrame
    corners: pd.DataFrame
    mean: float
    unscored: float
    hidden: Hidden | None
    facts: dict[str, float | int | str]


def changing(
    viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, scope: Scope | None = None, year: int | None = None
) -> Changing:
    """Sums over whole groups of at least k people. Refusals: not_allowed, no_data, nothing_in_scope, no_isco."""
    require(viewer, Right.GROUPS)
    scenario, scope = scenario or Scenario(), scope or Scope()
    step = step_of(abilities(viewer, workspace), year)
    return kept(viewer, workspace, "changing", lambda: _changing(viewer, workspace, scenario, scope, step), scenario, scope, step)


def _changing(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope, step: int) -> Changing:
    found, ready = abilities(viewer, workspace), prepared(workspace, viewer, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope, viewer)
    require_any(chosen)
    inside = ready.rows[chosen].sum(axis=0) > 0
    exposed = ready.base.exposure
    if np.isnan(exposed[inside]).all():
        raise Refusal("no_isco")
    ahead = projected(viewer, workspace, scenario)
    years = [day.year for day in ahead.dates]
    ledger, total = (_ledger(ahead, inside, keys).assign(year=lambda frame: frame["step"].map(dict(enumerate(years)))) for keys in
                     (("role",), ()))  # fmt: skip
    roles = _roles(found, ahead, inside, exposed, scenario, step)
    corner = quadrant(roles)
    score = roles["exposed"].to_numpy(float)
    mean, unscored = exposure(roles["fte"].to_numpy(float), score)
    apart = hidden(ledger, total)
    out = Changing(ahead.as_of, years[step], ready.sample, roles, ledger, total, corner, corners(corner), mean, unscored, apart, {})
    out.facts.update(_facts(out, step))
    return out


def _ledger(ahead: Projection, inside: np.ndarray, keys: tuple[str, ...]) -> pd.DataFrame:
    exits = sum(ahead.flows_fte[flow][inside] for flow in EXITS)
    came = ahead.flows_fte[Flow.HIRE][inside]
    moved = (ahead.flows_fte[flow][inside] for flow in (Flow.MOVE_OUT, Flow.MOVE_IN))
    out, into = moved
    automated = np.maximum(-ahead.demand_parts["automation"][inside], 0.0)
    groups = ahead.groups[inside].reset_index(drop=True)
    return by_key(groups, keys, automated, ahead.demand[inside], ahead.fte[inside], np.asarray(exits), out, came, into)


def _roles(found: Abilities, ahead: Projection, inside: np.ndarray, exposed: np.ndarray, scenario: Scenario, step: int) -> pd.DataFrame:
    names, at = np.unique(ahead.groups["role"].to_numpy(object)[inside].astype(str), return_inverse=True)
    fte = ahead.fte[:, 0]
    sums = {
        name: np.bincount(at, values[inside], minlength=len(names))
        for name, values in {
            "fte": fte,
            "people": ahead.people[:, 0],
            "gone": ahead.retire["expected"][:, step],
            "score": np.nan_to_num(exposed) * fte,
            "scored": np.where(np.isnan(exposed), 0.0, fte),
        }.items()
    }
    roles, nothing = names.tolist(), np.full(len(names), np.nan)
    share = np.divide(sums["score"], sums["scored"], out=nothing.copy(), where=sums["scored"] > 0)
    codes = [found.isco.get(role, "") for role in roles]
    suited = [suitability_by_isco(code) for code in codes]
    year = ahead.as_of.year + (ahead.as_of.timetuple().tm_yday - 1) / 365.25
    reached = adoption(year + np.array([0.0, float(step)]), scenario.adoption_midpoint_year, TAKEOVER_RATE, scenario.adoption_max / 100)
    since = float(np.diff(np.asarray(reached))[0])
    split = parts(
        sums["fte"], share, scenario.feasible_share / 100, max(since, 0.0), scenario.realised_share / 100, scenario.replaced_share / 100
    )
    leaving = np.divide(sums["gone"], sums["people"], out=nothing.copy(), where=sums["people"] > 0)
    return pd.DataFrame(
        {
            "role": roles,
            "fte": sums["fte"],
            "people": sums["people"],
            "exposed": share,
            "automatable": share,
            "leaving": np.minimum(leaving, 1.0),
            "isco": codes,
            **{f"isco_title_{lang}": [(isco_title(code, lang) or "") if code else "" for code in codes] for lang in ("nl", "en")},
            "risk": [np.nan if score is None else score.risk for score in suited],
            "estimated": [role in found.estimated for role in roles],
            "note": [found.estimated.get(role, "") for role in roles],
            "replaced": split.replaced,
            "helped": split.helped,
            "rest": split.rest,
        }
    )


def _facts(out: Changing, step: int) -> dict[str, float | int | str]:
    steps = out.ledger["step"].to_numpy(int)
    roles = out.ledger[steps == step]
    sums = {name: float(roles[name].sum()) for name in ("automated", "absorbed", "open_work", "looking", "still_short")}
    looking = np.bincount(steps, out.ledger["looking"].to_numpy(float))
    peak = int(looking.argmax()) if len(looking) else 0
    named = out.ledger[(steps == peak) & (out.ledger["looking"].to_numpy(float) >= 0.05)].sort_values("looking", ascending=False)
    most = int(roles["automated"].to_numpy(float).argmax()) if len(roles) else 0
    return {
        **sums,
        "total_short": float(out.total["still_short"].to_numpy(float)[out.total["step"].to_numpy(int) == step][0]),
        "peak_looking": float(looking.max()) if len(looking) else 0.0,
        "peak_year": out.as_of.year + peak,
        "peak_roles": ", ".join(named["role"].head(3)),
        "most": str(roles["role"].iloc[most]) if len(roles) else "",
        "most_fte": float(roles["automated"].iloc[most]) if len(roles) else 0.0,
        "helped": float(out.roles["helped"].sum()),
        "fte": float(out.roles["fte"].sum()),
    } | {f"corner_{row.advice}": float(row.fte) for row in out.corners.itertuples() if row.roles}


def suggestions(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """For roles without a code: role, isco, title, likeness (0-100) of the nearest title, in either language. Proposals: a person
    confirms. Refusals: not_allowed, no_data."""
    require(viewer, Right.DEMAND)
    found = abilities(viewer, workspace)
    table = reference("isco08_titles_en_nl.csv")
    units = table[table["level"] == "4"]
    titles = {f"{row.title_nl.casefold()}": (row.isco08_code, row.title_nl) for row in units.itertuples()}
    titles |= {f"{row.title_en.casefold()}": (row.isco08_code, row.title_en) for row in units.itertuples()}
    rows = []
    for role in sorted(role for role, code in found.isco.items() if not code):
        best = process.extractOne(role.casefold(), list(titles), scorer=fuzz.token_set_ratio)
        if best and best[1] >= SUGGEST_FROM:
            rows.append((role, *titles[best[0]], round(float(best[1]))))
    return pd.DataFrame(rows, columns=["role", "isco", "title", "likeness"])


def choose(viewer: Viewer, workspace: Workspace, role: str, isco: str = "", exposed: float | None = None, note: str = "") -> None:
    """Confirm a code for a role, or estimate its exposed share (0-1) with a note; nothing given takes the choice away.

    Refusals: not_allowed, unknown_role, isco_unknown, share_out_of_range, estimate_note_missing.
    """
    require(viewer, Right.DEMAND)
    if role not in abilities(viewer, workspace).isco:
        raise Refusal("unknown_role", names=[role[:60]], n=1)
    if isco and isco_title(isco) is None:
        raise Refusal("isco_unknown", name=isco[:12])
    if exposed is not None and not 0 <= exposed <= 1:
        raise Refusal("share_out_of_range")
    if exposed is not None and not note.strip():
        raise Refusal("estimate_note_missing")
    workspace.store.set_role_choice(role, isco, exposed, note.strip(), viewer.who)
