"""The app as a service: its data are opened when the process starts, a monitor can ask whether it can work, it logs as JSON, and
it closes its data when it is told to stop.

`python run.py serve` starts it; `streamlit run app.py` shows the same pages and opens the data at the first visit.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

HOME = Path(__file__).resolve().parent.parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))  # started by its path, this file knows only its own folder

from presentation import ahead, journal, session, settling  # noqa: E402

settling.few_pools()
journal.start()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, bool]]:
    """Open before the first visitor comes; a database that cannot be opened is told on the screen and to the monitor."""
    state = await anyio.to_thread.run_sync(session.health)
    journal.note("started", ready=state.ready, problem=state.problem, lost_imports=state.lost_imports, free_mb=state.free_mb)
    ahead.begin()
    yield {"started": True}
    await anyio.to_thread.run_sync(session.leave)
    journal.note("stopped")


async def ready(_request: Request) -> JSONResponse:
    """200 when work can be done, else 503; why not stands in the answer. Nothing about the data themselves."""
    state = await anyio.to_thread.run_sync(session.health)
    return JSONResponse({"ready": state.ready, **asdict(state)}, 200 if state.ready else 503, {"Cache-Control": "no-store"})


app = st.App(HOME / "app.py", routes=[Route("/ready", ready)], middleware=[Middleware(ahead.Early)], lifespan=lifespan)
