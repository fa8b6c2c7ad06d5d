"""The frame around every page: navigation, language, badges, what is selected, the empty state, and what a link lost."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from presentation import lists, sentences, session
from presentation.ahead import STEADY
from presentation.controls.addressing import read_mark, say_other, to_address
from presentation.controls.beginning import template_button
from presentation.controls.cards import plain, refusal_text
from presentation.controls.counting import counted_help
from presentation.controls.entering import ask_login, say_unknown, who_is_looking
from presentation.controls.exceptions import exception_controls
from presentation.controls.handing import begin_page, hand_over_together
from presentation.controls.keeping import rescue
from presentation.controls.levers import scenario_controls
from presentation.controls.menu import hints, navigation
from presentation.controls.saving import open_linked, save_button, say_opened
from presentation.controls.shield import log_trouble_said, note_scope, protected_line
from presentation.controls.speaking import library_words, speak
from presentation.controls.taking import take_along
from presentation.controls.visiting import visit
from presentation.session import Ground, View
from presentation.texts import Words
from presentation.theme import readable_on
from workflows import importing, rules
from workflows.access import Right, may
from workflows.quality import quality
from workflows.types import LEVERS, Refusal, Scenario, Scope, Viewer
from workflows.workspace import Workspace

CAPTIONS = "[data-testid='stCaptionContainer'], [data-testid='stCaptionContainer'] p {{ color: {colour}; opacity: 1; }}"
"""The screen library writes captions too faint to read (4.4 to 1); ours have the palette's own soft ink."""
MENU = "[data-testid='stSidebarNavItems'] {{ max-height: 38vh; overflow-y: auto; border-bottom: 1px solid {line}; }}"
"""The menu scrolls by itself, so that the sliders under it are in sight on any screen."""
PRIMARY = "[data-testid^='stBaseButton-primary']:not(:disabled)"
BUTTON = f"{PRIMARY}, {PRIMARY} p, [data-testid='stMultiSelect'] [data-tag], [data-testid='stMultiSelect'] [data-tag] *"
PRESSED = f"{BUTTON} {{{{ color: {{ink}}; }}}}"
"""On a light blue button or tag of the dark screen the library writes white (2.3 to 1): the letters take the ink that can be read on it."""
PHONE_RULES = (
    "h1 {{ font-size: 1.6rem !important; }}",
    ".st-key-choices {{ gap: 0.5rem; }}",
    "[class*='st-key-question_'] {{ flex-wrap: wrap !important; }}",
)
PHONE = f"@media (max-width: 640px) {{{{ {' '.join(PHONE_RULES)} }}}}"
"""On a phone the title takes less, the three buttons above it stand on one line, and the way to a page stands under its answer."""
OPENS = (
    "[data-testid='stExpandSidebarButton'] [data-testid='stIconMaterial'],"
    " [data-testid='stSidebarCollapseButton'] [data-testid='stIconMaterial'] {{ color: {ink}; }}"
)
"""What opens and folds the menu is drawn in the ink of text: the library draws its thin lines at three fifths of it."""
LABELS = "[data-testid='stMetricLabel'] p { white-space: normal; overflow: visible; }"
"""What a card counts is never cut off: on a small screen it takes a second line."""
TAG = "[data-testid='stMultiSelectTagsContainer']"
CHOSEN = (
    f"[data-testid='stMultiSelect'] [role='group']:has(> {TAG}) {{ max-height: none; }}"
    f" {TAG} [data-tag] {{ height: auto; max-width: 100%; }} {TAG} [data-tag] > span {{ white-space: normal; overflow: visible; }}"
    " [data-testid='stMultiSelectDropdown'] [data-item-hl] { white-space: normal; overflow: visible; line-height: 1.1; }"
)
"""What was chosen out of many, and what can be, is read whole: a long name goes on below. The library gives each of the latter the height
of two such lines."""
TITLES = "h1, h5 { text-wrap: balance; }"
"""A title of two lines is two lines of much the same length, not a line and a word."""
TABLE_MENU = "[data-testid='stPopoverBody']:has([data-testid='stDataFrame']) { width: min(42rem, calc(100vw - 2rem)); max-width: none; }"
"""The menu of a figure is as wide as its table, and never wider than the screen."""
WORKING = "[data-testid='stApp']:not([data-test-script-state='notRunning'])"
FIGURES_FIRST = frozenset({"skills", "changing"})
"""Pages whose own figures are not made of the outlook: they draw them first, and what the frame tells of the outlook afterwards. Not when
somebody comes to the page, for that line would push aside what stands under it."""
FADES = (
    f"@keyframes fades {{ to {{ --fresh: 0.33; }} }} {WORKING} {{ animation: fades 1ms 0.5s forwards; }}"
    " [data-stale='true'] { opacity: var(--fresh, 1) !important; transition: opacity 1s ease-in !important; }"
)
"""What is being worked out anew fades after half a second, as the screen library has it. Its own way is a transition that begins at once
and waits: with every move of a slider each part of the page then gets a layer of its own in the browser, and loses it again."""


def draw(finishing: bool = False):
    """Everything around the page, once a run: page settings, menu, levers, the outlook. Returns the page to run, None when
    the data cannot be opened (which has then been said). finishing: `finish` is called after the page."""
    st.set_page_config(page_title="Werkhorizon", page_icon="🌅", layout="wide")
    hand_over_together()
    words = session.words()
    if session.link():
        navigation(words, None)
        let_in(words, *session.link())
        return None
    if not session.logged_in():
        navigation(words, None)
        ask_login(words)
        return None
    try:
        workspace, viewer = session.workspace(), session.viewer()
    except Refusal as refusal:
        navigation(words, None)  # before any control: what is drawn ahead of it is forgotten at the next run
        say_closed(words, refusal)
        return None
    page = navigation(words, viewer)
    if viewer is None:
        say_unknown(words)
        return None
    again = begin_page(page.url_path)
    session.keep(begin(words, workspace, viewer, finishing and again and page.url_path in FIGURES_FIRST))
    return page


def finish() -> None:
    """After the page: what of the frame was left for then."""
    left = session.at_end()
    if left is not None:
        left()


def let_in(words: Words, kind: str, token: str) -> None:
    """What somebody with a link and without an account sees; closed data are said as to anybody."""
    try:
        workspace = session.workspace()
    except Refusal as refusal:
        say_closed(words, refusal)
        return
    visit(words, workspace, kind, token)


def view() -> View:
    """What app.py made for this run.

    Streamlit takes files in a folder called pages/ for an older kind of app until the first st.navigation of a process: a
    shared link to a page, opened first after a start, then runs that page's file alone. The frame is drawn here in that
    case, under the main script's name so that its controls are the same controls as ever.
    """
    if not session.framed():
        context = get_script_run_ctx()
        if context is None:
            st.stop()
        page = None
        with context.run_with_active_hash(context.pages_manager.main_script_hash), log_trouble_said():
            page = draw()
        if page is None:
            st.stop()
        session.framed()
    return session.view()


def say_closed(words: Words, refusal: Refusal) -> None:
    """One plain sentence on why the data cannot be opened, and the way back."""
    st.title(words("app.locked_title" if refusal.code == "database_locked" else "app.cannot_open"), anchor=False)
    st.error(refusal_text(words, refusal))
    if refusal.code not in ("database_locked", "log_unusable"):  # which no back-up of the data would mend
        rescue(words)


def begin(words: Words, workspace: Workspace, viewer: Viewer, figures_first: bool = False) -> View:
    """Draw what every page shares and compute the outlook: controls -> one call -> the page's figures. figures_first: the outlook is
    left for when the page asks for it, or for `finish`; not where people are chosen, for then it can be that there are none."""
    session.dialog(False)
    session.at_end()
    palette = session.colours()
    who_is_looking(words, viewer)
    _say_trouble(words, viewer, workspace)
    _set_language(words, viewer)
    _brand(words)
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="topbar")
    line, bar = (
        row.container(horizontal=True, vertical_alignment="center", gap="small", key="context"),
        row.container(horizontal=True, vertical_alignment="center", width="content", key="choices"),
    )
    try:
        with st.spinner(words("app.computing")):
            ground = session.ground(viewer, workspace)
    except Refusal as refusal:
        _language_choice(bar, words)
        return View(words, palette, viewer, workspace, Scenario(), Scope(), problem=refusal)
    open_linked(words, viewer, workspace, ground)
    read_mark(viewer, workspace)
    scope = _scope_choice(bar, words, ground.choices, bool(viewer.units))
    _language_choice(bar, words)
    year = _year_choice(words, ground)
    scenario = scenario_controls(words, ground)
    _say_rejected(words)
    asked = (viewer, workspace, scenario, scope)
    view = View(words, palette, *asked, partial(session.outlook, *asked, year), year)
    if figures_first and scope == Scope():
        session.at_end(partial(_context, view, line, st.container()))
    else:
        try:
            _context(view, line, st.container())
        except Refusal as refusal:
            return View(words, palette, *asked, problem=refusal)
    note_scope(view)
    take_along(view, bar, ground)
    _chips(view)
    exception_controls(view)
    save_button(view)
    say_opened(words)
    say_other(words, scenario)
    to_address(view)
    return view


def _say_trouble(words: Words, viewer: Viewer, workspace: Workspace) -> None:
    """Lost imports are lost work: said on every page to who can bring them back. A broken log only where the log is."""
    lost = rules.lost_imports(viewer, workspace)
    if lost:
        st.error(words("access.lost_imports", n=lost), icon=":material/warning:")


def _brand(words: Words) -> None:
    """Name on top of the menu, drawn here so that nothing is fetched; on a narrow or folded menu only the sign."""
    ink, mark = session.colours().ink, session.colours().have
    sign = f"<path d='M2 20a12 12 0 0 1 24 0' fill='{mark}'/><path d='M0 24h28' stroke='{session.colours().need}' stroke-width='3'/>"
    font = "font-family='Source Sans, Arial, sans-serif' font-size='21' font-weight='700'"
    name = f"<text x='38' y='24' {font} fill='{ink}'>{words('app.name')}</text>"
    head = "<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='30' viewBox='0 0 {0} 30'>{1}</svg>"
    st.logo(head.format(170, sign + name), size="large", icon_image=head.format(28, sign))


def _set_language(words: Words, viewer: Viewer) -> None:
    """The page's own rules of style, and its language."""
    colours = session.colours()
    style = CAPTIONS.format(colour=colours.soft) + MENU.format(line=colours.grid) + PHONE.format()
    style += OPENS.format(ink=colours.ink) + PRESSED.format(ink=readable_on(colours.have))
    style += STEADY + FADES + LABELS + CHOSEN + TITLES + TABLE_MENU + library_words(words, colours.soft)
    st.html(f"<style>{style}</style>")
    speak(words, hints(words, viewer))


def _language_choice(bar, words: Words) -> None:
    st.session_state.setdefault("lang", words.lang.upper())
    bar.segmented_control(words("app.language"), ["NL", "EN"], required=True, key="lang", bind="query-params", label_visibility="collapsed")


def _year_choice(words: Words, ground: Ground) -> int:
    first = ground.as_of.year
    with st.sidebar:
        return st.slider(
            words("app.year_choice"), first + 1, first + 10, first + session.FIRST_YEARS, 1, key="year", bind="query-params", format="%d"
        )


def _scope_choice(bar, words: Words, choices: Scope, part: bool = False) -> Scope:
    """part: nothing chosen means the viewer's own departments, not the whole organisation."""
    picked_in_figure = st.session_state.pop("_filter", None)
    if picked_in_figure:
        st.session_state[picked_in_figure[0]] = [picked_in_figure[1]]
    state, asked = st.session_state, st.query_params  # what a link asks for is there before its control is drawn
    chosen = {name: (state[name] if name in state else asked.get_all(name)) or [] for name in ("location", "unit", "role")}
    count = sum(len(values) for values in chosen.values())
    text = words("app.scope_some", n=count) if count else words("app.scope_own" if part else "app.scope_all")
    menu = bar.popover(text, icon=":material/filter_alt:", help=words("app.scope"))
    picked = {}
    for name, options in (("location", choices.locations), ("unit", choices.units), ("role", choices.roles)):
        if len(options) < 2:
            picked[name] = ()
            continue
        picked[name] = tuple(
            menu.multiselect(
                words(f"app.scope_{name}s"),
                options,
                key=name,
                bind="query-params",
                placeholder=words("app.scope_placeholder"),
                select_all=False,  # written in English by the screen library in every language
                persist_state="session",
            )
        )
    menu.button(words("app.scope_clear"), disabled=not count, on_click=_clear_scope, key="_scope_clear")
    return Scope(picked["location"], picked["unit"], picked["role"])


def _chips(view: View) -> None:
    """What the figures are narrowed to: one chip a choice, each with its way back, and one for all."""
    words, scope = view.words, view.scope
    chosen = [("location", name) for name in scope.locations]
    chosen += [("unit", name) for name in scope.units] + [("role", name) for name in scope.roles]
    if not chosen:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for kind, name in chosen[:12]:
            st.button(plain(name), icon=":material/close:", key=f"_chip_{kind}_{name}", on_click=_unchoose, args=(kind, name))
        st.button(words("app.scope_clear"), type="tertiary", key="_chips_clear", on_click=_clear_scope)


def _unchoose(kind: str, name: str) -> None:
    st.session_state[kind] = [value for value in st.session_state.get(kind) or [] if value != name]


def _clear_scope() -> None:
    for name in ("location", "unit", "role"):
        if name in st.session_state:
            st.session_state[name] = []


def _say_rejected(words: Words) -> None:
    found = session.rejected()
    if not found:
        return
    names = {name: words(f"lever.{name}.label") for name in LEVERS}  # what is no lever keeps the name it came with
    lines = [
        words(f"levers.rejected_{item.reason}", name=plain(names.get(item.name, item.name)), value=plain(item.value), used=item.used or 0)
        for item in found
    ]
    with st.container(border=True):
        st.warning(f"**{words('levers.rejected_title')}**\n\n" + "\n".join(f"- {line}" for line in lines))
        st.button(words("levers.rejected_dismiss"), on_click=session.forget_rejected, key="_rejected_ok")


def _context(view: View, row: Any, notes: Any) -> None:
    """One line: what these figures are about, and what has to be known to read them. Refusals of the outlook."""
    words, found = view.words, view.outlook
    if found is None:
        return
    if found.sample:
        row.badge(words("app.sample_badge"), icon=":material/science:", color="violet", help=words("app.sample_help"))
    given = {"scenario": sentences.scenario_name(words, view.scenario), "as_of": found.as_of, "people": found.people_counted}
    scoped = bool(view.scope.locations or view.scope.units or view.scope.roles)
    text = words("app.context_scope", scope=sentences.scope_name(words, view.scope), **given) if scoped else words("app.context", **given)
    text = f"{text} · {sentences.range_line(words, found.facts)}"
    row.caption(plain(text), width="content", help=counted_help(words, view.viewer, view.workspace, found.as_of))
    with notes:
        if view.viewer.k > 1:
            protected_line(view)
        if not found.establishment_known:
            st.caption(f":material/info: {words('app.no_formation')}")
        if not int(found.facts.get("history_years", 1)):
            st.caption(f":material/info: {words('app.no_history')}")


def empty_state(view: View) -> None:
    """Nothing loaded, or nothing in the selection: say so, and offer the ways to begin."""
    words = view.words
    if view.problem is not None and view.problem.code != "no_data":
        st.title(words("card.nothing"), anchor=False)
        st.info(refusal_text(words, view.problem))
        return
    st.title(words("empty.title"), anchor=False)
    if not may(view.viewer, Right.IMPORT):
        st.markdown(words("empty.wait"))
        return
    st.markdown(words("empty.lead"))
    with st.grid(3, min_column_width=260):
        with st.container(border=True, height="stretch"):
            _step(words, "sample", ":material/explore:")
            if st.button(words("empty.sample_button"), type="primary", width="stretch", key="load_sample"):
                _load_sample(words, view.viewer, view.workspace)
        with st.container(border=True, height="stretch"):
            _step(words, "template", ":material/table_edit:")
            template_button(words)
        with st.container(border=True, height="stretch"):
            _step(words, "file", ":material/upload_file:")
            if st.button(words("empty.file_button"), width="stretch", key="choose_file"):
                st.switch_page("pages/upload.py")
    st.caption(f":material/lock: {words('empty.safe')}")


def _step(words: Words, name: str, icon: str) -> None:
    st.markdown(f"##### {icon} {words(f'empty.{name}_title')}")
    st.markdown(words(f"empty.{name}_text"))


def _load_sample(words: Words, viewer: Viewer, workspace: Workspace) -> None:
    try:
        with st.spinner(words("empty.loading_sample")):
            importing.load_sample(viewer, workspace)
    except Refusal as refusal:
        st.error(refusal_text(words, refusal))
        return
    st.rerun()


def own_figures(view: View) -> dict[str, float]:
    """The firm's own figure per lever that starts from its history; empty while there are no data."""
    if view.outlook is None:
        return {}
    return session.ground(view.viewer, view.workspace).basis


def quality_list(view: View) -> None:
    """What these data do not tell: counts of people or roles, never rows."""
    words = view.words
    lines = lists.quality(words, quality(view.viewer, view.workspace)) if view.outlook is not None else []
    for line in lines or [words("method.quality_none")]:
        st.markdown(f"- {line}")
