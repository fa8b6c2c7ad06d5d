"""How good the figures are: what earlier forecasts would have been worth."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
import pandas as pd

from commands.base import Call, Day, command
from presentation import tested
from presentation.texts import Words
from workflows import backtest as tests


@command(name="backtest")
@click.option("--from", "start", type=Day(), default=None, help="Only forecasts made on or after this day.")
def backtest(call: Call, start: date | None) -> None:
    """Forecast from every earlier snapshot, knowing only what was known then, and compare with what came."""
    with call.workspace() as workspace:
        found = tests.backtest(call.viewer, workspace, start)
    words = Words(call.language)
    answer = tested.answer(words, found)
    body = {
        "testable": found.testable,
        "reason": found.reason,
        "message": answer,
        "snapshots": found.snapshots,
        "rows": _records(found.rows),
        "scores": _records(found.scores) if found.testable else [],
        "small_roles": list(found.small_roles),
    }
    call.answer(body, [answer, *tested.lines(words, found)])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: a number that is not known becomes null."""
    return frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
