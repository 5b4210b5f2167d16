"""Makes the suite's own objects for its tests."""

import json
from email.message import Message
from typing import Any

from harness.contract.client import Response
from harness.contract.tests.toy import on_the_wire


def response(document: Any, *, status: int = 200, content_type: str = "application/json") -> Response:
    headers = Message()
    headers["Content-Type"] = content_type
    body = document if isinstance(document, bytes) else json.dumps(on_the_wire(document)).encode()
    return Response(status, headers, body, "curl -sS http://127.0.0.1/it", 0.01)
