"""What the people of the fictional firm say: ideas, needless controls, three rounds of the pulse and a self-scan; and what HR
estimated itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd

from store import Store
from store.groups import Group

FILE = Path(__file__).resolve().parent.parent / "sample_data" / "voices.toml"


def load_sample_voices(store: Store, who: str) -> None:
    """Fill the board once; a database that holds a round already is left alone."""
    voices = store.voices
    if len(voices.rounds()):
        return
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    made: dict[str, str] = {}
    for row in told["ideas"]:
        idea = voices.add_idea(row["title"], row["body"], row["theme"], row.get("about", ""), row.get("author", ""), row["week"])
        made[row["title"]] = idea
        changes = {name: row[name] for name in ("status", "owner", "lever", "amount", "realised") if name in row}
        voices.change_idea(idea, changes, who)
        for number in range(row["supports"]):
            voices.support(idea, f"sample {number}")
    for row in told["groups"]:
        group = Group(**{name: value for name, value in row.items() if name != "ideas"})
        voices.save_group(group, tuple(made[title] for title in row["ideas"]), None, who)
    for row in told["controls"]:
        control = voices.add_control(row["title"], row["why"], row["unit"], row["hours"], row["owner"], who)
        if row["decision"] != "open":
            voices.decide_control(control, row["decision"], row["reason"], who, row["decided"])
    for row in told["rounds"]:
        voices.import_round(row["name"], row["held"], _counts(row), _bands(row), who)
    for row in told["challenges"]:
        voices.add_challenge(row["title"], row["kind"], row["target"], who, row["since"])
    for row in told["estimates"]:
        store.set_role_choice(row["role"], "", row["exposed"], row["note"], who)
    for row in told["scans"]:
        voices.save_scan([(step, int(stage), "") for step, stage in row["stages"].items()], who, row["held"])


def _counts(row: dict) -> pd.DataFrame:
    """From the five numbers per team and question, how many gave score 1 to 5."""
    rows = [
        (team, question, score, count)
        for team, questions in row["teams"].items()
        for question, counts in questions.items()
        for score, count in enumerate(counts, start=1)
        if count
    ]
    return pd.DataFrame(rows, columns=["team", "question", "score", "answers"])


def _bands(row: dict) -> pd.DataFrame:
    rows = [(team, band, people) for team, bands in row.get("ability", {}).items() for band, people in bands.items()]
    return pd.DataFrame(rows, columns=["team", "band", "people"])
