"""A real OpenID Connect provider and the app behind it, both on loopback, for tests of the login."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread

from tests.serving import HOME, _wait, ended
from tests.waiting import LIMIT, free_port

SECRETS = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "only-for-tests-0123456789abcdef0123456789"
client_id = "werkhorizon"
client_secret = "test"
server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"

[werkhorizon]
first_admin = "{first_admin}"
"""


@contextmanager
def serving_with_login(database: Path, users: Sequence[User], first_admin: str = "") -> Iterator[str]:
    """Start the app with a provider that knows `users`; yields the app's address."""
    port, log, secrets = free_port(), database.with_suffix(".server.log"), database.with_suffix(".secrets.toml")
    with run_server_in_thread(user_claims=users) as provider:
        secrets.write_text(SECRETS.format(port=port, provider=provider.server_port, first_admin=first_admin), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "presentation/opening.py",
            "--server.port",
            str(port),
            "--server.headless",
            "true",
        ]
        command += ["--server.address", "localhost", "--secrets.files", str(secrets)]
        with log.open("w") as output:
            process = subprocess.Popen(
                command, cwd=HOME, env={**os.environ, "WERKHORIZON_DATABASE": str(database)}, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                _wait(f"http://localhost:{port}/_stcore/health", process, log, LIMIT)
                yield f"http://localhost:{port}"
            finally:
                ended(process)
