"""What the details offer to copy runs as it is copied, and asks the API for that vendor."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from reference_service.commands.node import find_node
from reference_service.console.browser.marketplace import Marketplace
from reference_service.console.browser.page_model import ConsolePage

_SECONDS = 60


@pytest.fixture
def slug(console: ConsolePage, marketplace: Marketplace) -> str:
    """Of the vendor whose details are open."""
    found: str = marketplace.search()["vendors"][4]["slug"]
    console.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.open(f"/{found}")
    return found


def test_curl(console: ConsolePage, slug: str) -> None:
    if shutil.which("curl") is None:
        pytest.fail("there is no curl to run what is copied")
    assert json.loads(_run(["/bin/sh", "-c", console.copied("curl")]))["slug"] == slug


def test_python(console: ConsolePage, slug: str) -> None:
    program = console.copied("Python") + "\nprint(vendor['slug'])"
    assert _run([sys.executable, "-c", program]).strip() == slug


def test_javascript(console: ConsolePage, slug: str) -> None:
    node = str(find_node().folder / "node")
    program = console.copied("JavaScript") + "\nconsole.log(vendor.slug);"
    assert _run([node, "--input-type=module", "--eval", program]).strip() == slug


def _run(argv: list[str]) -> str:
    direct = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(argv, env=direct, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
