"""Colours of figures, in light and dark. Screens get theirs from .streamlit/config.toml; slides and sheets use LIGHT.

Blue is what we expect to have, orange what is needed or missing; no figure says anything by colour alone.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Palette:
    """Hex colours. ink: text; soft: second text; grid: hairlines; paper: background; have/need: the two main series;
    worse/better: steps that widen or close the gap; plain: what is neither; series: further categories in order;
    scale: from large surplus through nothing to large shortage (position 0-1, colour)."""

    name: str
    ink: str
    soft: str
    grid: str
    paper: str
    have: str
    need: str
    worse: str
    better: str
    plain: str
    series: tuple[str, ...]
    scale: tuple[tuple[float, str], ...]
    on_strong: str


LIGHT = Palette(
    name="light",
    ink="#16202C",
    soft="#5B6673",
    grid="#E4E9EF",
    paper="#FFFFFF",
    have="#0B5CAD",
    need="#C2560C",
    worse="#C2560C",
    better="#0B5CAD",
    plain="#6B7886",
    series=("#0B5CAD", "#B84A00", "#00785A", "#8A4F7D", "#8F6400", "#2B7CAB"),
    scale=((0.0, "#12528C"), (0.25, "#8DBBE0"), (0.5, "#F1F4F8"), (0.75, "#EBA06B"), (1.0, "#B84A00")),
    on_strong="#FFFFFF",
)

DARK = Palette(
    name="dark",
    ink="#E8EEF5",
    soft="#A9B6C4",
    grid="#263445",
    paper="#0F1620",
    have="#6CB2F0",
    need="#FFA45C",
    worse="#FFA45C",
    better="#6CB2F0",
    plain="#93A1B0",
    series=("#6CB2F0", "#FF9D57", "#4CC9A0", "#D69AC9", "#F0C24B", "#A3D4F2"),
    scale=((0.0, "#6CB2F0"), (0.25, "#2D5E8C"), (0.5, "#1B2735"), (0.75, "#8A4A1C"), (1.0, "#F08A3C")),
    on_strong="#0B1119",
)


def palette(dark: bool) -> Palette:
    """The colours for a dark or a light screen."""
    return DARK if dark else LIGHT


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def faded(colour: str, opacity: float) -> str:
    """The colour as rgba."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{opacity:g})"


def on_scale(scale: tuple[tuple[float, str], ...], position: float) -> str:
    """The colour at a position between 0 and 1, mixed between the two stops around it."""
    place = min(max(position, 0.0), 1.0)
    for (low, first), (high, second) in itertools.pairwise(scale):
        if place <= high:
            share = (place - low) / (high - low)
            mixed = (round(a + (b - a) * share) for a, b in zip(_channels(first), _channels(second), strict=True))
            return "#" + "".join(f"{channel:02X}" for channel in mixed)
    return scale[-1][1]


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2: 0 black, 1 white."""
    parts = [channel / 255 for channel in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2, between 1 and 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


INKS = ("#16202C", "#FFFFFF", "#000000")


@lru_cache(maxsize=4096)
def readable_on(colour: str) -> str:
    """Ink for text on the colour: house ink or white where one of them reaches 4.5:1, else black."""
    return next((ink for ink in INKS if contrast(ink, colour) >= 4.5), max(INKS, key=lambda ink: contrast(ink, colour)))
