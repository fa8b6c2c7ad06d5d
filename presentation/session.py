"""One visitor's state and everything kept between runs: language, scenario, scope, the open workspace, computed outlooks."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import pandas as pd
import streamlit as st

from presentation import settling
from presentation.texts import LANGUAGES, Words
from presentation.theme import Palette, palette
from workflows import as_told, rules, running
from workflows import outlook as outlooks
from workflows.access import Right, may
from workflows.identity import as_director, first_admin, recognise
from workflows.kept import Kept
from workflows.outlook import Outlook
from workflows.types import FULL_RIGHTS, LEVERS, Refusal, Rejected, Scenario, Scope, Viewer
from workflows.workspace import Ready, Workspace

DATABASE = "data/werkhorizon.duckdb"
LOOPS_AFTER = 2.0
"""Seconds before a projection that was never compiled begins to be, so that it does not stand in the way of the first page."""
FIRST_YEARS = 5
"""How far ahead of the data a first page looks."""
OUTLOOKS_KEPT, SPLITS_KEPT = 200, 100
OWN_PARAMETERS = frozenset({"lang", "year", "location", "unit", "role", "by", "scenario", "link", "on", "embed", "embed_options"})
"""Address-bar parameters that are no lever."""
RIGHT_OF = {"upload": Right.IMPORT, "conversations": Right.PERSONS}
"""What a page needs; the others need figures about groups."""


@dataclass(frozen=True, eq=False)
class View:
    """What a page gets: words and colours, who is looking, the scenario, the year it asks about and, when there are data, the outlook.
    ask: makes the outlook, when it is first looked at; None without data or with none in the selection."""

    words: Words
    palette: Palette
    viewer: Viewer
    workspace: Workspace
    scenario: Scenario
    scope: Scope
    ask: Callable[[], Outlook] | None = None
    year: int = 0
    problem: Refusal | None = None

    @property
    def empty(self) -> bool:
        return self.ask is None

    @cached_property
    def outlook(self) -> Outlook | None:
        """None when `empty`."""
        return None if self.ask is None else self.ask()

    @property
    def lang(self) -> str:
        return self.words.lang


def database() -> Path:
    """Where the data are: WERKHORIZON_DATABASE, else data/werkhorizon.duckdb beside the app."""
    return _whole_path(os.environ.get("WERKHORIZON_DATABASE") or DATABASE)


@cache
def _whole_path(name: str) -> Path:
    """Looked up once: every run of a page asks several times."""
    return Path(name).resolve()


@st.cache_resource(show_spinner=False, on_release=lambda workspace: workspace.close())
def _opened(path: str) -> Workspace:
    running.hasten(LOOPS_AFTER)
    return running.opened(Path(path))


def workspace() -> Workspace:
    """The one open workspace of this process; Refusal when the file cannot be opened (in use, not a database, newer)."""
    return _opened(str(database()))


def health() -> Ready:
    """For a monitor: whether the data are open and whole. Opens them when nobody has yet."""
    try:
        return workspace().ready()
    except Refusal as problem:
        return Workspace(database()).not_ready(problem.code)


def ahead() -> None:
    """What the first page of the one local user is made of. Whoever logs in finds the data open."""
    with suppress(Refusal):
        data = workspace()
        if not login_configured():
            first = ground(Viewer.local(), data)
            outlook(Viewer.local(), data, Scenario(), Scope(), first.as_of.year + FIRST_YEARS)


def leave() -> None:
    """At the end of the process: let an import finish, fold everything into the file, close."""
    with suppress(Refusal):
        workspace().close()


def rescuer() -> Viewer | None:
    """Who may put a back-up back while the data cannot be opened. The table of roles cannot be read then: without a login the
    local user, with one the administrator whom the server's own settings name."""
    if not login_configured():
        return Viewer.local()
    first = str(st.secrets.get("werkhorizon", {}).get("first_admin", ""))
    return first_admin(dict(st.user.to_dict()), first) if logged_in() else None


def login_configured() -> bool:
    """Whether somebody must log in. A file of secrets that cannot be read, or that has our part but lost the one of the login,
    counts as yes: a typing error opens nothing."""
    try:
        return "auth" in st.secrets or "werkhorizon" in st.secrets
    except FileNotFoundError:  # no file, or one that cannot be read
        return any(Path(str(file)).exists() for file in st.get_option("secrets.files"))


def logged_in() -> bool:
    """Whether there is nobody left to ask: no login is configured, or it has been done."""
    return not login_configured() or bool(st.user.get("is_logged_in"))


def person() -> Viewer | None:
    """Who is there: the one local user with full rights when no login is configured, else whom the table of roles knows by the
    verified claims, else None."""
    if not login_configured():
        return Viewer.local()
    first = str(st.secrets.get("werkhorizon", {}).get("first_admin", ""))
    found = recognise(dict(st.user.to_dict()), workspace(), first) if logged_in() else None
    if found is None and logged_in() and not st.session_state.get("_refused"):
        st.session_state["_refused"] = True
        rules.refused(None, workspace())
    return found


def viewer() -> Viewer | None:
    """With whose eyes: `person`, or those of a director when HR or the local user asked for that in a meeting."""
    found = person()
    if found is not None and can_look_as_director(found) and st.session_state.get("as_director"):
        return as_director(found, workspace())
    return found


def can_look_as_director(found: Viewer) -> bool:
    return found.role in FULL_RIGHTS


def allowed(found: Viewer | None, page: str) -> bool:
    """Whether a page has anything for this viewer; the workflow calls check again. None: before login, every address."""
    return found is None or page == "access" or may(found, RIGHT_OF.get(page, Right.GROUPS))


def link() -> tuple[str, ...]:
    """Kind and token of a link without an account, () when the address carries none; `controls.visiting` draws what it opens."""
    kind, _, token = str(st.query_params.get("link", ""))[:200].partition(".")
    return (kind, token) if token else ()


def language() -> str:
    """The chosen language; at a first visit that of the browser, Dutch unless it says English."""
    chosen = str(st.session_state.get("lang") or st.query_params.get("lang") or "").lower()
    if chosen in LANGUAGES:
        return chosen
    return "en" if str(st.context.locale or "nl").lower().startswith("en") else "nl"


def words() -> Words:
    return Words(language())


def colours() -> Palette:
    """The palette that fits the screen."""
    theme = st.context.theme
    return palette(bool(theme) and theme.type == "dark")


def view() -> View:
    """The view app.py made for this run."""
    return st.session_state["_view"]


def keep(made: View) -> None:
    st.session_state["_view"], st.session_state["_framed"] = made, True


def at_end(act: Callable[[], None] | None = None) -> Callable[[], None] | None:
    """What is left to draw when the page has drawn its own; without `act` it is taken out."""
    left = st.session_state.get("_at_end")
    st.session_state["_at_end"] = act
    return left


def dialog(opened: bool) -> None:
    """Note that this run of the page opened a dialog, or that it began anew without one."""
    st.session_state["_dialog_open"] = opened


def dialog_open() -> bool:
    """Whether the last run of the page opened a dialog: another run of the whole page would close it while somebody types."""
    return bool(st.session_state.get("_dialog_open"))


def framed() -> bool:
    """Whether the frame was drawn in this run and no page has asked yet."""
    return bool(st.session_state.pop("_framed", False))


@st.cache_resource(show_spinner=False)
def _answers() -> tuple[Kept, Kept]:
    """Outlooks and splits of this process. Not one `cache_resource` each: that keeps a lock for every question that was ever asked."""
    return Kept(OUTLOOKS_KEPT), Kept(SPLITS_KEPT)


def outlook(viewer_: Viewer, workspace_: Workspace, scenario: Scenario, scope: Scope, year: int) -> Outlook:
    """The released outlook; kept per state of the data, viewer, scenario, scope and year. Frames in it must not be changed."""
    key = (*_asked(viewer_, workspace_, scenario, scope), year)
    return _answers()[0].get(key, lambda: outlooks.outlook(viewer_, workspace_, scenario, scope, year))


def split(view_: View, by: str) -> pd.DataFrame:
    """Per location, unit or role with ranges of their own, kept like the outlook. The frame must not be changed."""
    asked = (view_.viewer, view_.workspace, view_.scenario)
    key = (*_asked(*asked, view_.scope), by)
    return _answers()[1].get(key, lambda: outlooks.split(*asked, by, view_.scope))


def _asked(viewer_: Viewer, workspace_: Workspace, scenario: Scenario, scope: Scope) -> tuple:
    """What decides about every answer: the data, who asks, the levers, the choice of people."""
    return (_state(viewer_, workspace_), _who(viewer_), scenario.to_json(), scope.locations, scope.units, scope.roles)


def _state(viewer_: Viewer, workspace_: Workspace) -> str:
    """Of the data and of what this viewer is told of what people said: a wish that is taken back is in no kept answer."""
    return as_told.mark(viewer_, workspace_)


def _who(viewer_: Viewer) -> tuple[str, str, tuple[str, ...], int]:
    return (viewer_.who, viewer_.role.value, viewer_.units, viewer_.k)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the controls stand on, per data fingerprint: the latest reference date, the firm's own figures, the choices,
    and the levers by their effect on these data, largest first; missing: levers for which there are no data."""

    as_of: date
    basis: dict[str, float]
    choices: Scope
    ranking: tuple[str, ...]
    effects: pd.DataFrame
    missing: tuple[str, ...] = ()


@st.cache_resource(max_entries=8, show_spinner=False)
def _ground(state: str, who: tuple, _ask: tuple) -> Ground:
    viewer_, workspace_ = _ask
    settling.room_for(workspace_.people())
    effects: pd.DataFrame = outlooks.lever_effects(viewer_, workspace_, Scenario())
    ranked = [str(name) for name in effects["lever"]]
    first = outlooks.outlook(viewer_, workspace_, Scenario())
    rest = [name for name in LEVERS if name not in ranked]
    settling.keep()
    own, scopes, missing = (ask(viewer_, workspace_) for ask in (outlooks.basis, outlooks.choices, outlooks.without_data))
    return Ground(first.as_of, own, scopes, (*ranked, *rest), effects, missing)


def ground(viewer_: Viewer, workspace_: Workspace) -> Ground:
    """See Ground; Refusal `no_data` when nothing has been loaded."""
    return _ground(_state(viewer_, workspace_), _who(viewer_), (viewer_, workspace_))


def accept_link(basis: dict[str, float]) -> None:
    """Once per visit, before any control exists: take the levers from the address, clamp them, keep what was refused."""
    if "_rejected" in st.session_state:
        return
    asked = {name: value for name, value in st.query_params.items() if name not in OWN_PARAMETERS}
    scenario, rejected = Scenario.from_query(asked, basis)
    for name, value in scenario.changed().items():
        st.session_state[name] = value
    if scenario.overrides:
        st.session_state["_overrides"] = scenario.overrides
    st.session_state["_rejected"] = rejected


def rejected() -> tuple[Rejected, ...]:
    """What the link asked and did not get, until it has been read."""
    return st.session_state.get("_rejected", ())


def forget_rejected() -> None:
    st.session_state["_rejected"] = ()


def effects(viewer_: Viewer, workspace_: Workspace) -> pd.DataFrame:
    """Reach of each lever on the shortage five years on, in the baseline."""
    return ground(viewer_, workspace_).effects


# -- stepping back and forward ---------------------------------------------------------------------------------------------


def remember(scenario: Scenario) -> None:
    """Note the scenario of this run; a change becomes a step that can be taken back."""
    state = st.session_state
    state.setdefault("_past", [])
    state.setdefault("_future", [])
    last = state.get("_present")
    if last is not None and last != scenario and not state.pop("_stepping", False):
        state["_past"] = [*state["_past"][-49:], last]
        state["_future"] = []
    state["_present"] = scenario


def can_step(back: bool) -> bool:
    return bool(st.session_state.get("_past" if back else "_future"))


def step(back: bool, set_levers) -> None:
    """Go one step back or forward; `set_levers(scenario)` writes the controls. Call from a button's callback."""
    state = st.session_state
    source, target = ("_past", "_future") if back else ("_future", "_past")
    if not state.get(source):
        return
    scenario = state[source][-1]
    state[source] = state[source][:-1]
    state[target] = [*state.get(target, []), state["_present"]]
    state["_stepping"] = True
    set_levers(scenario)
