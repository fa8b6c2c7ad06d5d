"""The door: logging in and out, who is looking, and looking with the eyes of a director."""

from __future__ import annotations

import streamlit as st

from presentation import session
from presentation.texts import Words
from workflows.types import Role, Viewer


def ask_login(words: Words) -> None:
    """Nobody is known yet: one button, nothing else."""
    st.title(words("login.title"), anchor=False)
    st.markdown(words("login.text"))
    st.button(words("login.enter"), type="primary", on_click=st.login, key="login")


def say_unknown(words: Words) -> None:
    """Somebody logged in who has no role: say what to do, show nothing."""
    st.title(words("login.unknown_title"), anchor=False)
    st.markdown(words("login.unknown_text"))
    st.button(words("login.leave"), on_click=st.logout, key="logout")


def who_is_looking(words: Words, viewer: Viewer) -> None:
    """Role and threshold at the foot of the menu; the switch to a director's eyes; the way out."""
    real = session.person()
    with st.sidebar.container(key="who"):
        if viewer.role is Role.LOCAL:
            st.badge(words("app.local_badge"), icon=":material/lock:", color="gray", help=words("app.local_help"))
        else:
            note = words("access.groups_of", n=viewer.k) if viewer.k > 1 else None
            st.badge(words(f"role.{viewer.role.value}"), icon=":material/shield_person:", color="gray", help=note)
        if real is not None and session.can_look_as_director(real):
            st.toggle(words("access.as_director"), key="as_director", help=words("access.as_director_help"))
        if session.login_configured():
            st.button(words("login.leave"), on_click=st.logout, key="logout", type="tertiary", icon=":material/logout:")
