"""Requests that lead to each kind of answer, for promises that hold for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.contract.client import Client, Response
from harness.contract.paths import BASE, CATEGORIES, QUICK_SEARCH, SEARCH, VENDORS

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asking:
    """`send` asks with additional headers; `status` is what the contract answers.

    What does not only read is not sent to every target.
    """

    name: str
    status: int
    send: Callable[[Client, Headers], Response]
    only_reads: bool = True

    def by(self, client: Client, **headers: str) -> Response:
        return self.send(client, headers)


ASKINGS = (
    Asking("200", 200, lambda c, h: c.get(VENDORS, {"limit": 1}, headers=h)),
    Asking("200 to a POST", 200, lambda c, h: c.post(SEARCH, {"limit": 1}, headers=h)),
    Asking("400", 400, lambda c, h: c.get(VENDORS, {"limit": 0}, headers=h)),
    Asking("400 to a missing q", 400, lambda c, h: c.get(QUICK_SEARCH, headers=h)),
    Asking("404 to a vendor", 404, lambda c, h: c.get(f"{VENDORS}/no-such-vendor-at-all", headers=h)),
    Asking("404 to a route", 404, lambda c, h: c.get(f"{BASE}/nowhere", headers=h)),
    Asking("405", 405, lambda c, h: c.request("DELETE", CATEGORIES, headers=h), only_reads=False),
    Asking(
        "415",
        415,
        lambda c, h: c.request("POST", SEARCH, body=b"{}", headers={"Content-Type": "text/plain", **h}),
    ),
)

# What some servers take for the path of the categories, and their limiter or a rule in front of them may not.
SPELLINGS = (
    f"/{CATEGORIES}",
    f"/%2F{CATEGORIES[1:]}",
    CATEGORIES.replace("/v1/", "/v1//"),
    CATEGORIES.replace("/v1/", "/%76%31/"),
    CATEGORIES.replace("/v1/", "/./v1/"),
    CATEGORIES.replace("/v1/", "/x/../v1/"),
    CATEGORIES.upper(),
    f"{CATEGORIES}/",
    f"{CATEGORIES};x",
)
