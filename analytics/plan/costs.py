"""What measures cost, from the dated table of amounts: the firm's own figures go before the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from analytics.amounts import Amount, amount
from analytics.plan.measures import Costs

KEYS = {
    "recruitment": "recruitment_per_hire",
    "settling_worth": "settling_in_worth",
    "training_day": "training_day",
    "guidance": "guidance_per_person",
    "guidance_hours": "guidance_hours",
    "guidance_room": "guidance_room",
    "productive_hours": "productive_hours",
    "hire_premium": "hire_premium",
    "mentor_share": "mentor_time",
    "margin_per_hour": "margin_per_hour",
}
"""Field of `Costs` -> key of the dated table."""


def costs_on(day: date, own: Iterable[Amount] = ()) -> Costs:
    """The amounts in force on a day."""
    mine = tuple(own)
    return Costs(**{field: amount(key, day, mine).value for field, key in KEYS.items()})
