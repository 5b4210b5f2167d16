"""The orders that the API has."""

from typing import Literal

Sort = Literal["relevance", "rating", "uptime", "popular", "fastest", "recent"]
"""`relevance` without a query means `rating`; every order's ties end with the id."""
