"""Where the table is in a sheet, which column holds which field, and what kind of rows it has.

Headers first (synonym list), then the values themselves; likeness of words is only ever a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from analytics.errors import Refusal
from intake import content
from intake.grid import Grid
from intake.kinds import FIELDS_OF, kind_of
from intake.report import Column, Kind
from intake.values.text import clean
from intake.vocabulary import all_fields, normalise, vocabulary

LOOK_ROWS = 40
MIN_FIELDS = 2
SIDE_TABLE_SHARE = 0.5
MOST_GUESSED = 300
"""In a sheet with more unknown columns than this only so many are looked at for what their values may mean."""

NOT_NEEDED = frozenset({"manager_id", "job_family", "contract_start_date", "valid_from", "is_vacant", "pension_date"})
"""Fields that are understood, and perhaps used to check, but not stored."""


@dataclass(slots=True, eq=False)
class Table:
    """A recognised table inside a sheet. header_index and data_start are table rows of the grid (0-based).

    headers: text per grid column. fields: {field: grid column}. side: columns of side tables. kind: None = not recognised.
    """

    grid: Grid
    header_index: int
    data_start: int
    headers: list[str]
    fields: dict[str, int]
    why: dict[int, str]
    side: set[int] = field(default_factory=set)
    kind: Kind | None = None
    combined: bool = False
    duplicates: dict[int, str] = field(default_factory=dict)
    skipped_above: tuple[int, ...] = ()

    def header(self, name: str) -> str:
        """Header of the column that holds a field."""
        return self.headers[self.fields[name]] if name in self.fields else ""

    def has(self, *names: str) -> bool:
        return all(name in self.fields for name in names)

    @property
    def header_row(self) -> int:
        return self.grid.row_number(self.header_index)

    @property
    def score(self) -> float:
        """How good a table this is: kind first, then fields, then length."""
        first = {Kind.EMPLOYEES: 100.0, Kind.SKILLS: 50.0}.get(self.kind, 0.0) if self.kind else 0.0
        return first + len(self.fields) + min(self.grid.height, 10_000) / 10_000


def find_table(grid: Grid, mapping: dict[str, str] | None = None, header_row: int | None = None, known: Iterable[str] = ()) -> Table | None:
    """The best table of a sheet, or None when no row looks like headers. header_row: the Excel row a person chose; known: headers
    that mean something to this firm."""
    top = [[clean(cell) for cell in row] for row in grid.top(LOOK_ROWS)]
    if not top:
        return None
    wanted = {normalise(header) for header in (mapping or {}).values() if header}
    chosen = next((index for index in range(len(top)) if grid.row_number(index) == header_row), None)
    own = wanted | {normalise(header) for header in known}
    if chosen is None:
        index, headers, combined = _header_row(top, own, 1 if wanted else MIN_FIELDS)
    else:
        index, headers, combined = chosen, [cell.strip() for cell in top[chosen]], False
    if index < 0:
        return None
    side = _side_columns(grid, index, headers)
    table = Table(grid, index, index + 1, headers, {}, {}, side=side, combined=combined)
    table.skipped_above = tuple(grid.row_number(row) for row in range(index - combined) if any(cell.strip() for cell in top[row]))
    _map_columns(table, mapping or {})
    table.kind = kind_of(table)
    return table


def _known(cells: list[str], wanted: set[str]) -> int:
    """Distinct fields (or wished headers) named in a row."""
    found: set[str] = set()
    for cell in cells:
        if not cell or len(cell) > 120:
            continue
        text = normalise(cell)
        if text in wanted:
            found.add("=" + text)
        else:
            fields = vocabulary().synonyms.get(text)
            if fields:
                found.add(fields[0][0])
    return len(found)


def _header_row(top: list[list[str]], wanted: set[str], needed: int) -> tuple[int, list[str], bool]:
    """(row index or -1, headers, built from two rows). Two rows are joined when together they name more fields."""
    scores = [_known(row, wanted) for row in top]
    best = max(range(len(top)), key=lambda i: (scores[i], -i))
    index, headers, joined = best, [cell.strip() for cell in top[best]], False
    for row in range(len(top) - 1):
        if not _may_be_pair(top[row], top[row + 1]):
            continue
        pair = _join(top[row], top[row + 1])
        better = _known(pair, wanted) > max(scores[index], _known(headers, wanted))
        duplicates = row + 1 == best and _has_duplicates(top[best]) and any(top[row])
        if better or duplicates:
            index, headers, joined = row + 1, pair, True
    if _known(headers, wanted) < needed and scores[best] < needed:
        return -1, [], False
    return index, headers, joined


def _may_be_pair(upper: list[str], lower: list[str]) -> bool:
    """Both rows hold only words, and the upper one has gaps that the lower one fills."""
    texts = [cell for cell in upper + lower if cell.strip()]
    if any(any(char.isdigit() for char in cell) and not any(char.isalpha() for char in cell) for cell in texts):
        return False
    gaps = sum(1 for up, low in zip(upper, lower, strict=True) if not up.strip() and low.strip())
    return gaps > 0 and sum(1 for cell in upper if cell.strip()) >= 2


def _has_duplicates(row: list[str]) -> bool:
    texts = [normalise(cell) for cell in row if cell.strip()]
    return len(set(texts)) < len(texts)


def _join(upper: list[str], lower: list[str]) -> list[str]:
    """Group row carried to the right and put before a lower header that occurs twice; a gap in one row is filled by the other."""
    counts: dict[str, int] = {}
    for cell in lower:
        counts[normalise(cell)] = counts.get(normalise(cell), 0) + 1
    group, headers = "", []
    for up, low in zip(upper, lower, strict=True):
        group = up.strip() or group
        low = low.strip()
        if not low:
            headers.append(up.strip())
        elif group and counts[normalise(low)] > 1:
            headers.append(f"{group} / {low}")
        else:
            headers.append(low)
    return headers


def _side_columns(grid: Grid, header: int, headers: list[str]) -> set[int]:
    """Columns of tables that stand beside the main one, cut off by an empty column and much shorter."""
    depth = [int(grid.filled(column)[header:].sum()) for column in range(grid.width)]
    blocks: list[list[int]] = [[]]
    for column, filled in enumerate(depth):
        if filled or headers[column]:
            blocks[-1].append(column)
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    if len(blocks) < 2:
        return set()
    known = [_known([headers[column] for column in block], set()) for block in blocks]
    main = max(range(len(blocks)), key=lambda i: (known[i], len(blocks[i])))
    longest = max(depth[column] for column in blocks[main])
    side: set[int] = set()
    for i, block in enumerate(blocks):
        if i != main and known[i] <= 1 and max(depth[column] for column in block) < SIDE_TABLE_SHARE * longest:
            side |= set(block)
    return side


def _map_columns(table: Table, mapping: dict[str, str]) -> None:
    """Fill table.fields and table.why: mapping given, synonyms, then values."""
    free = [column for column in range(table.grid.width) if column not in table.side and table.headers[column]]
    _map_given(table, mapping, free)
    blocked = {name for name, header in mapping.items() if not header}
    candidates: list[tuple[int, int, str]] = []
    for column in free:
        if column in table.why:
            continue
        for name, rank in vocabulary().fields(_bare(table.headers[column])):
            if name not in blocked:
                candidates.append((rank, column, name))
    by_name: dict[str, list[tuple[int, int]]] = {}
    for rank, column, name in sorted(candidates):
        by_name.setdefault(name, []).append((rank, column))
    for name, found in sorted(by_name.items(), key=lambda item: item[0] == "job_title"):  # last: alone, a title is the role
        if name == "name":
            for _, column in found:
                table.why.setdefault(column, "name")
            continue
        if name in table.fields:
            continue
        rank, column = min(found, key=lambda item: (item[0] if _has_content(table, item[1]) else item[0] + 1000, item[1]))
        if column in table.fields.values():
            continue
        table.fields[name] = column
        table.why[column] = "synonym"
        for _, other in found:
            if other != column:
                table.duplicates[other] = name
    _map_by_values(table, [column for column in free if column not in table.why and column not in table.duplicates], blocked)


def _bare(header: str) -> str:
    """The field part of a joined header."""
    whole = header if not vocabulary().fields(header) and " / " in header else ""
    return whole.rsplit(" / ", 1)[-1] if whole else header


def _map_given(table: Table, mapping: dict[str, str], free: list[int]) -> None:
    for name, header in mapping.items():
        if name not in all_fields():
            raise Refusal("mapping_field_unknown", field=name)
        if not header:
            continue
        exact = [column for column in free if table.headers[column] == header]
        loose = [column for column in free if normalise(table.headers[column]) == normalise(header)]
        for column in (exact or loose)[:1]:
            table.fields[name] = column
            table.why[column] = "mapping"


def _has_content(table: Table, column: int) -> bool:
    cells = table.grid.table.column(column).slice(table.data_start)
    return cells.null_count < len(cells)


def _map_by_values(table: Table, open_columns: list[int], blocked: set[str]) -> None:
    """What the headers did not tell, the values may: dates of birth, M/V, 0-1 numbers."""
    for column in open_columns[:MOST_GUESSED]:
        if vocabulary().is_sensitive(table.headers[column]):
            continue
        sample = content.sample(table.grid, column, table.data_start)
        name = content.guess(sample, set(table.fields) | blocked)
        if name:
            table.fields[name] = column
            table.why[column] = "values"


def describe_columns(table: Table) -> tuple[Column, ...]:
    """Every column of the table accounted for."""
    by_column = {column: name for name, column in table.fields.items()}
    described = []
    suggest = len(table.headers) <= MOST_GUESSED
    for column, header in enumerate(table.headers):
        letter = table.grid.letter(column)
        empty = not table.grid.filled(column)[table.data_start :].any()
        name = by_column.get(column, "")
        if column in table.side:
            described.append(Column(header, letter, "", "ignored", "side_table"))
        elif name and table.kind is not None and name not in FIELDS_OF[table.kind]:
            described.append(Column(header, letter, "", "ignored", "other_sheet"))
        elif name:
            described.append(Column(header, letter, name, "ignored" if name in NOT_NEEDED else "used", table.why[column]))
        elif not header and empty:
            continue
        elif vocabulary().is_sensitive(header):
            described.append(Column(header, letter, "", "sensitive", "sensitive"))
        elif table.why.get(column) == "name":
            described.append(Column(header, letter, "", "ignored", "name"))
        elif column in table.duplicates:
            described.append(Column(header, letter, "", "ignored", "duplicate", table.duplicates[column]))
        else:
            why = "empty" if empty else "unknown"
            described.append(Column(header, letter, "", "ignored", why, vocabulary().similar(header) if suggest else ""))
    return tuple(described)


_LEADS = ("manager", "leidinggevende", "supervisor", "vorgesetzt")


def name_columns(table: Table) -> list[int]:
    """Columns with names of people: used to tell people apart, never kept."""
    return [column for column, why in table.why.items() if why == "name" and not _names_a_manager(table, column)]


def manager_name_column(table: Table) -> int | None:
    """The first column with the names of managers, None when the file has none."""
    return next((column for column, why in table.why.items() if why == "name" and _names_a_manager(table, column)), None)


def _names_a_manager(table: Table, column: int) -> bool:
    return any(word in normalise(table.headers[column]) for word in _LEADS)


def fingerprint(headers: list[str]) -> str:
    """Stable name for a set of headers, whatever their order."""
    import hashlib

    joined = "\n".join(sorted({normalise(header) for header in headers if header}))
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def data_mask(table: Table) -> np.ndarray:
    """Boolean per grid row: below the headers."""
    return np.arange(table.grid.height) >= table.data_start
