"""The page speaks one language to the browser as well: what reads it aloud, and what writes numbers in tables and sliders."""

from __future__ import annotations

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
    let tries = 0;
    const wait = () => {
        const menu = document.querySelector("[data-testid='stSidebarNavItems']");
        if (!menu?.querySelector("[aria-current='page']")) { if (tries++ < 50) setTimeout(wait, 100); return; }
        const shown = () => {
            const room = menu.getBoundingClientRect(), item = menu.querySelector("[aria-current='page']")?.getBoundingClientRect();
            if (item && (item.top < room.top || item.bottom > room.bottom)) menu.scrollTop += item.top - room.top - room.height / 2;
        };
        [0, 300, 1200].forEach(pause => setTimeout(shown, pause));  // the menu gets its height after its items
        if (menu.dataset.watched) return;
        menu.dataset.watched = '1';
        new MutationObserver(shown).observe(menu, {subtree: true, attributes: true, attributeFilter: ['aria-current']});
    };
    wait();
})();</script>"""
"""On a low screen the menu scrolls by itself: the page that is open is brought into its sight."""
TOP = "<script>document.querySelector(\"[data-testid='stMain']\")?.scrollTo(0, 0);</script>"


def to_the_top() -> None:
    """Bring the title back into sight after an act at the foot of a long page."""
    st.html(TOP, unsafe_allow_javascript=True, width="content")


def speak(words: Words) -> None:
    st.html(MENU, unsafe_allow_javascript=True, width="content")
    st.html(SCRIPT % (words.lang, TONGUES[words.lang]), unsafe_allow_javascript=True, width="content")
