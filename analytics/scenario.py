"""Every assumption a director can move, declared once.

A field of `Scenario` carries a `Lever`: range, step, unit, group, certainty and source. Slider, validation, link, JSON,
export and method page are made from that declaration; no other place names a range or a default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

Group = Literal["leaving", "inflow", "learning", "work", "technology"]
Kind = Literal["number", "yes_no"]


@dataclass(frozen=True, slots=True)
class Lever:
    """Metadata of one assumption.

    low, high: plausible range, also the range of the sensitivity chart; step: of the slider; unit: a key of
    texts `unit.*`; certainty: A law or public statistic, B published but narrower, C own convention.
    `from_history`: the default None means "as in the firm's own history or plan"; the number beside it is computed from
    the data, and `low`/`high` are then added around it (`spread`) or multiply it (`factor`).
    """

    low: float
    high: float
    step: float
    unit: str
    group: Group
    certainty: Literal["A", "B", "C"]
    source: str
    kind: Kind = "number"
    from_history: Literal["", "spread", "factor"] = ""

    def bounds(self, basis: float | None = None) -> tuple[float, float]:
        """Lowest and highest value; `basis` is the firm's own figure where `from_history` is set."""
        if self.from_history == "spread" and basis is not None:
            return basis + self.low, basis + self.high
        if self.from_history == "factor" and basis is not None:
            return basis * self.low, max(basis * self.high, self.step)
        return self.low, self.high


def _lever(
    default: float | bool | None, low: float, high: float, step: float, unit: str, group: Group, certainty: str, source: str, **more: Any
) -> Any:
    return field(default=default, metadata={"lever": Lever(low, high, step, unit, group, certainty, source, **more)})  # type: ignore[arg-type]


OWN = "own_history"
CONVENTION = "convention"


@dataclass(frozen=True, slots=True)
class Override:
    """A lever's value for one location, unit or role ("" = any)."""

    lever: str
    value: float
    location: str = ""
    unit: str = ""
    role: str = ""


EXCEPTIONS, MANY, IN_ADDRESS = "exceptions", "many", 20
"""The address-bar parameter of exceptions, what it says when there are more than fit, and how many do."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a link or file asked and did not get: `reason` is unknown, not_a_number, out_of_range (then clamped to `used`), unreadable or
    too_many (exceptions)."""

    name: str
    value: str
    reason: Literal["unknown", "not_a_number", "out_of_range", "unreadable", "too_many"]
    used: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A set of assumptions; equality by value. Percentages are in percent, times in months, growth in percent a year."""

    # leaving
    retirement_shift_months: float = _lever(0, -24, 18, 1, "months", "leaving", "C", CONVENTION)
    contract_ends_at_aow: bool = _lever(True, 0, 1, 1, "yes_no", "leaving", "B", "collective_agreements", kind="yes_no")
    statutory_age_step_months: float = _lever(0, 0, 9, 3, "months", "leaving", "A", "aow_7a")
    rvu_uptake: float = _lever(10, 0, 35, 1, "percent", "leaving", "C", CONVENTION)
    rvu_months_before: float = _lever(24, 0, 36, 1, "months", "leaving", "A", "rvu")
    generation_pact_uptake: float = _lever(20, 0, 60, 1, "percent", "leaving", "C", CONVENTION)
    generation_pact_hours: float = _lever(80, 60, 90, 5, "percent", "leaving", "B", "generation_pact")
    work_on_after_aow: float = _lever(5, 0, 20, 1, "percent", "leaving", "C", CONVENTION)
    part_time_pension_uptake: float = _lever(0, 0, 20, 1, "percent", "leaving", "C", CONVENTION)
    resignation_multiplier: float = _lever(1.0, 0.6, 1.6, 0.05, "times", "leaving", "C", OWN)
    first_year_exit: float = _lever(18, 8, 35, 1, "percent", "leaving", "C", CONVENTION)
    fixed_term_renewal: float = _lever(75, 50, 95, 1, "percent", "leaving", "C", CONVENTION)
    absence_multiplier: float = _lever(1.0, 0.7, 1.4, 0.05, "times", "leaving", "A", "cbs_absence")
    # inflow
    hires_per_year: float | None = _lever(None, 0, 2, 1, "people", "inflow", "A", OWN, from_history="factor")
    fill_rate: float = _lever(65, 35, 95, 1, "percent", "inflow", "C", CONVENTION)
    time_to_fill_months: float = _lever(4, 1.5, 10, 0.5, "months", "inflow", "B", "time_to_fill")
    settling_in_months: float = _lever(6, 1, 18, 1, "months", "inflow", "C", CONVENTION)
    part_time_factor_shift: float = _lever(0, -0.05, 0.05, 0.01, "points", "inflow", "C", CONVENTION)
    extra_hours_uptake: float = _lever(25, 0, 70, 1, "percent", "inflow", "C", "recorded_wishes")
    flex_fte_max: float | None = _lever(None, 0, 2.5, 1, "fte", "inflow", "A", "own_hired_staff", from_history="factor")
    # learning and moving
    apprentice_places: float | None = _lever(None, 0, 2, 1, "people", "learning", "A", OWN, from_history="factor")
    apprentice_success: float = _lever(60, 35, 80, 1, "percent", "learning", "C", CONVENTION)
    mentor_capacity: float = _lever(2, 1, 3, 0.5, "learners", "learning", "C", CONVENTION)
    training_places: float = _lever(12, 0, 60, 1, "people", "learning", "C", CONVENTION)
    training_success: float = _lever(80, 50, 95, 1, "percent", "learning", "C", CONVENTION)
    training_hours_lost: float = _lever(200, 40, 800, 20, "hours_a_place", "learning", "C", CONVENTION)
    move_acceptance: float = _lever(35, 10, 70, 1, "percent", "learning", "C", CONVENTION)
    outside_share: float = _lever(20, 0, 60, 1, "percent", "learning", "C", CONVENTION)
    # work to be done
    demand_growth: float | None = _lever(None, -6, 5, 0.1, "percent_a_year", "work", "B", "sector_growth", from_history="spread")
    productivity_growth: float = _lever(0.5, -0.5, 2.5, 0.1, "percent_a_year", "work", "C", CONVENTION)
    freed_hours_per_week: float = _lever(0, 0, 2, 0.1, "hours_a_week", "work", "C", CONVENTION)
    # technology
    adoption_max: float = _lever(50, 10, 90, 1, "percent", "technology", "C", CONVENTION)
    adoption_midpoint_year: float = _lever(2031, 2028, 2036, 1, "year", "technology", "C", CONVENTION)
    feasible_share: float = _lever(40, 20, 80, 1, "percent", "technology", "C", CONVENTION)
    realised_share: float = _lever(50, 20, 80, 1, "percent", "technology", "C", CONVENTION)
    replaced_share: float = _lever(30, 0, 80, 1, "percent", "technology", "C", CONVENTION)

    overrides: tuple[Override, ...] = ()

    def changed(self) -> dict[str, Any]:
        """Lever values that differ from the baseline, by field name."""
        base = Scenario()
        return {name: getattr(self, name) for name in LEVERS if getattr(self, name) != getattr(base, name)}

    def value_for(self, name: str, location: str, unit: str, role: str) -> Any:
        """The lever's value for one group; the override that names most of it wins, a later one on a tie."""
        best, score = getattr(self, name), -1
        for rule in self.overrides:
            named = ((rule.location, location), (rule.unit, unit), (rule.role, role))
            if rule.lever != name or any(asked and asked != own for asked, own in named):
                continue
            rank = sum(bool(asked) for asked, _ in named)
            if rank >= score:
                best, score = rule.value, rank
        return best

    def to_query(self) -> dict[str, str]:
        """Address-bar parameters: only what differs from the baseline. Exceptions are one parameter, while they are few enough for an
        address; more of them travel by scenario id or file, and the address says so."""
        query = {name: _plain(value) for name, value in self.changed().items()}
        if len(self.overrides) > IN_ADDRESS:
            query[EXCEPTIONS] = MANY
        elif self.overrides:
            rules = [[rule.lever, rule.value, rule.location, rule.unit, rule.role] for rule in self.overrides]
            query[EXCEPTIONS] = json.dumps(rules, ensure_ascii=False, separators=(",", ":"))
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str], basis: Mapping[str, float] | None = None) -> tuple[Scenario, tuple[Rejected, ...]]:
        """Read `to_query`'s form; out-of-range values are clamped and said, unknown names that look like levers are said.

        basis: the firm's own figure per from_history lever, which sets the range it is checked against.
        """
        values: dict[str, Any] = {}
        rejected: list[Rejected] = []
        rules: tuple[Override, ...] = ()
        for name, text in query.items():
            if name == EXCEPTIONS:
                try:
                    rules = _exceptions(str(text))
                except ValueError:
                    rejected.append(Rejected(name, str(text)[:80], "too_many" if text == MANY else "unreadable"))
                continue
            if name not in LEVERS:
                rejected.append(Rejected(name, str(text), "unknown"))
                continue
            value = _number(str(text))
            if value is None:
                rejected.append(Rejected(name, str(text), "not_a_number"))
                continue
            kept = clamp(name, value, (basis or {}).get(name))
            if kept != value:
                rejected.append(Rejected(name, str(text), "out_of_range", float(kept)))
            values[name] = kept
        return cls(**values, overrides=rules), tuple(rejected)

    def to_json(self) -> str:
        """All differences from the baseline and the overrides, keys sorted."""
        body: dict[str, Any] = dict(self.changed())
        if self.overrides:
            body["overrides"] = [{f.name: getattr(rule, f.name) for f in fields(rule)} for rule in self.overrides]
        return json.dumps(body, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Inverse of `to_json`, also out of a scenario file that has more around it; unknown or unreadable fields raise
        ValueError naming them."""
        body = json.loads(text)
        if isinstance(body, dict) and "werkhorizon_scenario" in body:
            body = body.get("scenario")
        if not isinstance(body, dict) or not isinstance(body.get("overrides", []), list):
            raise ValueError("not an object with lever values")
        rules = tuple(_override(rule) for rule in body.pop("overrides", ()))
        scenario = cls()
        for name, value in body.items():
            scenario = scenario.with_value(name, value)
        return replace(scenario, overrides=rules)

    def with_value(self, name: str, value: Any) -> Scenario:
        """A copy with one lever set; ValueError for an unknown name or a value that is no number, clamped to the range."""
        if name not in LEVERS:
            raise ValueError(name)
        if value is None and LEVERS[name].from_history:
            return replace(self, **{name: None})
        number = _number(str(value))
        if number is None:
            raise ValueError(f"{name}: {value!r}")
        return replace(self, **{name: clamp(name, number)})


def _override(rule: Any) -> Override:
    """A checked and clamped override; ValueError names what is wrong."""
    known = isinstance(rule, dict) and set(rule) <= {"lever", "value", "location", "unit", "role"}
    if not known or not isinstance(rule.get("lever"), str) or rule["lever"] not in LEVERS:
        raise ValueError(f"override {rule!r}")
    value = _number(str(rule.get("value")))
    if value is None:
        raise ValueError(f"override of {rule['lever']}: {rule.get('value')!r}")
    where = {name: str(rule.get(name, "")) for name in ("location", "unit", "role")}
    return Override(rule["lever"], clamp(rule["lever"], value), **where)


def _exceptions(text: str) -> tuple[Override, ...]:
    """Of an address: lever, value, location, unit and role of each. ValueError when it is anything else."""
    try:
        rows = json.loads(text)
    except RecursionError as problem:  # thousands of brackets
        raise ValueError("exceptions") from problem
    if not isinstance(rows, list) or len(rows) > IN_ADDRESS or not all(isinstance(row, list) and len(row) == 5 for row in rows):
        raise ValueError("exceptions")
    names = ("lever", "value", "location", "unit", "role")
    return tuple(_override(dict(zip(names, row, strict=True))) for row in rows)


def _number(text: str) -> float | None:
    lowered = text.strip().lower()
    if lowered in ("true", "yes", "ja"):
        return 1.0
    if lowered in ("false", "no", "nee"):
        return 0.0
    try:
        value = float(lowered.replace(",", "."))
    except ValueError:
        return None
    return value if value == value and abs(value) < 1e12 else None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}"


def clamp(name: str, value: float, basis: float | None = None) -> Any:
    """The nearest value the lever may take; a from_history lever without a basis is only kept from below (people) or free (growth)."""
    lever = LEVERS[name]
    if lever.kind == "yes_no":
        return bool(value)
    if lever.from_history and basis is None:
        return max(value, 0.0) if lever.from_history == "factor" else value
    low, high = lever.bounds(basis)
    return min(max(value, low), high)


LEVERS: dict[str, Lever] = {f.name: f.metadata["lever"] for f in fields(Scenario) if "lever" in f.metadata}
"""All assumptions by field name, in the order of the screen."""
