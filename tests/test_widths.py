"""Tables fit the screen: names give way first, headings never, and what does not fit is named and can be asked for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from presentation.controls.cards import no_taller, number_columns
from presentation.controls.widths import (
    CELL,
    EDITED,
    FULL,
    HALF,
    HEAD,
    HIGH,
    LETTER,
    LINE,
    NAME,
    READ,
    SIGN,
    Fit,
    first_that_fit,
    fitted,
    narrowed,
)
from presentation.texts import Words
from tests.test_pages import full, full_database, launch

__all__ = ["full", "full_database"]
WORDS = some.text("abc def", min_size=1, max_size=40)


def test_what_fits_is_left_alone() -> None:
    assert fitted(pd.DataFrame({"Functie": ["Monteur"], "Fte": [1.5]})) == Fit()


def test_names_give_way_before_columns_do() -> None:
    table = pd.DataFrame(
        {"Afdeling": ["Prefab & Werkplaats Zuid en Noord"], "Functie": ["Leidinggevend monteur elektrotechniek"], "Fte": [2.0]}
    )
    fit = fitted(table, room=HALF)
    assert not fit.away
    assert sum(fit.pixels.values()) <= HALF
    assert fit.pixels["Fte"] == LETTER * 3 + HEAD


def test_a_chosen_width_and_a_column_left_out_count_as_such() -> None:
    table = pd.DataFrame({"id": ["x" * 90], "Functie": ["y" * 90], "Reden": ["z" * 90]})
    fit = fitted(table, {"id": None, "Functie": st.column_config.TextColumn(width=200)})
    assert fit.pixels["Functie"] == 200
    assert "id" not in fit.pixels
    assert not fit.away
    sized = narrowed({"Functie": st.column_config.TextColumn("Rol", help="wat")}, Fit({"Functie": 90, "Reden": 80}))
    assert sized["Functie"]["help"] == "wat"
    assert (sized["Functie"]["width"], sized["Reden"]["width"]) == (90, 80)


def test_what_is_counted_goes_to_the_help_of_the_heading_only_where_room_is_short() -> None:
    table = pd.DataFrame({"Functie": ["x" * 60], "Nodig (fte)": [1.5], "Kans (%)": [2.5]})
    assert not fitted(table).heads
    fit = fitted(table, room=HALF)
    assert fit.heads == {"Nodig (fte)": "Nodig"}
    sized = narrowed({"Nodig (fte)": st.column_config.NumberColumn(help="Wat het werk vraagt.")}, fit)
    assert (sized["Nodig (fte)"]["label"], sized["Nodig (fte)"]["help"]) == ("Nodig", "Nodig (fte). Wat het werk vraagt.")


def test_names_that_give_way_go_on_below_instead_of_being_cut() -> None:
    """A single long one among many does not make every row high."""
    table = pd.DataFrame({"Maatregel": ["meer uren naar wens: Administratief medewerker", "werven"], "Gewonnen fte-jaren": [1.5, 2.5]})
    assert fitted(table, room=260).row_height == HIGH
    assert fitted(table, room=FULL).row_height is None
    seldom = pd.DataFrame({"Functie": ["Monteur warmtepompen en koeltechniek", *["Lasser"] * 9], "Nodig nu": 1.0, "Beschikbaar nu": 1.0})
    assert fitted(seldom, room=HALF).row_height is None


def test_no_word_is_broken_in_two_where_room_is_short() -> None:
    """A skill of nineteen letters on a phone: its column is as wide as that word, and another column stays away instead."""
    table = pd.DataFrame({"Vaardigheid": ["gebouwbeheersysteem programmeren", "TIG-lassen"], "Kenners": 4, "Niet beoordeeld": 7, "Nu": 1.0})
    fit = fitted(table, room=HALF)
    assert fit.pixels["Vaardigheid"] >= LETTER * len("gebouwbeheersysteem")
    assert sum(fit.pixels.values()) <= HALF


def test_on_a_phone_one_name_that_would_be_cut_is_enough_for_higher_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can point at it there."""
    monkeypatch.setattr("presentation.controls.widths.on_phone", lambda: True)
    seldom = pd.DataFrame({"Functie": ["Monteur warmtepompen en koeltechniek", *["Lasser"] * 9], "Nodig nu": 1.0, "Beschikbaar nu": 1.0})
    assert fitted(seldom, room=HALF).row_height == HIGH


def test_numbers_alone_keep_rows_as_they_are() -> None:
    table = pd.DataFrame({f"Een lang hoofd van kolom {at}": [1.5, 2.5] for at in range(9)})
    assert fitted(table).row_height is None


@given(some.dictionaries(WORDS, some.lists(WORDS, min_size=2, max_size=2), min_size=3, max_size=12), some.sampled_from([HALF, FULL]))
def test_every_column_is_shown_or_named_and_the_table_fits(columns: dict[str, list[str]], room: int) -> None:
    table = pd.DataFrame(columns)
    fit = fitted(table, room=room)
    pixels, away = fit.pixels, fit.away
    if not pixels:
        assert not away
        return
    assert [*pixels, *away] == list(table.columns)
    assert sum(pixels.values()) <= room or len(pixels) == 2
    assert all(width >= LETTER * len(name) + HEAD for name, width in pixels.items())


@given(some.lists(WORDS, min_size=1, max_size=8, unique=True))
def test_a_table_that_is_filled_in_keeps_its_first_columns_on_a_phone(labels: list[str]) -> None:
    columns = {f"field {at}": {"label": label} for at, label in enumerate(labels)}
    kept = first_that_fit(columns, list(columns))
    assert kept == list(columns)[: len(kept)]
    assert kept
    others = [max(LETTER * len(labels[at]) + HEAD + SIGN, LETTER * 10) for at in range(1, len(kept))]
    assert NAME + sum(others) <= EDITED


def _switch() -> None:
    from presentation.controls.widths import rest_is_asked_for
    from presentation.texts import Words

    rest_is_asked_for(Words("nl"), "posts", ["Bron", "Einde"], "posts_editor")


@pytest.mark.parametrize("kind", ["edited_rows", "added_rows", "deleted_rows"])
def test_other_columns_wait_until_what_was_typed_is_saved(kind: str) -> None:
    app = AppTest.from_function(_switch).run()
    assert app.toggle[0].label == "Nog 2 kolommen"
    assert not app.toggle[0].disabled
    app.session_state["posts_editor"] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []} | {kind: [{"note": "x"}]}
    app.run()
    assert app.toggle[0].disabled
    assert "opnieuw" in app.toggle[0].help
    app.session_state["posts_editor"] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    assert not app.run().toggle[0].disabled


def test_on_a_phone_a_row_is_as_high_as_its_longest_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presentation.controls.widths.on_phone", lambda: True)
    long = "Installateurs en onderhoudsmonteurs op het gebied van de informatie- en communicatietechnologie"
    table = pd.DataFrame({"Beroep": ["Bouwelektriciens e.d.", long], "Verwantschap": ["zelfde groep", "verwant"]})
    fit = fitted(table, room=HALF)
    lines = -(-READ * len(long) // (fit.pixels["Beroep"] - CELL))
    assert lines > 3
    assert fit.row_height is not None
    assert fit.row_height >= HIGH + LINE * (lines - 3)
    assert fitted(table.head(1), room=HALF).row_height in (None, HIGH)


def test_a_table_is_no_taller_than_its_rows() -> None:
    """Five rows in the room of nine: the library filled the rest with empty ones."""
    assert no_taller(340, 5, None) == "auto"
    assert no_taller(340, 9, None) == 340
    assert no_taller(340, 8, 35) == "auto"
    assert no_taller(340, 5, 70) == 340
    assert no_taller("auto", 5, None) == "auto"


@pytest.mark.usefixtures("pages_alone")
def test_who_wants_more_hours_is_told_whole_in_half_a_page(full: Path) -> None:
    """A column was cut off at the edge, and nothing showed that it was there."""
    app = launch()
    app.session_state["as_director"] = True
    app.run()
    app.switch_page("pages/willing.py").run()
    shown = next(frame for frame in app.dataframe if Words("nl")("willing.extra") in frame.value.columns).value
    away = fitted(shown, number_columns(shown), HALF).away
    assert bool(away) == any(toggle.key == "more_capacity" for toggle in app.toggle)
    assert away
