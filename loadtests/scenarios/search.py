"""The search endpoint under a steady load."""

from loadtests.content import search_answer
from loadtests.scenarios.model import BASE, Endpoint, Scenario, plateau

SEARCH = Endpoint("search", f"{BASE}/vendors?q=weather", search_answer)

SCENARIO = Scenario(
    name="search",
    title="Search: 100 requests/s for 5 minutes",
    endpoints=(SEARCH,),
    stages=(plateau("steady", 100, 300),),
    rehearsal_seconds=8,
)
