"""What the probes of a Prometheus share: where it is, and how it is asked."""

from collections.abc import Mapping
from typing import Any

import httpx

from checklists.model import NoAnswer
from harness.errors import CouldNotDecideError
from harness.evidence import Status

NO_PROMETHEUS = NoAnswer(
    Status.ERROR,
    "no prometheus_url in the profile: nothing was measured",
    "add prometheus_url to the profile",
)


def asked(client: httpx.Client, url: str, path: str, parameters: Mapping[str, str]) -> Any:
    """The whole answer of its HTTP API. Raises CouldNotDecideError where it refuses, or is no Prometheus."""
    try:
        document = client.get(f"{url}/api/v1/{path}", params=dict(parameters)).json()
    except (httpx.HTTPError, ValueError) as error:
        raise CouldNotDecideError(f"{url} did not answer as Prometheus does ({error})") from None
    if not isinstance(document, dict) or document.get("status") != "success":
        said = document.get("error", "no error given") if isinstance(document, dict) else "not an answer"
        raise CouldNotDecideError(f"Prometheus refused the query: {said}")
    return document
