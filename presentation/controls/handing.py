"""Parts of a page go to the browser together: see `presentation.handfuls`."""

from __future__ import annotations

import asyncio
from functools import cache

from streamlit.runtime import Runtime

from presentation.handfuls import Handfuls


@cache
def hand_over_together() -> None:
    """From the first page of this process on. Where pages are tested without a server nothing waits."""
    objects = getattr(Runtime.instance(), "_async_objs", None) if Runtime.exists() else None
    loop = getattr(objects, "eventloop", None)
    if isinstance(loop, asyncio.AbstractEventLoop):
        Handfuls(loop).stand()
