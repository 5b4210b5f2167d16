"""The image, built where there is an engine and its base; and what it is built from, everywhere."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker  # type: ignore[import-untyped]
import pytest
from docker.errors import DockerException  # type: ignore[import-untyped]

import reference_service

ROOT = Path(reference_service.__file__).parents[1]
OPS = ROOT / "reference_service" / "ops"
DOCKERFILE = (OPS / "Dockerfile").read_text(encoding="utf-8")
LEFT_OUT = {"benches", "console", "faults", "mutants", "sdk", "tests"}
DISTRIBUTIONS = {"yaml": "pyyaml"}
BUILD_SECONDS = 900

LOOKS_AROUND = """
import importlib.util, os, pathlib, shutil
import reference_service.app, reference_service.worker
print(os.getuid() != 0)
ours = ("faults", "mutants", "sdk", "tests")
print([name for name in ours if importlib.util.find_spec(f"reference_service.{name}")])
print([name for name in ("harness", "locust", "playwright", "pytest") if importlib.util.find_spec(name)])
print([name for name in ("gcc", "node", "npm") if shutil.which(name)])
print(pathlib.Path("reference_service/console/dist/index.html").is_file())
"""


def imported() -> Iterator[str]:
    """The distributions whose modules the service imports."""
    for path in (ROOT / "reference_service").rglob("*.py"):
        if LEFT_OUT & set(path.relative_to(ROOT).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for module in (name.partition(".")[0] for name in names):
                if module not in sys.stdlib_module_names and module != "reference_service":
                    yield DISTRIBUTIONS.get(module, module.replace("_", "-"))


def test_it_has_what_the_service_imports_as_the_tests_have_it() -> None:
    pinned = re.compile(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", re.MULTILINE)
    there, tested = (
        dict(pinned.findall((ROOT / "requirements" / name).read_text(encoding="utf-8")))
        for name in ("service.txt", "tests.txt")
    )
    assert set(imported()) <= there.keys()
    assert there.items() <= tested.items()


def test_it_is_built_and_holds_the_service_alone() -> None:
    bases = set(re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE))
    try:
        engine = docker.from_env()
        for base in bases:
            engine.images.get(base)
    except DockerException as error:
        pytest.skip(f"no container engine with {' and '.join(bases)} here: {error}")
    engine.close()
    called = ["docker", "build", "-q", "--network", "host", "-f", str(OPS / "Dockerfile"), "."]
    built = subprocess.run(
        called, cwd=ROOT, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
    )
    assert built.returncode == 0, built.stderr
    looks = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python", built.stdout.strip()]
    seen = subprocess.run(
        [*looks, "-c", LOOKS_AROUND], capture_output=True, text=True, timeout=60, check=False
    )
    assert seen.stdout.splitlines() == ["True", "[]", "[]", "[]", "True"], seen.stderr
