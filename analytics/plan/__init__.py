"""What closes the gap, at what cost: levers as measures, the cheapest mix, near-equal other mixes, goals and actions."""
