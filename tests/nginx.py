"""A real nginx on loopback with a site file as it is shipped; only ports, certificate and folders differ. `python -m tests.nginx`
says whether there is one."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import LIMIT, free_port

HOME = Path(__file__).resolve().parent.parent
HOST = "werkhorizon.example"
SHIPPED = HOME / "docs" / "deploy"


def program() -> str:
    """Path of nginx; RuntimeError with a sentence that says what to do when there is none."""
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not found:
        raise RuntimeError("No nginx for the tests of the proxy. On Debian or Ubuntu: apt install nginx-light.")
    return found


class Proxy:
    """Where nginx listens, and one request through it."""

    def __init__(self, folder: Path, plain: int, secure: int) -> None:
        self.folder, self.plain, self.secure = folder, plain, secure
        self.trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        asking = http.client.HTTPSConnection(HOST, self.secure, timeout=LIMIT, context=self.trust)
        asking._create_connection = lambda _address, *rest: socket.create_connection(("127.0.0.1", self.secure), *rest)
        asking.request(method, path, body, {"Host": f"{HOST}:{self.secure}", **headers})
        answer = asking.getresponse()
        answer.text = answer.read()
        return answer

    def visitor(self) -> tuple[str, dict[str, Any]]:
        """Address and options of a websocket as a new visitor's browser opens it: with the cookie its first page came with."""
        cookie = self.ask("/").getheader("Set-Cookie", "").partition(";")[0]
        line = socket.create_connection(("127.0.0.1", self.secure))
        site = f"https://{HOST}:{self.secure}"
        return site, {"sock": line, "ssl": self.trust, "origin": site, "additional_headers": {"Cookie": cookie}}

    def served_by(self) -> dict[str, set[str]]:
        """Visitor -> the apps that answered."""
        found: dict[str, set[str]] = {}
        for line in (self.folder / "logs" / "who").read_text().splitlines():
            app, visitor, _ = line.split(" ", 2)
            found.setdefault(visitor, set()).add(app)
        return found


@contextmanager
def proxied(folder: Path, site: Path, apps: Sequence[str]) -> Iterator[Proxy]:
    """nginx with this site file before these apps; logs/who tells which of them served whom."""
    for name in ("logs", "body"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    _certificate(folder)
    made = Proxy(folder, free_port(), free_port())
    text = site.read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{made.plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{made.secure} ssl;",
        "/etc/ssl/werkhorizon/": f"{folder}/",
        "/etc/nginx/werkhorizon_proxy.conf": f"{folder}/{site.stem}_proxy.conf",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    for number, address in enumerate(apps):  # the first line of the pool counts, the others stand there with a # before them
        line = f"{'#' if number else ''}server 127.0.0.1:{8501 + number};"
        assert line in text, line
        text = text.replace(line, f"server {address.removeprefix('http://')};")
    shutil.copy(SHIPPED / "werkhorizon_proxy.conf", folder / f"{site.stem}_proxy.conf")
    (folder / "site.conf").write_text(text)
    temporary = "".join(f"{kind}_temp_path {folder}/body/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"daemon off; pid {folder}/pid; error_log {folder}/logs/error.log; events {{ worker_connections 1024; }}\n"
    who = f"log_format who '$upstream_addr $visitor $request_uri'; access_log {folder}/logs/who who;"
    main += f"http {{ {who} {temporary} include {folder}/site.conf; }}\n"
    (folder / "main.conf").write_text(("user root;\n" if os.geteuid() == 0 else "") + main)
    command = [program(), "-p", str(folder), "-c", str(folder / "main.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        until = time.monotonic() + LIMIT
        while not (folder / "pid").exists() or not (folder / "pid").read_text().strip():
            assert process.poll() is None, (folder / "logs" / "error.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        yield made
    finally:
        process.terminate()
        process.wait(60)


def _certificate(folder: Path) -> None:
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    pair = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *pair], check=True, capture_output=True
    )


if __name__ == "__main__":
    try:
        print(program())
    except RuntimeError as problem:
        sys.exit(str(problem))
