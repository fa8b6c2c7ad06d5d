"""Development conversations: rows for HR alone, logged; what they add up to for everybody who sees groups, ten people at least."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analytics import voices
from analytics.errors import Refusal
from analytics.release import FULL_RIGHTS, Viewer, chosen_atoms, make_atoms, nearest
from analytics.voices import WISHES
from analytics.workforce import GROUP, Scope
from store.talks import Talk
from workflows.access import Right, require
from workflows.rules import rules
from workflows.told import from_copy, state
from workflows.workspace import Workspace

BASIS, PURPOSE = "conversation_basis", "conversation_purpose"
"""Names of the settings with the legal basis and the purpose the organisation records."""
LINK_DAYS = 21
SHOWN = ["employee_id", "location", "unit", "role", "fte", "held", "source", "wishes", "wished_role", "wished_fte", "can", "needs"]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What conversations add up to. people: employed; held: with an outcome that stands; this_year: of those, held in the year of `day`.

    wishes: wish, unit, role, groups, people; one cut per wish. targets: names (roles joined), people (who want to go
    there), leaving (who want to go from there; NaN for anybody but HR: a second cut of the same people would cross the first).
    capacity: names (departments joined), people (in tens for anybody but HR), fte they would like to work more. capacity_fte: over
    everybody, NaN when not told.
    told: wishes as totals over everybody, wish -> people (missing when fewer than `least`).
    """

    people: int
    held: int
    this_year: int
    wishes: pd.DataFrame
    targets: pd.DataFrame
    capacity: pd.DataFrame
    capacity_fte: float
    told: dict[str, int]
    least: int
    day: date


def said(viewer: Viewer, workspace: Workspace, day: date | None = None) -> Said:
    """Aggregates: HR sees every role, anybody else groups of at least ten people who said it. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    least = 1 if viewer.role in FULL_RIGHTS else rules(viewer, workspace).least_answers
    everybody = _everybody(viewer, workspace)
    spoken = everybody[everybody["held"].notna()]
    today = day or _latest(everybody)
    cut = _of_bundles(everybody) if "bundle" in everybody else everybody
    wishes = pd.concat([_per_group(viewer, cut, wish, least) for wish in WISHES if wish != "other_role"], ignore_index=True)
    targets = voices.wish_counts(spoken[spoken["wished_role"] != ""], "other_role", "wished_role", least)
    targets = _with_leaving(targets, spoken, least)
    counts = {wish: int(voices.has_wish(spoken["wishes"], wish).sum()) for wish in WISHES}
    capacity = voices.hidden_capacity(spoken, "unit", least)
    capacity = capacity[voices.within(capacity["names"], viewer.units)].reset_index(drop=True)
    if least > 1:  # of those who want more hours, less those who said how many, a few would be left
        capacity["people"] = [nearest(count, least) for count in capacity["people"]]
    whole = voices.hidden_capacity(spoken.assign(whole="all"), "whole", least)
    heads = [len(everybody), len(spoken), int((spoken["held"].dt.year == today.year).sum())]
    return Said(
        *(heads if least == 1 else [nearest(count, least) for count in heads]),
        wishes,
        targets,
        capacity,
        float(whole["fte"].iloc[0]) if len(whole) else float("nan"),
        {wish: count for wish, count in counts.items() if count >= least},
        least,
        today,
    )


def _everybody(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Own staff with what they said, a row each; for everybody but HR as it was last told."""
    if not from_copy(viewer):
        return workspace.store.voices.standing()
    state(viewer, workspace)
    return workspace.store.voices.told()


def _with_leaving(targets: pd.DataFrame, spoken: pd.DataFrame, least: int) -> pd.DataFrame:
    """Beside who wants to come, who wants to go, with roles that people only want to leave below them."""
    if least > 1:
        return targets.assign(leaving=float("nan"))
    going = spoken[spoken["wished_role"].ne("") & spoken["wished_role"].ne(spoken["role"])]["role"].value_counts()
    more = [((str(role),), 0) for role in sorted(going.index) if (role,) not in set(targets["names"])]
    rows = pd.concat([targets, pd.DataFrame(more, columns=targets.columns)], ignore_index=True) if more else targets
    return rows.assign(leaving=[float(sum(going.get(name, 0) for name in names)) for names in rows["names"]])


def _per_group(viewer: Viewer, everybody: pd.DataFrame, wish: str, least: int) -> pd.DataFrame:
    """wish, unit ("" several), roles (joined by " + "), groups, people: one cut of the whole firm per wish, of which a viewer sees
    whole groups of the own departments. For everybody but HR a group is whole bundles of those that are renewed together."""
    wanting = voices.has_wish(everybody["wishes"], wish) & everybody["held"].notna()
    groups = everybody.assign(location="", people=wanting.astype(float)).groupby(list(GROUP), as_index=False)["people"].sum()
    columns = ["wish", "unit", "role", "groups", "people"]
    if groups["people"].sum() < max(least, 1):
        return pd.DataFrame({name: [] for name in columns}).astype({"people": "int64", "groups": "int64"})
    atoms = make_atoms(groups, least)
    found = atoms.labels[chosen_atoms(atoms, groups, Scope(), viewer)]
    return found[found["people"] > 0].assign(wish=wish).astype({"people": "int64"})[columns]


def _of_bundles(rows: pd.DataFrame) -> pd.DataFrame:
    """With the names of a whole bundle in the place of the own ones: a department or roles, joined by " + "."""
    unit = rows.groupby("bundle")["unit"].agg(lambda names: names.iloc[0] if names.nunique() == 1 else "")
    role = rows.groupby("bundle")["role"].agg(lambda names: " + ".join(sorted(names.unique())))
    return rows.assign(unit=rows["bundle"].map(unit), role=rows["bundle"].map(role))


def rows(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Everybody employed with the outcome that stands, for HR: SHOWN, step, step_date, basis, purpose. Facts as told, no score or rank; the
    look is logged. Refusals: not_allowed, no_data."""
    require(viewer, Right.PERSONS)
    found = workspace.store.voices.standing()
    workspace.store.audit.append(viewer.who, "conversations_seen", rows=len(found))
    return found[[*SHOWN, "step", "step_date", "basis", "purpose"]].sort_values("employee_id", ignore_index=True)


def without(viewer: Viewer, workspace: Workspace, year: int, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Who had no conversation in a calendar year, for HR: employee_id, unit, role, held (the last one, NaT never). known: what `rows`
    gave, when it was asked already."""
    require(viewer, Right.PERSONS)
    found = rows(viewer, workspace) if known is None else known
    return found.loc[found["held"].isna() | (found["held"].dt.year < year), ["employee_id", "unit", "role", "held"]].reset_index(drop=True)


def year_of(viewer: Viewer, workspace: Workspace) -> int:
    """The year HR plans conversations in: this one, and for the sample firm the one it last spoke in, which never moves on."""
    require(viewer, Right.PERSONS)
    return _latest(workspace.store.voices.standing()).year if workspace.store.is_sample() else date.today().year


def record(viewer: Viewer, workspace: Workspace, employee_id: str, talk: Talk) -> None:
    """Keep the outcome of a conversation. Refusals: not_allowed, person_unknown, wish_unknown, basis_missing and
    purpose_missing (neither here nor set)."""
    require(viewer, Right.PERSONS)
    grounds = (talk.basis or basis(viewer, workspace), talk.purpose or purpose(viewer, workspace))
    workspace.store.voices.record(employee_id, _checked(talk, *grounds), viewer.who)


def own_skills(viewer: Viewer, workspace: Workspace, employee_id: str) -> pd.DataFrame:
    """What somebody sent about the own skills, for HR: skill, level, sent. Refusals: not_allowed, person_unknown."""
    require(viewer, Right.PERSONS)
    return workspace.store.voices.own_sent(employee_id)


def withdraw(viewer: Viewer, workspace: Workspace, employee_id: str) -> int:
    """Somebody takes back what was recorded: everything is deleted, nothing remembers it. Refusals: not_allowed, person_unknown."""
    require(viewer, Right.PERSONS)
    return workspace.store.voices.withdraw(employee_id, viewer.who)


def basis(viewer: Viewer, workspace: Workspace) -> str:
    """The legal basis on which the organisation keeps what is said in conversations; "" = not set yet."""
    require(viewer, Right.PERSONS)
    return workspace.store.settings().get(BASIS, "")


def purpose(viewer: Viewer, workspace: Workspace) -> str:
    """What the organisation holds conversations for; "" = not set yet."""
    require(viewer, Right.PERSONS)
    return workspace.store.settings().get(PURPOSE, "")


def set_grounds(viewer: Viewer, workspace: Workspace, purpose: str, basis: str) -> None:
    """Keep purpose and legal basis for the conversations to come; an empty one leaves what is set."""
    require(viewer, Right.PERSONS)
    for name, text in ((PURPOSE, purpose), (BASIS, basis)):
        if text.strip():
            workspace.store.set_setting(name, text.strip()[:200], viewer.who)


def links(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Personal links given out: employee_id, expires, revoked; never a token. Refusal not_allowed."""
    require(viewer, Right.PERSONS)
    return workspace.store.voices.links()


def new_link(viewer: Viewer, workspace: Workspace, employee_id: str, today: date | None = None, valid_days: int = LINK_DAYS) -> str:
    """A personal link's token, told once; earlier links of the same person stop working. Refusals: not_allowed, person_unknown."""
    require(viewer, Right.PERSONS)
    return workspace.store.voices.make_link(employee_id, (today or date.today()) + timedelta(days=valid_days), viewer.who)


def revoke(viewer: Viewer, workspace: Workspace, employee_id: str) -> int:
    """Close the links of a person. Refusals: not_allowed, person_unknown."""
    require(viewer, Right.PERSONS)
    return workspace.store.voices.revoke_links(employee_id, viewer.who)


def _checked(talk: Talk, basis_: str, purpose_: str) -> Talk:
    if not set(talk.wishes) <= set(WISHES):
        raise Refusal("wish_unknown")
    if not basis_.strip():
        raise Refusal("basis_missing")
    if not purpose_.strip():
        raise Refusal("purpose_missing")
    fte = talk.wished_fte
    if fte is not None and not 0 < fte <= 1.5:
        raise Refusal("wished_fte_out_of_range")
    wishes = tuple(dict.fromkeys([*talk.wishes, *(["other_role"] if talk.wished_role else [])]))
    return Talk(talk.held, wishes, talk.wished_role, fte, talk.can, talk.needs, talk.step, talk.step_date, basis_, purpose_)


def _latest(everybody: pd.DataFrame) -> date:
    """The year that is spoken about: that of the newest conversation, today when there is none."""
    newest = everybody["held"].max()
    return date.today() if pd.isna(newest) else newest.date()


def roles(viewer: Viewer, workspace: Workspace) -> tuple[str, ...]:
    """Roles somebody can wish for: those people have now. Refusals: not_allowed, no_data."""
    require(viewer, Right.PERSONS)
    return tuple(sorted({str(role) for role in workspace.store.voices.standing()["role"] if role}))
