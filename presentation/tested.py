"""What is said about earlier forecasts: one sentence for directors, and the scores in words. Text only; the command line uses it too."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from presentation import charts
from presentation.figures import Told
from presentation.texts import Words
from presentation.theme import Palette
from workflows.backtest import Tested

STOCK = ("people", "people_per_role")
ORDER = (*STOCK, "retirement", "resignation", "contract_end", "other_exit", "hire")


def answer(words: Words, found: Tested) -> str:
    """How far off it was, and for which roles it cannot tell; or plainly that it cannot be tested."""
    if not found.testable:
        return words(f"tested.not_{found.reason}", n=found.snapshots)
    firm, role = off(found, "people"), off(found, "people_per_role")
    said = (
        words("tested.firm", firm=percent(words, firm))
        if role != role
        else words("tested.both", firm=percent(words, firm), role=percent(words, role))
    )
    return f"{said} {small(words, found)}"


def small(words: Words, found: Tested) -> str:
    """For how many roles nothing can be said."""
    if not found.small_roles:
        return words("tested.small_none")
    return words("tested.small", n=len(found.small_roles), total=found.roles)


@lru_cache(maxsize=64)
def off(found: Tested, measure: str, horizon: int = 1) -> float:
    """How far off in percent of what came, so many years ahead; the nearest horizon there is when that one was not tested, NaN if none."""
    scores = found.scores[found.scores["measure"] == measure].sort_values("horizon")
    if scores.empty:
        return float("nan")
    near = (scores["horizon"] - horizon).abs().idxmin()
    return float(scores.loc[near, "wape"])


def percent(words: Words, value: float) -> str:
    return words.percent(value / 100, 0 if abs(value) >= 9.95 else 1)


def lines(words: Words, found: Tested) -> list[str]:
    """The scores as lines of text."""
    table = scores_table(words, found)
    return [" | ".join(map(str, table.columns)), *(" | ".join(_written(words, value) for value in row) for row in table.to_numpy(object))]


def _written(words: Words, value: object) -> str:
    return words.number(float(value), 1) if isinstance(value, float) else str(value)


def scores_table(words: Words, found: Tested, measures: tuple[str, ...] = ORDER) -> pd.DataFrame:
    """One line per measure and years ahead: forecasts, bias, error, gain on two simple forecasts, how often inside the range."""
    names = ("measure", "horizon", "forecasts", "bias", "wape", "inside", "gain_same", "gain_one")
    columns = {name: words(f"tested.column_{name}") for name in names}
    if not found.testable:
        return pd.DataFrame({title: [] for title in columns.values()})
    scores = found.scores[found.scores["measure"].isin(measures)].copy()
    scores["order"] = [measures.index(name) for name in scores["measure"]]
    scores = scores.sort_values(["order", "horizon"], kind="stable")
    out = pd.DataFrame(
        {
            "measure": [words(f"tested.measure_{name}") for name in scores["measure"]],
            "horizon": scores["horizon"].astype(int).to_numpy(),
            "forecasts": scores["forecasts"].astype(int).to_numpy(),
            "bias": scores["bias"].to_numpy(float),
            "wape": scores["wape"].to_numpy(float),
            "inside": 100 * scores["coverage"].to_numpy(float),
            "gain_same": 100 * scores["skill"].to_numpy(float),
            "gain_one": 100 * scores["skill_one_rate"].to_numpy(float),
        }
    )
    return out.round(1).rename(columns=columns)


def measures(found: Tested, stock: bool) -> list[str]:
    """What can be drawn: people of the firm, or each flow that was counted."""
    seen = set(found.rows.loc[found.rows["role"] == "", "measure"])
    return [name for name in ORDER if name in seen and (name == "people") is stock]


def horizons(found: Tested, measure: str) -> list[int]:
    rows = found.rows[(found.rows["measure"] == measure) & (found.rows["role"] == "")]
    return sorted({int(value) for value in rows["horizon"]})


def told(words: Words, palette: Palette, found: Tested, measure: str, horizon: int) -> Told:
    """One measure so many years ahead: what was said beside what came."""
    rows = found.rows[(found.rows["measure"] == measure) & (found.rows["role"] == "") & (found.rows["horizon"] == horizon)]
    inside = int(((rows["low"] <= rows["actual"]) & (rows["actual"] <= rows["high"])).sum())
    said = words("tested.chart", measure=words(f"tested.measure_{measure}"), n=horizon, off=percent(words, off(found, measure, horizon)))
    note = words("tested.inside", n=inside, total=len(rows))
    return Told(said, charts.forecasts(rows, measure, horizon, words, palette, said), ("range",), note)
