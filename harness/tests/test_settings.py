"""The toolkit's settings come from the environment, and a wrong one is named."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"LAUNCHKIT_{field.upper()}", raising=False)
    monkeypatch.delenv("CI", raising=False)


def test_defaults() -> None:
    settings = read_settings()
    assert (settings.runs_dir, settings.keep_runs) == (Path(".runs"), 10)
    assert not settings.ci
    assert not settings.debug


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", "/elsewhere")
    monkeypatch.setenv("LAUNCHKIT_KEEP_RUNS", "3")
    monkeypatch.setenv("CI", "true")
    settings = read_settings()
    assert (settings.runs_dir, settings.keep_runs, settings.ci) == (Path("/elsewhere"), 3, True)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LAUNCHKIT_KEEP_RUNS", "0"),
        ("LAUNCHKIT_KEEP_RUNS", "many"),
        ("LAUNCHKIT_START_TIMEOUT", "-1"),
        ("LAUNCHKIT_START_TIMEOUT", "nan"),
        ("LAUNCHKIT_DEBUG", "perhaps"),
        ("CI", "perhaps"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError, match=f"^{variable}: ") as caught:
        read_settings()
    assert "\n" not in str(caught.value)
