"""Who differs between two snapshots, counted per pair of groups: what the privacy gate needs to compare two days."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.workforce import GROUP
from store.cohorts import pick
from store.frames import ask, given
from store.present import EMPLOYED
from store.renames import final_groups

_CHANGED = f"""
WITH one AS (
    SELECT e.*, f.place FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
    WHERE e.snapshot = $one AND {EMPLOYED.format(day="$one_day")}
), other AS (
    SELECT e.*, f.place FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
    WHERE e.snapshot = $other AND {EMPLOYED.format(day="$other_day")}
)
SELECT coalesce(a.place, -1) AS from_place, coalesce(b.place, -1) AS to_place, count(*)::DOUBLE AS people
FROM one a FULL JOIN other b ON a.person = b.person
WHERE a.place IS DISTINCT FROM b.place OR a.birth IS DISTINCT FROM b.birth OR a.fte IS DISTINCT FROM b.fte
    OR a.contract IS DISTINCT FROM b.contract OR a.contract_end IS DISTINCT FROM b.contract_end OR a.salary IS DISTINCT FROM b.salary
GROUP BY ALL
"""


def changes(cursor: duckdb.DuckDBPyConnection, one: date, other: date) -> pd.DataFrame:
    """from_location, from_unit, from_role, to_location, to_unit, to_role, people: own staff whose group, birth date, fte, contract
    or salary differs between the snapshots of two days. All three names of an end are None for somebody who was not there."""
    (first, one_day), (second, other_day) = pick(cursor, one), pick(cursor, other)
    used = pd.DataFrame({"snapshot": [first.number, second.number], "as_of": [first.as_of, second.as_of]}).drop_duplicates("snapshot")
    final, groups = final_groups(cursor, used)
    values = {"one": first.number, "other": second.number, "one_day": one_day, "other_day": other_day}
    with given(cursor, final=final):
        rows = ask(cursor, _CHANGED, values)
    names = np.array([*groups, (None,) * len(GROUP)], dtype=object).reshape(-1, len(GROUP))
    ends = {
        f"{end}_{key}": names[rows[f"{end}_place"].to_numpy(int)][:, position]
        for end in ("from", "to")
        for position, key in enumerate(GROUP)
    }
    return pd.DataFrame(
        {**{name: pd.Series(values, dtype=object) for name, values in ends.items()}, "people": rows["people"].to_numpy(float)}
    )
