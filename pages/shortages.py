"""Where and when are we short?"""

import streamlit as st

from presentation import controls, kpis, lists, sentences, session

view = controls.view()
found, words = view.outlook, view.words
if found is None:
    controls.empty_state(view)
    st.stop()

facts, year = found.facts, found.target_year
controls.heading(
    view,
    controls.plain(sentences.shortages_title(words, facts)),
    words("shortages.lead", n=facts["roles_short"], total=facts["roles_all"], year=year),
)
controls.kpi_row(words, kpis.shortages(words, found))
by = controls.split_choice(view)
controls.heat_card(view, by, 15, drill=True)
rows = sentences.per_row(session.split(view, by), by, year)
controls.table_card(
    view,
    "shortage_list",
    words("shortages.list_title"),
    lists.shortage_list(words, rows, by, year, facts.get("open_post_month")),
    controls.shortage_columns(words, rows, year),
    ("first_year", "chance_short", "short_years"),
    on_row=controls.row_opens(rows[by].tolist(), year),
    phone=(words(f"column.{by}"), words("column.gap_then", year=year)),
)
st.caption(words("picking.pick_row"))
controls.beside_cards(view)
