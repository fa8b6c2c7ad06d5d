"""Who could go where, as bands from the work people leave to the work they take up."""

from __future__ import annotations

import pandas as pd

from presentation.charts.base import Figure, layout
from presentation.texts import Words
from presentation.theme import Palette, faded

LEAST_HEIGHT, ROW = 180, 46


def moves(rows: pd.DataFrame, table: pd.DataFrame, words: Words, palette: Palette, title: str) -> Figure:
    """rows: role, to, people, hours (per person), one a band; table: the same in the reader's words.

    Names stand on both sides with the number of people; the band's own number is in the hover and in the table. Never colour
    alone: left is leaving, right is arriving.
    """
    leaving, arriving = (list(dict.fromkeys(rows[name])) for name in ("role", "to"))
    sums = [rows.groupby(name)["people"].sum() for name in ("role", "to")]
    names = [f"{name} ({words.number(float(sums[0][name]), 0)})" for name in leaving]
    names += [f"{name} ({words.number(float(sums[1][name]), 0)})" for name in arriving]
    data = [
        {
            "type": "sankey",
            "arrangement": "fixed",
            "node": {
                "label": names,
                "color": [palette.need] * len(leaving) + [palette.have] * len(arriving),
                "pad": 18,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            "link": {
                "source": [leaving.index(name) for name in rows["role"]],
                "target": [len(leaving) + arriving.index(name) for name in rows["to"]],
                "value": [round(float(people), 3) for people in rows["people"]],
                "color": faded(palette.have, 0.28),
                "customdata": [words.number(float(hours), 0) for hours in rows["hours"]],
                "hovertemplate": f"%{{source.label}} → %{{target.label}}<br>%{{value:.0f}} {words('ways.people')}, "
                f"%{{customdata}} {words('ways.hours_each')}<extra></extra>",
            },
            "textfont": {"color": palette.ink, "size": 13},
        }
    ]
    spec = layout(words, palette, max(LEAST_HEIGHT, ROW * max(len(leaving), len(arriving)) + 40), margin={"r": 12, "t": 12, "b": 12})
    return Figure("moves", {"data": data, "layout": spec}, words("ways.alt", title=title), table)
