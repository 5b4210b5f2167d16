"""An hour of steady load, to see what grows or slows down."""

from loadtests.scenarios.model import Scenario, plateau
from loadtests.scenarios.search import SEARCH

SCENARIO = Scenario(
    name="soak",
    title="Soak: 50 requests/s for 1 hour",
    endpoints=(SEARCH,),
    stages=(plateau("warm-up", 50, 360), plateau("steady", 50, 3240)),
    rehearsal_seconds=8,
)
