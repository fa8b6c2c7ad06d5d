"""The app as one person starts it, with `python run.py`: it begins to load when the server does, not when the browser has come so far.

`presentation/service.py` is the app for an organisation.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

HOME = Path(__file__).resolve().parent.parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))  # started by its path, this file knows only its own folder

from presentation import ahead  # noqa: E402


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, bool]]:
    ahead.begin()
    yield {"started": True}


app = st.App(HOME / "app.py", lifespan=lifespan, middleware=[Middleware(ahead.Early)])
