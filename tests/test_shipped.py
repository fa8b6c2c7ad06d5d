"""What an administrator copies: both units equally closed, and a container image without anybody's data or secrets."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from run import POOLS, SERVICE

HOME = Path(__file__).resolve().parent.parent
DEPLOY = HOME / "docs" / "deploy"
ONLY_FOR_SEVERAL = {"EnvironmentFile=/etc/werkhorizon/record"}


def settings_of(unit: str) -> set[str]:
    lines = (DEPLOY / unit).read_text().partition("[Service]")[2].partition("[Install]")[0].splitlines()
    return {line.replace("--server.port %i ", "") for line in lines if line and not line.startswith("#")}


def ignored() -> list[str]:
    return [line for line in (HOME / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]


def is_left_out(path: str) -> bool:
    """As the builders read it: a pattern is about the path and about whatever lies under it; `**/` is any folder, also none."""
    parts = path.split("/")
    heads = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    tails = {"/".join(head.split("/")[start:]) for head in heads for start in range(len(head.split("/")))}
    return any(
        any(fnmatch.fnmatchcase(tried, pattern.removeprefix("**/")) for tried in (tails if pattern.startswith("**/") else heads))
        for pattern in ignored()
    )


def test_both_units_are_equally_closed() -> None:
    assert settings_of("werkhorizon.service") == settings_of("werkhorizon@.service") - ONLY_FOR_SEVERAL
    assert {"CapabilityBoundingSet=", "NoNewPrivileges=true", "ProtectSystem=strict", "IPAddressDeny=any"} <= settings_of(
        "werkhorizon.service"
    )


@pytest.mark.parametrize(
    "path",
    [
        "data/werkhorizon.duckdb",
        "werkhorizon.duckdb.key",
        "elsewhere/werkhorizon.duckdb.relink",
        ".streamlit/secrets.toml",
        ".git/config",
        ".venv/bin/python",
        ".venv-tools/bin/python",
        "data/inbox/personeel.xlsx",
        "build/x",
    ],
)
def test_no_data_and_no_secret_gets_into_an_image(path: str) -> None:
    assert is_left_out(path)


def test_what_the_program_is_made_of_gets_into_an_image() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=HOME, capture_output=True, text=True, check=True).stdout.splitlines()
    needed = [
        path for path in listed if path.split("/")[0] in ("analytics", "commands", "intake", "pages", "presentation", "store", "workflows")
    ]
    needed += [".streamlit/config.toml", "app.py", "cli.py", "requirements.lock", "docs/method.md", "sample_data/merwerode.xlsx"]
    assert len(needed) > 100
    assert [path for path in needed if is_left_out(path)] == []


def test_what_git_ignores_an_image_leaves_out() -> None:
    for line in (HOME / ".gitignore").read_text().splitlines():
        path = line.strip("/").replace("*", "x")
        assert is_left_out(path), line


def test_a_container_does_not_ask_outside_what_its_address_is() -> None:
    """Streamlit does, when it listens on every address and is not told how browsers call it."""
    asked = (DEPLOY / "Containerfile").read_text()
    assert '"--browser.serverAddress", "localhost"' in asked
    assert "--format docker" in asked  # the other format drops the health check without a word


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="only a system with systemd can say")
@pytest.mark.parametrize(
    ("unit", "name"), [("werkhorizon.service", "werkhorizon.service"), ("werkhorizon@.service", "werkhorizon@8501.service")]
)
def test_systemd_finds_nothing_in_a_unit(unit: str, name: str, tmp_path: Path) -> None:
    """Only the program differs: here none is in the folder where it will be installed."""
    text = (DEPLOY / unit).read_text().replace("/opt/werkhorizon/.venv/bin/python", sys.executable)
    (tmp_path / name).write_text(text)
    looked = subprocess.run(["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True)
    assert [line for line in looked.stderr.splitlines() if "werkhorizon" in line] == []
    assert looked.returncode == 0, looked.stderr


def test_unit_and_container_start_the_service_as_the_program_does() -> None:
    started = ["-m", "streamlit", "run", "presentation/service.py"]
    [line] = [line for line in settings_of("werkhorizon.service") if line.startswith("ExecStart=")]
    assert shlex.split(line.replace("%%", "%"))[1:] == [*started, *SERVICE]
    [given] = re.findall(r"^CMD (\[.*?\])$", (DEPLOY / "Containerfile").read_text().replace("\\\n", ""), re.MULTILINE)
    command = json.loads(given)
    reached = ["--server.address", "0.0.0.0", "--browser.serverAddress", "localhost"]
    assert command == ["python", *started, *reached, *SERVICE]
    for name, value in POOLS.items():
        assert all(f"Environment={name}={value}" in settings_of(unit) for unit in ("werkhorizon.service", "werkhorizon@.service"))
        assert re.search(rf"^ENV .*\b{name}={value}\b", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
