"""The containers' files hold together; Docker Compose, where it is, reads them too."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import reference_service
from reference_service.worker import parse

OPS = Path(reference_service.__file__).parent / "ops"
COMPOSE = OPS / "compose.yaml"
WANTED = ("POSTGRES_PASSWORD", "GRAFANA_PASSWORD", "PAGERDUTY_ROUTING_KEY_FILE", "SLACK_WEBHOOK_URL_FILE")
ONE_SHOT = "migrate"


@pytest.fixture(scope="module")
def services() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def compose_command() -> list[str]:
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0
        ):
            return command
    problem = "Docker Compose is not installed: apt-get install --no-install-recommends docker-compose"
    if os.environ.get("CI"):
        pytest.fail(problem)
    pytest.skip(problem)


def test_docker_compose_reads_it() -> None:
    command = [*compose_command(), "-p", "marketplace", "-f", str(COMPOSE), "config"]
    done = subprocess.run(
        command,
        env={**os.environ, **dict.fromkeys(WANTED, "/dev/null")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(yaml.safe_load(done.stdout)["services"]) == 10


def test_every_service_is_checked_bounded_and_not_root(services: Mapping[str, Any]) -> None:
    dockerfile = (OPS / "Dockerfile").read_text()
    assert "\nUSER 10001\n" in dockerfile
    for name, service in services.items():
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name
        assert "user" in service or "build" in service, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        own = "HEALTHCHECK" in dockerfile and "build" in service
        assert name == ONE_SHOT or own or service["healthcheck"]["test"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name


def test_prometheus_scrapes_what_is_started(services: Mapping[str, Any]) -> None:
    prometheus = yaml.safe_load((OPS / "prometheus/prometheus.yml").read_text())
    for job in prometheus["scrape_configs"]:
        ((target,),) = [config["targets"] for config in job["static_configs"]]
        name, port = target.split(":")
        assert port in services[name]["command"], target
    ((alertmanager,),) = [c["targets"] for c in prometheus["alerting"]["alertmanagers"][0]["static_configs"]]
    assert alertmanager == "alertmanager:9093"


def test_grafana_is_the_one_whose_types_judge_the_dashboard(services: Mapping[str, Any]) -> None:
    package = json.loads((OPS / "grafana/types/package.json").read_text())
    types = package["devDependencies"]["@grafana/schema"]
    assert services["grafana"]["image"].rpartition(":")[2] == types


def test_the_workers_are_called_as_they_understand(services: Mapping[str, Any]) -> None:
    calls = [service["command"] for service in services.values() if service.get("command", [""])[0] == "work"]
    assert sorted(parse(call[1:]).worker for call in calls) == [
        "health-checker",
        "metrics-aggregator",
        "partition-manager",
    ]


def test_what_is_mounted_is_there(services: Mapping[str, Any]) -> None:
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert not source.startswith(".") or (OPS / source).exists(), source


def test_no_secret_is_written_down() -> None:
    text = COMPOSE.read_text()
    assert all(f"${{{name}:?" in text for name in WANTED)
    routes = (OPS / "alertmanager/alertmanager.yml").read_text()
    for secret in yaml.safe_load(text)["secrets"]:
        assert f"/run/secrets/{secret}" in routes
