"""The proxy configuration as it is shipped, in a real nginx on loopback before a real app. Only ports, certificate and folders differ."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.browser_path import ARGUMENTS, browser_path
from tests.serving import HOME, free_port, served, settled

pytestmark = pytest.mark.slow
HOST = "werkhorizon.example"
SHIPPED = HOME / "docs" / "deploy"


def nginx() -> str:
    """Debian's nginx, installed when it is missing; without it these tests fail, they are not skipped."""
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not found and shutil.which("apt-get"):
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*as_root, "apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
        subprocess.run([*as_root, "apt-get", "install", "-y", "-q", "--no-install-recommends", "nginx-light"], stdout=subprocess.DEVNULL)
        found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not found:
        pytest.fail("this test needs nginx: install Debian's package nginx-light, or nginx on another system")
    return found


class Proxy:
    """Where nginx listens, and one request through it."""

    def __init__(self, folder: Path, plain: int, secure: int) -> None:
        self.folder, self.plain, self.secure = folder, plain, secure
        self.trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        asking = http.client.HTTPSConnection(HOST, self.secure, timeout=60, context=self.trust)
        asking._create_connection = lambda _address, *rest: socket.create_connection(("127.0.0.1", self.secure), *rest)
        asking.request(method, path, body, {"Host": f"{HOST}:{self.secure}", **headers})
        answer = asking.getresponse()
        answer.text = answer.read()
        return answer


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    program, folder = nginx(), tmp_path_factory.mktemp("proxy")
    for name in ("logs", "body"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    pair = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *pair], check=True, capture_output=True
    )
    database = folder / "data" / "w.duckdb"
    with served(database) as app:
        made = Proxy(folder, free_port(), free_port())
        shutil.copy(SHIPPED / "werkhorizon_proxy.conf", folder)
        text = (SHIPPED / "nginx.conf").read_text()
        for old, new in {
            "listen 80;": f"listen 127.0.0.1:{made.plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{made.secure} ssl;",
            "/etc/ssl/werkhorizon/": f"{folder}/",
            "/etc/nginx/werkhorizon_proxy.conf": f"{folder}/werkhorizon_proxy.conf",
            "http://127.0.0.1:8501": app.address,
        }.items():
            assert old in text, old
            text = text.replace(old, new)
        (folder / "site.conf").write_text(text)
        temporary = "".join(f"{kind}_temp_path {folder}/body/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        main = f"daemon off; pid {folder}/pid; error_log {folder}/logs/error.log; events {{}}\n"
        main += f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n"
        (folder / "main.conf").write_text(("user root;\n" if os.geteuid() == 0 else "") + main)
        checked = subprocess.run([program, "-t", "-p", str(folder), "-c", str(folder / "main.conf")], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "main.conf")])
        try:
            until = time.monotonic() + 30
            while not (folder / "pid").exists() or not (folder / "pid").read_text().strip():
                assert process.poll() is None, (folder / "logs" / "error.log").read_text()
                assert time.monotonic() < until
                time.sleep(0.1)
            yield made
        finally:
            process.terminate()
            process.wait(20)


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
    allowed = proxy.ask("/_stcore/upload_file/a/b", "PUT", b"x" * 2**20)
    assert allowed.status not in (413, 502, 503)


def test_the_websocket_passes_for_this_site_and_for_no_other(proxy: Proxy) -> None:
    def opened(origin: str) -> None:
        address = f"wss://{HOST}:{proxy.secure}/_stcore/stream"
        line = socket.create_connection(("127.0.0.1", proxy.secure))
        with connect(address, sock=line, ssl=proxy.trust, origin=origin, subprotocols=["streamlit"]):  # type: ignore[arg-type,list-item]
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
        page.goto(f"https://{HOST}:{proxy.secure}/", timeout=90_000)
        page.get_by_role("button", name="Voorbeelddata laden").click(timeout=90_000)
        page.wait_for_selector(".js-plotly-plot .main-svg", timeout=120_000)
        settled(page)
        browser.close()
    assert not stopped
