"""What the health checker may meet, and what the contract says it must then record."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from harness.contract.workers.canary import Canary

_UNREACHED = ("connection_refused", "dns_failure", "protocol_error")  # what a library may say of a port
_ADDRESS: tuple[str, ...] = ("blocked_address",)
UP, DEGRADED, DOWN = "up", "degraded", "down"


@dataclass(frozen=True, slots=True)
class Case:
    """One vendor. `code` None: whatever was met on the way; `errors`: the reasons that are right."""

    name: str
    base_url: str
    path: str | None
    status: str
    code: int | None = None
    errors: frozenset[str] = frozenset()
    active: bool = True


def down(name: str, base_url: str, path: str, *errors: str, code: int | None = None) -> Case:
    return Case(name, base_url, path, DOWN, code, frozenset(errors))


def answered(stub: str) -> list[Case]:
    """Plain answers: 2xx up, 4xx degraded, everything else down."""
    cases = [Case(f"answers {code}", stub, f"/status/{code}", UP, code) for code in (200, 201, 204, 299)]
    cases += [
        Case(f"answers {code}", stub, f"/status/{code}", DEGRADED, code, frozenset({f"http_{code}"}))
        for code in (400, 401, 403, 404, 408, 410, 429, 499)
    ]
    cases += [
        down(f"answers {code}", stub, f"/status/{code}", f"http_{code}", code=code)
        for code in (500, 501, 502, 503, 504, 599)
    ]
    cases.append(Case("has a base path", f"{stub}/status", "/207", UP, 207))
    cases.append(Case("has a query", stub, "/query?208", UP, 208))
    return cases


def endless(stub: str) -> list[Case]:
    """No answer that comes to an end."""
    return [
        down("is slow", stub, "/slow", "timeout"),
        down("drips its body", stub, "/drip/body", "timeout"),
        down("drips its header", stub, "/drip/header", "timeout"),
    ]


def silent(stub: str, refused: str) -> list[Case]:
    """No answer, or none that is HTTP, in time."""
    return [
        *endless(stub),
        down("refuses", refused, "/health", "connection_refused"),
        down("resets", stub, "/reset", "connection_reset", "protocol_error"),
        down("speaks no HTTP", stub, "/garbage", "protocol_error"),
        down("speaks no TLS", stub.replace("http:", "https:"), "/status/200", "tls_error", "protocol_error"),
    ]


def redirected(stub: str) -> list[Case]:
    return [
        Case("redirects once", stub, "/hop/1", UP, 200),
        *(Case(f"redirects by {code}", stub, f"/moved/{code}", UP, 200) for code in (301, 303, 307, 308)),
        Case("redirects three times", stub, "/hop/3", UP, 200),
        down("redirects four times", stub, "/hop/4", "too_many_redirects"),
        down("redirects to itself", stub, f"/to/{quote(stub + '/hop/9', safe='')}", "too_many_redirects"),
        *(
            down(f"answers {code} without a Location", stub, f"/status/{code}", f"http_{code}", code=code)
            for code in (301, 302, 303, 304, 307, 308)
        ),
        Case("redirects to a 404", stub, "/to/%2Fstatus%2F404", DEGRADED, 404, frozenset({"http_404"})),
        down("redirects to a 500", stub, "/to/%2Fstatus%2F500", "http_500", code=500),
    ]


def redirected_astray(stub: str, canaries: Mapping[str, Canary]) -> list[Case]:
    """Redirects from an allowed address to where no check may go."""
    places = [(f"redirects to {canary.host}", canary.url, _ADDRESS) for canary in canaries.values()]
    if "127.0.0.2" in canaries:
        port = canaries["127.0.0.2"].port
        places += [
            ("redirects to a mapped address", f"http://[::ffff:127.0.0.2]:{port}", _ADDRESS),
            ("redirects without a scheme", f"//127.0.0.2:{port}", _ADDRESS),
            ("redirects twice, then astray", _hops(stub, 1, canaries["127.0.0.2"].url), _ADDRESS),
            ("redirects three times, the last astray", _hops(stub, 2, canaries["127.0.0.2"].url), _ADDRESS),
            ("redirects to a number", f"http://2130706434:{port}", (*_ADDRESS, "invalid_url", "dns_failure")),
        ]
    places += [
        ("redirects to link-local", "http://169.254.169.254", _ADDRESS),
        ("redirects to a private address", "http://10.255.255.254", _ADDRESS),
        ("redirects to a file", "file:///etc", ("blocked_scheme", "invalid_url")),
        ("redirects to FTP", stub.replace("http:", "ftp:"), ("blocked_scheme",)),
        ("redirects with credentials", stub.replace("//", "//user:word@"), ("blocked_credentials",)),
    ]
    return [
        down(name, stub, "/to/" + quote(f"{url}/status/200", safe=""), *reasons)
        for name, url, reasons in places
    ]


def _hops(stub: str, number: int, url: str) -> str:
    """A URL that leads to another one by so many redirects."""
    return url if number == 0 else f"{stub}/to/{quote(_hops(stub, number - 1, url), safe='')}"


def misaddressed(stub: str) -> list[Case]:
    """URLs that no check may follow even where their address is allowed."""
    return [
        down("has credentials", stub.replace("//", "//user:word@"), "/status/200", "blocked_credentials"),
        down("has a user", stub.replace("//", "//user@"), "/status/200", "blocked_credentials"),
        down("is FTP", stub.replace("http:", "ftp:"), "/status/200", "blocked_scheme"),
        down("is a file", "file:///etc", "/hostname", "blocked_scheme", "invalid_url"),
        down("is gopher", stub.replace("http:", "gopher:"), "/status/200", "blocked_scheme"),
        down("has no host", "http://", "/health", "invalid_url", *_UNREACHED),
        down("has no such port", "http://127.0.0.1:99999", "/health", "invalid_url", *_UNREACHED),
        down("has no such name", f"http://{'a' * 64}.invalid", "/health", "dns_failure", "invalid_url"),
    ]


def loopback(canaries: Mapping[str, Canary]) -> list[Case]:
    """Every spelling of this machine; a canary listens behind each that could be reached."""
    cases = [_blocked(f"is {canary.host}", canary.url) for canary in canaries.values()]
    cases.append(_blocked("is 127.0.0.1 by TLS", canaries["127.0.0.1"].url.replace("http:", "https:")))
    port = canaries["127.0.0.1"].port
    plain = ["localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0"]  # noqa: S104 (a spelling, not a bind)
    odd = ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.0.0.1.", "１２７.0.0.1", "0"]
    cases += [_blocked(f"is {host}", f"http://{host}:{port}") for host in plain]
    cases += [
        down(
            f"is {host}",
            f"http://{host}:{port}",
            "/status/200",
            "blocked_address",
            "invalid_url",
            "dns_failure",
        )
        for host in odd
    ]
    return cases


def special() -> list[Case]:
    """Addresses of RFC 6890's ranges, and IPv6 forms that embed such an IPv4 address."""
    four = (
        "10.255.255.254", "172.16.255.254", "172.31.255.254", "192.168.255.254", "169.254.169.254",
        "169.254.1.1", "100.64.0.1", "100.127.255.254", "0.1.2.3", "192.0.0.8", "192.0.2.1", "198.18.0.1",
        "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.254", "240.0.0.1",
        "255.255.255.255", "127.255.255.254",
    )  # fmt: skip
    six = (
        "::", "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:c0a8:101::", "2001:0:7f00:1::", "fe80::1", "febf:ffff::1", "fc00::1", "fd12:3456::1", "ff02::1",
        "2001:db8::1", "100::1", "2001:2::1",
    )  # fmt: skip
    cases = [_blocked(f"is {host}", f"http://{host}") for host in four]
    return cases + [_blocked(f"is {host}", f"http://[{host}]") for host in six]


def _blocked(name: str, base_url: str) -> Case:
    return down(name, base_url, "/status/200", "blocked_address")


HELD = tuple(range(200, 224))


def held(stub: str) -> list[Case]:
    """Vendors that take a while, each with an answer of its own."""
    return [Case(f"holds and answers {code}", stub, f"/hold/{code}", UP, code) for code in HELD]


def left_alone(stub: str) -> list[Case]:
    """Vendors that nobody checks; their stubs would know."""
    return [
        Case("has no health endpoint", stub + "/status/200?unwatched", None, UP),
        Case("is inactive", stub, "/status/200?inactive", UP, active=False),
    ]


def flood(stub: str) -> list[Case]:
    return [Case("floods", stub, "/flood", UP)]


def of_allowing_round(stub: str, canaries: Mapping[str, Canary]) -> list[Case]:
    """What is checked while one address is allowed, which no canary has but 127.0.0.1's."""
    elsewhere = {host: canary for host, canary in canaries.items() if host != "127.0.0.1"}
    refused = "http://127.0.0.1:1"
    return [
        *held(stub),
        *answered(stub),
        *silent(stub, refused),
        *redirected(stub),
        *redirected_astray(stub, elsewhere),
        *misaddressed(stub),
        *left_alone(stub),
        *flood(stub),
    ]


def of_guarded_round(canaries: Mapping[str, Canary]) -> list[Case]:
    return [*loopback(canaries), *special()]
