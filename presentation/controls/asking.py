"""The questions of an upload that only a person can answer: units and orders, names that changed, what each name becomes, scales."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from presentation import lists
from presentation.controls.cards import plain
from presentation.session import View
from presentation.texts import Words
from workflows import asking, importing
from workflows.asking import Question
from workflows.importing import Draft

ANSWERS, VALUES, RENAMES = "_answers", "_values", "_renames"
"""Session state: {question: choice}, {field: {text: own name}}, {(level, old, new): same}."""
AROUND = frozenset(
    {
        "rows_above_header",
        "two_header_rows",
        "totals_row",
        "note_rows",
        "numbered_rows",
        "repeated_header",
        "side_table",
        "hidden_rows",
        "hidden_columns",
        "hidden_sheets",
        "filter_active",
    }
)
"""Findings that tell of the sheet itself; they stand beside the choice of sheet and headers too."""
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


def forget() -> None:
    """Nothing answered."""
    for name in (ANSWERS, VALUES, RENAMES):
        st.session_state.pop(name, None)


def given() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Answers and names chosen so far, for reading the file."""
    return st.session_state.get(ANSWERS) or {}, st.session_state.get(VALUES) or {}


def with_names(draft: Draft) -> Draft:
    """The draft with what was answered about names that changed."""
    told = st.session_state.get(RENAMES) or {}
    return draft.with_names([(*key, same) for key, same in told.items()]) if told else draft


def around(words: Words, report: Any) -> list[str]:
    """What lies around the table in its sheet and was left out or read all the same: titles, totals, tables beside it, hidden parts."""
    return [lists.finding_text(words, finding, "what") for finding in report.findings if str(finding.reason) in AROUND]


def ask(view: View, draft: Draft) -> None:
    """Everything that may be asked about this file, the open questions first."""
    _questions(view, draft)
    _names(view, draft)
    _scale(view, draft)
    _values(view, draft)


def _questions(view: View, draft: Draft) -> None:
    words, found = view.words, [one for one in asking.questions(view.viewer, draft) if one.topic != asking.SHEETS]
    if not found:
        return
    st.markdown(f"**{words('ask.title', n=len(found))}**")
    with st.grid(3, min_column_width=240):
        for question in found:
            if question.topic == "as_of":
                _day(words, question)
            else:
                _choice(words, question)


def ask_sheets(view: View, draft: Draft) -> None:
    """Whether sheets with the same headers are one list: asked beside the choice of the sheet."""
    for question in asking.questions(view.viewer, draft):
        if question.topic == asking.SHEETS:
            _choice(view.words, question)


def _choice(words: Words, question: Question) -> None:
    key = f"_ask_{question.key}"
    choices = asking.CHOICES[question.topic]
    st.selectbox(
        plain(words(f"ask.{question.topic}", column=question.column or "–")),
        choices,
        index=choices.index(question.chosen) if question.chosen in choices else None,
        format_func=lambda choice: words(_told(question, choice)),
        placeholder=words("ask.now", choice=words(_told(question, question.assumed)))
        if question.assumed in choices
        else words("ask.choose"),
        help=words("ask.example", example=plain(question.example)) if question.example else None,
        key=key,
        on_change=_answer,
        args=(question.key, key),
    )


def _told(question: Question, choice: str) -> str:
    """The key of the words for a choice."""
    code = {",": "comma", ".": "point"}.get(choice, choice.replace("-", "_"))
    return f"ask.choice.{question.topic}.{code}"


def _day(words: Words, question: Question) -> None:
    st.date_input(
        plain(words("ask.as_of", column=question.column) if question.column else words("ask.as_of_file")),
        None,
        min_value=EARLIEST,
        max_value=LATEST,
        format="DD-MM-YYYY",
        key="_ask_as_of",
        on_change=_copy_day,
    )


def _answer(name: str, key: str) -> None:
    choice = st.session_state.get(key)
    answers = dict(st.session_state.get(ANSWERS) or {})
    if choice is not None:
        st.session_state[ANSWERS] = answers | {name: choice}


def _copy_day() -> None:
    """The same answer as the field beside the file."""
    st.session_state["_as_of"] = st.session_state.get("_ask_as_of")


# names that changed


def _names(view: View, draft: Draft) -> None:
    words, names = view.words, draft.names
    if names.empty:
        return
    st.markdown(f"**{words('names.title', n=len(names))}**")
    st.caption(words("names.text"))
    for row in names.to_dict(orient="records"):
        key = (str(row["level"]), str(row["old"]), str(row["new"]))
        widget = f"_name_{hash(key)}"
        told = {"old": row["old"], "new": row["new"], "n": int(row["people"]), "share": words.percent(float(row["share"]))}
        sentence = words(f"names.{row['change']}_{row['level']}", **told)
        st.radio(
            plain(sentence),
            (True, False),
            index=0 if row["same"] else 1,
            format_func=lambda same: words("names.yes" if same else "names.no"),
            horizontal=True,
            key=widget,
            on_change=_name,
            args=(key, widget),
        )


def _name(key: tuple[str, str, str], widget: str) -> None:
    st.session_state[RENAMES] = {**(st.session_state.get(RENAMES) or {}), key: bool(st.session_state[widget])}


# scales


def _scale(view: View, draft: Draft) -> None:
    """How each level in the file is read on the scale of 0 to 5; changed once for the whole file."""
    words, table = view.words, asking.levels(view.viewer, draft)
    if table.empty or not any(question.topic == "skill_scale" for question in asking.questions(view.viewer, draft)):
        return
    text, rows, level = (words(f"scale.{name}") for name in ("text", "rows", "level"))
    with st.expander(words("scale.title", n=len(table)), icon=":material/stairs:"):
        st.caption(words("scale.help"))
        shown = table.rename(columns={"text": text, "rows": rows, "level": level})
        edited = st.data_editor(
            shown,
            hide_index=True,
            disabled=[text, rows],
            column_config={level: st.column_config.NumberColumn(min_value=0.0, max_value=5.0, step=0.25, format="localized")},
            placeholder=words("scale.unknown"),
            key=f"_scale_{hash(tuple(table['text']))}_{hash(tuple(table['level'].fillna(-1)))}",
            alt=words("scale.title", n=len(table)),
        )
        if st.button(words("upload.again"), key="_apply_scale", icon=":material/check:", disabled=edited.equals(shown)):
            own = {str(row[text]): f"{row[level]:g}" for row in edited.to_dict(orient="records") if pd.notna(row[level])}
            _put_values("level", own)
            st.rerun()


def _put_values(field: str, own: dict[str, str]) -> None:
    values = {name: dict(names) for name, names in (st.session_state.get(VALUES) or {}).items()}
    st.session_state[VALUES] = values | {field: {**values.get(field, {}), **own}}


# names of roles and departments


def _values(view: View, draft: Draft) -> None:
    """What each job title and department becomes; a person ticks and types, and the file is checked again."""
    words = view.words
    likely = importing.proposals(view.viewer, view.workspace, draft)
    everything = importing.proposals(view.viewer, view.workspace, draft, everything=True)
    if everything.empty:
        return
    with st.expander(words("values.title", n=len(likely)) if len(likely) else words("values.none"), icon=":material/merge:"):
        st.caption(words("values.text"))
        whole = st.toggle(words("values.all", n=len(everything)), key="_values_all")
        found = everything if whole else likely
        if found.empty:
            return
        use, becomes = words("values.use"), words("values.becomes")
        table = _values_table(words, found)
        edited = st.data_editor(
            table,
            hide_index=True,
            disabled=[title for title in table.columns if title not in (use, becomes)],
            key=f"_merge_{hash(tuple(found['title']))}_{hash(tuple(found['proposed']))}",
            alt=words("values.title", n=len(found)),
        )
        if st.button(words("values.apply"), key="_apply_values", icon=":material/check:"):
            for field, own in _chosen(found, edited[use].tolist(), edited[becomes].tolist()).items():
                _put_values(field, own)
            st.rerun()


def _values_table(words: Words, found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            words("values.use"): ~found["why"].isin(["similar", "own"]),
            words("values.field"): [lists.field_name(words, field) for field in found["field"]],
            words("values.name"): found["title"],
            words("values.becomes"): found["proposed"],
            words("values.why"): [words(f"values.why_{why}") for why in found["why"]],
            words("values.people"): found["people"],
        }
    )


def _chosen(found: pd.DataFrame, ticks: list[Any], targets: list[Any]) -> dict[str, dict[str, str]]:
    """{field: {text: own name}} of the ticked rows and of names typed anew; an earlier choice that is unticked becomes itself."""
    values: dict[str, dict[str, str]] = {}
    for row, tick, target in zip(found.to_dict("records"), ticks, targets, strict=True):
        name = str(target or "").strip()
        typed = name not in ("", row["proposed"])
        if (tick or typed) and name and name != row["title"]:
            values.setdefault(row["field"], {})[row["title"]] = name
        elif row["why"] == "chosen" and not tick:
            values.setdefault(row["field"], {})[row["title"]] = row["title"]
    return values
