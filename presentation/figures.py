"""Each figure of the story with its sentence, made from an outlook: the one place that screen, slides and workbook take them from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from presentation import charts, sentences
from presentation.charts import Figure, Grid
from presentation.texts import Words
from presentation.theme import Palette
from workflows.outlook import Outlook
from workflows.types import Bridge

YEARS_AHEAD = 5
"""Least number of years a heat map shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A figure, the sentence above it, the glossary terms that explain it, and a remark under it ("" = none)."""

    title: str
    figure: Figure
    terms: tuple[str, ...]
    note: str = ""

    def described(self) -> Figure:
        """The figure as who cannot see it hears it: the sentence above it comes first."""
        alt = self.figure.alt
        return self.figure if self.title in alt else replace(self.figure, alt=f"{self.title}. {alt}")


def supply(words: Words, palette: Palette, found: Outlook, height: int = 360) -> Told:
    """Expected staffing against what is needed."""
    title = sentences.supply_title(words, found.facts)
    figure = charts.supply_demand(found.total, found.target_year, words, palette, title, height)
    return Told(title, figure, ("staffing", "shortage", "range"))


def stairs(words: Words, palette: Palette, found: Outlook, height: int | None = None) -> Told:
    """From today's gap to the target year's."""
    title = sentences.bridge_title(words, found.bridge.steps)
    figure = charts.bridge(found.bridge.start, found.bridge.steps, found.bridge.end, found.target_year, words, palette, title, height)
    return Told(title, figure, ("shortage", "replacement_demand", "growth_demand"))


def grid(found: Outlook, by: str) -> Grid:
    """All rows of the heat map."""
    return Grid.of(found.groups, by, found.target_year, max(found.target_year, found.as_of.year + YEARS_AHEAD))


def heat(words: Words, palette: Palette, found: Outlook, by: str, count: int) -> Told:
    """Where and when it is short."""
    full, year = grid(found, by), found.target_year
    drawn = full.largest(count, year)
    title = sentences.heat_title(words, drawn.names, [float(gap) for gap in drawn.gaps[:, drawn.years.index(year)]], year)
    note = words("chart.heat_more", n=len(drawn.names)) if len(drawn.names) < len(full.names) else ""
    return Told(title, charts.heat_map(drawn, full, words, palette, title), ("shortage", "surplus", "role"), note)


def pyramid(words: Words, palette: Palette, found: Outlook, height: int = 440) -> Told:
    """Ages now and in the target year."""
    title = sentences.pyramid_title(words, found.facts)
    return Told(title, charts.pyramid(found.ages, found.target_year, words, palette, title, height), ("age_pressure",))


def waves(words: Words, palette: Palette, found: Outlook, height: int = 440) -> Told:
    """Who can stop, is expected to stop, has reached the state pension age."""
    title = sentences.waves_title(words, found.facts)
    figure = charts.waves(found.retire, found.target_year, words, palette, title, height)
    # steps begin on the reference date's day of the year: only on 1 January are they calendar years
    note = words("stops.last_day", year=found.target_year) if (found.as_of.month, found.as_of.day) == (1, 1) else ""
    return Told(title, figure, ("can_stop", "expected_stop", "pension_age"), note=note)


def exits(words: Words, palette: Palette, found: Outlook, height: int = 320) -> Told:
    """Who leaves each year, by reason."""
    title = sentences.exits_title(words, found.facts)
    figure = charts.exits(found.flows, sentences.EXIT_ORDER, words, palette, title, height)
    return Told(title, figure, ("outflow", "turnover", "resignation"))


def gaps(words: Words, palette: Palette, runs: Sequence[tuple[str, Outlook]]) -> Told:
    """The shortage of each scenario on the same axes; the first is the baseline."""
    year = runs[0][1].target_year
    title = sentences.compare_title(words, [(name, float(found.facts["gap_target"])) for name, found in runs], year)
    figure = charts.gap_lines([(name, found.total) for name, found in runs], year, words, palette, title)
    return Told(title, figure, ("shortage", "scenario", "baseline"))


def between(words: Words, palette: Palette, names: tuple[str, str], steps: Bridge, year: int) -> Told:
    """Why two scenarios differ in the target year."""
    title = sentences.between_title(words, names, steps)
    figure = charts.bridge(steps.start, steps.steps, steps.end, year, words, palette, title, None, names)
    return Told(title, figure, ("shortage", "scenario"))


def levers(words: Words, palette: Palette, effects: pd.DataFrame) -> Told:
    """Which lever matters most."""
    names = [words(f"lever.{name}.label") for name in effects["lever"]]
    first = effects.iloc[0]
    title = sentences.lever_title(words, names[0], float(first["low_gap"]), float(first["high_gap"]))
    return Told(title, charts.lever_bars(effects, names, words, palette, title), ("sensitivity",), words("compare.bars_note"))
