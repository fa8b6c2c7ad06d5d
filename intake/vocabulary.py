"""Header words: how they are made comparable and which field they stand for. The lists themselves are vocabulary.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz import fuzz, process

SIMILAR_FROM = 86.0
_LEADING = re.compile(r"^(huidige?|current|aktuelle[rs]?|actuele?)\s+")
_TRAILING_UNIT = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_HOLIDAY_TAIL = re.compile(
    r"[\s,;]+(?:incl|inkl|excl|exkl|met|zonder|with|without|mit|ohne|plus)\w*\W+(?:vakantie|holiday|urlaubsgeld|vt\b).*$"
)
_DROP = re.compile(r"[^0-9a-z%+]")
_ALIKE = str.maketrans({"ß": "ss", "\u2018": "'", "\u2019": "'", "\u2010": "-", "\u2011": "-"})
"""Letters and marks that only look otherwise: Word writes zzp’er."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain(text: str) -> str:
    """Lower case without accents, white space collapsed."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKD", text.translate(_ALIKE))
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(folded.casefold().split())


@cache
def normalise(header: str) -> str:
    """Comparable form of a header: "Geb.-datum (dd-mm-jjjj)" and "Geb datum" become "gebdatum"."""
    text = plain(header)
    shorter = _TRAILING_UNIT.sub("", text)
    text = _HOLIDAY_TAIL.sub("", shorter or text)
    text = _LEADING.sub("", text)
    text = _DROP.sub("", text)
    return text.rstrip("%€") if len(text) > 3 else text


def words(header: str) -> tuple[str, ...]:
    """The words of a header, camel case split."""
    return tuple(re.findall(r"[0-9a-z]+", plain(_CAMEL.sub(" ", header))))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """synonyms: normalised header -> ((field, rank), ...); rank 0 = preferred spelling of that field."""

    synonyms: dict[str, tuple[tuple[str, int], ...]]
    sensitive_anywhere: re.Pattern[str]
    sensitive_words: frozenset[str]
    sensitive_exact: frozenset[str]

    def fields(self, header: str) -> tuple[tuple[str, int], ...]:
        """Fields this header stands for, exact after normalising."""
        return self.synonyms.get(normalise(header), ())

    def is_sensitive(self, header: str) -> bool:
        """The header names something that is refused unasked. A synonym of a field is never sensitive."""
        if self.fields(header):
            return False
        joined = normalise(header)
        if joined in self.sensitive_exact or self.sensitive_anywhere.search(joined):
            return True
        return bool(self.sensitive_words & set(words(header)))

    def similar(self, header: str) -> str:
        """The field whose headers look most like this one, "" when none is close. Only ever a suggestion."""
        text = normalise(header)
        if len(text) < 4:
            return ""
        found = process.extractOne(text, self.synonyms.keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM)
        return self.synonyms[found[0]][0][0] if found else ""


@cache
def vocabulary() -> Vocabulary:
    """The shipped lists, normalised once."""
    content = tomllib.loads(resources.files("intake").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    synonyms: dict[str, dict[str, int]] = {}
    for table in ("fields", "skill_fields"):
        for field, headers in content[table].items():
            for rank, header in enumerate([field, *headers]):
                synonyms.setdefault(normalise(header), {}).setdefault(field, max(rank - 1, 0))
    listed = {header: tuple(fields.items()) for header, fields in synonyms.items()}
    sensitive = content["sensitive"]
    return Vocabulary(
        listed,
        re.compile("|".join(map(re.escape, sensitive["anywhere"]))),
        frozenset(sensitive["whole_word"]),
        frozenset(sensitive["exact"]),
    )


def all_fields() -> frozenset[str]:
    """Every field name a mapping may use."""
    return frozenset(field for fields in vocabulary().synonyms.values() for field, _ in fields)
