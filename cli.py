"""The command line. Each command lives in `commands/`; `commands.base.ROOMS` says where, and loads it when it is asked for."""

from __future__ import annotations

from commands.base import cli

__all__ = ["cli"]

if __name__ == "__main__":
    cli()
