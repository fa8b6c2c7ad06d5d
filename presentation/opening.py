"""The app as one person starts it, with `python run.py`: it begins to load when the server does, not when the browser has come so far.

`presentation/service.py` is the app for an organisation.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.cli_util import open_browser
from streamlit.web.server import server_util

HOME = Path(__file__).resolve().parent.parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))  # started by its path, this file knows only its own folder

from presentation import ahead, settling  # noqa: E402

settling.few_pools()

LISTENS = 60.0
"""Seconds within which the server must answer for the browser to be opened."""


def show() -> None:
    """Open the browser once the server answers: the screen library does so for a script, and for an app leaves it to the app."""
    address, port = str(st.get_option("server.address") or "localhost"), int(st.get_option("server.port"))
    if st.get_option("server.headless") or address.startswith("unix:"):
        return
    host = server_util.get_display_address(address)
    until = time.monotonic() + LISTENS
    while time.monotonic() < until:
        try:
            socket.create_connection((host.strip("[]"), port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            open_browser(server_util.get_url(host))
            return


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, bool]]:
    threading.Thread(target=show, daemon=True, name="show").start()
    ahead.begin()
    yield {"started": True}


app = st.App(HOME / "app.py", lifespan=lifespan, middleware=[Middleware(ahead.Early)])
