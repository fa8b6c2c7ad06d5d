"""Slides as PDF by LibreOffice where it is installed; everything else works without it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from workflows.types import Refusal

LIMIT = 120
"""Seconds LibreOffice gets."""
_one_at_a_time = threading.Lock()


def office() -> str | None:
    """LibreOffice's program, None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(slides: bytes) -> bytes:
    """A .pptx as .pdf, made with a profile of its own. Refusals: pdf_missing (no LibreOffice), pdf_failed."""
    program = office()
    if program is None:
        raise Refusal("pdf_missing")
    with _one_at_a_time, tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "slides.pptx", Path(folder) / "slides.pdf"
        source.write_bytes(slides)
        profile = (Path(folder) / "profile").as_uri()
        call = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(call, check=True, timeout=LIMIT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return made.read_bytes()
        except (subprocess.SubprocessError, OSError) as problem:
            raise Refusal("pdf_failed") from problem
