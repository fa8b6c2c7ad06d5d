"""The two files with which the browser draws figures: a few lines of our own and the library for figures that is installed here. Little is
loaded for it, so that the server can hand them out as soon as it listens."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

OURS, LIBRARY = "werkhorizon.figure", "plotly.figures"
FILE = f"_stcore/bidi-components/{LIBRARY}/plotly.min.js"
"""Where the browser finds the library, from the address of the app on."""


def _installed() -> Path:
    """The folder of plotly, without loading it."""
    found = find_spec("plotly")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "package_data"


PLACES = {OURS: Path(__file__).parent / "controls" / "browser", LIBRARY: _installed()}
"""Folders from which the server hands files to the browser."""


def hand_out() -> None:
    """Tell the server that runs now; a test begins one after the other."""
    known = get_bidi_component_manager()
    for name, place in PLACES.items():
        if known.get_component_path(name) is None:
            owner, _, part = name.partition(".")
            known.register_from_manifest(ComponentManifest(owner, "1", [ComponentConfig(part, place.name)]), place.parent)
