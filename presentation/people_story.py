"""What people want, can and say, as further slides and sheets. Slides travel: whoever makes them, they hold only what a director
may see, groups of at least ten people."""

from __future__ import annotations

from contextlib import suppress

from presentation import doings, voices
from presentation.exports.extra import Extra
from presentation.texts import Words
from presentation.theme import LIGHT
from workflows import groups, ideas, learning, pulse, talks
from workflows.identity import as_director
from workflows.learning_effect import learning_effect
from workflows.outlook import Outlook
from workflows.types import Refusal, Viewer
from workflows.workspace import Workspace


def people_slides(words: Words, viewer: Viewer, workspace: Workspace) -> tuple[Extra, ...]:
    """What becomes a slide: what people want, where enough of them said so."""
    eyes = viewer if viewer.k > 1 else as_director(viewer, workspace)
    with suppress(Refusal):
        return tuple(_wishes(words, talks.said(eyes, workspace)))
    return ()


def people_extras(words: Words, viewer: Viewer, workspace: Workspace, found: Outlook) -> tuple[Extra, ...]:
    """What becomes a sheet. found: the outlook of the story, whose shortages stand beside the wishes."""
    eyes = viewer if viewer.k > 1 else as_director(viewer, workspace)
    made: list[Extra] = []
    for part in (
        lambda: _said(words, eyes, workspace, found),
        lambda: _pulse(words, eyes, workspace),
        lambda: _done(words, eyes, workspace),
    ):
        with suppress(Refusal):  # too few people for a part: the story goes without it
            made += part()
    return tuple(extra for extra in made if len(extra.table))


def _said(words: Words, eyes: Viewer, workspace: Workspace, found: Outlook) -> list[Extra]:
    said = talks.said(eyes, workspace)
    title, table = voices.targets_table(words, said, found)
    capacity_title, capacity = voices.capacity_table(words, said)
    told = [Extra(words("people.sheet_supply"), title, table), Extra(words("people.sheet_hours"), capacity_title, capacity)]
    return [*_wishes(words, said), *told]


def _wishes(words: Words, said: talks.Said) -> list[Extra]:
    wishes = voices.wishes_told(words, LIGHT, said)
    if not wishes or not len(wishes.figure.table):
        return []
    return [Extra(words("people.sheet_wishes"), wishes.title, wishes.figure.table, True, wishes.figure.alt)]


def _pulse(words: Words, eyes: Viewer, workspace: Workspace) -> list[Extra]:
    results = pulse.results(eyes, workspace)
    if results.pulse.empty:
        return []
    trend = voices.pulse_trend(words, LIGHT, results)
    team_title, teams = voices.pulse_teams(words, results)
    out = [Extra(words("nav.pulse"), trend.title, trend.figure.table), Extra(words("people.sheet_teams"), team_title, teams)]
    if len(results.ability):
        ability_title, ability = voices.ability_table(words, results)
        out.append(Extra(words("people.sheet_ability"), ability_title, ability))
    return out


def _done(words: Words, eyes: Viewer, workspace: Workspace) -> list[Extra]:
    board, at_work = ideas.board(eyes, workspace), groups.groups(eyes, workspace)
    budget, effect = learning.budget(eyes, workspace), learning_effect(eyes, workspace)
    out = [
        Extra(words("people.sheet_ideas"), words("ideas.board"), doings.board_table(words, board)),
        Extra(words("people.sheet_groups"), words("groups.title", n=len(at_work)), doings.groups_table(words, at_work)),
        Extra(words("people.sheet_learning"), words("learning.title"), doings.budget_table(words, budget)),
    ]
    if effect is not None:
        table = doings.effect_table(words, effect)
        out.append(Extra(words("people.sheet_effect"), words("learning.effect_title", n=effect.short, covered=effect.covered), table))
    return out
