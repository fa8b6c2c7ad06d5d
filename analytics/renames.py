"""A department or role that got another name between two uploads, was split, or merged: the people stayed, the name changed."""

from __future__ import annotations

import pandas as pd

MOST = 0.8
"""Share of the people that must have gone along for a change of name to be proposed."""
AT_LEAST = 3


def find_renames(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare two snapshots given as frames of (person, unit, role).

    Returns one row per likely change: level ("unit" | "role"), change ("rename" | "merge" | "split" | "split_off": the old
    name goes on and a part of it got a name of its own), old, new, people (who went along), share (of the people of the old
    name who are still there). A name that still exists on the other
    side is never called renamed: those people moved. To be confirmed by a person.
    """
    found = []
    for level in ("unit", "role"):
        found += _of_level(level, before, after)
    return pd.DataFrame(found, columns=["level", "change", "old", "new", "people", "share"])


def _of_level(level: str, before: pd.DataFrame, after: pd.DataFrame) -> list[dict]:
    left = before[["person", level]].drop_duplicates("person")
    both = left.merge(after[["person", level]].drop_duplicates("person"), on="person", suffixes=("_old", "_new"))
    both = both[(both[f"{level}_old"] != "") & (both[f"{level}_new"] != "")]
    old_names, new_names = set(before[level]), set(after[level])
    vanished, appeared = old_names - new_names, new_names - old_names
    flows = both.groupby([f"{level}_old", f"{level}_new"]).size().rename("people").reset_index()
    flows.columns = ["old", "new", "people"]
    stayed = flows.groupby("old")["people"].sum()
    result: list[dict] = []
    for old in sorted(vanished):
        part = flows[(flows["old"] == old) & (flows["people"] >= AT_LEAST)].sort_values("people", ascending=False)
        total = int(stayed.get(old, 0))
        if part.empty or total < AT_LEAST:
            continue
        main = part.iloc[0]
        fresh = part[part["new"].isin(appeared)]
        if main["people"] >= MOST * total:
            change = "merge" if _joins_others(flows, main["new"], old, vanished, appeared) else "rename"
            result.append(_row(level, change, old, main["new"], int(main["people"]), total))
        elif len(fresh) >= 2 and fresh["people"].sum() >= MOST * total:
            result += [_row(level, "split", old, row.new, int(row.people), total) for row in fresh.itertuples()]
    return result + _partial_splits(level, flows, stayed, vanished, appeared)


def _joins_others(flows: pd.DataFrame, new: str, old: str, vanished: set[str], appeared: set[str]) -> bool:
    """The new name took in a second vanished name, or existed before."""
    others = flows[(flows["new"] == new) & (flows["old"] != old) & (flows["people"] >= AT_LEAST)]
    return bool(others["old"].isin(vanished).any()) or new not in appeared


def _partial_splits(level: str, flows: pd.DataFrame, stayed: pd.Series, vanished: set[str], appeared: set[str]) -> list[dict]:
    """A name that stays but gave most of the people of a new one: part of it was split off."""
    result = []
    for new in sorted(appeared):
        part = flows[flows["new"] == new].sort_values("people", ascending=False)
        if part.empty or part.iloc[0]["old"] in vanished or part["people"].sum() < AT_LEAST:
            continue
        main = part.iloc[0]
        if main["people"] >= MOST * part["people"].sum() and main["people"] >= max(AT_LEAST, 0.2 * stayed.get(main["old"], 0)):
            result.append(_row(level, "split_off", main["old"], new, int(main["people"]), int(stayed.get(main["old"], 0))))
    return result


def _row(level: str, change: str, old: str, new: str, people: int, total: int) -> dict:
    return {"level": level, "change": change, "old": old, "new": new, "people": people, "share": people / total if total else 0.0}
