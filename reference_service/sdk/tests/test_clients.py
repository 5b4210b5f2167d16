"""How a client is made, presented, shared and typed."""

import inspect
import subprocess
import sys
import threading
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from machpay import AsyncDiscoveryClient, DiscoveryClient, InvalidError

SOURCE = Path(__file__).parents[1] / "src"

OPERATIONS = {
    "search",
    "iter_search",
    "get_featured",
    "get_vendor",
    "get_vendor_health",
    "get_categories",
    "quick_search",
}

USER = """
from machpay import AsyncDiscoveryClient, DiscoveryClient, SearchResult, VendorInfo

def blocking(client: DiscoveryClient) -> list[VendorInfo]:
    page: SearchResult = client.search("weather", sort="rating", min_uptime=99)
    client.search(sort="best")  # an error
    client.get_vendor(1.5)  # an error
    return [*client.iter_search("weather"), *page.cheapest(3), client.get_vendor("slug")]

async def waiting(client: AsyncDiscoveryClient) -> int:
    async for vendor in client.iter_search(tags=["enterprise"]):
        print(vendor.default_price_usd.as_tuple(), vendor.logo_url.strip())  # an error
    return (await client.get_categories())[0].count
"""


@pytest.mark.parametrize("kind", [DiscoveryClient, AsyncDiscoveryClient])
@pytest.mark.parametrize(
    "arguments",
    [
        {"base_url": "api.example.com"},
        {"base_url": "ftp://api.example.com"},
        {"base_url": "http://"},
        {"base_url": "http://[::1"},
        {"base_url": "http://a.example/?x=1"},
        {"base_url": None},
        {"timeout": 0},
        {"timeout": float("inf")},
        {"timeout": 1e300},
        {"timeout": 10**400},
        {"timeout": "3"},
        {"max_retries": -1},
        {"max_retries": True},
        {"api_key": "two\nlines"},
        {"api_key": "schlüssel"},
        {"api_key": ""},
        {"api_key": b"k3y"},
        {"base_url": "http://a.example/v1/marketplace/"},
    ],
)
def test_wrong_setup_is_refused_at_once(kind: Any, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match=next(iter(arguments))):
        kind(**({"base_url": "http://a.example"} | arguments))


@pytest.mark.parametrize("kind", [DiscoveryClient, AsyncDiscoveryClient])
def test_methods_show_their_parameters_and_words(kind: Any) -> None:
    public = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
    assert public == OPERATIONS | {"run", "each", "close"}
    assert list(inspect.signature(kind("http://a.example").get_vendor_health).parameters) == [
        "id_or_slug",
        "limit",
    ]
    for name in OPERATIONS:
        assert getattr(kind, name).__name__ == name
        assert inspect.getdoc(getattr(kind, name))


@pytest.mark.parametrize("kind", [DiscoveryClient, AsyncDiscoveryClient])
def test_the_key_is_not_shown(kind: Any) -> None:
    client = kind("http://a.example", api_key="k3y")
    assert "k3y" not in repr(vars(client)["_setup"])


def test_threads_share_a_client(reference_url: str) -> None:
    found: list[str] = []
    with DiscoveryClient(reference_url) as client:
        keys = ["openweather-pro", "storm-watch", "rain-radar", "market-data"] * 4
        threads = [
            threading.Thread(target=lambda key=key: found.append(client.get_vendor(key).slug)) for key in keys
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert sorted(found) == sorted(keys)


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13"])
def test_users_are_checked_strictly_on_every_python(version: str, tmp_path: Path) -> None:
    user = tmp_path / "user.py"
    user.write_text(USER, encoding="utf-8")
    options = ["--strict", "--config-file=", f"--python-version={version}", f"--cache-dir={tmp_path}"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--explicit-package-bases", "machpay", str(user)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=SOURCE,
        env={"MYPYPATH": str(SOURCE)},
    )
    wrong = {f"user.py:{number}" for number, line in enumerate(USER.splitlines(), 1) if "an error" in line}
    said = [line.partition(": error: ") for line in done.stdout.splitlines()]
    assert {Path(where).name for where, error, _ in said if error} == wrong, done.stdout + done.stderr


def test_the_installed_package_says_that_it_is_typed() -> None:
    assert resources.files("machpay").joinpath("py.typed").is_file()
