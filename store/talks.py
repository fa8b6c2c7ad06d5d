"""Conversations and links: rows about one person, and the way in for somebody without an account. Functions over one cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store.cohorts import pick
from store.frames import ask, days, first, given, number, numbers, text
from store.keys import Keys
from store.present import EMPLOYED

STANDING = """SELECT * FROM conversation QUALIFY row_number() OVER (PARTITION BY person ORDER BY held DESC, conversation DESC) = 1"""
"""The newest outcome of everybody: an older wish is replaced, a withdrawn one is gone."""
SAID = f"""
    SELECT c.person, c.held, c.wishes, c.wished_role, c.wished_fte, coalesce(w.willing_to_move, '') AS willing_to_move
    FROM ({STANDING}) c LEFT JOIN (
        SELECT * FROM wish QUALIFY row_number() OVER (PARTITION BY person ORDER BY import_no DESC) = 1
    ) w USING (person)
"""
"""What of it is counted: wishes come from the newest conversation of everybody, so that a wish counts exactly as long as it stands; only
the willingness to move comes from the newest line of a file."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The outcome of one conversation. wishes: codes of `analytics.voices.WISHES`; wished_fte: None unknown; step_date: None open."""

    held: date
    wishes: tuple[str, ...] = ()
    wished_role: str = ""
    wished_fte: float | None = None
    can: str = ""
    needs: str = ""
    step: str = ""
    step_date: date | None = None
    basis: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An open link: own (person), pulse (round, team) or idea."""

    link: int
    kind: str
    person: int | None
    round: int | None
    team: str
    expires: date


def add_talk(cursor: duckdb.DuckDBPyConnection, person: int, talk: Talk, source: str, import_no: int | None = None) -> int:
    made = number(cursor, "SELECT max(conversation) FROM conversation") + 1
    values = [made, person, talk.held, source, import_no, ",".join(talk.wishes), talk.wished_role[:120], talk.wished_fte]
    values += [talk.can[:2000], talk.needs[:2000], talk.step[:2000], talk.step_date, talk.basis[:200], talk.purpose[:200]]
    cursor.execute("INSERT INTO conversation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return made


FLAGS = {name: name for name in ("deepen", "other_direction", "more_hours", "fewer_hours", "teach")} | {"outside_firm": "outside"}
"""Columns of a sheet of conversations that are a wish by themselves, and its code."""


def add_file(cursor: duckdb.DuckDBPyConnection, keys: Keys, sheet: pd.DataFrame | None, import_no: int) -> int:
    """Conversations of a sheet (intake's wishes) about people the database knows; returns how many. Without a day: today."""
    if sheet is None or sheet.empty:
        return 0
    said = {name: text(sheet, name) for name in (*FLAGS, "stop_timing", "wished_role", "can", "needs", "agreed_step", "basis", "purpose")}
    wishes = [
        ",".join(
            [*(code for name, code in FLAGS.items() if said[name].iloc[at] == "yes"), *(name for name, there in more.items() if there)]
        )
        for at, more in enumerate(_more_wishes(said))
    ]
    held = days(sheet, "wish_date").fillna(pd.Timestamp(date.today()))
    rows = pd.DataFrame(
        {
            "key": pd.Series(keys.keys(text(sheet, "employee_id").tolist()), dtype="str"),
            "held": held.reset_index(drop=True),
            "wishes": pd.Series(wishes, dtype="str"),
            **{name: said[name].reset_index(drop=True) for name in ("wished_role", "can", "needs", "agreed_step", "basis", "purpose")},
            "wished_fte": numbers(sheet, "wished_fte").reset_index(drop=True),
            "step_date": days(sheet, "agreed_date").reset_index(drop=True),
        }
    )
    before = number(cursor, "SELECT count(*) FROM conversation")
    with given(cursor, talks_in=rows):
        cursor.execute(
            """INSERT INTO conversation
            SELECT coalesce((SELECT max(conversation) FROM conversation), 0) + row_number() OVER (ORDER BY p.person),
            p.person, t.held::DATE, 'file', ?, t.wishes, t.wished_role,
            CASE WHEN isnan(t.wished_fte) THEN NULL ELSE t.wished_fte END,
            t.can, t.needs, t.agreed_step, t.step_date::DATE, t.basis, t.purpose FROM talks_in t JOIN person p USING (key)""",
            [import_no],
        )
    return number(cursor, "SELECT count(*) FROM conversation") - before


def _more_wishes(said: dict[str, pd.Series]) -> Iterator[dict[str, bool]]:
    """Wishes that other columns imply, per row."""
    for role, timing in zip(said["wished_role"], said["stop_timing"], strict=True):
        yield {"other_role": role != "", "earlier": timing == "earlier", "later": timing == "later"}


def withdraw(cursor: duckdb.DuckDBPyConnection, person: int) -> int:
    """Delete every conversation of a person, the lines of files they came from, and what was filled in on the own page; returns how
    many conversations and skills."""
    told = ("conversation", "own_skill")
    gone = sum(number(cursor, f"SELECT count(*) FROM {table} WHERE person = ?", [person]) for table in told)
    for table in (*told, "wish"):
        cursor.execute(f"DELETE FROM {table} WHERE person = ?", [person])
    return gone


def wishes(cursor: duckdb.DuckDBPyConnection, said: str = SAID) -> pd.DataFrame:
    """The wishes that stand, for the plan: person, wished_role, wished_fte, each answer ("yes" or ""), stop_timing, wish_date.

    said: what gives the columns of SAID."""
    flags = ", ".join(
        f"CASE WHEN list_contains(string_split(c.wishes, ','), '{code}') THEN 'yes' ELSE '' END AS {name}" for name, code in FLAGS.items()
    )
    timing = " ".join(f"WHEN list_contains(string_split(c.wishes, ','), '{code}') THEN '{code}'" for code in ("earlier", "later"))
    return ask(
        cursor,
        f"""SELECT c.person, c.wished_role, c.wished_fte::DOUBLE AS wished_fte, {flags}, c.willing_to_move,
            CASE {timing} ELSE '' END AS stop_timing, c.held AS wish_date
        FROM ({said}) c ORDER BY hash(c.person)""",
    )


def standing(cursor: duckdb.DuckDBPyConnection, as_of: date | None = None) -> pd.DataFrame:
    """Everybody employed, with the outcome that stands: key, person, location, unit, role, fte, held (NaT: none), source, wishes,
    wished_role, wished_fte, can, needs, step, step_date, basis, purpose."""
    snapshot, day = pick(cursor, as_of)
    return ask(
        cursor,
        f"""SELECT p.key, e.person, g.location, g.unit, g.role, coalesce(e.fte, 1.0) AS fte, c.held, coalesce(c.source, '') AS source,
            coalesce(c.wishes, '') AS wishes, coalesce(c.wished_role, '') AS wished_role, c.wished_fte, coalesce(c.can, '') AS can,
            coalesce(c.needs, '') AS needs, coalesce(c.step, '') AS step, c.step_date, coalesce(c.basis, '') AS basis,
            coalesce(c.purpose, '') AS purpose
        FROM employment e JOIN person p USING (person) JOIN staff_group g USING (grp) LEFT JOIN ({STANDING}) c USING (person)
        WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day")} ORDER BY g.unit, g.role, p.key""",
        {"snapshot": snapshot.number, "day": day},
    )


def person_of(cursor: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> int:
    """The number of the one person with one of these keys. Refusal person_unknown."""
    with given(cursor, keys_in=pd.DataFrame({"key": pd.Series(list(keys), dtype="str")})):
        found = first(cursor, "SELECT person FROM person JOIN keys_in USING (key)")
    if found is None:
        raise Refusal("person_unknown")
    return int(found[0])


def learning(cursor: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Own staff (person, unit); courses they took in the twelve months before the reference date (person, unit, training, hours,
    price); certificates that end within a year after it (person, unit, skill)."""
    snapshot, day = pick(cursor, None)
    values = {"snapshot": snapshot.number, "day": day}
    staff = f"""SELECT e.person, g.unit FROM employment e JOIN staff_group g USING (grp)
        WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day")}"""
    offers = "SELECT training, max(hours) AS hours, max(price) AS price FROM training GROUP BY training"
    taken = f"""SELECT DISTINCT s.person, s.unit, d.training, coalesce(t.hours, 0.0)::DOUBLE AS hours,
            coalesce(t.price, 0.0)::DOUBLE AS price
        FROM training_done d JOIN ({staff}) s USING (person) LEFT JOIN ({offers}) t USING (training)
        WHERE d.completed > $day - INTERVAL 1 YEAR AND d.completed <= $day"""
    ending = f"""SELECT DISTINCT s.person, s.unit, r.skill FROM skill_record r JOIN ({staff}) s USING (person)
        WHERE r.expiry > $day AND r.expiry <= $day + INTERVAL 1 YEAR"""
    return ask(cursor, staff, values), ask(cursor, taken, values), ask(cursor, ending, values)


# links


def add_links(cursor: duckdb.DuckDBPyConnection, hashes: Sequence[str], kind: str, expires: date, target: Link | None = None) -> None:
    """Keep the hashes of new tokens. target: whose link it is (person) or which round and team. In the order of the hashes."""
    start = number(cursor, "SELECT max(link) FROM link")
    person, pulse, team = (target.person, target.round, target.team) if target else (None, None, "")
    rows = [[start + place, made, kind, person, pulse, team, expires, False] for place, made in enumerate(sorted(hashes), start=1)]
    cursor.executemany("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def find_link(cursor: duckdb.DuckDBPyConnection, made: str, today: date) -> Link:
    """The open link with this hash. Refusal link_invalid: unknown, revoked or past its day, one answer for all three."""
    row = first(
        cursor, "SELECT link, kind, person, round, team, expires FROM link WHERE hash = ? AND NOT revoked AND expires >= ?", [made, today]
    )
    if row is None:
        raise Refusal("link_invalid")
    return Link(*row)


def use_up(cursor: duckdb.DuckDBPyConnection, link: int) -> None:
    """A ticket that was used leaves no trace of when or by whom."""
    cursor.execute("DELETE FROM link WHERE link = ?", [link])


def revoke(cursor: duckdb.DuckDBPyConnection, person: int) -> int:
    """Close all links of a person; returns how many were open."""
    open_ = number(cursor, "SELECT count(*) FROM link WHERE person = ? AND NOT revoked", [person])
    cursor.execute("UPDATE link SET revoked = true WHERE person = ?", [person])
    return open_


def links_of_people(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """key, expires, revoked of every personal link; no hash leaves the store."""
    return ask(
        cursor, "SELECT p.key, l.expires, l.revoked FROM link l JOIN person p USING (person) WHERE l.kind = 'own' ORDER BY l.expires DESC"
    )
