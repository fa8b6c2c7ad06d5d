"""Where the compiler keeps its work: a folder that may be read-only when it was filled before."""

from __future__ import annotations

import os

from numba.core.caching import UserProvidedCacheLocator


class Folder(UserProvidedCacheLocator):
    """The folder that `compiled` names."""

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """One for every copy of the source: the loops are the same wherever it lies, and who looks whether they are there finds them."""
        return "loops"

    def ensure_cache_path(self) -> None:
        """As the compiler does it, but for a folder that is there and cannot be written in."""
        if not os.path.isdir(self.get_cache_path()):
            super().ensure_cache_path()

    def get_source_stamp(self) -> str:
        """The folder is of one version by content; the hour at which its files were written says nothing."""
        return "one version"
