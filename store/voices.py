"""What people say, behind one door: conversations, links, ideas, controls, pulse and self-scan of an open database.

The log tells who did what, except where anonymity was promised: an anonymous idea, an answer and a form that came in by a link
write no line, because its second would name the moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store import board, groups, own_skills, talks, told
from store.frames import first
from store.talks import Link, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.store import Store

TOKEN_BYTES = 32


class Voices:
    """One object per store; every method is one transaction."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.store.database.read() as cursor:
            yield cursor

    @contextmanager
    def _writing(self, who: str | None, action: str, **details: Any) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction with its line in the log; who None: none at all."""
        with self.store.database.write() as cursor:
            yield cursor
        if who is not None:
            self.store.audit.done(who, action, **details)
        self.store.renew_copy()

    # conversations

    def standing(self) -> pd.DataFrame:
        """See `talks.standing`, with employee_id ("" where the re-link file does not know it). Refusal no_data."""
        with self._reading() as cursor:
            found = talks.standing(cursor)
        known = self.store.keys.employee_ids()
        return found.assign(employee_id=pd.Series([known.get(key, "") for key in found["key"].tolist()], dtype="str", index=found.index))

    def record(self, employee_id: str, talk: Talk, who: str) -> None:
        """Refusal person_unknown."""
        with self._writing(who, "conversation_recorded") as cursor:
            talks.add_talk(cursor, self._person(cursor, employee_id), talk, "hr")

    def withdraw(self, employee_id: str, who: str) -> int:
        """Delete all that somebody said in conversations, and rewrite the file so that nothing is left in unused blocks."""
        with self._writing(who, "conversation_withdrawn") as cursor:
            person = self._person(cursor, employee_id)
            gone = talks.withdraw(cursor, person)
            told.take_out(cursor, [person], only_said=True)
        self.store.rewrite()
        return gone

    def told(self) -> pd.DataFrame:
        """See `told.standing`: for everybody but HR. Refusal no_data."""
        with self._reading() as cursor:
            return told.standing(cursor) if self.store.tells else talks.standing(cursor)

    def learning(self, as_told: bool = False) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """See `talks.learning`; as_told: `told.learning`, for everybody but HR. Refusal no_data."""
        with self._reading() as cursor:
            return told.learning(cursor) if as_told and self.store.tells else talks.learning(cursor)

    # personal links

    def make_link(self, employee_id: str, expires: date, who: str) -> str:
        """The token of a new personal link; earlier ones of the same person are closed. Refusal person_unknown."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._writing(who, "link_made") as cursor:
            person = self._person(cursor, employee_id)
            talks.revoke(cursor, person)
            talks.add_links(cursor, [self._hash("own", token)], "own", expires, Link(0, "own", person, None, "", expires))
        return token

    def revoke_links(self, employee_id: str, who: str) -> int:
        with self._writing(who, "link_revoked") as cursor:
            return talks.revoke(cursor, self._person(cursor, employee_id))

    def links(self) -> pd.DataFrame:
        """employee_id, expires, revoked."""
        with self._reading() as cursor:
            found = talks.links_of_people(cursor)
        known = self.store.keys.employee_ids()
        found["employee_id"] = pd.Series([known.get(key, "") for key in found["key"].tolist()], dtype="str", index=found.index)
        return found[["employee_id", "expires", "revoked"]]

    def link(self, kind: str, token: str, today: date) -> Link:
        """What a token opens. Refusal link_invalid. The kind is part of the hash: a token of one kind opens nothing of another."""
        with self._reading() as cursor:
            return talks.find_link(cursor, self._hash(kind, token), today)

    def own_row(self, token: str, today: date) -> dict[str, Any]:
        """The row of `standing` of the one person whose link this is. Refusals: link_invalid, person_unknown."""
        person = self.link("own", token, today).person
        with self._reading() as cursor:
            found = talks.standing(cursor)
        mine = found[found["person"] == person]
        if mine.empty:
            raise Refusal("person_unknown")
        return mine.iloc[0].drop(labels=["key", "person"]).to_dict()

    def own_abilities(self, token: str, today: date, role: str) -> own_skills.Abilities:
        """What is known of the skills and courses of the person of a link. Refusal link_invalid."""
        person = self.link("own", token, today).person
        assert person is not None
        with self._reading() as cursor:
            return own_skills.of_person(cursor, person, role)

    def own_sent(self, employee_id: str) -> pd.DataFrame:
        """skill, level, sent: what somebody filled in on the own page. Refusal person_unknown."""
        with self._reading() as cursor:
            return own_skills.sent_by(cursor, self._person(cursor, employee_id))

    def send_own(self, token: str, talk: Talk, levels: Mapping[str, float], today: date) -> None:
        """Keep what somebody sent from the own page. Refusal link_invalid."""
        with self._writing(None, "") as cursor:
            link = talks.find_link(cursor, self._hash("own", token), today)
            assert link.person is not None
            talks.add_talk(cursor, link.person, talk, "own")
            own_skills.send(cursor, link.person, levels, today)

    # ideas

    def ideas(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.ideas(cursor)

    def add_idea(self, title: str, body: str, theme: str, about: str, author: str, today: date, who: str | None = None) -> str:
        """author "" = anonymous, which writes no line in the log whoever is logged in."""
        with self._writing(who if author else None, "idea_added") as cursor:
            return board.add_idea(cursor, title, body, theme, about, author, today)

    def change_idea(self, idea: str, changes: Mapping[str, Any], who: str) -> None:
        with self._writing(who, "idea_changed", idea=idea) as cursor:
            board.change_idea(cursor, idea, changes)

    def support(self, idea: str, who: str) -> bool:
        with self._writing(None, "") as cursor:
            return board.toggle_support(cursor, idea, self._hash(f"idea {idea}", who))

    def idea_link(self, expires: date, who: str) -> str:
        """One link for everybody, to hang on the wall: it only lets ideas in."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._writing(who, "idea_link_made") as cursor:
            talks.add_links(cursor, [self._hash("idea", token)], "idea", expires)
        return token

    # project groups

    def groups(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return groups.groups(cursor)

    def save_group(self, group: groups.Group, ideas: tuple[str, ...], project: int | None, who: str) -> int:
        with self._writing(who, "project_group_saved") as cursor:
            made = groups.save(cursor, group, project)
            groups.set_ideas(cursor, made, ideas)
        return made

    # controls

    def controls(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.controls(cursor)

    def add_control(self, title: str, why: str, unit: str, hours: float, owner: str, who: str) -> int:
        with self._writing(who, "control_added") as cursor:
            return board.add_control(cursor, title, why, unit, hours, owner)

    def decide_control(self, control: int, decision: str, reason: str, who: str, today: date) -> None:
        with self._writing(who, "control_decided", control=control, decision=decision) as cursor:
            board.decide_control(cursor, control, decision, reason, today)

    # pulse

    def rounds(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.rounds(cursor)

    def open_round(self, name: str, who: str, today: date) -> int:
        with self._writing(who, "pulse_opened") as cursor:
            return board.open_round(cursor, name, today)

    def tickets(self, pulse: int, team: str, count: int, expires: date, who: str) -> list[str]:
        """Tokens for one answer each, all alike: nobody knows whose is whose. Refusal round_closed."""
        tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _ in range(count)]
        with self._writing(who, "pulse_tickets", round=pulse, count=count) as cursor:
            self._open(cursor, pulse)
            hashes = [self._hash("pulse", token) for token in tokens]
            talks.add_links(cursor, hashes, "pulse", expires, Link(0, "pulse", None, pulse, team, expires))
        return tokens

    def answer(self, token: str, scores: Mapping[str, int], today: date) -> None:
        """Count one answer and delete its ticket, in one transaction. Refusals: link_invalid, round_closed."""
        with self._writing(None, "") as cursor:
            link = talks.find_link(cursor, self._hash("pulse", token), today)
            assert link.round is not None
            self._open(cursor, link.round)
            rows = [(link.team, question, score, 1) for question, score in scores.items()]
            board.count_answers(cursor, link.round, pd.DataFrame(rows, columns=["team", "question", "score", "answers"]))
            talks.use_up(cursor, link.link)

    def close_round(self, pulse: int, who: str) -> None:
        with self._writing(who, "pulse_closed", round=pulse) as cursor:
            board.close_round(cursor, pulse)

    def import_round(self, name: str, held: date, counts: pd.DataFrame, bands: pd.DataFrame, who: str) -> int:
        """A round taken elsewhere, closed at once. counts: team, question, score, answers; bands: team, band, people."""
        with self._writing(who, "pulse_imported") as cursor:
            made = board.open_round(cursor, name, held, closed=True)
            if len(counts):
                board.count_answers(cursor, made, counts)
            if len(bands):
                board.set_abilities(cursor, made, bands)
        return made

    def pulse_counts(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.pulse_counts(cursor)

    def abilities(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.abilities(cursor)

    # self-scan

    def scans(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.scans(cursor)

    def save_scan(self, steps: Sequence[tuple[str, int, str]], who: str, today: date) -> int:
        with self._writing(who, "scan_saved") as cursor:
            return board.save_scan(cursor, steps, who, today)

    def challenges(self) -> pd.DataFrame:
        with self._reading() as cursor:
            return board.challenges(cursor)

    def add_challenge(self, title: str, kind: str, target: str, who: str, today: date) -> int:
        with self._writing(who, "challenge_added") as cursor:
            return board.add_challenge(cursor, title, kind, target, today)

    def close_challenge(self, challenge: int, who: str) -> None:
        with self._writing(who, "challenge_closed", challenge=challenge) as cursor:
            board.close_challenge(cursor, challenge)

    # inside

    def _hash(self, kind: str, token: str) -> str:
        return self.store.keys.key(f"{kind}|{token}")

    def _person(self, cursor: duckdb.DuckDBPyConnection, employee_id: str) -> int:
        return talks.person_of(cursor, self.store.keys_of(employee_id))

    def _open(self, cursor: duckdb.DuckDBPyConnection, pulse: int) -> None:
        row = first(cursor, "SELECT closed FROM pulse_round WHERE round = ?", [pulse])
        if row is None or row[0]:
            raise Refusal("round_closed")
