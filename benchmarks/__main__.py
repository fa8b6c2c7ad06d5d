"""`python -m benchmarks [--quick] [--only TOPIC,…]`: one table of medians and ratios of one run; `--help` names the topics.

Ratios are what counts: absolute times belong to the machine. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import platform
import sys
from importlib import import_module

from benchmarks.timing import Row, table

TOPICS = ("engine", "persons", "storing", "importing", "skills", "taking", "server", "sessions", "browser")
LONG = ("months", "soak")
"""Only when named: minutes and gigabytes."""
OF_SOAK = {"visitors": (50, "how many at once"), "minutes": (30.0, "how long"), "think": (8.0, "seconds a visitor looks at an answer")}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller files")
    parser.add_argument("--only", default=",".join(TOPICS), help=f"topics, separated by commas; {', '.join(LONG)} only when named")
    for name, (usual, what) in OF_SOAK.items():
        parser.add_argument(f"--{name}", type=type(usual), default=usual, help=f"soak: {what} ({usual:g})")
    asked = parser.parse_args(arguments)
    lines: list[Row] = []
    missing: list[str] = []
    for topic in asked.only.split(","):
        if topic not in (*TOPICS, *LONG):
            parser.error(f"unknown topic {topic}; choose from {', '.join((*TOPICS, *LONG))}")
        print(f"measuring {topic} ...", file=sys.stderr, flush=True)
        try:
            more = {name: getattr(asked, name) for name in OF_SOAK} if topic == "soak" else {}
            lines += import_module(f"benchmarks.{topic}").measure(asked.quick, **more)
        except Exception as problem:  # one topic that cannot run must not take the others away
            missing.append(f"{topic}: not measured ({type(problem).__name__}: {problem})")
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print(table(lines))
    for line in missing:
        print(line)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
