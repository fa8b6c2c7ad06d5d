"""How many people and which groups a day had: all that is needed to cut groups, without the cells of the engine."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.workforce import GROUP
from store.cohorts import pick
from store.frames import ask, given
from store.needed import FORMATION
from store.present import EMPLOYED
from store.renames import LIVE, final_groups

_COUNTED = f"""
SELECT f.place, count(*)::DOUBLE AS people FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day")} GROUP BY f.place
"""
_WITH_POSTS = f"""
WITH posts AS ({FORMATION}), listed AS (SELECT * FROM vacancy WHERE import_no = (SELECT max(import_no) FROM vacancy WHERE {LIVE}))
SELECT location, unit, role FROM posts UNION SELECT location, unit, role FROM listed
"""


def group_counts(cursor: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """GROUP columns and people, sorted: every group that had people on the day or has posts or vacancies now; the same as
    `analytics.protect.all_groups` makes of the cohorts of that day."""
    snapshot, day = pick(cursor, as_of)
    final, groups = final_groups(cursor, pd.DataFrame({"snapshot": [snapshot.number], "as_of": [snapshot.as_of]}))
    with given(cursor, final=final):
        counted = ask(cursor, _COUNTED, {"snapshot": snapshot.number, "day": day})
    names = np.array(groups, dtype=object).reshape(-1, len(GROUP))[counted["place"].to_numpy(int)]
    present = pd.DataFrame(names, columns=list(GROUP), dtype="str").assign(people=counted["people"])
    every = pd.concat([present, ask(cursor, _WITH_POSTS).assign(people=0.0)], ignore_index=True)
    return every.groupby(list(GROUP), as_index=False)["people"].sum().sort_values(list(GROUP), ignore_index=True)
