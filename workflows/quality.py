"""What the stored data do not tell: counts of people, roles and rows, never a row."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analytics.release import Viewer, nearest
from workflows.access import Right, require
from workflows.workspace import Workspace


def quality(viewer: Viewer, workspace: Workspace, as_of: date | None = None) -> pd.DataFrame:
    """measure, count, of for the snapshot on or before `as_of`; where groups are protected, counts to the nearest multiple of the
    viewer's least number, and what rounds to nothing only when it is nothing. Refusal no_data."""
    require(viewer, Right.GROUPS)
    found = workspace.store.quality(as_of)
    if viewer.k <= 1:
        return found
    whole = found.assign(**{name: [nearest(int(value), viewer.k) for value in found[name]] for name in ("count", "of")})
    return whole[(found["count"] == 0) | (whole["count"] > 0)]
