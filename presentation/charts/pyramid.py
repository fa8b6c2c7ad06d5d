"""Age structure now and in the target year, back to back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from presentation.charts.base import Figure, crossed, label, layout
from presentation.texts import Words
from presentation.theme import Palette, faded

OLDER = 55


def pyramid(ages: pd.DataFrame, year: int, words: Words, palette: Palette, title: str, height: int = 440) -> Figure:
    """Five-year groups, now to the left and the target year to the right; 55 and over in orange, with the counts printed.

    ages: moment ("now" or "then"), age_from, people.
    """
    every, moments, sums = crossed(ages["age_from"], ages["moment"], ages["people"])
    there = (sums > 0.05).any(axis=1)
    wide = {moment: sums[there, moments.index(moment)] if moment in moments else np.zeros(there.sum()) for moment in ("now", "then")}
    starts = [int(start) for start, kept in zip(every, there, strict=True) if kept]
    names = [_band(start, starts) for start in starts]
    widest = max(float(sums.max(initial=0.0)), 1.0)
    data = [
        _side(wide["now"], starts, names, -1, palette, words, words("series.now")),
        _side(wide["then"], starts, names, 1, palette, words, words("series.then", year=year)),
    ]
    spec = layout(
        words,
        palette,
        height,
        barmode="overlay",
        bargap=0.18,
        margin={"r": 12, "t": 34, "b": 8},
        annotations=[
            label(
                f"<b>{words('series.now')}</b>", -widest / 2, 1.0, palette.ink, xref="x", yref="paper", yanchor="bottom", xanchor="center"
            ),
            label(
                f"<b>{words('series.then', year=year)}</b>",
                widest / 2,
                1.0,
                palette.ink,
                xref="x",
                yref="paper",
                yanchor="bottom",
                xanchor="center",
            ),
        ],
        xaxis={
            "range": [-widest * 1.22, widest * 1.22],
            "showticklabels": False,
            "zeroline": True,
            "zerolinecolor": palette.paper,
            "zerolinewidth": 3,
        },
        yaxis={"tickvals": list(range(len(names))), "ticktext": names, "showgrid": False},
    )

    def table() -> pd.DataFrame:
        return pd.DataFrame({words("column.age"): names, words("column.now"): wide["now"], words("column.then", year=year): wide["then"]})

    return Figure("pyramid", {"data": data, "layout": spec}, words("chart.pyramid_alt", year=year, title=title), table)


def _band(start: int, starts: list[int]) -> str:
    """ "55–59"; the oldest group is open: "70+"."""
    later = [other for other in starts if other > start]
    return f"{start}–{min(later) - 1}" if later else f"{start}+"


def _side(
    people: np.ndarray, starts: list[int], names: list[str], sign: int, palette: Palette, words: Words, moment: str
) -> dict[str, Any]:
    opacity = 0.55 if sign < 0 else 1.0
    colours = [palette.need if start >= OLDER else palette.have for start in starts]
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(starts))),
        "x": [round(sign * float(count), 2) for count in people],
        "marker": {"color": [faded(colour, opacity) for colour in colours], "cornerradius": 2},
        "text": [words.number(float(count), 0) for count in people],
        "textposition": "outside",
        "textfont": {"color": palette.ink, "size": 12},
        "cliponaxis": False,
        "customdata": names,
        "hovertemplate": f"{moment} · %{{customdata}} {words('axis.year')}: %{{text}}<extra></extra>",
    }
