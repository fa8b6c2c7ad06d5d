"""What is made once per snapshot and kept: rates from the history, the engine's grid, and the atoms of the year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.assumed import overruled
from analytics.errors import Refusal
from analytics.estimate import Rates, estimate
from analytics.market import fills
from analytics.means import means
from analytics.posts import decided
from analytics.projection import Base, Projection, prepare, project
from analytics.protect import all_groups, atom_names
from analytics.release import Atoms, Viewer, make_atoms
from analytics.scenario import Scenario
from analytics.sensitivity import basis
from analytics.tables import exposure_by_isco
from analytics.workforce import GROUP, Cohorts
from workflows.kept import Kept
from workflows.owned import Owned, owned
from workflows.stands import protected
from workflows.told import from_copy, state
from workflows.workspace import Workspace

KEYS = list(GROUP)
NONE = Owned()
PROJECTIONS = 4
"""Of the last scenarios asked about: the figures of one page, and of pages compared, stand on the same few. Four megabytes each, twelve for
a million people."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """basis: the firm's own figure per lever whose default comes from its history.

    groups: the groups atoms are made of, in the order of the columns of `atoms.membership`; scopes are chosen on these.
    names: what the engine calls each atom (GROUP columns).
    rows: (K, G) the same atoms over the groups of `base`, which for a threshold above 1 are the atoms themselves.
    cohorts: the protected people for a threshold above 1, else None: full detail stays in the store.
    stamps: for a threshold above 1 the day each atom shows: an earlier one where fewer than k of its people changed since.
    own: tables people filled in themselves; the chances they overruled are already in `rates`.
    """

    as_of: date
    base: Base
    rates: Rates
    groups: pd.DataFrame
    atoms: Atoms
    rows: np.ndarray
    basis: dict[str, float]
    sample: bool
    names: pd.DataFrame
    cohorts: Cohorts | None = None
    stamps: tuple[date, ...] = ()
    own: Owned = NONE
    _ahead: Kept = field(default_factory=lambda: Kept(PROJECTIONS), init=False, repr=False)

    def project(self, scenario: Scenario, years: int) -> Projection:
        """Worked out once for all that a page shows of it: shortage, ranges, skills and changing work."""
        return self._ahead.get((scenario, years), lambda: project(self.base, scenario, years))


def prepared(workspace: Workspace, viewer: Viewer, as_of: date | None) -> Prepared:
    """Rates, grid and atoms of the latest snapshot on or before `as_of`; Refusal `no_data`, or `before_first_snapshot`."""
    snapshots = workspace.store.snapshots()
    days = sorted({snapshot.as_of for snapshot in snapshots if as_of is None or snapshot.as_of <= as_of})
    if not days:
        raise Refusal("before_first_snapshot", as_of=as_of, first=snapshots[0].as_of) if snapshots and as_of else Refusal("no_data")
    day = as_of if as_of is not None and viewer.k <= 1 else days[-1]  # protected figures stand on snapshot days only
    stand = state(viewer, workspace)
    bare = workspace.cached(("bare", stand[0], day, viewer.k), lambda: _prepare(viewer, workspace, day, days))
    return workspace.cached(("prepared", *stand, day, viewer.k), lambda: _with_means(bare, viewer, workspace))


def require_any(chosen: np.ndarray) -> None:
    """Refusal `nothing_in_scope` when no whole atom lies inside what was asked."""
    if not chosen.any():
        raise Refusal("nothing_in_scope")


def _prepare(viewer: Viewer, workspace: Workspace, day: date, days: list[date]) -> Prepared:
    if viewer.k > 1:
        return _prepare_groups(viewer, workspace, day, days)
    cohorts = workspace.store.cohorts(day)
    own = owned(workspace)
    rates = overruled(estimate(workspace.store.history(day), all_groups(cohorts), _deaths(own, day)), own.overrules)
    base = prepare(cohorts, rates)
    base = replace(base, posts=decided(own.posts, base.groups, base.demand0, day, base.years))
    base = _of_occupations(base, workspace, own, cohorts, day)
    counts = base.groups[KEYS].merge(all_groups(cohorts), on=KEYS, how="left").fillna({"people": 0.0})
    atoms = make_atoms(counts, viewer.k)
    return Prepared(day, base, rates, counts, atoms, atoms.membership, basis(base), workspace.store.is_sample(), atom_names(atoms), own=own)


def _prepare_groups(viewer: Viewer, workspace: Workspace, day: date, days: list[date]) -> Prepared:
    """The engine is fed with groups of at least k people: whatever is asked of it later can tell of no fewer."""
    given = protected(viewer, workspace, day, days)
    own = owned(workspace)
    rates = overruled(estimate(given.history, given.names, _deaths(own, day)), own.overrules)
    base = prepare(given.cohorts, rates)
    place = {tuple(name): row for row, name in enumerate(given.names[KEYS].itertuples(index=False))}
    rows = np.zeros((len(given.names), len(base.groups)))
    for column, name in enumerate(base.groups[KEYS].itertuples(index=False)):
        rows[place[tuple(name)], column] = 1.0
    posts = decided(own.posts, given.groups, given.groups["people"].to_numpy(float), day, base.years)
    base = _of_occupations(replace(base, posts=rows.T @ (given.atoms.membership @ posts)), workspace, own, given.cohorts, day)
    sample = workspace.store.is_sample()
    return Prepared(day, base, rates, given.groups, given.atoms, rows, basis(base), sample, given.names, given.cohorts, given.stamps, own)


def _deaths(own: Owned, day: date) -> np.ndarray | None:
    table = own.deaths_on(day)
    return None if table is None else table.by_age()


def _of_occupations(base: Base, workspace: Workspace, own: Owned, cohorts: Cohorts, day: date) -> Base:
    """What a person confirmed or estimated for a role goes before its code in the file: the share of its work that technology touches,
    and how many of its vacancies are filled by the table that was filled in or uploaded. The examples that come along decide nothing."""
    chosen = workspace.store.role_choices()
    confirmed = {str(row.role): str(row.isco) for row in chosen.itertuples() if row.isco}
    estimated = {str(row.role): float(row.exposed) for row in chosen.itertuples() if row.exposed == row.exposed}
    names = base.groups["role"].astype(str).tolist()
    scores = {role: score for role, code in confirmed.items() if (score := exposure_by_isco(code)[0]) is not None} | estimated
    exposure = np.array([scores.get(role, score) for role, score in zip(names, base.exposure, strict=True)], float)
    newest, fill = own.tightness_on(day), None
    if newest:
        codes = dict(zip(cohorts.roles["role"].astype(str), cohorts.roles["isco"].fillna("").astype(str), strict=True)) | confirmed
        fill = fills((codes.get(role, "") for role in names), newest)
    return replace(base, exposure=exposure, fill=None if fill is None or np.isnan(fill).all() else fill)


def occupations(workspace: Workspace) -> dict[str, str]:
    """Role -> ISCO-08 code: the one of the file, or the one a person confirmed."""
    roles = workspace.store.cohorts().roles
    codes = dict(zip(roles["role"].astype(str), roles["isco"].fillna("").astype(str), strict=True))
    return codes | {str(row.role): str(row.isco) for row in workspace.store.role_choices().itertuples() if row.isco}


def _with_means(found: Prepared, viewer: Viewer, workspace: Workspace) -> Prepared:
    """Mentors, wishes and hired staff of the day beside the people: with every wish that comes or is taken back."""
    known = workspace.store.means(found.as_of, from_copy(viewer))
    base = found.base.changed(means=means(known, found.base.groups, found.base.staff[0], viewer.k))
    return replace(found, base=base, basis=basis(base))


__all__ = ["Prepared", "occupations", "prepared", "require_any"]
