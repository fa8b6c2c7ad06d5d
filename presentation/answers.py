"""The five questions of the first meeting as one computed sentence each: the same on the screen, the slides and the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from presentation import sentences
from presentation.sentences import NOTHING, Answer
from presentation.texts import Words, upper_first
from workflows.answers import NOT_TOLD, Deeper
from workflows.outlook import Outlook

Facts = Mapping[str, Any]


def five(words: Words, found: Outlook, deeper: Deeper | None) -> list[Answer]:
    """In the order they are asked; without `deeper` what it takes longer to know is said to be on its way."""
    facts = found.facts
    return [
        sentences.how_short(words, facts, found.as_of.year),
        sentences.how_dear(words, facts),
        sentences.who_leaves(words, facts, knowledge(words, deeper)),
        filling(words, facts, deeper),
        deciding(words, facts, deeper),
    ]


def knowledge(words: Words, deeper: Deeper | None) -> str:
    """Skills that vanish, and how many of the mentors are 55 or older."""
    if deeper is None:
        return words("answers.knowledge_working")
    if not deeper.knowledge:
        return words("answers.knowledge_missing")
    told = deeper.knowledge
    if told["lost"]:
        first = words("answers.lost", n=told["lost"])
    else:
        first = words("answers.few", n=told["few"], k=told["k"]) if told["few"] else words("answers.lost_none")
    if told["mentors"] < 1:
        return words("answers.only", first=first)
    return words("answers.and", first=first, second=words("answers.mentors", n=told["mentors"], older=told["mentors_55"]))


def filling(words: Words, facts: Facts, deeper: Deeper | None) -> Answer:
    """Can technology or our own people fill the gap?"""
    question, link, note = words("answers.q4"), words("answers.go_changing"), words("answers.q4_note")
    if deeper is None:
        return Answer(question, words("answers.working"), "changing", link)
    if float(facts["gap_target"]) < NOTHING:
        some = int(facts.get("roles_short", 0))
        given = {"year": facts["target_year"], "n": some, "all": int(facts.get("roles_all", 0))}
        first = (
            words("answers.q4_gap_per_role", **given) if some else words("answers.q4_no_gap", year=facts["target_year"]).removesuffix(".")
        )
    else:
        first = _technology(words, facts, deeper.technology)
    if not deeper.moves:
        return Answer(question, words("answers.two", first=first, second=words("answers.moves_missing")), "changing", link)
    near, wanting = deeper.moves["near"], deeper.moves["wanting"]
    if not deeper.moves["roles_short"]:
        return Answer(question, words("answers.only", first=first), "changing", link, note)
    second = words("answers.near", n=near) if near else words("answers.near_none")
    if wanting == NOT_TOLD:
        return Answer(question, words("answers.two", first=first, second=second), "changing", link, note)
    key = "answers.wanting_unknown" if wanting < 0 else "answers.wanting" if wanting else "answers.wanting_none"
    third = words(key, n=wanting) if wanting > 0 else words(key)
    return Answer(question, words("answers.three", first=first, second=second, third=third), "changing", link, note)


def _technology(words: Words, facts: Facts, told: Facts) -> str:
    given = {"year": facts["target_year"], "gap": float(facts["gap_target"])}
    if not told:
        return words("answers.technology_missing", **given)
    if float(told["automated"]) < NOTHING:
        return words("answers.technology_none", **given)
    if told["most"] and float(told["most_fte"]) >= NOTHING:
        return words("answers.technology_most", automated=float(told["automated"]), most=told["most"], **given)
    return words("answers.technology", automated=float(told["automated"]), **given)


def deciding(words: Words, facts: Facts, deeper: Deeper | None) -> Answer:
    """What to decide now, what it costs, and when it is noticed: the dip before the effect."""
    question, link = words("answers.q5"), words("answers.go_plan")
    if deeper is None:
        return Answer(question, words("answers.working"), "plan", link)
    told = deeper.decisions
    if not told or not told["measures"]:
        calm = deeper.missing.get("decisions") == "nothing_short"
        said = words("answers.q5_none", year=facts["target_year"]) if calm else words("answers.q5_missing")
        return Answer(question, said, "plan", link)
    measures = words.listed([words(f"answers.measure.{lever}", n=_units(units)) for lever, units in told["measures"]])
    given = {"n": told["count"], "share": words.percent(told["share"]), "until": told["until"], "measures": measures}
    most = "_most" if told["count"] > len(told["measures"]) else ""
    if told["cost"] == told["cost"]:
        first = words(f"answers.closes{most}", cost=words.euro(told["cost"]), **given)
    else:
        first = words(f"answers.closes_no_money{most}", **given)
    noticed = words("answers.from", year_from=told["from_year"]) if told["from_year"] else words("answers.later")
    if told["dip"] < 0:
        dip = words("answers.dip", year_dip=told["dip_year"], dip=-told["dip"])
        said = words("answers.three", first=first, second=dip, third=noticed)
    else:
        said = words("answers.two", first=first, second=noticed)
    return Answer(question, upper_first(said), "plan", link, words("answers.q5_note"))


def _units(units: float) -> float | int:
    """People are whole; a part of one is written with its decimal."""
    return round(units) if abs(units - round(units)) < 0.05 else units
