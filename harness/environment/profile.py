"""The profile of the reference stack: what `target.yaml` says, made here and read by everybody."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from harness.target import Capability

ALLOWED_ORIGIN = "http://localhost:5173"
DENIED_ORIGIN = "http://evil.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackProfile:
    """A running reference stack; its commands reach this very stack from any folder."""

    base_url: str
    database_url: str
    settings_file: Path
    release: str
    commit: str | None
    rate_limit: int
    metrics_urls: tuple[str, ...]
    pidfiles: tuple[Path, ...]
    logs: tuple[Path, ...]
    console_url: str | None = None
    prometheus_url: str | None = None

    def with_console(self, url: str) -> "StackProfile":
        return replace(self, console_url=url)

    def with_prometheus(self, url: str) -> "StackProfile":
        return replace(self, prometheus_url=url)

    def with_workers(self, *, metrics_url: str, pidfile: Path, log: Path) -> "StackProfile":
        return replace(
            self,
            metrics_urls=(*self.metrics_urls, metrics_url),
            pidfiles=(*self.pidfiles, pidfile),
            logs=(*self.logs, log),
        )

    def to_yaml(self) -> str:
        check = self.service("work", "health-checker", "--once")
        profile = {
            "name": "reference",
            "base_url": self.base_url,
            **({"console_url": self.console_url} if self.console_url else {}),
            **({"prometheus_url": self.prometheus_url} if self.prometheus_url else {}),
            "release": {"name": self.release} | ({"commit": self.commit} if self.commit else {}),
            "database_url": self.database_url,
            "fixtures": {"load": self.service("load-fixtures", "{file}")},
            "client_identity": "source_address",
            "rate_limit": {"requests": self.rate_limit, "per_seconds": 60},
            "cors": {"allowed": ALLOWED_ORIGIN, "denied": DENIED_ORIGIN},
            "capabilities": sorted(capability.value for capability in Capability),
            "workers": {
                "check_health": check,
                "check_health_allowing": [*check, "--allow", "{networks}", "--deadline", "{seconds}"],
                "aggregate_metrics": self.service("work", "metrics-aggregator", "--once"),
            },
            "metrics_urls": list(self.metrics_urls),
            "processes": [{"pidfile": str(path)} for path in self.pidfiles],
            "logs": [str(path) for path in self.logs],
            "variants": {
                "list": self._faults(),
                "start": self._faults("{name}"),
            },
        }
        return yaml.safe_dump(profile, sort_keys=False, allow_unicode=True, width=110)

    def service(self, *arguments: str) -> list[str]:
        """A command of the reference service that uses this stack."""
        return [sys.executable, "-m", "reference_service", *self._settings(), *arguments]

    def _faults(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "reference_service.faults", *self._settings(), *arguments]

    def _settings(self) -> tuple[str, str]:
        return ("--settings", str(self.settings_file))
