"""What the documents say is what openapi.yaml and the SDK have, all of it and nothing else."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

import machpay
from machpay import DiscoveryClient, MachPayError

from .. import described  # noqa: TID252  these tests have no absolute name
from .blocks import rows, section

DOCS = Path(__file__).parents[4] / "docs"
REFERENCE = (DOCS / "api" / "marketplace.md").read_text(encoding="utf-8")
GUIDE = (DOCS / "sdk.md").read_text(encoding="utf-8")
OPERATIONS = list(described.operations())
TYPES = {
    "SearchAnswer",
    "FeaturedAnswer",
    "HealthAnswer",
    "CategoriesAnswer",
    "QuickAnswer",
    "VendorDiscoveryResult",
    "VendorDetails",
    "Metrics",
    "Endpoint",
    "CategoryCount",
    "HealthCheck",
}


def under(path: str, method: str) -> str:
    return section(REFERENCE, f"### `{method.upper()} {path}`")


def parameters(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name → parameter, or property of the body, as one shape."""
    if "requestBody" in operation:
        body = described.resolved(operation["requestBody"]["content"]["application/json"]["schema"])
        return {name: {"schema": described.resolved(each)} for name, each in body["properties"].items()}
    found = map(described.resolved, operation.get("parameters", []))
    return {
        each["name"]: each | {"schema": described.resolved(each["schema"])}
        for each in found
        if each["in"] != "header"
    }


def kind(schema: dict[str, Any]) -> str:
    return f"list of {schema['items']['type']}" if schema["type"] == "array" else str(schema["type"])


def default(parameter: dict[str, Any]) -> str:
    if parameter.get("required") and parameter["in"] == "query":
        return "required"
    value = parameter["schema"].get("default")
    return "" if value is None else f"`{json.dumps(value)}`"


def bounds(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "minimum" in schema:
        return (
            f"{schema['minimum']} to {schema['maximum']}"
            if "maximum" in schema
            else f"{schema['minimum']} or more"
        )
    if "maxLength" in schema:
        return f"at most {schema['maxLength']} characters"
    least = shortest(schema.get("pattern", ""))
    return f"at least {least} character{'s' if least > 1 else ''}" if least else ""


def shortest(pattern: str) -> int:
    """How many plain letters it takes at least."""
    return next(length for length in range(1000) if re.search(pattern, "x" * length))


def test_the_endpoints() -> None:
    written = re.findall(r"^### `(\w+) (\S+)`$", REFERENCE, re.MULTILINE)
    assert sorted(written) == sorted((method.upper(), path) for path, method, _ in OPERATIONS)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_endpoint(path: str, method: str, operation: dict[str, Any]) -> None:
    text = under(path, method)
    assert [row[:4] for row in rows(text)] == [
        [f"`{name}`", kind(each["schema"]), default(each), bounds(each["schema"])]
        for name, each in parameters(operation).items()
    ]
    assert f"Answers {', '.join(sorted(operation['responses']))}." in text


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_type(name: str) -> None:
    schema = described.schema(name)
    inherited = described.schema("VendorDiscoveryResult")["properties"] if name == "VendorDetails" else {}
    assert [(row[0], row[2]) for row in rows(section(REFERENCE, f"### {name}"))] == [
        (f"`{field}`", "always" if field in schema["required"] else "optional")
        for field in schema["properties"]
        if field not in inherited
    ]


def test_the_quick_result() -> None:
    schema = described.schema("QuickAnswer")["properties"]["results"]["items"]
    written = [row[0].strip("`") for row in rows(section(REFERENCE, "### QuickResult"))]
    assert written == list(schema["properties"])


def test_the_errors() -> None:
    codes = {}
    for _, _, operation in OPERATIONS:
        for status, response in operation["responses"].items():
            code = re.match(r"`(\w+)`", described.resolved(response)["description"])
            if code:
                codes[status] = f"`{code[1]}`"
    assert {row[0]: row[1] for row in rows(section(REFERENCE, "## Errors"))} == codes
    assert {code.strip("`") for code in codes.values()} == set(
        described.schema("Error")["properties"]["error"]["enum"]
    )


def test_the_sorts() -> None:
    assert [row[0].strip("`") for row in rows(section(REFERENCE, "## Sorting"))] == described.schema("Sort")[
        "enum"
    ]


def test_the_methods_of_the_sdk() -> None:
    written = [row[0].strip("`") for row in rows(section(GUIDE, "## Methods")) if "(" in row[0]]
    public = {
        name: list(inspect.signature(method).parameters)[1:]
        for name, method in inspect.getmembers(DiscoveryClient, inspect.isfunction)
        if not name.startswith("_") and name not in ("run", "each", "close")
    }
    assert sorted(each.partition("(")[0] for each in written) == sorted(public)
    for each in written:
        name, _, shown = each.partition("(")
        if "…" not in shown:
            assert shown.rstrip(")") == ", ".join(public[name])


def test_the_arguments_of_a_search() -> None:
    written = [row[0] for row in rows(section(GUIDE, "## Methods")) if "(" not in row[0]]
    names = [name.strip("` ") for cell in written for name in cell.split(",")]
    assert names == list(inspect.signature(DiscoveryClient.search).parameters)[1:]


def test_the_arguments_of_a_client() -> None:
    written = [row[:2] for row in rows(section(GUIDE, "## A client"))]
    assert written == [
        [f"`{name}`", "required" if each.default is each.empty else f"`{each.default}`"]
        for name, each in inspect.signature(DiscoveryClient).parameters.items()
    ]


def test_the_errors_and_results_of_the_sdk() -> None:
    errors = {
        name
        for name in machpay.__all__
        if name.endswith("Error") and issubclass(getattr(machpay, name), MachPayError)
    }
    assert {row[0].strip("`") for row in rows(section(GUIDE, "## Errors"))} == errors - {"MachPayError"}
    for name in machpay.__all__:
        assert f"`{name}" in GUIDE or name == "Sort", name


@pytest.mark.parametrize("document", ["api/marketplace.md", "sdk.md", "known-issues.md"])
def test_links_lead_somewhere(document: str) -> None:
    path = DOCS / document
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_file(), target
        headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or anchor in {
            re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings
        }
