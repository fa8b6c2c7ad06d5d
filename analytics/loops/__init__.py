"""The years of a projection as plain loops, for a compiler: nothing here knows of scenarios, everything is given as arrays.

Only `compiled` imports this package, as it costs the start of the compiler; without it `stock`, `inflow` and `movers` do the same.
"""

from analytics.loops.drawing import Onto, Usual, respond
from analytics.loops.moving import follow
from analytics.loops.shapes import Ages, Followed, Going, Grid, Law, Near, Path, State, Terms, Told, Ways
from analytics.loops.spreading import Origins, spread_of_groups, spread_of_sums
from analytics.loops.staying import stay

ENTRIES = (stay, follow, respond, spread_of_groups, spread_of_sums)
"""What is called from outside, compiled as a whole."""

__all__ = [
    "ENTRIES", "Ages", "Followed", "Going", "Grid", "Law", "Near", "Onto", "Origins", "Path", "State", "Terms", "Told", "Usual", "Ways",
    "follow", "respond", "spread_of_groups", "spread_of_sums", "stay",
]  # fmt: skip
