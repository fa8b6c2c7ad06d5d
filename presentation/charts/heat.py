"""Shortage by role (or department, or location) and year, printed and coloured, with boxes that can be clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from presentation.charts.base import Figure, axis, layout, two_lines
from presentation.texts import Words
from presentation.theme import Palette, on_scale, readable_on


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """names: rows, largest shortage in the target year first; years: columns; gaps: (rows, years) fte, plus = shortage."""

    by: str
    names: tuple[str, ...]
    years: tuple[int, ...]
    gaps: np.ndarray

    @classmethod
    def of(cls, groups: pd.DataFrame, by: str, year: int, last: int) -> Grid:
        """Sum an outlook's groups to one row per value of `by`, up to the year `last`."""
        years = groups["year"].to_numpy()
        columns = {int(value): place for place, value in enumerate(dict.fromkeys(years[years <= last]))}
        labels = groups[by].to_numpy(object)
        rows = {name: place for place, name in enumerate(dict.fromkeys(labels))}
        gaps = np.zeros((len(rows), len(columns)))
        inside = years <= last
        places = [rows[name] for name in labels[inside]], [columns[value] for value in years[inside]]
        np.add.at(gaps, places, groups["gap_fte"].to_numpy()[inside])
        order = np.argsort(-gaps[:, columns[year]], kind="stable")
        names = [str(name) for name in rows]
        return cls(by, tuple(names[row] for row in order), tuple(columns), gaps[order])

    def largest(self, count: int, year: int) -> Grid:
        """The rows with the largest shortage or surplus in the target year, in the same order; the largest shortage, which the
        title names, is always among them."""
        column = self.years.index(year)
        order = np.argsort(-np.abs(self.gaps[:, column]), kind="stable")
        keep = np.sort(np.array([0, *order[order != 0][: count - 1]]) if len(order) else order)
        return Grid(self.by, tuple(self.names[row] for row in keep), self.years, self.gaps[keep])

    def table(self, words: Words) -> pd.DataFrame:
        """One row per name, one column per year."""
        frame = pd.DataFrame(self.gaps, columns=[str(year) for year in self.years])
        frame.insert(0, words(f"column.{self.by}"), list(self.names))
        return frame


def heat_map(grid: Grid, full: Grid, words: Words, palette: Palette, title: str, height: int | None = None) -> Figure:
    """Boxes with gaps between them; orange = short, blue = more than needed, the value printed with its sign.

    grid: the rows drawn; full: all rows, for the table. Clicks come from square markers laid over the boxes, because a
    heat map gives no selection of its own; their customdata is [name, year].
    """
    largest = max(float(np.abs(grid.gaps).max()) if grid.gaps.size else 0.0, 1.0)
    rows, columns = len(grid.names), len(grid.years)
    texts = [[_value(words, gap) for gap in line] for line in grid.gaps]
    data = [_boxes(grid, largest, palette), *_values(grid, texts, largest, palette), _marks(grid, texts, words)]
    spec = layout(
        words,
        palette,
        height or 34 * rows + 40,
        margin={"r": 8, "t": 26, "b": 4},
        clickmode="event+select",
        hovermode="closest",
        hoverdistance=-1,  # a box is wider than its mark: the nearest mark, however far, is the one of the box itself
        xaxis={
            **axis(palette, showgrid=False),
            "side": "top",
            "tickangle": 0,
            "tickvals": list(range(columns)),
            "ticktext": [str(year) for year in grid.years],
            "range": [-0.5, columns - 0.5],
        },
        yaxis={
            "tickvals": list(range(rows)),
            "ticktext": [two_lines(name) for name in grid.names],
            "range": [rows - 0.5, -0.5],
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 12},
        },
    )
    return Figure("heat_map", {"data": data, "layout": spec}, words("chart.heat_alt", title=title), lambda: full.table(words))


def _value(words: Words, gap: float) -> str:
    text = words.number(gap, 0 if abs(gap) >= 10 else 1)
    return "0" if text in ("0", "0,0", "0.0") else text


def _boxes(grid: Grid, largest: float, palette: Palette) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": list(range(len(grid.years))),
        "y": list(range(len(grid.names))),
        "z": np.round(grid.gaps, 2).tolist(),
        "zmin": -largest,
        "zmax": largest,
        "colorscale": [list(stop) for stop in palette.scale],
        "xgap": 3,
        "ygap": 3,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _values(grid: Grid, texts: list[list[str]], largest: float, palette: Palette) -> list[dict[str, Any]]:
    """The printed values, one trace an ink: a click elsewhere dims text unless its trace says which colour to keep."""
    by_ink: dict[str, list[tuple[int, int]]] = {}
    for row in range(len(grid.names)):
        for column in range(len(grid.years)):
            box = on_scale(palette.scale, 0.5 + grid.gaps[row, column] / largest / 2)
            by_ink.setdefault(readable_on(box), []).append((row, column))
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": [column for _, column in places],
            "y": [row for row, _ in places],
            "text": [texts[row][column] for row, column in places],
            "textfont": {"color": ink, "size": 12},
            "selected": {"textfont": {"color": ink}},
            "unselected": {"textfont": {"color": ink}},
            "hoverinfo": "skip",
        }
        for ink, places in by_ink.items()
    ]


def _marks(grid: Grid, texts: list[list[str]], words: Words) -> dict[str, Any]:
    places = [(row, column) for row in range(len(grid.names)) for column in range(len(grid.years))]
    unseen = {"marker": {"opacity": 0.001}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [column for _, column in places],
        "y": [row for row, _ in places],
        "text": [texts[row][column] for row, column in places],
        "marker": {"symbol": "square", "size": 26, "opacity": 0.001},
        "selected": unseen,
        "unselected": unseen,
        "customdata": [[grid.names[row], grid.years[column]] for row, column in places],
        "hovertemplate": f"%{{customdata[0]}}<br>%{{customdata[1]}}: <b>%{{text}} {words('axis.fte')}</b><extra></extra>",
    }
