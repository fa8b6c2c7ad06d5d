"""The copy of what people can, want and did from which everybody but HR is answered. Functions over one cursor.

It stands still between renewals (`analytics.told` says when one may come). Whoever takes something back or is erased leaves it at
once; the whole bundle is then silent until enough of its people changed, so that no difference is about that one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.told import OUTSIDE, Due, due, labelled
from analytics.workforce import GROUP
from store import own_skills, talks
from store.cohorts import pick
from store.frames import ask, days, first, given, number
from store.present import EMPLOYED
from store.renames import LIVE, final_groups

COPIED = ("told_skill", "told_wish", "told_course")
OF_A_PERSON = (*COPIED, "told_person")
TABLES = ("told_atom", *OF_A_PERSON)
THERE = """
    SELECT t.person, t.snapshot, t.atom, a.bundle FROM told_person t
    JOIN employment e USING (person, snapshot) JOIN told_atom a USING (atom)
"""
NOW = f"""
    WITH there AS ({THERE}), counted AS (SELECT atom, count(*) AS people FROM there GROUP BY atom)
    SELECT person, snapshot, atom, bundle FROM there WHERE bundle NOT IN (
        SELECT a.bundle FROM told_atom a LEFT JOIN counted c USING (atom) WHERE coalesce(c.people, 0) < a.people
    )
"""
"""Who is told of: everybody in the copy, but for bundles from which somebody was taken out."""
ROWS = {
    "told_skill": f"""SELECT person, skill, level::DOUBLE AS level, assessed::DATE AS assessed, coalesce(source, '') AS source,
        expiry::DATE AS expiry FROM ({own_skills.STANDING})""",
    "told_wish": f"""SELECT person, held, wishes, wished_role, wished_fte::DOUBLE AS wished_fte, willing_to_move FROM ({talks.SAID})""",
    "told_course": f"SELECT DISTINCT person, training, completed, expiry FROM training_done WHERE {LIVE}",
}
"""Per table of the copy what is known today."""


@dataclass(frozen=True, slots=True)
class Stand:
    """oldest, newest: days the copy was renewed on, None while nothing was ever told. people: told of; silent: people of whom
    nothing is told now, because somebody of their bundle took something back."""

    oldest: date | None
    newest: date | None
    people: int
    silent: int


def stand(cursor: duckdb.DuckDBPyConnection) -> Stand:
    days_ = first(cursor, "SELECT min(since), max(since) FROM told_atom")
    told = number(cursor, f"SELECT count(*) FROM ({NOW})")
    there = number(cursor, f"SELECT count(*) FROM ({THERE})")
    return Stand(*(days_ or (None, None)), told, there - told)


def stamp(cursor: duckdb.DuckDBPyConnection) -> str:
    """Changes whenever what the copy tells changes."""
    return "-".join(str(number(cursor, f"SELECT coalesce(bit_xor(hash(t)), 0) % 1000000007 FROM {name} t")) for name in TABLES)


def take_out(cursor: duckdb.DuckDBPyConnection, persons: Sequence[int], only_said: bool = False) -> None:
    """Nothing of these people stays in the copy. only_said: they take back what they said themselves; of whom nothing of that is in
    the copy stays as told."""
    said = """SELECT person FROM told_wish UNION ALL SELECT person FROM told_skill WHERE source = 'self'"""
    with given(cursor, going=pd.DataFrame({"person": np.array(list(persons), "int64")})):
        for table in ("told_person", *COPIED):
            only = f"AND person IN ({said})" if only_said and table == "told_person" else ""
            gone = "AND person NOT IN (SELECT person FROM told_person)" if table != "told_person" else ""
            cursor.execute(f"DELETE FROM {table} WHERE person IN (SELECT person FROM going) {only} {gone}")


def renew(cursor: duckdb.DuckDBPyConnection, cut: pd.DataFrame, k: int, least: int, day: date, write: bool) -> tuple[int, int]:
    """Tell anew what may be told anew. cut: GROUP columns and atom, of every group there is or was. write False: only look.

    Returns how many people would be or were told anew because of what changed, and how many wait."""
    snapshot, on = pick(cursor, None)
    live = _live(cursor, snapshot.number, on)
    told = _told(cursor)
    if not live["person"].isin(told["person"]).any():  # nothing was told yet, or of another organisation
        told = told.iloc[:0]
    known = told.loc[told["place_known"], [*GROUP, "atom", "bundle"]].drop_duplicates()
    gone = {atom: count for atom, count in _gone(cursor).items() if atom in set(known["atom"])}
    live_cut = live.merge(cut, on=list(GROUP), how="left")
    labels, other_cut = labelled(cut, known, live_cut.groupby("atom")["person"].size(), least)
    count = int(labels["atom"].max()) + 1
    bundle = np.zeros(count, int)
    bundle[labels["atom"].to_numpy(int)] = labels["bundle"].to_numpy(int)
    if other_cut and len(told):
        told, gone = _moved_over(told, gone, labels)
    both = live.merge(labels[[*GROUP, "atom"]], on=list(GROUP), how="left").merge(
        told[["person", "atom", "print", "place_known"]], on="person", how="outer", suffixes=("", "_told")
    )
    new, old = (both[name].fillna(OUTSIDE).to_numpy(int) for name in ("atom", "atom_told"))
    here = (new != OUTSIDE) & (old != OUTSIDE)
    lost = (old != OUTSIDE) & (both["place_known"] != True).to_numpy()  # noqa: E712  # their snapshot is no more
    changed = here & ((both["print"] != both["print_told"]).to_numpy() | (lost & (new != old)))
    missing = np.array([gone.get(atom, 0) for atom in range(count)], float)
    np.subtract.at(missing, old[lost], 1)  # they have a row of their own here
    first_time = not len(told)
    found = (
        Due(new != OUTSIDE, old != OUTSIDE, np.zeros(len(both), bool), 0)
        if first_time
        else due(old, new, changed, np.maximum(missing, 0), bundle, k, least)
    )
    fresh = found.joins & (changed | (old == OUTSIDE) | (old != new)) | found.leaves & (new == OUTSIDE)
    if write and (fresh.any() or other_cut or (lost & (new == old)).any()):
        persons = both["person"].to_numpy("int64")
        kept = (old != OUTSIDE) & ~found.leaves
        stays = pd.DataFrame({"person": persons[kept], "atom": old[kept]})
        joins = pd.DataFrame({"person": persons[found.joins], "atom": new[found.joins]})
        renewed = np.unique(bundle[new[found.joins]]) if found.joins.any() else np.zeros(0, int)
        _write(cursor, stays, joins, persons[lost & (new == old)], labels, missing, set(renewed.tolist()), snapshot.number, day)
    return int(fresh.sum()), found.waiting


def _write(
    cursor: duckdb.DuckDBPyConnection, stays: pd.DataFrame, joins: pd.DataFrame, reread: np.ndarray, labels: pd.DataFrame,
    missing: np.ndarray, renewed: set[int], snapshot: int, day: date,
) -> None:  # fmt: skip
    """The copy after a renewal: who stays keeps rows and snapshot, who joins is read today."""
    past = ask(cursor, "SELECT atom, since FROM told_atom")
    since = dict(zip(past["atom"].tolist(), past["since"].tolist(), strict=True))
    with given(cursor, stays=stays, joins=joins, reread=pd.DataFrame({"person": reread})):
        cursor.execute("UPDATE told_person SET atom = s.atom FROM stays s WHERE s.person = told_person.person")
        cursor.execute("UPDATE told_person SET snapshot = ? WHERE person IN (SELECT person FROM reread)", [snapshot])
        cursor.execute("DELETE FROM told_person WHERE person NOT IN (SELECT person FROM stays)")
        for table in COPIED:
            cursor.execute(f"DELETE FROM {table} WHERE person NOT IN (SELECT person FROM stays)")
            cursor.execute(f"INSERT INTO {table} SELECT * FROM ({ROWS[table]}) WHERE person IN (SELECT person FROM joins) ORDER BY ALL")
        cursor.execute("INSERT INTO told_person SELECT person, atom, ? FROM joins ORDER BY person", [snapshot])
    atoms = labels[["atom", "bundle"]].drop_duplicates().sort_values("atom", ignore_index=True)
    counted = pd.concat([stays, joins])["atom"].value_counts()
    quiet = [0 if bundle in renewed else missing[atom] for atom, bundle in zip(atoms["atom"], atoms["bundle"], strict=True)]
    atoms["people"] = [int((counted.get(atom, 0) or 0) + more) for atom, more in zip(atoms["atom"], quiet, strict=True)]
    oldest = min(since.values(), default=day)
    atoms["since"] = [
        day if bundle in renewed else since.get(int(atom), oldest) for atom, bundle in zip(atoms["atom"], atoms["bundle"], strict=True)
    ]
    atoms["since"] = days(atoms, "since")
    cursor.execute("DELETE FROM told_atom")
    with given(cursor, atoms_in=atoms[atoms["people"] > 0]):
        cursor.execute("INSERT INTO told_atom SELECT atom, bundle, people, since::DATE FROM atoms_in")


def _live(cursor: duckdb.DuckDBPyConnection, snapshot: int, day: date) -> pd.DataFrame:
    """person, GROUP columns, print: own staff today, and a print of all that is known of each."""
    rows = ask(
        cursor,
        f"SELECT e.person, e.snapshot, e.grp FROM employment e WHERE e.snapshot = ? AND {EMPLOYED.format(day='?::DATE')}",
        [snapshot, day, day],
    )
    return _named(cursor, rows).merge(_prints(cursor, ROWS), on="person", how="left").fillna({"print": ""})


def _told(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """person, atom, bundle, place_known (their snapshot is still there), GROUP columns, print: as the copy has it."""
    rows = ask(
        cursor,
        """SELECT t.person, t.atom, a.bundle, t.snapshot, e.grp FROM told_person t JOIN told_atom a USING (atom)
        LEFT JOIN employment e USING (person, snapshot)""",
    )
    there = rows[rows["grp"].notna()].astype({"grp": "int64"})
    named = rows[["person", "atom", "bundle"]].merge(_named(cursor, there), on="person", how="left")
    named = named.assign(place_known=named["unit"].notna())
    kept = {table: f"SELECT * FROM {table}" for table in COPIED}
    return named.merge(_prints(cursor, kept), on="person", how="left").fillna({"print": ""})


def _named(cursor: duckdb.DuckDBPyConnection, rows: pd.DataFrame) -> pd.DataFrame:
    """person and GROUP columns under today's names. rows: person, snapshot, grp."""
    used = ask(cursor, "SELECT snapshot, as_of FROM snapshot")
    final, names = final_groups(cursor, used[used["snapshot"].isin(rows["snapshot"])])
    places = rows.merge(final, on=["snapshot", "grp"], how="left")["place"].to_numpy(int)
    table = np.array(names, dtype=object).reshape(-1, len(GROUP))[places]
    return pd.DataFrame(
        {"person": rows["person"].to_numpy("int64"), **{key: pd.Series(table[:, at], dtype="str") for at, key in enumerate(GROUP)}}
    )


def _prints(cursor: duckdb.DuckDBPyConnection, rows: dict[str, str]) -> pd.DataFrame:
    """person, print: the same for the same rows in any order."""
    parts = " UNION ALL ".join(f"SELECT t.person, hash('{table}', t)::HUGEINT AS part FROM ({sql}) t" for table, sql in rows.items())
    return ask(cursor, f"SELECT person, sum(part)::VARCHAR AS print FROM ({parts}) GROUP BY person")


def _gone(cursor: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Per atom how many of whom the copy told are not there any more."""
    rows = ask(
        cursor,
        f"""WITH there AS ({THERE}) SELECT a.atom, (a.people - coalesce(c.people, 0))::INTEGER AS gone FROM told_atom a
        LEFT JOIN (SELECT atom, count(*) AS people FROM there GROUP BY atom) c USING (atom)""",
    )
    return {int(atom): int(gone) for atom, gone in zip(rows["atom"], rows["gone"], strict=True)}


def _moved_over(told: pd.DataFrame, gone: dict[int, int], labels: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, int]]:
    """The same people under the atoms of another cut. Who was taken out of an atom is missed in every one it was divided over."""
    named = told.merge(labels[[*GROUP, "atom"]], on=list(GROUP), how="left", suffixes=("_before", ""))
    missed: dict[int, int] = {}
    for before, after in named[["atom_before", "atom"]].dropna().drop_duplicates().itertuples(index=False):
        if gone.get(int(before), 0):
            missed[int(after)] = missed.get(int(after), 0) + gone[int(before)]
    return named, missed


# out


def standing(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Everybody told of: bundle, GROUP columns, fte, held (NaT: no conversation), wishes, wished_role, wished_fte. Refusal no_data."""
    pick(cursor, None)
    rows = ask(
        cursor,
        f"""SELECT n.person, n.bundle, n.snapshot, e.grp, coalesce(e.fte, 1.0)::DOUBLE AS fte, w.held, coalesce(w.wishes, '') AS wishes,
            coalesce(w.wished_role, '') AS wished_role, w.wished_fte
        FROM ({NOW}) n JOIN employment e USING (person, snapshot) LEFT JOIN told_wish w USING (person) ORDER BY hash(n.person)""",
    )
    groups = _named(cursor, rows)
    said = rows.drop(columns=["person", "snapshot", "grp"]).astype({"bundle": "int64"})
    return groups.drop(columns="person").join(said)


def learning(cursor: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """As `talks.learning`, of everybody told of and as on the day of the file they were told from. Refusal no_data."""
    pick(cursor, None)
    rows = ask(
        cursor,
        f"""SELECT n.person, n.snapshot, e.grp, s.as_of FROM ({NOW}) n JOIN employment e USING (person, snapshot)
        JOIN snapshot s USING (snapshot)""",
    )
    staff = _named(cursor, rows).assign(as_of=rows["as_of"])[["person", "unit", "as_of"]]
    with given(cursor, told_staff=staff):
        offers = "SELECT training, max(hours) AS hours, max(price) AS price FROM training GROUP BY training"
        taken = ask(
            cursor,
            f"""SELECT DISTINCT s.person, s.unit, d.training, coalesce(t.hours, 0.0)::DOUBLE AS hours,
                coalesce(t.price, 0.0)::DOUBLE AS price
            FROM told_course d JOIN told_staff s USING (person) LEFT JOIN ({offers}) t USING (training)
            WHERE d.completed > s.as_of::DATE - INTERVAL 1 YEAR AND d.completed <= s.as_of::DATE""",
        )
        ending = ask(
            cursor,
            """SELECT DISTINCT s.person, s.unit, r.skill FROM told_skill r JOIN told_staff s USING (person)
            WHERE r.expiry > s.as_of::DATE AND r.expiry <= s.as_of::DATE + INTERVAL 1 YEAR""",
        )
    return staff[["person", "unit"]], taken, ending
