"""Assert statements as pytest rewrites them, kept beside the modules: `python -m tests.rewriting`. Else each worker rewrites all tests.

What is kept belongs to the content of a module; where pytest keeps it in another way, nothing is made and the workers do it themselves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent


def rewritten(path: Path) -> None:
    from _pytest.assertion import rewrite

    kept = rewrite.get_cache_dir(path) / (path.stem + rewrite.PYC_TAIL)
    if rewrite._read_pyc(path, kept) is None and rewrite.try_makedirs(kept.parent):
        source, code = rewrite._rewrite_test(path, None)  # type: ignore[arg-type]
        rewrite._write_pyc(None, code, source, kept)  # type: ignore[arg-type]


def main() -> int:
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):  # then what pytest loads of others is not kept by itself
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", str(HERE / "test_release.py")]
        beside = subprocess.Popen(command, cwd=HERE.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        beside = None
    try:
        with ProcessPoolExecutor(os.cpu_count()) as hands:
            list(hands.map(rewritten, [HERE / "conftest.py", *sorted(HERE.glob("test_*.py"))], chunksize=8))
    except (ImportError, AttributeError, TypeError) as problem:
        print(f"Tests are not rewritten beforehand: {problem!r}")
    if beside is not None:
        beside.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
