"""Slides drawn for the house's own page, put on a firm's page of another size, below its own title."""

from __future__ import annotations

from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

WIDE, HIGH = Inches(13.333), Inches(7.5)
TOP = Inches(1.55)
LETTERS = (qn("a:rPr"), qn("a:defRPr"), qn("a:endParaRPr"))
TITLE_SIZE = 28


def fit(slide: Any, wide: int, high: int) -> None:
    """Everything but the title is moved and shrunk with its letters; the title keeps the firm's look in a size that fits its box."""
    title = slide.shapes.title
    top = TOP * high / HIGH
    if title is not None:
        _fit_title(title, wide)
        top = max(top, min(title.top + title.height, high * 0.32))
    across, down = wide / WIDE, (high - top) / (HIGH - TOP)
    letters = min(across, down, 1.15)
    for shape in slide.shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        shape.left, shape.width = Emu(round(shape.left * across)), Emu(round(shape.width * across))
        shape.top, shape.height = Emu(round(top + (shape.top - TOP) * down)), Emu(round(shape.height * down))
        _shrink(shape._element, letters)
        if shape.has_chart:
            _shrink(shape.chart._chartSpace, letters)
        if shape.has_table:
            for column in shape.table.columns:
                column.width = Emu(round(column.width * across))
            for row in shape.table.rows:
                row.height = Emu(round(row.height * down))


def _fit_title(title: Any, wide: int) -> None:
    """Two lines at most: the size follows the length of the sentence and the width of its box."""
    text = title.text_frame.text
    room = title.width / Pt(1) * 2 / 0.58  # letters are about 0.58 of their height wide
    size = min(TITLE_SIZE * wide / WIDE + 2, room / max(len(text) + 8, 1), title.height / Pt(1) / 2.5)
    for paragraph in title.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(max(round(size), 12))


def _shrink(element: Any, factor: float) -> None:
    for part in element.iter(*LETTERS):
        if part.get("sz"):
            part.set("sz", str(max(round(int(part.get("sz")) * factor / 50) * 50, 800)))
