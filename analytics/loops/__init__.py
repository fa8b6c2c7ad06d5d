"""The years of a projection as plain loops, for a compiler: nothing here knows of scenarios, everything is given as arrays.

Only `compiled` imports this package, as it costs the start of the compiler; without it `stock`, `inflow` and `movers` do the same.
"""

from analytics.loops.counting import count_few
from analytics.loops.drawing import Onto, Usual, respond
from analytics.loops.hiring import come_in
from analytics.loops.moving import convolve, follow
from analytics.loops.shapes import PARTS, Ages, FirstMoves, Followed, Going, Grid, Law, Near, Path, Start, Terms, Told, Ways
from analytics.loops.spreading import Origins, spread_of_groups, spread_of_sums
from analytics.loops.staying import stay

ENTRIES = (stay, follow, convolve, come_in, respond, spread_of_groups, spread_of_sums, count_few)
"""What is called from outside, compiled as a whole."""

__all__ = [
    "ENTRIES", "PARTS", "Ages", "FirstMoves", "Followed", "Going", "Grid", "Law", "Near", "Onto", "Origins", "Path", "Start", "Terms",
    "Told", "Usual", "Ways", "come_in", "convolve", "count_few", "follow", "respond", "spread_of_groups", "spread_of_sums", "stay",
]  # fmt: skip
