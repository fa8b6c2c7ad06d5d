"""Tables people filled in themselves, read from the store: amounts, figures of the sector, chances that were overruled."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from analytics.amounts import Amount
from analytics.assumed import Overrule
from analytics.deaths import Deaths
from analytics.posts import Post
from analytics.workload import Workload
from workflows.workspace import Workspace

AMOUNTS, SECTOR, RATES, TIGHTNESS = "amounts", "sector", "rates", "tightness"
DEATHS, POSTS, WORKLOAD = "deaths", "posts", "workload"
SECTOR_KEYS = ("share_55", "vacancies", "leavers")


@dataclass(frozen=True, slots=True)
class SectorFigure:
    """A published figure to hold the firm's own against: percent, from a day on, with its source."""

    key: str
    valid_from: date
    value: float
    source: str
    last_checked: date


@dataclass(frozen=True, slots=True)
class Tightness:
    """Open vacancies for each jobseeker of short duration in an occupation (ISCO-08, 1 to 4 digits), from a day on."""

    isco: str
    valid_from: date
    ratio: float
    source: str
    last_checked: date


@dataclass(frozen=True, slots=True)
class Owned:
    """Everything that was filled in; empty tuples where nothing was."""

    amounts: tuple[Amount, ...] = ()
    sector: tuple[SectorFigure, ...] = ()
    overrules: tuple[Overrule, ...] = ()
    tightness: tuple[Tightness, ...] = ()
    deaths: tuple[Deaths, ...] = ()
    posts: tuple[Post, ...] = ()
    workload: tuple[Workload, ...] = ()

    def sector_figure(self, key: str, on: date) -> SectorFigure | None:
        """The newest figure in force on a day."""
        rows = [row for row in self.sector if row.key == key and row.valid_from <= on]
        return max(rows, key=lambda row: row.valid_from, default=None)

    def tightness_on(self, on: date) -> dict[str, float]:
        """Occupation -> vacancies per jobseeker in the newest row in force on a day."""
        rows = sorted((row for row in self.tightness if row.valid_from <= on), key=lambda row: row.valid_from)
        return {row.isco: row.ratio for row in rows}

    def deaths_on(self, on: date) -> Deaths | None:
        """The newest table of deaths in force on a day; None: the formula."""
        return max((table for table in self.deaths if table.valid_from <= on), key=lambda table: table.valid_from, default=None)


def owned(workspace: Workspace) -> Owned:
    """Kept per state of the data."""
    return workspace.cached(("owned", workspace.store.fingerprint()), lambda: _read(workspace))


def _read(workspace: Workspace) -> Owned:
    amounts, sector, rates, tight = (_rows(workspace.store.own_figures(name)) for name in (AMOUNTS, SECTOR, RATES, TIGHTNESS))
    return Owned(
        tuple(Amount(**_dated(row)) for row in amounts),
        tuple(SectorFigure(**_dated(row)) for row in sector),
        tuple(Overrule(**row) for row in rates),
        tuple(Tightness(**_dated(row)) for row in tight),
        tuple(_deaths(row) for row in _rows(workspace.store.own_figures(DEATHS))),
        tuple(Post(**row) for row in _rows(workspace.store.own_figures(POSTS))),
        tuple(Workload(**row) for row in _rows(workspace.store.own_figures(WORKLOAD))),
    )


def _deaths(row: dict[str, Any]) -> Deaths:
    return Deaths(date.fromisoformat(row["valid_from"]), row["source"], tuple(row["ages"]), tuple(row["chances"]))


def _rows(body: str) -> list[dict[str, Any]]:
    """Rows from the text that is stored; none where nothing was filled in."""
    return json.loads(body) if body else []


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its days as days."""
    return row | {name: date.fromisoformat(row[name]) for name in ("valid_from", "last_checked")}


def written(rows: tuple[Any, ...]) -> str:
    """Rows as the text that is stored."""
    return json.dumps([asdict(row) for row in rows], default=lambda value: value.isoformat(), ensure_ascii=False)
