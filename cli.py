"""The command line. Each command lives in `commands/`; importing a module there registers it."""

from __future__ import annotations

from commands import abilities, figures, files, keeping, proof
from commands.base import cli

__all__ = ["abilities", "cli", "figures", "files", "keeping", "proof"]

if __name__ == "__main__":
    cli()
