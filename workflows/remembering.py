"""Choices made for one file, kept for the next: columns, answers and names, per set of headers and for the whole firm."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from intake import ImportReport, Options
from store import Store

SETTING = "import_memory"
FIRM_WIDE = ("role", "unit")
"""Fields whose names mean the same in every file; a scale of levels belongs to one kind of file."""
MOST_FILES, MOST_NAMES = 60, 20_000
NOT_KEPT = ("as_of",)
"""Answers that hold for one file only."""

Names = dict[str, dict[str, str]]


@dataclass(slots=True)
class Memory:
    """names: {field: {text in a file: own name}} for the firm. files: {fingerprint: {"columns", "answers", "names"}}, oldest first."""

    names: Names = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def load(store: Store) -> Memory:
    """What was chosen before; a setting that is not readable counts as nothing."""
    try:
        content = json.loads(store.settings().get(SETTING, "{}"))
        return Memory(dict(content.get("names", {})), dict(content.get("files", {})))
    except (ValueError, AttributeError, TypeError):
        return Memory()


def keep(store: Store, report: ImportReport, options: Options, who: str) -> None:
    """Remember the choices of a file that was saved."""
    if options.mapping:
        store.remember_mapping({header: name for name, header in options.mapping.items() if header})
    memory = load(store)
    before = json.dumps([memory.names, memory.files.get(report.fingerprint)], sort_keys=True)
    for name in FIRM_WIDE:
        own = options.values.get(name, {})
        if own:
            memory.names[name] = dict([*(memory.names.get(name, {}) | own).items()][-MOST_NAMES:])
    chosen = {
        "columns": {name: header for name, header in (options.mapping or {}).items() if not header},
        "answers": {name: answer for name, answer in options.answers.items() if name not in NOT_KEPT},
        "names": {name: own for name, own in options.values.items() if own},
    }
    if any(chosen.values()) or report.fingerprint in memory.files:
        memory.files.pop(report.fingerprint, None)
        memory.files[report.fingerprint] = chosen
        memory.files = dict([*memory.files.items()][-MOST_FILES:])
    if json.dumps([memory.names, memory.files.get(report.fingerprint)], sort_keys=True) != before:
        store.set_setting(SETTING, json.dumps({"names": memory.names, "files": memory.files}, ensure_ascii=False), who)


def headers_known(store: Store) -> frozenset[str]:
    """Headers a person gave a meaning to, for any file."""
    return frozenset(store.mapping_memory())


def recaller(store: Store) -> Callable[[str, tuple[str, ...], dict[str, str], Options], Options]:
    """For `Options.recall`: what was chosen before, under what is chosen now."""
    memory, headers_before = load(store), store.mapping_memory()

    def recall(fingerprint: str, headers: tuple[str, ...], recognised: dict[str, str], options: Options) -> Options:
        file = memory.files.get(fingerprint, {})
        chosen = dict(options.mapping or {})
        firm = {name: header for header, name in headers_before.items() if header in headers and recognised.get(name) != header}
        columns = {**firm, **_texts(file.get("columns"))}
        mapping = {**{name: header for name, header in columns.items() if name not in chosen}, **chosen}
        return replace(
            options,
            mapping=mapping if mapping else options.mapping,
            answers={**_texts(file.get("answers")), **options.answers},
            values=_joined(memory.names, file.get("names") or {}, options.values),
        )

    return recall


def _joined(*layers: Mapping[str, Mapping[str, str]]) -> Names:
    """Later layers win, name by name; a name that is its own answer takes an earlier choice back."""
    joined: Names = {}
    for layer in layers:
        for name, own in layer.items():
            joined.setdefault(name, {}).update(_texts(own))
    return {name: own for name, own in joined.items() if own}


def _texts(content: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, Mapping) else {}
