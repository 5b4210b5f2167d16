"""Fifty times the usual load, all of a sudden, and back."""

from loadtests.scenarios.model import Scenario, plateau, ramp
from loadtests.scenarios.search import SEARCH

SCENARIO = Scenario(
    name="spike",
    title="Spike: from 10 to 500 requests/s and back within 2 minutes",
    endpoints=(SEARCH,),
    stages=(
        plateau("before", 10, 30),
        ramp("up", 10, 500, 5),
        plateau("peak", 500, 40),
        ramp("down", 500, 10, 5),
        plateau("after", 10, 40),
    ),
    rehearsal_seconds=16,
)
