"""Who counts on a day, and as what: pieces of SQL, the same in every question."""

EMPLOYED = "own AND (hire IS NULL OR hire <= {day}) AND (leave IS NULL OR leave > {day})"
"""Who counts on a day: own staff, already hired (or hire date unknown), not yet left."""

AGE = "(year({day}) - year({birth}) - (month({day}) * 100 + day({day}) < month({birth}) * 100 + day({birth}))::INTEGER)"
"""Age last birthday; somebody born on 29 February turns on 1 March in other years (DuckDB's date_sub says 28 February)."""

TENURE = (
    "CASE WHEN {hire} IS NULL THEN 2 ELSE CASE WHEN date_sub('year', {hire}, {day}) < 1 THEN 0 "
    "WHEN date_sub('year', {hire}, {day}) < 2 THEN 1 WHEN date_sub('year', {hire}, {day}) < 5 THEN 2 ELSE 3 END END"
)
"""Index in TENURE_BANDS; without a hire date the middle band, so that nobody counts as new or as settled for good."""

CONTRACT = "(contract IN ('fixed', 'apprentice') OR (contract NOT IN ('permanent') AND contract_end IS NOT NULL))"
"""True for contracts that end: said so, or with an end date and not said to be permanent."""

LIVE_SNAPSHOT = "replaced_by IS NULL"
"""Snapshots in force."""
