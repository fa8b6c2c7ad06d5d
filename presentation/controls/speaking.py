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


def speak(words: Words) -> None:
    st.html(SCRIPT % (words.lang, TONGUES[words.lang]), unsafe_allow_javascript=True, width="content")
