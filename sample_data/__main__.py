"""`python -m sample_data` writes the sample files anew."""

from __future__ import annotations

from sample_data.generator import write

if __name__ == "__main__":
    for path in write():
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
