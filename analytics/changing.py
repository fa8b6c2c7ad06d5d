"""Which work changes or disappears, and whether people who leave anyway make room for it.

Exposure is not job loss: exposed share x feasible x how far it is in use x what comes of it, then split into work that is
replaced and work that is helped. Only replaced work ends anywhere; helped work stays work.

The ledger puts every fte in exactly one place, for each year, counted from the snapshot on:
  work before automation = automated + filled + still_short
  automated = absorbed (by net outflow) + open_work (work nobody was doing yet) + looking (people who need other work)
  expected staff = filled + looking + already_over (more people than work, also without automation)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LEDGER = ("automated", "absorbed", "open_work", "looking", "filled", "still_short", "already_over")


def since(adoption: np.ndarray) -> np.ndarray:
    """(T+1,) adoption beyond what is in use at the snapshot: today's staffing already reflects that part. Never below 0."""
    values = np.asarray(adoption, float)
    return np.maximum(values - values[..., :1], 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """fte of work: replaced + helped + rest = all of it, same shape each."""

    replaced: np.ndarray
    helped: np.ndarray
    rest: np.ndarray


def parts(
    fte: np.ndarray,
    exposed: np.ndarray | float,
    feasible: np.ndarray | float,
    adoption: np.ndarray | float,
    realised: np.ndarray | float,
    replaced_share: np.ndarray | float,
) -> Parts:
    """Split work into replaced, helped and untouched. All shares 0-1; shapes broadcast, for example (G, 1) with (T+1,).

    touched = fte x exposed x feasible x adoption x realised (method spec 7), replaced = touched x replaced_share.
    An unknown exposure (NaN) touches nothing; `exposure` says for how much of the staff that is so.
    """
    work = np.asarray(fte, float)
    touched = work * np.nan_to_num(np.asarray(exposed, float)) * feasible * adoption * realised
    replaced = touched * replaced_share
    return Parts(replaced, touched - replaced, work - touched)


def exposure(fte: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """Mean score of the staff that has one, weighted with the firm's own fte, and the share of fte without a score (1 if no fte)."""
    fte, score = np.asarray(fte, float), np.asarray(score, float)
    known = ~np.isnan(score)
    whole, part = fte.sum(), fte[known].sum()
    mean = float((fte[known] * score[known]).sum() / part) if part > 0 else float("nan")
    return mean, float(1 - part / whole) if whole > 0 else 1.0


def net_outflow(exits: np.ndarray, moves_out: np.ndarray, hires: np.ndarray, moves_in: np.ndarray) -> np.ndarray:
    """Fte that leave and are not replaced, from the snapshot to each year: (..., T) yearly flows in, (..., T+1) out, not below 0."""
    flow = np.asarray(exits, float) + moves_out - hires - moves_in
    return np.maximum(np.concatenate([np.zeros((*flow.shape[:-1], 1)), np.cumsum(flow, axis=-1)], axis=-1), 0.0)


def ledger(automated: np.ndarray, demand: np.ndarray, supply: np.ndarray, outflow: np.ndarray) -> dict[str, np.ndarray]:
    """Where each fte ends; all arrays fte of one shape, for example (G, T+1), counted from the snapshot to each year.

    automated: replaced work; demand: work left after it; supply: expected staff; outflow: `net_outflow`. Keys: LEDGER.
    absorbed = min(outflow, automated) as usual for natural absorption. Work that was open anyway (vacancies, growth) takes the
    next part, because nobody did it: without that a role could be short and have people too many in the same year.
    """
    automated, demand, supply = np.asarray(automated, float), np.asarray(demand, float), np.asarray(supply, float)
    absorbed = np.minimum(outflow, automated)
    left = automated - absorbed
    open_work = np.minimum(left, np.maximum(demand + automated - supply - absorbed, 0.0))
    looking = left - open_work
    return {
        "automated": automated,
        "absorbed": absorbed,
        "open_work": open_work,
        "looking": looking,
        "filled": np.minimum(supply, demand),
        "still_short": np.maximum(demand - supply, 0.0),
        "already_over": np.maximum(supply - demand, 0.0) - looking,
    }


def by_key(
    groups: pd.DataFrame,
    keys: Sequence[str],
    automated: np.ndarray,
    demand: np.ndarray,
    supply: np.ndarray,
    exits: np.ndarray,
    moves_out: np.ndarray,
    hires: np.ndarray,
    moves_in: np.ndarray,
) -> pd.DataFrame:
    """The ledger per value of `keys` (GROUP columns; empty = the firm as one) and year step, as a tidy frame.

    Stocks (G, T+1), flows (G, T) in fte. Groups are added up first, so people of one role may fill in for each other across
    departments. Columns: *keys, step, *LEDGER.
    """
    steps = demand.shape[1]
    if not len(groups):
        return pd.DataFrame(columns=[*keys, "step", *LEDGER])
    code, labels = _codes(groups, keys)

    def add(values: np.ndarray) -> np.ndarray:
        out = np.zeros((len(labels), values.shape[1]))
        np.add.at(out, code, values)
        return out

    outflow = net_outflow(add(exits), add(moves_out), add(hires), add(moves_in))
    places = ledger(add(automated), add(demand), add(supply), outflow)
    columns = {key: labels[key].array.repeat(steps) for key in keys}
    return pd.DataFrame(columns | {"step": np.tile(np.arange(steps), len(labels))} | {name: places[name].ravel() for name in LEDGER})


def _codes(groups: pd.DataFrame, keys: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    if not keys:
        return np.zeros(len(groups), int), pd.DataFrame(index=[0])
    code = groups.groupby(list(keys), sort=False).ngroup().to_numpy()
    labels = groups[list(keys)].drop_duplicates().reset_index(drop=True)
    return code, labels


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the total hides in one year: fte looking for other work counted per role and in the total, and the roles they are in."""

    step: int
    per_role: float
    in_total: float
    roles: tuple[str, ...]

    @property
    def hidden(self) -> float:
        return self.per_role - self.in_total


def hidden(roles: pd.DataFrame, total: pd.DataFrame, least: float = 0.5) -> Hidden | None:
    """The year in which the total hides most. roles, total: `by_key` with ("role",) and (). None when nothing is hidden (< least fte).

    roles named: those with at least `least` fte looking that year, most first.
    """
    steps, looking = roles["step"].to_numpy(int), roles["looking"].to_numpy(float)
    whole = np.bincount(total["step"].to_numpy(int), total["looking"].to_numpy(float))
    per_role = np.bincount(steps, looking, minlength=len(whole))
    apart = per_role - whole
    if not len(roles) or apart.max() < least:
        return None
    step = int(apart.argmax())
    named = roles[(steps == step) & (looking >= least)].sort_values(["looking", "role"], ascending=[False, True])
    return Hidden(step, float(per_role[step]), float(whole[step]), tuple(named["role"]))


ADVICE = {
    (True, False): "recruit_hand_over",
    (True, True): "let_shrink",
    (False, True): "retrain_move",
    (False, False): "keep_rotate",
}
"""(leaving soon, much automatable) -> code of the advice for that corner."""


def quadrant(roles: pd.DataFrame, leaving_limit: float | None = None, automatable_limit: float | None = None) -> pd.DataFrame:
    """Ageing x automation: every role in exactly one corner.

    roles: role, fte, leaving (share that leaves within the horizon or is 55+, 0-1), automatable (share 0-1, NaN unknown).
    A value on the limit counts as high. Left out, a limit is the fte-weighted mean of the known. Columns added: old, high, advice;
    a role without a score gets advice "unknown" and high False.
    """
    fte, leaving, automatable = (roles[name].to_numpy(float) for name in ("fte", "leaving", "automatable"))
    old = leaving >= (exposure(fte, leaving)[0] if leaving_limit is None else leaving_limit)
    high = automatable >= (exposure(fte, automatable)[0] if automatable_limit is None else automatable_limit)
    corner = np.array([[ADVICE[a, b] for b in (False, True)] for a in (False, True)])[old.astype(int), high.astype(int)]
    advice = np.where(np.isnan(automatable) | np.isnan(leaving), "unknown", corner)
    return roles[["role", "fte", "leaving", "automatable"]].assign(old=old, high=high, advice=advice)


def corners(frame: pd.DataFrame) -> pd.DataFrame:
    """Per advice: roles (count), fte, names (largest first). The four corners always stand there, also empty; unknown last."""
    ordered = frame.sort_values(["fte", "role"], ascending=[False, True])
    advice, fte, role = ordered["advice"].to_numpy(str), ordered["fte"].to_numpy(float), ordered["role"].to_numpy(object)
    rows = [
        (name, int(here.sum()), float(fte[here].sum()), tuple(role[here]))
        for name in (*ADVICE.values(), "unknown")
        for here in (advice == name,)
    ]
    return pd.DataFrame(rows, columns=["advice", "roles", "fte", "names"])
