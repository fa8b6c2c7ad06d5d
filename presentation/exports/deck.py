"""At most ten slides with native charts: every figure can be edited in PowerPoint, every number is the screen's.

In the house style, or on the firm's own master when one is given: then its layouts, fonts and colours are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from pptx.util import Inches, Pt

from presentation import figures, kpis, lists, sentences
from presentation.answers import five
from presentation.exports import native
from presentation.exports.extra import Extra, add_slides
from presentation.exports.slides import BODY, FULL, LEFT, TOP, Slides, inches_of, opened_file, rgb, rows_that_fit
from presentation.figures import Told
from presentation.texts import Words
from presentation.theme import LIGHT
from workflows.answers import Deeper
from workflows.outlook import Outlook

MOST = 10
"""Slides of one story: with more of them the figure of yearly leavers, part of the stairs already, makes room."""
DECIDED = 6
"""Decisions on one slide."""


def deck(
    words: Words,
    found: Outlook,
    basis: Mapping[str, float],
    deeper: Deeper,
    master: bytes | None = None,
    decided: pd.DataFrame | None = None,
    extras: Sequence[Extra] = (),
) -> bytes:
    """The slides of an outlook as .pptx. basis: the firm's own figure per lever that starts from its history; deeper: what the
    questions of a first meeting ask more; master: the firm's own .pptx; decided: the decision log, whose newest lines become a slide;
    extras: what else becomes a slide before the assumptions.

    Refusal master_bad when the master is no presentation."""
    made = Slides(words, found, master)
    _front(made)
    _questions(made, deeper)
    _figure(made, figures.supply(words, LIGHT, found), native.fan)
    _figure(made, figures.stairs(words, LIGHT, found), native.stairs)
    _figure(made, figures.heat(words, LIGHT, found, "role", native.HEAT_ROWS), native.heat)
    _figure(made, figures.waves(words, LIGHT, found), native.waves)
    _figure(made, figures.pyramid(words, LIGHT, found), native.pyramid)
    log = decided if decided is not None and len(decided) else None
    if len(made.file.slides) + (log is not None) + sum(extra.slide and len(extra.table) > 0 for extra in extras) + 2 <= MOST:
        _figure(made, figures.exits(words, LIGHT, found), native.exits)
    if log is not None:
        _decisions(made, log)
    add_slides(made, extras)
    _assumptions(made, basis)
    return made.bytes()


def check_master(master: bytes) -> None:
    """Refusal master_bad when this is no presentation that slides can be made on."""
    opened_file(master)


def _front(deck: Slides) -> None:
    """The conclusion and the figures on top."""
    words, found = deck.words, deck.found
    slide = deck.slide(sentences.headline(words, found.facts, found.scope))
    deck.text(slide, sentences.under_headline(words, found.facts), LEFT, Inches(1.55), FULL, Inches(0.8), 18, colour=LIGHT.soft)
    step = Inches(3.08)
    for place, item in enumerate(kpis.overview(words, found)):
        x = LEFT + step * place
        card = slide.shapes.add_shape(5, x, Inches(2.8), Inches(2.88), Inches(2.5))
        card.adjustments[0] = 0.06
        card.fill.solid()
        card.fill.fore_color.rgb = rgb("#F3F6FA")
        card.line.fill.background()
        card.shadow.inherit = False
        inner = x + Inches(0.22)
        deck.text(slide, item.label, inner, Inches(2.98), Inches(2.5), Inches(0.4), 14 if len(item.label) <= 24 else 12, colour=LIGHT.soft)
        deck.text(slide, item.value, inner, Inches(3.4), Inches(2.5), Inches(0.8), 34, bold=True)
        colour = LIGHT.soft if item.worse is None else LIGHT.need if item.worse else LIGHT.have
        deck.text(
            slide,
            " ".join(part for part in (item.change, item.against) if part),
            inner,
            Inches(4.3),
            Inches(2.5),
            Inches(0.8),
            14,
            colour=colour,
        )
    deck.text(slide, deck.words("app.line"), LEFT, Inches(5.9), FULL, Inches(0.5), 16, colour=LIGHT.soft)


def _questions(deck: Slides, deeper: Deeper) -> None:
    """The questions of a first meeting, each with its answer."""
    slide = deck.slide(deck.words("deck.questions"))
    frame, told = None, five(deck.words, deck.found, deeper)
    size = 16 if sum(len(answer.answer) for answer in told) < 900 else 14
    for answer in told:
        if frame is None:
            frame = deck.text(slide, answer.question, LEFT, TOP, FULL, BODY, size, bold=True, colour=LIGHT.have)
        else:
            paragraph = frame.add_paragraph()
            paragraph.space_before = Pt(11)
            deck.run(paragraph, answer.question, size, True, LIGHT.have)
        paragraph = frame.add_paragraph()
        paragraph.space_before = Pt(2)
        deck.run(paragraph, answer.answer, size)


def _figure(deck: Slides, told: Told, draw: Callable[[Slides, Any, pd.DataFrame], Any]) -> None:
    slide = deck.slide(told.title)
    if told.figure.table.empty:
        deck.text(slide, deck.words("card.nothing"), LEFT, TOP, FULL, Inches(0.5), 18, colour=LIGHT.soft)
        return
    shape = draw(deck, slide, told.figure.table)
    shape._element.xpath(".//p:cNvPr")[0].set("descr", told.figure.alt)


def _decisions(deck: Slides, decided: pd.DataFrame) -> None:
    """The newest decisions with owner, day, works council and the figure they were taken on; under them what the meetings doubted
    and parked. The notes tell it for each decision."""
    words, newest = deck.words, decided.head(DECIDED)
    shown, wide = lists.decisions(words, newest), (4.9, 1.7, 1.5, 2.2, 1.83)
    shown = shown.head(max(rows_that_fit(shown, wide, 1.4), 1))
    slide = deck.slide(words("meeting.log_title", n=len(decided)))
    deck.table(slide, shown, wide)
    newest = newest.head(len(shown))
    lines = [words(f"meeting.{name}_list", lines=_once(newest[name])) for name in ("doubts", "parked") if _once(newest[name])]
    if lines:
        below = min(TOP + Inches(inches_of(shown, wide)), Inches(5.75))
        frame = deck.text(slide, lines[0], LEFT, below, FULL, Inches(1.1), 14, colour=LIGHT.soft)
        for line in lines[1:]:
            deck.run(frame.add_paragraph(), line, 14, colour=LIGHT.soft)
    told = []
    for row in newest.itertuples():
        told += [row.text, *(words(f"meeting.{name}_list", lines="; ".join(found)) for name, found in _doubted(row) if found)]
    notes = slide.notes_slide.notes_text_frame
    notes.text = "\n".join([notes.text, *told])


def _doubted(row: Any) -> tuple[tuple[str, list[str]], ...]:
    return (("doubts", row.doubts), ("parked", row.parked))


def _once(rows: pd.Series) -> str:
    """Every line once, in the order they were said; cut where a slide ends."""
    text = "; ".join(dict.fromkeys(line for lines in rows for line in lines))
    return text if len(text) <= 220 else f"{text[:219].rstrip()}…"


def _assumptions(deck: Slides, basis: Mapping[str, float]) -> None:
    """The levers that were moved first, then the surest to matter; never more than fit."""
    words = deck.words
    table = lists.assumptions(words, deck.found.scenario, basis)
    used, base = words("column.used"), words("column.base")
    table = table.assign(_moved=(table[used] != table[base]).astype(int)).sort_values("_moved", ascending=False, kind="stable")
    shown = table[[words(f"column.{name}") for name in ("assumption", "used", "base", "unit_of", "certainty", "source")]]
    wide = (4.0, 1.0, 1.0, 1.5, 1.13, 3.5)
    drawn = shown.head(rows_that_fit(shown, wide, 0.35))
    slide = deck.slide(words("deck.assumptions"))
    deck.table(slide, drawn, wide)
    if away := len(shown) - len(drawn):
        deck.text(slide, words("deck.assumptions_more", n=away), LEFT, Inches(6.6), FULL, Inches(0.3), 12, colour=LIGHT.soft)
