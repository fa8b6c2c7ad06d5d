"""Every word people read, and how numbers and dates are written. No screen library here: the command line uses it too.

The sentences stand in TOML files beside this one, `<lang>.toml` and `<topic>.<lang>.toml`, joined into one tree per
language. `say` finds one by its dotted key and fills it. Numbers, dates and lists are formatted on the way in, so no
sentence is ever built from raw figures. A key that does not exist is a mistake of ours and raises KeyError.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from numbers import Real
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

LANGUAGES = ("nl", "en")
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
MINUS = "−"
HARD = "\u00a0"
"""A space at which no line breaks."""
WITHOUT = {"sheet": "_whole", "example": "_bare"}
"""How the key of a sentence ends that does without something which may be empty."""
HERE = Path(__file__).resolve().parent


@cache
def catalogue(lang: str) -> dict[str, Any]:
    """All texts of one language as one tree; ValueError when two files claim the same key."""
    tree: dict[str, Any] = {}
    for path in sorted([HERE / f"{lang}.toml", *HERE.glob(f"*.{lang}.toml")]):
        if path.exists():
            with path.open("rb") as file:
                _join(tree, tomllib.load(file), path.name)
    return tree


def _join(tree: dict[str, Any], more: Mapping[str, Any], where: str) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            _join(tree[key], value, where)
        elif key in tree:
            raise ValueError(f"{where}: {key} stands in two files")
        else:
            tree[key] = _unbroken(value)


def _unbroken(value: Any) -> Any:
    """A text in which no line breaks before a percent sign or after a euro sign."""
    if isinstance(value, dict):
        return {key: _unbroken(one) for key, one in value.items()}
    return value.replace(" %", f"{HARD}%").replace("€ ", f"€{HARD}") if isinstance(value, str) else value


def leaves(lang: str) -> dict[str, str]:
    """Every sentence by its dotted key; the forms of a plural are keys of their own."""
    return dict(_walk(catalogue(lang), ""))


def _walk(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _walk(value, f"{path}.")
        else:
            yield path, str(value)


def placeholders(text: str) -> set[str]:
    """Names between braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def known(lang: str, key: str) -> bool:
    """Whether `say` has words for the key."""
    try:
        _find(lang, key)
    except KeyError:
        return False
    return True


def _find(lang: str, key: str) -> Any:
    here: Any = catalogue(lang if lang in LANGUAGES else "nl")
    for part in key.split("."):
        if not isinstance(here, dict) or part not in here:
            raise KeyError(key)
        here = here[part]
    return here


def say(lang: str, key: str, **params: Any) -> str:
    """The sentence under `key`, filled in.

    A table with `one` and `other` is a plural: its form follows the parameter `n` (or the first whole number given). Where a sentence has
    several numbers, {n:person|people} is the form that goes with that one.
    Parameters: a date is written out, a list is joined with "en"/"and", a number follows `number`; a name that starts
    with "year" and any text stay as they are.
    """
    found = _find(lang, key)
    if isinstance(found, dict):
        if "other" not in found:
            raise KeyError(key)
        found = found[_plural(lang, params)] if _plural(lang, params) in found else found["other"]
    return str(found).format(**{name: _written(lang, name, value) for name, value in params.items()})


def refused(lang: str, code: str, params: Mapping[str, Any]) -> str:
    """Why something was refused. Where the reason names what is not there (a text file has no sheet, an empty column no example),
    there is a sentence that does without."""
    key = f"refusal.{code}"
    for name, suffix in WITHOUT.items():
        if params.get(name) == "" and known(lang, key + suffix):
            key += suffix
    return say(lang, key, **params) if known(lang, key) else say(lang, "refusal.unexpected", code=code)


class _Count(str):
    """A number as it is written, which knows the form of the words that go with it."""

    lang: str
    value: float

    def __format__(self, spec: str) -> str:
        one, bar, other = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if _form(self.lang, self.value) == "one" else other


def _written(lang: str, name: str, value: Any) -> str:
    written = _write(lang, name, value)
    if not isinstance(value, Real) or isinstance(value, bool):
        return written
    count = _Count(written)
    count.lang, count.value = lang, float(value)
    return count


def _plural(lang: str, params: Mapping[str, Any]) -> str:
    numbers = [v for k, v in params.items() if isinstance(v, Real) and not isinstance(v, bool) and not k.startswith("year")]
    return _form(lang, params.get("n", numbers[0] if numbers else 2))


def _form(lang: str, count: float) -> str:
    if count != count:
        return "other"
    rounded = abs(float(count))
    shown = round(rounded) if rounded >= 10 or float(count).is_integer() else round(rounded, 1)
    return _plural_form(lang, int(shown)) if float(shown).is_integer() else "other"


@lru_cache(maxsize=2_000)
def _plural_form(lang: str, count: int) -> str:
    return Locale.parse(LOCALES[lang]).plural_form(count)


def _write(lang: str, name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name == "field" and isinstance(value, str) and (known(lang, f"template.header.{value}") or known(lang, f"field.{value}")):
        return field_name(lang, value)
    if isinstance(value, bool):
        return say(lang, "yes_no.yes" if value else "yes_no.no")
    if isinstance(value, Real):
        return str(int(value)) if name.startswith("year") else number(lang, float(value))
    if isinstance(value, date):
        return day(lang, value)
    if isinstance(value, list | tuple):
        return listed(lang, value)
    return str(value)


def field_name(lang: str, field: str) -> str:
    """A field of an import as people call it; mostly the words of the template's headers."""
    for key in (f"field.{field}", f"template.header.{field}"):
        if known(lang, key):
            return say(lang, key)
    return field.replace("_", " ")


def number(lang: str, value: float, decimals: int | None = None, *, sign: bool = False) -> str:
    """A number as people of that language write it, with a real minus sign.

    decimals None = the house rule: whole numbers from 10 on, one decimal below, none where the number is whole.
    """
    if value != value:
        return "–"
    if decimals is None:
        decimals = 0 if abs(value) >= 9.95 or float(value).is_integer() else 1
    rounded = round(float(value), decimals) + 0.0
    if rounded == 0:
        rounded, decimals = 0.0, 0 if decimals == 1 else decimals
    text = _digits(lang, abs(rounded), decimals)
    return (MINUS if rounded < 0 else "+" if sign and rounded > 0 else "") + text


def as_written(value: float) -> float:
    """A number rounded by the house rule of `number`."""
    return round(float(value), 0 if abs(value) >= 9.95 else 1) + 0.0


@lru_cache(maxsize=20_000)
def _digits(lang: str, rounded: float, decimals: int) -> str:
    """A page writes a hundred numbers, most of them again after each move of a slider."""
    return format_decimal(rounded, format="#,##0" + ("." + "0" * decimals if decimals else ""), locale=LOCALES[lang])


def percent(lang: str, share: float, decimals: int = 0) -> str:
    """A fraction as a percentage: 0.28 is "28 %" in Dutch and "28%" in English (a no-break space keeps it together)."""
    return number(lang, share * 100, decimals) + (f"{HARD}%" if lang == "nl" else "%")


def euro(lang: str, amount: float) -> str:
    """An amount: whole euros below ten thousand, thousands below a million, then millions with one decimal. No line breaks inside.

    € 2,1 miljoen and € −500 in Dutch; €2.1 million and −€500 in English."""
    size = abs(amount)
    if size >= 999_500:
        written = number(lang, amount / 1e6, 1 if size < 9.95e6 else 0) + HARD + ("miljoen" if lang == "nl" else "million")
    else:
        written = number(lang, round(amount, -3) if size >= 10_000 else amount, 0)
    if lang == "nl":
        return f"€{HARD}{written}"
    return f"{MINUS}€{written[1:]}" if written.startswith(MINUS) else f"€{written}"


def day(lang: str, value: date | datetime, *, short: bool = False) -> str:
    """A day: 1 maart 2031, or short 01-03-2031 (nl) and 1 Mar 2031 (en)."""
    if short:
        return format_date(value, "dd-MM-y" if lang == "nl" else "d MMM y", locale=LOCALES[lang])
    return format_date(value, "d MMMM y", locale=LOCALES[lang])


def listed(lang: str, items: list[str] | tuple[str, ...]) -> str:
    """Words joined as in speech: a, b en c (Dutch) or a, b and c (English, no comma before "and")."""
    return format_list([str(item) for item in items], locale=LOCALES[lang]) if items else "–"


def meaning(lang: str, *terms: str) -> str:
    """Glossary definitions for the help of a figure: one line a term, the term in bold."""
    return "\n\n".join(f"**{upper_first(say(lang, f'term.{term}.word'))}**: {say(lang, f'term.{term}.meaning')}" for term in terms)


def upper_first(text: str) -> str:
    """First letter as a capital, the rest as it is (AOW stays AOW)."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Words:
    """One language, ready to speak: what figures and sentences are handed."""

    lang: str

    def __call__(self, key: str, **params: Any) -> str:
        return say(self.lang, key, **params)

    def number(self, value: float, decimals: int | None = None, *, sign: bool = False) -> str:
        return number(self.lang, value, decimals, sign=sign)

    def difference(self, one: float, other: float) -> float:
        """One less the other, as both are written: who subtracts two figures on a screen must find the third."""
        return as_written(one) - as_written(other)

    def percent(self, share: float, decimals: int = 0) -> str:
        return percent(self.lang, share, decimals)

    def euro(self, amount: float) -> str:
        return euro(self.lang, amount)

    def day(self, value: date, *, short: bool = False) -> str:
        return day(self.lang, value, short=short)

    def field(self, field: str) -> str:
        return field_name(self.lang, field)

    def listed(self, items: list[str]) -> str:
        return listed(self.lang, items)

    def refused(self, refusal: Any) -> str:
        """refusal: has `code` and `params`."""
        return refused(self.lang, refusal.code, refusal.params)

    def known(self, key: str) -> bool:
        return known(self.lang, key)

    def meaning(self, *terms: str) -> str:
        return meaning(self.lang, *terms)
