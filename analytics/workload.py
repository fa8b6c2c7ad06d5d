"""How much work there is by volume and standard, beside the establishment (WHO, Workload Indicators of Staffing Need, 2010)."""

from __future__ import annotations

from dataclasses import dataclass

AVAILABLE_HOURS = 1380.0
"""Hours an fte works in a year after leave, illness and training (levers_and_story, certainty C)."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Work of one role in a year. volume: units; hours_each: standard hours a unit; category_allowance: percent of everybody's time on
    other work (meetings, travel); individual_hours: hours a year of work that some do for all; available_hours of an fte a year."""

    role: str
    volume: float
    hours_each: float
    category_allowance: float = 0.0
    individual_hours: float = 0.0
    available_hours: float = AVAILABLE_HOURS
    source: str = ""

    def fte(self) -> float:
        """volume x hours / available hours, x 1 / (1 - allowance), + individual hours / available hours."""
        if not (self.volume >= 0 and self.hours_each >= 0 and 0 <= self.category_allowance < 100 and self.available_hours > 0):
            raise ValueError(f"workload of {self.role}: volume, hours and allowances are zero or more, allowance below 100 %")
        standard = self.volume * self.hours_each / self.available_hours
        return standard / (1 - self.category_allowance / 100) + self.individual_hours / self.available_hours
