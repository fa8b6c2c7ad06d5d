"""What begins with the server: loading and first answers there, the library that draws figures in the browser."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.routing import Route

from presentation import ahead, controls, plotting, session
from presentation.ahead import Early, Message, early, parts
from tests.sampling import with_sample
from tests.serving import HOME, ended, serving
from tests.waiting import free_port, until
from workflows import outlook as outlooks
from workflows.types import Scenario, Scope, Viewer

PAGE = "<html><head><title>x</title></head><body>Ω</body></html>"


def _asked(path: str, method: str = "GET") -> tuple[dict[str, str], bytes]:
    """Headers and body of an answer of a small server behind the middleware."""

    async def pieces():
        yield "<html><head></head>"
        yield "</html>"

    routes = [
        Route("/", lambda _: HTMLResponse(PAGE)),
        Route("/json", lambda _: JSONResponse({"</head>": 1})),
        Route("/lost", lambda _: HTMLResponse(PAGE, 404)),
        Route("/pieces", lambda _: StreamingResponse(pieces(), media_type="text/html")),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Early)])
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # nobody hangs up
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [], "root_path": "", "http_version": "1.1"}
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


def test_the_installed_library_has_the_part_that_draws_figures() -> None:
    names = parts()
    assert len(names) == 1
    assert (plotting.PLACES[plotting.LIBRARY] / "plotly.min.js").exists()
    assert all((Path(st.__file__).parent / "static" / "static" / "js" / name).exists() for name in names)


def test_a_library_without_those_parts_changes_no_page(tmp_path: Path) -> None:
    assert parts(tmp_path) == ()
    assert b"script" not in early(())


def test_a_page_asks_early_and_its_length_is_true() -> None:
    head, body = _asked("/")
    assert int(head["content-length"]) == len(body)
    for name in parts():
        assert body.count(f'href="./static/js/{name}"'.encode()) == body.count(f"import('./static/js/{name}')".encode()) == 1
    assert body.count(f'href="./{plotting.FILE}"'.encode()) == body.count(f"src: './{plotting.FILE}'".encode()) == 1
    assert body.count(b"figure-library") == 2
    assert body.replace(early(parts()), b"").decode() == PAGE


def test_each_page_of_the_real_server_asks_early_as_a_browser_asks_for_it(tmp_path: Path) -> None:
    """Packed when that can be, and again when the browser has it already."""
    with serving(tmp_path / "empty.duckdb") as address:
        for path in ("", "/skills", "/plan?lang=EN"):
            heads = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br"}
            for _ in range(2):
                with urllib.request.urlopen(urllib.request.Request(address + path, headers=heads), timeout=30) as answer:
                    assert early(parts()) in answer.read()
                    heads["If-None-Match"] = answer.headers["etag"]


def test_what_is_no_page_is_asked_for_as_the_browser_asked() -> None:
    script = {"headers": [(b"accept", b"*/*"), (b"accept-encoding", b"gzip"), (b"if-none-match", b'"x"')]}
    assert ahead._whole(script) is script


def test_everything_else_goes_on_as_it_is() -> None:
    assert _asked("/json")[1] == b'{"</head>":1}'
    assert _asked("/lost")[1].decode() == PAGE
    assert _asked("/pieces")[1] == b"<html><head></head></html>"
    assert _asked("/", "HEAD")[1].decode() == PAGE  # the server itself leaves it out


def test_the_first_visitor_finds_the_first_answers_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(with_sample(tmp_path / "firm.duckdb")))
    st.cache_resource.clear()
    pace = sys.getswitchinterval()
    ahead._load()
    try:
        assert controls.beside.served.is_set(), "now browsers draw"
        assert gc.isenabled()
        assert sys.getswitchinterval() == pace
        for name in ("outlook", "lever_effects"):
            monkeypatch.delattr(outlooks, name)  # whatever is asked from now on was made already
        viewer, data = Viewer.local(), session.workspace()
        year = session.ground(viewer, data).as_of.year + session.FIRST_YEARS
        assert session.outlook(viewer, data, Scenario(), Scope(), year).target_year == year
    finally:
        session.workspace().close()
        st.cache_resource.clear()


def test_no_data_or_closed_data_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / "empty.duckdb"))
    st.cache_resource.clear()
    ahead._load()
    session.workspace().close()
    st.cache_resource.clear()
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"not a database" * 300)
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(broken))
    ahead._load()
    st.cache_resource.clear()


@pytest.mark.slow
def test_the_browser_is_opened_where_the_app_answers(tmp_path: Path) -> None:
    """With a program of that name in the place of the desktop's own: it notes what it was asked to open, and what came from there."""
    opener = tmp_path / "xdg-open"
    look = "import sys, urllib.request; print(sys.argv[1], urllib.request.urlopen(sys.argv[1] + '/_stcore/health').read().decode())"
    opener.write_text(
        f'#!/bin/sh\n"{sys.executable}" -c "{look}" "$1" > "{tmp_path}/said.part"; mv "{tmp_path}/said.part" "{tmp_path}/said"\n'
    )
    opener.chmod(0o755)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "presentation/opening.py", "--server.port", str(port)]
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "DISPLAY": ":0"}
    environment |= {"WERKHORIZON_DATABASE": str(tmp_path / "empty.duckdb")}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([*command, "--server.headless", "false"], cwd=HOME, env=environment, stdout=log, stderr=log)
        try:
            until(lambda: (tmp_path / "said").exists())
            assert (tmp_path / "said").read_text().split() == [f"http://127.0.0.1:{port}", "ok"]
        finally:
            ended(process)
