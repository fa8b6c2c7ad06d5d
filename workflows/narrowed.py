"""Skills and ways from work to work for who sees some departments: of the whole groups that lie inside them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analytics.release import Viewer, chosen_atoms
from analytics.scenario import Scenario
from analytics.skills.departments import SIGN, narrowed, parts
from analytics.skills.stay import Staying
from analytics.workforce import GROUP, Scope
from workflows.abilities import Abilities, abilities, kept, of_classes, pay_of_groups, per_class, staying_of_classes, stays
from workflows.prepared import require_any
from workflows.workspace import Workspace


def told_of(viewer: Viewer, workspace: Workspace) -> Abilities:
    """The abilities of the whole organisation, or those of the viewer's departments: other classes, people and pay, and what is
    counted over them; requirements, courses and ways are the same for everybody. Refusals as `abilities`, and nothing_in_scope."""
    found = abilities(viewer, workspace)
    if not viewer.units or found.classes is None:
        return found
    return kept(viewer, workspace, "narrowed", lambda: _narrow(viewer, found))


def _narrow(viewer: Viewer, found: Abilities) -> Abilities:
    full = found.full
    assert found.classes is not None
    assert found.pooled is not None
    assert full.cohorts is not None
    chosen = chosen_atoms(full.atoms, full.groups, Scope(), viewer)
    require_any(chosen)
    cut = parts(found.base, found.classes, full.groups, full.atoms, chosen)
    require_any(cut.found.seen)
    heads, fte = (per_class(full, cut.found, values) for values in full.base.staff[:2])
    pool = narrowed(cut, found.pooled, heads, fte, viewer.k)
    seen = pd.MultiIndex.from_frame(full.names.loc[cut.found.seen[cut.found.of_atom], list(GROUP)])
    frame = full.cohorts.frame
    inside = frame[pd.MultiIndex.from_frame(frame[list(GROUP)]).isin(seen)]
    people: dict[str, float] = {}
    for part, at in cut.found.of_role.items():
        if cut.found.seen[at]:
            role = cut.found.roles[at][0] if len(cut.found.roles[at]) == 1 else part.split(SIGN)[1]
            people[role] = people.get(role, 0.0) + cut.found.weight[part]
    people |= {role: float(round(heads[at].sum())) for role, at in cut.found.apart.items()}
    return replace(found, classes=cut.found, pooled=pool, people=people, pay=pay_of_groups(inside), staff=inside)


def stays_of(viewer: Viewer, workspace: Workspace, scenario: Scenario) -> Staying:
    """Chances to be still here for the classes of `told_of`."""
    found = told_of(viewer, workspace)
    if not viewer.units or found.classes is None:
        return stays(viewer, workspace, scenario)
    told = found.classes
    of = kept(viewer, workspace, "narrowed_followed", lambda: of_classes(found.full, told))
    return kept(viewer, workspace, "narrowed_staying", lambda: staying_of_classes(of, found.full, scenario), scenario)


def people_of(found: Abilities) -> float:
    """Staff the figures are about. People of protected groups are spread over ages and months (`analytics.blocks`): their parts add up to
    whole people but for the last digits."""
    heads = found.full.base.staff[0]
    seen = heads if found.classes is None else per_class(found.full, found.classes, heads)[found.classes.seen]
    return round(float(seen.sum()), 9)
