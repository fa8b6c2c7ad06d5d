"""Figures about skills over classes of roles that are whole groups of the privacy gate (`analytics.skills.pooled`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.projection import Projection
from analytics.skills.gaps import PARTS, SkillGaps, gaps, holds, outlook
from analytics.skills.knowledge import knowledge
from analytics.skills.stay import Staying
from workflows.abilities import Abilities, per_class

ADDED = ("required_now", "required_then", "middle_now", "middle_then", "low_now", "low_then", "high_now", "high_then", "have_now", *PARTS)
ASKED = ("required_now", "required_then", "level", "weight", "people", "fte")


def figures_of_classes(found: Abilities, ahead: Projection, staying: Staying, step: int) -> tuple[SkillGaps, pd.DataFrame, pd.DataFrame]:
    """The figures, what `knowledge` says of them, and per class and skill the columns of `SkillOutlook.by_role`."""
    assert found.classes is not None
    assert found.pooled is not None
    base, staff, told = found.pooled.base, found.pooled.staff, found.classes
    today = per_class(found.full, told, found.full.base.staff[1])
    demand, supply = per_class(found.full, told, ahead.demand), per_class(found.full, told, ahead.fte)
    come = np.maximum(supply[:, step] - today * staying.stay[:, step], 0.0)
    weight = staff * today
    total = weight.sum(axis=1, keepdims=True)
    mean = np.divide(weight, total, out=staff / np.maximum(staff.sum(axis=1, keepdims=True), 1e-12), where=total > 0)
    stay, retired = mean @ staying.stay, mean @ staying.retired
    need = staff[: len(base.needs)]
    names = base.needs["role"].tolist()
    then = outlook(
        stay[:, step], step,
        work_now=dict(zip(names, need @ demand[:, 0], strict=True)), work_then=dict(zip(names, need @ demand[:, step], strict=True)),
        hires=dict(zip(names, need @ come, strict=True)),
    )  # fmt: skip
    figures = gaps(base, then)
    held = _few(knowledge(base, 1 - stay, step, retired[:, step]), set(base.skills["skill"][found.pooled.few]))
    if not told.seen.all():  # some departments: what neither they need nor anybody in them is known to hold is not theirs
        held = held[held["skill"].isin(set(base.needs["skill"])) | (held["holders"] > 0)].reset_index(drop=True)
    return figures, held, _by_class(found, figures)


def _few(held: pd.DataFrame, few: set[str]) -> pd.DataFrame:
    """Of a skill of which fewer than k people were assessed nothing is told but that: not missing, and no number of holders."""
    here = held["skill"].isin(few)
    out = held.copy()
    out.loc[here, ["holders", "holders_fte", "chance_lost", "criticality", "leaving", "leaving_pension"]] = np.nan
    out.loc[here, ["missing", "single_point"]] = False
    return out


def _by_class(found: Abilities, figures: SkillGaps) -> pd.DataFrame:
    """A row per class and skill; where a class is told in a union only, what is asked and nothing else."""
    assert found.classes is not None
    assert found.pooled is not None
    base, staff = found.pooled.base, found.pooled.staff
    fte = per_class(found.full, found.classes, found.full.base.staff[1])
    need = figures.by_need[[*ADDED, "skill", "level", "weight", "assessed"]].assign(fte=base.needs["fte"], people=base.needs["people"])
    rows = []
    for at, line in enumerate(need.to_dict("records")):
        inside = np.flatnonzero(staff[at])
        if len(inside) == 1 and not found.pooled.hidden[inside[0], base.needs["skill_at"].iloc[at]]:
            rows.append(line | {"role": found.classes.labels[inside[0]]})
            continue
        for c in inside:
            part = staff[at, c] * fte[c] / max(line["fte"], 1e-12)
            asked = {name: line[name] * (part if name not in ("level", "weight") else 1.0) for name in ASKED}
            rows.append(dict.fromkeys(line, np.nan) | asked | {"skill": line["skill"], "assessed": np.nan, "role": found.classes.labels[c]})
    frame = with_coverage(pd.DataFrame(rows, columns=["role", *need.columns]))
    return frame[frame["people"] >= found.full.atoms.k].reset_index(drop=True)


def with_coverage(frame: pd.DataFrame) -> pd.DataFrame:
    """Add coverage_now, coverage_then, gap and gap_now."""
    out = frame.copy()
    for moment in ("now", "then"):
        cover = out[f"middle_{moment}"] / out[f"required_{moment}"].replace(0.0, np.nan)
        out[f"coverage_{moment}"] = cover.clip(upper=1.0).astype(float)
    out["gap"] = (out["required_then"] - out["middle_then"]).clip(lower=0.0)
    out["gap_now"] = (out["required_now"] - out["middle_now"]).clip(lower=0.0)
    return out


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
