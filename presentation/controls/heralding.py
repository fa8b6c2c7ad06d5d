"""That a page is being worked out is told to its browser behind the first part of it.

The screen library sends the word at once, and the browser goes over the whole page for it: just when the figure that goes ahead of the
rest comes, which was drawn a fifth later for that. Nothing is shown of the word before half a second.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession

TOLD = 0.2
"""Seconds after which the word goes all the same, when nothing of the page has come by then."""
BEHIND = 2
"""The word goes behind so many messages: the figure that is ahead, and the first of what comes together after it."""


@dataclass(slots=True)
class Word:
    """What a session has not been told yet, and how many messages went before it."""

    message: Any
    passed: int = 0


def running_told_behind(sessions: type = AppSession) -> None:
    """From now on, for every session of this process. A version of the screen library that sends in another way keeps doing so."""
    send = getattr(sessions, "_enqueue_forward_msg", None)
    if send is None:
        return
    kept: WeakKeyDictionary[Any, Word] = WeakKeyDictionary()

    def tell(session: Any, word: Word) -> None:
        if kept.get(session) is word:
            del kept[session]
            send(session, word.message)

    def sent(session: Any, message: Any) -> None:
        if message.WhichOneof("type") == "session_status_changed":
            kept.pop(session, None)  # that it has ended says all that the word would have said
            if message.session_status_changed.script_is_running:
                kept[session] = word = Word(message)
                asyncio.get_running_loop().call_later(TOLD, tell, session, word)
                return
        send(session, message)
        waiting = kept.get(session)
        if waiting is not None:
            waiting.passed += 1
            if waiting.passed >= BEHIND:
                tell(session, waiting)

    sessions._enqueue_forward_msg = sent  # type: ignore[attr-defined]
