"""The commands `monitor` and `record-dashboard`, as they are called."""

import os
import subprocess
import sys
from pathlib import Path

SERVICE = [sys.executable, "-m", "reference_service"]
MONITOR = ("monitor", "--port", "1", "--api", "127.0.0.1:1", "--workers", "127.0.0.1:2")
RECORD = ("record-dashboard", "--prometheus", "http://127.0.0.1:1", "--start", "0", "--end", "1")


def call(*arguments: object, path: str | None = None) -> "subprocess.CompletedProcess[str]":
    environ = os.environ if path is None else {**os.environ, "PATH": path}
    argv = [*SERVICE, *map(str, arguments)]
    return subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_without_prometheus_it_says_how_to_get_it(tmp_path: Path) -> None:
    done = call(*MONITOR, "--folder", tmp_path, path=str(tmp_path))
    assert done.returncode == 3
    assert done.stderr.startswith("reference_service monitor: Prometheus is not installed (Debian: apt-get")


def test_it_becomes_prometheus_with_the_rules_and_both_targets(tmp_path: Path) -> None:
    program = tmp_path / "bin/prometheus"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    done = call(*MONITOR, "--folder", tmp_path / "its", path=f"{program.parent}:/usr/bin:/bin")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"--config.file={tmp_path}/its/prometheus.yml" in done.stdout
    assert "--web.listen-address=127.0.0.1:1" in done.stdout
    configuration = (tmp_path / "its/prometheus.yml").read_text()
    assert "127.0.0.1:1" in configuration
    assert "127.0.0.1:2" in configuration
    assert "alerting" not in configuration
    assert "DiscoveryHighLatency" in (tmp_path / "its/alerts.yml").read_text()


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    program = tmp_path / "prometheus"
    program.write_text("")
    program.chmod(0o755)
    done = call(*MONITOR, "--folder", program / "x", path=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


def test_a_prometheus_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    done = call(*RECORD, "--out", tmp_path / "out.json")
    assert done.returncode == 1
    assert done.stderr.startswith("reference_service record-dashboard: http://127.0.0.1:1: ")
    assert not (tmp_path / "out.json").exists()
