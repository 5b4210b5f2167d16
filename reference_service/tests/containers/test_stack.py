"""compose.yaml, brought up where there is an engine: healthy, nobody is root, and it answers."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from reference_service.tests.containers.engine import BASES, OPS, build, require_images, run
from reference_service.tests.server import until

COMPOSE = OPS / "compose.yaml"
WORKERS = ("health-checker", "metrics-aggregator", "partition-manager")
SERVERS = ("postgres", "redis")
# The ports of compose.yaml may be in use: any free one of loopback is as good.
OVERRIDE = """
services:
  migrate: {{image: "{image}"}}
  api: {{image: "{image}", ports: !override ["127.0.0.1::8080"]}}
  health-checker: {{image: "{image}"}}
  metrics-aggregator: {{image: "{image}"}}
  partition-manager: {{image: "{image}"}}
"""
ENVIRON = {
    **os.environ,
    "POSTGRES_PASSWORD": secrets.token_urlsafe(),
    "GRAFANA_PASSWORD": "unused",
    "PAGERDUTY_ROUTING_KEY_FILE": os.devnull,
    "SLACK_WEBHOOK_URL_FILE": os.devnull,
}


@dataclass(frozen=True)
class Stack:
    files: tuple[Path, ...]
    project: str

    def call(self, *words: str, seconds: float = 180) -> str:
        files = [word for path in self.files for word in ("-f", str(path))]
        done = run("docker", "compose", "-p", self.project, *files, *words, environ=ENVIRON, seconds=seconds)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    require_images(BASES | {services[name]["image"] for name in SERVERS})
    version = run("docker", "compose", "version", "--short")
    if version.returncode or int(version.stdout.lstrip("v").partition(".")[0]) < 2:
        pytest.skip("no Docker Compose of version 2 or later (Debian 13: apt-get install docker-compose)")
    override = tmp_path_factory.mktemp("stack") / "override.yaml"
    override.write_text(OVERRIDE.format(image=build()))
    started = Stack((COMPOSE, override), f"marketplace-{secrets.token_hex(4)}")
    try:
        started.call("up", "-d", "--wait", "--no-build", "--pull", "never", "api", *WORKERS)
        yield started
    finally:
        started.call("down", "-v", "--remove-orphans")


def test_all_are_healthy_and_none_is_root(stack: Stack) -> None:
    up = [json.loads(line) for line in stack.call("ps", "--format", "json").splitlines()]
    assert {one["Service"]: one["Health"] for one in up} == dict.fromkeys(
        ("api", *WORKERS, *SERVERS), "healthy"
    )
    for name in ("api", *WORKERS, *SERVERS):
        status = stack.call("exec", "-T", name, "cat", "/proc/1/status").splitlines()
        fields = {key: value.split() for key, _, value in (line.partition(":") for line in status)}
        assert "0" not in fields["Uid"], name
        assert int(fields["CapBnd"][0], 16) == 0, name
        assert fields["NoNewPrivs"] == ["1"], name


def test_the_api_and_the_workers_answer(stack: Stack) -> None:
    url = f"http://{stack.call('port', 'api', '8080').strip()}"
    assert httpx.get(f"{url}/health/ready").json() == {"status": "ready", "rateLimit": "shared"}
    until(lambda: httpx.get(f"{url}/health/workers").json()["status"] == "healthy")
    assert httpx.get(f"{url}/v1/marketplace/vendors").json()["total"] == 0
    assert "discovery_requests_total" in httpx.get(f"{url}/metrics").text
    assert httpx.get(f"{url}/marketplace").status_code == 200
    for name in WORKERS:
        ask = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:9102/metrics').read().decode())"
        assert f'worker="{name}"' in stack.call("exec", "-T", name, "python", "-c", ask)
