"""Which resource answers a path."""

from typing import Any

import falcon
from falcon.routing import CompiledRouter


class ExactRouter(CompiledRouter):
    """Takes a path as it was sent.

    The framework's own router takes `//v1` for `/v1`, which nothing else does: neither the rate limit nor the
    cache, nor the rules of a proxy in front.
    """

    def find(
        self, uri: str, req: falcon.Request | None = None
    ) -> tuple[object, dict[str, Any], dict[str, Any], str | None] | None:
        return None if uri.startswith("//") else super().find(uri, req)

    def endpoint_of(self, path: str) -> str:
        """What the metrics call the resource that answers the path; "unknown" where none does."""
        found = self.find(path)
        return getattr(found[0], "endpoint", "unknown") if found else "unknown"
