"""Words in cells: nothing, yes and no, gender, contract, reason for leaving. The lists are words.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intake.vocabulary import normalise, plain

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_CODE = re.compile(r"^\s*(\w{1,4})\s*[-:.)=]\s*(.+)$")


LONGEST_NULL = 30


@cache
def lists() -> dict:
    """words.toml as read."""
    return tomllib.loads(resources.files("intake").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def _nulls() -> frozenset[str]:
    return frozenset(lists()["null"])


def is_null(text: str) -> bool:
    """The cell says that there is nothing."""
    if len(text) > LONGEST_NULL or (text.isdigit() and text.strip("0")):
        return False
    return not text or plain(text) in _nulls()


def null_mask(texts: list[str]) -> np.ndarray:
    """`is_null` for many texts: plain ASCII is looked up in one go, the few others one by one."""
    cells = pa.array(texts, pa.string())
    simple = pc.and_(pc.string_is_ascii(cells), pc.invert(pc.match_substring_regex(cells, r"  |[\x00-\x1f\x7f]")))
    known = pc.is_in(pc.ascii_lower(pc.ascii_trim_whitespace(cells)), pa.array(sorted(_nulls())))
    mask = np.array(known.to_numpy(zero_copy_only=False), dtype=bool)
    for index in np.flatnonzero(~simple.to_numpy(zero_copy_only=False)):
        mask[index] = is_null(texts[index])
    return mask


def key(text: str) -> str:
    """Comparable form of a value."""
    return plain(text).strip(" .*")


@cache
def _contract_words(table: str) -> dict[str, str]:
    return {word: kind for kind, words in lists()[table].items() for word in words}


CONTRACT_TABLES = {
    "dienstbetrekking": "dienstbetrekking",
    "soortmedewerker": "soort_medewerker",
    "aardarbeidsrelatie": "aard_arbeidsrelatie",
}


def contract(text: str, header: str) -> str:
    """permanent | fixed | oncall | apprentice | intern | flex | payment | own | "" (unknown).

    The same letter means other things in other columns, so the header chooses the list of codes.
    """
    if is_null(text):
        return ""
    table = CONTRACT_TABLES.get(normalise(header), "")
    return _lookup(text, [table, "contract"] if table else ["contract"])


def standing(text: str, header: str) -> str:
    """`contract` for a column that tells own staff from hired people: "own" for the words of the first; under a header that speaks of
    the hired alone, yes is "flex" and no is "own"."""
    answer = yes_no(text) if normalise(header) in lists()["hired_headers"] else None
    if answer is not None:
        return "flex" if answer else "own"
    return contract(text, header) or ("own" if not is_null(text) and key(text) in lists()["own"] else "")


def _lookup(text: str, tables: list[str]) -> str:
    for candidate in _spellings(text):
        for table in tables:
            found = _contract_words(table).get(candidate)
            if found:
                return found
    return ""


def _spellings(text: str) -> list[str]:
    """The value itself, then the parts of "code - words"."""
    whole = key(text)
    parts = [whole]
    if "(" in whole:
        parts += [key(_BRACKETS.sub("", whole)), key(whole.replace("(", "").replace(")", ""))]
    if match := _CODE.match(whole):
        parts += [match[2].strip(), match[1]]
    return parts


def gender(texts: list[str], language: str) -> list[str]:
    """f | m | x | "" per distinct text. V and W depend on who else is in the column: with M/V, V is a woman; so with M/W."""
    seen = {key(text) for text in texts if not is_null(text)}
    table: dict[str, str] = {}
    for value, by_language in lists()["gender"].items():
        for word in (*by_language["any"], *by_language.get(language, []), *(w for lang in ("nl", "en", "de") for w in by_language[lang])):
            table.setdefault(word, value)
    if "o" in seen and language == "nl":
        table["o"] = ""
    if seen and seen <= {"1", "2", "0", "9"}:
        table |= {"1": "m", "2": "f", "0": "" if "2" in seen else "f", "9": ""}
    return ["" if is_null(text) else table.get(key(text), "") for text in texts]


def reason(text: str, code_list: str = "") -> str:
    """Flow value, "by_age", "not_a_departure" or "" (unknown). code_list: wage_return | afas, which numbers the column uses."""
    if is_null(text):
        return ""
    tables = _reason_words()
    for candidate in _spellings(text):
        if candidate in tables["words"]:
            return tables["words"][candidate]
        if code_list and candidate in tables[code_list]:
            return tables[code_list][candidate]
    return _by_part(key(text))


@cache
def _reason_words() -> dict[str, dict[str, str]]:
    content = lists()
    tables = {name: {code: flow for flow, codes in flows.items() for code in codes} for name, flows in content["reason_codes"].items()}
    tables["words"] = {word: flow for flow, found in content["reason"].items() for word in found}
    return tables


def _by_part(text: str) -> str:
    """The longest known phrase of at least six letters inside a longer text."""
    inside = [word for word in _reason_words()["words"] if len(word) >= 6 and word in text]
    return _reason_words()["words"][max(inside, key=len)] if inside else ""


def reason_codes_of(texts: list[str]) -> str:
    """Which list of numbers a column of reasons uses, "" when it holds words."""
    codes = {key(text).removesuffix(".0") for text in texts if not is_null(text)}
    if not codes or not all(re.fullmatch(r"\d{1,2}|o", code) for code in codes):
        return ""
    return "wage_return" if any(len(code) == 2 for code in codes) else "afas"


def yes_no(text: str) -> bool | None:
    """True, False, or None when the cell says neither."""
    word = key(text)
    if word in lists()["yes"]:
        return True
    if word in lists()["no"]:
        return False
    return None


@cache
def listed(table: str) -> dict[str, str]:
    """Word -> what it means, for a list of words.toml that needs no more than that."""
    return {word: meaning for meaning, words in lists()[table].items() for word in words}


@cache
def _status_words() -> dict[str, str]:
    return {word: state for state, words in lists()["status"].items() for word in words}


def status(text: str, header: str = "") -> str:
    """active | left | "". Yes and no are read by what the header asks: whether somebody is here, or has left."""
    answer = yes_no(text)
    if answer is None or key(text) in _status_words():
        return _status_words().get(key(text), "")
    asked = next((state for state in ("active", "left") if normalise(header) in lists()["status_headers"][state]), "")
    return "" if not asked else asked if answer else {"active": "left", "left": "active"}[asked]


@cache
def _total_words() -> tuple[str, ...]:
    return tuple(sorted(lists()["totals"], key=len, reverse=True))


TOTAL_LIKE = r"(?i)^\W*(" + "|".join(re.escape(word) for word in lists()["totals"]) + r")(\W|$)"
"""Quick first look for `is_total`, in the dialect of Arrow's expressions too."""


def is_total(text: str) -> bool:
    """The cell names a total, average or count, alone or in front of a name ("Totaal Zorg", "Total: 12")."""
    word = key(text)
    if not word.startswith(_total_words()) or word.startswith(tuple(lists()["no_totals"])):
        return False
    return any(word == total or (word.startswith(total) and word[len(total)] in " :=(") for total in _total_words())
