"""Figures of the pages about skills, changing work and the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from presentation.charts.base import Figure, axis, label, layout, two_lines, values
from presentation.texts import HARD, Words
from presentation.theme import Palette, on_scale, readable_on


def coverage(wide: pd.DataFrame, table: Callable[[], pd.DataFrame], words: Words, palette: Palette, narrow: bool = False) -> Figure:
    """wide: rows = skills, columns = roles, values 0-1 (NaN = empty box). Orange = little covered, blue = covered. narrow: for a phone,
    names of columns stand upright."""
    skills, roles = [str(name) for name in wide.index], [str(name) for name in wide.columns]
    grid = [[None if value != value else value for value in line] for line in wide.to_numpy(float).tolist()]
    inks: dict[str, list[tuple[int, int, str]]] = {}
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            if value is not None:
                ink = readable_on(on_scale(palette.scale, 1.0 - value))
                inks.setdefault(ink, []).append((row, column, words.number(100 * value, 0)))
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": list(range(wide.shape[1])),
            "y": list(range(len(wide))),
            "z": [[None if value is None else round(1.0 - value, 3) for value in line] for line in grid],
            "zmin": 0,
            "zmax": 1,
            "colorscale": [list(stop) for stop in palette.scale],
            "xgap": 3,
            "ygap": 3,
            "showscale": False,
            "customdata": [
                [[skill, role, "" if value is None else words.percent(value)] for role, value in zip(roles, line, strict=True)]
                for skill, line in zip(skills, grid, strict=True)
            ],
            "hovertemplate": "%{customdata[1]}<br>%{customdata[0]}: <b>%{customdata[2]}</b><extra></extra>",
            "hoverongaps": False,
        }
    ]
    for ink, places in inks.items():
        data.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": [column for _, column, _ in places],
                "y": [row for row, _, _ in places],
                "text": [text for _, _, text in places],
                "textfont": {"color": ink, "size": 11},
                "hoverinfo": "skip",
            }
        )
    spec = layout(
        words,
        palette,
        30 * len(wide) + (170 if narrow else 145),
        margin={"r": 8 if narrow else 80, "t": 150 if narrow else 125, "b": 4, "l": 8},
        xaxis={
            **axis(palette, showgrid=False),
            "side": "top",
            "tickangle": -90 if narrow else -50,
            "tickvals": list(range(wide.shape[1])),
            "ticktext": [two_lines(name) for name in roles],
            "range": [-0.5, wide.shape[1] - 0.5],
        },
        yaxis={
            "tickvals": list(range(len(wide))),
            "ticktext": [two_lines(name) for name in skills],
            "range": [len(wide) - 0.5, -0.5],
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 12},
        },
    )
    return Figure("coverage", {"data": data, "layout": spec}, words("skills.heat_alt"), table)


def stacked(
    name: str,
    rows: Sequence[str],
    parts: Sequence[tuple[str, Sequence[float], str]],
    table: pd.DataFrame,
    alt: str,
    words: Words,
    palette: Palette,
) -> Figure:
    """Lying bars; parts: (label, a value per row, colour). The first row stands on top."""
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": label_,
            "x": values(amounts),
            "y": [two_lines(row) for row in rows],
            "marker": {"color": colour},
            "hovertemplate": f"%{{y}}<br>{label_}: <b>%{{x:.1f}}</b><extra></extra>",
        }
        for label_, amounts, colour in parts
    ]
    spec = layout(
        words,
        palette,
        34 * max(len(rows), 2) + 80 + 24 * len(parts),
        barmode="stack",
        bargap=0.35,
        showlegend=True,
        margin={"r": 16, "t": 8, "b": 8},
        legend={
            "orientation": "h",
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
            "font": {"color": palette.ink},
        },
        xaxis=axis(palette, nticks=6),
        yaxis={"autorange": "reversed", "showgrid": False, "dtick": 1, "tickfont": {"color": palette.ink, "size": 12}},
    )
    return Figure(name, {"data": data, "layout": spec}, alt, table)


def lines(
    name: str,
    years: Sequence[int],
    series: Sequence[tuple[str, Sequence[float], str, str]],
    table: pd.DataFrame,
    alt: str,
    words: Words,
    palette: Palette,
) -> Figure:
    """series: (label, a value per year, colour, dash); labelled at the right end."""
    data, notes = [], []
    ends = [float(list(amounts)[-1]) for _, amounts, _, _ in series]
    top = max([float(max(amounts)) for _, amounts, _, _ in series] + [1.0])
    placed = _apart(ends, top * 0.075)
    for (label_, amounts, colour, dash), height in zip(series, placed, strict=True):
        data.append(
            {
                "type": "scatter",
                "mode": "lines" if len(years) > 1 else "markers",  # of one year there is no line to see
                "x": list(years),
                "y": values(amounts),
                "line": {"color": colour, "width": 3, "dash": dash},
                "marker": {"color": colour, "size": 9},
                "hovertemplate": f"{label_} %{{x}}: <b>%{{y:.1f}}</b><extra></extra>",
            }
        )
        notes.append(label(f"{label_} {words.number(float(list(amounts)[-1]))}", years[-1], height, colour, xshift=8))
    spec = layout(
        words,
        palette,
        320,
        margin={"r": min(30 + 7 * max((len(note["text"]) for note in notes), default=0), 190)},
        annotations=notes,
        xaxis=axis(
            palette,
            showgrid=False,
            tickformat="d",
            tickangle=0,
            tickvals=list(years)[:: 1 if len(years) < 5 else 2 if len(years) < 8 else 3],
            range=[years[0] - 0.2, years[-1] + 0.2],
        ),
        yaxis=axis(palette, nticks=5, rangemode="tozero"),
    )
    return Figure(name, {"data": data, "layout": spec}, alt, table)


def _apart(heights: list[float], least: float) -> list[float]:
    order = np.argsort(heights)
    out = list(heights)
    for before, after in pairwise(order):
        out[after] = max(out[after], out[before] + least)
    return out


PLOT = (620.0, 400.0)
"""Pixels the corners are taken to be drawn in; on a wider screen what stands apart stays apart."""
BESIDE = {"top center": (0, 1), "middle right": (1, 0), "middle left": (-1, 0), "bottom center": (0, -1)}
"""Where a name may stand beside its bubble: to which side, and above or below."""


Box = tuple[float, float, float, float]


def placed_names(known: pd.DataFrame, sizes: np.ndarray, room: tuple[float, float] = PLOT) -> dict[Any, tuple[str, Box]]:
    """Where each role that can carry its name without covering another name or bubble carries it, and the box it takes: the
    outermost first, then the largest. sizes: pixels across, a bubble each. room: pixels of the figure."""
    order = [*known.nlargest(2, "leaving").index, *known.nlargest(2, "automatable").index, *known.nlargest(12, "fte").index]
    across, up = (_pixels(known[name].to_numpy(float), pixels) for name, pixels in zip(("leaving", "automatable"), room, strict=True))
    bubbles = {at: _box(x, y, size, size) for at, x, y, size in zip(known.index, across, up, sizes, strict=True)}
    out: dict[Any, tuple[str, Box]] = {}
    for at in dict.fromkeys(order):
        left, low, right, high = bubbles[at]
        wide, radius = 6.0 * len(str(known.at[at, "role"])), (right - left) / 2
        for place, (aside, above) in BESIDE.items():
            x = (left + right) / 2 + aside * (wide / 2 + radius + 4)
            box = _box(x, (low + high) / 2 + above * (radius + 8), wide, 14.0)
            others = [*(there for _, there in out.values()), *(bubble for other, bubble in bubbles.items() if other != at)]
            if box[0] >= 0 and box[2] <= room[0] and not any(meet(box, other) for other in others):
                out[at] = (place, box)
                break
    return out


def _pixels(amounts: np.ndarray, room: float) -> np.ndarray:
    """Where amounts stand on an axis of so many pixels with a little room at both ends."""
    if not len(amounts):
        return amounts
    reach = max(float(amounts.max() - amounts.min()), 0.05)
    return room * (0.06 + 0.88 * (amounts - amounts.min()) / reach)


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes cover a place together."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def quadrant(frame: pd.DataFrame, year: int, table: pd.DataFrame, words: Words, palette: Palette, room: int = 620) -> Figure:
    """frame: role, fte, leaving, automatable (0-1), advice. Lines at the weighted means. room: pixels across; bubbles shrink with it."""
    known = frame[frame["advice"] != "unknown"].dropna(subset=["leaving", "automatable"])
    colours = dict(
        zip(
            ("recruit_hand_over", "let_shrink", "retrain_move", "keep_rotate"),
            (palette.need, palette.plain, palette.series[3], palette.have),
            strict=True,
        )
    )
    biggest = max(float(known["fte"].max()) if len(known) else 1.0, 1.0)
    percent = f"{HARD}%" if words.lang == "nl" else "%"
    drawn = min(room, PLOT[0])
    sizes = pd.Series(8 + 34 * drawn / PLOT[0] * np.sqrt(known["fte"].to_numpy(float) / biggest), known.index)
    named = {at: place for at, (place, _) in placed_names(known, sizes.to_numpy(), (drawn, PLOT[1])).items()}
    data = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "name": words(f"advice.{advice}"),
            "x": values(100 * part["leaving"]),
            "y": values(100 * part["automatable"]),
            "text": [role if at in named else "" for at, role in part["role"].items()],
            "textposition": [named.get(at, "top center") for at in part.index],
            "textfont": {"color": palette.ink, "size": 11},
            "customdata": part["role"].tolist(),
            "marker": {
                "color": colours[advice],
                "opacity": 0.75,
                "size": values(sizes[part.index]),
                "line": {"width": 0},
            },
            "hovertemplate": f"%{{customdata}}<br>%{{x:.0f}}{percent} · %{{y:.0f}}{percent}<extra></extra>",
        }
        for advice in colours
        for part in [known[known["advice"] == advice]]
        if len(part)
    ]
    weight = known["fte"].to_numpy(float)
    shapes = []
    if weight.sum() > 0:
        x, y = (100 * float((known[name] * weight).sum() / weight.sum()) for name in ("leaving", "automatable"))
        line = {"color": palette.soft, "width": 1, "dash": "dot"}
        shapes = [
            {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": line},
            {"type": "line", "y0": y, "y1": y, "xref": "paper", "x0": 0, "x1": 1, "line": line},
        ]
    spec = layout(
        words,
        palette,
        480,
        showlegend=True,
        shapes=shapes,
        margin={"r": 16, "t": 40, "b": 48, "l": 48},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "font": {"color": palette.ink}, "itemsizing": "constant"},
        xaxis=axis(palette, ticksuffix=percent, title={"text": words("changing.quadrant_x", year=year), "font": {"color": palette.soft}}),
        yaxis=axis(palette, ticksuffix=percent, title={"text": words("changing.quadrant_y"), "font": {"color": palette.soft}}),
    )
    return Figure("quadrant", {"data": data, "layout": spec}, words("changing.quadrant_alt"), table)
