"""Column and value mappings as a small JSON file, so that a choice made once can be given again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from analytics.errors import Refusal
from intake.report import ImportReport, Options
from intake.vocabulary import all_fields

FORMAT = 1
MAX_BYTES = 1_000_000
_RENAME = ("level", "old", "new", "same")


def to_json(report: ImportReport, options: Options) -> str:
    """The mapping of a read sheet with the choices made: {format, fingerprint, columns, answers, values, renames}."""
    content = {
        "format": FORMAT,
        "fingerprint": report.fingerprint,
        "columns": report.mapping | {name: "" for name, header in (options.mapping or {}).items() if not header},
        "answers": options.answers,
        "values": options.values,
        "renames": [dict(zip(_RENAME, answer, strict=True)) for answer in options.renames],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)


def from_json(text: str, options: Options) -> Options:
    """Options with the mapping of a JSON text: our own format, or a plain {field: header}. Refusals: mapping_file_invalid,
    mapping_field_unknown."""
    try:
        content: Any = json.loads(text) if len(text) <= MAX_BYTES else None
    except (ValueError, RecursionError) as error:
        raise Refusal("mapping_file_invalid") from error
    if not isinstance(content, dict):
        raise Refusal("mapping_file_invalid")
    plain = content.get("columns", content)
    columns = _texts(plain)
    unknown = sorted(set(columns) - all_fields())
    if unknown:
        raise Refusal("mapping_field_unknown", field=unknown[0])
    if "columns" not in content:
        return replace(options, mapping=columns)
    values = content.get("values") or {}
    if not isinstance(values, dict):
        raise Refusal("mapping_file_invalid")
    return replace(
        options,
        mapping=columns,
        answers=_texts(content.get("answers") or {}),
        values={name: _texts(part) for name, part in values.items()},
        renames=_renames(content.get("renames") or []),
    )


def _renames(content: Any) -> tuple[tuple[str, str, str, bool], ...]:
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise Refusal("mapping_file_invalid")
    found = []
    for item in content:
        level, old, new, same = (item.get(name) for name in _RENAME)
        if level not in ("location", "unit", "role") or not isinstance(old, str) or not isinstance(new, str) or not isinstance(same, bool):
            raise Refusal("mapping_file_invalid")
        found.append((level, old, new, same))
    return tuple(found)


def _texts(content: Any) -> dict[str, str]:
    if not isinstance(content, dict) or not all(isinstance(key, str) and isinstance(value, str) for key, value in content.items()):
        raise Refusal("mapping_file_invalid")
    return dict(content)
