"""The commands that write the files."""

import subprocess
import sys
from pathlib import Path

from reference_service.ops.files import rendered
from reference_service.tests.ops.tools import run


def command(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, timeout=60, capture_output=True)


def test_all_files_are_written(tmp_path: Path) -> None:
    command("reference_service.ops", "--folder", str(tmp_path))
    written = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.*")}
    assert written == dict(rendered())


def test_the_dashboard_is_written_as_typescript_with_members_of_enums(tmp_path: Path) -> None:
    command("reference_service.ops.typescript", str(tmp_path / "dashboard.ts"))
    text = (tmp_path / "dashboard.ts").read_text()
    assert '"mode": ThresholdsMode.Absolute' in text
    assert '"uid": "marketplace"' in text


def test_prometheus_takes_its_configuration() -> None:
    done = run("promtool", "check", "config", str(ops() / "prometheus/prometheus.yml"))
    assert done.returncode == 0, done.stderr


def test_alertmanager_takes_its_configuration() -> None:
    done = run("amtool", "check-config", str(ops() / "alertmanager/alertmanager.yml"))
    assert done.returncode == 0, done.stderr


def test_alerts_go_where_their_severity_sends_them() -> None:
    routes = str(ops() / "alertmanager/alertmanager.yml")
    for labels, receivers in (
        (("alertname=DiscoveryApiDown", "severity=critical"), "pagerduty,slack"),
        (("alertname=VendorUptimeLow", "severity=warning"), "slack"),
        (("alertname=Watchdog", "severity=none"), "dead-mans-switch"),
        (("alertname=Unheard", "severity=odd"), "slack"),
    ):
        done = run("amtool", "config", "routes", "test", f"--config.file={routes}", *labels)
        assert done.stdout.strip() == receivers, labels


def ops() -> Path:
    return Path(__file__).parents[2] / "ops"
