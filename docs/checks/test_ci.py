"""The CI examples are what GitHub and GitLab take, pinned, and call what there is."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.cli import build_app

from .markdown import ROOT

CI = ROOT / "docs" / "ci"
EXAMPLES = {"github-actions.yml": "vendor.github-workflows", "gitlab-ci.yml": "vendor.gitlab-ci"}


def by_schema(example: Path, schema: str) -> subprocess.CompletedProcess[str]:
    """Judged by the schema that comes with check-jsonschema; nothing is fetched."""
    options = ["--builtin-schema", schema]
    options += ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *options, str(example)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("name", "schema"), EXAMPLES.items())
def test_it_has_the_form_that_its_system_takes(name: str, schema: str, tmp_path: Path) -> None:
    done = by_schema(CI / name, schema)
    assert done.returncode == 0, done.stdout
    broken = tmp_path / name
    text = (CI / name).read_text(encoding="utf-8")
    broken.write_text(
        text.replace("runs-on:", "runs_on:").replace("expire_in: 4 weeks", "expire_in: 4"), "utf-8"
    )
    assert by_schema(broken, schema).returncode == 1, "the schema does not judge"


def test_every_example_is_judged() -> None:
    assert {path.name for path in CI.iterdir()} == set(EXAMPLES)


def test_actions_are_pinned_and_may_only_read() -> None:
    workflow = yaml.safe_load((CI / "github-actions.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", step.get("uses", f"a/b@{'0' * 40}"))
            assert "${{" not in step.get("run", ""), "what others may write stands in a script"


def test_the_image_is_pinned() -> None:
    pipeline = yaml.safe_load((CI / "gitlab-ci.yml").read_text(encoding="utf-8"))
    assert re.fullmatch(r"python:3\.\d+\.\d+-[\w-]+", pipeline["rehearse"]["image"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_it_calls_is_there(name: str) -> None:
    scripts = "\n".join(_scripts(yaml.safe_load((CI / name).read_text(encoding="utf-8"))))
    environments = re.findall(r"tox run -e (\S+)(?: -- ([^>\n]*))?", scripts)
    assert environments
    app, tox = build_app(), (ROOT / "tox.ini").read_text(encoding="utf-8")
    for environment, arguments in environments:
        assert f"[testenv:{environment}]" in tox
        taken = {name for each in app[environment].assemble_argument_collection() for name in each.names}
        assert {word for word in arguments.split() if word.startswith("--")} <= taken


def _scripts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["run"]] if isinstance(node.get("run"), str) else []
        own += node["script"] if isinstance(node.get("script"), list) else []
        return own + [script for each in node.values() for script in _scripts(each)]
    return [script for each in node for script in _scripts(each)] if isinstance(node, list) else []
