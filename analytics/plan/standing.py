"""Where every lever stands in a plan: used, on offer but dearer, or not on offer at all; and what it means to accept the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.plan.measures import LEVERS
from analytics.plan.mixes import lever_prices
from analytics.plan.programme import Plan

COLUMNS = ("lever", "state", "on_offer", "units", "fte_years", "cost", "cost_per_fte_year", "lead_months")
STATES = ("used", "dearer", "no_gain", "none", "accepted")


def standing(plan: Plan, open_post: float) -> pd.DataFrame:
    """One row per lever of the plan, in their order. state: used; dearer (on offer, others do it for less or are enough); no_gain (on
    offer, brings nothing within the years of the plan); none (nothing on offer). on_offer: units over the plan; units, fte_years, cost:
    of this plan; cost_per_fte_year, lead_months: of this plan, else of the cheapest measure on offer (NaN where there is none).

    The last lever is to accept: fte_years that stay short, and what that work not done costs at `open_post` euro per fte-year. It is
    no expense of the plan.
    """
    used, offered = plan.by_lever().set_index("lever"), lever_prices(plan)
    rows = []
    for lever in LEVERS[:-1]:
        mine = offered[offered["lever"] == lever]
        capacity = float(mine["capacity"].sum())
        if lever in used.index:
            row = used.loc[lever]
            rows.append(
                (lever, "used", capacity, row["units"], row["fte_years"], row["cost"], row["cost_per_fte_year"], row["lead_months"])
            )
            continue
        best = mine.dropna(subset=["cost_per_fte_year"]).head(1)
        price, lead = (float(best[name].iloc[0]) if len(best) else np.nan for name in ("cost_per_fte_year", "lead_months"))
        state = "dearer" if len(best) else "no_gain" if len(mine) else "none"
        rows.append((lever, state, capacity, 0.0, 0.0, 0.0, price, lead))
    left = float(plan.shortage.sum())
    rows.append((LEVERS[-1], "accepted", np.nan, np.nan, left, left * open_post, open_post, np.nan))
    return pd.DataFrame(rows, columns=list(COLUMNS))
