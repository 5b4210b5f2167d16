"""What belongs to one request, from its first line to its last header."""

import time
from dataclasses import dataclass, field

import falcon

from reference_service.cache.admission import Admission

PREFIX = "/v1/marketplace"


@dataclass(slots=True)
class Exchange:
    """Filled as the request passes the middleware; `error` is the wire's code where the answer is one."""

    request_id: str
    started: float = field(default_factory=time.perf_counter)
    admission: Admission | None = None
    client: str = ""
    error: str = ""

    @property
    def generation(self) -> str | None:
        return self.admission.generation if self.admission else None


def exchange_of(request: falcon.Request) -> Exchange:
    found: Exchange = request.context.exchange
    return found


def is_marketplace(path: str) -> bool:
    return path == PREFIX or path.startswith(PREFIX + "/")
