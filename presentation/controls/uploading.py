"""The upload's six steps on the screen, under the conclusion of the file in hand."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from presentation import lists, settling
from presentation.controls import asking, pointing, storing, widths
from presentation.controls.adding import choice_below
from presentation.controls.beginning import template_button
from presentation.controls.cards import heading, named_table, plain
from presentation.controls.frame import refusal_text
from presentation.controls.speaking import to_the_top
from presentation.controls.stored import stored_title
from presentation.controls.taking import XLSX
from presentation.session import View
from presentation.texts import Words
from workflows import importing
from workflows.importing import Draft
from workflows.types import Refusal

TYPES = ["xlsx", "xls", "xlsb", "xlsm", "ods", "csv", "txt"]
PREVIEW_ROWS = 8
COLUMNS_SHOWN = 24
FEW_STAYED = 0.3
"""With fewer than this share in common the file is probably about other people, or the numbers were given out anew."""
SEVERITIES = (("error", "errors", ":material/error:"), ("warning", "warnings", ":material/warning:"), ("note", "notes", ":material/info:"))


def upload_steps(view: View) -> None:
    """File, sheet, columns, check, preview with questions, save. Nothing is stored before the save button."""
    words, title = view.words, st.empty()
    message = st.session_state.pop("_saved", None)
    with title.container():
        heading(view, stored_title(view), words("upload.lead_saved" if message else "upload.lead"))
    if message:
        to_the_top()
        st.success(message, icon=":material/check_circle:")
        if view.outlook is not None:
            st.page_link("pages/overview.py", label=view.words("upload.go_look"), icon=":material/arrow_forward:")
    with _step(words, "file"):
        file = st.file_uploader(
            words("upload.choose"), TYPES, key=f"file_{st.session_state.get('_upload', 0)}", help=words("upload.choose_help")
        )
        options = _options(words)
        template_button(words, "secondary", "content")
    if file is None:
        return
    draft = _checked(view, file.name, file.getvalue(), options)
    if draft is None:
        return
    draft = asking.with_names(draft)
    if storing.pressed() and not draft.blocked:
        storing.carry_out(view, draft, title)
    with title.container():
        heading(view, _concluded(words, draft), words("upload.lead"))
    with _step(words, "sheet"):
        _sheet(view, draft)
    with _step(words, "columns"):
        _columns(words, draft)
    with _step(words, "check"):
        _report(words, draft)
        _marked_button(view, draft, file.getvalue())
    with _step(words, "preview"):
        asking.ask(view, draft)
        _difference(view, draft)
        _preview(words, draft)
        _mapping_button(view, draft)
    with _step(words, "save"):
        storing.save_step(view, draft)


def _concluded(words: Words, draft: Draft) -> str:
    """What this file would change, in one sentence."""
    if draft.blocked:
        errors = sum(str(finding.severity) == "error" for report in draft.reports for finding in report.findings)
        return words("upload.title_blocked", n=errors)
    if draft.difference is not None:
        change = draft.difference
        if _few_stayed(draft):
            return words("upload.title_few", day=change.previous)
        return words("upload.title_changes", day=change.previous, came=change.came, gone=change.gone, moved=draft.moved)
    return f"{_verdict(words, draft)}, {words('upload.title_unsaved')}"


def _step(words: Words, name: str) -> Any:
    """The bordered box of one step with its number and name."""
    box = st.container(border=True, key=f"step_{name}")
    box.markdown(f"##### {words(f'upload.step_{name}')}")
    return box


def _options(words: Words) -> dict[str, Any]:
    with st.expander(words("upload.options"), icon=":material/tune:"):
        left, middle, right = st.columns(3)
        day = left.date_input(
            words("upload.as_of"), None, min_value=date(1990, 1, 1), max_value=date(2100, 1, 1), format="DD-MM-YYYY", key="_as_of"
        )
        sheet = middle.text_input(words("upload.sheet"), key="_sheet").strip()
        country = right.text_input(words("upload.country"), "NL", max_chars=40, key="_country").strip()
    chosen = {"sheet": sheet or pointing.sheet() or None, "header_row": pointing.header_row()}
    return {"as_of": day, "country": country or "NL", **chosen}


def _checked(view: View, name: str, content: bytes, options: dict[str, Any]) -> Draft | None:
    """Read the file once per content and options; a refusal is one sentence and no draft."""
    mapping, (answers, values) = st.session_state.get("_mapping") or None, asking.given()
    asked_for = repr((sorted(options.items(), key=str), mapping, answers, values))
    key = (hashlib.sha256(content).hexdigest(), asked_for, view.workspace.store.fingerprint())
    words, place = view.words, st.empty()
    kept = st.session_state.get("_draft")
    if kept and kept[0] == key:
        return kept[1]
    storing.not_yet()
    try:
        with place.container(), tempfile.TemporaryDirectory() as folder:
            storing.clear_old()
            bar = st.progress(0.0, words("upload.progress_look"))
            st.button(words("upload.stop_reading"), key="stop_reading", icon=":material/close:", on_click=storing.forget)
            path = Path(folder) / f"upload{Path(name).suffix.lower()}"
            path.write_bytes(content)
            told: list[str] = []

            def tell(step: str, share: float) -> None:
                """Moves the bar; when the visitor stops or leaves, the screen raises here, and the reading ends with it."""
                text = f"{words(f'upload.progress_{step}')} · {words.percent(share)}"
                if text not in told[-1:]:
                    told.append(text)
                    bar.progress(share, text)

            asked = importing.Options(mapping=mapping, answers=answers, values=values, progress=tell, **options)
            with settling.room_to_read():
                draft = importing.check(view.viewer, view.workspace, path, name, asked)
    except Refusal as refusal:
        place.empty()
        st.error(refusal_text(words, refusal), icon=":material/error:")
        if refusal.code in pointing.HELPED:
            pointing.point(view, name, content)
        return None
    place.empty()
    st.session_state["_draft"] = (key, draft)
    return draft


def _sheet(view: View, draft: Draft) -> None:
    """Which sheet and header row were taken, what the others hold, and another choice."""
    words, report = view.words, draft.report
    where = "upload.where" if report.sheet else "upload.where_text"  # a text file has no sheets
    st.markdown(plain(words(where, sheet=report.sheet, row=report.header_row, as_of=report.as_of)))
    for line in asking.around(words, draft.reports[0]):
        st.caption(plain(line))
    for sheet in draft.imported.sheets:
        if sheet.name == report.sheet:
            pointing.choose_header_row(words, sheet, report.header_row)
    others = [sheet for sheet in draft.imported.sheets if sheet.name != report.sheet]
    read = {part.sheet for part in draft.reports}
    if not others:
        return
    facts = [
        words(
            "upload.sheet_fact",
            sheet=sheet.name,
            kind=words(f"kind.{sheet.kind}").lower() if sheet.kind else words("upload.sheet_unknown"),
            state=words("upload.sheet_read" if sheet.name in read else "upload.sheet_hidden" if sheet.hidden else "upload.sheet_left"),
        )
        for sheet in others
    ]
    st.caption("  \n".join(plain(fact) for fact in facts))
    asking.ask_sheets(view, draft)
    names = [sheet.name for sheet in draft.imported.sheets]
    st.selectbox(
        words("upload.sheet_choose"),
        names,
        index=names.index(report.sheet) if report.sheet in names else None,
        key=f"_choose_sheet_{st.session_state.get('_upload', 0)}",
        on_change=_take_sheet,
        width=420,
    )


def _take_sheet() -> None:
    """Another sheet: what was chosen for the columns of the first one does not hold."""
    st.session_state["_sheet"] = st.session_state.get(f"_choose_sheet_{st.session_state.get('_upload', 0)}") or ""
    st.session_state.pop("_mapping", None)
    pointing.forget()


def _report(words: Words, draft: Draft) -> None:
    report, told = draft.report, draft.summary()
    st.markdown(f"**{_verdict(words, draft)}**")
    with st.grid(5, min_column_width=120):
        for key, value in (
            ("read", told["rows_read"]),
            ("kept", told["rows_kept"]),
            ("rejected", told["rows_rejected"]),
            ("people", report.people),
            ("active", report.active),
        ):
            st.metric(words(f"upload.{key}"), words.number(value, 0), border=True, height="stretch")
    _findings(words, draft)


def _verdict(words: Words, draft: Draft) -> str:
    """One sentence: may it be saved, and what is in it."""
    report = draft.report
    if draft.blocked:
        return words("upload.blocked")
    if str(report.kind) == "employees":
        return words("upload.ready", n=report.people)
    kinds = [words(f"kind.{part.kind}").lower() for part in draft.reports]
    return words("upload.ready_other", n=sum(part.rows_kept for part in draft.reports), kinds=list(dict.fromkeys(kinds)))


def _mapping_button(view: View, draft: Draft) -> None:
    """The choices made, as a file for the command line and for next time."""
    st.download_button(
        view.words("values.download"),
        lambda: importing.mapping_file(view.viewer, draft),
        "werkhorizon-mapping.json",
        "application/json",
        icon=":material/download:",
        help=view.words("values.download_help"),
        on_click="ignore",
        key="mapping_file",
    )


def _marked_button(view: View, draft: Draft, content: bytes) -> None:
    """Their own file back with the bad cells coloured; made only when asked for."""
    from presentation.exports.marked import has_marks, marked  # slow to load, and not needed for the first page

    words = view.words
    if not has_marks(draft.reports):
        return
    st.download_button(
        words("marked.button"),
        lambda: marked(words, content, draft.file_name, draft.reports, view.viewer),
        f"{Path(draft.file_name).stem}-{words('marked.sheet').lower()}.xlsx",
        XLSX,
        icon=":material/download:",
        help=words("marked.button_help"),
        on_click="ignore",
        key="marked",
    )


def _findings(words: Words, draft: Draft) -> None:
    """Errors open, the rest folded: each with its place, rows, example and repair."""
    found = [finding for report in draft.reports for finding in report.findings]
    if not found:
        st.success(words("upload.no_findings"), icon=":material/check_circle:")
    for severity, key, icon in SEVERITIES:
        part = [finding for finding in found if str(finding.severity) == severity]
        if part:
            with st.expander(words(f"upload.{key}", n=len(part)), expanded=severity == "error", icon=icon):
                st.markdown("\n".join(_told(words, row) for row in lists.findings(words, part).to_dict("records")))


def _told(words: Words, row: dict[str, Any]) -> str:
    """One finding as a list item: what, then where, which rows and an example, then what to do."""
    name = {key: words(f"upload.column_{key}") for key in ("reason", "place", "count", "rows", "example", "repair")}
    facts = [str(row[name["place"]])]
    if row[name["rows"]]:
        facts.append(f"{name['rows']} {row[name['rows']]}")
    elif row[name["count"]] not in (1, "1"):
        facts.append(f"{name['count']} {words.number(int(row[name['count']]), 0)}")
    facts += [f"{name['example']}: {row[name['example']]}"] if row[name["example"]] else []
    return f"- **{plain(row[name['reason']])}**  \n  :gray[{plain(' · '.join(facts))}]  \n  → {plain(row[name['repair']])}"


def _columns(words: Words, draft: Draft) -> None:
    """Which column is read as what and why; another choice is checked again at once."""
    columns = draft.report.columns
    count = {use: sum(column.use == use for column in columns) for use in ("used", "ignored", "sensitive")}
    st.markdown(words("upload.columns_told", **count))
    table = lists.columns(words, draft.report)
    field = words("upload.column_field")
    names = lists.field_names(words, str(draft.report.kind))
    with st.expander(words("upload.columns", n=count["used"]), icon=":material/view_column:", expanded=bool(count["sensitive"])):
        if widths.on_phone():
            named_table(words, "columns", table, words("upload.columns", n=len(table)))
            headers = [str(column.header) for column in columns]
            chosen = choice_below(words, "columns", words("upload.column_header"), headers, field, ["", *names])
            if chosen is not None:
                fields = [chosen[1] if at == chosen[0] else told for at, told in enumerate(table[field])]
                _read_again(draft, [names.get(value, "") for value in fields])
            return
        edited = st.data_editor(
            table,
            hide_index=True,
            disabled=[title for title in table.columns if title != field],
            column_config={field: st.column_config.SelectboxColumn(options=["", *names], help=words("upload.field_help"))},
            placeholder="–",
            height=36 * (min(len(table), COLUMNS_SHOWN) + 1) + 2,
            key=f"_columns_{st.session_state.get('_upload', 0)}_{hash(tuple(table[field]))}",
            alt=words("upload.columns", n=len(table)),
        )
        if not edited[field].equals(table[field]) and st.button(words("upload.again"), key="_again"):
            _read_again(draft, [names.get(value, "") for value in edited[field]])
    if "salary" in draft.report.mapping:
        st.caption(words("upload.pay_told"))


def _read_again(draft: Draft, fields: list[str]) -> None:
    st.session_state["_mapping"] = _mapping(draft, fields)
    st.rerun()


def _mapping(draft: Draft, fields: list[str]) -> dict[str, str]:
    """{field: header} as chosen; a field that had a column and has none any more is left out on purpose ("")."""
    chosen = {name: column.header for column, name in zip(draft.report.columns, fields, strict=True) if name}
    return {name: "" for name in draft.report.mapping if name not in chosen} | chosen


def _difference(view: View, draft: Draft) -> None:
    """What is another than at the upload before."""
    words, change = view.words, draft.difference
    if change is None:
        return
    counts = {"stayed": change.stayed, "came": change.came, "gone": change.gone, "moved": draft.moved}
    given = {name: words(f"upload.difference_{name}", n=count) for name, count in counts.items()}
    told = [words("upload.difference", day=change.previous, **given), words("upload.difference_fte", n=change.fte_changed)]
    st.markdown(" ".join(told))
    if _few_stayed(draft):
        st.warning(words("upload.difference_few"), icon=":material/warning:")
    if change.unread:
        st.warning(words("upload.difference_unread", n=change.unread), icon=":material/warning:")
    if change.birth_changed:
        st.warning(words("upload.difference_birth", n=change.birth_changed), icon=":material/warning:")


def _few_stayed(draft: Draft) -> bool:
    """It is probably about other people."""
    change = draft.difference
    return change is not None and change.gone > 0 and change.stayed < FEW_STAYED * (change.stayed + change.gone)


def _preview(words: Words, draft: Draft) -> None:
    preview = lists.preview(words, draft.imported.frames.get("employees"), PREVIEW_ROWS)
    if not preview.empty:
        with st.expander(words("upload.preview"), icon=":material/visibility:"):
            st.dataframe(preview, hide_index=True, alt=words("upload.preview"))
