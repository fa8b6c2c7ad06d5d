"""Figures about skills over classes of roles that are whole groups of the privacy gate (`analytics.skills.pooled`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.projection import Projection
from analytics.skills.gaps import PARTS, SkillGaps, gaps, holds, outlook
from analytics.skills.knowledge import knowledge
from analytics.skills.stay import Staying
from workflows.abilities import Abilities, per_class

ADDED = ("required_now", "required_then", "middle_now", "middle_then", "low_now", "low_then", "high_now", "high_then", "have_now", *PARTS)
ASKED = ("required_now", "required_then", "level", "weight", "people", "fte")


def figures_of_classes(
    found: Abilities, ahead: Projection, staying: Staying, step: int
) -> tuple[SkillGaps, Callable[[], pd.DataFrame], pd.DataFrame]:
    """The figures, what `knowledge` says of them when it is asked, and per class and skill the columns of `Coverage.by_role`."""
    assert found.classes is not None
    assert found.pooled is not None
    base, staff, told = found.pooled.base, found.pooled.staff, found.classes
    today = per_class(found.full, told, found.full.base.staff[1])
    demand, supply = per_class(found.full, told, ahead.demand), per_class(found.full, told, ahead.fte)
    come = np.maximum(supply[:, step] - today * staying.stay[:, step], 0.0)
    mean = found.pooled.mean
    stay, retired = mean @ staying.stay, mean @ staying.retired
    need = staff[: len(base.needs)]
    names = base.needs["role"].tolist()
    then = outlook(
        stay[:, step], step,
        work_now=dict(zip(names, need @ demand[:, 0], strict=True)), work_then=dict(zip(names, need @ demand[:, step], strict=True)),
        hires=dict(zip(names, need @ come, strict=True)),
    )  # fmt: skip
    figures = gaps(base, then)
    few = set(base.skills["skill"][found.pooled.few])

    def held() -> pd.DataFrame:
        rows = _few(knowledge(base, 1 - stay, step, retired[:, step]), few)
        if told.seen.all():
            return rows
        # of some departments: what neither they need nor anybody in them is known to hold is not theirs
        return rows[rows["skill"].isin(set(base.needs["skill"])) | (rows["holders"] > 0)].reset_index(drop=True)

    return figures, held, _by_class(found, figures)


def _few(held: pd.DataFrame, few: set[str]) -> pd.DataFrame:
    """Of a skill of which fewer than k people were assessed nothing is told but that: not missing, and no number of holders."""
    here = held["skill"].isin(few).to_numpy()
    untold = ("holders", "holders_fte", "chance_lost", "criticality", "leaving", "leaving_pension")
    return held.assign(
        **{name: np.where(here, np.nan, held[name].to_numpy(float)) for name in untold},
        **{name: held[name].to_numpy(bool) & ~here for name in ("missing", "single_point")},
    )


def _by_class(found: Abilities, figures: SkillGaps) -> pd.DataFrame:
    """A row per class and skill; where a class is told in a union only, what is asked and nothing else."""
    assert found.classes is not None
    assert found.pooled is not None
    base, staff = found.pooled.base, found.pooled.staff
    fte = per_class(found.full, found.classes, found.full.base.staff[1])
    need = figures.by_need[[*ADDED, "skill", "level", "weight", "assessed"]].assign(fte=base.needs["fte"], people=base.needs["people"])
    at, of = np.nonzero(staff[: len(need)])  # every row of the needs with each of its classes
    alone = (np.bincount(at, minlength=len(need))[at] == 1) & ~found.pooled.hidden[of, base.needs["skill_at"].to_numpy(int)[at]]
    part = staff[at, of] * fte[of] / np.maximum(need["fte"].to_numpy(float)[at], 1e-12)
    rows: dict[str, object] = {"role": np.array(found.classes.labels, object)[of]}
    for name in need.columns:
        values = need[name].to_numpy()[at]
        if name in ASKED:
            values = values if name in ("level", "weight") else np.where(alone, values, values * part)
        elif name != "skill":
            values = np.where(alone, values, np.nan)
        rows[name] = values
    frame = with_coverage(pd.DataFrame(rows))
    return frame[frame["people"] >= found.full.atoms.k].reset_index(drop=True)


def with_coverage(frame: pd.DataFrame) -> pd.DataFrame:
    """Add coverage_now, coverage_then, gap and gap_now."""
    given = {name: frame[name].to_numpy(float) for name in ("required_now", "required_then", "middle_now", "middle_then")}
    more = {}
    for moment in ("now", "then"):
        need, have = given[f"required_{moment}"], given[f"middle_{moment}"]
        more[f"coverage_{moment}"] = np.minimum(np.divide(have, need, out=np.full(len(need), np.nan), where=need != 0), 1.0)
    for name, moment in (("gap", "then"), ("gap_now", "now")):
        more[name] = np.maximum(given[f"required_{moment}"] - given[f"middle_{moment}"], 0.0)
    return frame.assign(**more)


def holders_of_classes(found: Abilities, skill: int) -> pd.DataFrame:
    """role (a class), holders, assessed, people, where at least k people were assessed and no union hides the class."""
    assert found.classes is not None
    assert found.pooled is not None
    pool, rows = found.pooled, found.pooled.base.rows
    now, _, _ = holds(pool.base, 0.0)
    here = (rows["skill"] == skill).to_numpy() & ~pool.hidden[pool.class_of_row, rows["skill"].to_numpy(int)]
    of = pool.class_of_row[here]
    count = len(found.classes.labels)
    holding, assessed = np.bincount(of, now[here], minlength=count), np.bincount(of, minlength=count).astype(float)
    people = per_class(found.full, found.classes, found.full.base.staff[0])
    return in_order(pd.DataFrame({"role": list(found.classes.labels), "holders": holding, "assessed": assessed, "people": people}))


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["holders"] > 0].sort_values(["holders", "role"], ascending=[False, True], ignore_index=True)
