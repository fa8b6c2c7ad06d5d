"""The page speaks one language to the browser as well: what reads it aloud, and what writes numbers in tables and sliders."""

from __future__ import annotations

import json

import streamlit as st

from presentation.texts import Words

TONGUES = {"nl": "nl-NL", "en": "en-GB"}
SCRIPT = """<script>(() => {
    document.documentElement.lang = '%s';
    window.werkhorizonTongue = '%s';
    if (window.werkhorizonSpeaks) return;
    window.werkhorizonSpeaks = true;
    Object.defineProperty(navigator, 'languages', {get: () => [window.werkhorizonTongue], configurable: true});
    const own = Intl.NumberFormat;
    const said = given => given.length && given[0] !== undefined ? given : [window.werkhorizonTongue, ...given.slice(1)];
    Intl.NumberFormat = new Proxy(own, {
        apply: (target, self, given) => target(...said(given)),
        construct: (target, given) => new target(...said(given)),
    });
})();</script>"""
"""Tables and sliders ask the browser how numbers are written: a Dutch browser wrote 3,2 on an English page. Asked without a language, it
answers in that of the page. Constant: nothing of a user or of the data stands in it."""

MENU = """<script>(() => {
    window.werkhorizonHints = %s;
    let tries = 0;
    const wait = () => {
        const menu = document.querySelector("[data-testid='stSidebarNavItems']");
        if (!menu?.querySelector("[aria-current='page']")) { if (tries++ < 50) setTimeout(wait, 100); return; }
        const shown = () => {
            const room = menu.getBoundingClientRect(), item = menu.querySelector("[aria-current='page']")?.getBoundingClientRect();
            if (item && (item.top < room.top || item.bottom > room.bottom)) menu.scrollTop += item.top - room.top - room.height / 2;
        };
        [0, 300, 1200].forEach(pause => setTimeout(shown, pause));  // the menu gets its height after its items
        const told = () => menu.querySelectorAll('a').forEach(link => {
            link.title = window.werkhorizonHints[new URL(link.href).pathname.split('/').pop()] ?? '';
        });
        told();
        if (menu.dataset.watched) return;
        menu.dataset.watched = '1';
        new MutationObserver(shown).observe(menu, {subtree: true, attributes: true, attributeFilter: ['aria-current']});
        new MutationObserver(told).observe(menu, {subtree: true, childList: true});
    };
    wait();
})();</script>"""
"""On a low screen the menu scrolls by itself: the page that is open is brought into its sight. And each entry says under a mouse, and
to who has the page read aloud, what its page answers. The screen library's own hints are parts of the page, which the browser goes over
several times a run: one for each entry took it a sixth of its time between a slider and its figure."""
DROP = "[data-testid='stFileUploaderDropzoneInstructions']"
UPLOAD = f"{DROP} * {{{{ display: none; }}}} {DROP}::after {{{{ content: '{{drop}}'; font-size: 0.875rem; color: {{colour}}; }}}}"
"""Beside the button of a file field the screen library writes English in every language: ours says it in the reader's."""
NONE = "[role='listbox'][data-empty] > [role='option']"
PICKED = (
    f"{NONE} > span {{{{ display: none; }}}} {NONE}::after"
    " {{ content: '{none}'; display: block; padding: 1.5rem 0.5rem; text-align: center; font-size: 0.875rem; color: {colour}; }}"
)
"""The same in a list to choose from, where nothing is called as was typed or nothing is left."""
TOP = "<script>document.querySelector(\"[data-testid='stMain']\")?.scrollTo(0, 0);</script>"


def to_the_top() -> None:
    """Bring the title back into sight after an act at the foot of a long page."""
    st.html(TOP, unsafe_allow_javascript=True, width="content")


def library_words(words: Words, colour: str) -> str:
    """The style by which words of the screen library give way to ours."""
    return UPLOAD.format(drop=words("upload.drop_here"), colour=colour) + PICKED.format(none=words("app.none_found"), colour=colour)


def speak(words: Words, hints: dict[str, str]) -> None:
    """hints: of the menu, by the last part of a page's address."""
    menu = MENU % json.dumps(hints).replace("<", "\\u003c")
    with st.container(key="aside"):
        st.html(SCRIPT % (words.lang, TONGUES[words.lang]) + menu, unsafe_allow_javascript=True, width="content")
