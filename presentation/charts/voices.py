"""Figures of what people say: bars of wishes, and the pulse over its rounds."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from presentation.charts.base import Figure, label, layout, spread, two_lines, values
from presentation.texts import Words
from presentation.theme import Palette


def wish_bars(names: Sequence[str], people: Sequence[int], words: Words, palette: Palette, title: str) -> Figure:
    """How many people want what, most first. names: wishes in words."""
    rows = list(range(len(names)))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": rows,
            "x": list(people),
            "marker": {"color": palette.have, "cornerradius": 3},
            "customdata": list(names),
            "hovertemplate": "%{customdata}: %{x}<extra></extra>",
        }
    ]
    marks = [
        label(words.number(count), count, row, palette.ink, xanchor="left", xshift=5)
        for row, count in zip(rows, people, strict=True)
    ]  # fmt: skip
    spec = layout(
        words,
        palette,
        34 * max(len(rows), 3) + 20,
        bargap=0.35,
        margin={"r": 40, "t": 6, "b": 6},
        annotations=marks,
        xaxis={"range": [0, 1.12 * max([*people, 1])], "showticklabels": False},
        yaxis={
            "tickvals": rows,
            "ticktext": [two_lines(name) for name in names],
            "autorange": "reversed",
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 13},
        },
    )
    table = pd.DataFrame({words("willing.wish"): list(names), words("willing.wanting"): list(people)})
    return Figure("wish_bars", {"data": data, "layout": spec}, words("willing.wishes_alt", title=title), table)


def pulse_lines(rounds: pd.DataFrame, words: Words, palette: Palette, title: str, height: int = 300) -> Figure:
    """Mean per question over the rounds. rounds: name (in order of time), question, mean."""
    names = list(dict.fromkeys(rounds["name"]))
    questions = list(dict.fromkeys(rounds["question"]))
    means = {question: values(rounds.loc[rounds["question"] == question, "mean"], 2) for question in questions}
    places = list(range(len(names)))
    ends = spread([line[-1] for line in means.values()], 0.11)
    data, marks = [], []
    for place, (question, end) in enumerate(zip(questions, ends, strict=True)):
        colour = palette.series[place % len(palette.series)]
        text = words(f"pulse.word.{question}")
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": places,
                "y": means[question],
                "line": {"color": colour, "width": 3},
                "marker": {"size": 8},
                "name": text,
                "hovertemplate": f"{text}: %{{y:.1f}}<extra></extra>",
            }
        )
        marks.append(label(f"{text} {words.number(means[question][-1], 1)}", places[-1], end, colour, xshift=12))
    low, high = min(min(line) for line in means.values()), max(max(line) for line in means.values())
    spec = layout(
        words,
        palette,
        height,
        margin={"r": 150, "l": 8},
        annotations=marks,
        yaxis={"range": [low - 0.25, high + 0.25], "dtick": 0.5, "tickformat": ".1f"},
        xaxis={
            "tickvals": places,
            "tickangle": 0,
            "ticktext": [name.replace(" ", "<br>") for name in names],
            "range": [-0.2, len(names) - 0.9],
        },
    )
    wide = rounds.pivot_table(index="name", columns="question", values="mean", sort=False).reindex(names)[questions].reset_index()
    table = wide.rename(columns={"name": words("pulse.round"), **{question: words(f"pulse.word.{question}") for question in questions}})
    return Figure("pulse_lines", {"data": data, "layout": spec}, words("pulse.trend_alt", title=title), table)
