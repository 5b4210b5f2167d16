"""What there is is documented, and what is documented is there."""

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from checklists.item_keys import COMMON
from checklists.loader import _DEFAULTS, _TOP
from checklists.probes import KINDS
from harness.cli import build_app
from harness.commands_page import commands_page
from harness.exit_codes import ExitCode
from harness.settings import Settings
from harness.target import _KEYS, Capability, ClientIdentity, Permission
from loadtests.rules import RULES
from loadtests.scenarios import SCENARIOS
from reference_service.__main__ import COMMANDS, STANDALONE
from reference_service.settings import Settings as ReferenceSettings
from reference_service.telemetry.api_metrics import ApiMetrics
from reference_service.telemetry.worker_metrics import WorkerMetrics

from .markdown import ROOT, code_lines, column, documents, rows, section

DOCS = ROOT / "docs"
KEYS = (DOCS / "keys.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def every_text() -> Iterator[tuple[str, str]]:
    for document in documents():
        if document.name != "CHANGELOG.md":  # it speaks of what was
            yield document.name, document.read_text(encoding="utf-8")


def test_the_page_of_commands_is_up_to_date() -> None:
    written = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert written == commands_page(), "write it anew: python -m harness.commands_page > docs/commands.md"


def options() -> dict[str, set[str]]:
    """What each command takes."""
    app = build_app()
    return {
        name: {
            option
            for argument in app[name].assemble_argument_collection()
            for option in (*argument.names, *argument.negatives)
        }
        for name in app
        if not name.startswith("-")
    }


def calls(program: str, text: str) -> Iterator[list[str]]:
    """The words after each call of a program that a document shows, in a block or in a line."""
    for line in code_lines(text):
        code = re.split(r" \|\|? | && |; | > ", re.sub(r'"?\$\([^)]*\)"?|\[[^]]*\]|…', "", line).strip())[0]
        if code.startswith(f"{program} "):
            yield shlex.split(code, comments=True)[len(program.split()) :]


@pytest.mark.parametrize(("name", "text"), every_text())
def test_commands_are_called_with_options_that_they_have(name: str, text: str) -> None:
    known = options()
    for words in calls("launchkit", text):
        if not words or words[0].startswith("-"):
            continue
        command, *rest = words
        assert command in known, f"{name}: launchkit {command}"
        used = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert used <= known[command], f"{name}: launchkit {' '.join(words)}"


@pytest.mark.parametrize(("name", "text"), every_text())
def test_environments_of_tox_are_there(name: str, text: str) -> None:
    there = set(re.findall(r"^\[testenv:([^\]]+)\]", (ROOT / "tox.ini").read_text("utf-8"), re.MULTILINE))
    expanded = {one for each in there for one in expand(each)} | {"py311", "NAME"}
    for named in re.findall(r"tox run -e ([\w,.-]+\w)", text):
        assert set(named.split(",")) <= expanded, f"{name}: tox run -e {named}"


def expand(name: str) -> list[str]:
    """`sdk-py{310,312}` as tox reads it."""
    found = re.fullmatch(r"([^{]*)\{([^}]*)\}(.*)", name)
    return [found[1] + each + found[3] for each in found[2].split(",")] if found else [name]


@pytest.mark.parametrize(("name", "text"), every_text())
def test_commands_of_the_reference_are_there(name: str, text: str) -> None:
    for words in calls("python -m reference_service", text):
        rest = words[2:] if words[:1] == ["--settings"] else words
        assert not rest or rest[0] in {*COMMANDS, *STANDALONE, "COMMAND"}, f"{name}: {rest[0]}"


def test_every_command_of_the_reference_is_documented() -> None:
    page = (DOCS / "guides" / "operate.md").read_text(encoding="utf-8")
    documented = [cells[0].strip(" `") for cells in rows(section(page, "## Commands"))]
    assert sorted(documented) == sorted({*COMMANDS, *STANDALONE})


@pytest.mark.parametrize(("name", "text"), every_text())
def test_settings_are_there(name: str, text: str) -> None:
    ours = {f"LAUNCHKIT_{field.upper()}" for field in Settings.model_fields}
    theirs = {f"REFERENCE_{field.upper()}" for field in ReferenceSettings.model_fields}
    assert set(re.findall(r"\b(?:LAUNCHKIT|REFERENCE)_[A-Z_]+\b", text)) <= ours | theirs, name


def test_every_setting_is_documented() -> None:
    for page, settings, prefix in (
        ("commands.md", Settings, "LAUNCHKIT_"),
        ("operations/settings.md", ReferenceSettings, "REFERENCE_"),
    ):
        text = (DOCS / page).read_text(encoding="utf-8")
        for name, field in settings.model_fields.items():
            assert f"| `{field.validation_alias or prefix + name.upper()}` |" in text
            assert field.description, name


def test_the_exit_codes() -> None:
    documented = re.findall(r"^\| (\d+) \| \w", README, re.MULTILINE)
    assert documented == [str(code.value) for code in ExitCode]


def test_the_keys_of_a_profile() -> None:
    profiles = section(KEYS, "## Profiles")
    assert column(profiles, 0) == list(_KEYS)
    for words in (Capability, ClientIdentity, Permission):
        assert all(f"`{word.value}`" in profiles for word in words)


def test_the_keys_of_an_item() -> None:
    documented = column(section(KEYS, "### Keys of an item"), 0)
    assert sorted(documented) == sorted(COMMON)


def test_the_keys_of_a_checklist() -> None:
    text = section(KEYS, "## Checklists").partition("###")[0]
    assert all(f"`{key}`" in text for key in (*_TOP, *_DEFAULTS))


def test_the_probes_with_their_keys_and_words() -> None:
    table = section(KEYS, "### Probes")
    assert column(table, 0) == list(KINDS)
    for (_, _, keys, words), kind in zip(rows(table), KINDS.values(), strict=True):
        assert set(re.findall(r"`([^`]+)`", keys)) == set(kind.siblings)
        known = [] if kind.vocabulary is None else [*kind.vocabulary.known(), *kind.vocabulary.sets]
        assert set(re.findall(r"`([^`]+)`", words)) == set(known), kind.key


def test_the_rules_of_a_load_scenario() -> None:
    page = (DOCS / "guides" / "load-scenario.md").read_text(encoding="utf-8")
    rules = section(page, "## Limits of your own")
    scope = {"endpoint", "phase", "window_seconds"}
    assert set(column(rules, 0)) == set(RULES)
    for names, keys, _ in rows(rules):
        for name in re.findall(r"`([^`]+)`", names):
            written = set(re.findall(r"`([^`]+)`", keys))
            narrows = scope if name not in ("recovery",) else set()
            assert written == set(RULES[name].__struct_fields__) - narrows, name


def test_the_scenarios() -> None:
    text = inspect.cleandoc((DOCS / "commands.md").read_text(encoding="utf-8"))
    assert all(f"{name}" in section(text, "## launchkit load") for name in SCENARIOS)


def emitted() -> set[str]:
    """The names of the reference's metrics, as they are exposed."""
    registries = CollectorRegistry(), CollectorRegistry()
    WorkerMetrics(registries[0])
    ApiMetrics(None, registries[1])
    return {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for registry in registries
        for metric in registry.collect()
    }


_METRIC = re.compile(
    r"\b(?:discovery|database_pool|health_check|health_partitions|metrics_aggregation|metrics_vendors|"
    r"vendors?_(?:by_)?uptime|worker)_[a-z_]*(?:total|seconds|pct)\b"
)


@pytest.mark.parametrize(("name", "text"), every_text())
def test_metrics_are_there(name: str, text: str) -> None:
    assert set(_METRIC.findall(text)) <= emitted(), name


def test_every_metric_is_documented() -> None:
    text = (DOCS / "operations" / "metrics.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == emitted()


@pytest.mark.parametrize(("name", "text"), every_text())
def test_endpoints_are_there(name: str, text: str) -> None:
    served = yaml.safe_load((ROOT / "reference_service" / "openapi.yaml").read_text("utf-8"))["paths"]
    patterns = [re.sub(r"\{[^}]*\}", "[^/]+", path) for path in served] + ["/v1/marketplace"]
    for path in set(re.findall(r"/v1/marketplace(?:/[\w{}$-]+)*", text)):
        assert any(re.fullmatch(pattern, path) for pattern in patterns), f"{name}: {path}"


def test_every_error_code_is_documented() -> None:
    document = yaml.safe_load((ROOT / "reference_service" / "openapi.yaml").read_text("utf-8"))
    codes = document["components"]["schemas"]["Error"]["properties"]["error"]["enum"]
    reference = (DOCS / "api" / "marketplace.md").read_text(encoding="utf-8")
    assert sorted(column(section(reference, "## Errors"), 1)) == sorted(codes)


def test_every_schema_is_listed() -> None:
    schemas = {path.name for path in (DOCS / "schemas").glob("*.json")} | {"report.schema.json"}
    listed = re.findall(
        r"\]\((?:[\w./]*/)?([\w.-]+\.json)\)", Path(DOCS / "schemas/README.md").read_text("utf-8")
    )
    assert sorted(listed) == sorted(schemas)
