"""Sheets of a pulse: one row per answer with scores from 1 to 5, or work-ability bands per team. Only counts come out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.voices import BANDS, QUESTIONS, SCORES
from intake.grid import Grid
from intake.reader import read_grids
from intake.report import Options
from intake.values.numbers import parse_numbers
from intake.vocabulary import normalise

LOOK_ROWS = 15
HEADERS = {
    "team": ("Team", "Afdeling", "Groep", "Department", "Group", "Unit"),
    "committed": ("Betrokken", "Ik voel me betrokken", "Betrokkenheid", "Committed", "I feel committed"),
    "energetic": ("Energiek", "Energie", "Ik heb energie", "Energetic", "Energy", "I have energy"),
    "flexible": ("Flexibel", "Wendbaar", "Flexibiliteit", "Flexible", "Flexibility"),
    "talents_used": ("Talenten gebruikt", "Talenten", "Mijn talenten worden gebruikt", "Talents used", "Talents", "My talents are used"),
    "safe": ("Veilig om iets te zeggen", "Veilig", "Durf iets te zeggen", "Safe to speak up", "Safe", "I can speak up"),
    "band": ("Werkvermogen", "Band", "Work ability", "Work ability band"),
    "people": ("Aantal", "Aantal mensen", "Mensen", "People", "Count"),
}
BAND_WORDS = {
    "poor": ("slecht", "laag", "poor", "low"),
    "moderate": ("matig", "moderate"),
    "good": ("goed", "good"),
    "excellent": ("uitstekend", "zeer goed", "excellent"),
}


@dataclass(frozen=True, slots=True, eq=False)
class PulseFile:
    """counts: team, question, score, answers; bands: team, band, people. answers: rows that gave something; skipped: rows without a
    team or a readable value."""

    counts: pd.DataFrame
    bands: pd.DataFrame
    answers: int
    skipped: int


def read_pulse(path: Path) -> PulseFile:
    """Every sheet with a team column and questions or bands is counted. Refusals: pulse_not_found, those of `intake.reader`."""
    grids = read_grids(path, Options()).grids
    counts, bands, answered, skipped = [], [], 0, 0
    for grid in grids:
        start, fields = _header(grid)
        if "team" not in fields or not ({"band", *QUESTIONS} & fields.keys()):
            continue
        rows = {name: grid.text(column).iloc[start + 1 :].str.strip() for name, column in fields.items()}
        found, missed = _bands(rows) if "band" in fields else _scores(rows)
        (bands if "band" in fields else counts).append(found)
        answered, skipped = answered + len(rows["team"]) - missed, skipped + missed
    if not counts and not bands:
        raise Refusal("pulse_not_found")
    return PulseFile(
        _summed(counts, ["team", "question", "score"], "answers"), _summed(bands, ["team", "band"], "people"), answered, skipped
    )


def _header(grid: Grid) -> tuple[int, dict[str, int]]:
    """Row of the headers and the column of each field."""
    known = {normalise(header): name for name, headers in HEADERS.items() for header in headers}
    best: tuple[int, dict[str, int]] = (0, {})
    for at, cells in enumerate(grid.top(LOOK_ROWS)):
        fields = {known[normalise(cell)]: column for column, cell in reversed(list(enumerate(cells))) if normalise(cell) in known}
        if len(fields) > len(best[1]):
            best = (at, fields)
    return best


def _scores(rows: dict[str, pd.Series]) -> tuple[pd.DataFrame, int]:
    """team, question, score, answers of a sheet, and how many rows said nothing."""
    team, said = rows["team"], np.zeros(len(rows["team"]), bool)
    parts = []
    for question in QUESTIONS:
        if question not in rows:
            continue
        score = parse_numbers(rows[question].reset_index(drop=True), small=True).values
        usable = np.isin(score, SCORES) & team.ne("").to_numpy()
        said |= usable
        parts.append(
            pd.DataFrame({"team": team.to_numpy()[usable], "question": question, "score": score[usable].astype(int), "answers": 1})
        )
    empty = team.eq("").to_numpy() & ~said
    return pd.concat(parts, ignore_index=True), int((~said & ~empty).sum())


def _bands(rows: dict[str, pd.Series]) -> tuple[pd.DataFrame, int]:
    words = {word: band for band, spelled in BAND_WORDS.items() for word in (band, *spelled)}
    team, band = rows["team"], rows["band"].str.lower().map(lambda text: words.get(text, ""))
    people = parse_numbers(rows["people"].reset_index(drop=True), small=True).values if "people" in rows else np.ones(len(team))
    usable = team.ne("").to_numpy() & band.isin(BANDS).to_numpy() & (people > 0)
    found = pd.DataFrame({"team": team.to_numpy()[usable], "band": band.to_numpy()[usable], "people": people[usable].astype(int)})
    return found, int((~usable & team.ne("").to_numpy()).sum())


def _summed(parts: list[pd.DataFrame], keys: list[str], value: str) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({**{name: pd.Series(dtype="str") for name in keys}, value: pd.Series(dtype="int64")})
    return pd.concat(parts, ignore_index=True).groupby(keys, as_index=False)[value].sum()
