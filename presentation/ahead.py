"""What the first visitor would wait for begins when the server does: on the server the libraries, the data and the first answers; in the
browser the library that draws figures, which it would otherwise ask for at the first one.

`presentation/opening.py` and `presentation/service.py` are the apps that begin so; `streamlit run app.py` shows the same pages and begins
at the first visit.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from presentation import plotting

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

DRAWS = ("embed.*.js",)
"""Parts of the screen library that the first page needs beside what it always loads: this one draws the lines on the cards."""
STEADY = (
    "[data-testid='stLayoutWrapper']:has(> .st-key-aside) { position: absolute; height: 0; overflow: hidden; }"
    " .stElementContainer.st-key-lang { min-width: 99px; }"
)
"""What is not seen takes no room, and the choice of language has its own, before the parts that draw them are there: the title under them
jumped twice in the first half second. Each rule is weightier than those that the screen library writes behind it."""
LIBRARY_TAG = "figure-library"
"""The mark by which `figure.js` knows that the library is on its way."""
PAGE_IN_PARTS = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since"})
"""Heads of a question that lead to a page in which nothing can be written, or to none."""
SHORT = 0.0005
"""Seconds after which loading lets the server answer. The usual hundredth part of a request's time, a hundred times over, is what the
browser would wait for its hundred files."""


def begin() -> None:
    """The files for figures at once, the rest beside what goes on. The first visitor finds done what is done by then, and waits for the
    rest as before."""
    plotting.hand_out()
    threading.Thread(target=_load, daemon=True, name="ahead").start()


def _load() -> None:
    with _in_small_pieces():
        from presentation import controls, session  # first all that pages need, in the order in which app.py asks

        controls.beside.served.set()
        session.ahead()


@contextmanager
def _in_small_pieces() -> Iterator[None]:
    """Nothing that is loaded now goes again, so nobody looks for what might; and whoever answers the browser need not wait long."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SHORT)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        sys.setswitchinterval(usual)


def parts(static: Path | None = None) -> tuple[str, ...]:
    """Names of the files of DRAWS; none where another version of the screen library has none."""
    if static is None:
        found = find_spec("streamlit")
        static = Path(found.origin).parent / "static" / "static" / "js" if found and found.origin else None
    return tuple(path.name for pattern in DRAWS for path in sorted(static.glob(pattern))[:1]) if static else ()


def early(names: tuple[str, ...]) -> bytes:
    """For the head of the page: fetch them with the rest, make them ready once the rest is; room for what comes last."""
    style = f"<style>{STEADY}</style>"
    if not names:
        return style.encode()
    first = f'<link rel="preload" as="script" href="./{plotting.FILE}">'
    links = first + "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in names)
    tag = f"document.head.append(Object.assign(document.createElement('script'), {{id: '{LIBRARY_TAG}', src: './{plotting.FILE}', "
    tag += "onload: done, onerror() { this.remove(); done() }}))"
    figure = f"(document.getElementById('{LIBRARY_TAG}') ? Promise.resolve() : new Promise(done => {tag}))"
    then = "".join(f".then(() => import('./static/js/{name}'))" for name in names)
    return f"{style}{links}<script>addEventListener('load', () => {figure}{then}.catch(() => {{}}))</script>".encode()


class Early:
    """Middleware that writes `early` into each page, which it asks for whole and unpacked: the screen library packs every page but the
    first, and takes one for unchanged when its own file is. A page that comes in pieces or packed all the same goes on as it is."""

    def __init__(self, app: App) -> None:
        self.app, self.more = app, early(parts())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.more or scope.get("method") != "GET":
            await self.app(scope, receive, send)
            return
        started: Message | None = None

        async def write(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start" and _is_page(message):
                started = message
                return
            if started is not None:
                first, started = started, None
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    message = {**message, "body": message["body"].replace(b"</head>", self.more + b"</head>", 1)}
                    size = str(len(message["body"])).encode()
                    first = {**first, "headers": [(k, size if k == b"content-length" else v) for k, v in first["headers"]]}
                await send(first)
            await send(message)

        await self.app(_whole(scope), receive, write)


def _whole(asked: Message) -> Message:
    """The same question; when a browser asks for a page, without the ways of packing that it knows and the page that it has."""
    heads = asked["headers"]
    if b"text/html" not in dict(heads).get(b"accept", b""):
        return asked
    return {**asked, "headers": [(name, value) for name, value in heads if name not in PAGE_IN_PARTS]}


def _is_page(start: Message) -> bool:
    head = dict(start["headers"])
    return start["status"] == 200 and head.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in head
