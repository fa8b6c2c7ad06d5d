"""Figures: what is drawn adds up, says what it shows, and can be read in light, dark, Dutch and English."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from presentation import charts
from presentation.charts import CONFIG, Grid, growing
from presentation.charts.base import spread
from presentation.charts.flows import LETTER, NARROW, bridge
from presentation.exports.tables import csv_bytes, inert, xlsx_bytes
from presentation.texts import Words
from presentation.theme import DARK, LIGHT, contrast, on_scale, readable_on
from workflows.types import EXITS

NL, EN = Words("nl"), Words("en")
YEARS = np.arange(2026, 2037)
STEPS = (
    ("retirement", 96.0),
    ("resignation", 210.0),
    ("move_in", -30.0),
    ("move_out", 29.8),
    ("hire", -240.0),
    ("growth", 40.4),
    ("absence", 0.2),
)


def total() -> pd.DataFrame:
    supply, demand = np.linspace(1116, 1090, 11), np.linspace(1180, 1260, 11)
    width = np.linspace(0, 60, 11)
    return pd.DataFrame(
        {
            "date": pd.to_datetime([f"{year}-01-01" for year in YEARS]),
            "year": YEARS,
            "supply_people": supply * 1.07,
            "supply_fte": supply,
            "supply_fte_low": supply - width,
            "supply_fte_middle": supply,
            "supply_fte_high": supply + width,
            "demand_fte": demand,
            "gap_fte": demand - supply,
            "gap_low": demand - supply - width,
            "gap_high": demand - supply + width,
            "p_short": 0.9,
        }
    )


def groups() -> pd.DataFrame:
    parts = []
    for place, role in enumerate(("Elektromonteur", "Planner", "Lasser")):
        part = total()
        part["gap_fte"] = part["gap_fte"] * (0.5, -0.2, 0.1)[place]
        part.insert(0, "location", "")
        part.insert(1, "unit", "E")
        part.insert(2, "role", role)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def ages() -> pd.DataFrame:
    starts = list(range(15, 75, 5))
    rows = [("now", start, 100.0 - start) for start in starts] + [("then", start, 90.0 - start / 2) for start in starts]
    return pd.DataFrame(rows, columns=["moment", "age_from", "people"])


def retire() -> pd.DataFrame:
    return pd.DataFrame(
        {"date": total()["date"], "year": YEARS, "can_leave": YEARS - 2020.0, "expected": YEARS - 2024.0, "reached": YEARS - 2026.0}
    )


def flows() -> pd.DataFrame:
    rows = [(year, flow.value, 10.0 + place) for year in YEARS for place, flow in enumerate(EXITS)]
    return pd.DataFrame(rows, columns=["year", "flow", "people"])


def all_figures(words: Words, palette) -> list[charts.Figure]:
    grid = Grid.of(groups(), "role", 2031, 2031)
    return [
        charts.supply_demand(total(), 2031, words, palette, "Titel"),
        charts.bridge(64, STEPS, 64 + sum(value for _, value in STEPS), 2031, words, palette, "Titel"),
        charts.heat_map(grid, grid, words, palette, "Titel"),
        charts.pyramid(ages(), 2031, words, palette, "Titel"),
        charts.waves(retire(), 2031, words, palette, "Titel"),
        charts.exits(flows(), [flow.value for flow in EXITS], words, palette, "Titel"),
    ]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_every_figure_is_plain_titleless_and_says_what_it_shows(words: Words, palette) -> None:
    for figure in all_figures(words, palette):
        json.dumps(figure.spec)  # plain values only: no arrays, no dates
        layout = figure.spec["layout"]
        assert "title" not in layout
        assert layout["separators"] == (",." if words.lang == "nl" else ".,")
        assert layout["showlegend"] is False
        assert len(figure.alt) > 30
        assert "Titel" in figure.alt
        assert len(figure.table) > 0


def test_the_mode_bar_is_hidden() -> None:
    assert CONFIG["displayModeBar"] is False


def test_labels_are_in_the_language_asked() -> None:
    assert "Bezetting" in json.dumps(charts.supply_demand(total(), 2031, NL, LIGHT, "t").spec)
    assert "Staffing" in json.dumps(charts.supply_demand(total(), 2031, EN, LIGHT, "t").spec)


def test_supply_is_solid_need_is_dashed_and_the_gap_is_written() -> None:
    spec = charts.supply_demand(total(), 2031, NL, LIGHT, "t").spec
    lines = {trace["name"]: trace["line"]["dash"] for trace in spec["data"] if "name" in trace}
    assert lines == {"Nodig": "dash", "Bezetting": "solid"}
    gap = float(total().loc[total()["year"] == 2031, "gap_fte"].iloc[0])
    assert any(f"tekort {NL.number(gap)}" in mark["text"] for mark in spec["layout"]["annotations"])


def test_figures_written_in_a_chart_are_rounded_once() -> None:
    """151.4949 is 151 in every sentence; drawn to two decimals it would be 151.5 and then 152."""
    edge = total().assign(gap_fte=151.49494, supply_fte=1099.49494, demand_fte=1250.98988)
    texts = [mark["text"] for mark in charts.supply_demand(edge, 2031, NL, LIGHT, "t").spec["layout"]["annotations"]]
    assert any("tekort 151<" in text for text in texts), texts
    assert any(text.endswith("1.099") for text in texts), texts
    runs = charts.gap_lines([("Basis", edge), ("Nu", edge)], 2031, NL, LIGHT, "t").spec["layout"]["annotations"]
    assert all(mark["text"].endswith("151") for mark in runs)
    stops = charts.waves(retire().assign(expected=100.49994), 2031, NL, LIGHT, "t").spec["layout"]["annotations"]
    assert any("<b>100</b>" in mark["text"] for mark in stops)


@pytest.mark.parametrize(("year", "side"), [(2027, "left"), (2031, "center"), (2036, "right")])
@pytest.mark.parametrize("falls", [False, True])
def test_how_much_is_short_stands_on_no_line(year: int, side: str, falls: bool) -> None:
    """Above the plot and inwards, however narrow it is: beside its mark it lay on the line of what is needed."""
    frame = total().assign(demand_fte=np.linspace(1180, 700, 11)) if falls else total()
    spec = charts.supply_demand(frame.assign(gap_fte=frame["demand_fte"] - frame["supply_fte"]), year, NL, LIGHT, "t").spec["layout"]
    mark = next(note for note in spec["annotations"] if note["text"].startswith(("<b>tekort ", "<b>overschot ")))
    assert (mark["yref"], mark["y"], mark["yanchor"], mark["x"], mark["xanchor"]) == ("paper", 1, "bottom", year, side)
    assert spec["margin"]["t"] >= 2 * mark["font"]["size"]
    assert spec["shapes"][0]["x0"] == year  # a thin line from the mark to it


def test_the_range_is_stronger_up_to_the_target_year() -> None:
    bands = [trace["fillcolor"] for trace in charts.supply_demand(total(), 2031, NL, LIGHT, "t").spec["data"] if trace.get("fill")]
    assert [band.rsplit(",", 1)[1] for band in bands] == ["0.22)", "0.11)"]


def test_stairs_add_up_exactly_and_keep_small_steps() -> None:
    end = 64 + sum(value for _, value in STEPS)
    tidy = charts.tidy_steps(STEPS)
    assert sum(value for _, value in tidy) == pytest.approx(end - 64, abs=1e-9)
    assert [name for name, _ in tidy] == ["resignation", "retirement", "growth", "hire"]  # moves −0,2 and absence +0,2 cancel
    figure = charts.bridge(64, STEPS, end, 2031, NL, LIGHT, "t")
    bars = figure.spec["data"][0]
    for place in range(1, len(bars["x"]) - 1):
        assert bars["base"][place] + bars["x"][place] == pytest.approx(
            bars["base"][place + 1] if place + 2 < len(bars["x"]) else end, abs=0.01
        )
    shown = figure.table.iloc[:, 1]
    assert shown.iloc[0] + shown.iloc[1:-1].sum() == pytest.approx(shown.iloc[-1], abs=0.5)


def test_steps_below_half_an_fte_become_one_other_step() -> None:
    assert charts.tidy_steps([("absence", 0.3), ("hours", 0.2), ("growth", 5.0)]) == [("growth", 5.0), ("rest", pytest.approx(0.5))]


def test_heat_rows_are_ordered_and_clickable() -> None:
    grid = Grid.of(groups(), "role", 2031, 2031)
    assert grid.names == ("Elektromonteur", "Lasser", "Planner")
    spec = charts.heat_map(grid, grid, NL, LIGHT, "t").spec
    boxes, *letters = spec["data"]
    (gaps,) = spec["layout"]["shapes"]
    assert (gaps["line"]["width"], gaps["line"]["color"]) == (3, LIGHT.paper)
    assert (gaps["path"].count("V"), gaps["path"].count("H")) == (len(grid.years) - 1, len(grid.names) - 1)
    assert boxes["zmin"] == -boxes["zmax"]
    printed = {
        (row, column): (text, boxes["textfont"]["color"])
        for row, line in enumerate(boxes["text"])
        for column, text in enumerate(line)
        if text
    }
    over = [
        ((row, column), (text, trace["textfont"]["color"]))
        for trace in letters
        for column, row, text in zip(trace["x"], trace["y"], trace["text"], strict=True)
    ]
    assert len(over) < len(printed)
    assert not printed.keys() & dict(over).keys()
    printed |= dict(over)
    assert printed.keys() == set(np.ndindex(grid.gaps.shape))  # each value once
    for (row, column), (text, ink) in printed.items():
        assert boxes["customdata"][row][column] == [grid.names[row], grid.years[column], text]
        assert text.startswith("−") == (round(float(grid.gaps[row, column]), 1) < 0)  # a real minus sign, not only a colour
        assert contrast(ink, on_scale(LIGHT.scale, 0.5 + grid.gaps[row, column] / boxes["zmax"] / 2)) >= 4.5


def test_heat_keeps_the_largest_rows_in_order() -> None:
    grid = Grid.of(groups(), "role", 2031, 2031).largest(2, 2031)
    assert grid.names == ("Elektromonteur", "Planner")  # the surplus of planners is larger than the shortage of welders


def test_pyramid_bands_are_complete_and_both_moments_keep_their_people() -> None:
    figure = charts.pyramid(ages(), 2031, NL, LIGHT, "t")
    now, then = figure.spec["data"]
    assert -sum(now["x"]) == pytest.approx(ages().query("moment == 'now'")["people"].sum())
    assert sum(then["x"]) == pytest.approx(ages().query("moment == 'then'")["people"].sum())
    assert figure.spec["layout"]["yaxis"]["ticktext"][-1] == "70+"


def test_labels_are_moved_apart_around_their_middle() -> None:
    assert spread([10.0, 10.0], 4.0) == [8.0, 12.0]
    assert spread([1.0, 50.0], 4.0) == [1.0, 50.0]


def test_empty_frames_give_an_empty_figure() -> None:
    assert charts.exits(flows().head(0), [flow.value for flow in EXITS], NL, LIGHT, "t").table.empty
    assert charts.pyramid(ages().head(0), 2031, NL, LIGHT, "t").table.empty


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_of_text_and_graphics(palette) -> None:
    for ink in (palette.ink, palette.soft, palette.have, palette.need):
        assert contrast(ink, palette.paper) >= 4.5
    for colour in (*palette.series, palette.worse, palette.better, palette.plain):
        assert contrast(colour, palette.paper) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_printed_values_can_be_read_on_every_box(palette) -> None:
    for place in np.linspace(0, 1, 21):
        box = on_scale(palette.scale, float(place))
        assert contrast(readable_on(box), box) >= 4.5


def test_text_that_a_spreadsheet_would_carry_out_is_made_inert() -> None:
    table = pd.DataFrame({"Functie": ["=HYPERLINK(1)", "Planner"], "Fte": [1.5, 2.0]})
    assert inert("=1+1") == "'=1+1"
    dutch = csv_bytes(NL, table).decode("utf-8-sig").splitlines()
    assert dutch[1] == "'=HYPERLINK(1);1,5"
    assert csv_bytes(EN, table).decode("utf-8-sig").splitlines()[1] == "'=HYPERLINK(1),1.5"
    sheet = load_workbook(io.BytesIO(xlsx_bytes(NL, table, "=Titel", "bron"))).active
    assert sheet["A4"].value == "=HYPERLINK(1)"
    assert sheet["A4"].data_type in ("s", "inlineStr")
    assert sheet["B4"].value == 1.5


def test_scenarios_share_their_axes_and_the_baseline_comes_first() -> None:
    other = total().assign(gap_fte=total()["gap_fte"] * 2)
    figure = charts.gap_lines([("Basis", total()), ("Krap", other)], 2031, NL, LIGHT, "Titel")
    first, second = figure.spec["data"]
    assert (first["name"], first["line"]["dash"]) == ("Basis", "solid")
    assert second["line"]["dash"] != "solid"  # told apart without colour
    assert figure.table["Krap"].tolist() == pytest.approx(other["gap_fte"].tolist())


def test_on_a_phone_the_figure_beside_the_longest_bar_has_room_before_the_name() -> None:
    effects = pd.DataFrame({"low_gap": [-245.0, 100.0], "base_gap": 139.0, "high_gap": [532.0, 200.0]})
    low, high = charts.lever_bars(effects, ["Nieuwe collega's", "Verloop"], NL, LIGHT, "t").spec["layout"]["xaxis"]["range"]
    pixel = (high - low) / 165  # the bars of a figure on a screen of 390 pixels
    assert (-245.0 - low) / pixel >= 5 + len("−384") * 7.5
    assert (high - 532.0) / pixel >= 5 + len("+393") * 7.5


def test_lever_bars_start_at_the_baseline() -> None:
    effects = pd.DataFrame({"lever": ["a", "b"], "low_gap": [50.0, 90.0], "base_gap": [100.0, 100.0], "high_gap": [160.0, 110.0]})
    low, high = charts.lever_bars(effects, ["Een", "Twee"], NL, LIGHT, "Titel").spec["data"]
    assert (low["base"], low["x"], high["x"]) == (100.0, [-50.0, -10.0], [60.0, 10.0])


def test_a_name_in_the_corners_covers_no_other_bubble_or_name() -> None:
    """Names are drawn where they stand clear of everything; the outermost role always carries its own."""
    rng = np.random.default_rng(3)
    known = pd.DataFrame(
        {
            "role": [f"Functie met naam {at}" for at in range(40)],
            "fte": rng.uniform(1, 130, 40),
            "leaving": [*rng.uniform(0, 0.2, 39), 0.65],
            "automatable": [*rng.uniform(0.05, 0.6, 39), 0.3],
        }
    )
    sizes = 8 + 34 * np.sqrt(known["fte"].to_numpy() / known["fte"].max())
    placed = growing.placed_names(known, sizes)
    assert 39 in placed
    assert 3 <= len(placed) < 40
    for at, box in placed.items():
        assert not [other for other, (_, there) in placed.items() if other != at and growing.meet(box[1], there)]
    assert growing.placed_names(known.iloc[:0], sizes[:0]) == {}


@pytest.mark.parametrize(("start", "hire", "end"), [(63.0, -1806.0, -1344.0), (63.0, -27.0, 1048.0), (63.0, -652.0, 139.0)])
def test_what_stands_behind_the_longest_bar_of_the_stairs_has_room(start: float, hire: float, end: float) -> None:
    """On a phone, where the stairs are narrowest: no letter falls off the figure."""
    steps = [("resignation", end - start - hire), ("hire", hire)]
    layout = bridge(start, steps, end, 2031, Words("en"), LIGHT, "x").spec["layout"]
    low, high = layout["xaxis"]["range"]
    for one in layout["annotations"]:
        text = one["text"].replace("<b>", "").replace("</b>", "")
        assert (high - one["x"]) / (high - low) * NARROW + layout["margin"]["r"] >= 6 + LETTER * len(text)
