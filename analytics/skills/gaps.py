"""Skills: what the work needs against what people can do, now and in year T.

Two steps. `prepare` joins cells, holdings and requirements once per snapshot; `gaps` answers one year of one scenario and is
what a slider waits for.

Unknown is not zero. A person without a record for a skill their role needs is *unknown*: `low` counts nobody of them, `high`
all of them, `middle` as many as among those who were assessed. Where nobody was assessed there is no middle (NaN).

Cells are nearly persons. They enter here and never leave: every result is per skill or per role.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.errors import Refusal

HALF_LIFE = {"technical": 2.5, "digital": 2.5, "professional": 5.0, "general": 10.0}
"""Years until an unused skill is half its level, per kind: assumption, certainty C (no good evidence exists for any number)."""

REPLACE_MONTHS = {"technical": 18.0, "digital": 9.0, "professional": 24.0, "general": 6.0}
"""Months to build the skill up again when it is lost: assumption, certainty C, editable per skill."""

NEED_COLUMNS = ("role", "skill", "level", "weight", "share", "change", "needed_fte")
PARTS = ("exits", "expiry", "decay", "training", "hires")
Held = tuple[np.ndarray, np.ndarray, np.ndarray]
_SHOWN = 5  # names told in a refusal


@dataclass(frozen=True, slots=True, eq=False)
class SkillBase:
    """One snapshot's skills, joined and coded.

    cells: GROUP, people, fte (and what the caller keeps, such as age), index 0..C-1 = cell id.
    skills: skill, kind, half_life (years), floor (level), replace_months, `level` (lowest level any role needs, NaN = no role).
    needs: NEED_COLUMNS plus fte, people (staff of the role), one row per role x skill; `change` in share points a year.
    rows: one per cell x skill record: cell, skill (position), need (position in needs, -1 = role does not need it), people, fte,
      level, idle (years since last use or assessment at as_of), ends (years from as_of to expiry, inf = never), able and until
      (see `_with_limits`).
    """

    as_of: date
    cells: pd.DataFrame
    skills: pd.DataFrame
    needs: pd.DataFrame
    rows: pd.DataFrame
    need_at: dict[tuple[str, str], int]  # (role, skill) -> position in needs


@dataclass(frozen=True, slots=True, eq=False)
class SkillGaps:
    """by_need: role, skill, level, weight and the figures below; by_skill: skill and the same figures.

    required_now, required_then (fte needed); have_now, have_then (fte known to hold the level, in roles that need it);
    low/middle/high_now and _then (with the unknown as nobody, as the assessed, as everybody); exits, expiry, decay, training,
    hires (fte; have_now + these = have_then exactly); gap, gap_low, gap_high (then, fte, not below 0; gap_low belongs to `high`);
    assessed (share of the staff whose level is known). by_need has coverage_now/_then and their low and high (share, at most 1;
    NaN where nothing is required). by_skill has elsewhere_now/_then: fte that hold it in roles that do not need it.
    """

    by_need: pd.DataFrame
    by_skill: pd.DataFrame
    assessed: float


def folded(label: str) -> str:
    """A label without case, accents and double spaces: how two spellings of one skill are recognised."""
    plain = unicodedata.normalize("NFKD", str(label))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def canonical(labels: Iterable[str], uris: Iterable[str] | None = None) -> list[str]:
    """For each skill the first label that means the same: equal ESCO address, else equal folded label."""
    first: dict[str, str] = {}
    names = list(labels)
    found = []
    for label, uri in zip(names, list(uris) if uris is not None else [""] * len(names), strict=True):
        keys = [key for key in (str(uri or ""), folded(label)) if key]
        name = next((first[key] for key in keys if key in first), label)
        for key in keys:
            first.setdefault(key, name)
        found.append(name)
    return found


def prepare(cells: pd.DataFrame, holdings: pd.DataFrame, requirements: pd.DataFrame, skills: pd.DataFrame, as_of: date) -> SkillBase:
    """Join everything a slider does not change.

    cells: GROUP, people, fte; the index is the cell id. holdings: cell, skill, level (0-5), people, fte and optionally assessed
    (date of assessment or last use) and expiry (date). requirements: role, skill, level and optionally weight (1), share (1, of
    the role's fte that needs it), change (0), needed_fte (NaN; a fixed number instead of a share). skills: skill and optionally
    kind, half_life, floor, replace_months.
    Of several records of one person for one skill the latest counts, then the highest. Refusals: unknown_skill, unknown_people
    (names, n), duplicate_skill (names).
    """
    catalogue = _catalogue(skills)
    cells = cells.copy()
    position = pd.Index(catalogue["skill"])
    needs = _needs(requirements, cells, position)
    rows = _rows(holdings, cells, needs, position, as_of)
    catalogue["level"] = needs.groupby("skill_at")["level"].min().reindex(range(len(catalogue))).to_numpy(float)
    need_at = {key: at for at, key in enumerate(zip(needs["role"].tolist(), needs["skill"].tolist(), strict=True))}
    return SkillBase(as_of, cells.reset_index(drop=True), catalogue, needs, _with_limits(rows, needs, catalogue), need_at)


def _catalogue(skills: pd.DataFrame) -> pd.DataFrame:
    names = skills["skill"].astype(str)
    if names.duplicated().any():
        raise Refusal("duplicate_skill", names=_some(names[names.duplicated()]))
    kind = skills["kind"].astype(str) if "kind" in skills else pd.Series("professional", index=skills.index)
    frame = pd.DataFrame({"skill": names.to_numpy(), "kind": kind.to_numpy()})
    for column, defaults, other in (("half_life", HALF_LIFE, 5.0), ("replace_months", REPLACE_MONTHS, 24.0)):
        own = pd.to_numeric(skills[column]).to_numpy(float) if column in skills else np.full(len(frame), np.nan)
        frame[column] = np.where(np.isnan(own), frame["kind"].map(defaults).fillna(other).to_numpy(float), own)
    frame["floor"] = pd.to_numeric(skills["floor"]).fillna(0.0).to_numpy(float) if "floor" in skills else 0.0
    return frame


def _needs(requirements: pd.DataFrame, cells: pd.DataFrame, position: pd.Index) -> pd.DataFrame:
    if requirements.empty:
        requirements = pd.DataFrame(columns=["role", "skill", "level"])
    defaults = {"weight": 1.0, "share": 1.0, "change": 0.0, "needed_fte": np.nan}
    needs = pd.DataFrame({"role": requirements["role"].astype(str).to_numpy(), "skill": requirements["skill"].astype(str).to_numpy()})
    needs["level"] = pd.to_numeric(requirements["level"]).to_numpy(float)
    for column, default in defaults.items():
        needs[column] = pd.to_numeric(requirements[column]).fillna(default).to_numpy(float) if column in requirements else default
    needs = needs[needs["level"] > 0].drop_duplicates(["role", "skill"], keep="last").reset_index(drop=True)
    needs["skill_at"] = _known(needs["skill"], position, "unknown_skill")
    staff = cells.groupby("role")[["people", "fte"]].sum()
    for column in ("people", "fte"):
        needs[column] = staff[column].reindex(needs["role"]).fillna(0.0).to_numpy(float)
    return needs


def _rows(holdings: pd.DataFrame, cells: pd.DataFrame, needs: pd.DataFrame, position: pd.Index, as_of: date) -> pd.DataFrame:
    if holdings.empty:
        holdings = pd.DataFrame(columns=["cell", "skill", "level", "people", "fte"])
    rows = pd.DataFrame({"cell": _known(holdings["cell"], cells.index, "unknown_people"), "level": holdings["level"].to_numpy(float)})
    rows["skill"] = _known(holdings["skill"].astype(str), position, "unknown_skill")
    rows["people"], rows["fte"] = holdings["people"].to_numpy(float), holdings["fte"].to_numpy(float)
    rows["idle"] = np.maximum(-_years(holdings, "assessed", as_of, 0.0), 0.0)
    rows["ends"] = _years(holdings, "expiry", as_of, np.inf)
    rows = rows[~np.isnan(rows["level"].to_numpy())]
    rows["alone"] = cells["people"].to_numpy(float)[rows["cell"].to_numpy(int)] <= 1.0
    rows = rows.sort_values(["idle", "level"], ascending=[False, True], kind="stable")
    rows = rows[~(rows.duplicated(["cell", "skill"], keep="last") & rows["alone"])]
    rows = rows.drop(columns="alone").sort_index(ignore_index=True)
    roles = pd.Index(pd.unique(pd.concat([cells["role"], needs["role"]])))
    at = np.full((len(roles), max(len(position), 1)), -1)
    at[roles.get_indexer(needs["role"]), needs["skill_at"].to_numpy(int)] = np.arange(len(needs))
    rows["need"] = at[roles.get_indexer(cells["role"])[rows["cell"].to_numpy(int)], rows["skill"].to_numpy(int)]
    return rows


def _years(frame: pd.DataFrame, column: str, as_of: date, empty: float) -> np.ndarray:
    if column not in frame:
        return np.full(len(frame), empty)
    days = (pd.to_datetime(frame[column]) - pd.Timestamp(as_of)).dt.days.to_numpy(float)
    return np.where(np.isnan(days), empty, days / 365.25)


def _known(names: pd.Series, index: pd.Index, code: str) -> np.ndarray:
    at = index.get_indexer(names)
    if (at < 0).any():
        missing = pd.unique(names[at < 0])
        raise Refusal(code, names=_some(missing), n=len(missing))
    return at


def _some(names: Iterable[object]) -> list[str]:
    return sorted({str(name) for name in names})[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the scenario says about year T. stay: (C,) chance that each cell's people are still here, from the group's rates.

    work_now, work_then: role -> fte of work (a role left out keeps its staffing). hires: role -> fte of newcomers present in T.
    hire_share: (role, skill) -> share of the newcomers who bring it (left out = as among the assessed of that role).
    trained: (role, skill) -> fte that learn it by then and are still here. renewed: share of expiring certificates renewed.
    fades_in_use: False = a skill the role needs is used and keeps its level; True = every level fades since its assessment.
    """

    stay: np.ndarray
    years: float
    work_now: Mapping[str, float]
    work_then: Mapping[str, float]
    hires: Mapping[str, float]
    trained: Mapping[tuple[str, str], float]
    hire_share: Mapping[tuple[str, str], float]
    renewed: float = 0.0
    fades_in_use: bool = False


def outlook(stay: np.ndarray, years: float, **more: object) -> Outlook:
    """An `Outlook` with everything left out empty."""
    blank: dict[str, object] = {"work_now": {}, "work_then": {}, "hires": {}, "trained": {}, "hire_share": {}}
    return Outlook(np.asarray(stay, float), float(years), **{**blank, **more})  # type: ignore[arg-type]


def gaps(base: SkillBase, then: Outlook) -> SkillGaps:
    """Required against available, now and `then.years` later; formulas in docs/method_skills.md."""
    if len(then.stay) != len(base.cells):
        raise ValueError("one survival chance per cell")
    held = holds(base, then.years, renewed=then.renewed, fades_in_use=then.fades_in_use)
    figures = _per_need(base, then, held)
    by_skill = _per_skill(base, then, figures, held)
    covers = {}
    for moment in ("now", "then"):
        need = figures[f"required_{moment}"].to_numpy(float)
        for name, source in (("", "middle"), ("_low", "low"), ("_high", "high")):
            share = np.divide(figures[f"{source}_{moment}"].to_numpy(float), need, out=np.full(len(need), np.nan), where=need > 0)
            covers[f"coverage{name}_{moment}"] = np.minimum(share, 1.0)
    by_need = pd.concat([base.needs[["role", "skill", "level", "weight"]], figures, pd.DataFrame(covers)], axis=1)
    staff = float(base.needs["fte"].sum())
    known = float((figures["assessed"] * base.needs["fte"]).sum())
    return SkillGaps(by_need, by_skill, known / staff if staff > 0 else 0.0)


def holds(base: SkillBase, years: float, *, renewed: float = 0.0, fades_in_use: bool = False) -> Held:
    """Per record: known level enough today (0/1), share still valid after `years` (0..1), level still enough then (0/1).

    The level asked is that of the own role, else the lowest that any role asks; a skill no role needs is held from level 1.
    Levels are whole steps, so a faded level counts for the nearest whole one.
    """
    rows = base.rows
    able, until, ends = rows["able"].to_numpy(bool), rows["until"].to_numpy(float), rows["ends"].to_numpy(float)
    fading = np.full(len(rows), True) if fades_in_use else rows["need"].to_numpy(int) < 0
    now = (ends > 0) & np.where(fading, until >= 0, able)
    return now.astype(float), np.where(ends > years, 1.0, renewed), np.where(fading, until >= years, able).astype(float)


def _with_limits(rows: pd.DataFrame, needs: pd.DataFrame, skills: pd.DataFrame) -> pd.DataFrame:
    """Add able (enough today if nothing faded) and until (years from as_of at which a fading level is enough for the last time).

    floor + (level - floor) 2^(-t / half-life) >= asked - 1/2, solved for t; less the years already idle.
    """
    need, skill = rows["need"].to_numpy(int), rows["skill"].to_numpy(int)
    asked = np.where(np.isnan(skills["level"]), 1.0, skills["level"])[skill]
    if len(needs):
        asked = np.where(need >= 0, needs["level"].to_numpy(float)[need], asked)
    level, least = rows["level"].to_numpy(float), asked - 0.5
    floor = np.minimum(skills["floor"].to_numpy(float)[skill], level)
    able = level >= least
    with np.errstate(divide="ignore", invalid="ignore"):
        lasts = skills["half_life"].to_numpy(float)[skill] * np.log2((level - floor) / (least - floor))
    lasts = np.where(able, np.where(floor >= least, np.inf, lasts), -np.inf)
    return rows.assign(able=able, until=lasts - rows["idle"].to_numpy(float))


def _per_need(base: SkillBase, then: Outlook, held_parts: Held) -> pd.DataFrame:
    needs, rows = base.needs, base.rows
    count = len(needs)
    inside = rows["need"].to_numpy(int) >= 0
    at = rows["need"].to_numpy(int)[inside]
    fte, stay = rows["fte"].to_numpy(float)[inside], then.stay[rows["cell"].to_numpy(int)[inside]]
    now, valid, able = (part[inside] for part in held_parts)

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(at, values, minlength=count)[:count] if count else np.zeros(0)

    held = fte * now
    out = {"have_now": total(held)}
    out["exits"] = -total(held * (1 - stay))
    out["expiry"] = -total(held * stay * (1 - valid))
    out["decay"] = -total(held * stay * valid * (1 - able))
    staff = needs["fte"].to_numpy(float)
    assessed = np.minimum(total(fte), staff)
    share = np.divide(out["have_now"], assessed, out=np.full(count, np.nan), where=assessed > 0)
    out["assessed"] = np.divide(assessed, staff, out=np.zeros(count), where=staff > 0)
    staff_then = _role_sum(base, then)
    unknown_now = np.maximum(staff - assessed, 0.0)
    unknown_then = np.maximum(staff_then - total(fte * stay), 0.0)
    roles = needs["role"].tolist()
    newcomers = np.array([then.hires.get(role, 0.0) for role in roles], float)
    brought = _by_need(base, then.hire_share, share)
    out["training"] = _by_need(base, then.trained, np.zeros(count))
    out["hires"] = np.where(np.isnan(brought), 0.0, newcomers * np.nan_to_num(brought))
    unknown_then = unknown_then + np.where(np.isnan(brought), newcomers, 0.0)
    out["have_then"] = out["have_now"] + sum(out[part] for part in PARTS)
    for moment, unknown in (("now", unknown_now), ("then", unknown_then)):
        have = out[f"have_{moment}"]
        out[f"low_{moment}"] = have
        out[f"middle_{moment}"] = have + np.where(unknown > 0, unknown * share, 0.0)
        out[f"high_{moment}"] = have + unknown
    part, change, fixed = (needs[name].to_numpy(float) for name in ("share", "change", "needed_fte"))
    for moment, volume, years in (("now", then.work_now, 0.0), ("then", then.work_then, then.years)):
        fte_needed = np.array([volume.get(role, own) for role, own in zip(roles, staff.tolist(), strict=True)], float)
        out[f"required_{moment}"] = np.where(np.isnan(fixed), fte_needed * np.clip(part + change * years, 0.0, 1.0), fixed)
    return pd.DataFrame(out | _gaps(out), index=range(count))


def _by_need(base: SkillBase, given: Mapping[tuple[str, str], float], default: np.ndarray) -> np.ndarray:
    """Values given per (role, skill) laid over the default; pairs that no role needs are left out."""
    out = default.astype(float)
    for key, value in given.items():
        if key in base.need_at:
            out[base.need_at[key]] = value
    return out


def _role_sum(base: SkillBase, then: Outlook) -> np.ndarray:
    """Per need: fte of the role's present staff expected to be still here."""
    codes, roles = pd.factorize(base.cells["role"])
    here = np.bincount(codes, base.cells["fte"].to_numpy(float) * then.stay, minlength=len(roles))
    at = roles.get_indexer(base.needs["role"])
    return np.where(at >= 0, here[at] if len(here) else 0.0, 0.0)


def _gaps(out: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Required less available, not below nothing."""
    found = {
        name: np.maximum(out["required_then"] - out[f"{source}_then"], 0.0)
        for name, source in (("gap", "middle"), ("gap_low", "high"), ("gap_high", "low"))
    }
    return found | {"gap_now": np.maximum(out["required_now"] - out["middle_now"], 0.0)}


def _per_skill(base: SkillBase, then: Outlook, figures: pd.DataFrame, held_parts: Held) -> pd.DataFrame:
    count = len(base.skills)
    at = base.needs["skill_at"].to_numpy(int)
    adding = ["have_now", *PARTS, "have_then", "low_now", "high_now", "low_then", "high_then", "required_now", "required_then"]
    given = {name: figures[name].to_numpy(float) for name in (*adding, "assessed", "middle_now", "middle_then")}
    staffed = base.needs["fte"].to_numpy(float)

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(at, values, minlength=count)[:count] if len(at) else np.zeros(count)

    out = {name: total(given[name]) for name in adding}
    staff, known = total(staffed), total(given["assessed"] * staffed)
    out["assessed"] = np.divide(known, staff, out=np.zeros(count), where=staff > 0)
    share = np.divide(out["have_now"], known, out=np.full(count, np.nan), where=known > 0)  # where nobody was assessed, as elsewhere
    for moment in ("now", "then"):
        unknown = given[f"high_{moment}"] - given[f"low_{moment}"]
        own = given[f"middle_{moment}"] - given[f"low_{moment}"]
        added = np.where(np.isnan(own), unknown * share[at], own) if len(at) else np.zeros(0)
        out[f"middle_{moment}"] = out[f"low_{moment}"] + total(added)
    rows = base.rows
    away = rows["need"].to_numpy(int) < 0
    now, valid, able = (part[away] for part in held_parts)
    fte, skill = rows["fte"].to_numpy(float)[away], rows["skill"].to_numpy(int)[away]
    stay = then.stay[rows["cell"].to_numpy(int)[away]]
    out["elsewhere_now"] = np.bincount(skill, fte * now, minlength=count)[:count]
    out["elsewhere_then"] = np.bincount(skill, fte * now * stay * valid * able, minlength=count)[:count]
    return pd.DataFrame({"skill": base.skills["skill"]} | out | _gaps(out))
