"""Figures: a tidy frame and words in, a plain plotly dictionary out. No title inside: the card above it carries the sentence."""

from presentation.charts.base import CONFIG, Figure
from presentation.charts.compare import gap_lines, lever_bars
from presentation.charts.flows import bridge, exits, tidy_steps
from presentation.charts.heat import Grid, heat_map
from presentation.charts.lines import supply_demand, waves
from presentation.charts.proof import forecasts
from presentation.charts.pyramid import pyramid

__all__ = [
    "CONFIG",
    "Figure",
    "Grid",
    "bridge",
    "exits",
    "forecasts",
    "gap_lines",
    "heat_map",
    "lever_bars",
    "pyramid",
    "supply_demand",
    "tidy_steps",
    "waves",
]
