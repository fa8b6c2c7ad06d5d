"""What all figures share: the frame around them, separators, and the parts a card needs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from presentation.texts import Words
from presentation.theme import Palette

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}
"""The tool bar stays away: among its buttons is one that sends the figure to a cloud."""

FONT = '"Source Sans", "Source Sans Pro", Arial, sans-serif'
"""The screen's own font, which comes with the app; figures are drawn without the screen library's theme so that
slides and pictures look the same."""

SEPARATORS = {"nl": ",.", "en": ".,"}


@dataclass(frozen=True, eq=False)
class Figure:
    """name: stable key, also of downloads; spec: plotly data and layout; alt: the takeaway in a sentence;
    rows: the table behind it, or what makes it: most runs of a page draw a figure and show no table."""

    name: str
    spec: dict[str, Any]
    alt: str
    rows: pd.DataFrame | Callable[[], pd.DataFrame]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The figures behind the picture, columns named in the reader's language."""
        return self.rows() if callable(self.rows) else self.rows

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        if not self.spec["data"]:
            return True
        return not callable(self.rows) and self.rows.empty


def layout(words: Words, palette: Palette, height: int, **more: Any) -> dict[str, Any]:
    """House layout: no legend, no vertical grid, hairlines, room for direct labels at the right."""
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 110, "t": 16, "b": 28},
        "separators": SEPARATORS[words.lang],
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": palette.ink, "size": 13},
        "hoverlabel": {"bgcolor": palette.paper, "bordercolor": palette.grid, "font": {"color": palette.ink, "size": 13}},
        "dragmode": False,
        "xaxis": axis(palette, showgrid=False),
        "yaxis": axis(palette, nticks=5),
    }
    return _joined(base, more)


def axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """A quiet axis: no line, soft labels, hairline grid."""
    quiet = {
        "gridcolor": palette.grid,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": True,
        "ticklabeloverflow": "allow",
        "tickfont": {"color": palette.soft, "size": 12},
        "title": {"text": ""},
    }
    return quiet | more


def _joined(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in more.items():
        out[key] = {**out[key], **value} if isinstance(value, dict) and isinstance(out.get(key), dict) else value
    return out


def label(text: str, x: Any, y: Any, colour: str, **more: Any) -> dict[str, Any]:
    """A direct label: text beside the thing it names."""
    plain = {"x": x, "y": y, "text": text, "showarrow": False, "font": {"color": colour, "size": 13}, "xanchor": "left", "align": "left"}
    return plain | more


def spread(heights: Iterable[float], least: float) -> list[float]:
    """Move label positions apart until neighbours are `least` apart, keeping their order and their middle."""
    wanted = list(heights)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [wanted[index] for index in order]
    for _ in range(20):
        moved = False
        for place in range(1, len(placed)):
            overlap = least - (placed[place] - placed[place - 1])
            if overlap > 1e-9:
                placed[place - 1] -= overlap / 2
                placed[place] += overlap / 2
                moved = True
        if not moved:
            break
    out = [0.0] * len(wanted)
    for place, index in enumerate(order):
        out[index] = placed[place]
    return out


def crossed(rows: Any, columns: Any, amounts: Any) -> tuple[list[Any], list[Any], np.ndarray]:
    """Amounts summed per pair: the row values in order, the column values by first sight, and the sums (rows, columns).

    What a pivot table does, at a twentieth of its time: a page draws several on every move of a slider.
    """
    down, across = np.asarray(rows), np.asarray(columns, dtype=object)
    names, place = np.unique(down, return_inverse=True)
    order = {name: number for number, name in enumerate(dict.fromkeys(across.tolist()))}
    sums = np.zeros((len(names), len(order)))
    np.add.at(sums, (place, [order[name] for name in across.tolist()]), np.asarray(amounts, dtype=float))
    return names.tolist(), list(order), sums


def values(column: Any, decimals: int = 3) -> list[float]:
    """A column as a short list of plain floats: less to send."""
    return [round(float(value), decimals) for value in column]


def named(words: Words, frame: pd.DataFrame, columns: list[str], **params: Any) -> pd.DataFrame:
    """The frame with only these columns, titled in the reader's language."""
    return frame[columns].rename(columns={name: words(f"column.{name}", **params) for name in columns}).reset_index(drop=True)


LINE = 20
"""Characters of a row name on one line; a longer name takes two, so that boxes stay wide enough on a phone."""


def two_lines(name: str) -> str:
    """The name broken at a space into at most two lines; what does not fit is cut, the hover text and the table have it all."""
    if len(name) <= LINE:
        return name
    first, *rest = textwrap.wrap(name, LINE, break_long_words=True)
    second = " ".join(rest)
    return f"{first}<br>{second if len(second) <= LINE + 2 else second[: LINE + 1] + '…'}"
