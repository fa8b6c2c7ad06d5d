"""What people say, told about groups only: who may be counted together, and how an answer is rounded.

One rule carries everything: a measure is cut once into disjoint groups, each of at least `least` people who said something, and
every answer is a sum over whole groups. So two answers about the same measure differ by nobody or by at least `least` people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

WISHES = (
    *("deepen", "other_role", "other_direction", "more_hours", "fewer_hours"),
    *("earlier", "later", "outside", "teach"),
)
"""What somebody may want; several may stand together."""
QUESTIONS = ("committed", "energetic", "flexible", "talents_used", "safe")
"""Of the pulse, each answered from 1 (not at all) to 5 (fully)."""
SCORES = (1, 2, 3, 4, 5)
AGREE = 4
"""From this score on somebody agrees."""
BANDS = ("poor", "moderate", "good", "excellent")
"""Of work ability, from a questionnaire outside this product."""
STEP = 0.1
"""Shares of a group are told in steps of ten per cent."""
LARGEST_PART, TWO_LARGEST = 0.30, 0.85
"""Of a sum of hours: no one person carries more than the first part of it, no two more than the second."""


def cut(counts: Mapping[str, float], least: int) -> list[tuple[str, ...]]:
    """Names joined, smallest first, until every group counts at least `least`; nothing when all together are fewer.

    counts: people per name (0 and above; a name with nobody is joined like any other, so that standing in a joined group tells
    nothing). The same counts always give the same cut. least 1: every name with somebody stands alone.
    """
    if least <= 1:
        return sorted((name,) for name, count in counts.items() if count > 0)
    groups = sorted(((float(count), (name,)) for name, count in counts.items()), key=lambda item: (item[0], item[1]))
    while len(groups) > 1 and groups[0][0] < least:
        (one, names), (other, more), *rest = groups
        groups = sorted([(one + other, tuple(sorted(names + more))), *rest], key=lambda item: (item[0], item[1]))
    if groups and groups[0][0] < least:
        return []
    return sorted(names for _, names in groups)


def told_share(share: float, people: float, least: int) -> float:
    """A share of a group as it may be told: in steps of ten per cent, and never nobody or everybody of a small group (under
    twice the least), because then the answer of each one would be known."""
    if np.isnan(share):
        return share
    rounded = round(round(share / STEP) * STEP, 1)
    return float(min(max(rounded, STEP), round(1 - STEP, 1))) if people < 2 * least else float(rounded)


def within(groups: Iterable[tuple[str, ...]], units: Collection[str]) -> np.ndarray:
    """Boolean per group of names: all of them are among `units`; empty units = everything is."""
    return np.array([not units or set(names) <= set(units) for names in groups], bool)


def pulse_results(counts: pd.DataFrame, least: int) -> pd.DataFrame:
    """Results of closed rounds per group of teams: round, name, opened, teams (tuple), question, answers, mean, agree.

    counts: round, name, opened, team, question, score, answers. A team weighs as many as answered its least answered question,
    so that every question of every group has at least `least` answers. A round too small for one group gives no rows.
    mean: 1 to 5, one decimal, kept off both ends for small groups; agree: share of 4 and 5, see `told_share`.
    """
    rows = []
    for (number, name, opened), part in counts.groupby(["round", "name", "opened"], sort=False):
        codes, names = pd.factorize(part["team"])
        questions, scores, answers = (part[column].to_numpy() for column in ("question", "score", "answers"))
        per_question = [np.bincount(codes, np.where(questions == asked, answers, 0), len(names)) for asked in QUESTIONS]
        weights = np.min(per_question, axis=0)
        place = {str(team): code for code, team in enumerate(names)}
        for teams in cut(dict(zip(place, weights.tolist(), strict=True)), least):
            inside = np.isin(codes, [place[team] for team in teams])
            for asked in QUESTIONS:
                chosen = inside & (questions == asked)
                told = _told(answers[chosen].astype(float), scores[chosen].astype(float), least)
                rows.append((number, name, opened, teams, asked, *told))
    return pd.DataFrame(rows, columns=["round", "name", "opened", "teams", "question", "answers", "mean", "agree"])


def _told(answers: np.ndarray, scores: np.ndarray, least: int) -> tuple[int, float, float]:
    total = answers.sum()
    mean = round(float((answers * scores).sum() / total), 1)
    if total < 2 * least:
        mean = min(max(mean, SCORES[0] + 0.5), SCORES[-1] - 0.5)
    agree = told_share(float(answers[scores >= AGREE].sum() / total), total, least)
    return int(total), mean, agree


def ability_results(bands: pd.DataFrame, least: int) -> pd.DataFrame:
    """Work ability per group of teams: round, name, opened, teams, band, people (of the group), share.

    bands: round, name, opened, team, band, people. Shares as `told_share`; a round too small for one group gives no rows.
    """
    rows = []
    for (number, name, opened), part in bands.groupby(["round", "name", "opened"], sort=False):
        codes, names = pd.factorize(part["team"])
        people, band_of = part["people"].to_numpy(float), part["band"].to_numpy()
        place = {str(team): code for code, team in enumerate(names)}
        for teams in cut(dict(zip(place, np.bincount(codes, people, len(names)).tolist(), strict=True)), least):
            inside = np.isin(codes, [place[team] for team in teams])
            total = float(people[inside].sum())
            for band in BANDS:
                share = float(people[inside & (band_of == band)].sum()) / total
                rows.append((number, name, opened, teams, band, int(total), told_share(share, total, least)))
    return pd.DataFrame(rows, columns=["round", "name", "opened", "teams", "band", "people", "share"])


def wish_counts(people: pd.DataFrame, wish: str, by: str, least: int) -> pd.DataFrame:
    """How many want something, per group of names: names (tuple), people.

    people: one row per person, wishes (codes joined by commas) and the column `by`. One cut per wish: ask a wish along one
    column only, a second cut of the same people would cross the first.
    """
    wanting = people[has_wish(people["wishes"], wish)]
    counts = _per_name(people, wanting, by)
    rows = [(names, int(sum(counts[name] for name in names))) for names in cut(counts, least)]
    return pd.DataFrame(rows, columns=["names", "people"]).sort_values("people", ascending=False, ignore_index=True)


def _per_name(people: pd.DataFrame, some: pd.DataFrame, by: str) -> dict[str, float]:
    """How many of `some` per name, for every name that people have."""
    found = some[by].value_counts()
    return {str(name): float(found.get(name, 0)) for name in people[by].unique()}


def has_wish(wishes: pd.Series, wish: str) -> pd.Series:
    """Boolean per row: the code stands in the list."""
    return ("," + wishes.astype("str") + ",").str.contains(f",{wish},", regex=False)


def hidden_capacity(people: pd.DataFrame, by: str, least: int) -> pd.DataFrame:
    """Fte that people would like to work more than they do, per group: names, people, fte.

    people: wishes, fte, wished_fte and `by`; only wishes for more hours with an amount count. A sum in which one or two people
    weigh too much is not told (NaN).
    """
    wanting = people[has_wish(people["wishes"], "more_hours") & (people["wished_fte"] > people["fte"])]
    extra = wanting.assign(extra=wanting["wished_fte"] - wanting["fte"])
    counts = _per_name(people, extra, by)
    rows = []
    for names in cut(counts, least):
        amounts = np.sort(extra.loc[extra[by].isin(names), "extra"].to_numpy(float))[::-1]
        dominated = least > 1 and (amounts[0] > LARGEST_PART * amounts.sum() or amounts[:2].sum() > TWO_LARGEST * amounts.sum())
        rows.append((names, len(amounts), float("nan") if dominated else round(float(amounts.sum()), 1)))
    return pd.DataFrame(rows, columns=["names", "people", "fte"])


def freed_hours(controls: pd.DataFrame, fte: Mapping[str, float]) -> float:
    """Hours per fte per week over the whole organisation that removed controls give back.

    controls: unit ("" = everybody), hours (per fte per week there), decision; fte: per unit. A unit nobody works in counts nothing.
    """
    total = sum(fte.values())
    if total <= 0:
        return 0.0
    removed = controls[controls["decision"] == "removed"]
    weights = [1.0 if unit == "" else fte.get(str(unit), 0.0) / total for unit in removed["unit"]]
    return float(sum(hours * weight for hours, weight in zip(removed["hours"], weights, strict=True)))
