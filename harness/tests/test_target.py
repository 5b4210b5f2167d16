"""The target profile: parsed once, with every mistake told by its place."""

from pathlib import Path

import pytest

from harness.errors import DocumentError, NotAllowedError
from harness.target import (
    Capability,
    ClientIdentity,
    Command,
    Cors,
    Permission,
    RateLimit,
    Target,
    is_loopback,
    read_target,
)

FULL = """
name: staging
base_url: https://staging.example/api/
release: {name: "1.4.0", commit: 3f2a}
console_url: https://staging.example/marketplace
database_url: postgresql://judge:${DB_PASSWORD}@db.example/market
prometheus_url: http://127.0.0.1:9090
fixtures: {load: [./load, "{file}", --fast]}
client_identity: forwarded
rate_limit: {requests: 10, per_seconds: 2}
cors: {allowed: "http://a.example", denied: "http://b.example"}
capabilities: [search, cors]
workers:
  check_health: [./check]
  check_health_allowing: [./check, --allow, "{networks}"]
  aggregate_metrics: [./aggregate]
metrics_urls: [https://staging.example/metrics]
processes: [{pidfile: api.pid}, 4242]
logs: [api.log, /var/log/workers.log]
headers: {Authorization: "Bearer ${TOKEN}"}
variants: {list: [./faults], start: [./faults, "{name}"]}
expected_failures: known.yaml
allow: [load_data]
"""
SECRETS = {"DB_PASSWORD": "s3cret-of-db", "TOKEN": "t0ken"}


def _read(folder: Path, text: str, environ: dict[str, str] | None = None) -> Target:
    path = folder / "target.yaml"
    path.write_text(text, encoding="utf-8")
    return read_target(path, environ if environ is not None else SECRETS)


def test_two_keys_are_enough(tmp_path: Path) -> None:
    target = _read(tmp_path, "name: mine\nbase_url: http://127.0.0.1:8080/\n")
    assert (target.name, target.base_url) == ("mine", "http://127.0.0.1:8080")
    assert target.client_identity is ClientIdentity.SOURCE_ADDRESS
    assert target.rate_limit == RateLimit(100, 60)
    assert (target.capabilities, target.fixtures, target.workers) == (frozenset(), None, None)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    target = _read(tmp_path, FULL)
    assert target.base_url == "https://staging.example/api"
    assert (target.release.name, target.release.commit) == ("1.4.0", "3f2a")
    assert target.database_url == "postgresql://judge:s3cret-of-db@db.example/market"
    assert target.fixtures
    assert target.fixtures.load
    assert target.fixtures.load.filled(file="/tmp/x.json") == ["./load", "/tmp/x.json", "--fast"]  # noqa: S108
    assert target.fixtures.load.folder == tmp_path
    assert target.client_identity is ClientIdentity.FORWARDED
    assert target.rate_limit == RateLimit(10, 2)
    assert target.cors == Cors("http://a.example", "http://b.example")
    assert target.capabilities == {Capability.SEARCH, Capability.CORS}
    assert target.workers
    assert target.workers.check_health_allowing
    assert target.workers.check_health_allowing.takes("networks")
    assert not target.workers.check_health_allowing.takes("seconds")
    assert [(ref.pid, ref.pidfile) for ref in target.processes] == [
        (None, tmp_path / "api.pid"),
        (4242, None),
    ]
    assert target.logs == (tmp_path / "api.log", Path("/var/log/workers.log"))
    assert target.headers == {"Authorization": "Bearer t0ken"}
    assert target.variants
    assert target.variants.start.filled(name="slow") == ["./faults", "slow"]
    assert target.expected_failures == tmp_path / "known.yaml"
    assert target.allow == {Permission.LOAD_DATA}


def test_off_loopback_one_client_is_the_default(tmp_path: Path) -> None:
    target = _read(tmp_path, "name: far\nbase_url: https://market.example\n")
    assert target.client_identity is ClientIdentity.SINGLE


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    target = _read(tmp_path, FULL)
    assert not any(secret in repr(target) for secret in SECRETS.values())
    assert target.redact("db s3cret-of-db, token t0ken") == "db ***, token ***"


def test_the_password_of_a_database_is_a_secret_however_it_came(tmp_path: Path) -> None:
    target = _read(
        tmp_path, "name: n\nbase_url: http://127.0.0.1:1\ndatabase_url: postgres://u:pa55word@h/d\n"
    )
    assert target.redact("postgres://u:pa55word@h/d") == "postgres://u:***@h/d"


def test_a_secret_is_not_quoted_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"'\$\{TOKEN\}' is not an http or https URL"):
        _read(tmp_path, "name: a\nbase_url: ${TOKEN}\n")


def test_the_digest_is_of_the_file(tmp_path: Path) -> None:
    one = _read(tmp_path, "name: a\nbase_url: http://127.0.0.1:1\n")
    same = _read(tmp_path, "name: a\nbase_url: http://127.0.0.1:1\n")
    other = _read(tmp_path, "name: b\nbase_url: http://127.0.0.1:1\n")
    assert one.digest == same.digest != other.digest


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("base_ulr: x", "3:1: unknown key of a target profile 'base_ulr'; did you mean 'base_url'?"),
        ("name: again", "3:1: 'name' is given twice; keep one of them"),
        ("headers: {A B: x}", "3:16: 'A B' is no name of an HTTP header"),
        ("headers: {A: zł}", "3:14: the value of A holds what no HTTP header can; one line of visible"),
        ('headers: {A: "x\\r\\nB: y"}', "3:14: the value of A holds what no HTTP header can"),
        ("headers: {A: '${NOT_SET}'}", "3:14: ${NOT_SET} is not set; export NOT_SET=…"),
        ("release: {nmae: x}", "3:11: unknown key 'nmae'; did you mean 'name'?"),
        ("release: {name: }", "3:16: must be text"),
        (
            "console_url: ftp://x",
            "3:14: 'ftp://x' is not an http or https URL; for instance http://127.0.0.1:8080",
        ),
        ("console_url: 'http://'", "3:14: 'http://' is not an http or https URL"),
        ("console_url: http://u:p@x", "3:14: a URL must not hold credentials; use `headers` with ${VAR}"),
        ("console_url: http://x:99999", "3:14: is not a URL: Port out of range 0-65535"),
        ("database_url: mysql://x", "3:15: must be a postgresql:// URL"),
        ("fixtures: {}", "3:11: needs exactly one of `load` and `preloaded`"),
        ("fixtures: {load: [a], preloaded: b}", "3:11: needs exactly one of `load` and `preloaded`"),
        ("fixtures: {load: [a]}", "3:18: the command must contain {file}"),
        ("fixtures: {load: a}", "3:18: must be an argument list; for instance [a, b]"),
        ("fixtures: {load: []}", "3:18: a command needs at least one argument"),
        ("client_identity: forwrded", "3:18: 'forwrded' is not known here; did you mean 'forwarded'?"),
        ("rate_limit: {requests: 0}", "3:24: must be a whole number of at least 1"),
        ("rate_limit: {requests: 1.5}", "3:24: must be a whole number of at least 1"),
        ("rate_limit: {requests: true}", "3:24: must be a whole number of at least 1"),
        ("rate_limit: 5", "3:13: must be a mapping of keys"),
        ("cors: {allowed: a}", "3:7: 'denied' is missing; add denied: …"),
        ("capabilities: [serch]", "3:16: 'serch' is not known here; did you mean 'search'?"),
        ("capabilities: search", "3:15: must be a list; for instance [a, b]"),
        ("workers: {check_health_allowing: [a]}", "3:34: the command must contain {networks}"),
        ("workers: {chek_health: [a]}", "3:11: unknown key 'chek_health'; did you mean 'check_health'?"),
        ("metrics_urls: [nope]", "3:16: 'nope' is not an http or https URL"),
        ("processes: [-1]", "3:13: must be a whole number of at least 1"),
        ("processes: [{pidfile: ''}]", "3:23: must not be empty"),
        ("processes: [{pid: 1}]", "3:14: unknown key 'pid'; did you mean 'pidfile'?"),
        ("variants: {list: [a]}", "3:11: 'start' is missing; add start: …"),
        ("variants: {list: [a], start: [b]}", "3:30: the command must contain {name}"),
        ("allow: [everything]", "3:9: 'everything' is not known here; known: load_data, load_test, workers"),
    ],
)
def test_mistakes_are_told_with_place_and_remedy(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _read(tmp_path, f"name: a\nbase_url: http://127.0.0.1:1\n{line}\n", {})
    assert str(caught.value).startswith(f"{tmp_path / 'target.yaml'}:{said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\n", "1:1: 'base_url' is missing; add base_url: …"),
        ("base_url: http://127.0.0.1\n", "1:1: 'name' is missing; add name: …"),
        ("- a\n", "1:1: must be a mapping of keys"),
        ("name: ''\nbase_url: http://127.0.0.1\n", "1:7: must not be empty"),
    ],
)
def test_what_is_required(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _read(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'target.yaml'}:{said}"


def test_a_target_off_loopback_is_left_alone_unless_it_allows_it(tmp_path: Path) -> None:
    target = _read(tmp_path, FULL)
    target.require(Permission.LOAD_DATA)
    with pytest.raises(
        NotAllowedError, match=r"not on loopback and `allow` lacks load_test; add `allow: \[load_test\]`"
    ):
        target.require(Permission.LOAD_TEST)
    _read(tmp_path, "name: a\nbase_url: http://127.0.0.1:1\n").require(Permission.LOAD_TEST)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:80", True),
        ("http://127.9.9.9", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.1.example", False),
        ("http://localhost.example", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_what_loopback_is(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_only_given_placeholders_are_filled() -> None:
    command = Command(("a", "{file}", "{other}", "x={file}"), Path("/"))
    assert command.filled(file="f {other}") == ["a", "f {other}", "{other}", "x=f {other}"]
