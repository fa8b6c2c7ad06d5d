"""Tables that are pages of their own: shortages per role, assumptions, what is wrong in a file. Frames in, titled frames out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from presentation.texts import Words
from workflows.types import FIELDS_OF, LEVERS, Lever, Override, Scenario

FEW_EXCEPTIONS = 6
"""More exceptions than these are counted instead of listed."""


def shortage_list(words: Words, rows: pd.DataFrame, by: str, year: int, month: float | None = None) -> pd.DataFrame:
    """`sentences.per_row` with columns named for reading; the chance in percent, the path for a small line. month: euro an open fte costs
    a month (None: may not be told), for what each shortage costs until the year if nothing is done."""
    table = rows.rename(
        columns={
            by: words(f"column.{by}"),
            "gap_now": words("column.gap_now"),
            "gap_then": words("column.gap_then", year=year),
            "p_short": words("column.p_short"),
            "first_year": words("column.first_year"),
            "short_years": words("column.short_years"),
            "path": words("column.path"),
        }
    )
    table[words("column.p_short")] = table[words("column.p_short")].astype("Float64") * 100
    table[words("column.first_year")] = table[words("column.first_year")].astype("Int64")
    for name in ("gap_now", "gap_then", "short_years"):
        title = words(f"column.{name}", year=year) if name == "gap_then" else words(f"column.{name}")
        table[title] = table[title].round(1)
    if month is not None:
        cost = (rows["short_years"] * 12 * month).round(-3)
        after = list(table.columns).index(words("column.gap_then", year=year))
        table.insert(after + 1, words("owning.cost_short"), cost)
    return table


KNOWN = ("A", "B")
"""Certainties of what was published, decided by law or counted in the firm; C is an assumption of our own."""


def assumptions(words: Words, scenario: Scenario, basis: Mapping[str, float], missing: Sequence[str] = ()) -> pd.DataFrame:
    """Every lever: what is used, the baseline, its range, certainty and source, grouped by question."""
    rows = []
    for name, lever in LEVERS.items():
        base = base_of(name, lever, basis)
        used = getattr(scenario, name)
        low, high = lever.bounds(basis.get(name))
        rows.append(
            {
                words("column.group"): words(f"levergroup.{lever.group}"),
                words("column.assumption"): words(f"lever.{name}.label"),
                words("column.used"): words("levers.no_data")
                if name in missing or (lever.from_history and name not in basis)
                else lever_value(words, lever, base if used is None else used),
                words("column.base"): lever_value(words, lever, base),
                words("column.unit_of"): words(f"unit.{lever.unit}"),
                words("column.range"): ""
                if lever.kind == "yes_no"
                else f"{lever_value(words, lever, low)} – {lever_value(words, lever, high)}",
                words("column.certainty"): lever.certainty,
                words("column.source"): words(f"source.{lever.source}"),
            }
        )
    return pd.DataFrame(rows)


def how_certain(words: Words, missing: Sequence[str] = ()) -> str:
    """How many of the assumptions that count here are known from law, publications or the firm itself; the others are conventions."""
    counted = [lever for name, lever in LEVERS.items() if name not in missing]
    known = sum(lever.certainty in KNOWN for lever in counted)
    return words("method.title", n=len(counted), known=known, rest=len(counted) - known)


def base_of(name: str, lever: Lever, basis: Mapping[str, float]) -> float | bool:
    """The baseline value: the declared default, or the firm's own figure where the default comes from its history."""
    default = getattr(Scenario(), name)
    return basis.get(name, 0.0) if default is None else default


def lever_value(words: Words, lever: Lever, value: float | bool) -> str:
    """A lever's value as text, with the decimals of its slider."""
    if lever.kind == "yes_no":
        return words("yes_no.yes" if value else "yes_no.no")
    if lever.unit == "year":
        return str(int(value))
    if float(value).is_integer():
        return words.number(float(value), 0)
    return words.number(float(value), 2 if lever.step < 0.1 else 1 if lever.step < 1 else 0)


def lever_name(words: Words, name: str) -> str:
    """Name of a lever with its unit."""
    lever = LEVERS[name]
    if lever.kind == "yes_no" or lever.unit == "year":
        return words(f"lever.{name}.label")
    return f"{words(f'lever.{name}.label')} ({words(f'unit.{lever.unit}')})"


def decisions(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    """The decision log for reading, newest first: decision, owner, day, works council, the shortage it was taken on."""
    return pd.DataFrame(
        {
            words("meeting.decision"): list(rows["text"]),
            words("meeting.owner"): list(rows["owner"]),
            words("meeting.day"): [words.day(day, short=True) for day in rows["day"]],
            words("meeting.council"): [words(f"meeting.council_{name}") for name in rows["council"]],
            words("meeting.gap_then"): [
                _stood(words, float(kept["gap_target"]), kept["target_year"]) if kept else words("meeting.gap_hidden")
                for kept in rows["figures"]
            ],
        }
    )


def _stood(words: Words, gap: float, year: int) -> str:
    return words("meeting.gap_in" if gap >= 0 else "meeting.spare_in", gap=abs(gap), year=year)


def override_text(words: Words, rule: Override) -> str:
    """An exception as "lever value: where"."""
    where = [name for name in (rule.location, rule.unit, rule.role) if name]
    lever, exact = LEVERS[rule.lever], rule.value
    whole = lever.kind == "yes_no" or lever.unit == "year" or float(exact).is_integer()
    value = lever_value(words, lever, exact) if whole else words.number(float(exact), 1 if round(exact * 10) == exact * 10 else 2)
    return words("override.text", name=lever_name(words, rule.lever), value=value, where=" · ".join(where) or words("app.scope_all"))


def override_lines(words: Words, rules: Sequence[Override]) -> list[str]:
    """All exceptions one by one while they are few; else how many there are of each lever."""
    if len(rules) <= FEW_EXCEPTIONS:
        return [override_text(words, rule) for rule in rules]
    counts = Counter(rule.lever for rule in rules)
    return [words("override.counted", name=lever_name(words, lever), n=count) for lever, count in counts.items()]


def differences(words: Words, runs: Sequence[tuple[str, Scenario]], basis: Mapping[str, float]) -> pd.DataFrame:
    """Assumptions that are not the same in all scenarios: one row each, one column a scenario."""
    rows = []
    for name, lever in LEVERS.items():
        used = [getattr(scenario, name) for _, scenario in runs]
        if len(set(used)) > 1:
            base = base_of(name, lever, basis)
            texts = [lever_value(words, lever, base if value is None else value) for value in used]
            rows.append({words("column.assumption"): lever_name(words, name)} | dict(zip((title for title, _ in runs), texts, strict=True)))
    return pd.DataFrame([*rows, *_exceptions(words, runs)])


def _exceptions(words: Words, runs: Sequence[tuple[str, Scenario]]) -> list[dict[str, str]]:
    """Exceptions per role or department that are not the same in all scenarios; – where a scenario follows its own lever."""
    named: dict[tuple[str, str], dict[str, str]] = {}
    for title, scenario in runs:
        for rule in scenario.overrides:
            where = " · ".join(name for name in (rule.location, rule.unit, rule.role) if name)
            row = named.setdefault((rule.lever, where), dict.fromkeys((other for other, _ in runs), "–"))
            row[title] = lever_value(words, LEVERS[rule.lever], rule.value)
    return [
        {words("column.assumption"): f"{lever_name(words, lever)} – {where}"} | row
        for (lever, where), row in named.items()
        if len(set(row.values())) > 1
    ]


# -- the upload ------------------------------------------------------------------------------------------------------------


def findings(words: Words, found: Sequence[Any]) -> pd.DataFrame:
    """What was seen in a file: what, where, how often, which rows, an example and what to do about it."""
    rows = []
    for finding in found:
        rows.append(
            {
                words("upload.column_reason"): finding_text(words, finding, "what"),
                words("upload.column_place"): " · ".join(part for part in (finding.sheet, finding.column) if part)
                or words("upload.whole_file"),
                words("upload.column_count"): finding.count,
                words("upload.column_rows"): _rows(finding.rows, finding.count),
                words("upload.column_example"): str(finding.example),
                words("upload.column_repair"): finding_text(words, finding, "repair"),
            }
        )
    return pd.DataFrame(rows)


def finding_text(words: Words, finding: Any, which: str) -> str:
    """The words of one finding: `what` is the matter, or how to `repair` it."""
    given = {"n": finding.count, "count": finding.count, "column": finding.column, "sheet": finding.sheet, "example": finding.example}
    key = f"finding.{finding.reason}.{which}"
    return words(key, **(given | dict(finding.params))) if words.known(key) else str(finding.reason).replace("_", " ")


def _rows(rows: Sequence[int], count: int) -> str:
    listed = ", ".join(str(row) for row in rows)
    return f"{listed} …" if count > len(rows) and rows else listed


def field_name(words: Words, field: str) -> str:
    """A field as people call it; the same words as the headers of the template."""
    return words.field(field)


def field_names(words: Words, kind: str = "employees") -> dict[str, str]:
    """Name in the reader's language -> field of that kind of sheet, for the choice per column; names of people are never kept."""
    fields = next(fields for name, fields in FIELDS_OF.items() if str(name) == kind)
    return {field_name(words, field): field for field in sorted(fields - {"name"})}


def columns(words: Words, report: Any) -> pd.DataFrame:
    """One row per column of the file: its header, what it is read as, whether it is used."""
    return pd.DataFrame(
        {
            words("upload.column_header"): [column.header for column in report.columns],
            words("upload.column_field"): [field_name(words, column.field) if column.field else "" for column in report.columns],
            words("upload.column_use"): [words(f"upload.use_{column.use}") for column in report.columns],
            words("upload.column_why"): [_why(words, column) for column in report.columns],
        }
    )


def _why(words: Words, column: Any) -> str:
    """Why a column is read as it is, or not at all."""
    if column.suggestion and column.use == "ignored":
        return words(f"upload.why_{column.why}_like", field=column.suggestion)
    return words(f"upload.why_{column.why}")


PREVIEWED = ("birth_date", "hire_date", "leave_date", "leave_reason", "contract_type", "location", "unit", "role", "fte")


def preview(words: Words, frame: pd.DataFrame | None, rows: int) -> pd.DataFrame:
    """The first rows as they will be stored; nobody's salary or number is on it."""
    if frame is None or frame.empty:
        return pd.DataFrame()
    shown = [name for name in PREVIEWED if name in frame and (frame[name].notna() & (frame[name].astype("str") != "")).any()]
    out = frame[shown].head(rows).copy()
    for name in {"contract_type", "leave_reason"} & set(shown):
        out[name] = [words(f"upload.stored_{text}") if text else "" for text in out[name]]
    if "fte" in out:
        out["fte"] = [words.number(value, 2) for value in out["fte"]]
    for name in out.columns:
        if pd.api.types.is_datetime64_any_dtype(out[name]):
            out[name] = [words.day(value, short=True) if pd.notna(value) else "" for value in out[name]]
    return out.rename(columns={name: field_name(words, name) for name in shown})


def snapshots(words: Words, stored: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """What is stored, newest first."""
    rows = [
        {
            words("upload.snapshot_as_of"): item["as_of"],
            words("upload.snapshot_people"): item["people"],
            words("upload.snapshot_file"): item["file"],
            words("upload.snapshot_when"): item["at"],
            words("upload.snapshot_who"): words("upload.who_local") if item["who"] == "local" else item["who"],
        }
        for item in sorted(stored, key=lambda item: item["as_of"], reverse=True)
    ]
    return pd.DataFrame(rows)


FORMATION = ("location", "unit", "role", "establishment_fte", "vacancies_fte", "growth")


def formation(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    """The establishment for editing; growth in percent a year. A location column only where there is more than one."""
    shown = [name for name in FORMATION if name != "location" or rows["location"].nunique() > 1]
    out = rows[shown].copy().reset_index(drop=True)
    out["growth"] = (out["growth"].astype(float) * 100).round(3)
    for name in ("establishment_fte", "vacancies_fte"):
        out[name] = out[name].astype(float)
    titles = {name: words(f"column.{name}") for name in FORMATION} | {"growth": words("column.growth_percent")}
    return out.rename(columns=titles)


def formation_numbers(words: Words) -> tuple[str, str]:
    """Titles of the two columns of fte."""
    return words("column.establishment_fte"), words("column.vacancies_fte")


def formation_rows(words: Words, rows: pd.DataFrame, edited: pd.DataFrame) -> pd.DataFrame:
    """The edited table back in the form it is stored in."""
    out = rows.copy().reset_index(drop=True)
    establishment, vacancies = formation_numbers(words)
    out["establishment_fte"] = edited[establishment].astype(float).to_numpy()
    out["vacancies_fte"] = edited[vacancies].astype(float).to_numpy()
    out["growth"] = edited[words("column.growth_percent")].astype(float).to_numpy() / 100
    return out


def quality(words: Words, measures: pd.DataFrame) -> list[str]:
    """What is unknown in the stored data, largest share first: one sentence a measure that is not nought."""
    seen = measures[measures["count"] > 0].copy()
    seen["share"] = seen["count"] / seen["of"].clip(lower=1)
    out = []
    for row in seen.sort_values("share", ascending=False).to_dict("records"):
        key = f"quality.{row['measure']}"
        if words.known(key):
            out.append(words(key, n=int(row["count"]), total=int(row["of"])))
    return out
