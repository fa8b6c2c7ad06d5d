"""Proposals a person confirms once: job titles to roles, names of departments to one name. Nothing is merged unasked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd
from rapidfuzz import fuzz, process

from intake.vocabulary import plain

LIKENESS = 88.0
_GENDER_MARK = re.compile(
    r"\(?\b(?:m\s*/\s*v(?:\s*/\s*x)?|v\s*/\s*m|m\s*/\s*w(?:\s*/\s*d)?|w\s*/\s*m(?:\s*/\s*d)?|f\s*/\s*m|m\s*/\s*f(?:\s*/\s*[xd])?)\b\)?"
)
_GRADE = re.compile(
    r"(?:[\s\-/,(]*\b(?:schaal|fwg|niveau|level|grade|trede|klasse|stufe|groep|band)\s*\d{1,3}[a-z]?\)?)+|[\s\-,(]+(?:i{1,3}|iv|v|vi|[a-d]|\d{1,2}[a-d]?)\)?$"
)
_FILLER = re.compile(r"\b(?:en|and|und|van|de|het|the|of|der|die|voor|for|bij)\b|[^a-z0-9+# ]")
_FEMININE = (("medewerkster", "medewerker"), ("leidster", "leider"), ("verpleegster", "verpleegkundige"), ("mitarbeiterin", "mitarbeiter"))
_SHORT = {
    "mdw": "medewerker",
    "medew": "medewerker",
    "mw": "medewerker",
    "adm": "administratief",
    "admin": "administratief",
    "ass": "assistent",
    "asst": "assistent",
    "vpk": "verpleegkundige",
    "verpl": "verpleegkundige",
    "verz": "verzorgende",
    "hfd": "hoofd",
    "mgr": "manager",
    "mngr": "manager",
    "dir": "directeur",
    "coord": "coordinator",
    "coordin": "coordinator",
    "techn": "technisch",
    "proj": "project",
    "afd": "afdeling",
    "alg": "algemeen",
    "ondst": "ondersteunend",
    "sr": "senior",
    "jr": "junior",
    "eng": "engineer",
    "dev": "developer",
    "spec": "specialist",
    "acct": "account",
    "exec": "executive",
    "vp": "vice president",
    "leidinggev": "leidinggevend",
    "instal": "installatie",
    "mont": "monteur",
    "hr": "human resources",
    "p&o": "human resources",
    "ict": "it",
    "fin": "finance",
    "leerl": "leerling",
    "bbl": "leerling",
    "wvb": "werkvoorbereider",
    "pl": "projectleider",
    "kw": "keukenwerk",
}


def canonical(title: str) -> str:
    """A title stripped to what it says about the work: no m/v, grade, filler or abbreviation ("Sr. Mdw. HR (m/v) schaal 8")."""
    text = _GENDER_MARK.sub(" ", plain(title))
    text = _GRADE.sub(" ", text.strip())
    for feminine, neutral in _FEMININE:
        text = text.replace(feminine, neutral)
    words = [_SHORT.get(word.strip("."), word.strip(".")) for word in text.replace("/", " ").replace("-", " ").split()]
    return " ".join(_FILLER.sub("", " ".join(words)).split())


def propose_roles(titles: Iterable[str] | Mapping[str, int], known: Iterable[str] = ()) -> pd.DataFrame:
    """Which job titles (or department names) are likely the same.

    titles: distinct texts, or texts with their number of people. known: names already in use, preferred as the answer.
    Returns one row per title: title, proposed, why (same | abbreviation | similar | known | own), people. "similar" is a
    guess from likeness alone and must be confirmed; it is never applied by itself.
    """
    known = list(known)
    counts = dict(titles) if isinstance(titles, Mapping) else dict.fromkeys(titles, 1)
    counts = {title: count for title, count in counts.items() if title}
    groups: dict[str, list[str]] = defaultdict(list)
    for title in counts:
        groups[canonical(title) or plain(title)].append(title)
    own = {canonical(name) or plain(name): name for name in known if name}
    names = {key: own.get(key) or _best_name(found, counts) for key, found in groups.items()}
    likely = _similar(groups, names, own)
    in_use = {name for name in known if name}
    rows = []
    for key, found in groups.items():
        target, why_group = likely.get(key, (names[key], ""))
        for title in found:
            if title in in_use:  # two names that are both in use were kept apart on purpose
                rows.append({"title": title, "proposed": title, "why": "own", "people": counts[title]})
                continue
            why = why_group or ("known" if key in own and title != target else "own" if title == target else _why(title, target))
            rows.append({"title": title, "proposed": target, "why": why, "people": counts[title]})
    return pd.DataFrame(rows, columns=["title", "proposed", "why", "people"]).sort_values(["proposed", "title"], ignore_index=True)


def _best_name(found: list[str], counts: dict[str, int]) -> str:
    """The spelling most people have; among equals the plainest. Grades that come together get the name without a grade."""
    best = min(found, key=lambda title: (-counts[title], len(title), title))
    return (_without_marks(best) or best) if len(found) > 1 else best


def _without_marks(title: str) -> str:
    """The title as written, without m/v and grade."""
    bare = re.sub(_GENDER_MARK.pattern, " ", title, flags=re.I)
    return " ".join(re.sub(_GRADE.pattern, " ", bare.strip(), flags=re.I).split())


def _why(title: str, target: str) -> str:
    bare = [_GRADE.sub(" ", _GENDER_MARK.sub(" ", plain(text)).strip()) for text in (title, target)]
    return "same" if " ".join(bare[0].split()) == " ".join(bare[1].split()) else "abbreviation"


def _similar(groups: dict[str, list[str]], names: dict[str, str], own: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Groups whose words look like those of a larger group or a known name."""
    order = sorted(groups, key=lambda key: (key not in own, -len(groups[key]), key))
    accepted: list[str] = [key for key in own]
    result: dict[str, tuple[str, str]] = {}
    for key in order:
        if key in own:
            continue
        found = process.extractOne(key, accepted, scorer=fuzz.ratio, score_cutoff=LIKENESS) if accepted and len(key) >= 6 else None
        if found and _same_numbers(key, found[0]):
            result[key] = (own.get(found[0]) or names[found[0]], "similar")
        else:
            accepted.append(key)
    return result


def _same_numbers(left: str, right: str) -> bool:
    """ "Mechanic 2" and "Mechanic 3", or "W" and "E" in a name, are different work."""
    short = [{word for word in text.split() if len(word) <= 2 or word.isdigit()} for text in (left, right)]
    return short[0] == short[1]


def propose_units(names: Iterable[str] | Mapping[str, int], known: Iterable[str] = ()) -> pd.DataFrame:
    """The same for departments; see propose_roles."""
    return propose_roles(names, known)
