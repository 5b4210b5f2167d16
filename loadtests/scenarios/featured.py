"""The featured vendors under a steady load."""

from loadtests.content import featured_answer
from loadtests.scenarios.model import BASE, Endpoint, Scenario, plateau

FEATURED = Endpoint("featured", f"{BASE}/vendors/featured", featured_answer)

SCENARIO = Scenario(
    name="featured",
    title="Featured: 50 requests/s for 5 minutes",
    endpoints=(FEATURED,),
    stages=(plateau("steady", 50, 300),),
    rehearsal_seconds=7,
)
