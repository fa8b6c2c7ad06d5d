"""Earlier forecasts beside what came: what was counted as a line, each forecast as a dot with its range."""

from __future__ import annotations

import pandas as pd

from presentation.charts.base import Figure, label, layout, values
from presentation.texts import Words
from presentation.theme import Palette


def forecasts(rows: pd.DataFrame, measure: str, horizon: int, words: Words, palette: Palette, title: str, height: int = 340) -> Figure:
    """rows: from, to, actual, forecast, low, high of one measure and one number of years ahead, one row per day it was for."""
    rows = rows.sort_values("to")
    days = [day.isoformat() for day in rows["to"]]
    actual, forecast, low, high = (values(rows[name], 1) for name in ("actual", "forecast", "low", "high"))
    came, said = words("tested.came"), words("tested.said")
    data = [
        {
            "type": "scatter", "mode": "markers", "x": days, "y": forecast, "name": said,
            "marker": {"color": palette.need, "size": 11, "symbol": "diamond"},
            "error_y": {
                "type": "data", "symmetric": False, "color": palette.need, "thickness": 2, "width": 6,
                "array": [round(top - middle, 1) for top, middle in zip(high, forecast, strict=True)],
                "arrayminus": [round(middle - bottom, 1) for bottom, middle in zip(low, forecast, strict=True)],
            },
            "hovertemplate": f"{said}: %{{y:,.0f}}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "lines+markers", "x": days, "y": actual, "name": came,
            "line": {"color": palette.have, "width": 3}, "marker": {"size": 8},
            "hovertemplate": f"{came}: %{{y:,.0f}}<extra></extra>",
        },
    ]  # fmt: skip
    bottom, top = min([*low, *actual], default=0.0), max([*high, *actual], default=1.0)
    room = max((top - bottom) * 0.12, 1.0)
    marks = []
    if days:
        apart = (top - bottom + 2 * room) * 0.09
        up = 1 if forecast[-1] >= actual[-1] else -1
        middle = (forecast[-1] + actual[-1]) / 2
        half = max(abs(forecast[-1] - actual[-1]), apart) / 2
        marks = [
            label(f"<b>{came}</b>", days[-1], middle - up * half, palette.have, xshift=14),
            label(f"<b>{said}</b>", days[-1], middle + up * half, palette.need, xshift=14),
        ]
    spec = layout(
        words,
        palette,
        height,
        hovermode="x unified",
        annotations=marks,
        margin={"r": 130},
        xaxis={"type": "date", "tickvals": days, "tickformat": "%Y", "hoverformat": "%d-%m-%Y"},
        yaxis={"range": [bottom - room, top + room], "tickformat": ",.0f"},
    )
    names = {"from": "made_on", "to": "for_day", "actual": "came", "forecast": "said", "low": "low", "high": "high"}
    table = rows[list(names)].rename(columns={name: words(f"tested.{title_}") for name, title_ in names.items()}).reset_index(drop=True)
    return Figure(f"forecasts_{measure}", {"data": data, "layout": spec}, words("tested.alt", title=title, n=horizon), table)
