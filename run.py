"""What `make` does, for machines without make: `python run.py [run|serve|test|test-slow|check|bench|screenshots|setup|lock|audit]`.

Makes a virtual environment in .venv, installs the pinned dependencies once, and starts what is asked. Needs Python 3.11
or newer and nothing else; on Debian and Ubuntu also the package python3-venv.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent
VENV = HOME / ".venv"
REQUIREMENTS = ("requirements", "requirements-postgresql", "requirements-dev")
TOOLS = HOME / ".venv-tools"
NOT_AUDITED = 3
UNANSWERED = """
NOT AUDITED: the source of known weaknesses (pypi.org; with `audit -s osv`: osv.dev) gave no answer about these packages. Nothing is known,
good or bad. A mirror that only has the packages does not do. Run it again where that address can be reached: the lock files say it all, so
any machine with this folder and Python will do."""
SERVICE = ("--server.headless", "true", "--server.fileWatcherType", "none", "--logger.messageFormat", "%(message)s")
POOLS = {"MALLOC_ARENA_MAX": "2"}
"""For the C library of Linux, before the app starts: threads of the libraries make pools before the app can say how many it wants
(see presentation/settling.py). What is set already goes before it."""
MODULES = ("app.py", "cli.py", "pages", "analytics", "commands", "intake", "presentation", "sample_data", "store", "workflows", "tests")
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def main(arguments: list[str]) -> int:
    task, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if task not in TASKS:
        print(__doc__)
        return 2
    if sys.version_info < (3, 11):
        print(f"Werkhorizon needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    return TASKS[task](rest)


def setup(requirements: str) -> None:
    """Make .venv and install; skipped when the requirement files have not changed since the last time."""
    stamp = VENV / f".installed-{Path(requirements).stem}"
    locked = requirements.replace(".txt", ".lock")
    wanted = hashlib.sha256(
        b"".join((HOME / f"{name}.txt").read_bytes() for name in REQUIREMENTS) + (HOME / locked).read_bytes()
    ).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        print("Making the virtual environment .venv ...")
        try:
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("Python could not make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv")
    print(f"Installing {requirements} (once) ...")
    _install(requirements, locked)
    stamp.write_text(wanted)


def compiled() -> None:
    """What is compiled once per version, so that no process does it at its start: the modules (a service that may only read this folder, or
    a machine that is told to keep none, would do it each time) and the projection. Without them all works, slower."""
    _call("-m", "compileall", "-q", *(name for name in MODULES if (HOME / name).exists()), quiet=True)
    _call("-m", "analytics.compiled")


def _install(requirements: str, locked: str) -> None:
    """By the lock file, in which every file of every package has its hash. A file that is not what it was is never installed; only
    where the lock has nothing for this system are the pinned versions asked for without hashes."""
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--require-hashes", "-r", locked], cwd=HOME, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return
    print(done.stderr.strip())
    if "DO NOT MATCH THE HASHES" in done.stderr or os.environ.get("WERKHORIZON_HASHES") == "required":
        sys.exit(f"Not installed: a package is not the one {locked} was made with.")
    print(f"{locked} does not fit this system; installing the same versions without hashes.")
    subprocess.run([*pip, "-r", requirements], check=True, cwd=HOME)


def lock(rest: list[str]) -> int:
    """Make the lock files and the list of licences anew, after a change in requirements*.txt."""
    setup_tools()
    for name in REQUIREMENTS:
        options = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header", "-q")
        if code := _tool("uv", "pip", "compile", *options, f"{name}.txt", "-o", f"{name}.lock"):
            return code
    setup("requirements-dev.txt")
    return _call("-m", "tests.licences")


def audit(rest: list[str]) -> int:
    """Ask for known weaknesses of every locked package: 0 none, 1 found, 3 when the source gave no answer, so that nothing is known."""
    setup_tools()
    command = [str(_tool_path("pip-audit")), "--strict", "--disable-pip", "-r", "requirements-dev.lock", *rest]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True)
    print(done.stdout, done.stderr, sep="", end="")
    code = audited(done.returncode, done.stdout + done.stderr)
    if code == NOT_AUDITED:
        print(UNANSWERED)
    return code


def audited(code: int, said: str) -> int:
    """The tool ends with 1 both when it found weaknesses and when it could not look."""
    return code if not code or re.search(r"Found \d+ known vulnerabilit", said) else NOT_AUDITED


def setup_tools() -> None:
    """Tools that make and check the lock file, in an environment of their own: they never come near the app's."""
    if not (TOOLS / PYTHON.relative_to(VENV)).exists():
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
    pip = [str(TOOLS / PYTHON.relative_to(VENV)), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "uv==0.13.9", "pip-audit==2.10.1"], check=True, cwd=HOME)


def _tool(name: str, *arguments: str) -> int:
    return subprocess.run([str(_tool_path(name)), *arguments], cwd=HOME).returncode


def _tool_path(name: str) -> Path:
    return (TOOLS / PYTHON.relative_to(VENV)).with_name(name)


def run(rest: list[str]) -> int:
    setup("requirements.txt")
    compiled()
    return _call("-m", "streamlit", "run", "presentation/opening.py", *rest, given=POOLS)


def serve(rest: list[str]) -> int:
    """As a service: data opened at the start, /ready for a monitor, JSON log, tidy stop."""
    setup("requirements.txt")
    compiled()
    return _call("-m", "streamlit", "run", "presentation/service.py", *SERVICE, *rest, given=POOLS)


def test(rest: list[str]) -> int:
    setup("requirements-dev.txt")
    compiled()
    test_programs()
    _call("-m", "tests.rewriting")
    hands = min((os.cpu_count() or 1) + 1, 4)  # one more than cores: a test that waits for a browser or a server leaves its core free
    return _call("-m", "pytest", "-n", str(hands), "--dist", "loadfile", "--no-loadscope-reorder", *rest)


def test_slow(rest: list[str]) -> int:
    setup("requirements-dev.txt")
    compiled()
    test_programs()
    return _call("-m", "pytest", "-m", "slow", *rest)


def check(rest: list[str]) -> int:
    """Format, lint, types, tests: stops at the first that fails."""
    setup("requirements-dev.txt")
    for step in (("-m", "ruff", "format", "--check", "."), ("-m", "ruff", "check", "."), ("-m", "pyright")):
        if code := _call(*step):
            return code
    return test(rest)


def bench(rest: list[str]) -> int:
    setup("requirements-dev.txt")
    compiled()
    return _call("-m", "benchmarks", *rest)


def screenshots(rest: list[str]) -> int:
    setup("requirements-dev.txt")
    debian("tests.browser_path", "chromium", "fonts-liberation")
    return _call("-m", "tests.screenshots", *rest)


def setup_only(rest: list[str]) -> int:
    """`setup`: what runs it; `setup postgresql`: with the record in PostgreSQL; `setup dev`: what tests it."""
    wanted = next((kind for kind in ("dev", "postgresql") if kind in rest), "")
    setup(f"requirements-{wanted}.txt" if wanted else "requirements.txt")
    compiled()
    return 0


def test_programs() -> None:
    """Programs the tests start themselves; each is installed when it is missing, or its tests fail and say how."""
    debian("tests.browser_path", "chromium", "fonts-liberation")
    debian("tests.postgres", "postgresql")
    debian("tests.nginx", "nginx-light")


def debian(looker: str, *packages: str) -> None:
    """Install Debian's packages when the module that looks for their program does not find it."""
    if _call("-m", looker, quiet=True) == 0 or not shutil.which("apt-get"):
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {packages[0]} for the tests ...")
    subprocess.run([*as_root, "apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
    subprocess.run(
        [*as_root, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], env=environment, stdout=subprocess.DEVNULL
    )


def _call(*arguments: str, quiet: bool = False, given: dict[str, str] | None = None) -> int:
    sink = subprocess.DEVNULL if quiet else None
    try:
        environment = {**(given or {}), **os.environ}
        return subprocess.run([str(PYTHON), *arguments], cwd=HOME, stdout=sink, stderr=sink, env=environment).returncode
    except KeyboardInterrupt:
        return 130


TASKS = {
    "run": run,
    "serve": serve,
    "test": test,
    "test-slow": test_slow,
    "check": check,
    "bench": bench,
    "screenshots": screenshots,
    "setup": setup_only,
    "lock": lock,
    "audit": audit,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
