"""What the stored data do not tell: counts of people, roles and rows, never a row."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analytics.release import Viewer
from workflows.access import Right, require
from workflows.workspace import Workspace


def quality(viewer: Viewer, workspace: Workspace, as_of: date | None = None) -> pd.DataFrame:
    """measure, count, of for the snapshot on or before `as_of`; a count below the viewer's least number is left out. Refusal no_data."""
    require(viewer, Right.GROUPS)
    found = workspace.store.quality(as_of)
    return found if viewer.k <= 1 else found[(found["count"] == 0) | (found["count"] >= viewer.k)]
