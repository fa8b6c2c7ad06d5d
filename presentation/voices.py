"""Sentences and tables of what people say, from released results; the one place that pages take them from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from presentation.charts.voices import pulse_lines, wish_bars
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.texts import Words
from presentation.theme import Palette
from workflows.outlook import Outlook
from workflows.pulse import Results
from workflows.selfscan import STEPS, Scanned
from workflows.talks import Said


def group_name(words: Words, names: Sequence[str], several: str = "willing.several") -> str:
    """One or two names as they are, more as a count."""
    return words.listed(list(names)) if len(names) <= 2 else words(several, n=len(names))


# what people want


def willing_title(words: Words, said: Said) -> tuple[str, str]:
    """Headline and lead of the directors' page."""
    if not said.held:
        return words("willing.title_none"), words("willing.lead_none")
    silent = round(100 * (1 - said.held / said.people))
    known = said.capacity_fte == said.capacity_fte
    lead = words("willing.lead", silent=silent, fte=said.capacity_fte) if known else words("willing.lead_plain", silent=silent)
    return words("willing.title", n=said.held, people=said.people), lead


def willing_kpis(words: Words, said: Said, found: Outlook | None) -> list[Kpi]:
    """Conversations, hidden capacity, people who want to teach, people who want another role."""
    under = words("willing.under", k=said.least)

    def count(wish: str) -> str:
        return words.number(said.told[wish]) if wish in said.told else (under if said.least > 1 else "0")

    fte = said.capacity_fte
    towards = int(to_shortage(said, found)["people"].sum())
    known = f"{words.number(fte)} {words('axis.fte')}"
    return [
        Kpi(
            words("willing.kpi_held"),
            words.number(said.held),
            "",
            words("willing.kpi_held_note", people=said.people),
            terms=("conversation",),
        ),
        Kpi(
            words("willing.kpi_capacity"),
            known if fte == fte else under,
            "",
            words("willing.kpi_capacity_note"),
            terms=("wish", "part_time_factor"),
        ),
        Kpi(words("willing.kpi_teach"), count("teach"), "", words("willing.kpi_teach_note"), terms=("wish", "learning_pair")),
        Kpi(words("willing.kpi_move"), count("other_role"), "", words("willing.kpi_move_note", n=towards), terms=("wish", "shortage")),
    ]


def wishes_told(words: Words, palette: Palette, said: Said) -> Told | None:
    """Wishes as bars; None when nothing may be told."""
    rows = sorted(said.told.items(), key=lambda item: -item[1])
    if not rows:
        return None
    names, people = [words(f"wish.{wish}") for wish, _ in rows], [count for _, count in rows]
    title = words("willing.wishes_title", wish=names[0], n=people[0])
    return Told(title, wish_bars(names, people, words, palette, title), ("wish",), words("willing.voluntary"))


def wishes_table(words: Words, said: Said) -> pd.DataFrame:
    """Where which wish lives: wish, department, roles, people."""
    rows = [
        (
            words(f"wish.{row.wish}"),
            row.unit or "–",
            str(row.role) if row.groups <= 2 else words("willing.several", n=row.groups),
            int(row.people),
        )
        for row in said.wishes.sort_values(["wish", "people"], ascending=[True, False]).itertuples()
    ]
    names = [words("willing.wish"), words("column.unit"), words("column.role"), words("willing.wanting")]
    return pd.DataFrame(rows, columns=names)


def to_shortage(said: Said, found: Outlook | None) -> pd.DataFrame:
    """Wished roles with the shortage of the target year where the role is one group and short: names, people, gap (NaN unknown)."""
    rows = said.targets.assign(gap=float("nan"))
    if found is not None and len(rows):
        then = found.groups[found.groups["year"] == found.target_year].groupby("role")["gap_fte"].sum()
        rows["gap"] = [float(sum(then.get(name, 0.0) for name in names)) for names in rows["names"]]
    short: pd.DataFrame = rows[rows["gap"] > 0.5]
    return short


def targets_table(words: Words, said: Said, found: Outlook | None) -> tuple[str, pd.DataFrame]:
    """Supply by function beside supply by wish: who is in a role now (fte), who wants to go and who wants to come (people), and how
    many fte the role is short; those short of people first. Who wants to go is told to HR alone."""
    short = to_shortage(said, found)
    rows = said.targets.merge(short[["names", "gap"]], on="names", how="left").sort_values(
        ["gap", "people"], ascending=[False, False], na_position="last"
    )
    year = found.target_year if found else 0
    now: dict[str, float] = {}
    if found is not None:
        today = found.groups[found.groups["date"] == found.groups["date"].min()]
        now = {str(role): float(fte) for role, fte in today.groupby("role")["supply_fte"].sum().items()}
    there = [sum(now[name] for name in names) if set(names) <= set(now) else float("nan") for names in rows["names"]]
    table = pd.DataFrame(
        {
            words("willing.target"): [group_name(words, names) for names in rows["names"]],
            words("willing.now"): pd.Series(there, dtype=float).round(0).to_numpy(),
            words("willing.going"): rows["leaving"].astype(float).to_numpy(),
            words("willing.coming"): rows["people"].astype("int64").to_numpy(),
            words("willing.short", year=year): rows["gap"].astype(float).round(1).to_numpy(),
        }
    )
    if said.least > 1:  # where small groups were joined, what bears a role's own name is only a part of it
        table = table.drop(columns=[words("willing.now"), words("willing.going")])
    total = int(short["people"].sum())
    return words("willing.targets_title", n=total) if total else words("willing.targets_none"), table


def capacity_table(words: Words, said: Said) -> tuple[str, pd.DataFrame]:
    """Extra fte people would like to work, per department."""
    rows = said.capacity.sort_values("fte", ascending=False)
    table = pd.DataFrame(
        {
            words("column.unit"): [group_name(words, names, "willing.several_units") for names in rows["names"]],
            words("willing.wanting" if said.least == 1 else "willing.wanting_tens"): rows["people"].astype("int64").to_numpy(),
            words("willing.extra"): rows["fte"].astype(float).to_numpy(),
        }
    )
    known = said.capacity_fte == said.capacity_fte
    return words("willing.capacity_title", fte=said.capacity_fte) if known else words("willing.capacity_none"), table


# pulse


def pulse_firm(found: Results) -> pd.DataFrame:
    """name, opened, question, mean, answers over all shown groups of a round, weighed by answers; oldest first."""
    rows = found.pulse.assign(weight=found.pulse["mean"] * found.pulse["answers"])
    sums = rows.groupby(["round", "name", "opened", "question"], as_index=False, sort=False)[["weight", "answers"]].sum()
    return sums.assign(mean=sums["weight"] / sums["answers"])


def pulse_title(words: Words, found: Results) -> tuple[str, str]:
    firm = pulse_firm(found)
    if firm.empty:
        return words("pulse.title_none"), words("pulse.lead_none", k=found.least)
    last = firm[firm["round"] == firm["round"].iloc[-1]].set_index("question")
    lowest = str(last["mean"].idxmin())
    committed = words.number(float(last.at["committed", "mean"]), 1)
    low = words.number(float(last.at[lowest, "mean"]), 1)
    name, people = str(last["name"].iloc[0]), int(last["answers"].max())
    lead = words("pulse.lead", question=lower_first(words(f"pulse.question.{lowest}")), low=low, n=people, name=lower_first(name))
    return words("pulse.title", mean=committed), lead


def lower_first(text: str) -> str:
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]


def pulse_trend(words: Words, palette: Palette, found: Results) -> Told:
    """All questions over the rounds; the title tells of the one that moved most."""
    firm = pulse_firm(found)
    ends = firm.groupby("question", sort=False)["mean"].agg(["first", "last"])
    most = str((ends["last"] - ends["first"]).abs().idxmax())
    first, last = (words.number(float(ends.at[most, name]), 1) for name in ("first", "last"))
    several = firm["round"].nunique() > 1
    told = {"question": words(f"pulse.word.{most}"), "first": first, "last": last}
    title = words("pulse.trend", **told) if several else words("pulse.trend_one")
    return Told(title, pulse_lines(firm, words, palette, title), ("pulse_round",), words("pulse.rule", k=found.least))


def pulse_teams(words: Words, found: Results) -> tuple[str, pd.DataFrame]:
    """The newest round: teams down, questions across."""
    rows = found.pulse[found.pulse["round"] == found.pulse["round"].iloc[-1]]
    wide = rows.assign(team=[words.listed(list(names)) for names in rows["teams"]]).pivot_table(
        index="team", columns="question", values="mean", sort=False
    )
    answers = rows.assign(team=[words.listed(list(names)) for names in rows["teams"]]).groupby("team", sort=False)["answers"].min()
    table = wide.assign(answers=answers).sort_values("committed").reset_index()
    names = {name: words(f"pulse.word.{name}") for name in wide.columns}
    titled = table.rename(columns={"team": words("pulse.team"), "answers": words("pulse.answers"), **names})
    return words("pulse.teams", name=lower_first(str(rows["name"].iloc[0]))), titled


def ability_table(words: Words, found: Results) -> tuple[str, pd.DataFrame]:
    """Work ability per group of teams of its newest round, in per cent."""
    rows = found.ability[found.ability["round"] == found.ability["round"].iloc[-1]]
    wide = rows.assign(team=[words.listed(list(names)) for names in rows["teams"]], share=100 * rows["share"]).pivot_table(
        index=["team", "people"], columns="band", values="share", sort=False
    )
    bands = list(wide.columns)
    shown = wide.round(0).astype(int).reset_index()
    for band in bands:
        shown[band] = [words.percent(share / 100) for share in shown[band]]
    names = {"team": words("pulse.team"), "people": words("pulse.people"), **{band: words(f"pulse.band.{band}") for band in bands}}
    return words("pulse.ability", name=lower_first(str(rows["name"].iloc[0]))), shown.rename(columns=names)


# self-scan


def scan_title(words: Words, found: Scanned) -> tuple[str, str]:
    last = found.last()
    if not last:
        return words("scan.title_none"), words("scan.lead_first")
    early = sum(stage <= 1 for stage in last.values())
    earlier = found.progress[found.progress["scan"] < found.progress["scan"].max()]
    if earlier.empty:
        return words("scan.title", n=early), words("scan.lead_first")
    before = earlier[earlier["scan"] == earlier["scan"].max()]
    return words("scan.title", n=early), words("scan.lead", before=int((before["stage"] <= 1).sum()))


def scan_change(words: Words, found: Scanned, since: int) -> tuple[str, pd.DataFrame]:
    """The newest scan beside an earlier one: how many of the eight went forward or back, and which."""
    stages = {int(scan): part.set_index("step")["stage"] for scan, part in found.progress.groupby("scan")}
    then, now = stages[since].reindex(STEPS), stages[max(stages)].reindex(STEPS)
    moved = (now - then).fillna(0).astype(int)
    day = pd.Timestamp(found.progress.loc[found.progress["scan"] == since, "held"].iloc[0]).date()
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    title = words("scan.moved", day=day, up=up, down=down) if up or down else words("scan.moved_same", day=day)
    told = [
        words("scan.steps_better", n=step) if step > 0 else words("scan.steps_back", n=-step) if step < 0 else words("scan.same")
        for step in moved
    ]
    table = pd.DataFrame(
        {
            words("scan.stage_of"): [words(f"scan.step.{step}") for step in STEPS],
            words.day(day, short=True): [words(f"scan.stage.{int(stage)}") if stage == stage else "–" for stage in then],
            words("scan.now"): [words(f"scan.stage.{int(stage)}") if stage == stage else "–" for stage in now],
            words("scan.change"): told,
        }
    )
    return title, table


def scan_progress(words: Words, found: Scanned) -> pd.DataFrame:
    """The eight things down, the scans across."""
    wide = found.progress.pivot_table(index="step", columns="held", values="stage", aggfunc="last").reindex(STEPS)
    table = pd.DataFrame({words("scan.stage_of"): [words(f"scan.step.{step}") for step in wide.index]})
    for day in wide.columns:
        table[words.day(day, short=True)] = [words(f"scan.stage.{int(stage)}") if stage == stage else "–" for stage in wide[day]]
    return table
