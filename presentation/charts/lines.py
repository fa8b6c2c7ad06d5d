"""Lines over the years: supply against need with its range, and the three lines of those who stop."""

from __future__ import annotations

from typing import Any

import pandas as pd

from presentation.charts.base import Figure, label, layout, named, spread, values
from presentation.texts import Words
from presentation.theme import Palette, faded


def supply_demand(total: pd.DataFrame, year: int, words: Words, palette: Palette, title: str, height: int = 360) -> Figure:
    """Expected staffing (solid, with its range) against what is needed (dashed), the gap drawn at the target year.

    total: one row per year with the columns of an outlook's `total`. The range is stronger up to the target year and
    paler beyond it: what lies further on is not what the headline speaks of.
    """
    years = [int(value) for value in total["year"]]
    supply, demand = values(total["supply_fte"], 2), values(total["demand_fte"], 2)
    low, high = values(total["supply_fte_low"], 2), values(total["supply_fte_high"], 2)
    at = years.index(year) if year in years else len(years) - 1
    bands = [
        _band(years[a:b], low[a:b], high[a:b], faded(palette.have, opacity))
        for a, b, opacity in ((0, at + 1, 0.22), (at, len(years), 0.11))
    ]
    data = [
        *bands,
        _line(years, demand, palette.need, "dash", words("series.demand"), words),
        _line(years, supply, palette.have, "solid", words("series.supply"), words),
        _gap_mark(years[at], supply[at], demand[at], palette),
    ]
    bottom, top = min(*low, *demand), max(*high, *demand)
    room = max((top - bottom) * 0.12, 1.0)
    ends = spread((supply[-1], demand[-1]), (top - bottom + 2 * room) * 0.07)
    have, need = (total[name].to_numpy(float) for name in ("supply_fte", "demand_fte"))  # as exact as the sentences are
    marks = [
        label(f"<b>{words('series.supply')}</b><br>{words.number(have[-1])}", years[-1], ends[0], palette.have, xshift=8),
        label(f"<b>{words('series.demand')}</b><br>{words.number(need[-1])}", years[-1], ends[1], palette.need, xshift=8),
        _gap_label(words, palette, years[at], (years[at] - years[0]) / max(years[-1] - years[0], 1), float(need[at] - have[at])),
    ]
    spec = layout(
        words,
        palette,
        height,
        hovermode="x unified",
        annotations=marks,
        margin={"t": 30},
        shapes=[_upward(years[at], max(supply[at], demand[at]), top + room, palette)],
        xaxis={"range": [years[0] - 0.15, years[-1] + 0.15], "tickvals": _ticks(years, year), "tickformat": "d", "hoverformat": "d"},
        yaxis={"range": [bottom - room, top + room], "tickformat": ",.0f", "ticksuffix": " "},
    )
    alt = words(
        "chart.supply_alt",
        year_from=years[0],
        year=years[at],
        title=title,
        low=float(total["supply_fte_low"].iloc[at]),
        high=float(total["supply_fte_high"].iloc[at]),
    )
    columns = [
        "year",
        "supply_fte",
        "supply_fte_low",
        "supply_fte_middle",
        "supply_fte_high",
        "demand_fte",
        "gap_fte",
        "gap_low",
        "gap_high",
        "p_short_percent",
    ]
    return Figure(
        "supply_demand",
        {"data": data, "layout": spec},
        alt,
        lambda: named(words, total.assign(p_short_percent=total["p_short"].astype(float) * 100), columns),
    )


def _ticks(years: list[int], year: int) -> list[int]:
    """Every second year counted from the target year, so that this one always has its label."""
    return [value for value in years if (value - year) % 2 == 0] if len(years) > 7 else years


def _band(years: list[int], low: list[float], high: list[float], fill: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [*years, *years[::-1]],
        "y": [*high, *low[::-1]],
        "fill": "toself",
        "fillcolor": fill,
        "line": {"width": 0},
        "mode": "lines",
        "hoverinfo": "skip",
    }


def _line(years: list[int], heights: list[float], colour: str, dash: str, name: str, words: Words) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": years,
        "y": heights,
        "mode": "lines",
        "name": name,
        "line": {"color": colour, "width": 3, "dash": dash},
        "hovertemplate": f"{name}: %{{y:,.0f}} {words('axis.fte')}<extra></extra>",
    }


def _gap_mark(year: int, supply: float, demand: float, palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [year, year],
        "y": [supply, demand],
        "mode": "lines+markers",
        "line": {"color": palette.ink, "width": 1.5},
        "marker": {"color": [palette.have, palette.need], "size": 9, "line": {"color": palette.paper, "width": 2}},
        "hoverinfo": "skip",
    }


def _gap_label(words: Words, palette: Palette, year: int, along: float, gap: float) -> dict[str, Any]:
    """How much is short, above everything that is drawn: beside its mark it lay on a line as soon as the figure was narrow. along: how far
    along the axis the year is (0-1); near an end the words go inwards."""
    key = "series.gap" if gap >= 0.5 else "series.spare" if gap <= -0.5 else "series.even"
    text = words(key, value=abs(gap)) if key != "series.even" else words(key)
    return label(
        f"<b>{text}</b>",
        year,
        1,
        palette.ink,
        yref="paper",
        yanchor="bottom",
        xanchor="left" if along < 1 / 3 else "right" if along > 2 / 3 else "center",
        font={"color": palette.ink, "size": 14},
    )


def _upward(year: int, start: float, top: float, palette: Palette) -> dict[str, Any]:
    """From the mark of the gap to its words."""
    line = {"color": palette.soft, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": year, "x1": year, "y0": start, "y1": top, "line": line, "layer": "below"}


def waves(retire: pd.DataFrame, year: int, words: Words, palette: Palette, title: str, height: int = 380) -> Figure:
    """Of today's staff, cumulative people who can stop, are expected to stop, and have reached the state pension age.

    retire: date, year, can_leave, expected, reached; one row per year.
    """
    years = [int(value) for value in retire["year"]]
    styles = (("can_leave", palette.plain, "dot", 2), ("expected", palette.have, "solid", 3.5), ("reached", palette.need, "dash", 2.5))
    data, ends, marks = [], [], []
    for name, colour, dash, width in styles:
        heights = values(retire[name], 2)
        ends.append(float(retire[name].iloc[-1]))
        line = _line(years, heights, colour, dash, words(f"series.{name}"), words)
        line["line"]["width"] = width
        line["hovertemplate"] = f"{words(f'series.{name}')}: %{{y:,.0f}}<extra></extra>"
        data.append(line)
    top = max(max(values(retire[name])) for name, *_ in styles) or 1.0
    for (name, colour, *_), end, place in zip(styles, ends, spread(ends, top * 0.13), strict=True):
        marks.append(label(f"{words(f'series.{name}')}<br><b>{words.number(end, 0)}</b>", years[-1], place, colour, xshift=8))
    spec = layout(
        words,
        palette,
        height,
        hovermode="x unified",
        annotations=marks,
        margin={"r": 158},
        shapes=[
            {
                "type": "line",
                "x0": year,
                "x1": year,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": palette.grid, "width": 2},
                "layer": "below",
            }
        ],
        xaxis={"range": [years[0] - 0.1, years[-1] + 0.1], "tickvals": _ticks(years, year), "tickformat": "d", "hoverformat": "d"},
        yaxis={"range": [0, top * 1.1], "tickformat": ",.0f"},
    )
    return Figure(
        "waves",
        {"data": data, "layout": spec},
        words("chart.waves_alt", year=year, title=title),
        lambda: named(words, retire, ["year", "can_leave", "expected", "reached"]),
    )
