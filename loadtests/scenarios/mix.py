"""All that visitors ask for, each with its own limit."""

from dataclasses import replace

from loadtests.content import categories_answer, details_answer
from loadtests.scenarios.featured import FEATURED
from loadtests.scenarios.model import BASE, Endpoint, Scenario, plateau
from loadtests.scenarios.search import SEARCH

SCENARIO = Scenario(
    name="mix",
    title="Mix: search, featured, categories and details at 100 requests/s for 5 minutes",
    endpoints=(
        replace(SEARCH, weight=50),
        replace(FEATURED, weight=20),
        Endpoint("categories", f"{BASE}/categories", categories_answer, weight=15),
        Endpoint("details", f"{BASE}/vendors/{{slug}}", details_answer, weight=15),
    ),
    stages=(plateau("steady", 100, 300),),
    rehearsal_seconds=8,
)
