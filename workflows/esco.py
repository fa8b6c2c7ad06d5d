"""Skills of the firm linked to ESCO: proposed by title, counted only once a person confirmed it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd
from rapidfuzz import fuzz, process

from analytics.errors import Refusal
from analytics.esco import concepts, esco_title
from analytics.release import Viewer
from analytics.skills.gaps import folded
from workflows.abilities import abilities
from workflows.access import Right, require
from workflows.workspace import Workspace

ESCO = "esco"
PROPOSE_FROM = 75
"""Likeness (0-100) of a skill and the words of a concept from which it is proposed at all."""


def chosen(viewer: Viewer, workspace: Workspace) -> dict[str, str]:
    """Skill -> address of the ESCO concept that somebody confirmed. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    body = workspace.store.own_figures(ESCO)
    return {str(skill): str(uri) for skill, uri in json.loads(body).items()} if body else {}


def titles(viewer: Viewer, workspace: Workspace, language: str) -> dict[str, str]:
    """Skill -> title of its confirmed concept. Refusal not_allowed."""
    return {skill: esco_title(uri, language) or uri for skill, uri in chosen(viewer, workspace).items()}


def proposals(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Every skill of the firm: skill, uri (confirmed, else the nearest, else ""), confirmed (bool), likeness (0-100, of what is
    proposed; 0 nothing is near enough). Proposals: a person confirms. Refusals: not_allowed, no_data."""
    require(viewer, Right.DEMAND)
    names = sorted(abilities(viewer, workspace).base.skills["skill"].astype(str), key=str.casefold)
    sure, table = chosen(viewer, workspace), concepts()
    words = [_plain(text) for text in table["words"]]
    rows = []
    for name in names:
        if name in sure:
            rows.append((name, sure[name], True, 100))
            continue
        found = process.extractOne(_plain(name), words, scorer=fuzz.token_set_ratio, score_cutoff=PROPOSE_FROM)
        rows.append((name, table["uri"].iloc[found[2]], False, round(found[1])) if found else (name, "", False, 0))
    return pd.DataFrame(rows, columns=["skill", "uri", "confirmed", "likeness"])


def _plain(text: str) -> str:
    return folded(text.replace("-", " "))


def options(viewer: Viewer, workspace: Workspace, language: str) -> dict[str, str]:
    """Address -> title of every concept that can be chosen, by title. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    table = concepts()
    column = "title_nl" if language == "nl" else "title_en"
    rows = table.assign(title=table[column]).sort_values("title", key=lambda names: names.str.casefold())
    return dict(zip(rows["uri"], rows["title"], strict=True))


def confirm(viewer: Viewer, workspace: Workspace, links: Mapping[str, str]) -> int:
    """Save the links as they now stand, skill -> address; a skill left out has none. Returns how many.

    Refusals: not_allowed, unknown_skill, esco_unknown.
    """
    require(viewer, Right.DEMAND)
    known = set(abilities(viewer, workspace).base.skills["skill"].astype(str))
    strange = sorted(skill for skill in links if skill not in known)
    if strange:
        raise Refusal("unknown_skill", names=[skill[:60] for skill in strange[:5]], n=len(strange))
    for uri in links.values():
        if esco_title(uri) is None:
            raise Refusal("esco_unknown", name=uri[:80])
    gone = {skill: uri for skill, uri in chosen(viewer, workspace).items() if skill not in known}  # a list read in later may bring it back
    workspace.store.set_own_figures(ESCO, json.dumps(gone | dict(links), ensure_ascii=False, sort_keys=True), viewer.who)
    return len(links)


def undo(viewer: Viewer, workspace: Workspace) -> None:
    """Take back the newest edit. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    workspace.store.undo_own_figures(ESCO, viewer.who)
