"""Ideas, needless controls, the pulse and the self-scan: what an organisation says about itself. Functions over one cursor."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store.frames import ask, first, given, number

BOARD_TABLES = (
    "project_group",
    "idea",
    "idea_support",
    "control",
    "pulse_round",
    "pulse_count",
    "work_ability",
    "scan",
    "scan_step",
    "challenge",
)
"""Typed beside the files; they go with the sample firm when real data come."""
LONGEST = 2000
"""Characters of a text that somebody types."""


def monday(day: date) -> date:
    """The week of a day: the only moment that is kept of an idea."""
    return day - timedelta(days=day.weekday())


# ideas


def ideas(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """idea, title, body, theme, about, week, author ("" = anonymous), status, owner, lever, amount, realised, project (NaN none),
    supports; in the order of the random ids, which says nothing about when they came."""
    return ask(
        cursor,
        """SELECT i.*, count(s.mark)::INTEGER AS supports FROM idea i LEFT JOIN idea_support s USING (idea)
        GROUP BY ALL ORDER BY i.idea""",
    )


def add_idea(cursor: duckdb.DuckDBPyConnection, title: str, body: str, theme: str, about: str, author: str, today: date) -> str:
    """Keep an idea and write the whole table anew in the order of the random ids, so that a row's place tells nothing."""
    if not title.strip():
        raise Refusal("idea_title_missing")
    made = secrets.token_hex(8)
    cursor.execute(
        "INSERT INTO idea VALUES (?, ?, ?, ?, ?, ?, ?, 'new', '', '', NULL, '', NULL)",
        [made, title.strip()[:120], body.strip()[:LONGEST], theme, about[:120], monday(today), author],
    )
    cursor.execute("CREATE OR REPLACE TEMP TABLE shuffled AS SELECT * FROM idea ORDER BY idea")
    cursor.execute("DELETE FROM idea")
    cursor.execute("INSERT INTO idea SELECT * FROM shuffled ORDER BY idea")
    cursor.execute("DROP TABLE shuffled")
    return made


def change_idea(cursor: duckdb.DuckDBPyConnection, idea: str, changes: Mapping[str, Any]) -> None:
    """Set status, owner, lever, amount, realised, about or project. Refusal idea_unknown."""
    if first(cursor, "SELECT 1 FROM idea WHERE idea = ?", [idea]) is None:
        raise Refusal("idea_unknown")
    for name in ("status", "owner", "lever", "amount", "realised", "about", "project"):
        if name in changes:
            cursor.execute(f"UPDATE idea SET {name} = ? WHERE idea = ?", [changes[name], idea])


def toggle_support(cursor: duckdb.DuckDBPyConnection, idea: str, mark: str) -> bool:
    """Give or take back support; True when it stands now. mark: a keyed hash, so that the table names nobody."""
    if first(cursor, "SELECT 1 FROM idea WHERE idea = ?", [idea]) is None:
        raise Refusal("idea_unknown")
    here = number(cursor, "SELECT count(*) FROM idea_support WHERE idea = ? AND mark = ?", [idea, mark])
    if here:
        cursor.execute("DELETE FROM idea_support WHERE idea = ? AND mark = ?", [idea, mark])
    else:
        cursor.execute("INSERT INTO idea_support VALUES (?, ?)", [idea, mark])
    return not here


# controls and rules


def controls(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return ask(cursor, "SELECT * FROM control ORDER BY control")


def add_control(cursor: duckdb.DuckDBPyConnection, title: str, why: str, unit: str, hours: float, owner: str) -> int:
    if not title.strip():
        raise Refusal("control_title_missing")
    if not 0 <= hours <= 40:
        raise Refusal("control_hours")
    made = number(cursor, "SELECT max(control) FROM control") + 1
    values = [made, title.strip()[:120], why.strip()[:LONGEST], unit, hours, owner[:80]]
    cursor.execute("INSERT INTO control VALUES (?, ?, ?, ?, ?, 'open', NULL, '', ?)", values)
    return made


def decide_control(cursor: duckdb.DuckDBPyConnection, control: int, decision: str, reason: str, today: date) -> None:
    """decision: open, removed or kept. Refusal control_unknown."""
    if first(cursor, "SELECT 1 FROM control WHERE control = ?", [control]) is None:
        raise Refusal("control_unknown")
    decided = None if decision == "open" else today
    cursor.execute(
        "UPDATE control SET decision = ?, decided = ?, reason = ? WHERE control = ?", [decision, decided, reason.strip()[:LONGEST], control]
    )


# pulse


def rounds(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """round, name, opened, closed, tickets (given out and not used); newest last."""
    return ask(
        cursor,
        """SELECT r.*, (SELECT count(*) FROM link l WHERE l.kind = 'pulse' AND l.round = r.round)::INTEGER AS tickets
        FROM pulse_round r ORDER BY r.opened, r.round""",
    )


def open_round(cursor: duckdb.DuckDBPyConnection, name: str, today: date, closed: bool = False) -> int:
    if not name.strip():
        raise Refusal("round_name_missing")
    made = number(cursor, "SELECT max(round) FROM pulse_round") + 1
    cursor.execute("INSERT INTO pulse_round VALUES (?, ?, ?, ?)", [made, name.strip()[:80], today, closed])
    return made


def close_round(cursor: duckdb.DuckDBPyConnection, pulse: int) -> None:
    """No answer comes in after this; only then are results told, so that nobody can watch them grow by one."""
    cursor.execute("UPDATE pulse_round SET closed = true WHERE round = ?", [pulse])
    cursor.execute("DELETE FROM link WHERE kind = 'pulse' AND round = ?", [pulse])


def count_answers(cursor: duckdb.DuckDBPyConnection, pulse: int, counts: pd.DataFrame) -> None:
    """Add counts (team, question, score, answers) to those of a round; the table stays in alphabetical order."""
    with given(cursor, counts_in=counts):
        cursor.execute(
            """CREATE OR REPLACE TEMP TABLE together AS SELECT round, team, question, score, sum(answers)::INTEGER AS answers FROM (
                SELECT round, team, question, score, answers FROM pulse_count
                UNION ALL SELECT ?::INTEGER, team, question, score::SMALLINT, answers FROM counts_in
            ) GROUP BY ALL""",
            [pulse],
        )
    cursor.execute("DELETE FROM pulse_count")
    cursor.execute("INSERT INTO pulse_count SELECT * FROM together ORDER BY ALL")
    cursor.execute("DROP TABLE together")


def pulse_counts(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """round, name, opened, team, question, score, answers of closed rounds."""
    return ask(
        cursor,
        """SELECT r.round, r.name, r.opened, c.team, c.question, c.score, c.answers FROM pulse_count c JOIN pulse_round r USING (round)
        WHERE r.closed ORDER BY r.opened, r.round, c.team, c.question, c.score""",
    )


def set_abilities(cursor: duckdb.DuckDBPyConnection, pulse: int, bands: pd.DataFrame) -> None:
    """Replace the work-ability bands of a round: team, band, people."""
    cursor.execute("DELETE FROM work_ability WHERE round = ?", [pulse])
    with given(cursor, bands_in=bands):
        cursor.execute("INSERT INTO work_ability SELECT ?, team, band, people FROM bands_in ORDER BY team, band", [pulse])


def abilities(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return ask(cursor, "SELECT r.round, r.name, r.opened, w.team, w.band, w.people FROM work_ability w JOIN pulse_round r USING (round)")


# self-scan


def scans(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """scan, held, step, stage, note; oldest first."""
    return ask(cursor, "SELECT s.scan, s.held, p.step, p.stage, p.note FROM scan s JOIN scan_step p USING (scan) ORDER BY s.held, s.scan")


def save_scan(cursor: duckdb.DuckDBPyConnection, steps: Sequence[tuple[str, int, str]], who: str, today: date) -> int:
    made = number(cursor, "SELECT max(scan) FROM scan") + 1
    cursor.execute("INSERT INTO scan VALUES (?, ?, ?)", [made, today, who])
    cursor.executemany("INSERT INTO scan_step VALUES (?, ?, ?, ?)", [[made, step, stage, note[:LONGEST]] for step, stage, note in steps])
    return made


def challenges(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return ask(cursor, "SELECT * FROM challenge ORDER BY challenge")


def add_challenge(cursor: duckdb.DuckDBPyConnection, title: str, kind: str, target: str, today: date) -> int:
    if not title.strip():
        raise Refusal("challenge_title_missing")
    made = number(cursor, "SELECT max(challenge) FROM challenge") + 1
    cursor.execute("INSERT INTO challenge VALUES (?, ?, ?, ?, ?, false)", [made, title.strip()[:120], kind, target[:120], today])
    return made


def close_challenge(cursor: duckdb.DuckDBPyConnection, challenge: int) -> None:
    cursor.execute("UPDATE challenge SET closed = true WHERE challenge = ?", [challenge])
