"""The image, built where there is an engine and its base; and what it is built from, everywhere."""

import ast
import re
import sys
from collections.abc import Iterator

from reference_service.tests.containers.engine import BASES, ROOT, build, require_images, run

LEFT_OUT = {"benches", "console", "faults", "mutants", "sdk", "tests"}
DISTRIBUTIONS = {"yaml": "pyyaml"}

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
    require_images(BASES)
    alone = ("docker", "run", "--rm", "--network", "none", "--entrypoint", "python")
    seen = run(*alone, build(), "-c", LOOKS_AROUND)
    assert seen.stdout.splitlines() == ["True", "[]", "[]", "[]", "True"], seen.stderr
