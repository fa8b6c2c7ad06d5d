"""Concepts of ESCO that a skill can be linked to: groups of its skills pillar and a hundred core skills, with titles nl and en.

Sources: analytics/reference/SOURCES.md. English titles are those of ESCO. The Dutch titles and search words are our own translation, not
the Commission's; where there is none the English title stands.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from analytics.tables import reference

COLUMNS = ("uri", "code", "title_nl", "title_en", "words")


@cache
def concepts() -> pd.DataFrame:
    """COLUMNS, one row per concept, by code and title; code "" for a single skill, words: what a Dutch or English title may say.
    Callers must not change it."""
    own = reference("esco_titles_nl.csv").set_index("code")
    groups = reference("esco_skill_groups_en.csv").rename(columns={"label_en": "title_en"})
    groups = groups[groups["code"].isin(own.index) | ((groups["level"] == "3") & ~groups["code"].str.endswith(".0"))]
    single = reference("esco_core_skills_sample_en.csv").rename(columns={"skill_uri": "uri", "label_en": "title_en"}).assign(code="")
    rows = pd.concat([groups[["uri", "code", "title_en"]], single[["uri", "code", "title_en"]]]).drop_duplicates("uri")
    rows["title_en"] = rows["title_en"].str.strip()
    rows["title_nl"] = rows["code"].map(own["title_nl"]).where(rows["code"].isin(own.index), rows["title_en"])
    rows["words"] = rows["code"].map(own["words_nl"]).fillna("") + " " + rows["title_nl"] + " " + rows["title_en"]
    return rows[list(COLUMNS)].sort_values(["code", "title_en"], ignore_index=True)


@cache
def _titles() -> dict[str, tuple[str, str]]:
    return {row.uri: (row.title_nl, row.title_en) for row in concepts().itertuples(index=False)}


def esco_title(uri: str, language: str = "nl") -> str | None:
    """Title of a concept; None when the address is not among those shipped."""
    found = _titles().get(uri)
    return None if found is None else found[0 if language == "nl" else 1]
