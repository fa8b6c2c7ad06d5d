"""Shortage by role (or department, or location) and year, printed and coloured, with boxes that can be clicked."""

from __future__ import annotations

from collections import Counter
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

    grid: the rows drawn; full: all rows, for the table. The boxes print their values and answer clicks themselves; their customdata is
    [name, year, value as printed]. Letters and marks laid over all of them took a browser a third of its time for the figure.
    """
    largest = max(float(np.abs(grid.gaps).max()) if grid.gaps.size else 0.0, 1.0)
    rows, columns = len(grid.names), len(grid.years)
    texts = [[_value(words, gap) for gap in line] for line in grid.gaps]
    data = _boxes(grid, texts, largest, words, palette)
    spec = layout(
        words,
        palette,
        height or 34 * rows + 40,
        margin={"r": 8, "t": 26, "b": 4},
        hovermode="closest",
        shapes=_gaps(rows, columns, palette),
        xaxis={
            **axis(palette, showgrid=False, automargin=False),
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


def _boxes(grid: Grid, texts: list[list[str]], largest: float, words: Words, palette: Palette) -> list[dict[str, Any]]:
    """The boxes with what is printed in most of them, which has one ink; and letters over the few that need another to be read."""
    inks = [[readable_on(on_scale(palette.scale, 0.5 + gap / largest / 2)) for gap in line] for line in grid.gaps]
    counted = Counter(ink for line in inks for ink in line)
    most = max(counted, key=lambda ink: counted[ink], default=palette.ink)
    boxes = {
        "type": "heatmap",
        "x": list(range(len(grid.years))),
        "y": list(range(len(grid.names))),
        "z": np.round(grid.gaps, 2).tolist(),
        "zmin": -largest,
        "zmax": largest,
        "colorscale": [list(stop) for stop in palette.scale],
        "showscale": False,
        "text": [[text if ink == most else "" for text, ink in zip(*line, strict=True)] for line in zip(texts, inks, strict=True)],
        "texttemplate": "%{text}",
        "textfont": {"color": most, "size": 12},
        "customdata": [
            [[name, year, text] for year, text in zip(grid.years, line, strict=True)] for name, line in zip(grid.names, texts, strict=True)
        ],
        "hovertemplate": f"%{{customdata[0]}}<br>%{{customdata[1]}}: <b>%{{customdata[2]}} {words('axis.fte')}</b><extra></extra>",
    }
    return [boxes, *(_letters(ink, inks, texts) for ink in counted if ink != most)]


def _gaps(rows: int, columns: int, palette: Palette) -> list[dict[str, Any]]:
    """Between the boxes, in the colour of the paper. Gaps of its own the library for figures draws into a picture as large as the figure,
    which took a browser a sixth of its time for it; without them the picture has a dot for each box."""
    lines = [f"M{column + 0.5},-0.5V{rows - 0.5}" for column in range(columns - 1)]
    lines += [f"M-0.5,{row + 0.5}H{columns - 0.5}" for row in range(rows - 1)]
    return [{"type": "path", "path": "".join(lines), "line": {"color": palette.paper, "width": 3}}] if lines else []


def _letters(ink: str, inks: list[list[str]], texts: list[list[str]]) -> dict[str, Any]:
    places = [(row, column) for row, line in enumerate(inks) for column, own in enumerate(line) if own == ink]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [column for _, column in places],
        "y": [row for row, _ in places],
        "text": [texts[row][column] for row, column in places],
        "textfont": {"color": ink, "size": 12},
        "hoverinfo": "skip",
    }
