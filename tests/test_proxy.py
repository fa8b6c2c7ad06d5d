"""The proxy configuration as it is shipped, in a real nginx on loopback before a real app. Only ports, certificate and folders differ."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.browser_path import ARGUMENTS, browser_path
from tests.nginx import HOST, SHIPPED, Proxy, proxied
from tests.serving import served, settled
from tests.waiting import LIMIT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    with served(folder / "data" / "w.duckdb") as app, proxied(folder, SHIPPED / "nginx.conf", [app.address]) as made:
        yield made


def test_pages_come_with_every_security_header(proxy: Proxy) -> None:
    for path in ("/", "/overview", "/_stcore/health", "/no-such-page"):
        answer = proxy.ask(path)
        assert answer.status == 200, path
        told = {name: answer.getheader(name, "") for name in ("Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy")}
        assert told == {
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }
        policy = answer.getheader("Content-Security-Policy", "")
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'self'" in policy
        assert answer.getheader("Permissions-Policy")
        assert answer.getheader("Server") == "nginx"  # no version


def test_plain_http_is_sent_to_tls(proxy: Proxy) -> None:
    asking = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=20)
    asking.request("GET", "/overview", headers={"Host": HOST})
    answer = asking.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/overview")


@pytest.mark.parametrize("path", ["/ready", "/_stcore/metrics", "/_stcore/agent", "/_stcore/agent/x"])
def test_internal_addresses_are_closed(path: str, proxy: Proxy) -> None:
    assert proxy.ask(path).status == 404


def test_an_upload_over_the_limit_is_refused_by_the_proxy(proxy: Proxy) -> None:
    """Told beforehand how large it is, nginx refuses without reading; 201 MB is what the app itself allows, with its wrapping."""
    told = {"Content-Length": str(202 * 2**20), "Expect": "100-continue"}
    assert proxy.ask("/_stcore/upload_file/a/b", "PUT", b"", **told).status == 413
    allowed = proxy.ask("/_stcore/upload_file/a/b", "PUT", b"x" * (2 * 2**20))  # twice what nginx allows of itself
    assert allowed.status != 413  # the app knows no such visitor and may close before it has read all of it: 403, or 502


def test_the_websocket_passes_for_this_site_and_for_no_other(proxy: Proxy) -> None:
    def opened(origin: str) -> None:
        address = f"wss://{HOST}:{proxy.secure}/_stcore/stream"
        line = socket.create_connection(("127.0.0.1", proxy.secure))
        with connect(address, sock=line, ssl=proxy.trust, origin=origin, subprotocols=["streamlit"], open_timeout=LIMIT):  # type: ignore[arg-type,list-item]
            return

    opened(f"https://{HOST}:{proxy.secure}")
    with pytest.raises(Exception, match="403"):
        opened("https://elsewhere.example")


@pytest.mark.browser
def test_a_browser_draws_the_page_within_the_policy(proxy: Proxy, tmp_path: Path) -> None:
    """No script, style, font or image of the app is stopped by the policy, charts included."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        options = [*ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1", "--ignore-certificate-errors"]
        browser = driver.chromium.launch(executable_path=browser_path(), args=options)
        page = browser.new_page(locale="nl-NL")
        stopped: list[str] = []
        page.on("console", lambda message: stopped.append(message.text) if "Content Security Policy" in message.text else None)
        page.goto(f"https://{HOST}:{proxy.secure}/")
        page.get_by_role("button", name="Voorbeelddata laden").click()
        page.wait_for_selector(".js-plotly-plot .main-svg")
        settled(page)
        browser.close()
    assert not stopped
